/// Escapes and classes: the bytes that they stand for, where that is one text.
extension PatternReader {
    /// After `\`.
    mutating func escape(_ run: inout LiteralRun) throws {
        guard at < text.count else { throw Unknown() }
        let byte = text[at]
        at += 1
        switch byte {
        case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "A"), UInt8(ascii: "Z"), UInt8(ascii: "z"),
            UInt8(ascii: "G"), UInt8(ascii: "K"), UInt8(ascii: "E"):
            if try repetition().least > 0, byte == UInt8(ascii: "A") { run.head.anchor() }
        case UInt8(ascii: "Q"): try quoted(&run)
        case UInt8(ascii: "x"): try hexadecimal(&run)
        case UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "o"), UInt8(ascii: "N"):
            if !take("{") {
                // \pL has one letter; \N alone is "not a line end".
                if byte == UInt8(ascii: "p") || byte == UInt8(ascii: "P") { at = min(at + 1, text.count) }
            } else {
                try skip(past: UInt8(ascii: "}"))
            }
            try unknownText(&run, nil, least: 1)
        case UInt8(ascii: "g"), UInt8(ascii: "k"):
            if take("{") {
                try skip(past: UInt8(ascii: "}"))
            } else if take("<") {
                try skip(past: UInt8(ascii: ">"))
            } else if take("'") {
                try skip(past: UInt8(ascii: "'"))
            } else {
                if !take("-") { _ = take("+") }
                while at < text.count, isDigit(text[at]) { at += 1 }
            }
            try unknownText(&run, nil, least: 0)
        case UInt8(ascii: "c"):
            at = min(at + 1, text.count)
            try unknownText(&run, nil, least: 1)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            while at < text.count, isDigit(text[at]) { at += 1 }
            try unknownText(&run, nil, least: 0)
        case UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "s"), UInt8(ascii: "S"), UInt8(ascii: "w"),
            UInt8(ascii: "W"), UInt8(ascii: "h"), UInt8(ascii: "H"), UInt8(ascii: "v"), UInt8(ascii: "V"),
            UInt8(ascii: "R"), UInt8(ascii: "X"):
            try unknownText(&run, Self.class(byte), least: 1)
        default:
            guard let value = Self.escaped(byte) else { throw Unknown() }
            literal(value, try repetition(), &run)
        }
    }

    /// Text that is no literal, and the bytes that it can begin with.
    mutating func unknownText(_ run: inout LiteralRun, _ first: ByteSet?, least: Int) throws {
        run.head.follow(first, least: min(try repetition().least, 1 << 16) * least)
        run.stop()
    }

    /// What `\` and this letter match, where it is the same set of bytes in every mode; nil for other letters.
    static func `class`(_ byte: UInt8) -> ByteSet? {
        switch byte {
        case UInt8(ascii: "d"): .digits
        case UInt8(ascii: "D"): ByteSet.digits.inverted
        case UInt8(ascii: "s"): .spaces
        case UInt8(ascii: "S"): ByteSet.spaces.inverted
        case UInt8(ascii: "w"): .wordBytes
        case UInt8(ascii: "W"): ByteSet.wordBytes.inverted
        default: nil
        }
    }

    /// The byte that `\` and this one stand for together, where it is one byte; nil for other letters.
    static func escaped(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "a"): 0x07
        case UInt8(ascii: "e"): 0x1b
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        default: byte < 0x80 && !isLetter(byte) && !isDigit(byte) ? byte : nil
        }
    }

    /// After `\Q`: everything up to `\E` is literal.
    mutating func quoted(_ run: inout LiteralRun) throws {
        while at < text.count {
            if take("\\E") { return }
            let start = at
            at += 1
            while at < text.count, text[at] & 0xc0 == 0x80, text[start] >= 0x80 { at += 1 }
            let bytes = Array(text[start..<at])
            // Within the quotes nothing is a quantifier; behind them one belongs to the last character.
            guard take("\\E") else {
                literal(bytes, .once, &run)
                continue
            }
            return literal(bytes, try repetition(), &run)
        }
    }

    /// After `\x`.
    mutating func hexadecimal(_ run: inout LiteralRun) throws {
        var value: UInt32 = 0
        let isBraced = take("{")
        var digits = 0
        while at < text.count, let digit = Self.hexDigit(text[at]), digits < (isBraced ? 6 : 2) {
            value = value << 4 | UInt32(digit)
            digits += 1
            at += 1
        }
        if isBraced, digits == 0 || !take("}") { throw Unknown() }
        let count = try repetition()
        if value < 0x80 {
            literal([UInt8(value)], count, &run)
        } else if utf, let scalar = Unicode.Scalar(value) {
            literal(Array(String(Character(scalar)).utf8), count, &run)
        } else if !utf, value <= 0xff {
            literal([UInt8(value)], count, &run)
        } else {
            run.head.follow(nil, least: 0)
            run.stop()
        }
    }

    // MARK: Classes

    /// After `[`: the byte that is the class's only member, up to case, nil for any other class; and the bytes that a
    /// character of the class can begin with, nil where they aren't known.
    mutating func characterClass() throws -> (member: UInt8?, bytes: ByteSet?) {
        let isNegated = take("^")
        var isSingle = !isNegated
        var member: UInt8?
        var bytes = ByteSet()
        var isKnown = true
        var isFirst = true
        var isRangeEnd = false
        while at < text.count {
            var byte = text[at]
            at += 1
            if byte == UInt8(ascii: "]"), !isFirst {
                // In UTF mode letters may have further cases, of several bytes.
                if folds { isKnown = false }
                // Rather too many bytes than too few: what is left out is left out in the case that is written.
                let set = isNegated ? bytes.inverted : isCaseless ? bytes.folded : bytes
                return (isSingle ? member : nil, isKnown ? set : nil)
            }
            isFirst = false
            if byte == UInt8(ascii: "["), at < text.count, ":.=".utf8.contains(text[at]) {
                isSingle = false
                isKnown = false
                skipPosixClass()
                continue
            }
            if byte == UInt8(ascii: "\\") {
                guard at < text.count else { throw Unknown() }
                if take("Q") || take("E") { throw Unknown() }
                // What runs on (\x41, \p{L}) goes on as members of its own: the class isn't single then.
                if let value = Self.escaped(text[at]) {
                    byte = value
                } else {
                    isSingle = false
                    if let set = Self.class(text[at]) { bytes.formUnion(set) } else { isKnown = false }
                    at += 1
                    continue
                }
                at += 1
            }
            let lower = lowercase(byte)
            if byte >= 0x80 || (folds && (lower == UInt8(ascii: "k") || lower == UInt8(ascii: "s"))) {
                isSingle = false
                isKnown = false
            }
            if let member, member != lower { isSingle = false }
            member = lower
            bytes.insert(byte)
            // A range; its end is a member of its own right after.
            guard at + 1 < text.count, text[at] == UInt8(ascii: "-"), text[at + 1] != UInt8(ascii: "]") else {
                isRangeEnd = false
                continue
            }
            if isRangeEnd {
                // `a-c-e`: PCRE2 takes the second hyphen for itself.
                isKnown = false
            } else {
                isRangeEnd = true
                let end = text[at + 1]
                isSingle = false
                if end == UInt8(ascii: "\\") || end == UInt8(ascii: "[") || end < byte {
                    isKnown = false
                } else {
                    for member in byte...end { bytes.insert(member) }
                }
                at += 1
            }
        }
        throw Unknown()
    }

    /// At `:`, `.` or `=` after `[`: goes past `:]` if there is one before the class ends.
    mutating func skipPosixClass() {
        let mark = text[at]
        var i = at + 1
        while i + 1 < text.count, text[i] != UInt8(ascii: "]"), text[i] != UInt8(ascii: "\\") {
            if text[i] == mark, text[i + 1] == UInt8(ascii: "]") {
                at = i + 2
                return
            }
            i += 1
        }
    }
}
