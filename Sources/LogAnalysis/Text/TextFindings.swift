import LogCore

/// The blocks of the findings: title, evidence, and what to do.
package struct TextFindings: Sendable {
    /// How much of a finding is shown.
    package enum Detail {
        /// One line.
        case title
        /// And where it says so.
        case evidence
        /// And in one line each the first thing to do and the first link.
        case short
        /// And how it began, and why; two lines for cause and fix.
        case brief
        /// And everything else.
        case whole
    }

    /// Where evidence and labels begin, and where the text behind a label does.
    private static let indent = 4
    private static let labels = 11
    /// From here on there are columns for titles of pages.
    private static let roomy = 110
    /// Below it there are none for times at all.
    private static let tight = 60
    /// Titles that decide how much room there is for times, and how much of an unexplained one counts.
    private static let first = 10
    private static let unexplained = 40

    private let options: TextReport
    private let times: TextTimes
    private let rankWidth: Int
    private let severityWidth: Int
    private let countWidth: Int
    private let spanWidth: Int
    private let titleWidth: Int
    private let timeRoom: TextTimes.Room
    private let firstUnexplained: Int?

    package init(_ options: TextReport, _ report: Report, _ findings: [Finding]) {
        self.options = options
        times = TextTimes(report.tally, unicode: options.unicode)
        rankWidth = max(String(findings.last?.rank ?? 1).utf8.count, 2)
        severityWidth = findings.map(\.severity.name.utf8.count).max() ?? 0
        countWidth = findings.map { TextLayout.width(of: Self.count($0, options)) }.max() ?? 0
        // Counts and times stand close behind the longest title, however wide the terminal is.
        titleWidth = findings.map { TextLayout.width(of: Self.prefix($0) + options.clean($0.title)) }.max() ?? 0
        let longest =
            findings.prefix(Self.first).map { finding in
                let width = TextLayout.width(of: Self.prefix(finding) + options.clean(finding.title))
                return finding.rule == nil ? min(width, Self.unexplained) : width
            }.max() ?? 0
        let room = options.width - (rankWidth + 2 + severityWidth + 2) - longest - 2 - countWidth - 2
        var widths: [TextTimes.Room: Int] = [:]
        for room in TextTimes.Room.allCases {
            widths[room] = findings.map { [times] in TextLayout.width(of: times.span($0.tally, room)) }.max() ?? 0
        }
        // Titles are shortened only where even the scarcest times leave them no room.
        timeRoom = TextTimes.Room.allCases.first { widths[$0, default: 0] <= room } ?? .scarce
        spanWidth = options.width < Self.tight ? 0 : widths[timeRoom, default: 0]
        firstUnexplained = findings.first { $0.rule == nil }?.rank
    }

    package func lines(_ finding: Finding, _ detail: Detail) -> [TextLine] {
        var lines = [title(finding)]
        if detail == .title { return lines }
        if detail == .evidence { return lines + evidence(finding, finding.majority) }
        lines += evidence(finding, nil)
        lines += cases(finding, detail)
        if let majority = finding.majority { lines += text("mainly", majority.text, .short) }
        // That nothing else is known to be connected needs no line.
        if detail != .short, let story = finding.story, story != .first(next: nil) {
            lines += began(story, detail)
        }
        if detail == .whole, finding.cases.isEmpty, !finding.captures.isEmpty {
            lines += text("found", captures(finding), detail)
        }
        if let rule = finding.rule {
            if detail != .short { lines += text("cause", rule.cause, detail) }
            lines += fixes(rule.fix, detail)
            lines += links(rule.docs, detail)
            if detail == .whole {
                lines.append(labelled("rule", options.clip(options.clean(rule.id), to: room), .faint))
            }
        } else {
            lines += unexplained(finding, detail)
        }
        return lines
    }

    // MARK: Parts

    private var isRoomy: Bool { options.width >= Self.roomy }
    private var room: Int { options.width - Self.labels }

    /// `763x`; of a correlation that counts `≥10x`: those that it took to be one, and it counts no further.
    private static func count(_ finding: Finding, _ options: TextReport) -> String {
        let counts = finding.cases.compactMap(counted)
        guard !counts.isEmpty, counts.count == finding.cases.count else {
            return TextLayout.grouped(finding.tally.count) + "x"
        }
        return (options.unicode ? "≥" : ">=") + TextLayout.grouped(counts.reduce(0, +)) + "x"
    }

    /// Events of one kind, not the steps of a sequence: `10 within 1m`.
    private static func counted(_ one: FindingCase) -> Int64? {
        guard let count = one.fields["count"].flatMap({ Int64($0.text) }), (1...(1 << 40)).contains(count),
            one.message.hasPrefix("\(count) within ")
        else { return nil }
        return count
    }

    private static func prefix(_ finding: Finding) -> String { finding.rule == nil ? "unexplained: " : "" }

    private func title(_ finding: Finding) -> TextLine {
        var line = TextLine()
        let rank = String(finding.rank)
        line.pad(to: rankWidth - rank.utf8.count)
        line.append(rank, .heading)
        line.pad(to: rankWidth + 2)
        line.append(finding.severity.name, TextStyle(finding.severity))
        line.pad(to: rankWidth + 2 + severityWidth + 2)
        let right = countWidth + (spanWidth > 0 ? 2 + spanWidth : 0)
        let room = min(options.width - line.width - right - 2, titleWidth)
        let end = line.width + room + 2 + countWidth
        let prefix = Self.prefix(finding)
        line.append(prefix)
        line.append(
            options.clip(options.clean(finding.title), to: room - prefix.utf8.count), prefix.isEmpty ? .heading : .plain
        )
        let count = Self.count(finding, options)
        line.pad(to: end - TextLayout.width(of: count))
        line.append(count)
        let span = times.span(finding.tally, timeRoom)
        if spanWidth > 0, !span.isEmpty { line.append("  " + span) }
        return line
    }

    /// Place and text of the sample on one line, or on two where the path is long.
    private func evidence(_ finding: Finding, _ majority: Majority?) -> [TextLine] {
        // What a correlator found without an event of its own.
        if finding.sample.source.isEmpty { return [] }
        let evidence = Evidence(finding)
        var line = TextLine(String(repeating: " ", count: Self.indent))
        line.append(options.place(finding.sample.source, evidence.line, indent: Self.indent), .link)
        let isLong = line.width > options.width / 2
        var lines: [TextLine] = []
        if isLong {
            lines.append(line)
            line = TextLine(String(repeating: " ", count: Self.indent))
        } else {
            line.append("  ")
        }
        if let majority { line.append(options.clean("mainly \(majority.text)") + "; ") }
        line.append(evidence.shown(in: max(options.width - line.width, 0), unicode: options.unicode))
        return lines + [line]
    }

    /// What a correlator found: one for a look, more where there is room for all.
    private func cases(_ finding: Finding, _ detail: Detail) -> [TextLine] {
        guard let first = finding.cases.first else { return [] }
        if finding.cases.count == 1 || detail == .short { return text("found", first.message, .short) }
        let shown = finding.cases.prefix(detail == .whole ? FindingSummary.caseLimit : 3)
        var lines = shown.enumerated().map { index, one in
            let time = one.time.map { times.point($0, seconds: true) + "  " } ?? ""
            let line = options.clip(options.clean(time + one.message), to: room)
            return labelled(index == 0 ? "found" : "", line)
        }
        let more = finding.tally.count - Int64(shown.count)
        if more > 0 { lines.append(labelled("", "and \(TextLayout.grouped(more)) more", .faint)) }
        return lines
    }

    /// The sentence, and where it can be read.
    private func began(_ story: Story, _ detail: Detail) -> [TextLine] {
        let text = options.clean(story.text)
        if detail == .whole {
            var lines = TextLayout.wrap(text, to: room).enumerated().map {
                labelled($0.offset == 0 ? "began" : "", $0.element)
            }
            for place in story.citations { lines.append(labelled("", options.place(place.source, place.line), .link)) }
            return lines
        }
        var line = labelled("began", options.clip(text, to: room))
        guard let place = story.citations.first.map({ options.place($0.source, $0.line) }) else { return [line] }
        if line.width + 2 + TextLayout.width(of: place) <= options.width {
            line.append("  " + place, .link)
        }
        return [line]
    }

    private func captures(_ finding: Finding) -> String {
        finding.captures.map { "\($0.name)=\($0.value)" }.joined(separator: "  ")
    }

    private func text(_ label: String, _ text: String, _ detail: Detail) -> [TextLine] {
        guard !text.isEmpty else { return [] }
        let text = options.clean(text)
        let lines =
            detail == .whole
            ? TextLayout.wrap(text, to: room)
            : TextLayout.brief(text, lines: detail == .short ? 1 : 2, width: room, unicode: options.unicode)
        return lines.enumerated().map { labelled($0.offset == 0 ? label : "", $0.element) }
    }

    private func fixes(_ fixes: [String], _ detail: Detail) -> [TextLine] {
        guard detail == .whole, fixes.count > 1 else { return text("fix", fixes.first ?? "", detail) }
        return fixes.enumerated().flatMap { index, fix in
            TextLayout.wrap(options.clean(fix), to: room - 2).enumerated().map { part, line in
                labelled(index + part == 0 ? "fix" : "", (part == 0 ? "- " : "  ") + line)
            }
        }
    }

    private func links(_ pages: [DocumentationPage], _ detail: Detail) -> [TextLine] {
        pages.prefix(detail == .whole ? pages.count : 1).enumerated().map { index, page in
            // Never cut nor wrapped, however long: a terminal makes whole addresses clickable. What is wider than the
            // screen behind its label begins further left.
            let url = TextLayout.url(page.url)
            var line = labelled(index == 0 ? "docs" : "", url, .link)
            if line.width > options.width {
                let label = "docs "
                line = TextLine(label.utf8.count + url.utf8.count <= options.width ? label : "", .faint)
                line.append(url, .link)
            }
            let title = options.clean(page.title) + (page.versions.map { ", \(options.clean($0))" } ?? "")
            if isRoomy, !title.isEmpty, line.width + 2 + TextLayout.width(of: title) <= options.width {
                line.append("  " + title, .faint)
            }
            return line
        }
    }

    /// What can be done about an error that no rule knows.
    private func unexplained(_ finding: Finding, _ detail: Detail) -> [TextLine] {
        var lines: [TextLine] = []
        if detail == .whole, !finding.component.isEmpty {
            lines.append(labelled("from", options.clip(options.clean(finding.component), to: room)))
        }
        // Once is enough where there are many.
        guard detail == .whole || finding.rank == firstUnexplained else { return lines }
        lines.append(labelled("rule", "none knows it; docs/rules.md says how to write one"))
        return lines
    }

    private func labelled(_ label: String, _ text: String, _ style: TextStyle = .plain) -> TextLine {
        var line = TextLine(String(repeating: " ", count: Self.indent))
        line.append(label, .faint)
        line.pad(to: Self.labels)
        line.append(text, style)
        return line
    }
}
