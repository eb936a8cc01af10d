/// Bytes that timestamps and headers are made of.
enum Ascii {
    static let space: UInt8 = 0x20
    static let quote: UInt8 = 0x22
    static let leftParenthesis: UInt8 = 0x28
    static let rightParenthesis: UInt8 = 0x29
    static let plus: UInt8 = 0x2B
    static let comma: UInt8 = 0x2C
    static let dash: UInt8 = 0x2D
    static let dot: UInt8 = 0x2E
    static let slash: UInt8 = 0x2F
    static let colon: UInt8 = 0x3A
    static let less: UInt8 = 0x3C
    static let equals: UInt8 = 0x3D
    static let greater: UInt8 = 0x3E
    static let at: UInt8 = 0x40
    static let leftBracket: UInt8 = 0x5B
    static let backslash: UInt8 = 0x5C
    static let rightBracket: UInt8 = 0x5D
    static let underscore: UInt8 = 0x5F
}

/// The parts that all layouts share. Words hold eight bytes, the first one lowest.
extension TimestampScanner {
    /// What `midnight` returns for a date that doesn't exist.
    static let invalid = Int.min
    static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Eight bytes from `i` on; the caller has checked that they are there.
    @inline(__always)
    static func word(_ bytes: Span<UInt8>, _ i: Int) -> UInt64 {
        UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: i, as: UInt64.self))
    }

    /// The byte at `i`, which is at least 0; NUL past the end, which no layout contains.
    @inline(__always)
    static func byte(_ bytes: Span<UInt8>, _ i: Int) -> UInt8 {
        i < bytes.count ? bytes[unchecked: i] : 0
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// Letters, digits and the underscore.
    @inline(__always)
    static func isWord(_ byte: UInt8) -> Bool {
        // From 0x40 on a bit for each byte, in one constant: a table would have to be loaded.
        byte < 0x40 ? isDigit(byte) : (0x07FF_FFFE_87FF_FFFE as UInt64) &>> UInt64(byte & 0x3F) & 1 != 0 && byte < 0x80
    }

    /// The number of two digits at `i`, or -1.
    @inline(__always)
    static func twoDigits(_ bytes: Span<UInt8>, _ i: Int) -> Int {
        let tens = byte(bytes, i) &- 0x30
        let ones = byte(bytes, i &+ 1) &- 0x30
        return tens < 10 && ones < 10 ? Int(tens &* 10 &+ ones) : -1
    }

    /// The number of the four digits in the low half of a word, or -1.
    @inline(__always)
    static func fourDigits(_ word: UInt64) -> Int {
        let digits = UInt32(truncatingIfNeeded: word) ^ 0x3030_3030
        guard ((digits &+ 0x7676_7676) | digits) & 0x8080_8080 == 0 else { return -1 }
        let pairs = digits &* 10 &+ (digits >> 8)
        return Int(pairs & 0xFF) &* 100 &+ Int((pairs >> 16) & 0xFF)
    }

    /// The number of four digits at `i`, or -1.
    @inline(__always)
    static func fourDigits(_ bytes: Span<UInt8>, at i: Int) -> Int {
        let high = twoDigits(bytes, i)
        let low = twoDigits(bytes, i &+ 2)
        return high >= 0 && low >= 0 ? high &* 100 &+ low : -1
    }

    enum Separator {
        case colon, dot, dash
    }

    /// Seconds of the day of `hh:mm:ss` (or `hh.mm.ss`, `hh-mm-ss`) in a word, or -1. Second 60 is a leap second:
    /// it counts as the first of the next minute.
    @inline(__always)
    static func clock(_ word: UInt64, separator: Separator) -> Int {
        let zeros: UInt64 =
            switch separator {
            case .colon: 0x3030_3A30_303A_3030
            case .dot: 0x3030_2E30_302E_3030
            case .dash: 0x3030_2D30_302D_3030
            }
        let digits = word ^ zeros
        guard ((digits &+ 0x7676_7F76_767F_7676) | digits) & highBits == 0 else { return -1 }
        let pairs = digits &* 10 &+ (digits >> 8)
        return seconds(Int(pairs & 0xFF), Int((pairs >> 24) & 0xFF), Int((pairs >> 48) & 0xFF))
    }

    /// Seconds of the day, or -1 where a part is out of range.
    @inline(__always)
    static func seconds(_ hour: Int, _ minute: Int, _ second: Int) -> Int {
        guard UInt(bitPattern: hour) < 24, UInt(bitPattern: minute) < 60, UInt(bitPattern: second) <= 60 else {
            // The end of a day, as ISO 8601 allows to write it.
            return hour == 24 && minute == 0 && second == 0 ? 86_400 : -1
        }
        return hour &* 3600 &+ minute &* 60 &+ second
    }

    /// Seconds from the epoch to the midnight that begins a date of 1970 to 2200, or `invalid`.
    @inline(__always)
    static func midnight(_ year: Int, _ month: Int, _ day: Int) -> Int {
        guard UInt(bitPattern: year &- 1970) <= 230, UInt(bitPattern: month &- 1) < 12 else { return invalid }
        guard UInt(bitPattern: day &- 1) < 28 || (day > 0 && day <= Timestamp.daysIn(month: month, year: year)) else {
            return invalid
        }
        // Years begin in March here: a leap day is the last one, and months are a slope of 30.6 days.
        let early = month <= 2
        let y = UInt32(truncatingIfNeeded: early ? year &- 1 : year)
        let m = UInt32(truncatingIfNeeded: early ? month &+ 12 : month)
        // Of the centuries in range, 2000 has its leap day; 2100 and 2200 have not.
        let skipped: UInt32 = (y >= 2100 ? 1 : 0) &+ (y >= 2200 ? 1 : 0)
        let days = 1461 &* y / 4 &- skipped &+ (979 &* m &- 2919) / 32
        return (Int(days) &+ day &- 719_484) &* 86_400
    }

    /// Two digits of a year: 70 to 99 belong to the last century.
    @inline(__always)
    static func century(_ year: Int) -> Int { year < 0 ? year : year < 70 ? 2000 &+ year : 1900 &+ year }

    /// The month whose three letters stand in the low three bytes, in any case; 0 for none.
    @inline(__always)
    static func month(_ letters: UInt32) -> Int {
        switch (letters & 0xFF_FFFF) | 0x20_2020 {
        case 0x6E_616A: 1
        case 0x62_6566: 2
        case 0x72_616D: 3
        case 0x72_7061: 4
        case 0x79_616D: 5
        case 0x6E_756A: 6
        case 0x6C_756A: 7
        case 0x67_7561: 8
        case 0x70_6573: 9
        case 0x74_636F: 10
        case 0x76_6F6E: 11
        case 0x63_6564: 12
        default: 0
        }
    }

    /// Whether the low three bytes are an English weekday's short name, in any case.
    @inline(__always)
    static func isWeekday(_ letters: UInt32) -> Bool {
        switch (letters & 0xFF_FFFF) | 0x20_2020 {
        case 0x6E_6F6D, 0x65_7574, 0x64_6577, 0x75_6874, 0x69_7266, 0x74_6173, 0x6E_7573: true
        default: false
        }
    }

    /// The digits from `i` on as a fraction of a second. Past the ninth they are consumed and ignored.
    @inline(__always)
    static func fraction(_ bytes: Span<UInt8>, _ i: Int) -> (nanoseconds: Int, end: Int) {
        guard bytes.count &- i >= 8 else { return shortFraction(bytes, i) }
        var digits = word(bytes, i) ^ 0x3030_3030_3030_3030
        let others = ((digits &+ 0x7676_7676_7676_7676) | digits) & highBits
        // A carry out of a byte can only mark bytes behind the first that isn't a digit; the first is right.
        let bits = UInt64(others.trailingZeroBitCount) & ~7
        if bits < 64 { digits &= (1 &<< bits) &- 1 }
        // Eight values to four pairs, two quads, one number: missing digits are zeros at its end.
        digits = digits &* 10 &+ (digits >> 8)
        let low = digits & 0x0000_00FF_0000_00FF
        let high = (digits >> 16) & 0x0000_00FF_0000_00FF
        let number = (low &* (100 &+ (1_000_000 << 32)) &+ high &* (1 &+ (10_000 << 32))) >> 32
        let nanoseconds = Int(number & 0xFFFF_FFFF) &* 10
        if bits < 64 { return (nanoseconds, i &+ Int(bits >> 3)) }
        return longFraction(bytes, i &+ 8, nanoseconds)
    }

    /// The ninth digit, if there is one, and the end of all.
    @inline(never)
    private static func longFraction(
        _ bytes: Span<UInt8>, _ start: Int, _ nanoseconds: Int
    ) -> (nanoseconds: Int, end: Int) {
        let ninth = byte(bytes, start) &- 0x30
        guard ninth < 10 else { return (nanoseconds, start) }
        var i = start &+ 1
        while isDigit(byte(bytes, i)) { i &+= 1 }
        return (nanoseconds &+ Int(ninth), i)
    }

    /// `fraction` within the last eight bytes of a line.
    @inline(never)
    private static func shortFraction(_ bytes: Span<UInt8>, _ start: Int) -> (nanoseconds: Int, end: Int) {
        var i = start
        var unit = 100_000_000
        var nanoseconds = 0
        while i < bytes.count, isDigit(bytes[unchecked: i]) {
            nanoseconds &+= Int(bytes[unchecked: i] &- 0x30) &* unit
            unit /= 10
            i &+= 1
        }
        return (nanoseconds, i)
    }

    /// Ends a timestamp with a date: reads the fraction and the zone that may follow its clock at `i`.
    @inline(__always)
    static func dated(_ bytes: Span<UInt8>, _ i: Int, _ midnight: Int, _ seconds: Int) -> ScannedTime? {
        var end = i
        var nanoseconds = 0
        var next = byte(bytes, end)
        if next == Ascii.dot || next == Ascii.comma {
            if isDigit(byte(bytes, end &+ 1)) {
                let (read, after) = fraction(bytes, end &+ 1)
                // Behind a comma ten digits and more are the next cell.
                if next == Ascii.dot || after &- end <= 10 {
                    (nanoseconds, end) = (read, after)
                    next = byte(bytes, end)
                }
            }
        } else if isDigit(next) {
            return nil
        }
        let total = midnight &+ seconds
        if next == 0x5A || next == 0x7A {
            return full(behindName(bytes, end &+ 1), total, nanoseconds, hasZone: true)
        }
        if mayGoOn(bytes, end, next) { return dated(bytes, end, total, nanoseconds, secondOfDay: seconds) }
        return full(end, total, nanoseconds, hasZone: false)
    }

    /// `dated` where a half of the day or a zone may follow at `i`.
    @inline(never)
    private static func dated(
        _ bytes: Span<UInt8>, _ i: Int, _ total: Int, _ nanoseconds: Int, secondOfDay: Int
    ) -> ScannedTime? {
        var (end, total) = (i, total)
        if let half = halfOfDay(bytes, i) {
            guard let shift = half.shift(secondOfDay) else { return nil }
            (end, total) = (half.end, total &+ shift)
        }
        let zone = self.zone(bytes, end, local: total)
        guard zone.end >= 0 else { return nil }
        return full(
            zone.end > end ? behindName(bytes, zone.end) : end, total &- zone.offset, nanoseconds,
            hasZone: zone.end > end)
    }

    /// A time with the zone that stands in the line at `i`, behind what a format took for the whole of it; nil where none does.
    package static func zoned(_ time: ScannedTime, by line: Span<UInt8>, at i: Int) -> ScannedTime? {
        guard i < line.count, time.shape != .uptime, mayGoOn(line, i, line[unchecked: i]) else { return nil }
        return zone(of: time, line, i)
    }

    @inline(never)
    private static func zone(of time: ScannedTime, _ line: Span<UInt8>, _ i: Int) -> ScannedTime? {
        let zone = self.zone(line, i, local: Int(time.nanoseconds / Timestamp.second))
        guard zone.end > i else { return nil }
        var time = time
        (time.end, time.hasZone) = (behindName(line, zone.end), true)
        if time.shape == .timeOnly {
            time.offset = Int32(truncatingIfNeeded: zone.offset)
        } else {
            time.nanoseconds &-= Int64(zone.offset) &* Timestamp.second
        }
        return time
    }

    /// Whether more of a time may stand at `i`, where `next` is: not so before `[main]`, ` INFO` or ` ERROR`.
    @inline(__always)
    private static func mayGoOn(_ bytes: Span<UInt8>, _ i: Int, _ next: UInt8) -> Bool {
        var at = next == Ascii.space ? i &+ 1 : i
        var first = byte(bytes, at)
        if first == Ascii.leftBracket || first == Ascii.leftParenthesis {
            at &+= 1
            first = byte(bytes, at)
        }
        if first == Ascii.plus || first == Ascii.dash || first == 0x5A || first >= 0xE2 { return true }
        guard first &- 0x41 < 26 || first == 0x61 || first == 0x70 else { return false }
        let second = byte(bytes, at &+ 1)
        if first < 0x61, second >= 0x61 { return beginsLongName(first, second) }
        // Second letters of the zones' names and of AM and PM (A C D E G I K M S T W Z), and the dot of `a.m.`.
        let letters: UInt32 = 0b0000_0100_1001_1000_0010_1010_1011_1010
        return second == Ascii.dot || second >= 0x41 && letters & (1 &<< UInt32(second & 0x1F)) != 0
            || first == 0x42 && second == 0x52
    }

    /// Whether two letters are those of a region of the time zone database: `Eu`, `Am`, `As`, …
    @inline(__always)
    private static func beginsLongName(_ first: UInt8, _ second: UInt8) -> Bool {
        let letters: UInt32 =
            switch first {
            case 0x41: 0x003C_6040  // Africa America Antarctica Arctic Asia Atlantic Australia
            case 0x45: 0x0030_0000  // Etc Europe
            case 0x50: 0x0000_0002  // Pacific
            case 0x49: 0x0000_4000  // Indian
            case 0x42: 0x0004_0000  // Brazil
            case 0x43: 0x0000_0102  // Canada Chile
            case 0x4D: 0x0000_0020  // Mexico
            default: 0
            }
        return letters & (1 &<< UInt32(second & 0x1F)) != 0
    }

    @inline(__always)
    static func full(_ end: Int, _ seconds: Int, _ nanoseconds: Int, hasZone: Bool) -> ScannedTime {
        let time = Int64(seconds) &* Timestamp.second &+ Int64(nanoseconds)
        return ScannedTime(end: end, nanoseconds: time, shape: .full, hasZone: hasZone)
    }
}
