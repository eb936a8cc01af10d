import Foundation
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

    /// A template whose events have a parameter, one at each time.
    mutating func add(
        _ times: [Int64], _ severity: Severity, component: String = "", file: String = "",
        values: (kind: ParameterKind, list: [Double])? = nil
    ) {
        number += 1
        let id = "template \(number)"
        let times = times.sorted()
        guard let first = times.first, let last = times.last else { return }
        // Each template's lines stand one behind the other.
        let line = Int64(number) * 1_000_000
        let sample = Sample(source: "a.log", offset: line * 100, line: line, time: first, text: id)
        var template = TemplateSummary(text: id, sample: sample, component: component)
        template.tally.count = Int64(times.count)
        template.tally.first = first
        template.tally.last = last
        template.byRank[severity.rank] = Int64(times.count)
        for (index, time) in times.enumerated() {
            template.series.add(1, FirstLine(source: "a.log", line: line + Int64(index), time: time))
        }
        if severity >= .error {
            let (tally, series) = (template.tally, template.series)
            template.fail { failures in
                failures.tally = tally
                failures.series = series
                failures.sample = sample
            }
        }
        let names = [(JoinKind.component, component), (.file, file)].filter { !$0.1.isEmpty }
        if severity >= .error, !names.isEmpty {
            let joins = Self.joins(names, times, line)
            template.fail { $0.joins = joins }
        }
        if let values { template.parameters = [parameter(values.kind, zip(times, values.list), line)] }
        summary.templates[id] = template
        summary.tally.merge(template.tally)
        for (bucket, count) in zip(template.series.buckets, template.series.counts) {
            var counts = MadeUp.byRank([:])
            counts[severity.rank] = count
            summary.timeline.add(time: bucket * template.series.width, byRank: counts)
        }
    }

    /// Gives the template that was added last, if it fails, a log of its own.
    mutating func name(file: String) {
        let id = "template \(number)"
        guard let template = summary.templates[id], let first = template.tally.first else { return }
        let joins = Self.joins(
            [(.file, file)], Array(repeating: first, count: Int(template.tally.count)), template.sample.line)
        summary.templates[id]?.fail { $0.joins = joins }
    }

    private static func joins(_ names: [(JoinKind, String)], _ times: [Int64], _ line: Int64) -> JoinSample {
        let entries = names.map { kind, value in
            JoinSample.Entry(
                kind: kind, value: value, count: Int64(times.count), source: "a.log", line: line, time: times.first)
        }
        let coded = try? JSONEncoder().encode(["entries": entries])
        return coded.flatMap { try? JSONDecoder().decode(JoinSample.self, from: $0) } ?? JoinSample()
    }

    private func parameter(
        _ kind: ParameterKind, _ values: some Sequence<(Int64, Double)>, _ line: Int64
    ) -> ParameterSummary {
        var parameter = ParameterSummary(place: 0)
        var distribution = Distribution()
        var timed = TimedSample()
        for (index, (time, value)) in values.enumerated() {
            let isLargest = value > distribution.maximum
            _ = distribution.add(value)
            let offset = line * 100 + Int64(index)
            let hash = TimedSample.hash(0, offset)
            if hash <= timed.bound {
                let entry = TimedSample.Entry(
                    hash: hash, time: time, line: line + Int64(index), source: 0, value: Float(value))
                _ = timed.add(entry, mayGrow: true)
            }
            if isLargest {
                distribution.largest = Sample(
                    source: "a.log", offset: line * 100, line: line + Int64(index), time: time, text: "took \(value)")
            }
        }
        if kind == .duration { distribution.timed = timed.settled(["a.log"]) }
        parameter.distributions[kind] = distribution
        return parameter
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
