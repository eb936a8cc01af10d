import LogCore

/// Events joined from bytes, with every range resolved, fed as a whole or in pieces.
struct Joining: Equatable {
    struct Event: Equatable {
        /// Offset of the first byte and number of the first line (from 1) in the whole input.
        var offset: Int
        var line: Int
        var raw: [UInt8]
        var message: [UInt8]
        var component: [UInt8]
        var fields: [[UInt8]]
        var time: Int64?
        var timeSource: TimeSource
        var severity: Severity
        var parser: UInt8
        var flags: UInt8

        var text: String { String(decoding: raw, as: UTF8.self) }
    }

    var events: [Event] = []
    var ledger = Ledger()
    /// A range that lay outside the bytes, or bytes of two events that overlap.
    var defects: [String] = []

    /// Feeds `bytes` cut before each of `cuts` (ascending), as a reader does it: what the joiner didn't consume is
    /// put in front of the next piece.
    init(_ bytes: [UInt8], parsers: [any LineParser] = [], cuts: [Int] = [], year: Int = 2026) {
        var joiner = EventJoiner()
        joiner.parsers = ContiguousArray(parsers)
        var builder = EventBuilder(clock: SourceClock(year: year))
        var carry: [UInt8] = []
        var offset = 0
        var line = 0
        var start = 0
        for end in cuts + [bytes.count] {
            let piece = carry + bytes[start..<end]
            start = end
            var records: ContiguousArray<Record> = []
            let clock = builder.clock
            builder.reset(rawCount: piece.count)
            builder.clock = clock
            let consumed = joiner.read(
                piece.span, atEnd: end == bytes.count, into: &builder, records: &records, ledger: &ledger)
            resolve(records, piece, builder.decoded, builder.fields, offset, line, consumed)
            if consumed < 0 || consumed > piece.count { defects.append("consumed \(consumed) of \(piece.count)") }
            let taken = min(max(consumed, 0), piece.count)
            line += piece[..<taken].count { $0 == 0x0A }
            offset += taken
            carry = Array(piece[taken...])
        }
        if !carry.isEmpty { defects.append("\(carry.count) bytes left over") }
    }

    init(_ text: String, parsers: [any LineParser] = [], cuts: [Int] = []) {
        self.init(Array(text.utf8), parsers: parsers, cuts: cuts)
    }

    private mutating func resolve(
        _ records: ContiguousArray<Record>, _ piece: [UInt8], _ decoded: ContiguousArray<UInt8>,
        _ fields: ContiguousArray<Field>, _ offset: Int, _ line: Int, _ consumed: Int
    ) {
        var last = 0
        for record in records {
            if record.raw.lower < last || record.raw.upper > consumed || record.raw.lower > record.raw.upper {
                defects.append("raw \(record.raw) after \(last), consumed \(consumed)")
                continue
            }
            last = record.raw.upper
            let first = Int(record.firstField)
            guard first + Int(record.fieldCount) <= fields.count else {
                defects.append("fields \(first)+\(record.fieldCount) of \(fields.count)")
                continue
            }
            events.append(
                Event(
                    offset: offset + record.raw.lower, line: line + Int(record.line) + 1,
                    raw: Array(piece[record.raw.lower..<record.raw.upper]),
                    message: text(record.message, record, piece, decoded),
                    component: text(record.component, record, piece, decoded),
                    fields: fields[first..<first + Int(record.fieldCount)].map {
                        text($0.value, record, piece, decoded)
                    },
                    time: record.time == Timestamp.none ? nil : record.time, timeSource: record.timeSource,
                    severity: record.severity, parser: record.parser, flags: record.flags.rawValue))
        }
    }

    /// The bytes of a range: of the event's own lines, or of the decoded text.
    private mutating func text(
        _ range: ByteRange, _ record: Record, _ piece: [UInt8], _ decoded: ContiguousArray<UInt8>
    ) -> [UInt8] {
        if range.isEmpty { return [] }
        if range.upper <= piece.count {
            // Of an event whose lines others' stand between, only the first ones are its own stretch of the bytes.
            let end = record.flags.contains(.multiline) ? piece.count : record.raw.upper
            if range.lower < record.raw.lower || range.upper > end || range.lower > range.upper {
                defects.append("range \(range) outside \(record.raw)")
                return []
            }
            return Array(piece[range.lower..<range.upper])
        }
        let start = range.lower - piece.count
        let end = range.upper - piece.count
        if start < 0 || start > end || end > decoded.count {
            defects.append("range \(range) outside the decoded text")
            return []
        }
        return Array(decoded[start..<end])
    }

    /// The events' lines as read.
    var texts: [String] { events.map(\.text) }

    /// What is wrong with the events or the ledger of `bytes`; empty: nothing.
    func problems(of bytes: [UInt8]) -> [String] {
        var problems = defects
        let parts = [
            ledger.eventBytes, ledger.joinedBytes, ledger.blankBytes, ledger.truncatedBytes, ledger.skippedBytes,
            ledger.unparsedBytes, ledger.events, ledger.joinedLines, ledger.blankLines, ledger.unparsedEvents,
        ]
        if parts.contains(where: { $0 < 0 }) { problems.append("negative: \(ledger)") }
        if ledger.bytes != bytes.count { problems.append("\(ledger.bytes) of \(bytes.count) bytes") }
        if ledger.accounted != bytes.count { problems.append("\(ledger.accounted) accounted of \(bytes.count)") }
        if ledger.events != events.count { problems.append("\(ledger.events) events, not \(events.count)") }
        let lines = bytes.count { $0 == 0x0A } + (bytes.last.map { $0 != 0x0A } ?? false ? 1 : 0)
        if ledger.lines != lines { problems.append("\(ledger.lines) lines, not \(lines)") }
        var known = 0
        var line = 1
        for event in events {
            while known < event.offset {
                if bytes[known] == 0x0A { line += 1 }
                known += 1
            }
            if event.line != line { problems.append("line \(event.line) at \(event.offset), not \(line)") }
            let isTruncated = RecordFlags(rawValue: event.flags).contains(.truncated)
            if event.raw.last == 0x0A, !isTruncated { problems.append("line end inside the event at \(event.offset)") }
        }
        return problems
    }
}
