import LogCore
import LogLua
import LogPatterns

/// One correlation at work: what it knows of each group of events.
///
/// Each group has a span of time that runs from its last event (of a period, from its first). When it is over the group
/// is forgotten, which for a period and for something missed is when something is found.
struct CorrelationWatch {
    let definition: CorrelationDefinition
    /// Which of the correlator's keys is that of its groups.
    let keyNumber: Int
    private(set) var groups = GroupTable()
    /// Groups whose period was told, so that the next one after it is not.
    private(set) var told = GroupTable()
    /// The event that was last looked at, by the correlator's count.
    var stamp = 0
    /// Its share in what the correlator counts.
    var knownCost = 0
    /// The number of the field's name in the events' table of keys.
    private var fieldKey = Key.overflow
    private var value: ContiguousArray<UInt8> = []

    init(_ definition: CorrelationDefinition, keyNumber: Int) {
        self.definition = definition
        self.keyNumber = keyNumber
        isTimed = definition.kind == .period || definition.kind == .absence
    }

    /// Learns what the names are in another table.
    mutating func use(_ keys: inout KeyTable) {
        if let field = definition.field { fieldKey = keys.intern(field.bytes.span) }
    }

    /// Bytes of memory, about.
    var cost: Int { groups.cost + told.cost }

    /// Whether it finds something when a time is over.
    let isTimed: Bool

    /// When the next group's time is over, if that is to be told; else `Int64.max`.
    var due: Int64 { !isTimed || groups.isEmpty ? .max : groups.since(groups.oldest) + definition.timespan }

    /// Makes room; false if there is nothing to forget but the newest group.
    mutating func shed() -> Bool {
        guard groups.count > 1 else { return false }
        groups.remove(groups.oldest)
        groups.evicted += 1
        return true
    }

    // MARK: Events

    /// Takes an event that the correlation's `rule` found, the first of those that did. `key`: of its group.
    mutating func take(
        _ event: CorrelatedEvent, _ key: GroupKey, rule: String, of events: borrowing SelectedEvents,
        into found: inout [CorrelationFinding]
    ) {
        if let field = definition.field {
            value.removeAll(keepingCapacity: true)
            let limit = CorrelationDefinition.valueBytes
            guard events.read(field, fieldKey, limit, of: event.index, into: &value) else { return }
        }
        switch definition.kind {
        case .growing: count(event, key, events, &found)
        case .period: add(event, key, events)
        case .temporal: note(event, key, events, &found)
        case .ordered: chain(event, key, events, &found)
        case .absence:
            let slot = group(key, event.now)
            groups[slot].evidence = CorrelationGroup.Evidence(rule: rule, events.sample(of: event.index))
            groups.settle(slot)
        }
    }

    /// The event's group, whose span runs anew from now. Those that had no event for the whole time span are forgotten.
    private mutating func group(_ key: GroupKey, _ now: Int64) -> Int {
        groups.purge(until: now - definition.timespan)
        guard let slot = groups.find(key) else { return groups.insert(key, now: now) }
        groups.touch(slot, now: now)
        return slot
    }

    /// The group is quiet once its condition is met, until an event comes for which it isn't.
    private mutating func count(
        _ event: CorrelatedEvent, _ key: GroupKey, _ events: borrowing SelectedEvents,
        _ found: inout [CorrelationFinding]
    ) {
        let slot = group(key, event.now)
        if definition.field == nil {
            groups[slot].add(event.now, span: definition.timespan, most: definition.enough)
        } else {
            groups[slot].add(value, event.now, span: definition.timespan, most: definition.enough)
        }
        groups.settle(slot)
        guard groups[slot].raise(definition) else { return }
        let first = Int(groups[slot].head)
        let (count, since) = (groups[slot].times.count - first, groups[slot].times[first])
        found.append(finding(slot, count, since: since, until: event.now, events.sample(of: event.index)))
    }

    private mutating func add(_ event: CorrelatedEvent, _ key: GroupKey, _ events: borrowing SelectedEvents) {
        let slot = groups.find(key) ?? groups.insert(key, now: event.now)
        groups[slot].count += 1
        groups[slot].evidence = CorrelationGroup.Evidence(rule: "", events.sample(of: event.index))
        if definition.field != nil, groups[slot].values.count <= definition.condition.count,
            !groups[slot].values.contains(where: { $0.equals(value) })
        {
            groups[slot].values.append(KeptBytes(value))
        }
        groups.settle(slot)
    }

    /// When each step was last seen: all of them within the time span is a finding, and begins anew.
    private mutating func note(
        _ event: CorrelatedEvent, _ key: GroupKey, _ events: borrowing SelectedEvents,
        _ found: inout [CorrelationFinding]
    ) {
        let now = event.now
        let slot = group(key, now)
        let limit = now - definition.timespan
        var since = now
        var isWhole = true
        for (place, rules) in definition.steps.enumerated() {
            if event.wasFound(by: rules, in: events) { groups[slot].times.setStep(place, now) }
            let time = groups[slot].times.step(place)
            isWhole = isWhole && time > limit
            since = min(since, time)
        }
        groups.settle(slot)
        if isWhole { complete(slot, since, event, events, &found) }
    }

    /// For each step the latest start of a chain of all steps up to it: the latest can't be worse than an earlier one.
    /// From the last step to the first, so that an event is only one link of a chain.
    private mutating func chain(
        _ event: CorrelatedEvent, _ key: GroupKey, _ events: borrowing SelectedEvents,
        _ found: inout [CorrelationFinding]
    ) {
        let now = event.now
        let slot = group(key, now)
        let last = definition.steps.count - 1
        for place in stride(from: last, through: 0, by: -1)
        where event.wasFound(by: definition.steps[place], in: events) {
            let start = place == 0 ? now : groups[slot].times.step(place - 1)
            guard start > now - definition.timespan else { continue }
            if place == last { return complete(slot, start, event, events, &found) }
            groups[slot].times.setStep(place, start)
        }
        groups.settle(slot)
    }

    private mutating func complete(
        _ slot: Int, _ since: Int64, _ event: CorrelatedEvent, _ events: borrowing SelectedEvents,
        _ found: inout [CorrelationFinding]
    ) {
        let sample = events.sample(of: event.index)
        found.append(finding(slot, definition.steps.count, since: since, until: event.now, sample))
        groups.remove(slot)
    }

    // MARK: Time

    /// The oldest group's time is over.
    mutating func expire(into found: inout [CorrelationFinding]) {
        let slot = groups.oldest
        let since = groups.since(slot)
        let now = since + definition.timespan
        if definition.kind == .absence {
            found.append(finding(slot, 0, since: since, until: now, sample(of: slot)))
        } else {
            close(slot, since, now, &found)
        }
        groups.remove(slot)
    }

    /// Judges a period. Quiet as long as one that is told follows another with less than the time span in between.
    private mutating func close(_ slot: Int, _ since: Int64, _ now: Int64, _ found: inout [CorrelationFinding]) {
        told.purge(until: now - 2 * definition.timespan)
        let key = GroupKey(groups.key(slot))
        let known = told.find(key)
        let count = definition.field == nil ? groups[slot].count : groups[slot].values.count
        guard definition.isMet(count) else {
            if let known { told.remove(known) }
            return
        }
        if let known { return told.touch(known, now: now) }
        found.append(finding(slot, count, since: since, until: now, sample(of: slot)))
        _ = told.insert(key, now: now)
    }

    private func finding(
        _ slot: Int, _ count: Int, since: Int64, until: Int64, _ sample: CorrelationFinding.Sample
    ) -> CorrelationFinding {
        let rule = groups[slot].evidence?.rule ?? ""
        return definition.finding(
            values(of: groups.key(slot)), count: count, rule: rule, since: since, until: until, sample)
    }

    private func sample(of slot: Int) -> CorrelationFinding.Sample {
        groups[slot].evidence?.sample ?? CorrelationFinding.Sample()
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

    mutating func forget() {
        groups = GroupTable()
        told = GroupTable()
        knownCost = 0
    }

    mutating func restore(from state: inout StateReader) throws(StateDamage) {
        groups = try state.groups { group throws(StateDamage) in
            let isStepwise = definition.kind == .temporal || definition.kind == .ordered
            if isStepwise, group.times.count > definition.steps.count { throw StateDamage() }
            let isCounting = definition.kind == .growing
            if isCounting, definition.field != nil, group.values.count != group.times.count { throw StateDamage() }
            if isCounting, group.times.isEmpty { throw StateDamage() }
        }
        told = try state.groups { _ in }
    }
}

extension CorrelationGroup {
    /// Whether the count meets the condition, which it didn't before.
    fileprivate mutating func raise(_ definition: CorrelationDefinition) -> Bool {
        let wasRaised = isRaised
        isRaised = definition.isMet(times.count - Int(head))
        return isRaised && !wasRaised
    }

    /// Notes an event; what is too old leaves, and what is more than `most`.
    fileprivate mutating func add(_ now: Int64, span: Int64, most: Int) {
        var first = Int(head)
        while first < times.count, times[first] <= now - span { first += 1 }
        times.append(now)
        if times.count - first > most { first += 1 }
        // Half of it at a time, so that an event costs the same however many are kept.
        if first > 16, first * 2 > times.count {
            times.removeFirst(first)
            first = 0
        }
        head = Int32(first)
    }

    /// Notes a value: those seen last are behind.
    fileprivate mutating func add(_ value: ContiguousArray<UInt8>, _ now: Int64, span: Int64, most: Int) {
        if let place = values.lastIndex(where: { $0.equals(value) }) {
            values.append(values.remove(at: place))
            times.remove(at: place)
        } else {
            values.append(KeptBytes(value))
        }
        times.append(now)
        var old = 0
        while times[old] <= now - span || times.count - old > most { old += 1 }
        times.removeFirst(old)
        if old > 0 { values.removeSubrange(0..<old) }
    }
}
