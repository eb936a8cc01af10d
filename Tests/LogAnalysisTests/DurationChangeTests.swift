import Foundation
import LogCore
import Testing

@testable import LogAnalysis

@Suite struct DurationChangeTests {
    private static let day = 86_400.0

    private func shifts(_ latencies: Latencies) -> [DurationShift.Found] {
        DurationShift(latencies.times, latencies.values).find().filter { $0.chance <= FalseDiscoveries.rate }
    }

    private func summary(_ latencies: [Latencies]) -> Summary {
        var log = SimulatedLog(seed: 5, length: Int(Self.day))
        for one in latencies { log.add(one.times, .info, values: (.duration, one.values)) }
        return log.summary
    }

    private func found(_ latencies: Latencies...) -> [Change] {
        let found = DurationChanges.find(summary(latencies))
        return found.slower + found.faster
    }

    // MARK: Nothing happens

    @Test(arguments: Latencies.Shape.allCases)
    func `of latencies in which nothing happens at most one series in a hundred is told`(shape: Latencies.Shape) {
        var told: [String] = []
        let series = 300
        for seed in 0..<UInt64(series) {
            var random = SeededGenerator(state: seed &* 977 &+ 3)
            let count = [60, 200, 500][Int(seed) % 3]
            // A part of a day does drift.
            let days = [shape == .daily || shape == .dailyShare ? 1.2 : 0.3, 1, 2][Int(seed / 3) % 3]
            let latencies = Latencies(shape, count, length: days * Self.day, &random)
            told += shifts(latencies).map { "\(seed): \(count) in \(days) days: \($0)".prefix(200) + "" }
        }
        // Load that lasts for an hour looks like an event at times.
        let most = shape == .loadedLong ? 4 : 1
        #expect(told.count <= series * most / 100, "\(told.count): \(told.prefix(6).joined(separator: "\n"))")
    }

    // MARK: What is found

    private func share(
        _ shape: Latencies.Shape, of length: Double = day, _ change: (inout Latencies, Double) -> Double?
    ) -> Int {
        var hits = 0
        for seed in UInt64(0)..<100 {
            var random = SeededGenerator(state: seed &* 31 &+ 7)
            var latencies = Latencies(shape, 500, length: length, &random)
            let start = Double.random(in: 0.15..<0.75, using: &random) * length
            guard let end = change(&latencies, start) else { continue }
            let isFound = shifts(latencies).contains { found in
                let first = Double(latencies.times[found.range.lowerBound] - MadeUp.four) / 1e9
                let last = Double(latencies.times[found.range.upperBound - 1] - MadeUp.four) / 1e9
                let shared = min(last, end) - max(first, start)
                return found.isSlower && shared > 0.6 * (max(last, end) - min(first, start))
            }
            if isFound { hits += 1 }
        }
        return hits
    }

    @Test(arguments: [Latencies.Shape.narrow, .whole, .pareto, .logNormal])
    func `slower for a tenth of the time is found`(shape: Latencies.Shape) {
        // What varies more hides more.
        let factor = shape == .narrow || shape == .whole ? 2.0 : 4.0
        let hits = share(shape) { latencies, start in
            latencies.slow(start..<start + Self.day / 10) { _ in factor }
            return start + Self.day / 10
        }
        #expect(hits >= 90, "\(hits) of 100")
    }

    @Test(arguments: [Latencies.Shape.whole, .pareto])
    func `slower up to the end is found`(shape: Latencies.Shape) {
        let hits = share(shape) { latencies, start in
            latencies.slow(start..<Self.day) { _ in shape == .narrow || shape == .whole ? 2 : 4 }
            return Self.day
        }
        #expect(hits >= 90, "\(hits) of 100")
    }

    /// Every third value is of one server of three.
    private func slow(_ latencies: inout Latencies, _ range: Range<Double>) {
        for index in latencies.times.indices where index % 3 == 0 {
            let second = Double(latencies.times[index] - MadeUp.four) / 1e9
            if range.contains(second) { latencies.values[index] *= 50 }
        }
    }

    /// A smooth curve explains much of so small a change.
    @Test(arguments: [Latencies.Shape.narrow, .whole])
    func `a third that takes far longer is found in half of all logs, though the median stays`(shape: Latencies.Shape) {
        let length = 8 * 3_600.0
        for lasting in [length / 8, length] {
            let hits = share(shape, of: length) { latencies, start in
                let end = min(start + lasting, length)
                slow(&latencies, start..<end)
                return end
            }
            #expect(hits >= 50, "\(hits) of 100 for \(lasting) s")
        }
    }

    @Test func `a share is told with both parts`() throws {
        var random = SeededGenerator(state: 12)
        var latencies = Latencies(.narrow, 500, length: 8 * 3_600, &random)
        slow(&latencies, 5 * 3_600..<8 * 3_600)
        let change = try #require(found(latencies).first)
        #expect(change.kind == .slower && change.end == nil, "\(change)")
        #expect(change.observed > 20 * change.expected)
        #expect(change.statement.text.contains(" % of "), "\(change.statement.text)")
        #expect(change.statement.text.contains(", before 0 % of "), "\(change.statement.text)")
    }

    /// So many times as many from one moment on, which it takes ten times as long or no longer.
    private func busier(slow: Double, sudden: Bool = true) -> Int {
        (1...20 as ClosedRange<UInt64>).count { seed in
            var random = SeededGenerator(state: seed &* 131)
            let start = Double.random(in: 0.4..<0.6, using: &random) * Self.day
            var latencies = Latencies(.narrow, 24, length: start, &random)
            let later = Latencies(.narrow, 480, length: Self.day - start, &random)
            latencies.append(later, after: start)
            latencies.slow(start..<Self.day) { sudden ? slow : 1 + (slow - 1) * ($0 - start) / (Self.day - start) }
            return shifts(latencies).contains { found in
                let first = Double(latencies.times[found.range.lowerBound] - MadeUp.four) / 1e9
                return found.kind == .stretch && found.isSlower && abs(first - start) < 0.05 * Self.day
            }
        }
    }

    @Test func `what gets slower and more frequent at once is found, what gets more frequent alone isn't`() {
        let hits = (slow: busier(slow: 12), alike: busier(slow: 1), growing: busier(slow: 12, sudden: false))
        #expect(hits.slow >= 16 && hits.alike == 0 && hits.growing <= 1, "\(hits)")
    }

    @Test func `a drift and a step are told with their lines, the same in any order of merging`() throws {
        var random = SeededGenerator(state: 12)
        var drift = Latencies(.narrow, 500, length: Self.day, &random)
        drift.slow(0..<Self.day) { 1 + 3.5 * $0 / Self.day }
        let changes = found(drift)
        let change = try #require(changes.first)
        #expect(changes.count == 1)
        #expect(change.kind == .slower)
        #expect(change.statement.text.contains("slowly"), "\(change.statement.text)")
        #expect(change.observed > 2 * change.expected)
        #expect(change.statement.citations.first?.source == "a.log")
    }

    @Test func `a sample is the same however it is cut and merged`() throws {
        func sample(_ offsets: [Int64]) -> TimedSample {
            var sample = TimedSample()
            for offset in offsets {
                let hash = TimedSample.hash(7, offset)
                guard hash <= sample.bound else { continue }
                _ = sample.add(.init(hash: hash, time: offset, line: offset, source: 0, value: 1), mayGrow: true)
            }
            return sample.settled(["a.log"])
        }
        let offsets = (1...5_000).map { Int64($0) * 13 }
        let whole = sample(offsets)
        var merged = sample(offsets.filter { $0 % 3 == 0 }.reversed())
        merged.merge(sample(offsets.filter { $0 % 3 == 1 }))
        merged.merge(sample(offsets.filter { $0 % 3 == 2 }.shuffled()))
        #expect(whole.entries.count == TimedSample.limit)
        #expect(merged == whole)
        let coded = try JSONDecoder().decode(TimedSample.self, from: JSONEncoder().encode(whole))
        #expect(coded == whole)
    }
}
