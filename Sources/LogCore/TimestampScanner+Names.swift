/// Layouts with the name of a month or a weekday.
extension TimestampScanner {
    /// Layouts that begin with a name.
    @inline(__always)
    static func named(_ bytes: Span<UInt8>, _ start: Int, _ head: UInt64) -> ScannedTime? {
        let letters = UInt32(truncatingIfNeeded: head)
        let month = self.month(letters)
        if month > 0 { return monthFirst(bytes, start, head, month) }
        if isDigit(UInt8(truncatingIfNeeded: head >> 8)) { return glog(bytes, start) }
        return isWeekday(letters) ? weekdayFirst(bytes, start) : otherName(bytes, start)
    }

    /// `I1120 04:00:16.123456` and `I20261120 04:00:16.123456`: a level, a date and a clock with microseconds.
    @inline(never)
    private static func glog(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        switch byte(bytes, start) {
        case 0x44, 0x45, 0x46, 0x49, 0x57: break
        default: return nil
        }
        return isDigit(byte(bytes, start &+ 5)) ? scan(bytes, at: start &+ 1) : monthDay(bytes, start &+ 1)
    }

    /// `1120 04:00:16.123456` at `i`: month and day in one, as glog writes them behind the letter of its level.
    static func monthDay(_ bytes: Span<UInt8>, _ i: Int) -> ScannedTime? {
        guard bytes.count &- i >= 20, bytes[unchecked: i &+ 4] == Ascii.space, bytes[unchecked: i &+ 13] == Ascii.dot
        else { return nil }
        let seconds = clock(word(bytes, i &+ 5), separator: .colon)
        let time = yearless(bytes, i &+ 13, twoDigits(bytes, i), twoDigits(bytes, i &+ 2), seconds)
        return time?.end == i &+ 20 ? time : nil
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
            return otherMonthFirst(bytes, start)
        }
        var tens = UInt8(truncatingIfNeeded: head >> 32) &- 0x30
        if tens == Ascii.space &- 0x30 { tens = 0 }
        guard tens < 4 else { return nil }
        return afterDay(bytes, start &+ 7, month, Int(tens &* 10 &+ ones))
    }

    /// `Oct 9 13:55:36`, `Oct 9, 2000 1:55:36 PM`, `Apr-07-13 07:08:36`, `Apr-07 07:08:36`, and with the name in full or in other languages.
    @inline(never)
    static func otherMonthFirst(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        // `Nov20 04:00:16`
        if bytes.count &- start >= 14, byte(bytes, start &+ 5) == Ascii.space, isDigit(byte(bytes, start &+ 3)) {
            let month = self.month(UInt32(truncatingIfNeeded: word(bytes, start)))
            let day = twoDigits(bytes, start &+ 3)
            return month > 0 && day > 0 ? afterDay(bytes, start &+ 6, month, day) : nil
        }
        guard let (month, end) = monthName(bytes, start) else { return nil }
        if let time = behindMonth(bytes, end, month) { return time }
        // French Tuesdays look like March: `mar. 20 oct. 2026 04:00:16`.
        return month == 3 ? weekdayFirst(bytes, start) : nil
    }

    /// What follows a month's name that ends at `i`.
    static func behindMonth(_ bytes: Span<UInt8>, _ i: Int, _ month: Int) -> ScannedTime? {
        let separator = byte(bytes, i)
        guard let (day, end) = oneOrTwoDigits(bytes, byte(bytes, i &+ 1) == Ascii.space ? i &+ 2 : i &+ 1) else {
            return nil
        }
        let next = byte(bytes, end)
        switch separator {
        case Ascii.space where next == Ascii.space: return afterDay(bytes, end &+ 1, month, day)
        case Ascii.space where next == Ascii.comma: return withYear(bytes, end &+ 2, month, day)
        case Ascii.dash where next == separator, Ascii.slash where next == separator:
            return withYear(bytes, end &+ 1, month, day)
        case Ascii.dash where next == Ascii.space: return afterDay(bytes, end &+ 1, month, day)
        default: return nil
        }
    }

    /// A year of four digits or two at `i`, and a clock.
    private static func withYear(_ bytes: Span<UInt8>, _ i: Int, _ month: Int, _ day: Int) -> ScannedTime? {
        var (year, end) = (fourDigits(bytes, at: i), i &+ 4)
        if year < 0 { (year, end) = (century(twoDigits(bytes, i)), i &+ 2) }
        let midnight = self.midnight(year, month, day)
        return midnight == invalid ? nil : behindDate(bytes, end, midnight)
    }

    /// What follows `Oct 10 `: a clock, or a year and a clock.
    @inline(__always)
    private static func afterDay(_ bytes: Span<UInt8>, _ i: Int, _ month: Int, _ day: Int) -> ScannedTime? {
        guard bytes.count &- i >= 8 else { return nil }
        let next = word(bytes, i)
        let seconds = clock(next, separator: .colon)
        if seconds >= 0 { return yearless(bytes, i &+ 8, month, day, seconds) }
        return afterDayUnpadded(bytes, i, month, day)
    }

    /// `9:55:36`, a year and a clock, or a clock behind one more blank.
    @inline(never)
    private static func afterDayUnpadded(_ bytes: Span<UInt8>, _ i: Int, _ month: Int, _ day: Int) -> ScannedTime? {
        if bytes[unchecked: i] == Ascii.space, bytes.count &- i > 8 {
            return yearless(bytes, i &+ 9, month, day, clock(word(bytes, i &+ 1), separator: .colon))
        }
        if byte(bytes, i &+ 1) == Ascii.colon, byte(bytes, i &+ 4) == Ascii.colon {
            let hour = Int(byte(bytes, i) &- 0x30)
            let seconds = self.seconds(hour, twoDigits(bytes, i &+ 2), twoDigits(bytes, i &+ 5))
            return hour > 9 ? nil : yearless(bytes, i &+ 7, month, day, seconds)
        }
        return fourDigits(bytes, at: i) < 0 ? nil : withYear(bytes, i, month, day)
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
        // A year begins with 1 or 2, a zone with a sign, a bracket or a letter: most host names are ruled out here.
        let space = byte(bytes, end) == Ascii.space ? 1 : 0
        let after = byte(bytes, end &+ space)
        if after &- 0x41 < 26 || after == Ascii.plus || after == Ascii.dash || after == 0x5B || after == 0x28
            || space == 1 && (after == 0x31 || after == 0x32),
            let tail = yearlessTail(bytes, end, month, day, seconds)
        {
            guard tail.midnight != invalid else { return nil }
            let seconds = seconds &+ tail.shift &- tail.offset
            if tail.midnight == 0 {
                return ScannedTime(
                    end: tail.end, nanoseconds: Int64(seconds) &* Timestamp.second &+ Int64(nanoseconds),
                    shape: .yearless, hasZone: tail.hasZone, month: UInt8(truncatingIfNeeded: month),
                    day: UInt8(truncatingIfNeeded: day))
            }
            return full(tail.end, tail.midnight &+ seconds, nanoseconds, hasZone: tail.hasZone)
        }
        return ScannedTime(
            end: end, nanoseconds: Int64(seconds) &* Timestamp.second &+ Int64(nanoseconds), shape: .yearless,
            month: UInt8(truncatingIfNeeded: month), day: UInt8(truncatingIfNeeded: day))
    }

    /// What may follow a clock without a year.
    private struct YearlessTail {
        /// Of the date; 0 where no year follows.
        var midnight = 0
        var offset = 0
        /// Of the half of the day.
        var shift = 0
        var end: Int
        var hasZone = false

        static let impossible = YearlessTail(midnight: TimestampScanner.invalid, end: 0)
    }

    /// ` 2000`, ` CET 2000`, ` PM CET 2000`, ` 2000 +0100`, ` +0100`, or ` UTC:` as Cisco writes it, at `i`. A number that goes
    /// on (`2001:db8::1`, `2000.example.org`) is a host's name.
    @inline(never)
    private static func yearlessTail(
        _ bytes: Span<UInt8>, _ i: Int, _ month: Int, _ day: Int, _ seconds: Int
    ) -> YearlessTail? {
        var tail = YearlessTail(end: i)
        if let half = halfOfDay(bytes, i) {
            guard let shift = half.shift(seconds) else { return .impossible }
            (tail.shift, tail.end) = (shift, half.end)
        }
        // The year isn't known yet. In which half of it a day lies is the same in all.
        let local = midnight(2026, month, min(day, 28)) &+ seconds &+ tail.shift
        let zone = self.zone(bytes, tail.end, local: local)
        if zone.end > tail.end {
            (tail.offset, tail.end, tail.hasZone) = (zone.offset, behindName(bytes, zone.end), true)
        }
        var at = tail.end
        if !tail.hasZone, byte(bytes, at) == Ascii.space {
            // A zone that isn't known, three to five capitals or an hour: the year counts nevertheless.
            at &+= 1
            while at < tail.end &+ 6, byte(bytes, at) &- 0x41 < 26 { at &+= 1 }
            if at == tail.end &+ 1, let hours = hoursEast(bytes, at) { (tail.offset, at) = (hours * 3600, at &+ 3) }
            if at < tail.end &+ 4 { at = tail.end }
        }
        let year = byte(bytes, at) == Ascii.space ? fourDigits(bytes, at: at &+ 1) : -1
        let end = at &+ 5
        let next = byte(bytes, end)
        guard year >= 1970, year <= 2200, !isWord(next), next != Ascii.dot, next != Ascii.dash,
            next != Ascii.colon || !isWord(byte(bytes, end &+ 1)) && byte(bytes, end &+ 1) != Ascii.colon
        else {
            tail.offset = tail.hasZone ? tail.offset : 0
            return tail.end > i && (!tail.hasZone || mayStandAlone(bytes, i, tail.end)) ? tail : nil
        }
        tail.midnight = midnight(year, month, day)
        if at > tail.end { tail.hasZone = tail.offset != 0 }
        tail.end = end
        if !tail.hasZone {
            let zone = self.zone(bytes, end, local: tail.midnight == invalid ? 0 : tail.midnight &+ seconds)
            guard zone.end >= 0 else { return .impossible }
            tail.hasZone = zone.end > end
            (tail.offset, tail.end) = (zone.offset, tail.hasZone ? behindName(bytes, zone.end) : end)
        }
        // 1970-01-01 would look like no year at all.
        if tail.midnight == 0 {
            tail.midnight = 86_400
            tail.offset &+= 86_400
        }
        return tail
    }

    /// Hours of `-03 2026`, as zones without a name of their own are called.
    private static func hoursEast(_ bytes: Span<UInt8>, _ i: Int) -> Int? {
        let hours = twoDigits(bytes, i &+ 1)
        guard hours >= 0, hours <= 14, byte(bytes, i &+ 3) == Ascii.space else { return nil }
        switch byte(bytes, i) {
        case Ascii.plus: return hours
        case Ascii.dash: return 0 &- hours
        default: return nil
        }
    }

    /// Whether a zone without a year behind it is one and not the name of a host: what follows it is text, and of offsets
    /// only such with minutes count.
    private static func mayStandAlone(_ bytes: Span<UInt8>, _ i: Int, _ end: Int) -> Bool {
        let next = byte(bytes, end)
        guard next == Ascii.colon else { return next == Ascii.space || end == bytes.count || isBracket(next) }
        return byte(bytes, end &+ 1) == Ascii.space
    }

    private static func isBracket(_ byte: UInt8) -> Bool {
        byte == Ascii.rightBracket || byte == Ascii.rightParenthesis
    }

    /// `Wed Oct 11 14:32:52.123456 2000`, `Wed, 11 Oct 2000 14:32:52 GMT`, `Wednesday, 11-Oct-00 14:32:52 GMT`.
    @inline(never)
    static func weekdayFirst(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        guard var i = endOfWeekday(bytes, start) else { return nil }
        if byte(bytes, i) == Ascii.comma { i &+= 1 }
        guard byte(bytes, i) == Ascii.space, bytes.count &- i > 8 else { return nil }
        i &+= 1
        let head = word(bytes, i)
        let month = self.month(UInt32(truncatingIfNeeded: head))
        if month > 0 { return monthFirst(bytes, i, head, month) }
        guard let (_, after) = oneOrTwoDigits(bytes, i) else { return nil }
        let separator = byte(bytes, after)
        guard separator == Ascii.space || separator == Ascii.dash || separator == Ascii.dot else { return nil }
        return dayMonthName(bytes, i, after &- i, separator)
    }

    /// `11 Oct 2000 14:32:52.123`, `11-Oct-2000 14:32:52`, `11-OCT-00 02.32.52 PM`, `11 October 2000, 14:32:52`,
    /// `11Oct2000 14:32:52`, `11 Oct 14:32:52`, `11. Oktober 2000 14:32:52`, and rarer forms of `10/Oct/2000:13:55:36`.
    @inline(never)
    static func dayMonthName(
        _ bytes: Span<UInt8>, _ start: Int, _ leading: Int, _ separator: UInt8
    ) -> ScannedTime? {
        guard let (day, _) = oneOrTwoDigits(bytes, start) else { return nil }
        var (i, separator) = (start &+ leading, separator)
        if separator == Ascii.dot {
            // Germans number days: `20. November 2026`.
            i &+= 1
            separator = byte(bytes, i)
            guard separator == Ascii.space else { return nil }
        }
        let joint = isLetter(separator) ? 0 : 1
        guard let (month, end) = monthName(bytes, i &+ joint) else { return nil }
        i = end &+ joint
        guard joint == 0 || byte(bytes, end) == separator else { return nil }
        if separator == Ascii.space, byte(bytes, i &+ 2) == Ascii.colon {
            guard bytes.count &- i >= 8 else { return nil }
            return yearless(bytes, i &+ 8, month, day, clock(word(bytes, i), separator: .colon))
        }
        var year = fourDigits(bytes, at: i)
        if year >= 0 {
            i &+= 4
        } else {
            // `20 Nov 26 10:00:00`, RFC 822's.
            let clockFollows = byte(bytes, i &+ 2) == Ascii.space && byte(bytes, i &+ 5) == Ascii.colon
            guard separator == Ascii.dash || separator == Ascii.space && clockFollows else { return nil }
            year = century(twoDigits(bytes, i))
            i &+= 2
        }
        let midnight = self.midnight(year, month, day)
        return midnight == invalid ? nil : behindDate(bytes, i, midnight)
    }
}
