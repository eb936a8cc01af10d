import LogCore
import Testing

/// `a@out: text`, as a container's runtime has heads: who, which stream, and `+` where the line goes on.
final class WriterParser: LineParser {
    let name = "writer"
    let joinsFollowingLines = false
    var inside: Inside { .line }

    static func layered(inside: (any LineParser)? = nil) -> LayeredParser {
        let inner = inside.map { [LayeredParser.Inner($0, number: 40)] } ?? []
        return LayeredParser(WriterParser(), [LayeredParser.Group(writer: nil, ContiguousArray(inner))], generic: 41)
    }

    func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        guard let at = line.firstIndex(of: UInt8(ascii: "@"), from: 0), at > 0, at < 12, line.count > at + 5 else {
            return false
        }
        let mark = line[at + 4]
        guard mark == UInt8(ascii: ":") || mark == UInt8(ascii: "+"), line[at + 5] == 0x20 else { return false }
        event.record.component = ByteRange(base, base + at)
        event.add(.stream, .string, ByteRange(base + at + 1, base + at + 4))
        event.inner.isPart = mark == UInt8(ascii: "+")
        event.record.message = ByteRange(base + at + 6, base + line.count)
        return true
    }
}

/// The dialect of Docker's json-file driver.
enum DockerParser {
    static var layered: LayeredParser {
        var outline = JSONOutline()
        outline.add(Array("log".utf8), role: .message, rank: 0)
        outline.keepsLineEnd = true
        let docker = JSONLineParser(name: "docker", inside: .line, JSONShape(outline))
        return LayeredParser(docker, [LayeredParser.Group(writer: nil, [])], generic: 42)
    }
}

@Suite struct WriterEventsTests {
    private static func joining(_ lines: [String], inside: (any LineParser)? = nil) -> Joining {
        let text = lines.map { $0 + "\n" }.joined()
        let joining = Joining(text, parsers: [WriterParser.layered(inside: inside)])
        #expect(joining.problems(of: Array(text.utf8)) == [])
        return joining
    }

    private static func messages(_ lines: [String], inside: (any LineParser)? = nil) -> [String] {
        joining(lines, inside: inside).events.map { String(decoding: $0.message, as: UTF8.self) }
    }

    @Test func `a trace of which every line has a head is one event`() {
        let trace = ["a.BException: c", "\tat d.E.f(E.java:1)", "Caused by: g.HException", "\t... 4 more"]
        #expect(
            Self.messages(trace.map { "app@err: \($0)" } + ["app@err: next"]) == [
                trace.joined(separator: "\n"), "next",
            ])
    }

    @Test func `lines of several writers and streams are kept apart`() {
        #expect(
            Self.messages([
                "a@err: a.BException: one", "b@err: a.BException: two", "a@out: three", "a@err: \tat a.B.c(B.java:1)",
                "b@err: \tat a.B.c(B.java:2)", "a@out: four", "a@err: Caused by: five",
            ]) == [
                "a.BException: one\n\tat a.B.c(B.java:1)\nCaused by: five", "a.BException: two\n\tat a.B.c(B.java:2)",
                "three", "four",
            ])
    }

    @Test func `the inner format says what joins`() {
        let head = "2026-11-22 10:00:00,123 ERROR x"
        #expect(
            Self.messages(
                ["a@out: \(head)", "b@out: \(head)", "a@out: any text", "b@out: other text"], inside: HeaderParser())
                == ["ERROR x\nany text", "ERROR x\nother text"])
    }

    @Test func `parts of a line are put together before it is read`() {
        let lines = ["a@out+ 2026-11-22 10:00:00,123 ", "b@out: else", "a@out+ ERROR ", "a@out: x", "a@out: y"]
        let joining = Self.joining(lines, inside: HeaderParser())
        #expect(joining.events.map { String(decoding: $0.message, as: UTF8.self) } == ["ERROR x\ny", "else"])
        #expect(joining.events.first?.timeSource == .line)
    }

    @Test func `a part whose end never comes is an event`() {
        #expect(Self.messages(["a@out+ half"]) == ["half"])
        let others = (0...Limits.reachLines).map { "b@out: \($0)" }
        #expect(
            Self.messages(["a@out+ half"] + others + ["a@out: late"]).filter { $0 == "half" || $0 == "late" } == [
                "half", "late",
            ])
    }

    @Test func `Docker's records without a line end go on in the next one of their stream`() {
        let lines = [
            #"{"log":"one, ","stream":"stdout"}"#, #"{"log":"other\n","stream":"stderr"}"#,
            #"{"log":"two\n","stream":"stdout"}"#,
            #"{"log":"\tat a.B.c(B.java:1)\n","stream":"stderr"}"#,
        ]
        let text = lines.map { $0 + "\n" }.joined()
        let joining = Joining(text, parsers: [DockerParser.layered])
        #expect(joining.problems(of: Array(text.utf8)) == [])
        #expect(
            joining.events.map { String(decoding: $0.message, as: UTF8.self) } == [
                "one, two", "other\n\tat a.B.c(B.java:1)",
            ])
    }

    @Test func `lines go on with an event only within reach`() {
        let filling = (0..<Limits.reachLines).map { "b@out: line \($0)" }
        let near = Self.messages(["a@out: a.BException: c"] + filling.dropLast() + ["a@out: \tat d.E.f(E.java:1)"])
        #expect(near.first == "a.BException: c\n\tat d.E.f(E.java:1)")
        let far = Self.messages(["a@out: a.BException: c"] + filling + ["a@out: \tat d.E.f(E.java:1)"])
        #expect(far.first == "a.BException: c")
        #expect(far.last == "\tat d.E.f(E.java:1)")
    }

    @Test func `an event has only so many lines, and what is over begins another`() {
        let frames = (0..<Limits.joinedLines + 10).map { "a@out: \tat a.B.c(B.java:\($0))" }
        let joining = Self.joining(["a@out: a.BException: c"] + frames)
        #expect(joining.events.count == 2)
        #expect(joining.ledger.joinedLines == Int64(Limits.joinedLines + 9))
    }

    @Test func `events share only so many bytes`() {
        let frame = "\tat a.B.c(B.java:1)" + String(repeating: "x", count: 10_000)
        let joining = Self.joining(["a@out: a.BException: c"] + Array(repeating: "a@out: \(frame)", count: 120))
        #expect(joining.events.count == 3)
        #expect(joining.events.allSatisfy { $0.message.count <= Limits.sharedBytes })
    }

    private static var syslog: [any LineParser] { [Syslog3164Parser()] }

    @Test func `in syslog a process's trace is one event, and mere blanks join nothing`() {
        let text =
            [
                "app[1]: a.BException: c", "app[2]: else", "app[1]: #011at d.E.f(E.java:1)", "app[1]:   indented",
                "app[1]: next",
            ]
            .map { "Nov 22 10:00:00 host \($0)\n" }.joined()
        let joining = Joining(text, parsers: Self.syslog)
        #expect(joining.problems(of: Array(text.utf8)) == [])
        #expect(
            joining.events.map { String(decoding: $0.message, as: UTF8.self) } == [
                "a.BException: c\n#011at d.E.f(E.java:1)\n  indented", "else", "next",
            ])
        let plain = ["app[1]: one", "app[1]:   two"].map { "Nov 22 10:00:00 host \($0)\n" }.joined()
        #expect(Joining(plain, parsers: Self.syslog).events.count == 2)
    }

    @Test func `what comes later than a trace is printed begins an event`() {
        let text = "Nov 22 10:00:00 h a[1]: x.YException: z\nNov 22 10:00:30 h a[1]: \tat a.B.c(B.java:1)\n"
        #expect(Joining(text, parsers: Self.syslog).events.count == 2)
    }

    @Test func `a kernel's oops is one event up to its end`() {
        let oops = [
            "BUG: kernel NULL pointer dereference, address: 0000000000000008",
            "#PF: supervisor read access in kernel mode",
            "PGD 0 P4D 0", "Oops: 0000 [#1] SMP", "CPU: 1 PID: 7 Comm: a Not tainted", "RIP: 0010:b+0x1/0x2",
            "Call Trace:",
            " <TASK>", " ? c+0x1/0x2", " </TASK>", "---[ end trace 0 ]---",
        ]
        let text = (oops + ["usb 1-1: new device"]).map { "Nov 22 10:00:00 host kernel: [    1.000001] \($0)\n" }
            .joined()
        let joining = Joining(text, parsers: Self.syslog)
        #expect(joining.problems(of: Array(text.utf8)) == [])
        #expect(joining.events.count == 2)
        #expect(joining.ledger.joinedLines == Int64(oops.count - 1))
    }

    @Test func `the parts of PostgreSQL's message to syslog are one event`() {
        let text = ["[2-1] ERROR:  x", "[2-2] STATEMENT:  SELECT a", "[2-3] #011FROM b", "[3-1] LOG:  y"]
            .map { "Nov 22 10:00:00 host postgres[7]: \($0)\n" }.joined()
        #expect(Joining(text, parsers: Self.syslog).events.count == 2)
    }
}
