import LogCore

// Members of an object in one line.
extension JSONWriter {
    mutating func member(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    mutating func member(named name: String, _ value: String) {
        key(named: name)
        string(value)
    }

    mutating func member(named name: String, _ value: Int64) {
        key(named: name)
        number(value)
    }

    mutating func member(named name: String, _ value: FieldValue) {
        key(named: name)
        self.value(value)
    }

    mutating func member(_ name: StaticString, _ value: Int64) {
        key(name)
        number(value)
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
}

/// A time as the JSON report writes it, without quotes.
func rfc3339(_ time: Int64) -> String {
    var writer = JSONWriter()
    writer.timestamp(time)
    return String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self)
}
