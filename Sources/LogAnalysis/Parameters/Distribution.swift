/// The quantities of one place: how many, how they are spread, and the largest with its event.
package struct Distribution: Equatable, Sendable, Codable {
    /// What a quantity may be: sixteen digits of the largest unit, and far from where sums overflow.
    static let range = -1e30...1e30

    private var spread = Spread()
    /// The event of the maximum; of several the earliest. Kept where values have a size that means something.
    package var largest: Sample?
    /// Of durations: some with their times.
    package var timed = TimedSample()

    /// What every value touches: as long as a line of the cache.
    struct Spread: Equatable, Sendable {
        fileprivate(set) var count: Int64 = 0
        fileprivate(set) var minimum = Double.infinity
        fileprivate(set) var maximum = -Double.infinity
        var sketch = QuantileSketch()
        /// Number of the table in front of the sketch: -1 for none yet, -2 for none ever.
        var table: Int32 = -1
        /// In billionths. A sum of Doubles would depend on the order.
        fileprivate var total: Int128 = 0

        /// Counts a value, but for its bucket in the sketch.
        @inline(__always)
        mutating func add(_ value: Double) {
            count &+= 1
            if value < minimum { minimum = value }
            if value > maximum { maximum = value }
            let billionths = value * 1e9
            total += billionths.magnitude < 9e18 ? Int128(Int64(billionths)) : Int128(billionths)
        }
    }

    package init() {}

    init(_ spread: Spread) { self.spread = spread }

    package var count: Int64 { spread.count }
    package var minimum: Double { spread.minimum }
    package var maximum: Double { spread.maximum }
    package var sketch: QuantileSketch { spread.sketch }
    package var sum: Double { Double(spread.total) / 1e9 }
    package var mean: Double { count > 0 ? sum / Double(count) : 0 }

    package mutating func merge(_ other: Distribution) {
        if other.maximum > maximum {
            largest = other.largest
        } else if other.maximum == maximum {
            switch (largest, other.largest) {
            case (let a?, let b?): largest = Sample.earlier(a, b)
            case (nil, let b): largest = b
            default: break
            }
        }
        spread.count += other.count
        spread.minimum = min(minimum, other.minimum)
        spread.maximum = max(maximum, other.maximum)
        spread.total += other.spread.total
        spread.sketch.merge(other.sketch)
        timed.merge(other.timed)
    }

    /// The value that the share `share` of all lies at or below; nil if there is none.
    package func quantile(_ share: Double) -> Double? {
        guard count > 0, let value = sketch.quantile(share) else { return nil }
        return min(max(value, minimum), maximum)
    }

    var isSound: Bool {
        count > 0 && sketch.isSound && sketch.count == count && timed.isSound && minimum <= maximum
            && Self.range.contains(minimum) && Self.range.contains(maximum) && sum.magnitude <= 1e30 * Double(count)
    }

    private enum CodingKeys: String, CodingKey { case count, minimum, maximum, total, sketch, largest, timed }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        spread.count = try values.decode(Int64.self, forKey: .count)
        spread.minimum = try values.decode(Double.self, forKey: .minimum)
        spread.maximum = try values.decode(Double.self, forKey: .maximum)
        spread.sketch = try values.decode(QuantileSketch.self, forKey: .sketch)
        largest = try values.decodeIfPresent(Sample.self, forKey: .largest)
        timed = try values.decodeIfPresent(TimedSample.self, forKey: .timed) ?? TimedSample()
        guard let total = Int128(try values.decode(String.self, forKey: .total)), total.magnitude < 1 << 126 else {
            throw DecodingError.dataCorruptedError(forKey: .total, in: values, debugDescription: "no sum")
        }
        spread.total = total
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(count, forKey: .count)
        try values.encode(minimum, forKey: .minimum)
        try values.encode(maximum, forKey: .maximum)
        // As text: JSON's readers lose the digits of large numbers.
        try values.encode(String(spread.total), forKey: .total)
        try values.encode(sketch, forKey: .sketch)
        try values.encodeIfPresent(largest, forKey: .largest)
        if !timed.isEmpty { try values.encode(timed, forKey: .timed) }
    }
}
