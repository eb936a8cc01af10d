import LogAnalysis
import LogCore

/// Works out what a source's times lack, from what the user says, the file's lines, its name, and the time when it was last
/// written. `docs/time.md` has the rules.
struct SourceTimes {
    /// The clock for the source's start.
    private(set) var clock = SourceClock()
    private(set) var facts = TimeFacts()
    /// Some of its first lines write no year, or no date.
    private(set) var isYearless = false
    private(set) var isDateless = false

    /// Sources up to this size are looked at line by line, in larger ones the lines behind every 64 KiB.
    static let exactBytes = 8 << 20
    static let probeDistance = 64 << 10

    private let settings: TimeSettings
    /// Seconds since the epoch.
    private let modified: Int64
    /// Days since the epoch.
    private let nameDay: Int?

    /// - Parameters:
    ///   - head: the first lines, all that is known of a stream.
    ///   - modified: seconds since the epoch; now for a stream.
    ///   - again: opens the source a second time; nil for a stream.
    init(
        head: Span<UInt8>, isWhole: Bool, _ parsers: ContiguousArray<any LineParser>, _ input: Input, modified: Int64,
        size: Int?, again: (() -> OpenedFile?)?
    ) {
        settings = input.times
        self.modified = modified
        nameDay = NameDate.find(in: input.path)
        clock.zone = settings.zone
        facts.zone = settings.zone?.name
        facts.modified = modified * Timestamp.second
        clock.years.year = Timestamp.parts(modified * Timestamp.second).year

        var walk = TimeWalk(order: settings.order)
        walk.look(at: head, parsers, isWhole: isWhole)
        isYearless = walk.yearless != nil
        isDateless = walk.dateless != nil
        let asksOrder = walk.evidence.map { !$0.isEmpty && !$0.isDecided } ?? false
        guard isYearless || isDateless || walk.evidence?.isEmpty == false || settings.order != nil else { return }

        var isWalked = false
        if isYearless && settings.year == nil || isDateless || asksOrder, let file = again?() {
            isWalked = true
            // Midnights are counted; months can be told from a line here and there.
            let isExact = isDateless || size.map { $0 <= Self.exactBytes } ?? true
            walk = TimeWalk(order: settings.order)
            walk.look(through: file.source, parsers, every: isExact ? nil : Self.probeDistance)
        }
        decideOrder(walk.evidence)
        if clock.order != .named, isYearless, isWalked, settings.order == nil, let file = again?() {
            // The months are others now.
            walk = TimeWalk(order: clock.order)
            walk.look(through: file.source, parsers, every: size ?? 0 > Self.exactBytes ? Self.probeDistance : nil)
        }
        if let yearless = walk.yearless {
            decideYear(yearless, leapDayYear: walk.leapDayYear, yearsLater: walk.yearsLater, isWalked)
        }
        if let dateless = walk.dateless { decideDate(dateless, firstDated: walk.firstDated, isWalked) }
    }

    private mutating func decideOrder(_ evidence: OrderEvidence?) {
        let decided = settings.order.map { (order: $0, reason: OrderEvidence.Reason.given) }
        guard let (order, reason) = decided ?? evidence?.decide(modified: modified * Timestamp.second) else { return }
        clock.order = order
        facts.order = TimeFacts.Order(order)
        facts.orderReason = reason
    }

    // MARK: Years

    private mutating func decideYear(
        _ times: (first: Int64, latest: Int64), leapDayYear: Int?, yearsLater: Int?, _ isWalked: Bool
    ) {
        let first = Timestamp.parts(times.first)
        let latest = Timestamp.parts(isWalked ? times.latest : times.first)
        var start: Int
        if let year = settings.year {
            (start, facts.yearFrom) = (year, .given)
        } else if let yearsLater {
            // A line among them says it.
            (start, facts.yearFrom) = (TimeWalk.beginYear + yearsLater, .lines)
        } else if let name = nameDay.map({ Timestamp.civil(days: $0) }),
            (name.month, name.day) == (first.month, first.day)
        {
            // The file is named after its first day.
            (start, facts.yearFrom) = (name.year, .name)
        } else {
            let limit = nameDay ?? Int(modified / 86_400)
            facts.yearFrom = nameDay != nil ? .name : .modified
            start =
                Self.year(month: latest.month, day: latest.day, notAfter: limit) - (latest.year - TimeWalk.beginYear)
        }
        if settings.year == nil, let leapDayYear {
            // At most eight years lie between two leap years.
            for _ in 0..<8 where !Timestamp.isLeap(start + (leapDayYear - TimeWalk.beginYear)) { start -= 1 }
        }
        clock.years.year = start
        facts.year = start
    }

    /// The latest year in which that date is not after a day, with a day's grace for zones.
    private static func year(month: Int, day: Int, notAfter limit: Int) -> Int {
        let last = Timestamp.civil(days: limit).year
        for year in stride(from: last + 1, through: last - 8, by: -1) {
            // 29 February exists in leap years only.
            if day > Timestamp.daysIn(month: month, year: year) { continue }
            if Timestamp.days(year: year, month: month, day: day) <= limit + 1 { return year }
        }
        return last
    }

    // MARK: Dates

    private mutating func decideDate(
        _ times: (first: Int64, latest: Int64), firstDated: (time: Int64, day: Int)?, _ isWalked: Bool
    ) {
        let offset = settings.zone.map { Int64($0.offset(atUTC: Int(modified))) } ?? 0
        if let firstDated {
            clock.days = DayClock(day: Int(firstDated.time / Timestamp.day) - firstDated.day)
            facts.dateFrom = .lines
        } else if let nameDay {
            clock.days = DayClock(day: nameDay)
            facts.dateFrom = .name
        } else {
            let local = modified + offset
            let latest = isWalked ? times.latest : times.first
            var start = local / 86_400 - latest / Timestamp.day
            // An hour's grace: the clocks of the file's and the log's machine may differ.
            if latest % Timestamp.day / Timestamp.second > local % 86_400 + 3_600 { start -= 1 }
            clock.days = DayClock(day: Int(start))
            facts.dateFrom = .modified
        }
        facts.firstDay = clock.days?.day
    }
}
