/// What joins across lines while bytes are read: events of which each line has a head of its own, and lines that were cut
/// into parts.
///
/// Most logs have neither, so a line that doesn't look like either costs nothing here: who wrote which line is found out,
/// by a look back at the last ones, when a line comes that goes on with another.
struct WriterEvents {
    /// An event that lines have joined, or that opened a block which the next may go on with.
    struct Thread {
        var writer: UInt64
        /// Where the event begins: its first line's offset.
        var start: Int
        var continuation: Continuation
        /// Its last line.
        var line: UInt32
        var end: Int
        var time: Int64
        var joined = 0
        var name = ExceptionSearch()
        /// Its last line was blank.
        var endsBlank = false
        /// In `pieces`; -1 for none.
        var first = -1
        var last = -1
        /// Whether lines of other shapes than joints may go on with it.
        var isBusy = false
    }

    /// A line of which the end hasn't come yet.
    struct Part {
        var writer: UInt64
        /// Of the parser that read its lines.
        var index: Int
        var manner: Continuation.Manner
        /// Its first line in the bytes, and the end of its last one.
        var firstLine: Range<Int>
        var firstNumber: UInt32
        var firstLength: Int
        var time: Int64
        /// Of the event before it.
        var inheritedTime: Int64
        var line: UInt32
        var end: Int
        /// Where its lines end that no other stands between.
        var wholeEnd: Int
        var first: Int
        var last: Int
    }

    private struct Piece {
        var text: ByteRange
        var next: Int
    }

    /// Events that share a stretch of the bytes.
    struct Cluster {
        var start: Int
        var end: Int
    }

    var threads: ContiguousArray<Thread> = []
    var parts: ContiguousArray<Part> = []
    private var pieces: ContiguousArray<Piece> = []
    private(set) var clusters: ContiguousArray<Cluster> = []
    /// Who wrote the event at an offset, as a parser of the stack reads its first line: another one may not read it.
    private struct Authorship {
        var start: Int
        var parser: Int
        var writer: UInt64
        var time: Int64
    }

    /// What was found out of it, by offset.
    private var known: ContiguousArray<Authorship> = []
    /// Where the first line begins that was in parts when the bytes ended.
    var pendingStart = Int.max
    /// Threads that want to see every line of their writer.
    private(set) var busy: ContiguousArray<Int> = []

    /// Lines of a writer that may go on with an event from before the first byte, where the bytes begin amid a file.
    private struct Remnant {
        var writer: UInt64
        var line: UInt32
        var end: Int
        var isOver = false
    }

    /// Writers whose last event takes whatever comes, and its last line.
    private var expecting: ContiguousArray<(writer: UInt64, line: UInt32, end: Int)> = []

    private var remnants: ContiguousArray<Remnant> = []
    /// The bytes begin amid a file, and it is to be told how far what began before them may reach.
    var beginsAmid = false
    /// Behind the last line that may be of an event from before the first byte.
    var remnantEnd: Int { remnants.reduce(0) { max($0, $1.end) } }

    /// Lines are looked at more closely: someone waits for the next one of a writer.
    @inline(__always)
    var isWaiting: Bool { !busy.isEmpty || !parts.isEmpty }

    mutating func reset() {
        pendingStart = .max
        threads.removeAll(keepingCapacity: true)
        parts.removeAll(keepingCapacity: true)
        pieces.removeAll(keepingCapacity: true)
        clusters.removeAll(keepingCapacity: true)
        known.removeAll(keepingCapacity: true)
        remnants.removeAll(keepingCapacity: true)
        busy.removeAll(keepingCapacity: true)
        expecting.removeAll(keepingCapacity: true)
    }

    // MARK: Events that take whatever comes

    /// The event of a writer takes what its format refuses.
    mutating func expectLines(of writer: UInt64, _ span: LineSpan) {
        expecting.removeAll { $0.writer == writer || !Self.reaches($0.line, $0.end, span.number, span.start) }
        expecting.append((writer, span.number, span.end))
    }

    var isExpecting: Bool { !expecting.isEmpty }

    func expectsLines(of writer: UInt64, _ span: LineSpan) -> Bool {
        expecting.contains { $0.writer == writer && Self.reaches($0.line, $0.end, span.number, span.start) }
    }

    // MARK: Remnants

    /// Notes a line of a writer. `begins`: it begins an event whatever came before; `isLone`: no event that is older than a
    /// few lines goes on with it.
    mutating func trace(_ writer: UInt64, _ span: LineSpan, begins: Bool, isLone: Bool) {
        guard let index = remnants.firstIndex(where: { $0.writer == writer }) else {
            // Who wasn't heard for so long has nothing open. What looks like a head may be the end of a line that came in parts.
            let isOver = span.number > UInt32(Limits.reachLines)
            remnants.append(
                Remnant(writer: writer, line: span.number, end: isOver ? 0 : span.end, isOver: isOver))
            return
        }
        if remnants[index].isOver { return }
        if begins || !Self.reaches(remnants[index].line, remnants[index].end, span.number, span.start) {
            remnants[index].isOver = true
            return
        }
        remnants[index].line = span.number
        remnants[index].end = span.end
        if isLone { remnants[index].isOver = true }
    }

    // MARK: Threads

    mutating func add(_ thread: Thread) -> Int {
        threads.append(thread)
        if thread.isBusy { busy.append(threads.count &- 1) }
        return threads.count &- 1
    }

    mutating func setBusy(_ index: Int, _ isBusy: Bool) {
        if threads[index].isBusy == isBusy { return }
        threads[index].isBusy = isBusy
        if isBusy { busy.append(index) } else { busy.removeAll { $0 == index } }
    }

    func isBusy(_ writer: UInt64) -> Bool { busy.contains { threads[$0].writer == writer } }

    /// The thread of the event that begins at `start`.
    func thread(at start: Int) -> Int? { threads.lastIndex { $0.start == start } }

    /// Lets go of threads that the line at `offset` is out of reach of.
    mutating func expire(_ number: UInt32, _ offset: Int) {
        for index in busy {
            if !Self.reaches(threads[index].line, threads[index].end, number, offset) { setBusy(index, false) }
        }
    }

    static func reaches(_ line: UInt32, _ end: Int, _ number: UInt32, _ offset: Int) -> Bool {
        number &- line <= UInt32(Limits.reachLines) && offset &- end <= Limits.reachBytes
    }

    /// Adds a line's text to an event.
    mutating func join(
        _ index: Int, _ text: ByteRange, head: ByteRange, _ number: UInt32, _ end: Int, _ time: Int64
    ) {
        if threads[index].first < 0 {
            threads[index].first = add(head)
            threads[index].last = threads[index].first
        }
        let piece = add(text)
        pieces[threads[index].last].next = piece
        threads[index].last = piece
        threads[index].line = number
        threads[index].end = end
        threads[index].time = time
        threads[index].joined &+= 1
    }

    // MARK: Pieces

    mutating func add(_ text: ByteRange) -> Int {
        pieces.append(Piece(text: text, next: -1))
        return pieces.count &- 1
    }

    mutating func append(_ text: ByteRange, to part: Int) {
        let piece = add(text)
        pieces[parts[part].last].next = piece
        parts[part].last = piece
    }

    /// Puts pieces together, `separator` between them, behind the decoded text; gives where they stand then.
    /// Of lines, blank ones at the end are left out.
    func gather(_ first: Int, _ bytes: Span<UInt8>, separator: UInt8?, _ event: inout EventBuilder) -> ByteRange {
        let start = event.rawCount &+ event.decoded.count
        let base = event.decoded.count
        var index = first
        while index >= 0 {
            let text = pieces[index].text
            // Behind a head alone the text begins on the next line.
            if index != first, let separator, event.decoded.count > base { event.decoded.append(separator) }
            if !text.isEmpty { event.appendText(text, bytes) }
            index = pieces[index].next
        }
        var end = event.decoded.count
        if separator != nil { while end > base, event.decoded[end &- 1] <= 0x20 { end &-= 1 } }
        return ByteRange(start, event.rawCount &+ end)
    }

    // MARK: Who wrote what

    mutating func remember(_ start: Int, by parser: Int, _ writer: UInt64, _ time: Int64) {
        if known.count >= 4 * Limits.reachLines { known.removeFirst(2 * Limits.reachLines) }
        known.append(Authorship(start: start, parser: parser, writer: writer, time: time))
    }

    func writer(of start: Int, by parser: Int) -> (writer: UInt64, time: Int64)? {
        for entry in known.reversed() where entry.start == start && entry.parser == parser {
            return (entry.writer, entry.time)
        }
        return nil
    }

    // MARK: Stretches that events share

    /// Notes that the event from `start` on goes on to `end`. False, and nothing is noted, if more would be shared than may be.
    mutating func share(_ start: Int, _ end: Int) -> Bool {
        // Lines of parts are given to their event late: what it shares may end before what others share does.
        var from = start
        var to = end
        var index = clusters.count
        while index > 0, clusters[index &- 1].end >= from {
            index &-= 1
            from = min(from, clusters[index].start)
            to = max(to, clusters[index].end)
        }
        guard to &- from <= Limits.sharedBytes else { return false }
        clusters.removeSubrange(index...)
        clusters.append(Cluster(start: from, end: to))
        return true
    }

    /// The last place up to `offset` where no event is cut in two.
    func wholePlace(before offset: Int) -> Int {
        var place = offset
        for cluster in clusters.reversed() where cluster.start < place && cluster.end > place { place = cluster.start }
        return place
    }
}
