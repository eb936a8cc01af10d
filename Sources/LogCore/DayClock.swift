/// Gives times of day their date: starts from the day of the first line and goes to the next one at midnight.
///
/// A step back by more than an hour is a new day, however long the log was silent; a step forward by more than 23 hours is
/// a straggler from before midnight.
package struct DayClock: Sendable {
    /// Days since the epoch.
    package var day: Int
    /// The time of day met last, in nanoseconds; negative before the first.
    private var last: Int64 = -1
    private static let slack = 3_600 * Timestamp.second

    package init(day: Int) { self.day = day }

    /// The day of a time that has its date, counted from the start as the times of day before it were.
    package func counted(_ time: Int64) -> Int {
        var clock = self
        var timeOfDay = time % Timestamp.day
        if timeOfDay < 0 { timeOfDay += Timestamp.day }
        return Int((clock.resolve(timeOfDay) - timeOfDay) / Timestamp.day)
    }

    /// Goes to a time that has its date.
    mutating func follow(_ time: Int64) {
        last = time % Timestamp.day
        if last < 0 { last += Timestamp.day }
        day = Int((time - last) / Timestamp.day)
    }

    /// Nanoseconds since the epoch.
    package mutating func resolve(_ timeOfDay: Int64) -> Int64 {
        if last >= 0 {
            if timeOfDay < last - Self.slack {
                day += 1
            } else if timeOfDay > last + Timestamp.day - Self.slack {
                day -= 1
            }
        }
        last = timeOfDay
        return Int64(day) * Timestamp.day + timeOfDay
    }
}
