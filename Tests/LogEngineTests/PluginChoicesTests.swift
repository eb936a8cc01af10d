import Foundation
import LogEngine
import LogLua
import Testing

/// What is wrong with the choice of plugins is said of the choice.
@Suite(.timeLimit(.minutes(20)))
struct PluginChoicesTests {
    private static let source = """
        local M = { name = "talk", kind = "filter", api = 1, config = { most = 3, loud = true, how = "x" } }
        function M.process(event) event.fields.most = M.config.most end
        M.samples = { { line = "sample", expect = { fields = { most = 3 } } } }
        return M
        """

    private static func load(
        _ settings: [(key: String, value: String)], of plugin: String = "talk", use: [String] = ["talk"],
        source: String = source
    ) throws -> Catalog {
        let folder = try TestFolder()
        try folder.write(source, "plugins/talk/init.lua")
        var folders = CatalogFolders()
        folders.plugins = [folder.path + "/plugins"]
        var choices = PluginChoices()
        choices.use = use
        if !settings.isEmpty { choices.settings[plugin] = settings }
        return withExtendedLifetime(folder) { Catalog.load(folders, choices) }
    }

    @Test func `a setting that fits is no problem, whatever the samples say of the default`() throws {
        let catalog = try Self.load([("most", "5"), ("loud", "false"), ("how", "y")])
        #expect(catalog.active.problems == [])
        #expect(catalog.diagnostics.isEmpty)
        let set = catalog.active.filters.first?.settings.map { "\($0.key)=\($0.value)" }
        #expect(set == ["how=y", "loud=false", "most=5"])
    }

    @Test func `every wrong setting is told, and the plugin has no defect`() throws {
        let catalog = try Self.load([("most", "many"), ("how", "y"), ("loud", "1"), ("quiet", "true")])
        let help = "`ailogger plugins list` shows what can be set"
        #expect(
            catalog.active.problems == [
                "--set talk.most=many: config.most is a number, not \"many\": \(help)",
                "--set talk.loud=1: config.loud is true or false, not \"1\": \(help)",
                "--set talk.quiet=true: config has no \"quiet\": \(help)",
            ])
        #expect(catalog.diagnostics.isEmpty)
        #expect(catalog.active.filters.map(\.name) == ["talk"])
    }

    @Test func `a setting of a plugin that isn't there, or isn't in use, says which`() throws {
        #expect(
            try Self.load([("most", "5")], of: "tolk").active.problems == [
                "--set tolk.most=5: no plugin is called 'tolk': `ailogger plugins list` shows all"
            ])
        #expect(
            try Self.load([("most", "5")], use: []).active.problems == [
                "--set talk.most=5: plugin talk isn't in use: add --use talk"
            ])
    }

    @Test func `a defective plugin is one, and not a wrong setting`() throws {
        let catalog = try Self.load([("most", "5")], source: "return {")
        #expect(catalog.active.problems == ["plugin talk can't be used: `ailogger plugins test talk` says why"])
        #expect(catalog.diagnostics.count == 1)
    }
}
