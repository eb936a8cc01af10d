import LogCore

@testable import LogAnalysis

// One at a time, without what the fold remembers between events.

extension Timeline {
    mutating func add(time: Int64, byRank counts: [Int64]) { add(time: time, byRank: counts.span) }
}

extension Distribution {
    mutating func add(_ value: Double) -> Bool {
        var spread = Spread()
        spread.add(value)
        let isNew = !sketch.values.contains { QuantileSketch.bucket($0.middle) == QuantileSketch.bucket(value) }
        _ = spread.sketch.add(value)
        merge(Distribution(spread))
        return isNew
    }
}

extension ValueSample {
    mutating func add(_ text: Span<UInt8>) -> Bool {
        let hash = Self.hash(text)
        return counts(hash) && keep(text, hash, mayGrow: true)
    }
}
