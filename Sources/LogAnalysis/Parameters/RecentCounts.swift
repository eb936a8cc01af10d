/// Counts of buckets that came lately, in front of the sketches that they belong to: a table of 256 for each, in which a bucket has
/// one place. An octave has 32 buckets, so eight octaves are counted without a search, each in one line of the cache; what meets
/// another one in its place takes it, and the other one goes to the sketch.
struct RecentBuckets: ~Copyable {
    private static let places = 256
    /// Tables at most, 4 MiB.
    private static let limit = 2_048
    private static let countBits: UInt64 = 48

    /// Bucket in the upper 16 bits, how often it came in the lower 48; 0 for none.
    private var kept = Table<UInt64>()

    /// The number of a new table; nil if there are too many.
    mutating func addTable() -> Int32? {
        let table = kept.count / Self.places
        guard table < Self.limit else { return nil }
        for _ in 0..<Self.places { kept.append(0) }
        return Int32(table)
    }

    /// Counts a value's bucket; the bucket that had its place, and how often that came, if it was another one.
    @inline(__always)
    mutating func add(_ bucket: UInt64, to table: Int32) -> (bucket: UInt64, count: Int64)? {
        let place = Int(table) &* Self.places &+ Int(truncatingIfNeeded: bucket & 0xFF)
        let old = kept[place]
        if old &>> Self.countBits == bucket {
            kept[place] = old &+ 1
            return nil
        }
        kept[place] = bucket &<< Self.countBits | 1
        return old == 0 ? nil : Self.entry(old)
    }

    /// All of a table.
    func entries(of table: Int32) -> [(bucket: UInt64, count: Int64)] {
        let start = Int(table) * Self.places
        return (start..<start + Self.places).compactMap { kept[$0] == 0 ? nil : Self.entry(kept[$0]) }
    }

    private static func entry(_ kept: UInt64) -> (bucket: UInt64, count: Int64) {
        (kept &>> countBits, Int64(kept & (1 &<< countBits &- 1)))
    }
}

/// The same for values in front of samples, by their hashes: how often each came beyond what its sample knows.
struct RecentValues: ~Copyable {
    private static let places = 64
    /// Tables at most, 2 MiB.
    private static let limit = 2_048

    struct Entry {
        var hash: UInt64 = 0
        var count: Int64 = 0
    }

    private var kept = Table<Entry>()

    /// The number of a new table; nil if there are too many.
    mutating func addTable() -> Int32? {
        let table = kept.count / Self.places
        guard table < Self.limit else { return nil }
        for _ in 0..<Self.places { kept.append(Entry()) }
        return Int32(table)
    }

    /// Counts a value if it has its place.
    @inline(__always)
    mutating func counts(_ hash: UInt64, in table: Int32) -> Bool {
        let place = Self.place(of: hash, in: table)
        guard kept[place].hash == hash else { return false }
        kept[place].count &+= 1
        return true
    }

    /// Gives a value its place, from where it counts; what had that place before.
    mutating func put(_ hash: UInt64, in table: Int32) -> Entry {
        let place = Self.place(of: hash, in: table)
        let old = kept[place]
        kept[place] = Entry(hash: hash)
        return old
    }

    /// All of a table.
    func entries(of table: Int32) -> [Entry] {
        let start = Int(table) * Self.places
        return (start..<start + Self.places).map { kept[$0] }
    }

    @inline(__always)
    private static func place(of hash: UInt64, in table: Int32) -> Int {
        Int(table) &* places &+ Int(truncatingIfNeeded: hash & 63)
    }
}
