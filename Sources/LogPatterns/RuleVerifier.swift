package import LogCore

/// What takes compiled patterns to find out: `check` and `rules lint` ask for it, a run doesn't.
extension RulePack {
    /// Compiles the rule's pattern, warns of what makes it slow or wrong, and runs its tests.
    package static func lint(_ rule: Rule) -> [Diagnostic] {
        var found: [Diagnostic] = []
        guard let pattern = compile(rule, &found) else { return found }
        if pattern.matchesEmpty {
            found.append(
                diagnostic(
                    rule, "the pattern matches an empty text, so it finds every event", level: .warning,
                    help: "require at least one character that belongs to the error"))
        }
        if RequiredLiterals.of(rule.match) == nil {
            found.append(
                diagnostic(
                    rule,
                    "no literal of \(RequiredLiterals.minimumLength) bytes occurs in every match, so the pattern "
                        + "runs on every event", level: .warning,
                    help: "write a word of the message as it is, outside of classes and optional groups"))
        }
        let names = pattern.captureNames.map(\.name)
        for name in rule.alert?.by ?? [] where !names.contains(name) {
            found.append(
                diagnostic(rule, "'by' names '\(name)', which is no group of the pattern", help: near(name, names)))
        }
        return found + run(rule, pattern)
    }

    /// Runs the rule's tests: a diagnostic for each that fails, at its line.
    package static func verify(_ rule: Rule) -> [Diagnostic] {
        var found: [Diagnostic] = []
        guard let pattern = compile(rule, &found) else { return found }
        return run(rule, pattern)
    }

    private static func compile(_ rule: Rule, _ found: inout [Diagnostic]) -> Pattern? {
        do {
            return try Pattern(rule.match)
        } catch {
            found.append(
                rule.matchSource.diagnostic(
                    "the pattern doesn't compile: \(error.message)", pattern: rule.match, offset: error.offset,
                    path: rule.path, help: error.help))
            return nil
        }
    }

    private static func run(_ rule: Rule, _ pattern: Pattern) -> [Diagnostic] {
        var matcher = Matcher()
        var found: [Diagnostic] = []
        let names = pattern.captureNames.map(\.name)
        for test in rule.tests {
            for capture in test.captures where !names.contains(capture.name) {
                found.append(
                    diagnostic(
                        rule, "the pattern has no group named '\(capture.name)'", at: capture.position,
                        help: near(capture.name, names)))
            }
            let line = Array(test.line.utf8)
            switch (matcher.match(pattern, line.span), test.matches) {
            case (.limit, _):
                found.append(
                    diagnostic(
                        rule, "the pattern gave up on this line at PCRE2's limits", at: test.position,
                        help: "look for nested repetitions such as (a+)+, or make them possessive: (a+)++"))
            case (.noMatch, true):
                found.append(
                    diagnostic(
                        rule, "the pattern doesn't match this line", at: test.position,
                        help: "correct `match` so that it finds the line, or the line if no log is written so"))
            case (.matched, false):
                // A match sets group 0, so the range is there; an empty one says the same in its absence.
                let text = String(decoding: line[matcher.capture(0) ?? 0..<0], as: UTF8.self)
                found.append(
                    diagnostic(
                        rule, "the pattern matches this line, which it should leave alone: '\(text)'",
                        at: test.position,
                        help: "make `match` narrower, or remove `matches: false` if the rule should find the line"))
            case (.noMatch, false): break
            case (.matched, true):
                for expected in test.captures {
                    guard names.contains(expected.name) else { continue }
                    let actual = matcher.capture(named: expected.name, of: pattern)
                        .map { String(decoding: line[$0], as: UTF8.self) }
                    if let actual, actual == expected.text { continue }
                    let got = actual.map { "captured '\($0)'" } ?? "captured nothing"
                    found.append(
                        diagnostic(
                            rule, "'\(expected.name)' \(got), expected '\(expected.text)'", at: expected.position,
                            help: "correct the group '\(expected.name)' of `match`, or what 'captures' says"))
                }
            }
        }
        return found
    }

    private static func near(_ name: String, _ names: [String]) -> String {
        if let near = Nearest.name(to: name, in: names) { return "did you mean '\(near)'?" }
        return names.isEmpty ? "name a group with (?<name>…)" : "it has \(names.joined(separator: ", "))"
    }

    private static func diagnostic(
        _ rule: Rule, _ message: String, at place: SourcePosition? = nil, level: Diagnostic.Level = .error,
        help: String
    ) -> Diagnostic {
        let place = place ?? rule.position
        return Diagnostic(
            message, path: rule.path, line: place.line, column: place.column, level: level, help: help,
            source: place.text)
    }
}

extension Matcher {
    /// Where a named group of the last match lies. A name may stand for several groups (`(?J)`): the first
    /// that took part.
    package func capture(named name: String, of pattern: Pattern) -> Range<Int>? {
        for group in pattern.captureNames where group.name == name {
            if let range = capture(group.number) { return range }
        }
        return nil
    }
}
