import LogCore

// Members of an object in one line.
extension JSONWriter {
    mutating func member(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    mutating func member(named name: String, _ value: String) {
        var name = name
        name.withUTF8 { key(Span(_unsafeElements: $0)) }
        string(value)
    }

    mutating func member(named name: String, _ value: Int64) {
        var name = name
        name.withUTF8 { key(Span(_unsafeElements: $0)) }
        number(value)
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
}
