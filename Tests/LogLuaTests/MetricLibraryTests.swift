import LogCore
import LogLua
import Testing

/// A filter made of the body of `process(event)`, after a run over an event for each of the times.
struct FilterRun {
    var output: LuaOutput
    var error: String?

    init(_ body: String, before: String, times: [Int64] = [.min]) throws {
        let source = """
            local M = { name = "fixture", kind = "filter", api = 1 }
            \(before.replacing("\n", with: " "))
            function M.process(event)
              \(body.replacing("\n", with: " "))
            end
            M.samples = { { line = "sample", expect = {} } }
            return M
            """
        let loaded = LuaPlugin.load(path: "plugins/fixture/init.lua", source: Array(source.utf8))
        let plugin = try #require(loaded.plugin, "\(loaded.diagnostics)")
        var batch = Batch(capacity: 1)
        batch.rawCount = 1
        batch.clearEvents()
        for time in times {
            var record = Record()
            record.raw = ByteRange(0, 1)
            record.message = record.raw
            record.time = time
            batch.records.append(record)
        }
        let stage = LuaStage(plugin)
        stage.run(&batch, LuaBatchFacts(), formats: [])
        output = stage.takeOutput()
        error = stage.errors.first?.replacing("plugins/fixture/init.lua:4: ", with: "")
    }

    /// `name{label=value,…} value` of each series.
    var series: [String] {
        output.metrics.map { metric in
            let labels = metric.labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
            let value =
                switch metric.value {
                case .counter(let value): "\(value)"
                case .gauge(let value, let time): "\(value) at \(time.map(String.init) ?? "no time")"
                case .histogram(let bounds, let buckets, let sum, let count):
                    "\(bounds) \(buckets) \(sum) \(count)"
                }
            return "\(metric.name){\(labels)} \(value)"
        }
    }
}

@Suite(.timeLimit(.minutes(20)))
struct MetricLibraryTests {
    private static let counter = "local c = ailogger.metric.counter('c', 'Counts')"

    @Test func `a counter adds up, by one if nothing is said`() throws {
        let run = try FilterRun(
            "c:add() c:add(2) c:add(nil) c:add(0.5) c:add('1')", before: Self.counter, times: [1, 2])
        #expect(run.series == ["c{} 11.0"])
        #expect(run.output.metrics.first?.help == "Counts")
        #expect(run.error == nil)
    }

    @Test func `a series is its labels, in whatever order and kind they are written`() throws {
        let run = try FilterRun(
            """
            c:add(1, { b = '2', a = '1' }) c:add(1, { a = 1, b = 2.0 }) c:add(1, {}) c:add()
            c:add(1, { ok = true }) c:add(1, { ok = 'true' }) c:add(1, { a = '1' })
            """, before: Self.counter)
        #expect(run.series == ["c{a=1,b=2} 2.0", "c{} 2.0", "c{ok=true} 2.0", "c{a=1} 1.0"])
    }

    @Test func `a gauge keeps what was set at the latest event time`() throws {
        let run = try FilterRun(
            "n = (n or 0) + 1 g:set(n) g:set(-n, { at = event.time })",
            before: "local n local g = ailogger.metric.gauge('g')", times: [50, 100, 70, 100])
        #expect(
            run.series
                == ["g{} 4.0 at 100", "g{at=50} -1.0 at 50", "g{at=100} -4.0 at 100", "g{at=70} -3.0 at 70"])
    }

    @Test func `without event time the last one stays`() throws {
        let run = try FilterRun("g:set(1) g:set(2)", before: "local g = ailogger.metric.gauge('g')")
        #expect(run.series == ["g{} 2.0 at no time"])
    }

    @Test func `a value lies in the first bucket whose bound it doesn't pass`() throws {
        let run = try FilterRun(
            "for _, v in ipairs{ -1, 1, 1.5, 2, 2.5, 100 } do h:observe(v) end",
            before: "local h = ailogger.metric.histogram('h', nil, { 1, 2, 2.5 })")
        #expect(run.series == ["h{} [1.0, 2.0, 2.5] [2, 2, 1, 1] 106.0 6"])
    }

    @Test func `the usual bounds are those of Prometheus`() throws {
        let run = try FilterRun("h:observe(0.3)", before: "local h = ailogger.metric.histogram('h')")
        let bounds = "[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0]"
        #expect(run.series == ["h{} \(bounds) [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0] 0.3 1"])
    }

    @Test func `a sum doesn't depend on the order of its values`() throws {
        let before = Self.counter + " local d = ailogger.metric.counter('d')"
        let run = try FilterRun(
            "c:add(1e16) for i = 1, 10 do c:add(1) end for i = 1, 10 do d:add(1) end d:add(1e16)", before: before)
        #expect(run.series == ["c{} 1.000000000000001e+16", "d{} 1.000000000000001e+16"])
    }

    @Test func `the same name is the same metric`() throws {
        let run = try FilterRun("ailogger.metric.counter('c'):add(2) c:add(1)", before: Self.counter)
        #expect(run.series == ["c{} 3.0"])
    }

    @Test func `a series too many is dropped and counted, the others go on`() throws {
        let run = try FilterRun("for i = 1, 1003 do c:add(1, { i = i }) end c:add(5, { i = 7 })", before: Self.counter)
        #expect(run.output.metrics.count == 1000)
        #expect(run.output.droppedSeries == 3)
        #expect(run.series.contains("c{i=7} 6.0"))
        #expect(run.error == nil)
    }

    @Test(
        arguments: [
            ("c:add(-1)", "counter \"c\": only goes up, not by -1.0"),
            ("c:add(1/0)", "counter \"c\": add takes a number that is neither infinite nor NaN"),
            ("c:add(0/0)", "counter \"c\": add takes a number that is neither infinite nor NaN"),
            ("c:add('many')", "counter \"c\": add takes a number, not a string"),
            ("c:set(1)", "counter \"c\": has no set, only add"),
            ("c:add(1, 'x')", "counter \"c\": labels are a table of names and values, not a string"),
            ("c:add(1, { 'x' })", "counter \"c\": a label's name is a string, not a number"),
            ("c:add(1, { ['a-b'] = 1 })", "counter \"c\": label \"a-b\" is no name: letters, digits and _"),
            (
                "c:add(1, { __a = 1 })",
                "counter \"c\": label \"__a\" is no name: two _ at its start are for Prometheus itself"
            ),
            ("c:add(1, { a = {} })", "counter \"c\": label \"a\" must be a string, a number or a boolean"),
            ("c:add(1, { a = ('x'):rep(257) })", "counter \"c\": label \"a\" has more than 256 bytes"),
            ("ailogger.metric.gauge('c')", "metric.gauge: \"c\" is a counter already"),
            (
                "ailogger.metric.counter('a b')",
                "metric.counter: \"a b\" is no name: letters, digits, _ and :, at most 256"
            ),
            (
                "ailogger.metric.histogram('h', '', { 1, 1 })",
                "metric.histogram: the bounds must rise, and 1.0 stands behind 1.0"
            ),
            (
                "ailogger.metric.histogram('h'):observe(1, { le = 1 })",
                "histogram \"h\": label \"le\" is what a histogram's buckets have"
            ),
        ])
    func `what can't be counted is an error`(lua: String, message: String) throws {
        // The error is to come from the run, not from the sample.
        let run = try FilterRun("if event.message ~= 'sample' then \(lua) end", before: Self.counter)
        #expect(run.error == message)
        #expect(run.output.metrics.isEmpty)
    }

    @Test func `a parser can't count`() throws {
        let message = "metrics belong in a filter, correlator or sink: a parser sees lines more than once"
        #expect(try Fixture.error(of: "c:add()", before: Self.counter) == message)
    }

    @Test func `nothing is counted while the file is loaded`() throws {
        let loaded = LuaPlugin.load(
            path: "plugins/fixture/init.lua", source: Array("ailogger.metric.counter('c'):add()".utf8))
        #expect(loaded.plugin == nil)
        #expect(
            loaded.diagnostics.first?.message.contains(
                "counter \"c\": add belongs in a function of the plugin, not in the file around it") == true)
    }
}
