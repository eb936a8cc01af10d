/// The bucket of a series that is counted at the moment, kept apart from the series: logs are mostly in order, so that the next
/// event mostly lies in it too, and then only this is touched.
struct SeriesCursor {
    fileprivate var start = Int64.max
    fileprivate var end = Int64.min
    fileprivate var count: Int64 = 0

    /// Counts an event of the bucket at hand; false for an event of another one, which is for `CountSeries.move`.
    @inline(__always)
    mutating func counts(_ time: Int64) -> Bool {
        guard time >= start, time < end else { return false }
        count &+= 1
        return true
    }
}

extension CountSeries {
    /// Takes in what the cursor counted, and has it count the bucket of `time`, with that event.
    mutating func move(_ cursor: inout SeriesCursor, to time: Int64) {
        take(cursor)
        cursor.start = floorDivide(time, width) * width
        cursor.end = cursor.start + width
        cursor.count = 1
    }

    /// With what the cursor counted since it was moved.
    func with(_ cursor: SeriesCursor) -> CountSeries {
        var series = self
        series.take(cursor)
        return series
    }

    private mutating func take(_ cursor: SeriesCursor) {
        // The width may have grown since, but each divides the next: the bucket lies within one of the series.
        if cursor.count > 0 { add(cursor.start, cursor.count) }
    }
}
