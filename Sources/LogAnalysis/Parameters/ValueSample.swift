import LogCore

/// Some of the different values of one place, each with its exact count: those whose hashes are the smallest.
///
/// A value that is among them in the end has been so since it first came, whatever came between; so its count is exact, and
/// the order of adding and merging makes no difference. As hashes are spread evenly, the largest one that is kept tells
/// how many different values there are (bottom-k sketches: Cohen and Kaplan 2007).
package struct ValueSample: Equatable, Sendable {
    /// Values kept at most, 4 KiB. The number of different ones is known to 13 %.
    package static let limit = 64
    /// Bytes of a value that are kept.
    package static let textBytes = 40
    /// Bytes of a value that tell it from others.
    private static let hashedBytes = 256

    /// A line of the cache.
    private struct Entry: Equatable, Sendable {
        var hash: UInt64
        var count: Int64
        /// Length of the value, of which the first `textBytes` follow.
        var length: Int64
        var text: (UInt64, UInt64, UInt64, UInt64, UInt64)

        static func == (a: Entry, b: Entry) -> Bool {
            a.hash == b.hash && a.count == b.count && a.length == b.length && a.text == b.text
        }
    }

    /// In the order of hashes.
    private var entries: ContiguousArray<Entry> = []
    /// All values that were given, those included that aren't kept.
    package private(set) var count: Int64 = 0
    /// Whether there were more different values than are kept.
    package private(set) var isPartial = false
    /// Hashes above it aren't kept: the largest one once the sample is full. Here, as most values of a place with many
    /// are told by it, without a look at another line of the cache.
    private var bound = UInt64.max

    package init() {}

    package var kept: Int { entries.count }

    /// How many different values there are: exact up to `limit`, estimated beyond.
    package var distinct: Double {
        guard isPartial, let last = entries.last, entries.count > 1 else { return Double(entries.count) }
        return max(Double(entries.count), Double(entries.count - 1) * (0x1p64 / (Double(last.hash) + 1)))
    }

    @inline(__always)
    static func hash(_ text: Span<UInt8>) -> UInt64 { textHash(text, first: hashedBytes) }

    /// A further value is kept only if `mayGrow`. Returns whether there is one more. `guess`: where a value of this hash
    /// stood when it came last, or anything; looking there first spares most searches.
    @inline(__always)
    mutating func add(_ text: Span<UInt8>, _ hash: UInt64, near guess: inout UInt8, mayGrow: Bool) -> Bool {
        count &+= 1
        if hash > bound {
            isPartial = true
            return false
        }
        var place = Int(guess)
        if place >= entries.count || entries[place].hash != hash {
            place = self.place(of: hash)
            guard place < entries.count, entries[place].hash == hash else {
                return insert(text, hash, place, mayGrow)
            }
            guess = UInt8(truncatingIfNeeded: place)
        }
        entries[place].count &+= 1
        return false
    }

    private mutating func insert(_ text: Span<UInt8>, _ hash: UInt64, _ place: Int, _ mayGrow: Bool) -> Bool {
        guard mayGrow || entries.count == Self.limit else {
            isPartial = true
            return false
        }
        var entry = Entry(hash: hash, count: 1, length: Int64(text.count), text: (0, 0, 0, 0, 0))
        withUnsafeMutableBytes(of: &entry.text) { bytes in
            for i in 0..<min(text.count, Self.textBytes) { bytes[i] = text[unchecked: i] }
        }
        let isFull = entries.count == Self.limit
        if isFull {
            entries.removeLast()
            isPartial = true
        }
        entries.insert(entry, at: place, growingTo: Self.limit)
        setBound()
        return !isFull
    }

    private mutating func setBound() {
        bound = entries.count < Self.limit ? .max : entries[Self.limit - 1].hash
    }

    @inline(__always)
    private func place(of hash: UInt64) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low &+ high) &>> 1
            if entries[middle].hash < hash { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    package mutating func merge(_ other: ValueSample) {
        count += other.count
        isPartial = isPartial || other.isPartial
        var merged: ContiguousArray<Entry> = []
        merged.reserveCapacity(entries.count + other.entries.count)
        var rest = other.entries[...]
        for var entry in entries {
            while let first = rest.first, first.hash < entry.hash {
                merged.append(first)
                rest.removeFirst()
            }
            if let first = rest.first, first.hash == entry.hash {
                entry.count += first.count
                rest.removeFirst()
            }
            merged.append(entry)
        }
        merged += rest
        if merged.count > Self.limit {
            merged.removeLast(merged.count - Self.limit)
            isPartial = true
        }
        entries = merged
        setBound()
    }

    /// The kept values, the most frequent first. A value that was longer than is kept ends in "…".
    package var values: [(text: String, count: Int64)] {
        entries.map { (Self.text($0), $0.count) }.sorted { ($1.count, $0.text) < ($0.count, $1.text) }
    }

    /// The kept part of each value as it was written, and how often it came.
    var written: [(bytes: [UInt8], count: Int64)] { entries.map { (Self.bytes($0), $0.count) } }

    private static func bytes(_ entry: Entry) -> [UInt8] {
        withUnsafeBytes(of: entry.text) { Array($0.prefix(Int(min(entry.length, Int64(textBytes))))) }
    }

    private static func text(_ entry: Entry) -> String {
        var text = String(decoding: bytes(entry), as: UTF8.self)
        guard entry.length > textBytes else { return text }
        // A character that was cut in two.
        while text.last == "\u{FFFD}" { text.removeLast() }
        return text + "…"
    }

    var isSound: Bool {
        (0...(1 << 43)).contains(count) && entries.count <= Self.limit
            && entries.allSatisfy { (1...(1 << 43)).contains($0.count) && $0.length >= 0 }
            && zip(entries, entries.dropFirst()).allSatisfy { $0.hash < $1.hash }
    }
}

extension ValueSample: Codable {
    private enum CodingKeys: String, CodingKey { case count, isPartial, values }

    private struct Value: Codable {
        var hash: String
        var count: Int64
        var length: Int64
        var text: String
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        count = try values.decode(Int64.self, forKey: .count)
        isPartial = try values.decode(Bool.self, forKey: .isPartial)
        for value in try values.decode([Value].self, forKey: .values) {
            guard let hash = UInt64(value.hash, radix: 16) else {
                throw DecodingError.dataCorruptedError(forKey: .values, in: values, debugDescription: "no hash")
            }
            var entry = Entry(hash: hash, count: value.count, length: value.length, text: (0, 0, 0, 0, 0))
            withUnsafeMutableBytes(of: &entry.text) {
                $0.copyBytes(from: Array(value.text.utf8.prefix(Self.textBytes)))
            }
            entries.append(entry)
        }
        setBound()
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(count, forKey: .count)
        try values.encode(isPartial, forKey: .isPartial)
        try values.encode(
            entries.map {
                Value(
                    hash: hexadecimal($0.hash), count: $0.count, length: $0.length,
                    text: String(decoding: Self.bytes($0), as: UTF8.self))
            }, forKey: .values)
    }
}
