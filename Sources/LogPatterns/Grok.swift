import LogCore

/// Why a grok pattern can't be expanded.
package struct GrokError: Error, Equatable, Sendable {
    package var message: String
    /// Offset in the source's UTF-8 bytes of the `%{…}` at fault.
    package var offset: Int
    package var help: String

    package init(message: String, offset: Int, help: String) {
        self.message = message
        self.offset = offset
        self.help = help
    }
}

/// A pattern whose `%{NAME}` and `%{NAME:field}` have become plain PCRE2.
package struct GrokPattern: Equatable, Sendable {
    /// The PCRE2 source.
    package private(set) var expanded: String
    /// Where each `%{…}` stood, and what range of `expanded` it became.
    private var references: [(source: Range<Int>, expanded: Range<Int>)] = []

    /// How deep names may name each other, and how long a pattern may become.
    private static let deepest = 12
    private static let longest = 65_536

    /// All names that can be written, sorted.
    package static var names: [String] { GrokLibrary.patterns.keys.sorted() }

    package init(_ source: String) throws(GrokError) {
        // Most patterns name none, and a start reads hundreds of them.
        if source.utf8.span.firstIndex(of: UInt8(ascii: "%"), from: 0) == nil {
            expanded = source
            return
        }
        var bytes: [UInt8] = []
        let text = Array(source.utf8)
        var at = 0
        while at < text.count {
            if text[at] == UInt8(ascii: "\\"), at + 1 < text.count {
                // `\%{` is a literal percent sign.
                bytes += text[at...at + 1]
                at += 2
                continue
            }
            guard text[at] == UInt8(ascii: "%"), let reference = try Reference(text, at) else {
                bytes.append(text[at])
                at += 1
                continue
            }
            let start = bytes.count
            try Self.expand(reference, into: &bytes, depth: 0, offset: at)
            references.append((at..<reference.end, start..<bytes.count))
            at = reference.end
        }
        expanded = String(decoding: bytes, as: UTF8.self)
    }

    /// The offset in the source that an offset in the expanded pattern stems from.
    package func sourceOffset(_ offset: Int) -> Int {
        var moved = offset
        for reference in references {
            if reference.expanded.contains(offset) { return reference.source.lowerBound }
            guard reference.expanded.upperBound <= offset else { break }
            moved = offset - reference.expanded.upperBound + reference.source.upperBound
        }
        return moved
    }

    package static func == (a: GrokPattern, b: GrokPattern) -> Bool {
        a.expanded == b.expanded && a.references.elementsEqual(b.references, by: ==)
    }

    private static func expand(
        _ reference: Reference, into bytes: inout [UInt8], depth: Int, offset: Int
    ) throws(GrokError) {
        guard let pattern = GrokLibrary.patterns[reference.name] else {
            throw GrokError(
                message: "there is no grok pattern named '\(reference.name)'", offset: offset,
                help: Nearest.name(to: reference.name, in: names)
                    .map { "did you mean '\($0)'?" } ?? "write a name that grok has, or a group: (?<field>…)")
        }
        guard depth < deepest, bytes.count < longest else {
            throw GrokError(
                message: "'%{\(reference.name)}' expands too far", offset: offset,
                help: "write a shorter pattern, or split it in two")
        }
        bytes += Array((reference.field.map { "(?<\($0)>" } ?? "(?:").utf8)
        let text = Array(pattern.utf8)
        var at = 0
        while at < text.count {
            if let inner = try Reference(text, at) {
                try expand(inner, into: &bytes, depth: depth + 1, offset: offset)
                at = inner.end
            } else {
                bytes.append(text[at])
                at += 1
            }
        }
        bytes.append(UInt8(ascii: ")"))
    }
}

/// One `%{NAME}`, `%{NAME:field}` or `%{NAME:field:type}`; the type is read and left aside, since a field
/// is a number wherever its bytes are one.
private struct Reference {
    var name: String
    var field: String?
    var end: Int

    /// PCRE2's bound for names.
    private static let longestField = 32

    /// The reference at `start`, or nil where the text is something else.
    init?(_ text: [UInt8], _ start: Int) throws(GrokError) {
        guard start + 2 < text.count, text[start] == UInt8(ascii: "%"), text[start + 1] == UInt8(ascii: "{"),
            Self.isWord(text[start + 2])
        else { return nil }
        guard let close = text[start...].firstIndex(of: UInt8(ascii: "}")) else {
            throw GrokError(
                message: "'%{' has no '}'", offset: start,
                help: #"close it with '}', or write '\%{' where the line holds one"#)
        }
        let parts = text[start + 2..<close].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        name = String(decoding: parts[0], as: UTF8.self)
        end = close + 1
        if parts.count > 1 {
            let field = parts[1]
            guard let first = field.first, first < 0x30 || first > 0x39, field.allSatisfy(Self.isWord),
                field.count <= Self.longestField
            else {
                throw GrokError(
                    message: "'\(String(decoding: field, as: UTF8.self))' can't be the name of a field",
                    offset: start, help: "up to \(Self.longestField) letters, digits and '_', no digit first")
            }
            self.field = String(decoding: field, as: UTF8.self)
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: "_")
    }
}
