package import LogAnalysis
package import LogCore
import LogPatterns

extension TemplateEdits {
    /// What the files say, one after the other. What is defective is left out and reported.
    package static func load(_ paths: [String]) -> (edits: TemplateEdits, diagnostics: [Diagnostic]) {
        var merges: [String] = []
        var splits: [String] = []
        var diagnostics: [Diagnostic] = []
        for path in paths {
            do throws(SourceError) {
                let text = String(decoding: try readFile(path), as: UTF8.self)
                let (edits, found) = TemplateEditLoader.parse(text: text, path: path)
                diagnostics += found
                for edit in edits {
                    switch edit {
                    case .merge(let template): merges.append(template)
                    case .split(let template): splits.append(template)
                    }
                }
            } catch {
                diagnostics.append(Diagnostic(error.message, path: path))
            }
        }
        return (TemplateEdits(merges: merges, splits: splits), diagnostics)
    }
}
