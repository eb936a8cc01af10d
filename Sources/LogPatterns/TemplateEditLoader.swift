package import LogCore

/// One thing that a user says of templates.
package enum TemplateEdit: Equatable, Sendable {
    /// All that this template covers is one.
    case merge(String)
    /// What stands in the place of this template's `<*>` makes a difference.
    case split(String)
}

/// Reads `templates.yml`: a list of `- merge: "text with <*>"` and `- split: "text with <*>"`.
package enum TemplateEditLoader {
    private static let keys = ["merge", "split"]

    /// What is defective is left out and reported; the other lines count.
    package static func parse(text: String, path: String) -> (edits: [TemplateEdit], diagnostics: [Diagnostic]) {
        var file = Definition(text: text, path: path)
        guard let root = file.root, let list = file.list(root, "a file of templates") else {
            return ([], file.diagnostics)
        }
        var edits: [TemplateEdit] = []
        for node in list {
            guard let values = file.mapping(node, "an entry", known: keys) else { continue }
            if let merge = values["merge"] {
                file.template(merge, "'merge'").map { edits.append(.merge($0)) }
            }
            if let split = values["split"] {
                file.template(split, "'split'").map { edits.append(.split($0)) }
            }
        }
        return (edits, file.diagnostics)
    }
}

extension Definition {
    /// A template's text: it must have a `<*>`, and a word besides.
    fileprivate mutating func template(_ node: Node, _ what: String) -> String? {
        guard let text = text(node, what) else { return nil }
        let parts = text.split(separator: "<*>", omittingEmptySubsequences: false)
        if parts.count < 2 {
            report(
                "\(what) has no <*>", at: node,
                help: "write <*> where the messages differ, as the report shows templates")
            return nil
        }
        let hasWord = parts.contains { $0.utf8.contains { ($0 | 0x20) &- 0x61 < 26 || $0 >= 0x80 } }
        if !hasWord {
            report(
                "\(what) has no word besides <*>, so that it would take in every message", at: node,
                help: "write the words that the messages have in common")
            return nil
        }
        return text
    }
}
