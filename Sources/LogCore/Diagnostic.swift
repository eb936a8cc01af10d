/// Something wrong with what a user wrote: a rule, a format, a plugin, a configuration.
/// Shown as `path:line:column: error: message`, the line, a caret, and what to do.
package struct Diagnostic: Error, Equatable, Sendable {
    package enum Level: String, Sendable { case error, warning, note }

    package var path: String
    /// From 1; 0 where the whole file is meant.
    package var line: Int
    /// From 1, in bytes.
    package var column: Int
    package var level: Level
    package var message: String
    /// What to do, in one sentence.
    package var help: String?
    /// The line itself, for the caret.
    package var source: String?

    package init(
        _ message: String, path: String, line: Int = 0, column: Int = 0, level: Level = .error,
        help: String? = nil, source: String? = nil
    ) {
        self.path = path
        self.line = line
        self.column = column
        self.level = level
        self.message = message
        self.help = help
        self.source = source
    }

    /// The text as people read it, without a final line end.
    package var rendered: String {
        var text = path
        if line > 0 { text += ":\(line)" }
        if column > 0 { text += ":\(column)" }
        text += ": \(level.rawValue): \(message)"
        if let (source, column) = excerpt {
            let gutter = String(repeating: " ", count: String(line).count)
            text += "\n \(line) | \(source)"
            if column > 0 {
                // Tabs stay tabs and characters of several bytes take one place, so that the caret stands below
                // the byte it means.
                let lead = source.utf8.prefix(column - 1).filter { $0 & 0xc0 != 0x80 }.map { $0 == 0x09 ? "\t" : " " }
                    .joined()
                text += "\n \(gutter) | \(lead)^"
            }
        }
        if let help { text += "\n  = help: \(help)" }
        return Self.shown(text)
    }

    /// The text as a terminal may have it: what it quotes of a script or an event can hold what would steer it. Each such
    /// byte becomes its picture (U+2400 and on), one place wide, so that carets stay where they are.
    private static func shown(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 || $0 == 0x7F || $0 == 0xC2 }) else {
            return text
        }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A: scalars.append(scalar)
            case 0..<0x20: scalars.append(Unicode.Scalar(UInt16(0x2400 + scalar.value)) ?? "\u{FFFD}")
            case 0x7F: scalars.append("\u{2421}")
            case 0x80..<0xA0: scalars.append("\u{FFFD}")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// The line, or of a long one what is around the column, and where the column is in that.
    private var excerpt: (source: String, column: Int)? {
        let width = 160
        guard let source, line > 0 else { return nil }
        let bytes = source.utf8
        guard bytes.count > width else { return (source, column) }
        let wanted = min(max(0, column - 1 - width / 2), bytes.count - width)
        // Characters stay whole.
        func boundary(_ offset: Int) -> String.Index {
            var index = bytes.index(bytes.startIndex, offsetBy: offset)
            while index < bytes.endIndex, bytes[index] & 0xc0 == 0x80 { index = bytes.index(after: index) }
            return index
        }
        let start = boundary(wanted)
        let end = boundary(wanted + width)
        let cut = bytes.distance(from: bytes.startIndex, to: start)
        let before = cut > 0 ? "…" : ""
        let text = before + source[start..<end] + (end < bytes.endIndex ? "…" : "")
        return (text, column > 0 ? column - cut + before.utf8.count : 0)
    }
}
