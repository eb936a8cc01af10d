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
        help: String
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

extension PatternError {
    /// What to do about PCRE2's words.
    var help: String {
        if message.contains("closing parenthesis") {
            return message.contains("unmatched")
                ? #"remove the ')', or write '\)' where the line holds one"#
                : #"close the group with ')', or write '\(' where the line holds one"#
        }
        if message.contains("character class") {
            return #"close the class with ']' and order its ranges, or write '\[' where the line holds one"#
        }
        if message.contains("same name") { return "give each group a name of its own" }
        if message.contains("quantifier") || message.contains("{}") {
            return #"put what repeats before it, or write a backslash before it where the line holds one"#
        }
        return "correct the pattern there, with a backslash before a sign that stands for itself"
    }
}
