/// Times of day as the rarer layouts write them.
extension TimestampScanner {
    /// A number of one or two digits at `i`, not part of a longer one.
    @inline(__always)
    static func oneOrTwoDigits(_ bytes: Span<UInt8>, _ i: Int) -> (value: Int, end: Int)? {
        let first = byte(bytes, i) &- 0x30
        guard first < 10 else { return nil }
        let second = byte(bytes, i &+ 1) &- 0x30
        guard second < 10 else { return (Int(first), i &+ 1) }
        return isDigit(byte(bytes, i &+ 2)) ? nil : (Int(first &* 10 &+ second), i &+ 2)
    }

    /// Seconds of the day of `203615`, or nil.
    static func packedClock(_ bytes: Span<UInt8>, _ i: Int) -> Int? {
        let seconds = self.seconds(twoDigits(bytes, i), twoDigits(bytes, i &+ 2), twoDigits(bytes, i &+ 4))
        return seconds >= 0 ? seconds : nil
    }

    /// The clock behind a date that ends at `i`, with what programs write between them: `T`, a space or two, `_`, `,`, `;`,
    /// `|`, `-`, `:`, `::`, ` - `, ` at `, ` @ `, `][`.
    @inline(never)
    static func behindDate(_ bytes: Span<UInt8>, _ start: Int, _ midnight: Int) -> ScannedTime? {
        var i = start
        switch byte(bytes, i) {
        case 0x54, 0x74, 0x5F, 0x09, UInt8(ascii: ";"), UInt8(ascii: "|"), Ascii.dash: i &+= 1
        case Ascii.rightBracket:
            i &+= byte(bytes, i &+ 1) == Ascii.space ? 2 : 1
            guard byte(bytes, i) == Ascii.leftBracket else { return nil }
            i &+= 1
        case Ascii.space, Ascii.comma, Ascii.colon:
            let first = byte(bytes, i)
            i &+= 1
            if byte(bytes, i) == first || byte(bytes, i) == Ascii.space { i &+= 1 }
            for word: StaticString in ["at ", "- ", "um ", "@ "] where bytes.matches(word, at: i) {
                i &+= word.utf8CodeUnitCount
            }
        case Ascii.quote:
            // `"16/12/2026","07:05:25"`: two cells next to each other.
            let comma = byte(bytes, i &+ 1)
            guard comma == Ascii.comma || comma == UInt8(ascii: ";") || comma == 0x09,
                byte(bytes, i &+ 2) == Ascii.quote
            else { return nil }
            i &+= 3
        default: return nil
        }
        return withClock(bytes, i, midnight)
    }

    /// `10:00:00`, `9:00:00` or `9:0:5` at `i`, then a fraction, `AM` or `PM`, and a zone. WebSphere writes `9:00:00:123`.
    @inline(never)
    static func withClock(_ bytes: Span<UInt8>, _ i: Int, _ midnight: Int) -> ScannedTime? {
        guard let (hour, afterHour) = oneOrTwoDigits(bytes, i) else { return halfFirst(bytes, i, midnight) }
        let separator = byte(bytes, afterHour)
        guard separator == Ascii.colon else {
            return clock(bytes, i, midnight, separator == Ascii.dash ? .dash : .dot)
        }
        guard let (minute, afterMinute) = oneOrTwoDigits(bytes, afterHour &+ 1) else { return nil }
        guard byte(bytes, afterMinute) == Ascii.colon, isDigit(byte(bytes, afterMinute &+ 1)) else {
            return withoutSeconds(bytes, i, afterHour, midnight)
        }
        guard let (second, end) = oneOrTwoDigits(bytes, afterMinute &+ 1) else { return nil }
        let seconds = self.seconds(hour, minute, second)
        return seconds < 0 ? nil : withMilliseconds(bytes, end, midnight, seconds)
    }

    /// `上午 4:00:16`.
    private static func halfFirst(_ bytes: Span<UInt8>, _ i: Int, _ midnight: Int) -> ScannedTime? {
        guard let half = markedHalf(bytes, i) else { return nil }
        let clock = byte(bytes, half.end) == Ascii.space ? half.end &+ 1 : half.end
        guard let (hour, _) = oneOrTwoDigits(bytes, clock), let shift = half.shift(hour &* 3600) else { return nil }
        return withClock(bytes, clock, midnight &+ shift)
    }

    /// `10.00.00` at `i`, as Unreal and Oracle write it, `10-00-00` as Snapcast does.
    @inline(never)
    private static func clock(
        _ bytes: Span<UInt8>, _ i: Int, _ midnight: Int, _ separator: Separator
    ) -> ScannedTime? {
        guard bytes.count &- i >= 8 else { return nil }
        let seconds = clock(word(bytes, i), separator: separator)
        return seconds < 0 ? nil : withMilliseconds(bytes, i &+ 8, midnight, seconds)
    }

    /// `dated`, but for milliseconds behind a colon: exactly three digits.
    @inline(never)
    static func withMilliseconds(
        _ bytes: Span<UInt8>, _ i: Int, _ midnight: Int, _ seconds: Int
    ) -> ScannedTime? {
        guard byte(bytes, i) == Ascii.colon, isDigit(byte(bytes, i &+ 1)), isDigit(byte(bytes, i &+ 2)),
            isDigit(byte(bytes, i &+ 3)), !isWord(byte(bytes, i &+ 4)),
            byte(bytes, i &+ 4) != Ascii.colon || !isWord(byte(bytes, i &+ 5)),
            var time = dated(bytes, i &+ 4, midnight, seconds)
        else { return dated(bytes, i, midnight, seconds) }
        time.nanoseconds &+= Int64(fraction(bytes, i &+ 1).nanoseconds)
        return time
    }

    /// `AM` or `PM`.
    struct HalfOfDay {
        var afternoon: Bool
        var end: Int

        /// What it adds to the second of the day that the clock shows; nil for an hour that no such clock has.
        /// 12 AM is the hour after midnight.
        func shift(_ second: Int) -> Int? {
            let hour = second / 3600
            guard hour >= 1, hour <= 12 else { return nil }
            return (hour == 12 ? -43_200 : 0) &+ (afternoon ? 43_200 : 0)
        }
    }

    /// ` PM`, `AM`, ` pm`, ` a.m.` at `i`.
    static func halfOfDay(_ bytes: Span<UInt8>, _ i: Int) -> HalfOfDay? {
        var at = i
        if byte(bytes, at) == Ascii.space {
            at &+= 1
        } else if byte(bytes, at) == 0xE2 {
            // U+202F: since version 20 Java puts this space before `AM`.
            guard byte(bytes, at &+ 1) == 0x80, byte(bytes, at &+ 2) == 0xAF else { return nil }
            at &+= 3
        }
        if byte(bytes, at) >= 0xE4 { return markedHalf(bytes, at) }
        let letter = byte(bytes, at) | 0x20
        guard letter == 0x61 || letter == 0x70 else { return nil }
        let dotted = byte(bytes, at &+ 1) == Ascii.dot
        let second = dotted ? at &+ 2 : at &+ 1
        guard byte(bytes, second) | 0x20 == 0x6D, !dotted || byte(bytes, second &+ 1) == Ascii.dot else { return nil }
        let end = dotted ? second &+ 2 : second &+ 1
        return isWord(byte(bytes, end)) ? nil : HalfOfDay(afternoon: letter == 0x70, end: end)
    }

    /// `10:00` or `9:00` at `i`, the seconds left out, as ISO 8601 allows; `colon` is where its colon is. What could be a
    /// longer, broken clock is refused.
    @inline(never)
    private static func withoutSeconds(_ bytes: Span<UInt8>, _ i: Int, _ colon: Int, _ midnight: Int) -> ScannedTime? {
        guard let (hour, _) = oneOrTwoDigits(bytes, i) else { return nil }
        let seconds = self.seconds(hour, twoDigits(bytes, colon &+ 1), 0)
        let next = byte(bytes, colon &+ 3)
        let goesOn = next == Ascii.colon || next == Ascii.dot || next == Ascii.comma
        guard seconds >= 0, !goesOn || !isWord(byte(bytes, colon &+ 4)) else { return nil }
        return dated(bytes, colon &+ 3, midnight, seconds)
    }
}
