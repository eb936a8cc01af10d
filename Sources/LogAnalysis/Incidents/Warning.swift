import LogCore

/// A message that warns and bears ids: where failures bear the same ids a little later, they follow from what it warns of.
struct Warning {
    /// Fewer ids in common prove nothing, and of those that are kept so many must be the same.
    private static let fewest = 3
    private static let share = 0.5

    private let text: String
    private let sample: Sample
    private let joins: JoinSample
    private let clock: Clocks.Shift

    static func all(_ summary: Summary, _ clocks: Clocks) -> [Warning] {
        summary.templates.sorted { $0.key < $1.key }.compactMap { _, template in
            guard let joins = template.warned, joins.entries(.identity).count >= fewest else { return nil }
            return Warning(
                text: template.text, sample: template.sample, joins: joins,
                clock: clocks.shift(of: template.sample.source))
        }
    }

    /// "500 ms before (1), with the same ids: “no host left for web-3”, 26 of 26"; nil where it has nothing to do with an
    /// incident's failures.
    func statement(_ episodes: [Episode], _ voice: Voice) -> Statement? {
        for episode in episodes {
            let finding = voice.findings[episode.finding]
            guard finding.isFailure, finding.cases.isEmpty else { continue }
            let shared = joins.shared(with: finding.joins, .identity)
            let kept = min(joins.entries(.identity).count, finding.joins.entries(.identity).count)
            guard shared.count >= Self.fewest, Double(shared.count) >= Self.share * Double(kept) else { continue }
            let lags = shared.compactMap { mine, theirs -> Int64? in
                guard let warned = mine.time, let failed = theirs.time else { return nil }
                return clock.lag(clock.corrected(warned), finding.clock.corrected(failed), by: finding.clock)
            }.sorted()
            // Of one id what is said later brought nothing about.
            guard let least = lags.first, least >= 0, lags[lags.count - 1] > 0 || isBefore(shared) else { continue }
            let median = lags[lags.count / 2]
            let when = median == 0 ? "right before" : "\(TextLayout.duration(median)) before"
            let cites = shared.prefix(1).flatMap { [$0.mine.citation, $0.theirs.citation] }
            return Statement(
                "\(when) \(voice.short(episode)), with the same ids: \(quoted(text, sample))", cites)
        }
        return nil
    }

    /// Where times don't tell, the log itself may.
    private func isBefore(_ shared: [(mine: JoinSample.Entry, theirs: JoinSample.Entry)]) -> Bool {
        shared.allSatisfy { $0.mine.source == $0.theirs.source && $0.mine.line < $0.theirs.line }
    }
}

/// The first of a template's messages as it stands there: `deployment of orders 4.18.0 finished`.
func quoted(_ text: String, _ sample: Sample) -> String {
    let parts = text.split(separator: "<*>", omittingEmptySubsequences: false)
    guard parts.count > 1, !parts[0].isEmpty, let start = sample.text.firstRange(of: parts[0]) else {
        return "“\(cut(text, to: 80))”"
    }
    // The line may go on behind the message: with the fields of an object, the file of the code.
    var end = start.upperBound
    for part in parts.dropFirst() where !part.isEmpty {
        guard let next = sample.text[end...].firstRange(of: part) else { return "“\(cut(text, to: 80))”" }
        end = next.upperBound
    }
    if parts[parts.count - 1].isEmpty {
        let word = sample.text[end...].prefix { !$0.isWhitespace && $0 != "\"" && $0 != "," }
        // A number and its unit are one.
        let rest = sample.text[word.endIndex...]
        let unit = rest.first == " " && word.last?.isNumber == true ? rest.dropFirst().prefix(while: \.isLetter) : ""
        end = (1...7).contains(unit.count) ? unit.endIndex : word.endIndex
    }
    return "“\(cut(sample.text[start.lowerBound..<end], to: 80))”"
}

/// A text that says where it was cut.
func cut(_ text: some StringProtocol, to length: Int) -> String {
    text.count <= length ? String(text) : text.prefix(length - 1) + "…"
}
