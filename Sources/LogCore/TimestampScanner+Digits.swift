/// Layouts that begin with a digit, but for the two most frequent ones.
extension TimestampScanner {
    /// Chooses by the number of leading digits and the byte behind them.
    @inline(never)
    static func otherNumeric(_ bytes: Span<UInt8>, _ start: Int, _ head: UInt64) -> ScannedTime? {
        let digits = head ^ 0x3030_3030_3030_3030
        let others = ((digits &+ 0x7676_7676_7676_7676) | digits) & highBits
        let leading = others.trailingZeroBitCount >> 3
        let separator = byte(bytes, start &+ leading)
        switch leading {
        case 1, 2:
            switch separator {
            case Ascii.colon:
                return leading == 2 ? timeOnly(bytes, start, head) : earlyTime(bytes, start)
            case Ascii.slash, Ascii.dash, Ascii.dot, Ascii.space:
                var next = byte(bytes, start &+ leading &+ 1)
                if next == Ascii.space, separator == Ascii.dot { next = byte(bytes, start &+ leading &+ 2) }
                if isLetter(next) || next >= 0x80 { return dayMonthName(bytes, start, leading, separator) }
                guard isDigit(next), separator != Ascii.space else { return nil }
                return dayOrMonthFirst(bytes, start, leading, separator)
            case 0x41...0x5A:
                return leading == 2
                    ? dayMonthName(bytes, start, leading, separator) ?? symantec(bytes, start)
                    : symantec(bytes, start)
            case 0xE6, 0xEC:
                return oneOrTwoDigits(bytes, start).flatMap { markedMonth(bytes, $0.end, $0.value) }
            default:
                return nil
            }
        case 4 where separator == Ascii.slash:
            return yearFirst(bytes, start, separator) ?? chromium(bytes, start)
        case 4 where separator == Ascii.dash:
            return ordinal(bytes, start) ?? yearFirst(bytes, start, separator) ?? weekDate(bytes, start)
                ?? yearMonthDay(bytes, start)
        case 4 where separator == 0x57:
            return weekDate(bytes, start)
        case 4 where separator == Ascii.dot || separator == Ascii.colon:
            return yearFirst(bytes, start, separator) ?? (separator == Ascii.dot ? markedDate(bytes, start) : nil)
        case 4 where separator >= 0xE4:
            return markedDate(bytes, start)
        case 4 where separator == Ascii.space && start > 0 && isLetter(bytes[unchecked: start &- 1]):
            return monthDay(bytes, start)
        case 4 where separator == Ascii.space && isLetter(byte(bytes, start &+ 5)):
            return yearMonthName(bytes, start)
        case 6 where separator == Ascii.space:
            return sixDigits(bytes, start)
        case 8:
            return isDigit(separator) ? longNumber(bytes, start) : eightDigits(bytes, start) ?? symantec(bytes, start)
        default:
            return symantec(bytes, start)
        }
    }

    /// `10:00:00`, `10:00:00.123`, `10:00:00,123`, `10:00:00:123`.
    @inline(never)
    private static func timeOnly(_ bytes: Span<UInt8>, _ start: Int, _ head: UInt64) -> ScannedTime? {
        let seconds = clock(head, separator: .colon)
        guard seconds >= 0 else { return halfTime(bytes, start, start &+ 2) }
        var end = start &+ 8
        var nanoseconds = 0
        let next = byte(bytes, end)
        if isDigit(next) { return nil }
        if next == Ascii.dot || next == Ascii.comma {
            if isDigit(byte(bytes, end &+ 1)) { (nanoseconds, end) = fraction(bytes, end &+ 1) }
        } else if next == Ascii.colon, isWord(byte(bytes, end &+ 1)) {
            // Exactly three digits are milliseconds; anything else is an address, such as `10:00:00:1a:2b`.
            let (read, after) = fraction(bytes, end &+ 1)
            guard after == end &+ 4, !isWord(byte(bytes, after)), byte(bytes, after) != Ascii.colon else { return nil }
            (nanoseconds, end) = (read, after)
        }
        return timeOnly(bytes, end, seconds, nanoseconds)
    }

    /// `9:00:00 AM`: with one digit only where the half of the day shows that it is a time.
    @inline(never)
    private static func earlyTime(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        let hour = Int(byte(bytes, start) &- 0x30)
        let seconds = self.seconds(hour, twoDigits(bytes, start &+ 2), twoDigits(bytes, start &+ 5))
        guard seconds >= 0, byte(bytes, start &+ 4) == Ascii.colon else {
            return halfTime(bytes, start, start &+ 1)
        }
        var (nanoseconds, end) = (0, start &+ 7)
        if byte(bytes, end) == Ascii.dot { (nanoseconds, end) = fraction(bytes, end &+ 1) }
        guard halfOfDay(bytes, end) != nil else { return nil }
        return timeOnly(bytes, end, seconds, nanoseconds)
    }

    /// `4:00AM`, `10:00 p.m.`; `colon` is where its colon is.
    static func halfTime(_ bytes: Span<UInt8>, _ start: Int, _ colon: Int) -> ScannedTime? {
        guard let (hour, _) = oneOrTwoDigits(bytes, start), halfOfDay(bytes, colon &+ 3) != nil else { return nil }
        let seconds = self.seconds(hour, twoDigits(bytes, colon &+ 1), 0)
        return seconds < 0 ? nil : timeOnly(bytes, colon &+ 3, seconds, 0)
    }

    /// `040016`: nothing but digits, a time only where a format says so.
    package static func clock(_ digits: Span<UInt8>) -> ScannedTime? {
        guard digits.count == 6, digits.isNumber(0, 6) else { return nil }
        let seconds = self.seconds(twoDigits(digits, 0), twoDigits(digits, 2), twoDigits(digits, 4))
        if seconds < 0 { return nil }
        return ScannedTime(end: 6, nanoseconds: Int64(seconds) &* Timestamp.second, shape: .timeOnly)
    }

    private static func timeOnly(
        _ bytes: Span<UInt8>, _ i: Int, _ seconds: Int, _ nanoseconds: Int
    ) -> ScannedTime? {
        var (seconds, end) = (seconds, i)
        if let half = halfOfDay(bytes, i) {
            guard let shift = half.shift(seconds) else { return nil }
            (seconds, end) = (seconds &+ shift, half.end)
        }
        let time = Int64(seconds) &* Timestamp.second &+ Int64(nanoseconds)
        let zone = self.zone(bytes, end, local: 0)
        guard zone.end > end else {
            if byte(bytes, end) == Ascii.space, isDigit(byte(bytes, end &+ 1)),
                let date = dateBehind(bytes, end &+ 1), var dated = dated(bytes, date.end, date.midnight, seconds)
            {
                dated.nanoseconds &+= Int64(nanoseconds)
                return dated
            }
            return ScannedTime(end: end, nanoseconds: time, shape: .timeOnly)
        }
        var zoned = ScannedTime(end: behindName(bytes, zone.end), nanoseconds: time, shape: .timeOnly, hasZone: true)
        zoned.offset = Int32(truncatingIfNeeded: zone.offset)
        return zoned
    }

    /// Midnight of `2026.11.20`, `2026-11-20`, `2026/11/20`, `20.11.2026`, `20-Nov-26` or `20-Nov-2026` behind a clock, if no
    /// clock of its own follows it. Of `11/20/2026` nothing tells which is the month.
    @inline(never)
    private static func dateBehind(_ bytes: Span<UInt8>, _ i: Int) -> (midnight: Int, end: Int)? {
        var (midnight, end) = (invalid, i &+ 10)
        let separator = byte(bytes, i &+ 4)
        if separator == Ascii.dot || separator == Ascii.dash || separator == Ascii.slash,
            byte(bytes, i &+ 7) == separator
        {
            midnight = self.midnight(fourDigits(bytes, at: i), twoDigits(bytes, i &+ 5), twoDigits(bytes, i &+ 8))
        } else if let (day, behindDay) = oneOrTwoDigits(bytes, i) {
            let joint = byte(bytes, behindDay)
            if joint == Ascii.dot, byte(bytes, behindDay &+ 3) == Ascii.dot {
                end = behindDay &+ 8
                midnight = self.midnight(
                    fourDigits(bytes, at: behindDay &+ 4), twoDigits(bytes, behindDay &+ 1), day)
            } else if joint == Ascii.dash, let (month, behindMonth) = monthName(bytes, behindDay &+ 1),
                byte(bytes, behindMonth) == joint
            {
                let year = fourDigits(bytes, at: behindMonth &+ 1)
                end = behindMonth &+ (year < 0 ? 3 : 5)
                midnight = self.midnight(year < 0 ? century(twoDigits(bytes, behindMonth &+ 1)) : year, month, day)
            }
        }
        guard midnight != invalid, !isWord(byte(bytes, end)), byte(bytes, end) != separator,
            byte(bytes, end &+ 3) != Ascii.colon
        else { return nil }
        return (midnight, end)
    }

    /// `2026-324T04:00:16`: the year and its day.
    @inline(never)
    private static func ordinal(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        let year = fourDigits(bytes, at: start)
        let tens = twoDigits(bytes, start &+ 5)
        let ones = byte(bytes, start &+ 7) &- 0x30
        guard tens >= 0, ones < 10, byte(bytes, start &+ 8) == 0x54 || byte(bytes, start &+ 8) == Ascii.space else {
            return nil
        }
        let first = midnight(year, 1, 1)
        let day = tens &* 10 &+ Int(ones)
        guard first != invalid, day >= 1, day <= (Timestamp.isLeap(year) ? 366 : 365) else { return nil }
        return withClock(bytes, start &+ 9, first &+ (day &- 1) &* 86_400)
    }

    /// `2026-W47-5T04:00:16`, `2026W475T040016`: the year, its week and the day of that.
    @inline(never)
    private static func weekDate(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        let dash = byte(bytes, start &+ 4) == Ascii.dash ? 1 : 0
        var i = start &+ 4 &+ dash
        let week = twoDigits(bytes, i &+ 1)
        guard byte(bytes, i) == 0x57, week >= 1, week <= 53 else { return nil }
        i &+= 3 &+ dash
        let day = Int(byte(bytes, i) &- 0x30)
        // The first week is the one with 4 January; 1970 began on a Thursday.
        let fourth = midnight(fourDigits(bytes, at: start), 1, 4)
        guard day >= 1, day <= 7, dash == 0 || byte(bytes, i &- 1) == Ascii.dash, fourth != invalid else { return nil }
        let weekday = (fourth / 86_400 &+ 3) % 7
        let midnight = fourth &+ ((week &- 1) &* 7 &+ day &- 1 &- weekday) &* 86_400
        if byte(bytes, i &+ 1) == 0x54, let seconds = packedClock(bytes, i &+ 2) {
            return dated(bytes, i &+ 8, midnight, seconds)
        }
        return behindDate(bytes, i &+ 1, midnight)
    }

    /// `2026 Nov 20 04:00:16`, as OSSEC and Wazuh write it; TIBCO's with `:120 GMT +0200` behind.
    @inline(never)
    private static func yearMonthName(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        guard let (month, end) = monthName(bytes, start &+ 5), let time = behindMonth(bytes, end, month),
            time.shape == .yearless
        else { return nil }
        let midnight = self.midnight(fourDigits(bytes, at: start), month, Int(time.day))
        guard midnight != invalid else { return nil }
        if byte(bytes, time.end) == Ascii.colon, !time.hasZone {
            return withMilliseconds(bytes, time.end, midnight, Int(time.nanoseconds / Timestamp.second))
        }
        let nanoseconds = Int64(midnight) &* Timestamp.second &+ time.nanoseconds
        return ScannedTime(end: time.end, nanoseconds: nanoseconds, shape: .full, hasZone: time.hasZone)
    }

    /// `2026-Nov-20 04:00:16`.
    @inline(never)
    private static func yearMonthDay(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        guard isLetter(byte(bytes, start &+ 5)), let (month, end) = monthName(bytes, start &+ 5),
            byte(bytes, end) == Ascii.dash, let (day, afterDay) = oneOrTwoDigits(bytes, end &+ 1)
        else { return nil }
        let midnight = self.midnight(fourDigits(bytes, at: start), month, day)
        return midnight == invalid ? nil : behindDate(bytes, afterDay, midnight)
    }

    /// `1120/040016.123456`, between colons in Chromium's lines.
    private static func chromium(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        guard byte(bytes, start &+ 4) == Ascii.slash, let seconds = packedClock(bytes, start &+ 5),
            byte(bytes, start &+ 11) == Ascii.dot, isDigit(byte(bytes, start &+ 12))
        else { return nil }
        return yearless(bytes, start &+ 11, twoDigits(bytes, start), twoDigits(bytes, start &+ 2), seconds)
    }

    /// `2026/11/22 10:00:00`, `2026.11.22-10.00.00:123`, `2014:07:02-00:17:45` (Astaro), `2026-1-5 4:03:02`.
    @inline(never)
    private static func yearFirst(_ bytes: Span<UInt8>, _ start: Int, _ separator: UInt8) -> ScannedTime? {
        guard let (month, afterMonth) = oneOrTwoDigits(bytes, start &+ 5), byte(bytes, afterMonth) == separator,
            let (day, afterDay) = oneOrTwoDigits(bytes, afterMonth &+ 1)
        else { return nil }
        let midnight = self.midnight(fourDigits(bytes, at: start), month, day)
        return midnight == invalid ? nil : behindDate(bytes, afterDay, midnight)
    }

    /// `11/22/2026 10:00:00 AM`, `22.11.2026 10:00:00`, `17/06/09 20:10:40`, `11/22/26,10:00:00`, `11-22 10:00:00.123`.
    @inline(never)
    private static func dayOrMonthFirst(
        _ bytes: Span<UInt8>, _ start: Int, _ leading: Int, _ separator: UInt8
    ) -> ScannedTime? {
        guard let (first, _) = oneOrTwoDigits(bytes, start),
            let (second, after) = oneOrTwoDigits(bytes, start &+ leading &+ 1)
        else { return nil }
        let next = byte(bytes, after)
        if separator == Ascii.dash, leading == 2, next == Ascii.space {
            return android(bytes, after &+ 1, month: first, day: second)
        }
        // Proxifier's `[10.30 16:49:06]`, Snort's `01/21-08:24:53.632228`. Further into a line, without a bracket or a
        // fraction, this would be any number before a time.
        let isDashed = separator == Ascii.slash && next == Ascii.dash && byte(bytes, after &+ 9) == Ascii.dot
        if leading == 2, separator != Ascii.dash,
            isDashed || next == Ascii.space && (start == 0 || bytes[unchecked: start &- 1] == Ascii.leftBracket)
        {
            let dayFirst = first > 12
            var time = android(bytes, after &+ 1, month: dayFirst ? second : first, day: dayFirst ? first : second)
            time?.order = dayFirst ? .dayFirst : .monthFirst
            return time
        }
        guard next == separator else { return nil }
        var third = fourDigits(bytes, at: after &+ 1)
        let isShort = third < 0
        if isShort { third = twoDigits(bytes, after &+ 1) }
        if third < 0 { return unpaddedDay(bytes, after &+ 1, leading == 2 ? first : -1, second) }
        let i = after &+ (isShort ? 3 : 5)
        guard !isDigit(byte(bytes, i)) else { return nil }
        // Who writes the year first with slashes writes all numbers with two digits: `8/9/26` is American.
        let mayBeginWithYear =
            isShort && !(separator == Ascii.slash && (leading == 1 || after == start &+ leading &+ 2))
        // Slashes are American, and with two digits the year's (Hadoop); dots put the day first.
        let orders: (DateOrder, DateOrder, DateOrder) =
            switch separator {
            case Ascii.slash where isShort && byte(bytes, i) == Ascii.dash && byte(bytes, i &+ 9) == Ascii.dot:
                // Snort's `09/03/21-12:13:14.123456`.
                (.monthFirst, .dayFirst, .yearFirst)
            case Ascii.slash: mayBeginWithYear ? (.yearFirst, .monthFirst, .dayFirst) : (.monthFirst, .dayFirst, .named)
            case Ascii.dash where isShort: (.yearFirst, .dayFirst, .monthFirst)
            default: (.dayFirst, .monthFirst, isShort ? .yearFirst : .named)
            }
        var time =
            numeric(bytes, i, first, second, third, orders.0, isShort)
            ?? numeric(bytes, i, first, second, third, orders.1, isShort)
            ?? numeric(bytes, i, first, second, third, orders.2, isShort)
        time?.mayBeginWithYear = mayBeginWithYear
        return time
    }

    /// `17-3-7 19:07:33`: with one digit at `i` for the last number the year can only be the first.
    private static func unpaddedDay(_ bytes: Span<UInt8>, _ i: Int, _ year: Int, _ month: Int) -> ScannedTime? {
        guard bytes[unchecked: i &- 1] != Ascii.dot, let (day, end) = oneOrTwoDigits(bytes, i) else { return nil }
        let midnight = self.midnight(century(year), month, day)
        return midnight == invalid ? nil : behindDate(bytes, end, midnight)
    }

    /// The date of three numbers in an order, which ends at `i`, and the clock.
    private static func numeric(
        _ bytes: Span<UInt8>, _ i: Int, _ first: Int, _ second: Int, _ third: Int, _ order: DateOrder, _ isShort: Bool
    ) -> ScannedTime? {
        let (month, day, year) =
            switch order {
            case .monthFirst: (first, second, third)
            case .dayFirst: (second, first, third)
            case .yearFirst: (second, third, first)
            case .named: (0, 0, 0)
            }
        let fullYear = isShort ? century(year) : year
        let midnight = self.midnight(fullYear, month, day)
        guard midnight != invalid, var time = behindDate(bytes, i, midnight) else { return nil }
        time.order = order
        time.hasShortYear = isShort
        time.month = UInt8(truncatingIfNeeded: month)
        time.day = UInt8(truncatingIfNeeded: day)
        time.year = Int16(truncatingIfNeeded: fullYear)
        return time
    }

    /// Android's `11-22 10:00:00.123`; `i` is where the clock stands.
    private static func android(_ bytes: Span<UInt8>, _ i: Int, month: Int, day: Int) -> ScannedTime? {
        let i = byte(bytes, i) == Ascii.space ? i &+ 1 : i
        guard bytes.count &- i >= 8 else { return nil }
        return yearless(bytes, i &+ 8, month, day, clock(word(bytes, i), separator: .colon))
    }

    /// `081109 203615` (Hadoop's file system), `081109 20:36:15` and `081109  9:36:15` (older MySQL).
    @inline(never)
    private static func sixDigits(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        let midnight = self.midnight(
            century(twoDigits(bytes, start)), twoDigits(bytes, start &+ 2), twoDigits(bytes, start &+ 4))
        guard midnight != invalid else { return nil }
        let i = start &+ 7
        if let seconds = packedClock(bytes, i) {
            guard !isWord(byte(bytes, i &+ 6)) else { return nil }
            return full(i &+ 6, midnight &+ seconds, 0, hasZone: false)
        }
        return withClock(bytes, byte(bytes, i) == Ascii.space ? i &+ 1 : i, midnight)
    }

    /// `20261122T100000Z`, `20261122 10:00:00`, `20261122:100000.123`, `20261122-10:00:00:123`.
    @inline(never)
    private static func eightDigits(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        let midnight = self.midnight(
            fourDigits(bytes, at: start), twoDigits(bytes, start &+ 4), twoDigits(bytes, start &+ 6))
        guard midnight != invalid else { return nil }
        let i = start &+ 9
        switch byte(bytes, start &+ 8) {
        case 0x54, 0x20, 0x74, 0x5F, Ascii.dash, Ascii.colon: break
        case Ascii.dot:
            // With the fraction behind it: else it is a number.
            let mark = byte(bytes, i &+ 6)
            guard mark == Ascii.comma || mark == Ascii.dot, isDigit(byte(bytes, i &+ 7)),
                let seconds = packedClock(bytes, i)
            else { return nil }
            return dated(bytes, i &+ 6, midnight, seconds)
        default: return nil
        }
        if let seconds = packedClock(bytes, i) { return dated(bytes, i &+ 6, midnight, seconds) }
        if byte(bytes, start &+ 8) == Ascii.dash, let time = unpadded(bytes, i, midnight) { return time }
        return behindDate(bytes, start &+ 8, midnight)
    }

    /// `7:5:9:42`: some programs write every part, milliseconds too, without leading zeros.
    private static func unpadded(_ bytes: Span<UInt8>, _ start: Int, _ midnight: Int) -> ScannedTime? {
        guard let (hour, i) = oneOrTwoDigits(bytes, start), byte(bytes, i) == Ascii.colon,
            let (minute, j) = oneOrTwoDigits(bytes, i &+ 1), byte(bytes, j) == Ascii.colon,
            let (second, k) = oneOrTwoDigits(bytes, j &+ 1), byte(bytes, k) == Ascii.colon
        else { return nil }
        var end = k &+ 1
        var milliseconds = 0
        while end < k &+ 4, isDigit(byte(bytes, end)) {
            milliseconds = milliseconds &* 10 &+ Int(bytes[unchecked: end] &- 0x30)
            end &+= 1
        }
        let seconds = self.seconds(hour, minute, second)
        guard seconds >= 0, end > k &+ 1, !isWord(byte(bytes, end)) else { return nil }
        return full(end, midnight &+ seconds, milliseconds &* 1_000_000, hasZone: false)
    }

    /// The kernel's `[    0.123456]` and X's `[    12.345]`: seconds since the start of the machine, with the brackets.
    /// They write micro- and milliseconds; `[4.26]` is a number of some program.
    @inline(never)
    static func uptime(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        var i = start &+ 1
        while i < start &+ 8, byte(bytes, i) == Ascii.space { i &+= 1 }
        let first = i
        var seconds = 0
        while i < first &+ 9, isDigit(byte(bytes, i)) {
            seconds = seconds &* 10 &+ Int(bytes[unchecked: i] &- 0x30)
            i &+= 1
        }
        guard i > first, byte(bytes, i) == Ascii.dot else { return nil }
        let (nanoseconds, end) = fraction(bytes, i &+ 1)
        guard end &- i == 7 || end &- i == 4, byte(bytes, end) == Ascii.rightBracket else { return nil }
        let time = Int64(seconds) &* Timestamp.second &+ Int64(nanoseconds)
        return ScannedTime(end: end &+ 1, nanoseconds: time, shape: .uptime)
    }
}
