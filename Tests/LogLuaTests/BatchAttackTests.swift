import LogCore
import LogLua
import Testing

/// What plugins write to the events of a batch is bounded as a whole: an event that asks for more fails, and goes on as it
/// came.
@Suite(.timeLimit(.minutes(20)))
struct BatchAttackTests {
    private static let tooMuch = "more than 16 MiB written to the events of one batch"

    /// Of a batch that a filter went over: what was kept, and how many events.
    private struct Outcome {
        var decoded = 0
        var fields = 0
        var messages: [String] = []
        var failed: [String] = []
        var errors = LuaErrors()
    }

    private static func run(_ plugin: LuaPlugin, _ texts: [String]) -> Outcome {
        var batch = PluginFailureTests.batch(texts)
        let stage = LuaStage(plugin)
        stage.run(&batch, LuaBatchFacts(), formats: [])
        var outcome = Outcome()
        outcome.decoded = batch.event.decoded.count
        outcome.fields = batch.event.fields.count
        outcome.errors = stage.errors
        let key = batch.event.keys.intern("script_error")
        for record in batch.records {
            outcome.messages.append(batch.text(record.message))
            let own = Int(record.firstField)..<Int(record.firstField) + Int(record.fieldCount)
            if let field = batch.event.fields[own].first(where: { $0.key == key }) {
                outcome.failed.append(batch.text(field.value))
            }
        }
        return outcome
    }

    private static func fluentbit(_ script: String) throws -> LuaPlugin {
        let source = """
            return { name = "fixture", kind = "fluentbit", api = 1, script = "s.lua", call = "cb",
              samples = { { event = { message = "sample" }, expect = {} } } }
            """
        let module = LuaScript.Module(name: "s", path: "plugins/fixture/s.lua", source: Array(script.utf8))
        let script = LuaScript(path: "plugins/fixture/init.lua", source: Array(source.utf8), modules: [module])
        let loaded = LuaPlugin.load(script, limits: .unhurried)
        return try #require(loaded.plugin, "\(loaded.diagnostics.map(\.rendered))")
    }

    @Test(
        arguments: [
            "for i = 1, 3 do event.fields['f' .. i] = s end", "event.message = s", "event.component = s",
            "event.fields.list = { s }",
        ])
    func `large values fill a batch only so far`(body: String) throws {
        let plugin = try PluginFailureTests.plugin(
            "filter",
            "local s = ('x'):rep(1000000) function M.process(event) if event.message == 'large' then \(body) end end")
        let texts = Array(repeating: "large", count: 60) + ["small"]
        let run = Self.run(plugin, texts)
        #expect(run.decoded <= plugin.limits.room(forEvents: texts.count) + 10_000)
        #expect(run.decoded > 12_000_000, "there is room for some of them")
        #expect(run.errors.count >= 40 && run.errors.count == run.failed.count)
        #expect(run.failed.allSatisfy { $0 == "fixture: \(Self.tooMuch)" })
        #expect(run.messages.count == texts.count)
        #expect(run.messages.suffix(2) == ["large", "small"], "an event that failed isn't as it came")
    }

    @Test func `a plugin that goes on asking for too much gets nothing, and its events stay as they came`() throws {
        let plugin = try PluginFailureTests.plugin(
            "filter", "local s = ('x'):rep(1000000) function M.process(event) event.fields.f = s end")
        let run = Self.run(plugin, Array(repeating: "large", count: 300))
        #expect(run.errors.count > 250 && run.errors.count == run.failed.count)
        #expect(run.messages == Array(repeating: "large", count: 300))
    }

    @Test func `many fields of small events count too`() throws {
        let plugin = try PluginFailureTests.plugin(
            "filter", "function M.process(event) for i = 1, 250 do event.fields['f' .. i] = true end end")
        let run = Self.run(plugin, Array(repeating: "a", count: 20_000))
        let bytes = run.decoded + run.fields * MemoryLayout<Field>.stride
        #expect(run.errors.count > 100 && run.errors.count == run.failed.count)
        // Each of them is told in a field of its own.
        #expect(bytes < plugin.limits.room(forEvents: 20_000) + 1_000_000 + 300 * run.failed.count)
    }

    @Test func `a field or two of very many events are no matter`() throws {
        let plugin = try PluginFailureTests.plugin(
            "filter", "function M.process(event) event.fields.one = 'some text' event.fields.two = 2 end")
        let run = Self.run(plugin, Array(repeating: "a", count: 200_000))
        #expect(run.errors.count == 0, "\(run.errors)")
        #expect(run.fields == 400_000)
    }

    @Test func `what lies in the line costs nothing, however often it is used`() throws {
        let plugin = try PluginFailureTests.plugin(
            "filter", "function M.process(event) for i = 1, 20 do event.message = event.raw end end")
        let text = String(repeating: "x", count: 500_000)
        let run = Self.run(plugin, Array(repeating: text, count: 40))
        #expect(run.errors.count == 0, "\(run.errors)")
        #expect(run.decoded == 0)
    }

    @Test func `records of a split count like events`() throws {
        let plugin = try Self.fluentbit(
            """
            function cb(tag, time, record)
              if record.log == "sample" then return 0 end
              local list = {}
              for i = 1, 2000 do list[i] = { log = ("z"):rep(400) .. i } end
              return 2, time, list
            end
            """)
        let run = Self.run(plugin, Array(repeating: "many", count: 60))
        #expect(run.decoded <= plugin.limits.room(forEvents: 60) + 10_000)
        #expect(run.failed.allSatisfy { $0 == "fixture: \(Self.tooMuch)" })
        #expect(!run.failed.isEmpty)
        #expect(run.messages.count { $0 == "many" } == run.failed.count, "an event that failed isn't as it came")
        #expect(run.messages.count == run.failed.count + (60 - run.failed.count) * 2_000)
    }

    @Test(
        arguments: [
            ("for i = 1, 5000 do list[i] = {} end", "more than 4096 events made of one"),
            ("for i = 1, 9 do list[i] = { log = ('x'):rep(500000) .. i } end", "more than 4 MiB written to one event"),
            ("list = { { log = 'a' }, { log = 'b' }, 5 }", "cb returned a list of more than tables"),
        ])
    func `a split that fails leaves one event, as it came`(make: String, message: String) throws {
        let plugin = try Self.fluentbit(
            """
            function cb(tag, time, record)
              local list = {}
              if record.log == "bad" then \(make) end
              return 2, time, list
            end
            """)
        let run = Self.run(plugin, ["one", "bad", "two"])
        #expect(run.messages.count == 3 && run.messages[1] == "bad")
        #expect(run.failed == ["fixture: \(message)"])
    }

    @Test func `a filter that must hide drops what it could not write`() throws {
        let plugin = try PluginFailureTests.plugin(
            "filter",
            """
            M.on_failure = "drop"
            local s = ("x"):rep(1000000)
            function M.process(event) event.fields.f = s end
            """)
        let run = Self.run(plugin, Array(repeating: "large", count: 60))
        #expect(run.messages.count == 60 - run.errors.count)
        #expect(run.errors.count >= 40)
    }

    @Test(arguments: ["", "error('no')"]) func `what a sink writes for a batch is bounded`(then: String) throws {
        let plugin = try PluginFailureTests.plugin(
            "sink",
            """
            M.permissions = { "file:out.txt" }
            local out, s = ailogger.output("file:out.txt"), ("x"):rep(1000000)
            function M.write(event) if event.message == "large" then out:write(s) \(then) else out:write("small") end end
            """)
        var batch = PluginFailureTests.batch(Array(repeating: "large", count: 60) + ["small"])
        let stage = LuaStage(plugin)
        stage.run(&batch, LuaBatchFacts(), formats: [])
        let written = stage.takeWritten().reduce(0) { $0 + $1.count }
        #expect(written > 12_000_000 && written <= plugin.limits.room(forEvents: 61))
        #expect(stage.errors.count >= 40)
        // The next batch has room again.
        batch = PluginFailureTests.batch(["large"])
        stage.run(&batch, LuaBatchFacts(), formats: [])
        #expect(stage.takeWritten().reduce(0) { $0 + $1.count } == 1_000_000)
    }

    @Test func `what a parser writes is bounded too`() throws {
        let fixture = try Fixture(
            "for i = 1, 3 do event.fields['f' .. i] = s end", before: "local s = ('x'):rep(1000000)")
        var builder = EventBuilder()
        builder.reset(rawCount: 5)
        var taken = 0
        for _ in 0..<60 {
            builder.begin()
            if fixture.parser.parse(Array("large".utf8).span, at: 0, into: &builder) { taken += 1 }
        }
        #expect(taken > 4 && taken < 10)
        #expect(builder.decoded.count < 24_000_000)
        #expect(fixture.parser.errors.count == 60 - taken)
        #expect(fixture.parser.errors.first?.contains(Self.tooMuch) == true)
    }
}

extension Batch {
    fileprivate borrowing func text(_ range: ByteRange) -> String {
        withText(range) { span in span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }
    }
}
