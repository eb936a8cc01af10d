/// One JSON object a line: the members become fields, those that name the time, level, message and component
/// fill the record. Which do is said by the names in common use (see `FieldRoles`) or by a dialect (see `JSONShape`).
/// Text without escapes stays where it is; escaped text is decoded once.
///
/// The JSON is checked in full on the way (RFC 8259, nesting up to 64), so whatever kind `.json` or `.number`
/// a field has can be written out verbatim. White space around the object is allowed, anything else is not.
package final class JSONLineParser: LineParser {
    package let name: String
    package let joinsFollowingLines = false
    package let inside: Inside
    private var members: JSONMembers

    package init() {
        name = "json"
        inside = .message
        members = JSONMembers(nil)
    }

    /// Of a dialect: lines without its signature are refused.
    package init(name: String, inside: Inside, _ shape: JSONShape) {
        self.name = name
        self.inside = inside
        members = JSONMembers(shape)
    }

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
    private var memory: KeyMemory
    /// For the text of names and values that hold escapes.
    private var scratch: ContiguousArray<UInt8> = []
    private var declared: JSONDeclared

    init(_ shape: JSONShape?) {
        memory = KeyMemory(terminator: UInt8(ascii: "\""), shape: shape)
        declared = JSONDeclared(shape)
    }

    mutating func read(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        if memory.use(event.keys.identity) { declared.intern(&event.keys) }
        if declared.isDialect { declared.begin() }
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
        if declared.isDialect {
            return declared.finish(line, at: base, &roles, into: &event)
        }
        roles.finish(message: ByteRange(base, base &+ line.count), into: &event)
        roles.takeRequest(line, at: base, into: &event)
        event.takeUnnamedTime(line, at: base)
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
            if escaped {
                addDecoded(line, start &+ 1..<end, entry, &roles, into: &event)
            } else {
                let field = Field(key, .string, ByteRange(base &+ start &+ 1, base &+ end))
                if memory.entries[entry].isPlain {
                    event.addWithinLimit(field)
                } else {
                    offer(entry, field, line.extracting(start &+ 1..<end), &roles, to: &event)
                }
            }
            return end &+ 1
        }
        if first == UInt8(ascii: "-") || first &- 0x30 < 10 {
            let end = line.jsonNumberEnd(from: start)
            guard end >= 0 else { return readNonFinite(line, from: start, at: base, key, into: &event) }
            let field = Field(key, .number, ByteRange(base &+ start, base &+ end))
            if memory.entries[entry].isPlain {
                event.addWithinLimit(field)
            } else {
                offer(entry, field, line.extracting(start..<end), &roles, to: &event)
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
        let field = Field(key, .json, ByteRange(base &+ start, base &+ end))
        if memory.entries[entry].isPlain, memory.entries[entry].child == 0 {
            event.addWithinLimit(field)
        } else {
            readNested(line, start..<end, at: base, entry, field, &roles, into: &event)
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
        _ line: Span<UInt8>, _ range: Range<Int>, _ entry: Int, _ roles: inout RoleCollector,
        into event: inout EventBuilder
    ) {
        let from = event.decoded.count
        JSONEscapes.decode(line, range, into: &event.decoded)
        // A container's line holds the colours that the program wrote; a field that is nothing else stays as it is.
        if !memory.entries[entry].isPlain,
            ControlSequences.isIn(event.decoded.span.extracting(from..<event.decoded.count))
        {
            ControlSequences.strip(&event.decoded, from: from)
        }
        var to = event.decoded.count
        if memory.entries[entry].role.role == .message {
            // Docker keeps the line end of what it read.
            while to > from, event.decoded[to - 1] == 0x0A || event.decoded[to - 1] == 0x0D { to -= 1 }
        }
        let field = Field(
            memory.entries[entry].key, .string, ByteRange(event.rawCount &+ from, event.rawCount &+ to))
        if memory.entries[entry].isPlain {
            event.addWithinLimit(field)
        } else {
            var text: ContiguousArray<UInt8> = []
            swap(&text, &scratch)
            text.removeAll(keepingCapacity: true)
            text.append(contentsOf: event.decoded.span.extracting(from..<to))
            offer(entry, field, text.span, &roles, to: &event)
            swap(&text, &scratch)
        }
    }

    /// A string or number whose name means something.
    @inline(__always)
    private mutating func offer(
        _ entry: Int, _ field: Field, _ text: Span<UInt8>, _ roles: inout RoleCollector,
        to event: inout EventBuilder
    ) {
        if memory.entries[entry].member >= 0 {
            declared.take(memory.entries[entry].member, field, text, isOwn: true, &roles, to: &event)
        } else {
            roles.offer(memory.entries[entry].role, field, text, to: &event)
        }
    }

    /// An object, a list or a word whose name means something.
    @inline(never)
    private mutating func readNested(
        _ line: Span<UInt8>, _ range: Range<Int>, at base: Int, _ entry: Int, _ field: Field,
        _ roles: inout RoleCollector, into event: inout EventBuilder
    ) {
        let place = (member: memory.entries[entry].member, node: memory.entries[entry].child)
        let role = memory.entries[entry].role
        if !declared.isDialect, line[unchecked: range.lowerBound] != UInt8(ascii: "[") {
            roles.noteFailure(role, line.extracting(range))
        }
        if !declared.takeNested(line, range, at: base, place.member, place.node, field, role, &roles, into: &event) {
            event.addWithinLimit(field)
        }
    }
}
