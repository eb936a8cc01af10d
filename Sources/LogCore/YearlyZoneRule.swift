/// The rule by which a zone's clocks change every year: the last line of a zoneinfo file, `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// The form is that of POSIX's TZ variable with the extension of RFC 9636: a change may lie up to a week before or
/// after the day that it is counted from. POSIX counts offsets westwards, so that `CET-1` is an hour east.
struct YearlyZoneRule: Sendable {
    private enum Day {
        /// `J60`: 1 to 365, and 29 February is never counted.
        case withoutLeapDay(Int)
        /// `59`: 0 to 365, with 29 February where there is one.
        case ofYear(Int)
        /// `M10.5.0`: month, week (5 is the last), and weekday from Sunday on.
        case weekday(month: Int, week: Int, day: Int)
    }

    /// A change of the clocks: a day, and seconds from its midnight by the clocks as they are until then.
    private struct Change {
        var day: Day
        var seconds: Int

        func time(in year: Int, from offset: ZoneRules.Offset) -> Int {
            midnight(in: year) * 86_400 + seconds - offset.seconds
        }

        private func midnight(in year: Int) -> Int {
            switch day {
            case .withoutLeapDay(let day):
                return Timestamp.days(year: year, month: 1, day: day + (day >= 60 && Timestamp.isLeap(year) ? 1 : 0))
            case .ofYear(let day):
                return Timestamp.days(year: year, month: 1, day: day + 1)
            case .weekday(let month, let week, let day):
                let first = Timestamp.days(year: year, month: month, day: 1)
                // 1970 began on a Thursday.
                let weekday = ((first + 4) % 7 + 7) % 7
                let date = (day - weekday + 7) % 7 + 7 * (week - 1)
                return first + (date < Timestamp.daysIn(month: month, year: year) ? date : date - 7)
            }
        }
    }

    let standard: ZoneRules.Offset
    private let daylight: (offset: ZoneRules.Offset, start: Change, end: Change)?

    /// Nil unless all of the text is such a rule.
    init?(_ text: ArraySlice<UInt8>) {
        var rest = Reader(rest: text)
        guard let name = rest.name(), let west = rest.clock(upTo: 24) else { return nil }
        standard = ZoneRules.Offset(seconds: -west, abbreviation: name, isDST: false)
        guard !rest.rest.isEmpty else {
            daylight = nil
            return
        }
        guard let name = rest.name() else { return nil }
        var offset = ZoneRules.Offset(seconds: 3600 - west, abbreviation: name, isDST: true)
        if rest.rest.first != UInt8(ascii: ",") {
            guard let west = rest.clock(upTo: 24) else { return nil }
            offset.seconds = -west
        }
        guard let start = rest.change(), let end = rest.change(), rest.rest.isEmpty else { return nil }
        daylight = (offset, start, end)
    }

    /// The period of daylight or standard time that a time lies in.
    func period(at time: Int) -> ZoneRules.Period {
        guard let daylight else { return ZoneRules.Period(offset: standard, start: .min, end: .max) }
        let year = Timestamp.civil(days: (time >= 0 ? time : time - 86_399) / 86_400).year
        var end = Int.min
        // A change may lie a week outside of its year, so the years beside the next ones count too.
        for year in year - 2...year + 2 {
            let start = daylight.start.time(in: year, from: standard)
            if time < start { return ZoneRules.Period(offset: standard, start: end, end: start) }
            end = daylight.end.time(in: year, from: daylight.offset)
            // South of the equator daylight time lasts into the next year.
            if end < start { end = daylight.end.time(in: year + 1, from: daylight.offset) }
            if time < end { return ZoneRules.Period(offset: daylight.offset, start: start, end: end) }
        }
        return ZoneRules.Period(offset: standard, start: end, end: .max)
    }

    /// Takes parts off the front of a rule; each gives nil where there is something else.
    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ sign: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: sign) else { return false }
            rest.removeFirst()
            return true
        }

        /// `CET`, or `<+0330>` where there are more than letters.
        mutating func name() -> String? {
            let isQuoted = take("<")
            let name = rest.prefix { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"): isQuoted
                default: false
                }
            }
            rest = rest[name.endIndex...]
            guard name.count >= 3, !isQuoted || take(">") else { return nil }
            return String(decoding: name, as: UTF8.self)
        }

        mutating func number(upTo limit: Int) -> Int? {
            let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            guard (1...3).contains(digits.count) else { return nil }
            let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            rest = rest[digits.endIndex...]
            return value <= limit ? value : nil
        }

        /// `2`, `-5:30`, `+04:30:15`, in seconds.
        mutating func clock(upTo hours: Int) -> Int? {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            guard var seconds = number(upTo: hours).map({ $0 * 3600 }) else { return nil }
            for unit in [60, 1] where take(":") {
                guard let part = number(upTo: 59) else { return nil }
                seconds += part * unit
            }
            return isNegative ? -seconds : seconds
        }

        /// `,M10.5.0/3`.
        mutating func change() -> Change? {
            guard take(","), let day = day() else { return nil }
            guard take("/") else { return Change(day: day, seconds: 7200) }
            return clock(upTo: 167).map { Change(day: day, seconds: $0) }
        }

        private mutating func day() -> Day? {
            if take("J") { return number(upTo: 365).flatMap { $0 > 0 ? .withoutLeapDay($0) : nil } }
            guard take("M") else { return number(upTo: 365).map { .ofYear($0) } }
            guard let month = number(upTo: 12), month > 0, take("."), let week = number(upTo: 5), week > 0, take("."),
                let day = number(upTo: 6)
            else { return nil }
            return .weekday(month: month, week: week, day: day)
        }
    }
}
