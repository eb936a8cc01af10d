import LogCore
import LogLua
import Testing

@Suite(.timeLimit(.minutes(20)))
struct ContractTests {
    /// Places and messages; each must also say what to do.
    private func diagnostics(_ source: String, path: String = "plugins/p/init.lua") -> [String] {
        LuaPlugin.load(path: path, source: Array(source.utf8)).diagnostics.map { diagnostic in
            #expect(diagnostic.help?.isEmpty == false, "\(diagnostic.rendered)")
            let place = diagnostic.line > 0 ? "\(diagnostic.path):\(diagnostic.line)" : diagnostic.path
            return "\(place): \(diagnostic.message)"
        }
    }

    @Test func `a plugin that keeps the contract loads without a word`() {
        let loaded = LuaPlugin.load(path: "init.lua", source: Array(Fixture.source("").utf8))
        #expect(loaded.diagnostics.isEmpty)
        #expect(loaded.plugin?.name == "fixture")
    }

    @Test(arguments: [("", true), ("event.fields.x = ailogger.null", true), ("event.fields.x = 7", false)])
    func `null in a sample's fields stands for no such field`(body: String, isRight: Bool) {
        let found = diagnostics(
            """
            return {
              name = "p", kind = "parser", api = 1, match = "^zz ",
              parse = function(line, event) event.level = "info" \(body) end,
              samples = { { line = "zz a", expect = { fields = { x = ailogger.null } } } },
            }
            """)
        #expect(found.isEmpty == isRight)
    }

    @Test func `everything that is missing is reported at once`() {
        #expect(
            diagnostics("return {}") == [
                "plugins/p/init.lua:1: name must be a string of small letters, digits, _ and -",
                "plugins/p/init.lua:1: kind must be one of \"parser\", \"filter\", \"correlator\", \"sink\", "
                    + "\"fluentbit\"",
                "plugins/p/init.lua:1: api must be 1",
                "plugins/p/init.lua:1: samples must be a list of at least one sample",
            ])
    }

    @Test func `wrong entries are reported with their lines`() {
        let source = """
            local M = {
              name = "No Good",
              kind = "parser",
              api = 2,
              match = "(",
              multiline = "yes",
            }
            M.parse = 5
            M.samples = {}
            return M
            """
        #expect(
            diagnostics(source) == [
                "plugins/p/init.lua:2: name must be a string of small letters, digits, _ and -",
                "plugins/p/init.lua:4: api 2 is unknown: this version knows api 1",
                "plugins/p/init.lua:5: match: missing closing parenthesis at offset 1",
                "plugins/p/init.lua:6: multiline must be true or false",
                "plugins/p/init.lua:8: parse must be a function: M.parse(line, event)",
                "plugins/p/init.lua:9: samples must be a list of at least one sample",
            ])
    }

    @Test(arguments: [("filter", "process"), ("correlator", "process"), ("sink", "write")])
    func `each kind has a function of its own`(kind: String, function: String) {
        let source = Fixture.source("").replacing("\"parser\"", with: "\"\(kind)\"")
        let found = diagnostics(source)
        #expect(found.contains { $0.contains("\(function) must be a function: M.\(function)(event") }, "\(found)")
    }

    @Test func `a syntax error carries its line and the text`() throws {
        let source = Array("local M = {}\nlocal x = = 1\nreturn M".utf8)
        let found = LuaPlugin.load(path: "plugins/p/init.lua", source: source).diagnostics
        #expect(found.count == 1)
        let first = try #require(found.first)
        #expect(
            first.rendered == """
                plugins/p/init.lua:2: error: unexpected symbol near '='
                 2 | local x = = 1
                  = help: correct the Lua code in this line or above it: the file must load without an error
                """)
    }

    @Test func `what has a key is shown at it, and what has none where the table begins`() {
        let source = "-- Lines.\n\n  local M = { name = \"p\", kind = 'sunk', api = 1 }\nreturn M\n"
        let found = LuaPlugin.load(path: "p.lua", source: Array(source.utf8)).diagnostics
        #expect(found.map(\.line) == [3, 3])
        #expect(found.map(\.column) == [27, 3])
        #expect(
            found.first?.rendered == """
                p.lua:3:27: error: kind must be one of "parser", "filter", "correlator", "sink", "fluentbit", not "sunk"
                 3 |   local M = { name = "p", kind = 'sunk', api = 1 }
                   |                           ^
                  = help: did you mean kind = "sink"?
                """)
    }

    @Test func `a sample that fails is shown at its text`() {
        let source = """
            local M = { name = "p", kind = "parser", api = 1, match = "^no" }
            function M.parse(line, event) event.level = "info" end
            M.samples = {
              { line = "now", expect = { level = "ERROR" } },
              { line = "no\\z
                x", expect = false },
            }
            return M
            """
        let found = LuaPlugin.load(path: "p.lua", source: Array(source.utf8)).diagnostics
        #expect(found.map(\.line) == [4, 3])
        #expect(found.map(\.column) == [13, 3])
    }

    @Test func `an error while the file runs carries its line`() {
        #expect(
            diagnostics("local a\n\nlocal b = a.c")
                == ["plugins/p/init.lua:3: attempt to index a nil value (local 'a')"])
    }

    @Test func `a pattern that doesn't compile is reported where it stands`() {
        #expect(
            diagnostics("local M = {}\nlocal re = ailogger.regex('a)')")
                == ["plugins/p/init.lua:2: regex: unmatched closing parenthesis at offset 1"])
    }

    @Test func `a file that returns no table is refused`() {
        #expect(
            diagnostics("return 5") == [
                "plugins/p/init.lua:1: the file must return the plugin's table, not a number"
            ])
    }

    @Test func `bytecode is refused`() {
        #expect(diagnostics("\u{1b}Lua") == ["plugins/p/init.lua:1: bytecode is not allowed in a plugin"])
    }

    @Test func `a file that never ends is refused`() {
        #expect(
            diagnostics("local M = {}\nwhile true do end")
                == ["plugins/p/init.lua:2: stopped after 1000000 instructions"])
    }

    @Test func `a file may have no bytes, or bytes that are no text`() {
        #expect(diagnostics("") == ["plugins/p/init.lua:1: the file must return the plugin's table, not nil"])
        let loaded = LuaPlugin.load(path: "init.lua", source: [0xff, 0x00, 0xfe])
        #expect(loaded.plugin == nil)
        #expect(loaded.diagnostics.count == 1)
    }

    @Test func `all samples that fail are reported, each with what it found`() {
        let source = """
            local M = { name = "p", kind = "parser", api = 1, match = "^[a-z]" }
            function M.parse(line, event)
              if line == "no" then return false end
              if line == "boom" then error("went wrong") end
              event.level = "warn"
              event.fields.n = 1
              event.fields.s = "1"
            end
            M.samples = {
              { line = "first", expect = { level = "ERROR", message = "other", fields = { n = "1", x = true } } },
              { line = "no", expect = {} },
              { line = "Upper", expect = {} },
              { line = "boom", expect = {} },
              { line = "yes", expect = false },
              { line = "fine", expect = { level = "warning", fields = { n = 1 } } },
            }
            return M
            """
        let found = Set(diagnostics(source))
        #expect(
            found == [
                "plugins/p/init.lua:10: sample 1: level is WARNING, expected ERROR",
                "plugins/p/init.lua:10: sample 1: message is \"first\", expected \"other\"",
                "plugins/p/init.lua:10: sample 1: field n is 1, expected \"1\"",
                "plugins/p/init.lua:10: sample 1: field x is absent, expected true",
                "plugins/p/init.lua:11: sample 2: the line is refused, by the guard or by parse",
                "plugins/p/init.lua:12: sample 3: the line is refused, by the guard or by parse",
                "plugins/p/init.lua:4: sample 4: went wrong",
                "plugins/p/init.lua:14: sample 5: the line is accepted, expected it refused",
            ])
    }

    @Test(
        arguments: [
            ("filter", "on_failur = 'drop'", "a filter has no entry \"on_failur\"", "did you mean \"on_failure\"?"),
            ("filter", "mtch = 'x'", "a filter has no entry \"mtch\"", "did you mean \"match\"?"),
            ("filter", "rules = { 'x' }", "a filter has no entry \"rules\"", ""),
            ("filter", "on_failure = { 'drop' }", "on_failure is a string, not a table", ""),
            ("filter", "level = {}", "level is a string, not a table", ""),
            ("filter", "5", "a filter has no entry \"[1]\"", ""),
            ("filter", "cache = {}", "a filter has no entry \"cache\"", "a name that begins with _"),
            (
                "correlator", "timr = print or pcall", "the function \"timr\" is none that is called",
                "did you mean \"timer\"?"
            ),
            ("correlator", "finish = 5", "finish is a function, not a number", ""),
            ("sink", "flsh = pcall", "the function \"flsh\" is none that is called", "did you mean \"flush\"?"),
        ])
    func `what means nothing to the plugin's kind is refused`(
        kind: String, entry: String, message: String, help: String
    ) {
        let source = """
            return { name = "p", kind = "\(kind)", api = 1, process = function() end, write = function() end,
              samples = { { \(kind == "correlator" ? "events = {}" : "line = 'x'"), expect = {} } },
              \(kind == "sink" ? "permissions = {}, " : "") \(entry) }
            """
        let found = LuaPlugin.load(path: "p.lua", source: Array(source.utf8)).diagnostics
        #expect(found.map(\.message) == [message])
        #expect(found.first?.help?.contains(help) == true, "\(found.map(\.rendered))")
    }

    @Test func `functions of the plugin's own, and what begins with _, are its own business`() {
        let source = """
            return { name = "p", kind = "filter", api = 1, process = function() end, processor = pcall, level_of = pcall,
              _cache = {}, _re = ailogger.regex("a"), on_failure = "drop", formats = "json", config = { any = 1 },
              samples = { { line = "x", expect = {} } } }
            """
        #expect(diagnostics(source) == [])
    }

    @Test func `of a line too long to read the part around the column is shown`() {
        let filler = String(repeating: "ä = 1, ", count: 2_000)
        let source = "return { \(filler) name = 'p', kind = 'sunk', \(filler) }"
        let found = LuaPlugin.load(
            path: "p.lua", source: Array(source.replacing("ä", with: "a").utf8)
        ).diagnostics
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.rendered.utf8.count < 700 }, "\(found[0].rendered)")
        var diagnostic = Diagnostic("wrong", path: "p.lua", line: 1, column: 1 + source.utf8.count / 2, source: source)
        diagnostic.column = Array(source.utf8).firstIndex(of: UInt8(ascii: "k")).map { $0 + 1 } ?? 0
        let lines = diagnostic.rendered.split(separator: "\n").map(Array.init)
        #expect(lines.count == 3)
        #expect(lines[2].firstIndex(of: "^").map { lines[1][$0] } == "k", "\(diagnostic.rendered)")
    }

    @Test func `an error of a sample is not said to be one of loading`() {
        let source = """
            local M = { name = "p", kind = "filter", api = 1 }
            function M.process(event) local x = event.nothing.more end
            M.samples = { { line = "x", expect = {} } }
            return M
            """
        let found = LuaPlugin.load(path: "p.lua", source: Array(source.utf8)).diagnostics
        #expect(found.map(\.line) == [2])
        #expect(found.first?.help?.contains("samples") == true)
    }

    @Test(
        arguments: [
            ("{ 5 }", "samples[1] must be a table"),
            ("{ {} }", "samples[1].line must be a string"),
            ("{ { line = 'x' } }", "samples[1].expect must be a table, or false for a line to refuse"),
            ("{ { line = 'x', expect = { level = 5 } } }", "samples[1]: expect.level must be a string"),
            ("{ { line = 'x', expect = { fields = 5 } } }", "samples[1]: expect.fields must be a table"),
            (
                "{ { line = 'x', expect = { fields = { a = print or pcall } } } }",
                "samples[1]: expect.fields.a can't be a function"
            ),
            (
                "{ { line = 'x', expect = { levle = 'INFO' } } }",
                "samples[1]: expect has no \"levle\": level, message, component, time and fields are what it has"
            ),
        ])
    func `samples of the wrong form are refused`(samples: String, message: String) {
        let source = """
            return { name = "p", kind = "parser", api = 1, match = ".", parse = function() end, samples = \(samples) }
            """
        #expect(diagnostics(source) == ["plugins/p/init.lua:1: \(message)"])
    }
}
