import LogCore

/// One thing that is watched over time: a template, a rule, the failures of a component, or the whole log.
struct WatchedSeries {
    let subject: Change.Subject
    let name: String
    let severity: Severity
    let component: String
    let sample: Sample
    let series: CountSeries
    let tally: Tally
    /// The failures of one status among a template's events.
    var isPart = false
    /// All of its events are watched by their status.
    var isInParts = false

    /// How much a change of it counts: one among errors more than one among debug lines.
    var weight: Double {
        // What fails says more than that something does.
        if subject == .log, severity >= .error { return 2 }
        return switch severity {
        case .critical: 6
        case .error: 4
        case .warning: 2.5
        case .debug, .trace: 0.5
        default: 1
        }
    }
}

/// All that is watched in a summary, in an order that is the same in every run.
struct Watch {
    let log: WatchedSeries
    /// All errors and worse; nil where there are none.
    let failures: WatchedSeries?
    let series: [WatchedSeries]
    /// Where the events of the whole log stand, and those of all errors: the series of their templates and rules.
    private let parts: (all: [CountSeries], failures: [CountSeries])

    /// The first line of a series in that time; its first of all where none is known.
    func citation(_ watched: WatchedSeries, from start: Int64, through end: Int64, count: Int64) -> Citation {
        let lines = series(of: watched).compactMap { $0.first(from: start, through: end) }
        guard let first = lines.first else { return Citation(count: count, watched.sample) }
        return Citation(count: count, lines.dropFirst().reduce(first, FirstLine.earlier))
    }

    /// A line of a series from right before a time, or at it.
    func citation(_ watched: WatchedSeries, before time: Int64, count: Int64) -> Citation {
        let lines = series(of: watched).compactMap { $0.last(through: time) }
        guard let first = lines.first else { return Citation(count: count, watched.sample) }
        let last = lines.dropFirst().reduce(first) { FirstLine.earlier($0, $1) == $0 ? $1 : $0 }
        return Citation(count: count, last)
    }

    /// From its first event to its last in a time that begins and ends with buckets.
    func extent(of watched: WatchedSeries, from start: Int64, to end: Int64) -> ClosedRange<Int64>? {
        let extents = series(of: watched).compactMap { $0.extent(from: start, to: end) }
        guard let first = extents.map(\.lowerBound).min(), let last = extents.map(\.upperBound).max() else {
            return nil
        }
        return first...last
    }

    private func series(of watched: WatchedSeries) -> [CountSeries] {
        guard watched.subject == .log else { return [watched.series] }
        return watched.severity >= .error ? parts.failures : parts.all
    }

    /// Nil where there is no line to stand on.
    init?(_ summary: Summary) {
        let samples = summary.templates.values.lazy.map(\.sample).filter { !$0.source.isEmpty }
        guard let first = samples.min(by: { $0 != $1 && Sample.earlier($0, $1) == $0 }) else { return nil }
        log = WatchedSeries(
            subject: .log, name: "all events", severity: .info, component: "", sample: first, series: CountSeries(),
            tally: summary.tally)
        var series: [WatchedSeries] = []
        for (id, rule) in summary.findings.sorted(by: { $0.key < $1.key }) {
            series.append(
                WatchedSeries(
                    subject: .rule(id), name: rule.rule.title, severity: rule.rule.severity, component: "",
                    sample: rule.sample, series: rule.series, tally: rule.tally))
        }
        var failures: [String: Sample] = [:]
        for (id, template) in summary.templates.sorted(by: { $0.key < $1.key }) {
            let severity = Self.severity(template.byRank)
            let parts = Self.parts(of: template, id)
            series.append(
                WatchedSeries(
                    subject: .template(id), name: template.text, severity: severity, component: template.component,
                    sample: template.sample, series: template.series, tally: template.tally,
                    isInParts: parts.reduce(0) { $0 + $1.tally.count } == template.tally.count))
            series += parts
            guard severity >= .error else { continue }
            let sample = template.unexplainedSample ?? template.sample
            failures[template.component] = failures[template.component].map { Sample.earlier($0, sample) } ?? sample
        }
        for (name, component) in summary.components.sorted(by: { $0.key < $1.key }) where !name.isEmpty {
            guard let sample = failures[name] else { continue }
            series.append(
                WatchedSeries(
                    subject: .component(name), name: name, severity: .error, component: name, sample: sample,
                    series: component.failureSeries, tally: Tally()))
        }
        let errors =
            summary.templates.values.compactMap(\.unexplainedSample)
            + summary.findings.values.filter { $0.rule.severity >= .error }.map(\.sample)
        self.failures = (failures.values + errors).filter { !$0.source.isEmpty }.min {
            $0 != $1 && Sample.earlier($0, $1) == $0
        }.map {
            WatchedSeries(
                subject: .log, name: "all errors", severity: .error, component: "", sample: $0, series: CountSeries(),
                tally: Tally())
        }
        parts = (
            summary.templates.values.map(\.series),
            summary.templates.values.map(\.unexplainedSeries)
                + summary.findings.values.filter { $0.rule.severity >= .error && $0.cases.isEmpty }.map(\.series)
        )
        // A correlator's finding may have no line of its own; nothing is said without one.
        self.series = series.filter { !$0.sample.source.isEmpty && !$0.series.isEmpty }
    }

    /// The failures and the warnings of a template by their status, unless they are all that it has: behind steady 404s, or many
    /// requests that succeed, new 500s don't show in the number of all, nor do refused logins.
    private static func parts(of template: TemplateSummary, _ id: String) -> [WatchedSeries] {
        func part(_ status: String, _ failures: Failures, _ severity: Severity) -> WatchedSeries? {
            guard failures.tally.count < template.tally.count else { return nil }
            return WatchedSeries(
                subject: .template(id), name: template.title(status), severity: severity,
                component: template.component, sample: failures.sample, series: failures.series,
                tally: failures.tally, isPart: true)
        }
        let failures = template.failures.sorted { $0.key < $1.key }.compactMap { status, failures in
            part(status, failures, failures.isCritical ? .critical : .error)
        }
        let warnings = template.warnedStatuses.sorted { $0.status < $1.status }.compactMap {
            part($0.status, $0.warnings, .warning)
        }
        return failures + warnings
    }

    /// The gravest level that at least a tenth of the events bear.
    private static func severity(_ byRank: [Int64]) -> Severity {
        let counts = byRank.map(Double.init)
        let total = max(counts.reduce(0, +), 1)
        return Severity.allCases.last { counts[$0.rank] >= total / 10 } ?? .unspecified
    }
}
