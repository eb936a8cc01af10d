import Foundation
import LogCore
import Testing

@testable import LogAnalysis

@Suite struct ComparerTests {
    /// A run of so many seconds: templates by text, with events a second each.
    private func run(
        _ rates: [(text: String, rate: Double, level: Severity)], seconds: Int = 3_600, seed: UInt64,
        median: Double = 0.02, clump: Int = 1
    ) -> Summary {
        var random = SeededGenerator(state: seed)
        var summary = Summary()
        for (index, kind) in rates.enumerated() {
            var template: TemplateSummary?
            var line = Int64(index) * 100_000
            for second in 0..<seconds {
                // Bernoulli trials of a tenth of a second: as good as Poisson.
                var count = 0
                for _ in 0..<10 where Double.random(in: 0..<1, using: &random) < kind.rate / 10 / Double(clump) {
                    count += clump
                }
                for _ in 0..<count {
                    line += 1
                    let sample = MadeUp.sample("a.log", line, Double(second), kind.text)
                    var known = template ?? TemplateSummary(text: kind.text, sample: sample, component: "c\(index % 3)")
                    known.tally.add(time: sample.time ?? 0)
                    known.series.add(sample.time ?? 0)
                    known.byRank[kind.level.rank] += 1
                    if known.parameters.isEmpty { known.parameters = [ParameterSummary(place: 0)] }
                    var spread = 1.0
                    for _ in 0..<4 { spread *= Double.random(in: 0.5...2, using: &random) }
                    var distribution = known.parameters[0].distributions[.duration] ?? Distribution()
                    _ = distribution.add(median * spread)
                    distribution.largest = sample
                    known.parameters[0].distributions[.duration] = distribution
                    template = known
                    summary.tally.add(time: sample.time ?? 0)
                    summary.byRank[kind.level.rank] += 1
                }
            }
            if let template { summary.templates[kind.text] = template }
        }
        return summary
    }

    private func steady(_ random: inout SeededGenerator) -> [(text: String, rate: Double, level: Severity)] {
        (0..<30).map {
            ("message \($0) <*>", exp(Double.random(in: -7...0, using: &random)), $0 % 5 == 0 ? .error : .info)
        }
    }

    private func exp(_ x: Double) -> Double { SpecialFunctions.exp(x) }

    private func kinds(_ comparison: Comparison) -> [String] {
        comparison.differences.map { "\($0.kind.rawValue) \($0.name)" }
    }

    // MARK: Nothing

    @Test func `what runs by the clock on both sides is no difference where traffic differs`() {
        func run(_ traffic: Double, _ seed: UInt64) -> Summary {
            var log = SimulatedLog(seed: seed, length: 10_800)
            for _ in 0..<6 { log.add { _ in traffic } }
            log.addJob(every: 60, jitter: 1)
            return log.summary
        }
        let comparison = Comparer.compare(run(0.3, 1), with: run(0.1, 2), called: "before")
        #expect(comparison.differences.isEmpty, "\(comparison.differences.map(\.statement.text))")
    }

    @Test func `a run compared with itself shows nothing`() {
        var random = SeededGenerator(state: 1)
        let summary = run(steady(&random), seed: 2)
        #expect(Comparer.compare(summary, with: summary, called: "itself").differences.isEmpty)
        let night = MadeUp.night()
        #expect(Comparer.compare(night, with: night, called: "itself").differences.isEmpty)
    }

    @Test func `two runs of the same, long and short, steady or in clumps, show nothing`() {
        var told = 0
        for seed in UInt64(1)...24 {
            var random = SeededGenerator(state: seed)
            let rates = steady(&random)
            let clump = seed % 2 == 0 ? 5 : 1
            let a = run(rates, seconds: 1_200, seed: seed + 100, clump: clump)
            let b = run(rates, seconds: seed % 3 == 0 ? 400 : 1_200, seed: seed + 200, clump: clump)
            told += Comparer.compare(a, with: b, called: "b").differences.count
        }
        // Of 24 times some 60 things that were looked at.
        #expect(told <= 3)
    }

    @Test func `nothing is compared with an empty run`() {
        let night = MadeUp.night()
        #expect(Comparer.compare(night, with: Summary(), called: "b").differences.isEmpty)
        #expect(Comparer.compare(Summary(), with: night, called: "b").differences.isEmpty)
    }

    // MARK: Differences

    @Test func `what is new, gone, more and less is told, errors first`() {
        var random = SeededGenerator(state: 5)
        let common = steady(&random).map { ($0.text, max($0.rate, 0.05), $0.level) }
        let before = common + [("goes away <*>", 0.1, .info), ("grows <*>", 0.05, .info), ("shrinks <*>", 0.5, .info)]
        let after = common + [("comes <*>", 0.1, .error), ("grows <*>", 0.3, .info), ("shrinks <*>", 0.05, .info)]
        let comparison = Comparer.compare(run(after, seed: 8), with: run(before, seed: 9), called: "before")
        #expect(kinds(comparison).first == "new comes <*>")
        #expect(
            Set(kinds(comparison)) == ["new comes <*>", "gone goes away <*>", "more grows <*>", "less shrinks <*>"])
        #expect(comparison.differences.filter(\.isRegression).map(\.name) == ["comes <*>"])
        #expect(comparison.differences.allSatisfy { $0.chance <= 0.01 && !$0.statement.citations.isEmpty })
    }

    @Test func `an outage is a difference, though it is a single burst`() {
        for seed in UInt64(0)..<4 {
            var random = SeededGenerator(state: seed)
            let kinds = steady(&random)
            let healthy = run(kinds, seed: 1_000 + seed)
            var bad = run(kinds, seed: 2_000 + seed)
            let burst = run([("no answer <*>", 5, .error)], seconds: 30, seed: 3_000 + seed)
            bad.templates.merge(burst.templates) { $1 }
            bad.tally.merge(burst.tally)
            #expect(self.kinds(Comparer.compare(bad, with: healthy, called: "yesterday")) == ["new no answer <*>"])
            #expect(self.kinds(Comparer.compare(healthy, with: bad, called: "yesterday")) == ["gone no answer <*>"])
        }
    }

    /// A healthy run with that many events of one more kind in half a minute.
    private func run(with count: Int, _ level: Severity, _ seed: UInt64) -> (bad: Summary, healthy: Summary) {
        var random = SeededGenerator(state: seed)
        let kinds = steady(&random)
        var bad = run(kinds, seed: 5_000 + seed)
        let burst = run([("not fetched <*>", Double(count) / 30, level)], seconds: 30, seed: 6_000 + seed)
        bad.templates.merge(burst.templates) { $1 }
        bad.tally.merge(burst.tally)
        return (bad, run(kinds, seed: 7_000 + seed))
    }

    @Test(arguments: [Severity.warning, .info])
    func `one burst of what the baseline doesn't have is new, whatever its level`(level: Severity) {
        for seed in UInt64(0)..<4 {
            let (bad, healthy) = run(with: 400, level, seed)
            let comparison = Comparer.compare(bad, with: healthy, called: "yesterday")
            #expect(kinds(comparison) == ["new not fetched <*>"])
            #expect(comparison.differences.allSatisfy { !$0.isRegression })
        }
    }

    /// Healthy, and events of a level at these seconds.
    private func run(_ seed: UInt64, _ text: String, _ level: Severity, at seconds: [Double]) throws -> Summary {
        var random = SeededGenerator(state: 77)
        var summary = run(steady(&random), seed: seed)
        guard let first = seconds.first else { return summary }
        var template = TemplateSummary(text: text, sample: MadeUp.sample("b.log", 1, first, text), component: "b")
        for second in seconds {
            template.tally.add(time: MadeUp.time(second))
            template.series.add(MadeUp.time(second))
            template.byRank[level.rank] += 1
        }
        summary.templates[text] = template
        return summary
    }

    @Test func `one critical event and two errors that are new are told, one error or two at once aren't`() throws {
        let healthy = try run(31, "", .info, at: [])
        func told(_ level: Severity, _ seconds: [Double], _ others: [Double] = []) throws -> Set<String> {
            var bad = try run(32, "heap full", level, at: seconds)
            if !others.isEmpty {
                bad.templates.merge(try run(32, "no class", level, at: others).templates) { a, _ in a }
            }
            return Set(kinds(Comparer.compare(bad, with: healthy, called: "before")))
        }
        #expect(try told(.critical, [900]) == ["new heap full"])
        #expect(try told(.error, [600, 1_500, 3_000], [601, 1_501, 3_001]) == ["new heap full", "new no class"])
        #expect(try told(.error, [600, 1_500, 3_000]) == [])
        #expect(try told(.error, [600, 600, 600], [601, 601, 601]) == [])
        #expect(try told(.warning, [600, 1_500, 3_000], [601, 1_501, 3_001]) == [])
    }

    /// Requests of one path that fail: some with a steady status, and at these seconds with another.
    private func requests(_ seed: UInt64, _ status: String, at seconds: [Double], succeeding: Int64) throws -> Summary {
        let steady = (0..<300).map { Double($0) * 12 + Double(seed % 7) }
        var summary = try run(seed, "GET <*>", .error, at: (steady + seconds).sorted())
        for (status, times) in [("status 404", steady), (status, seconds)] where !times.isEmpty {
            summary.templates["GET <*>"]?.fail(status) { failures in
                for time in times {
                    failures.tally.add(time: MadeUp.time(time))
                    failures.series.add(MadeUp.time(time))
                }
            }
        }
        summary.templates["GET <*>"]?.tally.count += succeeding
        summary.templates["GET <*>"]?.byRank[Severity.info.rank] += succeeding
        return summary
    }

    @Test(arguments: [0, 20_000] as [Int64])
    func `a template's new status is told behind another one of both runs`(succeeding: Int64) throws {
        for seed in UInt64(60)..<64 {
            let seconds = (0..<40).map { 1_000 + Double($0) * 30 }
            let bad = try requests(seed, "status 500", at: seconds, succeeding: succeeding)
            let healthy = try requests(seed + 10, "", at: [], succeeding: succeeding)
            let comparison = Comparer.compare(bad, with: healthy, called: "before")
            #expect(kinds(comparison) == ["new GET <*>: status 500"])
            #expect(comparison.differences.first?.isRegression == true)
            #expect(kinds(Comparer.compare(healthy, with: bad, called: "after")) == ["gone GET <*>: status 500"])
            #expect(kinds(Comparer.compare(bad, with: bad, called: "itself")) == [])
        }
    }

    @Test func `a template's new status of warnings is told behind another one of both runs`() throws {
        func requests(_ seed: UInt64, refused: Int64) throws -> Summary {
            var summary = try run(seed, "GET <*>", .warning, at: (0..<300 + Int(refused)).map { Double($0) * 8 })
            for (status, count) in [("status 404", 300), ("status 429", refused)] where count > 0 {
                summary.templates["GET <*>"]?.warn(status, count: count)
            }
            return summary
        }
        let (bad, healthy) = (try requests(70, refused: 90), try requests(71, refused: 0))
        let comparison = Comparer.compare(bad, with: healthy, called: "before")
        #expect(kinds(comparison) == ["new GET <*>: status 429"])
        #expect(comparison.differences.first?.statement.text == "90 warnings, none there")
        #expect(kinds(Comparer.compare(healthy, with: bad, called: "after")) == ["gone GET <*>: status 429"])
        #expect(kinds(Comparer.compare(bad, with: bad, called: "itself")) == [])
    }

    @Test func `errors that come and go between runs anyway are no difference`() throws {
        var runs = [try run(41, "", .info, at: []), try run(42, "", .info, at: [])]
        for (index, text) in ["one", "two", "three", "four"].enumerated() {
            let one = try run(43, text, .error, at: [500, 1_700, 2_900])
            runs[index % 2].templates[text] = one.templates[text]
        }
        #expect(kinds(Comparer.compare(runs[0], with: runs[1], called: "before")) == [])
    }

    @Test func `a burst of errors over the steady few of both runs is more`() throws {
        let steady = (0..<70).map { Double($0) * 50 }
        let bad = try run(51, "no answer", .error, at: (steady + (0..<300).map { 2_000 + Double($0) * 0.2 }).sorted())
        let healthy = try run(52, "no answer", .error, at: steady)
        #expect(kinds(Comparer.compare(bad, with: healthy, called: "before")) == ["more no answer"])
    }

    @Test func `nothing told is not nothing different`() {
        var random = SeededGenerator(state: 1)
        let rates = steady(&random)
        let (one, other) = (run(rates, seed: 61), run(rates, seed: 62))
        func said(_ baseline: Summary) -> String {
            TextReport(width: 100, color: false, unicode: true)
                .render(Report(one, baseline: ("b", baseline)), elapsed: nil)
        }
        #expect(said(one).contains("compared with b: nothing is different\n"))
        #expect(said(other).contains("compared with b: no difference that chance wouldn't make\n"))
    }

    @Test func `how the runs compare as a whole is said once, in the head`() {
        var random = SeededGenerator(state: 6)
        let rates = steady(&random).map { ($0.text, max($0.rate, 0.1), $0.level) }
        let bad = run(rates + [("no answer <*>", 1, .error), ("refused <*>", 1, .error)], seconds: 900, seed: 71)
        let healthy = run(rates + [("no answer <*>", 0.1, .error), ("refused <*>", 0.1, .error)], seed: 72)
        let text = TextReport(width: 100, color: false, unicode: true)
            .render(Report(bad, baseline: ("b", healthy)), elapsed: nil)
        #expect(text.components(separatedBy: "times as often as there").count == 2, "\(text)")
        #expect(text.contains(" there, "), "\(text)")
    }

    @Test func `a run of twice the length has nothing more for that`() {
        var random = SeededGenerator(state: 6)
        let rates = steady(&random)
        let comparison = Comparer.compare(
            run(rates, seconds: 3_600, seed: 11), with: run(rates, seconds: 900, seed: 12), called: "short")
        #expect(kinds(comparison) == [])
    }

    @Test func `what takes longer is told with both medians`() throws {
        let rates: [(text: String, rate: Double, level: Severity)] = [("took <*>", 0.3, .info)]
        let slow = run(rates, seed: 21, median: 0.05)
        let fast = run(rates, seed: 22, median: 0.02)
        let slower = try #require(Comparer.compare(slow, with: fast, called: "v1").differences.first)
        #expect(slower.kind == .slower)
        #expect(slower.subject == .parameter(template: "took <*>", index: 0))
        #expect(abs(slower.here / slower.there - 2.5) < 0.5)
        #expect(Comparer.compare(fast, with: slow, called: "v2").differences.map(\.kind) == [.faster])
    }

    // MARK: Order

    private func sequence(_ order: [Int]) -> Summary {
        var summary = Summary()
        for (place, step) in order.enumerated() {
            let sample = MadeUp.sample("a.log", Int64(place + 1), Double(place), "step \(step)")
            var template = TemplateSummary(text: "step \(step)", sample: sample, component: "")
            template.tally.add(time: sample.time ?? 0)
            summary.templates["\(step)"] = template
            summary.tally.add(time: sample.time ?? 0)
        }
        return summary
    }

    @Test func `a step of a sequence that comes at another place is told, not what it jumped over`() {
        let before = Array(0..<20)
        var after = before
        after.insert(after.remove(at: 17), at: 1)
        let comparison = Comparer.compare(sequence(after), with: sequence(before), called: "before")
        #expect(kinds(comparison) == ["reordered step 17"])
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `messages without an order of their own are not reordered`(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        let before = Array(0..<30)
        let comparison = Comparer.compare(
            sequence(before.shuffled(using: &random)), with: sequence(before), called: "before")
        #expect(comparison.differences.isEmpty)
    }
}
