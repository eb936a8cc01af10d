import LogAnalysis
import LogCore

/// What a correlator found, as a line among those of `parse`: an object with the key `finding` instead of an event.
enum FindingLine {
    /// `status`: of an alert, raised or cleared; else empty.
    static func encode(_ rule: RuleInfo, _ one: FindingCase, status: String) -> ContiguousArray<UInt8> {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("finding")
        writer.string(rule.id)
        if let time = one.time {
            writer.key("timestamp")
            writer.timestamp(time)
        }
        writer.key("level")
        writer.string(rule.severity.name)
        writer.key("title")
        writer.string(rule.title)
        if !status.isEmpty {
            writer.key("status")
            writer.string(status)
        }
        if !one.key.isEmpty {
            writer.key("key")
            writer.string(one.key)
        }
        writer.key("message")
        writer.string(one.message)
        writer.key("fields")
        writer.beginObject()
        for (name, value) in one.fields.sorted(by: { $0.key < $1.key }) {
            writer.key(named: name)
            writer.value(value)
        }
        writer.endObject()
        // Of what has no event that stands for it, there is no place.
        if !one.source.isEmpty {
            writer.key("line")
            writer.number(one.line)
            writer.key("source")
            writer.string(one.source)
        }
        writer.endObject()
        writer.newline()
        return writer.bytes
    }
}
