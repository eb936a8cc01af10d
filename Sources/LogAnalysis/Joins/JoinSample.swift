import LogCore

/// What events name that others may name too: requests, hosts, processes. Of each group those values are kept that have
/// the smallest hashes.
///
/// Two samples keep the same values of the same sets, so that what they share tells what the sets share (a bottom-k
/// sketch). It depends on the set of events only, and never grows beyond the groups' limits. A value that is kept was
/// kept from its first event on, so its count is exact.
package struct JoinSample: Equatable, Sendable {
    package struct Entry: Equatable, Sendable, Codable {
        package var kind: JoinKind
        package var value: String
        /// Events that bear it.
        package var count: Int64
        /// Where the first of them stands, `line` from 1, and when.
        package var source: String
        package var line: Int64
        package var time: Int64?

        package var citation: Citation { Citation(count: count, source: source, line: line, time: time) }
    }

    /// Longer values are no names.
    static let longest = 100

    /// Group in the four highest bits, hash of the value in the others; ascending.
    private var keys: ContiguousArray<UInt64> = []
    private var kept: ContiguousArray<Entry> = []

    package init() {}

    package var entries: ContiguousArray<Entry> { kept }
    package var isEmpty: Bool { keys.isEmpty }

    // MARK: Keys

    /// A short id is one of its own kind only: session 17 is no request 17.
    @inline(__always)
    static func key(_ kind: JoinKind, _ value: Span<UInt8>) -> UInt64 {
        var hash = fnv1a(value)
        if kind.group == .identity, value.count < 8 { hash ^= UInt64(kind.number) &* 0x9E37_79B9_7F4A_7C15 }
        // The finalizer of splitmix64: FNV alone leaves the high bits too even.
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        hash ^= hash >> 31
        return UInt64(kind.group.rawValue) << 60 | hash >> 4
    }

    private static func key(_ entry: Entry) -> UInt64 {
        var value = entry.value
        return value.withUTF8 { key(entry.kind, Span(_unsafeElements: $0)) }
    }

    @inline(__always)
    private func place(of key: UInt64) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low &+ high) / 2
            if keys[middle] < key { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    private func range(of group: JoinKind.Group) -> Range<Int> {
        let start = place(of: UInt64(group.rawValue) << 60)
        return start..<max(place(of: UInt64(group.rawValue &+ 1) << 60), start)
    }

    /// The entries of a group; all that there are unless `isFull`.
    package func entries(_ group: JoinKind.Group) -> ArraySlice<Entry> { Array(kept)[range(of: group)] }
    package func isFull(_ group: JoinKind.Group) -> Bool { range(of: group).count >= group.limit }

    // MARK: Adding

    /// What a correlator found names: its fields, as its plugin or rule calls them, and the log of its sample.
    package init(_ fields: [String: String], _ sample: Sample) {
        let names = JoinNames.shared
        var values: [(JoinKind, String)] = fields.compactMap { name, value in
            names.kind(of: name.utf8).map { ($0, value) }
        }
        if !sample.source.isEmpty { values.append((.file, sample.source)) }
        for (kind, value) in values where !value.isEmpty && value.utf8.count <= Self.longest {
            let entry = Entry(
                kind: kind, value: value, count: 1, source: sample.source, line: sample.line, time: sample.time)
            let key = Self.key(entry)
            if self.entry(key) == nil { insert(key, at: place(of: key)) { entry } }
        }
    }

    /// Counts one event. `entry` is asked where the value is new and is kept.
    @inline(__always)
    mutating func add(
        _ key: UInt64, _ kind: JoinKind, time: Int64?, source: String, line: Int64, value: () -> String
    ) {
        let place = place(of: key)
        if place < keys.count, keys[place] == key {
            kept[place].count &+= 1
            if kind.number < kept[place].kind.number { kept[place].kind = kind }
            if Self.isEarlier(time, kept[place].time) {
                kept[place].time = time
                kept[place].source = source
                kept[place].line = line
            } else if time == kept[place].time, (source, line) < (kept[place].source, kept[place].line) {
                kept[place].source = source
                kept[place].line = line
            }
            return
        }
        insert(key, at: place) {
            Entry(kind: kind, value: value(), count: 1, source: source, line: line, time: time)
        }
    }

    private static func isEarlier(_ a: Int64?, _ b: Int64?) -> Bool { (a ?? .max) < (b ?? .max) }

    private mutating func insert(_ key: UInt64, at place: Int, _ entry: () -> Entry) {
        // Groups are 0 to 8.
        guard let group = JoinKind.Group(rawValue: UInt8(truncatingIfNeeded: key >> 60)) else { return }
        let range = range(of: group)
        let isFull = range.count >= group.limit
        if isFull, place >= range.upperBound { return }
        keys.insert(key, at: place)
        kept.insert(entry(), at: place)
        if isFull {
            keys.remove(at: range.upperBound)
            kept.remove(at: range.upperBound)
        }
    }

    package mutating func merge(_ other: JoinSample) {
        for (key, theirs) in zip(other.keys, other.kept) {
            let place = place(of: key)
            guard place < keys.count, keys[place] == key else {
                insert(key, at: place) { theirs }
                continue
            }
            var mine = kept[place]
            mine.count += theirs.count
            if theirs.kind.number < mine.kind.number { mine.kind = theirs.kind }
            if (theirs.time ?? .max, theirs.source, theirs.line) < (mine.time ?? .max, mine.source, mine.line) {
                (mine.time, mine.source, mine.line) = (theirs.time, theirs.source, theirs.line)
            }
            kept[place] = mine
        }
    }

    /// Puts other names of sources in place of those that have one.
    mutating func rename(_ names: [String: String]) {
        let before = kept
        (keys, kept) = ([], [])
        for var entry in before {
            entry.source = names[entry.source] ?? entry.source
            if entry.kind == .file { entry.value = names[entry.value] ?? entry.value }
            let key = Self.key(entry)
            insert(key, at: place(of: key)) { entry }
        }
    }

    // MARK: What two share

    /// Values of a group that stand in both, as each of them counts them.
    package func shared(with other: JoinSample, _ group: JoinKind.Group) -> [(mine: Entry, theirs: Entry)] {
        var result: [(Entry, Entry)] = []
        let theirs = other.range(of: group)
        var index = theirs.lowerBound
        for mine in range(of: group) {
            while index < theirs.upperBound, other.keys[index] < keys[mine] { index += 1 }
            if index < theirs.upperBound, other.keys[index] == keys[mine] {
                result.append((kept[mine], other.kept[index]))
            }
        }
        return result
    }

    /// Keys of a group, for an index over many samples.
    func keys(_ group: JoinKind.Group) -> ArraySlice<UInt64> { Array(keys)[range(of: group)] }

    func entry(_ key: UInt64) -> Entry? {
        let place = place(of: key)
        return place < keys.count && keys[place] == key ? kept[place] : nil
    }

    /// What more than half of all events bear, of these groups.
    func most(of events: Int64, _ groups: [JoinKind.Group]) -> (key: UInt64, entry: Entry)? {
        for group in groups {
            for place in range(of: group) where kept[place].count > events / 2 { return (keys[place], kept[place]) }
        }
        return nil
    }

    /// Whether it can be worked with: a sample that comes out of a file may hold anything.
    var isSound: Bool {
        kept.allSatisfy { entry in
            (1...(1 << 43)).contains(entry.count) && entry.line >= 0 && entry.value.utf8.count <= Self.longest * 3
                && (entry.time.map(Timestamp.plausible.contains) ?? true)
        }
    }
}

extension JoinSample: Codable {
    package init(from decoder: any Decoder) throws {
        for entry in try [Entry](from: decoder) {
            let key = Self.key(entry)
            let place = place(of: key)
            if place < keys.count, keys[place] == key { continue }
            insert(key, at: place) { entry }
        }
    }

    package func encode(to encoder: any Encoder) throws { try Array(kept).encode(to: encoder) }
}
