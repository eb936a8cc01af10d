package import LogPatterns

/// What `/` looks for: a regular expression (PCRE2), or text as it stands. Without capital letters, both mean capitals too.
package final class TextSearch {
    package let text: String
    package let isPlain: Bool
    package let pattern: Pattern
    private var matcher = Matcher()

    package init(_ text: String, isPlain: Bool) throws(PatternError) {
        self.text = text
        self.isPlain = isPlain
        var source = text.contains(where: \.isUppercase) ? "" : "(?i)"
        source += isPlain ? Self.quoted(text) : text
        pattern = try Pattern(source, options: .utf)
    }

    private static func quoted(_ text: String) -> String {
        text.map { $0.isLetter || $0.isNumber || !$0.isASCII ? String($0) : "\\\($0)" }.joined()
    }

    package func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { matcher.match(pattern, $0) == .matched }
    }

    /// Where the pattern occurs, as bytes of the text; a few for one line are enough.
    package func ranges(in text: String) -> [Range<Int>] {
        var text = text
        return text.withUTF8 { bytes in
            var ranges: [Range<Int>] = []
            var start = 0
            while ranges.count < 100, start < bytes.count, matcher.match(pattern, bytes, from: start) == .matched {
                guard let range = matcher.capture(0) else { break }
                if range.isEmpty {
                    start = max(range.upperBound, start) + 1
                    continue
                }
                ranges.append(range)
                start = range.upperBound
            }
            return ranges
        }
    }
}
