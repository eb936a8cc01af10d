import LogCore

// Who said what: components, templates, and the metrics of plugins.
extension JSONWriter {
    mutating func component(_ component: Report.Component) {
        beginObject()
        member("name", component.name)
        member("failures", component.counts.failures)
        member("events", component.counts.total)
        key("levels")
        levels(component.counts.byRank)
        key("failure_series")
        series(component.counts.failureSeries)
        endObject()
    }

    mutating func template(_ named: Report.NamedTemplate) {
        beginObject()
        member("id", named.id)
        member("text", named.template.text)
        member("component", named.template.component)
        member("count", named.template.tally.count)
        member("unexplained", named.template.unexplained.count)
        key("levels")
        levels(named.template.byRank)
        times(named.template.tally)
        key("series")
        series(named.template.series)
        list("warned_statuses", named.template.warnedStatuses) { writer, warned in
            writer.beginObject()
            writer.member("status", warned.status)
            writer.member("count", warned.warnings.tally.count)
            writer.times(warned.warnings.tally)
            writer.key("sample")
            writer.sample(warned.warnings.sample)
            writer.endObject()
        }
        list("parameters", named.template.parameters) { $0.parameter($1) }
        key("sample")
        sample(named.template.sample)
        endObject()
    }

    mutating func metric(_ metric: MetricSummary) {
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
}
