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

    /// `10:00:00` or `9:00:00` at `i`, then a fraction, `AM` or `PM`, and a zone.
    @inline(never)
    static func withClock(_ bytes: Span<UInt8>, _ i: Int, _ midnight: Int) -> ScannedTime? {
        guard let (hour, afterHour) = oneOrTwoDigits(bytes, i), byte(bytes, afterHour) == Ascii.colon,
            byte(bytes, afterHour &+ 3) == Ascii.colon
        else { return nil }
        let seconds = self.seconds(hour, twoDigits(bytes, afterHour &+ 1), twoDigits(bytes, afterHour &+ 4))
        guard seconds >= 0 else { return nil }
        let clockEnd = afterHour &+ 6
        let half = halfOfDay(bytes, clockEnd)
        guard half.end > clockEnd else { return dated(bytes, clockEnd, midnight, seconds) }
        guard hour >= 1, hour <= 12 else { return nil }
        // 12 AM is the hour after midnight.
        let shifted = seconds &+ ((hour == 12 ? 0 : hour) &- hour) &* 3600 &+ (half.afternoon ? 43_200 : 0)
        let zone = self.zone(bytes, half.end)
        guard zone.end >= 0 else { return nil }
        return full(
            zone.end, midnight &+ shifted &- zone.offset, half.nanoseconds, hasZone: zone.end > half.end)
    }

    /// `.123 PM`, ` AM`, `pm` at `i`; `end` is `i` where there is none.
    private static func halfOfDay(
        _ bytes: Span<UInt8>, _ i: Int
    ) -> (nanoseconds: Int, afternoon: Bool, end: Int) {
        var at = i
        var nanoseconds = 0
        if byte(bytes, at) == Ascii.dot, isDigit(byte(bytes, at &+ 1)) {
            (nanoseconds, at) = fraction(bytes, at &+ 1)
        }
        if byte(bytes, at) == Ascii.space { at &+= 1 }
        let letter = byte(bytes, at) | 0x20
        guard letter == 0x61 || letter == 0x70, byte(bytes, at &+ 1) | 0x20 == 0x6D, !isWord(byte(bytes, at &+ 2))
        else { return (0, false, i) }
        return (nanoseconds, letter == 0x70, at &+ 2)
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
