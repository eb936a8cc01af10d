import LogCore
import Synchronization

/// What shows that a file may be of a format whose lines many programs write: `[INFO] text` is Maven's in a file in which Maven says
/// somewhere that it builds something.
///
/// Shared by the workers; its patterns are compiled when a line may be one of them.
package final class FormatEvidence: Sendable {
    let patterns: [FormatPattern]
    let hints: LineHints
    private let compiled = Mutex<[Pattern]?>(nil)

    init(_ patterns: [FormatPattern]) {
        self.patterns = patterns
        hints = LineHints(patterns.map(\.grok.expanded), isAnchored: true)
    }

    /// The first of the lines that is evidence.
    func firstLine(of lines: LineSet, _ ranges: [Range<Int>], _ head: Span<UInt8>) -> Int? {
        if lines.isEmpty { return nil }
        let patterns = compiledPatterns
        var matcher = Matcher()
        for line in lines {
            let text = head.extracting(ranges[line])
            if patterns.contains(where: { Self.matches($0, text, &matcher) }) { return line }
        }
        return nil
    }

    /// The patterns that a line matches, by number.
    func matching(_ line: Span<UInt8>) -> [Int] {
        var matcher = Matcher()
        return compiledPatterns.indices.filter { Self.matches(compiledPatterns[$0], line, &matcher) }
    }

    private static func matches(_ pattern: Pattern, _ line: Span<UInt8>, _ matcher: inout Matcher) -> Bool {
        line.withUnsafeBufferPointer { matcher.match(pattern.code, $0, from: 0, anchored: false) } == .matched
    }

    /// What doesn't compile is reported by `check`, and shows nothing.
    private var compiledPatterns: [Pattern] {
        compiled.withLock { compiled in
            if let compiled { return compiled }
            let all = patterns.compactMap { try? Pattern($0.grok.expanded, options: [.anchored, .interpreted]) }
            compiled = all
            return all
        }
    }
}
