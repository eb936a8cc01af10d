import LogCore

/// How often something happened, by time: buckets with at least one event, in order, where the first event of each stands, so
/// that what is said of a time can cite a line of that time, and when its last one was: a burst ends with an event, not with
/// a bucket.
///
/// Like a `Timeline`, its width depends on the set of times only, so that the order of adding and merging makes no
/// difference. What is rare keeps every second of its own; what is frequent is kept in wider buckets.
package struct CountSeries: Equatable, Sendable {
    /// Buckets kept at most: 14 KiB for each of some hundred frequent templates, and enough for a change to stand out.
    package static let limit = 256

    private var step = 0
    /// Bucket numbers (time over width, rounded down), ascending, and the events of each.
    package private(set) var buckets: ContiguousArray<Int64> = []
    package private(set) var counts: ContiguousArray<Int64> = []
    private var firsts: ContiguousArray<Mark> = []
    /// Time of each one's last event.
    private var lasts: ContiguousArray<Int64> = []
    /// What the marks' sources are called.
    private var sources: [String] = []

    /// A first line without its source's name: numbers alone, as a bucket is moved and widened far more often than read.
    /// With the name in it syslog's analysis spent a twentieth of its time on counting references.
    private struct Mark {
        /// Index into `sources`.
        var source: Int32
        var line: Int64
        var time: Int64
    }

    package init() {}

    /// Width of a bucket in nanoseconds.
    package var width: Int64 { Timeline.ladder[step] * Timestamp.second }
    package var isEmpty: Bool { buckets.isEmpty }
    package var total: Int64 { counts.reduce(0, +) }

    /// `time` must be one that a log may bear: `Timestamp.plausible`.
    package mutating func add(_ time: Int64, _ count: Int64 = 1) {
        add(count, FirstLine(source: "", line: 0, time: time))
    }

    /// One event, as its sample shows it.
    package mutating func add(_ time: Int64, _ sample: Sample) {
        add(1, FirstLine(source: sample.source, line: sample.source.isEmpty ? 0 : sample.line, time: time))
    }

    mutating func add(_ count: Int64, _ event: FirstLine) {
        add(count, Mark(source: number(of: event.source), line: event.line, time: event.time), last: event.time)
    }

    /// Events of one bucket, of which the first stands at `line` of the source of that rank in `paths`, which are the same at
    /// each call.
    mutating func add(_ count: Int64, _ time: Int64, source: Int32, line: Int64, last: Int64, _ paths: [String]) {
        if sources.isEmpty { sources = paths }
        add(count, Mark(source: source, line: line, time: time), last: last)
    }

    private mutating func add(_ count: Int64, _ first: Mark, last: Int64) {
        add(count, first, last, bucket: floorDivide(first.time, width))
        while buckets.count > Self.limit, coarsen() {}
    }

    private mutating func number(of source: String) -> Int32 {
        if let known = sources.firstIndex(of: source) { return Int32(known) }
        sources.append(source)
        return Int32(sources.count - 1)
    }

    private func line(_ mark: Mark) -> FirstLine {
        FirstLine(source: sources[Int(mark.source)], line: mark.line, time: mark.time)
    }

    private func earlier(_ a: Mark, _ b: Mark) -> Mark {
        if a.line > 0, b.line > 0, a.time != b.time { return a.time < b.time ? a : b }
        return FirstLine.earlier(line(a), line(b)) == line(a) ? a : b
    }

    /// Leaves out the names that no mark has.
    mutating func forgetUnusedSources() {
        guard sources.count > 1 else { return }
        var numbers: [Int32: Int32] = [:]
        var used: [String] = []
        for index in firsts.indices {
            let old = firsts[index].source
            let number = numbers[old] ?? Int32(used.count)
            if number == used.count {
                numbers[old] = number
                used.append(sources[Int(old)])
            }
            firsts[index].source = number
        }
        sources = used
    }

    /// Where a bucket stands or would stand, and whether it is there.
    private func place(of bucket: Int64) -> (Int, Bool) {
        if let last = buckets.last, last < bucket { return (buckets.count, false) }
        let place = buckets.place { $0 < bucket }
        return (place, place < buckets.count && buckets[place] == bucket)
    }

    private mutating func add(_ count: Int64, _ first: Mark, _ last: Int64, bucket: Int64) {
        let (place, isThere) = place(of: bucket)
        if isThere {
            counts[place] += count
            firsts[place] = earlier(firsts[place], first)
            lasts[place] = max(lasts[place], last)
        } else {
            buckets.insert(bucket, at: place, growingTo: Self.limit)
            counts.insert(count, at: place, growingTo: Self.limit)
            firsts.insert(first, at: place, growingTo: Self.limit)
            lasts.insert(last, at: place, growingTo: Self.limit)
        }
    }

    package mutating func merge(_ other: CountSeries) {
        join(other, numbers: sources == other.sources ? nil : other.sources.map { number(of: $0) })
        if sources.count > Self.limit { forgetUnusedSources() }
    }

    /// Takes in another one of the same worker, in which sources have the ranks of `paths` too.
    mutating func take(_ other: CountSeries, _ paths: [String]) {
        if sources.isEmpty { sources = paths }
        join(other, numbers: nil)
    }

    private mutating func join(_ other: CountSeries, numbers: [Int32]?) {
        var other = other
        while step < other.step, coarsen() {}
        while other.step < step, other.coarsen() {}
        for index in other.buckets.indices {
            var first = other.firsts[index]
            if let numbers { first.source = numbers[Int(first.source)] }
            add(other.counts[index], first, other.lasts[index], bucket: other.buckets[index])
        }
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
                firsts[kept - 1] = earlier(firsts[kept - 1], firsts[index])
                lasts[kept - 1] = max(lasts[kept - 1], lasts[index])
            } else {
                buckets[kept] = bucket
                counts[kept] = counts[index]
                firsts[kept] = firsts[index]
                lasts[kept] = lasts[index]
                kept += 1
            }
        }
        buckets.removeLast(buckets.count - kept)
        counts.removeLast(counts.count - kept)
        firsts.removeLast(firsts.count - kept)
        lasts.removeLast(lasts.count - kept)
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

    /// Where events of it are known to stand: the first one of each bucket.
    var lines: Set<Line> {
        Set(firsts.lazy.filter { $0.line > 0 }.map { Line(source: sources[Int($0.source)], line: $0.line) })
    }

    /// Sources of the first events of buckets.
    var inputs: Set<String> { Set(Set(firsts.lazy.map(\.source)).map { sources[Int($0)] }) }

    /// Whether an event of a source may lie in a time. Of a bucket with several events only the first one's source is known.
    func mayHold(_ source: String, in time: ClosedRange<Int64>) -> Bool {
        buckets.indices.contains { index in
            guard extent(of: index).overlaps(time) else { return false }
            return counts[index] > 1 || sources[Int(firsts[index].source)] == source
        }
    }

    struct Line: Hashable {
        var source: String
        var line: Int64
    }

    /// The first event known to lie in that time; nil if there is none, or no line is known.
    func first(from start: Int64, through end: Int64) -> FirstLine? {
        let (from, _) = place(of: floorDivide(start, width))
        return firsts[from...].first { $0.time >= start && $0.line > 0 }.flatMap { $0.time <= end ? line($0) : nil }
    }

    /// When the first event of a bucket was, and the last.
    func extent(of index: Int) -> ClosedRange<Int64> { firsts[index].time...max(lasts[index], firsts[index].time) }

    /// When the last event of all was.
    var end: Int64? { lasts.last }

    /// From the first event to the last of the buckets that begin in a time.
    func extent(from start: Int64, to end: Int64) -> ClosedRange<Int64>? {
        let inside = buckets.indices.filter { buckets[$0] * width >= start && buckets[$0] * width < end }
        guard let first = inside.first, let last = inside.last else { return nil }
        return extent(of: first).lowerBound...extent(of: last).upperBound
    }

    /// The last of the buckets' first events up to a time.
    func last(through time: Int64) -> FirstLine? { firsts.last { $0.time <= time && $0.line > 0 }.map(line) }

    /// Puts other names of sources in place of those that have one.
    mutating func rename(_ names: [String: String]) {
        for index in sources.indices { if let name = names[sources[index]] { sources[index] = name } }
    }

    package static func == (a: CountSeries, b: CountSeries) -> Bool {
        a.step == b.step && a.buckets == b.buckets && a.counts == b.counts && a.lasts == b.lasts
            && a.firsts.lazy.map(a.line).elementsEqual(b.firsts.lazy.map(b.line))
    }

    /// Whether it can be worked with: a series that comes out of a file may hold anything.
    var isSound: Bool {
        guard buckets.count == counts.count, buckets.count == firsts.count, buckets.count == lasts.count,
            buckets.count <= Self.limit
        else { return false }
        let range = (Timestamp.plausible.lowerBound / width - 1)...(Timestamp.plausible.upperBound / width + 1)
        return buckets.allSatisfy(range.contains) && counts.allSatisfy { (1...(1 << 43)).contains($0) }
            && firsts.allSatisfy { Timestamp.plausible.contains($0.time) }
            && lasts.allSatisfy(Timestamp.plausible.contains)
            && zip(buckets, buckets.dropFirst()).allSatisfy { $0 < $1 }
    }
}

extension CountSeries: Codable {
    private enum CodingKeys: String, CodingKey { case step, buckets, counts, firsts, lasts }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        step = try values.decode(Int.self, forKey: .step)
        guard Timeline.ladder.indices.contains(step) else {
            throw DecodingError.dataCorruptedError(forKey: .step, in: values, debugDescription: "no such width")
        }
        buckets = try values.decode(ContiguousArray<Int64>.self, forKey: .buckets)
        counts = try values.decode(ContiguousArray<Int64>.self, forKey: .counts)
        guard let lines = try values.decode(FirstLines.self, forKey: .firsts).lines else {
            throw DecodingError.dataCorruptedError(forKey: .firsts, in: values, debugDescription: "no such lines")
        }
        for line in lines {
            firsts.append(Mark(source: number(of: line.source), line: line.line, time: line.time))
        }
        // Of files from before they were kept the first events are known.
        lasts =
            try values.decodeIfPresent(ContiguousArray<Int64>.self, forKey: .lasts)
            ?? ContiguousArray(lines.map(\.time))
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(step, forKey: .step)
        try values.encode(buckets, forKey: .buckets)
        try values.encode(counts, forKey: .counts)
        try values.encode(FirstLines(firsts.lazy.map(line)), forKey: .firsts)
        try values.encode(lasts, forKey: .lasts)
    }
}

/// Rounds down, for times before 1970 too.
func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : ~(~a / b) }
