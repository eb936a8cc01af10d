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
            .sorted(by: Finding.precedes)
        findings = summary.findings.values.map { Finding($0) } + TemplateGroups.group(unexplained)
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

/// Puts unexplained templates together that differ in one word: names of people, modules and hosts hold no digit,
/// so that the scanner takes them for constant text.
enum TemplateGroups {
    /// Fewer than this stay apart: two or three may well be different troubles.
    static let smallest = 6
    private static let shortest = 3
    private static let longest = 40
    /// Templates looked at; the work is bounded by it.
    private static let limit = 5_000

    private struct Slot: Hashable {
        /// Hash of component and words without the one at `position`.
        var hash: UInt64
        var position: Int
        var words: Int
    }

    /// The groups and what is in none; `findings` are unexplained ones in the order of the report.
    static func group(_ findings: [Finding]) -> [Finding] {
        guard findings.count >= smallest else { return findings }
        var members: [Slot: [Int]] = [:]
        var words: [[Substring]] = []
        for (index, finding) in findings.prefix(limit).enumerated() {
            let split = finding.title.split(separator: " ", maxSplits: longest)
            words.append(split)
            for slot in slots(split, finding) { members[slot, default: []].append(index) }
        }
        let groups = members.filter { $0.value.count >= smallest }.sorted { left, right in
            let a = (right.value.count, left.value[0], left.key.position, left.key.hash)
            return a < (left.value.count, right.value[0], right.key.position, right.key.hash)
        }
        var isTaken = Array(repeating: false, count: findings.count)
        var result: [Finding] = []
        for (slot, indices) in groups {
            let free = indices.filter { !isTaken[$0] }
            guard free.count >= smallest else { continue }
            for index in free { isTaken[index] = true }
            var title = words[free[0]]
            title[slot.position] = "<*>"
            result.append(Finding(group: free.map { findings[$0] }, title: title.joined(separator: " ")))
        }
        return result + findings.indices.filter { !isTaken[$0] }.map { findings[$0] }
    }

    private static func slots(_ words: [Substring], _ finding: Finding) -> [Slot] {
        guard (shortest...longest).contains(words.count) else { return [] }
        var component = finding.component
        // A polynomial over the words, so that one of them can be taken out again.
        var sum = component.withUTF8 { fnv1a(Span(_unsafeElements: $0)) }
        var terms: [UInt64] = []
        var power: UInt64 = 1
        for word in words {
            var word = String(word)
            power = power &* 0x9E37_79B9_7F4A_7C15
            let term = word.withUTF8 { fnv1a(Span(_unsafeElements: $0)) } &* power
            terms.append(term)
            sum = sum &+ term
        }
        return terms.indices.map { Slot(hash: sum &- terms[$0], position: $0, words: words.count) }
    }
}
