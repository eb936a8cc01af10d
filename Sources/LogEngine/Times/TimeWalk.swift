import LogCore

/// Goes through a source's lines before they are read as events, and notes what their times lack. Years and days are
/// counted from a start that is not known yet: 2000, and 1 January 1970.
struct TimeWalk: ~Copyable {
    static let beginYear = SourceClock.unknown.years.year

    private var event: EventBuilder
    /// Times without a year, from the first to the latest one.
    private(set) var yearless: (first: Int64, latest: Int64)?
    /// Times without a date.
    private(set) var dateless: (first: Int64, latest: Int64)?
    /// The first time with its date, in a source that has others too, and its day as the times before it count it.
    private(set) var firstDated: (time: Int64, day: Int)?

    /// How many years the times without one are really later than they are counted here: told by a neighbour that has its year and
    /// is of the same days.
    private(set) var yearsLater: Int?
    /// The last time of either kind.
    private var lastDated: Int64?
    private var lastYearless: Int64?

    /// - Parameter order: how dates of numbers are read; nil: it is still to be found out.
    init(order: DateOrder?) {
        var clock = SourceClock.unknown
        if let order { clock.order = order } else { clock.evidence = OrderEvidence() }
        event = EventBuilder(clock: clock)
    }

    init(clock: SourceClock) { event = EventBuilder(clock: clock) }

    var clock: SourceClock { event.clock }
    var evidence: OrderEvidence? { event.clock.evidence }
    /// The year, as counted here, that has to be a leap year.
    var leapDayYear: Int? { event.clock.years.leapDayYear }

    /// Looks at every line, or at the first one behind every `stride` bytes and the last one. `isWhole`: the last line is complete.
    mutating func look(
        at bytes: Span<UInt8>, _ parsers: ContiguousArray<any LineParser>, every stride: Int? = nil,
        isWhole: Bool = false
    ) {
        var start = 0
        while start < bytes.count {
            guard let end = bytes.firstIndex(of: 0x0A, from: start) ?? (isWhole ? bytes.count : nil) else { break }
            note(bytes.extracting(start..<end), parsers)
            start = end + 1
            guard let stride else { continue }
            let next = start + stride < bytes.count ? bytes.firstIndex(of: 0x0A, from: start + stride) : nil
            // The last line that is complete.
            start = max(start, next.map { $0 + 1 } ?? bytes.lineStart(before: bytes.lineStart(before: bytes.count) - 1))
        }
    }

    mutating func note(_ line: Span<UInt8>, _ parsers: ContiguousArray<any LineParser>) {
        for parser in parsers {
            event.reset(rawCount: line.count)
            event.begin()
            let days = event.clock.days
            guard parser.parsePlain(line, at: 0, into: &event) else { continue }
            note(event.record, days)
            return
        }
        // A line below an event's head may be the one that has the time.
        for parser in parsers where parser.readsBelow && line.count > 0 {
            event.reset(rawCount: line.count)
            event.begin()
            let days = event.clock.days
            parser.readBelow(line, at: 0, into: &event)
            note(event.record, days)
        }
    }

    private mutating func note(_ record: Record, _ days: DayClock?) {
        let time = record.time
        switch record.timeSource {
        case .yearInferred:
            yearless = (yearless?.first ?? time, max(yearless?.latest ?? time, time))
            lastYearless = time
            compare()
        case .dateInferred: dateless = (dateless?.first ?? time, max(dateless?.latest ?? time, time))
        case .line:
            firstDated = firstDated ?? (time, days?.counted(time) ?? 0)
            lastDated = time
            compare()
        case .none, .inherited: break
        }
    }

    private mutating func compare() {
        guard yearsLater == nil, let lastDated, let lastYearless else { return }
        let counted = Timestamp.parts(lastYearless)
        let year = Timestamp.parts(lastDated).year
        for candidate in year - 1...year + 1 {
            let day = Timestamp.days(year: candidate, month: counted.month, day: counted.day)
            if abs(day - Int(lastDated / Timestamp.day)) <= 2 { yearsLater = candidate - counted.year }
        }
    }

    /// Looks at all lines of a source, or at one behind every `stride` bytes.
    mutating func look(
        through source: any ByteSource, _ parsers: ContiguousArray<any LineParser>, every stride: Int? = nil
    ) {
        var buffer = ContiguousArray<UInt8>(repeating: 0, count: stride == nil ? Limits.batchBytes : 4096)
        var kept = 0
        while true {
            // What can't be read here is said when the file itself is read.
            let count = kept + Self.fill(&buffer, from: kept, source)
            let isEnd = count < buffer.count
            if let stride {
                lookOnce(buffer.span.extracting(0..<count), parsers)
                if isEnd || (try? source.skip(stride - buffer.count)) == nil { break }
                continue
            }
            look(at: buffer.span.extracting(0..<count), parsers)
            // The last line goes on in the next piece; one longer than the piece is passed over.
            let tail = buffer.span.lineStart(before: count)
            kept = tail > 0 || isEnd ? count - tail : 0
            for i in 0..<kept {
                let byte = buffer[tail + i]
                buffer[i] = byte
            }
            if isEnd {
                if kept > 0 { note(buffer.span.extracting(0..<kept), parsers) }
                break
            }
        }
    }

    /// The first whole lines of a probe.
    private mutating func lookOnce(_ bytes: Span<UInt8>, _ parsers: ContiguousArray<any LineParser>) {
        var start = 0
        // Behind the first LF a line is whole; the first probe begins at the file's start, where losing a line is harmless.
        for _ in 0..<8 {
            guard let lf = bytes.firstIndex(of: 0x0A, from: start) else { return }
            guard let end = bytes.firstIndex(of: 0x0A, from: lf + 1) else { return }
            note(bytes.extracting((lf + 1)..<end), parsers)
            start = end
        }
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
}
