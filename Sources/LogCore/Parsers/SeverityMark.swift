/// The level that a program writes itself in front of what it says, in a message of a format that knows nothing of it, such as
/// syslog's: `crit: disk full`, `[warn] no answer`, `DEBUG retrying`, `shop.ERROR: no answer`. It counts for more than the words
/// behind it.
package enum SeverityMark {
    /// Nil where the message, or its skeleton, doesn't begin with a level, or says that there is nothing of the kind: `error: none`.
    package static func read(_ text: Span<UInt8>) -> Severity? {
        var start = 0
        while start < text.count, text[start] == Ascii.space { start += 1 }
        guard start + 3 < text.count else { return nil }
        let close = text[start].closing
        if close != 0 { start += 1 }
        var end = wordEnd(text, start)
        if close == 0, end < text.count, let level = behindChannel(text, end) {
            start = level
            end = wordEnd(text, level)
        }
        let word = text.extracting(start..<end)
        guard word.count >= 3, end < text.count, let severity = Severity(word: word) else { return nil }
        let isShout = word.isCapitals
        // `[INFO ] `: filled up to the longest of them.
        if close != 0 { while end + 1 < text.count, text[end] == Ascii.space { end += 1 } }
        switch text[end] {
        case close where close != 0: break
        case Ascii.colon where close == 0:
            guard end + 1 < text.count, text[end + 1] == Ascii.space, isShout || isLevel(word) else { return nil }
        case Ascii.space where close == 0, UInt8(ascii: "|") where close == 0:
            guard isShout, word.count > 3 else { return nil }
        default: return nil
        }
        return saysNothing(text.extracting((end + 1)..<text.count)) ? nil : severity
    }

    /// A level further in, behind a thread, a file, a process, a name with a colon: `svc:738 [ERROR] no answer`,
    /// `1000211352: HostImage: DEBUG: open`, `gw - on_log - INFO - text`. Nil behind a sentence, which may speak of one.
    package static func within(_ text: Span<UInt8>) -> Severity? {
        let limit = min(text.count, 120)
        var plainWords = 0
        var i = 0
        while i < limit {
            guard TimestampScanner.isLetter(text[i]) else {
                i += 1
                continue
            }
            let word = i..<wordEnd(text, i)
            i = max(word.upperBound, word.lowerBound + 1)
            if let severity = level(text, word) { return severity }
            let isSpaced =
                word.lowerBound == 0 || text[word.lowerBound - 1] == Ascii.space
            if isSpaced, word.count > 1, i == text.count || text[i] == Ascii.space {
                plainWords += 1
                if plainWords > 1 { return nil }
            }
        }
        return nil
    }

    /// The level that a word is for what stands around it.
    private static func level(_ text: Span<UInt8>, _ word: Range<Int>) -> Severity? {
        guard (3...12).contains(word.count), word.lowerBound > 0, word.upperBound + 2 < text.count,
            let severity = Severity(word: text.extracting(word))
        else { return nil }
        let before = text[word.lowerBound - 1]
        var end = word.upperBound
        if before.closing != 0 {
            while end + 1 < text.count, text[end] == Ascii.space { end += 1 }
            return text[end] == before.closing && isLevel(text.extracting(word)) ? severity : nil
        }
        guard word.count > 3, text.extracting(word).isCapitals else { return nil }
        let start = word.lowerBound
        if before == UInt8(ascii: "|") || ends(text, start, "| ") {
            return text.matches("|", at: end) || text.matches(" |", at: end) ? severity : nil
        }
        if ends(text, start, " - ") { return text.matches(" - ", at: end) ? severity : nil }
        if ends(text, start, "  ") { return text[end] == Ascii.space ? severity : nil }
        return ends(text, start, ": ") && text.matches(": ", at: end) ? severity : nil
    }

    private static func ends(_ text: Span<UInt8>, _ end: Int, _ mark: StaticString) -> Bool {
        end >= mark.utf8CodeUnitCount && text.matches(mark, at: end - mark.utf8CodeUnitCount)
    }

    private static func wordEnd(_ text: Span<UInt8>, _ start: Int) -> Int {
        var end = start
        while end < text.count, end - start < 32, TimestampScanner.isLetter(text[end]) { end += 1 }
        return end
    }

    /// Where the level of `shop.ERROR: ` begins, behind Monolog's channel.
    private static func behindChannel(_ text: Span<UInt8>, _ end: Int) -> Int? {
        guard text[end] == Ascii.dot else { return nil }
        let levelEnd = wordEnd(text, end + 1)
        guard levelEnd < text.count, text[levelEnd] == Ascii.colon, text.extracting((end + 1)..<levelEnd).isCapitals
        else {
            return nil
        }
        return end + 1
    }

    /// Words for levels that begin a sentence as well are none: `Fine: …`, `Alert: …`, `Trace: …`.
    private static func isLevel(_ word: Span<UInt8>) -> Bool {
        let words: [StaticString] = ["fine", "finer", "finest", "alert", "trace", "fault", "success"]
        return !words.contains { other in
            other.utf8CodeUnitCount == word.count
                && word.indices.allSatisfy { word[$0] | 0x20 == other.utf8Start[$0] }
        }
    }

    /// `none`, or a number: how many there are.
    private static func saysNothing(_ text: Span<UInt8>) -> Bool {
        var lower = 0
        var upper = text.count
        while lower < upper, text[lower] == Ascii.space { lower += 1 }
        while upper > lower, text[upper - 1] == Ascii.space || text[upper - 1] == Ascii.dot { upper -= 1 }
        if text.isNumber(lower, upper) { return true }
        let words: [StaticString] = ["", "<*>", "no", "nil", "none", "null", "<nil>", "false"]
        return words.contains { $0.utf8CodeUnitCount == upper - lower && text.matches($0, at: lower) }
    }
}

extension Span<UInt8> {
    fileprivate var isCapitals: Bool {
        for i in indices where self[i] &- 0x41 > 25 { return false }
        return true
    }
}
