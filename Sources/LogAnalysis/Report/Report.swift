package import LogCore

/// What a summary says, in the order in which people ask: what broke, when, what was first, what to do,
/// and whether the answer can be trusted. A pure function of the summary; text and JSON are written from it.
package struct Report: Sendable {
    /// Templates kept for the report at most, the most frequent ones.
    package static let templateLimit = 100
    private static let componentLimit = 20

    /// Findings and unexplained errors, the gravest first.
    package var findings: [Finding]
    /// What belongs together, the worst first.
    package var incidents: [Incident]
    /// What was different at one time than at others, the strongest first.
    package var changes: [Change]
    /// What is different from the baseline, if there is one.
    package var comparison: Comparison?
    /// The inputs, by path.
    package var inputs: [SourceSummary]
    /// What was not understood, or not read, and why.
    package var losses: [Loss]
    /// What was taken for granted about times, or is odd about them.
    package var timeNotes: [TimeNote]
    /// Sum of the ledgers of all inputs.
    package var ledger: Ledger
    /// Events by `Severity.rank`, without the filtered ones.
    package var byRank: [Int64]
    /// Events by `TimeSource`.
    package var byTimeSource: [Int64]
    package var tally: Tally
    package var timeline: Timeline
    /// Events that --since, --until and --level left out.
    package var filtered: Int64
    /// The components with most failures.
    package var components: [Component]
    /// The templates with most events.
    package var templates: [NamedTemplate]
    package var warnings: [String]
    /// That the log has nothing of the time that was asked for, in a sentence; nil where it has. One of the warnings too.
    package var outside: String?
    /// Events that plugins dropped, by the plugin's name.
    package var dropped: [(plugin: String, events: Int64)]
    /// What all events name.
    let shares: NameShares
    /// What plugins counted and measured, by series.
    package var metrics: [MetricSummary]

    package struct Component: Sendable {
        package var name: String
        package var counts: ComponentSummary

        package init(name: String, counts: ComponentSummary) {
            self.name = name
            self.counts = counts
        }
    }

    package struct NamedTemplate: Sendable {
        package var id: String
        package var template: TemplateSummary

        package init(id: String, template: TemplateSummary) {
            self.id = id
            self.template = template
        }
    }

    /// - Parameters:
    ///   - baseline: what to compare with, and how it is called.
    ///   - edits: what the user says of templates.
    ///   - window: what the user asked for: where the log has nothing of it, it is said why.
    package init(
        _ summary: Summary, baseline: (name: String, summary: Summary)? = nil, edits: TemplateEdits = .init(),
        window: EventFilter = EventFilter()
    ) {
        // One grouping for both, so that a template is called the same on either side.
        let groups = TemplateGroups(
            of: summary.templatesByCount + (baseline?.summary.templatesByCount ?? []), edits: edits)
        let unset = UnsetClock(summary)
        let summary = (unset?.without(summary) ?? summary).grouped(by: groups)
        let baseline = baseline.map { baseline in
            let other = UnsetClock(baseline.summary)?.without(baseline.summary) ?? baseline.summary
            return (name: baseline.name, summary: other.grouped(by: groups))
        }
        let skews = summary.identities.map(ClockSkew.all) ?? []
        let folders = FolderHosts(summary)
        let changed = ChangeFinder.both(summary)
        let refusals = Refusals.find(summary, changed.each)
        var list = FindingList(summary, Clocks(skews), folders, refusals: refusals)
        changes = changed.told
        incidents = IncidentFinder.find(summary, &list, changed.each)
        list.tellStories(incidents)
        let shares = NameShares(summary, folders)
        self.shares = shares
        findings = list.findings.map { finding in
            var finding = finding
            finding.majority = Majority(finding.joins, of: finding.tally.count, among: shares)
            return finding
        }
        comparison = baseline.map { Comparer.compare(summary, with: $0.summary, called: $0.name) }
        inputs = summary.sources.values.sorted { $0.path < $1.path }
        losses = Loss.all(inputs)
        timeNotes = TimeNote.all(inputs, skews, unset)
        ledger = summary.ledger
        byRank = summary.byRank
        byTimeSource = summary.byTimeSource
        tally = summary.tally
        timeline = summary.timeline
        filtered = summary.filtered
        components = Self.components(summary)
        templates = Self.templates(summary)
        outside = Self.outside(summary, window)
        warnings = [outside].compactMap(\.self) + summary.failureTexts + summary.warnings.sorted()
        dropped = summary.dropped.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
        metrics = summary.metrics.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Errors and worse.
    package var failures: Int64 { byRank[Severity.error.rank] + byRank[Severity.critical.rank] }

    /// Inputs that could not be read, or not to their end.
    package var problems: [SourceSummary] { inputs.filter { $0.error != nil } }

    /// Share of the bytes of all that isn't blank that some format of their file understood, 0 to 1; nil if nothing was
    /// read. A run of NUL bytes is no text, and what was cut off nobody looked at.
    package var understood: Double? {
        let text = ledger.bytes - ledger.blankBytes - ledger.skippedBytes
        guard text > 0 else { return nil }
        let read = ledger.eventBytes + ledger.joinedBytes - ledger.unparsedBytes - ledger.nulRunBytes
        return Double(min(max(read, 0), text)) / Double(text)
    }

    /// The first line that no format understood, in the first file that has one.
    package var unparsedSample: Sample? { inputs.lazy.compactMap(\.unparsedSample).first }

    /// How many inputs were read by each format, the most frequent first.
    package var formats: [(name: String, inputs: Int)] {
        var counts: [String: Int] = [:]
        for input in inputs {
            for format in input.formats { counts[format, default: 0] += 1 }
        }
        return counts.map { (name: $0.key, inputs: $0.value) }
            .sorted { ($1.inputs, $0.name) < ($0.inputs, $1.name) }
    }

    /// Templates whose warnings no finding stands for, with their number of warnings, the most frequent first.
    package var warningTemplates: [NamedTemplate] {
        let shown = Set(findings.map { "\($0.sample.source):\($0.sample.offset)" })
        let rank = Severity.warning.rank
        return templates.filter {
            $0.template.byRank[rank] > 0
                && !shown.contains("\($0.template.sample.source):\($0.template.sample.offset)")
        }
        .sorted { ($1.template.byRank[rank], $0.id) < ($0.template.byRank[rank], $1.id) }
    }

    /// "the log ends at 20 Nov 2026 04:10:01: nothing is at or after 21 Nov 2026 04:00:00"
    private static func outside(_ summary: Summary, _ window: EventFilter) -> String? {
        let first = [summary.tally.first, summary.filteredFirst].compactMap(\.self).min()
        let last = [summary.tally.last, summary.filteredLast].compactMap(\.self).max()
        guard let first, let last else { return nil }
        if let since = window.since, since > last {
            return "the log ends at \(TextTimes.full(last)): nothing is at or after \(TextTimes.full(since))"
        }
        if let until = window.until, until <= first {
            return "the log begins at \(TextTimes.full(first)): nothing is before \(TextTimes.full(until))"
        }
        return nil
    }

    private static func components(_ summary: Summary) -> [Component] {
        let sorted = summary.components.sorted { left, right in
            let a = left.value
            let b = right.value
            return (b.failures, b.total, left.key) < (a.failures, a.total, right.key)
        }
        return sorted.prefix(componentLimit).map { Component(name: $0.key, counts: $0.value) }
    }

    private static func templates(_ summary: Summary) -> [NamedTemplate] {
        let sorted = summary.templates.sorted { left, right in
            (right.value.tally.count, left.key) < (left.value.tally.count, right.key)
        }
        return sorted.prefix(templateLimit).map { NamedTemplate(id: $0.key, template: $0.value) }
    }
}
