internal import LogCore
internal import Yams

/// Values of a definition, checked as they are read: each returns nil, with a diagnostic, for what it doesn't take.
extension Definition {
    /// A mapping's values by key; keys that aren't known are reported with the one they may have been meant for.
    mutating func mapping(_ node: Node, _ what: String, known: [String]) -> [String: Node]? {
        guard case .mapping(let mapping) = node else {
            report("\(what) must be a mapping (`key: value` lines), this is \(Self.kind(node))", at: node)
            return nil
        }
        var values: [String: Node] = [:]
        for (key, value) in mapping {
            guard case .scalar(let name) = key, known.contains(name.string) else {
                let name = key.scalar?.string ?? "?"
                let near = Nearest.name(to: name, in: known)
                if let near { mistyped.insert(near) }
                report(
                    "unknown key '\(name)' in \(what)", at: key,
                    help: near.map { "did you mean '\($0)'?" } ?? "known keys: \(known.joined(separator: ", "))")
                continue
            }
            values[name.string] = value
        }
        return values
    }

    /// A text that may not be empty; nil, reported, where it is missing and must not be.
    mutating func text(_ values: [String: Node], _ key: String, of what: String, optional: Bool = false) -> String? {
        guard let node = values[key] else {
            if !optional { missing(key, of: what) }
            return nil
        }
        return text(node, "'\(key)'")
    }

    mutating func text(_ node: Node, _ what: String) -> String? {
        guard case .scalar(let scalar) = node else {
            report("\(what) must be a text, this is \(Self.kind(node))", at: node)
            return nil
        }
        if Self.isNull(scalar) || scalar.string.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x0a || $0 == 0x09 }) {
            report("\(what) is empty", at: node)
            return nil
        }
        return scalar.string
    }

    /// A text that may be empty, such as a sample line.
    mutating func anyText(_ node: Node, _ what: String) -> String? {
        guard case .scalar(let scalar) = node else {
            report("\(what) must be a text, this is \(Self.kind(node))", at: node)
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
        return Array(sequence)
    }

    /// A list of texts, each not empty.
    mutating func texts(_ node: Node, _ what: String) -> [String] {
        guard let list = list(node, what) else { return [] }
        if list.isEmpty { report("\(what) is empty", at: node) }
        return list.compactMap { text($0, "an entry of \(what)") }
    }

    /// `true` or `false`.
    mutating func bool(_ node: Node, _ what: String) -> Bool? {
        switch node.scalar?.string {
        case "true": return true
        case "false": return false
        default:
            report("\(what) must be true or false", at: node)
            return nil
        }
    }

    mutating func integer(_ node: Node, _ what: String, in range: ClosedRange<Int>) -> Int? {
        if case .scalar(let scalar) = node, let value = Int(scalar.string), range.contains(value) { return value }
        let bounds =
            range.upperBound == .max ? "from \(range.lowerBound) on" : "from \(range.lowerBound) to \(range.upperBound)"
        report("\(what) must be a whole number \(bounds)", at: node)
        return nil
    }

    /// One of the words of an enumeration.
    mutating func word<Value>(_ node: Node, _ what: String, _ words: [(String, Value)]) -> Value? {
        guard case .scalar(let scalar) = node else {
            report("\(what) must be a text, this is \(Self.kind(node))", at: node)
            return nil
        }
        if let hit = words.first(where: { $0.0 == scalar.string }) { return hit.1 }
        let names = words.map(\.0)
        let near = Nearest.name(to: scalar.string, in: names)
        let others = "it is one of \(names.joined(separator: ", "))"
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
        report("\(what) must be a duration such as 30s, 5m, 2h or 1d", at: node)
        return nil
    }

    /// Names with texts, such as the captures that a test expects.
    mutating func namedTexts(_ node: Node, _ what: String) -> [NamedText] {
        guard case .mapping(let mapping) = node else {
            report("\(what) must be a mapping (`name: text`), this is \(Self.kind(node))", at: node)
            return []
        }
        var all: [NamedText] = []
        for (key, value) in mapping {
            guard case .scalar(let name) = key else {
                report("a name in \(what) must be a text, this is \(Self.kind(key))", at: key)
                continue
            }
            guard let text = anyText(value, "'\(name.string)'") else { continue }
            all.append(NamedText(name.string, text, position: position(key)))
        }
        return all
    }

    mutating func missing(_ key: String, of what: String) {
        if mistyped.contains(key) { return }
        report("the key '\(key)' is missing in \(what)", line: 0, column: 0)
    }

    static func isNull(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
    }

    static func kind(_ node: Node) -> String {
        switch node {
        case .scalar(let scalar): isNull(scalar) ? "empty" : "a text"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}
