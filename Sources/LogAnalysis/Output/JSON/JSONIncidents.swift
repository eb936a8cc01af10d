import LogCore

// What belongs together, and what is said of it.
extension JSONWriter {
    mutating func incident(_ incident: Incident) {
        beginObject()
        member("rank", Int64(incident.rank))
        member("title", incident.title)
        key("level")
        string(incident.severity.name)
        key("start")
        timestamp(incident.start)
        key("end")
        timestamp(incident.end)
        member("failures", incident.failures)
        if let hosts = incident.hosts {
            object("hosts") { writer in
                writer.member("count", Int64(hosts.count))
                writer.key("partial")
                writer.bool(hosts.isPart)
                writer.member("kind", hosts.kind.rawValue)
                if let name = hosts.name { writer.member("name", name) }
            }
        }
        list("suspects", incident.suspects) { writer, suspect in
            writer.beginObject()
            writer.member("finding", Int64(suspect.finding))
            writer.member("title", suspect.title)
            writer.member("component", suspect.component)
            writer.key("confidence")
            writer.number(suspect.confidence)
            writer.list("reasons", suspect.reasons) { $0.statement($1) }
            writer.endObject()
        }
        list("components", incident.components) { writer, component in
            writer.beginObject()
            writer.member("name", component.name)
            writer.member("failures", component.failures)
            writer.key("first")
            writer.timestamp(component.first)
            writer.endObject()
        }
        list("findings", incident.findings) { $0.number($1) }
        list("statements", incident.statements) { $0.statement($1) }
        endObject()
    }

    mutating func statement(_ statement: Statement) {
        beginObject()
        member("text", statement.text)
        list("citations", statement.citations) { $0.citation($1) }
        endObject()
    }

    mutating func citation(_ citation: Citation) {
        beginObject()
        member("count", citation.count)
        member("source", citation.source)
        member("line", citation.line)
        key("time")
        timestamp(citation.time ?? Timestamp.none)
        endObject()
    }
}
