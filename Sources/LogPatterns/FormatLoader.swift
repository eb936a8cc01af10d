package import LogCore

/// Formats as files: reading one, and checking it against its own samples.
package enum FormatLoader {
    private static let keys = [
        "id", "title", "kind", "patterns", "component", "levels", "units", "join", "priority", "inside", "evidence",
        "below", "text", "samples",
    ]

    static let insides: [(String, Inside)] = [
        ("line", .line), ("message", .message), ("nothing", .nothing),
    ]

    /// Reads a format without compiling its patterns. With any error there is no format.
    package static func parse(
        text: String, path: String, id expected: String?
    ) -> (format: FormatDefinition?, diagnostics: [Diagnostic]) {
        var file = Definition(text: text, path: path)
        if let kind = file.root?.mapping?["kind"],
            file.word(kind, "'kind'", [("pattern", false), ("json", true)]) != false
        {
            return (dialect(&file, id: expected), file.diagnostics)
        }
        guard let root = file.root, let values = file.mapping(root, "a format", known: keys) else {
            return (nil, file.diagnostics)
        }
        let id = file.id(values, expected: expected, of: "a format")
        let title = file.text(values, "title", of: "a format")
        let patterns = file.patterns(values, "patterns", help: "write a pattern with a group named 'message'")
        let evidence =
            values["evidence"] == nil
            ? nil
            : file.patterns(
                values, "evidence", help: "write a pattern of lines that only this program writes, or remove it")
        let below =
            values["below"] == nil
            ? []
            : file.patterns(values, "below", help: "write a pattern of a line further down in an event, or remove it")
        let component = values["component"] == nil ? "" : file.text(values, "component", of: "a format")
        let levels = values["levels"].map { file.levels($0) } ?? []
        let units = values["units"].map { file.units($0, of: patterns + below) } ?? []
        let joinsMessages = values["join"]?.scalar?.string == "message"
        let joins = joinsMessages ? true : values["join"].map { file.bool($0, "'join'") } ?? true
        let priority = values["priority"].map { file.integer($0, "'priority'", in: 0...100) } ?? 50
        let inside = values["inside"].map { file.word($0, "'inside'", Self.insides) } ?? .nothing
        let isXML = values["text"].map { file.word($0, "'text'", [("plain", false), ("xml", true)]) } ?? false
        let samples = file.samples(values)
        guard !file.hasErrors, let id, let title, let component, let isXML, let joins, let priority, let inside else {
            return (nil, file.diagnostics)
        }
        var format = FormatDefinition(
            id: id, title: title, patterns: patterns, levels: levels, joins: joins, priority: priority,
            inside: inside, joinsMessages: joinsMessages, samples: samples, path: path)
        format.component = Array(component.utf8)
        format.units = units
        format.below = below
        format.isXML = isXML
        format.evidence = evidence.map { FormatEvidence($0) }
        return (format, file.diagnostics)
    }
}

extension Definition {
    fileprivate mutating func patterns(_ values: Node.Mapping, _ key: String, help: String) -> [FormatPattern] {
        guard let node = values[key] else {
            missing(key, of: "a format")
            return []
        }
        guard let list = list(node, "'\(key)'") else { return [] }
        if list.isEmpty { report("'\(key)' is empty", at: node, help: help) }
        var patterns: [FormatPattern] = []
        for entry in list {
            guard let text = text(entry, "a pattern"), let scalar = entry.scalar else { continue }
            let source = patternSource(scalar)
            do {
                patterns.append(FormatPattern(text: text, grok: try GrokPattern(text), source: source))
            } catch {
                add([
                    source.diagnostic(error.message, pattern: text, offset: error.offset, path: path, help: error.help)
                ])
            }
        }
        return patterns
    }

    /// Fields and what the log counts them in.
    fileprivate mutating func units(
        _ node: Node, of patterns: [FormatPattern]
    ) -> [(field: String, unit: FieldUnit)] {
        let groups = patterns.flatMap { FormatPattern.groupNames($0.grok.expanded) }
        return entries(node, "'units'", "field: unit", each: "field").compactMap { key, value in
            guard let name = anyText(key, "a field in 'units'"),
                let unit = word(value, "the unit of '\(name)'", FieldUnit.named)
            else { return nil }
            if FormatPattern.roles.contains(name) {
                report(
                    "the group '\(name)' is no number that could have a unit", at: key,
                    help: "name a group that becomes a field, such as duration")
                return nil
            }
            if !patterns.isEmpty, !groups.contains(name) {
                let near = Nearest.name(to: name, in: groups)
                report(
                    "no pattern has a group named '\(name)'", at: key,
                    help: near.map { "did you mean '\($0)'?" } ?? "units are those of the patterns' named groups")
                return nil
            }
            return (name, unit)
        }
    }

    mutating func samples(_ values: Node.Mapping) -> [FormatSample] {
        guard let node = values["samples"] else {
            missing("samples", of: "a format")
            return []
        }
        guard let list = list(node, "'samples'") else { return [] }
        var samples: [FormatSample] = []
        var isComplete = true
        for entry in list {
            guard let sample = sample(entry) else {
                isComplete = false
                continue
            }
            samples.append(sample)
        }
        if isComplete, !samples.contains(where: \.matches) {
            report(
                "no sample line that the format reads", at: node,
                help: "add a line that the format must read, without `matches: false`")
        }
        return samples
    }

    private mutating func sample(_ entry: Node) -> FormatSample? {
        guard let values = mapping(entry, "a sample", known: ["line", "matches", "evidence", "expect"]) else {
            return nil
        }
        guard let lineNode = values["line"] else {
            if !mistyped.contains("line") {
                report("the key 'line' is missing in a sample", at: entry, help: Self.missingHelp("line"))
            }
            return nil
        }
        guard let line = text(lineNode, "'line'") else { return nil }
        let matches = values["matches"].map { bool($0, "'matches'") } ?? true
        let isEvidence = values["evidence"].map { bool($0, "'evidence'") } ?? nil
        var expected: [NamedText] = []
        var fields: [NamedText] = []
        if let node = values["expect"],
            let expect = mapping(node, "'expect'", known: ["time", "level", "component", "message", "fields"])
        {
            if matches == false {
                report(
                    "a line that must not match has nothing to expect", at: node,
                    help: "remove 'expect', or `matches: false` if the format should read the line")
            }
            for name in ["time", "level", "component", "message"] {
                guard let value = expect[name], let text = anyText(value, "'\(name)'") else { continue }
                expected.append(NamedText(name, text, position: position(value)))
            }
            if let node = expect["fields"] { fields = namedTexts(node, "'fields'") }
        }
        guard let matches else { return nil }
        return FormatSample(
            line: line, matches: matches, expected: expected, fields: fields, isEvidence: isEvidence,
            position: position(lineNode))
    }
}
