/// The event that following lines may still join, and what it will add to the ledger.
struct OpenEvent {
    var record = Record()
    var isOpen = false
    /// Its format takes every line that isn't a header.
    var joinsAll = false
    private var trace = TraceShape.none
    /// Lines since the trace began, or since its last joint.
    private var traceLines = 0
    /// Where the first line ends, and where its text does: the same, unless it was read without colours.
    private var headerEnd = 0
    private(set) var textEnd = 0
    /// Some line of it has colours.
    var isColoured = false
    var headerBytes = 0
    var joinedBytes = 0
    private var joinedLines = 0
    var blankLines = 0
    var blankBytes = 0

    var isGeneric: Bool { record.parser == EventJoiner.genericParser }

    @inline(__always)
    mutating func begin(
        _ parsed: Record, parser: UInt8, _ line: Range<Int>, _ textEnd: Int, length: Int, line number: UInt32
    ) {
        self.textEnd = textEnd
        isColoured = false
        record = parsed
        record.parser = parser
        record.raw = ByteRange(line.lowerBound, line.upperBound)
        record.line = number
        isOpen = true
        joinsAll = false
        trace = .none
        headerEnd = line.upperBound
        headerBytes = length
        joinedBytes = 0
        joinedLines = 0
        blankLines = 0
        blankBytes = 0
    }

    @inline(__always)
    mutating func join(upTo end: Int, length: Int) {
        record.raw.end = UInt32(truncatingIfNeeded: end)
        record.flags.insert(.multiline)
        joinedLines &+= 1
        joinedBytes &+= length
    }

    /// Lets the message run on over the lines that joined, as `Record.finishMessage` does, and leaves their colours out.
    @inline(never)
    mutating func finishPlainMessage(_ bytes: Span<UInt8>, _ event: inout EventBuilder) {
        guard record.flags.contains(.multiline), record.message.upper == textEnd else { return }
        let message = record.message
        let start = event.decoded.count
        let isRaw = message.upper <= event.rawCount
        if !isRaw {
            event.decoded.reserveCapacity(start + message.count)
            for i in message.lower - event.rawCount..<message.upper - event.rawCount {
                let byte = event.decoded[i]
                event.decoded.append(byte)
            }
        }
        let from = isRaw ? message.lower : headerEnd
        let end = min(record.raw.upper, record.raw.lower + Limits.eventBytes)
        if from < end { ControlSequences.strip(bytes.extracting(from..<end), into: &event.decoded) }
        record.message = ByteRange(event.rawCount + start, event.rawCount + event.decoded.count)
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
        if trace != .none, continuesTrace(line) { return true }
        if joinsAll { return TraceShape.crash(line) == .none }
        return isGeneric && TraceShape.isContinuation(line) && !TraceShape.opensTraceback(line)
    }

    private mutating func continuesTrace(_ line: Span<UInt8>) -> Bool {
        let first = line[unchecked: 0]
        let indented = first == 0x20 || first == 0x09
        switch trace {
        case .none:
            return false
        case .python:
            if indented || first == UInt8(ascii: "|") { return true }
            // Another traceback belongs here only behind a joint ("During handling of …"), not behind an exception's name.
            if TraceShape.opensTraceback(line) { return traceLines == 0 }
            if TraceShape.isContinuation(line) {
                traceLines = 0
                return true
            }
            // The first line that isn't indented names the exception and ends the trace.
            traceLines &+= 1
            return traceLines == 1
        case .java:
            return indented || TraceShape.isContinuation(line)
        case .go:
            if line.matches("exit status ", at: 0) { trace = .java }
            return TraceShape.crash(line) == .none
        case .rust:
            traceLines &+= 1
            return traceLines == 1 || indented || TraceShape.isContinuation(line)
        }
    }

    /// Looks whether the event's first line opens a trace of its own.
    mutating func beginTrace(_ line: Span<UInt8>) {
        trace = TraceShape.crash(line)
        traceLines = 0
        if trace == .none, TraceShape.opensTraceback(line) { trace = .python }
        if trace != .none, record.severity == .unspecified {
            record.severity = trace == .go || trace == .rust ? .critical : .error
        }
    }
}

extension Record {
    /// Lets the message of a joined event run on over the lines that joined, if it reached its line's end.
    @inline(__always)
    mutating func finishMessage(headerEnd: Int, rawCount: Int) {
        if flags.contains(.multiline), message.upper == headerEnd, message.upper <= rawCount {
            message.end = raw.end
        }
    }
}
