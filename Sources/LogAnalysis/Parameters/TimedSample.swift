import LogCore

/// Some of the values of one measure, each with its time and its line: those whose places have the smallest hashes.
///
/// What is kept depends on the set of events only, not on how they were cut into batches, on who read them or on the order of
/// merging; and as hashes are spread evenly, it is a fair sample of all of them over time.
package struct TimedSample: Equatable, Sendable {
    /// Values kept at most, 24 KiB. Slower for a tenth of the time is then told from fifty values.
    package static let limit = 512
    /// Names that an event bears: of its machine, its component, and two of its message.
    package static let names = 4
    /// Bits of a hash, as many as a number of JSON keeps.
    private static let bits: UInt64 = 53

    package struct Entry: Equatable, Sendable {
        var hash: UInt64
        /// Nanoseconds since the epoch.
        var time: Int64
        var line: Int64
        /// Index into `sources`; while a worker runs the rank of the source's path.
        var source: Int32
        var value: Float
        /// Of each name 32 bits of its hash; 0 for none.
        var names = InlineArray<4, UInt32>(repeating: 0)

        package static func == (a: Entry, b: Entry) -> Bool {
            a.hash == b.hash && a.time == b.time && a.line == b.line && a.source == b.source && a.value == b.value
                && a.names.indices.allSatisfy { a.names[$0] == b.names[$0] }
        }

        /// The order in which they are kept: of equal hashes whatever comes first in a way that is the same for everybody.
        @inline(__always)
        func precedes(_ other: Entry) -> Bool {
            if hash != other.hash { return hash < other.hash }
            return (time, line, value, source) < (other.time, other.line, other.value, other.source)
        }
    }

    /// A heap with the last one at its root once it is full; in order when `settled`.
    private(set) var entries: ContiguousArray<Entry> = []
    private(set) var sources: [String] = []
    /// Hashes above it aren't kept: most are, and need nothing more.
    private(set) var bound = UInt64.max

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }

    /// What the events of a source are hashed with. The name without the folder, so that a log says the same wherever it
    /// lies.
    static func seed(ofSource path: String) -> UInt64 {
        let name = Array(path.utf8.split(separator: UInt8(ascii: "/")).last ?? path.utf8[...])
        return textHash(name.span)
    }

    /// Where an event stands as a number that is spread evenly.
    @inline(__always)
    static func hash(_ seed: UInt64, _ offset: Int64) -> UInt64 {
        // SplitMix64's finish.
        var hash = seed ^ UInt64(bitPattern: offset) &* 0x9E37_79B9_7F4A_7C15
        hash = (hash ^ hash &>> 30) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ hash &>> 27) &* 0x94D0_49BB_1331_11EB
        return (hash ^ hash &>> 31) &>> (64 &- bits)
    }

    static func name(_ hash: UInt64) -> UInt32 { max(UInt32(truncatingIfNeeded: hash &>> 32), 1) }

    /// Returns whether there is one more. One in place of another is taken even where nothing may grow.
    mutating func add(_ entry: Entry, mayGrow: Bool) -> Bool {
        if entries.count < Self.limit, mayGrow || entries.isEmpty {
            entries.insert(entry, at: entries.count, growingTo: Self.limit)
            rise(from: entries.count - 1)
            if entries.count == Self.limit { bound = entries[0].hash }
            return true
        }
        guard entry.precedes(entries[0]) else { return false }
        entries[0] = entry
        sink()
        bound = entries[0].hash
        return false
    }

    private mutating func rise(from place: Int) {
        var place = place
        while place > 0 {
            let above = (place - 1) / 2
            guard entries[above].precedes(entries[place]) else { return }
            entries.swapAt(above, place)
            place = above
        }
    }

    private mutating func sink() {
        var place = 0
        while true {
            var next = 2 * place + 1
            guard next < entries.count else { return }
            if next + 1 < entries.count, entries[next].precedes(entries[next + 1]) { next += 1 }
            guard entries[place].precedes(entries[next]) else { return }
            entries.swapAt(place, next)
            place = next
        }
    }

    // MARK: The end

    /// As a summary has it: in order, and with the names of its sources. `paths`: by rank.
    func settled(_ paths: [String]) -> TimedSample {
        var sample = TimedSample()
        sample.take(entries, paths)
        return sample
    }

    private mutating func take(_ others: ContiguousArray<Entry>, _ names: [String]) {
        var numbers: [Int32: Int32] = [:]
        entries.reserveCapacity(entries.count + others.count)
        for var entry in others {
            if let known = numbers[entry.source] {
                entry.source = known
            } else {
                let name = names[Int(entry.source)]
                let number = sources.firstIndex(of: name) ?? sources.count
                if number == sources.count { sources.append(name) }
                numbers[entry.source] = Int32(number)
                entry.source = Int32(number)
            }
            entries.append(entry)
        }
        settle()
    }

    /// The first ones, and the sources that these have, in their order.
    private mutating func settle() {
        let order = sources.indices.sorted { sources[$0] < sources[$1] }
        var ranks = Array(repeating: Int32(0), count: sources.count)
        for (rank, source) in order.enumerated() { ranks[source] = Int32(rank) }
        for index in entries.indices { entries[index].source = ranks[Int(entries[index].source)] }
        sources = order.map { sources[$0] }
        entries.sort { $0.precedes($1) }
        if entries.count > Self.limit { entries.removeLast(entries.count - Self.limit) }
        let used = Set(entries.map(\.source))
        if used.count < sources.count {
            let kept = used.sorted()
            for index in entries.indices {
                entries[index].source = Int32(kept.firstIndex(of: entries[index].source) ?? 0)
            }
            sources = kept.map { sources[Int($0)] }
        }
    }

    package mutating func merge(_ other: TimedSample) {
        if other.isEmpty { return }
        take(other.entries, other.sources)
    }

    mutating func rename(_ names: [String: String]) {
        guard sources.contains(where: { names[$0] != nil }) else { return }
        let before = self
        self = TimedSample()
        take(before.entries, before.sources.map { names[$0] ?? $0 })
    }

    /// In the order of time.
    var byTime: [Entry] {
        entries.sorted { ($0.time, sources[Int($0.source)], $0.line) < ($1.time, sources[Int($1.source)], $1.line) }
    }

    func line(of entry: Entry) -> FirstLine {
        FirstLine(source: sources[Int(entry.source)], line: entry.line, time: entry.time)
    }

    var isSound: Bool {
        entries.count <= Self.limit
            && entries.allSatisfy {
                $0.hash >> Self.bits == 0 && Timestamp.plausible.contains($0.time) && $0.line >= 0
                    && sources.indices.contains(Int($0.source)) && $0.value.isFinite
                    && Distribution.range.contains(Double($0.value))
            }
            && zip(entries, entries.dropFirst()).allSatisfy { !$1.precedes($0) }
    }
}

extension TimedSample: Codable {
    private enum CodingKeys: String, CodingKey { case hashes, times, values, lines, sources, source, names }

    package init(from decoder: any Decoder) throws {
        let kept = try decoder.container(keyedBy: CodingKeys.self)
        let hashes = try kept.decode([UInt64].self, forKey: .hashes)
        let times = try kept.decode([Int64].self, forKey: .times)
        let values = try kept.decode([Float].self, forKey: .values)
        let lines = try kept.decode([Int64].self, forKey: .lines)
        sources = try kept.decode([String].self, forKey: .sources)
        let source = try kept.decodeIfPresent([Int32].self, forKey: .source)
        let names = try kept.decodeIfPresent([[UInt32]].self, forKey: .names) ?? []
        let count = hashes.count
        guard [times.count, values.count, lines.count, source?.count ?? count].allSatisfy({ $0 == count }),
            names.allSatisfy({ $0.count == count }), names.count <= Self.names
        else {
            throw DecodingError.dataCorruptedError(forKey: .hashes, in: kept, debugDescription: "no sample")
        }
        for index in 0..<count {
            var entry = Entry(
                hash: hashes[index], time: times[index], line: lines[index], source: source?[index] ?? 0,
                value: values[index])
            for slot in names.indices { entry.names[slot] = names[slot][index] }
            entries.append(entry)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var kept = encoder.container(keyedBy: CodingKeys.self)
        try kept.encode(entries.map(\.hash), forKey: .hashes)
        try kept.encode(entries.map(\.time), forKey: .times)
        try kept.encode(entries.map(\.value), forKey: .values)
        try kept.encode(entries.map(\.line), forKey: .lines)
        try kept.encode(sources, forKey: .sources)
        if sources.count > 1 { try kept.encode(entries.map(\.source), forKey: .source) }
        let names = (0..<Self.names).map { slot in entries.map { $0.names[slot] } }
        // Most have none.
        if names.contains(where: { $0.contains { $0 != 0 } }) { try kept.encode(names, forKey: .names) }
    }
}
