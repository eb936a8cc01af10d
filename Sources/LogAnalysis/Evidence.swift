import LogCore

/// The line of a sample that shows best what happened.
struct Evidence {
    /// Lines of an event looked at.
    private static let limit = 60

    /// From 1, in the source.
    let line: Int64
    /// Without the timestamp that begins it; not cleaned.
    let text: String

    /// `captures`: values that the rule found; the line that holds most of them is taken, the first one if none does.
    init(_ sample: Sample, captures: [String]) {
        let lines = sample.text.split(separator: "\n", maxSplits: Self.limit, omittingEmptySubsequences: false)
        let values = captures.filter { !$0.isEmpty }
        var best = (index: 0, held: -1)
        for (index, line) in lines.prefix(Self.limit).enumerated() {
            let held = values.count { line.contains($0) }
            if held > best.held { best = (index, held) }
        }
        line = sample.line + Int64(best.index)
        let chosen = lines.isEmpty ? "" : String(lines[best.index])
        let message = Self.jsonMessage(chosen)
        if let message, values.allSatisfy({ message.contains($0) || !chosen.contains($0) }) {
            text = message
        } else {
            text = Self.withoutTime(chosen)
        }
    }

    /// The text in `room` columns; where the first capture would be cut off, a part further on.
    func shown(in room: Int, around captures: [String], unicode: Bool) -> String {
        let text = TextLayout.clean(text, unicode: unicode)
        guard TextLayout.width(of: text) > room, room > 20 else {
            return TextLayout.clip(text, to: room, unicode: unicode)
        }
        let ends = captures.filter { $0.utf8.count > 2 }.compactMap { value in
            text.firstRange(of: TextLayout.clean(value, unicode: unicode))
        }
        guard let range = ends.min(by: { $0.upperBound < $1.upperBound }),
            text.distance(from: text.startIndex, to: range.upperBound) > room
        else { return TextLayout.clip(text, to: room, unicode: unicode) }
        let lead = text.index(range.lowerBound, offsetBy: -room / 3, limitedBy: text.startIndex) ?? text.startIndex
        // Begins with a whole word.
        let start = text[lead..<range.lowerBound].firstIndex(of: " ") ?? lead
        return TextLayout.clip((unicode ? "…" : "...") + text[start...], to: room, unicode: unicode)
    }

    /// What follows a timestamp that begins the line: the time stands in the finding's title already.
    private static func withoutTime(_ line: String) -> String {
        var line = line
        let end = line.withUTF8 { bytes -> Int? in
            let span = Span(_unsafeElements: bytes)
            guard let found = TimestampScanner.find(span, from: 0, limit: min(bytes.count, 4)), found.start <= 2
            else { return nil }
            var end = found.time.end
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
