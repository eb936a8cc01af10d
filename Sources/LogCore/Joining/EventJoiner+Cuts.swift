/// Where bytes may be cut in two.
extension EventJoiner {
    /// The start of the last line at which the bytes may end, with an event that has its own time behind it; nil if there
    /// is none but the first byte.
    package mutating func lastCut(_ bytes: Span<UInt8>, _ event: inout EventBuilder) -> Int? {
        if stack.joinsAcrossLines { return wholeEnd(bytes, needsTime: true, &event) }
        var end = bytes.count
        while end > 0 {
            guard let lf = Self.lastNewline(bytes, before: end) else { return nil }
            // The line behind this LF, if it is complete enough to be told.
            let start = lf &+ 1
            if start < bytes.count, bytes.firstIndex(of: 0x0A, from: start) != nil {
                let stop = bytes.lineEnd(from: start)
                if stop > start, isCut(bytes.extracting(start..<stop), &event) { return start }
            }
            end = lf
        }
        return nil
    }

    /// The last place behind which no line can belong to an event before it, though lines of several are between one
    /// another's; nil if there is none but the first byte.
    ///
    /// What goes on with a line is no further from it than `Limits.reachLines`. So the last lines are read as they will be
    /// read, with as many before them as it takes to know who is at what.
    mutating func wholeEnd(_ bytes: Span<UInt8>, needsTime: Bool, _ event: inout EventBuilder) -> Int? {
        guard let lf = Self.lastNewline(bytes, before: bytes.count) else { return nil }
        let end = lf &+ 1
        var lines = 5 * Limits.reachLines / 2
        while true {
            var start = end
            for _ in 0...lines {
                guard start > 0 else { break }
                start = Self.lastNewline(bytes, before: start &- 1).map { $0 &+ 1 } ?? 0
            }
            let settled = needsTime ? 0 : settled - start
            if let place = wholePlace(bytes.extracting(start..<end), isFirst: start == 0, needsTime, settled, &event) {
                return start &+ place
            }
            if start == 0 { return nil }
            lines *= 4
        }
    }

    private mutating func wholePlace(
        _ window: Span<UInt8>, isFirst: Bool, _ needsTime: Bool, _ settled: Int, _ event: inout EventBuilder
    ) -> Int? {
        let saved = (event.clock, event.rawCount, inheritedTime)
        let columns = event.columns
        event.reset(rawCount: window.count)
        var records: ContiguousArray<Record> = []
        var ledger = Ledger()
        writers.beginsAmid = !isFirst
        _ = readLines(window, atEnd: true, &event, &records, &ledger)
        writers.beginsAmid = false
        event.reset(rawCount: saved.1)
        (event.clock, inheritedTime) = (saved.0, saved.2)
        event.columns = columns
        let lines = UInt32(truncatingIfNeeded: ledger.lines)
        // Whatever began so late may go on, and so may the last event wherever it began.
        var place = min(window.count, writers.pendingStart)
        for record in records.reversed() {
            let isLast = record.raw.lower >= records[records.count &- 1].raw.lower
            guard isLast || WriterEvents.reaches(record.line, record.raw.upper, lines, window.count) else { break }
            if record.raw.upper >= settled { place = min(place, record.raw.lower) }
        }
        for thread in writers.threads where WriterEvents.reaches(thread.line, thread.end, lines, window.count) {
            if thread.end >= settled { place = min(place, thread.start) }
        }
        // All that there is has come to its end.
        if place == window.count, !needsTime, isFirst || place > writers.remnantEnd { return place }
        var index = records.count
        while true {
            place = writers.wholePlace(before: place)
            while index > 0, records[index &- 1].raw.lower > place { index &-= 1 }
            guard index > 0, place > 0 else { return nil }
            let record = records[index &- 1]
            if record.raw.lower < place {
                place = record.raw.lower
                continue
            }
            // What came before the window may reach so far into it.
            if !isFirst, record.line < UInt32(Limits.reachLines) || place < writers.remnantEnd { return nil }
            if !needsTime || isCut(window.extracting(place..<window.lineEnd(from: place)), &event) { return place }
            place &-= 1
        }
    }

    static func lastNewline(_ bytes: Span<UInt8>, before end: Int) -> Int? {
        var i = end &- 1
        while i >= 0 {
            if bytes[unchecked: i] == 0x0A { return i }
            i &-= 1
        }
        return nil
    }
}
