import LogCore
import LogPatterns
import Testing

@Suite struct RuleLoaderTests {
    static let good = #"""
        id: postgres.connection-refused
        title: PostgreSQL refused the connection
        status: stable
        level: error
        applies_to: { component: [postgres, "*sql*"] }
        match: 'connection to server at "(?<host>[^"]+)", port (?<port>\d+) failed'
        cause: No server listens there.
        fix:
          - Check that the server runs.
        docs:
          - { title: Starting the server, url: "https://www.postgresql.org/docs/", versions: ">=9" }
        alert: { count: 5, within: 1m, by: [host] }
        false_positives: [planned restarts]
        tests:
          - line: 'connection to server at "db1", port 5432 failed'
            captures: { host: db1, port: "5432" }
          - { line: 'connection accepted', matches: false }
        """#

    private static func load(_ text: String, id: String? = nil) -> (rule: Rule?, texts: [String]) {
        let (rule, diagnostics) = RulePack.parse(text: text, path: "r.yml", id: id)
        return (rule, diagnostics.map(\.rendered))
    }

    /// What is said about the good rule with one text in it replaced by another.
    private static func defects(_ old: String, _ new: String) -> [String] {
        let text = good.replacing(old, with: new)
        let (rule, diagnostics) = RulePack.parse(text: text, path: "r.yml", id: "postgres.connection-refused")
        return (diagnostics + (rule.map { RulePack.lint($0) } ?? [])).map(\.rendered)
    }

    @Test func `a rule is read as it is written`() throws {
        let (loaded, texts) = Self.load(Self.good, id: "postgres.connection-refused")
        #expect(texts == [])
        let rule = try #require(loaded)
        #expect(rule.id == "postgres.connection-refused")
        #expect(rule.title == "PostgreSQL refused the connection")
        #expect(rule.status == .stable)
        #expect(rule.level == .error)
        #expect(rule.components == ["postgres", "*sql*"])
        #expect(rule.subject == .message)
        #expect(rule.fix == ["Check that the server runs."])
        #expect(
            rule.docs == [
                DocumentationLink(
                    title: "Starting the server", url: "https://www.postgresql.org/docs/", versions: ">=9")
            ])
        #expect(rule.alert == RuleAlert(count: 5, within: 60, by: ["host"]))
        #expect(rule.falsePositives == ["planned restarts"])
        #expect(rule.tests.map(\.matches) == [true, false])
        #expect(rule.tests[0].captures.map(\.text) == ["db1", "5432"])
        #expect(rule.position.line == 6)
        #expect(rule.position.column == 8)
        #expect(RulePack.lint(rule) == [])
        #expect(RulePack.verify(rule) == [])
    }

    @Test func `an id is the file's place`() {
        #expect(RulePack.id(ofFile: "postgres/connection-refused.yml") == "postgres.connection-refused")
        #expect(RulePack.id(ofFile: "./a/b/c.yaml") == "a.b.c")
        #expect(RulePack.id(ofFile: "log4j.yml") == "log4j")
        #expect(RulePack.id(ofFile: "") == "")
        #expect(
            Self.load(Self.good, id: "postgres.refused").texts == [
                """
                r.yml:1:5: error: the id is 'postgres.connection-refused', but the file's place says 'postgres.refused'
                 1 | id: postgres.connection-refused
                   |     ^
                  = help: write `id: postgres.refused`, or move the file; an id that is in use never changes
                """
            ])
    }

    @Test func `text that isn't YAML is shown where it stops being so`() {
        #expect(
            Self.load("id: a\ntitle: [x, y\n").texts == [
                """
                r.yml:2:8: error: this is not YAML: did not find expected ',' or ']' while parsing a flow sequence
                 2 | title: [x, y
                   |        ^
                  = help: close the '[' of line 2 with ']'
                """
            ])
        #expect(
            Self.load("id: a\n\ttitle: b\n").texts == [
                """
                r.yml:2:1: error: this is not YAML: found a tab character that violates indentation while scanning a plain scalar
                 2 | \ttitle: b
                   | ^
                  = help: indent with spaces: YAML allows no tabs there
                """
            ])
        #expect(
            Self.load("").texts == [
                """
                r.yml:1:1: error: the file is empty
                  = help: write the definition, or remove the file
                """
            ])
        #expect(
            Self.load("id: a\u{1}").texts == [
                """
                r.yml:1:1: error: this is not YAML: control characters are not allowed
                  = help: save the file as UTF-8 without control characters
                """
            ])
        #expect(
            Self.load("- a\n").texts == [
                """
                r.yml:1:1: error: a rule must be a mapping (`key: value` lines), this is a list
                 1 | - a
                   | ^
                  = help: write `key: value` lines; the keys are id, title, status, level, applies_to, match, on, over, cause, fix, docs, alert, false_positives, tests
                """
            ])
        #expect(
            Self.load("id: a\nid: b\n").texts == [
                """
                r.yml:1:1: error: the key 'id' is given twice
                 1 | id: a
                   | ^
                  = help: keep one of them; where several values are meant, write them as a list under one key
                """
            ])
    }

    @Test func `every missing key is named at once`() {
        let (_, found) = RulePack.parse(text: "# A rule.\nstatus: test\n", path: "r.yml", id: nil)
        let keys = ["id", "title", "level", "match", "cause", "fix", "docs", "tests"]
        #expect(found.map(\.message) == keys.map { "the key '\($0)' is missing in a rule" })
        #expect(found.allSatisfy { $0.line == 2 && $0.column == 1 && $0.source == "status: test" })
        for (diagnostic, key) in zip(found, keys) { #expect(diagnostic.help?.hasPrefix("add `\(key):` with") == true) }
        #expect(Self.load("{}").texts.first?.hasPrefix("r.yml:1:1: error: the key 'id' is missing in a rule") == true)
    }

    static let single: [(String, String, String)] = [
        (
            "title: P", "tilte: P",
            """
            r.yml:2:1: error: unknown key 'tilte' in a rule
             2 | tilte: PostgreSQL refused the connection
               | ^
              = help: did you mean 'title'?
            """
        ),
        (
            "level: error", "level: eror",
            """
            r.yml:4:8: error: 'level' can't be 'eror'
             4 | level: eror
               |        ^
              = help: did you mean 'error'?
            """
        ),
        (
            "status: stable", "status: done",
            """
            r.yml:3:9: error: 'status' can't be 'done'
             3 | status: done
               |         ^
              = help: it is one of experimental, test, stable, deprecated
            """
        ),
        (
            "title: PostgreSQL refused the connection", "title: [a]",
            """
            r.yml:2:8: error: 'title' must be a text, this is a list
             2 | title: [a]
               |        ^
              = help: write one text there, in quotes if it begins with a bracket or holds ': '
            """
        ),
        (
            "cause: No server listens there.", "cause: ''",
            """
            r.yml:7:8: error: 'cause' is empty
             7 | cause: ''
               |        ^
              = help: write the text that belongs there
            """
        ),
        (
            "  - Check that the server runs.", "  Check it.",
            """
            r.yml:9:3: error: 'fix' must be a list, this is a text
             9 |   Check it.
               |   ^
              = help: write it as lines that begin with `- `, or as [a, b]
            """
        ),
        (
            #""https://www.postgresql.org/docs/""#, "http://example.com/",
            """
            r.yml:11:40: error: 'url' must be an https address
             11 |   - { title: Starting the server, url: http://example.com/, versions: ">=9" }
                |                                        ^
              = help: link the page as https://host/path, without spaces
            """
        ),
        (
            "title: Starting the server, ", "",
            """
            r.yml:11:5: error: the key 'title' is missing in an entry of 'docs'
             11 |   - { url: "https://www.postgresql.org/docs/", versions: ">=9" }
                |     ^
              = help: add `title:` with one line that says what this is
            """
        ),
        (
            "within: 1m", "within: soon",
            """
            r.yml:12:28: error: 'within' must be a duration such as 30s, 5m, 2h or 1d
             12 | alert: { count: 5, within: soon, by: [host] }
                |                            ^
              = help: write a whole number above 0 and a unit: s, m, h or d
            """
        ),
        (
            "count: 5", "count: 0",
            """
            r.yml:12:17: error: 'count' must be a whole number from 1 on
             12 | alert: { count: 0, within: 1m, by: [host] }
                |                 ^
              = help: write a number from 1 on, with digits only
            """
        ),
        (
            "matches: false", "matches: no",
            """
            r.yml:17:45: error: 'matches' must be true or false
             17 |   - { line: 'connection accepted', matches: no }
                |                                             ^
              = help: write `true` or `false`
            """
        ),
        (
            ", matches: false", "",
            """
            r.yml:15:3: error: no test line that the rule leaves alone
             15 |   - line: 'connection to server at "db1", port 5432 failed'
                |   ^
              = help: a rule needs a line that it finds and one that it leaves alone (`matches: false`)
            """
        ),
        (
            #"(?<port>\d+) failed'"#, #"(?<port>\d+ failed'"#,
            #"""
            r.yml:6:74: error: the pattern doesn't compile: missing closing parenthesis
             6 | match: 'connection to server at "(?<host>[^"]+)", port (?<port>\d+ failed'
               |                                                                          ^
              = help: close the group with ')', or write '\(' where the line holds one
            """#
        ),
        (
            "(?<port>", "(?<host>",
            #"""
            r.yml:6:64: error: the pattern doesn't compile: two named subpatterns have the same name (PCRE2_DUPNAMES not set)
             6 | match: 'connection to server at "(?<host>[^"]+)", port (?<host>\d+) failed'
               |                                                                ^
              = help: give each group a name of its own
            """#
        ),
        (
            "captures: { host: db1", "captures: { hots: db1",
            """
            r.yml:16:17: error: the pattern has no group named 'hots'
             16 |     captures: { hots: db1, port: "5432" }
                |                 ^
              = help: did you mean 'host'?
            """
        ),
        (
            "host: db1", "host: db2",
            """
            r.yml:16:17: error: 'host' captured 'db1', expected 'db2'
             16 |     captures: { host: db2, port: "5432" }
                |                 ^
              = help: correct the group 'host' of `match`, or what 'captures' says
            """
        ),
        (
            "by: [host]", "by: [client]",
            #"""
            r.yml:6:8: error: 'by' names 'client', which is no group of the pattern
             6 | match: 'connection to server at "(?<host>[^"]+)", port (?<port>\d+) failed'
               |        ^
              = help: it has host, port
            """#
        ),
        (
            "5432 failed'", "5432 succeeded'",
            """
            r.yml:15:11: error: the pattern doesn't match this line
             15 |   - line: 'connection to server at "db1", port 5432 succeeded'
                |           ^
              = help: correct `match` so that it finds the line, or the line if no log is written so
            """
        ),
        (
            "'connection accepted'", #"'connection to server at "x", port 1 failed'"#,
            #"""
            r.yml:17:13: error: the pattern matches this line, which it should leave alone: 'connection to server at "x", port 1 failed'
             17 |   - { line: 'connection to server at "x", port 1 failed', matches: false }
                |             ^
              = help: make `match` narrower, or remove `matches: false` if the rule should find the line
            """#
        ),
    ]

    @Test(arguments: single)
    func `one defect is one message at its place`(old: String, new: String, expected: String) {
        #expect(Self.defects(old, new) == [expected])
    }

    @Test func `several defects are several messages`() {
        let text = Self.good.replacing("level: error", with: "level: 7").replacing("count: 5", with: "count: x")
            .replacing("cause: No server listens there.\n", with: "").replacing("title: P", with: "name: P")
        #expect(
            Self.load(text).texts.map { $0.split(separator: "\n")[0] } == [
                "r.yml:2:1: error: unknown key 'name' in a rule",
                "r.yml:1:1: error: the key 'title' is missing in a rule",
                "r.yml:4:8: error: 'level' can't be '7'",
                "r.yml:1:1: error: the key 'cause' is missing in a rule",
                "r.yml:11:17: error: 'count' must be a whole number from 1 on",
            ])
    }

    @Test func `a caret counts bytes and doubled quotes`() {
        let found = Self.defects("(?<host>", "it''s é*+*(?<host>")
        #expect(
            found == [
                #"""
                r.yml:6:44: error: the pattern doesn't compile: quantifier does not follow a repeatable item
                 6 | match: 'connection to server at "it''s é*+*(?<host>[^"]+)", port (?<port>\d+) failed'
                   |                                           ^
                  = help: put what repeats before it, or write a backslash before it where the line holds one
                """#
            ])
    }

    @Test func `a pattern in a block is said to be wrong at a byte of its own`() {
        let found = Self.defects(
            #"match: 'connection to server at "(?<host>[^"]+)", port (?<port>\d+) failed'"#,
            "match: >-\n  (?<host>\n  abc")
        #expect(
            found == [
                """
                r.yml:6:8: error: the pattern doesn't compile: missing closing parenthesis (at byte 12 of the pattern)
                 6 | match: >-
                   |        ^
                  = help: close the group with ')', or write '\\(' where the line holds one
                """
            ])
    }

    @Test func `what makes a rule slow or wrong is a warning`() throws {
        let text = Self.good.replacing(
            #"'connection to server at "(?<host>[^"]+)", port (?<port>\d+) failed'"#, with: #"'(?<host>\d*)(?<port>)'"#)
        let rule = try #require(Self.load(text).rule)
        let found = RulePack.lint(rule)
        #expect(
            found.filter { $0.level == .warning }.map(\.rendered) == [
                #"""
                r.yml:6:8: warning: the pattern matches an empty text, so it finds every event
                 6 | match: '(?<host>\d*)(?<port>)'
                   |        ^
                  = help: require at least one character that belongs to the error
                """#,
                #"""
                r.yml:6:8: warning: no literal of 3 bytes occurs in every match, so the pattern runs on every event
                 6 | match: '(?<host>\d*)(?<port>)'
                   |        ^
                  = help: write a word of the message as it is, outside of classes and optional groups
                """#,
            ])
    }

    @Test func `a test on which the pattern gives up says so`() throws {
        let line = String(repeating: "a", count: 4_000) + " xy"
        let text = Self.good.replacing(
            #"'connection to server at "(?<host>[^"]+)", port (?<port>\d+) failed'"#,
            with: "'(?:a+)+(?<host>x)(?<port>y)'"
        ).replacing("connection accepted", with: line)
        let rule = try #require(Self.load(text).rule)
        let found = RulePack.verify(rule)
        #expect(found.contains { $0.message == "the pattern gave up on this line at PCRE2's limits" && $0.line == 17 })
    }

    @Test func `numbers and words of YAML are texts where a text is wanted`() throws {
        let text = Self.good.replacing(#"port: "5432""#, with: "port: 5432").replacing(
            #"versions: ">=9""#, with: "versions: 1.10")
        let rule = try #require(Self.load(text).rule)
        #expect(rule.tests[0].captures[1].text == "5432")
        #expect(rule.docs[0].versions == "1.10")
    }

    @Test func `any damage to a rule is survived`() {
        var random = SplitMix(seed: 11)
        let bytes = Array(Self.good.utf8)
        for _ in 0..<3_000 {
            var damaged = bytes
            for _ in 0..<1 + random.next(3) {
                switch random.next(3) {
                case 0: damaged[random.next(damaged.count)] = UInt8(truncatingIfNeeded: random.next(256))
                case 1: damaged.remove(at: random.next(damaged.count))
                default:
                    damaged.insert(random.pick(Array("[]{}:'\"-\n\t&*!|>%@`#, ".utf8)), at: random.next(damaged.count))
                }
            }
            let (rule, diagnostics) = RulePack.parse(
                text: String(decoding: damaged, as: UTF8.self), path: "r.yml", id: nil)
            #expect((rule == nil) == diagnostics.contains { $0.level == .error })
            for diagnostic in diagnostics {
                #expect(!diagnostic.rendered.isEmpty)
                #expect(diagnostic.line > 0 && diagnostic.column > 0 && diagnostic.help != nil)
            }
        }
    }

    @Test func `nesting without end is refused`() {
        #expect(Self.load(String(repeating: "[", count: 100_000)).rule == nil)
        #expect(Self.load("id: " + String(repeating: "{a: ", count: 50_000)).rule == nil)
        #expect(
            Self.load(String(repeating: "#", count: 1 << 21)).texts == [
                """
                r.yml:1:1: error: the file has 2097152 bytes, at most 1048576 are read
                  = help: keep one definition in a file, and other data elsewhere
                """
            ])
    }
}
