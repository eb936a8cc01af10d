/// Reads a pattern's text as far as `RequiredLiterals` needs it: sequences, alternations, groups and repetitions
/// of literal bytes. Throws where it meets what it doesn't know, so that nothing is concluded from it.
struct PatternReader {
    struct Unknown: Error {}

    private let text: [UInt8]
    private var at = 0
    private let utf: Bool
    /// In UTF mode `(?i)` makes k, s and what isn't ASCII match other bytes than their own.
    private let folds: Bool
    private var depth = 0
    /// Groups nested deeper than this prove nothing; PCRE2 itself stops at 250.
    private static let deepest = 100

    init(_ text: [UInt8], utf: Bool) {
        self.text = text
        self.utf = utf
        folds = utf && Self.hasInlineFlag(text, UInt8(ascii: "i"))
    }

    mutating func readAll() throws -> LiteralNeed {
        let need = try alternation()
        guard at == text.count else { throw Unknown() }
        return need
    }

    /// Whether some `(?…` flag group may hold `flag`.
    private static func hasInlineFlag(_ text: [UInt8], _ flag: UInt8) -> Bool {
        var i = 0
        while i + 2 < text.count {
            if text[i] == UInt8(ascii: "("), text[i + 1] == UInt8(ascii: "?") {
                var j = i + 2
                while j < text.count, isLetter(text[j]) || text[j] == UInt8(ascii: "^") || text[j] == UInt8(ascii: "-") {
                    if text[j] == flag { return true }
                    j += 1
                }
            }
            i += 1
        }
        return false
    }

    // MARK: Sequences

    private mutating func alternation() throws -> LiteralNeed {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw Unknown() }
        var branches: [LiteralNeed] = []
        repeat { branches.append(try sequence()) } while take("|")
        return .any(of: branches)
    }

    private mutating func sequence() throws -> LiteralNeed {
        var run = LiteralRun()
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: "|"), UInt8(ascii: ")"): return run.finish()
            case UInt8(ascii: "("):
                at += 1
                try group(&run)
            case UInt8(ascii: "["):
                at += 1
                let member = try characterClass()
                let count = try repetition()
                if let member { run.add([member], count) } else { run.stop() }
            case UInt8(ascii: "."):
                at += 1
                _ = try repetition()
                run.stop()
            case UInt8(ascii: "^"), UInt8(ascii: "$"):
                at += 1
                _ = try repetition()
            case UInt8(ascii: "\\"):
                at += 1
                try escape(&run)
            case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): throw Unknown()
            default:
                try character(&run)
            }
        }
        return run.finish()
    }

    /// One literal character of the pattern, up to four bytes in UTF mode.
    private mutating func character(_ run: inout LiteralRun) throws {
        let start = at
        at += 1
        if text[start] == UInt8(ascii: "{"), at < text.count,
            isDigit(text[at]) || text[at] == UInt8(ascii: ",") || text[at] == UInt8(ascii: " ")
        {
            // A quantifier with nothing before it, or one that only later versions read as such.
            throw Unknown()
        }
        if text[start] >= 0x80 {
            while at < text.count, text[at] & 0xc0 == 0x80 { at += 1 }
        }
        literal(Array(text[start..<at]), try repetition(), &run)
    }

    private func literal(_ bytes: [UInt8], _ count: Repetition, _ run: inout LiteralRun) {
        let lower = bytes.map(lowercase)
        let isFolded = folds && (lower[0] >= 0x80 || lower[0] == UInt8(ascii: "k") || lower[0] == UInt8(ascii: "s"))
        if isFolded { run.stop() } else { run.add(lower, count) }
    }

    /// The quantifier that may follow an item; comments and empty quotes in between count as nothing, as in PCRE2.
    private mutating func repetition() throws -> Repetition {
        while true {
            if take("\\E") || take("\\Q\\E") { continue }
            guard take("(?#") else { break }
            try skip(past: UInt8(ascii: ")"))
        }
        guard at < text.count else { return .once }
        var count: Repetition
        switch text[at] {
        case UInt8(ascii: "*"): count = Repetition(least: 0, most: .max)
        case UInt8(ascii: "+"): count = Repetition(least: 1, most: .max)
        case UInt8(ascii: "?"): count = Repetition(least: 0, most: 1)
        case UInt8(ascii: "{"):
            guard let braces = try braces() else { return .once }
            count = braces
            at -= 1
        default: return .once
        }
        at += 1
        if !take("?") { _ = take("+") }
        // A quantifier on a quantifier is an error in PCRE2, but not worth a wrong conclusion here.
        if at < text.count, "*+?".utf8.contains(text[at]) { throw Unknown() }
        return count
    }

    /// `{n}`, `{n,}` or `{n,m}` at a `{`; nil where it is a literal brace.
    private mutating func braces() throws -> Repetition? {
        var i = at + 1
        guard i < text.count else { return nil }
        guard isDigit(text[i]) else {
            // `{,3}` and `{ 3 }` are literals or quantifiers, according to the version.
            if text[i] == UInt8(ascii: ",") || text[i] == UInt8(ascii: " ") { throw Unknown() }
            return nil
        }
        let least = number(&i)
        var most = least
        if i < text.count, text[i] == UInt8(ascii: ",") {
            i += 1
            most = i < text.count && isDigit(text[i]) ? number(&i) : .max
        }
        guard i < text.count, text[i] == UInt8(ascii: "}"), least <= most else { throw Unknown() }
        at = i + 1
        return Repetition(least: least, most: most)
    }

    private func number(_ i: inout Int) -> Int {
        var value = 0
        while i < text.count, isDigit(text[i]) {
            // PCRE2's own bound is 65,535; past it the number only has to stay big.
            value = min(value * 10 + Int(text[i] - 0x30), 1_000_000)
            i += 1
        }
        return value
    }

    // MARK: Groups

    /// After `(`.
    private mutating func group(_ run: inout LiteralRun) throws {
        if at < text.count, text[at] == UInt8(ascii: "*") { throw Unknown() }
        guard take("?") else { return try body(&run) }
        if take("#") { return try skip(past: UInt8(ascii: ")")) }
        if take("=") || take("!") || take("<=") || take("<!") || take("*") || take("<*") {
            // Looks at text without taking any: what stands before and after it still touches.
            _ = try alternation()
            try close()
            _ = try repetition()
            return
        }
        if take(":") || take(">") || take("|") { return try body(&run) }
        if take("P<") || take("<") { return try named(until: UInt8(ascii: ">"), &run) }
        if take("'") { return try named(until: UInt8(ascii: "'"), &run) }
        if take("(") { return try conditional(&run) }
        if take("P>") || take("P=") || take("&") || take("R") || isRecursion {
            try skip(past: UInt8(ascii: ")"))
            _ = try repetition()
            return run.stop()
        }
        try flags(&run)
    }

    /// At `1`, `+1` or `-1`: a group called by number, where `-i` would be a flag.
    private var isRecursion: Bool {
        guard at < text.count else { return false }
        if isDigit(text[at]) || text[at] == UInt8(ascii: "+") { return true }
        return text[at] == UInt8(ascii: "-") && at + 1 < text.count && isDigit(text[at + 1])
    }

    private mutating func body(_ run: inout LiteralRun) throws {
        let need = try alternation()
        try close()
        run.add(need, try repetition())
    }

    private mutating func named(until end: UInt8, _ run: inout LiteralRun) throws {
        try skip(past: end)
        try body(&run)
    }

    private mutating func conditional(_ run: inout LiteralRun) throws {
        if at < text.count, text[at] == UInt8(ascii: "?") {
            var unused = LiteralRun()
            try group(&unused)
        } else {
            if at < text.count, text[at] == UInt8(ascii: "*") { throw Unknown() }
            try skip(past: UInt8(ascii: ")"))
        }
        _ = try alternation()
        try close()
        _ = try repetition()
        run.stop()
    }

    /// `(?i)`, `(?i-m:…)`: of the flags, only x changes how the rest reads.
    private mutating func flags(_ run: inout LiteralRun) throws {
        while at < text.count {
            let byte = text[at]
            at += 1
            switch byte {
            case UInt8(ascii: ")"): return
            case UInt8(ascii: ":"): return try body(&run)
            case UInt8(ascii: "i"), UInt8(ascii: "m"), UInt8(ascii: "s"), UInt8(ascii: "n"), UInt8(ascii: "J"),
                UInt8(ascii: "U"), UInt8(ascii: "^"), UInt8(ascii: "-"):
                continue
            default: throw Unknown()
            }
        }
        throw Unknown()
    }

    private mutating func close() throws {
        guard take(")") else { throw Unknown() }
    }

    // MARK: Escapes

    /// After `\`.
    private mutating func escape(_ run: inout LiteralRun) throws {
        guard at < text.count else { throw Unknown() }
        let byte = text[at]
        at += 1
        switch byte {
        case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "A"), UInt8(ascii: "Z"), UInt8(ascii: "z"),
            UInt8(ascii: "G"), UInt8(ascii: "K"), UInt8(ascii: "E"):
            _ = try repetition()
        case UInt8(ascii: "Q"): try quoted(&run)
        case UInt8(ascii: "x"): try hexadecimal(&run)
        case UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "o"), UInt8(ascii: "N"):
            if !take("{") {
                // \pL has one letter; \N alone is "not a line end".
                if byte == UInt8(ascii: "p") || byte == UInt8(ascii: "P") { at = min(at + 1, text.count) }
            } else {
                try skip(past: UInt8(ascii: "}"))
            }
            try unknownText(&run)
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
            try unknownText(&run)
        case UInt8(ascii: "c"):
            at = min(at + 1, text.count)
            try unknownText(&run)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            while at < text.count, isDigit(text[at]) { at += 1 }
            try unknownText(&run)
        case UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "s"), UInt8(ascii: "S"), UInt8(ascii: "w"),
            UInt8(ascii: "W"), UInt8(ascii: "h"), UInt8(ascii: "H"), UInt8(ascii: "v"), UInt8(ascii: "V"),
            UInt8(ascii: "R"), UInt8(ascii: "X"):
            try unknownText(&run)
        default:
            guard let value = Self.escaped(byte) else { throw Unknown() }
            literal([value], try repetition(), &run)
        }
    }

    private mutating func unknownText(_ run: inout LiteralRun) throws {
        _ = try repetition()
        run.stop()
    }

    /// The byte that `\` and this one stand for together, where it is one byte; nil for other letters.
    private static func escaped(_ byte: UInt8) -> UInt8? {
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
    private mutating func quoted(_ run: inout LiteralRun) throws {
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
    private mutating func hexadecimal(_ run: inout LiteralRun) throws {
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
            run.stop()
        }
    }

    // MARK: Classes

    /// After `[`: the byte that is the class's only member, up to case; nil for any other class.
    private mutating func characterClass() throws -> UInt8? {
        var isSingle = !take("^")
        var member: UInt8?
        var isFirst = true
        while at < text.count {
            var byte = text[at]
            at += 1
            if byte == UInt8(ascii: "]"), !isFirst { return isSingle ? member : nil }
            isFirst = false
            if byte == UInt8(ascii: "["), at < text.count, ":.=".utf8.contains(text[at]) {
                isSingle = false
                skipPosixClass()
                continue
            }
            if byte == UInt8(ascii: "\\") {
                guard at < text.count else { throw Unknown() }
                if take("Q") || take("E") { throw Unknown() }
                // Escapes that run on (\x41, \p{L}, \o{…}) go on as members of their own: the class isn't single then.
                if let value = Self.escaped(text[at]) { byte = value } else { isSingle = false }
                at += 1
            }
            let lower = lowercase(byte)
            if byte >= 0x80 || (folds && (lower == UInt8(ascii: "k") || lower == UInt8(ascii: "s"))) {
                isSingle = false
            }
            if let member, member != lower { isSingle = false }
            member = lower
        }
        throw Unknown()
    }

    /// At `:`, `.` or `=` after `[`: goes past `:]` if there is one before the class ends.
    private mutating func skipPosixClass() {
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

    // MARK: Bytes

    private mutating func take(_ expected: StaticString) -> Bool {
        let count = expected.utf8CodeUnitCount
        guard at + count <= text.count else { return false }
        for i in 0..<count where text[at + i] != expected.utf8Start[i] { return false }
        at += count
        return true
    }

    private mutating func skip(past end: UInt8) throws {
        while at < text.count, text[at] != end { at += 1 }
        guard at < text.count else { throw Unknown() }
        at += 1
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    private static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a }
    private func lowercase(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
