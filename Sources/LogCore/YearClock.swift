/// Gives year-less times their year: starts from the year of the first line and follows the dates.
///
/// Within one file nothing goes back by more than a month but the calendar at the end of a year, however long the log was
/// silent; so such a step is a new year. Two things only look like it and are taken back: a straggler of December behind
/// the first line of January, and the first day of January that a device without a clock shows until it is set.
///
/// For a file the starting year is found beforehand, by walking the file once: see `SourceTimes`.
package struct YearClock: Sendable {
    package var year: Int {
        didSet { midnight = Self.midnight(year, month, day) }
    }
    /// The date met last; 0 before the first.
    private var month: UInt8 = 0
    private var day: UInt8 = 0
    /// Midnight of that date in `year`: most lines are of the same day as the one before.
    private var midnight: Int64 = 0
    /// The year, as counted so far, in which a 29 February was met: it has to be a leap year.
    package private(set) var leapDayYear: Int?
    /// The last step into a new year.
    private var turn: Turn?

    private struct Turn: Sendable {
        /// Days of a leap year: the last one of the old year, and the first of the new one.
        var from: Int
        var to: Int
    }

    /// Lines may be out of order by so many days, as where the logs of several machines were put one behind the other.
    private static let slack = 31
    /// So long a device may go without its clock being set.
    private static let unsetDays = 3

    package init(year: Int = 1970) { self.year = year }

    /// Nanoseconds since the epoch. A 29 February outside a leap year counts as 1 March.
    @inlinable
    package mutating func resolve(_ scanned: ScannedTime) -> Int64 {
        move(month: scanned.month, day: scanned.day) &+ scanned.nanoseconds
    }

    /// Goes to a date, and returns its midnight.
    @usableFromInline
    mutating func move(month: UInt8, day: UInt8) -> Int64 {
        if month == self.month, day == self.day { return midnight }
        step(from: Self.ordinal(self.month, self.day), to: Self.ordinal(month, day))
        (self.month, self.day) = (month, day)
        if month == 2, day == 29 { leapDayYear = year }
        midnight = Self.midnight(year, month, day)
        return midnight
    }

    private mutating func step(from last: Int, to next: Int) {
        guard last > 0 else { return }
        let distance = next - last
        if let turn, next - turn.to > Self.unsetDays {
            if abs(next - turn.from) <= Self.slack, distance > Self.slack { year -= 1 }
            self.turn = nil
        } else if distance < -Self.slack {
            year += 1
            turn = Turn(from: last, to: next)
        } else if distance > 366 - Self.slack {
            year -= 1
            turn = nil
        }
    }

    private static func midnight(_ year: Int, _ month: UInt8, _ day: UInt8) -> Int64 {
        month == 0 ? 0 : Int64(Timestamp.days(year: year, month: Int(month), day: Int(day))) * Timestamp.day
    }

    /// The day of a leap year, from 1; 0 for no date.
    private static func ordinal(_ month: UInt8, _ day: UInt8) -> Int {
        month == 0 ? 0 : Timestamp.days(year: 2000, month: Int(month), day: Int(day)) - 10_956
    }
}
