/// Puts lines together that came in parts: a container's runtime cuts what is too long for it.
extension EventJoiner {
    mutating func beginPart(_ line: WriterLine, _ ledger: inout Ledger) {
        let piece = writers.add(line.inner.text)
        let span = line.span
        writers.parts.append(
            WriterEvents.Part(
                writer: line.writer, index: line.index, manner: line.manner, firstLine: span.start..<span.end,
                firstNumber: span.number, firstLength: span.next &- span.start, time: line.time,
                inheritedTime: inheritedTime, line: span.number, end: span.end, wholeEnd: span.end, first: piece,
                last: piece))
        ledger.eventBytes &+= Int64(span.next &- span.start)
    }

    mutating func addPart(_ part: Int, _ line: WriterLine, _ bytes: Span<UInt8>, _ ledger: inout Ledger) {
        writers.append(line.inner.text, to: part)
        let isNext = line.span.start &- writers.parts[part].end <= 2
        if isNext, writers.parts[part].wholeEnd == writers.parts[part].end {
            writers.parts[part].wholeEnd = line.span.end
        }
        writers.parts[part].line = line.span.number
        writers.parts[part].end = line.span.end
        ledger.joinedLines &+= 1
        ledger.joinedBytes &+= Int64(line.span.next &- line.span.start)
    }

    /// Completes what can't go on any more at `line`: out of reach, or too long with it. True if there was any.
    mutating func completeParts(
        before line: WriterLine, _ bytes: Span<UInt8>, _ open: inout OpenEvent, _ event: inout EventBuilder,
        _ records: inout ContiguousArray<Record>, _ ledger: inout Ledger
    ) -> Bool {
        var any = false
        var index = 0
        while index < writers.parts.count {
            let part = writers.parts[index]
            if !WriterEvents.reaches(part.line, part.end, line.span.number, line.span.start)
                || part.writer == line.writer && !writers.share(part.firstLine.lowerBound, line.span.end)
            {
                complete(index, bytes, &open, &event, &records, &ledger)
                any = true
            } else {
                index &+= 1
            }
        }
        return any
    }

    mutating func flushParts(
        _ bytes: Span<UInt8>, _ open: inout OpenEvent, _ event: inout EventBuilder,
        _ records: inout ContiguousArray<Record>, _ ledger: inout Ledger
    ) {
        writers.pendingStart = writers.parts.map(\.firstLine.lowerBound).min() ?? .max
        while !writers.parts.isEmpty { complete(0, bytes, &open, &event, &records, &ledger) }
    }

    /// Reads the line that the parts make, as if it had come whole.
    mutating func complete(
        _ number: Int, _ bytes: Span<UInt8>, _ open: inout OpenEvent, _ event: inout EventBuilder,
        _ records: inout ContiguousArray<Record>, _ ledger: inout Ledger
    ) {
        let part = writers.parts.remove(at: number)
        let parser = stack.parsers[part.index]
        let start = part.firstLine.lowerBound
        event.begin()
        let group = event.withPlain(bytes.extracting(part.firstLine), at: start) { text, base, event in
            _ = parser.parseOuter(text, at: base, into: &event)
            return Writer.hash(text, base, &event)
        }
        let text = writers.gather(part.first, bytes, separator: nil, &event)
        let copy = ContiguousArray(event.decoded[(text.lower &- event.rawCount)...])
        parser.parseInside(copy.span, at: text.lower, writer: group, into: &event)
        var inner = event.inner
        inner.text = text
        let line = WriterLine(
            span: LineSpan(start, part.end, part.end, part.line), index: part.index, writer: part.writer,
            time: part.time,
            inner: inner, manner: part.manner, isGlued: true)
        if decide(line, bytes, start, &open, &event, &records, &ledger) {
            ledger.eventBytes &-= Int64(part.firstLength)
            ledger.joinedBytes &+= Int64(part.firstLength)
            ledger.joinedLines &+= 1
            return
        }
        event.commit()
        var record = event.record
        record.raw = ByteRange(start, part.wholeEnd)
        record.line = part.firstNumber
        record.parser = event.layer == 0 ? UInt8(part.index) : event.layer
        record.flags.insert(.gathered)
        if part.first != part.last { record.flags.insert(.multiline) }
        // When its end came, or that it never did, is nothing to the events after it.
        if record.timeSource == .none, part.inheritedTime != Timestamp.none {
            record.time = part.inheritedTime
            record.timeSource = .inherited
        }
        ledger.events &+= 1
        insert(record, &event, &records)
        guard writers.thread(at: start) == nil else { return }
        var continuation = Continuation(line.manner)
        if inner.reader == .format, inner.joinsFollowingLines { continuation.manner = .all }
        continuation.hasHead = inner.reader != .nobody
        continuation.isTrouble = record.severity == .unspecified || record.severity >= .warning
        _ = writers.add(WriterEvents.Thread(line, start: start, continuation))
    }

    /// Puts a record where it belongs by its place in the file.
    private func insert(
        _ record: Record, _ event: inout EventBuilder, _ records: inout ContiguousArray<Record>
    ) {
        var index = records.count
        while index > 0, records[index &- 1].raw.lower > record.raw.lower { index &-= 1 }
        records.insert(record, at: index)
        for i in event.originalLengths.indices where event.originalLengths[i].record >= index {
            event.originalLengths[i].record += 1
        }
    }
}
