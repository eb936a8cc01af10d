import LogCore

/// Ranks what a summary found, and tells how each finding began once it is known what belongs together.
struct FindingList {
    /// A failure this much later than the one before it has a story of its own.
    private static let apart = 3_600 * Timestamp.second
    /// A warning this shortly before a failure may have announced it.
    private static let announcement = 600 * Timestamp.second
    /// Before and behind a beginning, in which what else failed is looked at.
    private static let reach = 600 * Timestamp.second

    private(set) var findings: [Finding]
    let clocks: Clocks

    /// - Parameter refusals: by the template's id, statuses whose warnings are a failure.
    init(
        _ summary: Summary, _ clocks: Clocks = Clocks(), _ folders: FolderHosts? = nil,
        refusals: [String: Set<String>] = [:]
    ) {
        self.clocks = clocks
        let folders = folders ?? FolderHosts(summary)
        let unexplained = summary.templates.flatMap { id, template in
            template.failures.map { Finding(id, template, $0, $1) }
        }
        let refused = refusals.flatMap { id, statuses in
            summary.templates[id].map { template in
                template.warnings.filter { statuses.contains($0.key) }
                    .map { Finding(id, template, refused: $0.key, $0.value) }
            } ?? []
        }
        findings = summary.findings.values.map { Finding($0) } + unexplained + refused
        let events = summary.tally.count
        for index in findings.indices where findings[index].rule != nil && findings[index].severity < .critical {
            let count = findings[index].tally.count
            findings[index].isDominant = events > 0 && count >= 100 && count >= events / 10
        }
        findings.sort(by: Finding.precedes)
        for index in findings.indices { findings[index].rank = index + 1 }
        for index in findings.indices {
            findings[index].clock = clocks.shift(of: findings[index])
            findings[index].setMachines(folders)
        }
    }

    /// Puts findings before all others that are as grave: what has a story is news, what comes all the time is not.
    /// Indices are those of `findings`, which stay until `sort()`.
    mutating func lead(_ news: Set<Int>) {
        let order = findings.indices.sorted { a, b in
            if findings[a].weight != findings[b].weight { return findings[a].weight > findings[b].weight }
            let isNews = (news.contains(a), news.contains(b))
            return isNews.0 != isNews.1 ? isNews.0 : findings[a].rank < findings[b].rank
        }
        for (place, index) in order.enumerated() { findings[index].rank = place + 1 }
    }

    /// Puts a finding before others, if it isn't yet, and leaves the rest as it is. Indices are those of `findings`, which
    /// stay until `sort()`.
    mutating func lead(_ root: Int, before others: [Int]) {
        let place = others.map { findings[$0].rank }.min() ?? findings[root].rank
        let old = findings[root].rank
        guard place < old else { return }
        for index in findings.indices where findings[index].rank >= place && findings[index].rank < old {
            findings[index].rank += 1
        }
        findings[root].rank = place
    }

    /// By rank, once all that lead were told.
    mutating func sort() {
        findings.sort { $0.rank < $1.rank }
    }

    /// Of each what is known of its beginning, among those of its incident.
    mutating func tellStories(_ incidents: [Incident]) {
        // Ranks break ties, so that the order is the same in every run.
        let failures = findings.filter { $0.isFailure && $0.began != nil }
            .sorted { (latest($0.began ?? 0), $0.rank) < (latest($1.began ?? 0), $1.rank) }
        let companions = companions(incidents)
        for (place, failure) in failures.enumerated() {
            let known = companions[failure.rank, default: []]
            findings[failure.rank - 1].story = Self.story(of: failure, at: place, among: failures, known)
        }
        for index in findings.indices where !findings[index].isFailure {
            let known = companions[findings[index].rank, default: []]
            let others = failures.filter { known.contains($0.rank) }
            findings[index].story = Self.announcement(findings[index], others)
        }
    }

    /// Of each finding those that began in the incident in which it began.
    private func companions(_ incidents: [Incident]) -> [Int: Set<Int>] {
        var companions: [Int: Set<Int>] = [:]
        for incident in incidents where incident.start != Timestamp.none {
            let begun = incident.findings.filter { rank in
                findings[rank - 1].began.map { $0 >= incident.start && $0 <= incident.end } ?? false
            }
            for rank in begun { companions[rank, default: []].formUnion(begun) }
        }
        return companions
    }

    private static func story(
        of failure: Finding, at place: Int, among failures: [Finding], _ companions: Set<Int>
    ) -> Story? {
        if place == 0 {
            let next = failures.dropFirst().first { companions.contains($0.rank) }
            return .first(next: next.map { neighbour($0, of: failure) })
        }
        if let other = failures[..<place].last(where: { companions.contains($0.rank) }) {
            return .after(neighbour(other, of: failure))
        }
        let before = neighbour(failures[place - 1], of: failure)
        guard before.gap > apart, !failures[..<place].contains(where: { isRenewed($0, by: failure) })
        else { return nil }
        return .apart(before)
    }

    /// Whether what failed now and then before does so far more often at the time when another failure begins: what is
    /// new there hides behind a message that is known.
    private static func isRenewed(_ known: Finding, by failure: Finding) -> Bool {
        guard let first = known.began, let time = failure.began else { return false }
        let reach = max(Self.reach, known.series.width)
        let from = time.subtractingReportingOverflow(reach).partialValue
        let to = time.addingReportingOverflow(reach).partialValue
        let length = Double(max(gap(first, from), reach))
        let usual = Double(known.series.count(from: .min, to: from)) * 2 * Double(reach) / length
        return Double(known.series.count(from: from, to: to)) >= 4 * usual + 8
    }

    /// A warning's story: the failure that began right after it.
    private static func announcement(_ warning: Finding, _ failures: [Finding]) -> Story? {
        guard let first = warning.began,
            let next = failures.first(where: { ($0.began ?? .min) >= first })
        else { return nil }
        let neighbour = neighbour(next, of: warning)
        return neighbour.gap <= announcement ? .before(neighbour) : nil
    }

    private static func neighbour(_ other: Finding, of finding: Finding) -> Story.Neighbour {
        let lag = other.clock.lag(other.began ?? 0, finding.began ?? 0, by: finding.clock)
        return Story.Neighbour(
            rank: other.rank, title: other.title, gap: lag == .min ? .max : abs(lag),
            isUnclear: lag == 0 && other.clock != finding.clock,
            citation: Citation(count: other.tally.count, other.sample))
    }
}
