import LogCore

@testable import LogAnalysis

// One at a time, without what the fold remembers between events.

extension Timeline {
    mutating func add(time: Int64, byRank counts: [Int64]) { add(time: time, byRank: counts.span) }
}

extension Distribution {
    mutating func add(_ value: Double) -> Bool {
        var guess: UInt8 = 0
        return add(value, near: &guess)
    }
}

extension QuantileSketch {
    mutating func add(_ value: Double, mayGrow: Bool = true) -> Bool {
        var guess: UInt8 = 0
        return add(value, near: &guess, mayGrow: mayGrow)
    }
}

extension ValueSample {
    mutating func add(_ text: Span<UInt8>) -> Bool {
        var guess: UInt8 = 0
        return add(text, Self.hash(text), near: &guess, mayGrow: true)
    }
}
