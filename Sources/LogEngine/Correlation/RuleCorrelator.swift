import LogCore
import LogLua

/// The correlations of rule files at work. Native, as they are on in every run: in Lua an event took 8 us for each
/// correlation that looks at it, which made a log full of wrong passwords three times as slow.
///
/// Only event time drives it, so the same log gives the same findings, and one that was saved and restored goes on as if
/// nothing had been.
final class RuleCorrelator: Correlator {
    private var watches: ContiguousArray<CorrelationWatch>
    private let ruleIDs: [String]
    /// Rule n's correlations are those of `about` between its place and the next.
    private var aboutRule: ContiguousArray<Int> = [0]
    private var about: ContiguousArray<Int> = []
    /// What events are grouped by, each list of names once: most correlations share theirs with others.
    private var groupings: ContiguousArray<Grouping> = []
    /// Correlations that find something when a time is over.
    private let timed: [Int]
    /// When the first of those has something to tell.
    private var nextDue = Int64.max
    private var now = RuleCorrelator.earliest
    private var stamp = 0
    private var keys: KeyTable.Identity?
    private var findings: [CorrelationFinding] = []
    private var cost = 0
    private(set) var errors = LuaErrors()
    var isSetAside: Bool { false }
    var forgotten: Int { 0 }

    /// Times lie within this of 1970, so that no sum of a time and a time span wraps.
    private static let latest: Int64 = 1 << 62
    private static let earliest = -latest
    /// Bytes that all groups together may take, about.
    private static let memory = 64 << 20

    init(_ definitions: [CorrelationDefinition], ruleIDs: [String]) {
        self.ruleIDs = ruleIDs
        watches = []
        var numbers: [[String]: Int] = [:]
        for definition in definitions {
            let names = definition.groupBy.map(\.text)
            let number = numbers[names] ?? groupings.count
            if numbers.updateValue(number, forKey: names) == nil { groupings.append(Grouping(definition.groupBy)) }
            watches.append(CorrelationWatch(definition, keyNumber: number))
        }
        var byRule = [[Int]](repeating: [], count: ruleIDs.count)
        for (number, definition) in definitions.enumerated() {
            for rule in definition.rules { byRule[Int(rule)].append(number) }
        }
        for numbers in byRule {
            about += numbers
            aboutRule.append(about.count)
        }
        timed = definitions.indices.filter { definitions[$0].kind == .absence || definitions[$0].kind == .period }
    }

    func process(
        _ events: borrowing SelectedEvents, _ index: Int, now: Int64, _ keys: inout KeyTable,
        _ facts: borrowing LuaBatchFacts
    ) {
        advance(to: now)
        if self.keys !== keys.identity {
            self.keys = keys.identity
            for number in watches.indices { watches[number].use(&keys) }
            for number in groupings.indices { groupings[number].use(&keys) }
        }
        let event = CorrelatedEvent(events, index, now: self.now)
        stamp += 1
        for hit in event.hits {
            let rule = Int(events.hits[hit].rule)
            guard rule < ruleIDs.count else { continue }
            for place in aboutRule[rule]..<aboutRule[rule + 1] {
                let number = about[place]
                // An event counts once, however many of the rules found it.
                if watches[number].stamp == stamp { continue }
                watches[number].stamp = stamp
                let grouping = watches[number].keyNumber
                groupings[grouping].read(events, index, stamp)
                watches[number].take(
                    event, groupings[grouping].key, rule: ruleIDs[rule], of: events, into: &findings)
                shed(number)
            }
        }
    }

    /// What is over by then is judged, in the order of time.
    func advance(to time: Int64) {
        let time = min(max(time, now), Self.latest)
        now = time
        while nextDue <= time {
            var first: (number: Int, due: Int64)?
            for number in timed where watches[number].due < first?.due ?? .max {
                first = (number, watches[number].due)
            }
            guard let first, first.due <= time else { break }
            watches[first.number].expire(into: &findings)
            seeDue()
        }
    }

    private func seeDue() {
        nextDue = .max
        for number in timed { nextDue = min(nextDue, watches[number].due) }
    }

    func finish() {}

    func takeFindings() -> [CorrelationFinding] {
        if findings.isEmpty { return [] }
        defer { findings = [] }
        return findings
    }

    func takeOutput() -> LuaOutput { LuaOutput() }

    /// Where all together need too much, the one that has just grown gives something up.
    private func shed(_ number: Int) {
        count(number)
        while cost > Self.memory, watches[number].shed() { count(number) }
        if watches[number].isTimed { seeDue() }
    }

    private func count(_ number: Int) {
        let now = watches[number].cost
        cost += now - watches[number].knownCost
        watches[number].knownCost = now
    }

    func lost() -> [String] {
        watches.compactMap { watch in
            let evicted = watch.groups.evicted &+ watch.told.evicted
            return evicted > 0 ? "\(evicted) groups of \(watch.definition.id)" : nil
        }
    }

    // MARK: Memory

    private static let version: Int64 = 0x41_4C_43_03

    func save() -> [UInt8]? {
        if now == Self.earliest { return nil }
        var state = StateWriter()
        state.put(Self.version)
        state.put(now)
        state.put(Int64(watches.count))
        for watch in watches {
            state.put(watch.definition.id)
            state.put(watch.definition.signature)
            var own = StateWriter()
            watch.save(to: &own)
            state.put(own.bytes)
        }
        return state.bytes
    }

    func restore(_ bytes: [UInt8]) -> Bool {
        do throws(StateDamage) {
            var state = StateReader(bytes)
            guard try state.number() == Self.version else { throw StateDamage() }
            let saved = try state.number()
            for _ in 0..<(try state.count()) {
                let id = try state.text()
                let signature = try state.text()
                var own = StateReader(try state.bytes())
                // What a correlation knew that is gone or another by now is of no use.
                guard let number = watches.firstIndex(where: { $0.definition.id == id }),
                    watches[number].definition.signature == signature
                else { continue }
                try watches[number].restore(from: &own)
                shed(number)
            }
            now = min(max(saved, Self.earliest), Self.latest)
            return true
        } catch {
            for number in watches.indices { watches[number].forget() }
            cost = 0
            seeDue()
            return false
        }
    }
}

/// The values of a list of names in an event: read, and hashed, once for all the correlations that group by them.
private struct Grouping {
    let names: [FieldName]
    /// The numbers of the names in the events' table of keys.
    private var numbers: [Key] = []
    private(set) var key = GroupKey()
    /// The event whose key it is, by the correlator's count.
    private var stamp = 0

    init(_ names: [FieldName]) { self.names = names }

    /// Learns what the names are in another table.
    mutating func use(_ keys: inout KeyTable) { numbers = names.map { keys.intern($0.bytes.span) } }

    mutating func read(_ events: borrowing SelectedEvents, _ index: Int, _ stamp: Int) {
        if self.stamp == stamp { return }
        self.stamp = stamp
        key.begin()
        let limit = CorrelationDefinition.valueBytes / max(names.count, 1)
        for place in names.indices {
            key.append { events.read(names[place], numbers[place], limit, of: index, into: &$0) }
        }
        key.finish()
    }
}
