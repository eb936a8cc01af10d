import LogLua
import Testing

@Suite(.timeLimit(.minutes(20)))
struct CacheLibraryTests {
    private func result(_ options: String, _ body: String) throws -> String {
        try Fixture.text(of: "run()", before: "local c = ailogger.cache{ \(options) } local function run() \(body) end")
    }

    @Test func `the least recently used goes first, and looking counts as use`() throws {
        let found = try result(
            "size = 3",
            """
            c:set('a', 1) c:set('b', 2) c:set('c', 3) c:get('a') c:set('d', 4)
            return ('%s %s %s %s %d'):format(c:get('a'), c:get('b'), c:get('c'), c:get('d'), c:count())
            """)
        #expect(found == "1 nil 3 4 3")
    }

    @Test func `setting again is use, and no further entry`() throws {
        let found = try result(
            "size = 2",
            """
            c:set('a', 1) c:set('b', 2) c:set('a', 3) c:set('c', 4)
            return ('%s %s %d'):format(c:get('a'), c:get('b'), c:count())
            """)
        #expect(found == "3 nil 2")
    }

    @Test func `values are kept over lines`() throws {
        let fixture = try Fixture(
            "event.fields.before = c:get('line') or '' c:set('line', line)", before: "local c = ailogger.cache{}")
        #expect(fixture.parse("one")?.text("before") == "")
        #expect(fixture.parse("two")?.text("before") == "one")
        #expect(fixture.parse("three")?.text("before") == "two")
    }

    @Test(
        arguments: [
            ("1", "1.0", true), ("1", "'1'", false), ("2.5", "2.5", true), ("true", "false", false),
            ("true", "true", true), (#"'a\0b'"#, #"'a\0c'"#, false), ("('k'):rep(200)", "('k'):rep(199) .. 'k'", true),
            ("''", "''", true), ("math.mininteger", "-0x1p63", true), ("0", "-0.0", true), ("1/0", "-1/0", false),
        ])
    func `keys are the same where Lua takes them for the same`(set: String, get: String, found: Bool) throws {
        #expect(try result("", "c:set(\(set), 'v') return c:get(\(get))") == (found ? "v" : "nil"))
    }

    @Test func `any value is kept as it is, false too`() throws {
        let found = try result(
            "",
            """
            local t, f = {}, function() end c:set(1, t) c:set(2, f) c:set(3, false) c:set(4, ailogger.null)
            return c:get(1) == t and c:get(2) == f and c:get(3) == false and c:get(4) == ailogger.null
            """)
        #expect(found == "true")
    }

    @Test func `deleting says whether there was something, and nil deletes`() throws {
        let found = try result(
            "",
            """
            c:set('a', 1) c:set('b', 2) c:set('b', nil)
            return ('%s %s %d'):format(c:delete('a'), c:delete('b'), c:count())
            """)
        #expect(found == "true false 0")
    }

    @Test func `without event time nothing expires`() throws {
        #expect(try result("expire = '1ns'", "c:set('a', 1) return ('%d %d'):format(c:get('a'), c:count())") == "1 1")
    }

    @Test(arguments: ["'10s'", "10000000000"])
    func `an entry goes when it is as old as it may get, by event time`(expire: String) throws {
        let run = try FilterRun(
            """
            local found = c:get('k') ailogger.log('info', ('%s of %d'):format(found, c:count()))
            if not found then c:set('k', event.time) end
            """,
            before: "local c = ailogger.cache{ expire = \(expire) }",
            times: [0, 9_999_999_999, 10_000_000_000, 15_000_000_000])
        #expect(run.output.log.map(\.text) == ["nil of 0", "0 of 1", "nil of 0", "10000000000 of 1"])
    }

    @Test func `what has expired makes room, though it was used later`() throws {
        let run = try FilterRun(
            """
            c:set(event.time or 0, true) c:get(0)
            if event.time == 11 then ailogger.log('info', ('%s %s'):format(c:get(0), c:get(6))) end
            """,
            before: "local c = ailogger.cache{ size = 2, expire = '10ns' }", times: [0, 6, 11])
        #expect(run.output.log.map(\.text) == ["nil true"])
    }

    /// The sizes at which a table is full are those where it would be made anew at each change.
    @Test(arguments: [1, 2, 63, 64, 65, 128, 1000])
    func `it behaves as a list sorted by use`(size: Int) throws {
        let found = try result(
            "size = \(size)",
            """
            local list, seed = {}, 7
            local function random(n) seed = (seed * 1103515245 + 12345) & 0x7fffffff return (seed >> 8) % n + 1 end
            local function place(k) for i, e in ipairs(list) do if e[1] == k then return i end end end
            for step = 1, 400 do
              local key, kind = random(\(size) * 2), random(10)
              if key % 3 == 0 then key = 'k' .. key end
              local at = place(key)
              if kind < 5 then
                if c:get(key) ~= (at and list[at][2]) then return 'get ' .. step end
                if at then table.insert(list, 1, table.remove(list, at)) end
              elseif kind < 10 then
                c:set(key, step)
                if at then table.remove(list, at) end
                table.insert(list, 1, { key, step })
                if #list > \(size) then table.remove(list) end
              elseif c:delete(key) ~= (at ~= nil) then return 'delete ' .. step
              elseif at then table.remove(list, at) end
              if c:count() ~= #list then return 'count ' .. step end
            end
            return 'same'
            """)
        #expect(found == "same")
    }

    @Test(
        arguments: [
            ("{ size = 0 }", "cache: size is a number from 1 to 100000"),
            ("{ size = 100001 }", "cache: size is a number from 1 to 100000"),
            ("{ size = 1.5 }", "cache: size is a number from 1 to 100000"),
            ("{ expire = 'soon' }", "cache: expire is a duration as \"5m\", or nanoseconds"),
            (
                "{ expire = 300 }",
                "cache: expire: 300 is 300 nanoseconds: write \"300s\" for seconds, \"300ns\" if it is meant"
            ),
            ("{ expire = 0 }", "cache: expire is a duration as \"5m\", or nanoseconds"),
            ("{ sise = 1 }", "cache has no option \"sise\": it has size and expire"),
        ])
    func `options that make no sense are errors`(options: String, message: String) throws {
        #expect(try Fixture.error(of: "ailogger.cache\(options)") == message)
    }

    @Test(
        arguments: [
            ("c:set({}, 1)", "cache: a key is a string, number or boolean, not a table"),
            ("c:get()", "cache: a key is a string, number or boolean, not nil"),
            ("c:set(0/0, 1)", "cache: a key can't be NaN"),
        ])
    func `keys that can't be are errors`(lua: String, message: String) throws {
        #expect(try Fixture.error(of: lua, before: "local c = ailogger.cache()") == message)
    }
}
