/// A field's value that has left its batch: text, with what kind of value it is.
package struct FieldValue: Sendable, Equatable {
    package var kind: FieldKind
    /// Of a string its text; else the value in JSON.
    package var text: String

    package init(_ text: String) {
        kind = .string
        self.text = text
    }

    package init(_ number: Int) {
        kind = .number
        text = "\(number)"
    }

    package init(kind: FieldKind, text: String) {
        self.kind = kind
        self.text = text
    }
}

extension JSONWriter {
    package mutating func value(_ value: FieldValue) {
        if value.kind == .string {
            string(value.text)
        } else {
            var json = value.text
            json.withUTF8 { raw(Span(_unsafeElements: $0)) }
        }
    }
}

/// A string is saved as itself, all else as an object around its JSON.
extension FieldValue: Codable {
    private enum CodingKeys: String, CodingKey {
        case number, json
    }

    package init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self.init(text)
            return
        }
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let number = try values.decodeIfPresent(String.self, forKey: .number) {
            self.init(kind: .number, text: number)
        } else {
            self.init(kind: .json, text: try values.decode(String.self, forKey: .json))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch kind {
        case .string:
            var single = encoder.singleValueContainer()
            try single.encode(text)
        case .number, .json:
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(text, forKey: kind == .number ? .number : .json)
        }
    }
}
