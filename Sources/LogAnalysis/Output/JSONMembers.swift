import LogCore

/// Members and lists, as reports write them.
extension JSONWriter {
    mutating func member(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    mutating func member(_ name: StaticString, _ value: Int64) {
        key(name)
        number(value)
    }

    mutating func member(named name: String, _ value: String) {
        key(name)
        string(value)
    }

    mutating func member(named name: String, _ value: Int64) {
        key(name)
        number(value)
    }

    /// The name of the next value, from data.
    mutating func key(_ name: String) {
        var name = name
        name.withUTF8 { key(Span(_unsafeElements: $0)) }
    }

    mutating func list<Element>(
        _ name: StaticString, _ elements: [Element], _ write: (inout JSONWriter, Element) -> Void
    ) {
        key(name)
        beginArray()
        for element in elements { write(&self, element) }
        endArray()
    }

    mutating func object(_ name: StaticString, _ write: (inout JSONWriter) -> Void) {
        key(name)
        beginObject()
        write(&self)
        endObject()
    }

    mutating func times(_ tally: Tally) {
        key("first")
        timestamp(tally.first ?? Timestamp.none)
        key("last")
        timestamp(tally.last ?? Timestamp.none)
    }
}

/// A time as the JSON report writes it, without quotes.
func rfc3339(_ time: Int64) -> String {
    var writer = JSONWriter()
    writer.timestamp(time)
    return String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self)
}
