import LogCore

/// Logs that end long before the others: a program that died without a word leaves nothing else, and a machine takes all of
/// its logs along.
struct StoppedLogs {
    /// A log of fewer events, or of less time, has no rate to speak of.
    private static let fewest = 200.0
    private static let shortest = 600 * Timestamp.second
    /// Events that must be missing, at the rate of before: many logs come in bursts.
    private static let missed = 100.0
    /// Of its own length and of the time of all logs that much must have gone by.
    private static let share = 0.1
    /// Logs whose ends lie no further apart than this, or so many of their pauses, stop together.
    private static let moment = 60 * Timestamp.second
    private static let pauses = 4.0
    /// What begins to fail so soon misses them.
    private static let reach = 600 * Timestamp.second
    private static let told = 3

    private let summary: Summary
    private let times: TextTimes
    private let logs: [Log]
    /// Whose end may be that of another zone's clock.
    private let zoned: Set<String>

    static func find(_ summary: Summary, _ times: TextTimes) -> [Change] { StoppedLogs(summary, times).changes }

    private init(_ summary: Summary, _ times: TextTimes) {
        self.summary = summary
        self.times = times
        logs = summary.sources.values.compactMap(Log.init).sorted { ($0.last, $0.path) < ($1.last, $1.path) }
        zoned = Set(ZoneGuess.all(summary.sources.values).map(\.behind))
    }

    private var changes: [Change] {
        guard logs.count > 1, let start = summary.tally.first, let end = summary.tally.last else { return [] }
        let ended = logs.filter { log in
            let silence = gap(log.last, end)
            return log.events >= Self.fewest && log.length >= Self.shortest && !zoned.contains(log.path)
                && log.rate * Double(silence) >= Self.missed
                && Double(silence) >= Self.share * Double(max(log.length, gap(start, end)))
                && silence >= 2 * longestPause(of: log)
        }
        return together(ended).compactMap { group in
            let stopped = group.filter { goesOn($0, end, beside: group) }
            return stopped.isEmpty ? nil : change(stopped, end)
        }
    }

    /// - Parameter logs: in the order of their ends.
    private func together(_ logs: [Log]) -> [[Log]] {
        logs.reduce(into: []) { groups, log in
            if let last = groups.last?.last,
                Double(gap(last.last, log.last)) <= max(Double(Self.moment), Self.pauses / min(last.rate, log.rate))
            {
                groups[groups.count - 1].append(log)
            } else {
                groups.append([log])
            }
        }
    }

    /// The longest time that it was silent before, as far as its messages' series tell: the next run of an hourly or a
    /// nightly job isn't due yet.
    private func longestPause(of log: Log) -> Int64 {
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

    /// Whether of the logs that were there with it most are there still, and none took its place. Where others begin to fail at
    /// that moment, all that stopped together count as one: a machine may have had most of the logs.
    private func goesOn(_ log: Log, _ end: Int64, beside group: [Log]) -> Bool {
        let silence = gap(log.last, end)
        let own = Set(isMissed(group) ? group.map(\.path) : [log.path])
        let beside = logs.filter {
            !own.contains($0.path) && gap(log.first, $0.first) < log.length / 2 && $0.last >= log.first
        }
        let going = beside.count { gap(log.last, $0.last) >= silence / 2 }
        guard going > 0, going * 2 > beside.count else { return false }
        return !logs.contains {
            $0.path != log.path && $0.stem == log.stem && $0.last > log.last
                && gap(log.first, $0.first) >= log.length / 2
        }
    }

    /// Whether failures of another log begin right behind the end of these.
    private func isMissed(_ group: [Log]) -> Bool {
        guard let stop = group.last?.last else { return false }
        let paths = Set(group.map(\.path))
        func isNew(_ tally: Tally, _ sample: Sample?) -> Bool {
            guard let first = tally.first, let sample else { return false }
            return (-Self.moment...Self.reach).contains(gap(stop, first)) && !paths.contains(sample.source)
        }
        return summary.templates.values.contains { isNew($0.unexplained, $0.unexplainedSample) }
            || summary.findings.values.contains { $0.rule.severity >= .error && isNew($0.tally, $0.sample) }
    }

    private func change(_ stopped: [Log], _ end: Int64) -> Change? {
        guard let last = stopped.last?.last, let first = stopped.first else { return nil }
        let silence = gap(last, end)
        let rate = stopped.reduce(0) { $0 + $1.rate }
        let who = stopped.count == 1 ? "the log ends" : "\(stopped.count) logs end"
        let text =
            "\(who) at \(times.point(last, seconds: true)), nothing in the \(TextLayout.duration(silence)) since, "
            + "in which others go on; \(Rates(usual: rate, now: 0, width: 1, noun: "").usualText) before"
        let lines = stopped.map { (log: $0, line: lastLine(of: $0)) }
        let citations = lines.prefix(Self.told).map { Citation(count: Int64($0.log.events), $0.line) }
        let line = lines[0].line
        return Change(
            kind: .vanished, subject: .source(first.path), name: name(stopped),
            statement: Statement(text, Array(citations)), start: last, end: nil, observed: 0,
            expected: rate * Double(silence), chance: 0,
            sample: Sample(source: line.source, offset: 0, line: line.line, time: line.time, text: first.name))
    }

    /// The last line that is known by its number; that of the file, where all of it counts.
    private func lastLine(of log: Log) -> FirstLine {
        if summary.filtered == 0, let lines = summary.sources[log.path]?.ledger.lines, lines > 0 {
            return FirstLine(source: log.path, line: lines, time: log.last)
        }
        let known = summary.templates.values.compactMap { $0.series.last(through: log.last) }
        let own = known.filter { $0.source == log.path }
        return own.max { ($0.time, $0.line) < ($1.time, $1.line) }
            ?? FirstLine(source: log.path, line: 1, time: log.last)
    }

    /// `node2 (app.log, nginx.log, syslog)` where a folder or a field tells the machine; the folder, where others have logs of that name.
    private func name(_ stopped: [Log]) -> String {
        let folders = FolderHosts(summary)
        let machines = Set(stopped.map { folders.machine(of: $0.path) })
        let isOne = machines.count == 1 && machines.first != .some(nil)
        let names = stopped.map { log in
            let isShared = logs.contains { $0.path != log.path && $0.name == log.name }
            return isShared && !isOne ? log.path.split(separator: "/").suffix(2).joined(separator: "/") : log.name
        }
        let list =
            TextLayout.list(Array(names.prefix(Self.told)), to: .max)
            + (names.count > Self.told ? ", +\(names.count - Self.told)" : "")
        if isOne, let machine = machines.first.flatMap(\.self) { return "\(machine) (\(list))" }
        return list
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
