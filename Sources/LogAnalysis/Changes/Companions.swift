/// What changed at the same time in the same direction is one change, told of the strongest.
enum Companions {
    /// Others that a statement cites.
    private static let cited = 4

    /// The strongest first.
    static func joined(_ told: [ChangeTeller.Told]) -> [ChangeTeller.Told] {
        let order = told.indices.sorted { (told[$1].score, $0) < (told[$0].score, $1) }
        var leads: [(told: ChangeTeller.Told, others: [ChangeTeller.Told])] = []
        for one in order.lazy.map({ told[$0] }) {
            if let place = leads.firstIndex(where: { isTogether($0.told, one) }) {
                leads[place].others.append(one)
            } else {
                leads.append((one, []))
            }
        }
        return leads.map { lead, others in
            var lead = lead
            let others = others.filter { !isSame($0, lead) }
            // A component is nobody else than the templates that it writes; nor are all events.
            let own = others.filter { $0.series.subject.isOwn && !isTwin($0, others) }
            guard !own.isEmpty else { return lead }
            let names = own.count == 1 ? "1 other" : "\(TextLayout.grouped(Int64(own.count))) others"
            lead.change.statement.text += "; \(names) at the same time"
            lead.change.statement.citations += own.prefix(cited).flatMap(\.change.statement.citations)
            return lead
        }
    }

    private static func isTogether(_ a: ChangeTeller.Told, _ b: ChangeTeller.Told) -> Bool {
        guard a.isHigh == b.isHigh else { return false }
        let slack = max(1, min(a.cells.count, b.cells.count) / 4)
        // Where one's stretch is what lies before the change, the other's is what lies behind it.
        let starts = [a, b].map { $0.cells.lowerBound == 0 ? $0.cells.upperBound : $0.cells.lowerBound }
        return (starts[0] - starts[1]).magnitude <= slack
    }

    /// A rule's finding is the template whose line it matched; a component's failures are its templates.
    private static func isSame(_ a: ChangeTeller.Told, _ b: ChangeTeller.Told) -> Bool {
        if a.series.sample.source == b.series.sample.source, a.series.sample.offset == b.series.sample.offset {
            return true
        }
        return a.change.observed == b.change.observed && a.series.tally == b.series.tally && a.series.tally.count > 0
    }

    /// A template beside a rule of the same events.
    private static func isTwin(_ one: ChangeTeller.Told, _ others: [ChangeTeller.Told]) -> Bool {
        guard case .template = one.series.subject else { return false }
        return others.contains { if case .rule = $0.series.subject { isSame($0, one) } else { false } }
    }
}

extension Change.Subject {
    fileprivate var isOwn: Bool {
        switch self {
        case .template, .rule, .parameter: true
        case .component, .log: false
        }
    }
}
