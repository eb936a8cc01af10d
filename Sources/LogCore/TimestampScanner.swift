/// Reads the timestamps that logs write: a byte parser over some thirty layouts.
///
/// The first eight bytes, taken as one word, choose the layout; digit groups are checked and converted
/// a word at a time. Every part is range-checked, so that `Nov 31` or `14:99` is no timestamp instead of
/// another day or hour.
/// Where a line writes no zone, the time is taken as UTC and `hasZone` is false.
package enum TimestampScanner {
    /// The timestamp that begins exactly at `start`, or nil.
    ///
    /// Brackets and quotes around it are the caller's, except for the kernel's `[   12.345678]`.
    package static func scan(_ bytes: Span<UInt8>, at start: Int) -> ScannedTime? {
        // The shortest layout but for `4:00AM` is `10:00:00`: from here on a word can be read.
        guard start >= 0, start <= bytes.count &- 8 else { return short(bytes, start) }
        let head = word(bytes, start)
        let moment: Moment
        // `2026-11-` as one word: dashes become zero, digits their value.
        let date = head ^ 0x2D30_302D_3030_3030
        if ((date &+ 0x7F76_767F_7676_7676) | date) & highBits == 0 {
            moment = iso(bytes, start, date)
            if moment.end < 0 { return otherISO(bytes, start, date) }
        } else if head & 0x00FF_0000_00FF_0000 == 0x002F_0000_002F_0000 {
            // `10/Oct/2`
            moment = commonLog(bytes, start, head)
            if moment.end < 0 { return otherNumeric(bytes, start, head) }
        } else {
            return otherLayout(bytes, start, head)
        }
        if byte(bytes, moment.end) == Ascii.colon {
            return withMilliseconds(bytes, moment.end, moment.midnight, moment.seconds)
        }
        return dated(bytes, moment.end, moment.midnight, moment.seconds)
    }

    /// `4:00AM`, `10:00PM`, `4:00 AM` where nothing follows.
    @inline(never)
    private static func short(_ bytes: Span<UInt8>, _ start: Int) -> ScannedTime? {
        guard start >= 0, start <= bytes.count &- 6 else { return nil }
        if byte(bytes, start &+ 1) == Ascii.colon { return halfTime(bytes, start, start &+ 1) }
        return byte(bytes, start &+ 2) == Ascii.colon ? halfTime(bytes, start, start &+ 2) : nil
    }

    /// A date and a time of day before the fraction and the zone that may follow at `end`, which is -1 for none.
    private struct Moment {
        var midnight = 0
        var seconds = 0
        var end = -1
    }

    /// The first timestamp that begins at a word boundary in the `limit` bytes from `from` on.
    ///
    /// One with a date wins over one without, wherever they stand; a lone number (epoch) counts as dated.
    /// A kernel uptime is not looked for.
    package static func find(
        _ bytes: Span<UInt8>, from: Int, limit: Int
    ) -> (start: Int, time: ScannedTime)? {
        var i = max(from, 0)
        // No layout is shorter than eight bytes, so that a word can be read wherever one may begin.
        guard limit > 0, i <= bytes.count &- 8 else { return nil }
        let stop = i &+ min(limit, bytes.count &- 7 &- i)
        var fallback: (start: Int, time: ScannedTime)?
        if let found = atStart(bytes, i) { return found }
        while i < stop {
            var candidates = digitsAndCapitals(word(bytes, i))
            while candidates != 0 {
                let at = i &+ candidates.trailingZeroBitCount >> 3
                candidates &= candidates &- 1
                guard at < stop else { return fallback }
                let before = at > 0 ? bytes[unchecked: at &- 1] : 0
                let first = bytes[unchecked: at]
                guard !isWord(before), canBegin(first), let time = scan(bytes, at: at) else { continue }
                if time.shape == .full { return isBareNumber(bytes, at, time) ? behind(bytes, at, time) : (at, time) }
                // `aa:10:00:00` and `1.2.10:00:00` are addresses and versions,
                // `x2026-11-22 10:00:00` is no day of November.
                if isDigit(first), before == Ascii.colon || before == Ascii.dot || before == Ascii.dash { continue }
                if time.shape == .yearless { return (at, time) }
                if fallback == nil { fallback = (at, time) }
            }
            i &+= 8
        }
        return fallback
    }

    /// Nothing but eight digits and more.
    @inline(__always)
    private static func isBareNumber(_ bytes: Span<UInt8>, _ at: Int, _ time: ScannedTime) -> Bool {
        let digits = word(bytes, at) ^ 0x3030_3030_3030_3030
        return time.end &- at >= 10 && ((digits &+ 0x7676_7676_7676_7676) | digits) & highBits == 0
            && isDigit(byte(bytes, at &+ 8)) && isDigit(byte(bytes, at &+ 9))
    }

    /// The date and clock behind a number that could be a time, if such a one follows: the number is of something else.
    @inline(never)
    private static func behind(
        _ bytes: Span<UInt8>, _ at: Int, _ number: ScannedTime
    ) -> (start: Int, time: ScannedTime) {
        var i = number.end
        while i < number.end &+ 4, i < bytes.count, !isWord(bytes[unchecked: i]) {
            i &+= 1
            let byte = byte(bytes, i)
            if isDigit(byte) || canBegin(byte), let time = scan(bytes, at: i), time.shape == .full,
                !isBareNumber(bytes, i, time)
            {
                return (i, time)
            }
        }
        return (at, number)
    }

    /// A time that begins as none does further into a line: `@4000…`, and names of months in any language.
    @inline(__always)
    private static func atStart(_ bytes: Span<UInt8>, _ i: Int) -> (start: Int, time: ScannedTime)? {
        let opening = bytes[unchecked: i]
        let at = opening == Ascii.leftBracket || opening == Ascii.less ? i &+ 1 : i
        let first = bytes[unchecked: at]
        guard first >= 0x61 || first == Ascii.at || first &- 0x41 < 26 && !canBegin(first) else { return nil }
        guard let time = scan(bytes, at: at) else { return nil }
        return (at, time)
    }

    /// The high bit of each byte of a word that is a digit or a capital.
    @inline(__always)
    private static func digitsAndCapitals(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let low = word & ~highBits
        // Adding carries into the high bit from a bound on; the bits of two bounds differ in between.
        let digits = (low &+ 0x50 &* ones) ^ (low &+ 0x46 &* ones)
        let capitals = (low &+ 0x3F &* ones) ^ (low &+ 0x25 &* ones)
        return (digits | capitals) & ~word & highBits
    }

    /// A digit, the capital of a month's or weekday's name (A D F J M N O S T W), or glog's level (I W E F).
    @inline(__always)
    private static func canBegin(_ byte: UInt8) -> Bool {
        let letters: UInt32 = 0b0000_0000_1001_1000_1110_0110_0111_0010
        let letter = byte &- 0x40
        return isDigit(byte) || (letter < 32 && letters & (1 &<< UInt32(letter)) != 0)
    }

    /// Layouts but for the two that every file of their kind repeats millions of times.
    @inline(__always)
    private static func otherLayout(_ bytes: Span<UInt8>, _ start: Int, _ head: UInt64) -> ScannedTime? {
        let first = UInt8(truncatingIfNeeded: head)
        if first >= 0x41, first != Ascii.leftBracket { return named(bytes, start, head) }
        if isDigit(first) { return otherNumeric(bytes, start, head) }
        if first == Ascii.at { return tai(bytes, start) }
        return first == Ascii.leftBracket ? uptime(bytes, start) : nil
    }

    /// `2026-11-22T10:00:00` with a T, a space or an underscore between; `date` holds the values of `2026-11-`.
    @inline(__always)
    private static func iso(_ bytes: Span<UInt8>, _ start: Int, _ date: UInt64) -> Moment {
        guard bytes.count &- start >= 19 else { return Moment() }
        let between = bytes[unchecked: start &+ 10]
        guard between == 0x54 || between == 0x20 || between == 0x74 || between == 0x5F else { return Moment() }
        let midnight = self.midnight(bytes, start, date)
        let seconds = clock(word(bytes, start &+ 11), separator: .colon)
        guard midnight != invalid, seconds >= 0 else { return Moment() }
        return Moment(midnight: midnight, seconds: seconds, end: start &+ 19)
    }

    /// Midnight of `2026-11-22`, of which `date` holds the values of the first eight bytes.
    /// The two bytes behind them have to be there.
    @inline(__always)
    private static func midnight(_ bytes: Span<UInt8>, _ start: Int, _ date: UInt64) -> Int {
        let pairs = date &* 10 &+ (date >> 8)
        let year = Int(pairs & 0xFF) &* 100 &+ Int((pairs >> 16) & 0xFF)
        let tens = bytes[unchecked: start &+ 8] &- 0x30
        let ones = bytes[unchecked: start &+ 9] &- 0x30
        guard tens < 4, ones < 10 else { return invalid }
        return midnight(year, Int((pairs >> 40) & 0xFF), Int(tens &* 10 &+ ones))
    }

    /// `2005-06-03-15.42.50.363779` (Db2 and Blue Gene), `2026-11-22 10:00`, `2026-11-22 9:00:00`, and whatever else stands
    /// between date and clock.
    @inline(never)
    private static func otherISO(_ bytes: Span<UInt8>, _ start: Int, _ date: UInt64) -> ScannedTime? {
        guard bytes.count &- start >= 16 else { return nil }
        let midnight = self.midnight(bytes, start, date)
        guard midnight != invalid else { return nil }
        // Db2's clock has dots as the zone of others' has colons; its dash is no sign.
        if bytes[unchecked: start &+ 10] == Ascii.dash, bytes.count &- start >= 19 {
            let seconds = clock(word(bytes, start &+ 11), separator: .dot)
            if seconds >= 0, var time = dated(bytes, start &+ 19, midnight, seconds) {
                let zone = minutesEast(bytes, time.end)
                guard !time.hasZone, zone.end > time.end else { return time }
                (time.end, time.hasZone) = (zone.end, true)
                time.nanoseconds &-= Int64(zone.offset) &* Timestamp.second
                return time
            }
        }
        return behindDate(bytes, start &+ 10, midnight)
    }

    /// `10/Oct/2000:13:55:36`, as web servers write it.
    @inline(__always)
    private static func commonLog(_ bytes: Span<UInt8>, _ start: Int, _ head: UInt64) -> Moment {
        guard bytes.count &- start >= 20 else { return Moment() }
        let tens = UInt8(truncatingIfNeeded: head) &- 0x30
        let ones = UInt8(truncatingIfNeeded: head >> 8) &- 0x30
        guard tens < 4, ones < 10, bytes[unchecked: start &+ 11] == Ascii.colon else { return Moment() }
        let month = self.month(UInt32(truncatingIfNeeded: head >> 24))
        let seconds = clock(word(bytes, start &+ 12), separator: .colon)
        let midnight = self.midnight(fourDigits(word(bytes, start &+ 7)), month, Int(tens &* 10 &+ ones))
        guard midnight != invalid, seconds >= 0 else { return Moment() }
        return Moment(midnight: midnight, seconds: seconds, end: start &+ 20)
    }
}
