package import LogAnalysis
package import LogCore
package import LogLua
package import LogPatterns

/// Where rules, formats and plugins lie.
package struct CatalogFolders: Equatable, Sendable {
    package var rules: [String] = []
    package var formats: [String] = []
    package var plugins: [String] = []
    /// Those of `plugins` that came with the program: what is in them was tested before, so that it is loaded when a line of
    /// the input needs it.
    package var shipped: Set<String> = []
    /// Files of what a user says of templates, each in addition to the others.
    package var templates: [String] = []

    package init() {}

    /// The folders in use unless the command line names others: those of the working directory, those beside the
    /// binary (in a build tree: of the project), and those of the installed share folder. Of two definitions with
    /// one id the earlier folder's counts.
    package static func standard(executable: String, workingDirectory: String) -> CatalogFolders {
        var bases = [workingDirectory]
        var folder = parent(executable)
        // .build/<triple>/release/ailogger lies three folders below the project.
        for _ in 0..<4 where !folder.isEmpty {
            if isFolder("\(folder)/rules"), isFolder("\(folder)/formats") {
                bases.append(folder)
                break
            }
            if isFolder("\(folder)/share/ailogger/rules") {
                bases.append("\(folder)/share/ailogger")
                break
            }
            folder = parent(folder)
        }
        var folders = CatalogFolders()
        if bases.count > 1 { folders.shipped = ["\(realPath(bases[1]))/plugins"] }
        for base in bases.map(realPath).uniqued() {
            if isFolder("\(base)/rules") { folders.rules.append("\(base)/rules") }
            if isFolder("\(base)/formats") { folders.formats.append("\(base)/formats") }
            if isFolder("\(base)/plugins") { folders.plugins.append("\(base)/plugins") }
            if isFile("\(base)/templates.yml") { folders.templates.append("\(base)/templates.yml") }
        }
        return folders
    }

    private static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[..<slash])
    }
}

extension Array where Element: Hashable {
    /// Each element once, at its first place.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

/// All that a run knows: formats to recognise and rules to find.
package struct Catalog: Sendable {
    /// Native formats first, then plugins, then YAML; the order is that of detection only where all else is equal.
    package private(set) var formats: [FormatCandidate] = []
    package private(set) var definitions: [FormatDefinition] = []
    package private(set) var plugins: [LuaPlugin] = []
    package private(set) var rules = RuleSet([])
    package private(set) var correlations: [CorrelationRule] = []
    /// The plugins that take part besides parsers.
    package private(set) var active = ActivePlugins()
    /// Nil if nothing correlates.
    package private(set) var correlation: CorrelationPlan?
    /// What the user says of templates.
    package private(set) var templateEdits = TemplateEdits()
    package private(set) var diagnostics: [Diagnostic] = []
    /// Formats that every file is read with, by name; empty: each file's are found.
    package internal(set) var forcedFormats: [String] = []
    private(set) var detector = SharedDetector([])
    private var choices = PluginChoices()
    private var folders = CatalogFolders()
    /// Plugins that are there, whether they are loaded or not.
    private var pluginNames: Set<String> = []
    private var settingProblems: [String] = []

    /// Reads the folders. What is defective is left out and reported in `diagnostics`; the rest works.
    package static func load(_ folders: CatalogFolders, _ choices: PluginChoices = .init()) -> Catalog {
        var catalog = Catalog()
        catalog.choices = choices
        catalog.folders = folders
        catalog.addNative()
        for folder in folders.plugins { catalog.addPlugins(folder) }
        for folder in folders.formats { catalog.addFormats(folder) }
        var rules: [Rule] = []
        var ids: Set<String> = []
        for folder in folders.rules { catalog.addRules(folder, below: "", &rules, &ids) }
        catalog.rules = RuleSet(rules)
        catalog.detector = SharedDetector(catalog.formats)
        let (edits, found) = TemplateEdits.load(folders.templates)
        catalog.templateEdits = edits
        catalog.diagnostics += found
        catalog.active = ActivePlugins(choices, among: catalog.plugins, of: catalog.pluginNames)
        catalog.active.problems += catalog.settingProblems
        catalog.diagnostics += catalog.guardWarnings(of: catalog.plugins)
        catalog.correlation = CorrelationPlan(
            choices.correlates ? catalog.correlations : [], catalog.active.correlators, rules: catalog.rules)
        return catalog
    }

    private mutating func addNative() {
        formats = [
            FormatCandidate(name: "json", title: "JSON lines", priority: 20) { JSONLineParser() },
            FormatCandidate(name: "syslog-5424", title: "syslog, RFC 5424", priority: 64) { Syslog5424Parser() },
            FormatCandidate(name: "syslog-3164", title: "syslog, RFC 3164", priority: 50) { Syslog3164Parser() },
            FormatCandidate(name: "access", title: "Apache and nginx access logs", priority: 90) { AccessLogParser() },
            FormatCandidate(name: "logfmt", title: "logfmt", priority: 55) { LogfmtParser() },
            FormatCandidate(name: "csv", title: "CSV and TSV with a header", priority: 0) {
                // Found by its header, not by votes.
                NoLineParser(name: "csv")
            },
            FormatCandidate(
                name: HeadedTableParser.formatName, title: "tables with a line #Fields (W3C, Zeek)", priority: 0
            ) {
                // Found by that line, and made for the other formats of the file.
                NoLineParser(name: HeadedTableParser.formatName)
            },
            FormatCandidate(name: "generic", title: "any line with a time", priority: -1) {
                GenericParser(needsTime: true)
            },
        ]
    }

    private mutating func addFormats(_ folder: String) {
        var known = Set(formats.map(\.name))
        for name in folderEntries(folder) where name.hasSuffix(".yml") || name.hasSuffix(".yaml") {
            let path = "\(folder)/\(name)"
            guard let text = text(of: path) else { continue }
            let stem = String(name.prefix { $0 != "." })
            let (format, found) = FormatLoader.parse(text: text, path: path, id: stem)
            diagnostics += found
            guard let format, known.insert(format.id).inserted else { continue }
            definitions.append(format)
            formats.append(Self.candidate(format))
        }
    }

    private static func candidate(_ format: FormatDefinition) -> FormatCandidate {
        FormatCandidate(
            name: format.id, title: format.title, priority: format.priority, hints: format.hints,
            mayBeIndented: format.mayBeIndented, isDialect: format.shape != nil, evidence: format.evidence
        ) {
            // A pattern that doesn't compile is reported by `check`; its format then recognises nothing.
            do throws(Diagnostic) { return try format.makeParser() } catch { return NoLineParser(name: format.id) }
        }
    }

    private mutating func addPlugins(_ folder: String) {
        let library = PluginFolder.modules(in: "\(folder)/lib")
        diagnostics += library.defects
        let isShipped = folders.shipped.contains(folder)
        for name in folderEntries(folder) where name != "lib" && isFolder("\(folder)/\(name)") {
            let path = "\(folder)/\(name)/init.lua"
            let source: [UInt8]
            do throws(SourceError) {
                source = try readRegularFile(path)
            } catch {
                // A folder without one is no plugin.
                if isThere(path) { diagnostics.append(PluginFolder.defect(error, path)) }
                continue
            }
            let isFirst = pluginNames.insert(name).inserted
            // One of the user's own in the place of a shipped one is meant, also while it is defective.
            if isShipped, !isFirst { continue }
            // A filter that nobody asked for needs no state and no samples run.
            if !choices.loadsAll, !choices.use.contains(name), LuaPlugin.isIdle(source) { continue }
            if let other = plugins.first(where: { $0.name == name }) {
                diagnostics.append(Self.secondPlugin(name, path, first: other.path))
                continue
            }
            let own = PluginFolder.modules(in: "\(folder)/\(name)")
            diagnostics += own.defects
            var script = LuaScript(path: path, source: source, modules: own.modules + library.modules)
            script.allowsLPeg = choices.allowed.contains("lpeg")
            let (plugin, found) = load(script, name, isShipped: isShipped)
            diagnostics += found
            guard var plugin else { continue }
            guard plugin.name == name else {
                diagnostics.append(
                    Diagnostic(
                        "the plugin is called \"\(plugin.name)\" and its folder \"\(name)\"", path: path,
                        help: "give both one name: it is what options and reports call it"))
                continue
            }
            for (setting, reason) in plugin.configure(choices.settings[name] ?? []) {
                settingProblems.append("--set \(setting): \(reason): `ailogger plugins list` shows what can be set")
            }
            if plugin.kind == .parser {
                guard !formats.contains(where: { $0.name == plugin.name }) else {
                    diagnostics.append(
                        Diagnostic(
                            "there is a format called \"\(name)\" already: this parser is left out", path: path,
                            help: "give the plugin and its folder another name"))
                    continue
                }
                formats.append(
                    // What someone wrote for a log of theirs goes before what was written for all.
                    FormatCandidate(name: name, title: "Lua plugin", priority: 95, hints: plugin.hints) { [plugin] in
                        plugin.makeParser()
                    })
            }
            plugins.append(plugin)
        }
    }

    private static func secondPlugin(_ name: String, _ path: String, first: String) -> Diagnostic {
        Diagnostic(
            "there are two plugins \"\(name)\": this one is left out, \(first) is used", path: path, level: .warning,
            help: "rename one of them, or name the folder first whose plugin is meant: of two the first counts")
    }

    private func load(_ script: LuaScript, _ name: String, isShipped: Bool) -> (LuaPlugin?, [Diagnostic]) {
        if isShipped, choices.defers, !choices.loadsAll, choices.settings[name] == nil,
            let plugin = LuaPlugin.deferred(script)
        {
            return (plugin, [])
        }
        return LuaPlugin.load(script)
    }

    /// Defects of plugins that came out only when a line of the input was theirs.
    package var lateDiagnostics: [Diagnostic] { plugins.flatMap(\.knownDefects) }

    private mutating func addRules(
        _ folder: String, below: String, _ rules: inout [Rule], _ ids: inout Set<String>
    ) {
        for name in folderEntries(folder) {
            let path = "\(folder)/\(name)"
            if isFolder(path) {
                addRules(path, below: "\(below)\(name)/", &rules, &ids)
            } else if name.hasSuffix(".yml") || name.hasSuffix(".yaml") {
                guard let text = text(of: path) else { continue }
                if CorrelationPack.isCorrelation(text) {
                    addCorrelation(text, path, RulePack.id(ofFile: below + name), &ids)
                    continue
                }
                let (rule, found) = RulePack.parse(text: text, path: path, id: RulePack.id(ofFile: below + name))
                diagnostics += found
                guard let rule, ids.insert(rule.id).inserted else { continue }
                rules.append(rule)
            }
        }
    }

    private mutating func addCorrelation(_ text: String, _ path: String, _ id: String, _ ids: inout Set<String>) {
        let (correlation, found) = CorrelationPack.parse(text: text, path: path, id: id)
        diagnostics += found
        if let correlation, ids.insert(correlation.id).inserted { correlations.append(correlation) }
    }

    private mutating func text(of path: String) -> String? {
        do throws(SourceError) {
            return String(decoding: try readRegularFile(path), as: UTF8.self)
        } catch {
            diagnostics.append(Diagnostic(error.message, path: path))
            return nil
        }
    }

    /// By rule, whether a plugin wants what it finds; empty for a plugin that wants other events too.
    func rulesWanted(by plugin: LuaPlugin) -> ContiguousArray<Bool> {
        if plugin.wanted.rules.isEmpty { return [] }
        let globs = ComponentGlobs(plugin.wanted.rules)
        return ContiguousArray(rules.rules.map { globs.matches(Array($0.id.utf8).span) })
    }

    /// What guards of plugins name that isn't there, as far as formats and rules were read.
    package func guardWarnings(of plugins: [LuaPlugin]) -> [Diagnostic] {
        let names = folders.formats.isEmpty ? nil : formats.map(\.name)
        let ids = folders.rules.isEmpty ? nil : rules.rules.map(\.id)
        return plugins.flatMap { $0.guardWarnings(formats: names, rules: ids) }
    }

    /// Where the events of JSON documents that hold many of them stand.
    private var recordPaths: [JSONRecordPath] { definitions.flatMap(\.records) }

    /// The inputs as they are read with these formats.
    func reading(_ inputs: [Input]) -> [Input] {
        let records = recordPaths
        return inputs.map { input in
            var input = input
            input.records = records
            return input
        }
    }

    /// All that a report may name as a finding: rules, correlations, correlators.
    package var findingIDs: [String] {
        rules.rules.map(\.id) + correlations.map(\.id) + active.correlators.map(\.name)
    }

    /// What the report says of each rule, in the order in which hits number them.
    package var ruleInfos: [RuleInfo] {
        rules.rules.map { rule in
            RuleInfo(
                id: rule.id, title: rule.title, level: rule.level, cause: rule.cause, fix: rule.fix,
                docs: rule.docs.map { DocumentationPage(title: $0.title, url: $0.url, versions: $0.versions) })
        }
    }
}

/// Stands for a format whose pattern doesn't compile: refuses every line.
private final class NoLineParser: LineParser {
    let name: String
    var joinsFollowingLines: Bool { false }

    init(name: String) { self.name = name }

    func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool { false }
}

extension LuaPlugin {
    /// What the guard tells of the lines that reach a parser.
    fileprivate var hints: LineHints? {
        wanted.pattern.isEmpty ? nil : LineHints([String(decoding: wanted.pattern, as: UTF8.self)], isAnchored: false)
    }
}
