import LogCore
import LogLua

/// An event as it comes to the correlations of rule files: one of those that workers picked. Not the events themselves, which
/// go along with it: to copy them is a dozen counts up and down for each event.
struct CorrelatedEvent {
    let index: Int
    /// Event time, which never goes back.
    let now: Int64
    /// The rules that found it, in the events' `hits`.
    let hits: Range<Int>

    init(_ events: borrowing SelectedEvents, _ index: Int, now: Int64) {
        self.index = index
        self.now = now
        hits = events.hits(of: index)
    }

    func wasFound(by rules: [UInt32], in events: borrowing SelectedEvents) -> Bool {
        for hit in hits where rules.contains(events.hits[hit].rule) { return true }
        return false
    }
}

extension SelectedEvents {
    /// Appends an event's value of that name, cut to `limit` bytes: of a capture or field, else of the component or the source.
    /// False, with nothing appended, if there is none.
    borrowing func read(
        _ name: FieldName, _ key: Key, _ limit: Int, of index: Int, into text: inout ContiguousArray<UInt8>
    ) -> Bool {
        let first = Int(records[index].firstField)
        var place = first + Int(records[index].fieldCount)
        while place > first {
            place -= 1
            if fields[place].key == key { return append(fields[place], limit, to: &text) }
        }
        switch name.part {
        case .component where !records[index].component.isEmpty:
            append(records[index].component, limit, to: &text)
            return true
        case .source:
            text.append(contentsOf: path.utf8.prefix(limit))
            return true
        case .component, nil:
            return false
        }
    }

    private borrowing func append(_ field: Field, _ limit: Int, to text: inout ContiguousArray<UInt8>) -> Bool {
        switch field.kind {
        case .string: append(field.value, limit, to: &text)
        case .number: append(number: field.value, limit, to: &text)
        case .json:
            // A list or a map is no value to group by, and null is none.
            let value = bytes[field.value.lower..<field.value.upper]
            guard value.elementsEqual("true".utf8) || value.elementsEqual("false".utf8) else { return false }
            text.append(contentsOf: value)
        }
        return true
    }

    /// 007 is 7: one number is one group, however many zeros are in front.
    private borrowing func append(number range: ByteRange, _ limit: Int, to text: inout ContiguousArray<UInt8>) {
        let value = bytes[range.lower..<range.upper]
        let isNegative = value.first == UInt8(ascii: "-")
        let digits = isNegative ? value.dropFirst() : value
        guard !digits.isEmpty, digits.count <= 18, digits.allSatisfy(Self.isDigit) else {
            return append(range, limit, to: &text)
        }
        let whole = digits.drop { $0 == UInt8(ascii: "0") }
        if isNegative, !whole.isEmpty { text.append(UInt8(ascii: "-")) }
        text.append(contentsOf: whole.isEmpty ? digits.suffix(1) : whole)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private borrowing func append(_ range: ByteRange, _ limit: Int, to text: inout ContiguousArray<UInt8>) {
        text.append(contentsOf: bytes[range.lower..<min(range.upper, range.lower + limit)])
    }

    /// What stands for an event in a finding.
    borrowing func sample(of index: Int) -> CorrelationFinding.Sample {
        let record = records[index]
        var sample = CorrelationFinding.Sample()
        sample.source = path
        sample.line = firstLine + Int64(record.line) + 1
        sample.offset = offsets[index]
        sample.time = record.time == Timestamp.none ? nil : record.time
        let text = record.evidence
        let end = min(text.upper, text.lower + CorrelationFinding.Sample.textLimit)
        sample.text = String(decoding: bytes[text.lower..<end], as: UTF8.self)
        return sample
    }
}
