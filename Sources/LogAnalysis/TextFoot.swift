import LogCore

/// The last lines: what was left out, and how far the report can be trusted.
struct TextFoot {
    private static let labels = 12
    /// Lines about problems at most, each kind.
    private static let limit = 3

    private let options: TextReport
    private let report: Report

    init(_ options: TextReport, _ report: Report) {
        self.options = options
        self.report = report
    }

    /// `shown`: findings that are seen at all; `full`: those with all they say.
    func lines(shown: Int, full: Int) -> [TextLine] {
        var lines: [TextLine] = []
        if let more = more(shown: shown, full: full) { lines.append(more) }
        lines += problems()
        if report.ledger.bytes > 0 {
            lines.append(understood())
            lines.append(ledger())
        }
        return lines
    }

    private var room: Int { options.width - Self.labels }

    private func more(shown: Int, full: Int) -> TextLine? {
        let count = report.findings.count
        guard full < count else { return nil }
        let left = count - shown
        let hint = "all that is known of them: --top \(count)"
        var line = TextLine(left > 0 ? "+ \(TextLayout.count(Int64(left), "more finding"))" : "")
        let room = options.width - line.width - 2
        guard hint.utf8.count <= room else { return line }
        line.pad(to: options.width - hint.utf8.count)
        line.append(hint, .faint)
        return line
    }

    // MARK: Trust

    private func problems() -> [TextLine] {
        let unread = report.problems.map { "\($0.path): \($0.error ?? "")" }
        return limited("not read", unread, .error) + limited("warning", report.warnings, .warning)
    }

    private func limited(_ label: String, _ texts: [String], _ style: TextStyle) -> [TextLine] {
        var lines = texts.prefix(Self.limit).map { labelled(label, options.clip(options.clean($0), to: room), style) }
        if texts.count > Self.limit {
            lines.append(labelled("", "+ \(TextLayout.count(Int64(texts.count - Self.limit), "more")) (--format json has all)"))
        }
        return lines
    }

    /// Share of the bytes that formats explain, what is left, and the formats themselves as far as they fit.
    private func understood() -> TextLine {
        var text = report.understood.map(TextLayout.percent) ?? ""
        if report.ledger.unparsedEvents > 0 {
            text += "; not " + TextLayout.count(report.ledger.unparsedEvents, "event")
            if let sample = report.unparsedSample { text += ", first \(options.place(sample.source, sample.line))" }
        }
        let years = Set(report.inputs.compactMap(\.inferredYear)).sorted()
        if let year = years.first {
            text += "; year \(year)" + (years.count > 1 ? " to \(years[years.count - 1])" : "") + " inferred"
        }
        var names = report.formats.map { format in
            options.clean(format.name) + (format.inputs > 1 ? " (\(format.inputs))" : "")
        }
        let unknown = report.inputs.count { $0.formats.isEmpty && $0.ledger.bytes > 0 }
        if unknown > 0 { names.append("no known format (\(unknown))") }
        var listed = 0
        while listed < names.count {
            let rest = names.count - listed - 1
            let next = (listed == 0 ? "; " : ", ") + names[listed]
            let tail = rest > 0 ? ", + \(rest) more" : ""
            if TextLayout.width(of: text + next + tail) > room { break }
            text += next
            listed += 1
        }
        if listed > 0, listed < names.count { text += ", + \(names.count - listed) more" }
        return labelled("understood", options.clip(text, to: room))
    }

    /// That every byte is accounted for, as a sum.
    private func ledger() -> TextLine {
        let ledger = report.ledger
        let parts = [
            (ledger.eventBytes, "events"), (ledger.joinedBytes, "joined"), (ledger.blankBytes, "blank"),
            (ledger.truncatedBytes, "cut off"), (ledger.skippedBytes, "skipped"),
        ]
        let terms = parts.filter { $0.0 != 0 }.map { "\(TextLayout.grouped($0.0)) \($0.1)" }
        let total = TextLayout.grouped(ledger.bytes)
        guard ledger.accounted == ledger.bytes else {
            let missing = TextLayout.grouped(ledger.bytes - ledger.accounted)
            return labelled("bytes", options.clip("\(total), of which \(missing) are unaccounted for", to: room), .error)
        }
        return labelled("bytes", options.clip("\(total) = \(terms.joined(separator: " + "))", to: room))
    }

    private func labelled(_ label: String, _ text: String, _ style: TextStyle = .faint) -> TextLine {
        var line = TextLine(label, .faint)
        line.pad(to: Self.labels)
        line.append(text, style)
        return line
    }
}
