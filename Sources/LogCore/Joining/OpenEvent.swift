/// The event that following lines may still join, and what it will add to the ledger.
struct OpenEvent {
    var record = Record()
    var isOpen = false
    /// Indented lines join without being looked at.
    private(set) var takesIndented = false
    private var continuation = Continuation()
    private var name = ExceptionSearch()
    /// Where the first line's text ends.
    private(set) var headerEnd = 0
    /// Where the first line that joined begins.
    private(set) var joinedStart = 0
    /// Its lines are a document that a parser reads as one.
    private(set) var isDocument = false
    var headerBytes = 0
    var joinedBytes = 0
    private var joinedLines = 0
    var blankLines = 0
    var blankBytes = 0
    private var blanksBefore = 0

    var isGeneric: Bool { record.parser == EventJoiner.genericParser }

    @inline(__always)
    mutating func begin(
        _ parsed: Record, parser: UInt8, _ line: Range<Int>, length: Int, line number: UInt32,
        _ manner: Continuation.Manner, takesIndented: Bool
    ) {
        record = parsed
        record.parser = parser
        record.raw = ByteRange(line.lowerBound, line.upperBound)
        record.line = number
        isOpen = true
        continuation = Continuation(manner)
        self.takesIndented = takesIndented
        headerEnd = line.upperBound
        headerBytes = length
        joinedBytes = 0
        joinedLines = 0
        blankLines = 0
        blankBytes = 0
    }

    /// Takes the line from `start` to `end`; `length` is that of the line with its end.
    @inline(__always)
    mutating func join(from start: Int, upTo end: Int, length: Int) {
        if joinedLines == 0 { beginJoining(start) }
        record.raw.end = UInt32(truncatingIfNeeded: end)
        record.flags.insert(.multiline)
        joinedLines &+= 1
        joinedBytes &+= length
        blanksBefore = blankLines
    }

    /// Takes a line that others' lines stand before: it is counted, and lies outside of the event's bytes.
    mutating func joinApart(lines: Int, length: Int) {
        record.flags.insert(.multiline)
        joinedLines &+= lines
        joinedBytes &+= length
    }

    private mutating func beginJoining(_ start: Int) {
        joinedStart = start
        name = ExceptionSearch()
        blanksBefore = 0
    }

    /// Looks whether the line that joined last tells the exception.
    @inline(__always)
    mutating func look(_ bytes: Span<UInt8>, _ line: Range<Int>, _ event: inout EventBuilder) {
        if name.isOver { return }
        if joinedLines == 1, record.message.upper <= bytes.count {
            name.begin(bytes.extracting(record.message.lower..<record.message.upper), at: record.message.lower)
        }
        if !name.isOver { name.look(bytes.extracting(line), at: line.lowerBound, continuation.block) }
        if let found = name.found { event.add(found, to: &record) }
    }

    @inline(__always)
    func settle(_ ledger: inout Ledger) {
        ledger.events &+= 1
        ledger.eventBytes &+= Int64(headerBytes)
        if joinedLines > 0 {
            ledger.joinedLines &+= Int64(joinedLines)
            ledger.joinedBytes &+= Int64(joinedBytes)
        }
        if blankLines > 0 {
            ledger.blankLines &+= Int64(blankLines)
            ledger.blankBytes &+= Int64(blankBytes)
        }
        if isGeneric {
            ledger.unparsedEvents &+= 1
            ledger.unparsedBytes &+= Int64(headerBytes &+ joinedBytes)
            if record.timeSource == .none || record.timeSource == .inherited {
                ledger.untimedEvents &+= 1
                ledger.untimedBytes &+= Int64(headerBytes &+ joinedBytes)
            }
        }
    }

    /// Whether a line that no format claims belongs to this event.
    mutating func joins(_ line: Span<UInt8>) -> Bool {
        let isWithinDocument = isDocument && continuation.block.kind == .json
        if joinedLines == 0 {
            continuation.hasHead =
                record.severity != .unspecified || record.timeSource == .line || record.timeSource == .yearInferred
            continuation.isTrouble = record.severity == .unspecified || record.severity >= .warning
        }
        let joined = continuation.joins(line, afterBlank: blankLines > (joinedLines == 0 ? 0 : blanksBefore))
        if joined, !isWithinDocument { isDocument = false }
        if continuation.block.counts { takesIndented = false }
        if joined, joinedLines == 0, isGeneric, record.severity == .unspecified {
            record.severity = continuation.block.severity
        }
        return joined
    }

    /// Looks whether the event's first line opens a block.
    mutating func beginBlock(_ line: Span<UInt8>) {
        continuation.begin(line)
        isDocument = continuation.block.kind == .json
        if continuation.block.counts { takesIndented = false }
        if record.severity == .unspecified { record.severity = continuation.block.severity }
    }
}

/// Finds the exception that the lines of a trace name: in the event's message, above the first frame, or where Python has it.
struct ExceptionSearch {
    private var candidate: (type: ByteRange, message: ByteRange)?
    private(set) var found: (type: ByteRange, message: ByteRange)?
    private(set) var isOver = false
    private var lines = 0
    /// Longer traces name theirs in vain.
    private static let mostLines = 1_024

    mutating func begin(_ message: Span<UInt8>, at base: Int) {
        candidate = Self.name(message, at: base, anyName: false)
        // A sanitizer's report needs no frames to be one.
        if message.count > 2, message[unchecked: 0] == UInt8(ascii: "=") { confirm() }
    }

    mutating func look(_ line: Span<UInt8>, at base: Int, _ block: Block) {
        lines &+= 1
        if lines > Self.mostLines { isOver = true }
        if block.isNaming {
            candidate = Self.name(line, at: base, anyName: true) ?? candidate
            confirm()
        } else if block.kind == .sanitizer || block.kind == .native {
            candidate = candidate ?? Self.name(line, at: base, anyName: false)
            confirm()
        } else if candidate == nil, block.kind != .python {
            candidate = Self.name(line, at: base, anyName: false)
        } else if LineShape.isJoint(line), block.kind != .python {
            confirm()
        }
    }

    private mutating func confirm() {
        guard let candidate else { return }
        found = candidate
        isOver = true
    }

    private static func name(_ line: Span<UInt8>, at base: Int, anyName: Bool) -> (type: ByteRange, message: ByteRange)?
    {
        guard let name = ExceptionName(line, anyName: anyName) else { return nil }
        return (
            ByteRange(base &+ name.type.lowerBound, base &+ name.type.upperBound),
            ByteRange(base &+ name.message.lowerBound, base &+ name.message.upperBound)
        )
    }
}

extension EventBuilder {
    /// Adds the exception to an event whose fields are kept already; moves these to the end, where there is room.
    mutating func add(_ exception: (type: ByteRange, message: ByteRange), to record: inout Record) {
        if fields.count > committedFields { fields.removeLast(fields.count &- committedFields) }
        append(exception, to: &record)
        committedFields = fields.count
    }

    mutating func append(_ exception: (type: ByteRange, message: ByteRange), to record: inout Record) {
        let first = Int(record.firstField)
        let count = Int(record.fieldCount)
        guard count < 4_096 else { return }
        for i in first..<first &+ count where fields[i].key == .exception { return }
        if first &+ count != fields.count {
            record.firstField = UInt32(truncatingIfNeeded: fields.count)
            for i in first..<first &+ count {
                let field = fields[i]
                fields.append(field)
            }
        }
        fields.append(Field(.exception, .string, exception.type))
        record.fieldCount &+= 1
        if !exception.message.isEmpty {
            fields.append(Field(.exceptionMessage, .string, exception.message))
            record.fieldCount &+= 1
        }
    }
}

extension Record {
    /// Lets the message of a joined event run on over the lines that joined, if it reached its line's end.
    /// False where text of the head stands behind it.
    @inline(__always)
    mutating func finishMessage(headerEnd: Int, rawCount: Int) -> Bool {
        guard message.upper == headerEnd, message.upper <= rawCount else { return false }
        message.end = raw.end
        return true
    }
}
