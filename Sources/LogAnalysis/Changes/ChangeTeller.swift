import LogCore

/// Says in a sentence what a departure is: its kind, when, how many, and how many usually.
struct ChangeTeller {
    /// A change together with what it's ranked and joined by.
    struct Told {
        var change: Change
        var series: WatchedSeries
        var isHigh: Bool
        var cells: Range<Int>
        var score: Double
        /// When it began, of what comes at no other time: to the event, and not to a cell of the grid.
        var onset: Int64?
        /// From one event to the next, nanoseconds.
        var spacing: Double
        /// Of a cell, nanoseconds.
        var width: Int64
    }

    let grid: TimeGrid
    let times: TextTimes
    let watch: Watch

    /// Nil for what needn't be told: how a log begins.
    func tell(_ found: ChangeFinder.Found) -> Told? {
        guard let kind = kind(found) else { return nil }
        let departure = found.departure
        let (start, end) = extent(found, kind)
        // What came up to the end has not gone.
        if kind == .vanished, grid.end - start < grid.width { return nil }
        // What lasts is told from the change on; what lay before it is then the usual.
        let isPrefix = departure.cells.lowerBound == 0
        let after = departure.cells.upperBound..<grid.count
        let observed = isPrefix ? found.cells.events(after) : departure.observed
        let usual = isPrefix ? found.cells.rate(departure.cells) ?? 0 : departure.usual
        let watched = found.cells.exposure(isPrefix ? after : departure.cells)
        let rates = Rates(usual: usual, now: observed / max(watched, 1e-9), width: grid.width, noun: noun(found.series))
        let elsewhere = isPrefix ? departure.observed : departure.elsewhere
        let text = text(
            kind, rates, start, end, observed: observed, expected: usual * watched, elsewhere: elsewhere)
        // What is there is cited where it is; of what isn't, a line right before.
        let isMissing = kind == .silence || kind == .vanished
        let citation =
            isMissing
            ? watch.citation(found.series, before: start, count: Rates.whole(found.cells.total))
            : watch.citation(
                found.series, from: start, through: max((end ?? .max) - 1, start), count: Rates.whole(observed))
        let change = Change(
            kind: kind, subject: found.series.subject, name: found.series.name,
            statement: Statement(text, [citation]), start: start, end: end, observed: observed,
            expected: usual * watched, chance: departure.chance, sample: found.series.sample)
        let isKnown = kind == .appeared || kind == .burst && usual == 0
        return Told(
            change: change, series: found.series, isHigh: departure.isHigh != isPrefix, cells: departure.cells,
            score: score(found, kind), onset: isKnown ? start : nil,
            spacing: Double(max(gap(start, end ?? grid.end), 0)) / max(observed, 1), width: grid.width)
    }

    /// So unlikely must it be that what fails from early on was to come before, and did not: logs begin in many ways.
    private static let early = 1e-9

    /// A stretch at an end that is shorter than a tenth of the log is a burst, or how the log begins. But what fails from
    /// some moment on, and never did in all that was logged before, began then, however early that is.
    private func kind(_ found: ChangeFinder.Found) -> Change.Kind? {
        let departure = found.departure
        let cells = departure.cells
        let isShort = cells.count * 10 < grid.count
        let isNothing = departure.observed == 0
        switch (cells.lowerBound == 0, cells.upperBound == grid.count) {
        case (false, false): return departure.isHigh ? .burst : isNothing ? .silence : .fall
        case (false, true):
            if !departure.isHigh { return isNothing ? .vanished : .fall }
            return isShort ? .burst : departure.rest == 0 ? .appeared : .rise
        case (true, _):
            if isShort {
                let isNew = isNothing && found.series.severity >= .error && found.series.subject != .log
                return isNew && departure.chance <= Self.early ? .appeared : nil
            }
            if departure.isHigh { return departure.rest == 0 ? .vanished : .fall }
            return isNothing ? .appeared : .rise
        }
    }

    /// From when to when; to the event where the series knows it better than the grid.
    private func extent(_ found: ChangeFinder.Found, _ kind: Change.Kind) -> (Int64, Int64?) {
        let cells = found.departure.cells
        let series = found.series.series
        func extent(_ start: Int64, _ end: Int64) -> ClosedRange<Int64>? {
            watch.extent(of: found.series, from: start, to: end)
        }
        let edge = grid.start(of: cells.lowerBound == 0 ? cells.upperBound : cells.lowerBound)
        let upper = grid.start(of: cells.upperBound)
        switch kind {
        case .appeared: return (found.series.tally.first ?? extent(edge, .max)?.lowerBound ?? edge, nil)
        case .vanished: return (found.series.tally.last ?? series.end ?? edge, nil)
        case .silence: return (extent(.min, edge)?.upperBound ?? edge, extent(upper, .max)?.lowerBound ?? upper)
        case .burst:
            let isOpen = cells.upperBound == grid.count
            let events = extent(edge, upper)
            return (events?.lowerBound ?? edge, isOpen ? nil : events?.upperBound ?? upper)
        default:
            let isOpen = cells.lowerBound == 0 || cells.upperBound == grid.count
            // More begins with an event of its own, fewer with none: that is known to a cell only.
            let first = kind == .rise ? extent(edge, isOpen ? .max : upper)?.lowerBound : nil
            return (first ?? edge, isOpen ? nil : grid.start(of: cells.upperBound))
        }
    }

    /// The graver, the more, the surer.
    private func score(_ found: ChangeFinder.Found, _ kind: Change.Kind) -> Double {
        let ratio = SpecialFunctions.log(found.departure.ratio).magnitude
        let sureness = min(-SpecialFunctions.log(max(found.departure.chance, 1e-30)), 70)
        // A log that stops is worse than anything that it says.
        let isHole = found.series.subject == .log && found.series.severity < .error && kind == .silence
        return found.series.weight * min(ratio, 6) * sureness.squareRoot() * (isHole ? 6 : 1)
    }

    // MARK: Words

    private func noun(_ series: WatchedSeries) -> String {
        switch series.subject {
        case .component: "error"
        case .log: series.severity >= .error ? "error" : "event"
        default: ""
        }
    }

    private func text(
        _ kind: Change.Kind, _ rates: Rates, _ start: Int64, _ end: Int64?, observed: Double, expected: Double,
        elsewhere: Double
    ) -> String {
        let since = "from \(point(start)) on"
        let range = end.map { "from \(point(start)) to \(point($0, after: start))" } ?? since
        switch kind {
        case .burst, .rise, .fall:
            if rates.usual == 0 {
                let others = elsewhere > 0 ? TextLayout.grouped(Rates.whole(elsewhere)) : "none"
                return "\(rates.count(observed)) \(range), \(others) at other times"
            }
            if expected < 1 {
                return "\(rates.count(observed)) \(range), where \(Rates.number(expected)) were to be expected"
            }
            if kind == .burst {
                let length = TextLayout.duration((end ?? grid.end) - start)
                return "\(rates.count(observed)) in \(length) from \(point(start)) on, "
                    + "\(rates.times) the usual \(rates.usualText)"
            }
            if rates.now < rates.usual {
                let now = rates.isHardlyAny ? rates.count(observed) : rates.nowText
                return "only \(now) \(range), usually \(rates.usualText)"
            }
            return "\(rates.nowText) \(range), \(rates.times) the usual \(rates.usualNumber)"
        case .silence:
            return "\(rates.none) \(range), where \(Rates.number(expected)) were to be expected"
        case .appeared:
            let before = TextLayout.duration(max(start - grid.first, 0))
            return "first at \(point(start)), \(rates.count(observed)) since; none in the \(before) before"
        case .vanished:
            let after = TextLayout.duration(max(grid.end - start, 0))
            return "last at \(point(start)), \(rates.none) in the \(after) since; \(rates.usualText) before"
        default: return ""
        }
    }

    private func point(_ time: Int64, after start: Int64? = nil) -> String {
        let seconds = grid.width < 60 * Timestamp.second || time % (60 * Timestamp.second) != 0
        if let start, TextTimes.day(start) == TextTimes.day(time) { return TextTimes.clock(time, seconds: seconds) }
        return times.point(time, seconds: seconds)
    }
}

/// Two rates in the smallest unit in which the usual one is a number to talk of.
struct Rates {
    private static let units: [(name: String, seconds: Int64)] = [
        ("a second", 1), ("a minute", 60), ("an hour", 3_600), ("a day", 86_400),
    ]

    let usual: Double
    let now: Double
    private let unit: String
    private let scale: Double
    /// Of one: `error`; may be empty.
    private let noun: String

    /// - Parameter width: nanoseconds that both rates are for.
    init(usual: Double, now: Double, width: Int64, noun: String) {
        self.usual = usual
        self.now = now
        self.noun = noun
        let perSecond = (usual > 0 ? usual : now) * Double(Timestamp.second) / Double(width)
        let unit = Self.units.first { perSecond * Double($0.seconds) >= 1 } ?? Self.units[Self.units.count - 1]
        self.unit = unit.name
        scale = Double(unit.seconds * Timestamp.second) / Double(width)
    }

    var nowText: String { text(now) }
    var usualText: String { text(usual) }
    /// Some, but in the unit of the usual rate none to the digits that are shown.
    var isHardlyAny: Bool { now > 0 && Self.number(now * scale) == "0" }
    var usualNumber: String { Self.number(usual * scale) }
    var times: String { "\(Self.number(now / usual)) times" }
    var none: String { noun.isEmpty ? "none" : "no \(noun)s" }

    func count(_ events: Double) -> String { TextLayout.count(Self.whole(events), noun.isEmpty ? "time" : noun) }

    private func text(_ rate: Double) -> String {
        let number = Self.number(rate * scale)
        return noun.isEmpty ? "\(number) \(unit)" : "\(number) \(noun)\(number == "1" ? "" : "s") \(unit)"
    }

    /// Counts out of a file may be of any size.
    static func whole(_ events: Double) -> Int64 { Int64(min(events, 1e15)) }

    /// Two digits at least, and no more than are of interest.
    static func number(_ value: Double) -> String {
        guard value < 1e15 else { return "very many" }
        if value >= 10 { return TextLayout.grouped(Int64(value.rounded())) }
        let scale: Double = value >= 1 ? 10 : 100
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? String(Int64(rounded)) : String(rounded)
    }
}
