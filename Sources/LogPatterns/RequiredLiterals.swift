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
    package static func of(_ pattern: String) -> [[UInt8]]? {
        let utf = Pattern.needsUTF(pattern)
        var reader = PatternReader(Array(pattern.utf8), utf: utf)
        guard let need = try? reader.readAll(), let literals = need.literals,
            literals.allSatisfy({ $0.count >= minimumLength })
        else { return nil }
        return Array(Set(literals)).sorted { $0.lexicographicallyPrecedes($1) }
    }
}

/// What a part of a pattern needs of the text it matches.
struct LiteralNeed {
    /// One of these must occur; nil: nothing is known.
    var literals: [[UInt8]]?
    /// The part matches these bytes and nothing else.
    var exact: [UInt8]?

    static let nothing = LiteralNeed()

    /// More literals than this search no faster than the pattern itself.
    private static let most = 64

    /// How rare a set is, judged by its most common literal.
    var worth: Int {
        guard let literals, let least = literals.map(Self.worth).min() else { return .min }
        // Every further literal has hits of its own.
        return least * 8 - (literals.count - 1) * 16
    }

    /// The bytes of a literal, weighed by how little they occur in logs.
    private static func worth(_ literal: [UInt8]) -> Int {
        guard literal.count >= RequiredLiterals.minimumLength else { return 0 }
        var sum = 0
        for byte in literal {
            switch byte {
            case UInt8(ascii: " "): sum += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"): sum += 1
            case UInt8(ascii: "a")...UInt8(ascii: "z"):
                sum += "etaoinsr".utf8.contains(byte) ? 4 : 5
            case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "-"): sum += 2
            default: sum += 4
            }
        }
        let word = literal.filter { $0 >= 0x61 && $0 <= 0x7a }
        // Half of all log lines hold one of these.
        let isCommon = commonWords.contains { $0 == word }
        return isCommon ? sum / 2 : sum
    }

    private static let commonWords: [[UInt8]] = [
        "error", "errors", "fail", "failed", "failure", "warn", "warning", "info", "debug", "fatal", "exception",
        "connection", "request", "http", "message", "could not", "cannot", "unable to", "the", "for", "with",
    ].map { Array($0.utf8).filter { $0 != 0x20 } }

    mutating func offer(_ other: LiteralNeed) {
        if other.worth > worth { literals = other.literals }
    }

    mutating func offer(_ run: [UInt8]) {
        guard run.count >= RequiredLiterals.minimumLength else { return }
        offer(LiteralNeed(literals: [run]))
    }

    /// What an alternation needs: something of each branch.
    static func any(of branches: [LiteralNeed]) -> LiteralNeed {
        if branches.count == 1 { return branches[0] }
        var all: [[UInt8]] = []
        for branch in branches {
            guard let literals = branch.literals else { return .nothing }
            all += literals
        }
        return all.count <= most ? LiteralNeed(literals: all) : .nothing
    }
}
