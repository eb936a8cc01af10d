import LogCore
import LogLua

/// The correlations of rule files at work. Native, as they are on in every run: in Lua an event took 8 us for each
/// correlation that looks at it, which made a log full of wrong passwords three times as slow.
///
/// Only event time drives it, so the same log gives the same findings, and one that was saved and restored goes on as if
/// nothing had been.
final class RuleCorrelator: Correlator {
    private let watches: [CorrelationWatch]
    private let ruleIDs: [String]
    /// By rule: the correlations that are about it.
    private let byRule: [[Int]]
    /// Correlations that find something when a time is over.
    private let timed: [Int]
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
        watches = definitions.map { CorrelationWatch($0) }
        var byRule = [[Int]](repeating: [], count: ruleIDs.count)
        for (number, definition) in definitions.enumerated() {
            for rule in definition.rules { byRule[Int(rule)].append(number) }
        }
        self.byRule = byRule
        timed = definitions.indices.filter { definitions[$0].kind == .absence || definitions[$0].kind == .period }
    }

    func process(
        _ events: borrowing SelectedEvents, _ index: Int, now: Int64, _ keys: inout KeyTable,
        _ facts: borrowing LuaBatchFacts
    ) {
        advance(to: now)
        if self.keys !== keys.identity {
            self.keys = keys.identity
            for watch in watches { watch.use(&keys) }
        }
        let event = CorrelatedEvent(copy events, index, now: self.now)
        stamp += 1
        for hit in event.hits {
            let rule = Int(event.events.hits[hit].rule)
            guard byRule.indices.contains(rule) else { continue }
            for number in byRule[rule] where watches[number].stamp != stamp {
                // An event counts once, however many of the rules found it.
                watches[number].stamp = stamp
                watches[number].take(event, rule: ruleIDs[rule], into: &findings)
                shed(watches[number])
            }
        }
    }

    /// What is over by then is judged, in the order of time.
    func advance(to time: Int64) {
        let time = min(max(time, now), Self.latest)
        now = time
        if timed.isEmpty { return }
        while true {
            var first: (number: Int, due: Int64)?
            for number in timed {
                if let due = watches[number].due, due <= time, due < first?.due ?? .max { first = (number, due) }
            }
            guard let first else { return }
            watches[first.number].expire(into: &findings)
        }
    }

    func finish() {}

    func takeFindings() -> [CorrelationFinding] {
        if findings.isEmpty { return [] }
        defer { findings = [] }
        return findings
    }

    func takeOutput() -> LuaOutput { LuaOutput() }

    /// Where all together need too much, the one that has just grown gives something up.
    private func shed(_ watch: CorrelationWatch) {
        cost += watch.cost - watch.knownCost
        watch.knownCost = watch.cost
        while cost > Self.memory, watch.shed() {
            cost += watch.cost - watch.knownCost
            watch.knownCost = watch.cost
        }
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
                guard let watch = watches.first(where: { $0.definition.id == id }),
                    watch.definition.signature == signature
                else { continue }
                try watch.restore(from: &own)
                shed(watch)
            }
            now = min(max(saved, Self.earliest), Self.latest)
            return true
        } catch {
            for watch in watches { watch.forget() }
            cost = 0
            return false
        }
    }
}
