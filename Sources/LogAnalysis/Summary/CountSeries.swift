import LogCore

/// How often something happened, by time: buckets with at least one event, in order.
///
/// Like a `Timeline`, its width depends on the set of times only, so that the order of adding and merging makes no
/// difference. What is rare keeps every second of its own; what is frequent is kept in wider buckets.
package struct CountSeries: Equatable, Sendable {
    /// Buckets kept at most: 4 KiB for each of some thousand templates, and enough for a change to stand out.
    package static let limit = 256

    private var step = 0
    /// Bucket numbers (time over width, rounded down), ascending, and the events of each.
    package private(set) var buckets: ContiguousArray<Int64> = []
    package private(set) var counts: ContiguousArray<Int64> = []
    package init() {}

    /// Width of a bucket in nanoseconds.
    package var width: Int64 { Timeline.ladder[step] * Timestamp.second }
    package var isEmpty: Bool { buckets.isEmpty }
    package var total: Int64 { counts.reduce(0, +) }

    /// `time` must be one that a log may bear: `Timestamp.plausible`.
    package mutating func add(_ time: Int64, _ count: Int64 = 1) {
        add(count, bucket: floorDivide(time, width))
        while buckets.count > Self.limit, coarsen() {}
    }

    /// Where a bucket stands or would stand, and whether it is there.
    private func place(of bucket: Int64) -> (Int, Bool) {
        if let last = buckets.last, last < bucket { return (buckets.count, false) }
        var low = 0
        var high = buckets.count
        while low < high {
            let middle = (low + high) / 2
            if buckets[middle] < bucket { low = middle + 1 } else { high = middle }
        }
        return (low, low < buckets.count && buckets[low] == bucket)
    }

    private mutating func add(_ count: Int64, bucket: Int64) {
        let (place, isThere) = place(of: bucket)
        if isThere {
            counts[place] += count
        } else {
            buckets.insert(bucket, at: place, growingTo: Self.limit)
            counts.insert(count, at: place, growingTo: Self.limit)
        }
    }

    package mutating func merge(_ other: CountSeries) {
        var other = other
        while step < other.step, coarsen() {}
        while other.step < step, other.coarsen() {}
        for (bucket, count) in zip(other.buckets, other.counts) { add(count, bucket: bucket) }
        while buckets.count > Self.limit, coarsen() {}
    }

    /// One step wider; false at the widest.
    @discardableResult
    private mutating func coarsen() -> Bool {
        guard step + 1 < Timeline.ladder.count else { return false }
        let factor = Timeline.ladder[step + 1] / Timeline.ladder[step]
        step += 1
        var kept = 0
        for index in buckets.indices {
            let bucket = floorDivide(buckets[index], factor)
            if kept > 0, buckets[kept - 1] == bucket {
                counts[kept - 1] += counts[index]
            } else {
                buckets[kept] = bucket
                counts[kept] = counts[index]
                kept += 1
            }
        }
        buckets.removeLast(buckets.count - kept)
        counts.removeLast(counts.count - kept)
        return true
    }

    /// The same events in buckets of a width that isn't smaller; `width` must be one of the ladder's.
    package func widened(to width: Int64) -> CountSeries {
        var series = self
        while series.width < width, series.coarsen() {}
        return series
    }

    /// The same events in at most so many buckets, as far as the ladder goes.
    func widened(toAtMost count: Int) -> CountSeries {
        var series = self
        while series.buckets.count > count, series.coarsen() {}
        return series
    }

    /// Events from `start` up to and without `end` (nanoseconds), counted by where their buckets begin.
    package func count(from start: Int64, to end: Int64) -> Int64 {
        zip(buckets, counts).reduce(0) { sum, bucket in
            let begin = bucket.0 * width
            return begin >= start && begin < end ? sum + bucket.1 : sum
        }
    }

    /// Whether it can be worked with: a series that comes out of a file may hold anything.
    var isSound: Bool {
        guard buckets.count == counts.count, buckets.count <= Self.limit else { return false }
        let range = (Timestamp.plausible.lowerBound / width - 1)...(Timestamp.plausible.upperBound / width + 1)
        return buckets.allSatisfy(range.contains) && counts.allSatisfy { (1...(1 << 43)).contains($0) }
            && zip(buckets, buckets.dropFirst()).allSatisfy { $0 < $1 }
    }
}

extension CountSeries: Codable {
    private enum CodingKeys: String, CodingKey { case step, buckets, counts }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        step = try values.decode(Int.self, forKey: .step)
        guard Timeline.ladder.indices.contains(step) else {
            throw DecodingError.dataCorruptedError(forKey: .step, in: values, debugDescription: "no such width")
        }
        buckets = try values.decode(ContiguousArray<Int64>.self, forKey: .buckets)
        counts = try values.decode(ContiguousArray<Int64>.self, forKey: .counts)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(step, forKey: .step)
        try values.encode(buckets, forKey: .buckets)
        try values.encode(counts, forKey: .counts)
    }
}

/// Rounds down, for times before 1970 too.
func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : (a - b + 1) / b }
