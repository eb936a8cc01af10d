import CLuaHost
import LogCore

/// What a script wrote to the event, on its way from C into the batch.
struct LuaWrites {
    private let written: UnsafePointer<ailua_event>
    private let line: UnsafeBufferPointer<UInt8>
    private let base: Int

    /// `written` is good until the next call on its state; `base` is where `line` begins in the batch.
    init(_ written: UnsafePointer<ailua_event>, line: UnsafeBufferPointer<UInt8>, base: Int) {
        self.written = written
        self.line = line
        self.base = base
    }

    func apply(to event: inout EventBuilder, _ keys: inout LuaKeys) {
        keys.use(event.keys.identity)
        event.record.message =
            written.pointee.message.type == LuaType.string
            ? place(written.pointee.message.bytes, written.pointee.message.length, in: &event)
            : ByteRange(base, base &+ line.count)
        if written.pointee.component.type == LuaType.string {
            event.record.component = place(
                written.pointee.component.bytes, written.pointee.component.length, in: &event)
        }
        if written.pointee.level != 0 {
            event.record.severity = Severity(rawValue: written.pointee.level) ?? .unspecified
        }
        if written.pointee.has_time { applyTime(to: &event) }
        guard let fields = written.pointee.fields else { return }
        for i in 0..<Int(written.pointee.field_count) { add(fields + i, to: &event, &keys) }
    }

    private func applyTime(to event: inout EventBuilder) {
        if written.pointee.time_is_number {
            guard Timestamp.plausible.contains(written.pointee.time.nanoseconds) else { return }
            event.record.time = written.pointee.time.nanoseconds
            event.record.timeSource = .line
            event.record.flags.insert(.zoned)
        } else if let scanned = ScannedTime(written.pointee.time) {
            event.setTime(scanned)
        }
    }

    private func add(
        _ field: UnsafePointer<ailua_value>, to event: inout EventBuilder, _ keys: inout LuaKeys
    ) {
        // A field set to nil after it was written is gone.
        guard field.pointee.type != LuaType.none else { return }
        let key = keys.key(of: field, in: &event.keys)
        if field.pointee.type == LuaType.string {
            event.add(key, .string, place(field.pointee.bytes, field.pointee.length, in: &event))
            return
        }
        let start = event.rawCount &+ event.decoded.count
        let kind = LuaText.append(field, to: &event.decoded)
        event.add(key, kind, ByteRange(start, event.rawCount &+ event.decoded.count))
    }

    /// The range of a text: in the line where it is the line's own bytes, else copied to the decoded text.
    private func place(_ text: UnsafePointer<CChar>?, _ length: Int, in event: inout EventBuilder) -> ByteRange {
        guard let text = UnsafeRawPointer(text)?.assumingMemoryBound(to: UInt8.self) else { return .empty }
        if let first = line.baseAddress, text >= first, text + length <= first + line.count {
            let start = base &+ (text - first)
            return ByteRange(start, start &+ length)
        }
        let start = event.rawCount &+ event.decoded.count
        event.decoded.append(contentsOf: UnsafeBufferPointer(start: text, count: length))
        return ByteRange(start, start &+ length)
    }
}

/// Keys of the names that a state knows by number: saves the hash and the look-up of each field's name.
struct LuaKeys: ~Copyable {
    private static let unknown = UInt16.max
    private var keys: ContiguousArray<UInt16> = []
    private var table: KeyTable.Identity?

    /// Keys of another table mean nothing: forgets them.
    mutating func use(_ table: KeyTable.Identity) {
        if self.table !== table {
            forget()
            self.table = table
        }
    }

    /// Numbers of another state mean nothing either.
    mutating func forget() { keys.removeAll(keepingCapacity: true) }

    mutating func key(of field: UnsafePointer<ailua_value>, in table: inout KeyTable) -> Key {
        let number = Int(field.pointee.name)
        if number < keys.count, keys[number] != Self.unknown { return Key(index: keys[number]) }
        let name = UnsafeRawPointer(field.pointee.key)?.assumingMemoryBound(to: UInt8.self)
        let bytes = UnsafeBufferPointer(start: name, count: name == nil ? 0 : Int(field.pointee.key_length))
        let key = table.intern(Span(_unsafeElements: bytes))
        if number != AILUA_NO_NAME {
            while keys.count <= number { keys.append(Self.unknown) }
            keys[number] = key.index
        }
        return key
    }
}

/// The types of C values, as the bytes that they are stored in.
enum LuaType {
    static let none = UInt8(AILUA_NIL.rawValue)
    static let boolean = UInt8(AILUA_BOOLEAN.rawValue)
    static let integer = UInt8(AILUA_INTEGER.rawValue)
    static let number = UInt8(AILUA_NUMBER.rawValue)
    static let string = UInt8(AILUA_STRING.rawValue)
}

/// Values as the bytes of a field.
enum LuaText {
    /// Appends a value that isn't a string. Integers keep their 64 bits; a float keeps its point: `1` and `1.0`
    /// stay what they were. What JSON has no number for, infinity and NaN, goes as text.
    static func append(_ value: UnsafePointer<ailua_value>, to bytes: inout ContiguousArray<UInt8>) -> FieldKind {
        switch value.pointee.type {
        case LuaType.integer:
            append(value.pointee.integer, to: &bytes)
            return .number
        case LuaType.number:
            bytes.append(contentsOf: value.pointee.number.description.utf8)
            return value.pointee.number.isFinite ? .number : .string
        default:
            bytes.append(contentsOf: (value.pointee.integer != 0 ? "true" : "false").utf8)
            return .json
        }
    }

    private static func append(_ value: Int64, to bytes: inout ContiguousArray<UInt8>) {
        // 19 digits and a sign at most.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var at = 20
            var rest = value.magnitude
            repeat {
                at &-= 1
                digits[at] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest != 0
            if value < 0 {
                at &-= 1
                digits[at] = 0x2d
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[at...]))
        }
    }
}
