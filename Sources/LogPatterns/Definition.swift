internal import LogCore

/// A YAML text that defines something, read with places: collects every defect instead of stopping at the first.
struct Definition {
    let path: String
    private let lines: TextLines
    private(set) var root: Node?
    private(set) var diagnostics: [Diagnostic] = []
    /// Keys that a mistyped one was taken for: they aren't missing as well.
    var mistyped: Set<String> = []

    /// A definition is a page of text; what is larger was not meant to be one.
    static let longest = 1 << 20

    init(text: String, path: String) {
        self.path = path
        lines = TextLines(text)
        guard lines.bytes.count <= Self.longest else {
            reportFile(
                "the file has \(lines.bytes.count) bytes, at most \(Self.longest) are read",
                help: "keep one definition in a file, and other data elsewhere")
            return
        }
        root = PlainYAML.read(lines.bytes)
        if root != nil { return }
        do throws(LibYAML.Failure) {
            root = try LibYAML.read(text, lines)
            if root == nil { reportFile("the file is empty", help: "write the definition, or remove the file") }
        } catch {
            let place = error.place
            if place.line == 0 {
                reportFile(error.message, help: error.help)
            } else {
                report(error.message, line: Int(place.line), column: Int(place.column), help: error.help)
            }
        }
    }

    var hasErrors: Bool { diagnostics.contains { $0.level == .error } }

    // MARK: Places

    func position(_ place: Node.Place) -> SourcePosition {
        SourcePosition(line: Int(place.line), column: Int(place.column), text: line(Int(place.line)))
    }

    func position(_ node: Node) -> SourcePosition { position(node.place) }

    /// Where the definition begins: what it lacks has no place of its own.
    var start: SourcePosition {
        let place = (root?.mapping?.pairs.first?.key ?? root)?.place
        if let place, place.line > 0 { return position(place) }
        return SourcePosition(line: 1, column: 1, text: line(1))
    }

    /// The text of a line, from 1.
    func line(_ number: Int) -> String? { lines[number].map { String(decoding: $0, as: UTF8.self) } }

    /// Where a pattern's bytes stand, if the file writes them as they are.
    func patternSource(_ scalar: Node.Scalar) -> PatternSource {
        let position = position(scalar.place)
        guard let line = lines[position.line] else { return PatternSource(position: position, quote: nil) }
        let rest = line.dropFirst(position.column - 1)
        let pattern = scalar.string.utf8
        let quote: PatternSource.Quote?
        switch scalar.style {
        case .plain where rest.starts(with: pattern): quote = .plain
        case .single where Self.isWritten(pattern.span, in: rest.span, from: 1): quote = .single
        case .double where rest.dropFirst().starts(with: pattern): quote = .double
        default: quote = nil
        }
        return PatternSource(position: position, quote: quote)
    }

    /// Whether `text` goes on from `start` with the pattern, each of its quotes doubled.
    private static func isWritten(_ pattern: Span<UInt8>, in text: Span<UInt8>, from start: Int) -> Bool {
        var at = start
        for place in pattern.indices {
            let byte = pattern[unchecked: place]
            guard at < text.count, text[unchecked: at] == byte else { return false }
            at += 1
            if byte == UInt8(ascii: "'") {
                guard at < text.count, text[unchecked: at] == byte else { return false }
                at += 1
            }
        }
        return true
    }

    // MARK: Defects

    mutating func add(_ more: [Diagnostic]) { diagnostics += more }

    mutating func report(
        _ message: String, line: Int, column: Int, level: Diagnostic.Level = .error, help: String
    ) {
        diagnostics.append(
            Diagnostic(
                message, path: path, line: line, column: column, level: level, help: help, source: self.line(line)))
    }

    mutating func report(_ message: String, at node: Node, help: String) {
        let place = position(node)
        report(message, line: place.line, column: place.column, help: help)
    }

    /// A defect of the file as a whole: it has a place for editors' sake, and no line is shown.
    private mutating func reportFile(_ message: String, help: String) {
        diagnostics.append(Diagnostic(message, path: path, line: 1, column: 1, help: help))
    }
}
