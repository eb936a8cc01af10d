internal import Yams

/// Reads YAML of any kind, through libYAML, and says what is wrong with it.
enum LibYAML {
    /// More nodes than a text of this size can write: aliases that name each other multiply.
    private static let mostNodes = Definition.longest

    /// What is wrong, and where; no line where it is wrong as a whole.
    struct Failure: Error {
        var message: String
        var place = Node.Place(line: 0, column: 0)
        var help: String
    }

    /// Nil for a text without content.
    static func read(_ text: String, _ lines: TextLines) throws(Failure) -> Node? {
        do {
            // Without a resolver every scalar stays as written: `port: 5432` and `version: 1.10` are texts here.
            guard let root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot() else { return nil }
            var left = mostNodes
            return try node(root, lines, &left)
        } catch let failure as Failure {
            throw failure
        } catch let error as YamlError {
            throw failure(error, lines)
        } catch {
            throw Failure(message: "this is not YAML: \(error)", help: generalHelp)
        }
    }

    private static func node(_ node: Yams.Node, _ lines: TextLines, _ left: inout Int) throws -> Node {
        left -= 1
        guard left > 0 else {
            throw Failure(message: "the aliases (*name) stand for too much", help: "write out what they stand for")
        }
        let place = place(node.mark, lines)
        switch node {
        case .scalar(let scalar):
            let style: Node.Style =
                switch scalar.style {
                case .singleQuoted: .single
                case .doubleQuoted: .double
                case .literal, .folded: .block
                case .any, .plain: .plain
                }
            return .scalar(Node.Scalar(string: scalar.string, style: style, place: place))
        case .mapping(let mapping):
            var pairs: [Node.Pair] = []
            for (key, value) in mapping {
                pairs.append(
                    Node.Pair(key: try self.node(key, lines, &left), value: try self.node(value, lines, &left)))
            }
            return .mapping(Node.Mapping(pairs: pairs, place: place))
        case .sequence(let sequence):
            var nodes: [Node] = []
            for element in sequence { nodes.append(try self.node(element, lines, &left)) }
            return .sequence(Node.Sequence(nodes: nodes, place: place))
        case .alias:
            // The parser puts what an alias stands for in its place.
            throw Failure(message: "an alias (*name) has no meaning here", help: "write out what it stands for")
        }
    }

    /// libYAML counts characters, places count bytes.
    private static func place(_ mark: Mark?, _ lines: TextLines) -> Node.Place {
        guard let mark, let line = lines[mark.line] else { return Node.Place(line: 0, column: 0) }
        var column: Int32 = 1
        var left = mark.column
        for byte in line {
            if byte & 0xC0 != 0x80 { left -= 1 }
            if left <= 0 { break }
            column += 1
        }
        return Node.Place(line: Int32(truncatingIfNeeded: mark.line), column: column)
    }

    // MARK: Defects

    private static func failure(_ error: YamlError, _ lines: TextLines) -> Failure {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            // libYAML notices an unclosed bracket or quote at the end of the file; where it began says more.
            let isPastEnd = mark.line >= lines.count
            var place = place(isPastEnd ? context?.mark ?? mark : mark, lines)
            // What libYAML places behind the text is shown at the last line that holds anything.
            if place.line == 0 { place = Node.Place(line: Int32(truncatingIfNeeded: lines.last), column: 1) }
            let during = context.map { " \($0.text)" } ?? ""
            return Failure(
                message: "this is not YAML: \(problem)\(during)", place: place, help: help(problem, context))
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map { "'\($0)'" }.joined(separator: ", ")
            return Failure(
                message: "the key \(names) is given twice", place: place(context.mark, lines),
                help: "keep one of them; where several values are meant, write them as a list under one key")
        case .reader(let problem, _, _, _):
            return Failure(
                message: "this is not YAML: \(problem)", help: "save the file as UTF-8 without control characters")
        default:
            return Failure(message: "this is not YAML: \(error)", help: generalHelp)
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
