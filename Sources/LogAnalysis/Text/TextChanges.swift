import LogCore

/// What changed and when, in few lines: the strongest changes, and the others as numbers.
struct TextChanges {
    /// Changes beside findings: one on a screen of 24 lines, one more with every four further lines.
    private static let screen = 20
    /// On a lower screen the findings need all the room; `--top` shows the changes.
    private static let low = 22
    private static let linesForMore = 4
    /// Without findings the changes are what there is to say.
    private static let alone = 5
    private static let labels = 12

    private let options: TextReport
    private let troubles: [Change]
    private let faster: [Change]
    private let periodic: [Change]
    private let rare: [Change]
    private let shown: Int

    init(_ options: TextReport, _ report: Report) {
        self.options = options
        troubles = report.changes.filter { !$0.kind.isInformation }
        faster = report.changes.filter { $0.kind == .faster }
        periodic = report.changes.filter { $0.kind == .periodic }
        rare = report.changes.filter { $0.kind == .rare }
        let left = options.height < Self.low ? 0 : max((options.height - Self.screen) / Self.linesForMore, 1)
        let room = report.findings.isEmpty ? Self.alone : left
        shown = max(options.top ?? min(room, Self.alone), 0)
    }

    func lines() -> [TextLine] {
        if shown == 0, options.top == nil { return [] }
        var lines = troubles.prefix(shown).enumerated().flatMap { self.lines($0.element, isFirst: $0.offset == 0) }
        if options.top != nil {
            for (label, changes) in [("faster", faster), ("periodic", periodic), ("rare", rare)] {
                lines += changes.prefix(shown).enumerated().map { self.line($0.element, $0.offset == 0 ? label : "") }
            }
        }
        if let rest = rest(isFirst: lines.isEmpty) { lines.append(rest) }
        return lines
    }

    /// The sentence, and below it where and of what.
    private func lines(_ change: Change, isFirst: Bool) -> [TextLine] {
        var title = TextLine(isFirst ? "changed" : "", .faint)
        title.pad(to: Self.labels)
        title.append(change.kind.rawValue, .heading)
        let text = ": " + change.statement.text
        title.append(options.clip(options.clean(text), to: options.width - title.width))
        return [title, evidence(change, TextLine())]
    }

    /// Sentence and evidence on one line, for what is no trouble.
    private func line(_ change: Change, _ label: String) -> TextLine {
        var line = TextLine(label, .faint)
        line.pad(to: Self.labels)
        line.append(options.clean(change.statement.text) + "  ")
        return evidence(change, line)
    }

    private func evidence(_ change: Change, _ start: TextLine) -> TextLine {
        var line = start
        line.pad(to: Self.labels)
        let place = change.statement.citations.first ?? Citation(count: 1, change.sample)
        line.append(options.place(place.source, place.line), .link)
        line.append("  " + options.clip(options.clean(change.name), to: max(options.width - line.width - 2, 0)))
        return line
    }

    /// What is left, and what is no trouble, in one line.
    private func rest(isFirst: Bool) -> TextLine? {
        let left = options.top == nil ? 0 : shown
        let parts = [
            (troubles.count - shown, shown > 0 ? "more change" : "change"), (faster.count - left, "speed-up"),
            (periodic.count - left, "periodic job"), (rare.count - left, "rare message"),
        ]
        .filter { $0.0 > 0 }
        .map { TextLayout.count(Int64($0.0), $0.1) }
        guard !parts.isEmpty else { return nil }
        var line = TextLine(isFirst ? "changed" : "", .faint)
        line.pad(to: Self.labels)
        line.append((isFirst ? "" : "+ ") + parts.joined(separator: ", "))
        let hint = "; --top 20 shows them"
        if options.top == nil, line.width + hint.utf8.count <= options.width { line.append(hint, .faint) }
        return line
    }
}
