/// A word of a line's head: `[word]`, `<word>`, `(word)`, `word:` or `word`.
struct LinePiece {
    var text: Range<Int>
    var end: Int
    var bracketed: Bool
    /// A colon follows it, or in front of a time what separates columns.
    var colon: Bool
}

extension Span<UInt8> {
    /// The piece that begins at `start`. `inFront`: of a time, where columns are separated by whatever separates any.
    func nextPiece(_ start: Int, end limit: Int, column: UInt8, inFront: Bool) -> LinePiece? {
        guard start < limit else { return nil }
        if column != 0, self[unchecked: start] == Ascii.quote {
            guard let end = endOfQuotedCell(start), end &- start > 2 else { return nil }
            return LinePiece(text: (start &+ 1)..<(end &- 1), end: end, bracketed: false, colon: false)
        }
        let close = self[unchecked: start].closing
        if close != 0 {
            guard let end = closingIndex(of: close, from: start), end < limit, end &- start < 64 else { return nil }
            let text = trim((start &+ 1)..<end)
            guard !text.isEmpty else { return nil }
            return LinePiece(text: text, end: end &+ 1, bracketed: true, colon: false)
        }
        var end = start
        var colon = false
        while end < limit, end &- start < 64 {
            let byte = self[unchecked: end]
            if byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: "|") || byte == column {
                colon = inFront && byte == UInt8(ascii: "|")
                break
            }
            if inFront, byte == Ascii.comma || byte == UInt8(ascii: ";") {
                colon = true
                break
            }
            // A colon within a word is part of it, but for that of `ERROR:shop:no answer`.
            if byte == Ascii.colon,
                end &+ 1 >= limit || self[unchecked: end &+ 1] == 0x20 || end &- start <= 13 && isShout(start..<end)
            {
                colon = true
                break
            }
            end &+= 1
        }
        guard end > start else { return nil }
        return LinePiece(
            text: start..<end, end: colon && self[unchecked: end] == Ascii.colon ? end &+ 1 : end, bracketed: false,
            colon: colon)
    }

    /// Where the bracket at `start` is closed; parentheses may stand in each other: `(shop(3))`.
    private func closingIndex(of close: UInt8, from start: Int) -> Int? {
        guard close == Ascii.rightParenthesis else { return firstIndex(of: close, from: start) }
        var depth = 0
        for i in start..<count {
            if self[unchecked: i] == Ascii.leftParenthesis { depth &+= 1 }
            if self[unchecked: i] == close {
                depth &-= 1
                if depth == 0 { return i }
            }
        }
        return firstIndex(of: close, from: start)
    }

    /// Behind the quote that closes a short cell which begins with one; nil where what follows it is neither a column nor the end.
    func endOfQuotedCell(_ start: Int) -> Int? {
        guard let end = firstIndex(of: Ascii.quote, from: start &+ 1), end &- start < 64 else { return nil }
        guard end &+ 1 < count else { return end &+ 1 }
        switch self[unchecked: end &+ 1] {
        case UInt8(ascii: "|"), UInt8(ascii: ";"), Ascii.comma, 0x09: return end &+ 1
        default: return nil
        }
    }

    /// Whether a piece fills a cell between columns.
    func isCell(_ piece: LinePiece, _ column: UInt8) -> Bool {
        guard column != 0, !piece.colon else { return false }
        var i = piece.end
        while i < count, self[unchecked: i] == Ascii.space { i &+= 1 }
        return i < count && self[unchecked: i] == column
    }

    /// A level word; one in lower case counts only where brackets, a colon or columns mark it.
    func level(_ piece: LinePiece, sawTime: Bool, isCell: Bool = false) -> Severity? {
        let text = piece.text
        let word = extracting(text)
        if text.count < 3, !sawTime, !piece.bracketed {
            // apt's `E: Unable to …` and `W: …`; other letters are names of drives and points of a list.
            guard piece.colon, text.lowerBound == 0, word[unchecked: 0] == 0x45 || word[unchecked: 0] == 0x57,
                text.count == 1
            else { return nil }
        }
        guard let level = Severity(word: word), !saysNone(piece.end) else {
            return piece.bracketed ? levelAmong(text) : nil
        }
        return piece.bracketed || piece.colon || isCell || isCapital(text) ? level : nil
    }

    /// The level of `<auth.info>`, `[core:error]`, `[12:main:ERROR]`, `[WARN/main]`: in capitals in front, in any case last.
    private func levelAmong(_ text: Range<Int>) -> Severity? {
        var lower = text.upperBound
        while lower > text.lowerBound, TimestampScanner.isLetter(self[unchecked: lower &- 1]) { lower &-= 1 }
        if lower > text.lowerBound, text.upperBound &- lower > 2 {
            let before = self[unchecked: lower &- 1]
            // A dot is a logger's (`shop.debug`), but for facilities in syslog's brackets.
            let isFacility = before == Ascii.dot && self[unchecked: text.lowerBound &- 1] == Ascii.less
            if before == Ascii.colon || isFacility, let level = Severity(word: extracting(lower..<text.upperBound)) {
                return level
            }
        }
        var upper = text.lowerBound
        while upper < text.upperBound, self[unchecked: upper] &- 0x41 < 26 { upper &+= 1 }
        guard upper &- text.lowerBound > 2, upper < text.upperBound,
            self[unchecked: upper] == Ascii.slash || self[unchecked: upper] == Ascii.space
        else { return nil }
        return Severity(word: extracting(text.lowerBound..<upper))
    }

    private func isShout(_ range: Range<Int>) -> Bool {
        range.count > 2 && isCapital(range) && Severity(word: extracting(range)) != nil
    }

    private func isCapital(_ range: Range<Int>) -> Bool {
        // Most scripts know no capitals; a word of those that do is one of the table's.
        for i in range where self[unchecked: i] &- 0x41 > 25 && self[unchecked: i] < 0x80 { return false }
        return true
    }

    /// `error: nil` and `errors: 0` tell of none.
    private func saysNone(_ start: Int) -> Bool {
        guard count &- start <= 8 else { return false }
        let rest = trim(start..<count)
        guard rest.count <= 4 else { return false }
        let words: [StaticString] = ["nil", "none", "null", "0", "no"]
        return words.contains { $0.utf8CodeUnitCount == rest.count && matches($0, at: rest.lowerBound) }
    }

    /// Words that tie a time to a sentence: `since 2026-11-20 04:00:00`.
    func isConnective(_ range: Range<Int>) -> Bool {
        guard range.count <= 6 else { return false }
        let words: [StaticString] = [
            "at", "on", "since", "until", "till", "after", "before", "by", "from", "to", "of", "in", "is", "was", "for",
            "the", "and", "between", "seen",
        ]
        return words.contains { $0.utf8CodeUnitCount == range.count && matches($0, at: range.lowerBound) }
    }

    /// What separates columns behind a time that ends at `start`; 0 if nothing does.
    func column(behind start: Int) -> UInt8 {
        var i = start
        if i < count, self[unchecked: i] == Ascii.quote { i &+= 1 }
        while i < count, self[unchecked: i] == Ascii.space || self[unchecked: i] == Ascii.rightBracket { i &+= 1 }
        guard i < count else { return 0 }
        switch self[unchecked: i] {
        case UInt8(ascii: "|"), UInt8(ascii: ";"), Ascii.comma, 0x09: return self[unchecked: i]
        default: return 0
        }
    }

    func skipJoints(_ start: Int) -> Int {
        var i = start
        while i < count {
            switch self[unchecked: i] {
            case 0x20, 0x09, UInt8(ascii: "|"), UInt8(ascii: ";"), Ascii.rightBracket, Ascii.comma: i &+= 1
            case Ascii.quote where i == start: i &+= 1
            case Ascii.dash:
                // Dashes with a space behind them, and arrows: `- message`, `--> message`, but not `-1` or `---,`.
                var end = i &+ 1
                while end < count, self[unchecked: end] == Ascii.dash { end &+= 1 }
                if end < count, self[unchecked: end] == Ascii.greater { end &+= 1 }
                guard end < count, self[unchecked: end] == 0x20 else { return i }
                i = end
            case Ascii.colon:
                // A joint only with a space behind it, or close behind a time (`10:00:00:ERROR:`).
                guard i &+ 1 < count else { return i }
                let next = self[unchecked: i &+ 1]
                guard next == 0x20 || next == Ascii.dash || i == start && TimestampScanner.isLetter(next) else {
                    return i
                }
                i &+= 1
            default: return i
            }
        }
        return i
    }

    func isNumber(_ range: Range<Int>) -> Bool {
        guard !range.isEmpty else { return false }
        for i in range where self[unchecked: i] &- 0x30 > 9 { return false }
        return true
    }

    /// A name as programs have them: letters, digits and `._-/$[]#@:`, with a letter among them.
    func isName(_ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.count <= 64 else { return false }
        var letters = false
        for i in range {
            let byte = self[unchecked: i]
            if TimestampScanner.isLetter(byte) {
                letters = true
            } else if byte &- 0x2D < 14 || byte == Ascii.underscore || byte == UInt8(ascii: "$")
                || byte == Ascii.leftBracket || byte == Ascii.rightBracket || byte == UInt8(ascii: "#")
                || byte == Ascii.at
            {
                continue
            } else {
                return false
            }
        }
        return letters && extracting(range).mayNameComponent
    }

    private func trim(_ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, self[unchecked: lower].isPadding { lower &+= 1 }
        while upper > lower, self[unchecked: upper &- 1].isPadding { upper &-= 1 }
        return lower..<upper
    }
}

extension UInt8 {
    /// The bracket that closes this one; 0 if it is none.
    var closing: UInt8 {
        switch self {
        case Ascii.leftBracket: Ascii.rightBracket
        case Ascii.less: Ascii.greater
        case Ascii.leftParenthesis: Ascii.rightParenthesis
        default: 0
        }
    }

    /// What stands between the pieces in front of a time and says nothing.
    var isMark: Bool {
        switch self {
        case Ascii.space, 0x09, Ascii.quote, Ascii.comma, Ascii.dash, Ascii.colon, Ascii.plus, Ascii.equals, 0x23, 0x2A,
            0x3B, 0x7C, 0x7E, Ascii.rightBracket, Ascii.rightParenthesis, Ascii.greater:
            true
        default: false
        }
    }

    fileprivate var isPadding: Bool {
        switch self {
        case Ascii.space, 0x09, Ascii.leftBracket, Ascii.rightBracket, Ascii.less, Ascii.greater, Ascii.colon, 0x7C:
            true
        default: false
        }
    }
}
