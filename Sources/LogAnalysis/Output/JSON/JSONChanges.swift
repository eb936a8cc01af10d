import LogCore

// What was different: at one time, or from a baseline.
extension JSONWriter {
    mutating func change(_ change: Change) {
        beginObject()
        member("kind", change.kind.rawValue)
        subject(change.subject, called: change.name)
        key("statement")
        statement(change.statement)
        key("start")
        timestamp(change.start)
        key("end")
        timestamp(change.end ?? Timestamp.none)
        key("observed")
        number(change.observed)
        key("expected")
        number(change.expected)
        key("chance")
        number(change.chance)
        key("sample")
        sample(change.sample)
        endObject()
    }

    mutating func comparison(_ comparison: Comparison) {
        beginObject()
        member("baseline", comparison.baseline)
        member("events", comparison.events)
        member("baseline_events", comparison.baselineEvents)
        key("scale")
        number(comparison.scale)
        key("note")
        if let note = comparison.note { string(note) } else { null() }
        list("differences", comparison.differences) { $0.difference($1) }
        endObject()
    }

    mutating func difference(_ difference: Comparison.Difference) {
        beginObject()
        member("kind", difference.kind.rawValue)
        subject(difference.subject, called: difference.name)
        key("statement")
        statement(difference.statement)
        key("here")
        number(difference.here)
        key("there")
        number(difference.there)
        key("chance")
        number(difference.chance)
        key("sample")
        sample(difference.sample)
        endObject()
    }

    private mutating func subject(_ subject: Change.Subject, called name: String) {
        key("subject")
        beginObject()
        switch subject {
        case .template(let id): member("template", id)
        case .rule(let id): member("rule", id)
        case .component(let name): member("component", name)
        case .log: member("log", "all")
        case .source(let path): member("source", path)
        case .parameter(let template, let index):
            member("template", template)
            member("parameter", Int64(index))
        }
        endObject()
        member("name", name)
    }
}
