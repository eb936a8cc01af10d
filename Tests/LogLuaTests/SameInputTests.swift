import LogCore
import LogLua
import Testing

/// A log gives the same result whenever it is read, and on whichever worker.
@Suite(.timeLimit(.minutes(20)))
struct SameInputTests {
    @Test func `random numbers belong to the event`() throws {
        let body = "event.fields.a = math.random(1 << 30) event.fields.b = math.random(1 << 30)"
        let one = try Fixture(body)
        let other = try Fixture(body)
        _ = other.parse("something before")
        let first = try #require(one.parse("a line"))
        let second = try #require(other.parse("a line"))
        #expect(first.text("a") == second.text("a") && first.text("b") == second.text("b"))
        #expect(first.text("a") != first.text("b"))
        #expect(try #require(one.parse("another line")).text("a") != first.text("a"))
    }

    @Test func `a seed without a number is always the same, and one with a number stays`() throws {
        let bare = "math.randomseed() event.fields.n = math.random(1 << 30)"
        #expect(try Fixture(bare).parse("x")?.text("n") == Fixture(bare).parse("x")?.text("n"))
        let own = try Fixture("event.fields.n = math.random(1 << 30)", before: "math.randomseed(7)")
        let numbers = (0..<3).compactMap { _ in own.parse("x")?.text("n") }
        #expect(Set(numbers).count == 3, "the seed of the script's own was put aside")
    }

    @Test func `no address is shown`() throws {
        let fixture = try Fixture(
            """
            local f = event.fields f.table = tostring({}) f.call = tostring(pcall) f.list = ('%s|%5s|%d'):format({}, error, 3)
            f.thread = tostring(coroutine.create(error)) f.regex = tostring(ailogger.regex('a')) f.event = tostring(event)
            f.null = tostring(ailogger.null)
            f.named = tostring(setmetatable({}, { __tostring = function() return 'me' end }))
            """.replacing("\n", with: " "))
        let event = try #require(fixture.parse("x"), "\(fixture.parser.errors)")
        let found = event.fields.map { "\($0.name)=\($0.text)" }.joined(separator: " ")
        #expect(
            found == "table=table call=function list=table|function|3 thread=thread regex=regex event=event null=null "
                + "named=me", "\(found)")
    }

    @Test func `the clock is the event's`() throws {
        let fixture = try Fixture("event.fields.clock = os.clock() == os.time()")
        #expect(fixture.parse("x")?.text("clock") == "true")
    }

    @Test func `sorted_pairs goes by the keys`() throws {
        let fixture = try Fixture(
            """
            local t, seen = { b = 2, a = 1, [2] = 'y', [1] = 'x', [1.5] = 'z', c = 3 }, {}
            for k, v in ailogger.sorted_pairs(t) do seen[#seen + 1] = k .. '=' .. v t.b = nil end
            event.fields.seen = table.concat(seen, ' ')
            event.fields.none = next({}) == nil and ailogger.sorted_pairs({})() == nil
            """.replacing("\n", with: " "))
        let event = try #require(fixture.parse("x"), "\(fixture.parser.errors)")
        #expect(event.text("seen") == "1=x 1.5=z 2=y a=1 c=3")
        #expect(event.text("none") == "true")
    }

    @Test func `a script of Fluent Bit's adds its fields in one order, prints to the log and finds no environment`()
        throws
    {
        let script = """
            function cb(tag, time, record)
              print("seen", record.log, nil)
              for word in ("k j i h g f e d c b a"):gmatch("%a") do record[word] = os.getenv("HOME") or word end
              return 2, time, record
            end
            """
        let source = """
            return { name = "fixture", kind = "fluentbit", api = 1, script = "s.lua", call = "cb",
              samples = { { event = { message = "sample" }, expect = {} } } }
            """
        let module = LuaScript.Module(name: "s", path: "plugins/fixture/s.lua", source: Array(script.utf8))
        let loaded = LuaPlugin.load(
            LuaScript(path: "plugins/fixture/init.lua", source: Array(source.utf8), modules: [module]))
        let plugin = try #require(loaded.plugin, "\(loaded.diagnostics.map(\.rendered))")
        var batch = PluginFailureTests.batch(["line"])
        let stage = LuaStage(plugin)
        stage.run(&batch, LuaBatchFacts(), formats: [])
        let record = batch.records[0]
        let names = batch.event.fields[Int(record.firstField)..<Int(record.firstField) + Int(record.fieldCount)].map {
            String(decoding: batch.event.keys.name($0.key), as: UTF8.self)
        }
        #expect(names == ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"])
        #expect(stage.takeOutput().log.map(\.text) == ["seen\tline\tnil"])
    }
}
