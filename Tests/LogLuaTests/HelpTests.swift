import LogCore
import LogLua
import Testing

/// Slips that were taken in silence, and errors that said no more than that something is nil.
@Suite(.timeLimit(.minutes(20)))
struct HelpTests {
    /// What is wrong with a plugin, as people read it.
    private static func defects(_ source: String, _ modules: [LuaScript.Module] = []) -> [String] {
        let script = LuaScript(path: "plugins/fixture/init.lua", source: Array(source.utf8), modules: modules)
        return LuaPlugin.load(script).diagnostics.map(\.rendered)
    }

    private static func filter(_ body: String) -> String {
        """
        local M = { name = "fixture", kind = "filter", api = 1 }
        function M.process(event)
          \(body)
        end
        M.samples = { { line = "a", expect = {} } }
        return M
        """
    }

    private static func correlator(_ body: String) -> String {
        """
        local M = { name = "fixture", kind = "correlator", api = 1 }
        function M.timer() end
        function M.process(event, ctx)
          \(body)
        end
        M.samples = { { events = { { line = "a", time = "2026-11-20T04:00:00Z" } }, expect = {} } }
        return M
        """
    }

    // MARK: Numbers in another unit

    @Test(arguments: [
        (#"ctx:window("a", 60)"#, #"ctx:window: 60 is 60 nanoseconds: write "60s" for seconds"#),
        (#"ctx:after("a", 1)"#, #"ctx:after: 1 is 1 nanosecond: write "1s""#),
        (#"ctx:session("a", 999999)"#, "ctx:session: 999999 is 999999 nanoseconds"),
        (#"ctx:threshold("a", { within = 60, count = 2 })"#, #"ctx:threshold: 60 is 60 nanoseconds: write "60s""#),
        (#"ctx:keyed("a", { expire = 30 })"#, #"ctx:keyed: 30 is 30 nanoseconds: write "30s""#),
        (#"ctx:emit({ title = "t", since = 1795147200 })"#, "ctx:emit: since is 1795147200, shortly after 1970"),
    ])
    func `a number that means seconds is no count of nanoseconds`(call: String, message: String) throws {
        let found = Self.defects(Self.correlator(call))
        #expect(found.count == 1 && found[0].contains("init.lua:4: error: \(message)"), "\(found)")
        #expect(found.first?.contains(" 4 |   ctx:") == true, "\(found)")
    }

    @Test func `durations that are meant pass, as text and as numbers from a millisecond on`() {
        let calls = [#"ctx:window("a", 5 * 60 * 1e9)"#, #"ctx:window("a", 1000000)"#, #"ctx:window("a", "500us")"#]
        for call in calls { #expect(Self.defects(Self.correlator(call)) == []) }
    }

    @Test(arguments: [
        ("os.time()", "event.time: 1795147200 is 1.8 s after 1970: it counts nanoseconds"),
        ("1795147200123", "event.time: 1795147200123 is 1.8e+03 s after 1970"),
        ("1795147200123456", "event.time: 1795147200123456 is 21 days after 1970"),
    ])
    func `a time in seconds, milliseconds or microseconds is an error`(value: String, message: String) {
        let source = Self.filter("event.time = \(value)").replacing(
            #"{ line = "a", expect"#, with: #"{ event = { line = "a", time = 1795147200000000000 }, expect"#)
        let defects = Self.defects(source)
        #expect(defects.count == 1 && defects[0].contains(message), "\(defects)")
    }

    @Test func `a sample's time in seconds is an error too, and 0 is none`() {
        let source = Self.filter("").replacing(
            #"{ line = "a", expect"#, with: #"{ event = { line = "a", time = 1795147200 }, expect"#)
        #expect(Self.defects(source).first?.contains("1795147200 is no time: it counts nanoseconds") == true)
        #expect(Self.defects(source.replacing("1795147200", with: "0")) == [])
    }

    // MARK: What a parser is given

    @Test func `a parser's sample is one line, and so is what a test parses`() throws {
        let source = """
            local M = { name = "fixture", kind = "parser", api = 1, match = "^=" }
            function M.parse(line, event) end
            M.samples = { { line = "= 1\\n bar", expect = {} } }
            return M
            """
        let found = Self.defects(source)
        #expect(
            found.count == 1 && found[0].contains("sample 1: a parser is given one line; this one has a line feed"),
            "\(found)")
        let loaded = LuaPlugin.load(path: "init.lua", source: Array(source.replacing("\\n bar", with: "").utf8))
        let plugin = try #require(loaded.plugin)
        let failures = plugin.test("t.lua", Array("test('a', function(t) t:parse('= 1\\n b') end)".utf8))
        #expect(failures.map(\.message) == ["a: t:parse: a parser is given one line; this text has a line feed"])
    }

    // MARK: Settings

    @Test(arguments: [
        ("{ x = 1 }", false), ("{ 1, 2 }", false), ("{ 'a', x = 'b' }", false), ("{ 'a', 'b' }", true), ("{}", true),
    ])
    func `only a list of texts can be set from text`(table: String, isSet: Bool) throws {
        let source = Self.filter("").replacing("api = 1", with: "api = 1, config = { c = \(table) }")
        var plugin = try #require(LuaPlugin.load(path: "init.lua", source: Array(source.utf8)).plugin)
        let problems = plugin.configure([("c", "5")]).map(\.reason)
        #expect(problems == (isSet ? [] : ["config.c is a table that isn't a list of texts: it can't be set"]))
    }

    // MARK: Guards

    @Test func `a guard that names nothing is told, with what was meant`() throws {
        let source = Self.filter("").replacing(
            "api = 1", with: #"api = 1, formats = { "ngnix", "cri+json", "generic" }"#)
        let plugin = try #require(LuaPlugin.load(path: "init.lua", source: Array(source.utf8)).plugin)
        let warnings = plugin.guardWarnings(formats: ["cri", "json", "nginx"], rules: [])
        #expect(
            warnings.map(\.rendered) == [
                """
                init.lua:1:61: warning: formats: no format or parser is called "ngnix"
                 1 | local M = { name = "fixture", kind = "filter", api = 1, formats = { "ngnix", "cri+json", "generic" } }
                   |                                                         ^
                  = help: did you mean "nginx"?
                """.replacing(":61:", with: ":57:")
            ])
        #expect(plugin.guardWarnings(formats: nil, rules: nil) == [])
        let other = Self.correlator("").replacing(
            "api = 1", with: #"api = 1, rules = { "sshd.*", "sshd.nothing-such" }"#)
        let correlator = try #require(LuaPlugin.load(path: "init.lua", source: Array(other.utf8)).plugin)
        let found = correlator.guardWarnings(formats: [], rules: ["sshd.failed"])
        #expect(found.map(\.message) == [#"rules: no rule is called "sshd.nothing-such""#])
    }

    // MARK: What isn't there

    @Test(arguments: [
        (#"print("x")"#, "attempt to call a nil value (global 'print')", #"write ailogger.log("info", text)"#),
        (#"io.open("x")"#, "attempt to index a nil value (global 'io')", "a sink writes with ailogger.output"),
        (#"os.getenv("x")"#, "attempt to call a nil value (field 'getenv')", "--set plugin.name=value sets it"),
        (#"string.splt("x")"#, "attempt to call a nil value (field 'splt')", "string has byte, char, find"),
        (#"string.fromat("x")"#, "attempt to call a nil value (field 'fromat')", "did you mean string.format?"),
        (#"iparis({})"#, "attempt to call a nil value (global 'iparis')", #"did you mean "ipairs"?"#),
        (
            #"require("nothing")"#, #"require: there is no module "nothing""#,
            "a module is a file of the plugin's own folder"
        ),
        (
            #"ailogger.regex("a"):matchs("b")"#,
            #"a regex has no "matchs": it has captures, find, gmatch, gsub, match, named and test"#,
            #"did you mean "match"?"#
        ),
        (#"ailogger.jsn.encode({})"#, #"ailogger has no "jsn": it has cache, csv, "#, #"did you mean "json"?"#),
        (
            #"ailogger.json.encoed({})"#, #"ailogger.json has no "encoed": it has array, decode, encode and null"#,
            #"did you mean "encode"?"#
        ),
        (
            #"ailogger.cache{}:gett(1)"#, #"a cache has no "gett": it has count, delete, get and set"#,
            #"did you mean "get"?"#
        ),
        (
            #"local r = ailogger.regex("a") r.test("b")"#, "bad argument #1 to 'test' (regex expected, got string)",
            "write r:test(…), with a colon"
        ),
        (#"event.mesage = 1"#, #"the event has no "mesage""#, #"did you mean "message"?"#),
        (#"local x = event.findings"#, "event.findings isn't there in a filter", ""),
        (#"local x = event.template"#, "event.template isn't there in a filter", ""),
    ])
    func `an error says what there is in the place of what isn't`(code: String, message: String, help: String) {
        let found = Self.defects(Self.filter(code))
        #expect(found.count == 1 && found[0].contains("init.lua:3"), "\(found)")
        #expect(found.first?.contains("error: \(message)") == true, "\(found)")
        #expect(
            help.isEmpty || found.first?.contains("= help: ") == true && found.first?.contains(help) == true, "\(found)"
        )
        #expect(found.first?.contains(" 3 |   \(code)") == true, "\(found)")
    }

    @Test(arguments: [
        (#"ctx:windw("a", "1m")"#, #"ctx has no "windw": it has after, alert, "#, #"did you mean "window"?"#),
        (#"ctx.window("a", "1m")"#, #"ctx:window: the length must be a duration"#, "write ctx:window(…), with a colon"),
        (#"ctx:window("a", "1m"):ad(1)"#, "attempt to call a nil value (method 'ad')", #"did you mean "add"?"#),
    ])
    func `what a correlator calls wrongly is explained`(code: String, message: String, help: String) {
        let found = Self.defects(Self.correlator(code))
        #expect(found.count == 1 && found[0].contains("error: \(message)"), "\(found)")
        #expect(found.first?.contains("= help: \(help)") == true, "\(found)")
    }

    @Test func `a function written with a colon is told where it stands`() {
        let found = Self.defects(Self.filter("").replacing("M.process", with: "M:process"))
        #expect(found.count == 1 && found[0].contains("init.lua:2:"), "\(found)")
        #expect(found.first?.contains("process is written with a colon") == true, "\(found)")
        #expect(found.first?.contains("= help: write function M.process(event), with a dot") == true, "\(found)")
    }

    // MARK: Tests of a plugin

    @Test(
        arguments: [
            ("print('x')", "a: attempt to call a nil value (global 'print')", "write ailogger.log(\"info\", text)"),
            ("t:evnt({ message = 'a' })", "a: t has no \"evnt\": it has ", "did you mean \"event\"?"),
            ("io.open('f')", "a: attempt to index a nil value (global 'io')", "a plugin has no files"),
            ("t:event({ mesage = 'a' })", "a: t:event: there is no \"mesage\"", "did you mean \"message\"?"),
            ("t:equal(1, 2)", "a: the value is 1, expected 2", "correct the plugin, or what the test expects"),
        ])
    func `an error in a test shows its line, and helps`(body: String, message: String, help: String) throws {
        let plugin = try PluginFailureTests.plugin("filter", "function M.process(event) end")
        let found = plugin.test("tests/a.lua", Array("\ntest('a', function(t)\n  \(body)\nend)".utf8)).map(\.rendered)
        #expect(found.count == 1)
        let first = try #require(found.first)
        #expect(first.hasPrefix("tests/a.lua:3:") && first.contains("error: \(message)"), "\(first)")
        #expect(first.contains("\n 3 |   \(body)\n") && first.contains("= help: \(help)"), "\(first)")
    }

    @Test func `a file of tests that doesn't run at all is shown where it fails`() throws {
        let plugin = try PluginFailureTests.plugin("filter", "function M.process(event) end")
        let found = plugin.test("tests/a.lua", Array("local unpacked = unpack({ 1 })".utf8)).map(\.rendered)
        #expect(found.count == 1)
        #expect(
            found.first?.contains("tests/a.lua:1:18: error: attempt to call a nil value (global 'unpack')") == true,
            "\(found)")
        #expect(found.first?.contains("= help: Lua 5.4 calls it table.unpack") == true, "\(found)")
    }

    // MARK: Loading

    @Test func `a script for Fluent Bit that isn't there is told where it is named`() {
        let source = """
            local M = { name = "fixture", kind = "fluentbit", api = 1 }
            M.script = "none.lua"
            M.call = "cb"
            M.samples = { { line = "a", expect = {} } }
            return M
            """
        let found = Self.defects(source)
        #expect(found.count == 1 && found[0].contains("init.lua:2:3: error: there is no script none.lua"), "\(found)")
        let module = LuaScript.Module(name: "none", path: "plugins/fixture/none.lua", source: Array("x = 1".utf8))
        let other = Self.defects(source, [module])
        #expect(
            other.count == 1 && other[0].contains("init.lua:3:3: error: none.lua defines no function cb"), "\(other)")
        #expect(other.first?.contains("= help: script names a file beside init.lua") == true, "\(other)")
    }

    @Test(arguments: [
        (
            "", #"["message"] = "x""#, "a sink must have permissions, a list of the outputs that it opens",
            #"write permissions = { "file:x" }"#
        ),
        (
            #", permissions = { "file:x" }"#, #"["message"] = "x""#,
            #"expect has "message", which is no output"#, "correct what the plugin does"
        ),
        (
            #", permissions = { "file:x" }"#, #"["file:x"] = "b\n""#, #"file:x got "a\n", expected "b\n""#,
            "correct what the plugin does"
        ),
    ])
    func `what is wrong with a sink's outputs is said in one line`(
        permissions: String, expect: String, message: String, help: String
    ) {
        let found = Self.defects(
            """
            local M = { name = "fixture", kind = "sink", api = 1\(permissions) }
            local out = ailogger.output("file:x")
            function M.write(event) out:write(event.message, "\\n") end
            M.samples = { { line = "a", expect = { \(expect) } } }
            return M
            """)
        #expect(found.count == 1 && found[0].contains(message), "\(found)")
        #expect(found.first?.contains(help) == true, "\(found)")
    }

    @Test func `a limit of memory has the line that asked for more`() {
        let found = Self.defects(Self.filter("local s = 'x' while true do s = s .. s end"))
        #expect(
            found.count == 1 && found[0].contains("init.lua:3: error: stopped: more memory than 16384 KiB"), "\(found)")
        let table = Self.defects(Self.filter("local t = {} for i = 1, 1e9 do t[#t + 1] = {} end"))
        #expect(table.count == 1 && table[0].contains("init.lua:3: error: stopped"), "\(table)")
    }

    @Test func `no samples are the same as an empty list of them, and what is nil is called so`() {
        let empty = Self.defects(Self.filter("").replacing(#"{ { line = "a", expect = {} } }"#, with: "{}"))
        #expect(empty.count == 1 && empty[0].contains("samples must be a list of at least one sample"), "\(empty)")
        #expect(empty.first?.contains("add M.samples") == true, "\(empty)")
        #expect(Self.defects("local M = {}").first?.contains("the plugin's table, not nil") == true)
        #expect(Self.defects(Self.filter("error()")).first?.contains("the error is nil") == true)
        #expect(
            Self.defects(Self.filter("local x = event.fields + 1")).first?.contains("an event.fields value") == true)
    }

    // MARK: Fields as a whole

    @Test func `fields are encoded and sorted as they are`() throws {
        let fixture = try Fixture(
            """
            local f = event.fields f.b = 1 f.a = 'x' f.gone = 2 f.gone = nil
            local names = {} for name in ailogger.sorted_pairs(f) do names[#names + 1] = name end
            local text = ailogger.json.encode(f) .. ailogger.json.encode({ fields = f })
            event.message = table.concat(names, ' ') .. ' ' .. text
            """.replacing("\n", with: " "))
        #expect(fixture.parse("one")?.messageText == #"a b {"a":"x","b":1}{"fields":{"a":"x","b":1}}"#)
    }

    @Test(arguments: [
        ("1795147200.25", "%s.%f", "1795147200250000000"), ("1795147200250", "%s%3f", "1795147200250000000"),
        ("1795147200.25", "%s", "1795147200250000000"), ("-5.25", "%s.%f", "-5250000000"),
        ("-5.25", "%s", "-5250000000"),
        ("7 x", "%s x", "7000000000"), ("12", "%s%3f", "nil"),
    ])
    func `seconds since 1970 stop at what the layout has behind them`(text: String, layout: String, time: String) throws
    {
        let fixture = try Fixture("event.message = tostring((ailogger.time.parse(line, { layout = '\(layout)' })))")
        #expect(fixture.parse(text)?.messageText == time)
    }

    @Test func `findings are a list also where there are none`() throws {
        let source = """
            local M = { name = "fixture", kind = "sink", api = 1, permissions = { "file:x" } }
            local out = ailogger.output("file:x")
            function M.write(event) out:write(ailogger.json.encode(event.findings)) end
            M.samples = { { line = "a", expect = { ["file:x"] = "[]" } } }
            return M
            """
        #expect(Self.defects(source) == [])
    }

    // MARK: At work

    @Test func `the first error at work has its line, a caret and what to do`() throws {
        let fixture = try Fixture(#"io.open("x")"#)
        for _ in 0..<3 { #expect(fixture.parse("a") == nil) }
        #expect(fixture.parser.errors.count == 3)
        #expect(
            fixture.parser.errors.detail?.rendered == """
                plugins/fixture/init.lua:5:3: error: attempt to index a nil value (global 'io')
                 5 |   io.open("x")
                   |   ^
                  = help: a plugin has no files: a sink writes with ailogger.output("file:PATH")
                """)
    }
}
