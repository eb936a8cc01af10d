/// Reads a pattern's text as far as `RequiredLiterals` needs it: sequences, alternations, groups and repetitions
/// of literal bytes. Throws where it meets what it doesn't know, so that nothing is concluded from it.
struct PatternReader {
    struct Unknown: Error {}

    let text: [UInt8]
    var at = 0
    let utf: Bool
    /// In UTF mode `(?i)` makes k, s and what isn't ASCII match other bytes than their own.
    let folds: Bool
    /// Some part of it may match letters in either case.
    let isCaseless: Bool
    var depth = 0
    /// Groups nested deeper than this prove nothing; PCRE2 itself stops at 250.
    static let deepest = 100

    init(_ text: [UInt8], utf: Bool) {
        self.text = text
        self.utf = utf
        isCaseless = Self.hasInlineFlag(text, UInt8(ascii: "i"))
        folds = utf && isCaseless
    }

    mutating func readAll() throws -> LiteralNeed {
        let need = try alternation()
        guard at == text.count else { throw Unknown() }
        return need
    }

    /// `^` may match in the middle of the text.
    private var hasLines: Bool { Self.hasInlineFlag(text, UInt8(ascii: "m")) }

    /// Whether some `(?…` flag group may hold `flag`.
    static func hasInlineFlag(_ text: [UInt8], _ flag: UInt8) -> Bool {
        let text = text.span
        var i = 0
        while i + 2 < text.count {
            if text[i] == UInt8(ascii: "("), text[i + 1] == UInt8(ascii: "?") {
                var j = i + 2
                while j < text.count, isLetter(text[j]) || text[j] == UInt8(ascii: "^") || text[j] == UInt8(ascii: "-")
                {
                    if text[j] == flag { return true }
                    j += 1
                }
            }
            i += 1
        }
        return false
    }

    // MARK: Sequences

    mutating func alternation() throws -> LiteralNeed {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw Unknown() }
        var branches: [LiteralNeed] = []
        repeat { branches.append(try sequence()) } while take("|")
        return .any(of: branches)
    }

    mutating func sequence() throws -> LiteralNeed {
        var run = LiteralRun()
        while !isAtBranchEnd { try item(&run) }
        return run.finish()
    }

    /// What the rest of the branch at hand begins with, read no further than that takes.
    mutating func headOfRest() throws -> PatternHead {
        var run = LiteralRun()
        while !isAtBranchEnd, run.head.least == 0 { try item(&run) }
        return run.head
    }

    private var isAtBranchEnd: Bool {
        at == text.count || text[at] == UInt8(ascii: "|") || text[at] == UInt8(ascii: ")")
    }

    private mutating func item(_ run: inout LiteralRun) throws {
        switch text[at] {
        case UInt8(ascii: "("):
            at += 1
            try group(&run)
        case UInt8(ascii: "["):
            at += 1
            let (member, bytes) = try characterClass()
            let count = try repetition()
            run.head.follow(bytes, count)
            if let member { run.add([member], count) } else { run.stop() }
        case UInt8(ascii: "."):
            at += 1
            run.head.follow(nil, try repetition())
            run.stop()
        case UInt8(ascii: "^"), UInt8(ascii: "$"):
            let isStart = text[at] == UInt8(ascii: "^")
            at += 1
            if try repetition().least > 0, isStart, !hasLines { run.head.anchor() }
        case UInt8(ascii: "\\"):
            at += 1
            try escape(&run)
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): throw Unknown()
        default:
            try character(&run)
        }
    }

    /// One literal character of the pattern, up to four bytes in UTF mode.
    mutating func character(_ run: inout LiteralRun) throws {
        let start = at
        at += 1
        if text[start] == UInt8(ascii: "{"), at < text.count,
            isDigit(text[at]) || text[at] == UInt8(ascii: ",") || text[at] == UInt8(ascii: " ")
        {
            // A quantifier with nothing before it, or one that only later versions read as such.
            throw Unknown()
        }
        guard text[start] >= 0x80 else { return literal(text[start], try repetition(), &run) }
        while at < text.count, text[at] & 0xc0 == 0x80 { at += 1 }
        literal(Array(text[start..<at]), try repetition(), &run)
    }

    /// The same for one byte of ASCII, of which patterns have most.
    func literal(_ byte: UInt8, _ count: Repetition, _ run: inout LiteralRun) {
        let lower = lowercase(byte)
        let isFolded = folds && (lower == UInt8(ascii: "k") || lower == UInt8(ascii: "s"))
        var first = ByteSet()
        first.insert(byte)
        run.head.follow(isFolded ? nil : isCaseless ? first.folded : first, count)
        if isFolded { run.stop() } else { run.add(lower, count) }
    }

    func literal(_ bytes: [UInt8], _ count: Repetition, _ run: inout LiteralRun) {
        if bytes.count == 1, bytes[0] < 0x80 { return literal(bytes[0], count, &run) }
        let lower = bytes.map(lowercase)
        let isFolded = folds && lower[0] >= 0x80
        var first = ByteSet()
        first.insert(bytes[0])
        // Its other case, if it has one, may have other bytes, and fewer.
        run.head.follow(isFolded ? nil : first, least: min(count.least, 1 << 16) * (isFolded ? 1 : bytes.count))
        if isFolded { run.stop() } else { run.add(lower, count) }
    }

    /// The quantifier that may follow an item; comments and empty quotes in between count as nothing, as in PCRE2.
    mutating func repetition() throws -> Repetition {
        while at < text.count, text[at] == UInt8(ascii: "\\") || text[at] == UInt8(ascii: "(") {
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
    mutating func braces() throws -> Repetition? {
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

    func number(_ i: inout Int) -> Int {
        var value = 0
        while i < text.count, isDigit(text[i]) {
            // PCRE2's own bound is 65,535; past it the number only has to stay big.
            value = min(value * 10 + Int(text[i] - 0x30), 1_000_000)
            i += 1
        }
        return value
    }

    // MARK: Bytes

    mutating func take(_ expected: StaticString) -> Bool {
        let count = expected.utf8CodeUnitCount
        guard at + count <= text.count else { return false }
        for i in 0..<count where text[at + i] != expected.utf8Start[i] { return false }
        at += count
        return true
    }

    mutating func skip(past end: UInt8) throws {
        while at < text.count, text[at] != end { at += 1 }
        guard at < text.count else { throw Unknown() }
        at += 1
    }

    func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a }
    func lowercase(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
