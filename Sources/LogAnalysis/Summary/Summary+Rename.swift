import LogCore

// A log that is followed may get another name, and its lines with it.
extension Summary {
    /// Puts other names of sources in place of those that have one, wherever a line is cited.
    package mutating func rename(_ names: [String: String]) {
        let before = sources
        sources = [:]
        for (path, var source) in before {
            source.path = names[path] ?? path
            for reason in source.lossSamples.keys { source.lossSamples[reason]?.rename(names) }
            if let known = sources[source.path] { source.merge(known) }
            sources[source.path] = source
        }
        for id in templates.keys { templates[id]?.rename(names) }
        for id in findings.keys { findings[id]?.rename(names) }
        for name in components.keys { components[name]?.failureSeries.rename(names) }
        for name in hosts.keys { hosts[name]?.sample?.rename(names) }
        identities?.rename(names)
    }
}

extension Sample {
    fileprivate mutating func rename(_ names: [String: String]) { source = names[source] ?? source }
}

extension FurtherSamples {
    fileprivate mutating func rename(_ names: [String: String]) {
        for index in samples.indices { samples[index].rename(names) }
    }
}

extension TemplateSummary {
    fileprivate mutating func rename(_ names: [String: String]) {
        sample.rename(names)
        series.rename(names)
        for status in failures.keys { failures[status]?.rename(names) }
        for status in warnings.keys { warnings[status]?.rename(names) }
        for index in parameters.indices {
            for kind in parameters[index].distributions.keys {
                parameters[index].distributions[kind]?.largest?.rename(names)
                parameters[index].distributions[kind]?.timed.rename(names)
            }
        }
    }
}

extension Failures {
    fileprivate mutating func rename(_ names: [String: String]) {
        sample.rename(names)
        further.rename(names)
        series.rename(names)
        joins.rename(names)
    }
}

extension FindingSummary {
    fileprivate mutating func rename(_ names: [String: String]) {
        sample.rename(names)
        further.rename(names)
        series.rename(names)
        joins.rename(names)
        for index in cases.indices { cases[index].source = names[cases[index].source] ?? cases[index].source }
    }
}
