import ArgumentParser
import LogCore
import LogEngine
import LogLua

extension PluginsCommand {
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Load plugins, and run their samples and the files of tests beside them.",
            discussion: """
                EXIT STATUS
                  0  all pass
                  1  a sample or a test fails
                  2  a plugin is defective, or there is none of that name
                """)
        @Argument(help: "Names of plugins; all if none is named.") var names: [String] = []
        @OptionGroup var catalog: CatalogOptions
        @OptionGroup var loading: LoadingOptions

        mutating func run() async throws {
            let folders = try catalog.folders.ofPlugins
            let scripts = try names.map { try folders.script(of: $0, loading) }
            let loaded = Catalog.load(folders, loading.choices)
            // A module's defect is its plugin's: both lie in one folder.
            let chosen = scripts.map { String($0.path.dropLast("init.lua".count)) }
            let isChosen = { (path: String) in chosen.isEmpty || chosen.contains { path.hasPrefix($0) } }
            let plugins = loaded.plugins.filter { isChosen($0.path) }
            var found = loaded.diagnostics.filter { isChosen($0.path) }
            if plugins.contains(where: { !$0.wanted.formats.isEmpty || !$0.wanted.rules.isEmpty }) {
                // Their names are all that formats and rules are read for.
                found += Catalog.load(try catalog.folders).guardWarnings(of: plugins)
            }
            let defects = found.count { $0.level == .error && !Self.isFailedSample($0, folders, loading) }
            var files = 0
            for plugin in plugins {
                files += PluginFolder.tests(of: plugin).count
                found += PluginFolder.runTests(of: plugin)
            }
            let errors = found.count { $0.level == .error }
            try DiagnosticFormat.text.write(found)
            var counts = [
                counted(plugins.count, "plugin"), counted(plugins.reduce(0) { $0 + $1.sampleCount }, "sample"),
                counted(files, "file") + " of tests", "\(errors - defects) failed",
            ]
            if defects > 0 { counts.append(counted(defects, "defect")) }
            print(counts.joined(separator: ", "))
            if defects > 0 { throw ExitCode(2) }
            if errors > 0 { throw ExitCode(1) }
        }

        /// Whether what is wrong isn't the plugin itself but what it does with a sample.
        private static func isFailedSample(
            _ diagnostic: Diagnostic, _ folders: CatalogFolders, _ loading: LoadingOptions
        ) -> Bool {
            guard let folder = folders.plugins.first(where: { diagnostic.path.hasPrefix($0 + "/") }) else {
                return false
            }
            let name = String(diagnostic.path.dropFirst(folder.count + 1).prefix { $0 != "/" })
            guard let script = try? folders.script(of: name, loading) else { return false }
            return LuaPlugin.untested(script)?.name == name
        }

        private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    }
}
