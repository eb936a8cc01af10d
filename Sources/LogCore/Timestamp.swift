extension Duration {
    /// In whole nanoseconds.
    package var nanoseconds: Int64 {
        components.seconds * Timestamp.second + components.attoseconds / 1_000_000_000
    }
}

/// Time as the engine counts it: Int64 nanoseconds since 1970-01-01T00:00:00Z, good for the years 1678 to 2261.
@usableFromInline package enum Timestamp {
    /// No time at all.
    @usableFromInline package static let none = Int64.min
    @usableFromInline package static let second: Int64 = 1_000_000_000
    @usableFromInline package static let day: Int64 = 86_400 * second
    /// 1900 to 2200: times that a log may bear.
    @usableFromInline package static let plausible = (-25_567 * day)..<(84_006 * day)

    /// Days since the epoch of a civil date. Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms",
    /// https://howardhinnant.github.io/date_algorithms.html#days_from_civil
    @inlinable
    package static func days(year: Int, month: Int, day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The civil date of a day count; the inverse of `days`.
    package static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    @inlinable
    package static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// Days in a month, 1 to 12.
    @inlinable
    package static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Calendar parts of a time, UTC.
    package static func parts(
        _ time: Int64
    ) -> (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, nanosecond: Int) {
        var days = Int(time / day)
        var rest = Int(time % day)
        if rest < 0 {
            days -= 1
            rest += Int(day)
        }
        let date = civil(days: days)
        let seconds = rest / Int(second)
        return (
            date.year, date.month, date.day, seconds / 3600, seconds / 60 % 60, seconds % 60, rest % Int(second)
        )
    }
}
