import LogCore

/// Logs that end long before the others: a program that died without a word leaves nothing else.
enum StoppedLogs {
    /// A log of fewer events, or of less time, has no rate to speak of.
    private static let fewest = 200.0
    private static let shortest = 600 * Timestamp.second
    /// Events that must be missing, at the rate of before: many logs come in bursts.
    private static let missed = 100.0
    /// Of its own length and of the time of all logs that much must have gone by.
    private static let share = 0.1

    static func find(_ summary: Summary, _ times: TextTimes) -> [Change] {
        let logs = summary.sources.values.compactMap(Log.init)
        guard logs.count > 1, let start = summary.tally.first, let end = summary.tally.last else { return [] }
        let stopped = logs.filter { log in
            let silence = gap(log.last, end)
            return log.events >= fewest && log.length >= shortest && log.rate * Double(silence) >= missed
                && Double(silence) >= share * Double(max(log.length, gap(start, end)))
                && goesOn(log, silence, logs) && silence >= 2 * longestPause(of: log, summary)
        }
        return stopped.sorted { ($0.last, $0.path) < ($1.last, $1.path) }.compactMap { change($0, end, summary, times) }
    }

    /// The longest time that it was silent before, as far as its messages' series tell: the next run of an hourly or a
    /// nightly job isn't due yet.
    private static func longestPause(of log: Log, _ summary: Summary) -> Int64 {
        var known: [(start: Int64, end: Int64)] = []
        for template in summary.templates.values where template.sample.source == log.path {
            let series = template.series
            known += series.buckets.map { bucket -> (start: Int64, end: Int64) in
                let start = bucket.multipliedReportingOverflow(by: series.width)
                return start.overflow ? (log.last, log.last) : (start.partialValue, start.partialValue + series.width)
            }
        }
        known.sort { $0 < $1 }
        var end = known.first?.end ?? log.last
        var longest: Int64 = 0
        for (start, next) in known {
            longest = max(longest, gap(end, start))
            end = max(end, next)
        }
        return longest
    }

    /// Whether of the logs that were there with it most are there still, and none took its place.
    private static func goesOn(_ log: Log, _ silence: Int64, _ logs: [Log]) -> Bool {
        let beside = logs.filter {
            $0.path != log.path && gap(log.first, $0.first) < log.length / 2 && $0.last >= log.first
        }
        let going = beside.count { gap(log.last, $0.last) >= silence / 2 }
        guard going > 0, going * 2 > beside.count else { return false }
        return !logs.contains {
            $0.path != log.path && $0.stem == log.stem && $0.last > log.last && $0.first > log.first
        }
    }

    private static func change(_ log: Log, _ end: Int64, _ summary: Summary, _ times: TextTimes) -> Change? {
        // The last line that is known by its number.
        var found: (line: FirstLine, sample: Sample)?
        for template in summary.templates.values where template.sample.source == log.path {
            guard let line = template.series.last(through: log.last), line.source == log.path else { continue }
            if found.map({ ($0.line.time, $0.line.line) < (line.time, line.line) }) ?? true {
                found = (line, template.sample)
            }
        }
        guard let found else { return nil }
        let silence = gap(log.last, end)
        let text =
            "the log ends at \(times.point(log.last, seconds: true)), nothing in the \(TextLayout.duration(silence)) since, "
            + "in which others go on; \(Rates(usual: log.rate, now: 0, width: 1, noun: "").usualText) before"
        return Change(
            kind: .vanished, subject: .source(log.path), name: log.name,
            statement: Statement(text, [Citation(count: Int64(log.events), found.line)]), start: log.last, end: nil,
            observed: 0, expected: log.rate * Double(silence), chance: 0, sample: found.sample)
    }
}

/// A log of which the times are known.
private struct Log {
    var path: String
    var first: Int64
    var last: Int64
    var events: Double

    init?(_ source: SourceSummary) {
        guard let first = source.first, let last = source.last else { return nil }
        path = source.path
        self.first = first
        self.last = last
        events = Double(source.ledger.events)
    }

    var length: Int64 { gap(first, last) }
    /// Events a nanosecond.
    var rate: Double { events / Double(max(length, 1)) }
    /// What the names of a rotated set have in common: the folder, and the name up to its first dot or digit.
    var stem: Substring {
        let end = path[start...].firstIndex { $0 == "." || $0.isNumber } ?? path.endIndex
        return path[..<end]
    }
    var name: String { String(path[start...]) }
    private var start: String.Index { path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex }
}
