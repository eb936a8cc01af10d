import LogCore

/// Writes a report as JSON for programs. `docs/report.md` says what every key means; the order of keys and of all
/// lists is fixed, so that equal reports are equal byte for byte.
package enum JSONReport {
    /// Changes when a key changes its meaning or goes; new keys may come without.
    package static let schema: StaticString = "ailogger-report/1"

    package static func render(_ report: Report, pretty: Bool) -> ContiguousArray<UInt8> {
        var writer = JSONWriter(pretty: pretty, capacity: 1 << 16)
        writer.beginObject()
        writer.report(report)
        writer.endObject()
        writer.newline()
        return writer.bytes
    }

    /// A part of a report, and a key more that says what is not in it.
    static func render(_ excerpt: Excerpt) -> ContiguousArray<UInt8> {
        var writer = JSONWriter(capacity: 1 << 20)
        writer.beginObject()
        writer.report(excerpt.report)
        writer.omissions(excerpt)
        writer.endObject()
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func report(_ report: Report) {
        key("schema")
        string(JSONReport.schema)
        totals(report)
        key("levels")
        levels(report.byRank, all: true)
        key("ledger")
        ledger(report.ledger)
        list("losses", report.losses) { $0.loss($1) }
        list("times", report.timeNotes) { $0.timeNote($1) }
        list("inputs", report.inputs) { $0.input($1) }
        timeline(report.timeline)
        list("incidents", report.incidents) { $0.incident($1) }
        list("findings", report.findings.filter { $0.rule != nil }) { $0.finding($1) }
        list("unexplained", report.findings.filter { $0.rule == nil }) { $0.finding($1) }
        list("changes", report.changes) { $0.change($1) }
        key("comparison")
        if let comparison = report.comparison { self.comparison(comparison) } else { null() }
        list("components", report.components) { $0.component($1) }
        list("templates", report.templates) { $0.template($1) }
        list("metrics", report.metrics) { $0.metric($1) }
        key("dropped")
        beginObject()
        for (plugin, events) in report.dropped { member(named: plugin, events) }
        endObject()
        list("warnings", report.warnings) { $0.string($1) }
        list("problems", report.problems) { $0.problem($1) }
    }

    fileprivate mutating func omissions(_ excerpt: Excerpt) {
        list("omitted", excerpt.omissions) { writer, omission in
            writer.beginObject()
            writer.key("list")
            writer.string(omission.list)
            writer.member("kept", Int64(omission.kept))
            writer.member("of", Int64(omission.total))
            writer.endObject()
        }
        key("omitted_findings")
        levels(excerpt.findingsByRank)
    }

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
        let sources: [TimeSource] = [.none, .line, .inherited, .yearInferred, .dateInferred]
        for (source, count) in zip(sources, report.byTimeSource) {
            switch source {
            case .none: member("none", count)
            case .line: member("line", count)
            case .inherited: member("inherited", count)
            case .yearInferred: member("year_inferred", count)
            case .dateInferred: member("date_inferred", count)
            }
        }
        endObject()
        key("understood")
        if let share = report.understood { number(share) } else { null() }
        endObject()
    }
}
