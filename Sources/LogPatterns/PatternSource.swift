package import LogCore

/// Where a pattern stands in its YAML file, so that PCRE2's offset in the pattern becomes a place in the file.
package struct PatternSource: Equatable, Sendable {
    package enum Quote: Sendable { case plain, single, double }

    /// Of the scalar, its quote included.
    package var position: SourcePosition
    /// How the pattern is quoted; nil where its bytes aren't written one by one on this line
    /// (escapes in double quotes, blocks, several lines).
    package var quote: Quote?

    package init(position: SourcePosition, quote: Quote?) {
        self.position = position
        self.quote = quote
    }

    /// A defect at `offset` bytes into the pattern.
    package func diagnostic(
        _ message: String, pattern: String, offset: Int, path: String, level: Diagnostic.Level = .error,
        help: String? = nil
    ) -> Diagnostic {
        var column = position.column
        var message = message
        switch quote {
        case .plain: column += offset
        case .double: column += 1 + offset
        case .single:
            // Within single quotes, a quote is written twice.
            column += 1 + offset + pattern.utf8.prefix(offset).count { $0 == UInt8(ascii: "'") }
        case nil: message += " (at byte \(offset) of the pattern)"
        }
        return Diagnostic(
            message, path: path, line: position.line, column: column, level: level, help: help, source: position.text)
    }
}
