import LogLua

/// What a correlation knows of one group of events. Which of it is used depends on the correlation's type.
struct CorrelationGroup {
    /// What stands for the group when something is found. Apart from it: most types don't need any.
    final class Evidence {
        /// The rule that is missed.
        let rule: String
        let sample: CorrelationFinding.Sample

        init(rule: String, _ sample: CorrelationFinding.Sample) {
            self.rule = rule
            self.sample = sample
        }
    }

    /// Different values, each beside its time. In a period they have no order that matters.
    var values: ContiguousArray<KeptBytes> = []
    var evidence: Evidence?
    /// Counts: the times of the events (or, with `values`, when each value was last seen), oldest first, from `head` on.
    /// Temporal types: by step the time that matters, `Int64.min` for none.
    var times = TimeList()
    /// The condition is met, and that has been told.
    var isRaised = false
    var head: Int32 = 0
    /// Events of a period.
    var count = 0

    /// Bytes of memory, about.
    var cost: Int {
        var sum = 300 + times.count * 8
        if let evidence { sum += evidence.sample.text.utf8.count }
        for place in values.indices { sum += values[place].count + 48 }
        return sum
    }
}

/// Times, of which a single one takes no memory of its own: most groups never see a second event, and each buffer that is made
/// with a group and freed with it is one more miss of the cache.
struct TimeList {
    private var all: ContiguousArray<Int64> = []
    private var only: Int64 = 0
    private var isSingle = false

    var count: Int { isSingle ? 1 : all.count }
    var isEmpty: Bool { count == 0 }

    subscript(place: Int) -> Int64 {
        get { isSingle ? only : all[place] }
        set {
            spread()
            all[place] = newValue
        }
    }

    /// `Int64.min` where there is none.
    func step(_ place: Int) -> Int64 { place < count ? self[place] : .min }

    mutating func setStep(_ place: Int, _ time: Int64) {
        if place == 0, isSingle || all.isEmpty {
            only = time
            isSingle = true
            return
        }
        while count <= place { append(.min) }
        self[place] = time
    }

    mutating func append(_ time: Int64) {
        if !isSingle, all.isEmpty {
            only = time
            isSingle = true
            return
        }
        spread()
        all.append(time)
    }

    mutating func remove(at place: Int) {
        if isSingle { isSingle = false } else { all.remove(at: place) }
    }

    mutating func removeFirst(_ count: Int) {
        if count == 0 { return }
        if isSingle { isSingle = false } else { all.removeSubrange(0..<count) }
    }

    private mutating func spread() {
        guard isSingle else { return }
        isSingle = false
        all.append(only)
    }
}

/// The values that a group of events has in common.
struct GroupKey {
    private(set) var bytes: ContiguousArray<UInt8> = []
    private(set) var hash: UInt32 = 0

    init() {}

    init(_ bytes: ContiguousArray<UInt8>) {
        self.bytes = bytes
        finish()
    }

    mutating func begin() { bytes.removeAll(keepingCapacity: true) }

    /// With its length in front, so that no two groups have one key; 0 for a value that is missing.
    mutating func append(_ read: (inout ContiguousArray<UInt8>) -> Bool) {
        let start = bytes.count
        bytes.append(0)
        bytes.append(0)
        guard read(&bytes) else { return }
        let length = bytes.count - start - 1
        bytes[start] = UInt8(truncatingIfNeeded: length)
        bytes[start + 1] = UInt8(truncatingIfNeeded: length >> 8)
    }

    mutating func finish() {
        // Seeded by the process: no log can be written so that its keys collide.
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        hash = UInt32(truncatingIfNeeded: hasher.finalize())
    }
}

/// Bytes of a key or a value that are kept: short ones, such as an address or a host and a service, without memory of their
/// own.
struct KeptBytes {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    private var long: ContiguousArray<UInt8>?
    private var length: UInt8 = 0

    private static let most = 32

    init() {}

    init(_ key: ContiguousArray<UInt8>) {
        if key.count > Self.most {
            // With room for no more: an array that is shared gets new room of the old size when it is emptied, and that size
            // includes what malloc rounded up: 40 bytes took 4 KiB after some thousand values.
            long = key.withUnsafeBufferPointer { ContiguousArray($0) }
        } else {
            length = UInt8(key.count)
            withUnsafeMutableBytes(of: &words) { words in
                key.withUnsafeBytes { words.copyMemory(from: $0) }
            }
        }
    }

    var count: Int { long?.count ?? Int(length) }

    var bytes: ContiguousArray<UInt8> {
        long ?? withUnsafeBytes(of: words) { ContiguousArray($0.prefix(Int(length))) }
    }

    @inline(__always)
    func equals(_ key: ContiguousArray<UInt8>) -> Bool {
        if let long { return long == key }
        guard key.count == Int(length) else { return false }
        return withUnsafeBytes(of: words) { words in
            key.withUnsafeBytes { words.prefix(key.count).elementsEqual($0) }
        }
    }
}

/// The groups of a correlation by key, in the order of the time from which their span runs: so the first to be over is
/// always the oldest, and no other clock is needed.
///
/// At most `limit` of them: the oldest goes for a new one, and is counted.
struct GroupTable {
    static let limit = 10_000
    private static let none = -1

    /// What the order of age and the index need of a group, small enough for three to share a cache line: most events make a
    /// group and forget another.
    private struct Link {
        var since: Int64 = 0
        var hash: UInt32 = 0
        /// The neighbours in order of age; `next` of a free slot is the next free one.
        var previous = Int32(GroupTable.none)
        var next = Int32(GroupTable.none)
    }

    private struct Cell {
        var group = CorrelationGroup()
        var key = KeptBytes()
        var cost = 0
    }

    private var links: ContiguousArray<Link> = []
    private var cells: ContiguousArray<Cell> = []
    private var index = SlotIndex()
    private var free = GroupTable.none
    private var newest = GroupTable.none
    private(set) var oldest = GroupTable.none
    private(set) var count = 0
    /// Groups that had to go for want of room.
    var evicted: Int64 = 0
    /// Bytes of memory, about.
    private(set) var cost = 0

    subscript(slot: Int) -> CorrelationGroup {
        get { cells[slot].group }
        _modify { yield &cells[slot].group }
    }

    func key(_ slot: Int) -> ContiguousArray<UInt8> { cells[slot].key.bytes }

    /// The time from which the group's span runs.
    func since(_ slot: Int) -> Int64 { links[slot].since }

    var isEmpty: Bool { oldest == Self.none }

    /// From the oldest to the newest.
    var inOrder: [Int] {
        var list: [Int] = []
        var slot = oldest
        while slot != Self.none {
            list.append(slot)
            slot = Int(links[slot].next)
        }
        return list
    }

    func find(_ key: GroupKey) -> Int? { index.find(key.hash) { cells[$0].key.equals(key.bytes) } }

    /// Makes a group whose span runs from `now`, the newest of all.
    mutating func insert(_ key: GroupKey, now: Int64) -> Int {
        if count == Self.limit {
            remove(oldest)
            evicted += 1
        }
        var slot = free
        if slot == Self.none {
            slot = cells.count
            cells.append(Cell())
            links.append(Link())
        } else {
            free = Int(links[slot].next)
        }
        links[slot].hash = key.hash
        cells[slot].key = KeptBytes(key.bytes)
        index.insert(slot, key.hash)
        count += 1
        link(slot, now)
        settle(slot)
        return slot
    }

    /// Lets the group's span run from `now`.
    mutating func touch(_ slot: Int, now: Int64) {
        if slot == newest {
            links[slot].since = now
            return
        }
        unlink(slot)
        link(slot, now)
    }

    mutating func remove(_ slot: Int) {
        unlink(slot)
        index.remove(slot, links[slot].hash)
        count -= 1
        cost -= cells[slot].cost
        cells[slot] = Cell()
        links[slot].next = Int32(free)
        free = slot
    }

    /// Forgets the groups whose span began then or before.
    @inline(__always)
    mutating func purge(until time: Int64) {
        while oldest != Self.none, links[oldest].since <= time { remove(oldest) }
    }

    /// Notes what the group has come to.
    mutating func settle(_ slot: Int) {
        let now = cells[slot].group.cost + cells[slot].key.count
        cost += now - cells[slot].cost
        cells[slot].cost = now
    }

    private mutating func link(_ slot: Int, _ now: Int64) {
        links[slot].since = now
        links[slot].previous = Int32(newest)
        links[slot].next = Int32(Self.none)
        if newest == Self.none { oldest = slot } else { links[newest].next = Int32(slot) }
        newest = slot
    }

    private mutating func unlink(_ slot: Int) {
        let (previous, next) = (Int(links[slot].previous), Int(links[slot].next))
        if previous == Self.none { oldest = next } else { links[previous].next = Int32(next) }
        if next == Self.none { newest = previous } else { links[next].previous = Int32(previous) }
    }
}

/// Where the slot of a hash is: open addressing, with the hash beside the slot, so that nothing else is looked at on the way.
private struct SlotIndex {
    /// The hash above the slot, 0 for a free place: slots count from 1 here. At most half of them are taken.
    private var places: ContiguousArray<UInt64> = []
    private var count = 0

    private static let leastPlaces = 16

    @inline(__always)
    func find(_ hash: UInt32, _ isIt: (Int) -> Bool) -> Int? {
        if places.isEmpty { return nil }
        let mask = places.count - 1
        var at = Int(hash) & mask
        while places[at] != 0 {
            if UInt32(truncatingIfNeeded: places[at] >> 32) == hash, isIt(Self.slot(places[at])) {
                return Self.slot(places[at])
            }
            at = (at + 1) & mask
        }
        return nil
    }

    mutating func insert(_ slot: Int, _ hash: UInt32) {
        count += 1
        if count * 2 > places.count { grow() }
        put(UInt64(hash) << 32 | UInt64(slot + 1))
    }

    mutating func remove(_ slot: Int, _ hash: UInt32) {
        count -= 1
        let mask = places.count - 1
        let entry = UInt64(hash) << 32 | UInt64(slot + 1)
        var hole = Int(hash) & mask
        while places[hole] != entry { hole = (hole + 1) & mask }
        // What stands behind, and wouldn't be found past the hole, moves into it.
        var at = hole
        while true {
            at = (at + 1) & mask
            let next = places[at]
            if next == 0 { break }
            let home = Int(next >> 32) & mask
            if (at - home) & mask >= (at - hole) & mask {
                places[hole] = next
                hole = at
            }
        }
        places[hole] = 0
    }

    private mutating func put(_ entry: UInt64) {
        let mask = places.count - 1
        var at = Int(entry >> 32) & mask
        while places[at] != 0 { at = (at + 1) & mask }
        places[at] = entry
    }

    private mutating func grow() {
        let old = places
        places = ContiguousArray(repeating: 0, count: max(Self.leastPlaces, old.count * 2))
        for entry in old where entry != 0 { put(entry) }
    }

    private static func slot(_ entry: UInt64) -> Int { Int(UInt32(truncatingIfNeeded: entry)) - 1 }
}
