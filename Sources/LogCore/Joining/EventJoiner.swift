/// Splits bytes into lines and joins lines into events.
///
/// Starts with a clean state at the start of an event, and says how far it got: the last event stays open,
/// for the next bytes may belong to it, unless the input is at its end. So where the bytes are cut makes no difference.
@usableFromInline package struct EventJoiner: ~Copyable {
    /// Formats of the file at hand, in the order in which a line is offered to them.
    package var stack = FormatStack() {
        didSet {
            primary = stack.ways.first ?? JoiningWay(GenericParser())
            skipsIndented = !stack.mayBeIndented
            timeColumn = stack.timeColumn
            heads.use(stack.parsers)
        }
    }
    package var parsers: ContiguousArray<any LineParser> {
        get { stack.parsers }
        set { stack = FormatStack(newValue) }
    }
    /// How lines join the first format's events.
    private var primary = JoiningWay(GenericParser())
    /// No format's lines begin with blanks, but for those whose times stand in this column.
    private var skipsIndented = true
    private var timeColumn: Int?
    private var heads = HeadMemory()
    private let generic = GenericParser()
    let document = JSONLineParser()
    var writers = WriterEvents()
    /// A record without a time takes that of the one before; carried over batches only where these come in sequence.
    package var inheritedTime: Int64 = Timestamp.none

    /// The bytes to read before this offset have been there for a while, where lines come as they are written: what goes on
    /// with their events would be there too.
    package var settled = 0

    package init() {}

    /// The number that stands for the generic parser in `Record.parser`.
    @usableFromInline package static let genericParser: UInt8 = 255

    /// Whether a line surely begins an event that carries its own time: a place where the file may be cut in two
    /// and read from both sides with the same result.
    package borrowing func isCut(_ line: Span<UInt8>, _ event: inout EventBuilder) -> Bool {
        if let first = line.count > 0 ? line[unchecked: 0] : nil, first == 0x20 || first == 0x09 || first == 0 {
            if first == 0 || skipsIndented && !isAligned(line) { return false }
        }
        // What the attempt notes of the months is not the reader's to keep.
        let (clock, columns) = (event.clock, event.columns)
        defer { (event.clock, event.columns) = (clock, columns) }
        let rawCount = event.rawCount
        event.rawCount = line.count
        defer { event.rawCount = rawCount }
        for parser in parsers {
            event.begin()
            if parser.parsePlain(line, at: 0, into: &event) {
                if parser.mayContinue, event.inner.mayContinue { return false }
                // In the hour that clocks show twice the lines before tell which of the two it is.
                if event.clock.zone?.isRepeated == true { return false }
                return event.record.isDated
            }
        }
        return false
    }

    /// Whether a line that follows an overlong event begins another one.
    package borrowing func isStart(_ line: Span<UInt8>, _ event: inout EventBuilder) -> Bool {
        if line.count > 0, line[unchecked: 0] == 0, nulRun(line, 0, line.count) != nil { return true }
        if parsers.isEmpty { return !LineShape.isContinuation(line) && line.count > 0 }
        let (clock, columns) = (event.clock, event.columns)
        let rawCount = event.rawCount
        event.rawCount = line.count
        defer {
            (event.clock, event.columns) = (clock, columns)
            event.rawCount = rawCount
            event.begin()
        }
        for parser in parsers {
            event.begin()
            if parser.parsePlain(line, at: 0, into: &event) { return !parser.mayContinue || !event.inner.continues }
        }
        if line.count == 0 || LineShape.isContinuation(line) { return false }
        if Self.priority(line) != nil { return true }
        if parsers.allSatisfy({ !$0.joinsFollowingLines }) { return true }
        event.begin()
        if stack.strays.read(line, at: 0, into: &event) != nil, event.isWhole { return true }
        event.begin()
        return generic.parsePlain(line, at: 0, into: &event) && event.record.isDated
    }

    /// Reads events from `bytes`; appends to `records`. Returns the offset of the first byte not consumed:
    /// the start of the event still open, or the end.
    package mutating func read(
        _ bytes: Span<UInt8>, atEnd: Bool, into event: inout EventBuilder, records: inout ContiguousArray<Record>,
        ledger: inout Ledger
    ) -> Int {
        if !atEnd, stack.joinsAcrossLines {
            // Several events may be open: the bytes are read up to where all are whole.
            guard let end = wholeEnd(bytes, needsTime: false, &event) else { return 0 }
            return readLines(bytes.extracting(0..<end), atEnd: true, &event, &records, &ledger)
        }
        return readLines(bytes, atEnd: atEnd, &event, &records, &ledger)
    }

    mutating func readLines(
        _ bytes: Span<UInt8>, atEnd: Bool, _ event: inout EventBuilder, _ records: inout ContiguousArray<Record>,
        _ ledger: inout Ledger
    ) -> Int {
        writers.reset()
        var open = OpenEvent()
        // Held here, and not optional, so that the calls for each line count no references.
        let first: any LineParser = parsers.first ?? generic
        var start = 0
        var lineNumber: UInt32 = 0
        let count = bytes.count
        let hasColours = ControlSequences.isIn(bytes)
        while start < count {
            var next: Int
            var end: Int
            if let lf = bytes.firstIndex(of: 0x0A, from: start) {
                next = lf &+ 1
                end = lf
            } else if atEnd {
                next = count
                end = count
            } else {
                break
            }
            if end > start, bytes[unchecked: end &- 1] == 0x0D { end &-= 1 }

            if end > start, bytes[unchecked: start] == 0, let run = nulRun(bytes, start, end) {
                close(bytes, &open, &event, &records, &ledger)
                event.commit()
                // The run takes the line end only if nothing else stands on its line.
                let taken = run < end ? run : next
                appendNulRun(start..<run, taken &- start, lineNumber, &event, &records, &ledger)
                start = taken
                if run < end { continue }
            } else if isBlank(bytes, start, end) {
                passBlank(next &- start, &open, &ledger)
                start = next
            } else if hasColours, ControlSequences.isIn(bytes.extracting(start..<end)) {
                let span = LineSpan(start, end, next, lineNumber)
                takeColoured(first, bytes, span, &open, &event, &records, &ledger)
                start = next
            } else {
                let span = LineSpan(start, end, next, lineNumber)
                take(first, bytes.extracting(start..<end), start, bytes, span, &open, &event, &records, &ledger)
                start = next
            }
            lineNumber &+= 1
        }
        if atEnd {
            flushParts(bytes, &open, &event, &records, &ledger)
            close(bytes, &open, &event, &records, &ledger)
            gatherThreads(bytes, &event, &records)
            // What completed the last ones is theirs, whatever is read with the builder next.
            event.commit()
        } else if open.isOpen {
            // Hand the open event back: it is read again, with the bytes that follow.
            start = open.record.raw.lower
            lineNumber = open.record.line
        }
        ledger.lines &+= Int64(lineNumber)
        ledger.bytes &+= Int64(start)
        return start
    }

    /// Whether a line that begins with blanks does so to have its time where the others have it.
    @inline(never)
    private func isAligned(_ line: Span<UInt8>) -> Bool {
        timeColumn.map { LineShape.timeColumn(of: line) == $0 } ?? false
    }

    @inline(__always)
    private func passBlank(_ length: Int, _ open: inout OpenEvent, _ ledger: inout Ledger) {
        if open.isOpen {
            open.blankLines &+= 1
            open.blankBytes &+= length
        } else {
            ledger.blankLines &+= 1
            ledger.blankBytes &+= Int64(length)
        }
    }

    /// A line with colours is taken as its text without them is; its raw bytes stay as they are.
    @inline(never)
    private mutating func takeColoured(
        _ first: any LineParser, _ bytes: Span<UInt8>, _ span: LineSpan, _ open: inout OpenEvent,
        _ event: inout EventBuilder, _ records: inout ContiguousArray<Record>, _ ledger: inout Ledger
    ) {
        let base = event.rawCount &+ event.decoded.count
        let text = event.plainCopy(of: bytes.extracting(span.start..<span.end))
        if isBlank(text.span, 0, text.count) {
            passBlank(span.next &- span.start, &open, &ledger)
        } else {
            take(first, text.span, base, bytes, span, &open, &event, &records, &ledger)
            open.isColoured = true
        }
        event.giveBack(text)
    }

    /// `line` is the text to read, whose ranges begin at `base`: the bytes of `span`, or these without colours.
    @inline(__always)
    private mutating func take(
        _ first: any LineParser, _ line: Span<UInt8>, _ base: Int, _ bytes: Span<UInt8>, _ span: LineSpan,
        _ open: inout OpenEvent, _ event: inout EventBuilder, _ records: inout ContiguousArray<Record>,
        _ ledger: inout Ledger
    ) {
        let byte = line[unchecked: 0]
        if byte == 0x20 || byte == 0x09, open.isOpen, open.takesIndented, timeColumn == nil || !isAligned(line) {
            open.join(line, base, span, bytes, &event)
            return
        }
        let textEnd = base &+ line.count
        let mayRead = heads.isUsed ? heads.formats(for: line, among: stack.parsers) : .max
        if !stack.parsers.isEmpty, mayRead & 1 != 0 {
            event.begin()
            if first.parse(line, at: base, into: &event) {
                if primary.watch != .nothing, isWatched(primary, bytes, span, event),
                    joinWriter(0, line, base, bytes, span, &open, &event, &records, &ledger)
                {
                    return
                }
                close(bytes, &open, &event, &records, &ledger)
                event.commit()
                open.begin(
                    event.record, parser: event.layer, span, textEnd, primary.joins ? .all : .none,
                    takesIndented: primary.joins && skipsIndented)
                return
            }
        }
        var index = 1
        while index < stack.parsers.count {
            if mayRead &>> UInt64(truncatingIfNeeded: index) & 1 == 0 {
                index &+= 1
                continue
            }
            event.begin()
            if stack.parsers[index].parse(line, at: base, into: &event) {
                let way = stack.ways[index]
                if way.watch != .nothing, isWatched(way, bytes, span, event),
                    joinWriter(index, line, base, bytes, span, &open, &event, &records, &ledger)
                {
                    return
                }
                close(bytes, &open, &event, &records, &ledger)
                event.commit()
                open.begin(
                    event.record, parser: event.layer == 0 ? UInt8(index) : event.layer, span, textEnd,
                    way.joins ? .all : .none, takesIndented: way.joins && skipsIndented)
                return
            }
            index &+= 1
        }
        let decodedCount = event.decoded.count
        var stray = stack.strays.read(line, at: base, into: &event)
        // A syslog's head without a time (RFC 3164, 4.3.3) may stand before anything.
        let priority = stray == nil ? Self.priority(line) : nil
        let textStart = base &+ (priority?.end ?? 0)
        let text = line.extracting((textStart &- base)..<line.count)
        if priority != nil { stray = stack.strays.read(text, at: textStart, into: &event, isHeaded: true) }
        let isOwn = (stray != nil && event.isWhole || priority != nil) && !open.isWithinBlock
        let answer = open.isOpen && !isOwn ? open.joins(line, bytes, event) : .no
        if let stray {
            if answer == .no || answer == .unlessHeaded && event.record.isDated {
                close(bytes, &open, &event, &records, &ledger)
                priority?.complete(&event)
                event.commit()
                open.begin(event.record, parser: stray, span, textEnd, .none, takesIndented: false)
                return
            }
            event.abandon(decodedCount: decodedCount)
        }
        if answer != .yes {
            event.begin()
            _ = generic.parse(text, at: textStart, into: &event)
            priority?.complete(&event)
        }
        if answer == .yes || answer == .unlessHeaded && !event.record.isDated {
            open.join(line, base, span, bytes, &event)
            return
        }
        close(bytes, &open, &event, &records, &ledger)
        event.commit()
        open.begin(
            event.record, parser: Self.genericParser, span, textEnd, .shaped, takesIndented: skipsIndented)
        open.record.flags.insert(.unparsed)
        open.beginBlock(line)
    }

    private static func priority(_ line: Span<UInt8>) -> SyslogPriority? {
        guard line[unchecked: 0] == Ascii.less, let priority = SyslogPriority(line), priority.end < line.count else {
            return nil
        }
        return priority
    }

    /// Puts the open event among the records, and its bytes into the ledger.
    @inline(__always)
    mutating func close(
        _ bytes: Span<UInt8>, _ open: inout OpenEvent, _ event: inout EventBuilder,
        _ records: inout ContiguousArray<Record>, _ ledger: inout Ledger
    ) {
        guard open.isOpen else { return }
        open.isOpen = false
        if open.record.flags.contains(.multiline) {
            finishMessage(bytes, &open, &event)
            readBelow(bytes, &open, &event)
        }
        if open.record.raw.count > Limits.eventBytes {
            truncate(&open, &event, records.count, &ledger)
        }
        inherit(&open.record, &ledger)
        open.settle(&ledger)
        records.append(open.record)
    }

    @inline(__always)
    mutating func inherit(_ record: inout Record, _ ledger: inout Ledger) {
        if record.timeSource != .none {
            ledger.times.step(from: inheritedTime, to: record.time)
            if !record.flags.contains(.zoned) { ledger.times.zoneless &+= 1 }
            inheritedTime = record.time
        } else if inheritedTime != Timestamp.none {
            record.time = inheritedTime
            record.timeSource = .inherited
        }
    }

    private func truncate(
        _ open: inout OpenEvent, _ event: inout EventBuilder, _ index: Int, _ ledger: inout Ledger
    ) {
        let over = open.record.raw.count - Limits.eventBytes
        event.originalLengths.append((index, Int64(open.record.raw.count)))
        open.record.raw.end -= UInt32(over)
        if open.record.message.upper <= event.rawCount {
            open.record.message.end = min(open.record.message.end, open.record.raw.end)
            open.record.message.start = min(open.record.message.start, open.record.message.end)
        }
        open.record.flags.insert(.truncated)
        // Blank lines within the event are counted apart, but lie in its stretch of the file.
        let fromJoined = min(open.joinedBytes, over)
        let fromBlank = min(open.blankBytes, over - fromJoined)
        open.joinedBytes -= fromJoined
        open.blankBytes -= fromBlank
        open.headerBytes -= over - fromJoined - fromBlank
        ledger.truncatedBytes += Int64(over)
        ledger.truncatedEvents += 1
    }

    /// The end of a run of NUL bytes that starts at `start`, if it is long enough to be one.
    private func nulRun(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var i = start
        while i < end, bytes[unchecked: i] == 0 { i &+= 1 }
        return i &- start >= Limits.nulRun ? i : nil
    }

    private mutating func appendNulRun(
        _ run: Range<Int>, _ length: Int, _ lineNumber: UInt32, _ event: inout EventBuilder,
        _ records: inout ContiguousArray<Record>, _ ledger: inout Ledger
    ) {
        event.begin()
        var record = event.record
        record.raw = ByteRange(run.lowerBound, run.upperBound)
        record.line = lineNumber
        record.parser = Self.genericParser
        record.severity = .warning
        record.flags = [.nulRun]
        inherit(&record, &ledger)
        records.append(record)
        ledger.events += 1
        ledger.eventBytes += Int64(length)
        ledger.nulRunEvents += 1
        ledger.nulRunBytes += Int64(length)
    }

    @inline(__always)
    private func isBlank(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var i = start
        while i < end {
            let byte = bytes[unchecked: i]
            if byte != 0x20 && byte != 0x09 && byte != 0x0D { return false }
            i &+= 1
        }
        return true
    }
}

/// Where a line stands in the bytes: from `start` up to its end, and the next line behind its line end.
struct LineSpan {
    var start: Int
    var end: Int
    var next: Int
    /// From 0.
    var number: UInt32

    @inline(__always)
    init(_ start: Int, _ end: Int, _ next: Int, _ number: UInt32) {
        self.start = start
        self.end = end
        self.next = next
        self.number = number
    }
}
