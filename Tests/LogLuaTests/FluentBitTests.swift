import LogCore
import LogLua
import Testing

/// Scripts of Fluent Bit's are taken as Fluent Bit takes them. What each must make of an event is in its samples.
@Suite(.timeLimit(.minutes(20)))
struct FluentBitTests {
    static func problems(_ body: String, expect: String) -> [String] {
        let script = "function cb(tag, time, record) \(body) end"
        let source = """
            return { name = "fixture", kind = "fluentbit", api = 1, script = "s.lua", call = "cb",
              samples = { { event = { message = "a", time = "2026-11-20T10:00:00Z" }, expect = \(expect) } } }
            """
        let module = LuaScript.Module(name: "s", path: "plugins/fixture/s.lua", source: Array(script.utf8))
        let loaded = LuaPlugin.load(
            LuaScript(path: "plugins/fixture/init.lua", source: Array(source.utf8), modules: [module]))
        return loaded.diagnostics.map(\.rendered)
    }

    @Test(
        arguments: [
            ("return", #"{ message = "a", fields = {} }"#),
            ("record.b = 1", #"{ message = "a", fields = {} }"#),
            ("return '-1'", "false"),
            ("return -1.0, time, record", "false"),
            ("return '0', time, { log = 'b' }", #"{ message = "a" }"#),
            ("record.b = 1 return '1', time, record", #"{ message = "a", fields = { b = 1 } }"#),
            ("record.b = 1 return 2.0, 0, record", #"{ fields = { b = 1 }, time = "2026-11-20T10:00:00Z" }"#),
            ("return 1, '1763800000.5', record", #"{ time = "2025-11-22T08:26:40.5Z" }"#),
            ("return 1, { sec = '1763800000', nsec = 7.0 }, record", #"{ time = 1763800000000000007 }"#),
            ("return 1, { sec = 1763800000.9 }, record", #"{ time = 1763800000000000000 }"#),
            (
                "record.gone = flb_null record.same = flb_null == record.gone return 2, 0, record",
                #"{ fields = { gone = ailogger.null, same = true } }"#
            ),
            ("return 1, nil, { log = 'b' }", #"{ message = "b", time = "2026-11-20T10:00:00Z" }"#),
        ])
    func `a code and a time are taken as numbers, whatever their type`(body: String, expect: String) {
        #expect(Self.problems(body, expect: expect) == [])
    }

    @Test(arguments: [("return 3", "3"), ("return {}", "table"), ("return 'drop'", "drop"), ("return true", "true")])
    func `a code that means nothing is told`(body: String, shown: String) {
        let told = Self.problems(body, expect: #"{ message = "a" }"#).first ?? ""
        #expect(told.contains("cb returned \(shown), not -1, 0, 1 or 2"), "\(told)")
    }
}
