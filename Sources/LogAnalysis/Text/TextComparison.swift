/// What is different from the baseline, the strongest first, a line each.
struct TextComparison {
    /// Differences shown unless `--top` asks for more: the findings of the run itself need the room.
    private static let usual = 5
    private static let kinds = 11

    private let options: TextReport
    private let comparison: Comparison?

    init(_ options: TextReport, _ report: Report) {
        self.options = options
        comparison = report.comparison
    }

    func lines() -> [TextLine] {
        guard let comparison else { return [] }
        let differences = comparison.differences
        let result =
            comparison.events == 0 || comparison.baselineEvents == 0
            ? "one side has no events, nothing to compare"
            : differences.isEmpty
                ? comparison.isSame ? "nothing is different" : "no difference that chance wouldn't make"
                : TextLayout.count(Int64(differences.count), "difference")
        let words = "compared with "
        let room = options.width - words.utf8.count - 2 - result.utf8.count
        let name = TextLayout.clipMiddle(options.clean(comparison.baseline), to: room, unicode: options.unicode)
        var head = TextLine("\(words)\(name): ", .heading)
        head.append(result)
        var lines = [head]
        if let note = comparison.note, !differences.isEmpty {
            if head.width + 2 + note.utf8.count <= options.width {
                lines[0].append("; \(note)", .faint)
            } else {
                lines.append(TextLine(String(repeating: " ", count: Self.kinds) + note, .faint))
            }
        }
        let shown = differences.prefix(max(options.top ?? Self.usual, 1))
        for difference in shown { lines += self.lines(difference) }
        if differences.count > shown.count {
            let more = "+ \(differences.count - shown.count) more; --top \(differences.count) shows all"
            lines.append(TextLine(String(repeating: " ", count: Self.kinds) + more, .faint))
        }
        return lines
    }

    /// With `--top` the place that shows it stands below.
    private func lines(_ difference: Comparison.Difference) -> [TextLine] {
        var line = TextLine(difference.kind.rawValue, difference.isRegression ? .error : .plain)
        line.pad(to: Self.kinds)
        let room = options.width - Self.kinds
        let statement = options.clean(difference.statement.text)
        let name = options.clean(difference.name)
        // Both shortened alike where they don't fit.
        let space = room - 2 - min(TextLayout.width(of: statement), room / 2)
        let clipped = options.clip(name, to: max(space, 10))
        line.append(clipped + "  ")
        line.append(options.clip(statement, to: max(options.width - line.width, 0)), .faint)
        guard options.top != nil, let citation = difference.statement.citations.first else { return [line] }
        let indent = String(repeating: " ", count: Self.kinds)
        return [line, TextLine(indent + options.place(citation.source, citation.line), .faint)]
    }
}
