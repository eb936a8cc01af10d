package import LogCore

/// Something that went wrong: all events that one rule matched, or all errors of one shape that no rule knows.
package struct Finding: Sendable {
    package enum Origin: Sendable {
        case rule(RuleInfo)
        /// No rule knows it: the id of its template.
        case template(String)
    }

    /// From 1, the place in the report.
    package var rank = 0
    package var origin: Origin
    package var severity: Severity
    /// It makes a tenth of all events and more, so it ranks as if it were one level graver: five hundred wrong
    /// passwords in two thousand events are what happened, whatever else is an error.
    var isDominant = false
    /// The rule's title, or the template's text and the status that made its events errors.
    package var title: String
    /// `status 502` where no rule knows the events and their fields say why they are errors.
    package var status = ""
    package var tally: Tally
    /// Its events that have a time.
    package var series: CountSeries
    /// What its events name: ids, hosts, components.
    package var joins: JoinSample
    /// Where its events come from.
    package var places: FindingPlaces
    /// The machines that its events are of, as folders tell it where no field does; each with its first event.
    private(set) var machines: [JoinSample.Entry] = []
    /// The first event.
    package var sample: Sample
    /// Those that come right behind it, the earliest few.
    package var further: [Sample] = []
    package var component = ""
    /// What the rule captured in the sample, in the rule's order.
    package var captures: [(name: String, value: String)] = []
    /// What a correlator found, in the order of time; `tally` counts those that found no room too.
    package var cases: [FindingCase] = []
    /// What its times need to be those of one clock.
    var clock = Clocks.Shift()
    /// Nil where no event has a time, and where nothing is known of how it began.
    package var story: Story?
    /// Who or what it is about, seen among all events.
    package var majority: Majority?

    package var rule: RuleInfo? { if case .rule(let rule) = origin { rule } else { nil } }
    package var isFailure: Bool { severity >= .error || isRefusal }
    /// Warnings that together are a failure: see `Refusals`.
    private(set) var isRefusal = false

    init(_ summary: FindingSummary) {
        origin = .rule(summary.rule)
        severity = summary.rule.severity
        title = summary.rule.title
        tally = summary.tally
        series = summary.series
        joins = summary.joins
        places = FindingPlaces(joins)
        sample = summary.sample
        further = summary.further.samples
        cases = summary.cases
        let named = summary.rule.captureNames.filter { summary.captures[$0] != nil }
        let others = summary.captures.keys.filter { !named.contains($0) }.sorted()
        captures = (named + others).compactMap { name in summary.captures[name].map { (name, $0) } }
    }

    init(_ id: String, _ template: TemplateSummary, _ status: String, _ failures: Failures) {
        origin = .template(id)
        severity = failures.isCritical ? .critical : .error
        self.status = status
        title = template.title(status)
        tally = failures.tally
        series = failures.series
        joins = failures.joins
        places = FindingPlaces(joins)
        sample = failures.sample
        further = failures.further.samples
        component = template.component
    }

    /// Of the warnings of a status.
    init(_ id: String, _ template: TemplateSummary, refused status: String, _ warnings: Failures) {
        self.init(id, template, status, warnings)
        severity = .warning
        isRefusal = true
    }

    mutating func setMachines(_ folders: FolderHosts) {
        // The one line that a correlation stands on tells nothing of the others.
        guard cases.isEmpty else { return }
        machines = folders.machines(joins)
        places.add(machines)
    }

    func isSubject(of change: Change) -> Bool {
        switch (change.subject, origin) {
        case (.rule(let id), .rule(let rule)): id == rule.id
        // All events of a template, or those of a status.
        case (.template(let id), .template(let own)): id == own && (change.name == title || change.name == templateText)
        default: false
        }
    }

    /// Whether its rule captured a machine: the one that is spoken of.
    var capturesHost: Bool { captures.contains { JoinNames.shared.kind(of: $0.name.utf8)?.group == .host } }

    /// When its first event was, by one clock for all findings.
    var began: Int64? { tally.first.map(clock.corrected) }

    /// The template's text alone.
    package var templateText: String {
        let tail = ": " + status
        return !status.isEmpty && title.hasSuffix(tail) ? String(title.dropLast(tail.count)) : title
    }

    /// Of its gravity in a report; the higher, the earlier it comes.
    var weight: Int { severity.rank + (isDominant ? 1 : 0) }

    /// Order of a report: the graver first; what is explained before what is not; the more frequent, the earlier.
    static func precedes(_ a: Finding, _ b: Finding) -> Bool {
        if a.weight != b.weight { return a.weight > b.weight }
        if a.isDominant != b.isDominant { return a.isDominant }
        let isExplained = (a.rule != nil, b.rule != nil)
        if isExplained.0 != isExplained.1 { return isExplained.0 }
        if a.tally.count != b.tally.count { return a.tally.count > b.tally.count }
        let first = (a.tally.first ?? .max, b.tally.first ?? .max)
        if first.0 != first.1 { return first.0 < first.1 }
        return (a.id, a.status) < (b.id, b.status)
    }

    /// The rule's id, or that of the template.
    package var id: String {
        switch origin {
        case .rule(let rule): rule.id
        case .template(let id): id
        }
    }
}

/// How a finding began, seen from those of its incident. What merely failed before it has no part in it.
package enum Story: Equatable, Sendable {
    /// No failure began before it; the one of its incident that began next, and how many nanoseconds later.
    case first(next: Neighbour?)
    /// The failure of its incident that began last before it.
    case after(Neighbour)
    /// No failure began in the time since this one.
    case apart(Neighbour)
    /// Not a failure itself, but one of its incident began soon after it.
    case before(Neighbour)

    package struct Neighbour: Equatable, Sendable {
        /// Rank and title of the other finding.
        package var rank: Int
        package var title: String
        /// Nanoseconds between the two beginnings.
        package var gap: Int64
        /// Their clocks differ, and in so short a time nobody knows which began first.
        var isUnclear = false
        /// Its first event.
        package var citation: Citation
    }

    /// What the sentence stands on, besides the finding's own sample.
    package var citations: [Citation] {
        switch self {
        case .first(nil): []
        case .first(let other?), .after(let other), .apart(let other), .before(let other): [other.citation]
        }
    }

    /// With `cut` put to the title of the other finding, which may be a template of any length.
    mutating func shorten(to bytes: Int, _ cut: (inout String, Int) -> Void) {
        switch self {
        case .first(var next?):
            cut(&next.title, bytes)
            self = .first(next: next)
        case .after(var other):
            cut(&other.title, bytes)
            self = .after(other)
        case .before(var other):
            cut(&other.title, bytes)
            self = .before(other)
        case .first(nil), .apart: break  // It names none.
        }
    }

    /// One line of English.
    package var text: String {
        switch self {
        case .first(nil): "the first failure in what was read"
        case .first(let next?) where next.gap == 0: "the first failure in what was read; \(next.moment) \(next.name)"
        case .first(let next?):
            "the first failure in what was read; \(TextLayout.duration(next.gap)) later \(next.name)"
        case .after(let other) where other.gap == 0: "\(other.moment) as \(other.name)"
        case .after(let other): "\(TextLayout.duration(other.gap)) after \(other.name)"
        case .apart(let other): "after \(TextLayout.duration(other.gap)) without a new failure"
        case .before(let other) where other.gap == 0: "\(other.moment) as \(other.name)"
        case .before(let other): "\(TextLayout.duration(other.gap)) before \(other.name)"
        }
    }
}

extension Story.Neighbour {
    fileprivate var name: String { "(\(rank)) \(title)" }
    fileprivate var moment: String { isUnclear ? "at about the same time" : "in the same second" }
}
