import CBytes

/// What a line says before its message, in syslog's layouts, as a number; see `HeadMemory`.
struct SyslogHeadKey {
    let hash: UInt64
    /// The same for all times of one layout, with the same in front of them.
    let layout: UInt64
    /// Where the host begins.
    let host: Int
    /// Behind the first letters of the message, two at most: how far lines of the same hash are alike.
    let end: Int

    /// Bytes of host, program and process that are looked at.
    private static let reach = 48
    /// And of the program's name.
    private static let words = 32

    /// Nil where the line begins otherwise, has bytes beyond ASCII there, or hardly any message.
    @inline(__always)
    init?(_ line: Span<UInt8>) {
        // The time ends within 43 bytes; words are read whole.
        guard line.count >= 52 else { return nil }
        var start = 0
        if line[unchecked: 0] == UInt8(ascii: "<") {
            start = 2
            while start < 5, line[unchecked: start] != UInt8(ascii: ">") { start &+= 1 }
            guard line[unchecked: start] == UInt8(ascii: ">") else { return nil }
            start &+= 1
        }
        var hash = 0x9E37_79B9_7F4A_7C15 &+ UInt64(truncatingIfNeeded: start)
        var beyondASCII: UInt64 = 0
        var at = start &+ 16
        if line[unchecked: start &+ 15] == 0x20, line[unchecked: start &+ 3] == 0x20 {
            // Nov 19 00:00:00
            let date = Self.word(line, start)
            let clock = Self.word(line, start &+ 8)
            beyondASCII = date | clock
            hash = Self.mix(hash ^ Self.withoutDigits(date) &* 3, Self.withoutDigits(clock))
        } else if line[unchecked: start &+ 10] == UInt8(ascii: "T"), line[unchecked: start &+ 4] == UInt8(ascii: "-") {
            // 2026-11-19T00:00:00.000000+01:00
            at = start &+ 19
            while at < start &+ 36, line[unchecked: at] != 0x20 { at &+= 1 }
            guard line[unchecked: at] == 0x20 else { return nil }
            at &+= 1
            while start < at {
                let word = Self.word(line, start, of: at &- start)
                beyondASCII |= word
                hash = Self.mix(hash, Self.withoutDigits(word))
                start &+= 8
            }
        } else {
            return nil
        }
        layout = hash
        // A line that ends sooner is looked at from before `at` on.
        let base = min(at, line.count &- Self.reach)
        let masks = line.withUnsafeBufferPointer {
            // Safe: `reach` bytes follow `base`.
            ailogger_head($0.baseAddress.unsafelyUnwrapped + base)
        }
        let skipped = UInt64(truncatingIfNeeded: at &- base)
        let blanks = masks.blanks &>> skipped
        let hostEnd = UInt64(truncatingIfNeeded: blanks.trailingZeroBitCount)
        // 64 if there is no blank.
        let isOfHost: UInt64 = 1 << hostEnd &- 1
        guard hostEnd > 0, hostEnd < 64, masks.names &>> skipped & isOfHost == isOfHost else { return nil }
        let colon = (masks.colons &>> skipped & blanks >> 1 & ~isOfHost).trailingZeroBitCount
        guard colon < 64 else { return nil }
        // Where the blank before the message stands, and three bytes behind it.
        let blank = at &+ colon &+ 1
        guard blank &+ 3 <= line.count else { return nil }
        let name = at &+ Int(truncatingIfNeeded: hostEnd) &+ 1
        guard name &+ Self.words <= line.count else { return nil }
        // From here on without branches: programs come in no order that could be guessed. A process's number counts by its length.
        let others = ~(masks.digits &>> skipped) & (1 &<< UInt64(truncatingIfNeeded: colon &- 1) &- 1)
        let open = 63 &- others.leadingZeroBitCount
        let isNumbered =
            Self.bit(line[unchecked: blank &- 2] == UInt8(ascii: "]"))
            & Self.bit(line[unchecked: at &+ max(open, 0)] == UInt8(ascii: "["))
            & Self.bit(open > Int(truncatingIfNeeded: hostEnd)) & Self.bit(colon &- open > 3)
        let nameEnd = isNumbered == 1 ? at &+ open &+ 1 : blank
        let length = nameEnd &- name
        guard length <= Self.words else { return nil }
        let first = Self.word(line, name, of: length)
        let second = Self.word(line, name &+ 8, of: length &- 8)
        let third = Self.word(line, name &+ 16, of: length &- 16)
        let fourth = Self.word(line, name &+ 24, of: length &- 24)
        beyondASCII |= first | second | third | fourth
        let letters = (UInt64(line[unchecked: blank &+ 1]), UInt64(line[unchecked: blank &+ 2]))
        guard beyondASCII & 0x8080_8080_8080_8080 == 0, letters.0 | letters.1 < 0x80 else { return nil }
        // Digits seldom come again.
        let isLetter = Self.bit(letters.0 &- 0x30 >= 10)
        let areLetters = isLetter & Self.bit(letters.1 &- 0x30 >= 10)
        let rest =
            UInt64(truncatingIfNeeded: blank &- nameEnd) << 16 | (letters.0 &* isLetter) << 8 | letters.1 &* areLetters
        hash =
            Self.mix(hash ^ first, second ^ 0xA076_1D64_78BD_642F)
            ^ Self.mix(third ^ 0xE703_7ED1_A0B4_28DB, fourth ^ rest)
        hash = Self.mix(hash, rest)
        end = blank &+ 1 &+ Int(truncatingIfNeeded: isLetter &+ areLetters)
        // 0 stands for no answer.
        self.hash = hash | 1 << 63
        host = at
    }

    @inline(__always)
    private static func bit(_ condition: Bool) -> UInt64 { condition ? 1 : 0 }

    /// Eight bytes from `start` on.
    @inline(__always)
    private static func word(_ line: Span<UInt8>, _ start: Int) -> UInt64 {
        UInt64(littleEndian: line.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self))
    }

    /// The same with all but the first `count` as zeros.
    @inline(__always)
    private static func word(_ line: Span<UInt8>, _ start: Int, of count: Int) -> UInt64 {
        let bits = UInt64(truncatingIfNeeded: min(max(count, 0), 8)) &* 8
        // In two steps, as a shift by 64 is one by none.
        return word(line, start) & ~((UInt64.max &<< (bits / 2)) &<< (bits &- bits / 2))
    }

    /// The same for words that differ in digits only. All bytes are ASCII.
    @inline(__always)
    private static func withoutDigits(_ word: UInt64) -> UInt64 {
        let from0 = word ^ 0x3030_3030_3030_3030
        // The high half of a byte is clear if the byte is a digit.
        let others = (from0 &+ 0x0606_0606_0606_0606 | from0) & 0xF0F0_F0F0_F0F0_F0F0
        let isOther = ((others & 0x7070_7070_7070_7070) &+ 0x7070_7070_7070_7070 | others) & 0x8080_8080_8080_8080
        let digits = ((isOther ^ 0x8080_8080_8080_8080) >> 7) &* 0x0F
        return word & ~digits
    }

    @inline(__always)
    private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ 0xD6E8_FEB8_6659_FD93).multipliedFullWidth(by: word ^ 0x8BB8_4B93_962E_ACC9)
        return product.high ^ product.low
    }
}
