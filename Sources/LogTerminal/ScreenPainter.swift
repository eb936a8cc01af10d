package import LogAnalysis

/// Draws lines on a terminal, only those that changed: so nothing flickers, and a slow line stays quick.
package struct ScreenPainter {
    private var shown: [String] = []
    private var size = ScreenSize(width: 0, height: 0)
    private let color: Bool

    package init(color: Bool) { self.color = color }

    /// The terminal's contents are unknown: all is drawn anew.
    package mutating func forget() { shown = [] }

    /// What to write so that the terminal shows `lines`, no wider than `size` says. `cursor`: the column in the last line at
    /// which the terminal's own cursor stands; it is hidden if nil.
    package mutating func paint(_ lines: [TextLine], _ size: ScreenSize, cursor: Int? = nil) -> String {
        if size != self.size { shown = [] }
        self.size = size
        var output = ""
        if shown.isEmpty { output += "\u{1B}[0m\u{1B}[2J" }
        for row in 0..<size.height {
            let line = row < lines.count ? lines[row].fitted(to: size.width) : TextLine()
            let text = text(of: line) + (line.width < size.width ? "\u{1B}[K" : "")
            if row < shown.count, shown[row] == text { continue }
            output += "\u{1B}[\(row + 1);1H" + text
            if row < shown.count { shown[row] = text } else { shown.append(text) }
        }
        if let cursor { output += "\u{1B}[\(size.height);\(min(cursor, size.width - 1) + 1)H\u{1B}[?25h" }
        if output.isEmpty { return "" }
        // Terminals that know synchronized output show the frame at once; the others ignore the words.
        return "\u{1B}[?2026h" + (cursor == nil ? "\u{1B}[?25l" : "") + output + "\u{1B}[?2026l"
    }

    private func text(of line: TextLine) -> String {
        var text = ""
        for (part, style) in line.stretches {
            let sequence = color ? style.sequence : style.plainSequence
            text += sequence.isEmpty ? part : sequence + part + "\u{1B}[0m"
        }
        return text
    }
}

/// Columns and lines of a terminal.
package struct ScreenSize: Equatable, Sendable {
    package var width: Int
    package var height: Int

    package init(width: Int, height: Int) {
        self.width = max(width, 1)
        self.height = max(height, 1)
    }
}

extension TextStyle {
    /// Without colours: what stands out still does.
    fileprivate var plainSequence: String {
        switch self {
        case .heading, .critical: "\u{1B}[1m"
        case .selected: "\u{1B}[7m"
        case .match: "\u{1B}[1;4m"
        default: ""
        }
    }
}

extension TextLine {
    /// The line without what lies beyond `width` columns; a wide character that would cross the edge goes too.
    package func fitted(to width: Int) -> TextLine {
        if self.width <= width { return self }
        var line = TextLine()
        for (text, style) in stretches {
            if line.width + TextLayout.width(of: text) <= width {
                line.append(text, style)
                continue
            }
            line.append(TextLayout.columns(of: text, from: 0, width - line.width), style)
            break
        }
        return line
    }

    /// The line in as many of `width` columns as it takes.
    package func folded(to width: Int) -> [TextLine] {
        if self.width <= width || width < 2 { return [self] }
        var lines = [TextLine()]
        for (text, style) in stretches {
            var rest = text[...]
            while !rest.isEmpty {
                let room = width - lines[lines.count - 1].width
                let part = TextLayout.columns(of: String(rest), from: 0, room)
                if part.isEmpty {
                    lines.append(TextLine())
                    continue
                }
                lines[lines.count - 1].append(part, style)
                rest.unicodeScalars.removeFirst(part.unicodeScalars.count)
            }
        }
        return lines
    }

    /// All of it as what the cursor is on, over the whole width.
    package func selected(to width: Int) -> TextLine {
        var line = TextLine()
        for (text, style) in stretches { line.append(text, style == .match ? .match : .selected) }
        if line.width < width { line.append(String(repeating: " ", count: width - line.width), .selected) }
        return line
    }

    /// The text without its styles.
    package var text: String { stretches.map(\.text).joined() }
}

extension TextLayout {
    /// Clean text from one column on, as much as fits into `width` columns.
    package static func columns(of text: String, from start: Int, _ width: Int) -> String {
        var result = String.UnicodeScalarView()
        var column = 0
        for scalar in text.unicodeScalars {
            let size = self.width(of: scalar)
            if column + size > start + width { break }
            if column >= start {
                result.append(scalar)
            } else if column + size > start {
                // Half of a wide character.
                result.append(" ")
            }
            column += size
        }
        return String(result)
    }
}
