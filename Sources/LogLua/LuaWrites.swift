import CLuaHost
import LogCore

/// What a script wrote to an event, on its way from C into the batch.
struct LuaWrites {
    private let written: UnsafePointer<ailua_event>
    private let fields: UnsafeBufferPointer<ailua_value>
    private let origin: UnsafeBufferPointer<UInt8>
    private let base: Int

    /// `written` is good until the next call on its state; `base` is where `origin`, the bytes as read, begins in the
    /// batch: a text that lies in them becomes a range.
    init(_ written: UnsafePointer<ailua_event>, origin: UnsafeBufferPointer<UInt8>, base: Int) {
        self.written = written
        self.origin = origin
        self.base = base
        fields = UnsafeBufferPointer(start: written.pointee.fields, count: Int(written.pointee.field_count))
    }

    /// The changes of a batch, whose fields lie in an array of their own.
    init(_ change: UnsafePointer<ailua_change>, fields: UnsafePointer<ailua_value>?, origin: UnsafeBufferPointer<UInt8>)
    {
        // `event` is the record's third member; a pointer to it needs no copy.
        written = UnsafePointer(
            UnsafeRawPointer(change).advanced(by: MemoryLayout<ailua_change>.offset(of: \.event) ?? 0)
                .assumingMemoryBound(to: ailua_event.self))
        self.origin = origin
        base = 0
        let count = change.pointee.verdict == 0 ? Int(change.pointee.event.field_count) : 0
        self.fields = UnsafeBufferPointer(
            start: count == 0 ? nil : fields.map { $0 + change.pointee.first_field }, count: count)
    }

    /// Fills the event of a line that a parser took.
    func apply(to event: inout EventBuilder, _ keys: inout LuaKeys) {
        keys.use(event.keys.identity)
        event.record.message = ByteRange(base, base &+ origin.count)
        applyMembers(to: &event)
        for index in fields.indices {
            if let field = fields.baseAddress.map({ $0 + index }) { add(field, to: &event, &keys) }
        }
    }

    /// Changes `event.record`, an event of the batch that `event` builds. `isShared`: other events are made of the same
    /// record, so its fields stay as they are and this event gets its own.
    func change(_ event: inout EventBuilder, _ keys: inout LuaKeys, isShared: Bool) {
        keys.use(event.keys.identity)
        if written.pointee.wrote & UInt8(AILUA_WROTE_MESSAGE) != 0 {
            event.record.message = .empty
            event.record.flags.insert(.rewritten)
        }
        if written.pointee.wrote & UInt8(AILUA_WROTE_COMPONENT) != 0 { event.record.component = .empty }
        if written.pointee.wrote & UInt8(AILUA_WROTE_LEVEL) != 0 {
            event.record.severity = .unspecified
            event.record.flags.remove(.levelInferred)
        }
        if written.pointee.wrote & UInt8(AILUA_WROTE_TIME) != 0 {
            event.record.time = Timestamp.none
            event.record.timeSource = .none
        }
        applyMembers(to: &event)
        if fields.isEmpty { return }
        var isRoomy = false
        if isShared { moveFields(of: &event, &isRoomy) }
        for index in fields.indices {
            guard let field = fields.baseAddress.map({ $0 + index }) else { break }
            overwrite(field, in: &event, &keys, &isRoomy)
        }
    }

    /// Sets, adds or takes away one field of `event.record`. Fields of a record lie side by side, with the next
    /// record's behind them: the first that is added moves them all to the end.
    private func overwrite(
        _ field: UnsafePointer<ailua_value>, in event: inout EventBuilder, _ keys: inout LuaKeys, _ isRoomy: inout Bool
    ) {
        let key = keys.key(of: field, in: &event.keys)
        let first = Int(event.record.firstField)
        let own = first..<first + Int(event.record.fieldCount)
        let found = own.last { event.fields[$0].key == key }
        if field.pointee.type == LuaType.none {
            guard let found else { return }
            for i in found..<own.upperBound - 1 { event.fields[i] = event.fields[i + 1] }
            event.record.fieldCount -= 1
            // The end of the array is no longer the end of the fields.
            isRoomy = false
            return
        }
        if let found {
            let value = value(of: field, in: &event)
            event.fields[found] = Field(key, value.kind, value.range)
            return
        }
        if !isRoomy { moveFields(of: &event, &isRoomy) }
        let value = value(of: field, in: &event)
        event.add(key, value.kind, value.range)
    }

    private func moveFields(of event: inout EventBuilder, _ isRoomy: inout Bool) {
        let first = Int(event.record.firstField)
        event.record.firstField = UInt32(truncatingIfNeeded: event.fields.count)
        for i in first..<first + Int(event.record.fieldCount) { event.fields.append(event.fields[i]) }
        isRoomy = true
    }

    private func applyMembers(to event: inout EventBuilder) {
        if written.pointee.message.type == LuaType.string {
            event.record.message = place(written.pointee.message.bytes, written.pointee.message.length, in: &event)
        }
        if written.pointee.component.type == LuaType.string {
            event.record.component = place(
                written.pointee.component.bytes, written.pointee.component.length, in: &event)
        }
        if written.pointee.level != 0 {
            event.record.severity = Severity(rawValue: written.pointee.level) ?? .unspecified
        }
        if written.pointee.has_time { applyTime(to: &event) }
    }

    private func applyTime(to event: inout EventBuilder) {
        if written.pointee.time_is_number {
            guard Timestamp.plausible.contains(written.pointee.time.nanoseconds) else { return }
            event.record.time = written.pointee.time.nanoseconds
            event.record.timeSource = .line
            event.clock.follow(event.record.time)
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
        let value = value(of: field, in: &event)
        event.add(key, value.kind, value.range)
    }

    private func value(
        of field: UnsafePointer<ailua_value>, in event: inout EventBuilder
    ) -> (kind: FieldKind, range: ByteRange) {
        if field.pointee.type == LuaType.string {
            return (.string, place(field.pointee.bytes, field.pointee.length, in: &event))
        }
        let start = event.rawCount &+ event.decoded.count
        let kind = LuaText.append(field.pointee, to: &event.decoded)
        return (kind, ByteRange(start, event.rawCount &+ event.decoded.count))
    }

    /// The range of a text: in the line where it is the line's own bytes, else copied to the decoded text.
    private func place(_ text: UnsafePointer<CChar>?, _ length: Int, in event: inout EventBuilder) -> ByteRange {
        guard let text = UnsafeRawPointer(text)?.assumingMemoryBound(to: UInt8.self) else { return .empty }
        if let first = origin.baseAddress, text >= first, text + length <= first + origin.count {
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
    static let json = UInt8(AILUA_JSON.rawValue)
    static let null = UInt8(AILUA_NULL.rawValue)
    static let function = UInt8(AILUA_FUNCTION.rawValue)
}

/// Values as the bytes of a field.
enum LuaText {
    /// Appends a value that isn't a string. Integers keep their 64 bits; a float keeps its point: `1` and `1.0`
    /// stay what they were. What JSON has no number for, infinity and NaN, goes as text.
    static func append(_ value: ailua_value, to bytes: inout ContiguousArray<UInt8>) -> FieldKind {
        switch value.type {
        case LuaType.integer:
            append(value.integer, to: &bytes)
            return .number
        case LuaType.number:
            bytes.append(contentsOf: value.number.description.utf8)
            return value.number.isFinite ? .number : .string
        case LuaType.json:
            let json = UnsafeRawBufferPointer(start: value.bytes, count: value.length)
            bytes.append(contentsOf: json)
            return .json
        case LuaType.null:
            bytes.append(contentsOf: "null".utf8)
            return .json
        default:
            bytes.append(contentsOf: (value.integer != 0 ? "true" : "false").utf8)
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
