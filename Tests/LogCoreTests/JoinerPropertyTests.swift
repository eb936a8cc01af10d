import LogCore
import Testing

/// Random text made of pieces that real logs hold, then damaged: a failure names the seed, which gives it again.
struct MadeUpBytes {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private static let lines = [
        "2026-11-22 10:00:00,123 ERROR [main] shop.Cart - no answer",
        "2026-11-22T10:00:00.123456Z INFO starting",
        #"192.0.2.7 - - [22/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 502 312 "-" "curl/8.5.0""#,
        #"192.0.2.7 - bob smith [22/Nov/2026:10:00:00 +0000] "GET /\" HTTP/1.1" 200 - "https://a/\\" "a\"b" 0.1"#,
        #"{"ts":"2026-11-22T10:00:00Z","level":"error","msg":"a \"b\" \u00e9\n"}"#,
        #"{"msg":"no time","n":[1,{"a":null}],"e":{}}"#,
        #"time=2026-11-22T10:00:00Z level=warn msg="a \"b\"" err=x y="#,
        "<34>1 2026-11-22T10:00:00.003Z host su 42 ID47 [a@1 b=\"c \\] d\"] failed",
        "Nov 22 10:00:00 host sshd[24200]: Invalid user admin from 192.0.2.9",
        "Dec 31 23:59:59 host cron[1]: end", "Jan  1 00:00:01 host cron[1]: begin",
        "Feb 29 12:00:00 host a: leap", "Feb 30 12:00:00 host a: none", "Nov 31 14:99:00 host a: none",
        "[ 1234.567890] Out of memory: Killed process 4242 (java)", "10:00:00.123 [main] WARN x - y",
        "\tat shop.Cart.load(Cart.java:42)", "Caused by: java.io.IOException: x", "\t... 12 more",
        "Suppressed: java.io.IOException", "Traceback (most recent call last):", "  File \"a.py\", line 1, in <module>",
        "ValueError: x", "During handling of the above exception, another exception occurred:",
        "The above exception was the direct cause of the following exception:",
        "panic: runtime error", "goroutine 1 [running]:", "main.main()", "exit status 2", "fatal error: all asleep",
        "thread 'main' panicked at src/main.rs:1:1:", "note: run with `RUST_BACKTRACE=1`", "stack backtrace:",
        "Exception in thread \"main\" java.lang.Error", "}", ")", "| detail", "", "", " ", "\t", "x", "[", "[ERROR",
        "<>:",
        "a@out: 2026-11-22T10:00:00Z INFO one", "b@out: 2026-11-22T10:00:00Z ERROR two", "a@out: \tat a.B.c(B.java:1)",
        "b@out: \tat a.B.c(B.java:2)", "a@out: Caused by: a.BException: x", "b@out:   indented", "a@out: ", "a@err: {",
        "a@err: }",
        "a@out+ half a line, ", "b@out+ another", "a@out: and its end", "b@out: panic: x",
        "b@out: goroutine 1 [running]:",
        "b@out: main.main()", "a@out: Traceback (most recent call last):", "a@out:   File \"a.py\", line 1, in b",
        "a@out:     c", "a@out: a.b.E: d",
        #"{"log":"2026-11-22T10:00:00Z ERROR x\n","stream":"a","time":"2026-11-22T10:00:00Z"}"#,
        #"{"log":"\tat a.B.c(B.java:1)\n","stream":"a","time":"2026-11-22T10:00:00Z"}"#,
        #"{"log":"half a line, ","stream":"a","time":"2026-11-22T10:00:00Z"}"#,
        #"{"log":"and its end\n","stream":"a","time":"2026-11-22T10:00:00Z"}"#, #"{"log":"\n","stream":"a"}"#,
        "Nov 22 10:00:00 host app[1]: \tat a.B.c(B.java:1)", "Nov 22 10:00:00 host app[1]: a.BException: x",
        "Nov 22 10:00:00 host app[2]: Caused by: y", "Nov 22 10:00:01 host kernel: [1.000001] BUG: unable to handle x",
        "Nov 22 10:00:01 host kernel: [1.000002] RIP: 0010:a+0x1/0x2",
        "Nov 22 10:00:01 host kernel: [1.000003] ---[ end trace 0 ]---",
        "{", "  \"a\": 1", "]", "+---+---+", "| a | b |", "<a>", "</a>", "--- a/x", "+++ b/x", "@@ -1 +1 @@",
        "SELECT a",
        "FROM b;", "==1== x", "==1==ERROR: AddressSanitizer: x on y", "SUMMARY: x", "Stack trace:", "#0 {main}",
        "==================",
        "WARNING: DATA RACE", "/srv/a.js:1", "Unhandled exception:", "Unhandled exception. A.BException: x",
        "   at A.B()",
        "terminate called after throwing an instance of 'x'", "a.rb:1:in 'b': c (DError)", "\tfrom a.rb:2:in 'e'",
        "ERROR: [a] (b) <c> d: e", "9999-99-99 99:99:99", "1677-09-21 00:12:43", "2262-04-11 23:47:17", "level=", "={}",
    ].map { Array($0.utf8) }

    private static let endings: [[UInt8]] = [[0x0A], [0x0A], [0x0A], [0x0A], [0x0D, 0x0A], [0x0D], [0x0A, 0x0A], []]

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    /// Up to `lines` lines.
    mutating func text(lines: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0...below(lines) {
            switch below(24) {
            case 0: bytes += [UInt8](repeating: 0, count: below(20))
            case 1: bytes += (0..<below(40)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            case 2:
                bytes += [[0xEF, 0xBB, 0xBF], [0xC3], [0xED, 0xA0, 0x80], [0xFF, 0xFE], [0x0B], [0x1B]][below(6)]
            default: bytes += Self.lines[below(Self.lines.count)]
            }
            bytes += Self.endings[below(Self.endings.count)]
        }
        for _ in 0..<[0, 0, 1, 3, 8][below(5)] where !bytes.isEmpty {
            let place = below(bytes.count)
            switch below(5) {
            case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
            case 1: bytes.insert([0x00, 0x0A, 0x0D, 0x20, 0x22, 0x5C, 0x5B, 0xFF][below(8)], at: place)
            case 2: bytes.remove(at: place)
            case 3: bytes.removeSubrange(place...)
            default: bytes.insert(contentsOf: bytes[place...].prefix(below(60)), at: below(bytes.count))
            }
        }
        return bytes
    }

    /// Ascending places to cut `bytes` at: from one to nearly every one.
    mutating func cuts(_ bytes: [UInt8]) -> [Int] {
        switch below(4) {
        case 0: return Array(stride(from: 1, to: bytes.count, by: 1 + bytes.count / 200))
        case 1: return [below(bytes.count + 1)]
        default: return (0..<below(12)).map { _ in below(bytes.count + 1) }.sorted()
        }
    }

    /// The formats of a file: none, one, or several.
    mutating func parsers() -> [any LineParser] {
        let all: [any LineParser] = [
            HeaderParser(), AccessLogParser(), JSONLineParser(), LogfmtParser(), Syslog3164Parser(), Syslog5424Parser(),
            HeaderParser(joins: false), DockerParser.layered, WriterParser.layered(),
            WriterParser.layered(inside: HeaderParser()),
        ]
        return Array(all.shuffled(using: &random).prefix(below(4)))
    }
}

@Suite struct JoinerPropertyTests {
    @Test(arguments: 0..<20) func `for any bytes the ledger adds up and every range holds`(seed: Int) {
        var source = MadeUpBytes(seed: UInt64(seed) &+ 77_000)
        for round in 0..<1_000 {
            let bytes = source.text(lines: 14)
            let problems = Joining(bytes, parsers: source.parsers()).problems(of: bytes)
            #expect(problems == [], "round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
            if !problems.isEmpty { return }
        }
    }

    @Test(arguments: 0..<20) func `any cuts give the same events`(seed: Int) {
        var source = MadeUpBytes(seed: UInt64(seed) &+ 99_000)
        for round in 0..<300 {
            let bytes = source.text(lines: 14)
            let parsers = source.parsers()
            let whole = Joining(bytes, parsers: parsers)
            let cuts = source.cuts(bytes)
            let pieces = Joining(bytes, parsers: parsers, cuts: cuts)
            #expect(
                whole == pieces,
                "round \(round), \(parsers.map(\.name)), cuts \(cuts): \(String(decoding: bytes, as: UTF8.self).debugDescription)"
            )
            if whole != pieces { return }
        }
    }

    @Test(arguments: 0..<20) func `cutting at any line where a cut is allowed gives the same events`(seed: Int) {
        var source = MadeUpBytes(seed: UInt64(seed) &+ 55_000)
        for round in 0..<300 {
            let bytes = source.text(lines: 14)
            var joiner = EventJoiner()
            // Where lines go on with others than the last one, a line alone doesn't tell.
            let parsers = source.parsers().filter { $0.inside == .nothing }
            joiner.parsers = ContiguousArray(parsers)
            var scratch = EventBuilder(clock: SourceClock(year: 2026))
            var parts: [Range<Int>] = []
            var begin = 0
            for (place, byte) in bytes.enumerated() where byte == 0x0A {
                let start = place + 1
                guard let end = bytes[start...].firstIndex(of: 0x0A) else { break }
                let stop = end > start && bytes[end - 1] == 0x0D ? end - 1 : end
                guard joiner.isCut(bytes.span.extracting(start..<stop), &scratch) else { continue }
                parts.append(begin..<start)
                begin = start
            }
            parts.append(begin..<bytes.count)
            let whole = Joining(bytes, parsers: parsers)
            let apart = parts.flatMap { Joining(Array(bytes[$0]), parsers: parsers).events }
            // Year-less times are another matter: the reader carries the clock over.
            #expect(
                whole.events.map(\.raw) == apart.map(\.raw),
                "round \(round), \(parsers.map(\.name)): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
            #expect(whole.events.map { $0.time == nil } == apart.map { $0.time == nil })
            #expect(whole.events.map(\.parser) == apart.map(\.parser))
        }
    }

    @Test(arguments: 0..<20) func `cutting where several writers' events are whole gives the same events`(seed: Int) {
        var source = MadeUpBytes(seed: UInt64(seed) &+ 33_000)
        for round in 0..<200 {
            // Long enough for lines to be out of reach.
            let bytes = source.text(lines: 260)
            let parsers: [any LineParser] = [
                WriterParser.layered(inside: HeaderParser()), Syslog3164Parser(), DockerParser.layered,
                JSONLineParser(),
            ]
            var joiner = EventJoiner()
            joiner.parsers = ContiguousArray(parsers)
            var scratch = EventBuilder(clock: SourceClock(year: 2026))
            scratch.reset(rawCount: bytes.count)
            guard let cut = joiner.lastCut(bytes.span, &scratch) else { continue }
            let whole = Joining(bytes, parsers: parsers)
            let apart =
                Joining(Array(bytes[..<cut]), parsers: parsers).events
                + Joining(Array(bytes[cut...]), parsers: parsers).events
            #expect(whole.events.map(\.raw) == apart.map(\.raw), "round \(round), cut at \(cut) of \(bytes.count)")
            #expect(whole.events.map(\.message) == apart.map(\.message))
            #expect(whole.events.map(\.parser) == apart.map(\.parser))
        }
    }
}
