/// The event that following lines may still join, and what it will add to the ledger.
struct OpenEvent {
    var record = Record()
    var isOpen = false
    /// Indented lines join without being looked at.
    private(set) var takesIndented = false
    private var continuation = Continuation()
    private var name = ExceptionSearch()
    /// Where the first line ends, and where its text does: the same, unless it was read without colours.
    private(set) var headerEnd = 0
    private(set) var textEnd = 0
    /// Some line of it has colours.
    var isColoured = false
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

    /// A trace, a document or the like is open, to which any line may belong.
    var isWithinBlock: Bool { isOpen && continuation.block.kind != .none }
    /// A first line without a text of its own.
    var isBare: Bool { joinedLines == 0 && record.message.isEmpty }
    var isGeneric: Bool { record.parser == EventJoiner.genericParser }

    @inline(__always)
    mutating func begin(
        _ parsed: Record, parser: UInt8, _ span: LineSpan, _ textEnd: Int, _ manner: Continuation.Manner,
        takesIndented: Bool
    ) {
        record = parsed
        record.parser = parser
        record.raw = ByteRange(span.start, span.end)
        record.line = span.number
        isOpen = true
        self.textEnd = textEnd
        isColoured = false
        continuation = Continuation(manner)
        self.takesIndented = takesIndented
        headerEnd = span.end
        headerBytes = span.next &- span.start
        joinedBytes = 0
        joinedLines = 0
        blankLines = 0
        blankBytes = 0
    }

    /// Takes a line, and looks whether it tells the exception; `text` is what the line says, from `base` on.
    @inline(__always)
    mutating func join(
        _ text: Span<UInt8>, _ base: Int, _ span: LineSpan, _ bytes: Span<UInt8>, _ event: inout EventBuilder
    ) {
        join(span, length: span.next &- span.start)
        if !name.isOver { look(text, base, bytes, &event) }
    }

    /// Takes a line that is one event's with the one before; `length` is what it adds to the event's bytes.
    @inline(__always)
    mutating func join(_ span: LineSpan, length: Int) {
        if joinedLines == 0 { beginJoining(span.start) }
        record.raw.end = UInt32(truncatingIfNeeded: span.end)
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

    private mutating func look(
        _ text: Span<UInt8>, _ base: Int, _ bytes: Span<UInt8>, _ event: inout EventBuilder
    ) {
        if joinedLines == 1 {
            let message = record.message
            event.withText(message, bytes) { name.begin($0, at: message.lower) }
        }
        if !name.isOver { name.look(text, at: base, continuation.block) }
        if let found = name.found {
            event.add(found, to: &record)
            if isGeneric, record.severity == .unspecified { record.severity = .error }
        }
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

    /// Whether a line that no format claims belongs to this event. Where the event has a time, one with a time of its own
    /// doesn't, unless it stands within a block.
    mutating func joins(
        _ line: Span<UInt8>, _ bytes: Span<UInt8>, _ event: borrowing EventBuilder
    ) -> Continuation.Answer {
        if joinedLines == 0, isLastWord(line), !event.withText(record.message, bytes, TroubleWords.areIn) {
            // What a program writes as it dies stands behind whatever it said last, and isn't told by it.
            return .no
        }
        let isWithinDocument = isDocument && continuation.block.kind == .json
        if joinedLines == 0 {
            continuation.hasHead = record.severity != .unspecified || record.isDated
            continuation.isTrouble = record.severity == .unspecified || record.severity >= .warning
        }
        let answer = continuation.joins(line, afterBlank: blankLines > (joinedLines == 0 ? 0 : blanksBefore))
        let joined = answer != .no
        if joined, !isWithinDocument { isDocument = false }
        if continuation.block.counts { takesIndented = false }
        if joined, joinedLines == 0, isGeneric, record.severity == .unspecified {
            record.severity = continuation.block.severity
        }
        return answer == .unlessHeaded && record.timeSource == .none ? .yes : answer
    }

    /// An exception behind an event that is well, or a level of its own that is worse.
    private func isLastWord(_ line: Span<UInt8>) -> Bool {
        if record.severity == .info, Block(opening: line).isException { return true }
        guard record.severity != .unspecified, let mark = SeverityMark.read(line) else { return false }
        return mark >= .error && mark > record.severity
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
        if line.matches("** (", at: line.indentation) {
            // Elixir's line is it, whatever follows.
            candidate = Self.name(line, at: base, anyName: false) ?? candidate
            confirm()
        } else if block.isNaming {
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
