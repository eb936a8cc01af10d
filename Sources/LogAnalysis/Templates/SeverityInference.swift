import LogCore

/// Reads a severity out of the constant words of a message, for formats that write none (syslog files, for one).
///
/// Runs once a template, not once a record. Words count whole: `errors=0`, `/var/error` and `ErrorHandler` say nothing. What
/// a number says, such as an exit code, is `SeverityClue`'s.
enum SeverityInference {
    private static let words: [(word: StaticString, severity: Severity)] = [
        ("panic", .critical), ("fatal", .critical), ("emergency", .critical), ("out of memory", .critical),
        ("oom-killer", .critical), ("critical error", .critical), ("data loss", .critical), ("segfault", .error),
        ("segmentation fault", .error), ("core dumped", .error), ("error", .error), ("errors", .error),
        ("err!", .error), ("failed", .error), ("failure", .error), ("failures", .error), ("exception", .error),
        ("cannot", .error), ("can't", .error), ("could not", .error), ("couldn't", .error), ("unable to", .error),
        ("refused", .error), ("denied", .error), ("corrupt", .error), ("corrupted", .error), ("aborted", .error),
        ("crashed", .error), ("unreachable", .error), ("no space left", .error), ("fail", .error), ("fails", .error),
        ("traceback", .error), ("uncaught", .error), ("unhandled", .error), ("deadlock", .error), ("not ok", .error),
        ("no such file", .error), ("already in use", .error), ("too many open files", .error),
        ("stack overflow", .error),
        ("buffer overflow", .error), ("access violation", .error), ("blocked for more than", .error),
        ("unavailable", .error), ("killed process", .error), ("kernel bug", .error),
        ("warning", .warning), ("warn", .warning), ("deprecated", .warning), ("timed out", .warning),
        ("timeout", .warning), ("retrying", .warning), ("invalid", .warning), ("illegal", .warning),
        ("unexpected", .warning), ("throttled", .warning), ("lost", .warning), ("unknown", .warning),
        ("rejected", .warning), ("broken pipe", .warning), ("reset by peer", .warning), ("not responding", .warning),
        ("exceeded", .warning), ("expired", .warning), ("not found", .warning), ("missing", .warning),
        ("degraded", .warning), ("unhealthy", .warning), ("stalled", .warning), ("slow query", .warning),
        ("malformed", .warning), ("unauthorized", .warning), ("forbidden", .warning), ("bad request", .warning),
        ("mismatch", .warning), ("giving up", .error), ("wrong password", .warning), ("bad password", .warning),
        ("incorrect password", .warning), ("no such user", .warning), ("nonexistent user", .warning),
        ("not permitted", .warning), ("unsuccessful", .warning), ("violation", .warning), ("insufficient", .error),
        ("fehlgeschlagen", .error), ("gescheitert", .error), ("nicht erfolgreich", .error), ("fehler", .error),
        ("erreur", .error), ("avertissement", .warning), ("fallo", .error), ("fallito", .error), ("falhou", .error),
        ("errore", .error), ("erro", .error), ("warnung", .warning), ("advertencia", .warning),
        // Lua names no level.
        ("attempt to index", .error), ("attempt to call", .error), ("attempt to perform arithmetic", .error),
        ("attempt to compare", .error), ("attempt to concatenate", .error),
        ("sigsegv", .critical), ("segmentation violation", .critical),
    ]

    /// Words that begin with no letter of ASCII: those of scripts without blanks stand anywhere.
    private static let foreignWords: [StaticString] = [
        "échec", "Échec", "échoué", "ошибка", "Ошибка", "не удалось", "Не удалось", "失败", "失敗", "错误", "錯誤", "エラー", "오류",
        "실패",
    ]

    /// What turns the word behind it round. `On error` and `if it failed` tell of what may be.
    private static let negations: [StaticString] = [
        "no ", "0 ", "without ", "non-", "not ", "zero ", "any ", "never ", "n't ", "free of ", "ignoring ", "on ",
        "no more ", "no other ", "recovered from ", "in case of ", "no critical ", "no new ",
    ]

    /// What makes a thing of the word before it, or says that there is none.
    private static let companions: [StaticString] = [
        " handler", " handling", " reporting", " correction", " log", " logs", " logging", " page", " pages", " rate",
        " budget", " threshold", " detection", " recovery", " boundary", " messages will", ": none", ": nil", ": null",
        ": no", ": false", ": <nil>", " <nil>", " nil", " free", " is set", " set to", " counter", " count", " level",
    ]

    /// The words by their first letter.
    private static let byLetter: [[(word: StaticString, severity: Severity)]] = (0..<26).map { letter in
        words.filter { Int($0.word.utf8Start[0]) == 0x61 + letter }
    }

    static func infer(_ template: Span<UInt8>) -> Severity { read(template).severity }

    /// What the words say, where numbers say more, and what the words say where a number counts the errors.
    static func read(_ template: Span<UInt8>) -> (severity: Severity, clues: [SeverityClue], counted: Severity) {
        let text = template.withUnsafeBufferPointer { $0.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 } }
        if let severity = SeverityMark.read(template) ?? SeverityMark.within(template) {
            return (severity, [], severity)
        }
        let clues = SeverityClue.find(in: text)
        // `0 failed, 7 passed`: a tally, not a failure; the numbers are masked.
        let isTally = contains(text, "passed")
        let severity = words(text, template, isTally: isTally)
        let isCounted = clues.contains { $0.kind == .count }
        return (severity, clues, isCounted ? words(text, template, isTally: true) : severity)
    }

    private static func words(_ text: [UInt8], _ template: Span<UInt8>, isTally: Bool) -> Severity {
        // `exception handling support... done.`: what ended well is no error, whatever it is called.
        let endsWell = endings.contains { ends(text, with: $0) }
        var best = Severity.info
        for start in text.indices where start == 0 || isBoundary(text[start - 1]) {
            if best < .error, !endsWell, !isTally, isErrorType(template, start) { best = .error }
            let letter = Int(text[start]) - 0x61
            guard (0..<26).contains(letter) else {
                let isForeign = text[start] >= 0xC3 && best < .error && !isTally && !endsWell
                if isForeign, foreignWords.contains(where: { matches(text, start, $0) }) { best = .error }
                continue
            }
            for (word, severity) in byLetter[letter]
            where severity > best && !((isTally || endsWell) && severity == .error) {
                if isWord(text, start, word), !isNegated(text, start), !isThing(text, start, word) { best = severity }
            }
        }
        return best
    }

    /// How a message ends that tells of a success.
    private static let endings: [StaticString] = [
        "done", "[ok]", " ok", "enabled", "succeeded", "successfully", "registered", "loaded", "initialized",
    ]

    /// `TypeError:`, `java.io.IOException:`: a name of an error, with a colon, a bracket or at the end; not `onError: retry`.
    private static func isErrorType(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var end = start
        var name = start
        while end < text.count {
            let byte = text[end]
            if byte == UInt8(ascii: ".") {
                name = end + 1
            } else if isBoundary(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "-") {
                break
            }
            end += 1
        }
        // Ruby's `NoMethodError (undefined method 'id' for nil)` has no colon.
        let isEnd = end == text.count || text[end] == UInt8(ascii: ":") || text.matches(" (", at: end)
        guard isEnd, name < end, text[name] &- 0x41 < 26 else {
            return false
        }
        return end - name > 5 && text.matches("Error", at: end - 5)
            || end - name > 9 && text.matches("Exception", at: end - 9)
    }

    /// Without marks at the end of the text.
    private static func ends(_ text: [UInt8], with ending: StaticString) -> Bool {
        var count = text.count
        while count > 0, ".! \t".utf8.contains(text[count - 1]) { count -= 1 }
        let start = count - ending.utf8CodeUnitCount
        return start >= 0 && matches(text, start, ending)
    }

    private static func contains(_ text: [UInt8], _ word: StaticString) -> Bool {
        text.indices.contains { ($0 == 0 || isBoundary(text[$0 - 1])) && isWord(text, $0, word) }
    }

    private static func isWord(_ text: [UInt8], _ start: Int, _ word: StaticString) -> Bool {
        let end = start + word.utf8CodeUnitCount
        return end <= text.count && (end == text.count || isEnd(text, end)) && matches(text, start, word)
    }

    private static func matches(_ text: [UInt8], _ start: Int, _ word: StaticString) -> Bool {
        guard start + word.utf8CodeUnitCount <= text.count else { return false }
        for i in 0..<word.utf8CodeUnitCount where text[start + i] != word.utf8Start[i] { return false }
        return true
    }

    private static func isNegated(_ text: [UInt8], _ start: Int) -> Bool {
        negations.contains { negation in
            let length = negation.utf8CodeUnitCount
            guard start >= length, matches(text, start - length, negation) else { return false }
            // `n't ` ends a word, the others are words.
            return negation.utf8Start[1] == UInt8(ascii: "'") || start == length || isBoundary(text[start - length - 1])
        }
    }

    private static func isThing(_ text: [UInt8], _ start: Int, _ word: StaticString) -> Bool {
        let end = start + word.utf8CodeUnitCount
        if companions.contains(where: { companion in
            let stop = end + companion.utf8CodeUnitCount
            return matches(text, end, companion) && (stop == text.count || isBoundary(text[stop]))
        }) {
            return true
        }
        // `timeout: 30s` and `timeout 30s` are settings.
        guard text[start] == UInt8(ascii: "t"), isWord(text, start, "timeout") else { return false }
        return matches(text, end, " <*>") || matches(text, end, ": <*>") || matches(text, end, ":<*>")
    }

    private static func isBoundary(_ byte: UInt8) -> Bool {
        !((byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "/")
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "."))
    }

    /// A word ends at anything but a letter, a digit, a joint of a name, or `=`, which makes it a key.
    private static func isEnd(_ text: [UInt8], _ at: Int) -> Bool {
        let byte = text[at]
        if byte == UInt8(ascii: "=") { return false }
        if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") {
            return at + 1 == text.count || text[at + 1] == 0x20
        }
        return isBoundary(byte)
    }
}
