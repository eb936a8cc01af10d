/// How JSON is walked over: each function takes the offset of a token's first byte and gives the offset
/// behind it, or -1 where the bytes are not JSON. RFC 8259 to the letter, except that bytes from 0x80 on are
/// taken as they are: whether text is UTF-8 is asked where it is shown.
extension Span<UInt8> {
    /// Nesting beyond this is refused: no log needs it, and it bounds what a hostile line can cost.
    static var jsonDepthLimit: Int { 64 }

    /// The first offset from `start` on that isn't JSON white space, or `count`.
    @inline(__always)
    func skipJSONSpace(from start: Int) -> Int {
        if start < count, self[unchecked: start] > 0x20 { return start }
        var i = start
        while i < count {
            let byte = self[unchecked: i]
            guard byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D else { break }
            i &+= 1
        }
        return i
    }

    /// The first offset from `start` on that holds `"`, `\` or a control byte, or `count`.
    @inline(__always)
    func jsonPlainEnd(from start: Int) -> Int {
        let raw = self.bytes
        var i = start
        while i &+ 8 <= count {
            // Safe: the 8 bytes from i on lie within the span.
            let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromUncheckedByteOffset: i, as: UInt64.self))
            // A byte below another one borrows into its high bit. What borrows on from there is behind the first
            // hit, and only that counts. (As SIMD16<UInt8> masks this is fifty times slower: Swift takes the lanes
            // one by one.)
            let quotes = (word ^ 0x2222_2222_2222_2222) &- 0x0101_0101_0101_0101
            let escapes = (word ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101
            let controls = word &- 0x2020_2020_2020_2020
            let stops = (quotes | escapes | controls) & ~word & 0x8080_8080_8080_8080
            if stops != 0 { return i &+ stops.trailingZeroBitCount &>> 3 }
            i &+= 8
        }
        while i < count {
            let byte = self[unchecked: i]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 { break }
            i &+= 1
        }
        return i
    }

    /// The offset of the quote that ends the string whose first byte, behind its quote, is at `start`.
    @inline(__always)
    func jsonStringEnd(from start: Int, escaped: inout Bool) -> Int {
        var i = jsonPlainEnd(from: start)
        while i < count {
            let byte = self[unchecked: i]
            if byte == 0x22 { return i }
            guard byte == 0x5C else { return -1 }
            escaped = true
            i = jsonEscapeEnd(at: i)
            guard i >= 0 else { return -1 }
            i = jsonPlainEnd(from: i)
        }
        return -1
    }

    /// Behind the escape whose backslash is at `start`.
    func jsonEscapeEnd(at start: Int) -> Int {
        guard start &+ 1 < count else { return -1 }
        switch self[unchecked: start &+ 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start &+ 2
        case UInt8(ascii: "u"):
            return hexUnit(at: start &+ 2) == nil ? -1 : start &+ 6
        default:
            return -1
        }
    }

    /// Four hexadecimal digits at `start`.
    func hexUnit(at start: Int) -> UInt16? {
        guard start &+ 4 <= count else { return nil }
        var value: UInt16 = 0
        for i in start..<start &+ 4 {
            let byte = self[unchecked: i]
            let digit = byte &- 0x30
            let letter = (byte | 0x20) &- UInt8(ascii: "a")
            guard digit < 10 || letter < 6 else { return nil }
            value = value &<< 4 | UInt16(digit < 10 ? digit : letter &+ 10)
        }
        return value
    }

    /// Behind the number that starts at `start`.
    @inline(__always)
    func jsonNumberEnd(from start: Int) -> Int {
        var i = start
        if i < count, self[unchecked: i] == UInt8(ascii: "-") { i &+= 1 }
        guard i < count else { return -1 }
        if self[unchecked: i] == 0x30 {
            i &+= 1
        } else {
            i = digitsEnd(from: i)
            guard i >= 0 else { return -1 }
        }
        if i < count, self[unchecked: i] == UInt8(ascii: ".") {
            i = digitsEnd(from: i &+ 1)
            guard i >= 0 else { return -1 }
        }
        if i < count, self[unchecked: i] | 0x20 == UInt8(ascii: "e") {
            i &+= 1
            if i < count, self[unchecked: i] == UInt8(ascii: "+") || self[unchecked: i] == UInt8(ascii: "-") {
                i &+= 1
            }
            i = digitsEnd(from: i)
        }
        return i
    }

    /// Behind one or more digits.
    @inline(__always)
    private func digitsEnd(from start: Int) -> Int {
        var i = start
        while i < count, self[unchecked: i] &- 0x30 < 10 { i &+= 1 }
        return i > start ? i : -1
    }

    /// Behind `true`, `false` or `null`.
    func jsonWordEnd(from start: Int) -> Int {
        if matches("true", at: start) || matches("null", at: start) { return start &+ 4 }
        return matches("false", at: start) ? start &+ 5 : -1
    }

    /// Behind `NaN`, `Infinity` or `-Infinity`, which Python's `json.dumps` writes though JSON has none of them; else -1.
    func nonFiniteEnd(from start: Int) -> Int {
        if matches("NaN", at: start) { return start &+ 3 }
        let word = start < count && self[unchecked: start] == UInt8(ascii: "-") ? start &+ 1 : start
        return matches("Infinity", at: word) ? word &+ 8 : -1
    }

    /// Behind the object or array that opens at `start`. No recursion: a bit a level says which it is.
    ///
    /// - Parameter isStrict: false once a number that isn't JSON was met; the text can't be written out as JSON then.
    func jsonNestedEnd(from start: Int, isStrict: inout Bool) -> Int {
        var objects: UInt64 = 0
        var depth = 0
        var i = start
        var escaped = false
        while true {
            // A value is due at i.
            i = skipJSONSpace(from: i)
            guard i < count else { return -1 }
            switch self[unchecked: i] {
            case UInt8(ascii: "\""):
                i = jsonStringEnd(from: i &+ 1, escaped: &escaped)
                guard i >= 0 else { return -1 }
                i &+= 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                // The line's own object is the first level.
                guard depth &+ 1 < Self.jsonDepthLimit else { return -1 }
                let isObject = self[unchecked: i] == UInt8(ascii: "{")
                objects = objects &<< 1 | (isObject ? 1 : 0)
                depth &+= 1
                i = skipJSONSpace(from: i &+ 1)
                guard i < count else { return -1 }
                if self[unchecked: i] != (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    if isObject {
                        i = jsonNameEnd(from: i)
                        guard i >= 0 else { return -1 }
                    }
                    continue
                }
            // The empty one closes below.
            default:
                let isNumber = self[unchecked: i] == UInt8(ascii: "-") || self[unchecked: i] &- 0x30 < 10
                var end = isNumber ? jsonNumberEnd(from: i) : jsonWordEnd(from: i)
                if end < 0 {
                    end = nonFiniteEnd(from: i)
                    isStrict = false
                }
                guard end >= 0 else { return -1 }
                i = end
            }
            // Behind a value: close what ends here, and go on behind a comma.
            while true {
                i = skipJSONSpace(from: i)
                guard i < count else { return -1 }
                let byte = self[unchecked: i]
                let isObject = objects & 1 == 1
                i &+= 1
                if byte == UInt8(ascii: ",") {
                    if isObject {
                        i = jsonNameEnd(from: skipJSONSpace(from: i))
                        guard i >= 0 else { return -1 }
                    }
                    break
                }
                guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return -1 }
                objects &>>= 1
                depth &-= 1
                if depth == 0 { return i }
            }
        }
    }

    /// Behind the colon of the member whose name's quote is at `start`.
    private func jsonNameEnd(from start: Int) -> Int {
        guard start < count, self[unchecked: start] == UInt8(ascii: "\"") else { return -1 }
        var escaped = false
        let end = jsonStringEnd(from: start &+ 1, escaped: &escaped)
        guard end >= 0 else { return -1 }
        let colon = skipJSONSpace(from: end &+ 1)
        guard colon < count, self[unchecked: colon] == UInt8(ascii: ":") else { return -1 }
        return colon &+ 1
    }

    /// Behind any value.
    @inline(__always)
    func jsonValueEnd(from start: Int) -> Int {
        guard start < count else { return -1 }
        switch self[unchecked: start] {
        case UInt8(ascii: "\""):
            var escaped = false
            let end = jsonStringEnd(from: start &+ 1, escaped: &escaped)
            return end < 0 ? -1 : end &+ 1
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            var isStrict = true
            return jsonNestedEnd(from: start, isStrict: &isStrict)
        default:
            let isNumber = self[unchecked: start] == UInt8(ascii: "-") || self[unchecked: start] &- 0x30 < 10
            let end = isNumber ? jsonNumberEnd(from: start) : jsonWordEnd(from: start)
            return end >= 0 ? end : nonFiniteEnd(from: start)
        }
    }

    /// Where the value of a member lies in the object that this is, the text between its quotes; that of the name which stands first in
    /// `names`, nil where none has a text or a number.
    package func jsonMember(_ names: [StaticString]) -> Range<Int>? {
        var found: (range: Range<Int>, place: Int)?
        var i = skipJSONSpace(from: 1)
        while i < count, self[unchecked: i] == UInt8(ascii: "\"") {
            var escaped = false
            let nameEnd = jsonStringEnd(from: i &+ 1, escaped: &escaped)
            guard nameEnd >= 0 else { break }
            let name = extracting(i &+ 1..<nameEnd)
            i = skipJSONSpace(from: skipJSONSpace(from: nameEnd &+ 1) &+ 1)
            let end = jsonValueEnd(from: i)
            guard end >= 0 else { break }
            if let place = names.firstIndex(where: { name.isEqualAnyCase($0) }), place < found?.place ?? .max {
                if self[unchecked: i] == UInt8(ascii: "\"") {
                    found = (i &+ 1..<end &- 1, place)
                } else if self[unchecked: i].isDigit {
                    found = (i..<end, place)
                }
            }
            i = skipJSONSpace(from: end)
            guard i < count, self[unchecked: i] == UInt8(ascii: ",") else { break }
            i = skipJSONSpace(from: i &+ 1)
        }
        return found?.range
    }
}
