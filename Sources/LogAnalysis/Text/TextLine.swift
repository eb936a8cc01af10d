package import LogCore

/// What a stretch of text is; colours follow from it.
package enum TextStyle: Sendable {
    case plain, heading, faint, critical, error, warning, link
    /// What the cursor is on, and what a search found.
    case selected, match

    /// The escape sequence that begins it (ECMA-48 "select graphic rendition"); only the 16 colours that
    /// every terminal's theme defines.
    package var sequence: String {
        switch self {
        case .plain: ""
        case .heading: "\u{1B}[1m"
        case .faint: "\u{1B}[2m"
        case .critical: "\u{1B}[1;31m"
        case .error: "\u{1B}[31m"
        case .warning: "\u{1B}[33m"
        case .link: "\u{1B}[36m"
        case .selected: "\u{1B}[7m"
        case .match: "\u{1B}[30;43m"
        }
    }

    package init(_ severity: Severity) {
        switch severity {
        case .critical: self = .critical
        case .error: self = .error
        case .warning: self = .warning
        default: self = .plain
        }
    }
}

/// One line of the report: stretches of clean text, each in its style.
package struct TextLine: Sendable {
    package private(set) var stretches: [(text: String, style: TextStyle)] = []
    package private(set) var width = 0

    package init() {}

    package init(_ text: String, _ style: TextStyle = .plain) { append(text, style) }

    package mutating func append(_ text: String, _ style: TextStyle = .plain) {
        guard !text.isEmpty else { return }
        stretches.append((text, style))
        width += TextLayout.width(of: text)
    }

    /// Fills up with spaces to a column.
    package mutating func pad(to column: Int) {
        if width < column { append(String(repeating: " ", count: column - width)) }
    }

    /// The line cut to `width` columns; one with an address stays whole, so that it can be clicked.
    func cut(to width: Int, unicode: Bool) -> TextLine {
        if self.width <= width || stretches.contains(where: { $0.style == .link && $0.text.contains("://") }) {
            return self
        }
        var line = TextLine()
        for (text, style) in stretches where line.width < width {
            let fits = line.width + TextLayout.width(of: text) <= width
            line.append(fits ? text : TextLayout.clip(text, to: width - line.width, unicode: unicode), style)
        }
        return line
    }

    func write(to output: inout String, color: Bool) {
        for (text, style) in stretches {
            if color, style != .plain {
                output += style.sequence + text + "\u{1B}[0m"
            } else {
                output += text
            }
        }
        output += "\n"
    }
}
