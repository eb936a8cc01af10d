import Foundation
import LogCore
import Testing

@testable import LogAnalysis

/// How often something is told of logs in which nothing happens. `make steady` looks at thousands of series and prints the
/// rates; here it is some dozens of each kind.
@Suite struct SteadyTests {
    /// Series of each kind.
    private static let asked = ProcessInfo.processInfo.environment["STEADY_SERIES"].flatMap { Int($0) }
    private static let series = asked ?? 80

    enum Kind: String, CaseIterable, CustomStringConvertible {
        case low, high, clumped, growing, daily, weekly, drifting, jobs, mixed, durations, sizes, latencies
        var description: String { rawValue }

        var days: Int { self == .weekly ? 14 : self == .high ? 1 : 2 }
        /// Series of one log.
        var width: Int { self == .high ? 8 : 40 }
    }

    private static func rate(_ kind: Kind, _ second: Double, _ length: Double, _ number: Int) -> Double {
        let day = second / 86_400
        // 0 at midnight, 1 at noon.
        let noon = (1 - cos(day * 2 * Double.pi)) / 2
        switch kind {
        case .low: return 0.0003
        case .high: return 0.2
        case .growing: return 0.002 + 0.02 * second / length
        case .daily: return 0.02 * (0.4 + 1.2 * noon)
        case .weekly:
            // Day and night, and half as much from Friday evening to Monday morning.
            let weekday = day.truncatingRemainder(dividingBy: 7)
            let calm = min(max(min(weekday - 4.6, 6.9 - weekday) * 3, 0), 1)
            return 0.004 * (0.5 + noon) * (1 - 0.5 * calm)
        case .drifting:
            // The share of each grows or shrinks fivefold and slowly, while all together stay the same.
            let share = (1 + sin(2 * Double.pi * (day / 3 + Double(number) / 40))) / 2
            return 0.005 + 0.02 * share
        default: return 0.01
        }
    }

    private func log(_ kind: Kind, seed: UInt64) -> SimulatedLog {
        var log = SimulatedLog(seed: seed, length: kind.days * 86_400)
        let length = Double(log.length)
        var random = SeededGenerator(state: seed &+ 99)
        for number in 0..<kind.width {
            let scale = 0.3 + Double(number % 5)
            switch kind {
            case .jobs:
                log.addJob(
                    every: [60, 300, 900, 3_600][number % 4], jitter: Double(number % 3) * 5, lines: 1 + number % 4)
            case .mixed where number % 4 == 0: log.addJob(every: 600, jitter: 10)
            case .clumped,
                .mixed where number % 4 == 1:
                log.add(
                    clump: { Int.random(in: 1...Int.random(in: 1...9, using: &$0), using: &$0) },
                    rate: { _ in 0.01 * scale })
            case .durations, .sizes:
                let count = [150, 600, 3_000][number % 3]
                let times = (0..<count).map { _ in MadeUp.time(.random(in: 0..<length, using: &random)) }
                let values = times.map { _ in Self.value(number % 5, &random) }
                log.add(times, .info, values: (kind == .sizes ? .bytes : .duration, values))
            case .latencies:
                let shape = Latencies.Shape.allCases[number % Latencies.Shape.allCases.count]
                let latencies = Latencies(shape, [100, 500, 3_000][number % 3], length: length, &random)
                log.add(latencies.times, .info, values: (.duration, latencies.values))
            default:
                log.add(severity: number % 7 == 0 ? .error : .info) { Self.rate(kind, $0, length, number) * scale }
            }
        }
        return log
    }

    /// Tails as latencies and sizes have them, from light to heavy.
    private static func value(_ shape: Int, _ random: inout SeededGenerator) -> Double {
        let u = Double.random(in: 1e-12..<1, using: &random)
        let normal = (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
        switch shape {
        case 0: return 0.02 * exp(normal)
        case 1: return 0.01 * exp(-Foundation.log(u) / 1.2)
        case 2: return -0.05 * Foundation.log(u)
        case 3: return u < 0.04 ? 2 + normal / 10 : 0.001 * (1 + u)
        default: return 0.01 * exp(1.5 * normal)
        }
    }

    @Test(arguments: Kind.allCases)
    func `of steady series at most one in a hundred is told`(kind: Kind) {
        let logs = max((Self.series + kind.width - 1) / kind.width, 1)
        var told: [String] = []
        var incidents = 0
        for run in 0..<logs {
            let log = log(kind, seed: UInt64(run) &* 7_919 &+ 11)
            told += log.troubles.map { "\($0.kind.rawValue) of \($0.name): \($0.statement.text)" }
            var list = FindingList(log.summary)
            incidents += IncidentFinder.find(log.summary, &list, []).count
        }
        let series = logs * kind.width
        if Self.asked != nil {
            let rate = (Double(told.count) / Double(series) * 1e5).rounded() / 1e3
            print(
                "steady: \(kind): \(told.count) of \(series) series told, \(rate) %; \(incidents) incidents in \(logs) logs"
            )
        }
        // One where a hundredth is less than one.
        #expect(told.count <= max(series / 100, 1), "\(told.joined(separator: "\n"))")
        #expect(incidents <= max(logs / 20, 1), "\(incidents) incidents in \(logs) logs")
    }
}
