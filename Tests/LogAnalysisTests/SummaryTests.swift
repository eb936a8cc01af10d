import LogCore
import Testing

@testable import LogAnalysis

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

struct SummaryTests {
    /// A summary of some events of a small world: what belongs together (path and formats, place and text)
    /// does so in every summary, as it does in real logs.
    private func summary(_ seed: UInt64) -> Summary {
        var random = SeededGenerator(state: seed)
        var summary = Summary()
        for _ in 0..<Int.random(in: 0...30, using: &random) {
            let sample = sample(&random)
            let severity = Severity.allCases.randomElement(using: &random) ?? .info
            summary.byRank[severity.rank] += 1
            summary.byTimeSource[Int.random(in: 0..<TimeSource.count, using: &random)] += 1
            summary.tally.add(time: sample.time ?? Timestamp.none)
            if let time = sample.time {
                var counts: [Int64] = Array(repeating: 0, count: Severity.ranks)
                counts[severity.rank] = 1
                summary.timeline.add(time: time, byRank: counts)
            }
            let component = "c\(sample.line % 3)"
            summary.components[component, default: ComponentSummary()].byRank[severity.rank] += 1
            var host = HostSummary()
            (host.total, host.failures, host.sample) = (1, sample.line % 2, sample.line % 2 == 0 ? nil : sample)
            summary.hosts["h\(sample.line % 4)", default: HostSummary()].merge(host)
            addTemplate(sample, severity, component, isExplained: sample.line % 5 == 0, to: &summary)
            addFinding(sample, to: &summary)
            addSource(sample, to: &summary)
        }
        summary.filtered = Int64.random(in: 0...9, using: &random)
        if Bool.random(using: &random) { summary.warnings = ["w\(Int.random(in: 0...3, using: &random))"] }
        return summary
    }

    private func sample(_ random: inout SeededGenerator) -> Sample {
        let line = Int64.random(in: 1...40, using: &random)
        let source = "f\(Int.random(in: 0...2, using: &random))"
        let time = line % 7 == 0 ? nil : MadeUp.time(Double(line / 3 * 1_000))
        return Sample(source: source, offset: line * 10, line: line, time: time, text: "\(source) \(line)")
    }

    private func addTemplate(
        _ sample: Sample, _ severity: Severity, _ component: String, isExplained: Bool, to summary: inout Summary
    ) {
        var template = TemplateSummary(text: "t\(sample.line % 4)", sample: sample, component: component)
        template.tally.add(time: sample.time ?? Timestamp.none)
        template.byRank[severity.rank] = 1
        template.parameters = [parameter(sample)]
        if severity >= .error, !isExplained {
            let status = sample.line % 23
            let tally = template.tally
            template.fail(status == 0 ? "" : "status \(500 + status)") { failures in
                failures.tally = tally
                failures.sample = sample
                failures.isCritical = severity == .critical
                failures.joins = JoinSample(["trace_id": "trace-\(sample.line)"], sample)
                if let time = sample.time { failures.series.add(time, sample) }
            }
        }
        summary.templates.merge([template.text: template]) { old, new in
            var merged = old
            merged.merge(new)
            return merged
        }
    }

    private func parameter(_ sample: Sample) -> ParameterSummary {
        var parameter = sample.line % 2 == 0 ? ParameterSummary(place: 0) : ParameterSummary(field: "duration")
        var distribution = Distribution()
        _ = distribution.add(Double(sample.line) / 7)
        distribution.largest = sample
        parameter.distributions[sample.line % 3 == 0 ? .number : .duration] = distribution
        _ = parameter.values.add(Array(sample.text.utf8).span)
        return parameter
    }

    private func addFinding(_ sample: Sample, to summary: inout Summary) {
        guard sample.line % 2 == 0 else { return }
        var tally = Tally()
        tally.add(time: sample.time ?? Timestamp.none)
        var finding = MadeUp.finding(
            "r\(sample.line % 4)", "title", .error, tally, sample,
            captures: ["place": "\(sample.source):\(sample.line)"])
        finding.joins = JoinSample(["request": "r-\(sample.line)", "host": "h\(sample.line % 3)"], sample)
        summary.findings.merge([finding.rule.id: finding]) { old, new in
            var merged = old
            merged.merge(new)
            return merged
        }
    }

    private func addSource(_ sample: Sample, to summary: inout Summary) {
        var source = SourceSummary(path: sample.source)
        source.ledger.bytes = sample.line
        source.ledger.eventBytes = sample.line
        if sample.line % 3 == 0 { source.formats = ["format of \(sample.source)"] }
        if sample.line % 4 == 0 { source.compression = "gzip" }
        if sample.line % 5 == 0 { source.lossSamples[Loss.Reason.untimed.rawValue] = sample }
        if sample.line % 6 == 0 { source.error = "cut off" }
        source.confidence = Double(sample.line) / 100
        summary.sources.merge([sample.source: source]) { old, new in
            var merged = old
            merged.merge(new)
            return merged
        }
    }

    private func merged(_ summaries: Summary...) -> Summary {
        summaries.reduce(into: Summary()) { $0.merge($1) }
    }

    // MARK: Merging

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `merging is commutative and associative`(seed: UInt64) {
        let (a, b, c) = (summary(seed), summary(seed + 1_000), summary(seed + 2_000))
        #expect(merged(a, b) == merged(b, a))
        #expect(merged(merged(a, b), c) == merged(a, merged(b, c)))
        #expect(merged(c, a, b) == merged(b, c, a))
    }

    @Test func `merging with nothing changes nothing`() {
        let some = summary(7)
        #expect(some != Summary(), "a generator that makes nothing proves nothing")
        #expect(merged(some, Summary()) == some)
        #expect(merged(Summary(), some) == some)
    }

    @Test func `the report of a merge does not depend on its order`() {
        let (a, b) = (summary(11), summary(12))
        let reports = [merged(a, b), merged(b, a)].map { JSONReport.render(Report($0), pretty: true) }
        #expect(reports[0] == reports[1])
    }

    @Test func `counts add up`() {
        let (a, b) = (summary(3), summary(4))
        let sum = merged(a, b)
        #expect(sum.tally.count == a.tally.count + b.tally.count)
        #expect(sum.ledger.bytes == a.ledger.bytes + b.ledger.bytes)
        #expect(sum.byRank.reduce(0, +) == sum.tally.count)
    }

    // MARK: Timeline

    private func timeline(_ times: [Int64]) -> Timeline {
        var timeline = Timeline()
        for time in times {
            var counts: [Int64] = Array(repeating: 0, count: Severity.ranks)
            // Any function of the time: that of an event does not change either.
            counts[Int(UInt64(bitPattern: time / Timestamp.second) % UInt64(Severity.ranks))] = 1
            timeline.add(time: time, byRank: counts)
        }
        return timeline
    }

    private func times(_ count: Int, overSeconds span: Int64, seed: UInt64) -> [Int64] {
        var random = SeededGenerator(state: seed)
        return (0..<count).map { _ in
            MadeUp.four + Int64.random(in: 0..<span, using: &random) * Timestamp.second
        }
    }

    @Test(arguments: [10, 300, 5_000, 1_000_000, 2_000_000_000] as [Int64])
    func `a series counted by a cursor is the series of the same times`(span: Int64) {
        let times = times(9_000, overSeconds: span, seed: UInt64(span))
        for times in [times, times.sorted(), times.sorted().reversed()] {
            var (series, plain) = (CountSeries(), CountSeries())
            var cursor = SeriesCursor()
            // Two sources that write in turn.
            let paths = ["a.log", "b.log"]
            for (index, time) in times.enumerated() {
                let event = SeriesCursor.Event(time: time, source: index % 2, line: Int64(index / 2 + 1))
                plain.add(1, FirstLine(source: paths[event.source], line: event.line, time: time))
                if !cursor.counts(event) { series.move(&cursor, to: event, paths) }
            }
            #expect(series.with(cursor, paths) == plain)
            #expect(plain.total == 9_000)
        }
    }

    @Test(arguments: [10, 300, 5_000, 1_000_000, 2_000_000_000] as [Int64])
    func `a series knows when the first and the last event of each bucket was`(span: Int64) {
        let times = times(3_000, overSeconds: span, seed: UInt64(span) + 1)
        var series = CountSeries()
        for (index, time) in times.enumerated() {
            series.add(1, FirstLine(source: "a.log", line: Int64(index + 1), time: time))
        }
        let buckets = Dictionary(grouping: times) { floorDivide($0, series.width) }
        for (index, bucket) in series.buckets.enumerated() {
            let known = buckets[bucket] ?? []
            #expect(series.extent(of: index).lowerBound == known.min())
            #expect(series.extent(of: index).upperBound == known.max())
        }
        #expect(series.end == times.max())
        #expect(series.extent(from: .min, to: .max)?.lowerBound == times.min())
    }

    @Test(arguments: [10, 5_000, 1_000_000, 2_000_000_000] as [Int64])
    func `any order of adding gives the same timeline`(span: Int64) {
        let times = times(9_000, overSeconds: span, seed: UInt64(span))
        let inOrder = timeline(times.sorted())
        #expect(timeline(times) == inOrder)
        #expect(timeline(times.sorted().reversed()) == inOrder)
        var parts = timeline(Array(times[..<4_000]))
        parts.merge(timeline(Array(times[4_000...])))
        #expect(parts == inOrder)
        #expect(inOrder.buckets.count <= Timeline.limit)
        #expect(inOrder.buckets.values.reduce(0) { $0 + $1.total } == 9_000)
        let columns = inOrder.columns(60, from: MadeUp.four, to: MadeUp.four + span * Timestamp.second)
        #expect(columns.reduce(0) { $0 + $1.total } == 9_000)
    }

    @Test func `a short log keeps its seconds, a long one doesn't grow`() {
        #expect(timeline(times(2_000, overSeconds: 4_000, seed: 1)).width == Timestamp.second)
        #expect(timeline(times(9_000, overSeconds: 20_000, seed: 1)).width == 5 * Timestamp.second)
    }

    @Test func `times before 1970 fall into the bucket that holds them`() {
        let timeline = timeline([-1, -Timestamp.second, -Timestamp.second - 1])
        #expect(timeline.buckets.mapValues(\.total) == [-1: 2, -2: 1])
    }
}
