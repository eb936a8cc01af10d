import LogAnalysis
import LogCore
import LogPatterns

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A log that grows, by its name: what is there already is read first, then what is added. A file that takes the name's
/// place, or is cut short, is read from its start once the old one is read to its end.
final class FollowedFile: BatchReader {
    let input: Input
    let index: Int
    private var descriptor: Int32 = -1
    private var inode: UInt64 = 0
    /// Bytes of the file that were read.
    private var position: Int64 = 0
    /// Read, but not handed out: an event that may go on, or half a line.
    private var carry: ContiguousArray<UInt8> = []
    /// Where `carry` begins: offset and line number.
    private var offset: Int64 = 0
    private var lines: Int64 = 0
    /// The number of the batch that comes next.
    private(set) var sequence = 0
    private var detection: Detection?
    /// Takes apart documents that hold many events, where the log's first bytes begin one.
    private var records: FollowedRecords?
    private var clock = SourceClock()
    /// What a header calls the columns of the rows that come next.
    private var columns: NamedColumns?
    private var times: TimeFacts?
    private var inheritedTime = Timestamp.none
    private var lastGrowth = ContinuousClock.now
    /// The bytes before `settled` were there when `mark` was set, a pause ago.
    private var settled: Int64 = 0
    private var mark = (time: ContinuousClock.now, end: Int64(0))
    private(set) var isAtEnd = false
    /// The run ends: of what was read, whole lines are complete.
    var isLast = false
    /// Why it can't be read at present.
    private(set) var problem: String?
    /// What is known of it besides its events.
    var facts: SourceSummary {
        var facts = SourceSummary(path: input.path)
        facts.formats = formatNames
        facts.confidence = detection?.confidence ?? 0
        facts.error = problem ?? records?.problem
        facts.compression = records?.kind
        facts.times = times
        facts.inferredYear = times?.year
        return facts
    }
    private var formatNames: [String] = []
    /// What the log was before, and whether its name is gone.
    private var past: PastNames
    private var looksWithoutName = 0
    private var hasNewEvents = false
    private(set) var isGone = false

    /// After so long without a further byte an event is taken to be complete, and after `patience` half a line too: a program
    /// may write a line in parts, or wait behind a prompt.
    private static let pause = Duration.seconds(1)
    private static let patience = Duration.seconds(30)

    init(_ input: Input, index: Int) {
        self.input = input
        self.index = index
        past = PastNames(input.path)
    }

    deinit { if descriptor > 0 { close(descriptor) } }

    /// How long nothing was added.
    private var idle: Duration { ContinuousClock.now - lastGrowth }

    /// The same for others: what is held back because more may belong to it is still to come.
    var silence: Duration { carry.isEmpty ? idle : .zero }

    /// What was handed out last stood there when the following began: nobody knows how long.
    private(set) var isBacklog = true
    /// Where the log ended when it was first read to its end.
    private var firstEnd: Int64?

    func next(_ batch: inout Batch, _ joiner: inout EventJoiner, _ formats: WorkerFormats) -> ReadStep {
        batch.rawCount = 0
        batch.clearEvents()
        batch.source = index
        guard openIfNeeded() else { return .end }
        fill(&batch)
        let grew = batch.rawCount > carry.count
        if grew {
            lastGrowth = .now
        } else if isReplaced {
            // The last of the old file goes out, then the new one begins, once the old one's lines have its new name.
            if carry.isEmpty {
                reopen()
                return .end
            }
            lastGrowth = .now - Self.patience
        }
        if batch.rawCount == 0 {
            if firstEnd == nil { firstEnd = offset }
            return .end
        }
        detect(&batch, formats)
        if !grew, firstEnd == nil { firstEnd = offset + Int64(batch.rawCount) }
        let isWhole = batch.raw[batch.rawCount - 1] == 0x0A
        let isComplete = isAtEnd || !grew && idle >= (isWhole ? Self.pause : Self.patience)
        if !grew, !isComplete, !isLast { return .end }
        joiner.stack = formats.stack(detection?.layers ?? [])
        joiner.inheritedTime = inheritedTime
        joiner.settled = settledBytes(batch.rawCount)
        defer { joiner.settled = 0 }
        // Half a line is no line yet.
        let end = isComplete ? batch.rawCount : batch.raw.span.lineStart(before: batch.rawCount)
        batch.event.columns = columns
        let consumed = batch.readEvents(
            &joiner, atEnd: isComplete || isLast || batch.rawCount > Limits.eventBytes, clock: clock, upTo: end)
        carry.removeAll(keepingCapacity: true)
        carry.append(contentsOf: batch.raw[consumed..<batch.rawCount])
        if consumed == 0 { return .end }
        inheritedTime = joiner.inheritedTime
        clock = batch.event.clock
        if let headed = joiner.stack.headed {
            let raw = batch.raw
            columns = headed.columns(behind: raw.span.extracting(0..<consumed), from: columns, &batch.event)
        }
        batch.rawCount = consumed
        batch.offset = offset
        batch.firstLine = lines
        batch.sequence = sequence
        isBacklog = firstEnd.map { offset < $0 } ?? true
        offset += Int64(consumed)
        lines += batch.ledger.lines
        sequence += 1
        hasNewEvents = true
        return .events
    }

    /// How many of the bytes at hand were there a pause ago, of which `count` are.
    private func settledBytes(_ count: Int) -> Int {
        let now = ContinuousClock.now
        if now - mark.time >= Self.pause {
            settled = mark.end
            mark = (now, offset + Int64(count))
        }
        return Int(max(0, settled - offset))
    }

    // MARK: The file

    private func openIfNeeded() -> Bool {
        if descriptor >= 0 { return !isAtEnd }
        if input.path == "-" {
            descriptor = 0
            return true
        }
        descriptor = NativePath.with(input.path) { open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else {
            problem = String(cString: strerror(errno))
            return false
        }
        problem = nil
        var info = stat()
        if fstat(descriptor, &info) == 0 { inode = UInt64(info.st_ino) }
        return true
    }

    /// Whether the name stands for another file by now, or for less than was read.
    private var isReplaced: Bool {
        var info = stat()
        guard descriptor > 0, nativeStat(input.path, &info) == 0 else { return false }
        return UInt64(info.st_ino) != inode || Int64(info.st_size) < position
    }

    /// Whether a file that has come since is what this log was before.
    func wasOnce(_ path: String) -> Bool {
        var info = stat()
        return nativeStat(path, &info) == 0 && past.isPast(path, info, inode: inode)
    }

    private func reopen() {
        past.add(inode: inode, size: position)
        isGone = false
        hasNewEvents = false
        close(descriptor)
        descriptor = -1
        position = 0
        offset = 0
        firstEnd = 0
        lines = 0
        settled = 0
        columns = nil
        records = nil
        mark = (.now, 0)
    }

    /// What the lines read so far are to be called from now on, where it has changed: a file that was rotated has another
    /// name, or none any more. Asked after each look.
    func moves() -> [String: String] {
        guard descriptor != 0, input.path != "-" else { return [:] }
        var info = stat()
        let isMissing = descriptor > 0 && nativeStat(input.path, &info) != 0 && errno == ENOENT
        // Between the old file's leaving and the new one's coming there is a moment without either.
        looksWithoutName = isMissing ? looksWithoutName + 1 : 0
        isGone = looksWithoutName >= Self.looksUntilGone
        var moves = past.moves()
        if isGone, hasNewEvents {
            hasNewEvents = false
            moves[input.path] = past.place(inode: inode, size: position) ?? PastNames.gone(input.path)
        }
        return moves
    }

    private static let looksUntilGone = 5

    /// The carried bytes, and what there is to read behind them.
    private func fill(_ batch: inout Batch) {
        if carry.count * 2 > batch.raw.count {
            batch.raw.append(contentsOf: repeatElement(0, count: carry.count * 2 - batch.raw.count))
        }
        for i in carry.indices { batch.raw[i] = carry[i] }
        batch.rawCount = carry.count
        while batch.rawCount < batch.raw.count {
            let room = batch.raw.count - batch.rawCount
            let start = batch.rawCount
            if descriptor == 0, !hasInput { return }
            let count = batch.raw.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + start }, room) }
            if count < 0 && errno == EINTR { continue }
            if count == 0, descriptor == 0 {
                isAtEnd = true
                records?.finish()
                takeLines(&batch)
            }
            if count == 0, isLast {
                records?.end()
                takeLines(&batch)
            }
            guard count > 0 else { return }
            if position == 0 { begin(batch.raw.span.extracting(start..<(start + count))) }
            if records == nil {
                batch.rawCount += count
            } else {
                records?.take(batch.raw.span.extracting(start..<(start + count)))
                takeLines(&batch)
            }
            position += Int64(count)
            if descriptor == 0 { return }
        }
    }

    /// The first bytes of a file.
    private func begin(_ head: Span<UInt8>) {
        past.begin(head)
        records = FollowedRecords.of(head, input.records)
    }

    /// The events of documents that are whole, as lines.
    private func takeLines(_ batch: inout Batch) {
        guard let lines = records?.takeLines(), !lines.isEmpty else { return }
        let end = batch.rawCount + lines.count
        if end > batch.raw.count {
            batch.raw.append(contentsOf: repeatElement(0, count: end - batch.raw.count))
        }
        for i in lines.indices { batch.raw[batch.rawCount + i] = lines[i] }
        batch.rawCount = end
    }

    /// Whether standard input has something, its end included.
    private var hasInput: Bool {
        var poll = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, 0) > 0
    }

    /// Which formats the log is of: asked again while so far none was found.
    private func detect(_ batch: inout Batch, _ formats: WorkerFormats) {
        if let detection, !detection.formats.isEmpty || offset > FormatDetector.bytes { return }
        batch.event.clock = .unknown
        batch.event.rawCount = batch.rawCount
        let raw = batch.raw
        let looked = min(batch.rawCount, FormatDetector.bytes)
        detection = formats.detect(raw.span.extracting(0..<looked), isWhole: true, isStart: offset == 0, &batch.event)
        formatNames = detection?.names(formats.candidates) ?? []
        if offset == 0 {
            let parsers = formats.stack(detection?.layers ?? []).parsers
            // The log goes on: its first line is no later than now, and that is all that is known.
            let found = SourceTimes(
                head: raw.span.extracting(0..<looked), isWhole: true, parsers, input, modified: Int64(time(nil)),
                size: nil, again: nil)
            clock = found.clock
            times = found.facts
        }
    }
}
