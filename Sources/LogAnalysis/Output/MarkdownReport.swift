import LogCore

/// The report as GitHub-flavoured Markdown, for a ticket or a pull request: what happened, where it says so, what to do.
///
/// Log text stands in code spans and code blocks whose fences it can't close, all else is escaped: a log line makes no
/// heading, link, image or mention. https://github.github.com/gfm/
package enum MarkdownReport {
    /// Findings shown in full unless asked for more: a ticket is read, not scrolled.
    private static let usualTop = 10
    private static let listLimit = 10
    private static let evidenceLines = 12

    /// `top`: findings that are shown in full.
    package static func render(_ report: Report, top: Int? = nil) -> String {
        let times = TextTimes(report.tally, unicode: true)
        var lines = head(report)
        lines += incidents(report, times)
        let full = report.findings.prefix(max(top ?? usualTop, 0))
        if !full.isEmpty { lines += ["", "## Findings"] }
        for finding in full { lines += self.finding(finding, times) }
        lines += others(report.findings.dropFirst(full.count), times)
        lines += changes(report, times)
        lines += comparison(report)
        lines += trust(report)
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Parts

    private static func head(_ report: Report) -> [String] {
        let critical = report.byRank[Severity.critical.rank]
        let errors = report.byRank[Severity.error.rank]
        let warnings = report.byRank[Severity.warning.rank]
        var counts = [TextLayout.count(report.tally.count, "event")]
        if critical > 0 { counts.append("**\(TextLayout.grouped(critical)) critical**") }
        counts.append(errors > 0 ? "**\(TextLayout.count(errors, "error"))**" : "no errors")
        if warnings > 0 || !report.findings.contains(where: { $0.severity == .warning }) {
            counts.append(warnings > 0 ? TextLayout.count(warnings, "warning") : "no warnings")
        }
        let title = report.incidents.first?.title ?? report.findings.first?.title
        var lines = ["# " + (title.map(inline) ?? "Nothing went wrong"), ""]
        var scope = TextLayout.count(Int64(report.inputs.count), "file") + ", " + TextLayout.bytes(report.ledger.bytes)
        if let range = TextTimes.range(report.tally) { scope += ", \(range)" }
        lines += [scope + "  ", counts.joined(separator: ", ")]
        if report.filtered > 0 {
            lines[lines.count - 1] += " (\(TextLayout.grouped(report.filtered)) more were filtered out)"
        }
        return lines
    }

    private static func incidents(_ report: Report, _ times: TextTimes) -> [String] {
        guard !report.incidents.isEmpty else { return [] }
        var lines = ["", "## Incidents"]
        for incident in report.incidents.prefix(listLimit) {
            let span = span(incident.start, incident.end, times)
            lines += ["", "### \(incident.rank). \(inline(incident.title))", ""]
            lines.append(
                "\(span), \(TextLayout.count(incident.failures, "failure"))"
                    + (incident.hosts.map { " on " + ($0.name.map { inline($0) } ?? $0.text) } ?? "")
                    + (incident.components.isEmpty
                        ? "" : " in " + incident.components.map { code($0.name) }.joined(separator: ", ")))
            if let root = incident.suspects.first {
                lines += ["", "Suspected root: finding \(root.finding), **\(inline(root.title))**"]
                lines += root.reasons.map(statement)
            }
            if !incident.statements.isEmpty { lines += [""] + incident.statements.map(statement) }
        }
        if report.incidents.count > listLimit { lines += ["", "and \(report.incidents.count - listLimit) more"] }
        return lines
    }

    private static func finding(_ finding: Finding, _ times: TextTimes) -> [String] {
        let evidence = Evidence(finding)
        let prefix = finding.rule == nil ? "Unexplained: " : ""
        let title = finding.rule == nil ? code(finding.title) : inline(finding.title)
        var lines = ["", "### \(finding.rank). \(prefix)\(title)", ""]
        var facts = ["**\(finding.severity.name)**", TextLayout.count(finding.tally.count, "time")]
        let span = times.span(finding.tally, .ample)
        if !span.isEmpty { facts.append(span) }
        if !finding.component.isEmpty { facts.append("from " + code(finding.component)) }
        lines.append(facts.joined(separator: ", "))
        if !finding.sample.source.isEmpty {
            lines += ["", code("\(finding.sample.source):\(evidence.line)")]
            lines += block(finding.sample.text)
        }
        for one in finding.cases.prefix(listLimit) {
            let time = one.time.map { times.point($0, seconds: true) + " " } ?? ""
            lines.append("- \(time)\(inline(one.message)) (\(code("\(one.source):\(one.line)")))")
        }
        var facts2: [String] = []
        if let majority = finding.majority { facts2.append("- Mainly: \(inline(majority.text))") }
        if let story = finding.story {
            facts2.append(statement(Statement("Began: \(story.text)", story.citations)))
        }
        if let rule = finding.rule {
            if !rule.cause.isEmpty { facts2.append("- Cause: \(inline(rule.cause))") }
            facts2 += rule.fix.map { "- Fix: \(inline($0))" }
            facts2 += rule.docs.map { "- Documentation: \(link($0.title, $0.url))" }
        }
        if !facts2.isEmpty { lines += [""] + facts2 }
        return lines
    }

    /// A row each for what isn't shown in full.
    private static func others(_ findings: ArraySlice<Finding>, _ times: TextTimes) -> [String] {
        guard !findings.isEmpty else { return [] }
        var lines = ["", "| | level | times | finding | first at |", "|--:|---|--:|---|---|"]
        for finding in findings.prefix(listLimit * 4) {
            let title = finding.rule == nil ? cell(finding.title) : inline(finding.title)
            let place = finding.sample.source.isEmpty ? "" : cell("\(finding.sample.source):\(finding.sample.line)")
            lines.append(
                "| \(finding.rank) | \(finding.severity.name) | \(TextLayout.grouped(finding.tally.count)) "
                    + "| \(title) | \(place) |")
        }
        let left = findings.count - listLimit * 4
        return left > 0 ? lines + ["", "and \(TextLayout.count(Int64(left), "more finding"))"] : lines
    }

    private static func changes(_ report: Report, _ times: TextTimes) -> [String] {
        let shown = report.changes.filter { !$0.kind.isInformation }.prefix(listLimit)
        guard !shown.isEmpty else { return [] }
        return ["", "## What changed", ""]
            + shown.map { change in
                let what = change.name.isEmpty ? "" : ", " + code(change.name)
                return "- **\(change.kind.rawValue)**\(what): " + statement(change.statement).dropFirst(2)
            }
    }

    private static func comparison(_ report: Report) -> [String] {
        guard let comparison = report.comparison else { return [] }
        let lines = ["", "## Compared with \(code(comparison.baseline))", ""]
        if comparison.differences.isEmpty { return lines + ["No difference that chance does not explain."] }
        let note = comparison.note.map { ["\($0.prefix(1).uppercased() + $0.dropFirst()).", ""] } ?? []
        let shown = comparison.differences.prefix(listLimit * 2)
        let more = comparison.differences.count - shown.count
        return lines + note
            + shown.map { difference in
                let what = difference.name.isEmpty ? "" : ", " + code(difference.name)
                return "- **\(difference.kind.rawValue)**\(what): " + statement(difference.statement).dropFirst(2)
            }
            + (more > 0 ? ["- and \(more) more"] : [])
    }

    /// How far it can be trusted.
    private static func trust(_ report: Report) -> [String] {
        guard report.ledger.bytes > 0 || !report.losses.isEmpty else { return [] }
        var lines = ["", "## What was not understood", ""]
        if let share = report.understood {
            let formats = report.formats.prefix(listLimit).map { code($0.name) }.joined(separator: ", ")
            lines.append(
                "\(TextLayout.percent(share)) of the bytes are understood" + (formats.isEmpty ? "." : ": \(formats)."))
        }
        for loss in report.losses {
            let noun = loss.reason == .unread || loss.reason == .noText ? "file" : "event"
            var text = "- \(TextLayout.count(loss.count, noun)) \(loss.reason.text)"
            if loss.bytes > 0 { text += ", \(TextLayout.bytes(loss.bytes))" }
            if let message = loss.message { text += ": \(code(loss.inputs[0])) \(inline(message))" }
            if let sample = loss.samples.first, let line = sample.text.split(separator: "\n").first {
                text += ", such as \(code("\(sample.source):\(sample.line)")) \(code(String(line.prefix(160))))"
            }
            lines.append(text)
        }
        for note in report.timeNotes {
            let place = note.inputs.count == 1 ? " (\(code(note.inputs[0])))" : ""
            lines.append("- Times: \(inline(note.text))\(place)" + (note.isGuess ? ". \(inline(note.hint))" : ""))
        }
        lines += report.warnings.prefix(listLimit).map { "- Warning: \(inline($0))" }
        return lines
    }

    private static func span(_ start: Int64, _ end: Int64, _ times: TextTimes) -> String {
        var tally = Tally()
        tally.add(time: start)
        tally.add(time: end)
        return times.span(tally, .ample)
    }

    private static func statement(_ statement: Statement) -> String {
        let places = statement.citations.prefix(3).map { code("\($0.source):\($0.line)") }
        return "- \(inline(statement.text))" + (places.isEmpty ? "" : " (\(places.joined(separator: ", ")))")
    }

    // MARK: Safe text

    /// Text as text: what Markdown or HTML would read as markup gets a backslash.
    static func inline(_ text: String) -> String {
        var result = ""
        for character in TextLayout.clean(text) {
            if "\\`*_{}[]()<>#+!|~&$".contains(character) { result.append("\\") }
            result.append(character)
            // An escaped @ still calls people; a space without width between it and a name doesn't.
            if character == "@" { result.append("\u{200B}") }
        }
        return result
    }

    /// A code span whose fence is longer than any run of backticks in it.
    static func code(_ text: String) -> String {
        let clean = TextLayout.clean(text)
        if clean.allSatisfy({ $0 == " " }) { return "" }
        let fence = String(repeating: "`", count: longestRun(clean) + 1)
        let pad = clean.hasPrefix("`") || clean.hasSuffix("`") ? " " : ""
        return fence + pad + clean + pad + fence
    }

    private static func block(_ text: String) -> [String] {
        let lines = text.split(separator: "\n", maxSplits: 500, omittingEmptySubsequences: false)
        var shown = lines.prefix(evidenceLines).map { TextLayout.clip(TextLayout.clean(String($0)), to: 500) }
        if lines.count > evidenceLines { shown.append("… \(lines.count - evidenceLines) more lines") }
        let fence = String(repeating: "`", count: max(3, (shown.map(longestRun).max() ?? 0) + 1))
        return ["", fence + "text"] + shown + [fence]
    }

    static func link(_ title: String, _ url: String) -> String {
        "[\(inline(title.isEmpty ? url : title))](<\(TextLayout.url(url).split(separator: ">").joined(separator: "%3E"))>)"
    }

    /// A code span in a table, where even there a bar would end the cell.
    private static func cell(_ text: String) -> String {
        code(text).split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    private static func longestRun(_ text: String) -> Int {
        var longest = 0
        var run = 0
        for character in text {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
