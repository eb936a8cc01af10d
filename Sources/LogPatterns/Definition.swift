internal import LogCore
internal import Yams

/// A YAML text that defines something, read with places: collects every defect instead of stopping at the first.
struct Definition {
    let path: String
    private let lines: [Substring.UTF8View]
    private(set) var root: Node?
    private(set) var diagnostics: [Diagnostic] = []
    /// Keys that a mistyped one was taken for: they aren't missing as well.
    var mistyped: Set<String> = []

    /// A definition is a page of text; what is larger was not meant to be one.
    static let longest = 1 << 20

    init(text: String, path: String) {
        self.path = path
        lines = text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false)
            .map { $0.last == 0x0d ? $0.dropLast() : $0 }
        guard text.utf8.count <= Self.longest else {
            reportFile(
                "the file has \(text.utf8.count) bytes, at most \(Self.longest) are read",
                help: "keep one definition in a file, and other data elsewhere")
            return
        }
        do {
            // Without a resolver every scalar stays as written: `port: 5432` and `version: 1.10` are texts here.
            root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
            if root == nil { reportFile("the file is empty", help: "write the definition, or remove the file") }
        } catch let error as YamlError {
            report(error)
        } catch {
            reportFile("this is not YAML: \(error)", help: Self.generalHelp)
        }
    }

    var hasErrors: Bool { diagnostics.contains { $0.level == .error } }

    // MARK: Places

    /// libYAML counts characters, diagnostics count bytes.
    func position(_ mark: Mark?) -> SourcePosition {
        guard let mark, mark.line > 0, mark.line <= lines.count else { return SourcePosition(line: 0, column: 0) }
        var column = 1
        var left = mark.column
        for byte in lines[mark.line - 1] {
            if byte & 0xc0 != 0x80 { left -= 1 }
            if left <= 0 { break }
            column += 1
        }
        return SourcePosition(line: mark.line, column: column, text: line(mark.line))
    }

    func position(_ node: Node) -> SourcePosition { position(node.mark) }

    /// Where the definition begins: what it lacks has no place of its own.
    var start: SourcePosition {
        let first = root?.mapping?.first?.key ?? root
        let place = position(first?.mark)
        return place.line > 0 ? place : SourcePosition(line: 1, column: 1, text: line(1))
    }

    /// The last line that holds anything, for what libYAML places behind the text.
    private var end: SourcePosition {
        let line = (lines.lastIndex { !$0.isEmpty } ?? 0) + 1
        return SourcePosition(line: line, column: 1, text: self.line(line))
    }

    /// The text of a line, from 1.
    func line(_ number: Int) -> String? {
        number > 0 && number <= lines.count ? String(Substring(lines[number - 1])) : nil
    }

    /// Where a pattern's bytes stand, if the file writes them as they are.
    func patternSource(_ scalar: Node.Scalar) -> PatternSource {
        let position = position(scalar.mark)
        guard position.line > 0 else { return PatternSource(position: position, quote: nil) }
        let line = lines[position.line - 1]
        let rest = line.dropFirst(position.column - 1)
        let pattern = scalar.string.utf8
        let quote: PatternSource.Quote?
        switch scalar.style {
        case .plain where rest.starts(with: pattern): quote = .plain
        case .singleQuoted where isWritten(pattern, in: rest.dropFirst()): quote = .single
        case .doubleQuoted where rest.dropFirst().starts(with: pattern): quote = .double
        default: quote = nil
        }
        return PatternSource(position: position, quote: quote)
    }

    /// Whether `text` begins with the pattern, each of its quotes doubled.
    private func isWritten(_ pattern: String.UTF8View, in text: Substring.UTF8View) -> Bool {
        var at = text.startIndex
        for byte in pattern {
            for _ in 0..<(byte == UInt8(ascii: "'") ? 2 : 1) {
                guard at < text.endIndex, text[at] == byte else { return false }
                at = text.index(after: at)
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

    private mutating func report(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            // libYAML notices an unclosed bracket or quote at the end of the file; where it began says more.
            let isPastEnd = mark.line >= lines.count
            var place = position(isPastEnd ? context?.mark ?? mark : mark)
            if place.line == 0 { place = end }
            let during = context.map { " \($0.text)" } ?? ""
            report(
                "this is not YAML: \(problem)\(during)", line: place.line, column: place.column,
                help: Self.help(problem, context))
        case .duplicatedKeysInMapping(let duplicates, let context):
            let place = position(context.mark)
            let names = duplicates.map { "'\($0)'" }.joined(separator: ", ")
            report(
                "the key \(names) is given twice", line: place.line, column: place.column,
                help: "keep one of them; where several values are meant, write them as a list under one key")
        case .reader(let problem, _, _, _):
            reportFile("this is not YAML: \(problem)", help: "save the file as UTF-8 without control characters")
        default:
            reportFile("this is not YAML: \(error)", help: Self.generalHelp)
        }
    }

    private static let generalHelp = "indent with spaces, and put quotes around a text that holds ': ' or ' #'"

    /// What to do about libYAML's words.
    private static func help(_ problem: String, _ context: YamlError.Context?) -> String {
        if problem.contains("tab character") { return "indent with spaces: YAML allows no tabs there" }
        guard let context else { return generalHelp }
        let line = context.mark.line
        if context.text.contains("flow mapping") { return "close the '{' of line \(line) with '}'" }
        if context.text.contains("flow sequence") { return "close the '[' of line \(line) with ']'" }
        if context.text.contains("quoted scalar") {
            return "check the quote that opens in line \(line): it must close, and hold no quote of its kind or "
                + "escape that YAML doesn't know"
        }
        return generalHelp
    }
}
