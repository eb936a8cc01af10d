/// What both syslog formats share: the priority in front, and what its number means.
package struct SyslogPriority {
    /// 0 to 191; nil where the line has none, as most files don't.
    var value: UInt8?
    /// Offset of the first byte behind it.
    var end: Int

    /// Reads `<PRI>` at the start of a line, or behind the count of bytes that RFC 6587 puts in front of it. Nil for a `<` that begins no priority.
    @inline(__always)
    package init?(_ line: Span<UInt8>) {
        guard let first = line.isEmpty ? nil : line[unchecked: 0] else {
            value = nil
            end = 0
            return
        }
        var start = 0
        if first != Ascii.less {
            start = line.behindOctetCount(first)
            guard start > 0 else {
                value = nil
                end = 0
                return
            }
        }
        var number = 0
        var i = start &+ 1
        while i < min(line.count, start &+ 4), TimestampScanner.isDigit(line[unchecked: i]) {
            number = number &* 10 &+ Int(line[unchecked: i] &- 0x30)
            i &+= 1
        }
        guard i > start &+ 1, i < line.count, line[unchecked: i] == Ascii.greater, number <= 191 else { return nil }
        value = UInt8(truncatingIfNeeded: number)
        end = i &+ 1
        // No standard has a blank here, and many devices do.
        if end < line.count, line[unchecked: end] == Ascii.space { end &+= 1 }
    }

    /// Nil where there is no priority.
    package var severity: Severity? { value.map(Self.severity) }

    /// RFC 5424, table 2: 0 emergency, 1 alert, 2 critical, 3 error, 4 warning, 5 notice, 6 informational, 7 debug.
    static func severity(_ value: UInt8) -> Severity {
        switch value & 7 {
        case 0, 1, 2: .critical
        case 3: .error
        case 4: .warning
        case 5, 6: .info
        default: .debug
        }
    }

    /// Adds facility and severity to what stands behind the priority, unless that has a level of its own.
    func complete(_ event: inout EventBuilder) {
        guard let value else { return }
        let own = event.record.severity
        Self.apply(value, to: &event)
        if own != .unspecified { event.record.severity = own }
    }

    /// Many programs write all they say with one priority. What one puts in front of its message itself counts, where it is worse.
    @inline(__always)
    static func heed(_ message: Span<UInt8>, in event: inout EventBuilder) {
        guard message.count > 4, let mark = SeverityMark.read(message) else { return }
        event.record.severity = max(event.record.severity, mark)
    }

    /// Sets severity and the field `facility`. The line holds the facility only as part of the priority,
    /// so its number goes to the decoded text.
    static func apply(_ value: UInt8, to event: inout EventBuilder) {
        event.record.severity = severity(value)
        let facility = value >> 3
        let start = event.rawCount &+ event.decoded.count
        if facility >= 10 { event.decoded.append(0x30 &+ facility / 10) }
        event.decoded.append(0x30 &+ facility % 10)
        event.add(.facility, .number, ByteRange(start, event.rawCount &+ event.decoded.count))
    }
}

extension Span<UInt8> {
    /// Where the `<` of `577 <134>` stands; 0 where the line begins otherwise.
    @inline(__always)
    fileprivate func behindOctetCount(_ first: UInt8) -> Int {
        guard first &- 0x31 < 9, count > 8 else { return 0 }
        var i = 1
        while i < 7, self[unchecked: i] &- 0x30 < 10 { i &+= 1 }
        return self[unchecked: i] == Ascii.space && self[unchecked: i &+ 1] == Ascii.less ? i &+ 1 : 0
    }

    /// The first space at or after `start`, or `limit`, whichever comes first. Header words are short:
    /// a loop beats memchr on them.
    @inline(__always)
    func endOfWord(from start: Int, limit: Int) -> Int {
        let stop = Swift.min(limit, count)
        var i = start
        while i < stop, self[unchecked: i] != Ascii.space { i &+= 1 }
        return i
    }

    /// Where a JSON object begins that only blanks, and the cookie of CEE, separate from `start`, and which is all of the rest; else
    /// `start`.
    @inline(never)
    func startOfObject(from start: Int) -> Int {
        var i = start
        while i < count, self[unchecked: i] == Ascii.space { i &+= 1 }
        if matches("@cee:", at: i) { i &+= 5 }
        while i < count, self[unchecked: i] == Ascii.space { i &+= 1 }
        let isObject = matches("{\"", at: i) && self[unchecked: count &- 1] == UInt8(ascii: "}")
        return isObject ? i : start
    }

    /// Whether all bytes of a range, at least one, are digits.
    @inline(__always)
    func isNumber(_ start: Int, _ end: Int) -> Bool {
        guard start < end else { return false }
        for i in start..<end where !TimestampScanner.isDigit(self[unchecked: i]) { return false }
        return true
    }
}

extension EventBuilder {
    /// What follows a syslog line's head; without the colours whose ESC rsyslog writes as `#033`.
    @inline(__always)
    mutating func syslogText(_ line: Span<UInt8>, _ start: Int, _ base: Int) -> ByteRange {
        let text = ByteRange(base &+ start, base &+ line.count)
        guard let mark = line.firstIndex(of: EscapedColours.mark, from: start), mark &+ 5 < line.count else {
            return text
        }
        let decodedStart = decoded.count
        guard EscapedColours.strip(line.extracting(start..<line.count), from: mark &- start, into: &decoded) else {
            return text
        }
        return ByteRange(rawCount &+ decodedStart, rawCount &+ decoded.count)
    }

    /// Takes such colours out of the message of a line that begins at `base`: a container's output went through rsyslog before
    /// it got its head.
    @inline(__always)
    package mutating func stripEscapedColours(_ line: Span<UInt8>, _ base: Int) {
        let message = record.message
        if message.upper <= rawCount {
            guard message.lower >= base, message.upper <= base &+ line.count,
                let mark = line.firstIndex(of: EscapedColours.mark, from: message.lower &- base),
                base &+ mark &+ 5 < message.upper
            else { return }
            let start = decoded.count
            let text = line.extracting((message.lower &- base)..<(message.upper &- base))
            if EscapedColours.strip(text, from: base &+ mark &- message.lower, into: &decoded) {
                record.message = ByteRange(rawCount &+ start, rawCount &+ decoded.count)
            }
        } else {
            stripEscapedColours()
        }
    }

    /// The same of a message that was decoded.
    private mutating func stripEscapedColours() {
        let message = record.message
        let from = message.lower &- rawCount
        guard from >= 0, from &+ message.count <= decoded.count,
            let mark = decoded.span.firstIndex(of: EscapedColours.mark, from: from),
            mark &+ 5 < from &+ message.count
        else { return }
        let text = ContiguousArray(decoded[from..<from &+ message.count])
        let start = decoded.count
        if EscapedColours.strip(text.span, from: mark &- from, into: &decoded) {
            record.message = ByteRange(rawCount &+ start, rawCount &+ decoded.count)
        }
    }
}

/// Colours whose ESC was written as `#033`, as rsyslog writes control characters.
enum EscapedColours {
    static let mark = UInt8(ascii: "#")

    /// Appends the text without them; false, and nothing is appended, if there are none. `from`: the first mark.
    @inline(never)
    static func strip(_ text: Span<UInt8>, from: Int, into plain: inout ContiguousArray<UInt8>) -> Bool {
        var start = 0
        var next: Int? = from
        while let at = next {
            if text.matches("#033[", at: at) {
                var end = at &+ 5
                while end < text.count, text[unchecked: end] &- 0x20 < 0x20 { end &+= 1 }
                if end < text.count, text[unchecked: end].isLetter {
                    plain.append(contentsOf: text.extracting(start..<at))
                    start = end &+ 1
                }
            }
            next = text.firstIndex(of: mark, from: max(start, at &+ 1))
        }
        if start == 0 { return false }
        plain.append(contentsOf: text.extracting(start..<text.count))
        return true
    }
}
