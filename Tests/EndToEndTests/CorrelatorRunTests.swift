import Foundation
import Testing

/// Correlators over runs that go on: with kept state, with plugins that change, with more findings than a report keeps.
@Suite struct CorrelatorRunTests {
    private static func plugin(_ name: String, _ kind: String, _ body: String) -> String {
        """
        local M = { name = "\(name)", kind = "\(kind)", api = 1 }
        \(body)
        M.samples = { { events = {}, expect = {} } }
        return M
        """
    }

    /// Says for each event how many there were.
    private static let count = plugin(
        "count", "correlator",
        """
        function M.process(event, ctx)
          ctx.state.n = (ctx.state.n or 0) + 1
          ctx:emit({ title = "count", message = event.message .. " is number " .. ctx.state.n })
        end
        """)

    private static let beat = plugin(
        "beat", "correlator",
        """
        function M.process(event, ctx) ctx:heartbeat(event.message, "40s") end
        function M.absent(ctx, key) ctx:emit({ title = "absent", message = key .. " is absent" }) end
        """)

    private static func line(_ second: Int, _ text: String) -> String {
        let clock = String(format: "%02d:%02d:%02d", 4 + second / 3_600, second / 60 % 60, second % 60)
        return "2026-11-20T\(clock)Z web1 app: \(text)\n"
    }

    private static func messages(_ output: Output) -> [String] {
        output.lines.filter { $0.hasPrefix("{\"finding\"") }.compactMap { line in
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?["message"] as? String
        }
    }

    private static let flood = plugin(
        "flood", "correlator",
        """
        function M.process(event, ctx)
          for i = 1, 1000 do
            ctx:emit({ title = "t", id = "i" .. i .. "-" .. event.line, message = ("y"):rep(100) })
          end
        end
        """)

    private static let large = plugin(
        "large", "correlator",
        """
        function M.process(event, ctx) ctx:emit({ title = "t", message = ("y"):rep(100000) }) end
        """)

    @Test func `a plugin that finds a thousand things in every event is told to, and the report ends`() async throws {
        let folder = try Folder()
        try folder.write(Self.flood, "plugins/flood/init.lua")
        try folder.write((0..<150).map { Self.line($0, "a") }.joined(), "a.log")
        let run = try await Command.ailogger(
            ["analyze", "--format", "json", "--plugins", "plugins", "--use", "flood", "a.log"], in: folder.path)
        #expect(run.status == 0)
        #expect(run.text.contains("finds more than is kept"))
    }

    @Test func `a finding is no place for a hundred kilobytes`() async throws {
        let folder = try Folder()
        try folder.write(Self.large, "plugins/large/init.lua")
        try folder.write((0..<3).map { Self.line($0, "a") }.joined(), "a.log")
        let run = try await Command.ailogger(
            ["analyze", "--format", "json", "--plugins", "plugins", "--use", "large", "a.log"], in: folder.path)
        #expect(run.text.contains("a finding holds at most 64 KiB"), "\(run.text)")
    }

    @Test func `what is late at the end of a run waits for the next one`() async throws {
        let folder = try Folder()
        try folder.write(Self.beat, "plugins/beat/init.lua")
        // Every 20 seconds, but the beat of 04:00:40 stands behind that of 04:01:10.
        let lines = [0, 20, 70, 40, 60, 80, 100].map { Self.line($0, "a") }
        let parse = ["parse", "-q", "--plugins", "plugins", "--use", "beat"]
        var found: [String] = []
        for end in [3, lines.count] {
            // The same file, longer.
            try folder.write(lines[..<end].joined(), "a.log")
            let run = try await Command.ailogger(parse + ["--state", "state", "a.log"], in: folder.path)
            #expect(run.status == 0)
            found += Self.messages(run)
        }
        let whole = try await Command.ailogger(parse + ["a.log"], in: folder.path)
        #expect(Self.messages(whole) == [])
        #expect(found == [])
    }

    @Test func `correlators go on counting when another plugin is reloaded`() async throws {
        let folder = try Folder()
        try folder.write(Self.count, "plugins/count/init.lua")
        try folder.write(
            Self.plugin("same", "filter", "function M.process(event) return event end")
                .replacing(
                    "{ events = {}, expect = {} }", with: #"{ event = { message = "a" }, expect = { message = "a" } }"#),
            "plugins/same/init.lua")
        let script = #"""
            say() { echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) web1 app: $1" >> a.log; }
            until_said() { for i in $(seq 150); do grep -q "$1" "$2" && return; sleep 0.2; done; }
            : > a.log
            "$AILOGGER" parse --follow --lateness 1s --plugins plugins --use same,count a.log > out 2> err &
            say one; until_said 'one is number' out
            echo '-- changed' >> plugins/same/init.lua; until_said reloaded err
            say two; until_said 'two is number' out
            say three; until_said 'three is number' out
            kill %1; wait %1
            cat out
            """#
        let run = try await Command.shell(script, in: folder.path, seconds: 100)
        #expect(Self.messages(run) == ["one is number 1", "two is number 2", "three is number 3"])
    }

    @Test func `parse tells every finding, in the order of time, the same with any number of jobs`() async throws {
        let folder = try Folder()
        try folder.write(Self.count, "plugins/count/init.lua")
        try folder.write((0..<300).map { Self.line($0, "e\($0)") }.joined(), "a.log")
        let expected = (0..<300).map { "e\($0) is number \($0 + 1)" }
        for jobs in ["1", "3"] {
            let run = try await Command.ailogger(
                ["parse", "-q", "--plugins", "plugins", "--use", "count", "--jobs", jobs, "a.log"], in: folder.path)
            #expect(Self.messages(run) == expected)
        }
    }

    @Test func `what a correlator keeps and can't be saved is said`() async throws {
        let folder = try Folder()
        let body = "function M.process(event, ctx) ctx.state.f = function() end end"
        // The first one doesn't wait for the next run.
        try folder.write(Self.plugin("keeps", "correlator", body), "plugins/keeps/init.lua")
        try folder.write(Self.line(0, "a") + Self.line(200, "b"), "a.log")
        let run = try await Command.ailogger(
            ["analyze", "--plugins", "plugins", "--use", "keeps", "--state", "state", "a.log"], in: folder.path)
        #expect(run.status == 0)
        #expect(run.errors.contains("plugin keeps: what it keeps can't be saved"))
    }

    @Test func `two sinks never write to one file, whatever its names`() async throws {
        let folder = try Folder()
        for (name, path) in [("one", "out.txt"), ("two", "./out.txt")] {
            let source = """
                local M = { name = "\(name)", kind = "sink", api = 1, permissions = { "file:\(path)" } }
                local out = ailogger.output("file:\(path)")
                function M.write(event) out:write(event.message, "\\n") end
                M.samples = { { event = { message = "a" }, expect = { ["file:\(path)"] = "a\\n" } } }
                return M
                """
            try folder.write(source, "plugins/\(name)/init.lua")
        }
        try folder.write(Self.line(0, "a"), "a.log")
        let allowed = ["--plugins", "plugins", "--allow", "file:out.txt", "--allow", "file:./out.txt"]
        let both = try await Command.ailogger(["parse", "--use", "one,two"] + allowed + ["a.log"], in: folder.path)
        #expect(both.status == 2)
        #expect(both.errors.contains("its output is that of another sink too"))
        let same = try await Command.ailogger(
            ["parse", "--use", "one", "-o", "out.txt"] + allowed + ["a.log"], in: folder.path)
        #expect(same.status == 2)
        #expect(same.errors.contains("--output would take its place"))
    }
}
