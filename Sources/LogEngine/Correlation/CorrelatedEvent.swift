import LogCore
import LogLua

/// An event as it comes to the correlations of rule files: one of those that workers picked.
struct CorrelatedEvent {
    let events: SelectedEvents
    let index: Int
    /// Event time, which never goes back.
    let now: Int64
    /// The rules that found it, in `events.hits`.
    let hits: Range<Int>

    init(_ events: SelectedEvents, _ index: Int, now: Int64) {
        self.events = events
        self.index = index
        self.now = now
        hits = events.hits(of: index)
    }

    func wasFound(by rules: [UInt32]) -> Bool {
        for hit in hits where rules.contains(events.hits[hit].rule) { return true }
        return false
    }

    /// Appends the value of that name, cut to `limit` bytes: of a capture or field, else of the component or the source.
    /// False, with nothing appended, if there is none.
    func read(_ name: FieldName, _ key: Key, _ limit: Int, into text: inout ContiguousArray<UInt8>) -> Bool {
        let record = events.records[index]
        let first = Int(record.firstField)
        for place in stride(from: first + Int(record.fieldCount) - 1, through: first, by: -1)
        where events.fields[place].key == key {
            return append(events.fields[place], limit, to: &text)
        }
        if name.text == "component", !record.component.isEmpty {
            append(record.component, limit, to: &text)
            return true
        }
        if name.text == "source" {
            text.append(contentsOf: events.path.utf8.prefix(limit))
            return true
        }
        return false
    }

    private func append(_ field: Field, _ limit: Int, to text: inout ContiguousArray<UInt8>) -> Bool {
        switch field.kind {
        case .string: append(field.value, limit, to: &text)
        case .number: append(number: field.value, limit, to: &text)
        case .json:
            // A list or a map is no value to group by, and null is none.
            let bytes = events.bytes[field.value.lower..<field.value.upper]
            guard bytes.elementsEqual("true".utf8) || bytes.elementsEqual("false".utf8) else { return false }
            text.append(contentsOf: bytes)
        }
        return true
    }

    /// 007 is 7: one number is one group, however many zeros are in front.
    private func append(number range: ByteRange, _ limit: Int, to text: inout ContiguousArray<UInt8>) {
        let bytes = events.bytes[range.lower..<range.upper]
        let isNegative = bytes.first == UInt8(ascii: "-")
        let digits = isNegative ? bytes.dropFirst() : bytes
        guard !digits.isEmpty, digits.count <= 18, digits.allSatisfy(Self.isDigit) else {
            return append(range, limit, to: &text)
        }
        let whole = digits.drop { $0 == UInt8(ascii: "0") }
        if isNegative, !whole.isEmpty { text.append(UInt8(ascii: "-")) }
        text.append(contentsOf: whole.isEmpty ? digits.suffix(1) : whole)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private func append(_ range: ByteRange, _ limit: Int, to text: inout ContiguousArray<UInt8>) {
        text.append(contentsOf: events.bytes[range.lower..<min(range.upper, range.lower + limit)])
    }

    /// What stands for the event in a finding.
    var sample: CorrelationFinding.Sample {
        let record = events.records[index]
        var sample = CorrelationFinding.Sample()
        sample.source = events.path
        sample.line = events.firstLine + Int64(record.line) + 1
        sample.offset = events.offsets[index]
        sample.time = record.time == Timestamp.none ? nil : record.time
        let text = record.evidence
        let end = min(text.upper, text.lower + CorrelationFinding.Sample.textLimit)
        sample.text = String(decoding: events.bytes[text.lower..<end], as: UTF8.self)
        return sample
    }
}
