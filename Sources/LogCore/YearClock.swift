/// Gives year-less times their year: starts from the year of the first line and adds one wherever
/// the month falls back by more than half a year (December to January).
///
/// For a file the starting year is found beforehand, by walking the file once and anchoring its last
/// line to the modification time.
package struct YearClock: Sendable {
    package var year: Int
    package private(set) var lastMonth: UInt8
    /// The year, as counted so far, in which a 29 February was met: it has to be a leap year.
    package private(set) var leapDayYear: Int?

    package init(year: Int = 1970, lastMonth: UInt8 = 0) {
        self.year = year
        self.lastMonth = lastMonth
    }

    /// Nanoseconds since the epoch. A 29 February outside a leap year counts as 1 March.
    package mutating func resolve(_ scanned: ScannedTime) -> Int64 {
        note(month: scanned.month)
        if scanned.month == 2, scanned.day == 29 { leapDayYear = year }
        let days = Timestamp.days(year: year, month: Int(scanned.month), day: Int(scanned.day))
        return Int64(days) * Timestamp.day + scanned.nanoseconds
    }

    /// Follows the months without resolving: what the walk over a file does.
    @inlinable
    package mutating func note(month: UInt8) {
        if month != lastMonth {
            step(to: month)
        }
    }

    @usableFromInline
    mutating func step(to month: UInt8) {
        if lastMonth != 0 {
            if Int(lastMonth) - Int(month) > 6 {
                year += 1
            } else if Int(month) - Int(lastMonth) > 6 {
                // A straggler of the old year behind the first line of the new one.
                year -= 1
            }
        }
        lastMonth = month
    }
}
