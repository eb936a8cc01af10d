import ArgumentParser
import LogCore
import LogEngine
import LogLua

struct PluginsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugins", abstract: "List, write, test, measure and try out Lua plugins.",
        discussion: """
            EXAMPLES
              ailogger plugins list
              ailogger plugins new till --from till.log       a parser for these lines
              ailogger plugins test till
              ailogger plugins bench till till.log
              ailogger plugins repl till --line "$(head -1 till.log)"
            """,
        subcommands: [List.self, Test.self, New.self, Bench.self, Repl.self], defaultSubcommand: List.self)
}

/// How plugins are loaded, also those that a run would leave alone.
struct LoadingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Lets plugins load lpeg, the one thing they may ask for here.", valueName: "lpeg"))
    var allow: [String] = []

    var choices: PluginChoices {
        var choices = PluginChoices()
        choices.loadsAll = true
        choices.allowed = Set(allow)
        return choices
    }
}

extension CatalogFolders {
    /// Without what plugins can do without.
    var ofPlugins: CatalogFolders {
        var folders = self
        folders.rules = []
        folders.formats = []
        return folders
    }

    /// The text of a plugin, and of what it may require: of the first of its name.
    func script(of name: String, _ loading: LoadingOptions) throws -> LuaScript {
        for folder in plugins where isFolder("\(folder)/\(name)") && name != "lib" {
            let path = "\(folder)/\(name)/init.lua"
            let source = try Failure.named(path) { () throws(SourceError) in try readRegularFile(path) }
            let modules = ["\(folder)/\(name)", "\(folder)/lib"].flatMap { PluginFolder.modules(in: $0).modules }
            var script = LuaScript(path: path, source: source, modules: modules)
            script.allowsLPeg = loading.allow.contains("lpeg")
            return script
        }
        throw Failure("no plugin is called '\(name)': `ailogger plugins list` shows all")
    }
}

extension LuaPlugin {
    /// A plugin, or as errors why it is none.
    static func loaded(_ script: LuaScript) throws -> LuaPlugin {
        let (plugin, diagnostics) = load(script)
        for diagnostic in diagnostics { StandardError.write(diagnostic.rendered + "\n") }
        guard let plugin else { throw ExitCode(2) }
        return plugin
    }
}
