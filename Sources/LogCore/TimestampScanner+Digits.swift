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
                return leading == 2 ? timeOnly(bytes, start, head) : nil
            case Ascii.slash, Ascii.dash, Ascii.dot, Ascii.space:
                let next = byte(bytes, start &+ leading &+ 1)
                if isLetter(next) { return dayMonthName(bytes, start, leading, separator) }
                guard isDigit(next), separator != Ascii.space else { return nil }
                return dayOrMonthFirst(bytes, start, leading, separator)
            default:
                return nil
            }
        case 4 where separator == Ascii.slash || separator == Ascii.dot:
            return yearFirst(bytes, start, separator)
        case 6 where separator == Ascii.space:
            return sixDigits(bytes, start)
        case 8:
            return isDigit(separator) ? epoch(bytes, start) : eightDigits(bytes, start)
        default:
            return nil
        }
    }

    /// `10:00:00`, `10:00:00.123`, `10:00:00,123`, `10:00:00:123`.
    @inline(never)
    private static func timeOnly(_ bytes: Span<UInt8>, _ start: Int, _ head: UInt64) -> ScannedTime? {
        let seconds = clock(head, separator: .colon)
        guard seconds >= 0 else { return nil }
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
        let time = Int64(seconds) &* Timestamp.second &+ Int64(nanoseconds)
        return ScannedTime(end: end, nanoseconds: time, shape: .timeOnly)
    }

    /// `2026/11/22 10:00:00`, `2026.11.22 10:00:00`.
    @inline(never)
    private static func yearFirst(_ bytes: Span<UInt8>, _ start: Int, _ separator: UInt8) -> ScannedTime? {
        guard byte(bytes, start &+ 7) == separator else { return nil }
        let midnight = self.midnight(
            fourDigits(bytes, at: start), twoDigits(bytes, start &+ 5), twoDigits(bytes, start &+ 8))
        guard midnight != invalid else { return nil }
        switch byte(bytes, start &+ 10) {
        case 0x54, 0x20, 0x74, 0x5F, Ascii.dash: return withClock(bytes, start &+ 11, midnight)
        default: return nil
        }
    }

    /// `11/22/2026 10:00:00 AM`, `22.11.2026 10:00:00`, `17/06/09 20:10:40`, `11-22 10:00:00.123`.
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
        if separator == Ascii.dot, leading == 2, next == Ascii.space,
            start == 0 || bytes[unchecked: start &- 1] == Ascii.leftBracket
        {
            // `[22.11 10:00:00]`, and `[10.30 16:49:06]` where the second number can't be a month. Further into a line,
            // without a bracket, this would be any number before a time.
            return android(bytes, after &+ 1, month: second > 12 ? first : second, day: second > 12 ? second : first)
        }
        guard next == separator else { return nil }
        if separator == Ascii.slash, byte(bytes, after &+ 3) == Ascii.space {
            let day = twoDigits(bytes, after &+ 1)
            let midnight = leading == 2 ? self.midnight(century(first), second, day) : invalid
            return midnight == invalid ? nil : withClock(bytes, after &+ 4, midnight)
        }
        // Slashes are American unless the first number can't be a month; dots and dashes put the day first.
        let dayFirst = separator != Ascii.slash || first > 12
        let year = fourDigits(bytes, at: after &+ 1)
        let midnight = self.midnight(year, dayFirst ? second : first, dayFirst ? first : second)
        guard midnight != invalid else { return nil }
        var i = after &+ 5
        if byte(bytes, i) == Ascii.comma { i &+= 1 }
        guard byte(bytes, i) == Ascii.space else { return nil }
        return withClock(bytes, i &+ 1, midnight)
    }

    /// Android's `11-22 10:00:00.123`; `i` is where the clock stands.
    private static func android(_ bytes: Span<UInt8>, _ i: Int, month: Int, day: Int) -> ScannedTime? {
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

    /// `20261122T100000Z`, `20261122 10:00:00`, `20261122-10:00:00:123`.
    @inline(never)
    private static func eightDigits(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        let midnight = self.midnight(
            fourDigits(bytes, at: start), twoDigits(bytes, start &+ 4), twoDigits(bytes, start &+ 6))
        guard midnight != invalid else { return nil }
        let i = start &+ 9
        switch byte(bytes, start &+ 8) {
        case 0x54, 0x20, 0x74, 0x5F, Ascii.dash: break
        default: return nil
        }
        if let seconds = packedClock(bytes, i) { return dated(bytes, i &+ 6, midnight, seconds) }
        if byte(bytes, start &+ 8) == Ascii.dash, let time = unpadded(bytes, i, midnight) { return time }
        return withClock(bytes, i, midnight)
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

    /// A lone number of 10, 13, 16 or 19 digits: seconds to nanoseconds since the epoch, from 2001 to 2099.
    /// Seconds may have a fraction.
    @inline(never)
    private static func epoch(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        var value: UInt64 = 0
        var end = start
        while end < start &+ 20, isDigit(byte(bytes, end)) {
            value = value &* 10 &+ UInt64(bytes[unchecked: end] &- 0x30)
            end &+= 1
        }
        let perSecond: UInt64
        switch end &- start {
        case 10: perSecond = 1
        case 13: perSecond = 1000
        case 16: perSecond = 1_000_000
        case 19: perSecond = 1_000_000_000
        default: return nil
        }
        // 2100-01-01; the least number of so many digits lies in 2001.
        let (seconds, rest) = value.quotientAndRemainder(dividingBy: perSecond)
        guard seconds >= 1_000_000_000, seconds < 4_102_444_800 else { return nil }
        var nanoseconds = Int(rest &* (1_000_000_000 / perSecond))
        if perSecond == 1, byte(bytes, end) == Ascii.dot, isDigit(byte(bytes, end &+ 1)) {
            (nanoseconds, end) = fraction(bytes, end &+ 1)
        }
        let next = byte(bytes, end)
        guard !isWord(next), next != Ascii.dash else { return nil }
        return full(end, Int(seconds), nanoseconds, hasZone: true)
    }

    /// The kernel's `[    0.123456]`: seconds since the start of the machine, with the brackets.
    /// It writes microseconds; `[4.26]` is a number of some program.
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
        guard end &- i == 7, byte(bytes, end) == Ascii.rightBracket else { return nil }
        let time = Int64(seconds) &* Timestamp.second &+ Int64(nanoseconds)
        return ScannedTime(end: end &+ 1, nanoseconds: time, shape: .uptime)
    }
}
