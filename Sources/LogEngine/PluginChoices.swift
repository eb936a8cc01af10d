package import LogCore
package import LogLua

/// Which plugins the user wants, and what they may.
package struct PluginChoices: Sendable {
    /// Names of filters, correlators and sinks, in the order in which they run. Parsers are always on.
    package var use: [String] = []
    /// `config` entries by plugin.
    package var settings: [String: [(key: String, value: String)]] = [:]
    /// What sinks may write to, and "lpeg".
    package var allowed: Set<String> = []
    /// Whether plugins are loaded that don't run, to check or list them.
    package var loadsAll = false
    /// Whether parsers that came with the program are loaded only when a line of the input is theirs.
    package var defers = true
    /// Whether the correlations among the rules take part.
    package var correlates = true

    package init() {}
}

/// The plugins that take part in a run besides parsers, in their order.
package struct ActivePlugins: Sendable {
    package private(set) var filters: [LuaPlugin] = []
    package private(set) var correlators: [LuaPlugin] = []
    package private(set) var sinks: [LuaPlugin] = []
    /// Why the run can't be as it was asked for.
    package internal(set) var problems: [String] = []

    package init() {}

    package var all: [LuaPlugin] { filters + correlators + sinks }

    /// `names`: of all plugins that are there, those that are idle or defective too.
    init(_ choices: PluginChoices, among plugins: [LuaPlugin], of names: Set<String>) {
        for name in choices.use {
            guard let plugin = plugins.first(where: { $0.name == name }) else {
                problems.append(
                    names.contains(name)
                        ? "plugin \(name) can't be used: `ailogger plugins test \(name)` says why"
                        : "no plugin is called '\(name)': `ailogger plugins list` shows all")
                continue
            }
            switch plugin.kind {
            case .parser: break
            case .filter, .fluentbit: filters.append(plugin)
            case .correlator: correlators.append(plugin)
            case .sink: sinks.append(plugin)
            }
            for output in plugin.outputs where !choices.allowed.contains(output) {
                problems.append("plugin \(name) writes to \(output): allow it with --allow \(output)")
            }
        }
        for (name, settings) in choices.settings.sorted(by: { $0.key < $1.key }) {
            // One that is asked for and can't be used is told above.
            if plugins.contains(where: { $0.name == name }) || choices.use.contains(name) { continue }
            let reason =
                names.contains(name)
                ? "plugin \(name) isn't in use: add --use \(name)"
                : "no plugin is called '\(name)': `ailogger plugins list` shows all"
            for (key, value) in settings { problems.append("--set \(name).\(key)=\(value): \(reason)") }
        }
        let writers = sinks.flatMap(\.outputs)
        for output in Set(writers).sorted() where writers.count(where: { $0 == output }) > 1 {
            problems.append("two sinks write to \(output)")
        }
    }
}

/// The files of a plugin's folder.
package enum PluginFolder {
    /// What `require` finds in a folder: "util/text.lua" is "util.text". `init.lua` and `tests/` aren't modules.
    /// What can't be one, or would lie outside of the folder, is a defect.
    package static func modules(in folder: String) -> (modules: [LuaScript.Module], defects: [Diagnostic]) {
        var found: (modules: [LuaScript.Module], defects: [Diagnostic]) = ([], [])
        addModules(in: folder, of: folder, below: "", depth: 4, to: &found)
        return found
    }

    private static func addModules(
        in folder: String, of plugin: String, below: String, depth: Int,
        to found: inout (modules: [LuaScript.Module], defects: [Diagnostic])
    ) {
        guard depth > 0, isFolder(folder) else { return }
        for entry in folderEntries(folder) {
            let path = "\(folder)/\(entry)"
            let isFolder = isFolder(path)
            if below.isEmpty, entry == "init.lua" || (isFolder && entry == "tests") { continue }
            guard isFolder || entry.hasSuffix(".lua") else { continue }
            do throws(SourceError) {
                if leadsOut(path, of: plugin) { throw SourceError("leads out of the plugin's folder: not read") }
                if isFolder {
                    addModules(in: path, of: plugin, below: "\(below)\(entry).", depth: depth - 1, to: &found)
                    continue
                }
                let source = try readRegularFile(path)
                // What a name of `require` can't hold stands as _ in it: "my-filter.lua" is "my_filter".
                let name = entry.dropLast(4).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
                found.modules.append(LuaScript.Module(name: below + name, path: path, source: source))
            } catch {
                found.defects.append(defect(error, path))
            }
        }
    }

    package static func defect(_ error: SourceError, _ path: String) -> Diagnostic {
        Diagnostic(error.message, path: path, help: "a plugin is made of regular files in its own folder")
    }

    /// The files of tests that belong to a plugin: `tests/*.lua` beside its `init.lua`.
    package static func tests(of plugin: LuaPlugin) -> [(path: String, source: [UInt8])] { readTests(of: plugin).files }

    static func readTests(of plugin: LuaPlugin) -> (files: [(path: String, source: [UInt8])], defects: [Diagnostic]) {
        guard let slash = plugin.path.lastIndex(of: "/") else { return ([], []) }
        let home = String(plugin.path[..<slash])
        var files: [(path: String, source: [UInt8])] = []
        var defects: [Diagnostic] = []
        for name in folderEntries("\(home)/tests") where name.hasSuffix(".lua") {
            let path = "\(home)/tests/\(name)"
            do throws(SourceError) {
                if leadsOut(path, of: home) { throw SourceError("leads out of the plugin's folder: not read") }
                files.append((path, try readRegularFile(path)))
            } catch {
                defects.append(defect(error, path))
            }
        }
        return (files, defects)
    }
}
