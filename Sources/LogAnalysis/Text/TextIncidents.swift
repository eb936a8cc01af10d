import LogCore

/// What belongs together, above the findings: two lines for the worst incident, or the whole story of each.
struct TextIncidents {
    private static let indent = 4
    /// Stories in full at most, and findings that the brief one names beside the root: all of them must be on the screen.
    private static let most = 10
    static let followers = 2

    private let options: TextReport
    private let report: Report
    private let times: TextTimes

    init(_ options: TextReport, _ report: Report) {
        self.options = options
        self.report = report
        times = TextTimes(report.tally, unicode: options.unicode)
    }

    /// The worst incident in two lines, and the ranks of the findings that they speak of.
    func brief(_ followers: Int) -> (lines: [TextLine], named: [Int]) {
        guard let incident = report.incidents.first else { return ([], []) }
        if incident.findings.count == 1, incident.acts > 0 {
            return ([header(incident)] + done(incident), incident.findings)
        }
        let (chain, named) = incident.findings.count > 1 ? chain(incident, followers) : alone(incident)
        return ([header(incident), chain] + done(incident) + mainly(incident), named)
    }

    /// The first `top` incidents with every sentence and where it stands.
    func whole(top: Int) -> [TextLine] {
        report.incidents.prefix(min(max(top, 0), Self.most)).flatMap { [TextLine()] + story($0) }
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
        if let hosts = incident.hosts { line.append(" on \(options.clean(hosts.text))") }
        let names = incident.components.map { options.clean($0.name) }.filter { !$0.isEmpty }
        if !names.isEmpty {
            line.append(" in " + TextLayout.list(names, to: options.width - line.width - 4))
        }
        return line
    }

    /// `(1) no rule for currency <*> may be the root: 22 events, on 22 hosts for the first time within 1 h 10 min`
    private func alone(_ incident: Incident) -> (TextLine, named: [Int]) {
        var line = TextLine("  ")
        line.append("root? ", .faint)
        line.append(options.clip(options.clean(incident.statements.first?.text ?? ""), to: options.width - line.width))
        return (line, incident.findings)
    }

    /// `before  15 s earlier: “deployment of orders 4.18.0 finished”`
    private func done(_ incident: Incident) -> [TextLine] {
        guard incident.acts > 0 else { return [] }
        var line = TextLine("  ")
        line.append("before ", .faint)
        var text = incident.statements[0].text
        if let words = text.firstRange(of: " before it began: ") { text.replaceSubrange(words, with: " earlier: ") }
        line.append(options.clip(options.clean(text), to: options.width - line.width))
        return [line]
    }

    /// `mainly 203.0.113.77 in 2,881 of 2,892 of (2)`, where the finding itself may stand below with its title only.
    private func mainly(_ incident: Incident) -> [TextLine] {
        guard incident.findings.count > 1, let root = incident.suspects.first, root.finding > 1,
            let finding = report.findings.first(where: { $0.rank == root.finding }), let majority = finding.majority
        else { return [] }
        var line = TextLine("  ")
        line.append("mainly ", .faint)
        let text = options.clean("\(majority.text) of (\(finding.rank))")
        line.append(options.clip(text, to: options.width - line.width))
        return [line]
    }

    /// `(1) Kernel killed a process: out of memory; 2 s later (2) PostgreSQL refused…`
    private func chain(_ incident: Incident, _ followers: Int) -> (TextLine, named: [Int]) {
        var line = TextLine("  ")
        guard let root = incident.suspects.first else { return (line, []) }
        var named = [root.finding]
        line.append("root? ", .faint)
        let room = options.width - line.width
        let findings = report.findings
        let others = incident.findings.filter { $0 != root.finding && findings.indices.contains($0 - 1) }
        var parts: [String] = []
        // A root whose first event is older came again in this incident.
        let begun =
            findings.indices.contains(root.finding - 1)
            ? max(findings[root.finding - 1].began ?? incident.start, incident.start) : Timestamp.none
        /// Of the one that is told behind it, as good a root, where nothing tells which of them began.
        var rival: Int?
        for (index, rank) in others.enumerated() {
            let other = findings[rank - 1]
            var when = ""
            if begun != Timestamp.none, let first = other.began, first >= incident.start {
                let gap = findings[root.finding - 1].clock.lag(begun, first, by: other.clock)
                when = gap == 0 ? "with " : gap > 0 ? "\(TextLayout.duration(gap)) later " : ""
                if index == 0, gap == 0, rank == incident.rival { rival = rank }
            }
            parts.append((index == 0 && rank != rival ? when : "") + "(\(rank)) " + options.clean(other.title))
        }
        let first = "(\(root.finding)) " + options.clean(root.title)
        // Both ends of the chain are seen, however long the first title is.
        let half = parts.isEmpty ? room : max(room - 30, room / 2)
        var text = options.clip(first, to: half)
        for (index, (part, rank)) in zip(parts, others).enumerated() {
            let rest = parts.count - index - 1
            if index == followers {
                text += ", +\(rest + 1)"
                break
            }
            let separator = index > 0 ? ", " : rank == rival ? " or " : "; "
            let tail = rest > 0 ? ", +\(rest)" : ""
            let free = room - TextLayout.width(of: text) - separator.utf8.count
            if TextLayout.width(of: part) + tail.utf8.count <= free {
                text += separator + part
                named.append(others[index])
            } else if index == 0, free - tail.utf8.count > 12 {
                text += separator + options.clip(part, to: free - tail.utf8.count) + tail
                named.append(others[index])
                break
            } else {
                text += ", +\(rest + 1)"
                break
            }
        }
        line.append(text)
        return (line, named)
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
