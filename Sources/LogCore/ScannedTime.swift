/// What `TimestampScanner` found written in a line.
package struct ScannedTime: Sendable {
    package enum Shape: UInt8, Sendable {
        /// Date with year, and time of day; `nanoseconds` since the epoch.
        case full
        /// `Nov 22 10:00:00`, `11-22 10:00:00`: `month`, `day`, and `nanoseconds` since that midnight.
        case yearless
        /// `10:00:00.123`: `nanoseconds` since midnight.
        case timeOnly
        /// `[ 1234.567890]`: `nanoseconds` since the machine started.
        case uptime
    }
    /// Offset of the first byte after the timestamp, in the scanned span.
    package var end: Int
    package var nanoseconds: Int64
    package var shape: Shape
    /// The zone was written; without one, UTC is taken (or the configured zone is applied by the caller).
    package var hasZone: Bool
    /// Of a time of day alone whose zone is written: seconds east of UTC. `nanoseconds` are those of its clock, by which days
    /// are counted.
    package var offset: Int32 = 0
    package var month: UInt8
    package var day: UInt8
    /// How a date that is nothing but numbers was read; `named` where there is no doubt about it.
    package var order = DateOrder.named
    /// The year was written with two digits, so that any of the three numbers may be it.
    package var hasShortYear = false
    /// That year may be the first of the numbers.
    package var mayBeginWithYear = false
    /// Of a date of numbers; 0 if it has none.
    package var year: Int16 = 0

    @inlinable
    package init(
        end: Int, nanoseconds: Int64, shape: Shape, hasZone: Bool = false, month: UInt8 = 0, day: UInt8 = 0
    ) {
        self.end = end
        self.nanoseconds = nanoseconds
        self.shape = shape
        self.hasZone = hasZone
        self.month = month
        self.day = day
    }
}

/// Which of a date's numbers is which: `11/20/2026`, `20/11/2026` or `26/11/20`.
package enum DateOrder: UInt8, Sendable, CaseIterable {
    /// No question: the month has a name, or the year stands in front with four digits.
    case named
    case monthFirst
    case dayFirst
    /// Only where the year has two digits.
    case yearFirst
}

extension ScannedTime {
    /// The same date with its numbers taken in another order; nil if there is no such day.
    package func read(as other: DateOrder) -> ScannedTime? {
        guard order != .named, other != .named else { return nil }
        if other == order { return self }
        let (month, day, year) = (Int(self.month), Int(self.day), Int(self.year))
        let writtenYear = hasShortYear ? year % 100 : year
        let written =
            switch order {
            case .monthFirst: (month, day, writtenYear)
            case .dayFirst: (day, month, writtenYear)
            case .yearFirst, .named: (writtenYear, month, day)
            }
        let taken: (month: Int, day: Int, year: Int)
        switch other {
        case .monthFirst: taken = (written.0, written.1, written.2)
        case .dayFirst: taken = (written.1, written.0, written.2)
        case .yearFirst, .named:
            guard mayBeginWithYear else { return nil }
            taken = (written.1, written.2, written.0)
        }
        let newYear = hasShortYear ? TimestampScanner.century(taken.year) : taken.year
        // 2000 is a leap year: without a year, 29 February is a date.
        guard (1...12).contains(taken.month), taken.day >= 1,
            taken.day <= Timestamp.daysIn(month: taken.month, year: shape == .yearless ? 2000 : newYear)
        else { return nil }
        var time = self
        time.order = other
        time.month = UInt8(taken.month)
        time.day = UInt8(taken.day)
        time.year = Int16(newYear)
        if shape == .full {
            let days =
                Timestamp.days(year: newYear, month: taken.month, day: taken.day)
                - Timestamp.days(year: year, month: month, day: day)
            time.nanoseconds += Int64(days) * Timestamp.day
        }
        return time
    }
}
