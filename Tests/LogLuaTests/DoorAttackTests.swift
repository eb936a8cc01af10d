import LogCore
import LogLua
import Testing

/// Attempts to get out, and to change what others have.
@Suite(.timeLimit(.minutes(20)))
struct DoorAttackTests {
    /// What a plugin must not reach, and what it must not change.
    private static let doors: [(name: String, code: String)] = [
        ("a file", "io.open('/etc/passwd')"),
        ("a program", "os.execute('true')"),
        ("the environment", "os.getenv('HOME')"),
        ("the registry", "debug.getregistry()"),
        ("a native library", "package.loadlib('libc.so.6', '*')"),
        ("the path of modules", "package.path = '/tmp/?.lua'"),
        ("a library through package", "package.loaded.os.execute('true')"),
        ("a chunk of a file", "dofile('/etc/passwd')"),
        ("bytecode", #"assert(load('\27Lua' .. ('x'):rep(100)))"#),
        ("code from a function", "load(function() while true do end end)"),
        ("a dump", "string.dump(function() end)"),
        ("a module of the folder above", "require '../x'"),
        ("a module on the way up", "require 'a/../../b'"),
        ("a module with a zero in its name", #"require 'a\0b'"#),
        ("a module by its path", "require '/etc/passwd'"),
        ("a module of dots", "require '..'"),
        ("a module without a name", "require ''"),
        ("a module with a long name", "require(('a.'):rep(100000))"),
        ("a module that is a table", "require {}"),
        ("the library io as a module", "require 'io'"),
        ("the library package as a module", "require 'package'"),
        ("a native module", "require 'libc'"),
        ("lpeg without leave", "require 'lpeg'"),
        ("the methods of strings", "getmetatable('').__index = {}"),
        ("another metatable for strings", "setmetatable('', {})"),
        ("another metatable for the event", "setmetatable(event, {})"),
        ("another metatable for its fields", "setmetatable(event.fields, {})"),
        ("another metatable for a regex", "setmetatable(ailogger.regex('a'), {})"),
        ("the metatable of matches", "getmetatable(ailogger.regex('a'):match('a')).__index = nil"),
        ("the metatable of json lists", "getmetatable(ailogger.json.array({})).__index = error"),
        ("a finalizer by hand", "ailogger.regex('a').__gc(ailogger.regex('b'))"),
        ("raw access to the event", "rawset(event, 'message', 'x')"),
        ("the line as read", "event.raw = 'x'"),
        ("all fields at once", "event.fields = {}"),
        ("a member that isn't there", "event.nothing = 1"),
        ("a method on the event", "ailogger.regex('a').test(event, 'a')"),
        ("a method on a regex", "ailogger.cache { size = 1 }.get(ailogger.regex('a'), 'a')"),
        ("a member of null", "local null = ailogger.null null.x = 1"),
        ("a collection", "collectgarbage('stop')"),
        ("weak keys", "setmetatable({}, { __mode = 'k' })"),
        ("weak values", "setmetatable({}, { __mode = 'v' })"),
        ("weak keys later", "local m = {} local t = setmetatable({}, m) m.__mode = 'k'"),
        ("weak keys later, raw", "local m = {} local t = setmetatable({}, m) rawset(m, '__mode', 'k')"),
        ("weak keys by a name made up", "local m = {} local t = setmetatable({}, m) m['__mo' .. 'de'] = 'k'"),
        ("weak keys of a table that is its own", "local m = {} setmetatable(m, m) m.__mode = 'k'"),
        (
            "weak keys past a metatable's metatable",
            """
            local base = { __newindex = false } local m = setmetatable({}, base) local t = setmetatable({}, m)
            base.__newindex = nil m.__mode = 'k'
            """
        ),
        (
            "weak keys with the metatable's metatable gone",
            "local m = {} local t = setmetatable({}, m) setmetatable(m, nil) m.__mode = 'k'"
        ),
        (
            "weak keys with another metatable's metatable",
            "local m = {} local t = setmetatable({}, m) setmetatable(m, {}) m.__mode = 'k'"
        ),
        ("the locale", "os.setlocale('C')"),
        ("warnings", "warn('@on')"),
        ("metrics in a parser", "ailogger.metric.counter('a'):add(1)"),
    ]

    @Test(arguments: doors) func `there is no way out`(name: String, attack: String) throws {
        let kills = try Attack.kills(by: attack)
        #expect(kills == 0, "stopped by a limit only")
    }

    @Test func `what a plugin does to the library, it does to itself`() throws {
        let attack = try Fixture(
            """
            string.find = nil string.gsub = function() return 'mine' end table.concat = error tostring = nil
            ailogger.regex = nil ailogger.json.decode = error ailogger.log = nil pcall = nil setmetatable = nil
            _G.ailogger = { null = 1 } _G._G = nil event.fields.ok = ('x'):gsub('x', 'y')
            """)
        let other = try Fixture(
            """
            event.fields.ok = line:gsub('l', 'L') .. line:find('n') .. tostring(pcall(error))
              .. table.concat({ 1, 2 }) .. ailogger.json.decode('[3]')[1] .. ailogger.regex('i'):match(line)[0]
            """)
        #expect(attack.parse("line")?.text("ok") == "mine", "\(attack.parser.errors)")
        #expect(other.parse("line")?.text("ok") == "Line3false123i", "\(other.parser.errors)")
        // The next state of the same plugin begins afresh.
        let anew = try Fixture(
            "if line == 'kill' then string.gsub = nil while true do end end event.fields.ok = line:gsub('a', 'b')")
        #expect(anew.parse("kill") == nil)
        #expect(anew.parser.errors.kills == 1)
        #expect(anew.parse("a")?.text("ok") == "b")
    }

    @Test func `an event that is kept is over with the next one, whatever way it was kept`() throws {
        let fixture = try Fixture(
            """
            kept, fields, step = kept or event, fields or event.fields, step or pairs(event.fields)
            late = late or coroutine.wrap(function(event)
              while true do coroutine.yield(pcall(function() return event.raw end)) end
            end)
            local function why(read)
              local is_there, message = pcall(read)
              return is_there and "there" or message:match("event is over") or message
            end
            event.fields.same = kept == event
            event.fields.read = why(function() return kept.raw end)
            event.fields.written = why(function() kept.message = "changed" end)
            event.fields.field = why(function() return fields.same end)
            event.fields.set = why(function() fields.set_late = 1 end)
            event.fields.pairs = why(function() return pairs(fields) end)
            event.fields.next = why(step)
            event.fields.encoded = why(function() return ailogger.json.encode(fields) end)
            event.fields.sample = why(function() return kept:sample() end)
            event.fields.grok = why(function() return grok:apply(kept, "a") end)
            local is_there, message = late(event)
            event.fields.late = is_there and "there" or message:match("event is over")
            """, before: "local grok = ailogger.grok('%{WORD:word}')")
        let names = ["read", "written", "field", "set", "pairs", "next", "encoded", "sample", "grok", "late"]
        for line in ["one", "two", "three"] {
            let event = try #require(fixture.parse(line), "\(fixture.parser.errors)")
            let isFirst = line == "one"
            #expect(event.text("same") == "\(isFirst)")
            for name in names { #expect(event.text(name) == (isFirst ? "there" : "event is over"), "\(name)") }
            #expect(event.text("set_late") == (isFirst ? "1" : nil))
        }
    }

    @Test func `a match that is kept stays what it was`() throws {
        let fixture = try Fixture(
            "kept = kept or re:match(line) event.fields.kept = kept[1]",
            before: "local re = ailogger.regex('(.+)')")
        #expect(fixture.parse("first")?.text("kept") == "first")
        #expect(fixture.parse("a second line")?.text("kept") == "first")
    }

    @Test(
        arguments: [
            "error(setmetatable({}, { __tostring = function() while true do end end }))",
            "coroutine.yield()",
            "return setmetatable({}, { __index = function() while true do end end })",
            "string.format = nil error('x')",
            "local s = {} s[1] = { line = 'x', expect = { fields = s } } return { samples = s }",
            "local c = {} c.c = c return { config = c }",
            "local f = {} for i = 1, 100000 do f['k' .. i] = 1 end return { samples = { { line = 'x', expect = f } } }",
            "return { match = ('(a'):rep(100000) }",
            "return { match = '(?:(?:a{1,1000}){1,1000}){1,1000}' }",
            "return { name = ('x'):rep(1000000), kind = {}, api = 1 << 62, parse = 1, samples = 7 }",
            "return event.message",
            "return nil, {}",
        ])
    func `a file that attacks while it is read is refused`(source: String) {
        let loaded = LuaPlugin.load(path: "plugins/attack/init.lua", source: Array(source.utf8))
        #expect(loaded.plugin == nil)
        #expect(!loaded.diagnostics.isEmpty)
    }
}
