import LogCore
import LogLua
import LogPatterns

/// One correlation at work: what it knows of each group of events.
///
/// Each group has a span of time that runs from its last event (of a period, from its first). When it is over the group
/// is forgotten, which for a period and for something missed is when something is found.
final class CorrelationWatch {
    let definition: CorrelationDefinition
    private(set) var groups = GroupTable()
    /// Groups whose period was told, so that the next one after it is not.
    private(set) var told = GroupTable()
    /// The event that was last looked at, by the correlator's count.
    var stamp = 0
    /// Its share in what the correlator counts.
    var knownCost = 0
    /// The numbers of the names in the events' table of keys.
    private var groupKeys: [Key] = []
    private var fieldKey = Key.overflow
    private var key: ContiguousArray<UInt8> = []
    private var value: ContiguousArray<UInt8> = []

    init(_ definition: CorrelationDefinition) { self.definition = definition }

    /// Learns what the names are in another table.
    func use(_ keys: inout KeyTable) {
        groupKeys = definition.groupBy.map { keys.intern($0.bytes.span) }
        if let field = definition.field { fieldKey = keys.intern(field.bytes.span) }
    }

    /// Bytes of memory, about.
    var cost: Int { groups.cost + told.cost }

    /// When the next group's time is over, if that is to be told.
    var due: Int64? {
        guard definition.kind == .period || definition.kind == .absence, !groups.isEmpty else { return nil }
        return groups.since(groups.oldest) + definition.timespan
    }

    /// Makes room; false if there is nothing to forget but the newest group.
    func shed() -> Bool {
        guard groups.count > 1 else { return false }
        groups.remove(groups.oldest)
        groups.evicted += 1
        return true
    }

    // MARK: Events

    /// Takes an event that the correlation's `rule` found, the first of those that did.
    func take(_ event: borrowing CorrelatedEvent, rule: String, into found: inout [CorrelationFinding]) {
        key.removeAll(keepingCapacity: true)
        for (name, number) in zip(definition.groupBy, groupKeys) {
            // With its length in front, so that no two groups have one key; 0 for a value that is missing.
            let start = key.count
            key.append(0)
            key.append(0)
            let limit = CorrelationDefinition.valueBytes / definition.groupBy.count
            guard event.read(name, number, limit, into: &key) else { continue }
            let length = key.count - start - 1
            key[start] = UInt8(truncatingIfNeeded: length)
            key[start + 1] = UInt8(truncatingIfNeeded: length >> 8)
        }
        if let field = definition.field {
            value.removeAll(keepingCapacity: true)
            guard event.read(field, fieldKey, CorrelationDefinition.valueBytes, into: &value) else { return }
        }
        let now = event.now
        switch definition.kind {
        case .growing: count(event, now, &found)
        case .period: add(event, now)
        case .temporal: note(event, now, &found)
        case .ordered: chain(event, now, &found)
        case .absence:
            let slot = group(now)
            groups[slot].rule = rule
            groups[slot].sample = event.sample
            groups.settle(slot)
        }
    }

    /// The event's group, whose span runs anew from now.
    private func group(_ now: Int64) -> Int {
        purge(now)
        guard let slot = groups.find(key) else { return groups.insert(key, now: now) }
        groups.touch(slot, now: now)
        return slot
    }

    /// Forgets the groups that had no event for the whole time span.
    private func purge(_ now: Int64) {
        while !groups.isEmpty, groups.since(groups.oldest) <= now - definition.timespan { groups.remove(groups.oldest) }
    }

    /// The group is quiet once its condition is met, until an event comes for which it isn't.
    private func count(_ event: borrowing CorrelatedEvent, _ now: Int64, _ found: inout [CorrelationFinding]) {
        let slot = group(now)
        if definition.field == nil {
            groups[slot].add(now, span: definition.timespan, most: definition.enough)
        } else {
            groups[slot].add(value, now, span: definition.timespan, most: definition.enough)
        }
        groups.settle(slot)
        let count = groups[slot].times.count - groups[slot].head
        let wasRaised = groups[slot].isRaised
        let isMet = definition.isMet(count)
        groups[slot].isRaised = isMet
        guard isMet, !wasRaised else { return }
        let since = groups[slot].times[groups[slot].head]
        found.append(finding(slot, count, since: since, until: now, event.sample))
    }

    private func add(_ event: borrowing CorrelatedEvent, _ now: Int64) {
        let slot = groups.find(key) ?? groups.insert(key, now: now)
        groups[slot].count += 1
        groups[slot].sample = event.sample
        if definition.field != nil, groups[slot].values.count <= definition.condition.count,
            !groups[slot].values.contains(value)
        {
            groups[slot].values.append(kept(value))
        }
        groups.settle(slot)
    }

    /// When each step was last seen: all of them within the time span is a finding, and begins anew.
    private func note(_ event: borrowing CorrelatedEvent, _ now: Int64, _ found: inout [CorrelationFinding]) {
        let slot = stepsGroup(now)
        let limit = now - definition.timespan
        var since = now
        var isWhole = true
        for (place, rules) in definition.steps.enumerated() {
            if event.wasFound(by: rules) { groups[slot].times[place] = now }
            let time = groups[slot].times[place]
            isWhole = isWhole && time > limit
            since = min(since, time)
        }
        if isWhole { complete(slot, since, now, event, &found) }
    }

    /// For each step the latest start of a chain of all steps up to it: the latest can't be worse than an earlier one.
    /// From the last step to the first, so that an event is only one link of a chain.
    private func chain(_ event: borrowing CorrelatedEvent, _ now: Int64, _ found: inout [CorrelationFinding]) {
        let slot = stepsGroup(now)
        let last = definition.steps.count - 1
        for place in stride(from: last, through: 0, by: -1) where event.wasFound(by: definition.steps[place]) {
            let start = place == 0 ? now : groups[slot].times[place - 1]
            guard start > now - definition.timespan else { continue }
            if place == last { return complete(slot, start, now, event, &found) }
            groups[slot].times[place] = start
        }
    }

    private func stepsGroup(_ now: Int64) -> Int {
        let slot = group(now)
        if groups[slot].times.isEmpty {
            groups[slot].times = ContiguousArray(repeating: .min, count: definition.steps.count)
            groups.settle(slot)
        }
        return slot
    }

    private func complete(
        _ slot: Int, _ since: Int64, _ now: Int64, _ event: borrowing CorrelatedEvent,
        _ found: inout [CorrelationFinding]
    ) {
        found.append(finding(slot, definition.steps.count, since: since, until: now, event.sample))
        groups.remove(slot)
    }

    // MARK: Time

    /// The oldest group's time is over.
    func expire(into found: inout [CorrelationFinding]) {
        let slot = groups.oldest
        let since = groups.since(slot)
        let now = since + definition.timespan
        if definition.kind == .absence {
            found.append(finding(slot, 0, since: since, until: now, groups[slot].sample))
        } else {
            close(slot, since, now, &found)
        }
        groups.remove(slot)
    }

    /// Judges a period. Quiet as long as one that is told follows another with less than the time span in between.
    private func close(_ slot: Int, _ since: Int64, _ now: Int64, _ found: inout [CorrelationFinding]) {
        while !told.isEmpty, told.since(told.oldest) <= now - 2 * definition.timespan { told.remove(told.oldest) }
        let known = told.find(groups.key(slot))
        let count = definition.field == nil ? groups[slot].count : groups[slot].values.count
        guard definition.isMet(count) else {
            if let known { told.remove(known) }
            return
        }
        if let known { return told.touch(known, now: now) }
        found.append(finding(slot, count, since: since, until: now, groups[slot].sample))
        _ = told.insert(groups.key(slot), now: now)
    }

    private func finding(
        _ slot: Int, _ count: Int, since: Int64, until: Int64, _ sample: CorrelationFinding.Sample
    ) -> CorrelationFinding {
        definition.finding(
            values(of: groups.key(slot)), count: count, rule: groups[slot].rule, since: since, until: until, sample)
    }

    /// The values that a key is made of.
    private func values(of key: ContiguousArray<UInt8>) -> [String?] {
        var values: [String?] = []
        var at = 0
        while at + 2 <= key.count {
            let length = Int(key[at]) | Int(key[at + 1]) << 8
            at += 2
            guard length > 0 else {
                values.append(nil)
                continue
            }
            let end = min(at + length - 1, key.count)
            values.append(String(decoding: key[at..<end], as: UTF8.self))
            at = end
        }
        return values
    }

    // MARK: Memory

    /// What is known, to go on from later.
    func save(to state: inout StateWriter) {
        state.put(groups)
        state.put(told)
    }

    func forget() {
        groups = GroupTable()
        told = GroupTable()
        knownCost = 0
    }

    func restore(from state: inout StateReader) throws(StateDamage) {
        groups = try state.groups { group throws(StateDamage) in
            let isStepwise = definition.kind == .temporal || definition.kind == .ordered
            if isStepwise, group.times.count != definition.steps.count { throw StateDamage() }
            let isCounting = definition.kind == .growing
            if isCounting, definition.field != nil, group.values.count != group.times.count { throw StateDamage() }
            if isCounting, group.times.isEmpty { throw StateDamage() }
        }
        told = try state.groups { _ in }
    }
}

extension CorrelationGroup {
    /// Notes an event; what is too old leaves, and what is more than `most`.
    fileprivate mutating func add(_ now: Int64, span: Int64, most: Int) {
        while head < times.count, times[head] <= now - span { head += 1 }
        times.append(now)
        if times.count - head > most { head += 1 }
        // Half of it at a time, so that an event costs the same however many are kept.
        guard head > 16, head * 2 > times.count else { return }
        times.removeSubrange(0..<head)
        head = 0
    }

    /// Notes a value: those seen last are behind.
    fileprivate mutating func add(_ value: ContiguousArray<UInt8>, _ now: Int64, span: Int64, most: Int) {
        if let place = values.lastIndex(of: value) {
            values.append(values.remove(at: place))
            times.remove(at: place)
        } else {
            values.append(kept(value))
        }
        times.append(now)
        var old = 0
        while times[old] <= now - span || times.count - old > most { old += 1 }
        times.removeSubrange(0..<old)
        values.removeSubrange(0..<old)
    }
}

/// A copy that has room for no more. An array that is shared gets new room of the old size when it is emptied, and that size
/// includes what malloc rounded up: 40 bytes took 4 KiB after some thousand values.
private func kept(_ value: ContiguousArray<UInt8>) -> ContiguousArray<UInt8> {
    value.withUnsafeBufferPointer { ContiguousArray($0) }
}
