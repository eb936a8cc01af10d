import LogCore

/// How fast things follow one another in this log: what is close, what is a pause, and what is chance follows from it.
struct Rhythm {
    /// In fewer cells nothing can be told of how often things begin.
    private static let cells: Int64 = 16
    /// Of all cells as many may hold a beginning, and a neighbour is still worth a look.
    private static let busy: Int64 = 20
    /// And in any log so many: a trouble takes two, and something fails elsewhere in most logs.
    private static let fewest: Int64 = 3
    /// So many findings which have nothing to do with one another may begin like this, on average, somewhere in the log. It is
    /// asked of groups of every size and length, so that a log has a false one some ten times as often.
    private static let chance = 0.005

    /// From the first event to the last, nanoseconds; at least a second.
    let span: Int64
    let first: Int64
    /// Failures whose beginnings are no further apart may belong together; 0 where being close tells nothing.
    private(set) var close: Int64
    /// After so long without one, a finding has ended; what comes then is another time. Nor does an id join what first
    /// bore it further apart than this: ids are used again, and a session is not a month.
    let pause: Int64
    /// Of the span the part in which the log says anything, in hundredths of it: what fills three days of a year is not rare in them.
    let active: Double
    private static let columns = 100
    /// Beginnings of findings that aren't steady.
    private var beginnings = 0
    /// The log is a piece cut from a trouble: half of it and more is failures of several kinds, within one cascade. Nothing in
    /// it tells what is usual, so all of it belongs together.
    private(set) var isExtract = false
    /// Kinds of failures in such a piece at least.
    private static let fewestKinds = 4

    init(_ tally: Tally, _ timeline: Timeline) {
        let second = Timestamp.second
        first = tally.first ?? 0
        let (length, isLong) = (tally.last ?? 0).subtractingReportingOverflow(first)
        span = isLong ? .max : max(length, second)
        pause = min(max(span / 24, 60 * second), 1_800 * second)
        // Half a minute in a log of twenty minutes, ten in one of a day.
        close = min(max(span / 48, min(30 * second, span / Self.cells)), 600 * second)
        var occupied: Set<Int> = []
        for bucket in timeline.buckets.keys {
            let part = (Double(bucket) * Double(timeline.width) - Double(first)) / Double(span)
            occupied.insert(Int(min(max(part, 0), 1) * Double(Self.columns - 1)))
        }
        active = Double(span) * (occupied.isEmpty ? 1 : Double(occupied.count) / Double(Self.columns))
    }

    /// - Parameter events: of the log, whether they bear a time or not.
    mutating func tellExtract(_ findings: [Finding], of events: Int64) {
        let failures = findings.filter { $0.isFailure && $0.cases.isEmpty }
        let count = failures.reduce(0) { $0 + $1.tally.count }
        isExtract =
            events > 0 && span <= Linker.cascade && failures.count >= Self.fewestKinds && count >= (events + 1) / 2
    }

    /// The widest distance at which few moments of the log have a beginning near them. Of the time it is what counts how
    /// much of it is covered: a hundred failures within a second are one place.
    mutating func setClose(_ episodes: [Episode]) {
        let starts = episodes.filter { !$0.isSteady }.map(\.start)
        beginnings = starts.count
        if isExtract {
            close = span
            return
        }
        while close > 0 {
            let occupied = Int64(Set(starts.map { floorDivide($0, close) }).count)
            if occupied <= max(Self.fewest, span / close / Self.busy) { return }
            close = close > Timestamp.second ? max(close / 2, Timestamp.second) : 0
        }
    }

    /// Whether so many beginnings within so short a time are more than chance would bring together, given how many more
    /// there are in the log: of all beginnings, the number that would have so many behind them within that time.
    func isClump(of count: Int, within length: Int64) -> Bool {
        guard count > 1 else { return false }
        if isExtract { return true }
        let others = Double(max(beginnings - count, 0)) + 0.5
        let expected = others * Double(max(length, Timestamp.second)) / active
        return Double(beginnings) * SpecialFunctions.poissonUpperTail(count - 1, expected) <= Self.chance
    }
}

/// From one time to another, as far as a number goes: logs may bear times centuries apart.
func gap(_ from: Int64, _ to: Int64) -> Int64 {
    let (gap, overflow) = to.subtractingReportingOverflow(from)
    return overflow ? (to > from ? .max : .min) : gap
}

/// From one time to another as far as both are known. Many logs write whole seconds: what such a log says of 04:00:02 may
/// have happened at any time until 04:00:03, so that between it and another time lie whole seconds, and none within one second.
func lag(_ from: Int64, _ to: Int64) -> Int64 {
    guard isWhole(from) || isWhole(to) else { return gap(from, to) }
    return gap(second(of: from), second(of: to))
}

/// The latest moment that a time may stand for, less than a second later than the earliest: in the order of these an access
/// log's line comes behind what it tells of, which another log has to the millisecond.
func latest(_ time: Int64) -> Int64 { isWhole(time) ? time + (Timestamp.second - 1) : time }

/// Whether a time is known to the second only, as nearly all such times are; one in a thousand is one by chance.
private func isWhole(_ time: Int64) -> Bool { time % Timestamp.second == 0 && Timestamp.plausible.contains(time) }

private func second(of time: Int64) -> Int64 {
    Timestamp.plausible.contains(time) ? floorDivide(time, Timestamp.second) * Timestamp.second : time
}

func saturating(_ number: Int64, times width: Int64) -> Int64 {
    let (product, overflow) = number.multipliedReportingOverflow(by: width)
    return overflow ? (number > 0 ? .max : .min + 1) : product
}

/// One time at which a finding came, of several that may lie hours apart.
struct Episode {
    /// Index of the finding.
    var finding: Int
    var start: Int64
    var end: Int64
    var count: Int64
    /// All the time at an even rate.
    var isSteady = false
    /// The finding has no other.
    var isWhole = true
    /// What its times got to be those of one clock.
    private(set) var clock = Clocks.Shift()
    /// Many machines failed so within it, which chance would hardly do.
    var spread: Spread?
    /// What it follows from, where something joins it to the others.
    var bond: Bond?

    /// Episodes of one finding at most, the largest ones.
    private static let limit = 6
    /// Parts of the log in which a steady finding is looked for, and in how many it must come.
    private static let columns = 12
    private static let busy = 9
    /// In most of the log it comes so many times as often as in the quietest quarter: it came now and then, until it came all
    /// the time.
    private static let rise: Int64 = 10
    /// Parts of the log in which the times are looked for at which a steady finding came more often.
    private static let parts: Int64 = 200

    /// As its log has it.
    var written: ClosedRange<Int64> { clock.written(start)...max(clock.written(end), clock.written(start)) }

    /// Puts times as the log has them on one clock with all others.
    mutating func correct(by clock: Clocks.Shift) {
        self.clock = clock
        start = clock.corrected(start)
        end = clock.corrected(end)
    }

    /// To the beginning of another, as far as both are known.
    func lag(to other: Episode) -> Int64 { clock.lag(start, other.start, by: other.clock) }

    /// When the finding came, in the order of time.
    ///
    /// - Parameters:
    ///   - begun: when it began, of what lasts to the end of the log.
    ///   - burst: the time in which it came far more often, as the log shows it.
    static func all(
        _ finding: Finding, _ index: Int, _ rhythm: Rhythm, since begun: Int64? = nil, burst: ClosedRange<Int64>? = nil
    ) -> [Episode] {
        guard let first = finding.tally.first, let last = finding.tally.last else { return [] }
        let whole = Episode(finding: index, start: first, end: last, count: finding.tally.count)
        let series = finding.series
        guard series.buckets.count > 1 else { return [whole] }
        if let rate = steadyRate(series, rhythm) { return steady(whole, series, rate, rhythm, since: begun, burst) }
        let runs = runs(series, pause: pause(series, rhythm))
        guard runs.count > 1 else { return [whole] }
        return largest(runs.map { episode($0, series, whole) })
    }

    /// Events a nanosecond, if the finding comes in most parts of the log.
    private static func steadyRate(_ series: CountSeries, _ rhythm: Rhythm) -> Double? {
        guard series.total >= Int64(columns), rhythm.span >= 300 * Timestamp.second else { return nil }
        var counts = Array(repeating: Int64(0), count: columns)
        for (bucket, count) in zip(series.buckets, series.counts) {
            let middle = Double(bucket) * Double(series.width) + Double(series.width) / 2
            let part = (middle - Double(rhythm.first)) / Double(rhythm.span)
            counts[min(max(Int(part * Double(columns)), 0), columns - 1)] += count
        }
        guard counts.count(where: { $0 > 0 }) >= busy else { return nil }
        counts.sort()
        let (median, quiet) = (counts[columns / 2], counts[columns / 4])
        let usual = median > rise * max(quiet, 1) ? quiet : median
        return Double(usual) * Double(columns) / Double(rhythm.span)
    }

    /// A steady finding as a whole, or from when it began, and each time at which it came far more often.
    private static func steady(
        _ whole: Episode, _ series: CountSeries, _ rate: Double, _ rhythm: Rhythm, since begun: Int64?,
        _ known: ClosedRange<Int64>?
    ) -> [Episode] {
        var background = whole
        background.isSteady = begun == nil
        if let begun, begun > whole.start {
            background.start = begun
            background.count = series.count(from: begun - series.width + 1, to: .max)
            background.isWhole = false
        }
        // What is rare has buckets of a second, in which there is never more than one.
        let wide = series.widened(to: rhythm.span / parts)
        let usual = rate * Double(wide.width)
        // Six deviations of a Poisson rate and some more: not once in a million buckets by chance.
        let limit = max(4 * usual, usual + 6 * (usual + 1).squareRoot() + 6)
        let slow = begun == nil ? known : nil
        let high = wide.buckets.indices.filter {
            Double(wide.counts[$0]) > limit && slow?.overlaps(wide.extent(of: $0)) != true
        }
        // No short part of the log need show it.
        let inside = series.buckets.indices.filter { slow?.contains(series.extent(of: $0).lowerBound) == true }
        guard !high.isEmpty || !inside.isEmpty else { return [background] }
        var runs: [[Int]] = []
        for index in high {
            if let last = runs.last?.last, wide.buckets[index] - wide.buckets[last] <= rhythm.pause / wide.width {
                runs[runs.count - 1].append(index)
            } else {
                runs.append([index])
            }
        }
        background.isWhole = false
        // All from the first to the last: between two of its peaks it went on.
        let bursts = largest(
            runs.compactMap { burst($0, of: wide, series, whole, rate) }
                + (inside.isEmpty ? [] : [episode(inside, series, whole)])
        ).sorted { $0.start < $1.start }
        background.count = max(background.count - bursts.reduce(0) { $0 + $1.count }, 0)
        return (background.count > 0 ? [background] : []) + bursts
    }

    /// What came far more often than usual in some wide buckets.
    ///
    /// It seldom begins with one of them, and what stands first in there came now and then. Of the events around, that is
    /// the first one from which on the rate of the burst explains best how many there are, rather than the usual one.
    private static func burst(
        _ run: [Int], of wide: CountSeries, _ series: CountSeries, _ whole: Episode, _ rate: Double
    ) -> Episode? {
        let counts = run.map { wide.counts[$0] }.sorted()
        let high = max(Double(counts[counts.count / 2]) / Double(wide.width), 4 * rate)
        let start = saturating(wide.buckets[run[0]], times: wide.width)
        let end = saturating(wide.buckets[run[run.count - 1]] + 1, times: wide.width)
        let near = start.subtractingReportingOverflow(wide.width).partialValue
        let inside = series.buckets.indices.filter { series.extent(of: $0).lowerBound >= near }
            .prefix { series.extent(of: $0).lowerBound < end }
        guard let last = inside.last else { return nil }
        // Two Poisson rates with one change: the logarithm of the likelihood, without what all have in common.
        let stop = min(end, start.addingReportingOverflow(wide.width).partialValue)
        var (best, first, behind) = (-Double.infinity, inside[0], 0.0)
        for index in inside.reversed() where series.extent(of: index).lowerBound < stop {
            behind += Double(series.counts[index])
            let length = Double(gap(series.extent(of: index).lowerBound, stop))
            let likelihood = behind * SpecialFunctions.log(high / rate) - length * (high - rate)
            if likelihood >= best { (best, first) = (likelihood, index) }
        }
        var burst = episode(Array(first...last), series, whole)
        // As much of a bucket lies in the burst as its count tells, give or take two deviations.
        let width = Double(series.width)
        let count = max(Double(series.counts[first]) - rate * width, 0)
        let part = count / ((high - rate) * width)
        let begin = saturating(series.buckets[first] + 1, times: series.width) - Int64(min(part, 1) * width)
        let slack = Int64((2 * count.squareRoot() + 1) / ((high - rate) * width) * width)
        if burst.start < begin - slack { burst.start = min(begin, burst.end) }
        return burst
    }

    /// What is a pause for a finding that comes every ten minutes is none for one that comes every second.
    private static func pause(_ series: CountSeries, _ rhythm: Rhythm) -> Int64 {
        guard series.buckets.count >= 6 else { return rhythm.pause }
        let gaps = zip(series.buckets.dropFirst(), series.buckets).map { $0 - $1 }.sorted()
        return max(rhythm.pause, saturating(8 * gaps[gaps.count / 2], times: series.width))
    }

    private static func runs(_ series: CountSeries, pause: Int64) -> [[Int]] {
        var runs: [[Int]] = [[0]]
        for index in series.buckets.indices.dropFirst() {
            let gap = series.buckets[index] - series.buckets[index - 1]
            if gap > pause / series.width + 1 { runs.append([]) }
            runs[runs.count - 1].append(index)
        }
        return runs
    }

    private static func episode(_ run: [Int], _ series: CountSeries, _ whole: Episode) -> Episode {
        var episode = whole
        episode.start = max(series.extent(of: run[0]).lowerBound, whole.start)
        episode.end = max(min(series.extent(of: run[run.count - 1]).upperBound, whole.end), episode.start)
        episode.count = run.reduce(0) { $0 + series.counts[$1] }
        episode.isWhole = false
        return episode
    }

    private static func largest(_ episodes: [Episode]) -> [Episode] {
        guard episodes.count > limit else { return episodes }
        return episodes.sorted { ($1.count, $0.start) < ($0.count, $1.start) }.prefix(limit)
            .sorted { $0.start < $1.start }
    }
}
