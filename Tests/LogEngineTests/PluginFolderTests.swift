import Foundation
import LogCore
import LogEngine
import LogLua
import Testing

/// What lies in a plugin's folder and can't be read is told, and nothing waits for it.
@Suite(.timeLimit(.minutes(20)))
struct PluginFolderTests {
    private static func source(_ name: String, _ before: String = "") -> String {
        """
        local M = { name = "\(name)", kind = "filter", api = 1 }
        \(before)
        function M.process(event) event.fields.seen = true end
        M.samples = { { event = { message = "a" }, expect = { fields = { seen = true } } } }
        return M
        """
    }

    private static func load(_ folder: TestFolder, _ names: [String] = ["plugins"]) -> Catalog {
        var folders = CatalogFolders()
        folders.plugins = names.map(folder.path)
        var choices = PluginChoices()
        choices.loadsAll = true
        return Catalog.load(folders, choices)
    }

    private static func makePipe(_ folder: TestFolder, _ name: String) throws {
        let path = folder.path(name)
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try #require(mkfifo(path, 0o600) == 0)
    }

    @Test(arguments: ["plugins/p/init.lua", "plugins/p/mod.lua", "plugins/p/tests/a.lua", "plugins/lib/mod.lua"])
    func `a pipe is told and not read`(name: String) throws {
        let folder = try TestFolder()
        if !name.hasSuffix("init.lua") { try folder.write(Self.source("p"), "plugins/p/init.lua") }
        try Self.makePipe(folder, name)
        let catalog = Self.load(folder)
        let found = catalog.check().filter { $0.path.hasSuffix(name) }
        #expect(found.map(\.message) == ["is no regular file: not read"])
        #expect(found.allSatisfy { $0.help != nil })
        #expect(catalog.plugins.count == (name.hasSuffix("init.lua") ? 0 : 1))
    }

    @Test(arguments: ["formats/a.yml", "rules/a.yml"])
    func `a pipe among formats and rules is no different`(name: String) throws {
        let folder = try TestFolder()
        try Self.makePipe(folder, name)
        var folders = CatalogFolders()
        folders.formats = [folder.path("formats")]
        folders.rules = [folder.path("rules")]
        #expect(Catalog.load(folders).diagnostics.map(\.message) == ["is no regular file: not read"])
    }

    @Test func `an init.lua that is a folder is told, a folder without one is no plugin`() throws {
        let folder = try TestFolder()
        try folder.write("", "plugins/p/init.lua/file")
        try folder.write("", "plugins/notes/readme.txt")
        #expect(Self.load(folder).diagnostics.map(\.message) == ["is a folder, not a file"])
    }

    @Test func `a link out of the folder is not followed, one within it is`() throws {
        let folder = try TestFolder()
        try folder.write("return 'secret'", "outside/secret.lua")
        try folder.write(
            Self.source("p", "M.description = tostring(pcall(require, 'other.secret')) .. require('inside')"),
            "plugins/p/init.lua")
        try folder.write("return ' fine'", "plugins/p/real.lua")
        for (link, target) in [
            ("other", "../../outside"), ("file.lua", "../../outside/secret.lua"), ("inside.lua", "real.lua"),
        ] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("plugins/p/\(link)"), withDestinationPath: target)
        }
        let catalog = Self.load(folder)
        #expect(catalog.plugins.map(\.summary) == ["false fine"])
        let message = "leads out of the plugin's folder: not read"
        #expect(catalog.diagnostics.map(\.message) == [message, message])
    }

    @Test func `of two plugins of one name the second is told`() throws {
        let folder = try TestFolder()
        for place in ["one", "two"] { try folder.write(Self.source("p"), "\(place)/p/init.lua") }
        let catalog = Self.load(folder, ["one", "two"])
        #expect(catalog.plugins.map(\.path) == [folder.path("one/p/init.lua")])
        let found = catalog.diagnostics
        #expect(found.map(\.path) == [folder.path("two/p/init.lua")])
        #expect(found.first?.level == .warning)
        #expect(found.first?.message.contains("one/p/init.lua is used") == true)
    }

    @Test func `one in the place of a shipped plugin is meant`() throws {
        let folder = try TestFolder()
        for place in ["mine", "shipped"] { try folder.write(Self.source("p"), "\(place)/p/init.lua") }
        var folders = CatalogFolders()
        folders.plugins = [folder.path("mine"), folder.path("shipped")]
        folders.shipped = [folder.path("shipped")]
        var choices = PluginChoices()
        choices.loadsAll = true
        let catalog = Catalog.load(folders, choices)
        #expect(catalog.diagnostics == [])
        #expect(catalog.plugins.map(\.path) == [folder.path("mine/p/init.lua")])
    }
}
