/// Zones behind a time of day.
extension TimestampScanner {
    /// The zone at `i`: `Z`, `UTC`, `GMT`, `+hh:mm`, `+hhmm`, `+hh`, all but the last also behind a space.
    /// `end` is `i` where there is none, and -1 where one is written that can't be (`+25:00`).
    static func zone(_ bytes: Span<UInt8>, _ i: Int) -> (offset: Int, end: Int) {
        if let zone = clfZone(bytes, i) { return zone }
        let spaced = byte(bytes, i) == Ascii.space
        let at = spaced ? i &+ 1 : i
        switch byte(bytes, at) {
        case Ascii.plus, Ascii.dash:
            return offset(bytes, at, none: i, spaced: spaced)
        case 0x55 where byte(bytes, at &+ 1) == 0x54 && byte(bytes, at &+ 2) == 0x43,
            0x47 where byte(bytes, at &+ 1) == 0x4D && byte(bytes, at &+ 2) == 0x54:
            return isWord(byte(bytes, at &+ 3)) ? (0, i) : (0, at &+ 3)
        case 0x5A where !isWord(byte(bytes, at &+ 1)):
            return (0, at &+ 1)
        default:
            return (0, i)
        }
    }

    /// ` -0700`, from one word.
    @inline(__always)
    private static func clfZone(_ bytes: Span<UInt8>, _ i: Int) -> (offset: Int, end: Int)? {
        guard bytes.count &- i >= 8 else { return nil }
        let all = word(bytes, i)
        let digits = (all ^ 0x0000_3030_3030_0020) & 0x0000_FFFF_FFFF_00FF
        guard ((digits &+ 0x0000_7676_7676_007F) | digits) & highBits == 0,
            !isWord(UInt8(truncatingIfNeeded: all >> 48)), UInt8(truncatingIfNeeded: all >> 48) != Ascii.colon
        else { return nil }
        let pairs = digits &* 10 &+ (digits >> 8)
        let (hours, minutes) = (Int((pairs >> 16) & 0xFF), Int((pairs >> 32) & 0xFF))
        guard hours <= 15, minutes <= 59 else { return nil }
        let seconds = hours &* 3600 &+ minutes &* 60
        switch UInt8(truncatingIfNeeded: all >> 8) {
        case Ascii.plus: return (seconds, i &+ 6)
        case Ascii.dash: return (0 &- seconds, i &+ 6)
        default: return nil
        }
    }

    /// A numeric zone whose sign stands at `i`. What isn't shaped like one ends at `none`, and so does
    /// a number out of range behind a space, which is more likely the message's.
    private static func offset(
        _ bytes: Span<UInt8>, _ i: Int, none: Int, spaced: Bool
    ) -> (offset: Int, end: Int) {
        let hours = twoDigits(bytes, i &+ 1)
        guard hours >= 0 else { return (0, none) }
        var end = i &+ 3
        var minutes = twoDigits(bytes, end)
        if minutes >= 0 {
            end &+= 2
        } else if byte(bytes, end) == Ascii.colon {
            minutes = twoDigits(bytes, end &+ 1)
            if minutes >= 0 { end &+= 3 }
        }
        if minutes < 0 {
            // `10:00:00-05`, but not `10:00:00-05:3` or `10:00:00 -05`.
            guard !spaced, hours <= 15, !isWord(byte(bytes, end)), !digitAfterColon(bytes, end) else {
                return (0, none)
            }
            minutes = 0
        } else if isWord(byte(bytes, end)) || digitAfterColon(bytes, end) {
            // A span of time (`10:00:00-11:30:00`), or a longer number.
            return (0, none)
        }
        guard hours <= 15, minutes <= 59 else { return (0, spaced ? none : -1) }
        let seconds = hours &* 3600 &+ minutes &* 60
        return (byte(bytes, i) == Ascii.dash ? 0 &- seconds : seconds, end)
    }

    private static func digitAfterColon(_ bytes: Span<UInt8>, _ i: Int) -> Bool {
        byte(bytes, i) == Ascii.colon && isDigit(byte(bytes, i &+ 1))
    }
}
