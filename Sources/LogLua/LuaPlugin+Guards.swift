package import LogCore
import LogPatterns

extension LuaPlugin {
    /// What its `formats` and `rules` name that isn't there: it would never run, or less often than is meant, and nobody would
    /// see it. `formats` and `rules`: all that there are; nil where they weren't read.
    package func guardWarnings(formats: [String]?, rules: [String]?) -> [Diagnostic] {
        guard !wanted.formats.isEmpty || !wanted.rules.isEmpty else { return [] }
        var warnings: [Diagnostic] = []
        let lines = SourceLines(script.source)
        func warn(_ message: String, _ key: String, _ help: String) {
            let place = lines.place(ofKey: key) ?? lines.start
            warnings.append(
                Diagnostic(
                    message, path: path, line: place.line, column: place.column, level: .warning, help: help,
                    source: lines.text(of: place.line)))
        }
        func meant(_ name: String, _ names: [String], _ list: String) -> String {
            Nearest.name(to: name, in: names).map { "did you mean \"\($0)\"?" } ?? list
        }
        for name in wanted.formats where formats != nil {
            let known = formats ?? []
            // "cri+json" is JSON in CRI's lines.
            for part in name.split(separator: "+").map(String.init) where !known.contains(part) && part != "generic" {
                warn(
                    "formats: no format or parser is called \"\(part)\"", "formats",
                    meant(part, known, "`ailogger formats list` shows all"))
            }
        }
        for name in wanted.rules where rules != nil {
            let glob = ComponentGlobs([name])
            if rules?.contains(where: { glob.matches(Array($0.utf8).span) }) == true { continue }
            warn(
                "rules: no rule is called \"\(name)\"", "rules",
                meant(name, rules ?? [], "`ailogger rules list` shows all; * stands for any part of an id"))
        }
        return warnings
    }
}
