import LogCore

// What went wrong, and the events that show it.
extension JSONWriter {
    mutating func finding(_ finding: Finding) {
        beginObject()
        member("rank", Int64(finding.rank))
        if let rule = finding.rule {
            member("rule", rule.id)
            member("title", rule.title)
        } else {
            member("template_id", finding.id)
            member("template", finding.templateText)
            if !finding.status.isEmpty { member("status", finding.status) }
            member("component", finding.component)
        }
        key("level")
        string(finding.severity.name)
        member("count", finding.tally.count)
        times(finding.tally)
        key("series")
        series(finding.series)
        object("places") { $0.places(finding.places) }
        key("mainly")
        if let majority = finding.majority { self.majority(majority) } else { null() }
        key("sample")
        sample(finding.sample)
        list("further_samples", finding.further) { $0.sample($1) }
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
        list("story_citations", finding.story?.citations ?? []) { $0.citation($1) }
        endObject()
    }

    private mutating func places(_ places: FindingPlaces) {
        list("components", places.components) { $0.placeName($1) }
        list("hosts", places.hosts) { $0.placeName($1) }
        list("files", places.files) { $0.placeName($1) }
        list("partial", places.partial) { $0.string($1) }
    }

    private mutating func majority(_ majority: Majority) {
        beginObject()
        member("kind", majority.addresses == nil ? majority.kind.noun : "network")
        member("value", majority.value)
        member("count", majority.count)
        member("text", majority.text)
        if majority.isSampled { member("looked_at", majority.total) }
        if let addresses = majority.addresses { member("addresses", Int64(addresses)) }
        if let machine = majority.machine {
            key("machine")
            beginObject()
            member("name", machine.name)
            member("count", machine.count)
            endObject()
        }
        endObject()
    }

    private mutating func placeName(_ place: FindingPlaces.Name) {
        beginObject()
        member("name", place.name)
        member("count", place.count)
        endObject()
    }

    mutating func findingCase(_ one: FindingCase) {
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

    mutating func sample(_ sample: Sample) {
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
