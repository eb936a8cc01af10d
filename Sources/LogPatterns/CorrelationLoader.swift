package import LogCore

/// Correlations as files: reading one, checking it against the rules that it names, and judging its own tests.
///
/// Running a correlation, for its tests too, is the business of the machine that correlates. Here each test is events
/// and an expectation, and a wrong result becomes a diagnostic.
package struct CorrelationPack {
    private static let keys = [
        "id", "title", "status", "level", "correlation", "cause", "fix", "docs", "false_positives", "tests",
    ]

    /// Whether a file below `rules/` is a correlation and no rule: it has the key at the left margin.
    package static func isCorrelation(_ text: String) -> Bool {
        let key = "correlation"
        let lines = TextLines(text)
        return (1...lines.count).contains { number in
            guard let line = lines[number], line.starts(with: key.utf8) else { return false }
            return line.dropFirst(key.utf8.count).first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: ":")
        }
    }

    /// Reads a correlation. With any error there is none; warnings come beside one.
    package static func parse(
        text: String, path: String, id expected: String?
    ) -> (rule: CorrelationRule?, diagnostics: [Diagnostic]) {
        let what = "a correlation"
        var file = Definition(text: text, path: path)
        guard let root = file.root, let values = file.mapping(root, what, known: keys) else {
            return (nil, file.diagnostics)
        }
        let id = file.id(values, expected: expected, of: what)
        let title = file.text(values, "title", of: what)
        let status = values["status"].map { file.word($0, "'status'", Definition.statuses) }
        let level = file.child(values, "level", in: root, of: what, help: Definition.missingHelp("level"))
            .flatMap { file.word($0, "'level'", Definition.levels) }
        let search = file.child(
            values, "correlation", in: root, of: what, help: "add `correlation:` with type and rules"
        )
        .flatMap { file.search($0) }
        let cause = file.text(values, "cause", of: what)
        let fix = file.child(values, "fix", in: root, of: what, help: Definition.missingHelp("fix"))
            .map { file.texts($0, "'fix'") }
        let docs = file.docs(values, of: what)
        let falsePositives = values["false_positives"].map { file.texts($0, "'false_positives'") } ?? []
        let tests = file.correlationTests(values, in: root)

        guard !file.hasErrors, let id, let title, let level, let search, let cause, let fix,
            let key = root.mapping?.pair("correlation")?.key
        else { return (nil, file.diagnostics) }
        let rule = CorrelationRule(
            id: id, title: title, status: (status ?? .stable) ?? .stable, level: level, type: search.type,
            rules: search.rules, groupBy: search.groupBy, timespan: search.timespan, condition: search.condition,
            field: search.field, cause: cause, fix: fix, docs: docs, falsePositives: falsePositives, tests: tests,
            path: path, position: file.position(key))
        return (rule, file.diagnostics)
    }
}

/// What stands under `correlation`.
private struct Search {
    var type: CorrelationType
    var rules: [PlacedText]
    var groupBy: [PlacedText]
    var timespan: Int64
    var condition: CorrelationCondition?
    var field: PlacedText?
}

extension Definition {
    /// A value that must be there; a missing one is reported where its mapping begins.
    fileprivate mutating func child(
        _ values: Node.Mapping, _ key: String, in parent: Node, of what: String, help: String
    ) -> Node? {
        if let node = values[key] { return node }
        if !mistyped.contains(key) {
            report("the key '\(key)' is missing in \(what)", at: parent.mapping?.pairs.first?.key ?? parent, help: help)
        }
        return nil
    }

    fileprivate mutating func search(_ node: Node) -> Search? {
        let what = "'correlation'"
        guard
            let values = mapping(node, what, known: ["type", "rules", "group_by", "timespan", "condition"])
        else { return nil }
        let types = CorrelationType.allCases.map { ($0.rawValue, $0) }
        let type = child(
            values, "type", in: node, of: what,
            help: "add `type:` with one of \(types.map(\.0).joined(separator: ", "))"
        ).flatMap { word($0, "'type'", types) }
        let rules = child(
            values, "rules", in: node, of: what,
            help: "add `rules:` with a list of ids, as `ailogger rules list` names them"
        ).map { ruleNames($0, type) }
        let groupBy = values["group_by"].map { fieldNames($0) } ?? []
        let timespan = child(
            values, "timespan", in: node, of: what, help: "add `timespan:` with a duration such as 30s, 5m, 2h or 1d"
        ).flatMap { duration($0, "'timespan'") }
        let condition = condition(values, in: node, type, groupBy)
        guard let type, let rules, let timespan else { return nil }
        return Search(
            type: type, rules: rules, groupBy: groupBy, timespan: timespan, condition: condition?.condition,
            field: condition?.field)
    }

    // MARK: Names

    /// The entries of a list of texts, each with its place.
    mutating func placedTexts(_ node: Node, _ what: String) -> [PlacedText] {
        guard let list = list(node, what) else { return [] }
        if list.isEmpty { report("\(what) is empty", at: node, help: "write at least one entry, a text") }
        return list.compactMap { entry in
            text(entry, "an entry of \(what)").map { PlacedText(text: $0, position: position(entry)) }
        }
    }

    private mutating func report(_ message: String, at place: SourcePosition, help: String) {
        report(message, line: place.line, column: place.column, help: help)
    }

    private mutating func ruleNames(_ node: Node, _ type: CorrelationType?) -> [PlacedText] {
        let names = placedTexts(node, "'rules'")
        var seen: Set<String> = []
        for name in names {
            let isPlain = name.text.utf8.allSatisfy {
                ($0 >= 0x61 && $0 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39) || "-._*".utf8.contains($0)
            }
            if !isPlain {
                report(
                    "'\(name.text)' is no id of a rule", at: name.position,
                    help: "write it as `ailogger rules list` does, with `*` for any part of it: sshd.*")
            } else if !seen.insert(name.text).inserted, let type, type != .temporalOrdered {
                report(
                    "the rule '\(name.text)' is named twice", at: name.position,
                    help: "name it once; only where the order counts may a rule come again")
            }
        }
        if let type, type.isTemporal, seen.count == 1, names.count == node.sequence?.nodes.count {
            report(
                "'\(type.rawValue)' needs at least two different rules", at: node,
                help: "name the rules that belong together, or count one with `type: event_count`")
        }
        return names
    }

    private mutating func fieldNames(_ node: Node) -> [PlacedText] {
        let names = placedTexts(node, "'group_by'")
        var seen: Set<String> = []
        for name in names {
            checkFieldName(name)
            if !seen.insert(name.text).inserted {
                report("'\(name.text)' is named twice", at: name.position, help: "name each capture or field once")
            }
        }
        return names
    }

    private mutating func checkFieldName(_ name: PlacedText) {
        let isLetter = { (byte: UInt8) in (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_") }
        let isName =
            name.text.utf8.first.map(isLetter) == true
            && name.text.utf8.allSatisfy { isLetter($0) || ($0 >= 0x30 && $0 <= 0x39) || "-.".utf8.contains($0) }
        if !isName {
            report(
                "'\(name.text)' is no name of a capture or field", at: name.position,
                help: "write letters, digits, '_', '-' and '.', a letter first: a name that the rules capture")
        }
    }

    // MARK: Times

    private static let longestSeconds = 366 * 86_400

    /// Nanoseconds of `30s`, `5m`, `2h` or `1d`; a moment may be `0s`.
    private mutating func duration(_ node: Node, _ what: String, orZero: Bool = false) -> Int64? {
        if orZero, let text = node.scalar?.string, ["0s", "0m", "0h", "0d"].contains(text) { return 0 }
        guard let seconds = seconds(node, what) else { return nil }
        guard seconds <= Self.longestSeconds else {
            report("\(what) is longer than a year", at: node, help: "write 366d or less: all that time is kept in mind")
            return nil
        }
        return Int64(seconds) * 1_000_000_000
    }

    // MARK: Condition

    /// So many events of a group are kept in mind, and so many values, which are compared one by one.
    private static let mostEvents = 10_000
    private static let mostValues = 999

    private mutating func condition(
        _ values: Node.Mapping, in parent: Node, _ type: CorrelationType?, _ groupBy: [PlacedText]
    ) -> (condition: CorrelationCondition?, field: PlacedText?)? {
        let operators = CorrelationCondition.Operator.allCases
        let example = type == .valueCount ? "{ field: user, gte: 10 }" : "{ gte: 10 }"
        guard let node = values["condition"] else {
            guard let type, type.counts else { return nil }
            _ = child(
                values, "condition", in: parent, of: "'correlation'",
                help: "add `condition:` with what count is a finding: \(example)")
            return nil
        }
        if let type, !type.counts {
            report(
                "'\(type.rawValue)' takes no condition", at: node,
                help: type == .absence
                    ? "remove it: found is that none of 'rules' comes again within 'timespan'"
                    : "remove it: each entry of 'rules' must be found once")
            return nil
        }
        guard let members = mapping(node, "'condition'", known: operators.map(\.rawValue) + ["field"]) else {
            return nil
        }
        let given = operators.filter { members[$0.rawValue] != nil }
        if given.count > 1 {
            report(
                "'condition' has \(given.count) operators: \(given.map(\.rawValue).joined(separator: ", "))", at: node,
                help: "keep one of them")
        } else if given.isEmpty, operators.allSatisfy({ !mistyped.contains($0.rawValue) }) {
            report(
                "'condition' has no operator", at: node,
                help: "write one of \(operators.map(\.rawValue).joined(separator: ", ")) with a count: \(example)")
        }
        var condition: CorrelationCondition?
        if let op = given.first, let operand = members[op.rawValue],
            let count = integer(
                operand, "'\(op.rawValue)'", in: 1...(type == .valueCount ? Self.mostValues : Self.mostEvents))
        {
            if op == .lt, count == 1 {
                report(
                    "less than 1 is never found: what is counted begins with an event", at: operand,
                    help: "write a greater number, or `type: absence` for events that stay away")
            }
            condition = CorrelationCondition(op, count)
        }
        return (condition, field(members, in: node, type, groupBy))
    }

    private mutating func field(
        _ members: Node.Mapping, in parent: Node, _ type: CorrelationType?, _ groupBy: [PlacedText]
    ) -> PlacedText? {
        guard type == .valueCount else {
            if let node = members["field"], let type {
                report(
                    "'\(type.rawValue)' counts events, not the values of a field", at: node,
                    help: "remove 'field', or write `type: value_count`")
            }
            return nil
        }
        guard
            let node = child(
                members, "field", in: parent, of: "'condition'",
                help: "add `field:` with the capture or field whose different values count"),
            let name = text(node, "'field'").map({ PlacedText(text: $0, position: position(node)) })
        else { return nil }
        checkFieldName(name)
        if groupBy.contains(where: { $0.text == name.text }) {
            report(
                "'\(name.text)' has one value in each group, as 'group_by' keeps its values apart", at: node,
                help: "count another field, or remove it from 'group_by'")
        }
        return name
    }

    // MARK: Tests

    /// More than any threshold needs, and little enough that a test takes no time.
    private static let mostTestEvents = 100_000

    fileprivate mutating func correlationTests(_ values: Node.Mapping, in root: Node) -> [CorrelationTest] {
        let example = "a correlation needs a test that finds and one that finds nothing (`finds: 0`)"
        guard
            let node = child(
                values, "tests", in: root, of: "a correlation",
                help: "add `tests:` with events that it finds and some that it doesn't: - { events: …, finds: 1 }"),
            let list = list(node, "'tests'")
        else { return [] }
        let tests = list.compactMap { correlationTest($0) }
        guard tests.count == list.count else { return tests }
        if tests.allSatisfy({ $0.expected.count == 0 }) {
            report("no test that finds something", at: node, help: example)
        }
        if tests.allSatisfy({ $0.expected.count > 0 }) { report("no test that finds nothing", at: node, help: example) }
        return tests
    }

    private mutating func correlationTest(_ node: Node) -> CorrelationTest? {
        let what = "a test"
        guard let values = mapping(node, what, known: ["events", "until", "finds"]) else { return nil }
        let entries = child(
            values, "events", in: node, of: what,
            help: "add `events:` with a list such as - { at: 0s, rule: sshd.failed-password, fields: { client: a } }"
        ).flatMap { testEvents($0) }
        let until = values["until"].flatMap { duration($0, "'until'") }
        let finds = child(
            values, "finds", in: node, of: what, help: "add `finds:` with the number of findings, 0 for none")
        let expected = finds.flatMap { expectation($0) }
        if let until, let entries, let node = values["until"],
            entries.contains(where: { $0.time + Int64($0.count - 1) * $0.every > until })
        {
            report("'until' lies before the last event", at: node, help: "write a later time, or remove it")
        }
        guard let entries, let expected, let finds else { return nil }
        return CorrelationTest(entries: entries, until: until, expected: expected, position: position(finds))
    }

    private mutating func testEvents(_ node: Node) -> [CorrelationTest.Entry]? {
        guard let list = list(node, "'events'") else { return nil }
        if list.isEmpty { report("'events' is empty", at: node, help: "write at least one event") }
        let entries = list.compactMap { testEvent($0) }
        let count = entries.reduce(0) { $0 + $1.count }
        if count > Self.mostTestEvents {
            report(
                "the test has \(count) events, at most \(Self.mostTestEvents) are tried", at: node,
                help: "lower 'repeat': what lies above the threshold tests nothing")
            return nil
        }
        return entries.count == list.count ? entries : nil
    }

    private mutating func testEvent(_ node: Node) -> CorrelationTest.Entry? {
        let what = "an event"
        guard let values = mapping(node, what, known: ["at", "rule", "fields", "repeat", "every"]) else { return nil }
        let time = child(
            values, "at", in: node, of: what, help: "add `at:` with the time from the test's start, such as 0s"
        )
        .flatMap { duration($0, "'at'", orZero: true) }
        let ruleNode = child(
            values, "rule", in: node, of: what, help: "add `rule:` with the id of the rule that found it")
        let rule = ruleNode.flatMap { text($0, "'rule'") }
        let fields = values["fields"].map { namedTexts($0, "'fields'") } ?? []
        let count = values["repeat"].map { integer($0, "'repeat'", in: 1...Self.mostTestEvents) } ?? 1
        let every = values["every"].map { duration($0, "'every'", orZero: true) } ?? 1_000_000_000
        if let node = values["every"], values["repeat"] == nil, !mistyped.contains("repeat") {
            report(
                "'every' says nothing without 'repeat'", at: node, help: "add `repeat:` with how many events there are")
        }
        guard let time, let rule, let ruleNode, let count, let every else { return nil }
        if let node = values["every"], Int(every / 1_000_000_000) * (count - 1) > Self.longestSeconds {
            report(
                "the repetitions take longer than a year", at: node, help: "write a shorter time, or repeat less often")
            return nil
        }
        return CorrelationTest.Entry(
            time: time, rule: PlacedText(text: rule, position: position(ruleNode)), fields: fields, count: count,
            every: every)
    }

    private mutating func expectation(_ node: Node) -> CorrelationTest.Expectation? {
        if case .sequence(let findings) = node {
            return .fields(findings.nodes.map { namedTexts($0, "an entry of 'finds'") })
        }
        if let count = node.scalar.flatMap({ Int($0.string) }), count >= 0 { return .count(count) }
        report(
            "'finds' must be a number of findings, or a list of their fields", at: node,
            help: "write `finds: 1`, or what each finding must have: finds: [{ client: 192.0.2.1 }]")
        return nil
    }

    // MARK: Documentation

    /// The links of a definition, each with a title and an https address.
    mutating func docs(_ values: Node.Mapping, of what: String) -> [DocumentationLink] {
        guard let node = values["docs"] else {
            missing("docs", of: what)
            return []
        }
        guard let list = list(node, "'docs'") else { return [] }
        if list.isEmpty { report("'docs' is empty", at: node, help: "link the page that says what the error means") }
        return list.compactMap { entry in
            let what = "an entry of 'docs'"
            guard let link = mapping(entry, what, known: ["title", "url", "versions"]) else { return nil }
            let title = required(link, "title", in: entry, of: what)
            let url = required(link, "url", in: entry, of: what)
            let versions = text(link, "versions", of: what, optional: true)
            guard let title, let url, let node = link["url"] else { return nil }
            guard Self.isHTTPS(url) else {
                report(
                    "'url' must be an https address", at: node,
                    help: "link the page as https://host/path, without spaces")
                return nil
            }
            return DocumentationLink(title: title, url: url, versions: versions)
        }
    }

    private static func isHTTPS(_ url: String) -> Bool {
        let scheme = "https://"
        guard url.utf8.starts(with: scheme.utf8) else { return false }
        let host = url.utf8.dropFirst(scheme.utf8.count).prefix { $0 != UInt8(ascii: "/") }
        return host.contains(UInt8(ascii: ".")) && !url.utf8.contains { $0 <= 0x20 }
    }
}

// MARK: - Against the rules, and against its tests

extension CorrelationPack {
    /// Fields that formats have under these names: see `docs/fields.md`. Others may well be in a log.
    private static let knownFields: Set<String> = Set(
        Key.wellKnown.map { "\($0)" } + [
            "application", "component", "connection", "container", "database", "function", "namespace", "pod", "source",
            "upstream",
        ])

    /// What takes the other rules to find out: ids that name none, and captures that none has.
    package static func lint(_ correlation: CorrelationRule, among rules: [Rule]) -> [Diagnostic] {
        let ids = rules.map(\.id)
        let entries = correlation.tests.flatMap { $0.entries.map(\.rule) }
        var found: [Diagnostic] = []
        for name in correlation.rules + entries where !ids.contains(where: { name.stands(for: $0) }) {
            let near = Nearest.name(to: name.text, in: ids)
            found.append(
                correlation.diagnostic(
                    name.isGlob ? "'\(name.text)' matches no rule's id" : "there is no rule '\(name.text)'",
                    at: name.position,
                    help: near.map { "did you mean '\($0)'?" } ?? "`ailogger rules list` names all"))
        }
        guard found.isEmpty else { return found }

        let named = rules.filter { correlation.matches($0.id) }
            .map { (id: $0.id, captures: (try? Pattern($0.match))?.captureNames.map(\.name) ?? []) }
        let captures = Set(named.flatMap(\.captures)).sorted()
        for name in correlation.groupBy + (correlation.field.map { [$0] } ?? [])
        where !knownFields.contains(name.text) {
            guard let lacking = named.first(where: { !$0.captures.contains(name.text) }) else { continue }
            let isField = name == correlation.field
            let message: String
            let help: String
            if captures.contains(name.text) {
                message =
                    "\(lacking.id) captures no '\(name.text)', so what it finds "
                    + (isField ? "doesn't count" : "makes a group of its own")
                help = "leave that rule out, or name its group '\(name.text)' as well"
            } else {
                let near = Nearest.name(to: name.text, in: captures)
                let all = captures.isEmpty ? "capture nothing" : "capture \(captures.joined(separator: ", "))"
                message = "none of the rules captures '\(name.text)'"
                help = near.map { "did you mean '\($0)'?" } ?? "they \(all); fields of a format are fine as well"
            }
            found.append(correlation.diagnostic(message, at: name.position, level: .warning, help: help))
        }
        return found
    }

    /// What a test found, each finding as its fields, against what it expects. Tests count from 0, and from 1 in words.
    package static func judge(
        _ correlation: CorrelationRule, test index: Int, found findings: [[(name: String, text: String)]]
    ) -> [Diagnostic] {
        let test = correlation.tests[index]
        guard findings.count == test.expected.count else {
            return [
                correlation.diagnostic(
                    "test \(index + 1) finds \(findings.count), not \(test.expected.count)", at: test.position,
                    help: "correct 'correlation', or the events: one as old as 'timespan' counts no more")
            ]
        }
        guard case .fields(let expected) = test.expected else { return [] }
        var found: [Diagnostic] = []
        for (number, (wanted, finding)) in zip(expected, findings).enumerated() {
            for field in wanted {
                let actual = finding.first { $0.name == field.name }?.text
                guard actual != field.text else { continue }
                let subject = "finding \(number + 1) of test \(index + 1)"
                if let actual {
                    found.append(
                        correlation.diagnostic(
                            "\(subject) has the \(field.name) '\(actual)', not '\(field.text)'", at: field.position,
                            help: "correct the test's events, or what 'finds' says"))
                } else {
                    let near = Nearest.name(to: field.name, in: finding.map(\.name))
                    found.append(
                        correlation.diagnostic(
                            "\(subject) has no '\(field.name)'", at: field.position,
                            help: near.map { "did you mean '\($0)'?" } ?? "a finding has what 'group_by' names"))
                }
            }
        }
        return found
    }
}

extension CorrelationRule {
    fileprivate func diagnostic(
        _ message: String, at place: SourcePosition, level: Diagnostic.Level = .error, help: String
    ) -> Diagnostic {
        Diagnostic(
            message, path: path, line: place.line, column: place.column, level: level, help: help, source: place.text)
    }
}
