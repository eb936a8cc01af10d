import Foundation
import LogCore
import LogLua
import Testing

/// The plugins of the repository load, which runs their own samples.
@Suite(.timeLimit(.minutes(1)))
struct ShippedPluginTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../plugins").standardizedFileURL

    static let names = ["haproxy_http", "squid_access"]

    @Test(arguments: names)
    func `a plugin of ours passes its samples`(name: String) throws {
        let file = Self.folder.appending(path: "\(name)/init.lua")
        let loaded = LuaPlugin.load(path: "plugins/\(name)/init.lua", source: Array(try Data(contentsOf: file)))
        #expect(loaded.diagnostics.map(\.rendered) == [])
        #expect(loaded.plugin?.name == name)
    }

    @Test func `every plugin folder is tested here`() throws {
        let found = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path(percentEncoded: false))
        #expect(found.filter { !$0.hasPrefix(".") }.sorted() == Self.names)
    }
}
