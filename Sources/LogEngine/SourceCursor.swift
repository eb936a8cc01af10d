import LogAnalysis
import LogCore
import LogPatterns

/// The position in an input that is being read, and what is needed to go on from it.
final class SourceCursor {
    private(set) var facts: SourceSummary
    private(set) var detection = Detection()
    private var isAtEnd = false
    private let input: Input
    private let index: Int
    private var file: OpenedFile?
    private var isOpened = false
    /// Read, but not handed out: the open event at the end of the batch before.
    private var carry: ContiguousArray<UInt8> = []
    private var sourceEnded = false
    private var offset: Int64 = 0
    private var lines: Int64 = 0
    private(set) var sequence = 0
    private var clock = SourceClock()
    /// What a header calls the columns of the rows that come next.
    private var columns: NamedColumns?
    private var readsInOrder = false
    /// The time that events without one inherit, where batches are read in order.
    private var inheritedTime = Timestamp.none
    /// Whether the formats still fit, and where others begin.
    private var watch = FormatWatch()

    init(input: Input, index: Int, opened: OpenedFile?) {
        file = opened
        self.input = input
        self.index = index
        facts = SourceSummary(path: input.path)
    }

    func next(
        _ batch: inout Batch, _ joiner: inout EventJoiner, _ formats: WorkerFormats
    ) -> ReadStep {
        if isAtEnd { return .end }
        batch.rawCount = 0
        batch.clearEvents()
        batch.source = index
        do throws(SourceError) {
            if !isOpened {
                isOpened = true
                if file == nil { file = try OpenedFile.open(input) }
                try begin(&batch, formats)
            } else {
                try fill(&batch)
            }
        } catch {
            fail(error)
        }
        return cut(&batch, &joiner, formats)
    }

    /// Bytes on disk that were read, and those of them that were told.
    private var diskRead = 0
    private var diskTaken = 0

    func takeDiskBytes() -> Int64 {
        if let offset = file?.disk?.offset { diskRead = offset }
        defer { diskTaken = diskRead }
        return Int64(diskRead - diskTaken)
    }

    /// The source ends here, for a reason that the report gives.
    private func fail(_ error: SourceError) {
        facts.error = facts.error ?? error.message
        sourceEnded = true
    }

    /// Gives back what an input at its end no longer needs: a folder may hold more files than can be open at once.
    private func finish() {
        isAtEnd = true
        if let offset = file?.disk?.offset { diskRead = offset }
        file = nil
        carry = []
    }

    /// The first bytes: is it text, which formats, which year.
    private func begin(_ batch: inout Batch, _ formats: WorkerFormats) throws(SourceError) {
        guard let file else { return }
        facts.compression = file.encoding
        offset = Int64(file.skipped)
        facts.ledger.skippedBytes = Int64(file.skipped)
        facts.ledger.bytes = Int64(file.skipped)
        // Bytes before damaged ones are worth as much as any.
        do throws(SourceError) { try fill(&batch) } catch { fail(error) }
        let looked = min(batch.rawCount, FormatDetector.bytes)
        let looksBinary = BinaryFile.looksBinary(batch.raw.span.extracting(0..<min(looked, 4096)))
        if let what = file.binary ?? (looksBinary && !input.isExplicit ? "looks like no text" : nil) {
            batch.rawCount = 0
            sourceEnded = true
            carry.removeAll()
            // What the user named must not be passed over in silence.
            if input.isExplicit { facts.error = what } else { facts.skipped = what }
            return
        }
        batch.event.clock = .unknown
        batch.event.rawCount = batch.rawCount
        let raw = batch.raw
        detection = formats.detect(
            raw.span.extracting(0..<looked), isWhole: sourceEnded && looked == batch.rawCount, &batch.event)
        watch.begin(at: offset + Int64(min(FormatDetector.end(of: raw.span.extracting(0..<looked)), looked)))
        facts.formats = detection.names(formats.candidates)
        facts.confidence = detection.confidence
        inferTimes(
            file, raw.span.extracting(0..<looked), isWhole: sourceEnded && looked == batch.rawCount, formats)
        if !detection.isTimed { readsInOrder = true }
        if let header = detection.layers.first?.header { leaveOut(header.length, &batch) }
    }

    /// What the times of the file lack, found before its events are read.
    private func inferTimes(
        _ file: OpenedFile, _ head: Span<UInt8>, isWhole: Bool, _ formats: WorkerFormats
    ) {
        let times = SourceTimes(
            head: head, isWhole: isWhole, formats.stack(detection.layers).parsers, input, modified: file.modified,
            size: file.encoding == nil ? file.size : nil,
            again: file.isReopenable ? { [input] in try? OpenedFile.open(input) } : nil)
        clock = times.clock
        facts.times = times.facts
        facts.inferredYear = times.facts.year
        // Year-less files up to some size are read in order, which follows their months exactly; in larger ones the
        // months are looked at every 64 KiB.
        if times.isYearless, file.size ?? .max <= SourceTimes.exactBytes, file.encoding == nil { readsInOrder = true }
        if times.isDateless { readsInOrder = true }
    }

    /// Bytes at the beginning that are no event: the header of a table.
    private func leaveOut(_ count: Int, _ batch: inout Batch) {
        facts.ledger.skippedBytes += Int64(count)
        facts.ledger.bytes += Int64(count)
        offset += Int64(count)
        lines += countLines(batch.raw.span.extracting(0..<count))
        facts.ledger.lines += lines
        for i in count..<batch.rawCount {
            let byte = batch.raw[i]
            batch.raw[i - count] = byte
        }
        batch.rawCount -= count
    }

    /// Puts the carried bytes and further ones into the batch, up to its capacity.
    private func fill(_ batch: inout Batch) throws(SourceError) {
        let count = carry.count
        if count * 2 > batch.raw.count {
            batch.raw.append(contentsOf: repeatElement(0, count: count * 2 - batch.raw.count))
        }
        for i in 0..<count { batch.raw[i] = carry[i] }
        carry.removeAll(keepingCapacity: true)
        batch.rawCount = count
        try readOn(&batch)
    }

    /// Reads until the batch is full or the source ends. What was read before an error stays.
    private func readOn(_ batch: inout Batch) throws(SourceError) {
        guard let file else { return }
        while !sourceEnded, batch.rawCount < batch.raw.count {
            let room = batch.raw.count - batch.rawCount
            let read = try batch.raw.read(upTo: room, from: file.source, at: batch.rawCount)
            if read == 0 { sourceEnded = true }
            batch.rawCount += read
        }
    }

    /// Decides how much of the bytes is handed out, and reads the events at once where that takes the order.
    private func cut(
        _ batch: inout Batch, _ joiner: inout EventJoiner, _ formats: WorkerFormats
    ) -> ReadStep {
        while true {
            joiner.stack = formats.stack(detection.layers)
            if batch.rawCount == 0, sourceEnded {
                finish()
                return .end
            }
            joiner.inheritedTime = inheritedTime
            // Formats may end before the bytes do.
            let limit = watched(&batch, joiner.stack, formats)
            let isAll = limit == batch.rawCount
            // What it read before may be another source's, whose clock knows nothing of this one's zone.
            batch.event.clock = clock
            batch.event.columns = columns
            // Where the columns change on the way, a line can't be told by looking at it alone.
            let readsInOrder = readsInOrder || !keepsColumns(&batch, joiner.stack, upTo: limit)
            if sourceEnded, !readsInOrder, isAll {
                hand(&batch, joiner.stack, upTo: batch.rawCount)
                finish()
                return .bytes
            }
            if !readsInOrder, let end = lastCut(&batch, &joiner, before: limit) {
                let next = clockAfter(&batch, end, joiner)
                batch.timeBehind = time(of: end, &batch, joiner, next)
                keep(&batch, from: end)
                hand(&batch, joiner.stack, upTo: end)
                clock = next
                // Whatever comes next has its own time, or inherits from an event of its own batch.
                inheritedTime = Timestamp.none
                return .bytes
            }
            // Read the events here, under the lock: only they tell where the last one begins.
            let consumed =
                readsInOrder || isAll
                ? batch.readEvents(&joiner, atEnd: sourceEnded && isAll, clock: clock, upTo: limit) : 0
            if consumed > 0 {
                inheritedTime = joiner.inheritedTime
                clock = batch.event.clock
                keep(&batch, from: consumed)
                hand(&batch, joiner.stack, upTo: consumed)
                if sourceEnded && carry.isEmpty { finish() }
                return .events
            }
            if !isAll {
                // Nothing before the limit can go out: the other formats begin with what is at hand.
                if !switchFormats(&batch, formats) { grow(&batch) }
                continue
            }
            // Where lines of several events are between one another's, none of them is overlong for that.
            let longest = joiner.stack.joinsAcrossLines ? 8 * Limits.eventBytes : Limits.eventBytes
            if batch.rawCount > longest {
                return handBefore(&batch, &joiner) ?? handOverlong(&batch, &joiner)
            }
            // One event fills all there is: more bytes are needed to see its end.
            grow(&batch)
        }
    }

    /// The columns as they stand behind some bytes of the batch, which begin with a line.
    private func columns(
        behind range: Range<Int>, from start: NamedColumns?, _ batch: inout Batch, _ stack: FormatStack
    ) -> NamedColumns? {
        guard let headed = stack.headed else { return nil }
        let raw = batch.raw
        return headed.columns(behind: raw.span.extracting(range), from: start, &batch.event)
    }

    private func keepsColumns(_ batch: inout Batch, _ stack: FormatStack, upTo end: Int) -> Bool {
        stack.headed == nil || columns(behind: 0..<end, from: columns, &batch, stack) === columns
    }

    /// How many of the bytes at hand are for the file's present formats; see `FormatWatch`.
    private func watched(_ batch: inout Batch, _ stack: FormatStack, _ formats: WorkerFormats) -> Int {
        let raw = batch.raw
        let end = offset + Int64(batch.rawCount)
        var known = (columns: columns, end: 0)
        while watch.found == nil, watch.next < end {
            let start = Int(max(watch.next - offset, 0))
            let stop = watch.next + Int64(FormatWatch.stretch)
            if stop <= offset {
                // An overlong event went past it.
                watch.pass()
                continue
            }
            if stop > end, !sourceEnded {
                // Lines of an event that long are nobody's to judge.
                return batch.rawCount > Limits.eventBytes ? batch.rawCount : start
            }
            if start > known.end {
                known = (columns(behind: known.end..<start, from: known.columns, &batch, stack), start)
            }
            batch.event.columns = known.columns
            watch.look(
                at: raw.span.extracting(start..<Int(min(stop, end) - offset)), detection.layers, stack, formats,
                &batch.event)
        }
        guard let found = watch.found else { return batch.rawCount }
        return Int(max(found.start - offset, 0))
    }

    /// Goes on with the formats that were found for what follows, if there are any.
    private func switchFormats(_ batch: inout Batch, _ formats: WorkerFormats) -> Bool {
        guard let found = watch.found else { return false }
        watch.found = nil
        detection.layers = found.layers
        facts.formats = detection.names(formats.candidates)
        if found.detection.isTimed { detection.isTimed = true }
        if found.detection.isYearless, !detection.isYearless, let file {
            detection.isYearless = true
            let raw = batch.raw
            inferTimes(file, raw.span.extracting(0..<batch.rawCount), isWhole: sourceEnded, formats)
        }
        return true
    }

    /// Makes room where there is none, and reads on.
    private func grow(_ batch: inout Batch) {
        if batch.rawCount == batch.raw.count {
            batch.raw.append(contentsOf: repeatElement(0, count: batch.raw.count))
        }
        do throws(SourceError) {
            try readOn(&batch)
        } catch {
            fail(error)
        }
    }

    /// Hands out what stands before a line so long that its end isn't read yet, if its head shows that it begins an event.
    private func handBefore(_ batch: inout Batch, _ joiner: inout EventJoiner) -> ReadStep? {
        guard let start = lastLineEnd(batch, before: batch.rawCount), start < batch.rawCount else { return nil }
        let raw = batch.raw
        let head = raw.span.extracting(start..<min(batch.rawCount, start + OverlongRemainder.headBytes))
        guard joiner.isStart(head, &batch.event) else { return nil }
        _ = batch.readEvents(&joiner, atEnd: true, clock: clock, upTo: start)
        inheritedTime = joiner.inheritedTime
        clock = batch.event.clock
        keep(&batch, from: start)
        hand(&batch, joiner.stack, upTo: start)
        return .events
    }

    /// An event longer than any may be: its first bytes go out, the rest is dropped and counted.
    private func handOverlong(_ batch: inout Batch, _ joiner: inout EventJoiner) -> ReadStep {
        let kept = Limits.eventBytes
        // The event's remainder passes through a buffer of its own; what lies behind it is carried on.
        carry.removeAll(keepingCapacity: true)
        carry.append(contentsOf: batch.raw[kept..<batch.rawCount])
        var remainder = OverlongRemainder(atLineStart: batch.raw[kept - 1] == 0x0A)
        batch.rawCount = kept
        while !remainder.pass(&carry, joiner, &batch.event, sourceEnded: sourceEnded) {
            do throws(SourceError) { try readIntoCarry() } catch { fail(error) }
        }
        let whole = lastLineEnd(batch, before: kept) ?? kept
        _ = batch.readEvents(&joiner, atEnd: true, clock: clock, upTo: whole)
        inheritedTime = joiner.inheritedTime
        clock = batch.event.clock
        extendLast(&batch, from: whole, to: kept, remainder)
        hand(&batch, joiner.stack, upTo: kept)
        facts.ledger.bytes += remainder.bytes
        facts.ledger.lines += remainder.lines + (remainder.endsWithinLine ? 1 : 0)
        offset += remainder.bytes
        lines += remainder.lines
        if sourceEnded && carry.isEmpty { finish() }
        return .events
    }

    /// Behind the last LF of an overlong event's kept bytes, if it isn't in one line. Half a line must not be asked
    /// whether it begins an event: the whole one was, and said no.
    private func lastLineEnd(_ batch: borrowing Batch, before end: Int) -> Int? {
        let start = batch.raw.span.lineStart(before: end)
        return start > 0 ? start : nil
    }

    /// Gives the overlong event the half line at its end, its flag and its true length, and the ledger its bytes.
    private func extendLast(_ batch: inout Batch, from whole: Int, to kept: Int, _ remainder: OverlongRemainder) {
        guard let last = batch.records.indices.last else { return }
        let record = batch.records[last]
        if kept > whole {
            if record.message.end == record.raw.end { batch.records[last].message.end = UInt32(kept) }
            batch.records[last].raw.end = UInt32(kept)
            batch.ledger.joinedBytes += Int64(kept - whole)
            batch.ledger.joinedLines += 1
            batch.ledger.bytes += Int64(kept - whole)
        } else if batch.raw[kept - 1] != 0x0A {
            // One line, of which the joiner counted the kept part as all.
            batch.ledger.lines -= 1
        }
        batch.records[last].flags.insert(.truncated)
        batch.event.originalLengths.append((last, Int64(kept) + remainder.contentBytes))
        batch.ledger.truncatedEvents += 1
        batch.ledger.truncatedBytes += remainder.contentBytes
        // The line end, and blank lines, behind the event's last byte.
        batch.ledger.eventBytes += remainder.bytes - remainder.contentBytes
    }

    private func readIntoCarry() throws(SourceError) {
        guard let file else {
            sourceEnded = true
            return
        }
        let count = carry.count
        carry.append(contentsOf: repeatElement(0, count: Limits.batchBytes))
        var read = 0
        defer { carry.removeLast(Limits.batchBytes - read) }
        read = try carry.read(upTo: Limits.batchBytes, from: file.source, at: count)
        if read == 0 { sourceEnded = true }
    }

    /// The start of the last line at which the batch may end; nil if there is none but its first byte.
    private func lastCut(_ batch: inout Batch, _ joiner: inout EventJoiner, before limit: Int) -> Int? {
        // A second reference, so that the bytes can be lent out while the batch's builder is written.
        let raw = batch.raw
        return joiner.lastCut(raw.span.extracting(0..<limit), &batch.event)
    }

    /// The clock as it stands behind the first `end` bytes of the batch.
    private func clockAfter(_ batch: inout Batch, _ end: Int, _ joiner: borrowing EventJoiner) -> SourceClock {
        guard detection.isYearless else { return clock }
        var walk = TimeWalk(clock: clock)
        walk.look(at: batch.raw.span.extracting(0..<end), joiner.parsers, every: SourceTimes.probeDistance)
        return walk.clock
    }

    /// The time of the line at `start`, with which the next batch begins.
    private func time(
        of start: Int, _ batch: inout Batch, _ joiner: borrowing EventJoiner, _ clock: SourceClock
    ) -> Int64 {
        let raw = batch.raw
        let bytes = raw.span.extracting(0..<batch.rawCount)
        var stop = bytes.firstIndex(of: 0x0A, from: start) ?? batch.rawCount
        if stop > start, bytes[stop - 1] == 0x0D { stop -= 1 }
        batch.event.clock = clock
        return joiner.isCut(bytes.extracting(start..<stop), &batch.event) ? batch.event.record.time : Timestamp.none
    }

    private func keep(_ batch: inout Batch, from start: Int) {
        carry.removeAll(keepingCapacity: true)
        carry.append(contentsOf: batch.raw[start..<batch.rawCount])
    }

    private func hand(_ batch: inout Batch, _ stack: FormatStack, upTo end: Int) {
        batch.rawCount = end
        if batch.records.isEmpty {
            batch.event.clock = clock
            batch.event.columns = columns
        }
        columns = columns(behind: 0..<end, from: columns, &batch, stack)
        batch.offset = offset
        batch.firstLine = lines
        batch.sequence = sequence
        sequence += 1
        offset += Int64(end)
        lines += countLines(batch.raw.span.extracting(0..<end))
    }

    private func countLines(_ bytes: Span<UInt8>) -> Int64 {
        var lines: Int64 = 0
        var start = 0
        while let end = bytes.firstIndex(of: 0x0A, from: start) {
            lines += 1
            start = end + 1
        }
        return lines
    }
}
