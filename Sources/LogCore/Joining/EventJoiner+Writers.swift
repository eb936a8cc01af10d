/// Joins lines that have heads of their own: what is inside them decides, and only lines of one writer join.
extension EventJoiner {
    /// Whether a line that a format read has to be looked at: it may go on with another, or others with it.
    @inline(__always)
    func isWatched(
        _ way: JoiningWay, _ bytes: Span<UInt8>, _ span: LineSpan, _ event: borrowing EventBuilder
    ) -> Bool {
        if way.watch == .head { return event.inner.mayContinue }
        if writers.isWaiting { return true }
        if way.watch == .line {
            return event.inner.isPart || event.inner.reader == .nobody || event.inner.mayContinue || writers.beginsAmid
        }
        if way.isLayered, event.inner.reader != .nobody { return event.inner.isJoiningHead || event.inner.mayContinue }
        let message = event.record.message
        if message.isEmpty { return false }
        let first =
            message.upper <= event.rawCount
            ? bytes[unchecked: message.lower] : event.decoded[message.lower &- event.rawCount]
        return LineShape.suspects[Int(first)] || way.isLayered
    }

    /// Takes a line of `parser` if it goes on with its writer's last one. False: it begins an event, and is as it was read.
    mutating func joinWriter(
        _ index: Int, _ text: Span<UInt8>, _ base: Int, _ bytes: Span<UInt8>, _ span: LineSpan,
        _ open: inout OpenEvent, _ event: inout EventBuilder, _ records: inout ContiguousArray<Record>,
        _ ledger: inout Ledger
    ) -> Bool {
        let way = stack.ways[index]
        if way.watch == .head {
            guard open.isOpen, Int(open.record.parser) == index, event.inner.continues || open.isBare else {
                return false
            }
            open.join(text, base, span, bytes, &event)
            return true
        }
        let inner = way.isLayered ? event.inner : InnerLine(text: event.record.message)
        let isLine = way.watch == .line
        // Someone waits for such lines, or will wait for what comes behind this one.
        let isAwaited =
            writers.isWaiting || inner.isPart || inner.mayContinue
            || (isLine ? writers.beginsAmid : inner.isJoiningHead)
        if !isAwaited {
            if inner.reader != .nobody { return false }
            if !isLine, !(way.isLayered && writers.isExpecting), !event.withText(inner.text, bytes, Self.isSuspect) {
                return false
            }
        }
        let parser = stack.parsers[index]
        // What nobody inside reads is as its head was read.
        let isRead = way.isLayered && inner.reader != .nobody
        let (writer, time) = isRead ? self.writer(index, text, base, &event) : author(index, text, base, &event)
        if writers.beginsAmid, isLine {
            let isLone = event.withText(inner.text, bytes) { !LineShape.isContinuation($0) && !Block.mayHold($0) }
            writers.trace(
                writer, span,
                begins: inner.reader != .nobody && !inner.mayContinue
                    && !writers.parts.contains { $0.writer == writer },
                isLone: isLone && !inner.isPart && !stack.parsers[index].insideJoinsLines)
        }
        writers.expire(span.number, span.start)
        var line = WriterLine(
            span: span, index: index, writer: writer, time: time, inner: inner, manner: isLine ? .shaped : .message)
        if !writers.parts.isEmpty, completeParts(before: line, bytes, &open, &event, &records, &ledger) {
            // Others' lines were read meanwhile.
            event.begin()
            _ = parser.parse(text, at: base, into: &event)
            line.inner = way.isLayered ? event.inner : InnerLine(text: event.record.message)
        }
        if let part = writers.parts.firstIndex(where: { $0.writer == writer }) {
            addPart(part, line, bytes, &ledger)
            if !line.inner.isPart { complete(part, bytes, &open, &event, &records, &ledger) }
            return true
        }
        if line.inner.isPart {
            close(bytes, &open, &event, &records, &ledger)
            beginPart(line, &ledger)
            return true
        }
        return decide(line, bytes, span.start, &open, &event, &records, &ledger)
    }

    private static func isSuspect(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0, LineShape.suspects[Int(text[unchecked: 0])] else { return false }
        var continuation = Continuation(.message)
        continuation.begin(text)
        return continuation.block.kind != .none
    }

    /// Whether the text of a line goes on with an event of its writer, which then has it.
    mutating func decide(
        _ line: WriterLine, _ bytes: Span<UInt8>, _ start: Int, _ open: inout OpenEvent, _ event: inout EventBuilder,
        _ records: inout ContiguousArray<Record>, _ ledger: inout Ledger
    ) -> Bool {
        if line.inner.reader != .nobody {
            if line.inner.mayContinue, joinHead(line, bytes, start, &open, &event, &records, &ledger) { return true }
            endBlocks(of: line.writer)
            if line.manner == .message, line.inner.isJoiningHead { writers.expectLines(of: line.writer, line.span) }
            writers.remember(start, by: line.index, line.writer, line.time)
            return false
        }
        let text = line.inner.text
        // Whether someone else waits for lines must make no difference.
        if line.manner == .message, !writers.isBusy(line.writer), !writers.expectsLines(of: line.writer, line.span),
            !event.withText(text, bytes, Self.isSuspect)
        {
            writers.remember(start, by: line.index, line.writer, line.time)
            return false
        }
        if let thread = findThread(line, bytes, start, open, &event, records) {
            var continuation = writers.threads[thread].continuation
            let isBlank = event.withText(text, bytes) { $0.indentation == $0.count }
            let isAfterBlank = writers.threads[thread].endsBlank
            var joins =
                isBlank
                ? continuation.joinsBlank
                : event.withText(text, bytes) { continuation.joins($0, afterBlank: isAfterBlank) != .no }
            joins =
                joins && writers.threads[thread].joined < Limits.joinedLines
                && writers.share(writers.threads[thread].start, line.span.end)
            if joins {
                var name = writers.threads[thread].name
                if writers.threads[thread].joined == 0 {
                    let head = message(at: writers.threads[thread].start, open, records)
                    event.withText(head, bytes) { name.begin($0, at: head.lower) }
                }
                if !name.isOver, !isBlank {
                    event.withText(text, bytes) { name.look($0, at: text.lower, continuation.block) }
                }
                writers.threads[thread].name = name
                writers.threads[thread].endsBlank = isBlank
                writers.threads[thread].continuation = continuation
                take(line, thread, &open, &records, &ledger)
                if continuation.manner == .all, line.manner == .message {
                    writers.expectLines(of: line.writer, line.span)
                }
                writers.setBusy(thread, line.manner == .message && continuation.block.kind != .none)
                return true
            }
            writers.threads[thread].continuation.close()
            writers.setBusy(thread, false)
        }
        writers.remember(start, by: line.index, line.writer, line.time)
        if line.manner == .message {
            var continuation = Continuation(.message)
            if event.withText(text, bytes, Self.isSuspect) { event.withText(text, bytes) { continuation.begin($0) } }
            if continuation.block.kind != .none {
                continuation.hasHead = true
                var thread = WriterEvents.Thread(line, start: start, continuation)
                thread.isBusy = true
                _ = writers.add(thread)
            }
        }
        return false
    }

    /// Takes a line with a head if its format says that it goes on with its writer's last event, and that is of this format.
    private mutating func joinHead(
        _ line: WriterLine, _ bytes: Span<UInt8>, _ start: Int, _ open: inout OpenEvent, _ event: inout EventBuilder,
        _ records: inout ContiguousArray<Record>, _ ledger: inout Ledger
    ) -> Bool {
        let format = event.layer
        guard let thread = findThread(line, bytes, start, open, &event, records) else { return false }
        let first = writers.threads[thread].start
        let isOpen = open.isOpen && open.record.raw.lower == first
        guard let parser = isOpen ? open.record.parser : Self.index(of: first, records).map({ records[$0].parser }),
            parser == format, writers.threads[thread].joined < Limits.joinedLines,
            line.inner.continues || writers.threads[thread].joined == 0 && message(at: first, open, records).isEmpty,
            writers.share(first, line.span.end)
        else { return false }
        take(line, thread, &open, &records, &ledger)
        if line.manner == .message { writers.expectLines(of: line.writer, line.span) }
        return true
    }

    private mutating func endBlocks(of writer: UInt64) {
        for index in writers.busy where writers.threads[index].writer == writer {
            writers.threads[index].continuation.close()
            writers.setBusy(index, false)
        }
    }

    /// Gives a line to an event: the open one, or one that is closed already, others' lines being between.
    private mutating func take(
        _ line: WriterLine, _ thread: Int, _ open: inout OpenEvent, _ records: inout ContiguousArray<Record>,
        _ ledger: inout Ledger
    ) {
        let start = writers.threads[thread].start
        let head = message(at: start, open, records)
        // The parts of a line are counted as they come.
        let length = line.isGlued ? 0 : line.span.next &- line.span.start
        if open.isOpen, open.record.raw.lower == start {
            // What lies between must be a line end.
            if !line.isGlued, line.span.start &- open.record.raw.upper <= 2 {
                open.join(line.span, length: length)
            } else {
                open.joinApart(lines: line.isGlued ? 0 : 1, length: length)
            }
        } else if let record = Self.index(of: start, records) {
            records[record].flags.insert(.multiline)
            ledger.joinedLines &+= line.isGlued ? 0 : 1
            ledger.joinedBytes &+= Int64(length)
        }
        writers.join(thread, line.inner.text, head: head, line.span.number, line.span.end, line.time)
    }

    private func message(
        at start: Int, _ open: borrowing OpenEvent, _ records: borrowing ContiguousArray<Record>
    ) -> ByteRange {
        if open.isOpen, open.record.raw.lower == start { return open.record.message }
        return Self.index(of: start, records).map { records[$0].message } ?? .empty
    }

    /// The last event of the line's writer, if it is in reach.
    private mutating func findThread(
        _ line: WriterLine, _ bytes: Span<UInt8>, _ start: Int, _ open: borrowing OpenEvent,
        _ event: inout EventBuilder,
        _ records: borrowing ContiguousArray<Record>
    ) -> Int? {
        var index = records.count
        var number = open.isOpen ? open.record.line : 0
        var place = open.isOpen ? open.record.raw.lower : -1
        while true {
            if place >= 0, place < start {
                guard line.span.number &- number <= UInt32(Limits.reachLines) else { break }
                let (writer, time) =
                    writers.writer(of: place, by: line.index) ?? findWriter(line.index, bytes, place, &event)
                if writer == line.writer {
                    let thread = writers.thread(at: place) ?? beginThread(line, bytes, place, number, time, &event)
                    return thread.flatMap { Self.isNear(writers.threads[$0].time, line.time) ? $0 : nil }
                }
            }
            guard index > 0 else { break }
            index &-= 1
            place = records[index].raw.lower
            number = records[index].line
        }
        // Its first line may be out of reach, its last one not.
        return writers.threads.lastIndex {
            $0.writer == line.writer && WriterEvents.reaches($0.line, $0.end, line.span.number, line.span.start)
                && Self.isNear($0.time, line.time)
        }
    }

    /// What is printed at once bears about the same time.
    private static func isNear(_ a: Int64, _ b: Int64) -> Bool {
        guard a != Timestamp.none, b != Timestamp.none else { return true }
        let (apart, overflow) = a.subtractingReportingOverflow(b)
        if overflow { return false }
        let day: UInt64 = 86_400_000_000_000
        let reach = UInt64(Limits.reachNanoseconds)
        // Where lines have no year, the two may have been given different ones.
        return [0, 365 * day, 366 * day].contains { (apart.magnitude &+ reach) &- $0 <= 2 * reach }
    }

    private mutating func findWriter(
        _ index: Int, _ bytes: Span<UInt8>, _ start: Int, _ event: inout EventBuilder
    ) -> (writer: UInt64, time: Int64) {
        let found = writer(index, bytes.extracting(start..<bytes.lineEnd(from: start)), start, &event)
        writers.remember(start, by: index, found.writer, found.time)
        return found
    }

    /// An event that nothing joined so far: its first line is read again, for what is inside it.
    private mutating func beginThread(
        _ line: WriterLine, _ bytes: Span<UInt8>, _ start: Int, _ number: UInt32, _ time: Int64,
        _ event: inout EventBuilder
    ) -> Int? {
        let end = bytes.lineEnd(from: start)
        guard WriterEvents.reaches(number, end, line.span.number, line.span.start) else { return nil }
        var continuation = Continuation(line.manner)
        let parser = stack.parsers[line.index]
        let isLayered = stack.ways[line.index].isLayered
        event.aside { event in
            guard parser.parsePlain(bytes.extracting(start..<end), at: start, into: &event) else { return }
            let inner = isLayered ? event.inner : InnerLine(text: event.record.message)
            if inner.reader == .format, inner.joinsFollowingLines { continuation.manner = .all }
            continuation.hasHead = inner.reader != .nobody || event.record.severity != .unspecified
            continuation.isTrouble = event.record.severity == .unspecified || event.record.severity >= .warning
            let isOpening =
                inner.reader != .format
                && (line.manner == .shaped || event.withText(inner.text, bytes, Self.isSuspect))
            if isOpening { event.withText(inner.text, bytes) { continuation.begin($0) } }
        }
        var thread = WriterEvents.Thread(line, start: start, continuation)
        thread.line = number
        thread.end = end
        thread.time = time
        return writers.add(thread)
    }

    /// Who wrote a line and when, zero where the format doesn't read it.
    private func writer(
        _ index: Int, _ line: Span<UInt8>, _ base: Int, _ event: inout EventBuilder
    ) -> (writer: UInt64, time: Int64) {
        let parser = stack.parsers[index]
        return event.aside { event in
            event.withPlain(line, at: base) { text, base, event in
                guard parser.parseOuter(text, at: base, into: &event) else { return (0, Timestamp.none) }
                return author(index, text, base, &event)
            }
        }
    }

    /// The same of a line whose head is read. `event` is only read: lent as `borrowing` it would be copied, 1,088 bytes a line.
    private func author(
        _ index: Int, _ line: Span<UInt8>, _ base: Int, _ event: inout EventBuilder
    ) -> (writer: UInt64, time: Int64) {
        let time = event.record.timeSource == .none ? Timestamp.none : event.record.time
        return (Writer.source(line, base, &event, allFields: stack.ways[index].watch == .line), time)
    }

    /// Gives the events their messages, now that all lines of them were seen.
    mutating func gatherThreads(
        _ bytes: Span<UInt8>, _ event: inout EventBuilder, _ records: inout ContiguousArray<Record>
    ) {
        for thread in writers.threads where thread.joined > 0 {
            guard let index = Self.index(of: thread.start, records) else { continue }
            let head = records[index].message.count
            records[index].message = writers.gather(thread.first, bytes, separator: 0x0A, &event)
            readBelow(&records[index], head: head, &event)
            records[index].flags.insert(.gathered)
            if let found = thread.name.found { event.append(found, to: &records[index]) }
        }
    }

    /// Lets the lines that joined complete an event of a format inside, where that knows what they say. They stand in its message,
    /// behind what the first one says.
    private func readBelow(_ record: inout Record, head: Int, _ event: inout EventBuilder) {
        guard let below = stack.belowInside.first(where: { $0.number == record.parser }) else { return }
        let start = record.message.lower &+ (head == 0 ? 0 : head &+ 1)
        guard start < record.message.upper else { return }
        let text = ContiguousArray(event.decoded[(start &- event.rawCount)..<(record.message.upper &- event.rawCount)])
        event.completing(&record) { event in
            // The level of a head alone is the outer format's.
            let severity = event.record.severity
            if head == 0 { event.record.severity = .unspecified }
            below.parser.readBelow(text.span, at: start, into: &event)
            if event.record.severity == .unspecified { event.record.severity = severity }
        }
    }

    static func index(of start: Int, _ records: borrowing ContiguousArray<Record>) -> Int? {
        var low = 0
        var high = records.count
        while low < high {
            let middle = (low &+ high) / 2
            if records[middle].raw.lower < start { low = middle &+ 1 } else { high = middle }
        }
        return low < records.count && records[low].raw.lower == start ? low : nil
    }
}

/// A line that has a head, and what is inside it.
struct WriterLine {
    var span: LineSpan
    /// Of the parser that read it.
    var index: Int
    var writer: UInt64
    /// When the outer head says it was written.
    var time: Int64
    var inner: InnerLine
    var manner: Continuation.Manner
    /// It came in parts.
    var isGlued = false
}

extension WriterEvents.Thread {
    init(_ line: WriterLine, start: Int, _ continuation: Continuation) {
        self.init(
            writer: line.writer, start: start, continuation: continuation, line: line.span.number, end: line.span.end,
            time: line.time)
    }
}

extension EventBuilder {
    /// Reads something on the side: the event at hand is as before.
    mutating func aside<R>(_ body: (inout EventBuilder) -> R) -> R {
        let saved = (record, layer, inner, fields.count, decoded.count, clock)
        let committed = committedFields
        // What is read may begin anew, and that takes away all fields that aren't committed.
        commit()
        begin()
        let result = body(&self)
        committedFields = committed
        (record, layer, inner) = (saved.0, saved.1, saved.2)
        if fields.count > saved.3 { fields.removeLast(fields.count &- saved.3) }
        if decoded.count > saved.4 { decoded.removeLast(decoded.count &- saved.4) }
        clock = saved.5
        return result
    }
}

extension Span<UInt8> {
    /// Where the line that begins at `start` ends, without its line end.
    func lineEnd(from start: Int) -> Int {
        var end = firstIndex(of: 0x0A, from: start) ?? count
        if end > start, self[unchecked: end &- 1] == 0x0D { end &-= 1 }
        return end
    }
}
