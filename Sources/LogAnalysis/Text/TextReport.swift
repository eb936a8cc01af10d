import LogCore

/// Writes a report for a terminal: what went wrong on the first screen, evidence and links with it.
package struct TextReport: Sendable {
    /// Lines of a screen where nobody said otherwise.
    private static let usualHeight = 24
    private static let narrowest = 40
    /// Findings that may stand below those shown in full, one line each.
    private static let titlesBelowTop = 10

    let width: Int
    let color: Bool
    let unicode: Bool
    let height: Int
    let top: Int?

    /// - Parameters:
    ///   - width: columns of the terminal.
    ///   - color: whether escape sequences may be written; without it there is none in the output.
    ///   - unicode: without it the output is ASCII.
    ///   - height: lines of the terminal; findings are shown as fully as they fit. 24 if nil.
    ///   - top: so many findings are shown with all that is known, however long that gets.
    package init(width: Int, color: Bool, unicode: Bool, height: Int? = nil, top: Int? = nil) {
        self.width = max(width, Self.narrowest)
        self.color = color
        self.unicode = unicode
        self.height = max(height ?? Self.usualHeight, 10)
        self.top = top
    }

    /// `seconds`: how long the analysis took, if that is to be shown.
    package func render(_ report: Report, elapsed seconds: Double?) -> String {
        var output = ""
        for line in lines(report, elapsed: seconds) {
            line.cut(to: width, unicode: unicode).write(to: &output, color: color)
        }
        return output
    }

    /// The lines of the report, some of which may be wider than it.
    package func lines(_ report: Report, elapsed seconds: Double?) -> [TextLine] {
        let head = TextHead(self, report).lines(elapsed: seconds)
        let foot = TextFoot(self, report)
        let comparison = TextComparison(self, report).lines()
        let compared = comparison.isEmpty ? [] : [TextLine()] + comparison
        var lines = head
        if report.findings.isEmpty {
            let warnings = warnings(report.warningTemplates.prefix(5), report.shares, most: 5)
            if !warnings.isEmpty { lines += [TextLine()] + warnings }
            lines += compared
            let foot = foot.lines(shown: 0, full: 0)
            if !foot.isEmpty { lines += [TextLine()] + foot }
        } else {
            let incidents = TextIncidents(self, report)
            let louder = warnings(louder(report).prefix(1), report.shares, most: 2)
            let warned = louder.isEmpty ? [] : [TextLine()] + louder
            // Two blank lines, and one for the prompt that follows.
            let used = head.count + warned.count + compared.count + foot.lines(shown: 0, full: 0).count + 3
            var story: [TextLine] = []
            var body = Body()
            // What the story names must be on the screen: where that takes the room of a finding, it names fewer.
            for followers in stride(from: TextIncidents.followers, through: 0, by: -1) {
                let brief = incidents.brief(followers)
                story = top.map { incidents.whole(top: $0) } ?? (brief.lines.isEmpty ? [] : [TextLine()] + brief.lines)
                body = findings(report, room: height - used - story.count, named: brief.named)
                if body.fits { break }
            }
            lines += story + [TextLine()] + body.lines + warned + compared + [TextLine()]
            lines += foot.lines(shown: body.shown, full: body.full)
        }
        return lines
    }

    // MARK: Findings

    private struct Body {
        var lines: [TextLine] = []
        /// Findings that are shown at all, and with all they say.
        var shown = 0
        var full = 0
        /// Within the room that there is, findings that are named included.
        var fits = true
    }

    /// - Parameter named: ranks that the lines above speak of.
    private func findings(_ report: Report, room: Int, named: [Int]) -> Body {
        let listed = Array(report.findings.prefix(max(top ?? 0, 0) + max(room, Self.titlesBelowTop)))
        let others = named.sorted().filter { $0 > listed.count }.compactMap { rank in
            report.findings.first { $0.rank == rank }
        }
        let blocks = TextFindings(self, report, listed + others)
        if let top { return whole(listed, blocks, top: max(top, 0)) }
        return fitted(listed, others, blocks, room: room, named: named)
    }

    /// The first `top` findings with all that is known of them, and the titles of some more.
    private func whole(_ findings: [Finding], _ blocks: TextFindings, top: Int) -> Body {
        var body = Body()
        for finding in findings.prefix(top) {
            if !body.lines.isEmpty { body.lines.append(TextLine()) }
            body.lines += blocks.lines(finding, .whole)
        }
        body.full = min(top, findings.count)
        let titles = findings.dropFirst(top).prefix(Self.titlesBelowTop)
        if !titles.isEmpty, !body.lines.isEmpty { body.lines.append(TextLine()) }
        for finding in titles { body.lines += blocks.lines(finding, .title) }
        body.shown = body.full + titles.count
        return body
    }

    /// As many findings in brief as fit, then titles, with evidence where a line is left for it. What the lines above
    /// speak of is among them.
    private func fitted(
        _ findings: [Finding], _ others: [Finding], _ blocks: TextFindings, room: Int, named: [Int]
    ) -> Body {
        var full = blocksThatFit(findings, blocks, room)
        func length(_ blocks: [[TextLine]]) -> Int { blocks.reduce(blocks.count - 1) { $0 + $1.count } }
        // A blank line and a title each.
        let missing = named.count { $0 > full.count }
        if missing > 0, room - length(full) < missing + 1 {
            full = blocksThatFit(findings, blocks, room - missing - 1)
        }
        var body = Body()
        body.full = full.count
        body.lines = Array(full.joined(separator: [TextLine()]))
        let below = (findings + others).dropFirst(full.count)
        let wanted = below.filter { named.contains($0.rank) }
        var free = max(room - body.lines.count - 1, wanted.count)
        let titles = Array((wanted + below.filter { !named.contains($0.rank) }).prefix(free)).sorted {
            $0.rank < $1.rank
        }
        body.shown = full.count + titles.count
        body.fits = wanted.isEmpty || length(full) + 1 + wanted.count <= room
        guard !titles.isEmpty else { return body }
        body.lines.append(TextLine())
        free -= titles.count
        for finding in titles {
            body.lines += blocks.lines(finding, free > 0 ? .evidence : .title)
            free -= 1
        }
        return body
    }

    private func blocksThatFit(_ findings: [Finding], _ blocks: TextFindings, _ room: Int) -> [[TextLine]] {
        let full = fit(findings, room) { blocks.lines(findings[$0], .brief) }
        guard full.count < 3 else { return full }
        // Where fewer than three fit, shorter ones may.
        let isLow = (full.first?.count ?? 0) > room
        let shorter = fit(findings, room) { blocks.lines(findings[$0], $0 == 0 && !isLow ? .brief : .short) }
        return shorter.count > full.count || isLow ? shorter : full
    }

    /// The blocks of the first findings that fit, at least one, with blank lines between them and room for a title
    /// below if there are more.
    private func fit(_ findings: [Finding], _ room: Int, _ block: (Int) -> [TextLine]) -> [[TextLine]] {
        var blocks: [[TextLine]] = []
        var used = 0
        for index in findings.indices {
            let lines = block(index)
            let below = index + 1 < findings.count ? 2 : 0
            if index > 0, used + lines.count + below > room { break }
            blocks.append(lines)
            used += lines.count + 1
        }
        return blocks
    }

    // MARK: Warnings

    /// Warnings that outnumber all failures by far: some stray errors must not hide them.
    private func louder(_ report: Report) -> [Report.NamedTemplate] {
        let failures = report.findings.reduce(0) { $0 + ($1.isFailure ? $1.tally.count : 0) }
        return report.warningTemplates.filter { $0.template.byRank[Severity.warning.rank] >= max(10 * failures, 100) }
    }

    /// The warnings of a template, or those of one status.
    private struct Warned {
        var text: String
        var count: Int64
        var source: String
        var line: Int64
        var majority: Majority?
        var isNUL = false
    }

    private func warned(_ template: TemplateSummary, _ shares: NameShares) -> [Warned] {
        let total = template.byRank[Severity.warning.rank]
        let sample = template.warnedSample ?? template.sample
        var whole = Warned(
            text: template.text, count: total, source: sample.source, line: sample.line,
            isNUL: sample.text.utf8.first == 0)
        let statuses = template.warnedStatuses
        guard !statuses.isEmpty else {
            whole.majority = template.warned.flatMap { Majority($0, of: total, orAll: true, among: shares) }
            return [whole]
        }
        return statuses.map { status, warnings in
            var one = whole
            (one.text, one.count) = (template.title(status), warnings.tally.count)
            (one.source, one.line) = (warnings.sample.source, warnings.sample.line)
            one.majority = Majority(warnings.joins, of: one.count, orAll: true, among: shares)
            return one
        }
    }

    /// Of a log without findings the most frequent ones.
    private func warnings(
        _ templates: some Collection<Report.NamedTemplate>, _ shares: NameShares, most: Int
    ) -> [TextLine] {
        let all = templates.flatMap { warned($0.template, shares) }
        let told = all.indices.sorted { (all[$1].count, $0) < (all[$0].count, $1) }.prefix(most).map { all[$0] }
        let counts = told.map { TextLayout.grouped($0.count) + "x" }
        let column = counts.map(\.utf8.count).max() ?? 0
        return zip(told, counts).flatMap { warned, count in
            var line = TextLine(String(repeating: " ", count: column - count.utf8.count) + count + "  ")
            line.append("WARNING  ", .warning)
            let text = clean(warned.text)
            // Of nothing but NUL bytes, or of blanks, there is nothing to be shown.
            let isNUL = warned.isNUL
            let nothing = isNUL ? "an event \(Loss.Reason.nulBytes.text)" : "(no text)"
            line.append(clip(text.isEmpty ? nothing : text, to: width - line.width), text.isEmpty ? .faint : .plain)
            let place = place(warned.source, warned.line)
            var below = TextLine(String(repeating: " ", count: column + 2) + place, .faint)
            if let majority = warned.majority {
                let text = (majority.isAll ? "  " : "  mainly ") + clean(majority.text)
                below.append(clip(text, to: max(width - below.width, 0)))
            }
            return [line, below]
        }
    }

    /// `app.log:17`, as editors take it. Of a path that is too long for a line the end stays, where file and line stand.
    func place(_ source: String, _ line: Int64, indent: Int = 12) -> String {
        TextLayout.clipStart("\(clean(source)):\(line)", to: max(width - indent, 24), unicode: unicode)
    }

    /// Harmless, and without white space around it.
    func clean(_ text: String) -> String {
        var clean = TextLayout.clean(text, unicode: unicode)[...]
        while clean.last == " " { clean.removeLast() }
        return String(clean.drop { $0 == " " })
    }

    func clip(_ text: String, to width: Int) -> String { TextLayout.clip(text, to: width, unicode: unicode) }
}
