internal import CPCRE2
import LogCore
import Synchronization

/// What a line must be for a pattern to match it, as far as that can be told without a search: what PCRE2 finds out
/// when it compiles, and the literals that the pattern's text proves.
package struct LineHint: Sendable {
    /// Bytes that the line can begin with; nil where any can.
    var firstBytes: ByteSet?
    /// Bytes that it has at least.
    var minimumLength = 0
    /// A byte that it holds, a letter in either case; nil where none is known.
    var heldByte: UInt8?
    /// Of these it holds one, in either case; nil where none can be proven.
    var literals: [[UInt8]]?

    /// Any line.
    init() {}

    /// The pattern must have been read by `Pattern` once: one that doesn't compile tells nothing.
    init(_ source: String, isAnchored: Bool) {
        let utf = Pattern.needsUTF(source)
        let facts = PatternFacts(source, isUTF: utf, isAnchored: isAnchored)
        firstBytes = facts.firstBytes
        minimumLength = facts.minimumLength
        heldByte = facts.lastByte
        literals = RequiredLiterals.of(source)
    }
}

/// The hints of a candidate's patterns: worked out at the first file, shared by the workers.
package final class LineHints: Sendable {
    private let sources: [String]
    private let isAnchored: Bool
    private let known = Mutex<[LineHint]?>(nil)

    /// `isAnchored`: the patterns are tried at the start of a line only, whether they say so or not.
    package init(_ sources: [String], isAnchored: Bool) {
        self.sources = sources
        self.isAnchored = isAnchored
    }

    /// A line that fits none of them is refused.
    var all: [LineHint] {
        known.withLock { known in
            if let known { return known }
            let hints = sources.map { LineHint($0, isAnchored: isAnchored) }
            known = hints
            return hints
        }
    }
}

/// What PCRE2 says of a pattern that it compiled without the JIT, which takes nine tenths of the time.
private struct PatternFacts {
    var firstBytes: ByteSet?
    var minimumLength = 0
    var lastByte: UInt8?

    init(_ source: String, isUTF: Bool, isAnchored: Bool) {
        var flags = PCRE2_NEVER_BACKSLASH_C
        if isUTF { flags |= PCRE2_UTF | PCRE2_MATCH_INVALID_UTF }
        guard isAnchored || Self.isAnchored(source, flags) else {
            read(source, flags)
            // A match may begin anywhere in the line.
            firstBytes = nil
            return
        }
        // PCRE2 works out first bytes only for what isn't anchored. Without what anchors it a pattern matches at least
        // what it matched before.
        var rest = Substring(source)
        if rest.utf8.first == UInt8(ascii: "^") {
            rest.removeFirst()
            // A quantifier would now mean something else.
            if let next = rest.utf8.first, "*+?{".utf8.contains(next) { return }
        }
        read(String(rest), flags)
    }

    private static func isAnchored(_ source: String, _ flags: UInt32) -> Bool {
        guard let code = try? Pattern.compile(source, flags) else { return false }
        defer { pcre2_code_free_8(code) }
        return Pattern.info(code, PCRE2_INFO_ALLOPTIONS, 0 as UInt32) & PCRE2_ANCHORED != 0
    }

    private mutating func read(_ source: String, _ flags: UInt32) {
        guard let code = try? Pattern.compile(source, flags) else { return }
        defer { pcre2_code_free_8(code) }
        firstBytes = Pattern.firstBytes(code, isUTF: flags & PCRE2_UTF != 0)
        // Characters in UTF mode, each of a byte at least.
        minimumLength = Int(Pattern.info(code, PCRE2_INFO_MINLENGTH, 0 as UInt32))
        guard Pattern.info(code, PCRE2_INFO_LASTCODETYPE, 0 as UInt32) == 1 else { return }
        let last = Pattern.info(code, PCRE2_INFO_LASTCODEUNIT, 0 as UInt32)
        // In UTF mode a letter may stand for others of several bytes, which PCRE2 doesn't say.
        let isLetter = (last | 0x20) >= 0x61 && (last | 0x20) <= 0x7A
        if last < 0x80, !isLetter || flags & PCRE2_UTF == 0 { lastByte = UInt8(last) }
    }
}
