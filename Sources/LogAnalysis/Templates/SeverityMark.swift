import LogCore

/// The level that a program writes itself in front of what it says, in a message of a format that knows nothing of it, such as
/// syslog's: `crit: disk full`, `[warn] no answer`, `DEBUG retrying`. It counts for more than the words behind it.
enum SeverityMark {
    /// Nil where the skeleton doesn't begin with a level, or says that there is nothing of the kind: `error: none`.
    static func read(_ text: Span<UInt8>) -> Severity? {
        var start = 0
        while start < text.count, text[start] == 0x20 { start += 1 }
        guard start + 3 < text.count else { return nil }
        let close = text[start].closingMark
        if close != 0 { start += 1 }
        var end = start
        while end < text.count, end - start < 14, (text[end] | 0x20) &- 0x61 < 26 { end += 1 }
        let word = text.extracting(start..<end)
        guard word.count >= 3, end < text.count, let severity = Severity(word: word) else { return nil }
        let isShout = word.isCapitals
        switch text[end] {
        case close where close != 0: break
        case UInt8(ascii: ":") where close == 0:
            guard end + 1 < text.count, text[end + 1] == 0x20, isShout || isLevel(word) else { return nil }
        case 0x20 where close == 0:
            guard isShout, word.count > 3 else { return nil }
        default: return nil
        }
        return saysNothing(text.extracting((end + 1)..<text.count)) ? nil : severity
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
        while lower < upper, text[lower] == 0x20 { lower += 1 }
        while upper > lower, text[upper - 1] == 0x20 || text[upper - 1] == UInt8(ascii: ".") { upper -= 1 }
        let words: [StaticString] = ["", "<*>", "0", "no", "nil", "none", "null", "<nil>", "false"]
        return words.contains { $0.utf8CodeUnitCount == upper - lower && text.matches($0, at: lower) }
    }
}

extension UInt8 {
    fileprivate var closingMark: UInt8 {
        switch self {
        case UInt8(ascii: "["): UInt8(ascii: "]")
        case UInt8(ascii: "<"): UInt8(ascii: ">")
        case UInt8(ascii: "("): UInt8(ascii: ")")
        default: 0
        }
    }
}

extension Span<UInt8> {
    fileprivate var isCapitals: Bool {
        for i in indices where self[i] &- 0x41 > 25 { return false }
        return true
    }
}
