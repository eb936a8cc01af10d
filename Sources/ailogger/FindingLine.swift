import LogAnalysis
import LogCore

/// What a correlator found, as a line among those of `parse`: an object with the key `finding` instead of an event.
enum FindingLine {
    /// `isCleared`: an alert that is over.
    static func encode(_ finding: FindingSummary, isCleared: Bool = false) -> ContiguousArray<UInt8> {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("finding")
        writer.string(finding.rule.id)
        writer.key("title")
        writer.string(finding.rule.title)
        writer.key("level")
        writer.string(finding.rule.severity.name)
        if isCleared {
            writer.key("status")
            writer.string("cleared")
        }
        if let message = finding.message {
            writer.key("message")
            writer.string(message)
        }
        writer.key("count")
        writer.number(finding.tally.count)
        if let first = finding.tally.first {
            writer.key("first")
            writer.timestamp(first)
        }
        if let last = finding.tally.last {
            writer.key("last")
            writer.timestamp(last)
        }
        writer.key("fields")
        writer.beginObject()
        for (name, value) in finding.captures.sorted(by: { $0.key < $1.key }) {
            var name = name
            name.withUTF8 { writer.key(Span(_unsafeElements: $0)) }
            writer.string(value)
        }
        writer.endObject()
        writer.key("line")
        writer.number(finding.sample.line)
        writer.key("source")
        writer.string(finding.sample.source)
        writer.endObject()
        writer.newline()
        return writer.bytes
    }
}
