import LogCore

/// What was taken for granted about times, or is odd about them.
package struct TimeNote: Sendable {
    package enum Kind: String, Sendable {
        case year, date, order, zone, backward, future, early, skew
    }

    package var kind: Kind
    package var text: String
    /// Inputs that it is about, by path.
    package var inputs: [String]
    /// Nothing in the logs says so; the user may know better.
    package var isGuess: Bool
    /// What to do about it.
    package var hint: String
    /// Of `skew`.
    package var skew: ClockSkew?

    /// Always worth a line; that times without a zone are UTC goes without saying.
    var isNotable: Bool { kind != .zone }

    static func all(_ inputs: [SourceSummary], _ skews: [ClockSkew] = [], _ unset: UnsetClock? = nil) -> [TimeNote] {
        years(inputs) + dates(inputs) + orders(inputs) + zones(inputs) + backward(inputs) + ends(inputs)
            + [unset.map(note)].compactMap(\.self) + notes(skews)
            + notes(ZoneGuess.all(inputs), without: Set(skews.flatMap { $0.withBehind + $0.withAhead }))
    }

    /// What ids tell of two logs is known; this is a guess.
    private static func notes(_ guesses: [ZoneGuess], without known: Set<String>) -> [TimeNote] {
        guesses.filter { !known.contains($0.behind) || !known.contains($0.ahead) }.map { guess in
            let (behind, ahead) = (
                name(guess.behind, guess.ahead, others: 0), name(guess.ahead, guess.behind, others: 0)
            )
            return TimeNote(
                kind: .skew,
                text: "\(behind) begins and ends \(TextLayout.duration(guess.amount)) before \(ahead): another zone?",
                inputs: [guess.behind, guess.ahead], isGuess: true, hint: Self.localTime)
        }
    }

    private static let localTime = "One of the two writes local time: --tz 'GLOB=ZONE' sets the zone of some files."

    private static func note(_ unset: UnsetClock) -> TimeNote {
        let events = TextLayout.count(unset.events, "event")
        return TimeNote(
            kind: .early, text: "clock not set yet: \(events) from \(TextTimes.full(unset.first)) on",
            inputs: unset.inputs, isGuess: false,
            hint: "The report's time begins when the clock was set, at \(TextTimes.full(unset.end)).")
    }

    private static func notes(_ skews: [ClockSkew]) -> [TimeNote] {
        skews.map { skew in
            let behind = name(skew.behind, skew.ahead, others: skew.withBehind.count - 1)
            let ahead = name(skew.ahead, skew.behind, others: skew.withAhead.count - 1)
            let by = TextLayout.duration(skew.median)
            return TimeNote(
                kind: .skew,
                text: "\(behind) \(by) behind \(ahead), by \(TextLayout.count(Int64(skew.ids), "shared id"))",
                inputs: skew.withBehind + skew.withAhead, isGuess: false, hint: hint(skew), skew: skew)
        }
    }

    /// A path's last part, where that tells it from the other's.
    private static func name(_ path: String, _ other: String, others: Int) -> String {
        let short = { (path: String) in path.split(separator: "/").last.map(String.init) ?? path }
        let name = short(path) == short(other) ? path : short(path)
        return others > 0 ? "\(name) and \(TextLayout.count(Int64(others), "other"))" : name
    }

    private static func hint(_ skew: ClockSkew) -> String {
        let quarter = 900 * Timestamp.second
        let rest = skew.median % quarter
        if skew.median >= quarter, min(rest, quarter - rest) < 30 * Timestamp.second {
            return localTime
        }
        return "Their clocks differ, or it takes so long from one to the other. Incidents are told by one clock; "
            + "else times are as they are written."
    }

    private static func years(_ inputs: [SourceSummary]) -> [TimeNote] {
        groups(inputs, by: \.times?.yearFrom).map { origin, inputs in
            let years = inputs.compactMap(\.times?.year)
            let (first, last) = (years.min() ?? 0, years.max() ?? 0)
            let text = first == last ? "year \(first)" : "years \(first) to \(last)"
            return TimeNote(
                kind: .year, text: "\(text) \(tell(origin, inputs.count))", inputs: inputs.map(\.path),
                isGuess: origin == .modified,
                hint: "Lines write no year. --year YEAR sets that of the first line, --year 'GLOB=YEAR' for some files."
            )
        }
    }

    private static func dates(_ inputs: [SourceSummary]) -> [TimeNote] {
        groups(inputs, by: \.times?.dateFrom).map { origin, inputs in
            let days = inputs.compactMap(\.times?.firstDay).map { TextTimes.date(Int64($0) * Timestamp.day) }.sorted()
            let text =
                days.first == days.last ? "date \(days.first ?? "")" : "dates \(days.first ?? "") to \(days.last ?? "")"
            return TimeNote(
                kind: .date, text: "\(text) \(tell(origin, inputs.count))", inputs: inputs.map(\.path),
                isGuess: origin == .modified,
                hint:
                    "Lines write the time of day only. A date in the file's name, such as app-2026-11-20.log, tells it."
            )
        }
    }

    private static func tell(_ origin: TimeFacts.Origin, _ count: Int) -> String {
        let files = count > 1 ? " (\(count) files)" : ""
        return switch origin {
        case .given: "as given" + files
        case .name: "by file name" + files
        case .modified: "by file date" + files
        case .lines: "by other lines" + files
        }
    }

    private static func orders(_ inputs: [SourceSummary]) -> [TimeNote] {
        let known = inputs.filter { $0.times?.order != nil && $0.times?.orderReason != nil }
        return groups(known, by: { $0.times?.orderReason }).flatMap { reason, inputs in
            groups(inputs, by: \.times?.order).map { order, inputs in
                let way =
                    switch order {
                    case .monthFirst: "month before day"
                    case .dayFirst: "day before month"
                    case .yearFirst: "year before month"
                    }
                let why =
                    switch reason {
                    case .given: "as given"
                    case .numbers: "the only way that all dates exist"
                    case .sequence: "so the lines are in the order of time"
                    case .modified: "so the log ends when the file was written"
                    case .custom: "a guess"
                    }
                return TimeNote(
                    kind: .order, text: "\(way) in dates of numbers: \(why)", inputs: inputs.map(\.path),
                    isGuess: reason == .custom,
                    hint: "--date-order dmy or mdy sets it, --date-order 'GLOB=dmy' for some files.")
            }
        }
    }

    private static func zones(_ inputs: [SourceSummary]) -> [TimeNote] {
        let zoneless = inputs.filter { $0.ledger.times.zoneless > 0 }
        return groups(zoneless, by: { $0.times?.zone ?? "UTC" }).map { zone, inputs in
            let events = inputs.reduce(0) { $0 + $1.ledger.times.zoneless }
            return TimeNote(
                kind: .zone, text: "\(zone) for \(TextLayout.count(events, "event")) without a zone",
                inputs: inputs.map(\.path), isGuess: inputs.allSatisfy { $0.times?.zone == nil },
                hint: "--tz ZONE sets the zone of times that write none, --tz 'GLOB=ZONE' for some files.")
        }
    }

    private static func backward(_ inputs: [SourceSummary]) -> [TimeNote] {
        let jumps = inputs.filter { $0.ledger.times.jumps > 0 }
        let steps = inputs.filter { $0.ledger.times.backward > $0.ledger.times.jumps }
        var notes: [TimeNote] = []
        if !jumps.isEmpty {
            let count = jumps.reduce(0) { $0 + $1.ledger.times.jumps }
            notes.append(
                TimeNote(
                    kind: .backward, text: "\(TextLayout.count(count, "jump")) back by more than an hour",
                    inputs: jumps.map(\.path), isGuess: false,
                    hint: "A clock was set back, or the file holds several logs one behind the other."))
        }
        if !steps.isEmpty {
            let count = steps.reduce(0) { $0 + $1.ledger.times.backward - $1.ledger.times.jumps }
            notes.append(
                TimeNote(
                    kind: .backward, text: "\(TextLayout.count(count, "event")) out of order",
                    inputs: steps.map(\.path),
                    isGuess: false,
                    hint: "Each counts at its own time. Programs that write from several threads do that."))
        }
        return notes
    }

    /// A log can't tell of what comes after it was written.
    private static func ends(_ inputs: [SourceSummary]) -> [TimeNote] {
        var notes: [TimeNote] = []
        let late = inputs.filter { input in
            guard let last = input.last, let modified = input.times?.modified else { return false }
            return last > modified + Timestamp.day
        }
        if let last = late.compactMap(\.last).max() {
            notes.append(
                TimeNote(
                    kind: .future,
                    text:
                        "times up to \(TextTimes.date(last)), after the \(late.count > 1 ? "files were" : "file was") written",
                    inputs: late.map(\.path), isGuess: false,
                    hint: "A clock was wrong, or the file's own date is not that of its last line."))
        }
        // 1990-01-01.
        let early = inputs.filter { $0.first.map { $0 < 7_305 * Timestamp.day } ?? false }
        if let first = early.compactMap(\.first).min() {
            notes.append(
                TimeNote(
                    kind: .early, text: "times from \(TextTimes.date(first)) on, before 1990",
                    inputs: early.map(\.path),
                    isGuess: false, hint: "A device's clock was not set yet when it wrote them."))
        }
        return notes
    }

    /// Inputs by what they share, in the order of its first one.
    private static func groups<Key: Hashable>(
        _ inputs: [SourceSummary], by key: (SourceSummary) -> Key?
    ) -> [(Key, [SourceSummary])] {
        var order: [Key] = []
        var groups: [Key: [SourceSummary]] = [:]
        for input in inputs {
            guard let key = key(input) else { continue }
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(input)
        }
        return order.map { ($0, groups[$0] ?? []) }
    }
}
