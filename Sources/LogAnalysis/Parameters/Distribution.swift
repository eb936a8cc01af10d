/// The quantities of one place: how many, how they are spread, and the largest with its event.
package struct Distribution: Equatable, Sendable, Codable {
    /// What a quantity may be: sixteen digits of the largest unit, and far from where sums overflow.
    static let range = -1e30...1e30

    package private(set) var count: Int64 = 0
    package private(set) var minimum = Double.infinity
    package private(set) var maximum = -Double.infinity
    package private(set) var sketch = QuantileSketch()
    /// In billionths. A sum of Doubles would depend on the order.
    private var total: Int128 = 0
    /// The event of the maximum; of several the earliest. Kept where values have a size that means something.
    package var largest: Sample?
    /// Of durations: some with their times.
    package var timed = TimedSample()

    package init() {}

    package var sum: Double { Double(total) / 1e9 }
    package var mean: Double { count > 0 ? sum / Double(count) : 0 }

    /// Returns whether the sketch has a bucket more.
    @inline(__always)
    mutating func add(_ value: Double, near guess: inout UInt8, mayGrow: Bool = true) -> Bool {
        count &+= 1
        if value < minimum { minimum = value }
        if value > maximum { maximum = value }
        let billionths = value * 1e9
        total += billionths.magnitude < 9e18 ? Int128(Int64(billionths)) : Int128(billionths)
        return sketch.add(value, near: &guess, mayGrow: mayGrow)
    }

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
        count += other.count
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        total += other.total
        sketch.merge(other.sketch)
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
        count = try values.decode(Int64.self, forKey: .count)
        minimum = try values.decode(Double.self, forKey: .minimum)
        maximum = try values.decode(Double.self, forKey: .maximum)
        sketch = try values.decode(QuantileSketch.self, forKey: .sketch)
        largest = try values.decodeIfPresent(Sample.self, forKey: .largest)
        timed = try values.decodeIfPresent(TimedSample.self, forKey: .timed) ?? TimedSample()
        guard let total = Int128(try values.decode(String.self, forKey: .total)), total.magnitude < 1 << 126 else {
            throw DecodingError.dataCorruptedError(forKey: .total, in: values, debugDescription: "no sum")
        }
        self.total = total
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(count, forKey: .count)
        try values.encode(minimum, forKey: .minimum)
        try values.encode(maximum, forKey: .maximum)
        // As text: JSON's readers lose the digits of large numbers.
        try values.encode(String(total), forKey: .total)
        try values.encode(sketch, forKey: .sketch)
        try values.encodeIfPresent(largest, forKey: .largest)
        if !timed.isEmpty { try values.encode(timed, forKey: .timed) }
    }
}
