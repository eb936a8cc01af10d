import LogCore

/// A report cut down to what a browser opens at once and a person can read, and what was left out. However much a
/// report holds, its JSON within a page stays below `limit` bytes.
struct Excerpt {
    /// The sum of all budgets below.
    static let limit = 1_750_000
    private static let timelineBuckets = 2_048
    /// Columns of a sparkline, about.
    private static let seriesBuckets = 64
    /// Findings whose samples are shown whole; those of the others are cut to `shortSample` bytes.
    private static let fullSamples = 50
    private static let shortSample = 400
    /// Names of each kind that tell where a finding without a full sample comes from.
    private static let shortPlaces = 3
    private static let longestText = 1_000
    private static let findings = 1_000
    /// Of each level so many are in any case: a thousand critical ones don't hide that there are errors.
    private static let findingsOfLevel = 100
    private static let lossInputs = 20

    struct Omission {
        var list: StaticString
        var kept: Int
        var total: Int
    }

    private(set) var report: Report
    private(set) var omissions: [Omission] = []
    /// The findings left out, by `Severity.rank`.
    private(set) var findingsByRank: [Int64] = Array(repeating: 0, count: Severity.ranks)

    init(_ whole: Report) {
        report = whole
        report.timeline = whole.timeline.widened(toAtMost: Self.timelineBuckets)
        report.inputs.sort(by: Self.matters)
        let ensured = Self.ensured(whole.findings)
        let others = whole.findings.lazy.filter { !ensured.contains($0.rank) }
            .prefix(max(Self.findings - ensured.count, 0)).map(\.rank)
        let chosen = ensured.union(others)
        report.findings = whole.findings.filter { chosen.contains($0.rank) }
        shorten()
        cut(\.incidents, "incidents", to: 200, bytes: 120_000) { $0.incident($1) }
        // Where there is no room for all, the others go first.
        let byNeed =
            report.findings.filter { ensured.contains($0.rank) }
            + report.findings.filter { !ensured.contains($0.rank) }
        report.findings = cut(byNeed, "findings", of: whole.findings.count, to: Self.findings, bytes: 700_000) {
            $0.finding($1)
        }.sorted { $0.rank < $1.rank }
        cut(\.changes, "changes", to: 200, bytes: 100_000) { $0.change($1) }
        if var comparison = report.comparison {
            comparison.differences = cut(comparison.differences, "differences", to: 200, bytes: 100_000) {
                $0.difference($1)
            }
            report.comparison = comparison
        }
        cut(\.inputs, "inputs", to: 500, bytes: 150_000) { $0.input($1) }
        cut(\.components, "components", to: 20, bytes: 30_000) { $0.component($1) }
        cut(\.templates, "templates", to: 100, bytes: 200_000) { $0.template($1) }
        cut(\.metrics, "metrics", to: 200, bytes: 40_000) { $0.metric($1) }
        cut(\.warnings, "warnings", to: 200, bytes: 20_000) { $0.string($1) }
        report.inputs.sort { $0.path < $1.path }
        let kept = Set(report.findings.map(\.rank))
        for finding in whole.findings where !kept.contains(finding.rank) { findingsByRank[finding.severity.rank] += 1 }
    }

    /// Ranks of the first findings of each level.
    private static func ensured(_ findings: [Finding]) -> Set<Int> {
        var counts: [Int] = Array(repeating: 0, count: Severity.ranks)
        var ranks: Set<Int> = []
        for finding in findings where counts[finding.severity.rank] < findingsOfLevel {
            counts[finding.severity.rank] += 1
            ranks.insert(finding.rank)
        }
        return ranks
    }

    /// Files that could not be read come first, then those with most that was not understood, then the largest.
    private static func matters(_ a: SourceSummary, _ b: SourceSummary) -> Bool {
        if (a.error != nil) != (b.error != nil) { return a.error != nil }
        return (b.ledger.unparsedBytes, b.ledger.bytes, a.path) < (a.ledger.unparsedBytes, a.ledger.bytes, b.path)
    }

    private mutating func shorten() {
        for index in report.findings.indices {
            let room = index < Self.fullSamples ? SummaryFold.sampleBytes : Self.shortSample
            Self.shorten(&report.findings[index], sample: room)
            if index >= Self.fullSamples { report.findings[index].places.shorten(to: Self.shortPlaces) }
        }
        for index in report.templates.indices {
            report.templates[index].template.sample.text.cut(to: Self.shortSample)
            for status in report.templates[index].template.warnings.keys {
                report.templates[index].template.warnings[status]?.sample.text.cut(to: Self.shortSample)
            }
            let series = report.templates[index].template.series
            report.templates[index].template.series = series.widened(toAtMost: Self.seriesBuckets)
        }
        for index in report.components.indices {
            let series = report.components[index].counts.failureSeries
            report.components[index].counts.failureSeries = series.widened(toAtMost: Self.seriesBuckets)
        }
        for index in report.losses.indices {
            report.losses[index].inputs = Array(report.losses[index].inputs.prefix(Self.lossInputs))
            for sample in report.losses[index].samples.indices {
                report.losses[index].samples[sample].text.cut(to: Self.shortSample)
            }
        }
        for index in report.timeNotes.indices {
            report.timeNotes[index].inputs = Array(report.timeNotes[index].inputs.prefix(Self.lossInputs))
        }
        for index in report.changes.indices { report.changes[index].sample.text.cut(to: Self.shortSample) }
        for index in report.comparison?.differences.indices ?? 0..<0 {
            report.comparison?.differences[index].sample.text.cut(to: Self.shortSample)
        }
    }

    private static func shorten(_ finding: inout Finding, sample room: Int) {
        finding.sample.text.cut(to: room)
        if room <= shortSample { finding.further.removeAll() }
        for index in finding.further.indices { finding.further[index].text.cut(to: shortSample) }
        finding.title.cut(to: longestText)
        finding.story?.shorten(to: shortSample) { $0.cut(to: $1) }
        finding.series = finding.series.widened(toAtMost: seriesBuckets)
        for index in finding.captures.indices { finding.captures[index].value.cut(to: longestText) }
        for index in finding.cases.indices { finding.cases[index].message.cut(to: longestText) }
    }

    private mutating func cut<Element>(
        _ list: WritableKeyPath<Report, [Element]>, _ name: StaticString, to most: Int, bytes: Int,
        _ write: (inout JSONWriter, Element) -> Void
    ) {
        report[keyPath: list] = cut(report[keyPath: list], name, to: most, bytes: bytes, write)
    }

    /// The first elements that find room. One that is too large is left out, not all that come after it.
    private mutating func cut<Element>(
        _ elements: [Element], _ name: StaticString, of total: Int? = nil, to most: Int, bytes: Int,
        _ write: (inout JSONWriter, Element) -> Void
    ) -> [Element] {
        var room = bytes
        var kept: [Element] = []
        for element in elements where kept.count < most && room > 0 {
            var writer = JSONWriter()
            write(&writer, element)
            let size = ScriptText.escaped(json: writer.bytes).count + 1
            guard size <= room else { continue }
            room -= size
            kept.append(element)
        }
        let total = total ?? elements.count
        if kept.count < total { omissions.append(Omission(list: name, kept: kept.count, total: total)) }
        return kept
    }
}

extension String {
    /// The first bytes only, up to the last whole character, and an ellipsis.
    fileprivate mutating func cut(to bytes: Int) {
        guard utf8.count > bytes else { return }
        var end = utf8.index(startIndex, offsetBy: bytes)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        self = String(unicodeScalars[..<end]) + "…"
    }
}
