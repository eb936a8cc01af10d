/// `key=value key="quoted \"value\"" flag`, as Go's and Heroku's programs write it.
///
/// A line is taken if it starts with a pair, has three of them or more, and either one of them is a time, level or
/// message or there is nothing but pairs: prose with an equals sign here and there is left to others.
package final class LogfmtParser: LineParser {
    package let name = "logfmt"
    package let joinsFollowingLines = false
    private var pairs = LogfmtPairs()

    package init() {}

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        let decodedCount = event.decoded.count
        if pairs.read(line, at: base, into: &event) { return true }
        event.abandon(decodedCount: decodedCount)
        return false
    }
}

/// The parser's memory, apart from the class so that one access covers a whole line.
private struct LogfmtPairs: ~Copyable {
    private static let leastPairs = 3
    private var memory = KeyMemory(terminator: UInt8(ascii: "="))
    /// For the text of values that hold escapes.
    private var scratch: ContiguousArray<UInt8> = []

    mutating func read(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        _ = memory.use(event.keys.identity)
        var roles = RoleCollector()
        var entry = 0
        var pairCount = 0
        var flagCount = 0
        // A message without quotes: the words without an equals sign behind it are its own.
        var bareMessage: RankedRole?
        var bareField = Field(.overflow, .string, .empty)
        var i = line.skipBlanks(from: 0)
        guard i < line.count, line[unchecked: i].startsName else { return false }
        while i < line.count {
            let previous = entry
            entry = memory.predicted(after: previous, line, at: i)
            var nameEnd = i
            if entry != 0 {
                nameEnd = i &+ memory.entries[entry].count
            } else {
                nameEnd = line.nameEnd(from: i)
                if nameEnd == i || nameEnd == line.count || line[unchecked: nameEnd] != UInt8(ascii: "=") {
                    guard pairCount > 0 else { return false }
                    let end = line.wordEnd(from: i)
                    flagCount &+= 1
                    if bareMessage != nil {
                        bareField.value.end = UInt32(truncatingIfNeeded: base &+ end)
                    } else if nameEnd == end {
                        addFlag(line, i..<end, &event)
                    }
                    entry = previous
                    i = line.skipBlanks(from: end)
                    continue
                }
                entry = memory.learn(line, i..<nameEnd, escaped: false, after: previous, keys: &event.keys)
            }
            if let role = bareMessage {
                offerBare(role, bareField, line, base, &roles, &event)
                bareMessage = nil
            }
            pairCount &+= 1
            let role = memory.entries[entry].role
            let start = nameEnd &+ 1
            if start < line.count, line[unchecked: start] == UInt8(ascii: "\"") {
                i = readQuoted(line, from: start &+ 1, at: base, memory.entries[entry].key, role, &roles, &event)
                guard i >= 0, i == line.count || line[unchecked: i] == 0x20 || line[unchecked: i] == 0x09 else {
                    return false
                }
            } else if let end = line.singleQuoteEnd(from: start) {
                let text = start &+ 1..<end
                let field = Field(memory.entries[entry].key, .string, ByteRange(base &+ start &+ 1, base &+ end))
                roles.offer(role, field, line.extracting(text), to: &event)
                i = end &+ 1
            } else {
                i = line.wordEnd(from: start)
                let value = ByteRange(base &+ start, base &+ i)
                let field = Field(memory.entries[entry].key, line.bareKind(start..<i), value)
                if role.role == .message {
                    bareMessage = role
                    bareField = field
                } else if role.role == .none {
                    event.addWithinLimit(field)
                } else {
                    roles.offer(role, field, line.extracting(start..<i), to: &event)
                }
            }
            i = line.skipBlanks(from: i)
        }
        if let role = bareMessage { offerBare(role, bareField, line, base, &roles, &event) }
        guard pairCount >= Self.leastPairs, flagCount == 0 || roles.isLogLike else { return false }
        roles.finish(message: ByteRange(base, base &+ line.count), into: &event)
        return true
    }

    private func offerBare(
        _ role: RankedRole, _ field: Field, _ line: Span<UInt8>, _ base: Int, _ roles: inout RoleCollector,
        _ event: inout EventBuilder
    ) {
        let text = line.extracting(field.value.lower &- base..<field.value.upper &- base)
        var field = field
        field.kind = line.bareKind(field.value.lower &- base..<field.value.upper &- base)
        roles.offer(role, field, text, to: &event)
    }

    /// A name without a value stands for `true`.
    private mutating func addFlag(_ line: Span<UInt8>, _ range: Range<Int>, _ event: inout EventBuilder) {
        guard range.count <= KeyMemory.longestName else { return }
        let from = event.rawCount &+ event.decoded.count
        event.decoded.append(contentsOf: "true".utf8)
        event.addWithinLimit(Field(event.keys.intern(line.extracting(range)), .json, ByteRange(from, from &+ 4)))
    }

    /// Reads a quoted value whose first byte is at `start`; gives the offset behind the closing quote, or -1.
    @inline(__always)
    private mutating func readQuoted(
        _ line: Span<UInt8>, from start: Int, at base: Int, _ key: Key, _ role: RankedRole,
        _ roles: inout RoleCollector, _ event: inout EventBuilder
    ) -> Int {
        var escaped = false
        let end = line.quotedEnd(from: start, escaped: &escaped)
        guard end >= 0 else { return -1 }
        if !escaped {
            let field = Field(key, .string, ByteRange(base &+ start, base &+ end))
            if role.role == .none {
                event.addWithinLimit(field)
            } else {
                roles.offer(role, field, line.extracting(start..<end), to: &event)
            }
            return end &+ 1
        }
        let from = event.rawCount &+ event.decoded.count
        scratch.removeAll(keepingCapacity: true)
        JSONEscapes.decode(line, start..<end, into: &scratch)
        event.decoded.append(contentsOf: scratch.span)
        let field = Field(key, .string, ByteRange(from, from &+ scratch.count))
        if role.role == .none {
            event.addWithinLimit(field)
        } else {
            roles.offer(role, field, scratch.span, to: &event)
        }
        return end &+ 1
    }
}

extension UInt8 {
    /// A letter, `_` or `@`: what a name may begin with.
    fileprivate var startsName: Bool {
        (self | 0x20) &- UInt8(ascii: "a") < 26 || self == UInt8(ascii: "_") || self == UInt8(ascii: "@")
    }

    /// What may stand in a name behind its first byte.
    fileprivate var isInName: Bool {
        startsName || self &- UInt8(ascii: "-") < 13 || self == UInt8(ascii: ":")
    }
}

extension Span<UInt8> {
    fileprivate func skipBlanks(from start: Int) -> Int {
        var i = start
        while i < count, self[unchecked: i] == 0x20 || self[unchecked: i] == 0x09 { i &+= 1 }
        return i
    }

    /// Behind the name that starts at `start`; `start` itself if none does.
    fileprivate func nameEnd(from start: Int) -> Int {
        guard self[unchecked: start].startsName else { return start }
        var i = start &+ 1
        while i < count, self[unchecked: i].isInName { i &+= 1 }
        return i
    }

    /// Behind the bytes that are neither blank nor a tab.
    @inline(__always)
    fileprivate func wordEnd(from start: Int) -> Int {
        let raw = self.bytes
        var i = start
        while i &+ 8 <= count {
            // Safe: the 8 bytes from i on lie within the span. The first hit is sure, see jsonPlainEnd.
            let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromUncheckedByteOffset: i, as: UInt64.self))
            let blanks = (word ^ 0x2020_2020_2020_2020) &- 0x0101_0101_0101_0101
            let tabs = (word ^ 0x0909_0909_0909_0909) &- 0x0101_0101_0101_0101
            let stops = (blanks | tabs) & ~word & 0x8080_8080_8080_8080
            if stops != 0 { return i &+ stops.trailingZeroBitCount &>> 3 }
            i &+= 8
        }
        while i < count, self[unchecked: i] != 0x20, self[unchecked: i] != 0x09 { i &+= 1 }
        return i
    }

    /// The offset of the quote that ends the value whose first byte is at `start`, or -1.
    fileprivate func quotedEnd(from start: Int, escaped: inout Bool) -> Int {
        var i = jsonPlainEnd(from: start)
        while i < count {
            let byte = self[unchecked: i]
            if byte == UInt8(ascii: "\"") { return i }
            if byte == UInt8(ascii: "\\") {
                escaped = true
                i &+= 1
            }
            i = jsonPlainEnd(from: i &+ 1)
        }
        return -1
    }

    /// Where the quote closes that opens at `start`, as Ruby and Python write them, in front of a blank or the end; else nil.
    @inline(__always)
    fileprivate func singleQuoteEnd(from start: Int) -> Int? {
        guard start < count, self[unchecked: start] == 0x27 else { return nil }
        var i = start &+ 1
        while let end = firstIndex(of: 0x27, from: i) {
            if end &+ 1 == count || self[unchecked: end &+ 1] == 0x20 { return end }
            i = end &+ 1
        }
        return nil
    }

    /// A value without quotes: a JSON number, `true`, `false`, or text.
    fileprivate func bareKind(_ range: Range<Int>) -> FieldKind {
        guard let first = range.isEmpty ? nil : self[unchecked: range.lowerBound] else { return .string }
        if first == UInt8(ascii: "-") || first &- 0x30 < 10 {
            return jsonNumberEnd(from: range.lowerBound) == range.upperBound ? .number : .string
        }
        let isWord =
            range.count == 4 && matches("true", at: range.lowerBound)
            || range.count == 5 && matches("false", at: range.lowerBound)
        return isWord ? .json : .string
    }
}
