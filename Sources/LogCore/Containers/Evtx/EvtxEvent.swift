/// Gathers what the XML of one event says and writes it as a line.
/// https://learn.microsoft.com/en-us/windows/win32/wes/eventschema-schema
struct EvtxEvent {
    private struct Field {
        var name: String
        var value: Range<Int>
        var isNumber: Bool
    }

    /// Of an event's values.
    private static let textLimit = 1 << 18
    private static let fieldLimit = 1000
    /// Of the data in the message.
    private static let messageBytes = 2000

    /// The number and the time that the record bears outside of its XML.
    var record: Int?
    var written: UInt64 = 0

    private var path: [String] = []
    private var isInTag = false
    private var attribute: String?
    /// `<Data Name="…">`.
    private var dataName: String?
    private var text: ContiguousArray<UInt8> = []
    private var start = 0
    private var isNumber = false
    private var system: [Field] = []
    private var data: [Field] = []
    private var unnamed = 0
    private var rendered: Range<Int>?

    // MARK: Reading

    mutating func open(_ name: String) {
        endText()
        path.append(name)
        isInTag = true
        dataName = nil
    }

    mutating func beginAttribute(_ name: String) {
        endText()
        attribute = name
    }

    /// The start tag is over.
    mutating func closeTag() {
        endText()
        attribute = nil
        isInTag = false
    }

    mutating func close() {
        endText()
        attribute = nil
        isInTag = false
        dataName = nil
        if !path.isEmpty { path.removeLast() }
    }

    mutating func append(type: UInt8, _ chunk: ContiguousArray<UInt8>, _ range: Range<Int>) {
        let isFirst = text.count == start
        if text.count < Self.textLimit {
            isNumber = EvtxValue.append(type: type, chunk, range, to: &text) && isFirst
        }
    }

    mutating func append(utf16 chunk: ContiguousArray<UInt8>, _ range: Range<Int>) {
        if text.count < Self.textLimit { EvtxValue.append(utf16: chunk, range, to: &text) }
        isNumber = false
    }

    mutating func append(unit: UInt16) {
        text.append(contentsOf: UTF8.encode(Unicode.Scalar(unit) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter)
        isNumber = false
    }

    mutating func append(entity: String) {
        let known = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        text.append(contentsOf: (known[entity] ?? "&\(entity);").utf8)
        isNumber = false
    }

    private mutating func endText() {
        let value = start..<text.count
        start = text.count
        defer { isNumber = false }
        if value.isEmpty { return }
        let isSpace = text[value].allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        let element = path.last ?? ""
        guard path.count >= 2, !isSpace, system.count + data.count < Self.fieldLimit else { return }
        let field = Field(name: "", value: value, isNumber: isNumber)
        switch path[1] {
        case "System": takeSystem(field, element, attribute)
        case "RenderingInfo": if element == "Message", attribute == nil { rendered = value }
        default: takeData(field, element)
        }
    }

    private mutating func takeSystem(_ field: Field, _ element: String, _ attribute: String?) {
        let names = [
            "Provider@Name": "component", "EventID": "event", "EventID@Qualifiers": "qualifiers", "Level": "level",
            "Task": "task", "Opcode": "opcode", "Keywords": "keywords", "TimeCreated@SystemTime": "timestamp",
            "EventRecordID": "record", "Correlation@ActivityID": "activity",
            "Correlation@RelatedActivityID": "related_activity", "Execution@ProcessID": "pid",
            "Execution@ThreadID": "thread", "Channel": "channel", "Computer": "host", "Security@UserID": "user",
        ]
        guard let name = names[attribute.map { "\(element)@\($0)" } ?? element] else { return }
        var field = field
        field.name = name
        system.append(field)
    }

    private mutating func takeData(_ field: Field, _ element: String) {
        if let attribute {
            if element == "Data", attribute == "Name" { dataName = String(decoding: text[field.value], as: UTF8.self) }
            return
        }
        var field = field
        if element == "Data", dataName == nil { unnamed += 1 }
        field.name = element == "Data" ? dataName ?? "data\(unnamed)" : element
        data.append(field)
    }

    // MARK: Writing

    func write(_ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("timestamp")
        if let time = value("timestamp") {
            writer.string(text.span.extracting(time))
        } else {
            writer.timestamp(EvtxValue.nanoseconds(written) ?? Timestamp.none)
        }
        writer.key("level")
        writer.string(level)
        if let provider = value("component") {
            writer.key("component")
            writer.string(text.span.extracting(provider))
        }
        writer.key("message")
        writeMessage(&writer)
        let known = ["timestamp", "level", "component"]
        for field in system where !known.contains(field.name) { write(field, &writer) }
        if value("record") == nil, let record {
            writer.key("record")
            writer.number(record)
        }
        for field in data { write(field, &writer) }
        writer.endObject()
        writer.newline()
    }

    private func value(_ name: String) -> Range<Int>? { system.first { $0.name == name }?.value }

    private func write(_ field: Field, _ writer: inout JSONWriter) {
        writer.key(named: field.name)
        let value = text.span.extracting(field.value)
        if field.isNumber { writer.raw(value) } else { writer.string(value) }
    }

    /// Windows' levels; audits have none, but say in their keywords whether what was tried failed.
    private var level: String {
        switch value("level").flatMap({ text.span.decimal($0) }) {
        case 1: return "critical"
        case 2: return "error"
        case 3: return "warning"
        case 5: return "debug"
        default: break
        }
        let keywords = value("keywords").flatMap {
            UInt64(String(decoding: text[$0].dropFirst(2), as: UTF8.self), radix: 16)
        }
        return (keywords ?? 0) & 1 << 52 != 0 ? "warning" : "info"
    }

    /// The text of a message lies in a library of the program that wrote it, not in the log: its number and its data
    /// stand for it, unless the log was forwarded with its texts.
    private func writeMessage(_ writer: inout JSONWriter) {
        if let rendered {
            writer.string(text.span.extracting(rendered))
            return
        }
        var message: ContiguousArray<UInt8> = ContiguousArray("event ".utf8)
        if let event = value("event") { message.append(contentsOf: text[event]) }
        for (index, field) in data.enumerated() where message.count < Self.messageBytes {
            message.append(contentsOf: (index == 0 ? ": " : ", ").utf8)
            message.append(contentsOf: "\(field.name)=".utf8)
            message.append(contentsOf: text[field.value].prefix(Self.messageBytes))
        }
        writer.string(message.span)
    }
}
