import LogCore
import LogPatterns
import Testing

@Suite struct FormatTests {
    static let good = #"""
        id: app
        title: lines of the app
        patterns:
          - '^(?<time>\d{4}-\d\d-\d\d[ T]\S+) \[(?<thread>[^\]]*)\] (?<level>\S+) +(?<component>\S+) (?:(?<took>\S+)ms )?- (?<message>.*)'
          - '%{SYSLOGTIMESTAMP:time} %{NOTSPACE:host} %{GREEDYDATA:message}'
        levels: { SEVERE: error, "<E>": critical }
        join: false
        priority: 70
        samples:
          - line: '2026-11-22T10:00:00.123Z [main] ERROR db 12.5ms - connection refused'
            expect:
              level: ERROR
              component: db
              message: connection refused
              time: "2026-11-22T10:00:00.123Z"
              fields: { thread: main, took: "12.5" }
          - line: 'Nov 22 10:00:00 web1 hello'
            expect: { time: "2025-11-22T10:00:00Z", message: hello, fields: { host: web1, thread: "" } }
          - { line: 'hello', matches: false }
        """#

    private static func defects(_ old: String, _ new: String) -> [String] {
        let text = good.replacing(old, with: new)
        let (format, diagnostics) = FormatLoader.parse(text: text, path: "f.yml", id: "app")
        return (diagnostics + (format.map { FormatLoader.lint($0) } ?? [])).map(\.rendered)
    }

    /// A parser of the good format, or of one with other patterns.
    private static func parser(_ patterns: [String]? = nil, levels: String = "{}") throws -> PatternParser {
        var text = good
        if let patterns {
            text = "id: app\ntitle: t\npatterns:\n"
            text += patterns.map { "  - '\($0.replacing("'", with: "''"))'\n" }.joined()
            text += "levels: \(levels)\nsamples: [{ line: x }]\n"
        }
        let format = try #require(FormatLoader.parse(text: text, path: "f.yml", id: nil).format)
        return try #require(format.makeParser() as? PatternParser)
    }

    @Test(arguments: [
        ("ms", "12.5", "0.0125"), ("ms", "30000", "30"), ("ms", "0", "0"), ("ms", "0.5", "0.0005"),
        ("us", "1500000", "1.5"),
        ("µs", "7", "0.000007"), ("ns", "1", "0.000000001"), ("s", "1.50", "1.5"), ("min", "1.5", "90"),
        ("h", "2", "7200"),
        ("kB", "12", "12000"), ("kB", "1.5", "1500"), ("MiB", "0.5", "524288"), ("GB", "0", "0"),
        // No number of the unit: it stays as it is written.
        ("ms", "12,5", "12,5"), ("ms", "-", nil), ("ms", "-1", "-1"), ("d", "999999999999999999", "999999999999999999"),
    ])
    func `a field that is counted in a unit becomes seconds or bytes, exactly`(
        unit: String, written: String, expected: String?
    ) throws {
        let text = Self.good.replacing("levels:", with: "units: { took: \(unit) }\nlevels:")
            .replacing("took: \"12.5\"", with: "host: \"\"")
        let format = try #require(FormatLoader.parse(text: text, path: "f.yml", id: nil).format)
        let parser = try #require(format.makeParser() as? PatternParser)
        let event = try #require(Self.read(parser, "2026-11-22T10:00:00.123Z [main] ERROR db \(written)ms - refused"))
        let took = event.fields.compactMap { $0.hasPrefix("took=") ? $0.dropFirst(5).split(separator: " ").first : nil }
        #expect(took.first.map(String.init) == expected)
    }

    @Test func `a component that lines don't name is the format's`() throws {
        let text = Self.good.replacing("levels:", with: "component: till\nlevels:")
        let format = try #require(FormatLoader.parse(text: text, path: "f.yml", id: nil).format)
        let parser = try #require(format.makeParser() as? PatternParser)
        #expect(Self.read(parser, "Nov 22 10:00:00 web1 hello")?.component == "till")
        #expect(Self.read(parser, "2026-11-22T10:00:00.123Z [main] ERROR db - refused")?.component == "db")
    }

    @Test func `defects of units and components are told at their place`() {
        func first(_ line: String) -> String { Self.defects("levels:", line + "\nlevels:").first ?? "" }
        #expect(
            first("units: { tok: ms }") == """
                f.yml:6:10: error: no pattern has a group named 'tok'
                 6 | units: { tok: ms }
                   |          ^
                  = help: did you mean 'took'?
                """)
        #expect(first("units: { took: msec }").contains("the unit of 'took' can't be 'msec'"))
        #expect(first("units: { time: ms }").contains("the group 'time' is no number that could have a unit"))
        #expect(first("units: ms").contains("'units' must be a mapping (`field: unit`)"))
        #expect(first("component: [a]").contains("f.yml:6:12: error: 'component' must be a text"))
    }

    @Test func `evidence has samples, and says of them what they say`() {
        func found(_ evidence: String) -> [String] {
            Self.defects("join: false", "evidence: \(evidence)\njoin: false")
                .map { $0.split(separator: "\n").first.map(String.init) ?? "" }
        }
        func sampled(_ evidence: String) -> [String] {
            Self.defects(
                "{ line: 'hello', matches: false }", "{ line: 'hello', matches: false, evidence: \(evidence) }"
            )
            .map { $0.split(separator: "\n").first.map(String.init) ?? "" }
        }
        #expect(found("['^Nov \\d+ ']") == [])
        #expect(found("['^Nov \\d+ ', '^hello$']") == [])
        #expect(found("['^Dec ']") == ["f.yml:7:13: error: no sample line is evidence by this pattern"])
        #expect(found("[]") == ["f.yml:7:11: error: 'evidence' is empty"])
        #expect(found("['x*']").first == "f.yml:7:13: error: the evidence is an empty line")
        #expect(found("['a(']").first?.contains("the pattern doesn't compile") == true)
        #expect(found("yes").first == "f.yml:7:11: error: 'evidence' must be a list, this is a text")
        #expect(sampled("false") == [])
        #expect(sampled("true") == ["f.yml:19:13: error: the line is no evidence of the format"])
    }

    private struct Event: Equatable {
        var level = Severity.unspecified
        var message = ""
        var component = ""
        var time: Int64?
        var fields: [String] = []
    }

    /// What a parser makes of a line that begins at `base` in its batch; nil where it refuses.
    private static func read(_ parser: PatternParser, _ line: [UInt8], base: Int = 0) -> Event? {
        var builder = EventBuilder(clock: SourceClock(year: 2026))
        builder.reset(rawCount: base + line.count)
        builder.begin()
        guard parser.parse(line.span, at: base, into: &builder) else { return nil }
        func text(_ range: ByteRange) -> String {
            if range.isEmpty { return "" }
            let end = base + line.count
            return range.upper <= end
                ? line.span.string(range.lower - base..<range.upper - base)
                : builder.decoded.span.string(range.lower - end..<range.upper - end)
        }
        let record = builder.record
        let first = Int(record.firstField)
        return Event(
            level: record.severity, message: text(record.message), component: text(record.component),
            time: record.timeSource == .none ? nil : record.time,
            fields: builder.fields[first..<first + Int(record.fieldCount)].map {
                "\(String(decoding: builder.keys.name($0.key), as: UTF8.self))=\(text($0.value)) \($0.kind)"
            })
    }

    private static func read(_ parser: PatternParser, _ line: String, base: Int = 0) -> Event? {
        read(parser, Array(line.utf8), base: base)
    }

    @Test func `a format is read as it is written and its samples hold`() throws {
        let (loaded, diagnostics) = FormatLoader.parse(text: Self.good, path: "f.yml", id: "app")
        #expect(diagnostics == [])
        let format = try #require(loaded)
        #expect(format.id == "app")
        #expect(!format.joins)
        #expect(format.priority == 70)
        #expect(format.patterns.count == 2)
        #expect(format.levels.map(\.severity) == [.error, .critical])
        #expect(format.samples.map(\.matches) == [true, true, false])
        #expect(FormatLoader.lint(format).map(\.rendered) == [])
        let parser = try format.makeParser()
        #expect(parser.name == "app")
        #expect(!parser.joinsFollowingLines)
    }

    @Test func `a line becomes an event with its ranges in the batch`() throws {
        let parser = try Self.parser()
        let line = "2026-11-22T10:00:00Z [main] SEVERE db 12ms - refused"
        let event = Event(
            level: .error, message: "refused", component: "db", time: 1_795_341_600_000_000_000,
            fields: ["thread=main string", "took=12 number"])
        #expect(Self.read(parser, line) == event)
        #expect(Self.read(parser, line, base: 4_000_000) == event)
    }

    @Test func `a line is matched at its start only`() throws {
        let parser = try Self.parser([#"(?<level>ERROR) (?<message>.*)"#])
        #expect(Self.read(parser, "ERROR x")?.message == "x")
        #expect(Self.read(parser, " ERROR x") == nil)
        #expect(Self.read(parser, "") == nil)
    }

    @Test func `patterns are tried in order`() throws {
        let parser = try Self.parser([
            #"a(?<x>\d)(?<message>.*)"#, #"a(?<y>.)(?<message>.*)"#, #"(?<z>.)(?<message>.*)"#,
        ])
        #expect(Self.read(parser, "a1b")?.fields == ["x=1 number"])
        #expect(Self.read(parser, "aab")?.fields == ["y=a string"])
        #expect(Self.read(parser, "bab")?.fields == ["z=b string"])
        #expect(Self.read(parser, "a1b")?.fields == ["x=1 number"])
    }

    @Test func `a time that is none makes the line no header`() throws {
        let parser = try Self.parser()
        #expect(Self.read(parser, "2026-11-31T10:00:00Z [main] INFO db - x") == nil)
        #expect(Self.read(parser, "2026-11-30T25:00:00Z [main] INFO db - x") == nil)
        #expect(Self.read(parser, "2026-11-30T10:00:00Z [main] INFO db - x") != nil)
    }

    @Test func `a zone behind the group counts, and where the message begins with it the line is another format's`()
        throws
    {
        let passed = try Self.parser([#"(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) \S+ (?<message>.*)"#])
        #expect(Self.read(passed, "2026-11-22 10:00:00 +0100 x")?.time == 1_795_338_000_000_000_000)
        #expect(Self.read(passed, "2026-11-22 10:00:00 [12] x")?.time == 1_795_341_600_000_000_000)
        let taken = try Self.parser([#"(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?<message>.*)"#])
        #expect(Self.read(taken, "2026-11-22 10:00:00 +0100 x") == nil)
        #expect(Self.read(taken, "2026-11-22 10:00:00 x")?.time == 1_795_341_600_000_000_000)
    }

    @Test func `a time without its date leaves the event without one`() throws {
        let parser = try Self.parser([#"(?<time>\d\d:\d\d:\d\d) (?<message>.*)"#])
        #expect(Self.read(parser, "10:00:00 x") == Event(message: "x"))
    }

    @Test func `the format's words for levels come before everyone's`() throws {
        let parser = try Self.parser(
            ["(?<level>[^ ]*) (?<message>.*)"], levels: #"{ E: warning, "30": info, "": debug }"#)
        for (word, level) in [
            ("E", Severity.warning), ("30", .info), ("", .debug), ("ERROR", .error), ("warn", .warning), ("e", .error),
            ("unheard", .unspecified), ("301", .unspecified),
        ] {
            #expect(Self.read(parser, "\(word) x")?.level == level, "\(word)")
        }
    }

    @Test(arguments: [
        ("0", true), ("-1", true), ("1.5", true), ("1e9", false), ("0E64", false), ("1.5e9", true), ("2e-05", true),
        ("-0.5E-3", true), ("12345678901234567890", true),
        ("007", false), ("+1", false), (".5", false), ("1.", false), ("1e", false), ("1_0", false), ("0x1", false),
        ("-x", false), ("1.5.2", false), ("1-", false),
    ])
    func `a field is a number where its bytes are one in JSON`(text: String, isNumber: Bool) throws {
        let parser = try Self.parser(["(?<n>[^ ]*) (?<message>.*)"])
        #expect(Self.read(parser, "\(text) x")?.fields == ["n=\(text) \(isNumber ? "number" : "string")"])
    }

    @Test func `empty fields and the dash that stands for nothing are left out`() throws {
        let parser = try Self.parser(["(?<a>[^ ]*) (?<b>[^ ]*) (?<c>x)?(?<message>.*)"])
        #expect(Self.read(parser, "-  m")?.fields == [])
        #expect(Self.read(parser, "-- y xm")?.fields == ["a=-- string", "b=y string", "c=x string"])
    }

    @Test func `bytes that aren't text are kept`() throws {
        let parser = try Self.parser(["<(?<a>[^>]*)> (?<message>.*)"])
        let line: [UInt8] = Array("<".utf8) + [0xff, 0, 0xc3] + Array("> ".utf8) + [0, 0xfe]
        var builder = EventBuilder()
        builder.reset(rawCount: line.count)
        builder.begin()
        #expect(parser.parse(line.span, at: 0, into: &builder))
        #expect(builder.record.message == ByteRange(6, 8))
        #expect(builder.fields[0].value == ByteRange(1, 4))
    }

    @Test func `a parser follows its builder's table of keys`() throws {
        let parser = try Self.parser(["(?<first>.) (?<second>.) (?<message>.*)"])
        for keys in [[], ["other"], ["second", "third"]] {
            var builder = EventBuilder()
            for key in keys { _ = builder.keys.intern(Array(key.utf8).span) }
            let line = Array("1 2 x".utf8)
            builder.reset(rawCount: line.count)
            builder.begin()
            #expect(parser.parse(line.span, at: 0, into: &builder))
            #expect(
                builder.fields.map { String(decoding: builder.keys.name($0.key), as: UTF8.self) } == [
                    "first", "second",
                ])
        }
    }

    @Test func `a line at which a pattern gives up is counted`() throws {
        let parser = try Self.parser(["(?<message>(?:a+)+)$"])
        #expect(Self.read(parser, String(repeating: "a", count: 5_000) + "!") == nil)
        #expect(parser.limitHits == 1)
        #expect(Self.read(parser, "aaa")?.message == "aaa")
        #expect(parser.limitHits == 1)
    }

    @Test func `any bytes are read or refused`() throws {
        let parser = try Self.parser()
        var random = SplitMix(seed: 5)
        let header = Array("2026-11-22T10:00:00.123Z [main] ERROR db 12.5ms - refused".utf8)
        var isRead = 0
        for _ in 0..<5_000 {
            var line = header
            for _ in 0..<random.next(4) { line[random.next(line.count)] = UInt8(truncatingIfNeeded: random.next(256)) }
            line.removeLast(random.next(line.count))
            if Self.read(parser, line, base: 10) != nil { isRead += 1 }
        }
        #expect(isRead > 100)
    }

    static let single: [(String, String, String)] = [
        (
            "title: lines of the app\n", "",
            """
            f.yml:1:1: error: the key 'title' is missing in a format
             1 | id: app
               | ^
              = help: add `title:` with one line that says what this is
            """
        ),
        (
            "id: app", "id: App!",
            """
            f.yml:1:5: error: the id 'App!' has other characters than a-z, 0-9, '-', '_' and '.'
             1 | id: App!
               |     ^
              = help: write it in small letters, with '-' between words, and rename the file to match
            """
        ),
        (
            "join: false", "joins: false",
            """
            f.yml:7:1: error: unknown key 'joins' in a format
             7 | joins: false
               | ^
              = help: did you mean 'join'?
            """
        ),
        (
            "priority: 70", "priority: 101",
            """
            f.yml:8:11: error: 'priority' must be a whole number from 0 to 100
             8 | priority: 101
               |           ^
              = help: write a number from 0 to 100, with digits only
            """
        ),
        (
            "SEVERE: error", "SEVERE: fatal",
            """
            f.yml:6:19: error: the level of 'SEVERE' can't be 'fatal'
             6 | levels: { SEVERE: fatal, "<E>": critical }
               |                   ^
              = help: it is one of trace, debug, info, warning, error, critical
            """
        ),
        (
            "%{NOTSPACE:host}", "%{NOTSPCE:host}",
            """
            f.yml:5:30: error: there is no grok pattern named 'NOTSPCE'
             5 |   - '%{SYSLOGTIMESTAMP:time} %{NOTSPCE:host} %{GREEDYDATA:message}'
               |                              ^
              = help: did you mean 'NOTSPACE'?
            """
        ),
        (
            "%{NOTSPACE:host} %{GREEDYDATA:message}", "%{NOTSPACE:host} *+* %{GREEDYDATA:message}",
            """
            f.yml:5:49: error: the pattern doesn't compile: quantifier does not follow a repeatable item
             5 |   - '%{SYSLOGTIMESTAMP:time} %{NOTSPACE:host} *+* %{GREEDYDATA:message}'
               |                                                 ^
              = help: put what repeats before it, or write a backslash before it where the line holds one
            """
        ),
        (
            "%{GREEDYDATA:message}", "%{GREEDYDATA:text}",
            """
            f.yml:5:6: error: the pattern has no group named 'message'
             5 |   - '%{SYSLOGTIMESTAMP:time} %{NOTSPACE:host} %{GREEDYDATA:text}'
               |      ^
              = help: end it with (?<message>.*)
            """
        ),
        (
            "level: ERROR", "level: WARNING",
            """
            f.yml:12:14: error: the level is ERROR, expected WARNING
             12 |       level: WARNING
                |              ^
              = help: correct the group 'level' or the format's 'levels', or what 'expect' says
            """
        ),
        (
            "00.123Z\"", "00.124Z\"",
            """
            f.yml:15:13: error: the time is 2026-11-22T10:00:00.123Z, expected 2026-11-22T10:00:00.124Z
             15 |       time: "2026-11-22T10:00:00.124Z"
                |             ^
              = help: correct the group 'time' of the pattern, or what 'expect' says
            """
        ),
        (
            "time: \"2025-11-22T10:00:00Z\"", "time: soon",
            """
            f.yml:18:21: error: 'soon' is no time
             18 |     expect: { time: soon, message: hello, fields: { host: web1, thread: "" } }
                |                     ^
              = help: write it as 2026-11-22T10:00:00.123Z
            """
        ),
        (
            "component: db", "component: dB",
            """
            f.yml:13:18: error: the component is 'db', expected 'dB'
             13 |       component: dB
                |                  ^
              = help: correct the group 'component' of the pattern, or what 'expect' says
            """
        ),
        (
            "took: \"12.5\"", "took: 13",
            """
            f.yml:16:31: error: the field 'took' is '12.5', expected '13'
             16 |       fields: { thread: main, took: 13 }
                |                               ^
              = help: correct the group 'took' of the pattern, or what 'expect' says
            """
        ),
        (
            "{ thread: main, ", "{ tread: main, ",
            """
            f.yml:16:17: error: there is no field 'tread'
             16 |       fields: { tread: main, took: "12.5" }
                |                 ^
              = help: did you mean 'thread'?
            """
        ),
        (
            "'Nov 22 10:00:00 web1 hello'", "'Nov 22 web1 hello'",
            """
            f.yml:17:11: error: no pattern reads this line
             17 |   - line: 'Nov 22 web1 hello'
                |           ^
              = help: correct the pattern that should read it, or the line if no log is written so
            """
        ),
        (
            "{ line: 'hello'", "{ line: 'Nov 22 10:00:00 a b'",
            """
            f.yml:19:13: error: the format reads this line, which it should refuse
             19 |   - { line: 'Nov 22 10:00:00 a b', matches: false }
                |             ^
              = help: make the patterns narrower, or remove `matches: false` if the format should read the line
            """
        ),
    ]

    @Test(arguments: single)
    func `one defect is one message at its place`(old: String, new: String, expected: String) {
        #expect(Self.defects(old, new) == [expected])
    }

    @Test func `a format without samples does not load`() {
        let text = "id: app\ntitle: t\npatterns: ['(?<message>.*)']\n"
        #expect(
            FormatLoader.parse(text: text, path: "f.yml", id: nil).diagnostics.map(\.rendered)
                == [
                    """
                    f.yml:1:1: error: the key 'samples' is missing in a format
                     1 | id: app
                       | ^
                      = help: add `samples:` with a line of such a log and what to read from it: - { line: …, expect: … }
                    """
                ])
        #expect(
            FormatLoader.parse(text: text + "samples: [{ line: x, matches: false }]", path: "f.yml", id: nil)
                .diagnostics.map(\.message) == ["no sample line that the format reads"])
    }

    @Test func `a pattern that doesn't compile gives no parser`() throws {
        let text = "id: app\ntitle: t\npatterns: ['(?<message>.*']\nsamples: [{ line: x }]\n"
        let format = try #require(FormatLoader.parse(text: text, path: "f.yml", id: nil).format)
        for _ in 0..<2 {
            let error = #expect(throws: Diagnostic.self) { _ = try format.makeParser() }
            #expect(error?.message == "the pattern doesn't compile: missing closing parenthesis")
            #expect(error?.line == 3)
        }
    }
}
