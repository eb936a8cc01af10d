/// What a line says at the places that its shape declares: one a parser, its memory kept from line to line.
///
/// An object is a field itself, unless all its members were taken out of it.
struct JSONDeclared: ~Copyable {
    private let shape: JSONShape
    let isDialect: Bool
    /// By member of the shape.
    private var keys: ContiguousArray<Key> = []
    /// Parts of the signature that the line at hand has.
    private var marks: UInt64 = 0
    /// What the message is put together from.
    private var slots = ContiguousArray<ByteRange>(repeating: .empty, count: JSONShape.slots)
    private var scratch: ContiguousArray<UInt8> = []

    init(_ shape: JSONShape?) {
        self.shape = shape ?? .common
        isDialect = shape != nil
    }

    mutating func intern(_ table: inout KeyTable) {
        keys.removeAll(keepingCapacity: true)
        for name in shape.fields { keys.append(table.intern(name.span)) }
    }

    /// Ready for another line.
    mutating func begin() {
        marks = 0
        for i in slots.indices { slots[i] = .empty }
    }

    /// Moves what was found into the record; false for a line that isn't the dialect's.
    func finish(
        _ line: Span<UInt8>, at base: Int, _ roles: inout RoleCollector, into event: inout EventBuilder
    ) -> Bool {
        let isOurs = shape.accepts(marks)
        if isOurs {
            if shape.nanosecondSlot >= 0 {
                let range = slots[shape.nanosecondSlot]
                if range.lower >= base, range.upper <= base &+ line.count,
                    let value = line.decimal((range.lower &- base)..<(range.upper &- base)), value < 1_000_000_000
                {
                    roles.addToTime(value)
                }
            }
            var message = ByteRange(base, base &+ line.count)
            if !roles.hasMessage, let text = shape.text {
                let start = event.decoded.count
                if text.write(line, at: base, slots.span, into: &event) {
                    message = ByteRange(event.rawCount &+ start, event.rawCount &+ event.decoded.count)
                } else {
                    event.decoded.removeLast(event.decoded.count - start)
                }
            }
            roles.finish(message: message, into: &event)
            if event.record.severity == .unspecified { event.record.severity = shape.levels.other }
            if shape.keepsLineEnd { event.inner.isPart = !event.hasLineEnd(behind: event.record.message) }
        }
        return isOurs
    }

    /// A string or number. Whether it is of the line's own members, which are fields if they are nothing else.
    /// Tells whether anything was made of it.
    @discardableResult
    mutating func take(
        _ member: Int, _ field: Field, _ text: Span<UInt8>, isOwn: Bool, _ roles: inout RoleCollector,
        to event: inout EventBuilder
    ) -> Bool {
        note(member, field.kind == .string ? .string : .number, text, field.value)
        let role = shape.members[member].role
        if role != .none {
            var severity: Severity?
            let also = shape.members[member].also
            if role.role == .level || also.role == .level, !shape.levels.isEmpty {
                severity = shape.levels.severity(text)
            }
            // A status that gives the level is a field all the same.
            let isField = shape.members[member].isField
            if isField { event.addWithinLimit(field) }
            roles.offer(role, field, text, severity, isField: isField, to: &event)
            if also != .none { roles.offer(also, field, text, severity, isField: true, to: &event) }
        } else if isOwn || shape.members[member].isField {
            event.addWithinLimit(field)
        } else {
            // Nanoseconds went into the time.
            return shape.members[member].slot == shape.nanosecondSlot && shape.nanosecondSlot >= 0
        }
        return true
    }

    private mutating func note(_ member: Int, _ kind: JSONShape.Kinds, _ text: Span<UInt8>, _ value: ByteRange) {
        if !shape.members[member].conditions.isEmpty { marks |= shape.marks(member, kind, text) }
        let slot = shape.members[member].slot
        // The dash that stands for nothing says nothing in a message.
        if slot >= 0, !(text.count == 1 && text[unchecked: 0] == UInt8(ascii: "-")) { slots[slot] = value }
    }

    /// An object, a list or a word: `member` is -1 where only its own members mean something.
    /// Tells whether all of it was taken; if not, it is still to become a field.
    mutating func takeNested(
        _ line: Span<UInt8>, _ range: Range<Int>, at base: Int, _ member: Int, _ node: Int, _ field: Field,
        _ role: RankedRole, _ roles: inout RoleCollector, into event: inout EventBuilder
    ) -> Bool {
        let first = line[unchecked: range.lowerBound]
        let isObject = first == UInt8(ascii: "{")
        let isList = first == UInt8(ascii: "[")
        if member >= 0 {
            let isNull = first == UInt8(ascii: "n")
            note(
                member, isObject ? .object : isList ? .list : .word, line.extracting(range),
                isNull ? .empty : field.value)
            if isList, isDialect, role.role == .message, takeBytes(line, range, field.key, role, &roles, &event) {
                return true
            }
        }
        guard node != 0 else { return false }
        if isObject { return walk(line, range, at: base, node, role, &roles, into: &event) }
        if isList, isDialect { walkPairs(line, range, at: base, node, role, &roles, into: &event) }
        return false
    }

    /// The members of an object, which has been checked: they can be walked without asking again. Tells whether all of them
    /// were taken, or the one of which the object is but a spelling: the time of `{"$date":…}`.
    private mutating func walk(
        _ line: Span<UInt8>, _ range: Range<Int>, at base: Int, _ node: Int, _ parent: RankedRole,
        _ roles: inout RoleCollector, into event: inout EventBuilder
    ) -> Bool {
        var isAll = true
        var isTime = false
        var i = line.skipJSONSpace(from: range.lowerBound &+ 1)
        while i < range.upperBound, line[unchecked: i] == UInt8(ascii: "\"") {
            var escaped = false
            let nameEnd = line.jsonStringEnd(from: i &+ 1, escaped: &escaped)
            guard nameEnd >= 0 else { return false }
            let member = shape.member(line.extracting(i &+ 1..<nameEnd), in: node)
            i = line.skipJSONSpace(from: line.skipJSONSpace(from: nameEnd &+ 1) &+ 1)
            let end = line.jsonValueEnd(from: i)
            guard end >= 0 else { return false }
            if member < 0 || !takeValue(line, i..<end, at: base, member, parent, &roles, into: &event) {
                isAll = false
            } else if !isDialect {
                isTime = true
            }
            i = line.skipJSONSpace(from: end)
            guard i < range.upperBound, line[unchecked: i] == UInt8(ascii: ",") else { break }
            i = line.skipJSONSpace(from: i &+ 1)
        }
        return isAll || isTime
    }

    /// One value within an object. Tells whether it was taken.
    private mutating func takeValue(
        _ line: Span<UInt8>, _ range: Range<Int>, at base: Int, _ member: Int, _ parent: RankedRole,
        _ roles: inout RoleCollector, into event: inout EventBuilder
    ) -> Bool {
        let first = line[unchecked: range.lowerBound]
        let value = ByteRange(base &+ range.lowerBound, base &+ range.upperBound)
        if first == UInt8(ascii: "-") || first &- 0x30 < 10 {
            let field = Field(keys[member], .number, value)
            return takeText(member, field, line.extracting(range), parent, &roles, &event)
        }
        guard first == UInt8(ascii: "\"") else {
            let field = Field(keys[member], .json, value)
            let node = shape.members[member].child
            let role = shape.members[member].role
            if takeNested(line, range, at: base, member, node, field, role, &roles, into: &event) { return true }
            guard shape.members[member].isField else { return false }
            event.addWithinLimit(field)
            return true
        }
        let text = range.lowerBound &+ 1..<range.upperBound &- 1
        if line.extracting(text).firstIndex(of: UInt8(ascii: "\\"), from: 0) == nil {
            let field = Field(keys[member], .string, ByteRange(base &+ text.lowerBound, base &+ text.upperBound))
            return takeText(member, field, line.extracting(text), parent, &roles, &event)
        }
        var decoded: ContiguousArray<UInt8> = []
        swap(&decoded, &scratch)
        decoded.removeAll(keepingCapacity: true)
        JSONEscapes.decode(line, text, into: &decoded)
        let from = event.rawCount &+ event.decoded.count
        event.decoded.append(contentsOf: decoded.span)
        let field = Field(keys[member], .string, ByteRange(from, from &+ decoded.count))
        let isTaken = takeText(member, field, decoded.span, parent, &roles, &event)
        swap(&decoded, &scratch)
        return isTaken
    }

    private mutating func takeText(
        _ member: Int, _ field: Field, _ text: Span<UInt8>, _ parent: RankedRole, _ roles: inout RoleCollector,
        _ event: inout EventBuilder
    ) -> Bool {
        if isDialect { return take(member, field, text, isOwn: false, &roles, to: &event) }
        // The object is a field as a whole. `{"$date":…}` is as good a time as the name that holds it.
        var role = shape.members[member].role
        let isTime = role.role == .time && parent.role == .time
        if isTime, role.rank == FieldRoles.nanosecondRank {
            if let value = text.decimal(0..<text.count), value < 1_000_000_000 {
                roles.addToTime(value, ofRank: parent.rank)
            }
            return true
        }
        if isTime { role.rank = parent.rank }
        roles.offer(role, field, text, isField: true, to: &event)
        return isTime
    }

    /// A list of `{"key":…,"value":{"stringValue":…}}`, OpenTelemetry's attributes: the keys are names like any.
    private mutating func walkPairs(
        _ line: Span<UInt8>, _ range: Range<Int>, at base: Int, _ node: Int, _ parent: RankedRole,
        _ roles: inout RoleCollector, into event: inout EventBuilder
    ) {
        var i = line.skipJSONSpace(from: range.lowerBound &+ 1)
        while i < range.upperBound, line[unchecked: i] == UInt8(ascii: "{") {
            let end = line.jsonValueEnd(from: i)
            guard end >= 0 else { return }
            if let pair = line.jsonPair(i..<end) {
                let member = shape.member(line.extracting(pair.name), in: node)
                if member >= 0 { _ = takeValue(line, pair.value, at: base, member, parent, &roles, into: &event) }
            }
            i = line.skipJSONSpace(from: end)
            guard i < range.upperBound, line[unchecked: i] == UInt8(ascii: ",") else { return }
            i = line.skipJSONSpace(from: i &+ 1)
        }
    }

    /// A message that isn't UTF-8, as the journal writes it: a list of its bytes.
    private mutating func takeBytes(
        _ line: Span<UInt8>, _ range: Range<Int>, _ key: Key, _ role: RankedRole, _ roles: inout RoleCollector,
        _ event: inout EventBuilder
    ) -> Bool {
        let start = event.decoded.count
        var i = line.skipJSONSpace(from: range.lowerBound &+ 1)
        while i < range.upperBound, line[unchecked: i] != UInt8(ascii: "]") {
            let end = line.jsonNumberEnd(from: i)
            guard end >= 0, let byte = line.decimal(i..<end), byte < 256 else {
                event.decoded.removeLast(event.decoded.count - start)
                return false
            }
            event.decoded.append(UInt8(byte))
            i = line.skipJSONSpace(from: end)
            if i < range.upperBound, line[unchecked: i] == UInt8(ascii: ",") { i = line.skipJSONSpace(from: i &+ 1) }
        }
        let value = ByteRange(event.rawCount &+ start, event.rawCount &+ event.decoded.count)
        var text: ContiguousArray<UInt8> = []
        swap(&text, &scratch)
        text.removeAll(keepingCapacity: true)
        text.append(contentsOf: event.decoded.span.extracting(start..<event.decoded.count))
        roles.offer(role, Field(key, .string, value), text.span, to: &event)
        swap(&text, &scratch)
        return true
    }
}

extension Span<UInt8> {
    /// The name and the value of an object `{"key":"…","value":…}`; of a value such as `{"intValue":"7"}` what is inside.
    fileprivate func jsonPair(_ range: Range<Int>) -> (name: Range<Int>, value: Range<Int>)? {
        var name: Range<Int>?
        var value: Range<Int>?
        forEachJSONMember(range) { key, content in
            if extracting(key).isEqual("key"), self[unchecked: content.lowerBound] == UInt8(ascii: "\"") {
                name = content.lowerBound &+ 1..<content.upperBound &- 1
            } else if extracting(key).isEqual("value") {
                value = content
            }
        }
        guard let name, var value else { return nil }
        if self[unchecked: value.lowerBound] == UInt8(ascii: "{") {
            var inner: Range<Int>?
            forEachJSONMember(value) { _, content in inner = content }
            guard let inner else { return nil }
            value = inner
        }
        return (name, value)
    }

    /// The members of an object that has been checked.
    private func forEachJSONMember(_ range: Range<Int>, _ body: (Range<Int>, Range<Int>) -> Void) {
        var i = skipJSONSpace(from: range.lowerBound &+ 1)
        while i < range.upperBound, self[unchecked: i] == UInt8(ascii: "\"") {
            var escaped = false
            let nameEnd = jsonStringEnd(from: i &+ 1, escaped: &escaped)
            guard nameEnd >= 0 else { return }
            let name = i &+ 1..<nameEnd
            i = skipJSONSpace(from: skipJSONSpace(from: nameEnd &+ 1) &+ 1)
            let end = jsonValueEnd(from: i)
            guard end >= 0 else { return }
            body(name, i..<end)
            i = skipJSONSpace(from: end)
            guard i < range.upperBound, self[unchecked: i] == UInt8(ascii: ",") else { return }
            i = skipJSONSpace(from: i &+ 1)
        }
    }

    func isEqual(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && matches(text, at: 0)
    }
}
