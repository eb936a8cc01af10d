import Foundation
import LogCore
import LogLua
import Testing

/// The plugins of the repository load, which runs their own samples.
@Suite(.timeLimit(.minutes(20)))
struct ShippedPluginTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../plugins").standardizedFileURL

    static let names: [String] = {
        let found = try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        return (found ?? []).filter { name in
            FileManager.default.fileExists(
                atPath: folder.appending(path: "\(name)/init.lua").path(percentEncoded: false))
        }.sorted()
    }()

    private static func modules(in folder: URL) throws -> [LuaScript.Module] {
        guard FileManager.default.fileExists(atPath: folder.path(percentEncoded: false)) else { return [] }
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "lua" && $0.lastPathComponent != "init.lua" }
            .map { file in
                LuaScript.Module(
                    name: file.deletingPathExtension().lastPathComponent.replacing("-", with: "_"),
                    path: file.lastPathComponent, source: Array(try Data(contentsOf: file)))
            }
    }

    static func load(
        _ name: String
    ) throws -> (script: LuaScript, loaded: (plugin: LuaPlugin?, diagnostics: [Diagnostic])) {
        let file = Self.folder.appending(path: "\(name)/init.lua")
        let modules =
            try Self.modules(in: file.deletingLastPathComponent())
            + Self.modules(in: Self.folder.appending(path: "lib"))
        let script = LuaScript(
            path: "plugins/\(name)/init.lua", source: Array(try Data(contentsOf: file)), modules: modules)
        return (script, LuaPlugin.load(script))
    }

    @Test(arguments: names)
    func `a plugin of ours passes its samples`(name: String) throws {
        let loaded = try Self.load(name).loaded
        #expect(loaded.diagnostics.map(\.rendered) == [])
        #expect(loaded.plugin?.name == name)
    }

    @Test func `there are plugins of every kind`() throws {
        let kinds = try Self.names.map { name in
            let file = Self.folder.appending(path: "\(name)/init.lua")
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            return LuaKind.allCases.first { text.contains("kind = \"\($0.rawValue)\"") }
        }
        #expect(Set(kinds.compactMap { $0 }) == Set(LuaKind.allCases))
        #expect(!kinds.contains(nil))
    }
}
