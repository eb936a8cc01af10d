/// Syslog as RFC 5424 defines it: `<34>1 2003-10-11T22:14:15.003Z host app 231 ID47 [id name="value"] message`,
/// in files often without the priority.
///
/// A word that is `-` is absent. Structured data that breaks the grammar stays in the message, whole.
package final class Syslog5424Parser: LineParser {
    /// Parameters kept of one line: more would be an attack on the field table.
    private static let parameterLimit = 256

    package init() {}

    package var name: String { "syslog-5424" }
    package var joinsFollowingLines: Bool { true }
    package var inside: Inside { .message }

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        let count = line.count
        guard let priority = SyslogPriority(line) else { return false }
        // `1 `: the only version there is.
        let version = priority.end
        guard version &+ 4 < count, line[unchecked: version] == 0x31,
            line[unchecked: version &+ 1] == Ascii.space
        else { return false }

        let timeStart = version &+ 2
        var timeEnd = timeStart
        var time: ScannedTime?
        if line[unchecked: timeStart] == Ascii.dash {
            // Without a priority and a time, `1 - ` could be anything.
            guard priority.value != nil else { return false }
            timeEnd &+= 1
        } else {
            guard count &- timeStart > 11, line[unchecked: timeStart &+ 4] == Ascii.dash,
                line[unchecked: timeStart &+ 10] | 0x20 == 0x74,
                let scanned = TimestampScanner.scan(line, at: timeStart), scanned.shape == .full
            else { return false }
            timeEnd = scanned.end
            time = scanned
        }

        guard let host = word(line, after: timeEnd) else { return false }
        guard let app = word(line, after: host.upperBound),
            let process = word(line, after: app.upperBound), let id = word(line, after: process.upperBound),
            isHeader(line, app, process, id)
        else {
            // What a priority and a time stand in front of is a syslog line all the same: its text follows the host.
            guard let value = priority.value, let time, host.upperBound &+ 1 < count else { return false }
            event.setTime(time)
            add(.host, .string, line, host, base, &event)
            SyslogPriority.apply(value, to: &event)
            event.record.message = ByteRange(base &+ host.upperBound &+ 1, base &+ count)
            return true
        }

        if let time { event.setTime(time) }
        // `cart:` of senders that write the tag of the older format.
        let hasColon = app.count > 1 && line[unchecked: app.upperBound &- 1] == Ascii.colon
        let nameEnd = hasColon ? app.upperBound &- 1 : app.upperBound
        event.record.component = isNil(line, app) ? .empty : ByteRange(base &+ app.lowerBound, base &+ nameEnd)
        add(.host, .string, line, host, base, &event)
        let isNumber = line.isNumber(process.lowerBound, process.upperBound)
        add(.pid, isNumber ? .number : .string, line, process, base, &event)
        add(.msgid, .string, line, id, base, &event)
        // A missing priority counts as 13: facility user, severity notice. Only a written one becomes a field.
        if let value = priority.value {
            SyslogPriority.apply(value, to: &event)
        } else {
            event.record.severity = SyslogPriority.severity(13)
        }

        var start = structuredData(line, id.upperBound, base, &event)
        if line.matches("\u{FEFF}", at: start) { start &+= 3 }
        if start < count, line[unchecked: start] == Ascii.space || line[unchecked: start] == Ascii.at {
            start = line.startOfObject(from: start)
        }
        // Structured data and no text: what it says is the message, behind the name of it.
        if start >= count, id.upperBound &+ 1 < count, line[unchecked: id.upperBound &+ 1] == Ascii.leftBracket {
            start = isNil(line, id) ? id.upperBound &+ 1 : id.lowerBound
        }
        if start < count { SyslogPriority.heed(line.extracting(start..<count), in: &event) }
        event.record.message = event.syslogText(line, start, base)
        return true
    }

    /// Whether the words are the columns that the RFC has, and not those of a text that stands in their place: a program's name of
    /// 48 bytes at most, and structured data, its dash or, of senders that leave it out, a number or a dash before it.
    @inline(__always)
    private func isHeader(_ line: Span<UInt8>, _ app: Range<Int>, _ process: Range<Int>, _ id: Range<Int>) -> Bool {
        guard app.count <= 48, line[unchecked: app.lowerBound] != UInt8(ascii: "{") else { return false }
        let next = id.upperBound &+ 1
        guard next < line.count else { return true }
        let byte = line[unchecked: next]
        return byte == Ascii.dash || byte == Ascii.leftBracket || isNil(line, process) || isNil(line, id)
            || line.isNumber(process.lowerBound, process.upperBound)
    }

    /// The word behind the space at `space`, or nil.
    @inline(__always)
    private func word(_ line: Span<UInt8>, after space: Int) -> Range<Int>? {
        guard space &+ 1 < line.count, line[unchecked: space] == Ascii.space else { return nil }
        let end = line.endOfWord(from: space &+ 1, limit: space &+ 512)
        return end > space &+ 1 ? (space &+ 1)..<end : nil
    }

    @inline(__always)
    private func isNil(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
        range.count == 1 && line[unchecked: range.lowerBound] == Ascii.dash
    }

    @inline(__always)
    private func add(
        _ key: Key, _ kind: FieldKind, _ line: Span<UInt8>, _ range: Range<Int>, _ base: Int,
        _ event: inout EventBuilder
    ) {
        if !isNil(line, range) {
            event.add(key, kind, ByteRange(base &+ range.lowerBound, base &+ range.upperBound))
        }
    }

    /// Reads what follows the header's last word at `end` and adds its parameters as fields.
    /// Returns where the message begins: behind the structured data, or at it if it is broken.
    private func structuredData(_ line: Span<UInt8>, _ end: Int, _ base: Int, _ event: inout EventBuilder) -> Int {
        let start = min(end &+ 1, line.count)
        guard start < line.count else { return start }
        if line[unchecked: start] == Ascii.dash {
            // `-` and no more, or `- message`; `-message` is a sender that leaves the element out.
            if start &+ 1 == line.count { return start &+ 1 }
            return line[unchecked: start &+ 1] == Ascii.space ? start &+ 2 : start
        }
        let fieldsBefore = event.fields.count
        let countBefore = event.record.fieldCount
        var i = start
        while i < line.count, line[unchecked: i] == Ascii.leftBracket {
            guard let next = element(line, i &+ 1, base, &event) else {
                event.fields.removeSubrange(fieldsBefore...)
                event.record.fieldCount = countBefore
                return start
            }
            i = next
        }
        return i > start && i < line.count && line[unchecked: i] == Ascii.space ? i &+ 1 : i
    }

    /// One `[id name="value" …]`, from behind its bracket. Returns the offset behind it, nil if it is broken.
    private func element(_ line: Span<UInt8>, _ start: Int, _ base: Int, _ event: inout EventBuilder) -> Int? {
        guard var i = endOfName(line, start) else { return nil }
        while i < line.count {
            if line[unchecked: i] == Ascii.rightBracket { return i &+ 1 }
            guard line[unchecked: i] == Ascii.space, let equals = endOfName(line, i &+ 1),
                equals &+ 1 < line.count, line[unchecked: equals] == Ascii.equals,
                line[unchecked: equals &+ 1] == Ascii.quote,
                let (range, next) = value(line, equals &+ 2, base, &event)
            else { return nil }
            if event.record.fieldCount < Self.parameterLimit {
                let key = event.keys.intern(line.extracting((i &+ 1)..<equals))
                event.add(key, .string, range)
            }
            i = next
        }
        return nil
    }

    /// The end of an element's or a parameter's name: printable ASCII but for `=`, space, `]` and `"`.
    private func endOfName(_ line: Span<UInt8>, _ start: Int) -> Int? {
        var i = start
        loop: while i < line.count {
            switch line[unchecked: i] {
            case Ascii.space, Ascii.equals, Ascii.rightBracket, Ascii.quote: break loop
            case 0x21...0x7E: i &+= 1
            default: return nil
            }
        }
        return i > start && i < line.count ? i : nil
    }

    /// A value from behind its quote to behind the closing one. `\"`, `\\` and `\]` are escapes,
    /// any other backslash is itself; only a value with escapes is copied.
    private func value(
        _ line: Span<UInt8>, _ start: Int, _ base: Int, _ event: inout EventBuilder
    ) -> (range: ByteRange, end: Int)? {
        var i = start
        var escapes = false
        while i < line.count, line[unchecked: i] != Ascii.quote {
            if isEscape(line, i) {
                escapes = true
                i &+= 1
            }
            i &+= 1
        }
        guard i < line.count else { return nil }
        guard escapes else { return (ByteRange(base &+ start, base &+ i), i &+ 1) }
        let decodedStart = event.rawCount &+ event.decoded.count
        var j = start
        while j < i {
            if isEscape(line, j) { j &+= 1 }
            event.decoded.append(line[unchecked: j])
            j &+= 1
        }
        return (ByteRange(decodedStart, event.rawCount &+ event.decoded.count), i &+ 1)
    }

    @inline(__always)
    private func isEscape(_ line: Span<UInt8>, _ i: Int) -> Bool {
        guard line[unchecked: i] == Ascii.backslash, i &+ 1 < line.count else { return false }
        switch line[unchecked: i &+ 1] {
        case Ascii.quote, Ascii.backslash, Ascii.rightBracket: return true
        default: return false
        }
    }
}
