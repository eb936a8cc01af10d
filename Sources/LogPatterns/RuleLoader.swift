package import LogCore

/// Rules as files: reading one, and checking what it says against its own tests.
///
/// Reading is cheap and looks at the file's shape only; compiling patterns is left to `lint`, so that a run
/// with a thousand rules starts without compiling the nine hundred that never come to match.
package struct RulePack {
    private static let keys = [
        "id", "title", "status", "level", "applies_to", "match", "on", "over", "cause", "fix", "docs", "alert",
        "false_positives", "tests",
    ]

    /// The id that a rule in this file must have: the path below the folder of rules, with dots,
    /// less its extension. `postgres/connection-refused.yml` gives `postgres.connection-refused`.
    package static func id(ofFile path: String) -> String {
        var parts = path.split(separator: "/").filter { $0 != "." }
        if let last = parts.popLast() {
            let stem = last.lastIndex(of: ".").map { last[..<$0] } ?? last
            parts.append(stem.isEmpty ? last : stem)
        }
        return parts.joined(separator: ".")
    }

    /// Reads a rule. With any error there is no rule; warnings come beside one.
    package static func parse(
        text: String, path: String, id expected: String?
    ) -> (rule: Rule?, diagnostics: [Diagnostic]) {
        var file = Definition(text: text, path: path)
        guard let root = file.root, let values = file.mapping(root, "a rule", known: keys) else {
            return (nil, file.diagnostics)
        }
        let id = file.id(values, expected: expected, of: "a rule")
        let title = file.text(values, "title", of: "a rule")
        let status = values["status"].map { file.word($0, "'status'", Definition.statuses) }
        var level: Severity?
        if let node = values["level"] {
            level = file.word(node, "'level'", Definition.levels)
        } else {
            file.missing("level", of: "a rule")
        }
        let match = file.text(values, "match", of: "a rule")
        let subject = values["on"].map { file.word($0, "'on'", Definition.subjects) }
        let over = values["over"].map { file.placedTexts($0, "'over'") } ?? []
        let cause = file.text(values, "cause", of: "a rule")
        let fix = values["fix"].map { file.texts($0, "'fix'") }
        if fix == nil { file.missing("fix", of: "a rule") }
        let docs = file.docs(values, of: "a rule")
        let components = file.components(values)
        let alert = values["alert"].flatMap { file.alert($0) }
        let falsePositives = values["false_positives"].map { file.texts($0, "'false_positives'") } ?? []
        let tests = file.tests(values)

        guard !file.hasErrors, let id, let title, let level, let match, let cause, let fix,
            let scalar = values["match"]?.scalar
        else { return (nil, file.diagnostics) }
        let rule = Rule(
            id: id, title: title, status: (status ?? .stable) ?? .stable, level: level, components: components,
            match: match, subject: (subject ?? .message) ?? .message, over: over, cause: cause, fix: fix,
            docs: docs, alert: alert, falsePositives: falsePositives, tests: tests, path: path,
            matchSource: file.patternSource(scalar))
        return (rule, file.diagnostics)
    }
}

extension Definition {
    static let statuses = RuleStatus.allCases.map { ($0.rawValue, $0) }
    fileprivate static let subjects = RuleSubject.allCases.map { ($0.rawValue, $0) }

    /// The id of a rule or format, checked against the one that its place in the file tree gives it.
    mutating func id(_ values: Node.Mapping, expected: String?, of what: String) -> String? {
        guard let id = text(values, "id", of: what), let node = values["id"] else { return nil }
        let isPlain = id.utf8.allSatisfy {
            ($0 >= 0x61 && $0 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39) || "-._".utf8.contains($0)
        }
        if !isPlain {
            report(
                "the id '\(id)' has other characters than a-z, 0-9, '-', '_' and '.'", at: node,
                help: "write it in small letters, with '-' between words, and rename the file to match")
            return nil
        }
        if let expected, id != expected {
            report(
                "the id is '\(id)', but the file's place says '\(expected)'", at: node,
                help: "write `id: \(expected)`, or move the file; an id that is in use never changes")
            return nil
        }
        return id
    }

    fileprivate mutating func components(_ values: Node.Mapping) -> [String] {
        guard let node = values["applies_to"],
            let scope = mapping(node, "'applies_to'", known: ["component"])
        else { return [] }
        guard let names = scope["component"] else {
            if !mistyped.contains("component") {
                report(
                    "'applies_to' is empty", at: node,
                    help: "add `component:` with a list of names, or remove 'applies_to': the rule is then for all")
            }
            return []
        }
        return texts(names, "'component'")
    }

    /// A text of a nested mapping; a missing one is reported at the mapping.
    mutating func required(_ values: Node.Mapping, _ key: String, in parent: Node, of what: String) -> String? {
        guard let node = values[key] else {
            if !mistyped.contains(key) {
                report("the key '\(key)' is missing in \(what)", at: parent, help: Self.missingHelp(key))
            }
            return nil
        }
        return text(node, "'\(key)'")
    }

    fileprivate mutating func alert(_ node: Node) -> RuleAlert? {
        guard let values = mapping(node, "'alert'", known: ["count", "within", "by"]) else { return nil }
        let by = values["by"].map { texts($0, "'by'") } ?? []
        let count = values["count"].map { integer($0, "'count'", in: 1...Int.max) } ?? 1
        guard let within = values["within"] else {
            if !mistyped.contains("within") {
                report("the key 'within' is missing in 'alert'", at: node, help: Self.missingHelp("within"))
            }
            return nil
        }
        guard let seconds = seconds(within, "'within'"), let count else { return nil }
        return RuleAlert(count: count, within: seconds, by: by)
    }

    fileprivate mutating func tests(_ values: Node.Mapping) -> [RuleTest] {
        let example = "a rule needs a line that it finds and one that it leaves alone (`matches: false`)"
        guard let node = values["tests"] else {
            missing("tests", of: "a rule")
            return []
        }
        guard let list = list(node, "'tests'") else { return [] }
        var tests: [RuleTest] = []
        var isComplete = true
        for entry in list {
            guard let test = test(entry) else {
                isComplete = false
                continue
            }
            tests.append(test)
        }
        if isComplete, !tests.contains(where: \.matches) {
            report("no test line that the rule finds", at: node, help: example)
        }
        if isComplete, tests.allSatisfy(\.matches) {
            report("no test line that the rule leaves alone", at: node, help: example)
        }
        return tests
    }

    private mutating func test(_ entry: Node) -> RuleTest? {
        guard let values = mapping(entry, "a test", known: ["line", "matches", "captures"]) else { return nil }
        guard let lineNode = values["line"] else {
            if !mistyped.contains("line") {
                report("the key 'line' is missing in a test", at: entry, help: Self.missingHelp("line"))
            }
            return nil
        }
        let line = anyText(lineNode, "'line'")
        let matches = values["matches"].map { bool($0, "'matches'") } ?? true
        let captures = values["captures"].map { namedTexts($0, "'captures'") } ?? []
        if let node = values["captures"], matches == false {
            report(
                "a line that must not match captures nothing", at: node,
                help: "remove 'captures', or `matches: false` if the rule should find the line")
        }
        guard let line, let matches else { return nil }
        return RuleTest(line: line, matches: matches, captures: captures, position: position(lineNode))
    }
}
