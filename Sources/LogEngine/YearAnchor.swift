import LogCore

/// Finds the year of a file's first year-less time: walks over its months, and anchors the last line
/// to the time when the file was last written.
enum YearAnchor {
    /// A clock on its way through a file.
    struct Walk: ~Copyable {
        private var event: EventBuilder
        /// The last year-less time met.
        private(set) var last: (month: Int, day: Int)?

        init(clock: YearClock) { event = EventBuilder(clock: clock) }

        var clock: YearClock { event.clock }

        /// Looks at the first line behind every `stride` bytes, or at every line.
        mutating func look(at bytes: Span<UInt8>, _ parsers: ContiguousArray<any LineParser>, every stride: Int?) {
            var start = 0
            while start < bytes.count {
                guard let end = bytes.firstIndex(of: 0x0A, from: start) else { break }
                note(bytes.extracting(start..<end), parsers)
                start = end + 1
                if let stride, start + stride < bytes.count {
                    start += stride
                    guard let next = bytes.firstIndex(of: 0x0A, from: start) else { break }
                    start = next + 1
                }
            }
        }

        mutating func note(_ line: Span<UInt8>, _ parsers: ContiguousArray<any LineParser>) {
            event.reset(rawCount: line.count)
            for parser in parsers {
                event.begin()
                guard parser.parse(line, at: 0, into: &event) else { continue }
                if event.record.timeSource == .yearInferred {
                    let parts = Timestamp.parts(event.record.time)
                    last = (parts.month, parts.day)
                }
                return
            }
        }
    }

    /// The clock for a file's start. `modified`: seconds since the epoch.
    static func walk(
        _ source: any ByteSource, _ parsers: ContiguousArray<any LineParser>, modified: Int64, stride: Int?
    ) -> YearClock {
        let begin = 2000
        var walk = Walk(clock: YearClock(year: begin))
        var buffer = ContiguousArray<UInt8>(repeating: 0, count: stride == nil ? Limits.batchBytes : 4096)
        var kept = 0
        while true {
            // What can't be read here is said when the file itself is read.
            let count = kept + fill(&buffer, from: kept, source)
            let isEnd = count < buffer.count
            if let stride {
                lookOnce(buffer.span.extracting(0..<count), parsers, &walk)
                if isEnd || (try? source.skip(stride - buffer.count)) == nil { break }
                continue
            }
            walk.look(at: buffer.span.extracting(0..<count), parsers, every: nil)
            // The last line goes on in the next piece; one longer than the piece is passed over.
            var tail = count
            while tail > 0, buffer[tail - 1] != 0x0A { tail -= 1 }
            kept = tail > 0 || isEnd ? count - tail : 0
            for i in 0..<kept {
                let byte = buffer[tail + i]
                buffer[i] = byte
            }
            if isEnd {
                if kept > 0 { walk.note(buffer.span.extracting(0..<kept), parsers) }
                break
            }
        }
        guard let last = walk.last else { return YearClock(year: Timestamp.parts(modified * Timestamp.second).year) }
        var start = year(month: last.month, day: last.day, notAfter: modified) - (walk.clock.year - begin)
        if let leapDay = walk.clock.leapDayYear {
            // At most eight years lie between two leap years.
            for _ in 0..<8 where !Timestamp.isLeap(start + (leapDay - begin)) { start -= 1 }
        }
        return YearClock(year: start)
    }

    /// Fills the buffer as far as there are bytes.
    private static func fill(
        _ buffer: inout ContiguousArray<UInt8>, from start: Int, _ source: any ByteSource
    ) -> Int {
        var count = 0
        while start + count < buffer.count {
            guard let read = try? buffer.read(upTo: buffer.count - start - count, from: source, at: start + count),
                read > 0
            else { break }
            count += read
        }
        return count
    }

    /// The first whole line of a probe.
    private static func lookOnce(
        _ bytes: Span<UInt8>, _ parsers: ContiguousArray<any LineParser>, _ walk: inout Walk
    ) {
        var start = 0
        // Behind the first LF a line is whole; the first probe begins at the file's start, where losing a line is harmless.
        for _ in 0..<8 {
            guard let lf = bytes.firstIndex(of: 0x0A, from: start) else { return }
            guard let end = bytes.firstIndex(of: 0x0A, from: lf + 1) else { return }
            walk.note(bytes.extracting((lf + 1)..<end), parsers)
            start = end
        }
    }

    /// For a stream that can't be walked: the first line is not in the future.
    static func fromFirstLine(
        _ bytes: Span<UInt8>, _ parsers: ContiguousArray<any LineParser>, now: Int64
    ) -> YearClock {
        var walk = Walk(clock: YearClock(year: 2000))
        var start = 0
        while walk.last == nil, start < bytes.count {
            let end = bytes.firstIndex(of: 0x0A, from: start) ?? bytes.count
            walk.note(bytes.extracting(start..<end), parsers)
            start = end + 1
        }
        guard let first = walk.last else { return YearClock(year: Timestamp.parts(now * Timestamp.second).year) }
        return YearClock(year: year(month: first.month, day: first.day, notAfter: now))
    }

    /// The latest year in which that day is not after `moment`, with a day's grace for zones.
    private static func year(month: Int, day: Int, notAfter moment: Int64) -> Int {
        let parts = Timestamp.parts(moment * Timestamp.second)
        let limit = moment / 86_400 + 1
        for year in stride(from: parts.year + 1, through: parts.year - 8, by: -1) {
            // 29 February exists in leap years only.
            if day > Timestamp.daysIn(month: month, year: year) { continue }
            if Int64(Timestamp.days(year: year, month: month, day: day)) <= limit { return year }
        }
        return parts.year
    }
}
