import LogAnalysis
import LogEngine
import LogPatterns

/// Which formats an input is taken for, and why: the text of `--explain-format`.
struct FormatExplanation {
    private let input: Input
    private let facts: SourceSummary
    private let detection: Detection
    private let candidates: [FormatCandidate]

    init(_ input: Input, _ facts: SourceSummary, _ detection: Detection, _ candidates: [FormatCandidate]) {
        self.input = input
        self.facts = facts
        self.detection = detection
        self.candidates = candidates
    }

    var text: String {
        if let skipped = facts.skipped { return "\(input.path): not read: \(skipped)\n" }
        let names = facts.formats.isEmpty ? "no format" : facts.formats.joined(separator: ", then ")
        var text = "\(input.path): \(names)"
        text += facts.compression.map { " in \($0)" } ?? ""
        text += ", \(Int((detection.confidence * 100).rounded(.down))) % of \(detection.lines) lines explained"
        text += facts.inferredYear.map { ", year \($0) inferred" } ?? ""
        text += detection.isTimed ? "\n" : ", no times\n"
        for vote in detection.votes { text += line(vote) }
        if detection.votes.isEmpty {
            text +=
                "    no format accepts any of its first lines: each is an event of its own, with the level and time it shows\n"
        }
        for layer in detection.layers { text += inside(layer, indent: "    ") }
        return text
    }

    private func line(_ vote: Detection.Vote) -> String {
        let candidate = candidates[vote.format]
        let reason = detection.reasons[vote.format]
        var text = "  \(reason == nil ? " " : "*") \(candidate.name.padded(to: 20)) "
        if vote.evidence == .missing, reason == nil {
            text += "priority \(candidate.priority)  (\(candidate.title))"
            return text + ": not chosen, for it reads some lines, but none is evidence that they are its own\n"
        }
        text += "accepts \(vote.accepted), \(vote.timed) of them with a time; "
        text += "priority \(candidate.priority)  (\(candidate.title))"
        text += ": \(reason.map(Self.why) ?? whyNot(vote))"
        if case .line(let number)? = vote.evidence { text += "; line \(number) is evidence of it" }
        text += "\n"
        return text
    }

    private static func why(_ reason: Detection.Reason) -> String {
        switch reason {
        case .most: "chosen, for it accepts most, or as many and has the highest priority"
        case .rest: "chosen for lines that the others leave"
        case .base: "stands behind the main one, all of whose lines it can read"
        case .special: "asked first, for its priority is far higher than the main one's"
        case .table: "chosen, for the first line names the columns of a table"
        case .headed: "chosen, for a line names the columns of the rows below it"
        case .fallback: "chosen for lines that have a time and no format"
        case .forced: "named by --format-name"
        }
    }

    private func whyNot(_ vote: Detection.Vote) -> String {
        if detection.isForced { return "not asked" }
        return vote.alone == 0
            ? "not chosen, for the chosen ones read all of these lines"
            : "not chosen, for \(vote.alone) lines more are too few, or there are four formats already"
    }

    /// What is inside a format's messages, by who writes them.
    private func inside(_ layer: FormatLayer, indent: String) -> String {
        var text = ""
        for group in layer.inside where !(group.layers.isEmpty && group.writer == nil) {
            let names = group.layers.map { candidates[$0.format].name }
            let writer = group.writer == nil ? (layer.inside.count > 1 ? "others" : "all") : group.label
            text += "\(indent)inside \(candidates[layer.format].name), \(writer.isEmpty ? "unnamed" : writer): "
            text += "\(names.isEmpty ? "text" : names.joined(separator: ", then "))\n"
            for inner in group.layers { text += inside(inner, indent: indent + "  ") }
        }
        return text
    }
}
