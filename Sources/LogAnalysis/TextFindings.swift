import LogCore

/// The blocks of the findings: title, evidence, and what to do.
struct TextFindings {
    /// How much of a finding is shown.
    enum Detail {
        /// One line.
        case title
        /// And where it says so.
        case evidence
        /// And how it began, why, the first thing to do, the first link.
        case brief
        /// And everything else.
        case whole
    }

    /// Where evidence and labels begin, and where the text behind a label does.
    private static let indent = 4
    private static let labels = 13
    /// From here on there are columns for seconds, both dates, and titles of links.
    private static let roomy = 110

    private let options: TextReport
    private let times: TextTimes
    private let rankWidth: Int
    private let severityWidth: Int
    private let countWidth: Int
    private let spanWidth: Int
    private let compressions: [String: String]

    init(_ options: TextReport, _ report: Report, _ findings: [Finding]) {
        self.options = options
        times = TextTimes(report.tally, unicode: options.unicode)
        let isRoomy = options.width >= Self.roomy
        rankWidth = max(String(findings.last?.rank ?? 1).utf8.count, 2)
        severityWidth = findings.map(\.severity.name.utf8.count).max() ?? 0
        countWidth = findings.map { Self.count($0).utf8.count }.max() ?? 0
        spanWidth = findings.map { [times] in TextLayout.width(of: times.span($0.tally, roomy: isRoomy)) }.max() ?? 0
        compressions = Dictionary(
            report.inputs.compactMap { input in input.compression.map { (input.path, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    func lines(_ finding: Finding, _ detail: Detail) -> [TextLine] {
        var lines = [title(finding)]
        if detail == .title { return lines }
        lines += evidence(finding)
        if detail == .evidence { return lines }
        let isWhole = detail == .whole
        if let story = finding.story {
            lines.append(labelled("first", options.clip(options.clean(story.text), to: room)))
        }
        if isWhole, !finding.captures.isEmpty { lines += text("captured", captures(finding), isWhole: true) }
        if let rule = finding.rule {
            lines += text("cause", rule.cause, isWhole: isWhole)
            lines += fixes(rule.fix, isWhole: isWhole)
            lines += links(rule.docs, isWhole: isWhole)
            if isWhole { lines.append(labelled("rule", options.clip(options.clean(rule.id), to: room), .faint)) }
        } else {
            lines += unexplained(finding, isWhole: isWhole)
        }
        return lines
    }

    // MARK: Parts

    private var isRoomy: Bool { options.width >= Self.roomy }
    private var room: Int { options.width - Self.labels }

    private static func count(_ finding: Finding) -> String { TextLayout.grouped(finding.tally.count) + "x" }

    private func title(_ finding: Finding) -> TextLine {
        var line = TextLine()
        let rank = String(finding.rank)
        line.pad(to: rankWidth - rank.utf8.count)
        line.append(rank, .heading)
        line.pad(to: rankWidth + 2)
        line.append(finding.severity.name, TextStyle(finding.severity))
        line.pad(to: rankWidth + 2 + severityWidth + 2)
        let right = countWidth + (spanWidth > 0 ? 2 + spanWidth : 0)
        let room = options.width - line.width - right - 2
        if finding.rule == nil {
            let prefix = finding.templates.count > 1 ? "unexplained (\(finding.templates.count) alike): " : "unexplained: "
            line.append(prefix)
            line.append(options.clip(options.clean(finding.title), to: room - prefix.utf8.count))
        } else {
            line.append(options.clip(options.clean(finding.title), to: room), .heading)
        }
        let count = Self.count(finding)
        line.pad(to: options.width - right + countWidth - count.utf8.count)
        line.append(count)
        let span = times.span(finding.tally, roomy: isRoomy)
        if !span.isEmpty { line.append("  " + span) }
        return line
    }

    /// Place and text of the sample on one line, or on two where the path is long.
    private func evidence(_ finding: Finding) -> [TextLine] {
        let captures = finding.captures.map(\.value)
        let evidence = Evidence(finding.sample, captures: captures)
        var line = TextLine(String(repeating: " ", count: Self.indent))
        line.append(options.place(finding.sample.source, evidence.line), .link)
        let isLong = line.width > max(options.width * 2 / 5, 30)
        var lines: [TextLine] = []
        if isLong {
            lines.append(line)
            line = TextLine(String(repeating: " ", count: Self.indent))
        } else {
            line.append("  ")
        }
        line.append(evidence.shown(in: options.width - line.width, around: captures, unicode: options.unicode))
        return lines + [line]
    }

    private func captures(_ finding: Finding) -> String {
        finding.captures.map { "\($0.name)=\($0.value)" }.joined(separator: "  ")
    }

    private func text(_ label: String, _ text: String, isWhole: Bool) -> [TextLine] {
        guard !text.isEmpty else { return [] }
        let text = options.clean(text)
        let lines =
            isWhole
            ? TextLayout.wrap(text, to: room)
            : TextLayout.brief(text, lines: 2, width: room, unicode: options.unicode)
        return lines.enumerated().map { labelled($0.offset == 0 ? label : "", $0.element) }
    }

    private func fixes(_ fixes: [String], isWhole: Bool) -> [TextLine] {
        guard isWhole, fixes.count > 1 else { return text("fix", fixes.first ?? "", isWhole: isWhole) }
        return fixes.enumerated().flatMap { index, fix in
            TextLayout.wrap(options.clean(fix), to: room - 2).enumerated().map { part, line in
                labelled(index + part == 0 ? "fix" : "", (part == 0 ? "- " : "  ") + line)
            }
        }
    }

    private func links(_ pages: [DocumentationPage], isWhole: Bool) -> [TextLine] {
        pages.prefix(isWhole ? pages.count : 1).enumerated().map { index, page in
            // Never cut nor wrapped, however long: a terminal makes whole addresses clickable.
            var line = labelled(index == 0 ? "docs" : "", TextLayout.url(page.url), .link)
            let title = options.clean(page.title) + (page.versions.map { ", \(options.clean($0))" } ?? "")
            if isRoomy, !title.isEmpty, line.width + 2 + TextLayout.width(of: title) <= options.width {
                line.append("  " + title, .faint)
            }
            return line
        }
    }

    /// What can be done about an error that no rule knows.
    private func unexplained(_ finding: Finding, isWhole: Bool) -> [TextLine] {
        var lines: [TextLine] = []
        if isWhole, !finding.component.isEmpty {
            lines.append(labelled("component", options.clip(options.clean(finding.component), to: room)))
        }
        let hint = "no rule knows it; the nearest: "
        let command = explainCommand(finding.sample)
        if hint.utf8.count + TextLayout.width(of: command) <= room {
            lines.append(labelled("rule", hint + command))
        } else {
            lines.append(labelled("rule", "no rule knows it; ailogger explain shows the nearest"))
        }
        return lines
    }

    /// Prints the sample's line into `ailogger explain`, to be pasted into a shell.
    private func explainCommand(_ sample: Sample) -> String {
        let path = options.clean(sample.source)
        guard path == sample.source, path != "-", !path.hasPrefix("<") else { return "ailogger explain TEXT" }
        let quoted = Self.quoted(path.hasPrefix("-") ? "./" + path : path)
        return switch compressions[sample.source] {
        case nil: "sed -n \(sample.line)p \(quoted) | ailogger explain"
        case "gzip": "zcat \(quoted) | sed -n \(sample.line)p | ailogger explain"
        case "zstd": "zstdcat \(quoted) | sed -n \(sample.line)p | ailogger explain"
        default: "ailogger explain TEXT"
        }
    }

    private static func quoted(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { byte in
            (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || "/._-+,:@%".utf8.contains(byte)
        }
        return isPlain ? path : "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    private func labelled(_ label: String, _ text: String, _ style: TextStyle = .plain) -> TextLine {
        var line = TextLine(String(repeating: " ", count: Self.indent))
        line.append(label, .faint)
        line.pad(to: Self.labels)
        line.append(text, style)
        return line
    }
}
