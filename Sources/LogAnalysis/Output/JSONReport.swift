import LogCore

/// Writes a report as JSON for programs. `docs/report.md` says what every key means; the order of keys and of all
/// lists is fixed, so that equal reports are equal byte for byte.
package enum JSONReport {
    /// Changes when a key changes its meaning or goes; new keys may come without.
    package static let schema: StaticString = "ailogger-report/1"

    package static func render(_ report: Report, pretty: Bool) -> ContiguousArray<UInt8> {
        var writer = JSONWriter(pretty: pretty, capacity: 1 << 16)
        writer.report(report)
        writer.newline()
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func report(_ report: Report) {
        beginObject()
        key("schema")
        string(JSONReport.schema)
        totals(report)
        key("levels")
        levels(report.byRank, all: true)
        key("ledger")
        ledger(report.ledger)
        list("inputs", report.inputs) { $0.input($1) }
        timeline(report.timeline)
        list("findings", report.findings.filter { $0.rule != nil }) { $0.finding($1) }
        list("unexplained", report.findings.filter { $0.rule == nil }) { $0.finding($1) }
        list("losses", report.losses) { $0.loss($1) }
        list("components", report.components) { $0.component($1) }
        list("templates", report.templates) { $0.template($1) }
        list("metrics", report.metrics) { $0.metric($1) }
        key("dropped")
        beginObject()
        for (plugin, events) in report.dropped { member(named: plugin, events) }
        endObject()
        list("warnings", report.warnings) { $0.string($1) }
        list("problems", report.problems) { writer, input in
            writer.beginObject()
            writer.member("path", input.path)
            writer.member("error", input.error ?? "")
            writer.endObject()
        }
        endObject()
    }

    // MARK: The whole

    private mutating func totals(_ report: Report) {
        key("totals")
        beginObject()
        member("inputs", Int64(report.inputs.count))
        member("bytes", report.ledger.bytes)
        member("lines", report.ledger.lines)
        member("events", report.tally.count)
        member("filtered", report.filtered)
        member("failures", report.failures)
        times(report.tally)
        key("time_sources")
        beginObject()
        for (source, count) in zip([TimeSource.none, .line, .inherited, .yearInferred], report.byTimeSource) {
            switch source {
            case .none: member("none", count)
            case .line: member("line", count)
            case .inherited: member("inherited", count)
            case .yearInferred: member("year_inferred", count)
            }
        }
        endObject()
        key("understood")
        if let share = report.understood { number(share) } else { null() }
        endObject()
    }

    /// Counts by level; `all` writes zeros too.
    private mutating func levels(_ byRank: [Int64], all: Bool = false) {
        beginObject()
        for severity in Severity.allCases.reversed() where severity.rank < byRank.count {
            let count = byRank[severity.rank]
            if count == 0, !all { continue }
            switch severity {
            case .critical: member("CRITICAL", count)
            case .error: member("ERROR", count)
            case .warning: member("WARNING", count)
            case .info: member("INFO", count)
            case .debug: member("DEBUG", count)
            case .trace: member("TRACE", count)
            case .unspecified: member("NONE", count)
            }
        }
        endObject()
    }

    private mutating func ledger(_ ledger: Ledger) {
        beginObject()
        member("bytes", ledger.bytes)
        member("accounted", ledger.accounted)
        member("event_bytes", ledger.eventBytes)
        member("joined_bytes", ledger.joinedBytes)
        member("blank_bytes", ledger.blankBytes)
        member("truncated_bytes", ledger.truncatedBytes)
        member("skipped_bytes", ledger.skippedBytes)
        member("unparsed_bytes", ledger.unparsedBytes)
        member("lines", ledger.lines)
        member("events", ledger.events)
        member("joined_lines", ledger.joinedLines)
        member("blank_lines", ledger.blankLines)
        member("truncated_events", ledger.truncatedEvents)
        member("unparsed_events", ledger.unparsedEvents)
        member("untimed_bytes", ledger.untimedBytes)
        member("untimed_events", ledger.untimedEvents)
        member("nul_bytes", ledger.nulRunBytes)
        member("nul_runs", ledger.nulRunEvents)
        endObject()
    }

    private mutating func input(_ input: SourceSummary) {
        beginObject()
        member("path", input.path)
        list("formats", input.formats) { $0.string($1) }
        key("confidence")
        number(input.confidence)
        key("compression")
        if let compression = input.compression { string(compression) } else { null() }
        key("inferred_year")
        if let year = input.inferredYear { number(year) } else { null() }
        key("ledger")
        ledger(input.ledger)
        key("unparsed")
        if let sample = input.unparsedSample { self.sample(sample) } else { null() }
        key("error")
        if let error = input.error { string(error) } else { null() }
        key("skipped")
        if let skipped = input.skipped { string(skipped) } else { null() }
        endObject()
    }

    private mutating func loss(_ loss: Loss) {
        beginObject()
        member("reason", loss.reason.rawValue)
        member("meaning", loss.reason.text)
        member("count", loss.count)
        member("bytes", loss.bytes)
        list("inputs", Array(loss.inputs.prefix(100))) { $0.string($1) }
        list("samples", loss.samples) { $0.sample($1) }
        key("message")
        if let message = loss.message { string(message) } else { null() }
        member("hint", loss.hint)
        endObject()
    }

    private mutating func timeline(_ timeline: Timeline) {
        key("timeline")
        beginObject()
        member("width_seconds", timeline.width / Timestamp.second)
        list("buckets", timeline.buckets.sorted { $0.key < $1.key }) { writer, bucket in
            writer.beginObject()
            writer.key("start")
            let (start, overflow) = bucket.key.multipliedReportingOverflow(by: timeline.width)
            writer.timestamp(overflow ? Timestamp.none : start)
            writer.key("levels")
            writer.levels(bucket.value.byRank)
            writer.endObject()
        }
        endObject()
    }

    // MARK: Parts

    private mutating func finding(_ finding: Finding) {
        beginObject()
        member("rank", Int64(finding.rank))
        if let rule = finding.rule {
            member("rule", rule.id)
            member("title", rule.title)
        } else {
            member("template_id", finding.id)
            member("template", finding.title)
            list("template_ids", finding.templates) { $0.string($1) }
            member("component", finding.component)
        }
        key("level")
        string(finding.severity.name)
        member("count", finding.tally.count)
        times(finding.tally)
        key("sample")
        sample(finding.sample)
        if let rule = finding.rule {
            key("captures")
            beginObject()
            for (name, value) in finding.captures { member(named: name, value) }
            endObject()
            if !finding.cases.isEmpty { list("cases", finding.cases) { $0.findingCase($1) } }
            member("cause", rule.cause)
            list("fix", rule.fix) { $0.string($1) }
            list("docs", rule.docs) { writer, page in
                writer.beginObject()
                writer.member("title", page.title)
                writer.member("url", page.url)
                writer.key("versions")
                if let versions = page.versions { writer.string(versions) } else { writer.null() }
                writer.endObject()
            }
        }
        key("story")
        if let story = finding.story { string(story.text) } else { null() }
        endObject()
    }

    private mutating func findingCase(_ one: FindingCase) {
        beginObject()
        key("time")
        timestamp(one.time ?? Timestamp.none)
        if !one.key.isEmpty { member("key", one.key) }
        member("message", one.message)
        key("fields")
        beginObject()
        for (name, value) in one.fields.sorted(by: { $0.key < $1.key }) { member(named: name, value) }
        endObject()
        member("source", one.source)
        member("line", one.line)
        endObject()
    }

    private mutating func metric(_ metric: MetricSummary) {
        beginObject()
        member("name", metric.name)
        member("kind", metric.kind.rawValue)
        if !metric.help.isEmpty { member("help", metric.help) }
        key("labels")
        beginObject()
        for (name, value) in metric.labels.sorted(by: { $0.key < $1.key }) { member(named: name, value) }
        endObject()
        key(metric.kind == .histogram ? "sum" : "value")
        number(metric.value)
        if metric.kind == .histogram {
            member("count", Int64(clamping: metric.count))
            list("bounds", metric.bounds) { $0.number($1) }
            list("buckets", metric.buckets) { $0.number(Int64(clamping: $1)) }
        }
        if let time = metric.time {
            key("time")
            timestamp(time)
        }
        endObject()
    }

    private mutating func component(_ component: Report.Component) {
        beginObject()
        member("name", component.name)
        member("failures", component.counts.failures)
        member("events", component.counts.total)
        key("levels")
        levels(component.counts.byRank)
        endObject()
    }

    private mutating func template(_ named: Report.NamedTemplate) {
        beginObject()
        member("id", named.id)
        member("text", named.template.text)
        member("component", named.template.component)
        member("count", named.template.tally.count)
        member("unexplained", named.template.unexplained.count)
        key("levels")
        levels(named.template.byRank)
        times(named.template.tally)
        key("sample")
        sample(named.template.sample)
        endObject()
    }

    private mutating func sample(_ sample: Sample) {
        beginObject()
        member("source", sample.source)
        member("line", sample.line)
        member("offset", sample.offset)
        key("time")
        timestamp(sample.time ?? Timestamp.none)
        member("text", sample.text)
        endObject()
    }
}
