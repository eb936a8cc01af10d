import LogCore
import LogPatterns
import Testing

/// What is said of a correlation that isn't as it should be.
@Suite struct CorrelationDefectTests {
    static let single: [(String, String, String)] = [
        (
            "type: value_count", "type: value_cuont",
            """
            c.yml:6:9: error: 'type' can't be 'value_cuont'
             6 |   type: value_cuont
               |         ^
              = help: did you mean 'value_count'?
            """
        ),
        (
            "  type: value_count\n", "",
            """
            c.yml:6:3: error: the key 'type' is missing in 'correlation'
             6 |   rules: [sshd.failed-password, "sshd.invalid-*"]
               |   ^
              = help: add `type:` with one of event_count, value_count, temporal, temporal_ordered, absence
            """
        ),
        (
            "[sshd.failed-password, \"sshd.invalid-*\"]", "[]",
            """
            c.yml:7:10: error: 'rules' is empty
             7 |   rules: []
               |          ^
              = help: write at least one entry, a text
            """
        ),
        (
            "\"sshd.invalid-*\"", "Failed password",
            """
            c.yml:7:33: error: 'Failed password' is no id of a rule
             7 |   rules: [sshd.failed-password, Failed password]
               |                                 ^
              = help: write it as `ailogger rules list` does, with `*` for any part of it: sshd.*
            """
        ),
        (
            "type: value_count", "type: temporal",
            """
            c.yml:10:14: error: 'temporal' takes no condition
             10 |   condition: { gte: 3, field: user }
                |              ^
              = help: remove it: each entry of 'rules' must be found once
            """
        ),
        (
            "type: value_count", "type: absence",
            """
            c.yml:10:14: error: 'absence' takes no condition
             10 |   condition: { gte: 3, field: user }
                |              ^
              = help: remove it: found is that none of 'rules' comes again within 'timespan'
            """
        ),
        (
            "type: value_count", "type: event_count",
            """
            c.yml:10:31: error: 'event_count' counts events, not the values of a field
             10 |   condition: { gte: 3, field: user }
                |                               ^
              = help: remove 'field', or write `type: value_count`
            """
        ),
        (
            ", field: user", "",
            """
            c.yml:10:16: error: the key 'field' is missing in 'condition'
             10 |   condition: { gte: 3 }
                |                ^
              = help: add `field:` with the capture or field whose different values count
            """
        ),
        (
            "field: user }", "field: client }",
            """
            c.yml:10:31: error: 'client' has one value in each group, as 'group_by' keeps its values apart
             10 |   condition: { gte: 3, field: client }
                |                               ^
              = help: count another field, or remove it from 'group_by'
            """
        ),
        (
            "gte: 3, field", "field",
            """
            c.yml:10:14: error: 'condition' has no operator
             10 |   condition: { field: user }
                |              ^
              = help: write one of gt, gte, lt, lte, eq with a count: { field: user, gte: 10 }
            """
        ),
        (
            "gte: 3", "gte: 3, lt: 9",
            """
            c.yml:10:14: error: 'condition' has 2 operators: gte, lt
             10 |   condition: { gte: 3, lt: 9, field: user }
                |              ^
              = help: keep one of them
            """
        ),
        (
            "gte: 3", "gte: 0",
            """
            c.yml:10:21: error: 'gte' must be a whole number from 1 to 999
             10 |   condition: { gte: 0, field: user }
                |                     ^
              = help: write a number from 1 to 999, with digits only
            """
        ),
        (
            "gte: 3", "lt: 1",
            """
            c.yml:10:20: error: less than 1 is never found: what is counted begins with an event
             10 |   condition: { lt: 1, field: user }
                |                    ^
              = help: write a greater number, or `type: absence` for events that stay away
            """
        ),
        (
            "timespan: 5m", "timespan: 5",
            """
            c.yml:9:13: error: 'timespan' must be a duration such as 30s, 5m, 2h or 1d
             9 |   timespan: 5
               |             ^
              = help: write a whole number above 0 and a unit: s, m, h or d
            """
        ),
        (
            "timespan: 5m", "timespan: 400d",
            """
            c.yml:9:13: error: 'timespan' is longer than a year
             9 |   timespan: 400d
               |             ^
              = help: write 366d or less: all that time is kept in mind
            """
        ),
        (
            "group_by: [client]", "group_by: [client, \"the user\"]",
            """
            c.yml:8:22: error: 'the user' is no name of a capture or field
             8 |   group_by: [client, "the user"]
               |                      ^
              = help: write letters, digits, '_', '-' and '.', a letter first: a name that the rules capture
            """
        ),
        (
            "group_by: [client]", "group_by: [client, client]",
            """
            c.yml:8:22: error: 'client' is named twice
             8 |   group_by: [client, client]
               |                      ^
              = help: name each capture or field once
            """
        ),
        (
            "status: test\n", "status: test\nmatch: x\n",
            """
            c.yml:4:1: error: unknown key 'match' in a correlation
             4 | match: x
               | ^
              = help: known keys: id, title, status, level, correlation, cause, fix, docs, false_positives, tests
            """
        ),
        (
            "https://", "http://",
            """
            c.yml:15:35: error: 'url' must be an https address
             15 |   - { title: sshd_config(5), url: "http://man.openbsd.org/sshd_config" }
                |                                   ^
              = help: link the page as https://host/path, without spaces
            """
        ),
        (
            "finds: 0", "finds: 1",
            """
            c.yml:18:3: error: no test that finds nothing
             18 |   - events:
                |   ^
              = help: a correlation needs a test that finds and one that finds nothing (`finds: 0`)
            """
        ),
        (
            "finds: [{ client: 192.0.2.1 }]", "finds: []",
            """
            c.yml:18:3: error: no test that finds something
             18 |   - events:
                |   ^
              = help: a correlation needs a test that finds and one that finds nothing (`finds: 0`)
            """
        ),
        (
            "finds: 0", "finds: -1",
            """
            c.yml:25:12: error: 'finds' must be a number of findings, or a list of their fields
             25 |     finds: -1
                |            ^
              = help: write `finds: 1`, or what each finding must have: finds: [{ client: 192.0.2.1 }]
            """
        ),
        (
            "at: 0s, rule: sshd.failed-password }", "at: 0, rule: sshd.failed-password }",
            """
            c.yml:24:15: error: 'at' must be a duration such as 30s, 5m, 2h or 1d
             24 |       - { at: 0, rule: sshd.failed-password }
                |               ^
              = help: write a whole number above 0 and a unit: s, m, h or d
            """
        ),
        (
            "rule: sshd.failed-password }", "every: 1s }",
            """
            c.yml:24:11: error: the key 'rule' is missing in an event
             24 |       - { at: 0s, every: 1s }
                |           ^
              = help: add `rule:` with the id of the rule that found it
            """
        ),
        (
            "repeat: 3, every: 90s", "repeat: 100000, every: 1d",
            """
            c.yml:20:115: error: the repetitions take longer than a year
             20 |       - { at: 0s, rule: sshd.failed-password, fields: { client: 192.0.2.1, user: "u{n}" }, repeat: 100000, every: 1d }
                |                                                                                                                   ^
              = help: write a shorter time, or repeat less often
            """
        ),
        (
            "until: 10m", "until: 2m",
            """
            c.yml:21:12: error: 'until' lies before the last event
             21 |     until: 2m
                |            ^
              = help: write a later time, or remove it
            """
        ),
    ]

    @Test(arguments: single)
    func `one defect is one message at its place`(old: String, new: String, expected: String) {
        let (rule, texts) = CorrelationLoaderTests.load(CorrelationLoaderTests.good.replacing(old, with: new))
        #expect(texts.first == expected)
        #expect(rule == nil)
    }

    @Test func `every missing key is named at once`() {
        let (_, found) = CorrelationPack.parse(text: "correlation: {}\n", path: "c.yml", id: nil)
        let keys = ["id", "title", "level", "type", "rules", "timespan", "cause", "fix", "docs", "tests"]
        #expect(found.map { $0.message.split(separator: "'")[1] } == keys.map { Substring($0) })
        #expect(
            found.allSatisfy { $0.line == 1 && $0.source == "correlation: {}" && $0.help?.hasPrefix("add `") == true })
    }

    @Test func `several defects are several messages`() {
        let text = CorrelationLoaderTests.good.replacing("group_by", with: "group-by").replacing("5m", with: "soon")
            .replacing("gte: 3", with: "gte: many").replacing("at: 1m, ", with: "")
        #expect(
            CorrelationLoaderTests.load(text).texts.map { $0.split(separator: "\n")[0] } == [
                "c.yml:8:3: error: unknown key 'group-by' in 'correlation'",
                "c.yml:9:13: error: 'timespan' must be a duration such as 30s, 5m, 2h or 1d",
                "c.yml:10:21: error: 'gte' must be a whole number from 1 to 999",
                "c.yml:19:11: error: the key 'at' is missing in an event",
            ])
    }
}
