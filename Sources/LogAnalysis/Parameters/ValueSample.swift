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

    /// What every event touches, four of them in a line of the cache.
    private struct Entry: Equatable, Sendable {
        var hash: UInt64
        var count: Int64
    }

    /// What only a new value touches.
    private struct Text: Equatable, Sendable {
        /// Length of the value, of which the first `textBytes` follow.
        var length: Int64
        var bytes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)

        static func == (a: Text, b: Text) -> Bool { a.length == b.length && a.bytes == b.bytes }
    }

    /// In the order of hashes.
    private var entries: ContiguousArray<Entry> = []
    /// Of each entry.
    private var texts: ContiguousArray<Text> = []
    /// All values that were given, those included that aren't kept.
    package private(set) var count: Int64 = 0
    /// Hashes above it aren't kept: the largest one once the sample is full. Here, as most values of a place with many
    /// are told by it, without a look at another line of the cache.
    private var bound = UInt64.max
    /// Whether there were more different values than are kept.
    package private(set) var isPartial = false

    package init() {}

    package var kept: Int { entries.count }

    /// How many different values there are: exact up to `limit`, estimated beyond.
    package var distinct: Double {
        guard isPartial, let last = entries.last, entries.count > 1 else { return Double(entries.count) }
        return max(Double(entries.count), Double(entries.count - 1) * (0x1p64 / (Double(last.hash) + 1)))
    }

    @inline(__always)
    static func hash(_ text: Span<UInt8>) -> UInt64 { textHash(text, first: hashedBytes) }

    /// Counts a value. Returns whether it is one that may be kept, which `keep` is for, or a count elsewhere that `add` takes in.
    @inline(__always)
    mutating func counts(_ hash: UInt64) -> Bool {
        count &+= 1
        if hash > bound { isPartial = true }
        return hash <= bound
    }

    /// Keeps a value that was counted. A further one is taken only if `mayGrow`. Returns whether there is one more.
    mutating func keep(_ text: Span<UInt8>, _ hash: UInt64, mayGrow: Bool) -> Bool {
        let place = place(of: hash)
        guard place < entries.count, entries[place].hash == hash else { return insert(text, hash, place, mayGrow) }
        entries[place].count &+= 1
        return false
    }

    /// Adds to a value what was counted of it elsewhere; nothing if it isn't among the kept ones any more.
    mutating func add(_ count: Int64, of hash: UInt64) {
        let place = place(of: hash)
        if place < entries.count, entries[place].hash == hash { entries[place].count &+= count }
    }

    private mutating func insert(_ text: Span<UInt8>, _ hash: UInt64, _ place: Int, _ mayGrow: Bool) -> Bool {
        guard mayGrow || entries.count == Self.limit else {
            isPartial = true
            return false
        }
        var kept = Text(length: Int64(text.count))
        withUnsafeMutableBytes(of: &kept.bytes) { bytes in
            for i in 0..<min(text.count, Self.textBytes) { bytes[i] = text[unchecked: i] }
        }
        let isFull = entries.count == Self.limit
        if isFull {
            entries.removeLast()
            texts.removeLast()
            isPartial = true
        }
        entries.insert(Entry(hash: hash, count: 1), at: place, growingTo: Self.limit)
        texts.insert(kept, at: place, growingTo: Self.limit)
        setBound()
        return !isFull
    }

    private mutating func setBound() {
        bound = entries.count < Self.limit ? .max : entries[Self.limit - 1].hash
    }

    @inline(__always)
    private func place(of hash: UInt64) -> Int { entries.place { $0.hash < hash } }

    package mutating func merge(_ other: ValueSample) {
        count += other.count
        isPartial = isPartial || other.isPartial
        var merged: ContiguousArray<Entry> = []
        var mergedTexts: ContiguousArray<Text> = []
        merged.reserveCapacity(entries.count + other.entries.count)
        mergedTexts.reserveCapacity(merged.capacity)
        var i = 0
        var j = 0
        while merged.count < Self.limit, i < entries.count || j < other.entries.count {
            let hash = i < entries.count ? entries[i].hash : .max
            let otherHash = j < other.entries.count ? other.entries[j].hash : .max
            var entry = Entry(hash: min(hash, otherHash), count: 0)
            mergedTexts.append(i < entries.count && hash <= otherHash ? texts[i] : other.texts[j])
            if i < entries.count, hash == entry.hash {
                entry.count += entries[i].count
                i += 1
            }
            if j < other.entries.count, otherHash == entry.hash {
                entry.count += other.entries[j].count
                j += 1
            }
            merged.append(entry)
        }
        if i < entries.count || j < other.entries.count { isPartial = true }
        entries = merged
        texts = mergedTexts
        setBound()
    }

    /// The kept values, the most frequent first. A value that was longer than is kept ends in "…".
    package var values: [(text: String, count: Int64)] {
        zip(entries, texts).map { (Self.text($1), $0.count) }.sorted { ($1.count, $0.text) < ($0.count, $1.text) }
    }

    /// The kept part of each value as it was written, and how often it came.
    var written: [(bytes: [UInt8], count: Int64)] { zip(entries, texts).map { (Self.bytes($1), $0.count) } }

    private static func bytes(_ kept: Text) -> [UInt8] {
        withUnsafeBytes(of: kept.bytes) { Array($0.prefix(Int(min(kept.length, Int64(textBytes))))) }
    }

    private static func text(_ kept: Text) -> String {
        var text = String(decoding: bytes(kept), as: UTF8.self)
        guard kept.length > textBytes else { return text }
        // A character that was cut in two.
        while text.last == "\u{FFFD}" { text.removeLast() }
        return text + "…"
    }

    var isSound: Bool {
        (0...(1 << 43)).contains(count) && entries.count <= Self.limit
            && entries.count == texts.count && texts.allSatisfy { $0.length >= 0 }
            && entries.allSatisfy { (1...(1 << 43)).contains($0.count) }
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
            var kept = Text(length: value.length)
            withUnsafeMutableBytes(of: &kept.bytes) {
                $0.copyBytes(from: Array(value.text.utf8.prefix(Self.textBytes)))
            }
            entries.append(Entry(hash: hash, count: value.count))
            texts.append(kept)
        }
        setBound()
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(count, forKey: .count)
        try values.encode(isPartial, forKey: .isPartial)
        try values.encode(
            zip(entries, texts).map {
                Value(
                    hash: hexadecimal($0.hash), count: $0.count, length: $1.length,
                    text: String(decoding: Self.bytes($1), as: UTF8.self))
            }, forKey: .values)
    }
}
