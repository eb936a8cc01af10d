import LogCore
import LogPatterns
import Testing

@Suite struct CorrelationLoaderTests {
    static let good = #"""
        id: sshd.brute-force
        title: Many failed logins from one address
        status: test
        level: error
        correlation:
          type: value_count
          rules: [sshd.failed-password, "sshd.invalid-*"]
          group_by: [client]
          timespan: 5m
          condition: { gte: 3, field: user }
        cause: Somebody guesses.
        fix:
          - Block the address.
        docs:
          - { title: sshd_config(5), url: "https://man.openbsd.org/sshd_config" }
        false_positives: [a forgotten job]
        tests:
          - events:
              - { at: 1m, rule: sshd.invalid-user, fields: { client: 192.0.2.1, user: last } }
              - { at: 0s, rule: sshd.failed-password, fields: { client: 192.0.2.1, user: "u{n}" }, repeat: 3, every: 90s }
            until: 10m
            finds: [{ client: 192.0.2.1 }]
          - events:
              - { at: 0s, rule: sshd.failed-password }
            finds: 0
        """#

    /// What it names: rules with these patterns.
    static let rules = [
        ("sshd.failed-password", #"(?<user>\S+) from (?<client>\S+)"#), ("sshd.invalid-user", "(?<user>x)"),
    ].compactMap { rule($0, match: $1) }

    private static func rule(_ id: String, match: String) -> Rule? {
        let text = """
            id: \(id)
            title: A rule
            level: warning
            match: '\(match)'
            cause: It happens.
            fix: [Nothing.]
            docs: [{ title: A page, url: "https://docs.example.com/" }]
            tests: [{ line: x }, { line: y, matches: false }]
            """
        return RulePack.parse(text: text, path: "\(id).yml", id: nil).rule
    }

    static func load(_ text: String, id: String? = nil) -> (rule: CorrelationRule?, texts: [String]) {
        let (rule, diagnostics) = CorrelationPack.parse(text: text, path: "c.yml", id: id)
        return (rule, diagnostics.map(\.rendered))
    }

    /// The good correlation with one text in it replaced by another.
    private static func changed(_ old: String, _ new: String) throws -> CorrelationRule {
        let (rule, texts) = load(good.replacing(old, with: new))
        #expect(texts == [])
        return try #require(rule)
    }

    @Test func `a correlation is read as it is written`() throws {
        let (loaded, texts) = Self.load(Self.good, id: "sshd.brute-force")
        #expect(texts == [])
        let rule = try #require(loaded)
        #expect(rule.id == "sshd.brute-force" && rule.title == "Many failed logins from one address")
        #expect(rule.status == .test && rule.level == .error && rule.type == .valueCount)
        #expect(rule.rules.map(\.text) == ["sshd.failed-password", "sshd.invalid-*"])
        #expect(rule.groupBy.map(\.text) == ["client"] && rule.field?.text == "user")
        #expect(rule.timespan == 300_000_000_000)
        #expect(rule.condition == CorrelationCondition(.gte, 3))
        #expect(rule.cause == "Somebody guesses." && rule.fix == ["Block the address."])
        #expect(
            rule.docs == [DocumentationLink(title: "sshd_config(5)", url: "https://man.openbsd.org/sshd_config")])
        #expect(rule.falsePositives == ["a forgotten job"])
        #expect(rule.position == SourcePosition(line: 5, column: 1, text: "correlation:"))
        #expect(rule.rules[1].position.line == 7 && rule.rules[1].position.column == 33)
        #expect(CorrelationPack.lint(rule, among: []).count == 5)
        #expect(Self.load(Self.good, id: "sshd.guessing").texts[0].hasPrefix("c.yml:1:5: error: the id is"))
    }

    @Test func `the key at the left margin tells a correlation from a rule`() {
        #expect(CorrelationPack.isCorrelation(Self.good))
        #expect(CorrelationPack.isCorrelation("id: a\r\ncorrelation :\r\n"))
        #expect(CorrelationPack.isCorrelation("correlation: {}"))
        #expect(!CorrelationPack.isCorrelation(RuleLoaderTestText.rule))
        #expect(!CorrelationPack.isCorrelation(""))
        #expect(!CorrelationPack.isCorrelation("correlation"))
        #expect(!CorrelationPack.isCorrelation("# correlation: no\n  correlation: no\ncorrelations: 2\n"))
    }

    @Test func `a test's events are made in the order of their times`() throws {
        let test = try Self.changed("title", "title").tests[0]
        #expect(test.events.map(\.time) == [0, 60_000_000_000, 90_000_000_000, 180_000_000_000])
        #expect(
            test.events.map { $0.fields.map(\.text) } == [
                ["192.0.2.1", "u1"], ["192.0.2.1", "last"], ["192.0.2.1", "u2"], ["192.0.2.1", "u3"],
            ])
        #expect(test.events[1].rule == "sshd.invalid-user" && test.events[1].fields.map(\.name) == ["client", "user"])
        #expect(test.until == 600_000_000_000)
        #expect(test.expected.count == 1 && test.position.line == 22)
    }

    @Test func `events of one time stay as they are written`() throws {
        let test = try Self.changed(
            "- { at: 0s, rule: sshd.failed-password }",
            "- { at: 5s, rule: b, repeat: 2, every: 0s }\n      - { at: 0s, rule: a, repeat: 6 }"
        ).tests[1]
        #expect(test.events.map(\.rule) == ["a", "a", "a", "a", "a", "b", "b", "a"])
        #expect(test.until == nil)
    }

    @Test func `ids and globs name rules`() throws {
        let rule = try Self.changed("title", "title")
        #expect(rule.matches("sshd.failed-password") && rule.matches("sshd.invalid-user"))
        #expect(!rule.matches("sshd.failed-passwords") && !rule.matches("ssh.invalid-user") && !rule.matches(""))
        let ids = ["sshd.invalid-user", "nginx.x", "sshd.invalid-name", "sshd.failed-password"]
        #expect(
            rule.expanded(among: ids) == ["sshd.failed-password", "sshd.invalid-user", "sshd.invalid-name"])
    }

    @Test func `only an order may name a rule twice`() throws {
        let text = Self.good.replacing("[sshd.failed-password, \"sshd.invalid-*\"]", with: "[a.b, a.b, \"a.*\"]")
            .replacing("  condition: { gte: 3, field: user }\n", with: "")
        let ordered = try #require(Self.load(text.replacing("value_count", with: "temporal_ordered")).rule)
        #expect(ordered.expanded(among: ["a.c", "a.b"]) == ["a.b", "a.b", "a.c", "a.b"])
        #expect(ordered.steps(["a.b", "a.b", "a.c", "a.b"]) == [["a.b"], ["a.b"], ["a.b", "a.c"]])
        #expect(
            Self.load(text.replacing("value_count", with: "temporal")).texts == [
                """
                c.yml:7:16: error: the rule 'a.b' is named twice
                 7 |   rules: [a.b, a.b, "a.*"]
                   |                ^
                  = help: name it once; only where the order counts may a rule come again
                """
            ])
    }

    @Test func `rules that don't exist are named with those that were meant`() throws {
        let rule = try Self.changed("[sshd.failed-password, \"sshd.invalid-*\"]", "[sshd.faild-password, \"ssh.*\"]")
        #expect(
            CorrelationPack.lint(rule, among: Self.rules).map(\.rendered) == [
                """
                c.yml:7:11: error: there is no rule 'sshd.faild-password'
                 7 |   rules: [sshd.faild-password, "ssh.*"]
                   |           ^
                  = help: did you mean 'sshd.failed-password'?
                """,
                """
                c.yml:7:32: error: 'ssh.*' matches no rule's id
                 7 |   rules: [sshd.faild-password, "ssh.*"]
                   |                                ^
                  = help: `ailogger rules list` names all
                """,
            ])
        let test = try Self.changed("- { at: 0s, rule: sshd.failed-password }", "- { at: 0s, rule: sshd.failed }")
        #expect(CorrelationPack.lint(test, among: Self.rules).map(\.line) == [24])
    }

    @Test func `names that no rule captures are a warning`() throws {
        func warnings(_ old: String, _ new: String) throws -> [String] {
            CorrelationPack.lint(try Self.changed(old, new), among: Self.rules).map(\.rendered)
        }
        // What formats have is fine without a capture.
        #expect(try warnings("group_by: [client]", "group_by: [host, client]") == [])
        #expect(
            try warnings("group_by: [client]", "group_by: [clinet]") == [
                """
                c.yml:8:14: warning: none of the rules captures 'clinet'
                 8 |   group_by: [clinet]
                   |              ^
                  = help: did you mean 'client'?
                """
            ])
        #expect(
            try warnings("field: user", "field: shoe_size") == [
                """
                c.yml:10:31: warning: none of the rules captures 'shoe_size'
                 10 |   condition: { gte: 3, field: shoe_size }
                    |                               ^
                  = help: they capture client, user; fields of a format are fine as well
                """
            ])
        let rules = [("sshd.failed-password", "(?<slot>x)"), ("sshd.invalid-user", "(?<user>x)")]
            .compactMap { Self.rule($0, match: $1) }
        let rule = try Self.changed("group_by: [client]", "group_by: [slot]")
        #expect(
            CorrelationPack.lint(rule, among: rules).map(\.message) == [
                "sshd.invalid-user captures no 'slot', so what it finds makes a group of its own"
            ])
    }

    @Test func `what a test finds is compared with what it expects`() throws {
        let rule = try Self.changed("finds: [{ client: 192.0.2.1 }]", "finds: [{ client: a }, { clinet: b }]")
        func judge(_ index: Int, _ found: [[(name: String, text: String)]]) -> [String] {
            CorrelationPack.judge(rule, test: index, found: found).map(\.rendered)
        }
        #expect(judge(1, []) == [])
        #expect(
            judge(1, [[]]) == [
                """
                c.yml:25:12: error: test 2 finds 1, not 0
                 25 |     finds: 0
                    |            ^
                  = help: correct 'correlation', or the events: one as old as 'timespan' counts no more
                """
            ])
        #expect(judge(0, [[]]).map { $0.prefix(44) } == ["c.yml:22:12: error: test 1 finds 1, not 2\n 2"])
        #expect(judge(0, [[("count", "3"), ("client", "a")], [("clinet", "b")]]) == [])
        #expect(
            judge(0, [[("client", "x")], [("client", "b")]]) == [
                """
                c.yml:22:15: error: finding 1 of test 1 has the client 'x', not 'a'
                 22 |     finds: [{ client: a }, { clinet: b }]
                    |               ^
                  = help: correct the test's events, or what 'finds' says
                """,
                """
                c.yml:22:30: error: finding 2 of test 1 has no 'clinet'
                 22 |     finds: [{ client: a }, { clinet: b }]
                    |                              ^
                  = help: did you mean 'client'?
                """,
            ])
    }

    @Test func `any damage to a correlation is survived`() {
        var random = SplitMix(seed: 12)
        let ids = Self.rules.map(\.id)
        let bytes = Array(Self.good.utf8)
        for _ in 0..<3_000 {
            var damaged = bytes
            for _ in 0..<1 + random.next(3) {
                switch random.next(3) {
                case 0: damaged[random.next(damaged.count)] = UInt8(truncatingIfNeeded: random.next(256))
                case 1: damaged.remove(at: random.next(damaged.count))
                default:
                    damaged.insert(
                        random.pick(Array("[]{}:'\"-\n\t&*!|>%@`#, 09".utf8)), at: random.next(damaged.count))
                }
            }
            let (rule, diagnostics) = CorrelationPack.parse(
                text: String(decoding: damaged, as: UTF8.self), path: "c.yml", id: nil)
            #expect((rule == nil) == diagnostics.contains { $0.level == .error })
            var all = diagnostics
            if let rule {
                all += CorrelationPack.lint(rule, among: Self.rules)
                for index in rule.tests.indices {
                    let times = rule.tests[index].events.map(\.time)
                    #expect(times == times.sorted())
                    all += CorrelationPack.judge(rule, test: index, found: [[("client", "192.0.2.1")]])
                }
                #expect(rule.steps(rule.expanded(among: ids)).count == rule.rules.count)
            }
            for diagnostic in all {
                #expect(!diagnostic.rendered.isEmpty)
                #expect(diagnostic.line > 0 && diagnostic.column > 0 && diagnostic.help != nil)
            }
        }
    }
}

/// A rule that mentions correlations everywhere but as a key of its own.
private enum RuleLoaderTestText {
    static let rule = """
        id: a.b
        match: 'correlation: (?<id>\\d+)'
        cause: >-
          correlation: none
        """
}
