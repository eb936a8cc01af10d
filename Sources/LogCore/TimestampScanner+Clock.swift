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

    /// `10:00:00` or `9:00:00` at `i`, then a fraction, `AM` or `PM`, and a zone. WebSphere writes `9:00:00:123`.
    @inline(never)
    static func withClock(_ bytes: Span<UInt8>, _ i: Int, _ midnight: Int) -> ScannedTime? {
        guard let (hour, afterHour) = oneOrTwoDigits(bytes, i), byte(bytes, afterHour) == Ascii.colon,
            byte(bytes, afterHour &+ 3) == Ascii.colon
        else { return dottedClock(bytes, i, midnight) }
        let seconds = self.seconds(hour, twoDigits(bytes, afterHour &+ 1), twoDigits(bytes, afterHour &+ 4))
        guard seconds >= 0 else { return nil }
        return withMilliseconds(bytes, afterHour &+ 6, midnight, seconds)
    }

    /// `10.00.00` at `i`, as Unreal and Oracle write it.
    @inline(never)
    private static func dottedClock(_ bytes: Span<UInt8>, _ i: Int, _ midnight: Int) -> ScannedTime? {
        guard bytes.count &- i >= 8 else { return nil }
        let seconds = clock(word(bytes, i), separator: .dot)
        return seconds < 0 ? nil : withMilliseconds(bytes, i &+ 8, midnight, seconds)
    }

    /// `dated`, but for milliseconds behind a colon: exactly three digits.
    private static func withMilliseconds(
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
        let letter = byte(bytes, at) | 0x20
        guard letter == 0x61 || letter == 0x70 else { return nil }
        let dotted = byte(bytes, at &+ 1) == Ascii.dot
        let second = dotted ? at &+ 2 : at &+ 1
        guard byte(bytes, second) | 0x20 == 0x6D, !dotted || byte(bytes, second &+ 1) == Ascii.dot else { return nil }
        let end = dotted ? second &+ 2 : second &+ 1
        return isWord(byte(bytes, end)) ? nil : HalfOfDay(afternoon: letter == 0x70, end: end)
    }

    /// `10:00` at `i`, the seconds left out, as ISO 8601 allows. What could be a longer, broken clock is refused.
    @inline(never)
    static func withoutSeconds(_ bytes: Span<UInt8>, _ i: Int, _ midnight: Int) -> ScannedTime? {
        guard byte(bytes, i &+ 2) == Ascii.colon else { return nil }
        let seconds = self.seconds(twoDigits(bytes, i), twoDigits(bytes, i &+ 3), 0)
        let next = byte(bytes, i &+ 5)
        guard seconds >= 0, next != Ascii.colon, next != Ascii.dot, next != Ascii.comma else { return nil }
        return dated(bytes, i &+ 5, midnight, seconds)
    }
}
