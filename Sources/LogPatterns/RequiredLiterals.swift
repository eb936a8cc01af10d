/// Literals of which any text that a pattern matches holds at least one: what lets a prefilter pass over
/// the rules that can't match, without running their patterns.
///
/// Reads PCRE2's syntax conservatively: what it doesn't know proves nothing. Too few literals cost time,
/// a wrong one would lose findings.
package enum RequiredLiterals {
    /// Shorter ones are in every other line.
    package static let minimumLength = 3

    /// Literals as bytes, ASCII letters in lower case (they are to be searched caselessly, as `(?i)` is not told
    /// apart here); nil where none can be proven.
    package static func of(_ pattern: String) -> [[UInt8]]? { PatternNeeds(pattern).literals }
}

/// What a text must be for a pattern to match it, told from the pattern's own text without compiling it.
package struct PatternNeeds: Sendable {
    /// See `RequiredLiterals`.
    package private(set) var literals: [[UInt8]]?
    /// A byte that a match holds, a letter in either case; nil where none can be proven.
    package private(set) var heldByte: UInt8?
    /// Bytes that a match can begin with; nil where any can, or a match can be empty.
    package private(set) var firstBytes: ByteSet?
    /// Bytes that a match has at least.
    package private(set) var minimumLength = 0
    /// A match begins where the text begins.
    package private(set) var isAnchored = false

    package init(_ pattern: String) {
        let utf = Pattern.needsUTF(pattern)
        var reader = PatternReader(Array(pattern.utf8), utf: utf)
        guard let need = try? reader.readAll() else { return }
        heldByte = need.held
        firstBytes = need.head.firstBytes
        minimumLength = need.head.least
        isAnchored = need.head.isAnchored
        guard let found = need.literals, found.allSatisfy({ $0.count >= RequiredLiterals.minimumLength }) else {
            return
        }
        literals = found.count == 1 ? found : Array(Set(found)).sorted { $0.lexicographicallyPrecedes($1) }
    }
}

/// What a part of a pattern needs of the text it matches.
struct LiteralNeed {
    /// One of these must occur; nil: nothing is known.
    var literals: [[UInt8]]?
    /// The part matches these bytes and nothing else.
    var exact: [UInt8]?
    /// A byte that must occur, a letter in either case.
    var held: UInt8?
    var head = PatternHead()

    static let nothing = LiteralNeed()

    /// More literals than this search no faster than the pattern itself.
    private static let most = 64

    /// How rare a set is, judged by its most common literal.
    var worth: Int {
        guard let literals, !literals.isEmpty else { return .min }
        var least = Int.max
        for place in literals.indices { least = min(least, Self.worth(literals[place])) }
        // Every further literal has hits of its own.
        return least * 8 - (literals.count - 1) * 16
    }

    /// The bytes of a literal, weighed by how little they occur in logs.
    private static func worth(_ literal: [UInt8]) -> Int {
        guard literal.count >= RequiredLiterals.minimumLength else { return 0 }
        var sum = 0
        for byte in literal { sum += worth(byte) }
        // Half of all log lines hold one of these.
        if isCommon(literal) { sum /= 2 }
        // A single shorter literal makes the search look at three times as many places of every log.
        return literal.count < LiteralIndex.cheapLength ? sum / 4 : sum
    }

    private static func worth(_ byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "0")...UInt8(ascii: "9"): 1
        case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "-"): 2
        case UInt8(ascii: "e"), UInt8(ascii: "t"), UInt8(ascii: "a"), UInt8(ascii: "o"), UInt8(ascii: "i"),
            UInt8(ascii: "n"), UInt8(ascii: "s"), UInt8(ascii: "r"):
            4
        case UInt8(ascii: "a")...UInt8(ascii: "z"): 5
        default: 4
        }
    }

    private static func isCommon(_ literal: [UInt8]) -> Bool {
        guard let first = literal.first(where: { $0 >= 0x61 && $0 <= 0x7a }) else { return false }
        return commonWords[Int(first - 0x61)].contains { isWord($0, literal) }
    }

    /// Whether the small letters of a literal are this word.
    private static func isWord(_ word: [UInt8], _ literal: [UInt8]) -> Bool {
        var at = 0
        for byte in literal where byte >= 0x61 && byte <= 0x7a {
            guard at < word.count, word[at] == byte else { return false }
            at += 1
        }
        return at == word.count
    }

    /// By their first letter: a start weighs thirty thousand literals.
    private static let commonWords: [[[UInt8]]] = {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).map { letter in words.filter { $0[0] == letter } }
    }()

    private static let words: [[UInt8]] = [
        "error", "errors", "fail", "failed", "failure", "warn", "warning", "info", "debug", "fatal", "exception",
        "connect", "connection", "request", "http", "status", "message", "could not", "cannot", "unable to", "the",
        "for", "with",
    ].map { Array($0.utf8).filter { $0 != 0x20 } }

    /// What an alternation needs: something of each branch.
    static func any(of branches: [LiteralNeed]) -> LiteralNeed {
        if branches.count == 1 { return branches[0] }
        var need = LiteralNeed(head: .any(of: branches.map(\.head)))
        if let held = branches.first?.held, branches.allSatisfy({ $0.held == held }) { need.held = held }
        var all: [[UInt8]] = []
        for branch in branches {
            guard let literals = branch.literals else { return need }
            all += literals
        }
        if all.count <= most { need.literals = all }
        return need
    }
}
