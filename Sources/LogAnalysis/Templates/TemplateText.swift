/// A template's text as a list of tokens: a blank, one mark of punctuation, `<*>`, or a word.
enum TemplateText {
    static let wildcard: Substring = "<*>"
    /// Bit by ASCII code.
    private static let marks = "=()[]{},;\"'<>|:".utf8.reduce(into: UInt128(0)) { $0 |= 1 << UInt128($1) }

    private static func isMark(_ byte: UInt8) -> Bool { byte < 0x80 && marks >> UInt128(byte) & 1 == 1 }

    /// The tokens of a skeleton or of a template; joined again they are its text, with single blanks.
    static func tokens(_ text: String) -> [Substring] {
        var tokens: [Substring] = []
        let bytes = text.utf8
        var i = bytes.startIndex
        while i < bytes.endIndex {
            let start = i
            let byte = bytes[i]
            if byte <= 0x20 {
                while i < bytes.endIndex, bytes[i] <= 0x20 { i = bytes.index(after: i) }
                if !tokens.isEmpty, i < bytes.endIndex { tokens.append(" ") }
            } else if byte == UInt8(ascii: "<"), bytes[i...].starts(with: wildcard.utf8) {
                i = bytes.index(i, offsetBy: 3)
                tokens.append(wildcard)
            } else if isMark(byte) {
                i = bytes.index(after: i)
                tokens.append(text[start..<i])
            } else {
                while i < bytes.endIndex, bytes[i] > 0x20, !isMark(bytes[i]) { i = bytes.index(after: i) }
                var end = i
                // A full stop ends the sentence, not the word.
                while bytes.index(after: start) < end, isStop(bytes[bytes.index(before: end)]) {
                    end = bytes.index(before: end)
                }
                tokens.append(text[start..<end])
                if end < i { tokens.append(text[end..<i]) }
            }
        }
        return tokens
    }

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
