import ArgumentParser
import LogCore
import LogEngine
import LogLua

struct PluginsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugins", abstract: "List and test Lua plugins.", subcommands: [List.self, Test.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All plugins, one a line.")
        @OptionGroup var catalog: CatalogOptions

        mutating func run() async throws {
            for plugin in try catalog.load(quiet: false).plugins {
                print("\(plugin.name.padded(to: 20))  parser  \(plugin.path)")
            }
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Load plugins and run their samples.")
        @OptionGroup var catalog: CatalogOptions

        mutating func run() async throws {
            var folders = try catalog.folders
            folders.rules = []
            folders.formats = []
            let loaded = Catalog.load(folders)
            try DiagnosticFormat.text.write(loaded.diagnostics)
            print("\(loaded.plugins.count) plugins pass, \(loaded.diagnostics.count) defects")
            if loaded.diagnostics.contains(where: { $0.level == .error }) { throw ExitCode(2) }
        }
    }
}
