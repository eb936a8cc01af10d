import LogCore

/// The line of a sample that shows best what happened.
struct Evidence {
    /// Lines of an event looked at.
    private static let limit = 60

    /// From 1, in the source.
    let line: Int64
    /// Without the timestamp that begins it; not cleaned.
    let text: String
    private let anchors: [String]

    /// Of an event of many lines the one is taken that holds most of what the rule captured; where it captured
    /// nothing, most words of the rule's id and title; where there is no rule, the innermost cause of a trace.
    init(_ finding: Finding) {
        let sample = finding.sample
        let values = finding.captures.map(\.value).filter { !$0.isEmpty }
        let lines = sample.text.split(separator: "\n", maxSplits: Self.limit, omittingEmptySubsequences: false)
            .prefix(Self.limit)
        var best = 0
        if lines.count > 1 {
            if let rule = finding.rule {
                let words = Self.words(rule)
                let scores = lines.map { line in
                    let folded = line.lowercased()
                    return (values.count { line.contains($0) }, words.count { folded.contains($0) })
                }
                for index in scores.indices where scores[index] > scores[best] { best = index }
            } else {
                best = Self.cause(lines)
                // What the finding is called by may stand below.
                if best == 0, !finding.status.isEmpty {
                    best = lines.firstIndex { $0.contains(finding.status) } ?? 0
                }
            }
        }
        line = sample.line &+ Int64(best)
        anchors = Self.anchors(finding)
        let chosen = lines.isEmpty ? "" : String(lines[best])
        let message = Self.jsonMessage(chosen)
        if let message, values.allSatisfy({ message.contains($0) || !chosen.contains($0) }) {
            text = message
        } else {
            text = Self.withoutTime(chosen)
        }
    }

    /// The text in `room` columns; where what matters would be cut off, what lies before it is shortened.
    func shown(in room: Int, unicode: Bool) -> String {
        var trimmed = text.drop { $0.isWhitespace }
        while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
        let text = TextLayout.clean(String(trimmed), unicode: unicode)
        let whole = TextLayout.clip(text, to: room, unicode: unicode)
        guard whole != text, room > 20 else { return whole }
        let places = anchors.compactMap { text.firstRange(of: TextLayout.clean($0, unicode: unicode)) }
        guard let place = places.min(by: { $0.lowerBound < $1.lowerBound }),
            text.distance(from: text.startIndex, to: place.upperBound) >= room
        else { return whole }
        // The beginning says who speaks; the rest begins with a whole word.
        let head = room * 2 / 5
        let lead = text.index(place.lowerBound, offsetBy: -room / 6, limitedBy: text.startIndex) ?? text.startIndex
        let start = text[lead..<place.lowerBound].firstIndex(of: " ") ?? lead
        guard text.distance(from: text.startIndex, to: start) > head else { return whole }
        let beginning = TextLayout.clip(text, to: head, unicode: unicode)
        return TextLayout.clip(beginning + text[start...], to: room, unicode: unicode)
    }

    /// What must be seen of the line: captures; where there are none, words of the rule, or the first constant words
    /// of the template.
    private static func anchors(_ finding: Finding) -> [String] {
        guard let rule = finding.rule else {
            let constant = finding.title.split(separator: "<*>").lazy.map { $0.drop { $0 == " " } }
            return constant.first { $0.utf8.count > 3 }.map { [String($0.prefix(40))] } ?? []
        }
        let captures = finding.captures.map(\.value).filter { $0.utf8.count > 2 }
        return captures.isEmpty ? words(rule).sorted() : captures
    }

    /// What a line that a rule matches is likely to say: rules are named after the words of the message.
    private static func words(_ rule: RuleInfo) -> Set<String> {
        let words = "\(rule.id) \(rule.title)".lowercased().split { !$0.isLetter }
        return Set(words.filter { $0.utf8.count > 3 }.map(String.init))
    }

    /// The line that names the exception: the last `Caused by:` of a Java trace, the line behind the frames of a
    /// Python one.
    private static func cause(_ lines: ArraySlice<Substring>) -> Int {
        if let cause = lines.lastIndex(where: { $0.hasPrefix("Caused by: ") }) { return cause }
        guard let trace = lines.firstIndex(where: { $0.contains("Traceback (most recent call last)") }) else {
            return 0
        }
        let frames = lines[(trace + 1)...]
        return frames.firstIndex { $0.first != " " && !$0.isEmpty } ?? 0
    }

    /// What follows a timestamp that begins the line: the time stands in the finding's title already.
    private static func withoutTime(_ line: String) -> String {
        var line = line
        let end = line.withUTF8 { bytes -> Int? in
            let span = Span(_unsafeElements: bytes)
            // It may stand in brackets or quotes.
            let start = bytes.first.map { "[(\"'".utf8.contains($0) ? 1 : 0 } ?? 0
            guard let time = TimestampScanner.scan(span, at: 0) ?? TimestampScanner.scan(span, at: start)
            else { return nil }
            var end = time.end
            while end < bytes.count, " ]),:-|\"'\t".utf8.contains(bytes[end]) { end += 1 }
            return end < bytes.count ? end : nil
        }
        return end.map { String(decoding: line.utf8.dropFirst($0), as: UTF8.self) } ?? line
    }

    /// The value of a JSON line's message, as far as it can be told without a parser.
    private static func jsonMessage(_ line: String) -> String? {
        guard line.hasPrefix("{") else { return nil }
        for key in ["\"message\"", "\"msg\"", "\"log\""] {
            guard let found = line.firstRange(of: key) else { continue }
            var rest = line[found.upperBound...].drop { $0 == " " }
            guard rest.popFirst() == ":" else { continue }
            rest = rest.drop { $0 == " " }
            guard rest.popFirst() == "\"" else { continue }
            return unescaped(rest)
        }
        return nil
    }

    private static func unescaped(_ text: Substring) -> String? {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                switch character {
                case "n", "r", "t": result.append(" ")
                case "\"", "\\", "/": result.append(character)
                default: result += "\\\(character)"
                }
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                return result
            } else {
                result.append(character)
            }
        }
        return nil
    }
}
