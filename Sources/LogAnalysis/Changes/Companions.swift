import LogCore

/// What changed at the same time in the same direction is one change, told of the strongest.
enum Companions {
    /// Others that a statement cites.
    private static let cited = 4
    /// Cells of the grid between two that began together, however long they last: what began an hour before is another's
    /// cause rather than its company.
    private static let farthest = 2
    /// What begins so soon after another began with it.
    private static let soon = 60 * Timestamp.second

    /// The strongest first.
    static func joined(_ told: [ChangeTeller.Told]) -> [ChangeTeller.Told] {
        grouped(told, by: \.score, isTogether).map { lead, others in
            var lead = lead
            let others = others.filter { !isSame($0, lead) }
            // A component is nobody else than the templates that it writes; nor are all events.
            let own = others.filter { $0.series.subject.isOwn && !isTwin($0, others) }
            mention(own.map(\.change), "at the same time", in: &lead.change)
            return lead
        }
    }

    /// The strongest of those that belong together, each with the others, the strongest first.
    static func grouped<Told>(
        _ told: [Told], by strength: (Told) -> Double, _ isTogether: (Told, Told) -> Bool
    ) -> [(lead: Told, others: [Told])] {
        let order = told.indices.sorted { (strength(told[$1]), $0) < (strength(told[$0]), $1) }
        var leads: [(lead: Told, others: [Told])] = []
        for one in order.lazy.map({ told[$0] }) {
            if let place = leads.firstIndex(where: { isTogether($0.lead, one) }) {
                leads[place].others.append(one)
            } else {
                leads.append((one, []))
            }
        }
        return leads
    }

    /// `; 3 others at the same time`, with lines of the first ones.
    static func mention(_ others: [Change], _ how: String, in change: inout Change) {
        guard !others.isEmpty else { return }
        let names = others.count == 1 ? "1 other" : "\(TextLayout.grouped(Int64(others.count))) others"
        change.statement.text += "; \(names) \(how)"
        change.statement.citations += others.prefix(cited).flatMap(\.statement.citations)
    }

    private static func isTogether(_ a: ChangeTeller.Told, _ b: ChangeTeller.Told) -> Bool {
        guard a.isHigh == b.isHigh else { return false }
        let slack = min(max(1, min(a.cells.count, b.cells.count) / 4), farthest)
        // Where one's stretch is what lies before the change, the other's is what lies behind it.
        let starts = [a, b].map { $0.cells.lowerBound == 0 ? $0.cells.upperBound : $0.cells.lowerBound }
        guard (starts[0] - starts[1]).magnitude <= slack else { return false }
        guard let first = a.onset, let other = b.onset else { return true }
        // The first event of what comes seldom is late by some times the pause between two.
        let late = max(Double(a.width) / 4, Double(soon)) + 3 * max(a.spacing, b.spacing)
        return Double(gap(first, other).magnitude) <= late
    }

    /// A rule's finding is the template whose line it matched; a component's failures are its templates, and a
    /// template has its failures of each status.
    private static func isSame(_ a: ChangeTeller.Told, _ b: ChangeTeller.Told) -> Bool {
        if a.series.isPart != b.series.isPart, a.series.subject == b.series.subject { return true }
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
        case .component, .log, .source: false
        }
    }
}
