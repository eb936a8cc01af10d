import LogCore

/// What comes more or less often than in the baseline, or on one side only.
struct CountComparison {
    /// A ratio below this is no difference that anyone would look at.
    static let effect = 1.5
    /// Of things that aren't errors, this much.
    static let plainEffect = 2.0
    /// So many times as often as on the other side, failures and warnings are another matter than there, however close
    /// together they come: an outage is one burst, which by itself might as well have hit the other run.
    private static let outage = 4.0
    /// What comes on one side only is another matter from so many events on, whatever its level.
    private static let oneSided = 30.0
    /// What a large outage counts for.
    private static let outageEvents = 60.0

    /// Times that an error came which the baseline doesn't have, for it to be no matter of chance what it's called: one that
    /// came once or twice may as well have missed the other run.
    private static let newErrors = 3
    /// And so often must several such errors have come: one among many rare ones may do so by chance.
    private static let allNewErrors = 6
    /// The baseline must be so long for that, seen from this run.
    private static let comparable = 1.5

    private let pair: RunPair

    init(_ pair: RunPair) { self.pair = pair }

    /// A thing that can be counted on both sides.
    private struct Item {
        var subject: Change.Subject
        var name: String
        var isFailure: Bool
        /// What is counted where it isn't all events: `error`.
        var noun = "event"
        var isWarning = false
        /// Of level CRITICAL, of those here.
        var isCritical = false
        var here: Int64
        var there: Int64
        var dispersion: Double
        /// Cells of time that have it, of the one run that does.
        var cells = 0
        var sample: Sample
    }

    /// All tests that were made, each with what it would say.
    func candidates() -> [Comparer.Candidate] {
        let rules = rules()
        // What a rule stands for need not be said again of its template.
        let explained = Set(rules.map { Same(here: $0.here, there: $0.there, place: place($0.sample)) })
        let templates = templates().filter {
            !explained.contains(Same(here: $0.here, there: $0.there, place: place($0.sample)))
        }
        let known = Set((rules + templates).map { Same(here: $0.here, there: $0.there, place: "") } + sums())
        let components = components().filter { !known.contains(Same(here: $0.here, there: $0.there, place: "")) }
        let items = rules + templates + components
        let news = (rules + templates).filter { isNewError($0, there: $0.there, here: $0.here) }
        let sum = news.reduce(0) { $0 + $1.cells }
        let gone = (rules + templates).count { isNewError($0, there: $0.here, here: $0.there) }
        // Where errors come and go between runs, one more that came says nothing.
        let areNewErrorsTold =
            news.count > max(3 * gone, 1) && sum >= Self.allNewErrors && pair.scale <= Self.comparable
        return items.compactMap { item in
            let candidate = candidate(item)
            let isError = areNewErrorsTold && isNewError(item, there: item.there, here: item.here)
            let isCritical = item.isCritical && item.there == 0 && pair.scale <= 2 * Self.comparable
            guard isError || isCritical else { return candidate }
            var grave = candidate ?? Comparer.Candidate(chance: 1)
            if grave.difference == nil { (grave.difference, grave.strength) = told(item, chance: grave.chance) }
            grave.isTold = true
            grave.isFailure = item.isFailure || isCritical
            return grave
        }
    }

    /// An error of which one run has several, not in one go, and the other none.
    private func isNewError(_ item: Item, there: Int64, here: Int64) -> Bool {
        item.isFailure && there == 0 && here > 0 && item.cells >= Self.newErrors
    }

    private struct Same: Hashable {
        var here: Int64
        var there: Int64
        var place: String
    }

    private func place(_ sample: Sample) -> String { "\(sample.source):\(sample.offset)" }

    private func templates() -> [Item] {
        let ids = Set(pair.here.templates.keys).union(pair.there.templates.keys).sorted()
        return ids.flatMap { id -> [Item] in
            let here = pair.here.templates[id]
            let there = pair.there.templates[id]
            guard let either = here ?? there, id != hexadecimal(TemplateMiner.overflow.id) else { return [] }
            let failures = failures(here?.byRank ?? []) + failures(there?.byRank ?? [])
            let counts = (here?.tally.count ?? 0, there?.tally.count ?? 0)
            let warnings = (here?.byRank ?? there?.byRank).map { $0.isEmpty ? 0 : $0[Severity.warning.rank] } ?? 0
            let isCritical = here.map { !$0.byRank.isEmpty && $0.byRank[Severity.critical.rank] > 0 } ?? false
            let all = Item(
                subject: .template(id), name: either.text, isFailure: failures > 0 && failures == counts.0 + counts.1,
                isWarning: warnings > 0, isCritical: isCritical,
                here: counts.0, there: counts.1, dispersion: dispersion(here?.series, there?.series),
                cells: cells(here?.series, there?.series),
                sample: either.sample)
            let parts = errors(id, here, there) + warned(id, here, there)
            // Where all of its events fail or warn, those of each status say all.
            let isInParts = parts.reduce(0) { $0 + $1.here + $1.there } == all.here + all.there
            if parts.count == 1, isInParts || all.isFailure { return [all] }
            return (isInParts ? [] : [all]) + parts
        }
    }

    /// A template's warnings by the status that made them such.
    private func warned(_ id: String, _ here: TemplateSummary?, _ there: TemplateSummary?) -> [Item] {
        guard here.map({ !$0.warnedStatuses.isEmpty || $0.warnings.isEmpty }) ?? true,
            there.map({ !$0.warnedStatuses.isEmpty || $0.warnings.isEmpty }) ?? true
        else { return [] }
        return items(id, here, there, \.warnings).map { item in
            var item = item
            (item.isFailure, item.isCritical, item.isWarning, item.noun) = (false, false, true, "warning")
            return item
        }
    }

    /// A template's errors that no rule explains, by what a field says of them: requests of one path are one template, those
    /// that fail among them, and new 500s are another thing than the 404s of both runs.
    private func errors(_ id: String, _ here: TemplateSummary?, _ there: TemplateSummary?) -> [Item] {
        items(id, here, there, \.failures)
    }

    private func items(
        _ id: String, _ here: TemplateSummary?, _ there: TemplateSummary?,
        _ kinds: KeyPath<TemplateSummary, [String: Failures]>
    ) -> [Item] {
        let sides = (here?[keyPath: kinds] ?? [:], there?[keyPath: kinds] ?? [:])
        return Set(sides.0.keys).union(sides.1.keys).sorted().compactMap { status in
            let (mine, theirs) = (sides.0[status], sides.1[status])
            guard let either = mine ?? theirs, let name = (here ?? there)?.title(status) else { return nil }
            return Item(
                subject: .template(id), name: name, isFailure: true, noun: "error",
                isCritical: mine?.isCritical ?? false, here: mine?.tally.count ?? 0, there: theirs?.tally.count ?? 0,
                dispersion: dispersion(mine?.series, theirs?.series), cells: cells(mine?.series, theirs?.series),
                sample: either.sample)
        }
    }

    /// All errors of a template on either side, for a component that has no others.
    private func sums() -> [Same] {
        Set(pair.here.templates.keys).union(pair.there.templates.keys).map { id in
            Same(
                here: pair.here.templates[id]?.unexplained.count ?? 0,
                there: pair.there.templates[id]?.unexplained.count ?? 0, place: "")
        }
    }

    private func rules() -> [Item] {
        let ids = Set(pair.here.findings.keys).union(pair.there.findings.keys).sorted()
        return ids.compactMap { id in
            let here = pair.here.findings[id]
            let there = pair.there.findings[id]
            // What a correlator found depends on how a log was read, not on the log alone.
            guard let either = here ?? there, either.cases.isEmpty else { return nil }
            return Item(
                subject: .rule(id), name: either.rule.title, isFailure: either.rule.severity >= .warning,
                isCritical: either.rule.severity >= .critical,
                here: here?.tally.count ?? 0, there: there?.tally.count ?? 0,
                dispersion: dispersion(here?.series, there?.series), cells: cells(here?.series, there?.series),
                sample: either.sample)
        }
    }

    /// Components by their errors.
    private func components() -> [Item] {
        let names = Set(pair.here.components.keys).union(pair.there.components.keys).sorted()
        return names.compactMap { name in
            let here = pair.here.components[name]
            let there = pair.there.components[name]
            let counts = (here?.failures ?? 0, there?.failures ?? 0)
            guard counts.0 + counts.1 > 0, let sample = sample(of: name) else { return nil }
            return Item(
                subject: .component(name), name: name, isFailure: true, noun: "error", here: counts.0,
                there: counts.1,
                dispersion: dispersion(here?.failureSeries, there?.failureSeries), sample: sample)
        }
    }

    /// An error of the component: here, or in the baseline.
    private func sample(of component: String) -> Sample? {
        for run in [pair.here, pair.there] {
            let samples = run.templates.values.filter { $0.component == component && failures($0.byRank) > 0 }.map(
                \.sample)
            if let first = samples.first { return samples.dropFirst().reduce(first, Sample.earlier) }
        }
        return nil
    }

    private func failures(_ byRank: [Int64]) -> Int64 {
        byRank.isEmpty ? 0 : byRank[Severity.error.rank] + byRank[Severity.critical.rank]
    }

    private func cells(_ here: CountSeries?, _ there: CountSeries?) -> Int {
        max(
            here.map { RunPair.cells($0, in: pair.here) } ?? 0, there.map { RunPair.cells($0, in: pair.there) } ?? 0)
    }

    private func dispersion(_ here: CountSeries?, _ there: CountSeries?) -> Double {
        max(
            here.map { RunPair.dispersion($0, in: pair.here) } ?? 1,
            there.map { RunPair.dispersion($0, in: pair.there) } ?? 1)
    }

    private func candidate(_ item: Item) -> Comparer.Candidate? {
        let here = Double(item.here)
        let there = Double(item.there)
        let ratio = (here + 0.5) / (pair.scale * (there + 0.5))
        var dispersion = item.dispersion
        let isOneSided = min(here, there) == 0 && max(here, there) >= Self.oneSided
        let isOutage = isOneSided || (item.isFailure || item.isWarning) && max(ratio, 1 / ratio) >= Self.outage
        if isOutage {
            dispersion = min(dispersion, max(max(here, there) / Self.outageEvents, 1))
        }
        guard pair.leastChance(here: here, there: there, dispersion: dispersion) <= FalseDiscoveries.rate else {
            return nil
        }
        let chance =
            isOutage
            ? pair.chanceOfOutage(here: here, there: there, dispersion: dispersion)
            : pair.chance(here: here, there: there, dispersion: dispersion)
        let effect = item.isFailure ? Self.effect : Self.plainEffect
        guard max(ratio, 1 / ratio) >= effect, !isByTheClock(item) else { return Comparer.Candidate(chance: chance) }
        let (difference, strength) = told(item, chance: chance)
        return Comparer.Candidate(chance: chance, difference: difference, strength: strength, isFailure: item.isFailure)
    }

    private func told(_ item: Item, chance: Double) -> (Comparison.Difference, strength: Double) {
        let here = Double(item.here)
        let there = Double(item.there)
        let ratio = (here + 0.5) / (pair.scale * (there + 0.5))
        let kind: Comparison.Difference.Kind =
            if item.there == 0 { .new } else if item.here == 0 { .gone } else if ratio > 1 { .more } else { .less }
        let difference = Comparison.Difference(
            kind: kind, subject: item.subject, name: item.name, statement: statement(item, kind, ratio), here: here,
            there: there, chance: chance, sample: item.sample)
        let strength = abs(SpecialFunctions.log(ratio)) * SpecialFunctions.log(2 + here + there)
        return (difference, strength)
    }

    /// Whether it comes with the same period on both sides: a job runs no more often where there is more traffic.
    private func isByTheClock(_ item: Item) -> Bool {
        guard case .template(let id) = item.subject, !item.isFailure, let here = pair.here.templates[id],
            let there = pair.there.templates[id], let mine = Periodicity(here.series),
            let theirs = Periodicity(there.series)
        else { return false }
        return (mine.period - theirs.period).magnitude * 10 <= mine.period.magnitude
    }

    private func statement(_ item: Item, _ kind: Comparison.Difference.Kind, _ ratio: Double) -> Statement {
        let expected = pair.scale * Double(item.there)
        let text =
            switch kind {
            case .new: "\(TextLayout.count(item.here, item.noun)), none there"
            case .gone:
                "none, where \(TextLayout.count(Int64(expected.rounded()), item.noun)) were to be expected"
            default:
                "\(TextLayout.count(item.here, item.noun)) against \(TextLayout.grouped(item.there)) there, "
                    + (ratio > 1
                        ? "\(Comparer.number(ratio)) times as many as expected"
                        : "one in \(Comparer.number(1 / ratio)) of those expected")
            }
        let count = item.here > 0 ? item.here : item.there
        return Statement(text, [Citation(count: count, item.sample)])
    }
}
