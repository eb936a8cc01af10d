/// One JSON object a line: the members become fields, those that name the time, level, message and component
/// fill the record (see `FieldRoles`). Text without escapes stays where it is; escaped text is decoded once.
///
/// The JSON is checked in full on the way (RFC 8259, nesting up to 64), so whatever kind `.json` or `.number`
/// a field has can be written out verbatim. White space around the object is allowed, anything else is not.
package final class JSONLineParser: LineParser {
    package let name = "json"
    package let joinsFollowingLines = false
    package var inside: Inside { .message }
    private var members = JSONMembers()

    package init() {}

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        // The ends tell most other lines apart at once.
        guard line.count >= 2, line[unchecked: 0] <= 0x20 || line[unchecked: 0] == UInt8(ascii: "{") else {
            return false
        }
        let decodedCount = event.decoded.count
        if members.read(line, at: base, into: &event) { return true }
        event.abandon(decodedCount: decodedCount)
        return false
    }
}

/// The parser's memory, apart from the class so that one access covers a whole line.
private struct JSONMembers: ~Copyable {
    private var memory = KeyMemory(terminator: UInt8(ascii: "\""))
    /// For the text of names and values that hold escapes.
    private var scratch: ContiguousArray<UInt8> = []

    mutating func read(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        memory.use(event.keys.identity)
        var i = line.skipJSONSpace(from: 0)
        guard i < line.count, line[unchecked: i] == UInt8(ascii: "{") else { return false }
        i = line.skipJSONSpace(from: i &+ 1)
        guard i < line.count else { return false }
        var roles = RoleCollector()
        if line[unchecked: i] == UInt8(ascii: "}") {
            i &+= 1
        } else {
            i = readMembers(line, from: i, at: base, &roles, into: &event)
            guard i >= 0 else { return false }
        }
        guard line.skipJSONSpace(from: i) == line.count else { return false }
        roles.finish(message: ByteRange(base, base &+ line.count), into: &event)
        return true
    }

    /// Reads the members from the first name's quote on; gives the offset behind the closing brace, or -1.
    @inline(__always)
    private mutating func readMembers(
        _ line: Span<UInt8>, from start: Int, at base: Int, _ roles: inout RoleCollector,
        into event: inout EventBuilder
    ) -> Int {
        var i = start
        var entry = 0
        while true {
            guard i < line.count, line[unchecked: i] == UInt8(ascii: "\"") else { return -1 }
            i &+= 1
            let previous = entry
            entry = memory.predicted(after: previous, line, at: i)
            if entry != 0 {
                i &+= memory.entries[entry].count
            } else {
                var escaped = false
                let end = line.jsonStringEnd(from: i, escaped: &escaped)
                guard end >= 0 else { return -1 }
                entry = memory.learn(line, i..<end, escaped: escaped, after: previous, keys: &event.keys)
                i = end
            }
            i = line.skipJSONSpace(from: i &+ 1)
            guard i < line.count, line[unchecked: i] == UInt8(ascii: ":") else { return -1 }
            i = line.skipJSONSpace(from: i &+ 1)
            i = readValue(line, from: i, at: base, entry, &roles, into: &event)
            guard i >= 0 else { return -1 }
            i = line.skipJSONSpace(from: i)
            guard i < line.count else { return -1 }
            if line[unchecked: i] == UInt8(ascii: "}") { return i &+ 1 }
            guard line[unchecked: i] == UInt8(ascii: ",") else { return -1 }
            i = line.skipJSONSpace(from: i &+ 1)
        }
    }

    /// Reads one value as the field, or the role, of the name `entry`; gives the offset behind it, or -1.
    @inline(__always)
    private mutating func readValue(
        _ line: Span<UInt8>, from start: Int, at base: Int, _ entry: Int, _ roles: inout RoleCollector,
        into event: inout EventBuilder
    ) -> Int {
        guard start < line.count else { return -1 }
        let key = memory.entries[entry].key
        let first = line[unchecked: start]
        if first == UInt8(ascii: "\"") {
            var escaped = false
            let end = line.jsonStringEnd(from: start &+ 1, escaped: &escaped)
            guard end >= 0 else { return -1 }
            let role = memory.entries[entry].role
            if escaped {
                addDecoded(line, start &+ 1..<end, key, role, &roles, into: &event)
            } else {
                let field = Field(key, .string, ByteRange(base &+ start &+ 1, base &+ end))
                if role.role == .none {
                    event.addWithinLimit(field)
                } else {
                    roles.offer(role, field, line.extracting(start &+ 1..<end), isOwn: true, to: &event)
                }
            }
            return end &+ 1
        }
        if first == UInt8(ascii: "-") || first &- 0x30 < 10 {
            let end = line.jsonNumberEnd(from: start)
            guard end >= 0 else { return readNonFinite(line, from: start, at: base, key, into: &event) }
            let field = Field(key, .number, ByteRange(base &+ start, base &+ end))
            let role = memory.entries[entry].role
            if role.role == .none {
                event.addWithinLimit(field)
            } else {
                roles.offer(role, field, line.extracting(start..<end), isOwn: true, to: &event)
            }
            return end
        }
        let isObject = first == UInt8(ascii: "{")
        let isNested = isObject || first == UInt8(ascii: "[")
        var isStrict = true
        let end = isNested ? line.jsonNestedEnd(from: start, isStrict: &isStrict) : line.jsonWordEnd(from: start)
        guard end >= 0 else {
            return isNested ? -1 : readNonFinite(line, from: start, at: base, key, into: &event)
        }
        if !isStrict {
            event.addWithinLimit(Field(key, .string, ByteRange(base &+ start, base &+ end)))
            return end
        }
        let container = memory.entries[entry].container
        if isObject, container != .none {
            readContainer(line, start..<end, at: base, entry, container, &roles, into: &event)
        } else {
            event.addWithinLimit(Field(key, .json, ByteRange(base &+ start, base &+ end)))
        }
        return end
    }

    /// `NaN` and its like are no JSON: a field of text, as all that is written out must be JSON.
    @inline(never)
    private func readNonFinite(
        _ line: Span<UInt8>, from start: Int, at base: Int, _ key: Key, into event: inout EventBuilder
    ) -> Int {
        let end = line.nonFiniteEnd(from: start)
        if end >= 0 { event.addWithinLimit(Field(key, .string, ByteRange(base &+ start, base &+ end))) }
        return end
    }

    /// A string with escapes: its text goes to the event's decoded bytes.
    private mutating func addDecoded(
        _ line: Span<UInt8>, _ range: Range<Int>, _ key: Key, _ role: RankedRole, _ roles: inout RoleCollector,
        into event: inout EventBuilder
    ) {
        let from = event.decoded.count
        JSONEscapes.decode(line, range, into: &event.decoded)
        var to = event.decoded.count
        if role.role == .message {
            // Docker keeps the line end of what it read.
            while to > from, event.decoded[to - 1] == 0x0A || event.decoded[to - 1] == 0x0D { to -= 1 }
        }
        let field = Field(key, .string, ByteRange(event.rawCount &+ from, event.rawCount &+ to))
        if role.role == .none {
            event.addWithinLimit(field)
        } else {
            scratch.removeAll(keepingCapacity: true)
            scratch.append(contentsOf: event.decoded.span.extracting(from..<to))
            roles.offer(role, field, scratch.span, isOwn: true, to: &event)
        }
    }

    /// An object that may hold roles. It is a field itself, unless it is nothing but a time that was taken.
    @inline(never)
    private mutating func readContainer(
        _ line: Span<UInt8>, _ range: Range<Int>, at base: Int, _ entry: Int, _ container: RoleContainer,
        _ roles: inout RoleCollector, into event: inout EventBuilder
    ) {
        let whole = Field(
            memory.entries[entry].key, .json, ByteRange(base &+ range.lowerBound, base &+ range.upperBound))
        if container != .date { event.addWithinLimit(whole) }
        var wasTime = false
        // The object has been checked: its members can be walked without asking again.
        var i = line.skipJSONSpace(from: range.lowerBound &+ 1)
        while i < range.upperBound, line[unchecked: i] == UInt8(ascii: "\"") {
            var escaped = false
            let nameEnd = line.jsonStringEnd(from: i &+ 1, escaped: &escaped)
            guard nameEnd >= 0 else { break }
            var role = FieldRoles.role(line.extracting(i &+ 1..<nameEnd), in: container)
            i = line.skipJSONSpace(from: line.skipJSONSpace(from: nameEnd &+ 1) &+ 1)
            let end = line.jsonValueEnd(from: i)
            guard end >= 0 else { break }
            if role.role == .time {
                role.rank = memory.entries[entry].role.rank
                let isString = line[unchecked: i] == UInt8(ascii: "\"")
                let text = line.extracting(isString ? i &+ 1..<end &- 1 : i..<end)
                roles.offer(role, whole, text, isOwn: true, to: &event)
                wasTime = true
                break
            } else if role.role != .none, line[unchecked: i] == UInt8(ascii: "\"") {
                offerNested(line, i &+ 1..<end &- 1, at: base, role, &roles, into: &event)
            }
            i = line.skipJSONSpace(from: end)
            guard i < range.upperBound, line[unchecked: i] == UInt8(ascii: ",") else { break }
            i = line.skipJSONSpace(from: i &+ 1)
        }
        if container == .date, !wasTime { event.addWithinLimit(whole) }
    }

    /// A nested string, its range without the quotes.
    private mutating func offerNested(
        _ line: Span<UInt8>, _ range: Range<Int>, at base: Int, _ role: RankedRole, _ roles: inout RoleCollector,
        into event: inout EventBuilder
    ) {
        let text = line.extracting(range)
        if text.firstIndex(of: UInt8(ascii: "\\"), from: 0) == nil {
            let value = ByteRange(base &+ range.lowerBound, base &+ range.upperBound)
            roles.offer(role, Field(.overflow, .string, value), text, isOwn: false, to: &event)
            return
        }
        scratch.removeAll(keepingCapacity: true)
        JSONEscapes.decode(line, range, into: &scratch)
        let from = event.rawCount &+ event.decoded.count
        event.decoded.append(contentsOf: scratch.span)
        let value = ByteRange(from, from &+ scratch.count)
        roles.offer(role, Field(.overflow, .string, value), scratch.span, isOwn: false, to: &event)
    }
}
