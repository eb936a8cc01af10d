import LogCore
import LogLua
import LogPatterns

/// The correlators of a run, and which events each of them wants.
package struct CorrelationPlan: Sendable {
    let correlators: [CorrelatorSource]
    /// By rule: bit n if what it finds is for correlator n.
    let byRule: [UInt64]
    /// Correlators that look at other events than those that rules found.
    let byEvent: UInt64
    let ruleIDs: [String]
    let captureNames: @Sendable (Int) -> [String]

    /// A mask has so many bits.
    package static let limit = 64

    /// Nil without any correlator.
    init?(_ correlations: [CorrelationRule], _ plugins: [LuaPlugin], rules: RuleSet) {
        let ids = rules.rules.map(\.id)
        var sources = plugins.map { CorrelatorSource.plugin($0) }
        if !correlations.isEmpty {
            let numbers = CorrelationDefinition.numbers(ids)
            let definitions = correlations.map { CorrelationDefinition($0, ids, numbers) }
            sources.insert(.rules(definitions, ruleIDs: ids), at: 0)
        }
        guard !sources.isEmpty else { return nil }
        correlators = Array(sources.prefix(Self.limit))
        ruleIDs = ids
        captureNames = { rules.captureNames($0) }
        var byRule = [UInt64](repeating: 0, count: ids.count)
        var byEvent: UInt64 = 0
        for (number, source) in correlators.enumerated() {
            switch source {
            case .rules(let definitions, _):
                for rule in definitions.flatMap(\.rules) { byRule[Int(rule)] |= 1 << number }
            case .plugin(let plugin) where plugin.wanted.rules.isEmpty:
                byEvent |= 1 << number
            case .plugin(let plugin):
                let globs = ComponentGlobs(plugin.wanted.rules)
                for (rule, id) in ids.enumerated() where globs.matches(Array(id.utf8).span) {
                    byRule[rule] |= 1 << number
                }
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
    /// By rule: the numbers of its captures' names, `nil` for a group without one.
    private var captureKeys: [[Key?]]
    private var known: [Bool]
    /// The times of all events, by which their order is told.
    private(set) var times: ContiguousArray<Int64> = []
    /// Where all events begin in their source, by which a further run knows those that it has seen.
    private(set) var starts: ContiguousArray<Int64> = []
    /// For each event that is wanted, which one it is.
    private(set) var places: ContiguousArray<Int> = []
    /// Of the batch before.
    private var sizes = SelectedEvents.Sizes()

    init(_ plan: CorrelationPlan) {
        self.plan = plan
        guards = plan.correlators.map { LuaEventGuard($0.wanted) }
        captureKeys = Array(repeating: [], count: plan.ruleIDs.count)
        known = Array(repeating: false, count: plan.ruleIDs.count)
    }

    mutating func pick(from batch: inout Batch, path: String, formats: [String]) -> SelectedEvents {
        var selected = SelectedEvents(path: path, formats: formats, firstLine: batch.firstLine)
        selected.reserve(sizes)
        times.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        let offset = batch.offset
        times.append(contentsOf: batch.records.lazy.map(\.time))
        starts.append(contentsOf: batch.records.lazy.map { offset + Int64($0.raw.lower) })
        let masks = guards.map { $0.mask(of: formats) }
        var hit = 0
        if plan.byEvent == 0 {
            // Of a hundred events rules find one, or five.
            while hit < batch.hits.count {
                hit = take(Int(batch.hits[hit].record), hit, of: &batch, into: &selected, masks)
            }
        } else {
            for index in batch.records.indices { hit = take(index, hit, of: &batch, into: &selected, masks) }
        }
        selected.finish(batch)
        sizes = selected.sizes
        return selected
    }

    /// Picks the event if somebody wants it; its hits are those from `first` on. Where the next one's begin.
    @inline(__always)
    private mutating func take(
        _ index: Int, _ first: Int, of batch: inout Batch, into selected: inout SelectedEvents, _ masks: [UInt64]
    ) -> Int {
        var wanting = plan.byEvent
        var next = first
        while next < batch.hits.count, batch.hits[next].record == index {
            let rule = Int(batch.hits[next].rule)
            wanting |= plan.byRule[rule]
            if !known[rule] {
                captureKeys[rule] = plan.captureNames(rule).map { name in
                    name.isEmpty ? nil : batch.event.keys.intern(Array(name.utf8).span)
                }
                known[rule] = true
            }
            next += 1
        }
        var asked = wanting
        while asked != 0 {
            let number = asked.trailingZeroBitCount
            asked &= asked - 1
            if !guards[number].wants(batch.records[index], in: batch, formats: masks[number]) {
                wanting &= ~(1 << number)
            }
        }
        guard wanting != 0 else { return next }
        places.append(index)
        selected.append(index, of: &batch, wanting: wanting, firstHit: first, captureKeys: captureKeys)
        return next
    }
}
