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
            let days = [0.3, 1, 2][Int(seed / 3) % 3]
            let latencies = Latencies(shape, count, length: days * Self.day, &random)
            told += shifts(latencies).map { "\(seed): \(count) in \(days) days: \($0)".prefix(200) + "" }
        }
        #expect(told.count <= series / 100, "\(told.count): \(told.prefix(6).joined(separator: "\n"))")
    }

    // MARK: What is found

    private func share(_ shape: Latencies.Shape, _ change: (inout Latencies, Double) -> Double?) -> Int {
        var hits = 0
        for seed in UInt64(0)..<100 {
            var random = SeededGenerator(state: seed &* 31 &+ 7)
            var latencies = Latencies(shape, 500, length: Self.day, &random)
            let start = Double.random(in: 0.15..<0.75, using: &random) * Self.day
            guard let end = change(&latencies, start) else { continue }
            let isFound = shifts(latencies).contains { found in
                let first = Double(latencies.times[found.range.lowerBound] - MadeUp.four) / 1e9
                let last = Double(latencies.times[found.range.upperBound - 1] - MadeUp.four) / 1e9
                return found.isSlower && abs(first - start) < 0.05 * Self.day && abs(last - end) < 0.05 * Self.day
            }
            if isFound { hits += 1 }
        }
        return hits
    }

    @Test(arguments: [Latencies.Shape.narrow, .whole, .exponential, .loaded, .logNormal, .twoKinds])
    func `slower for a tenth of the time is found`(shape: Latencies.Shape) {
        // What varies more hides more.
        let factor = shape == .narrow || shape == .whole ? 2.0 : 4.0
        let hits = share(shape) { latencies, start in
            latencies.slow(start..<start + Self.day / 10) { _ in factor }
            return start + Self.day / 10
        }
        #expect(hits >= 90, "\(hits) of 100")
    }

    @Test(arguments: [Latencies.Shape.narrow, .whole, .exponential, .loaded, .logNormal])
    func `slower up to the end is found`(shape: Latencies.Shape) {
        let hits = share(shape) { latencies, start in
            latencies.slow(start..<Self.day) { _ in shape == .narrow || shape == .whole ? 2 : 4 }
            return Self.day
        }
        #expect(hits >= 90, "\(hits) of 100")
    }
}
