import LogCore

/// Messages seen once or twice in a log of which nearly everything repeats.
enum RareEvents {
    private static let limit = 20
    /// A log must be long enough for rarity to mean something.
    private static let fewest = 1_000.0
    /// The share of events that are the only ones of their kind: where it is higher, the next event may well be one
    /// too (it is Good and Turing's estimate of the chance that the next event is of a kind not seen before).
    private static let share = 0.002

    static func find(_ summary: Summary, _ watch: Watch) -> [Change] {
        let templates = watch.series.filter { if case .template = $0.subject { !$0.isPart } else { false } }
        let events = templates.reduce(0.0) { $0 + Double($1.tally.count) }
        let once = templates.count { $0.tally.count == 1 }
        let chance = Double(once) / max(events, 1)
        guard events >= fewest, chance <= share else { return [] }
        let times = TextTimes(summary.tally, unicode: false)
        var rare = templates.filter { $0.tally.count <= 2 && $0.tally.first != nil }
        // Of many, only those that warn are worth a line.
        if rare.count > limit { rare.removeAll { $0.severity < .warning } }
        guard rare.count <= limit else { return [] }
        let order = rare.sorted { a, b in
            let left = (b.severity, a.tally.count, a.tally.first ?? 0, a.sample.offset)
            let right = (a.severity, b.tally.count, b.tally.first ?? 0, b.sample.offset)
            return left < right
        }
        return order.map { series in
            let first = series.tally.first ?? 0
            let last = series.tally.last ?? first
            let at = times.point(first, seconds: true)
            let isOnce = series.tally.count == 1
            let text = isOnce ? "once, at \(at)" : "twice, at \(at) and \(times.point(last, seconds: true))"
            return Change(
                kind: .rare, subject: series.subject, name: series.name,
                statement: Statement(text, [Citation(count: series.tally.count, series.sample)]), start: first,
                end: last,
                observed: Double(series.tally.count), expected: 0, chance: chance, sample: series.sample)
        }
    }
}
