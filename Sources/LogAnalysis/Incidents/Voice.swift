import LogCore

/// How findings are spoken of, always with the line that shows it.
struct Voice {
    /// Characters of a title in the middle of a sentence.
    private static let titleLength = 60

    let findings: [Finding]

    init(_ findings: [Finding]) { self.findings = findings }

    /// `(2)`
    func short(_ episode: Episode) -> String { "(\(findings[episode.finding].rank))" }

    /// `(2) PostgreSQL refused the connection`
    func name(_ episode: Episode) -> String {
        let finding = findings[episode.finding]
        let title = finding.title
        let isLong = title.count > Self.titleLength
        return "(\(finding.rank)) " + (isLong ? title.prefix(Self.titleLength) + "…" : title[...])
    }

    /// The first event of that time.
    func citation(_ episode: Episode) -> Citation {
        let finding = findings[episode.finding]
        let written = episode.written
        guard !episode.isWhole,
            let first = finding.series.first(from: written.lowerBound, through: written.upperBound)
        else {
            return Citation(count: episode.count, finding.sample)
        }
        return Citation(count: episode.count, first)
    }

    /// And of the first machines of many.
    func citations(_ episode: Episode) -> [Citation] {
        let first = citation(episode)
        let others = episode.spread?.citations.filter { ($0.source, $0.line) != (first.source, first.line) } ?? []
        return [first] + others
    }

    func sample(_ episode: Episode) -> Sample { findings[episode.finding].sample }

    func statement(_ text: String, _ episodes: Episode...) -> Statement { Statement(text, episodes.map(citation)) }

    /// `its host db1` or `its component pay`: whose name the other's line has.
    func nameMentioned(by other: Episode, of own: Episode) -> String {
        "its " + nameMentioned(by: findings[other.finding], of: findings[own.finding])
    }

    func nameMentioned(by other: Finding, of finding: Finding) -> String {
        let words = Traits.words(of: other)
        for group in [JoinKind.Group.host, .component] {
            for entry in finding.joins.entries(group) {
                let last = entry.value.lastIndex(of: ".").map { entry.value[entry.value.index(after: $0)...] }
                for name in [entry.value[...], last ?? entry.value[...]] where words.contains(name.lowercased()) {
                    return "\(entry.kind.noun) \(name)"
                }
            }
        }
        return "host or component"
    }

    /// "4 of the 5 events of (2) bear ids that (1) bears too, such as request r-17".
    func shared(_ own: Episode, _ other: Episode, _ linker: Linker) -> [Statement] {
        let (mine, theirs) = (findings[own.finding], findings[other.finding])
        let shared = mine.joins.shared(with: theirs.joins, .identity)
        guard let key = linker.sharedID(own, other), let a = mine.joins.entry(key), let b = theirs.joins.entry(key)
        else { return [] }
        let events = shared.reduce(0) { $0 + $1.theirs.count }
        let kind = a.kind.number < b.kind.number ? a.kind : b.kind
        let total = theirs.tally.count
        // An event may bear two of them.
        let count = min(events, total)
        let isPart = mine.joins.isFull(.identity) || theirs.joins.isFull(.identity) || count < events
        let least = isPart && count < total ? "at least " : ""
        let text =
            total == 1
            ? "the event of \(short(other)) bears \(kind.noun) \(a.value), as it does"
            : "\(least)\(TextLayout.grouped(count)) of the \(TextLayout.grouped(total)) events of \(short(other)) bear "
                + (shared.count > 1 ? "ids that it bears too, such as" : "an id that it bears too,")
                + " \(kind.noun) \(a.value)"
        return [Statement(text, [a.citation, b.citation])]
    }

    /// "(2) came within 5 s after it in 30 of 31 cases (by chance: 1 in 10^12)".
    func led(_ own: Episode, _ other: Episode, _ lead: LeadLag) -> Statement {
        Statement(
            "\(short(other)) came within \(TextLayout.duration(lead.lag)) after it in \(lead.followed) of \(lead.cases) "
                + "cases, which chance would do less than once in \(Self.power(lead.chance))",
            [
                Citation(count: findings[own.finding].tally.count, findings[own.finding].sample),
                Citation(count: findings[other.finding].tally.count, findings[other.finding].sample),
            ])
    }

    /// The power of ten that a chance is below, as one over it.
    private static func power(_ chance: Double) -> String {
        var rest = chance
        var zeros = 0
        while rest <= 0.1, zeros < 12 {
            rest *= 10
            zeros += 1
        }
        return TextLayout.grouped((0..<zeros).reduce(1) { sum, _ in sum * 10 })
    }
}
