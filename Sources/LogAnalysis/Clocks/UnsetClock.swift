import LogCore

/// Times in front of all others that a clock bore which was not set yet: a device counts from 1970, or from the first hour of
/// some year, until it has learnt the time. Left in, a report of one hour would be about half a century.
struct UnsetClock {
    /// Before 1990-01-01 nothing wrote logs that anybody still asks about.
    private static let oldest = 7_305 * Timestamp.day
    /// A silence between both clocks, and of all the time the part that it makes: a job that runs once a year has more times.
    private static let silence = 30 * Timestamp.day
    private static let share = 0.8
    /// A device learns the time soon after it was switched on.
    private static let soon = 3_600 * Timestamp.second

    /// When such a clock was first read, and the first time of one that was set.
    let first: Int64
    let end: Int64
    /// What bears its times.
    let events: Int64
    /// Inputs with such times, by path.
    let inputs: [String]

    /// Nil where all clocks were set, or none was.
    init?(_ summary: Summary) {
        guard let first = summary.tally.first, let end = Self.end(of: summary) else { return nil }
        self.first = first
        self.end = end
        events = summary.timeline.total - summary.timeline.from(end).total
        inputs = summary.sources.values.filter { $0.first.map { $0 < end } ?? false }.map(\.path).sorted()
    }

    private static func end(of summary: Summary) -> Int64? {
        let timeline = summary.timeline
        guard let first = summary.tally.first, let last = summary.tally.last, timeline.width <= Timestamp.day else {
            return nil
        }
        let starts = timeline.buckets.keys.map { saturating($0, times: timeline.width) }.sorted()
        let old = starts.prefix { $0 < oldest }.count
        let rest = starts[old...]
        guard let begin = old == 0 ? first : rest.first else { return nil }
        let edge = rest.indices.dropFirst().first { gap(rest[$0 - 1], rest[$0]) >= silence }
        if let edge, isNewYear(begin), gap(begin, rest[edge - 1]) <= soon,
            Double(gap(rest[edge - 1], rest[edge])) >= share * Double(gap(begin, last))
        {
            return rest[edge]
        }
        return old == 0 ? nil : begin
    }

    private static func isNewYear(_ time: Int64) -> Bool {
        let day = floorDivide(time, Timestamp.day)
        let date = Timestamp.civil(days: Int(day))
        return date.month == 1 && date.day == 1 && time - day * Timestamp.day <= soon
    }

    /// The summary as if these times had not been: how often something came stays as it is.
    func without(_ summary: Summary) -> Summary {
        var summary = summary
        summary.timeline = summary.timeline.from(end)
        summary.tally.first = end
        for (path, source) in summary.sources {
            guard let first = source.first, let last = source.last, first < end else { continue }
            summary.sources[path]?.first = last < end ? nil : end
            if last < end { summary.sources[path]?.last = nil }
        }
        return summary
    }
}
