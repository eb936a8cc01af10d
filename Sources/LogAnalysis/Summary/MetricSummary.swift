/// A counter, gauge or histogram that a plugin keeps, under one set of labels.
package struct MetricSummary: Equatable, Sendable, Codable {
    package enum Kind: String, Sendable, Codable { case counter, gauge, histogram }

    package var name: String
    package var help: String
    package var labels: [String: String]
    package var kind: Kind
    /// A counter's count, a gauge's last value, the sum of what a histogram was given.
    package var value: Double
    /// Event time in nanoseconds at which a gauge was set.
    package var time: Int64?
    /// A histogram's upper bounds, rising; `buckets` has one more, for what lies above all of them.
    package var bounds: [Double]
    package var buckets: [UInt64]
    /// Values that a histogram was given.
    package var count: UInt64

    package init(
        name: String, help: String, labels: [String: String], kind: Kind, value: Double, time: Int64? = nil,
        bounds: [Double] = [], buckets: [UInt64] = [], count: UInt64 = 0
    ) {
        self.name = name
        self.help = help
        self.labels = labels
        self.kind = kind
        self.value = value
        self.time = time
        self.bounds = bounds
        self.buckets = buckets
        self.count = count
    }

    /// The name with its labels, as Prometheus writes it: one series is one of these.
    package var series: String {
        if labels.isEmpty { return name }
        let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
        return "\(name){\(pairs.joined(separator: ","))}"
    }

    /// Counters and histograms add up; of two gauges the one that was set later counts.
    package mutating func merge(_ other: MetricSummary) {
        if help.isEmpty { help = other.help }
        switch kind {
        case .counter:
            value += other.value
        case .gauge:
            let mine = (time ?? .min, value)
            let theirs = (other.time ?? .min, other.value)
            if mine < theirs { (time, value) = (other.time, other.value) }
        case .histogram:
            guard bounds == other.bounds, buckets.count == other.buckets.count else { return }
            value += other.value
            count &+= other.count
            for i in buckets.indices { buckets[i] &+= other.buckets[i] }
        }
    }

    /// The value below which the share `quantile` of what was given lies, by even spread within its bucket; nil for what
    /// is no histogram or an empty one, infinity above the last bound.
    package func quantile(_ quantile: Double) -> Double? {
        guard kind == .histogram, count > 0, buckets.count == bounds.count + 1 else { return nil }
        let rank = quantile * Double(count)
        var below: Double = 0
        for (index, bucket) in buckets.enumerated() {
            let upTo = below + Double(bucket)
            if upTo >= rank, bucket > 0 {
                guard index < bounds.count else { return .infinity }
                let lower = index == 0 ? min(0, bounds[0]) : bounds[index - 1]
                return lower + (bounds[index] - lower) * (rank - below) / Double(bucket)
            }
            below = upTo
        }
        return nil
    }

    var isSound: Bool {
        value.isFinite && bounds.allSatisfy(\.isFinite) && buckets.allSatisfy { $0 < 1 << 53 } && count < 1 << 53
            && (kind != .histogram || buckets.count == bounds.count + 1)
    }
}
