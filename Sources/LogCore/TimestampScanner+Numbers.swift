/// Times that are one number.
extension TimestampScanner {
    /// A lone number: 10, 13, 16 or 19 digits are seconds to nanoseconds since the epoch, from 2001 to 2099; seconds and
    /// milliseconds may have a fraction. 18 digits are Windows' FILETIME, 14 and 17 a date and a clock without joints.
    @inline(never)
    static func longNumber(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
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
        case 18:
            guard let nanoseconds = fileTime(value), !isWord(byte(bytes, end)) else { return nil }
            return ScannedTime(end: end, nanoseconds: nanoseconds, shape: .full, hasZone: true)
        case 12: return symantec(bytes, start)
        case 14, 17: return packedDate(bytes, start, end)
        default: return nil
        }
        // 2100-01-01; the least number of so many digits lies in 2001.
        let (seconds, rest) = value.quotientAndRemainder(dividingBy: perSecond)
        guard seconds >= 1_000_000_000, seconds < 4_102_444_800 else { return nil }
        var nanoseconds = Int(rest &* (1_000_000_000 / perSecond))
        if perSecond <= 1000, byte(bytes, end) == Ascii.dot, isDigit(byte(bytes, end &+ 1)) {
            let more = fraction(bytes, end &+ 1)
            nanoseconds &+= more.nanoseconds / Int(perSecond)
            end = more.end
        }
        let next = byte(bytes, end)
        guard !isWord(next), next != Ascii.dash else { return nil }
        return full(end, Int(seconds), nanoseconds, hasZone: true)
    }

    /// Nanoseconds since 1970 of a number of 100 nanoseconds since 1601, if that is a time of 2001 to 2099.
    static func fileTime(_ ticks: UInt64) -> Int64? {
        let epoch: UInt64 = 116_444_736_000_000_000
        guard ticks >= epoch &+ 10_000_000_000_000_000, ticks < epoch &+ 41_024_448_000_000_000 else { return nil }
        return Int64((ticks &- epoch) &* 100)
    }

    /// `20261120040016`, `20261120040016123`.
    private static func packedDate(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> ScannedTime? {
        let midnight = self.midnight(
            fourDigits(bytes, at: start), twoDigits(bytes, start &+ 4), twoDigits(bytes, start &+ 6))
        guard midnight != invalid, let seconds = packedClock(bytes, start &+ 8) else { return nil }
        let milliseconds = end &- start == 17 ? fraction(bytes, start &+ 14).nanoseconds : 0
        guard end &- start == 17 || !isWord(byte(bytes, end)) else { return nil }
        guard var time = dated(bytes, end, midnight, seconds) else { return nil }
        time.nanoseconds &+= Int64(milliseconds)
        return time
    }

    /// `@4000000065…`: TAI64, TAI64N and TAI64NA labels, in hexadecimal digits. https://cr.yp.to/libtai/tai64.html
    /// Whoever writes them adds ten seconds to the time of day, as if there had been no leap second since.
    @inline(never)
    static func tai(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        var seconds: UInt64 = 0
        var nanoseconds: UInt64 = 0
        var end = start &+ 1
        while end < start &+ 34, let digit = hexadecimal(byte(bytes, end)) {
            if end <= start &+ 16 {
                seconds = seconds << 4 | digit
            } else if end <= start &+ 24 {
                nanoseconds = nanoseconds << 4 | digit
            }
            end &+= 1
        }
        let digits = end &- start &- 1
        guard digits == 16 || digits == 24 || digits == 32, !isWord(byte(bytes, end)), seconds >> 40 == 0x40_0000,
            nanoseconds < 1_000_000_000
        else { return nil }
        let unix = Int(seconds & 0xFF_FFFF_FFFF) &- 10
        guard unix >= 0, unix < 7_289_654_400 else { return nil }
        return full(end, unix, Int(nanoseconds), hasZone: true)
    }

    /// `2E0A1404000C,`: years since 1970, the month from 0, day, hour, minute and second in two hexadecimal digits each, as
    /// Symantec's antivirus begins its lines. Only there: anywhere else it would be some address.
    @inline(never)
    static func symantec(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        guard start == 0, bytes.count == 12 || byte(bytes, 12) == Ascii.comma && isDigit(byte(bytes, 13)) else {
            return nil
        }
        var value: UInt64 = 0
        for i in 0..<12 {
            guard let digit = hexadecimal(byte(bytes, i)), byte(bytes, i) < 0x61 else { return nil }
            value = value << 4 | digit
        }
        let part = { (shift: UInt64) in Int(value >> shift & 0xFF) }
        let midnight = self.midnight(1970 &+ part(40), part(32) &+ 1, part(24))
        let seconds = self.seconds(part(16), part(8), part(0))
        guard midnight != invalid, seconds >= 0, part(40) >= 20 else { return nil }
        return full(12, midnight &+ seconds, 0, hasZone: false)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 0x30...0x39: UInt64(byte &- 0x30)
        case 0x61...0x66: UInt64(byte &- 0x57)
        case 0x41...0x46: UInt64(byte &- 0x37)
        default: nil
        }
    }
}
