import Foundation
import Testing

/// `--state`: what is unfinished at the end of a run, rotation, two runs at once, and alerts that are over in the next run.
@Suite struct KeptStateTests {
    private static let seen = """
        local M = { name = "seen", kind = "correlator", api = 1 }
        function M.process(event, ctx)
          local lines = 1
          for _ in event.raw:gmatch("\\n") do lines = lines + 1 end
          ctx:emit({ title = "seen", message = event.message:match("^[^\\n]*") .. " in " .. lines })
        end
        M.samples = { { events = {}, expect = {} } }
        return M
        """

    private static let alert = """
        local M = { name = "hot", kind = "correlator", api = 1 }
        function M.process(event, ctx)
          local change = ctx:threshold("k", { count = 2, within = "10s" })
          if change then ctx:alert({ title = "hot", key = "k", status = change, message = change .. " by an event" }) end
        end
        function M.cleared(ctx, key) ctx:alert({ title = "hot", key = key, status = "cleared", message = "over" }) end
        M.samples = { { events = {}, expect = {} } }
        return M
        """

    private static func line(_ second: Int, _ text: String) -> String {
        let clock = String(format: "%02d:%02d:%02d", 4 + second / 3_600, second / 60 % 60, second % 60)
        return "2026-11-20T\(clock)Z ERROR app: \(text)\n"
    }

    private static func findings(_ output: Output) throws -> [[String: Any]] {
        try output.lines.filter { $0.hasPrefix("{\"finding\"") }.map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    private static func messages(_ output: Output) throws -> [String] {
        try findings(output).compactMap { $0["message"] as? String }
    }

    private static func run(
        _ folder: Folder, _ logs: [String], use: String = "seen", quiet: Bool = true
    ) async throws -> Output {
        try await Command.ailogger(
            ["parse"] + (quiet ? ["-q"] : []) + ["--plugins", "plugins", "--use", use, "--state", "state"] + logs,
            in: folder.path)
    }

    private static func append(_ text: String, _ name: String, _ folder: Folder) throws {
        let handle = try #require(FileHandle(forWritingAtPath: "\(folder.path)/\(name)"))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    @Test(arguments: [
        "cannot do thi|ng for h2\n", "cannot do thing for h2\n|    at a.B(C.java:1)\n    at a.B(C.java:2)\n",
    ])
    func `an event that is cut at the end of a run is seen whole, once`(text: String) async throws {
        let folder = try Folder()
        try folder.write(Self.seen, "plugins/seen/init.lua")
        let parts = text.split(separator: "|").map(String.init)
        try folder.write(Self.line(0, "one") + Self.line(1, "").dropLast() + parts[0], "a.log")
        // A log counts as being written for 60 s after its last change, however long a busy machine takes to get here.
        let later = Date().addingTimeInterval(3_600)
        try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: folder.path + "/a.log")
        var found = try Self.messages(try await Self.run(folder, ["a.log"]))
        try Self.append(parts[1] + Self.line(500, "two") + Self.line(1_000, "three"), "a.log", folder)
        for _ in 0..<3 { found += try Self.messages(try await Self.run(folder, ["a.log"])) }
        let lines = parts[1].split(separator: "\n").count > 1 ? 3 : 1
        // What is within the lateness of the newest event waits for what may come.
        #expect(found == ["one in 1", "cannot do thing for h2 in \(lines)", "two in 1"])
    }

    @Test(arguments: ["mv a.log a.log.1", "cp a.log a.log.1; : > a.log", "gzip -c a.log > a.log.1.gz; : > a.log"])
    func `a log that was rotated is gone on with`(rotate: String) async throws {
        let folder = try Folder()
        try folder.write(Self.seen, "plugins/seen/init.lua")
        try folder.write((0..<5).map { Self.line($0 * 10, "e\($0)") }.joined(), "a.log")
        var found = try Self.messages(try await Self.run(folder, ["a.log"]))
        try Self.append(Self.line(50, "e5"), "a.log", folder)
        let script = "\(rotate); for i in 6 7 8 9; do echo \"2026-11-20T04:0$i:00Z ERROR app: e$i\" >> a.log; done"
        _ = try await Command.shell(script, in: folder.path)
        let logs = rotate.contains("gz") ? ["a.log.1.gz", "a.log"] : ["a.log.1", "a.log"]
        found += try Self.messages(try await Self.run(folder, logs))
        try Self.append(Self.line(2_000, "y") + Self.line(2_100, "z"), "a.log", folder)
        let last = try await Self.run(folder, logs, quiet: false)
        found += try Self.messages(last)
        #expect(found == (0..<10).map { "e\($0) in 1" } + ["y in 1"])
        #expect(!last.errors.contains("correlation"), "\(last.errors)")
    }

    @Test func `a log that was cut short and has grown beyond is read from its start, which is told`() async throws {
        let folder = try Folder()
        try folder.write(Self.seen, "plugins/seen/init.lua")
        try folder.write((0..<5).map { Self.line($0, "e\($0)") }.joined(), "a.log")
        _ = try await Self.run(folder, ["a.log"])
        let script =
            ": > a.log; for i in 1 2 3 4 5 6 7 8; do echo \"2026-11-20T04:1$i:00Z ERROR app: new $i\" >> a.log; done"
        _ = try await Command.shell(script, in: folder.path)
        let run = try await Self.run(folder, ["a.log"], quiet: false)
        #expect(try Self.messages(run).suffix(6) == (1...6).map { "new \($0) in 1" })
        #expect(run.errors.contains("a.log can't be the file that the last run read"), "\(run.errors)")
    }

    @Test func `what is older than what the last run has seen is left out, and told`() async throws {
        let folder = try Folder()
        try folder.write(Self.seen, "plugins/seen/init.lua")
        try folder.write(Self.line(1_000, "a") + Self.line(2_000, "b") + Self.line(3_000, "c"), "a.log")
        _ = try await Self.run(folder, ["a.log"])
        try folder.write(Self.line(0, "old") + Self.line(10, "older") + Self.line(20, "oldest"), "b.log")
        let run = try await Self.run(folder, ["b.log", "a.log"], quiet: false)
        #expect(try Self.messages(run).contains { $0.hasPrefix("old") } == false)
        #expect(run.errors.contains("left out"), "\(run.errors)")
    }

    @Test func `two runs don't share a folder of state`() async throws {
        let folder = try Folder()
        try folder.write(Self.seen, "plugins/seen/init.lua")
        try folder.write(Self.line(0, "a"), "a.log")
        let script = #"""
            mkdir state
            "$AILOGGER" parse --follow --plugins plugins --use seen --state state a.log > out 2> err &
            for i in $(seq 100); do [ -e state/lock ] && break; sleep 0.1; done
            "$AILOGGER" analyze --plugins plugins --use seen --state state a.log; echo "status $?"
            kill %1; wait %1
            "$AILOGGER" analyze -q --plugins plugins --use seen --state state a.log > /dev/null; echo "then $?"
            """#
        let run = try await Command.shell(script, in: folder.path, seconds: 60)
        #expect(run.lines == ["status 2", "then 0"])
        #expect(run.errors.contains("state: another run uses this --state folder"))
    }

    @Test func `an alert that is over in the next run is told there`() async throws {
        let folder = try Folder()
        try folder.write(Self.alert, "plugins/hot/init.lua")
        // A second log tells how far time has gone, with lines that are no alert's.
        try folder.write(Self.line(0, "a") + Self.line(1, "b") + Self.line(65, "x"), "a.log")
        let first = try Self.findings(try await Self.run(folder, ["a.log"], use: "hot"))
        #expect(first.map { $0["status"] as? String } == ["raised"])
        #expect(first.map { $0["key"] as? String } == ["k"])
        try Self.append(Self.line(300, "y") + Self.line(600, "z"), "a.log", folder)
        let report = try await Command.ailogger(
            ["analyze", "-q", "--format", "json", "--plugins", "plugins", "--use", "hot", "--state", "state", "a.log"],
            in: folder.path)
        #expect(report.text.contains("\"over\""), "\(report.text.prefix(2_000))")
    }

    @Test func `raised and cleared are findings of their own in parse`() async throws {
        let folder = try Folder()
        try folder.write(Self.alert, "plugins/hot/init.lua")
        try folder.write(Self.line(0, "a") + Self.line(1, "b") + Self.line(100, "c"), "a.log")
        let run = try await Command.ailogger(
            ["parse", "-q", "--plugins", "plugins", "--use", "hot", "a.log"], in: folder.path)
        let found = try Self.findings(run)
        #expect(found.map { $0["status"] as? String } == ["raised", "cleared"])
        #expect(found.map { $0["key"] as? String } == ["k", "k"])
        #expect(found.map { $0["message"] as? String } == ["raised by an event", "over"])
    }

    @Test func `a correlator that has forgotten all says so`() async throws {
        let folder = try Folder()
        let plugin = """
            local M = { name = "memo", kind = "correlator", api = 1 }
            function M.process(event, ctx)
              if event.message == "b" then while true do end end
              ctx.state.n = (ctx.state.n or 0) + 1
            end
            M.samples = { { events = {}, expect = {} } }
            return M
            """
        try folder.write(plugin, "plugins/memo/init.lua")
        try folder.write(Self.line(0, "a") + Self.line(1, "b") + Self.line(2, "c"), "a.log")
        let run = try await Command.ailogger(
            ["parse", "--plugins", "plugins", "--use", "memo", "a.log"], in: folder.path)
        #expect(run.errors.contains("all that the plugin knew"), "\(run.errors)")
        #expect(run.errors.contains("65536 KiB"), "\(run.errors)")
    }
}
