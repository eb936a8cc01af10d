import LogCore

/// Events by time and severity, in buckets that widen as the log grows, so that memory stays bounded.
///
/// The final width depends on the set of times only: it is the first of the ladder with which all of them
/// fit into `limit` buckets. So the order of adding and merging makes no difference.
package struct Timeline: Equatable, Sendable, Codable {
    /// Buckets kept at most.
    package static let limit = 4_096
    /// Widths in seconds; each divides the next.
    package static let ladder: [Int64] = [
        1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 21_600, 86_400, 604_800, 2_419_200, 31_449_600, 314_496_000,
    ]

    /// Events of one bucket by `Severity.rank`.
    package struct Counts: Equatable, Sendable, Codable {
        package var byRank: [Int64] = Array(repeating: 0, count: Severity.ranks)
        package init() {}
        package var total: Int64 { byRank.reduce(0, +) }
        /// Errors and worse.
        package var failures: Int64 { byRank[Severity.error.rank] + byRank[Severity.critical.rank] }
    }

    private var step = 0
    /// Bucket number (time over width, rounded down) to counts.
    package private(set) var buckets: [Int64: Counts] = [:]

    package init() {}

    /// Width of a bucket in nanoseconds.
    package var width: Int64 { Self.ladder[step] * Timestamp.second }

    /// `time` must be one that a log may bear: `Timestamp.plausible`.
    package mutating func add(time: Int64, byRank counts: Span<Int64>) {
        merge(bucket: floorDivide(time, width), counts)
        while buckets.count > Self.limit, step + 1 < Self.ladder.count { coarsen() }
    }

    package mutating func merge(_ other: Timeline) {
        var other = other
        while step < other.step { coarsen() }
        while other.step < step { other.coarsen() }
        for (bucket, counts) in other.buckets { merge(bucket: bucket, counts.byRank.span) }
        while buckets.count > Self.limit, step + 1 < Self.ladder.count { coarsen() }
    }

    private mutating func merge(bucket: Int64, _ counts: Span<Int64>) {
        guard let place = buckets.index(forKey: bucket) else {
            var new = Counts()
            for rank in 0..<Severity.ranks { new.byRank[rank] = counts[rank] }
            buckets[bucket] = new
            return
        }
        for rank in 0..<Severity.ranks where counts[rank] != 0 { buckets.values[place].byRank[rank] += counts[rank] }
    }

    private mutating func coarsen() {
        let factor = Self.ladder[step + 1] / Self.ladder[step]
        step += 1
        let old = buckets
        buckets = [:]
        for (bucket, counts) in old { merge(bucket: floorDivide(bucket, factor), counts.byRank.span) }
    }

    /// The same events in at most so many buckets, as far as the ladder goes.
    func widened(toAtMost count: Int) -> Timeline {
        var timeline = self
        while timeline.buckets.count > count, timeline.step + 1 < Self.ladder.count { timeline.coarsen() }
        return timeline
    }

    /// The buckets that begin at `start` and later.
    func from(_ start: Int64) -> Timeline {
        var timeline = self
        timeline.buckets = buckets.filter { saturating($0.key, times: width) >= start }
        return timeline
    }

    var total: Int64 { buckets.values.reduce(0) { $0 + $1.total } }

    /// The events resampled to `columns` equal stretches from `start` to `end` (nanoseconds).
    package func columns(_ columns: Int, from start: Int64, to end: Int64) -> [Counts] {
        var result = Array(repeating: Counts(), count: max(columns, 1))
        let span = max(end - start, 1)
        for (bucket, counts) in buckets {
            let middle = bucket * width + width / 2
            let position = Double(min(max(middle, start), end) - start) / Double(span)
            let column = min(Int(position * Double(columns)), columns - 1)
            for rank in 0..<Severity.ranks { result[column].byRank[rank] += counts.byRank[rank] }
        }
        return result
    }

    /// Whether it can be worked with: a timeline that comes out of a file may hold anything.
    var isSound: Bool {
        guard Self.ladder.indices.contains(step), buckets.count <= Self.limit else { return false }
        let range = (Timestamp.plausible.lowerBound / width - 1)...(Timestamp.plausible.upperBound / width + 1)
        return buckets.allSatisfy { range.contains($0.key) && Summary.isSound($0.value.byRank) }
    }
}
