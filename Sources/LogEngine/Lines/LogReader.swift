import LogAnalysis
package import LogCore
package import LogPatterns

/// One line of a log, as it is shown.
package struct LogLine: Equatable, Sendable {
    package var offset: Int64
    /// From 1.
    package var number: Int64
    /// Bytes without the line end, of which `text` holds the first `LogReader.textBytes`.
    package var bytes: Int64
    package var text: String
    /// Where the event begins that the line belongs to; nil where the log wasn't analysed.
    package var event: Int64?
    package var severity = Severity.unspecified
    /// The event's, nanoseconds since the epoch.
    package var time: Int64?

    package init(offset: Int64, number: Int64, bytes: Int64, text: String) {
        self.offset = offset
        self.number = number
        self.bytes = bytes
        self.text = text
    }
}

/// Neighbouring lines of one log.
package struct LogPage: Equatable, Sendable {
    package var lines: [LogLine] = []
    package var isAtStart = false
    package var isAtEnd = false

    package init() {}
}

/// Where a line begins: offset and number.
package struct LinePlace: Equatable, Sendable {
    package var source: Int
    package var offset: Int64
    /// From 1.
    package var number: Int64

    package init(source: Int, offset: Int64, number: Int64) {
        self.source = source
        self.offset = offset
        self.number = number
    }
}

/// Reads the inputs of an analysis line by line, from any place on and both ways, and finds events in them. Nothing is kept
/// but a few batches, however long the logs are.
package final class LogReader {
    /// Of a line; the rest is counted.
    package static let textBytes = 16 << 10
    private static let chunk = 64 << 10
    private static let searchChunk = 1 << 20
    private static let keptBatches = 4

    private let inputs: [Input]
    private let index: BatchIndex
    private let isOver: () -> Bool
    private var rereader: BatchRereader
    private var open: (source: Int, file: DecodedFile)?
    private var parsed: [(source: Int, sequence: Int, events: [LogEvent])] = []

    /// `isOver`: whether what is asked for is wanted no longer.
    package init(_ inputs: [Input], _ catalog: Catalog, _ index: BatchIndex, isOver: @escaping () -> Bool) {
        self.inputs = catalog.reading(inputs)
        self.index = index
        self.isOver = isOver
        rereader = BatchRereader(catalog)
    }

    private func file(_ source: Int) throws(SourceError) -> DecodedFile {
        if let open, open.source == source { return open.file }
        let file = try DecodedFile(inputs[source])
        open = (source, file)
        return file
    }

    // MARK: Pages

    /// `before` lines before the one at `place`, that line, and those behind it: `after` in all.
    package func page(at place: LinePlace, before: Int, after: Int) throws(SourceError) -> LogPage {
        let file = try file(place.source)
        var page = LogPage()
        let starts = try lineStarts(before: place.offset, before, file)
        page.isAtStart = starts.count < before || place.offset <= file.origin
        var offset = starts.last ?? place.offset
        var number = place.number - Int64(starts.count)
        while page.lines.count < starts.count + after {
            guard let (line, next) = try line(at: offset, number, file) else {
                page.isAtEnd = true
                break
            }
            page.lines.append(line)
            offset = next
            number += 1
        }
        try addEvents(to: &page, place.source)
        return page
    }

    /// The line that begins at `offset` and where the next one does; nil at the end.
    private func line(
        at offset: Int64, _ number: Int64, _ file: DecodedFile
    ) throws(SourceError) -> (LogLine, next: Int64)? {
        let head = try bytes(at: offset, file)
        if head.isEmpty { return nil }
        var length: Int64
        var next: Int64
        if let lf = head.firstIndex(of: 0x0A) {
            length = Int64(lf - head.startIndex)
            next = offset + length + 1
        } else {
            next = try lineEnd(from: offset + Int64(head.count), file)
            length = next - offset
            if try file.read(at: next - 1, 1).first == 0x0A { length -= 1 }
        }
        var text = head.prefix(Int(min(length, Int64(Self.textBytes))))
        if text.last == 0x0D, Int64(text.count) == length {
            text.removeLast()
            length -= 1
        }
        return (
            LogLine(offset: offset, number: number, bytes: length, text: String(decoding: text, as: UTF8.self)), next
        )
    }

    /// The chunk read last: neighbouring lines lie in it.
    private var window: (source: ObjectIdentifier, offset: Int64, bytes: ContiguousArray<UInt8>)?

    /// Bytes from `offset` on: at least a line's text where the file has as many.
    private func bytes(at offset: Int64, _ file: DecodedFile) throws(SourceError) -> ArraySlice<UInt8> {
        if let window, window.source == ObjectIdentifier(file), offset >= window.offset {
            let start = Int(offset - window.offset)
            if start < window.bytes.count, window.bytes.count - start >= Self.textBytes + 2 {
                return ArraySlice(window.bytes[start..<start + Self.textBytes + 2])
            }
        }
        let fresh = try file.read(at: offset, Self.chunk, isOver: isOver)
        window = (ObjectIdentifier(file), offset, fresh)
        return ArraySlice(fresh.prefix(Self.textBytes + 2))
    }

    /// Behind the line end at or after `offset`.
    private func lineEnd(from offset: Int64, _ file: DecodedFile) throws(SourceError) -> Int64 {
        var offset = offset
        while !isOver() {
            let bytes = try file.read(at: offset, Self.searchChunk, isOver: isOver)
            if bytes.isEmpty { break }
            if let lf = bytes.span.firstIndex(of: 0x0A, from: 0) { return offset + Int64(lf) + 1 }
            offset += Int64(bytes.count)
        }
        return offset
    }

    /// Where the lines before `offset` begin, the nearest first, at most `count`.
    private func lineStarts(before offset: Int64, _ count: Int, _ file: DecodedFile) throws(SourceError) -> [Int64] {
        var starts: [Int64] = []
        // The line end right before `offset` ends the first of them.
        var end = offset - 1
        let origin = file.origin
        while starts.count < count, end > origin || (end == origin && starts.isEmpty), !isOver() {
            let from = max(origin, end - Int64(Self.chunk))
            let bytes = try file.read(at: from, Int(end - from), isOver: isOver)
            var i = bytes.count - 1
            while i >= 0, starts.count < count {
                if bytes[i] == 0x0A { starts.append(from + Int64(i) + 1) }
                i -= 1
            }
            end = from
            if from == origin {
                if starts.count < count, offset > origin { starts.append(origin) }
                break
            }
        }
        return starts
    }

    // MARK: Places

    /// The line with this number, or the last one.
    package func place(ofLine number: Int64, source: Int) throws(SourceError) -> LinePlace {
        let file = try file(source)
        let mark = index.marks(of: source).last { $0.line < number }
        var place = LinePlace(source: source, offset: mark?.offset ?? file.origin, number: (mark?.line ?? 0) + 1)
        var last = place
        try eachLine(from: place.offset, file) { offset, _ in
            place.offset = offset
            last = place
            if place.number >= number { return false }
            place.number += 1
            return true
        }
        return last
    }

    /// The line in which a byte lies.
    package func place(ofByte offset: Int64, source: Int) throws(SourceError) -> LinePlace {
        let file = try file(source)
        let mark = index.marks(of: source).last { $0.offset <= offset }
        var place = LinePlace(source: source, offset: mark?.offset ?? file.origin, number: (mark?.line ?? 0))
        try eachLine(from: place.offset, file) { start, _ in
            if start > offset { return false }
            place.offset = start
            place.number += 1
            return true
        }
        place.number = max(place.number, 1)
        return place
    }

    /// The last line.
    package func lastLine(source: Int) throws(SourceError) -> LinePlace {
        let file = try file(source)
        // The size of a compressed log is where the analysis came to.
        let end = file.size ?? index.marks(of: source).last.map { $0.offset + Int64($0.bytes) } ?? .max - 1
        return try place(ofByte: max(end - 1, 0), source: source)
    }

    // MARK: Events

    private func mark(at offset: Int64, source: Int) -> (Int, [BatchIndex.Mark])? {
        let marks = index.marks(of: source)
        guard let place = marks.lastIndex(where: { $0.offset <= offset }) else { return nil }
        return (place, marks)
    }

    private func events(_ mark: BatchIndex.Mark, source: Int) throws(SourceError) -> [LogEvent] {
        if let known = parsed.first(where: { $0.source == source && $0.sequence == mark.sequence }) {
            return known.events
        }
        let bytes = try file(source).read(at: mark.offset, mark.bytes, isOver: isOver)
        let events = rereader.events(mark, bytes, inputs[source])
        parsed.insert((source, mark.sequence, events), at: 0)
        if parsed.count > Self.keptBatches { parsed.removeLast() }
        return events
    }

    /// Which events the lines belong to.
    private func addEvents(to page: inout LogPage, _ source: Int) throws(SourceError) {
        guard let first = page.lines.first, let (start, marks) = mark(at: first.offset, source: source) else { return }
        var place = start
        for i in page.lines.indices {
            let offset = page.lines[i].offset
            while place + 1 < marks.count, marks[place + 1].offset <= offset { place += 1 }
            // What was added since the analysis has no events yet.
            if place + 1 == marks.count, offset >= marks[place].offset + Int64(marks[place].bytes) { break }
            let events = try events(marks[place], source: source)
            let after = events.partition { $0.offset > offset }
            guard after > 0 else { continue }
            page.lines[i].event = events[after - 1].offset
            page.lines[i].severity = events[after - 1].severity
            let time = events[after - 1].time
            page.lines[i].time = time == Timestamp.none ? nil : time
        }
    }

    /// The next selected event behind `offset`, or the last one before it.
    package func find(
        _ selection: EventSelection, from place: LinePlace, forward: Bool
    ) throws(SourceError) -> LinePlace? {
        let marks = index.marks(of: place.source)
        let start = marks.lastIndex { $0.offset <= place.offset } ?? (forward ? 0 : -1)
        for i in forward ? Array(start..<max(marks.count, start)) : Array(stride(from: start, through: 0, by: -1)) {
            if isOver() { return nil }
            guard index.mayHold(selection, marks[i], source: place.source) else { continue }
            let events = try events(marks[i], source: place.source)
            let found =
                forward
                ? events.first { $0.offset > place.offset && $0.matches(selection) }
                : events.last { $0.offset < place.offset && $0.matches(selection) }
            if let found { return LinePlace(source: place.source, offset: found.offset, number: found.line) }
        }
        return nil
    }

    /// As `find`, and on in the other logs, in their order.
    package func findAnywhere(
        _ selection: EventSelection, from place: LinePlace, forward: Bool
    ) throws(SourceError) -> LinePlace? {
        if let found = try find(selection, from: place, forward: forward) { return found }
        let known = index.sources(of: selection)
        let others =
            forward ? Array(inputs.indices.dropFirst(place.source + 1)) : inputs.indices[..<place.source].reversed()
        for source in others where known?.contains(source) ?? true {
            if isOver() { return nil }
            let edge = LinePlace(source: source, offset: forward ? -1 : .max, number: 1)
            if let found = try? find(selection, from: edge, forward: forward) { return found }
        }
        return nil
    }

    /// The first event at that time or later, of the log that has one soonest.
    package func place(since time: Int64) throws(SourceError) -> LinePlace? {
        var best: (source: Int, gap: Int64)?
        for source in inputs.indices {
            let mark = index.marks(of: source).first { $0.latest != Timestamp.none && $0.latest >= time }
            guard let mark else { continue }
            let gap = max(mark.time, time) - time
            if gap < best?.gap ?? .max { best = (source, gap) }
        }
        guard let best else { return nil }
        return try find(.since(time), from: LinePlace(source: best.source, offset: -1, number: 1), forward: true)
    }

    /// What is known of the event at `offset`.
    package func detail(ofEvent offset: Int64, source: Int) throws(SourceError) -> EventDetail? {
        guard let (place, marks) = mark(at: offset, source: source) else { return nil }
        let bytes = try file(source).read(at: marks[place].offset, marks[place].bytes, isOver: isOver)
        return rereader.detail(at: offset, marks[place], bytes, inputs[source])
    }

    // MARK: Search

    /// The next line behind the one at `place` in which the pattern occurs, or the last one before it.
    package func search(
        _ pattern: Pattern, from place: LinePlace, forward: Bool, progress: (Int64) -> Void
    ) throws(SourceError) -> LinePlace? {
        let file = try file(place.source)
        var matcher = Matcher()
        var place = place
        if forward {
            var found: LinePlace?
            try eachLine(from: place.offset, file) { offset, line in
                // The line itself doesn't count.
                if offset > place.offset {
                    place.number += 1
                    place.offset = offset
                    if matcher.match(pattern, line) == .matched { found = place }
                    if place.number & 0xFFFF == 0 { progress(offset) }
                }
                return found == nil
            }
            return found
        }
        // Backwards by stretches of whole lines, each of which is read forwards.
        while place.offset > file.origin, !isOver() {
            let start = try lineStart(around: max(file.origin, place.offset - Int64(Self.searchChunk)), file)
            let end = place.offset
            var lines: Int64 = 0
            var found: (offset: Int64, line: Int64)?
            try eachLine(from: start, file) { offset, line in
                if offset >= end { return false }
                if matcher.match(pattern, line) == .matched { found = (offset, lines) }
                lines += 1
                return true
            }
            if let found {
                return LinePlace(
                    source: place.source, offset: found.offset, number: place.number - lines + found.line)
            }
            place.offset = start
            place.number -= lines
            progress(start)
        }
        return nil
    }

    /// Where the line begins that holds the byte at `offset`.
    private func lineStart(around offset: Int64, _ file: DecodedFile) throws(SourceError) -> Int64 {
        offset <= file.origin ? file.origin : try lineStarts(before: offset + 1, 1, file).first ?? file.origin
    }

    /// Calls `body` with each line from `offset` on, without its line end, until it says false. Of a line of a MiB and
    /// more it sees the beginning.
    private func eachLine(
        from offset: Int64, _ file: DecodedFile, _ body: (Int64, Span<UInt8>) -> Bool
    ) throws(SourceError) {
        var offset = offset
        while !isOver() {
            let bytes = try file.read(at: offset, Self.searchChunk, isOver: isOver)
            if bytes.isEmpty { return }
            let isLast = bytes.count < Self.searchChunk
            let span = bytes.span
            var start = 0
            while start < bytes.count {
                guard let lf = span.firstIndex(of: 0x0A, from: start) else { break }
                let end = lf > start && span[lf - 1] == 0x0D ? lf - 1 : lf
                if !body(offset + Int64(start), span.extracting(start..<end)) { return }
                start = lf + 1
            }
            if start < bytes.count, isLast || start == 0 {
                if !body(offset + Int64(start), span.extracting(start..<bytes.count)) || isLast { return }
                offset = try lineEnd(from: offset + Int64(bytes.count), file)
                continue
            }
            if isLast { return }
            offset += Int64(start)
        }
    }
}

extension [LogEvent] {
    /// How many of the first satisfy not, of a sorted list.
    fileprivate func partition(_ isAfter: (LogEvent) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
