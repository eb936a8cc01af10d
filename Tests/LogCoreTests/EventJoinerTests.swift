import LogCore
import Testing

/// A format as log4j's: a time, a level, a logger, and every line without them belongs to the one before.
final class HeaderParser: LineParser {
    var name: String { "header" }
    let joinsFollowingLines: Bool

    init(joins: Bool = true) { joinsFollowingLines = joins }

    func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        guard line.count > 20, let time = TimestampScanner.scan(line, at: 0), time.shape == .full else { return false }
        event.setTime(time)
        event.record.message = ByteRange(base + min(time.end + 1, line.count), base + line.count)
        return true
    }
}

/// The same where each line is of one level.
final class LevelParser: LineParser {
    let level: Severity
    private let header = HeaderParser()
    var name: String { "level" }
    var joinsFollowingLines: Bool { true }

    init(_ level: Severity) { self.level = level }

    func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        guard header.parse(line, at: base, into: &event) else { return false }
        event.record.severity = level
        return true
    }
}

private let header = "2026-11-22 10:00:00,123 ERROR [main] shop.Cart - no answer"
private let next = "2026-11-22 10:00:01,000 INFO [main] shop.Cart - goes on"

@Suite struct EventJoinerTests {
    private func joined(_ lines: [String], format: Bool = true) -> [String] {
        let parsers: [any LineParser] = format ? [HeaderParser()] : []
        let text = lines.joined(separator: "\n") + "\n"
        let joining = Joining(text, parsers: parsers)
        #expect(joining.problems(of: Array(text.utf8)) == [])
        return joining.texts
    }

    private static let javaTrace = [
        "java.lang.IllegalStateException: no answer",
        "\tat shop.Cart.load(Cart.java:42) ~[shop.jar:1.0]",
        "\tat java.base/java.lang.Thread.run(Thread.java:840)",
        "\tSuppressed: java.io.IOException: close failed",
        "\t\tat shop.Cart.close(Cart.java:77)",
        "\t\t... 2 more",
        "\tCaused by: java.net.SocketException: reset",
        "\t\tat shop.Net.read(Net.java:9)",
        "Caused by: java.sql.SQLException: refused",
        "\tat shop.Db.open(Db.java:7)",
        "\t... 12 common frames omitted",
        "Caused by: java.net.ConnectException: Connection refused",
        "\tat java.base/sun.nio.ch.Net.connect(Net.java:589)",
        "\t... 14 more",
    ]

    @Test func `a Java trace with nested causes joins the header above it`() {
        let lines = [header] + Self.javaTrace
        #expect(joined(lines + [next]) == [lines.joined(separator: "\n"), next])
    }

    @Test func `a Java trace without any header is one event`() {
        let lines =
            [#"Exception in thread "main" java.lang.IllegalStateException: no answer"#] + Self.javaTrace.dropFirst()
        #expect(
            joined(["started"] + lines + ["stopped"], format: false) == [
                "started", lines.joined(separator: "\n"), "stopped",
            ])
    }

    private static let crashes = [
        pythonTrace,
        [
            "TypeError: Cannot read properties of undefined (reading 'x')",
            "    at Object.<anonymous> (/srv/shop/a.js:1:1)",
        ],
        ["/srv/shop/pay.rb:12:in `charge': no answer (NoMethodError)", "\tfrom /srv/shop/pay.rb:20:in `<main>'"],
        javaTrace,
    ]

    @Test(arguments: crashes)
    func `what a program prints as it dies is an event of its own behind one that tells of nothing`(trace: [String]) {
        func events(_ header: String, _ level: Severity) -> [String] {
            Joining(([header] + trace + [next]).joined(separator: "\n"), parsers: [LevelParser(level)]).texts
        }
        let calm = "2026-11-22 10:00:00,123 [main] shop.Cart - order 12 taken"
        let told = "2026-11-22 10:00:00,123 [main] shop.Cart - order 12 Failed, once more"
        let whole = trace.joined(separator: "\n")
        #expect(events(calm, .info) == [calm, whole, next])
        #expect(events(told, .info) == [told + "\n" + whole, next])
        for level in [Severity.debug, .warning, .error, .unspecified] {
            #expect(events(calm, level) == [calm + "\n" + whole, next])
        }
    }

    @Test(arguments: [
        "Fatal: no answer", "ERROR no answer", "Error: no answer", "[error] no answer",
    ])
    func `a level of its own that is worse begins an event behind one that tells of nothing`(line: String) {
        func events(_ header: String, _ level: Severity) -> [String] {
            Joining([header, line, next].joined(separator: "\n"), parsers: [LevelParser(level)]).texts
        }
        let calm = "2026-11-22 10:00:00,123 [main] shop.Cart - order 12 taken"
        let told = "2026-11-22 10:00:00,123 [main] shop.Cart - order 12 Failed, once more"
        for level in [Severity.debug, .info, .warning] { #expect(events(calm, level) == [calm, line, next]) }
        for level in [Severity.critical, .unspecified] { #expect(events(calm, level) == [calm + "\n" + line, next]) }
        #expect(events(told, .info) == [told + "\n" + line, next])
    }

    @Test func `a shell's prompt begins an event`() {
        let lines = [header, "make: *** [all] Error 1"]
        let prompt = "ana@web1:~/shop$ curl -s http://192.0.2.1/"
        let text = (lines + [prompt, next]).joined(separator: "\n")
        #expect(Joining(text, parsers: [HeaderParser()]).texts == [lines.joined(separator: "\n"), prompt, next])
    }

    @Test func `the message of a joined event runs on over its lines`() throws {
        let text = ([header] + Self.javaTrace + [next]).joined(separator: "\n")
        let event = try #require(Joining(text, parsers: [HeaderParser()]).events.first)
        let message = String(decoding: event.message, as: UTF8.self)
        #expect(message.hasPrefix("ERROR [main] shop.Cart - no answer\njava.lang.IllegalState"))
        #expect(message.hasSuffix("\n\t... 14 more"))
        #expect(RecordFlags(rawValue: event.flags).contains(.multiline))
    }

    private static let pythonTrace = [
        "Traceback (most recent call last):",
        #"  File "/srv/shop/db.py", line 12, in open"#,
        "    return connect(dsn)",
        "           ^^^^^^^^^^^^",
        "ConnectionRefusedError: [Errno 111] Connection refused",
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        #"  File "/srv/shop/cart.py", line 40, in load"#,
        "    db.open()",
        "shop.errors.NoAnswer: no answer",
        "",
        "The above exception was the direct cause of the following exception:",
        "",
        "Traceback (most recent call last):",
        #"  File "/srv/shop/main.py", line 3, in <module>"#,
        "    cart.load()",
        "RuntimeError: giving up",
    ]

    @Test func `a chained Python traceback joins the header above it`() {
        let lines = [header] + Self.pythonTrace
        #expect(joined(lines + [next]) == [lines.joined(separator: "\n"), next])
    }

    @Test func `a chained Python traceback without a header is one event`() {
        let trace = Self.pythonTrace.joined(separator: "\n")
        #expect(joined(["started"] + Self.pythonTrace + ["stopped"], format: false) == ["started", trace, "stopped"])
    }

    @Test func `two Python tracebacks in a row are two events`() {
        let trace = [Self.pythonTrace[0], Self.pythonTrace[1], Self.pythonTrace[2], "KeyError: 'a'"]
        let text = trace.joined(separator: "\n")
        #expect(joined(trace + trace, format: false) == [text, text])
    }

    @Test func `a Go panic runs up to its exit status`() {
        let lines = [
            "panic: runtime error: index out of range [5] with length 3",
            "",
            "goroutine 1 [running]:",
            "main.load(0xc000012345)",
            "\t/srv/shop/main.go:17 +0x1d",
            "main.main()",
            "\t/srv/shop/main.go:9 +0x85",
            "",
            "goroutine 6 [select]:",
            "created by main.start in goroutine 1",
            "\t/srv/shop/main.go:30 +0x44",
            "exit status 2",
        ]
        let panic = lines.joined(separator: "\n")
        #expect(joined(["listening"] + lines + ["restarted"], format: false) == ["listening", panic, "restarted"])
        #expect(joined([header] + lines + [next]) == [header, panic, next])
    }

    @Test func `a Rust panic takes its message and its backtrace`() {
        let lines = [
            "thread 'tokio-runtime-worker' panicked at src/cart.rs:42:17:",
            "called `Option::unwrap()` on a `None` value",
            "stack backtrace:",
            "   0: rust_begin_unwind",
            "             at /rustc/abc/library/std/src/panicking.rs:652:5",
            "   1: core::panicking::panic_fmt",
            "note: run with `RUST_BACKTRACE=full` for a verbose backtrace",
        ]
        let panic = lines.joined(separator: "\n")
        #expect(joined(["listening"] + lines + ["restarted"], format: false) == ["listening", panic, "restarted"])
        #expect(joined([header] + lines + [next]) == [header, panic, next])
    }

    @Test func `a crash is critical or an error, though no line says so`() {
        func severity(_ line: String) -> Severity? { Joining(line).events.first?.severity }
        #expect(severity("panic: boom") == .critical)
        #expect(severity("thread 'main' panicked at src/main.rs:1:1:") == .critical)
        #expect(severity("fatal error: concurrent map writes") == .critical)
        #expect(severity("Traceback (most recent call last):\n  File \"a\"\nKeyError: 1") == .error)
        #expect(severity(#"Exception in thread "main" java.lang.Error: boom"#) == .error)
    }

    @Test func `where lines do not join, an unclaimed one is an event of its own`() {
        let text = [header, "not a header", "another", next].joined(separator: "\n")
        let joining = Joining(text, parsers: [HeaderParser(joins: false)])
        #expect(joining.texts == [header, "not a header", "another", next])
        #expect(joining.events.map(\.timeSource) == [.line, .inherited, .inherited, .line])
        #expect(joining.events[1].time == joining.events[0].time)
        #expect(joining.ledger.unparsedEvents == 2)
        #expect(joining.ledger.unparsedBytes == Int64("not a header\nanother\n".utf8.count))
    }

    @Test func `a run of NUL bytes is one record with its length, and the text behind it another`() {
        let run = [UInt8](repeating: 0, count: 4_096)
        let bytes = Array((header + "\n").utf8) + run + Array((next + "\nlast\n").utf8)
        let joining = Joining(bytes, parsers: [HeaderParser(joins: false)])
        #expect(joining.problems(of: bytes) == [])
        #expect(joining.events.map(\.raw.count) == [header.utf8.count, 4_096, next.utf8.count, 4])
        #expect(joining.events[1].flags == RecordFlags.nulRun.rawValue)
        #expect(joining.events[1].severity == .warning)
        #expect(joining.events.map(\.line) == [1, 2, 2, 3])
    }

    @Test func `a run of NUL bytes takes the line end that stands alone behind it`() {
        for (ending, lines) in [("\n", [1, 2]), ("\r\n", [1, 2]), ("", [1])] {
            let bytes = [UInt8](repeating: 0, count: 8) + Array((ending + (lines.count > 1 ? "text" : "")).utf8)
            let joining = Joining(bytes)
            #expect(joining.problems(of: bytes) == [])
            #expect(joining.events.map(\.raw.count) == (lines.count > 1 ? [8, 4] : [8]))
            #expect(joining.events.map(\.line) == lines)
        }
    }

    @Test func `few NUL bytes, and those inside a line, are data`() {
        let bytes = Array("\0\0\0abc\nx\0\0\0\0\0\0\0\0\0\0\0\0y\n".utf8)
        let joining = Joining(bytes)
        #expect(joining.problems(of: bytes) == [])
        #expect(joining.events.map(\.raw.count) == [6, 14])
        #expect(joining.events.allSatisfy { $0.flags & RecordFlags.nulRun.rawValue == 0 })
    }

    @Test func `the CR before an LF is no data, a lone one is`() {
        let bytes = Array("one\r\ntwo\rhalf\r\r\n\r\n \r\nlast\r".utf8)
        let joining = Joining(bytes)
        #expect(joining.problems(of: bytes) == [])
        #expect(joining.texts == ["one", "two\rhalf\r", "last"])
        #expect(joining.events.map(\.line) == [1, 2, 5])
        #expect(joining.ledger.blankLines == 2)
    }

    @Test func `CRLF and LF give the same messages`() {
        let lines = [header] + Self.javaTrace + [next]
        let unix = Joining(lines.joined(separator: "\n"), parsers: [HeaderParser()])
        let windows = Joining(lines.joined(separator: "\r\n"), parsers: [HeaderParser()])
        #expect(unix.events.count == windows.events.count)
        for (a, b) in zip(unix.events, windows.events) {
            #expect(a.text == b.text.replacing("\r\n", with: "\n"))
            #expect(
                String(decoding: a.message, as: UTF8.self)
                    == String(decoding: b.message, as: UTF8.self).replacing("\r\n", with: "\n"))
            #expect(a.line == b.line)
        }
    }

    @Test func `blank lines are counted, and belong to an event only between its lines`() {
        let bytes = Array("\n\n\(header)\n\n  \n\tat a.B.c(B.java:1)\n\n\t\n\(next)\n\n".utf8)
        let joining = Joining(bytes, parsers: [HeaderParser()])
        #expect(joining.problems(of: bytes) == [])
        #expect(joining.texts == [header + "\n\n  \n\tat a.B.c(B.java:1)", next])
        #expect(joining.ledger.blankLines == 7)
        #expect(joining.ledger.blankBytes == 10)
        #expect(joining.ledger.joinedLines == 1)
    }

    @Test func `the last line needs no LF`() {
        for ending in ["", "\n", "\r\n"] {
            let joining = Joining(header + "\n" + next + ending, parsers: [HeaderParser()])
            #expect(joining.texts == [header, next])
        }
        #expect(Joining("").events.isEmpty)
        #expect(Joining("\n").events.isEmpty)
        #expect(Joining("x").texts == ["x"])
    }

    @Test func `the open event is handed back until its end is seen`() {
        let text = "\(header)\n\tat a.B.c(B.java:1)\n\(next)\n"
        var joiner = EventJoiner()
        joiner.parsers = [HeaderParser()]
        var event = EventBuilder()
        var records: ContiguousArray<Record> = []
        var ledger = Ledger()
        let bytes = Array(text.utf8)
        event.reset(rawCount: bytes.count)
        let consumed = joiner.read(bytes.span, atEnd: false, into: &event, records: &records, ledger: &ledger)
        #expect(consumed == text.utf8.count - next.utf8.count - 1)
        #expect(records.count == 1)
        #expect(ledger.accounted == consumed)
        #expect(ledger.lines == 2)
    }

    @Test func `an event of more than a mebibyte is cut, and its length told`() {
        let long = header + String(repeating: "x", count: Limits.eventBytes)
        let bytes = Array((long + "\n" + next + "\n").utf8)
        var joiner = EventJoiner()
        joiner.parsers = [HeaderParser()]
        var event = EventBuilder()
        var records: ContiguousArray<Record> = []
        var ledger = Ledger()
        event.reset(rawCount: bytes.count)
        let consumed = joiner.read(bytes.span, atEnd: true, into: &event, records: &records, ledger: &ledger)
        #expect(consumed == bytes.count)
        #expect(records.map(\.raw.count) == [Limits.eventBytes, next.utf8.count])
        #expect(records[0].flags.contains(.truncated))
        #expect(records[0].message.upper <= records[0].raw.upper)
        #expect(event.originalLengths.map(\.bytes) == [Int64(long.utf8.count)])
        #expect(ledger.truncatedEvents == 1)
        #expect(ledger.truncatedBytes == Int64(header.utf8.count))
        #expect(ledger.accounted == Int64(bytes.count))
    }

    @Test func `an overlong event of blank lines keeps the ledger's parts positive`() {
        let bytes = Array(
            (header + String(repeating: "\n", count: Limits.eventBytes + 1_000) + "\tat a.B\n" + next).utf8)
        let joining = Joining(bytes, parsers: [HeaderParser()])
        #expect(joining.problems(of: bytes) == [])
        #expect(joining.events.count == 2)
    }

    @Test func `only a line that a format claims, and that has a time, is a place to cut`() {
        var joiner = EventJoiner()
        joiner.parsers = [HeaderParser()]
        var event = EventBuilder(clock: SourceClock(year: 2026))
        if let december = scanTime(Array("Dec 31 00:00:00".utf8)) { event.setTime(december) }
        func isCut(_ line: String) -> Bool {
            Array(line.utf8).withUnsafeBufferPointer { joiner.isCut(Span(_unsafeElements: $0), &event) }
        }
        #expect(isCut(header))
        #expect(!isCut(" " + header))
        #expect(!isCut("\tat a.B"))
        #expect(!isCut(""))
        #expect(!isCut("\0" + header))
        #expect(!isCut("Caused by: x"))
        joiner.parsers = [Syslog3164Parser()]
        #expect(isCut("Jan  1 00:00:00 host a[1]: b"))
        #expect(event.clock.years.year == 2026)
    }
}
