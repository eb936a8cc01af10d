import Foundation
import LogCore
import LogLua
import Testing

/// Parsers that are known by their text until a line passes their guard.
@Suite(.timeLimit(.minutes(20)))
struct DeferredPluginTests {
    private static func script(_ source: String) -> LuaScript {
        LuaScript(path: "plugins/fixture/init.lua", source: Array(source.utf8))
    }

    private static let table = #"local M = { name = "fixture", kind = "parser", api = 1, match = [[^@\d]] }"#
    private static let parse = "function M.parse(line, event) event.message = line:sub(2) end"
    private static let samples = #"M.samples = { { line = "@1 x", expect = { message = "1 x" } } }"#

    private static func source(
        _ table: String = table, before: String = "", parse: String = parse, samples: String = samples
    ) -> String {
        [table, before, parse, samples, "return M"].joined(separator: "\n")
    }

    private static func isRead(_ line: String, by parser: LuaParser) -> Bool {
        var event = EventBuilder()
        event.reset(rawCount: line.utf8.count)
        event.begin()
        return parser.parse(Array(line.utf8).span, at: 0, into: &event)
    }

    @Test(arguments: ShippedPluginTests.names)
    func `the text of a parser of ours tells what the loaded plugin says`(name: String) throws {
        let (script, loaded) = try ShippedPluginTests.load(name)
        let plugin = try #require(loaded.plugin)
        guard plugin.kind == .parser else {
            #expect(LuaPlugin.isIdle(script.source))
            return #expect(LuaPlugin.deferred(script) == nil)
        }
        let told = try #require(LuaPlugin.deferred(script), "written in a way that has it loaded at every start")
        #expect(!LuaPlugin.isIdle(script.source))
        #expect(told.name == plugin.name && told.kind == plugin.kind && told.summary == plugin.summary)
        #expect(told.wanted == plugin.wanted)
        #expect(told.joinsFollowingLines == plugin.joinsFollowingLines)
    }

    @Test(arguments: [
        #"local M = { name = "fixture", kind = "parser", api = 1, match = "^@\\d" }"#,
        #"local M = { name = "fixture", kind = "parser", api = 1, match = ("^@"):rep(1) }"#,
        #"local M = { name = "fixture", kind = "parser", api = 1, match = [[^@]] .. digit }"#,
        #"local M = { name = "fixture", kind = "par" .. "ser", api = 1 + 0, match = [[^@]] }"#,
        #"local M = { name = "fixture", kind = "filter", api = 1, match = [[^@]] }"#,
        #"local M = { name = "fixture", kind = "parser", api = 2, match = [[^@]] }"#,
        #"local M = { name = "fixture", kind = "parser", api = 1 }"#,
        #"local M = { name = "fixture", kind = "parser", api = 1, match = [[^@]], on_failure = "drop" }"#,
        #"local M = { name = "fixture", kind = "parser", api = 1, match = [[^@]], match = [[^!]] }"#,
        #"local M = { name = "fixture", kind = "parser", api = 1, match = [[^@]], parse = function() end }"#,
        #"local M = { name = "fixture", kind = "parser", api = 1, match = [[^@]]"#,
        #"M = { name = "fixture", kind = "parser", api = 1, match = [[^@]] }"#,
        #"local M = make { name = "fixture", kind = "parser", api = 1, match = [[^@]] }"#,
        "", "local", "local M", "local M =", "local M = {", "--[[", "local M = { x", "local M = { x = ",
        "local M = { x = [[",
    ])
    func `what the text doesn't tell is found out by loading`(table: String) {
        #expect(LuaPlugin.deferred(Self.script(Self.source(table))) == nil)
    }

    @Test(arguments: [
        "--[==[ several\nlines ]==]\n-- one\n\(table)",
        #"local plugin = {api=1;kind='parser';name="fixture";match=[==[^@]==] .. '.*';config={a={"}"}, b=[[}]], --}"#
            + "\n}}\nlocal M = plugin",
    ])
    func `comments, quotes and tables in the way are no matter`(table: String) throws {
        let told = try #require(LuaPlugin.deferred(Self.script(Self.source(table))))
        #expect(told.name == "fixture")
        #expect(Self.isRead("@1 x", by: told.makeParser()))
    }

    @Test func `nothing of a plugin runs before a line passes its guard, and it runs as if it were loaded`() throws {
        let counts = "ailogger.log('info', 'runs')"
        let plugin = try #require(LuaPlugin.deferred(Self.script(Self.source(before: counts))))
        let parser = plugin.makeParser()
        #expect(!Self.isRead("no line of its", by: parser))
        #expect(parser.takeOutput().log.isEmpty)
        #expect(Self.isRead("@1 x", by: parser))
        #expect(parser.takeOutput().log.map(\.text) == ["runs"])
        #expect(plugin.knownDefects.isEmpty)
    }

    @Test(arguments: [
        (
            source(before: "local x = nil + 1"),
            "plugins/fixture/init.lua:2: attempt to perform arithmetic on a nil value"
        ),
        (source(before: "while true do end"), "plugins/fixture/init.lua:2: "),
        (source(before: "end"), "plugins/fixture/init.lua:2: "),
        (source(samples: ""), "plugins/fixture/init.lua:1:1: samples must be a list of at least one sample"),
        (
            source(samples: #"M.samples = { { line = "@1 x", expect = { message = "y" } } }"#),
            #"plugins/fixture/init.lua:4:25: sample 1: message is "1 x", expected "y""#
        ),
        (source(before: "M.multiline = true"), "plugins/fixture/init.lua: the plugin's table isn't what its text says"),
        (source(parse: ""), "plugins/fixture/init.lua:1:1: parse must be a function"),
    ])
    func `a defect is told when a line is the plugin's, and the plugin reads nothing`(
        source: String, expected: String
    ) throws {
        let plugin = try #require(LuaPlugin.deferred(Self.script(source)))
        let parser = plugin.makeParser()
        #expect(!Self.isRead("another's", by: parser))
        #expect(parser.errors.count == 0 && plugin.knownDefects.isEmpty)
        #expect(!Self.isRead("@1 x", by: parser))
        #expect(!Self.isRead("@1 x", by: parser))
        #expect(parser.isLeftOut && !parser.isSetAside)
        #expect(parser.errors.first?.hasPrefix(expected) == true, "\(parser.errors.first ?? "")")
        #expect(parser.errors.first?.hasSuffix("left out, `ailogger plugins test fixture` has the details") == true)
        // The same as loading says.
        let loaded = LuaPlugin.load(Self.script(source)).diagnostics.map(\.rendered)
        if !loaded.isEmpty { #expect(plugin.knownDefects.map(\.rendered) == loaded) }
        // Another worker's parser knows without trying.
        let other = plugin.makeParser()
        #expect(!Self.isRead("@1 x", by: other) && other.isLeftOut)
    }

    @Test func `a guard that doesn't compile is a defect too`() throws {
        let table = #"local M = { name = "fixture", kind = "parser", api = 1, match = [[^@(]] }"#
        let parser = try #require(LuaPlugin.deferred(Self.script(Self.source(table)))).makeParser()
        #expect(!Self.isRead("any line", by: parser))
        #expect(parser.errors.first?.contains("init.lua:1:") == true)
    }

    @Test func `a guard reads alike before and after the JIT`() throws {
        let parser = try #require(LuaPlugin.deferred(Self.script(Self.source()))).makeParser()
        for number in 0..<600 {
            #expect(Self.isRead("@\(number)", by: parser))
            #expect(!Self.isRead("#\(number)", by: parser))
        }
    }
}
