import LogCore

/// Times as a report shows them: no more of the date than tells them apart, in UTC.
package struct TextTimes: Sendable {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// How far apart the times of the report lie.
    package enum Extent: Sendable { case day, year, years }

    package let extent: Extent
    private let unicode: Bool

    /// `tally`: the earliest and the latest time of the report.
    package init(_ tally: Tally, unicode: Bool) {
        self.unicode = unicode
        guard let first = tally.first, let last = tally.last else {
            extent = .year
            return
        }
        extent = Self.isSameDay(first, last) ? .day : Self.year(first) == Self.year(last) ? .year : .years
    }

    /// `04:00:02`, `20 Nov 04:00`, `20 Nov 2026 04:00`
    package func point(_ time: Int64, seconds: Bool) -> String {
        switch extent {
        case .day: Self.clock(time, seconds: seconds)
        case .year: "\(Self.day(time)) \(Self.clock(time, seconds: seconds))"
        case .years: "\(Self.day(time)) \(Self.year(time)) \(Self.clock(time, seconds: seconds))"
        }
    }

    /// From when to when; `roomy` where there are columns for seconds and both dates.
    package func span(_ tally: Tally, roomy: Bool) -> String {
        guard let first = tally.first, let last = tally.last else { return "" }
        if first == last { return point(first, seconds: true) }
        let to = unicode ? " … " : " ... "
        if Self.isSameDay(first, last) {
            let seconds = roomy || extent == .day || first / (60 * Timestamp.second) == last / (60 * Timestamp.second)
            if Self.clock(first, seconds: seconds) == Self.clock(last, seconds: seconds) {
                return point(first, seconds: seconds)
            }
            return point(first, seconds: seconds) + to + Self.clock(last, seconds: seconds)
        }
        if roomy { return point(first, seconds: true) + to + point(last, seconds: true) }
        if extent == .years { return "\(Self.date(first))\(to)\(Self.date(last))" }
        return point(first, seconds: false) + to + Self.day(last)
    }

    /// The whole range for the head of the report: `19 Nov 2026 22:14 to 20 Nov 04:10 UTC`.
    package static func range(_ tally: Tally) -> String? {
        guard let first = tally.first, let last = tally.last else { return nil }
        let isShort = first / (120 * Timestamp.second) == last / (120 * Timestamp.second)
        let start = "\(date(first)) \(clock(first, seconds: isShort))"
        if first == last { return "\(date(first)) \(clock(first, seconds: true)) UTC" }
        if isSameDay(first, last) { return "\(start) to \(clock(last, seconds: isShort)) UTC" }
        let end = year(first) == year(last) ? day(last) : date(last)
        return "\(start) to \(end) \(clock(last, seconds: false)) UTC"
    }

    /// `20 Nov`
    package static func day(_ time: Int64) -> String {
        let parts = Timestamp.parts(time)
        return "\(parts.day) \(months[(parts.month - 1) % 12])"
    }

    /// `20 Nov 2026`
    package static func date(_ time: Int64) -> String { "\(day(time)) \(year(time))" }

    /// `04:00` or `04:00:02`
    package static func clock(_ time: Int64, seconds: Bool) -> String {
        let parts = Timestamp.parts(time)
        return "\(two(parts.hour)):\(two(parts.minute))" + (seconds ? ":\(two(parts.second))" : "")
    }

    private static func year(_ time: Int64) -> Int { Timestamp.parts(time).year }
    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    private static func isSameDay(_ a: Int64, _ b: Int64) -> Bool {
        let (a, b) = (Timestamp.parts(a), Timestamp.parts(b))
        return (a.year, a.month, a.day) == (b.year, b.month, b.day)
    }
}
