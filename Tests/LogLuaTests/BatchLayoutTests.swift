import CLuaHost
import LogCore
import Testing

/// C reads the arrays of a batch in place: both sides must mean the same bytes.
struct BatchLayoutTests {
    @Test func `a record lies in memory as C reads it`() {
        #expect(MemoryLayout<Record>.stride == MemoryLayout<ailua_record>.stride)
        #expect(MemoryLayout<Record>.offset(of: \.time) == MemoryLayout<ailua_record>.offset(of: \.time))
        #expect(MemoryLayout<Record>.offset(of: \.raw) == MemoryLayout<ailua_record>.offset(of: \.raw))
        #expect(MemoryLayout<Record>.offset(of: \.message) == MemoryLayout<ailua_record>.offset(of: \.message))
        #expect(MemoryLayout<Record>.offset(of: \.component) == MemoryLayout<ailua_record>.offset(of: \.component))
        #expect(MemoryLayout<Record>.offset(of: \.firstField) == MemoryLayout<ailua_record>.offset(of: \.first_field))
        #expect(MemoryLayout<Record>.offset(of: \.line) == MemoryLayout<ailua_record>.offset(of: \.line))
        #expect(MemoryLayout<Record>.offset(of: \.fieldCount) == MemoryLayout<ailua_record>.offset(of: \.field_count))
        #expect(MemoryLayout<Record>.offset(of: \.severity) == MemoryLayout<ailua_record>.offset(of: \.severity))
        #expect(MemoryLayout<Record>.offset(of: \.timeSource) == MemoryLayout<ailua_record>.offset(of: \.time_source))
        #expect(MemoryLayout<Record>.offset(of: \.parser) == MemoryLayout<ailua_record>.offset(of: \.parser))
        #expect(MemoryLayout<Record>.offset(of: \.flags) == MemoryLayout<ailua_record>.offset(of: \.flags))
    }

    @Test(arguments: Severity.allCases)
    func `a severity lies in memory as its rank`(severity: Severity) {
        var record = Record()
        record.severity = severity
        let offset = MemoryLayout<ailua_record>.offset(of: \.severity) ?? 0
        let rank = withUnsafeBytes(of: record) { $0[offset] }
        #expect(Int(rank) == severity.rank)
    }

    @Test func `a field lies in memory as C reads it`() {
        #expect(MemoryLayout<Field>.stride == MemoryLayout<ailua_field>.stride)
        #expect(MemoryLayout<Field>.offset(of: \.value) == MemoryLayout<ailua_field>.offset(of: \.value))
        #expect(MemoryLayout<Field>.offset(of: \.key) == MemoryLayout<ailua_field>.offset(of: \.key))
        #expect(MemoryLayout<Field>.offset(of: \.kind) == MemoryLayout<ailua_field>.offset(of: \.kind))
        #expect(FieldKind.string.rawValue == 0 && FieldKind.number.rawValue == 1 && FieldKind.json.rawValue == 2)
    }

    @Test func `a hit lies in memory as C reads it`() {
        #expect(MemoryLayout<RuleHit>.stride == MemoryLayout<ailua_hit>.stride)
        #expect(MemoryLayout<RuleHit>.offset(of: \.record) == MemoryLayout<ailua_hit>.offset(of: \.record))
        #expect(MemoryLayout<RuleHit>.offset(of: \.rule) == MemoryLayout<ailua_hit>.offset(of: \.rule))
    }

    @Test func `a range and a time lie in memory as C reads them`() {
        #expect(MemoryLayout<ByteRange>.size == MemoryLayout<ailua_range>.size)
        #expect(MemoryLayout<ByteRange>.offset(of: \.start) == MemoryLayout<ailua_range>.offset(of: \.start))
        #expect(MemoryLayout<ByteRange>.offset(of: \.end) == MemoryLayout<ailua_range>.offset(of: \.end))
        #expect(Timestamp.none == .min)
    }
}
