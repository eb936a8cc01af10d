/// Layouts with the English name of a month or a weekday.
extension TimestampScanner {
    /// Layouts that begin with a name.
    @inline(__always)
    static func named(_ bytes: Span<UInt8>, _ start: Int, _ head: UInt64) -> ScannedTime? {
        let letters = UInt32(truncatingIfNeeded: head)
        let month = self.month(letters)
        if month > 0 { return monthFirst(bytes, start, head, month) }
        guard isWeekday(letters) else { return nil }
        return weekdayFirst(bytes, start)
    }

    /// `Oct  9 13:55:36`, `Oct 09 13:55:36.123`, `Oct 10 2000 13:55:36`, `Oct 10 13:55:36 2000`,
    /// `Jun 09 06:07:04 UTC 2005`; `head` begins at the month.
    @inline(__always)
    private static func monthFirst(
        _ bytes: Span<UInt8>, _ start: Int, _ head: UInt64, _ month: Int
    ) -> ScannedTime? {
        // `Oct  9 1`: spaces at 3 and 6, a digit or a space at 4.
        let ones = UInt8(truncatingIfNeeded: head >> 40) &- 0x30
        guard head & 0x00FF_0000_FF00_0000 == 0x0020_0000_2000_0000, ones < 10 else {
            return unpaddedDay(bytes, start, month)
        }
        var tens = UInt8(truncatingIfNeeded: head >> 32) &- 0x30
        if tens == Ascii.space &- 0x30 { tens = 0 }
        guard tens < 4 else { return nil }
        return afterDay(bytes, start &+ 7, month, Int(tens &* 10 &+ ones))
    }

    /// `Oct 9 13:55:36`.
    @inline(never)
    private static func unpaddedDay(_ bytes: Span<UInt8>, _ start: Int, _ month: Int) -> ScannedTime? {
        let digit = byte(bytes, start &+ 4) &- 0x30
        guard byte(bytes, start &+ 3) == Ascii.space, digit < 10, byte(bytes, start &+ 5) == Ascii.space else {
            return nil
        }
        return afterDay(bytes, start &+ 6, month, Int(digit))
    }

    /// What follows `Oct 10 `: a clock, or a year and a clock.
    @inline(__always)
    private static func afterDay(_ bytes: Span<UInt8>, _ i: Int, _ month: Int, _ day: Int) -> ScannedTime? {
        guard bytes.count &- i >= 8 else { return nil }
        let next = word(bytes, i)
        let seconds = clock(next, separator: .colon)
        if seconds >= 0 { return yearless(bytes, i &+ 8, month, day, seconds) }
        let year = fourDigits(next)
        guard year >= 0, bytes[unchecked: i &+ 4] == Ascii.space else { return nil }
        let midnight = self.midnight(year, month, day)
        return midnight == invalid ? nil : withClock(bytes, i &+ 5, midnight)
    }

    /// Ends a timestamp without a year in front of its clock, whose end is `i`: the year may follow.
    @inline(__always)
    static func yearless(
        _ bytes: Span<UInt8>, _ i: Int, _ month: Int, _ day: Int, _ seconds: Int
    ) -> ScannedTime? {
        // 2000 is a leap year: 29 February is a date in some year.
        guard seconds >= 0, UInt(bitPattern: month &- 1) < 12, UInt(bitPattern: day &- 1) < 31,
            day < 29 || day <= Timestamp.daysIn(month: month, year: 2000)
        else { return nil }
        var end = i
        var nanoseconds = 0
        let next = byte(bytes, end)
        if next == Ascii.dot || next == Ascii.comma {
            if isDigit(byte(bytes, end &+ 1)) { (nanoseconds, end) = fraction(bytes, end &+ 1) }
        } else if isDigit(next) {
            return nil
        }
        // A year begins with 1 or 2, a zone with a letter: most host names are ruled out here.
        let after = byte(bytes, end &+ 1)
        if byte(bytes, end) == Ascii.space, after == 0x31 || after == 0x32 || after &- 0x41 < 26 {
            let (midnight, yearEnd, zoned) = trailingYear(bytes, end, month, day)
            if yearEnd > end {
                guard midnight != invalid else { return nil }
                let total = midnight &+ seconds
                if zoned { return full(yearEnd, total, nanoseconds, hasZone: true) }
                let zone = self.zone(bytes, yearEnd)
                guard zone.end >= 0 else { return nil }
                return full(zone.end, total &- zone.offset, nanoseconds, hasZone: zone.end > yearEnd)
            }
        }
        return ScannedTime(
            end: end, nanoseconds: Int64(seconds) &* Timestamp.second &+ Int64(nanoseconds), shape: .yearless,
            month: UInt8(truncatingIfNeeded: month), day: UInt8(truncatingIfNeeded: day))
    }

    /// ` 2000` or ` UTC 2000` at `i`; `end` is `i` where there is no year. A number that goes on (`2001:db8::1`,
    /// `2000.example.org`) is a host's name.
    @inline(never)
    private static func trailingYear(
        _ bytes: Span<UInt8>, _ i: Int, _ month: Int, _ day: Int
    ) -> (midnight: Int, end: Int, zoned: Bool) {
        var at = i &+ 1
        var zoned = false
        if isLetter(byte(bytes, at)) {
            // The name of a zone, three to five capitals; only UTC and GMT say which one.
            let zone = self.zone(bytes, i)
            zoned = zone.end > i
            while at < i &+ 6, byte(bytes, at) &- 0x41 < 26 { at &+= 1 }
            guard at >= i &+ 4, byte(bytes, at) == Ascii.space else { return (invalid, i, false) }
            at &+= 1
        }
        let year = fourDigits(bytes, at: at)
        let end = at &+ 4
        let next = byte(bytes, end)
        guard year >= 1970, year <= 2200, !isWord(next), next != Ascii.dot, next != Ascii.dash,
            next != Ascii.colon || !isWord(byte(bytes, end &+ 1)) && byte(bytes, end &+ 1) != Ascii.colon
        else { return (invalid, i, false) }
        return (midnight(year, month, day), end, zoned)
    }

    /// `Wed Oct 11 14:32:52.123456 2000`, `Wed, 11 Oct 2000 14:32:52 GMT`.
    @inline(never)
    private static func weekdayFirst(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        var i = start &+ 3
        let comma = byte(bytes, i) == Ascii.comma
        if comma { i &+= 1 }
        guard byte(bytes, i) == Ascii.space, bytes.count &- i > 8 else { return nil }
        i &+= 1
        let head = word(bytes, i)
        let month = self.month(UInt32(truncatingIfNeeded: head))
        if month > 0 { return monthFirst(bytes, i, head, month) }
        guard comma, let (_, after) = oneOrTwoDigits(bytes, i) else { return nil }
        let separator = byte(bytes, after)
        guard separator == Ascii.space || separator == Ascii.dash else { return nil }
        return dayMonthName(bytes, i, after &- i, separator)
    }

    /// `11 Oct 2000 14:32:52.123`, `11-Oct-2000 14:32:52.123`, and rarer forms of `10/Oct/2000:13:55:36`.
    @inline(never)
    static func dayMonthName(
        _ bytes: Span<UInt8>, _ start: Int, _ leading: Int, _ separator: UInt8
    ) -> ScannedTime? {
        guard separator != Ascii.dot, let (day, _) = oneOrTwoDigits(bytes, start) else { return nil }
        let i = start &+ leading &+ 1
        guard bytes.count &- i >= 8, byte(bytes, i &+ 3) == separator else { return nil }
        let month = self.month(UInt32(truncatingIfNeeded: word(bytes, i)))
        let midnight = self.midnight(fourDigits(bytes, at: i &+ 4), month, day)
        let between = byte(bytes, i &+ 8)
        guard midnight != invalid, between == Ascii.space || between == Ascii.colon else { return nil }
        return withClock(bytes, i &+ 9, midnight)
    }
}
