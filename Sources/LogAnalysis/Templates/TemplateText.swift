/// A template's text as a list of tokens: a blank, one mark of punctuation, `<*>`, or a word.
enum TemplateText {
    static let wildcard: Substring = "<*>"
    /// Bit by ASCII code.
    private static let marks = "=()[]{},;\"'<>|:".utf8.reduce(into: UInt128(0)) { $0 |= 1 << UInt128($1) }

    private static func isMark(_ byte: UInt8) -> Bool { byte < 0x80 && marks >> UInt128(byte) & 1 == 1 }

    /// The tokens of a skeleton or of a template; joined again they are its text, with single blanks.
    static func tokens(_ text: String) -> [Substring] {
        let bytes = text.utf8.span
        var tokens: [Substring] = []
        // Half of them are blanks.
        tokens.reserveCapacity(bytes.count / 3 + 1)
        var i = 0
        while i < bytes.count {
            let start = i
            let byte = bytes[i]
            if byte <= 0x20 {
                while i < bytes.count, bytes[i] <= 0x20 { i += 1 }
                if !tokens.isEmpty, i < bytes.count { tokens.append(" ") }
            } else if byte == UInt8(ascii: "<"), i + 2 < bytes.count, bytes[i + 1] == UInt8(ascii: "*"),
                bytes[i + 2] == UInt8(ascii: ">")
            {
                i += 3
                tokens.append(wildcard)
            } else if isMark(byte) {
                i += 1
                tokens.append(part(text, start, i))
            } else {
                while i < bytes.count, bytes[i] > 0x20, !isMark(bytes[i]) { i += 1 }
                var end = i
                // A full stop ends the sentence, not the word.
                while start + 1 < end, isStop(bytes[end - 1]) { end -= 1 }
                tokens.append(part(text, start, end))
                if end < i { tokens.append(part(text, end, i)) }
            }
        }
        return tokens
    }

    private static func part(_ text: String, _ start: Int, _ end: Int) -> Substring {
        let utf8 = text.utf8
        return text[utf8.index(utf8.startIndex, offsetBy: start)..<utf8.index(utf8.startIndex, offsetBy: end)]
    }

    /// Whether two tokens are equal. Most aren't equally long, and to compare Unicode takes a hundred times as long as to see that.
    @inline(__always)
    static func same(_ a: Substring, _ b: Substring) -> Bool { a.utf8.count == b.utf8.count && a == b }

    private static func isStop(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
    }

    /// Whether a token is a word: it has a letter, and isn't masked.
    static func isWord(_ token: Substring) -> Bool {
        token != wildcard && token.utf8.contains { ($0 | 0x20) &- 0x61 < 26 || $0 >= 0x80 }
    }

    static func isMark(_ token: Substring) -> Bool {
        token.utf8.count == 1 && token.utf8.first.map(isMark) == true
    }
}
