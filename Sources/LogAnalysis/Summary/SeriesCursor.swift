import LogCore

/// The bucket of a series that is counted at the moment, kept apart from the series: logs are mostly in order, so that the next
/// event mostly lies in it too, and then only this is touched. 48 bytes, so that a template's cell stays in two lines of the
/// cache.
struct SeriesCursor {
    /// An event to be counted.
    struct Event {
        var time: Int64
        /// The rank of its source by path, and its line in there.
        var source: Int
        var line: Int64
    }

    fileprivate var start = Int64.max
    fileprivate var count: Int64 = 0
    /// When the last event of the bucket was.
    fileprivate var last = Int64.min
    /// When and where the first event of the bucket stands.
    fileprivate var time = Int64.max
    fileprivate var line: Int64 = 0
    fileprivate var source: Int32 = 0
    /// The bucket's width; 0 where there is none.
    fileprivate var seconds: Int32 = 0

    /// Counts an event of the bucket at hand; false for an event of another one, which is for `CountSeries.move`.
    @inline(__always)
    mutating func counts(_ event: Event) -> Bool {
        let offset = UInt64(bitPattern: event.time &- start)
        guard offset < UInt64(truncatingIfNeeded: Int64(seconds) &* Timestamp.second) else { return false }
        count &+= 1
        if event.time > last { last = event.time }
        // In order it is the first one that comes first.
        if event.time <= time { moveFirst(to: event) }
        return true
    }

    @inline(__always)
    private mutating func moveFirst(to event: Event) {
        if event.time == time {
            if event.source > Int(source) { return }
            if event.source == Int(source), event.line >= line { return }
        }
        setFirst(event)
    }

    fileprivate mutating func setFirst(_ event: Event) {
        time = event.time
        source = Int32(truncatingIfNeeded: event.source)
        line = event.line
    }
}

extension CountSeries {
    /// Takes in what the cursor counted, and has it count the bucket of an event, with that event.
    /// - Parameter paths: of all sources, in order: what a source's rank stands for.
    mutating func move(_ cursor: inout SeriesCursor, to event: SeriesCursor.Event, _ paths: [String]) {
        take(cursor, paths)
        cursor.start = floorDivide(event.time, width) * width
        cursor.seconds = Int32(truncatingIfNeeded: width / Timestamp.second)
        cursor.count = 1
        cursor.last = event.time
        cursor.setFirst(event)
    }

    /// With what the cursor counted since it was moved.
    func with(_ cursor: SeriesCursor, _ paths: [String]) -> CountSeries {
        var series = self
        series.take(cursor, paths)
        series.forgetUnusedSources()
        return series
    }

    /// Takes in what the cursor counted.
    mutating func take(_ cursor: SeriesCursor, _ paths: [String]) {
        // The width may have grown since, but each divides the next: the bucket lies within one of the series.
        guard cursor.count > 0 else { return }
        add(cursor.count, cursor.time, source: cursor.source, line: cursor.line, last: cursor.last, paths)
    }
}
