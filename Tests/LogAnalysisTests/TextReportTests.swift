import Foundation
import LogCore
import Testing

@testable import LogAnalysis

struct TextReportTests {
    private func render(
        _ summary: Summary, width: Int = 80, color: Bool = false, unicode: Bool = true, height: Int? = nil,
        top: Int? = nil
    ) -> String {
        TextReport(width: width, color: color, unicode: unicode, height: height, top: top)
            .render(Report(summary), elapsed: 3.1)
    }

    private func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    }

    // MARK: The whole

    @Test func `the first screen at 80 columns`() {
        #expect(
            render(MadeUp.night()) == """
                3 files, 1.20 GB, 4,912,530 events, 19 Nov 2026 22:14 to 20 Nov 04:10 UTC  3.1 s
                3 critical, 43 errors, 9 warnings; peak 12 errors a minute at 04:00
                errors 22:14 ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▅▅▄▅▅▅▅▅█▄ 04:10

                incident  04:00:00 … 04:09:55  8 failures
                  root? (1) Kernel killed a process: out of memory; 2 s later (2) PostgreSQL re…

                 1  CRITICAL  Kernel killed a process: out of memory     3x  04:00:00 … 04:07:12
                    logs/kern.log.1.gz:2001  db1 kernel: Out of memory: Killed process 4242 (ja…
                    cause  The machine had no memory left, so the kernel ended the process that
                           its score named. What is ended need not be what took the memory.
                    fix    See what grew before: the kernel lists every process with its memory
                           in the lines above.
                    docs   https://docs.kernel.org/admin-guide/mm/concepts.html

                 2  ERROR     PostgreSQL refused the connection          5x  04:00:02 … 04:09:55
                 3  ERROR     unexplained: charge <*> declined by iss…  38x  03:12:40 … 04:10:00

                --top 3 shows all that is known of each
                changed     appeared: first at 03:10, 63 errors since; none in the 4 h 56 min b…
                            logs/pay.log:88  all errors
                understood  100 %: logfmt, python-logging, syslog-3164; year 2026 by file date
                bytes       1,200,480,123 = 1,200,475,913 events + 4,210 joined

                """)
    }

    @Test func `some stray errors don't hide a flood of warnings`() {
        var summary = MadeUp.night()
        let sample = MadeUp.sample("logs/auth.log", 12, 60, "login of eve failed")
        summary.templates["eve"] = MadeUp.template("login of <*> failed", sample, counts: [.warning: 400])
        #expect(!render(summary).contains("login of <*> failed"))
        summary.templates["eve"]?.byRank[Severity.warning.rank] = 47_000
        #expect(
            render(summary).contains(
                """

                47,000x  WARNING  login of <*> failed
                         logs/auth.log:12

                --top 3 shows all that is known of each
                """))
        #expect(lines(render(summary)).count <= 24)
    }

    @Test func `warnings are told by their status, with the first line of each`() throws {
        var summary = MadeUp.night()
        let sample = MadeUp.sample("logs/access.log", 1, -9_000, "POST /login")
        var template = MadeUp.template("POST <*>", sample, counts: [.info: 900, .warning: 60_000])
        template.warn("status 401", count: 52_000, line: 40)
        template.warn("status 429", count: 8_000, line: 77)
        summary.templates["login"] = template
        #expect(
            render(summary).contains(
                """

                52,000x  WARNING  POST <*>: status 401
                         logs/access.log:40
                 8,000x  WARNING  POST <*>: status 429
                         logs/access.log:77

                """), "\(render(summary))")
        // Where most have none it stands for nothing.
        template.byRank[Severity.warning.rank] = 90_000
        summary.templates["login"] = template
        #expect(render(summary).contains("90,000x  WARNING  POST <*>\n"))
    }

    @Test func `all that is known, on request`() {
        let text = render(MadeUp.night(), top: 3)
        #expect(
            text.contains(
                """
                incident  04:00:00 … 04:09:55  8 failures
                    (1) Kernel killed a process: out of memory may be the root: 3 events
                    logs/kern.log.1.gz:2001
                    2 s later (2) PostgreSQL refused the connection: 5 events; only the time
                    joins it to (1)  logs/app.log:1008 logs/kern.log.1.gz:2001
                    root (1), 60 %: it began first, 2 s before (2)  logs/kern.log.1.gz:2001
                                    logs/app.log:1008
                """))
        #expect(
            text.contains(
                """
                 2  ERROR     PostgreSQL refused the connection          5x  04:00:02 … 04:09:55
                    logs/app.log:1008  ERROR db: connection to server at "db1" (10.0.0.5), port…
                    began  2 s after (1) Kernel killed a process: out of memory
                           logs/kern.log.1.gz:2001
                    found  host=db1 port=5432
                    cause  No server listens on that host and port, or a firewall refuses it.
                    fix    - Check that the server runs and that listen_addresses covers the
                             interface.
                           - Open the port.
                    docs   https://www.postgresql.org/docs/current/server-start.html
                    rule   postgres.connection-refused

                 3  ERROR     unexplained: charge <*> declined by iss…  38x  03:12:40 … 04:10:00
                    logs/pay.log:88  ERROR pay.gw: charge 88112 declined by issuer code Z9
                    from   pay.gw
                    rule   none knows it; docs/rules.md says how to write one

                """))
        #expect(!text.contains("--top"))
    }

    @Test func `a wide terminal gets titles of pages and whole lines`() {
        let text = render(MadeUp.night(), width: 160)
        #expect(text.contains("38x  03:12:40 … 04:10:00\n"))
        #expect(text.contains("    docs   https://docs.kernel.org/admin-guide/mm/concepts.html  Concepts overview\n"))
        #expect(text.contains("file-rss:0kB, shmem-rss:0kB, UID:998\n"))
    }

    @Test(arguments: [20, 24, 30, 40, 60])
    func `whatever the height, nothing scrolls away`(height: Int) {
        var summary = MadeUp.night()
        for index in 0..<40 {
            let id = "more.\(index)"
            summary.findings[id] = MadeUp.finding(
                id, "More trouble", .error, MadeUp.tally(2, Double(index)), MadeUp.sample("x.log", 1, 0, "trouble"))
        }
        summary.warnings = ["rule a: too slow", "rule b: too slow", "rule c: too slow", "rule d: too slow"]
        let text = render(summary, height: height)
        #expect(lines(text).count < height)
        #expect(lines(text).count > height - 5)
        #expect(text.contains("https://docs.kernel.org/"))
        let shown = lines(text).count {
            let level = $0.dropFirst(2)
            return level.hasPrefix("  ERROR  ") || level.hasPrefix("  CRITICAL  ")
        }
        #expect(text.contains("+ \(43 - shown) more findings; --top 20 shows 20 in full\n"))
    }

    @Test func `titles are cut only where times have become as short as they can`() {
        let title = "A title of forty-five columns, no more, no less"
        func heading(_ seconds: Double, width: Int) -> String? {
            var summary = Summary()
            summary.tally = MadeUp.tally(9, 0, seconds)
            summary.byRank = MadeUp.byRank([.error: 9])
            summary.findings["x"] = MadeUp.finding(
                "x", title, .error, summary.tally, MadeUp.sample("a.log", 1, 0, "x"))
            return lines(render(summary, width: width)).first { $0.hasPrefix(" 1  ERROR  ") }
                .map { String($0.dropFirst(11)) }
        }
        let (hours, days, years) = (7_200.0, 86_400.0 * 9, 86_400.0 * 400)
        #expect(heading(hours, width: 90) == "\(title)  9x  04:00:00 … 06:00:00")
        #expect(heading(hours, width: 80) == "\(title)  9x  04:00 … 06:00")
        #expect(heading(hours, width: 70) == "A title of forty-five columns, no more,…  9x  04:00 … 06:00")
        #expect(heading(days, width: 100) == "\(title)  9x  20 Nov 04:00:00 … 29 Nov 04:00:00")
        #expect(heading(days, width: 90) == "\(title)  9x  20 Nov 04:00 … 29 Nov")
        #expect(heading(days, width: 80) == "\(title)  9x  20 Nov 04:00 …")
        #expect(heading(years, width: 120) == "\(title)  9x  20 Nov 2026 04:00:00 … 25 Dec 2027 04:00:00")
        #expect(heading(years, width: 90) == "\(title)  9x  20 Nov 2026 … 25 Dec 2027")
        #expect(heading(years, width: 80) == "\(title)  9x  20 Nov 2026 …")
        #expect(heading(years, width: 50) == "A title of forty-five columns, no…   9x")
    }

    // MARK: Nothing wrong

    @Test func `a log without errors says so, and shows its warnings`() {
        var summary = Summary()
        summary.byRank = MadeUp.byRank([.warning: 3, .info: 1_203])
        summary.tally = MadeUp.tally(1_206, 0, 900)
        summary.timeline.add(time: MadeUp.time(0), byRank: MadeUp.byRank([.info: 1_203, .warning: 1]))
        summary.timeline.add(time: MadeUp.time(899), byRank: MadeUp.byRank([.warning: 2]))
        summary.templates["01"] = MadeUp.template(
            "slow answer from <*>", MadeUp.sample("app.log", 12, 3, "slow answer from 3"), counts: [.warning: 3])
        MadeUp.add("app.log", ["json"], 120_000, joined: 0, to: &summary)
        #expect(
            render(summary) == """
                app.log, 120 kB, 1,206 events, 20 Nov 2026 04:00 to 04:15 UTC              3.1 s
                No errors. 3 warnings; peak 2 warnings a second at 04:14:59.
                warnings 04:00 ▅▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁█ 04:15

                3x  WARNING  slow answer from <*>
                    app.log:12

                understood  100 %: json
                bytes       120,000 = 120,000 events

                """)
    }

    @Test func `nothing read is no success`() {
        var summary = Summary()
        summary.sources["gone.log"] = SourceSummary(path: "gone.log")
        summary.sources["gone.log"]?.error = "no such file"
        #expect(
            render(summary) == """
                gone.log, 0 bytes, 0 events                                                3.1 s
                No events: there is nothing to analyse.

                not read    gone.log: no such file

                """)
    }

    @Test func `a filter that leaves nothing is named`() {
        var summary = Summary()
        summary.filtered = 12
        #expect(render(summary).contains("0 files, 0 bytes, 0 of 12 events"))
        #expect(render(summary).contains("No event passes the filter."))
    }

    @Test func `of a path that is too long the file and the line stay`() throws {
        var summary = Summary()
        let path = "/srv/" + String(repeating: "extracted/", count: 9) + "journal.log"
        let sample = MadeUp.sample(path, 417, 0, "no answer")
        summary.findings["a.b"] = MadeUp.finding("a.b", "No answer", .error, MadeUp.tally(1, 0), sample)
        let text = render(summary)
        #expect(lines(text).contains { $0.hasPrefix("    …") && $0.hasSuffix("extracted/journal.log:417") })
        #expect(lines(text).allSatisfy { $0.count <= 80 })
        #expect(render(summary, width: 160).contains("    \(path):417"))
    }

    @Test func `what was not understood is said, with its place`() {
        var summary = MadeUp.night()
        summary.sources["logs/app.log"]?.ledger.unparsedEvents = 212
        summary.sources["logs/app.log"]?.ledger.unparsedBytes = 238_096
        summary.sources["logs/app.log"]?.lossSamples[Loss.Reason.untimed.rawValue] = MadeUp.sample(
            "logs/app.log", 17, nil, "???")
        let text = render(summary)
        #expect(text.contains("understood  99.98 %: "))
        #expect(text.contains("unparsed    212 events, 238 kB, first at logs/app.log:17\n"))
    }

    @Test func `bytes that are lost are not hidden`() {
        var summary = MadeUp.night()
        summary.sources["logs/app.log"]?.ledger.eventBytes -= 12
        #expect(render(summary).contains("bytes       1,200,480,123, of which 12 are unaccounted for\n"))
    }

    // MARK: Evidence

    private func evidence(_ text: String, captures: [String: String] = [:], width: Int = 80) -> String? {
        var summary = Summary()
        summary.tally = MadeUp.tally(1, 0)
        summary.byRank = MadeUp.byRank([.error: 1])
        summary.findings["x"] = MadeUp.finding(
            "x", "Trouble", .error, MadeUp.tally(1, 0), MadeUp.sample("a.log", 10, 0, text), captures: captures)
        return lines(render(summary, width: width)).first { $0.contains("a.log:") }.map { String($0.dropFirst(4)) }
    }

    @Test func `of a trace the line with the captures is shown, with its number`() {
        let trace = """
            2026-11-20 04:00:00 ERROR Traceback (most recent call last):
              File "/srv/app.py", line 3, in <module>
            KeyError: 'colour'
            """
        #expect(evidence(trace, captures: ["key": "colour"]) == "a.log:12  KeyError: 'colour'")
        #expect(evidence(trace) == "a.log:10  ERROR Traceback (most recent call last):")
    }

    @Test func `of a trace without captures the line most like the rule's name is shown`() {
        let trace = """
            ERROR Writer: cannot store chunk 17
            java.io.IOException: wrapped
            \tat Writer.store(Writer.java:9)
            Caused by: java.io.IOException: no Trouble left on device
            \tat sun.nio.Dispatcher.write0(Native Method)
            """
        #expect(evidence(trace) == "a.log:13  Caused by: java.io.IOException: no Trouble left on device")
    }

    @Test(arguments: [
        (
            "E boom\njava.lang.Error: outer\nCaused by: java.lang.Error: inner\n\tat x",
            "a.log:3  Caused by: java.lang.Error: inner"
        ),
        ("E boom\nTraceback (most recent call last):\n  File \"x\"\nKeyError: 1", "a.log:4  KeyError: 1"),
        ("[2026-11-20T04:00:00Z] E boom\n  more", "a.log:1  E boom"), ("Jul  3 04:00:00 db1 boom", "a.log:1  db1 boom"),
    ])
    func `of an unexplained trace the innermost cause is shown`(text: String, shown: String) {
        var summary = Summary()
        summary.tally = MadeUp.tally(1, 0)
        summary.byRank = MadeUp.byRank([.error: 1])
        summary.templates["01"] = MadeUp.template(
            "boom", MadeUp.sample("a.log", 1, 0, text), counts: [.error: 1], unexplained: MadeUp.tally(1, 0))
        #expect(render(summary).contains("    \(shown)\n"))
    }

    @Test func `of a JSON line the message is shown`() {
        let line = #"{"ts":"2026-11-20T04:00:00Z","level":"error","msg":"can't \"open\" x","path":"/tmp"}"#
        #expect(evidence(line) == #"a.log:10  can't "open" x"#)
        #expect(evidence(line, captures: ["path": "/tmp"])?.contains(#""path":"/tmp""#) == true)
    }

    @Test func `a capture far behind is brought into sight`() {
        let line = String(repeating: "word ", count: 60) + "disk sda9 failed with a long explanation behind it"
        let shown = evidence(line, captures: ["disk": "sda9"])
        #expect(shown?.hasPrefix("a.log:10  word word") == true)
        #expect(shown?.contains("sda9 failed") == true)
    }

    // MARK: Safety

    private static let hostile =
        "\u{1B}[31mred\u{1B}]0;title\u{7} \u{9B}2J \u{202E}back\u{0} 接続拒否 \u{FFFD} end of a line that is long enough"

    /// Log text that does its worst in every place where log text is shown.
    private func hostile() -> Summary {
        var summary = MadeUp.night()
        summary.findings["kernel.out-of-memory"]?.sample.text = Self.hostile
        summary.findings["kernel.out-of-memory"]?.captures = ["a": Self.hostile, "b": "\u{1B}"]
        summary.findings["kernel.out-of-memory"]?.rule.title = Self.hostile
        summary.findings["kernel.out-of-memory"]?.rule.docs[0].url += Self.hostile
        summary.findings["postgres.connection-refused"]?.sample.source = "dir\u{1B}[5m/\u{8}name\n.log"
        summary.templates["00000000000000aa"]?.text = Self.hostile
        summary.templates["00000000000000aa"]?.component = Self.hostile
        summary.sources["bad\u{1B}"] = SourceSummary(path: "bad\u{1B}")
        summary.sources["bad\u{1B}"]?.error = Self.hostile
        summary.sources["bad\u{1B}"]?.formats = [Self.hostile]
        summary.warnings = [Self.hostile]
        return summary
    }

    @Test(arguments: [nil, 9])
    func `no control character reaches a terminal`(top: Int?) {
        let text = render(hostile(), top: top)
        #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
        #expect(text.contains("␛[31mred"))
    }

    @Test func `with colour, escape sequences are ours alone`() {
        let text = render(hostile(), color: true, top: 9)
        let sequences = text.split(separator: "\u{1B}").dropFirst().map { $0.prefix { $0 != "m" } }
        #expect(Set(sequences).isSubset(of: ["[0", "[1", "[2", "[31", "[33", "[36", "[1;31"]))
        #expect(sequences.count > 20)
        // And the text between them is that of the report without colour.
        var plain = text
        for style in ["0", "1", "2", "31", "33", "36", "1;31"] { plain.replace("\u{1B}[\(style)m", with: "") }
        #expect(plain == render(hostile(), top: 9))
    }

    @Test(arguments: [nil, 9])
    func `without unicode every byte is ASCII`(top: Int?) {
        let text = render(hostile(), color: true, unicode: false, top: top)
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        #expect(text.contains("out of memory") || text.contains("?[31mred"))
    }

    @Test(arguments: [1, 40, 59, 60, 79, 80, 81, 100, 120, 160, 250], [nil, 9])
    func `no line is wider than the terminal, but for an address`(width: Int, top: Int?) {
        for summary in [MadeUp.night(), hostile(), Summary()] {
            for unicode in [true, false] {
                for line in lines(render(summary, width: width, unicode: unicode, top: top)) where !line.contains("://")
                {
                    #expect(TextLayout.width(of: String(line)) <= max(width, 40), "\(line)")
                }
            }
        }
    }

    @Test func `an address is never cut`() {
        let text = render(MadeUp.night(), width: 40, top: 3)
        #expect(text.contains("https://www.postgresql.org/docs/current/server-start.html\n"))
    }

    @Test func `times and counts at the ends of their range don't trap`() {
        var summary = MadeUp.night()
        summary.tally.first = .min + 1
        summary.tally.last = .max
        _ = render(summary)
        summary.tally.first = .max - 1
        _ = render(summary)
        summary.tally.first = 0
        summary.tally.last = 0
        #expect(render(summary).contains("1 Jan 1970 00:00:00 UTC"))
    }
}
