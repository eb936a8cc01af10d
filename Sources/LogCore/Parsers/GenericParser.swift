/// The last resort: finds time, level and component where any log would have them, and takes the rest as message.
/// Accepts every line, unless it is asked for a time.
///
/// Reads the head of a line piece by piece: a time, then words in brackets or not, as long as they are a level,
/// a number, or a name that something marks as one. The message begins with the first piece that is none of these.
/// What stands in front of the time may be such a head too: see `LineHead`.
package final class GenericParser: LineParser {
    /// How far into a line a head is looked for, and a time.
    private static let headBytes = 96
    private static let timeBytes = 64

    private let needsTime: Bool

    /// `needsTime`: as a format of its own, for files of which all that is known is that their lines bear a time.
    /// Lines without one then belong to the event before them.
    package init(needsTime: Bool = false) { self.needsTime = needsTime }

    package var name: String { "generic" }
    package var joinsFollowingLines: Bool { needsTime }

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        // What others read whole, each line by itself, has its time somewhere in it.
        if needsTime, StrayLines.look(of: line) != nil { return false }
        var head = LineHead()
        var cursor = 0
        let count = line.count
        if var found = TimestampScanner.find(line, from: 0, limit: min(count, Self.timeBytes)) {
            // A clock in front is the line's head; a date further in is one that the message speaks of.
            if found.start > 12, let clock = clock(line) { found = clock }
            // A time of day without a date is a head only at the very start, and so is a number.
            let isDated = found.time.shape == .full || found.time.shape == .yearless
            // `[ 4:00:16 AM] …`
            let isPadded =
                found.start == 2 && line[unchecked: 1] == Ascii.space && line[unchecked: 0] == Ascii.leftBracket
            if found.start <= 1 || isPadded
                || isDated && (!isBareNumber(line, found.start) || isBehindLevel(line, found)),
                head.readBefore(line, found.start, timeEnd: found.time.end)
            {
                event.setTime(found.time)
                var end = found.time.end
                // The bracket that opened in front of it: `(10:00:00) | …`.
                let opening = isPadded ? 0 : found.start &- 1
                if found.start > 0, end < count, line[unchecked: opening].closing == line[unchecked: end] {
                    end &+= 1
                }
                cursor = line.skipJoints(end)
            } else {
                head = LineHead()
            }
        }
        if needsTime, event.record.timeSource == .none { return false }
        cursor = head.readOn(line, from: cursor, limit: min(count, Self.headBytes))
        // A line that is nothing but head is its own message: no text is ever lost.
        if cursor >= count || head.keepsText || head.isRow { cursor = 0 }
        event.record.severity = head.severity
        takeComponent(line, head.component, base, &event)
        add(.thread, head.thread, base, &event)
        add(.host, head.host, base, &event)
        if !head.context.isEmpty { add(event.keys.intern("context"), head.context, base, &event) }
        event.record.message = message(line, cursor, head, base, &event)
        return true
    }

    /// What follows the head; of a table's last cell the text without its quotes.
    private func message(
        _ line: Span<UInt8>, _ start: Int, _ head: LineHead, _ base: Int, _ event: inout EventBuilder
    ) -> ByteRange {
        let whole = ByteRange(base &+ start, base &+ line.count)
        guard head.isTable, start > 0, line[unchecked: start] == Ascii.quote else { return whole }
        var row = TableRow(separator: Ascii.comma)
        let rest = line.extracting(start..<line.count)
        guard let cell = row.next(rest), !row.isOpen, cell.range.upperBound &+ 1 == rest.count else { return whole }
        if cell.isEscaped { return event.unescapedCell(rest, cell.range) }
        return ByteRange(whole.lower &+ cell.range.lowerBound, whole.lower &+ cell.range.upperBound)
    }

    /// A time of day without a date at the line's beginning, or behind its first bracket.
    private func clock(_ line: Span<UInt8>) -> (start: Int, time: ScannedTime)? {
        let start = line[unchecked: 0].closing == 0 ? 0 : 1
        guard line[unchecked: start].isDigit, let time = TimestampScanner.scan(line, at: start),
            time.shape == .timeOnly
        else { return nil }
        return (start, time)
    }

    /// Ten digits in a row: a time in seconds only where a line begins with it, an order number elsewhere.
    private func isBareNumber(_ line: Span<UInt8>, _ start: Int) -> Bool {
        start + 10 <= line.count && line.isNumber(start..<start + 10)
    }

    /// `ERROR 1795147217 cart: no answer`, `[WARN] 1795147217123 - slow`: a number that only a level stands in front of, and that
    /// no colon announces as what the message is about.
    @inline(never)
    private func isBehindLevel(_ line: Span<UInt8>, _ found: (start: Int, time: ScannedTime)) -> Bool {
        guard let piece = line.nextPiece(0, end: found.start, column: 0, inFront: true),
            piece.bracketed || !piece.colon,
            line.level(piece, sawTime: false) != nil, line.skipJoints(piece.end) == found.start,
            found.time.end < line.count
        else { return false }
        return line[unchecked: found.time.end] == Ascii.space
    }

    private func add(_ key: Key, _ text: Range<Int>, _ base: Int, _ event: inout EventBuilder) {
        if !text.isEmpty {
            event.add(key, .string, ByteRange(base &+ text.lowerBound, base &+ text.upperBound))
        }
    }

    private func takeComponent(_ line: Span<UInt8>, _ text: Range<Int>, _ base: Int, _ event: inout EventBuilder) {
        guard !text.isEmpty else { return }
        var end = text.upperBound
        if let (nameEnd, number) = line.process(text), line.isSourceFile(text.lowerBound..<nameEnd),
            line[unchecked: nameEnd] == Ascii.leftParenthesis
        {
            // `http-server.c(1900): `
            event.add(.file, .string, ByteRange(base &+ text.lowerBound, base &+ nameEnd))
            if line[unchecked: number.lowerBound] != 0x30 {
                event.add(.line, .number, ByteRange(base &+ number.lowerBound, base &+ number.upperBound))
            }
            end = nameEnd
        } else if let (nameEnd, pid) = line.process(text) {
            // `0007` is no process, but what it stands behind is a name all the same.
            if line[unchecked: pid.lowerBound] != 0x30 {
                event.add(.pid, .number, ByteRange(base &+ pid.lowerBound, base &+ pid.upperBound))
            }
            end = nameEnd
        } else if line[unchecked: end &- 1] == Ascii.rightBracket,
            let open = line.firstIndex(of: Ascii.leftBracket, from: text.lowerBound), open < end, open > text.lowerBound
        {
            // `name[module]`
            end = open
        }
        event.record.component = ByteRange(base &+ text.lowerBound, base &+ end)
    }
}
