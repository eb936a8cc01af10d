import LogCore

/// Adds to a timeline record by record. Logs are mostly in order, so the second at hand is counted in place
/// and goes to the timeline's table only when another one begins.
struct TimelineCursor {
    private var timeline = Timeline()
    private var start = Int64.max
    private var end = Int64.min
    private var counts = RankCounts()
    private var isEmpty = true

    @inline(__always)
    mutating func add(_ time: Int64, rank: Int) {
        if time < start || time >= end { move(to: time) }
        counts[rank] &+= 1
        isEmpty = false
    }

    private mutating func move(to time: Int64) {
        flush()
        let width = timeline.width
        var bucket = time / width
        if time < 0, time % width != 0 { bucket -= 1 }
        start = bucket * width
        end = start + width
    }

    private mutating func flush() {
        guard !isEmpty else { return }
        timeline.add(time: start, byRank: counts.span)
        counts = RankCounts()
        isEmpty = true
    }

    mutating func finish() -> Timeline {
        flush()
        return timeline
    }
}
