import LogCore
import LogLua
import Testing

@Suite(.timeLimit(.minutes(20)))
struct RequireTests {
    /// What loading a plugin says that runs `body` first and has these modules.
    private func failure(_ body: String, _ modules: [(name: String, source: String)]) -> String? {
        let script = LuaScript(
            path: "plugins/fixture/init.lua", source: Array(Fixture.source("", body).utf8),
            modules: modules.map { module in
                LuaScript.Module(
                    name: module.name, path: module.name.replacing(".", with: "/") + ".lua",
                    source: Array(module.source.utf8))
            })
        return LuaPlugin.load(script).diagnostics.first?.message
    }

    @Test func `a module runs once and gives what it returns`() {
        let text = "count = (count or 0) + 1 return { twice = function(x) return x .. x end }"
        let modules = [("util.text", text), ("bare", "")]
        let body = """
            local u = require 'util.text' assert(u == require 'util.text' and count == 1)
            assert(u.twice('ab') == 'abab') assert(require 'bare' == true)
            """
        #expect(failure(body, modules) == nil)
    }

    @Test func `a loop is told with its way, also the second time`() {
        let modules = [("a", "return require 'b'"), ("b", "return require 'a'")]
        let body = "pcall(require, 'a') require 'a'"
        #expect(failure(body, modules)?.contains("require: a requires itself: a -> b -> a") == true)
    }

    @Test func `an unknown name is told with those that there are`() {
        #expect(failure("require 'c'", [("a", ""), ("b", "")])?.contains("no module \"c\", only a, b") == true)
        #expect(failure("require 'c'", [])?.contains("no module \"c\": the plugin is a single file") == true)
        #expect(failure("require '../c'", [])?.contains("is no module's name") == true)
    }

    @Test func `neither bytecode nor LPeg without leave`() {
        #expect(failure("require 'a'", [("a", "\u{1B}Lua")])?.contains("bytecode") == true)
        #expect(failure("require 'lpeg'", [])?.contains("--allow lpeg") == true)
    }

    @Test func `an endless module is stopped`() {
        #expect(failure("pcall(require, 'a')", [("a", "while true do end")])?.contains("stopped after") == true)
    }
}
