/// Zones behind a time of day.
extension TimestampScanner {
    /// The zone at `i`: `Z`, `+hh:mm`, `+hhmm`, `+hh`, `CEST`, `UTC+1`, `Europe/Berlin`, also behind a space and in brackets.
    /// `end` is `i` where there is none, and -1 where one is written that can't be (`+25:00`). `local` is what the clock
    /// shows, in seconds since 1970.
    static func zone(_ bytes: Span<UInt8>, _ i: Int, local: Int) -> (offset: Int, end: Int) {
        if let zone = clfZone(bytes, i) { return zone }
        let spaced = byte(bytes, i) == Ascii.space
        let at = spaced ? i &+ 1 : i
        switch byte(bytes, at) {
        case Ascii.plus, Ascii.dash:
            return offset(bytes, at, none: i, spaced: spaced)
        case Ascii.leftParenthesis, Ascii.leftBracket:
            guard let zone = bracketedZone(bytes, at, local: local) else { return (0, i) }
            return zone
        case 0x5A where !isWord(byte(bytes, at &+ 1)):
            return (0, at &+ 1)
        case 0x41...0x5A:
            guard let zone = namedZone(bytes, at) ?? longName(bytes, at, local: local) else { return (0, i) }
            return zone
        default:
            return (0, i)
        }
    }

    /// `(+0100)`, `[UTC+01:00]`, `(CET)`, `[Europe/Berlin]`, with nothing else in the brackets.
    @inline(never)
    private static func bracketedZone(_ bytes: Span<UInt8>, _ i: Int, local: Int) -> (offset: Int, end: Int)? {
        guard byte(bytes, i &+ 1) != Ascii.space else { return nil }
        let zone = self.zone(bytes, i &+ 1, local: local)
        // `[10:00:00 [-05]`, a number: in brackets, too, an offset has minutes.
        guard zone.end > i &+ 2, byte(bytes, zone.end) == bytes[unchecked: i].closing else { return nil }
        let isShort = !isLetter(byte(bytes, i &+ 1)) && zone.end &- i < 6
        return isShort ? nil : (zone.offset, zone.end &+ 1)
    }

    /// `Europe/Berlin`, `America/Argentina/Buenos_Aires`, `Etc/GMT+3` at `i`.
    @inline(never)
    static func longName(_ bytes: Span<UInt8>, _ i: Int, local: Int) -> (offset: Int, end: Int)? {
        var end = i
        var slashes = 0
        while end < i &+ 40 {
            let byte = byte(bytes, end)
            if byte == Ascii.slash {
                slashes &+= 1
            } else if !isWord(byte), byte != Ascii.dash, byte != Ascii.plus || slashes == 0 {
                break
            } else if slashes == 0, end > i &+ 14 {
                return nil
            }
            end &+= 1
        }
        guard slashes > 0, end <= bytes.count,
            let offset = ZoneNames.offset(of: bytes.extracting(i..<end), atLocal: local)
        else { return nil }
        return (offset, end)
    }

    /// Db2's minutes, `-240` or `+060`, at `i`; `end` is `i` where there are none.
    static func minutesEast(_ bytes: Span<UInt8>, _ i: Int) -> (offset: Int, end: Int) {
        let sign = byte(bytes, i)
        let hundreds = byte(bytes, i &+ 1) &- 0x30
        let rest = twoDigits(bytes, i &+ 2)
        guard sign == Ascii.plus || sign == Ascii.dash, hundreds < 9, rest >= 0, !isWord(byte(bytes, i &+ 4)) else {
            return (0, i)
        }
        let seconds = (Int(hundreds) &* 100 &+ rest) &* 60
        return (sign == Ascii.dash ? 0 &- seconds : seconds, i &+ 4)
    }

    /// `CET`, `PDT`, `GMT`, `UTC+01:00` at `i`.
    @inline(never)
    static func namedZone(_ bytes: Span<UInt8>, _ i: Int) -> (offset: Int, end: Int)? {
        var letters: UInt32 = 0
        var end = i
        while end < i &+ 5, byte(bytes, end) &- 0x41 < 26 {
            letters = letters << 8 | UInt32(bytes[unchecked: end])
            end &+= 1
        }
        guard end &- i == 3 || end &- i == 4, !isWord(byte(bytes, end)), byte(bytes, end) != Ascii.slash,
            let minutes = minutes(ofZone: letters) ?? minutes(ofWord: letters, bytes, end)
        else { return nil }
        let sign = byte(bytes, end)
        // `UTC+1`; not `UTC-message`.
        if minutes == 0, sign == Ascii.plus || sign == Ascii.dash, isDigit(byte(bytes, end &+ 1)) {
            let full = offset(bytes, end, none: end, spaced: false)
            if full.end > end { return full }
            let hours = Int(bytes[unchecked: end &+ 1] &- 0x30)
            if byte(bytes, end &+ 2) == Ascii.colon, twoDigits(bytes, end &+ 3) >= 0, !isWord(byte(bytes, end &+ 5)) {
                // `GMT+1:00`
                let seconds = hours &* 3600 &+ twoDigits(bytes, end &+ 3) &* 60
                return (sign == Ascii.dash ? 0 &- seconds : seconds, end &+ 5)
            }
            if !isWord(byte(bytes, end &+ 2)) { return (sign == Ascii.dash ? -3600 &* hours : 3600 &* hours, end &+ 2) }
        }
        // `GMT +0200`
        if minutes == 0, sign == Ascii.space {
            let sign = byte(bytes, end &+ 1)
            if sign == Ascii.plus || sign == Ascii.dash, twoDigits(bytes, end &+ 2) >= 0,
                twoDigits(bytes, end &+ 4) >= 0,
                !isWord(byte(bytes, end &+ 6))
            {
                let full = offset(bytes, end &+ 1, none: end, spaced: true)
                if full.end > end { return full }
            } else if sign == Ascii.plus || sign == Ascii.dash, end &+ 3 == bytes.count, isDigit(byte(bytes, end &+ 2))
            {
                // `GMT -8`, where a format says that this is all.
                let seconds = 3_600 &* Int(bytes[unchecked: end &+ 2] &- 0x30)
                return (sign == Ascii.dash ? 0 &- seconds : seconds, bytes.count)
            }
        }
        return (minutes &* 60, end)
    }

    /// Minutes east of UTC of a zone's short name, whose letters stand in `name`, the last one lowest. Of names with
    /// several meanings the one that RFC 2822 gives is taken, else that of the most people: `IST` is India's.
    /// A name that is a word of logs (`GET`) is left out.
    private static func minutes(ofZone name: UInt32) -> Int? {
        switch name {
        case 0x55_5443, 0x47_4D54, 0x57_4554: 0  // UTC GMT WET
        case 0x43_4554, 0x5745_5354, 0x4D_4554, 0x42_5354, 0x4D_455A: 60  // CET WEST MET BST MEZ
        case 0x4345_5354, 0x45_4554, 0x4D45_5354, 0x5341_5354, 0x4D45_535A: 120  // CEST EET MEST SAST MESZ
        case 0x4545_5354, 0x4D_534B: 180  // EEST MSK
        case 0x4D_5344: 240  // MSD
        case 0x49_4454: 180  // IDT
        case 0x50_4B54: 300  // PKT
        case 0x49_5354: 330  // IST
        case 0x49_4354, 0x57_4942: 420  // ICT WIB
        case 0x48_4B54, 0x53_4754, 0x4157_5354, 0x5749_5441: 480  // HKT SGT AWST WITA
        case 0x4A_5354, 0x4B_5354: 540  // JST KST
        case 0x4143_5354: 570  // ACST
        case 0x4145_5354: 600  // AEST
        case 0x4143_4454: 630  // ACDT
        case 0x4145_4454: 660  // AEDT
        case 0x4E5A_5354: 720  // NZST
        case 0x4E5A_4454: 780  // NZDT
        case 0x4252_5354: -120  // BRST
        case 0x4E_4454: -150  // NDT
        case 0x41_4454, 0x42_5254: -180  // ADT BRT
        case 0x4E_5354: -210  // NST
        case 0x41_5354, 0x45_4454: -240  // AST EDT
        case 0x45_5354, 0x43_4454: -300  // EST CDT
        case 0x43_5354, 0x4D_4454: -360  // CST MDT
        case 0x4D_5354, 0x50_4454: -420  // MST PDT
        case 0x50_5354, 0x414B_4454: -480  // PST AKDT
        case 0x414B_5354, 0x48_4454: -540  // AKST HDT
        case 0x48_5354: -600  // HST
        case 0x53_5354: -660  // SST
        default: nil
        }
    }

    /// The same of Africa's `EAT`, `CAT` and `WAT`, which are words as well: only where what follows at `end` is no text.
    private static func minutes(ofWord name: UInt32, _ bytes: Span<UInt8>, _ end: Int) -> Int? {
        let minutes: Int
        switch name {
        case 0x57_4154: minutes = 60  // WAT
        case 0x43_4154: minutes = 120  // CAT
        case 0x45_4154: minutes = 180  // EAT
        default: return nil
        }
        let next = byte(bytes, end)
        let isAlone: Bool
        switch next {
        case Ascii.rightBracket, UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: "|"), Ascii.quote: isAlone = true
        case Ascii.space:
            let behind = byte(bytes, end &+ 1)
            isAlone = behind == Ascii.leftBracket || behind == Ascii.leftParenthesis || isDigit(behind)
        default: isAlone = end >= bytes.count
        }
        return isAlone ? minutes : nil
    }

    /// Behind `[Europe/Berlin]` or ` (CET)`, where Java and mail write the zone's name after its offset; else `i`.
    @inline(__always)
    static func behindName(_ bytes: Span<UInt8>, _ i: Int) -> Int {
        let next = byte(bytes, i)
        guard next == Ascii.leftBracket || next == Ascii.space && byte(bytes, i &+ 1) == Ascii.leftParenthesis else {
            return i
        }
        return behindBracket(bytes, i)
    }

    @inline(never)
    private static func behindBracket(_ bytes: Span<UInt8>, _ i: Int) -> Int {
        let open = byte(bytes, i) == Ascii.space ? i &+ 1 : i
        guard byte(bytes, open &+ 1) &- 0x41 < 26 else { return i }
        if byte(bytes, open &+ 1) == 0x5A, byte(bytes, open &+ 2) == bytes[unchecked: open].closing { return open &+ 3 }
        return bracketedZone(bytes, open, local: 0)?.end ?? i
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
            // `10:00:00-05`, but not `10:00:00-05:3`, and behind a space only what begins with a zero: `10:00:00 -10 °C`.
            let next = byte(bytes, end)
            guard
                !spaced
                    || hours < 10
                        && (next == Ascii.space || next == Ascii.colon || next == Ascii.rightBracket
                            || end == bytes.count),
                hours <= 15, !isWord(next), !digitAfterColon(bytes, end)
            else {
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
