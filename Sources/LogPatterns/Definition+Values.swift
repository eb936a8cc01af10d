internal import LogCore

/// Values of a definition, checked as they are read: each returns nil, with a diagnostic, for what it doesn't take.
extension Definition {
    /// The node as a mapping; keys that aren't known are reported with the one they may have been meant for.
    mutating func mapping(_ node: Node, _ what: String, known: [String]) -> Node.Mapping? {
        guard case .mapping(let mapping) = node else {
            report(
                "\(what) must be a mapping (`key: value` lines), this is \(Self.kind(node))", at: node,
                help: "write `key: value` lines; the keys are \(known.joined(separator: ", "))")
            return nil
        }
        for pair in mapping.pairs {
            let key = pair.key.scalar?.string
            if let key, known.contains(key) { continue }
            let name = key ?? "?"
            let near = Nearest.name(to: name, in: known)
            if let near { mistyped.insert(near) }
            report(
                "unknown key '\(name)' in \(what)", at: pair.key,
                help: near.map { "did you mean '\($0)'?" } ?? "known keys: \(known.joined(separator: ", "))")
        }
        return mapping
    }

    /// A text that may not be empty; nil, reported, where it is missing and must not be.
    mutating func text(_ values: Node.Mapping, _ key: String, of what: String, optional: Bool = false) -> String? {
        guard let node = values[key] else {
            if !optional { missing(key, of: what) }
            return nil
        }
        return text(node, "'\(key)'")
    }

    mutating func text(_ node: Node, _ what: String) -> String? {
        guard case .scalar(let scalar) = node else {
            report("\(what) must be a text, this is \(Self.kind(node))", at: node, help: Self.textHelp)
            return nil
        }
        if Self.isNull(scalar) || scalar.string.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x0a || $0 == 0x09 }) {
            report("\(what) is empty", at: node, help: "write the text that belongs there")
            return nil
        }
        return scalar.string
    }

    private static let textHelp = "write one text there, in quotes if it begins with a bracket or holds ': '"

    /// A text that may be empty, such as a sample line.
    mutating func anyText(_ node: Node, _ what: String) -> String? {
        guard case .scalar(let scalar) = node else {
            report("\(what) must be a text, this is \(Self.kind(node))", at: node, help: Self.textHelp)
            return nil
        }
        return scalar.string
    }

    mutating func list(_ node: Node, _ what: String) -> [Node]? {
        guard case .sequence(let sequence) = node else {
            report(
                "\(what) must be a list, this is \(Self.kind(node))", at: node,
                help: "write it as lines that begin with `- `, or as [a, b]")
            return nil
        }
        return sequence.nodes
    }

    /// A list of texts, each not empty.
    mutating func texts(_ node: Node, _ what: String) -> [String] {
        guard let list = list(node, what) else { return [] }
        if list.isEmpty { report("\(what) is empty", at: node, help: "write at least one entry, a text") }
        return list.compactMap { text($0, "an entry of \(what)") }
    }

    /// `true` or `false`.
    mutating func bool(_ node: Node, _ what: String) -> Bool? {
        switch node.scalar?.string {
        case "true": return true
        case "false": return false
        default:
            report("\(what) must be true or false", at: node, help: "write `true` or `false`")
            return nil
        }
    }

    mutating func integer(_ node: Node, _ what: String, in range: ClosedRange<Int>) -> Int? {
        if case .scalar(let scalar) = node, let value = Int(scalar.string), range.contains(value) { return value }
        let bounds =
            range.upperBound == .max ? "from \(range.lowerBound) on" : "from \(range.lowerBound) to \(range.upperBound)"
        report(
            "\(what) must be a whole number \(bounds)", at: node,
            help: "write a number \(bounds), with digits only")
        return nil
    }

    /// One of the words of an enumeration.
    mutating func word<Value>(_ node: Node, _ what: String, _ words: [(String, Value)]) -> Value? {
        if let text = node.scalar?.string, let hit = words.first(where: { $0.0 == text }) { return hit.1 }
        let names = words.map(\.0)
        let others = "it is one of \(names.joined(separator: ", "))"
        guard case .scalar(let scalar) = node else {
            report("\(what) must be a text, this is \(Self.kind(node))", at: node, help: others)
            return nil
        }
        let near = Nearest.name(to: scalar.string, in: names)
        report(
            "\(what) can't be '\(scalar.string)'", at: node, help: near.map { "did you mean '\($0)'?" } ?? others)
        return nil
    }

    /// Severities by the words that definitions write.
    static let levels: [(String, Severity)] = [
        ("trace", .trace), ("debug", .debug), ("info", .info), ("warning", .warning), ("error", .error),
        ("critical", .critical),
    ]

    /// Seconds of `30s`, `5m`, `2h` or `1d`.
    mutating func seconds(_ node: Node, _ what: String) -> Int? {
        if case .scalar(let scalar) = node, let unit = scalar.string.utf8.last,
            let value = Int(scalar.string.dropLast()), value > 0
        {
            let factor: Int? =
                switch unit {
                case UInt8(ascii: "s"): 1
                case UInt8(ascii: "m"): 60
                case UInt8(ascii: "h"): 3600
                case UInt8(ascii: "d"): 86_400
                default: nil
                }
            if let factor, value <= Int.max / factor { return value * factor }
        }
        report(
            "\(what) must be a duration such as 30s, 5m, 2h or 1d", at: node,
            help: "write a whole number above 0 and a unit: s, m, h or d")
        return nil
    }

    /// The entries of a mapping whose keys are the writer's own; none, reported, for anything else.
    /// `shape`: how an entry is written, of `each` of what it holds.
    mutating func entries(_ node: Node, _ what: String, _ shape: String, each: String) -> [(key: Node, value: Node)] {
        guard case .mapping(let mapping) = node else {
            report(
                "\(what) must be a mapping (`\(shape)`), this is \(Self.kind(node))", at: node,
                help: "write it as { \(shape) }, an entry for each \(each)")
            return []
        }
        return mapping.pairs.map { ($0.key, $0.value) }
    }

    /// Names with texts, such as the captures that a test expects.
    mutating func namedTexts(_ node: Node, _ what: String) -> [NamedText] {
        var all: [NamedText] = []
        for (key, value) in entries(node, what, "name: text", each: "name") {
            guard case .scalar(let name) = key else {
                report(
                    "a name in \(what) must be a text, this is \(Self.kind(key))", at: key, help: Self.textHelp)
                continue
            }
            guard let text = anyText(value, "'\(name.string)'") else { continue }
            all.append(NamedText(name.string, text, position: position(key)))
        }
        return all
    }

    /// Words of a log and the levels that they stand for.
    mutating func levels(_ node: Node) -> [FormatLevel] {
        entries(node, "'levels'", "WORD: level", each: "word").compactMap { key, value in
            guard let name = anyText(key, "a word in 'levels'"),
                let severity = word(value, "the level of '\(name)'", Self.levels)
            else { return nil }
            return FormatLevel(word: Array(name.utf8), severity: severity)
        }
    }

    mutating func missing(_ key: String, of what: String) {
        if mistyped.contains(key) { return }
        report(
            "the key '\(key)' is missing in \(what)", line: start.line, column: start.column,
            help: Self.missingHelp(key))
    }

    /// How a key that must be there is written.
    static func missingHelp(_ key: String) -> String {
        switch key {
        case "id": "add `id:` with the file's path below its folder, dots for slashes, less its extension"
        case "title": "add `title:` with one line that says what this is"
        case "level": "add `level:` with one of \(levels.map(\.0).joined(separator: ", "))"
        case "match": "add `match:` with a PCRE2 pattern that finds the message, in single quotes"
        case "cause": "add `cause:` with a sentence that says why the error occurs"
        case "fix": "add `fix:` with a list of steps that remedy it"
        case "docs": #"add `docs:` with a list of links, such as - { title: …, url: "https://…" }"#
        case "tests": "add `tests:` with a line that the rule finds and one that it leaves alone (`matches: false`)"
        case "patterns": "add `patterns:` with a list of patterns, each with a group named 'message'"
        case "signature": "add `signature:` with the members that every line of the format has: [level, time, pid]"
        case "samples": "add `samples:` with a line of such a log and what to read from it: - { line: …, expect: … }"
        case "line": "add `line:` with a line as it stands in a log"
        case "url": "add `url:` with the page's https address"
        case "within": "add `within:` with a duration such as 30s, 5m, 2h or 1d"
        default: "add `\(key):` with its value"
        }
    }

    static func isNull(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
    }

    static func kind(_ node: Node) -> String {
        switch node {
        case .scalar(let scalar): isNull(scalar) ? "empty" : "a text"
        case .mapping: "a mapping"
        case .sequence: "a list"
        }
    }
}
