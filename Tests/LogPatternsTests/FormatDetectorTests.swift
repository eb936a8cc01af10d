import LogCore
import LogPatterns
import Testing

@Suite struct FormatDetectorTests {
    /// A format made of one pattern.
    private static func candidate(
        _ id: String, _ patterns: [String], priority: Int = 50, inside: String = "nothing", hasHints: Bool = true,
        evidence: [String] = []
    ) throws -> FormatCandidate {
        var text = "id: \(id)\ntitle: t\npriority: \(priority)\ninside: \(inside)\npatterns:\n"
        text += patterns.map { "  - '\($0.replacing("'", with: "''"))'\n" }.joined()
        if !evidence.isEmpty { text += "evidence:\n" + evidence.map { "  - '\($0)'\n" }.joined() }
        text += "samples: [{ line: x }]\n"
        let format = try #require(FormatLoader.parse(text: text, path: "f.yml", id: nil).format)
        return FormatCandidate(
            name: id, title: "t", priority: priority, hints: hasHints ? format.hints : nil, evidence: format.evidence
        ) {
            guard let parser = try? format.makeParser() else { preconditionFailure("a pattern of the test") }
            return parser
        }
    }

    private static let natives: [FormatCandidate] = [
        FormatCandidate(name: "json", title: "", priority: 60) { JSONLineParser() },
        FormatCandidate(name: "syslog-3164", title: "", priority: 50) { Syslog3164Parser() },
        FormatCandidate(name: "logfmt", title: "", priority: 55) { LogfmtParser() },
        FormatCandidate(name: "generic", title: "", priority: -1) { GenericParser(needsTime: true) },
    ]

    private static func detect(_ candidates: [FormatCandidate], _ text: String, forced: [Int] = []) -> Detection {
        let head = Array(text.utf8)
        var event = EventBuilder(clock: SourceClock(year: 2026))
        event.reset(rawCount: head.count)
        let parsers = candidates.map { $0.make() }
        return FormatDetector(candidates).detect(head.span, isWhole: true, forced: forced, { parsers[$0] }, &event)
    }

    private static func names(_ candidates: [FormatCandidate], _ text: String) -> [String] {
        detect(candidates, text).names(candidates)
    }

    @Test func `the format that reads most lines wins, priority decides among equals`() throws {
        let candidates = try [
            Self.candidate("narrow", [#"^A (?<message>\w+)$"#], priority: 90),
            Self.candidate("wide", [#"^[AB] (?<message>\w+)$"#]),
            Self.candidate("wide2", [#"^[AB] (?<message>.+)$"#], priority: 51),
        ]
        let lines = (0..<100).map { $0 % 10 == 0 ? "A x\n" : "B x\n" }.joined()
        let detection = Self.detect(candidates, lines)
        // The narrow one knows its lines better: it counts for 30 more and more.
        #expect(detection.names(candidates) == ["narrow", "wide2"])
        #expect(detection.confidence == 1)
        #expect(detection.votes.map(\.accepted) == [100, 100, 10])
    }

    @Test func `lines that the main format leaves find another one, however few of them are in a long head`() throws {
        let candidates = try [
            Self.candidate("main", [#"^M (?<message>.*)"#]), Self.candidate("other", [#"^O (?<message>.*)"#]),
            Self.candidate("never", [#"^N (?<message>.*)"#]),
        ]
        for place in [0, 5, 100, 199] {
            let lines = (0..<200).map { ($0 + place) % 40 == 7 ? "O \($0)\n" : "M \($0)\n" }.joined()
            #expect(Self.names(candidates, lines) == ["main", "other"])
        }
        let chance = (0..<200).map { $0 == 77 ? "O \($0)\n" : "M \($0)\n" }.joined()
        #expect(Self.names(candidates, chance) == ["main"])
    }

    @Test func `a format that asks for evidence counts only where a line is it, wherever in the head`() throws {
        let candidates = try [
            Self.candidate("any", [#"^\[INFO\] (?<message>.*)"#], priority: 20),
            Self.candidate(
                "builder", [#"^\[INFO\] (?<message>.*)"#], evidence: [#"^\[INFO\] Building it"#, #"^Builder \d"#]),
        ]
        let lines = (0..<60).map { "[INFO] line \($0)\n" }
        let without = Self.detect(candidates, lines.joined())
        #expect(without.names(candidates) == ["any"])
        #expect(without.votes.first { $0.format == 1 }?.evidence == .missing)
        #expect(without.votes.first { $0.format == 0 }?.evidence == nil)
        for place in [0, 1, 31, 59] {
            for evidence in ["[INFO] Building it\n", "Builder 7\n"] {
                var marked = lines
                marked[place] = evidence
                let detection = Self.detect(candidates, marked.joined())
                #expect(detection.names(candidates).first == "builder")
                #expect(detection.votes.first { $0.format == 1 }?.evidence == .line(place + 1))
            }
        }
        // Who names the format needs no evidence.
        #expect(Self.detect(candidates, lines.joined(), forced: [1]).names(candidates) == ["builder"])
    }

    @Test func `what one writer's lines are evidence of says nothing of another's`() throws {
        let candidates = try [
            Self.candidate("any", [#"^\[INFO\] (?<message>.*)"#], priority: 20),
            Self.candidate("builder", [#"^\[INFO\] (?<message>.*)"#], evidence: [#"^\[INFO\] Building it"#]),
            Self.candidate("compose", [#"^(?<component>[\w-]+) +\| (?<message>.*)"#], inside: "line"),
        ]
        let lines = (0..<40).map { "\($0 % 2 == 0 ? "ci-1 " : "web-1") | [INFO] \($0 == 4 ? "Building it" : "line")\n" }
        let detection = Self.detect(candidates, lines.joined())
        #expect(Set(detection.names(candidates)) == ["compose+builder", "compose+any"])
        let groups = try #require(detection.layers.first).inside
        #expect(groups.first { $0.label == "ci-1" }?.layers.map(\.format) == [1, 0])
        #expect(groups.last?.writer == nil && groups.last?.layers.map(\.format) == [0])
    }

    @Test func `what hints refuse, the pattern refuses`() throws {
        let patterns = [
            #"^\d{4}-\d\d (?<message>.*)"#, #"^(?i)error: (?<message>.*)"#, #"^\[(?<x>[^\]]*)\] (?<message>.*)k$"#,
            #"(?:ab|cd)\|(?<message>.*)"#, #"^(?<message>é.*)"#, #"^(?<message>\S+ fails)"#, #"^x?(?<message>.{3,})"#,
        ]
        let lines = [
            "2026-11 x", "ERROR: x", "error: x", "[a] bk", "[a] bK", "ab|", "cd|x", "écu", "it fails", "it FAILS",
            "xabc", "ab", "x",
            "é", "[] k", "0000-00 ", "Ab|c", " 2026-11 x",
        ]
        for pattern in patterns {
            let with = try [Self.candidate("f", [pattern])]
            let without = try [Self.candidate("f", [pattern], hasHints: false)]
            for line in lines {
                #expect(
                    Self.detect(with, line).votes == Self.detect(without, line).votes, "\(pattern) on \(line)")
            }
        }
    }

    @Test func `what stands inside is found for each writer apart`() throws {
        let compose = try Self.candidate("compose", [#"^(?<component>[\w-]+) +\| (?<message>.*)"#], inside: "line")
        let candidates = Self.natives + [compose]
        let lines = (0..<30).map { i in
            switch i % 3 {
            case 0: "web-1  | {\"level\":\"info\",\"msg\":\"\(i)\"}\n"
            case 1: "db-1   | level=info msg=\(i) took=3\n"
            default: "old-1  | all is well \(i)\n"
            }
        }.joined()
        let detection = Self.detect(candidates, lines)
        #expect(Set(detection.names(candidates)) == ["compose+json", "compose+logfmt"])
        #expect(detection.layers.count == 1)
        #expect(detection.layers[0].inside.last?.writer == nil)
    }

    @Test func `syslog's text is text, and its JSON is JSON`() {
        let text = (0..<40).map { "Nov 22 10:00:\(10 + $0) h sshd[\($0)]: session opened for user=root\n" }.joined()
        #expect(Self.names(Self.natives, text) == ["syslog-3164"])
        let json = (0..<40).map { "Nov 22 10:00:\(10 + $0) h app[\($0)]: {\"level\":\"info\",\"msg\":\"\($0)\"}\n" }
            .joined()
        #expect(Self.names(Self.natives, json) == ["syslog-3164+json"])
        // Half of the lines are another program's: only the first program's are looked into.
        let detection = Self.detect(Self.natives, text + json)
        #expect(detection.names(Self.natives) == ["syslog-3164+json"])
        // The other half's writer is told from all others, which may write JSON.
        #expect(detection.layers[0].inside.contains { $0.writer != nil && $0.layers.isEmpty })
    }

    @Test func `JSON in JSON in JSON is read three layers deep and no deeper`() {
        func wrap(_ text: String) -> String {
            "{\"log\":\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"}"
        }
        var line = #"{"level":"info","msg":"x"}"#
        for _ in 0..<5 { line = wrap(line) }
        let text = String(repeating: line + "\n", count: 10)
        #expect(Self.detect(Self.natives, text).formats == [0])
    }

    @Test func `a forced format is taken whatever the lines look like, and what is inside is looked for`() {
        let json = (0..<10).map { "Nov 22 10:00:1\($0) h app[1]: {\"level\":\"info\",\"msg\":\"x\"}\n" }.joined()
        #expect(Self.detect(Self.natives, json, forced: [0]).names(Self.natives) == ["json"])
        #expect(Self.detect(Self.natives, json, forced: [1]).names(Self.natives) == ["syslog-3164+json"])
        #expect(Self.detect(Self.natives, "", forced: [1]).names(Self.natives) == ["syslog-3164"])
    }
}
