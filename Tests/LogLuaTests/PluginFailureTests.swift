import Foundation
import LogCore
import LogLua
import Testing

/// What a call that fails costs: itself, and none of what lies around it.
@Suite(.timeLimit(.minutes(20)))
struct PluginFailureTests {
    static func plugin(_ kind: String, _ body: String, limits: LuaLimits = .init()) throws -> LuaPlugin {
        let source = """
            local M = { name = "fixture", kind = "\(kind)", api = 1 }
            \(body)
            M.samples = { { \(kind == "correlator" ? "events = {}" : "line = 'sample'"), expect = {} } }
            return M
            """
        let loaded = LuaPlugin.load(path: "plugins/fixture/init.lua", source: Array(source.utf8), limits: limits)
        return try #require(loaded.plugin, "\(loaded.diagnostics.map(\.rendered))")
    }

    /// Events whose messages are `texts`, a second apart.
    static func batch(_ texts: [String]) -> Batch {
        var batch = Batch(capacity: 0)
        for (second, text) in texts.enumerated() {
            var record = Record()
            record.time = Int64(second) * Timestamp.second
            let start = batch.raw.count
            batch.raw.append(contentsOf: text.utf8)
            record.raw = ByteRange(start, batch.raw.count)
            record.message = record.raw
            batch.records.append(record)
        }
        batch.rawCount = batch.raw.count
        batch.event.rawCount = batch.rawCount
        return batch
    }

    // MARK: Slips

    @Test(
        arguments: [
            (#"ctx:keyed("a", { expires = "1h" })"#, #"ctx:keyed: there is no "expires", only expire, max"#),
            (#"ctx:window("a", "1m", { mx = 5 })"#, #"ctx:window: there is no "mx", only max, newest"#),
            (
                #"ctx:session("a", "1m", { maxlength = "5m" })"#,
                #"ctx:session: there is no "maxlength", only max_length"#
            ),
            (
                #"ctx:threshold("a", { within = "1m", count = 3, claer = 1 })"#,
                #"ctx:threshold: there is no "claer", only clear, count, within"#
            ),
            (#"ctx:emit({ title = "t", mesage = "m" })"#, #"ctx:emit: there is no "mesage", only cause, docs, "#),
            (
                #"ctx:emit({ title = "t", sample = { lin = 3 } })"#,
                #"ctx:emit: sample: there is no "lin", only line, offset, source, text, time"#
            ),
            (
                #"ctx:emit({ title = "t", docs = { title = "d", url = "https://example.com" } })"#,
                #"ctx:emit: docs must be a list of { title = "…", url = "…" }"#
            ),
            (#"ctx:emit({ title = "t", docs = { { "d" } } })"#, "ctx:emit: docs must be a list of"),
            (#"ctx:emit({ title = "t", fix = { text = "f" } })"#, "ctx:emit: fix must be a text or a list of texts"),
            (#"ctx:emit({ title = "t", fix = { "f", 5 } })"#, "ctx:emit: fix must be a text or a list of texts"),
            (
                #"ctx:emit({ title = "t", fields = { "a" } })"#,
                #"ctx:emit: fields has a value without a name, "a""#
            ),
            (
                #"ailogger.time.parse("2026", { zon = "CET" })"#,
                #"time.parse has no option "zon": it has zone and layout"#
            ),
            (#"ailogger.regex("abc", "i")"#, "regex takes nothing but the pattern"),
        ])
    func `an option that isn't there is an error in the plugin's line, and says which there are`(
        call: String, message: String
    ) throws {
        let plugin = try Self.plugin("correlator", "function M.process(event, ctx) \(call) end")
        let (_, errors) = Self.correlate(plugin, ["a"])
        #expect(errors.count == 1)
        let first = try #require(errors.first)
        #expect(first.hasPrefix("plugins/fixture/init.lua:2: ") && first.contains(message), "\(first)")
    }

    @Test func `a finding's fields keep the types that they were given`() throws {
        let plugin = try Self.plugin(
            "correlator",
            """
            function M.process(event, ctx)
              ctx:emit({ title = "t", fields = { n = 5, x = 0.5, yes = true, text = "5", list = { 1, "a" } } })
            end
            """)
        let fields = Self.findings(plugin, ["a"]).flatMap(\.fields).map { ($0.name, $0.value) }
        #expect(fields.map(\.0) == ["list", "n", "text", "x", "yes"])
        #expect(
            fields.map(\.1) == [
                FieldValue(kind: .json, text: #"[1,"a"]"#), FieldValue(5), FieldValue("5"),
                FieldValue(kind: .number, text: "0.5"), FieldValue(kind: .json, text: "true"),
            ])
        let saved = try JSONEncoder().encode(fields.map(\.1))
        #expect(try JSONDecoder().decode([FieldValue].self, from: saved) == fields.map(\.1))
    }

    // MARK: Correlators

    /// Hands over an event a second, and lets time go on by another ten.
    private static func correlate(_ plugin: LuaPlugin, _ texts: [String]) -> (found: [String], errors: LuaErrors) {
        let correlator = correlator(plugin, after: texts)
        return (correlator.takeFindings().map(\.title), correlator.errors)
    }

    private static func findings(_ plugin: LuaPlugin, _ texts: [String]) -> [CorrelationFinding] {
        correlator(plugin, after: texts).takeFindings()
    }

    private static func correlator(_ plugin: LuaPlugin, after texts: [String]) -> LuaCorrelator {
        var batch = batch(texts)
        var selected = SelectedEvents(path: "t", formats: [], firstLine: 0)
        for index in texts.indices {
            selected.append(index, of: &batch, wanting: 1, firstHit: 0, captureKeys: [])
        }
        selected.finish(batch)
        var keys = KeyTable()
        var memory: [UInt16] = []
        selected.adopt(&keys, &memory)
        let correlator = LuaCorrelator(plugin)
        for index in texts.indices {
            correlator.process(selected, index, now: selected.records[index].time, &keys, LuaBatchFacts())
        }
        correlator.advance(to: Int64(texts.count + 10) * Timestamp.second)
        return correlator
    }

    private static let finds = """
        local function find(ctx, title)
          ctx:emit({ title = title })
        end
        """

    private static func timers(_ failure: String) -> String {
        """
        \(finds)
        function M.process(event, ctx)
          if event.message == "arm" then
            for _, name in ipairs({ "a", "bad", "c" }) do ctx:after(name, "1s") end
          end
          find(ctx, event.message)
        end
        function M.timer(ctx, now, key)
          if key == "bad" then \(failure) end
          find(ctx, "timer " .. key)
        end
        """
    }

    @Test func `a timer that fails costs neither the event that let time pass nor the next timer`() throws {
        let plugin = try Self.plugin("correlator", Self.timers("error('no')"))
        let run = Self.correlate(plugin, ["arm", "one", "two"])
        #expect(run.found == ["arm", "timer a", "timer c", "one", "two"])
        #expect(run.errors.count == 1)
        #expect(run.errors.first?.hasSuffix("no") == true)
    }

    @Test func `a timer that fails as time goes on without an event doesn't hold up the others`() throws {
        let plugin = try Self.plugin("correlator", Self.timers("error('no')"))
        let run = Self.correlate(plugin, ["arm"])
        #expect(run.found == ["arm", "timer a", "timer c"])
        #expect(run.errors.count == 1)
    }

    @Test func `a timer that sets itself off for ever is given up, and time goes on`() throws {
        let plugin = try Self.plugin(
            "correlator",
            """
            \(Self.finds)
            function M.process(event, ctx)
              if event.message == "arm" then
                ctx:after("slip", "1us")
                ctx:after("second", "1s")
              end
              find(ctx, event.message)
            end
            function M.timer(ctx, now, key)
              if key == "slip" then ctx:after("slip", "1us") else find(ctx, "timer " .. key) end
            end
            """)
        let run = Self.correlate(plugin, ["arm", "one", "two"])
        #expect(run.found == ["arm", "timer second", "one", "two"])
        #expect(run.errors.count == 1)
        #expect(run.errors.first?.contains(#"the timer of "slip" was given up"#) == true)
    }

    @Test(arguments: ["while true do end", "local t = {} for i = 1, 1e9 do t[i] = { i } end"])
    func `a timer that is stopped costs the memory and not the event that let time pass`(loop: String) throws {
        let plugin = try Self.plugin("correlator", Self.timers(loop))
        let run = Self.correlate(plugin, ["arm", "one", "two"])
        #expect(run.found == ["arm", "timer a", "one", "two"])
        #expect(run.errors.kills == 1)
    }

    @Test func `what a pair, a session or a heartbeat leads to is no different`() throws {
        let plugin = try Self.plugin(
            "correlator",
            """
            \(Self.finds)
            function M.process(event, ctx)
              if event.message == "arm" then
                ctx:open("k", "1s")
                ctx:session("k", "1s")
                ctx:heartbeat("k", "1s")
              end
              find(ctx, event.message)
            end
            function M.unpaired() error("no pair") end
            function M.session() error("no session") end
            function M.absent() error("no heartbeat") end
            """)
        let run = Self.correlate(plugin, ["arm", "one"])
        #expect(run.found == ["arm", "one"])
        #expect(run.errors.count == 3)
    }

    @Test func `an event that fails after a timer did is handed over once`() throws {
        let plugin = try Self.plugin(
            "correlator",
            """
            \(Self.finds)
            function M.process(event, ctx)
              find(ctx, event.message)
              if event.message == "arm" then ctx:after("k", "1s") else error("no") end
            end
            function M.timer() error("nor this") end
            """)
        let run = Self.correlate(plugin, ["arm", "one", "two"])
        #expect(run.found == ["arm", "one", "two"])
        #expect(run.errors.count == 3)
    }

    @Test func `timers that all fail put the plugin aside`() throws {
        let plugin = try Self.plugin(
            "correlator",
            """
            \(Self.finds)
            function M.process(event, ctx)
              for i = 1, 500 do ctx:after(i, "1s") end
              find(ctx, event.message)
            end
            function M.timer() error("no") end
            """)
        let run = Self.correlate(plugin, ["one", "two"])
        #expect(run.found == ["one"])
        #expect(run.errors.count == plugin.limits.correlatorErrors)
    }

    // MARK: Who it was

    @Test(
        arguments: [
            ("error('plain')", "fixture:2: plain"),
            ("error('/etc/passwd.lua:999: forged', 0)", "fixture:2: /etc/passwd.lua:999: forged"),
            ("load(\"error('lent')\", '=/etc/passwd.lua')()", "fixture:2: /etc/passwd.lua:1: lent"),
            ("require('util').fail()", "fixture: plugins/fixture/util.lua:1: in a module"),
            ("error({})", "fixture:2: the error is a table"),
        ])
    func `an error names the plugin, and no file that isn't its own`(body: String, expected: String) throws {
        let source = """
            local M = { name = "fixture", kind = "filter", api = 1 }
            function M.process(event) if event.message == "bad" then \(body) end end
            M.samples = { { line = "sample", expect = {} } }
            return M
            """
        let util = "return { fail = function() error('in a module') end }"
        let module = LuaScript.Module(name: "util", path: "plugins/fixture/util.lua", source: Array(util.utf8))
        let loaded = LuaPlugin.load(
            LuaScript(path: "plugins/fixture/init.lua", source: Array(source.utf8), modules: [module]))
        var batch = Self.batch(["bad"])
        LuaStage(try #require(loaded.plugin, "\(loaded.diagnostics)")).run(&batch, LuaBatchFacts(), formats: [])
        let field = try #require(batch.event.fields.last)
        let text = batch.withText(field.value) { span in
            span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        }
        #expect(text == expected)
    }

    // MARK: Sinks

    /// What a sink writes of four events, the third of which is "bad", and of the end of the batch.
    private static func write(_ failure: String, flush: String = "") throws -> (text: String, errors: LuaErrors) {
        let plugin = try plugin(
            "sink",
            """
            M.permissions = { "file:out.txt" }
            local out = ailogger.output("file:out.txt")
            function M.write(event)
              if event.message == "bad" then \(failure) end
              out:write(event.message, "\\n")
            end
            function M.flush() \(flush) end
            """)
        var batch = batch(["one", "two", "bad", "three"])
        let stage = LuaStage(plugin)
        stage.run(&batch, LuaBatchFacts(), formats: [])
        return (String(decoding: stage.takeWritten().joined(), as: UTF8.self), stage.errors)
    }

    @Test(
        arguments: [
            "while true do end", "local t = {} for i = 1, 1e9 do t[i] = { i } end",
            "string.gsub(('x'):rep(100000), '.-b', '')",
        ])
    func `a sink that is stopped keeps what it wrote of the events before`(loop: String) throws {
        let run = try Self.write(loop)
        #expect(run.text == "one\ntwo\nthree\n")
        #expect(run.errors.kills == 1)
    }

    @Test(arguments: ["while true do end", "error('no')"])
    func `what a sink wrote up to an error is written`(failure: String) throws {
        let run = try Self.write("out:write('half\\n') \(failure)")
        #expect(run.text == "one\ntwo\nhalf\nthree\n")
        #expect(run.errors.count == 1)
    }

    @Test func `a sink that is stopped in flush keeps what it wrote`() throws {
        let run = try Self.write("return", flush: "out:write('end\\n') while true do end")
        #expect(run.text == "one\ntwo\nthree\nend\n")
        #expect(run.errors.kills == 1)
    }
}
