import LogCore

/// The log's time cut into equal cells, the same ones for everything that is counted: so what happens together is
/// seen to, and what happens to all is told from what happens to one.
struct TimeGrid {
    /// As many cells as a series may have buckets: a series is never coarser than the grid.
    static let limit = Int64(CountSeries.limit)
    /// In fewer cells nothing stands out.
    static let fewest = 20

    /// Of a cell, nanoseconds.
    let width: Int64
    let count: Int
    /// Of the log, nanoseconds since the epoch.
    let first: Int64
    let end: Int64
    /// Number of the first cell, counted from the epoch.
    private let origin: Int64
    /// The share of each cell that the log covers: 1, but for the first and the last one, and 0 in a hole.
    var exposure: [Double]

    init?(_ tally: Tally) {
        guard let first = tally.first, let last = tally.last, first < last,
            Timestamp.plausible.contains(first), Timestamp.plausible.contains(last),
            let seconds = Timeline.ladder.first(where: { Self.span(first, last, $0 * Timestamp.second) <= Self.limit })
        else { return nil }
        width = seconds * Timestamp.second
        origin = floorDivide(first, width)
        self.first = first
        end = last
        count = Int(Self.span(first, last, width))
        guard count >= Self.fewest else { return nil }
        exposure = Array(repeating: 1, count: count)
        exposure = exposure(from: first, to: last)
    }

    private static func span(_ first: Int64, _ last: Int64, _ width: Int64) -> Int64 {
        floorDivide(last, width) - floorDivide(first, width) + 1
    }

    /// When a cell begins, nanoseconds since the epoch.
    func start(of cell: Int) -> Int64 { (origin + Int64(cell)) * width }

    /// The cell of a time; may lie outside.
    func cell(of time: Int64) -> Int { Int(clamping: floorDivide(time, width) - origin) }

    /// The exposure of what was watched in a part of the time only. Logs write whole seconds, so the last one counts.
    func exposure(from first: Int64, to last: Int64) -> [Double] {
        var part = exposure
        for cell in part.indices {
            let start = max(start(of: cell), floorDivide(first, Timestamp.second) * Timestamp.second)
            let end = min(self.start(of: cell + 1), (floorDivide(last, Timestamp.second) + 1) * Timestamp.second)
            part[cell] = min(part[cell], max(Double(end - start), 0) / Double(width))
        }
        return part
    }

    func counts(_ series: CountSeries) -> [Double] {
        counts(zip(series.buckets, series.counts), width: series.width)
    }

    /// A series from its first event to its last, in the narrowest cells of which these are few enough.
    static func own(_ series: CountSeries) -> CellCounts? {
        guard let first = series.buckets.first, let last = series.buckets.last,
            let seconds = Timeline.ladder.first(where: {
                let width = $0 * Timestamp.second
                return width >= series.width && (last - first) / (width / series.width) < limit
            })
        else { return nil }
        let series = series.widened(to: seconds * Timestamp.second)
        guard let origin = series.buckets.first, let end = series.buckets.last else { return nil }
        var counts = Array(repeating: 0.0, count: Int(end - origin) + 1)
        for (bucket, count) in zip(series.buckets, series.counts) { counts[Int(bucket - origin)] = Double(count) }
        return CellCounts(counts, Array(repeating: 1, count: counts.count))
    }

    func counts(_ timeline: Timeline) -> [Double] {
        counts(timeline.buckets.lazy.map { ($0.key, $0.value.byRank.reduce(0, &+)) }, width: timeline.width)
    }

    /// Errors and worse.
    func failures(_ timeline: Timeline) -> [Double] {
        counts(
            timeline.buckets.lazy.map {
                ($0.key, $0.value.byRank[Severity.error.rank] &+ $0.value.byRank[Severity.critical.rank])
            }, width: timeline.width)
    }

    private func counts(_ buckets: some Sequence<(Int64, Int64)>, width: Int64) -> [Double] {
        var result = Array(repeating: 0.0, count: count)
        let factor = max(self.width / width, 1)
        for (bucket, events) in buckets {
            let cell = floorDivide(bucket, factor) - origin
            // A summary out of a file may hold times beyond its own range.
            if cell >= 0, cell < Int64(count) { result[Int(cell)] += Double(events) }
        }
        return result
    }
}
