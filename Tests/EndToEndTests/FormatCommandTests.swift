import Foundation
import Testing

/// `ailogger formats …` and `--format-name`.
@Suite struct FormatCommandTests {
    private let lines = """
        2026-11-20 04:00:16.120 INFO  till-7 [pay.card] order 88112 took 31 ms
        2026-11-20 04:00:17.003 WARN  till-7 [pay.card] order 88113 took 904 ms
        2026-11-20 04:00:18.250 INFO  till-2 [pay.cash] order 88114 took 12 ms
            at some place in a trace
        2026-11-20 04:00:19.870 ERROR till-2 [pay.cash] drawer isn't closed and nobody is there

        """

    @Test func `list names every format with its kind`() async throws {
        let text = try await Command.ailogger(["formats", "list"] + Command.catalog)
        #expect(text.status == 0 && text.errors == "", "\(text.errors)")
        #expect(text.lines.contains { $0.hasPrefix("json ") && $0.contains("native") })
        let printed = try await Command.ailogger(["formats", "list", "--format", "json"] + Command.catalog)
        let listed = try #require(try JSONSerialization.jsonObject(with: printed.out) as? [[String: Any]])
        let kinds = Dictionary(uniqueKeysWithValues: listed.map { ($0["id"] as? String ?? "", $0["kind"] as? String) })
        #expect(kinds["json"] == "native" && kinds["cri"] == "yaml" && kinds["klog"] == "lua")
        #expect(listed.allSatisfy { $0["title"] is String && $0["priority"] is Int })
    }

    @Test func `a draft of sample lines passes its tests at once, and reads the lines`() async throws {
        let folder = try Folder()
        let made = try await Command.ailogger(["formats", "new", "till"], in: folder.path, input: Data(lines.utf8))
        #expect(made.status == 0 && made.errors == "", "\(made.errors)")
        #expect(made.text.contains("reads 4 of 5 lines"), "\(made.text)")
        let test = try await Command.ailogger(["formats", "test", "till", "--formats", "formats"], in: folder.path)
        #expect(test.status == 0, "\(test.text)")
        #expect(test.text.hasSuffix("1 golden files, 0 failed\n"), "\(test.text)")
        try folder.write(lines, "till.log")
        let parsed = try await Command.ailogger(["parse", "--format-name", "till", "till.log"], in: folder.path)
        let events = try parsed.lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(events.map { $0["format"] as? String } == ["till", "till", "till", "till"])
        #expect(events.map { $0["level"] as? String } == ["INFO", "WARNING", "INFO", "ERROR"])
        #expect(events.first?["timestamp"] as? String == "2026-11-20T04:00:16.120Z")
        let again = try await Command.ailogger(["formats", "new", "till"], in: folder.path, input: Data(lines.utf8))
        #expect(again.status == 2)
        let golden = folder.path + "/samples/till/expected.jsonl"
        let text = try String(contentsOfFile: golden, encoding: .utf8).replacing("88113", with: "88119")
        try folder.write(text, "samples/till/expected.jsonl")
        let failed = try await Command.ailogger(["formats", "test", "till", "--formats", "formats"], in: folder.path)
        #expect(failed.status == 1 && failed.text.contains("event 2 is"), "\(failed.text)")
    }

    @Test func `test of a log shows what no format reads first`() async throws {
        let folder = try Folder()
        try folder.write(
            "level=info msg=up n=1\nlevel=info msg=up n=2\nwhat is this?\nlevel=error msg=down n=3\n", "a.log")
        let result = try await Command.ailogger(["formats", "test", "a.log"] + Command.catalog, in: folder.path)
        #expect(result.status == 1)
        #expect(result.text.hasPrefix("a.log: 4 events, 1 of them read by no format\n"), "\(result.text)")
        let stranger = try #require(result.text.range(of: "3  what is this?"))
        let known = try #require(result.text.range(of: "logfmt: 3"))
        #expect(stranger.lowerBound < known.lowerBound)
        let nothing = try await Command.ailogger(["formats", "test", "no-such"] + Command.catalog, in: folder.path)
        #expect(nothing.status == 2)
    }

    @Test func `a format that is named is taken, and a wrong name is told with the right one`() async throws {
        let folder = try Folder()
        try folder.write("{\"msg\":\"x\"}\n", "a.log")
        let forced = try await Command.ailogger(
            ["parse", "--format-name", "logfmt", "a.log"] + Command.catalog, in: folder.path)
        #expect(forced.text.contains("\"format\":\"generic\""), "\(forced.text)")
        let wrong = try await Command.ailogger(
            ["parse", "--format-name", "jsn", "a.log"] + Command.catalog, in: folder.path)
        #expect(wrong.status == 2 && wrong.errors.contains("did you mean json?"), "\(wrong.errors)")
    }

    @Test func `explain-format says why, and what is inside`() async throws {
        let result = try await Command.ailogger(
            ["analyze", "--explain-format", "samples/compose/input.log"] + Command.catalog)
        #expect(result.text.contains("* compose"), "\(result.text)")
        #expect(result.text.contains("chosen, for it accepts most"), "\(result.text)")
        #expect(result.text.contains("inside compose, web-1: json"), "\(result.text)")
    }

    @Test func `lines that many programs write are a program's where one of its own is among them`() async throws {
        let folder = try Folder()
        let plain = "[INFO] Building shop 1.0\n[WARNING] cart: no stock\n[INFO] done\n"
        try folder.write(plain, "app.log")
        try folder.write("build starts\n\n[INFO] Scanning for projects...\n" + plain, "build.log")
        let app = try await Command.ailogger(
            ["analyze", "--explain-format", "app.log"] + Command.catalog, in: folder.path)
        #expect(app.text.hasPrefix("app.log: level-prefix"), "\(app.text)")
        #expect(app.text.contains("not chosen, for it reads some lines, but none is evidence"), "\(app.text)")
        let build = try await Command.ailogger(
            ["analyze", "--explain-format", "build.log"] + Command.catalog, in: folder.path)
        #expect(build.text.hasPrefix("build.log: maven"), "\(build.text)")
        #expect(build.text.contains("; line 3 is evidence of it"), "\(build.text)")
        let events = try await Command.ailogger(["parse", "build.log"] + Command.catalog, in: folder.path)
        #expect(events.text.contains(#""message":"cart: no stock","format":"maven""#), "\(events.text)")
    }
}
