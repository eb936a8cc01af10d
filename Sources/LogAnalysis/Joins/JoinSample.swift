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

    /// Of other fields the values are counted as long as there are few: those of so many fields, so many each. What has more
    /// is known by its name and its number of events alone.
    static let fields = 12
    static let valuesOfField = 6
    static let longestFieldName = 32
    static let longestFieldValue = 48

    /// Group in the four highest bits, hash of the value in the others; ascending.
    private var keys: ContiguousArray<UInt64> = []
    private var kept: ContiguousArray<Entry> = []
    /// Of some events who they are of: of many addresses and users it tells the busiest.
    package var clients = ClientSample()

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

    /// The values of a field stand together: its name's hash lies above theirs. With none below it stands for the field as such.
    static func key(field name: Span<UInt8>) -> UInt64 { key(.field, name) & fieldMask }

    /// - Parameter field: the field's own key.
    @inline(__always)
    static func key(inField field: UInt64, _ value: Span<UInt8>) -> UInt64 {
        field | max(key(.component, value) & ~fieldMask, 1)
    }

    private static let fieldBits: UInt64 = 36
    private static let fieldMask: UInt64 = ~0 << fieldBits

    private static func key(_ entry: Entry) -> UInt64 {
        if entry.kind == .field {
            let parts = entry.value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            var name = String(parts[0])
            let field = name.withUTF8 { key(field: Span(_unsafeElements: $0)) }
            guard parts.count > 1 else { return field }
            var value = String(parts[1])
            return value.withUTF8 { key(inField: field, Span(_unsafeElements: $0)) }
        }
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
            if self.entry(key) == nil { insert(key, at: place(of: key), 1) { entry } }
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
        insert(key, at: place, 1) {
            Entry(kind: kind, value: value(), count: 1, source: source, line: line, time: time)
        }
    }

    private static func isEarlier(_ a: Int64?, _ b: Int64?) -> Bool { (a ?? .max) < (b ?? .max) }

    private mutating func insert(_ key: UInt64, at place: Int, _ count: Int64, _ entry: () -> Entry) {
        // Groups are 0 to 9.
        guard let group = JoinKind.Group(rawValue: UInt8(truncatingIfNeeded: key >> 60)) else { return }
        if group == .trait { return insertField(key, count, entry) }
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

    /// A value of a field that isn't kept yet. `entry` is asked only where it will be.
    private mutating func insertField(_ key: UInt64, _ count: Int64, _ entry: () -> Entry) {
        let field = key & Self.fieldMask
        let lower = place(of: field)
        let mine = lower..<place(of: field &+ (1 << Self.fieldBits))
        if !mine.isEmpty, keys[lower] == field {
            kept[lower].count &+= count
            return
        }
        if mine.isEmpty {
            // Those with the smallest hashes stay, whatever order they come in.
            let all = range(of: .trait)
            var known = 0
            for place in all where place == all.lowerBound || (keys[place] ^ keys[place - 1]) & Self.fieldMask != 0 {
                known += 1
            }
            if known >= Self.fields {
                let last = keys[all.upperBound - 1] & Self.fieldMask
                if field > last { return }
                let dropped = place(of: last)..<all.upperBound
                keys.removeSubrange(dropped)
                kept.removeSubrange(dropped)
            }
        }
        guard key == field || mine.count >= Self.valuesOfField else {
            let place = place(of: key)
            keys.insert(key, at: place)
            kept.insert(entry(), at: place)
            return
        }
        var one = Entry(kind: .field, value: "", count: count, source: "", line: 0, time: nil)
        let named = mine.isEmpty ? entry().value : kept[lower].value
        one.value = String(named.prefix { $0 != "=" })
        for place in mine { one.count &+= kept[place].count }
        keys.replaceSubrange(mine, with: [field])
        kept.replaceSubrange(mine, with: [one])
    }

    /// The fields that events bear besides what joins: the values of each, none where there are too many, and how many
    /// events have it.
    var traits: [(name: String, events: Int64, values: ArraySlice<Entry>)] {
        let all = entries(.trait)
        var result: [(String, Int64, ArraySlice<Entry>)] = []
        var start = all.startIndex
        while start < all.endIndex {
            let name = all[start].value.prefix { $0 != "=" }
            var end = start + 1
            while end < all.endIndex, all[end].value.prefix(while: { $0 != "=" }) == name { end += 1 }
            let isWhole = all[start].value.utf8.count > name.utf8.count
            let events = all[start..<end].reduce(0) { $0 &+ $1.count }
            result.append((String(name), events, isWhole ? all[start..<end] : []))
            start = end
        }
        return result
    }

    package mutating func merge(_ other: JoinSample) {
        for (key, theirs) in zip(other.keys, other.kept) {
            let place = place(of: key)
            guard place < keys.count, keys[place] == key else {
                insert(key, at: place, theirs.count) { theirs }
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
        clients.merge(other.clients)
    }

    /// Puts other names of sources in place of those that have one.
    mutating func rename(_ names: [String: String]) {
        let before = kept
        (keys, kept) = ([], [])
        for var entry in before {
            entry.source = names[entry.source] ?? entry.source
            if entry.kind == .file { entry.value = names[entry.value] ?? entry.value }
            let key = Self.key(entry)
            insert(key, at: place(of: key), entry.count) { entry }
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
        clients.isSound
            && kept.allSatisfy { entry in
                (1...(1 << 43)).contains(entry.count) && entry.line >= 0 && entry.value.utf8.count <= Self.longest * 3
                    && (entry.time.map(Timestamp.plausible.contains) ?? true)
            }
    }
}

extension JoinSample: Codable {
    private enum CodingKeys: String, CodingKey { case entries, clients }

    package init(from decoder: any Decoder) throws {
        let sample = try decoder.container(keyedBy: CodingKeys.self)
        for entry in try sample.decode([Entry].self, forKey: .entries) {
            let key = Self.key(entry)
            let place = place(of: key)
            if place < keys.count, keys[place] == key { continue }
            insert(key, at: place, entry.count) { entry }
        }
        clients = try sample.decodeIfPresent(ClientSample.self, forKey: .clients) ?? ClientSample()
    }

    package func encode(to encoder: any Encoder) throws {
        var sample = encoder.container(keyedBy: CodingKeys.self)
        try sample.encode(Array(kept), forKey: .entries)
        if !clients.entries.isEmpty { try sample.encode(clients, forKey: .clients) }
    }
}
