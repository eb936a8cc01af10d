import LogLua

/// What a correlation knows of one group of events. Which of it is used depends on the correlation's type.
struct CorrelationGroup {
    /// Counts: the times of the events (or, with `values`, when each value was last seen), oldest first, from `head` on.
    /// Temporal types: by step the time that matters, `Int64.min` for none.
    var times: ContiguousArray<Int64> = []
    var head = 0
    /// Different values, each beside its time. In a period they have no order that matters.
    var values: ContiguousArray<ContiguousArray<UInt8>> = []
    /// The condition is met, and that has been told.
    var isRaised = false
    /// Events of a period.
    var count = 0
    /// The rule that is missed.
    var rule = ""
    /// The event that stands for what will be found.
    var sample = CorrelationFinding.Sample()

    /// Bytes of memory, about.
    var cost: Int {
        var sum = 300 + times.count * 8 + sample.text.utf8.count
        for value in values { sum += value.count + 48 }
        return sum
    }
}

/// The groups of a correlation by key, in the order of the time from which their span runs: so the first to be over is
/// always the oldest, and no other clock is needed.
///
/// At most `limit` of them: the oldest goes for a new one, and is counted. In the steady state nothing is allocated.
struct GroupTable {
    static let limit = 10_000
    private static let none = -1

    private struct Slot {
        var group = CorrelationGroup()
        var key: ContiguousArray<UInt8> = []
        var hash = 0
        var since: Int64 = 0
        var cost = 0
        /// The neighbours in order of age; `next` of a free slot is the next free one.
        var previous = GroupTable.none
        var next = GroupTable.none
        /// Another key of the same hash.
        var twin = GroupTable.none
    }

    private var slots: ContiguousArray<Slot> = []
    private var byHash: [Int: Int] = [:]
    private var free = GroupTable.none
    private var newest = GroupTable.none
    private(set) var oldest = GroupTable.none
    private(set) var count = 0
    /// Groups that had to go for want of room.
    var evicted: Int64 = 0
    /// Bytes of memory, about.
    private(set) var cost = 0

    subscript(slot: Int) -> CorrelationGroup {
        get { slots[slot].group }
        _modify { yield &slots[slot].group }
    }

    func key(_ slot: Int) -> ContiguousArray<UInt8> { slots[slot].key }

    /// The time from which the group's span runs.
    func since(_ slot: Int) -> Int64 { slots[slot].since }

    var isEmpty: Bool { oldest == Self.none }

    /// From the oldest to the newest.
    var inOrder: [Int] {
        var list: [Int] = []
        var slot = oldest
        while slot != Self.none {
            list.append(slot)
            slot = slots[slot].next
        }
        return list
    }

    func find(_ key: ContiguousArray<UInt8>) -> Int? {
        var slot = byHash[Self.hash(key)] ?? Self.none
        while slot != Self.none {
            if slots[slot].key == key { return slot }
            slot = slots[slot].twin
        }
        return nil
    }

    /// Makes a group whose span runs from `now`, the newest of all.
    mutating func insert(_ key: ContiguousArray<UInt8>, now: Int64) -> Int {
        if count == Self.limit {
            remove(oldest)
            evicted += 1
        }
        var slot = free
        if slot == Self.none {
            slot = slots.count
            slots.append(Slot())
        } else {
            free = slots[slot].next
        }
        let hash = Self.hash(key)
        slots[slot].hash = hash
        // Not the array itself: the caller fills its own again and again.
        slots[slot].key.append(contentsOf: key)
        slots[slot].twin = byHash.updateValue(slot, forKey: hash) ?? Self.none
        count += 1
        link(slot, now)
        settle(slot)
        return slot
    }

    /// Lets the group's span run from `now`.
    mutating func touch(_ slot: Int, now: Int64) {
        slots[slot].since = now
        if slot == newest { return }
        unlink(slot)
        link(slot, now)
    }

    mutating func remove(_ slot: Int) {
        unlink(slot)
        let hash = slots[slot].hash
        let twin = slots[slot].twin
        if byHash[hash] == slot {
            byHash[hash] = twin == Self.none ? nil : twin
        } else if var other = byHash[hash] {
            while slots[other].twin != slot { other = slots[other].twin }
            slots[other].twin = twin
        }
        cost -= slots[slot].cost
        count -= 1
        slots[slot].cost = 0
        slots[slot].key.removeAll(keepingCapacity: true)
        slots[slot].group = CorrelationGroup()
        slots[slot].next = free
        free = slot
    }

    /// Notes what the group has come to.
    mutating func settle(_ slot: Int) {
        let now = slots[slot].group.cost + slots[slot].key.count
        cost += now - slots[slot].cost
        slots[slot].cost = now
    }

    private mutating func link(_ slot: Int, _ now: Int64) {
        slots[slot].since = now
        slots[slot].previous = newest
        slots[slot].next = Self.none
        if newest == Self.none { oldest = slot } else { slots[newest].next = slot }
        newest = slot
    }

    private mutating func unlink(_ slot: Int) {
        let previous = slots[slot].previous
        let next = slots[slot].next
        if previous == Self.none { oldest = next } else { slots[previous].next = next }
        if next == Self.none { newest = previous } else { slots[next].previous = previous }
    }

    /// Seeded by the process: no log can be written so that its keys collide.
    private static func hash(_ key: ContiguousArray<UInt8>) -> Int {
        var hasher = Hasher()
        key.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
