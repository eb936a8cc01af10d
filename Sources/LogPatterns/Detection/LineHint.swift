import Synchronization

/// What a line must be for a pattern to match it, as far as the pattern's text tells. To compile two hundred formats for it
/// would take as long as all the rest of a start.
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

    /// A JSON object in which one of the names stands; the last of a path has its quote behind it.
    init(jsonNames: [(name: [UInt8], isWhole: Bool)]) {
        firstBytes = ByteSet { $0 == UInt8(ascii: "{") || $0 == 0x20 || $0 == 0x09 }
        let quote = UInt8(ascii: "\"")
        literals = jsonNames.map { [quote] + $0.name + ($0.isWhole ? [quote] : []) }
    }

    init(_ source: String, isAnchored: Bool) {
        let needs = PatternNeeds(source)
        // Where a match may begin anywhere, the line may.
        firstBytes = isAnchored || needs.isAnchored ? needs.firstBytes : nil
        minimumLength = needs.minimumLength
        heldByte = needs.heldByte
        literals = needs.literals
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

    init(_ hints: [LineHint]) {
        sources = []
        isAnchored = true
        known.withLock { $0 = hints }
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
