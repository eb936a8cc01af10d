/// How positive values are spread, in buckets that are the same for everybody: an octave has 32 of equal width, so that
/// a value is known to 1.6 %. After DDSketch (Masson, Rim and Lee 2019), with the mantissa's upper bits in place of a
/// logarithm, and with all buckets widened alike where there are too many, as UDDSketch does.
///
/// The width depends on the set of values only, so that the order of adding and merging makes no difference.
package struct QuantileSketch: Equatable, Sendable {
    /// Buckets kept at most, 2 KiB: eight octaves of values that lie everywhere.
    package static let limit = 256
    /// Bits of a Double below the bucket's number: 52 of the mantissa less five.
    private static let shift: UInt64 = 47
    private static let widest: UInt8 = 8
    private static let countBits: UInt64 = 48
    private static let countMask: UInt64 = 1 << countBits - 1

    /// Bucket number in the upper 16 bits, count in the lower 48; ascending.
    private var buckets: ContiguousArray<UInt64> = []
    /// Values that are zero or below.
    package private(set) var zeros: Int64 = 0
    /// How often the width was doubled. A byte at the end: a table number finds room behind it in the same line of the cache.
    private(set) var step: UInt8 = 0

    package init() {}

    package var count: Int64 { buckets.reduce(zeros) { $0 + Int64($1 & Self.countMask) } }
    var bucketCount: Int { buckets.count }

    /// The number of a value's bucket where none was widened yet; 0 for zero and below, which have none.
    @inline(__always)
    static func bucket(_ value: Double) -> UInt64 { value > 1e-12 ? value.bitPattern &>> shift : 0 }

    /// Counts a value that is zero or below.
    @inline(__always)
    mutating func addZero() { zeros &+= 1 }

    /// A new bucket is taken only if `mayGrow`; else the value counts to the nearest one that is there.
    /// Returns whether there is a new bucket.
    mutating func add(_ value: Double, mayGrow: Bool = true) -> Bool {
        let bucket = Self.bucket(value)
        guard bucket > 0 else {
            addZero()
            return false
        }
        return add(1, of: bucket, mayGrow: mayGrow)
    }

    /// The same for several values of one bucket, as `bucket` numbers it.
    mutating func add(_ count: Int64, of bucket: UInt64, mayGrow: Bool) -> Bool {
        let key = bucket &>> UInt64(step)
        let place = place(of: key)
        guard place < buckets.count, buckets[place] &>> Self.countBits == key else {
            return insert(key, UInt64(count), place, mayGrow)
        }
        buckets[place] &+= UInt64(count)
        return false
    }

    private mutating func insert(_ key: UInt64, _ count: UInt64, _ place: Int, _ mayGrow: Bool) -> Bool {
        guard mayGrow || buckets.isEmpty else {
            buckets[min(place, buckets.count - 1)] += count
            return false
        }
        buckets.insert(key << Self.countBits | count, at: place, growingTo: Self.limit)
        while buckets.count > Self.limit, step < Self.widest { widen() }
        return true
    }

    /// Where the bucket stands or would stand.
    @inline(__always)
    private func place(of key: UInt64) -> Int {
        let wanted = key &<< Self.countBits
        return buckets.place { $0 < wanted }
    }

    private mutating func widen() {
        step += 1
        var kept = 0
        for bucket in buckets {
            let key = bucket >> (Self.countBits + 1)
            if kept > 0, buckets[kept - 1] >> Self.countBits == key {
                buckets[kept - 1] += bucket & Self.countMask
            } else {
                buckets[kept] = key << Self.countBits | bucket & Self.countMask
                kept += 1
            }
        }
        buckets.removeLast(buckets.count - kept)
    }

    package mutating func merge(_ other: QuantileSketch) {
        var other = other
        while step < other.step { widen() }
        while other.step < step { other.widen() }
        zeros += other.zeros
        var merged: ContiguousArray<UInt64> = []
        merged.reserveCapacity(buckets.count + other.buckets.count)
        var i = 0
        var j = 0
        while i < buckets.count || j < other.buckets.count {
            let a = i < buckets.count ? buckets[i] : .max
            let b = j < other.buckets.count ? other.buckets[j] : .max
            if a >> Self.countBits == b >> Self.countBits {
                merged.append(a + b & Self.countMask)
                i += 1
                j += 1
            } else if a < b {
                merged.append(a)
                i += 1
            } else {
                merged.append(b)
                j += 1
            }
        }
        buckets = merged
        while buckets.count > Self.limit, step < Self.widest { widen() }
    }

    /// The value that the share `share` of all lies at or below, to the width of a bucket; nil if there is none.
    package func quantile(_ share: Double) -> Double? {
        let count = count
        guard count > 0 else { return nil }
        let rank = Int64((min(max(share, 0), 1) * Double(count - 1)).rounded())
        var seen = zeros
        if rank < seen { return 0 }
        for (middle, number) in values {
            seen += number
            if rank < seen { return middle }
        }
        return nil
    }

    /// Values above `limit`, as far as the width of a bucket tells.
    package func count(above limit: Double) -> Int64 { values.reduce(0) { $1.middle > limit ? $0 + $1.count : $0 } }

    /// The middle of each bucket, ascending, and how many values lie in it. Without zeros.
    package var values: some Sequence<(middle: Double, count: Int64)> {
        buckets.lazy.map { [step] bucket in
            let key = bucket >> Self.countBits
            let lower = Double(bitPattern: key << (Self.shift + UInt64(step)))
            let upper = Double(bitPattern: (key + 1) << (Self.shift + UInt64(step)))
            return ((lower + upper) / 2, Int64(bucket & Self.countMask))
        }
    }

    /// The same in buckets as wide as those of `other`, where these are wider.
    func widened(like other: QuantileSketch) -> QuantileSketch {
        var sketch = self
        while sketch.step < other.step { sketch.widen() }
        return sketch
    }

    /// Counts by bucket number. Only sketches of one width can be compared.
    var counts: [UInt64: Int64] {
        Dictionary(uniqueKeysWithValues: buckets.map { ($0 >> Self.countBits, Int64($0 & Self.countMask)) })
    }

    var isSound: Bool {
        guard step <= Self.widest, buckets.count <= Self.limit || step == Self.widest, zeros >= 0, zeros <= 1 << 43
        else {
            return false
        }
        // Larger than any quantity that is read; and no sum overflows into the bucket's number.
        let end = Distribution.range.upperBound.bitPattern >> (Self.shift + UInt64(step))
        return buckets.allSatisfy { $0 >> Self.countBits <= end && (1...(1 << 43)).contains($0 & Self.countMask) }
            && zip(buckets, buckets.dropFirst()).allSatisfy { $0 >> Self.countBits < $1 >> Self.countBits }
    }
}

extension QuantileSketch: Codable {
    private enum CodingKeys: String, CodingKey { case step, buckets, counts, zeros }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        step = try values.decode(UInt8.self, forKey: .step)
        zeros = try values.decode(Int64.self, forKey: .zeros)
        let keys = try values.decode([UInt16].self, forKey: .buckets)
        let counts = try values.decode([Int64].self, forKey: .counts)
        guard keys.count == counts.count, counts.allSatisfy({ (1...(1 << 43)).contains($0) }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .counts, in: values, debugDescription: "no counts of buckets")
        }
        buckets = ContiguousArray(zip(keys, counts).map { UInt64($0) << Self.countBits | UInt64($1) })
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(step, forKey: .step)
        try values.encode(zeros, forKey: .zeros)
        try values.encode(buckets.map { UInt16(truncatingIfNeeded: $0 >> Self.countBits) }, forKey: .buckets)
        try values.encode(buckets.map { Int64($0 & Self.countMask) }, forKey: .counts)
    }
}
