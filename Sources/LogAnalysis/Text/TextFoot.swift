import LogCore

/// The last lines: what was left out, and how far the report can be trusted.
struct TextFoot {
    private static let labels = 12
    /// Lines about problems at most, each kind.
    private static let limit = 3
    /// More findings than anyone reads at once.
    private static let many = 20

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
        lines += TextChanges(options, report).lines()
        lines += metrics()
        lines += dropped()
        lines += problems()
        if report.ledger.bytes > 0 {
            lines.append(understood())
            if report.ledger.unparsedEvents > 0 { lines.append(unparsed()) }
            if options.top != nil { lines += losses() }
            lines += times()
            lines.append(ledger())
        }
        return lines
    }

    private var room: Int { options.width - Self.labels }

    private func more(shown: Int, full: Int) -> TextLine? {
        let count = report.findings.count
        guard full < count else { return nil }
        let left = count - shown
        var line = TextLine(left > 0 ? "+ \(TextLayout.count(Int64(left), "more finding")); " : "")
        let hint =
            count > Self.many
            ? "--top \(Self.many) shows \(Self.many) in full"
            : "--top \(count) shows all that is known of " + (count > 1 ? "each" : "it")
        line.append(hint, .faint)
        return line
    }

    // MARK: Plugins

    /// What plugins measured, a line a series.
    private func metrics() -> [TextLine] {
        let most = 8
        var lines = report.metrics.prefix(most).enumerated().map { index, metric in
            let text = options.clean("\(metric.series) \(Self.value(metric))")
            return labelled(index == 0 ? "metrics" : "", options.clip(text, to: room), .plain)
        }
        if report.metrics.count > most {
            lines.append(labelled("", "+ \(report.metrics.count - most) more; --format json has all"))
        }
        return lines
    }

    private static func value(_ metric: MetricSummary) -> String {
        guard metric.kind == .histogram else { return number(metric.value) }
        let mean = metric.count > 0 ? metric.value / Double(metric.count) : 0
        var text = "count \(TextLayout.grouped(Int64(clamping: metric.count))), mean \(number(mean))"
        for (name, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
            guard let value = metric.quantile(share) else { continue }
            text += ", \(name) " + (value.isFinite ? number(value) : "over \(number(metric.bounds.last ?? 0))")
        }
        return text
    }

    /// Up to four significant digits behind the point; whole numbers in groups.
    private static func number(_ value: Double) -> String {
        if value == value.rounded(), value.magnitude < 1e15 { return TextLayout.grouped(Int64(value)) }
        if value.magnitude >= 1000 { return TextLayout.grouped(Int64(value.rounded())) }
        var scale: Double = 10_000
        while (value * scale).magnitude < 1000, scale < 1e12 { scale *= 10 }
        return String((value * scale).rounded() / scale)
    }

    private func dropped() -> [TextLine] {
        report.dropped.map { plugin, events in
            labelled(
                "dropped", options.clip("\(TextLayout.count(events, "event")) by \(options.clean(plugin))", to: room))
        }
    }

    // MARK: Trust

    private func problems() -> [TextLine] {
        let unread = report.problems.map { "\($0.path): \($0.error ?? "")" }
        // The head says it where there is nothing else to say.
        let warnings = report.tally.count > 0 ? report.warnings : report.warnings.filter { $0 != report.outside }
        return limited("not read", unread, .error) + limited("warning", warnings, .warning) + skipped()
    }

    /// One line: a folder of logs with a few archives and pictures beside them is no reason to worry.
    private func skipped() -> [TextLine] {
        let inputs = report.inputs.filter { $0.skipped != nil }
        guard let first = inputs.first, let reason = first.skipped else { return [] }
        let others = inputs.count > 1 ? " and \(TextLayout.count(Int64(inputs.count - 1), "other file"))" : ""
        return [labelled("skipped", options.clip(options.clean("\(first.path)\(others): \(reason)"), to: room))]
    }

    private func limited(_ label: String, _ texts: [String], _ style: TextStyle) -> [TextLine] {
        // Never cut: what is wrong stands at the end, behind a path of any length.
        var lines = texts.prefix(Self.limit).flatMap { text in
            TextLayout.wrap(options.clean(text), to: room).enumerated().map {
                labelled($0.offset == 0 ? label : "", $0.element, style)
            }
        }
        if texts.count > Self.limit {
            lines.append(labelled("", "+ \(texts.count - Self.limit) more; --format json has all"))
        }
        return lines
    }

    /// Share of the bytes that formats explain, and the formats as far as they fit.
    private func understood() -> TextLine {
        let share = report.understood.map(TextLayout.percent) ?? ""
        let rest = isBrief && !brief.isEmpty ? "; " + brief : ""
        let formats = formats(room: room - TextLayout.width(of: share + rest) - 2)
        return labelled("understood", options.clip(share + (formats.isEmpty ? "" : ": " + formats) + rest, to: room))
    }

    /// What was taken for granted about times, and whether that is little enough to stand behind something else.
    private var brief: String {
        options.clean(report.timeNotes.filter(\.isNotable).map(\.text).joined(separator: "; "))
    }
    private var isBrief: Bool { options.top == nil && TextLayout.width(of: brief) <= 32 }

    /// The same in a line of its own; with --top all of it, and what to do.
    private func times() -> [TextLine] {
        guard options.top != nil else { return isBrief ? [] : [labelled("times", options.clip(brief, to: room))] }
        let notes = report.timeNotes
        return notes.enumerated().flatMap { index, note in
            let place = note.inputs.count == 1 ? ", \(note.inputs[0])" : ""
            let first = labelled(index == 0 ? "times" : "", options.clip(options.clean(note.text + place), to: room))
            return [first] + TextLayout.wrap(options.clean(note.hint), to: room - 2).map { labelled("", "  " + $0) }
        }
    }

    /// What no format of its file understood.
    private func unparsed() -> TextLine {
        let ledger = report.ledger
        var text = "\(TextLayout.count(ledger.unparsedEvents, "event")), \(TextLayout.bytes(ledger.unparsedBytes))"
        if let sample = report.unparsedSample { text += ", first at \(options.place(sample.source, sample.line))" }
        return labelled("unparsed", options.clip(text, to: room))
    }

    /// What was not understood, by reason, each with an example and what to do. The first ones of `unparsed` are the
    /// same lines; what is not read has lines of its own above.
    private func losses() -> [TextLine] {
        report.losses.filter { $0.reason != .unread && $0.reason != .noText }.flatMap { loss in
            var text = "\(TextLayout.count(loss.count, "event")) \(loss.reason.text), \(TextLayout.bytes(loss.bytes))"
            if let sample = loss.samples.first { text += ", first at \(options.place(sample.source, sample.line))" }
            var lines = [labelled("", options.clip("- " + text, to: room))]
            if let sample = loss.samples.first, let line = sample.text.split(separator: "\n").first {
                lines.append(labelled("", options.clip("  " + options.clean(String(line)), to: room), .plain))
            }
            return lines + TextLayout.wrap(options.clean(loss.hint), to: room - 2).map { labelled("", "  " + $0) }
        }
    }

    private func formats(room: Int) -> String {
        var names = report.formats.map { format in
            options.clean(format.name) + (format.inputs > 1 ? " (\(format.inputs))" : "")
        }
        let unknown = report.inputs.count { $0.formats.isEmpty && $0.ledger.bytes > 0 }
        if unknown > 0 { names.append("no known format (\(unknown))") }
        for count in stride(from: names.count, to: 0, by: -1) {
            let left = names.count - count
            let text = names[..<count].joined(separator: ", ") + (left > 0 ? ", + \(left) more" : "")
            if TextLayout.width(of: text) <= room { return text }
        }
        return ""
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
            let missing = TextLayout.grouped(ledger.bytes &- ledger.accounted)
            let text = "\(total), of which \(missing) are unaccounted for"
            return labelled("bytes", options.clip(text, to: room), .error)
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
