import LogCore
package import LogLua
import LogPatterns

/// The correlators of a run, and which events each of them wants.
package struct CorrelationPlan: Sendable {
    package let plugins: [LuaPlugin]
    /// By rule: bit n if what it finds is for correlator n.
    let byRule: [UInt64]
    /// Correlators that look at other events than those that rules found.
    let byEvent: UInt64
    let ruleIDs: [String]
    let captureNames: @Sendable (Int) -> [String]

    /// A mask has so many bits.
    package static let limit = 64

    /// Nil without any correlator.
    init?(_ plugins: [LuaPlugin], rules: RuleSet) {
        guard !plugins.isEmpty else { return nil }
        self.plugins = Array(plugins.prefix(Self.limit))
        ruleIDs = rules.rules.map(\.id)
        captureNames = { rules.captureNames($0) }
        var byRule = [UInt64](repeating: 0, count: ruleIDs.count)
        var byEvent: UInt64 = 0
        for (number, plugin) in self.plugins.enumerated() {
            if plugin.wanted.rules.isEmpty {
                byEvent |= 1 << number
                continue
            }
            let globs = ComponentGlobs(plugin.wanted.rules)
            for (rule, id) in ruleIDs.enumerated() where globs.matches(Array(id.utf8).span) {
                byRule[rule] |= 1 << number
            }
        }
        self.byRule = byRule
        self.byEvent = byEvent
    }
}

/// One worker's hand that picks from its batches what correlators want.
struct CorrelationPicker: ~Copyable {
    private let plan: CorrelationPlan
    private let guards: [LuaEventGuard]
    private var names: [[String]]
    private var known: [Bool]
    /// The times of all events, by which their order is told.
    private(set) var times: ContiguousArray<Int64> = []
    /// Where all events begin in their source, by which a further run knows those that it has seen.
    private(set) var starts: ContiguousArray<Int64> = []
    /// For each event that is wanted, which one it is.
    private(set) var places: ContiguousArray<Int> = []

    init(_ plan: CorrelationPlan) {
        self.plan = plan
        guards = plan.plugins.map { LuaEventGuard($0.wanted) }
        names = Array(repeating: [], count: plan.ruleIDs.count)
        known = Array(repeating: false, count: plan.ruleIDs.count)
    }

    mutating func pick(from batch: inout Batch, path: String, formats: [String]) -> SelectedEvents {
        var selected = SelectedEvents(path: path, formats: formats, firstLine: batch.firstLine)
        times.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        let masks = guards.map { $0.mask(of: formats) }
        var hit = 0
        for index in batch.records.indices {
            let record = batch.records[index]
            times.append(record.time)
            starts.append(batch.offset + Int64(record.raw.lower))
            while hit < batch.hits.count, batch.hits[hit].record < index { hit += 1 }
            var wanting: UInt64 = 0
            var next = hit
            while next < batch.hits.count, batch.hits[next].record == index {
                let rule = Int(batch.hits[next].rule)
                wanting |= plan.byRule[rule]
                if !known[rule] {
                    names[rule] = plan.captureNames(rule)
                    known[rule] = true
                }
                next += 1
            }
            wanting |= plan.byEvent
            var asked = wanting
            while asked != 0 {
                let number = asked.trailingZeroBitCount
                asked &= asked - 1
                if !guards[number].wants(record, in: batch, formats: masks[number]) { wanting &= ~(1 << number) }
            }
            guard wanting != 0 else { continue }
            places.append(index)
            selected.append(index, of: &batch, wanting: wanting, firstHit: hit, captureNames: names)
        }
        selected.finish(batch)
        return selected
    }
}
