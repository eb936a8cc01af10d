import LogCore

/// Reads a severity out of the constant words of a message, for formats that write none (syslog files, for one).
///
/// Runs once a template, not once a record. Words count whole: `errors=0` and `/var/error` say nothing.
enum SeverityInference {
    private static let words: [(word: StaticString, severity: Severity)] = [
        ("panic", .critical), ("fatal", .critical), ("emergency", .critical), ("out of memory", .critical),
        ("oom-killer", .critical), ("segfault", .error), ("core dumped", .error),
        ("error", .error), ("failed", .error), ("failure", .error), ("failures", .error), ("exception", .error),
        ("cannot", .error), ("can't", .error), ("could not", .error), ("couldn't", .error), ("unable to", .error),
        ("refused", .error), ("denied", .error), ("corrupt", .error), ("corrupted", .error), ("aborted", .error),
        ("crashed", .error), ("unreachable", .error), ("no space left", .error), ("fail", .error),
        ("warning", .warning), ("warn", .warning), ("deprecated", .warning), ("timed out", .warning),
        ("timeout", .warning), ("retrying", .warning), ("invalid", .warning), ("illegal", .warning),
        ("unexpected", .warning), ("throttled", .warning), ("lost", .warning), ("unknown", .warning),
    ]

    /// Negations right before or behind a word that turn it round: `no error`, `error: 0` is masked to `error: <*>`.
    private static let negations: [StaticString] = ["no ", "0 ", "without ", "non-", "not ", "zero "]

    /// The words by their first letter.
    private static let byLetter: [[(word: StaticString, severity: Severity)]] = (0..<26).map { letter in
        words.filter { Int($0.word.utf8Start[0]) == 0x61 + letter }
    }

    static func infer(_ template: Span<UInt8>) -> Severity {
        // `0 failed, 7 passed`: a tally, not a failure; the numbers are masked.
        let isTally = contains(template, "passed")
        // `exception handling support... done.`: what ended well is no error, whatever it is called.
        let endsWell = endings.contains { ends(template, with: $0) }
        var best = Severity.info
        for start in template.indices {
            let letter = Int(template[start] | 0x20) - 0x61
            guard (0..<26).contains(letter), start == 0 || isBoundary(template[start - 1]) else { continue }
            for (word, severity) in byLetter[letter]
            where severity > best && !((isTally || endsWell) && severity == .error) {
                if isWord(template, start, word), !isNegated(template, start) { best = severity }
            }
        }
        return best
    }

    /// How a message ends that tells of a success.
    private static let endings: [StaticString] = ["done", "[ok]", " ok", "enabled", "succeeded", "successfully"]

    /// Without marks at the end of the text.
    private static func ends(_ text: Span<UInt8>, with ending: StaticString) -> Bool {
        var count = text.count
        while count > 0, ".! \t".utf8.contains(text[count - 1]) { count -= 1 }
        let start = count - ending.utf8CodeUnitCount
        return start >= 0 && matches(text, start, ending)
    }

    private static func contains(_ text: Span<UInt8>, _ word: StaticString) -> Bool {
        text.indices.contains { ($0 == 0 || isBoundary(text[$0 - 1])) && isWord(text, $0, word) }
    }

    private static func isWord(_ text: Span<UInt8>, _ start: Int, _ word: StaticString) -> Bool {
        let end = start + word.utf8CodeUnitCount
        return end <= text.count && (end == text.count || isEnd(text, end)) && matches(text, start, word)
    }

    private static func matches(_ text: Span<UInt8>, _ start: Int, _ word: StaticString) -> Bool {
        for i in 0..<word.utf8CodeUnitCount {
            let byte = text[start + i]
            let folded = byte &- 0x41 < 26 ? byte | 0x20 : byte
            if folded != word.utf8Start[i] { return false }
        }
        return true
    }

    private static func isNegated(_ text: Span<UInt8>, _ start: Int) -> Bool {
        negations.contains { negation in
            let length = negation.utf8CodeUnitCount
            return start >= length && matches(text, start - length, negation)
        }
    }

    private static func isBoundary(_ byte: UInt8) -> Bool {
        !((byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "/")
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "."))
    }

    /// A word ends at anything but a letter, a digit, a joint of a name, or `=`, which makes it a key.
    private static func isEnd(_ text: Span<UInt8>, _ at: Int) -> Bool {
        let byte = text[at]
        if byte == UInt8(ascii: "=") { return false }
        if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") {
            return at + 1 == text.count || text[at + 1] == 0x20
        }
        return isBoundary(byte)
    }
}
