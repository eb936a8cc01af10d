/// The canonical form of a skeleton: what is written differently from one message to the next and still is one value
/// becomes one `<*>`. A pure function, once a skeleton.
///
/// A quantity and its unit (`3 s`, `200 ms`), also restated in brackets (`2048 bytes (2 KB)`); a date in words; a value with
/// brackets (`ws=Source{7}`); a list, however long; a run that repeats itself.
enum TemplateShape {
    private typealias Token = Substring
    private static let wildcard = TemplateText.wildcard
    private static let closing: [Substring: Substring] = ["(": ")", "[": "]", "{": "}"]
    /// Tokens that a value in brackets has at most.
    private static let bracketLimit = 120

    static func canonical(_ skeleton: String) -> String {
        collapse(dates(values(TemplateText.tokens(skeleton)))).joined()
    }

    // MARK: Values

    private static func values(_ tokens: [Substring]) -> [Substring] {
        var result: [Substring] = []
        result.reserveCapacity(tokens.count)
        var i = 0
        while i < tokens.count {
            let token = tokens[i]
            // All that follows begins with a mark, but for the pair.
            guard token.utf8.count == 1 else {
                result.append(isHexPair(tokens, i) ? wildcard : token)
                i += 1
                continue
            }
            let next = i + 1 < tokens.count ? tokens[i + 1] : nil
            let previous = i > 0 ? tokens[i - 1] : nil
            if token == "<", next == wildcard, previous == nil || previous == " ",
                i + 2 == tokens.count || tokens[i + 2] != ">"
            {
                // `<1 sec`: the sign is part of the quantity.
                i += 1
            } else if token == "(", next == ")", previous == " " {
                result += ["(", wildcard]
                i += 1
            } else if closing[token] != nil, let end = attached(tokens, i) {
                if previous == "=" { result.append(wildcard) }
                i = end
            } else if let close = closing[token], let end = list(tokens, i, close) {
                result += [token, wildcard, close]
                i = end
            } else {
                result.append(token)
                i += 1
            }
        }
        return result
    }

    /// The end of the brackets at `open`, if they are a value or go on one: `=[…]`, `=Name{…}`.
    private static func attached(_ tokens: [Substring], _ open: Int) -> Int? {
        guard open > 0, tokens[open - 1] == "=" || open > 1 && tokens[open - 1] == wildcard && tokens[open - 2] == "="
        else { return nil }
        var expected: [Substring] = []
        for i in open..<min(tokens.count, open + bracketLimit) {
            if let close = closing[tokens[i]] {
                expected.append(close)
            } else if tokens[i] == expected.last {
                expected.removeLast()
                if expected.isEmpty { return i + 1 }
            }
        }
        return nil
    }

    /// The end of a list of single tokens in brackets: `[TERM, HUP, INT]`.
    private static func list(_ tokens: [Substring], _ open: Int, _ close: Substring) -> Int? {
        var commas = 0
        var i = open + 1
        while i < tokens.count, tokens[i] != close {
            switch tokens[i] {
            case ",", ";": commas += 1
            case " ": if tokens[i - 1] != ",", tokens[i - 1] != ";", i != open + 1 { return nil }
            case let token: if TemplateText.isMark(token) { return nil }
            }
            i += 1
        }
        return commas > 0 && i < tokens.count ? i + 1 : nil
    }

    /// `FF` of `00:FF:DC`: two hexadecimal letters that the scanner took for a word.
    private static func isHexPair(_ tokens: [Substring], _ i: Int) -> Bool {
        guard tokens[i].utf8.count == 2, tokens[i].utf8.allSatisfy({ $0 &- 0x41 < 6 || $0 &- 0x61 < 6 }) else {
            return false
        }
        let before = i > 0 && tokens[i - 1] == ":"
        let after = i + 1 < tokens.count && tokens[i + 1] == ":"
        return tokens[i].utf8.allSatisfy { $0 < 0x61 } ? before || after : before && after
    }

    // MARK: Dates and units

    private static func dates(_ tokens: [Substring]) -> [Substring] {
        var result: [Substring] = []
        result.reserveCapacity(tokens.count)
        for (i, token) in tokens.enumerated() {
            result.append(token != " " && isPartOfValue(token, i, tokens, result) ? wildcard : token)
        }
        return result
    }

    private static func isPartOfValue(_ token: Substring, _ i: Int, _ tokens: [Substring], _ before: [Substring])
        -> Bool
    {
        guard token.utf8.count <= 12, TemplateText.isWord(token) else { return false }
        let word = token.lowercased()
        if TemplateWords.units.contains(word) {
            return before.last == wildcard || before.last == " " && before.dropLast().last == wildcard
        }
        let isMonth = TemplateWords.months.contains(word)
        guard isMonth || TemplateWords.days.contains(word) else { return false }
        let next = neighbour(tokens, i, 1)
        if next == wildcard || isMonth && neighbour(tokens, i, -1) == wildcard { return true }
        return !isMonth && next.map { TemplateWords.months.contains($0.lowercased()) } == true
    }

    private static func neighbour(_ tokens: [Substring], _ start: Int, _ step: Int) -> Substring? {
        var i = start + step
        while tokens.indices.contains(i), tokens[i] == " " || tokens[i] == "," { i += step }
        return tokens.indices.contains(i) ? tokens[i] : nil
    }

    // MARK: Runs

    /// Tokens that a repeated run has at most.
    private static let runLimit = 8

    /// Puts wildcards side by side into one, and of a run that repeats itself keeps one.
    static func collapse(_ tokens: [Substring]) -> [Substring] {
        var result: [Substring] = []
        result.reserveCapacity(tokens.count)
        for token in tokens {
            result.append(token)
            while shrink(&result) {}
        }
        while result.last == " " { result.removeLast() }
        return result
    }

    private static func shrink(_ tokens: inout [Substring]) -> Bool {
        let count = tokens.count
        if isWildcard(tokens, count - 1), count >= 2 {
            let joint = tokens[count - 2]
            if isWildcard(tokens, count - 2) {
                tokens.removeLast()
                return true
            }
            if isWildcard(tokens, count - 3), [" ", ",", ":", "|", ";"].contains(joint) {
                tokens.removeLast(2)
                return true
            }
            if isWildcard(tokens, count - 4), joint == " ", [",", ";", ":"].contains(tokens[count - 3]) {
                tokens.removeLast(3)
                return true
            }
        }
        if isWildcard(tokens, count - 2), count >= 5,
            tokens[(count - 5)...].elementsEqual([wildcard, " ", "(", wildcard, ")"])
        {
            tokens.removeLast(4)
            return true
        }
        for length in 2...runLimit
        where 2 * length <= count && TemplateText.same(tokens[count - 1], tokens[count - 1 - length]) {
            let last = tokens[(count - length)...]
            if last.elementsEqual(tokens[(count - 2 * length)..<(count - length)]), last.contains(wildcard) {
                tokens.removeLast(length)
                return true
            }
        }
        return false
    }

    private static func isWildcard(_ tokens: [Substring], _ i: Int) -> Bool {
        i >= 0 && TemplateText.same(tokens[i], wildcard)
    }
}
