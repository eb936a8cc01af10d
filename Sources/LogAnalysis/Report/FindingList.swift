import LogCore

/// Ranks what a summary found and tells how each finding began.
struct FindingList {
    /// A failure this much later than the one before it has a story of its own.
    private static let apart = 3_600 * Timestamp.second
    /// A warning this shortly before a failure may have announced it.
    private static let announcement = 600 * Timestamp.second

    private(set) var findings: [Finding]

    init(_ summary: Summary) {
        let unexplained = summary.templates
            .filter { $0.value.unexplained.count > 0 }
            .map { Finding($0.key, unexplained: $0.value) }
        findings = summary.findings.values.map { Finding($0) } + unexplained
        let events = summary.tally.count
        for index in findings.indices where findings[index].rule != nil && findings[index].severity < .critical {
            let count = findings[index].tally.count
            findings[index].isDominant = events > 0 && count >= 100 && count >= events / 10
        }
        findings.sort(by: Finding.precedes)
        for index in findings.indices { findings[index].rank = index + 1 }
        tellStories()
    }

    private mutating func tellStories() {
        // Ranks break ties, so that the order is the same in every run.
        let failures = findings.filter { $0.isFailure && $0.tally.first != nil }
            .sorted { ($0.tally.first ?? 0, $0.rank) < ($1.tally.first ?? 0, $1.rank) }
        for (place, failure) in failures.enumerated() {
            findings[failure.rank - 1].story = Self.story(of: failure, at: place, among: failures)
        }
        for index in findings.indices where !findings[index].isFailure {
            findings[index].story = Self.announcement(findings[index], failures)
        }
    }

    private static func story(of failure: Finding, at place: Int, among failures: [Finding]) -> Story {
        if place == 0 {
            return .first(next: failures.count > 1 ? neighbour(failures[1], of: failure) : nil)
        }
        let before = neighbour(failures[place - 1], of: failure)
        return before.gap > apart ? .apart(before.gap) : .after(before)
    }

    /// A warning's story: the failure that began right after it.
    private static func announcement(_ warning: Finding, _ failures: [Finding]) -> Story? {
        guard let first = warning.tally.first,
            let next = failures.first(where: { ($0.tally.first ?? .min) >= first })
        else { return nil }
        let neighbour = neighbour(next, of: warning)
        return neighbour.gap <= announcement ? .before(neighbour) : nil
    }

    private static func neighbour(_ other: Finding, of finding: Finding) -> Story.Neighbour {
        let times = [other.tally.first ?? 0, finding.tally.first ?? 0].sorted()
        let (gap, overflow) = times[1].subtractingReportingOverflow(times[0])
        return Story.Neighbour(rank: other.rank, title: other.title, gap: overflow ? .max : gap)
    }
}
