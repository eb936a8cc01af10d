internal import LogCore

/// Dialects of JSON as files: `kind: json`.
extension FormatLoader {
    private static let keys = [
        "id", "title", "kind", "signature", "time", "nanoseconds", "level", "levels", "component", "message",
        "line_end", "fields", "records", "priority", "inside", "samples",
    ]

    static func dialect(_ file: inout Definition, id expected: String?) -> FormatDefinition? {
        guard let root = file.root, let values = file.mapping(root, "a dialect of JSON", known: keys) else {
            return nil
        }
        let id = file.id(values, expected: expected, of: "a format")
        let title = file.text(values, "title", of: "a format")
        var outline = JSONOutline()
        let hint = file.signature(values, &outline)
        file.roles(values, "time", .time, &outline)
        file.roles(values, "level", .level, &outline)
        file.roles(values, "component", .component, &outline)
        file.roles(values, "message", .message, &outline)
        if let node = values["nanoseconds"], let path = file.jsonPath(node, "'nanoseconds'") {
            outline.addNanoseconds(path)
        }
        if let node = values["fields"] { file.fields(node, &outline) }
        for level in values["levels"].map({ file.levels($0) }) ?? [] { outline.levels.add(level.word, level.severity) }
        if let node = values["line_end"] { outline.keepsLineEnd = file.bool(node, "'line_end'") ?? false }
        let records = values["records"].map { file.records($0, outline) } ?? []
        let priority = values["priority"].map { file.integer($0, "'priority'", in: 0...100) } ?? 90
        let inside = values["inside"].map { file.word($0, "'inside'", insides) } ?? .message
        let samples = file.samples(values)
        guard !file.hasErrors, let id, let title, let priority, let inside, let hint else { return nil }
        var format = FormatDefinition(
            id: id, title: title, JSONShape(outline), hint: hint, priority: priority, inside: inside,
            samples: samples, path: file.path)
        format.records = records
        return format
    }
}

extension Definition {
    /// `time: path`, or a list of which the first that is there counts. A message may be a template.
    fileprivate mutating func roles(
        _ values: Node.Mapping, _ key: String, _ role: FieldRole, _ outline: inout JSONOutline
    ) {
        guard let node = values[key] else { return }
        var nodes = [node]
        if case .sequence(let sequence) = node { nodes = sequence.nodes }
        for (rank, node) in nodes.enumerated() {
            if role == .message, let scalar = node.scalar, scalar.string.contains("{") {
                template(node, scalar.string, &outline)
                if rank < nodes.count - 1 {
                    report("a template ends the list", at: node, help: "put it behind the members that may be there")
                }
                continue
            }
            guard let path = jsonPath(node, "'\(key)'") else { continue }
            // The upper half stands for messages that are empty.
            outline.add(path, role: role, rank: UInt8(min(rank, 100)))
        }
    }

    private mutating func template(_ node: Node, _ text: String, _ outline: inout JSONOutline) {
        do throws(JSONText.Failure) {
            outline.text = try JSONText(Array(text.utf8)) { outline.slot($0) }
        } catch {
            guard let scalar = node.scalar else { return }
            let diagnostic = patternSource(scalar).diagnostic(
                error.message, pattern: text, offset: error.offset, path: path, help: error.help)
            add([diagnostic])
        }
    }

    fileprivate mutating func fields(_ node: Node, _ outline: inout JSONOutline) {
        for (key, value) in entries(node, "'fields'", "path.of.member: name", each: "member") {
            guard let path = jsonPath(key, "a path in 'fields'"), let name = text(value, "the name of a field") else {
                continue
            }
            outline.add(path, field: Array(name.utf8))
        }
    }

    /// `records: path`, or a list: where an array stands whose elements are the events. Behind a path names may stand in brackets: those of
    /// the values of an event that is a list itself, or behind `*` the member before the array that has them.
    fileprivate mutating func records(_ node: Node, _ outline: JSONOutline) -> [JSONRecordPath] {
        var nodes = [node]
        if case .sequence(let sequence) = node { nodes = sequence.nodes }
        return nodes.compactMap { node in
            guard let text = text(node, "'records'") else { return nil }
            let sides = text.split(separator: "(", maxSplits: 1, omittingEmptySubsequences: false)
            guard let names = jsonPath(String(sides[0]), "'records'", at: node) else { return nil }
            var path = JSONRecordPath(names, signs: [])
            if sides.count > 1 {
                let places = sides[1].dropLast().split(separator: ",", omittingEmptySubsequences: false)
                    .map { $0.split(separator: " ").joined(separator: " ") }
                if sides[1].last != ")" || places.contains("") {
                    report(
                        "'\(text)' is no path", at: node,
                        help: "behind it the names of a list's values may stand: data.values(timestamp, line)")
                    return nil
                }
                if places.count == 1, places[0].hasPrefix("*") {
                    path.columns = Array(places[0].dropFirst().utf8)
                } else {
                    path.places = places.map { Array($0.utf8) }
                }
            }
            path.signs = outline.literals(but: path.places)
            path.given = outline.outerNames
            return path
        }
    }

    /// Names joined by dots.
    fileprivate mutating func jsonPath(_ node: Node, _ what: String) -> [UInt8]? {
        text(node, what).flatMap { jsonPath($0, what, at: node) }
    }

    private mutating func jsonPath(_ text: String, _ what: String, at node: Node) -> [UInt8]? {
        let path = Array(text.utf8)
        let names = path.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if names.contains(where: \.isEmpty) {
            report("'\(text)' is no path", at: node, help: "write names with dots between them: request.client.ip")
            return nil
        }
        if names.count > JSONOutline.deepest {
            report(
                "'\(text)' has \(names.count) names, at most \(JSONOutline.deepest) are followed", at: node,
                help: "take the object that holds it")
            return nil
        }
        return path
    }

    // MARK: Signature

    /// What a line must have, and a hint of it for detection.
    fileprivate mutating func signature(_ values: Node.Mapping, _ outline: inout JSONOutline) -> LineHint? {
        guard let node = values["signature"] else {
            missing("signature", of: "a dialect of JSON")
            return nil
        }
        guard let list = list(node, "'signature'") else { return nil }
        if list.count > JSONOutline.mostParts {
            report(
                "'signature' has \(list.count) parts, at most \(JSONOutline.mostParts) are told apart", at: node,
                help: "keep those that other programs don't write")
            return nil
        }
        var best: [(name: [UInt8], isWhole: Bool)] = []
        for entry in list {
            guard var text = text(entry, "a part of 'signature'") else { continue }
            let isForbidden = text.hasPrefix("!")
            if isForbidden { text.removeFirst() }
            let signs = text.split(separator: "|", omittingEmptySubsequences: false).compactMap { sign($0, at: entry) }
            outline.sign(signs, isForbidden: isForbidden)
            if isForbidden { continue }
            let names = signs.map { sign in
                let name = sign.path.prefix { $0 != UInt8(ascii: ".") }
                return (name: Array(name), isWhole: name.count == sign.path.count)
            }
            // The longest name is the rarest, as a rule.
            func worth(_ names: [(name: [UInt8], isWhole: Bool)]) -> Int { names.map(\.name.count).min() ?? 0 }
            if worth(names) > worth(best) { best = names }
        }
        if best.isEmpty {
            if !hasErrors {
                report(
                    "'signature' names nothing that must be there", at: node,
                    help: "write the members that every line of the format has: [level, time, pid]")
            }
            return nil
        }
        return LineHint(jsonNames: best)
    }

    private static let kinds: [(String, JSONShape.Kinds)] = [
        ("<string>", .string), ("<number>", .number), ("<object>", .object), ("<list>", .list),
    ]

    /// `path`, and perhaps `=text,text` or `=<number>` behind it.
    private mutating func sign(_ text: Substring, at node: Node) -> JSONOutline.Sign? {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        var sign = JSONOutline.Sign(path: Array(sides[0].utf8))
        let names = sign.path.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if names.contains(where: \.isEmpty) || names.count > JSONOutline.deepest {
            report(
                "'\(text)' is no part of a signature", at: node,
                help: "write a path, `path=text` or `path=<number>`; `a|b` for one of them, `!a` for none")
            return nil
        }
        guard sides.count > 1 else { return sign }
        let wanted = String(sides[1])
        guard wanted.hasPrefix("<") else {
            sign.values = wanted.split(separator: ",", omittingEmptySubsequences: false).map { Array($0.utf8) }
            return sign
        }
        guard let kind = Self.kinds.first(where: { $0.0 == wanted }) else {
            let names = Self.kinds.map(\.0)
            report(
                "'\(wanted)' is no kind of value", at: node,
                help: Nearest.name(to: wanted, in: names).map { "did you mean '\($0)'?" }
                    ?? "it is one of \(names.joined(separator: ", "))")
            return nil
        }
        sign.kinds = kind.1
        return sign
    }
}
