import Foundation
import Testing

/// What `analyze` and `merge` print.
@Suite struct ReportTests {
    private let sample = "samples/log4j/input.log"

    private func object(_ output: Output) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: output.out) as? [String: Any])
    }

    private func ledger(_ output: Output) throws -> [String: Int] {
        try #require(try object(output)["ledger"] as? [String: Int])
    }

    @Test func `the JSON report is valid JSON, and its ledger adds up`() async throws {
        let result = try await Command.ailogger(["analyze", "--format", "json", "samples/"])
        #expect(result.status == 0, "\(result.errors)")
        let ledger = try ledger(result)
        let parts = ["event_bytes", "joined_bytes", "blank_bytes", "truncated_bytes", "skipped_bytes"]
        let bytes = try #require(ledger["bytes"])
        #expect(parts.compactMap { ledger[$0] }.reduce(0, +) == bytes)
        #expect(ledger["accounted"] == bytes)
        #expect(bytes > 50_000)
        #expect(!result.text.contains(Command.root))
    }

    @Test func `a warning cites a line that warns`() async throws {
        let lines = (0..<160).map { second in
            let clock = String(format: "%02d:%02d", second / 60, second % 60)
            return "2026-11-20T04:\(clock)Z \(second < 100 ? "INFO" : "WARNING") gc: pause of \(second) ms\n"
        }
        let result = try await Command.ailogger(["analyze", "-"], input: Data(lines.joined().utf8))
        #expect(result.text.contains("60x  WARNING  pause of <*>\n"), "\(result.text)")
        #expect(result.text.contains("-:101\n"), "\(result.text)")
    }

    @Test func `the report is the same with any number of workers`() async throws {
        let one = try await Command.ailogger(["analyze", "--format", "json", "--jobs", "1", "samples/"])
        for jobs in ["2", "3", "8"] {
            let many = try await Command.ailogger(["analyze", "--format", "json", "--jobs", jobs, "samples/"])
            #expect(many.text == one.text, "\(firstDifference(many.text, one.text))")
        }
        let parsed = try await Command.ailogger(["parse", "--jobs", "1", "samples/"])
        let manyParsed = try await Command.ailogger(["parse", "--jobs", "4", "samples/"])
        #expect(parsed.text == manyParsed.text, "\(firstDifference(manyParsed.text, parsed.text))")
    }

    @Test(arguments: [40, 80, 160]) func `no line of the report is wider than asked, but for addresses`(width: Int)
        async throws
    {
        let result = try await Command.ailogger(["analyze", "--color", "never", "--width", "\(width)", "samples/"])
        #expect(result.status == 0)
        let wide = result.lines.filter { $0.count > width && !$0.contains("https://") && !$0.contains("samples/") }
        #expect(wide == [])
        #expect(!result.text.contains("\u{1B}"))
    }

    @Test func `colour is for terminals, and for those who ask for it`() async throws {
        #expect(!(try await Command.ailogger(["analyze", sample]).text.contains("\u{1B}[")))
        #expect(try await Command.ailogger(["analyze", "--color", "always", sample]).text.contains("\u{1B}["))
        let refused = try await Command.ailogger(["analyze", sample], environment: ["NO_COLOR": "1"])
        #expect(!refused.text.contains("\u{1B}["))
    }

    @Test func `bytes that steer a terminal do not reach it`() async throws {
        let input = Data("2026-11-22 10:00:00 ERROR evil \u{1B}]0;title\u{7}\u{1B}[2J\u{9B}31m\r text\n".utf8)
        let result = try await Command.ailogger(["analyze", "--color", "never", "-"], input: input)
        #expect(result.text.contains("evil"))
        let controls = result.text.unicodeScalars.filter {
            $0.value < 0x20 && $0 != "\n" || (0x7F..<0xA0).contains($0.value)
        }
        #expect(controls.isEmpty, "\(result.text.debugDescription)")
    }

    @Test func `--output writes to a file what would be printed`() async throws {
        let folder = try Folder()
        for arguments in [
            ["analyze", "--format", "json", sample], ["analyze", "--color", "never", sample], ["parse", sample],
        ] {
            let printed = try await Command.ailogger(arguments)
            let silent = try await Command.ailogger(arguments + ["--output", folder.path + "/report"])
            #expect(silent.status == 0)
            #expect(silent.text == "")
            let written = String(decoding: try folder.read("report"), as: UTF8.self)
            // The first line tells how long it took.
            #expect(written.split(separator: "\n").dropFirst() == printed.text.split(separator: "\n").dropFirst())
        }
    }

    @Test func `--level keeps what is as grave or graver, and counts the rest`() async throws {
        let all = try await Command.ailogger(["parse", sample])
        for (level, names) in [("error", ["ERROR", "CRITICAL"]), ("warning", ["WARNING", "ERROR", "CRITICAL"])] {
            let some = try await Command.ailogger(["parse", "--level", level, sample])
            #expect(some.status == 0)
            let expected = all.lines.filter { line in names.contains { line.contains("\"level\":\"\($0)\"") } }
            #expect(some.lines == expected)
            #expect(!expected.isEmpty && expected.count < all.lines.count)
            let report = try object(
                try await Command.ailogger(["analyze", "--format", "json", "--level", level, sample]))
            let totals = try #require(report["totals"] as? [String: Any])
            #expect(totals["events"] as? Int == expected.count)
            #expect(totals["filtered"] as? Int == all.lines.count - expected.count)
        }
    }

    @Test func `--since and --until keep a stretch of time, its end left out`() async throws {
        let all = try await Command.ailogger(["parse", sample])
        func time(_ line: Substring) -> Substring {
            line.firstRange(of: "\"timestamp\":\"").map { line[$0.upperBound...].prefix { $0 != "\"" } } ?? ""
        }
        let times = all.lines.map(time).filter { !$0.isEmpty }
        let since = try #require(times.dropFirst(times.count / 3).first)
        let until = try #require(times.dropFirst(2 * times.count / 3).first)
        let some = try await Command.ailogger(["parse", "--since", String(since), "--until", String(until), sample])
        #expect(some.status == 0)
        #expect(some.lines == all.lines.filter { !time($0).isEmpty && time($0) >= since && time($0) < until })
        #expect(!some.lines.isEmpty && some.lines.count < all.lines.count)
        let day = try await Command.ailogger(["parse", "--since", "2026-11-20", "--until", "2026-11-21", sample])
        #expect(day.lines == all.lines.filter { time($0).hasPrefix("2026-11-20") })
        #expect(try await Command.ailogger(["parse", "--until", "1990-01-01", sample]).text == "")
    }

    @Test func `an age is counted back from now`() async throws {
        let now = Date()
        func line(_ ago: TimeInterval) -> String {
            "\(now.addingTimeInterval(-ago).ISO8601Format()) ERROR \(Int(ago)) s ago\n"
        }
        // Wide margins: among other tests this one may wait for its turn.
        let input = Data((line(2_000_000) + line(200_000) + line(60)).utf8)
        for (age, count) in [("20h", 1), ("7d", 2), ("5w", 3)] {
            let result = try await Command.ailogger(["parse", "--since", age, "-"], input: input)
            #expect(result.lines.count == count, "\(age)")
        }
    }

    @Test func `two summaries merge into the report of both`() async throws {
        let folder = try Folder.likeProject()
        let parts = [["json", "java-trace", "access"], ["log4j", "kernel-dmesg"]].map { part in
            part.map { "samples/\($0)/input.log" }
        }
        for (index, paths) in parts.enumerated() {
            let result = try await Command.ailogger(
                ["analyze", "--format", "summary", "--output", "part\(index)"] + paths, in: folder.path)
            #expect(result.status == 0, "\(result.errors)")
        }
        let whole = try await Command.ailogger(
            ["analyze", "--format", "json"] + parts.flatMap(\.self), in: folder.path)
        for order in [["part0", "part1"], ["part1", "part0"]] {
            let merged = try await Command.ailogger(["merge", "--format", "json"] + order, in: folder.path)
            #expect(merged.status == 0, "\(merged.errors)")
            let left = try object(merged) as NSDictionary
            let right = try object(whole) as NSDictionary
            #expect(left == right, "\(firstDifference(merged.text, whole.text))")
        }
        let text = try await Command.ailogger(["merge", "part0", "part1"], in: folder.path)
        #expect(text.text.contains("5 files"), "\(text.text.prefix(200))")
    }

    @Test func `a summary that is damaged or of another version is refused`() async throws {
        let folder = try Folder()
        let good = try await Command.ailogger(["analyze", "--format", "summary", sample])
        try folder.write(good.out, "good")
        try folder.write(good.out.prefix(good.out.count / 2), "half")
        try folder.write(good.text.replacing(/"version":\d+/, with: "\"version\":99"), "future")
        try folder.write(good.text.replacing("\"byRank\":[", with: "\"byRank\":[1,2,3,4,5,6,7,"), "long")
        try folder.write("", "empty")
        #expect(try await Command.ailogger(["merge", "good"], in: folder.path).status == 0)
        for name in ["half", "future", "empty", "long"] {
            let result = try await Command.ailogger(["merge", "good", name], in: folder.path)
            #expect(result.status == 2, "\(name): \(result.status)")
            #expect(result.errors.contains(name))
            #expect(!result.timedOut)
        }
    }

    @Test func `--explain-format says what a file was taken for, and why`() async throws {
        let result = try await Command.ailogger(["analyze", "--explain-format", "samples/syslog-3164/input.log"])
        #expect(result.status == 0)
        #expect(result.text.contains("syslog-3164"))
        #expect(result.text.contains("year"))
    }
}
