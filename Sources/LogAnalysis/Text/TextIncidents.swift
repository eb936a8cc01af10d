import LogCore

/// What belongs together, above the findings: two lines for the worst incident, or the whole story of each.
struct TextIncidents {
    private static let indent = 4
    /// Stories in full at most.
    private static let most = 10

    private let options: TextReport
    private let report: Report
    private let times: TextTimes
    /// Those that say more than their finding alone does.
    private let told: [Incident]

    init(_ options: TextReport, _ report: Report) {
        self.options = options
        self.report = report
        times = TextTimes(report.tally, unicode: options.unicode)
        told = report.incidents.filter { $0.findings.count > 1 }
    }

    /// The worst incident in two lines, where it is more than one finding.
    func brief() -> [TextLine] {
        guard let incident = report.incidents.first, incident.findings.count > 1 else { return [] }
        return [header(incident), chain(incident)]
    }

    /// The first `top` incidents with every sentence and where it stands.
    func whole(top: Int) -> [TextLine] {
        told.prefix(min(max(top, 0), Self.most)).flatMap { [TextLine()] + story($0) }
    }

    // MARK: Lines

    /// `incident 1 of 3  04:00:00 … 04:07:12  46 failures in db, web, pay`
    private func header(_ incident: Incident) -> TextLine {
        let count = report.incidents.count
        let all = "\(count)" + (count == IncidentFinder.limit ? "+" : "")
        let number = count > 1 ? "incident \(incident.rank) of \(all)" : "incident"
        var line = TextLine(number, TextStyle(incident.severity))
        if incident.start != Timestamp.none {
            var tally = Tally()
            tally.first = incident.start
            tally.last = incident.end
            line.append("  " + times.span(tally, times.extent == .day ? .ample : .usual), .heading)
        }
        if incident.failures > 0 { line.append("  " + TextLayout.count(incident.failures, "failure")) }
        let names = incident.components.map { options.clean($0.name) }.filter { !$0.isEmpty }
        if !names.isEmpty {
            line.append(" in " + TextLayout.list(names, to: options.width - line.width - 4))
        }
        return line
    }

    /// `(1) Kernel killed a process: out of memory; 2 s later (2) PostgreSQL refused…`
    private func chain(_ incident: Incident) -> TextLine {
        var line = TextLine("  ")
        guard let root = incident.suspects.first else { return line }
        line.append("root? ", .faint)
        let room = options.width - line.width
        let findings = report.findings
        let others = incident.findings.filter { $0 != root.finding && findings.indices.contains($0 - 1) }
        var parts: [String] = []
        let begun = findings.indices.contains(root.finding - 1) ? incident.start : Timestamp.none
        for (index, rank) in others.enumerated() {
            let other = findings[rank - 1]
            var when = ""
            if begun != Timestamp.none, let first = other.tally.first, first >= incident.start {
                let gap = gap(incident.start, first)
                when = gap == 0 ? "with " : "\(TextLayout.duration(gap)) later "
            }
            parts.append((index == 0 ? when : "") + "(\(rank)) " + options.clean(other.title))
        }
        let first = "(\(root.finding)) " + options.clean(root.title)
        // Both ends of the chain are seen, however long the first title is.
        let half = parts.isEmpty ? room : max(room - 30, room / 2)
        var text = options.clip(first, to: half)
        for (index, part) in parts.enumerated() {
            let rest = parts.count - index - 1
            let separator = index == 0 ? "; " : ", "
            let tail = rest > 0 ? ", +\(rest)" : ""
            let free = room - TextLayout.width(of: text) - separator.utf8.count
            if TextLayout.width(of: part) + tail.utf8.count <= free {
                text += separator + part
            } else if index == 0, free - tail.utf8.count > 12 {
                text += separator + options.clip(part, to: free - tail.utf8.count) + tail
                break
            } else {
                text += ", +\(rest + 1)"
                break
            }
        }
        line.append(text)
        return line
    }

    private func story(_ incident: Incident) -> [TextLine] {
        var lines = [header(incident)]
        for statement in incident.statements { lines += said(statement, "") }
        for suspect in incident.suspects {
            for (index, reason) in suspect.reasons.enumerated() {
                let label = "root (\(suspect.finding)), \(TextLayout.percent(suspect.confidence)): "
                lines += said(reason, index == 0 ? label : String(repeating: " ", count: label.utf8.count))
            }
        }
        return lines
    }

    /// The sentence, and behind or below it the lines that it stands on.
    private func said(_ statement: Statement, _ label: String) -> [TextLine] {
        let margin = String(repeating: " ", count: Self.indent)
        let room = options.width - Self.indent - label.utf8.count
        var lines = TextLayout.wrap(options.clean(statement.text), to: max(room, 20)).enumerated().map { index, text in
            var line = TextLine(margin)
            line.append(index == 0 ? label : String(repeating: " ", count: label.utf8.count), .faint)
            line.append(text)
            return line
        }
        for (index, citation) in statement.citations.enumerated() where !citation.source.isEmpty {
            let place = options.place(citation.source, citation.line)
            if lines[lines.count - 1].width + 2 + TextLayout.width(of: place) > options.width {
                lines.append(TextLine(margin + String(repeating: " ", count: label.utf8.count)))
            } else {
                lines[lines.count - 1].append(index == 0 ? "  " : " ")
            }
            lines[lines.count - 1].append(place, .link)
        }
        return lines
    }
}
