import LogCore

/// Times as a report shows them: no more of the date than tells them apart, in UTC.
package struct TextTimes: Sendable {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// How far apart the times of the report lie: so little that the clock alone tells them apart, within one
    /// calendar year, or more.
    package enum Extent: Sendable { case day, year, years }

    /// How much room there is for from when to when.
    package enum Room: CaseIterable, Sendable {
        /// For seconds and both dates.
        case ample
        /// For minutes, and the date of the end instead of its clock.
        case usual
        /// For minutes on one day, else for the beginning alone.
        case scarce
    }

    package let extent: Extent
    private let unicode: Bool

    /// `tally`: the earliest and the latest time of the report.
    package init(_ tally: Tally, unicode: Bool) {
        self.unicode = unicode
        guard let first = tally.first, let last = tally.last else {
            extent = .year
            return
        }
        let (span, overflow) = last.subtractingReportingOverflow(first)
        if !overflow, span < Timestamp.day {
            extent = .day
        } else {
            extent = Self.year(first) == Self.year(last) ? .year : .years
        }
    }

    /// `04:00:02`, `20 Nov 04:00`, `20 Nov 2026 04:00`
    package func point(_ time: Int64, seconds: Bool) -> String {
        switch extent {
        case .day: Self.clock(time, seconds: seconds)
        case .year: "\(Self.day(time)) \(Self.clock(time, seconds: seconds))"
        case .years: "\(Self.day(time)) \(Self.year(time)) \(Self.clock(time, seconds: seconds))"
        }
    }

    /// From when to when.
    package func span(_ tally: Tally, _ room: Room) -> String {
        guard let first = tally.first, let last = tally.last else { return "" }
        let dots = unicode ? "…" : "..."
        let isShort = first / (60 * Timestamp.second) == last / (60 * Timestamp.second)
        let seconds = room == .ample || (extent == .day && room == .usual) || (isShort && extent != .years)
        let start = point(first, seconds: seconds)
        switch room {
        case _ where start == point(last, seconds: seconds): return start
        case .ample:
            let end = Self.isSameDay(first, last) ? Self.clock(last, seconds: true) : point(last, seconds: true)
            return "\(start) \(dots) \(end)"
        case .usual where isShort: return start
        case .usual where extent == .day || Self.isSameDay(first, last):
            return "\(start) \(dots) \(Self.clock(last, seconds: seconds))"
        case .usual:
            return extent == .years
                ? "\(Self.date(first)) \(dots) \(Self.date(last))" : "\(start) \(dots) \(Self.day(last))"
        case .scarce where isShort: return start
        case .scarce where extent == .day: return "\(start) \(dots) \(Self.clock(last, seconds: false))"
        case .scarce:
            return (extent == .years ? Self.date(first) : start) + " " + dots
        }
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

    /// `20 Nov 2026 04:10:01`
    package static func full(_ time: Int64) -> String { "\(date(time)) \(clock(time, seconds: true))" }

    private static func year(_ time: Int64) -> Int { Timestamp.parts(time).year }
    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    private static func isSameDay(_ a: Int64, _ b: Int64) -> Bool {
        let (a, b) = (Timestamp.parts(a), Timestamp.parts(b))
        return (a.year, a.month, a.day) == (b.year, b.month, b.day)
    }
}
