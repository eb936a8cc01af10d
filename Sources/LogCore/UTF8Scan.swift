/// Walks over text of unknown encoding.
extension Span<UInt8> {
    /// The first offset from `start` on that holds no printable ASCII, a quote or a backslash; or `count`.
    @inline(__always)
    func asciiPlainEnd(from start: Int) -> Int {
        let raw = self.bytes
        var i = start
        while i &+ 8 <= count {
            // Safe: the 8 bytes from i on lie within the span.
            let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromUncheckedByteOffset: i, as: UInt64.self))
            // As in jsonPlainEnd, but bytes from 0x80 on stop as well.
            let quotes = (word ^ 0x2222_2222_2222_2222) &- 0x0101_0101_0101_0101
            let escapes = (word ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101
            let controls = word &- 0x2020_2020_2020_2020
            let stops = (quotes | escapes | controls | word) & 0x8080_8080_8080_8080
            if stops != 0 { return i &+ stops.trailingZeroBitCount &>> 3 }
            i &+= 8
        }
        while i < count {
            let byte = self[unchecked: i]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 || byte >= 0x80 { break }
            i &+= 1
        }
        return i
    }

    /// The bytes of the character at `start`, which is no ASCII: 2 to 4. Where they are not well formed, less
    /// than 0: minus the bytes that start a character but don't end it, at least 1. Overlong forms, surrogates and
    /// code points past U+10FFFF are not well formed (Unicode Standard, table 3-7).
    func utf8Length(at start: Int) -> Int {
        let lead = self[unchecked: start]
        let length: Int
        // What the second byte may be; those behind it are 0x80 to 0xBF.
        var low: UInt8 = 0x80
        var high: UInt8 = 0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if lead == 0xE0 { low = 0xA0 }
            if lead == 0xED { high = 0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { low = 0x90 }
            if lead == 0xF4 { high = 0x8F }
        default: return -1
        }
        var i = 1
        while i < length {
            guard start &+ i < count else { return -i }
            let byte = self[unchecked: start &+ i]
            guard byte >= low, byte <= high else { return -i }
            low = 0x80
            high = 0xBF
            i &+= 1
        }
        return length
    }
}
