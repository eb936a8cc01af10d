import LogCore

/// The first lines: what was read, how bad it is, and when.
package struct TextHead {
    private let options: TextReport
    private let report: Report

    package init(_ options: TextReport, _ report: Report) {
        self.options = options
        self.report = report
    }

    package func lines(elapsed seconds: Double?) -> [TextLine] {
        var lines = inputs(elapsed: seconds.map(TextLayout.elapsed) ?? "")
        lines += levels()
        if let spark = sparkline() { lines.append(spark) }
        return lines
    }

    // MARK: Inputs

    private func inputs(elapsed: String) -> [TextLine] {
        var parts = [TextLayout.bytes(report.ledger.bytes)]
        if report.filtered > 0 {
            let total = report.tally.count.addingReportingOverflow(report.filtered).partialValue
            parts.append("\(TextLayout.grouped(report.tally.count)) of \(TextLayout.count(total, "event"))")
        } else {
            parts.append(TextLayout.count(report.tally.count, "event"))
        }
        if let range = TextTimes.range(report.tally) { parts.append(range) }
        if report.inputs.count == 1, let only = report.inputs.first {
            let rest = parts.reduce(0) { $0 + TextLayout.width(of: $1) + 2 } + elapsed.utf8.count + 2
            let room = max(options.width - rest, 24)
            parts.insert(TextLayout.clipStart(options.clean(only.path), to: room, unicode: options.unicode), at: 0)
        } else {
            parts.insert(TextLayout.count(Int64(report.inputs.count), "file"), at: 0)
        }
        var lines = [TextLine()]
        for (index, part) in parts.enumerated() {
            let isLast = index + 1 == parts.count
            if lines[lines.count - 1].width + TextLayout.width(of: part) + 2 > options.width {
                lines.append(TextLine())
            }
            lines[lines.count - 1].append(part + (isLast ? "" : ", "), .heading)
        }
        for index in lines.indices where lines[index].width + 2 + elapsed.utf8.count <= options.width {
            if elapsed.isEmpty { break }
            lines[index].pad(to: options.width - elapsed.utf8.count)
            lines[index].append(elapsed, .faint)
            break
        }
        return lines
    }

    // MARK: Levels

    private func levels() -> [TextLine] {
        guard report.tally.count > 0 else {
            if let outside = report.outside {
                return TextLayout.wrap("No events: \(outside).", to: options.width).map { TextLine($0, .heading) }
            }
            let text = report.filtered > 0 ? "No event passes the filter." : "No events: there is nothing to analyse."
            return [TextLine(text, .heading)]
        }
        var line = TextLine()
        // Above findings "No errors. No warnings." would say that there is nothing.
        if report.failures == 0, report.byRank[Severity.warning.rank] == 0, !report.findings.isEmpty {
            return [TextLine("No event is an error or a warning.", .heading)]
        }
        let critical = report.byRank[Severity.critical.rank]
        let errors = report.byRank[Severity.error.rank]
        let warnings = report.byRank[Severity.warning.rank]
        if report.failures == 0 {
            line.append("No errors.", .heading)
            line.append(" ")
        }
        if critical > 0 { line.append("\(TextLayout.grouped(critical)) critical", .critical) }
        if critical > 0, errors > 0 { line.append(", ") }
        if errors > 0 { line.append(TextLayout.count(errors, "error"), .error) }
        // A rule may call a warning what the log calls an error: then there are warnings, though no event is counted as one.
        if warnings > 0 || !report.findings.contains(where: { $0.severity == .warning }) {
            if report.failures > 0 { line.append(", ") }
            let none = report.failures == 0 ? "No warnings" : "no warnings"
            line.append(
                warnings == 0 ? none : TextLayout.count(warnings, "warning"), warnings > 0 ? .warning : .plain)
        }
        if let peak = Peak(report), peak.count > 1 {
            let text = "; peak \(TextLayout.grouped(peak.count)) \(peak.noun) \(peak.unit) \(at(peak))"
            if line.width + text.utf8.count < options.width { line.append(text) }
        }
        if report.failures == 0 { line.append(".") }
        return [line]
    }

    private func at(_ peak: Peak) -> String {
        if peak.unit == "a day" { return "on \(TextTimes.date(peak.start))" }
        let times = TextTimes(report.tally, unicode: options.unicode)
        return "at \(times.point(peak.start, seconds: peak.unit == "a second"))"
    }

    // MARK: Timeline

    /// Failures over time, or warnings where there are none; times at both ends.
    private func sparkline() -> TextLine? {
        guard let first = report.tally.first, let last = report.tally.last, first < last,
            case (let span, false) = last.subtractingReportingOverflow(first),
            report.failures + report.byRank[Severity.warning.rank] > 0
        else { return nil }
        let times = TextTimes(report.tally, unicode: options.unicode)
        let ends = Self.ends(first, last, times.extent)
        let isFailure = report.failures > 0
        let label = (isFailure ? "errors " : "warnings ") + ends.0 + " "
        let room = options.width - label.utf8.count - ends.1.utf8.count - 1
        // Columns of equally many whole buckets, so that an even rate looks even.
        let width = report.timeline.width
        let buckets = span / width + 2
        let perColumn = (buckets - 1) / Int64(max(room, 1)) + 1
        let columns = (buckets - 1) / perColumn + 1
        let (start, isBefore) = first.subtractingReportingOverflow(((first % width) + width) % width)
        let (length, isLong) = (columns * perColumn).multipliedReportingOverflow(by: width)
        guard columns > 1, !isBefore, !isLong, case (let end, false) = start.addingReportingOverflow(length)
        else { return nil }
        let counts = report.timeline.columns(Int(columns), from: start, to: end)
        let values = counts.map { isFailure ? $0.failures : $0.byRank[Severity.warning.rank] }
        var line = TextLine(label, .faint)
        line.append(Sparkline.render(values, unicode: options.unicode), isFailure ? .error : .warning)
        line.append(" " + ends.1, .faint)
        return line
    }

    private static func ends(_ first: Int64, _ last: Int64, _ extent: TextTimes.Extent) -> (String, String) {
        let span = last - first
        if span > 86_400 * 2 * Timestamp.second {
            return extent == .years
                ? (TextTimes.date(first), TextTimes.date(last)) : (TextTimes.day(first), TextTimes.day(last))
        }
        let seconds = span < 600 * Timestamp.second
        return (TextTimes.clock(first, seconds: seconds), TextTimes.clock(last, seconds: seconds))
    }
}

/// The busiest stretch of the timeline.
private struct Peak {
    /// Failures, or warnings where there are none.
    var count: Int64 = 0
    /// `a minute`
    var unit: String
    /// Where it begins, nanoseconds.
    var start: Int64 = 0
    /// `errors`
    var noun: String

    init?(_ report: Report) {
        guard let first = report.tally.first, let last = report.tally.last else { return nil }
        let width = report.timeline.width
        let (span, overflow) = last.subtractingReportingOverflow(first)
        guard !overflow else { return nil }
        // The smallest unit that buckets add up to, but no seconds for a log of hours.
        let units: [(String, Int64)] = [
            ("a second", 1), ("a minute", 60), ("an hour", 3_600), ("a day", 86_400),
        ]
        let fitting = units.filter { _, seconds in
            seconds * Timestamp.second >= width && span / Timestamp.second <= seconds * 1_500
        }
        guard let (unit, seconds) = fitting.first ?? (width <= units[3].1 * Timestamp.second ? units[3] : nil)
        else { return nil }
        self.unit = unit
        let isFailure = report.failures > 0
        noun = isFailure ? "errors" : "warnings"
        let perUnit = seconds * Timestamp.second / width
        var sums: [Int64: Int64] = [:]
        for (bucket, counts) in report.timeline.buckets {
            let unit = bucket >= 0 ? bucket / perUnit : (bucket - perUnit + 1) / perUnit
            sums[unit, default: 0] += isFailure ? counts.failures : counts.byRank[Severity.warning.rank]
        }
        for (bucket, sum) in sums {
            // Buckets stand for times, which are products that fit.
            let time = bucket &* seconds &* Timestamp.second
            if sum > count || (sum == count && time < start) { (count, start) = (sum, time) }
        }
    }
}
