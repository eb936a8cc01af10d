import LogCore

@testable import LogAnalysis

/// Logs made up by a generator with a seed: series of known rates, with or without something in them.
struct SimulatedLog {
    typealias Random = SeededGenerator

    /// Seconds.
    let length: Int
    private(set) var summary = Summary()
    private var random: Random
    private var number = 0

    init(seed: UInt64, length: Int) {
        random = Random(state: seed)
        self.length = length
    }

    /// A template whose events come at `rate(second)` a second, each `clump(…)` times. Steps of `step` seconds.
    mutating func add(
        severity: Severity = .info, step: Int = 300, clump: (inout Random) -> Int = { _ in 1 },
        rate: (Double) -> Double
    ) {
        var times: [Int64] = []
        for start in stride(from: 0, to: length, by: step) {
            for _ in 0..<poisson(rate(Double(start)) * Double(step)) {
                let time = MadeUp.four + Int64((Double(start) + .random(in: 0..<Double(step), using: &random)) * 1e9)
                times += repeatElement(time, count: clump(&random))
            }
        }
        add(times, severity)
    }

    /// A template with an event every so many seconds, late by up to `jitter`.
    mutating func addJob(every period: Double, jitter: Double, lines: Int = 1) {
        var times: [Int64] = []
        var start = Double.random(in: 0..<period, using: &random)
        while start < Double(length) {
            let time = MadeUp.time(min(start + .random(in: 0...jitter, using: &random), Double(length)))
            times += (0..<lines).map { time + Int64($0) * Timestamp.second }
            start += period
        }
        add(times, .info)
    }

    mutating func add(_ times: [Int64], _ severity: Severity) {
        number += 1
        let id = "template \(number)"
        guard let first = times.min(), let last = times.max() else { return }
        let sample = Sample(source: "a.log", offset: Int64(number) * 100, line: Int64(number), time: first, text: id)
        var template = TemplateSummary(text: id, sample: sample, component: "")
        template.tally.count = Int64(times.count)
        template.tally.first = first
        template.tally.last = last
        template.byRank[severity.rank] = Int64(times.count)
        for time in times { template.series.add(time) }
        summary.templates[id] = template
        summary.tally.merge(template.tally)
        for (bucket, count) in zip(template.series.buckets, template.series.counts) {
            var counts = MadeUp.byRank([:])
            counts[severity.rank] = count
            summary.timeline.add(time: bucket * template.series.width, byRank: counts)
        }
    }

    private mutating func poisson(_ mean: Double) -> Int {
        // In parts, so that the exponential stays far from zero; waiting times add up to one.
        var left = mean
        var count = -1
        while left > -1e-12 {
            count += 1
            let uniform = Double.random(in: Double.leastNonzeroMagnitude..<1, using: &random)
            left += SpecialFunctions.log(uniform)
        }
        return max(count, 0)
    }

    /// What is told, without what is for information.
    var troubles: [Change] {
        ChangeFinder.find(summary).filter { $0.kind != .periodic && $0.kind != .rare }
    }
}
