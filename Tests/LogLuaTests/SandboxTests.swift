import LogCore
import LogLua
import Testing

/// Scripts that want out, or never end.
@Suite(.timeLimit(.minutes(20)))
struct SandboxTests {
    /// Runs `attack` on one line; the lines before and after it must come through.
    private func expectStopped(_ attack: String, _ reason: String, before: String = "") throws {
        let fixture = try Fixture("if line == 'attack' then \(attack) end event.fields.ok = true", before: before)
        #expect(fixture.parse("before")?.text("ok") == "true")
        #expect(fixture.parse("attack") == nil)
        #expect(fixture.parser.errors.kills == 1)
        #expect(fixture.parser.errors.first?.contains(reason) == true, "\(fixture.parser.errors)")
        #expect(fixture.parse("after")?.text("ok") == "true")
        #expect(fixture.parser.errors.count == 1)
        #expect(!fixture.parser.isSetAside)
    }

    @Test(
        arguments: [
            "while true do end",
            "while true do pcall(function() while true do end end) end",
            "while true do xpcall(function() while true do end end, function() while true do end end) end",
            "xpcall(function() while true do end end, function() while true do end end)",
            "xpcall(error, function() while true do end end)",
            "pcall(pcall, pcall, function() while true do end end)",
            "local co = coroutine.wrap(function() while true do end end) co()",
            "while true do local co = coroutine.create(function() while true do end end) coroutine.resume(co) end",
            "while true do pcall(coroutine.wrap(function() pcall(function() while true do end end) end)) end",
            """
            local all = {} for i = 1, 1000 do all[i] = coroutine.create(function()
            for j = 1, 300000 do if j % 50 == 0 then coroutine.yield() end end end) end
            while true do for i = 1, 1000 do coroutine.resume(all[i]) end end
            """,
            "while true do coroutine.wrap(function() local x = 1 end)() end",
            "local function f() return f() end f()",
            """
            local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end})
            pcall(function() return t[1] end) while true do end
            """,
            "for _ in string.gmatch(string.rep('x', 1000000), '.') do end",
            "table.sort({3, 2, 1, 5, 4}, function() while true do end end)",
            "string.gsub('abc', '.', function() while true do end end)",
            """
            local m = {} local t = setmetatable({}, m) m.__close = function() while true do end end
            local x <close> = t while true do end
            """,
            "local m = {} setmetatable(m, {__tostring = function() while true do end end}) tostring(m)",
            "goto a ::a:: goto a",
        ])
    func `an endless loop costs one event and no more`(attack: String) throws {
        try expectStopped(attack.replacing("\n", with: " "), "stopped after", before: "")
    }

    @Test(
        arguments: [
            "local s = 'x' while true do s = s .. s end",
            "local t = {} for i = 1, 1e9 do t[i] = i end",
            "local t = {} for i = 1, 1e9 do t[i] = { i } end",
            "local s = 'x' while true do pcall(function() s = s .. s end) end",
            "local function f() return 1 + f() end f()",
            "local function f(...) return 1 + f(1, ...) end f()",
            "while true do pcall(function() local function f() return 1 + f() end f() end) end",
            "local t = {} while true do t[#t + 1] = string.rep('x', 100000) end",
            "local t = {} while true do t[#t + 1] = coroutine.wrap(function() coroutine.yield() end) t[#t]() end",
        ])
    func `the memory cap holds`(attack: String) throws {
        try expectStopped(attack, "stopped")
    }

    @Test(
        arguments: [
            ("string.rep('x', 1e9)", "string.rep: the result is over 1048576 bytes"),
            ("string.rep('', 2e10)", "string.rep: the result is over 1048576 bytes"),
            ("('x'):rep(1 << 40, 'y')", "string.rep: the result is over 1048576 bytes"),
            ("table.move({}, 1, 1 << 40, 2)", "table.move: more than 1048576 elements"),
            ("table.concat({}, '', 1, 1 << 40)", "table.concat: more than 1048576 elements"),
            ("table.unpack({}, 1, 1 << 40)", "table.unpack: more than 1048576 elements"),
            ("table.unpack({}, math.mininteger, math.maxinteger)", "table.unpack: more than 1048576 elements"),
            (
                "table.insert(setmetatable({}, {__len = function() return 1 << 40 end}), 1, 1)",
                "functions of table refuse a table with __len in a plugin"
            ),
            ("setmetatable({}, {__gc = function() end})", "__gc is not allowed in a plugin's metatable"),
            ("setmetatable({}, {__close = function() end})", "__close is not allowed in a plugin's metatable"),
            ("collectgarbage()", "collectgarbage(\"collect\") is not allowed in a plugin, only \"count\""),
            ("error({})", "the error is a table"),
            ("error(setmetatable({}, {__tostring = function() while true do end end}))", "the error is a table"),
            ("error(nil)", "the error is nil"),
            ("error(12)", "12"),
            ("error(1.5)", "1.5"),
            ("getmetatable('').__index = 1", "attempt to index a boolean value"),
        ])
    func `what is refused is an ordinary error`(attack: String, message: String) throws {
        let fixture = try Fixture("if line == 'attack' then \(attack) end")
        #expect(fixture.parse("attack") == nil)
        let first = fixture.parser.errors.first ?? ""
        #expect(first.hasPrefix("plugins/fixture/init.lua:5: \(message)"), "\(first)")
        #expect(fixture.parser.errors.kills == 0)
        #expect(fixture.parse("after") != nil)
    }

    @Test(
        arguments: [
            "os.getenv", "os.remove", "os.rename", "os.tmpname", "os.setlocale", "os.difftime", "string.dump",
        ])
    func `forbidden functions are not there`(name: String) throws {
        let fixture = try Fixture("event.fields.found = \(name) ~= nil")
        #expect(fixture.parse("x")?.text("found") == "false")
    }

    @Test(
        arguments: [
            "load('\\27Lua')", "load('\\27Lua', 'x', 'b')", "load('return 1', 'x', 'b')", "load('\\27Lua', 'x', 'bt')",
        ])
    func `load takes no bytecode`(call: String) throws {
        let fixture = try Fixture("local f, why = \(call) event.fields.f = f ~= nil event.fields.why = why")
        #expect(fixture.parse("x")?.text("f") == "false")
        #expect(fixture.parse("x")?.text("why") == "bytecode is not allowed in a plugin")
    }

    @Test func `load takes text, a name and an environment`() throws {
        let fixture = try Fixture(
            "event.fields.a = load('return 1 + 1')() event.fields.b = load('return x', 'n', 't', { x = 7 })()")
        let event = try #require(fixture.parse("x"))
        #expect(event.text("a") == "2")
        #expect(event.text("b") == "7")
    }

    @Test(arguments: ["''", "event", "event.fields", "ailogger.regex('a')", "ailogger.regex('a'):match('a')"])
    func `shared metatables can't be had`(value: String) throws {
        let fixture = try Fixture("event.fields.mt = getmetatable(\(value))")
        #expect(fixture.parse("x")?.field("mt")?.text == "false")
    }

    @Test func `pcall, xpcall and coroutines otherwise do what they always do`() throws {
        let fixture = try Fixture(
            """
            local f = event.fields
            local ok, why = pcall(error, 'a', 0) f.pcall = tostring(ok) .. why
            f.many = select('#', pcall(function(...) return ... end, 1, nil, 3))
            f.xpcall = select(2, xpcall(function(x) error('b' .. x, 0) end, function(m) return m .. '!' end, 1))
            f.fine = select(2, xpcall(function(x, y) return x + y end, error, 2, 3))
            local co = coroutine.create(function(a) local b = coroutine.yield(a + 1) return b * 2 end)
            local _, y = coroutine.resume(co, 1) local _, z = coroutine.resume(co, 10)
            f.co = y .. ' ' .. z .. ' ' .. coroutine.status(co) f.dead = select(2, coroutine.resume(co))
            local gen = coroutine.wrap(function() for i = 1, 3 do pcall(coroutine.yield, i) end end)
            f.gen = gen() .. gen() .. gen()
            f.werr = select(2, pcall(coroutine.wrap(function() error('c', 0) end)))
            local c2 = coroutine.create(function() coroutine.yield() end) coroutine.resume(c2)
            f.close = coroutine.close(c2) f.closed = coroutine.status(c2)
            """.replacing("\n", with: " "))
        let event = try #require(fixture.parse("x"))
        #expect(event.text("pcall") == "falsea")
        #expect(event.text("many") == "4")
        #expect(event.text("xpcall") == "b1!")
        #expect(event.text("fine") == "5")
        #expect(event.text("co") == "2 20 dead")
        #expect(event.text("dead") == "cannot resume dead coroutine")
        #expect(event.text("gen") == "123")
        #expect(event.text("werr") == "c")
        #expect(event.text("close") == "true")
        #expect(event.text("closed") == "dead")
    }

    @Test func `metatables of metatables do what they always do`() throws {
        let fixture = try Fixture(
            """
            local f = event.fields
            local Base = {} Base.__index = Base function Base.name(self) return 'base ' .. self.n end
            local Sub = setmetatable({}, { __index = Base, __call = function(class, n)
              return setmetatable({ n = n }, class) end })
            Sub.__index = Sub local one = Sub('one') f.inherited = one:name()
            function Sub.name(self) return 'sub ' .. self.n end f.own = one:name()
            function Sub.__tostring(self) return '<' .. self.n .. '>' end f.text = tostring(one)
            f.class = getmetatable(one) == Sub f.base = getmetatable(Sub).__index == Base
            local seen = {} local m = setmetatable({}, { __newindex = function(t, k, v) rawset(t, k, v)
              seen[#seen + 1] = k end }) local o = setmetatable({}, m)
            m.__index = function(_, k) return k .. '!' end f.later = o.x f.seen = table.concat(seen)
            local into = {} local n = setmetatable({}, { __newindex = into }) local p = setmetatable({}, n)
            n.y = 'moved' f.moved = tostring(rawget(n, 'y')) .. into.y
            local keys = 0 for _ in pairs(m) do keys = keys + 1 end f.keys = keys
            local plain = {} setmetatable({}, plain) f.none = not getmetatable(plain)
            setmetatable(plain, { __index = { z = 'new' } }) f.new = plain.z
            setmetatable(plain, nil) f.gone = tostring(plain.z)
            """.replacing("\n", with: " "))
        let event = try #require(fixture.parse("x"), "\(fixture.parser.errors)")
        let found = event.fields.map { "\($0.name)=\($0.text)" }.joined(separator: " ")
        #expect(
            found
                == "inherited=base one own=sub one text=<one> class=true base=true later=x! seen=__index "
                + "moved=nilmoved keys=1 none=true new=new gone=nil")
    }

    @Test func `the library that stays works as in Lua`() throws {
        let fixture = try Fixture(
            """
            local f = event.fields
            f.rep = ('ab'):rep(3, '-') f.rep0 = ('x'):rep(0) f.rep1 = ('x'):rep(1, ',')
            local t = {3, 1, 2} table.sort(t) table.insert(t, 4) table.insert(t, 1, 0) table.remove(t, 2)
            f.t = table.concat(t, ',') f.last = table.remove(t) f.moved = #table.move({1, 2, 3}, 1, 3, 2)
            f.sum = select('#', table.unpack({1, 2, 3})) f.utf = utf8.len('äö') f.max = math.max(1, 2)
            f.year = os.date('!%Y', 0) f.pack = string.unpack('<i2', string.pack('<i2', -2))
            """.replacing("\n", with: " "))
        let event = try #require(fixture.parse("x"))
        let found = event.fields.map { "\($0.name)=\($0.text)" }.joined(separator: " ")
        #expect(
            found
                == "rep=ab-ab-ab rep0= rep1=x t=0,2,3,4 last=4 moved=4 sum=3 utf=2 max=2 year=1970 pack=-2")
    }

    @Test func `a pattern that backtracks forever is an error and not a mismatch`() throws {
        let fixture = try Fixture(
            "re:test(line)", before: "local re = ailogger.regex('^(a+)+$')", limits: .unhurried)
        #expect(fixture.parse(String(repeating: "a", count: 40) + "b") == nil)
        #expect(fixture.parser.errors.first?.hasSuffix("regex: match limit hit on 41 bytes") == true)
        #expect(fixture.parse("aaa") != nil)
    }

    @Test func `patterns made in a loop run out of budget, not of memory`() throws {
        try expectStopped("while true do pcall(ailogger.regex, 'a(b)c' .. math.random(1e9)) end", "stopped")
    }

    @Test func `a plugin that keeps failing goes on with what it can do`() throws {
        let fixture = try Fixture("if line == 'bad' then error('no') end")
        for _ in 0..<500 { #expect(fixture.parse("bad") == nil) }
        #expect(!fixture.parser.isSetAside)
        #expect(fixture.parse("good") != nil)
        #expect(fixture.parser.errors == LuaErrors(count: 500, kills: 0, first: "plugins/fixture/init.lua:5: no"))
    }

    @Test(arguments: ["while true do end", "re:test(('a'):rep(40) .. 'b')"])
    func `a plugin that keeps hitting limits is put aside`(body: String) throws {
        let fixture = try Fixture(
            "if line == 'bad' then \(body) end", before: "local re = ailogger.regex('^(a+)+$')", limits: .unhurried)
        for _ in 0..<9 { #expect(fixture.parse("bad") == nil) }
        #expect(!fixture.parser.isSetAside)
        #expect(fixture.parse("good") != nil)
        #expect(fixture.parse("bad") == nil)
        #expect(fixture.parser.isSetAside)
        #expect(fixture.parse("good") == nil)
    }
}
