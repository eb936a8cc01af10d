import Foundation
import LogCore

@testable import LogAnalysis

/// Latencies as services have them, made up: how they are spread, and how they come and go where nothing happens.
struct Latencies {
    enum Shape: String, CaseIterable, CustomStringConvertible {
        case narrow, logNormal, pareto, exponential, whole
        /// From a cache or not.
        case twoKinds
        /// Slower by day; only some of them are.
        case daily, dailyShare
        /// Load that lasts for minutes or for hours; the slow ones come together.
        case loaded, loadedLong, clumps
        var description: String { rawValue }
    }

    private(set) var times: [Int64]
    var values: [Double] = []

    init(_ shape: Shape, _ count: Int, length: Double, _ random: inout SeededGenerator) {
        let seconds = (0..<count).map { _ in Double.random(in: 0..<length, using: &random) }.sorted()
        times = seconds.map(MadeUp.time)
        let midnight = Double.random(in: 0..<86_400, using: &random)
        var load = Self.normal(&random)
        var last = 0.0
        var isClump = false
        for second in seconds {
            let noon = (1 - cos((second - midnight) / 86_400 * 2 * Double.pi)) / 2
            let u = Double.random(in: 1e-12..<1, using: &random)
            let normal = Self.normal(&random)
            // A load that forgets what it was within some time.
            let memory = exp(-(second - last) / (shape == .loadedLong ? length / 25 : length / 150))
            load = load * memory + (1 - memory * memory).squareRoot() * Self.normal(&random)
            last = second
            switch shape {
            case .narrow: values.append(0.02 * exp(normal / 2))
            case .logNormal: values.append(0.02 * exp(normal))
            case .pareto: values.append(0.01 * exp(-Foundation.log(u) / 1.2))
            case .exponential: values.append(-0.05 * Foundation.log(u))
            case .whole: values.append((1.5 + 2 * exp(normal / 2)).rounded() / 1_000)
            case .twoKinds: values.append(u < 0.6 ? 0.001 * exp(normal / 4) : 0.08 * exp(normal / 2))
            case .daily: values.append(0.02 * (1 + 2 * noon) * exp(normal / 2))
            case .dailyShare: values.append(u < 0.2 + 0.6 * noon ? 0.2 * exp(normal / 2) : 0.004 * exp(normal / 2))
            case .loaded, .loadedLong: values.append(0.03 * exp(0.5 * load + normal / 2))
            case .clumps:
                if u < 0.08 { isClump.toggle() }
                values.append((isClump ? 0.06 : 0.02) * exp(normal / 2))
            }
        }
    }

    /// Others behind these, from so many seconds on.
    mutating func append(_ others: Latencies, after start: Double) {
        times += others.times.map { $0 + Int64(start * 1e9) }
        values += others.values
    }

    /// As many times as long from one time to another.
    mutating func slow(_ range: Range<Double>, by factor: (Double) -> Double) {
        for index in times.indices {
            let second = Double(times[index] - MadeUp.four) / 1e9
            if range.contains(second) { values[index] *= factor(second) }
        }
    }

    static func normal(_ random: inout SeededGenerator) -> Double {
        (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
    }
}
