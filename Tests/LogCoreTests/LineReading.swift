import LogCore

/// What a parser made of one line, with every range resolved to its bytes.
struct LineReading {
    struct Member: Equatable {
        var name: String
        var kind: FieldKind
        var text: String
    }

    var isAccepted: Bool
    var record: Record
    var message: String
    var component: String
    var fields: [Member]
    /// Whether every range lies within the line or the decoded text.
    var isInBounds: Bool

    /// Parses `line` as if it stood at `base` in its batch.
    init(_ line: [UInt8], _ parser: any LineParser, base: Int = 0, builder event: inout EventBuilder) {
        // Padding on both sides: a wrong offset then shows as wrong text.
        let batch = [UInt8](repeating: UInt8(ascii: "#"), count: base) + line + Array("##########".utf8)
        event.reset(rawCount: batch.count)
        event.begin()
        isAccepted = line.withUnsafeBufferPointer {
            parser.parse(Span(_unsafeElements: $0), at: base, into: &event)
        }
        let decoded = Array(event.decoded)
        var inBounds = true
        func text(_ range: ByteRange) -> String {
            let isRaw = range.lower >= base && range.lower <= range.upper && range.upper <= base + line.count
            if range == .empty { return "" }
            if isRaw { return String(decoding: batch[range.lower..<range.upper], as: UTF8.self) }
            let start = range.lower - batch.count
            let end = range.upper - batch.count
            guard start >= 0, start <= end, end <= decoded.count else {
                inBounds = false
                return "<out of bounds>"
            }
            return String(decoding: decoded[start..<end], as: UTF8.self)
        }
        record = event.record
        message = text(record.message)
        component = text(record.component)
        fields = event.fields[Int(record.firstField)...].map { field in
            Member(
                name: String(decoding: event.keys.name(field.key), as: UTF8.self), kind: field.kind,
                text: text(field.value))
        }
        isInBounds = inBounds
    }

    init(_ line: String, _ parser: any LineParser, base: Int = 7) {
        var event = EventBuilder()
        self.init(Array(line.utf8), parser, base: base, builder: &event)
    }

    /// `name=text` of every field, in order, joined by blanks.
    var fieldList: String { fields.map { "\($0.name)=\($0.text)" }.joined(separator: " ") }

    var time: Int64? { record.timeSource == .none ? nil : record.time }
}
