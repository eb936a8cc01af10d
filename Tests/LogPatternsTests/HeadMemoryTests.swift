import LogCore
import LogPatterns
import Testing

/// Formats in front of a file's main one see few lines; what they would read is theirs all the same.
@Suite struct HeadMemoryTests {
    /// Counts how often its parser is asked.
    private final class Counting: LineParser {
        let parser: any LineParser
        var asked = 0
        var name: String { parser.name }
        var joinsFollowingLines: Bool { parser.joinsFollowingLines }

        init(_ parser: any LineParser) { self.parser = parser }

        func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
            asked += 1
            return parser.parse(line, at: base, into: &event)
        }
        func mayRead(beginning head: Span<UInt8>) -> Bool { parser.mayRead(beginning: head) }
        func goesOn(with head: Span<UInt8>, after start: Span<UInt8>) -> Bool {
            parser.goesOn(with: head, after: start)
        }
    }

    private static let time =
        #"^(?:<\d{1,3}>)?(?<time>[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]++(?:Z|[+-]\d\d:\d\d)) "#
    private static let head = time + #"(?:(?<host>\S++(?<!:)) )?+"#

    private static func parser(_ id: String, _ patterns: [String]) throws -> PatternParser {
        let list = patterns.map { "  - '\($0.replacing("'", with: "''"))'\n" }.joined()
        let text = "id: \(id)\ntitle: t\njoin: false\npatterns:\n\(list)samples: [{ line: x }]\n"
        let format = try #require(FormatLoader.parse(text: text, path: "f.yml", id: nil).format)
        return try #require(format.makeParser() as? PatternParser)
    }

    private static func formats() throws -> [PatternParser] {
        [
            // Two programs, and what any program may print.
            try parser(
                "logins",
                [
                    head + #"(?<component>sshd|su)(?:\[(?<pid>\d++)\])?+: (?<message>session .*)"#,
                    head + #"(?<component>[\w\-/.@]++)(?:\[(?<pid>\d++)\])?+: (?<message>pam_\w++\(.*)"#,
                ]),
            // Of some hosts only.
            try parser("walls", [time + #"(?<host>fw\d+) (?<component>\w+)(?:\[\d+\])?: (?<message>.*)"#]),
            // One process.
            try parser("first", [head + #"(?<component>init)\[1\]: (?<message>.*)"#]),
            // One way to write the time; a message that begins with a number.
            try parser(
                "dated", [#"^(?<time>\d{4}-\S+) (?<host>\S+) (?<component>cron)\[\d+\]: (?<message>1\d .*)"#]),
            // Nothing that tells a head.
            try parser("anywhere", [#"^(?<time>\S+ +\d+ \S+) .*?(?<component>needle) (?<message>.*)"#]),
        ]
    }

    private static func lines(_ count: Int, seed: UInt64) -> [String] {
        var random = SeededGenerator(state: seed)
        let times = [
            "Nov  9 00:00:00", "Nov 19 23:59:59", "2026-11-19T00:00:00Z", "2026-11-19T00:00:00.123456+01:00", "now",
        ]
        let hosts = ["web-1", "fw1", "fw22", "db.example.com", "10.0.0.7", "fe80::1", "h:", "[x]", "Zürich", ""]
        let programs = [
            "sshd", "su", "init", "cron", "kernel", "x(pam_unix)", "a b", "needle", "a-very-long-program-name-indeed-x",
        ]
        let pids = ["", "[1]", "[7]", "[17]", "[54321]", "[]", "[x]", " [12]"]
        let messages = [
            "session opened for user root by someone", "pam_unix(sshd:session): session closed for user",
            "12 jobs, all of them",
            "2 jobs", "a needle in a haystack of words", "", "é", "ok", ": odd text with : signs in it: more",
        ]
        return (0..<count).map { _ in
            let host = random.pick(hosts)
            return random.pick(["", "", "<13>", "<1>", "<1234>"]) + random.pick(times) + " "
                + (host.isEmpty ? "" : host + " ")
                + random.pick(programs) + random.pick(pids) + random.pick([": ", ":", " "]) + random.pick(messages)
        }
    }

    /// Which parser reads a line and as what.
    private static func read(_ lines: [String], _ parsers: [any LineParser]) -> [String] {
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
        var joiner = EventJoiner()
        joiner.parsers = ContiguousArray(parsers)
        var builder = EventBuilder(clock: SourceClock(year: 2026))
        builder.reset(rawCount: bytes.count)
        var records: ContiguousArray<Record> = []
        var ledger = Ledger()
        _ = joiner.read(bytes.span, atEnd: true, into: &builder, records: &records, ledger: &ledger)
        return records.map { record in
            let (message, component) = (record.message, record.component)
            return
                "\(record.raw.lower) \(record.parser) \(message.lower)-\(message.upper) \(component.lower)-\(component.upper)"
        }
    }

    /// Asks its parser for each line, whatever the line's head.
    private final class Always: LineParser {
        let parser: any LineParser
        var name: String { parser.name }
        var joinsFollowingLines: Bool { parser.joinsFollowingLines }

        init(_ parser: any LineParser) { self.parser = parser }

        func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
            parser.parse(line, at: base, into: &event)
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `what a format reads doesn't depend on which heads were seen before`(seed: UInt64) throws {
        let lines = Self.lines(20_000, seed: seed)
        let spared = Self.read(lines, try Self.formats() + [Syslog3164Parser()])
        let all = Self.read(lines, try Self.formats().map { Always($0) } + [Syslog3164Parser()])
        #expect(spared == all)
        // Each of the formats has lines to read.
        let readers = Set(all.compactMap { $0.split(separator: " ").dropFirst().first })
        #expect(readers.isSuperset(of: ["0", "1", "2", "3", "4", "5"]))
    }

    @Test func `a format is asked for the lines of its programs only, once its heads are known`() throws {
        let formats = try Self.formats()
        let counting = Counting(formats[0])
        let others = (0..<5_000).map {
            "Nov 19 00:00:\($0 % 60 + 100)".replacing(":1", with: ":")
                + " web-\($0 % 7) kernel: eth0: link \($0) is up again"
        }
        let own = (0..<50).map { "Nov 19 00:01:00 web-1 sshd[\($0 + 100)]: session opened for user u\($0)" }
        let read = Self.read(others + own, [counting, Syslog3164Parser()])
        #expect(read.count { $0.contains(" 0 ") } == 50)
        #expect(counting.asked == 50)
    }

    @Test func `a format of certain hosts is asked for each line`() throws {
        let counting = Counting(try Self.formats()[1])
        let lines = (0..<100).map {
            "Nov 19 00:00:00 \($0 < 99 ? "web-1" : "fw1") kernel: eth0: link \($0) is up again"
        }
        let read = Self.read(lines, [counting, Syslog3164Parser()])
        #expect(read.last?.contains(" 0 ") == true)
        #expect(counting.asked == 100)
    }

    @Test func `a beginning is answered for all lines that begin so`() throws {
        let logins = try Self.formats()[0]
        func mayRead(_ head: String) -> Bool { logins.mayRead(beginning: Array(head.utf8).span) }
        #expect(mayRead("Nov 19 00:00:00 web-1 ss"))
        #expect(mayRead("Nov 19 00:00:00 web-1 sshd[12]: session"))
        #expect(mayRead("Nov 19 00:00:00 web-1 cron[12]: pa"))
        #expect(!mayRead("Nov 19 00:00:00 web-1 cron[12]: se"))
        #expect(!mayRead("2026 "))
        #expect(mayRead(""))
    }
}
