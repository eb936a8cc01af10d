import Foundation
import Testing

/// Filters of the user's own, seen from what comes out.
@Suite struct FilterTests {
    private static let hide = """
        local M = { name = "hide", kind = "filter", api = 1 }
        function M.process(event) event.message = "" end
        M.samples = { { event = { message = "x" }, expect = { message = "" } } }
        return M
        """

    private static let log = """
        2026-11-20T04:00:00Z ERROR app: password hunter2secret of alice
        2026-11-20T04:00:01Z ERROR app: password hunter3secret of alice

        """

    @Test(arguments: ["text", "json", "html", "markdown", "sarif", "junit", "csv", "summary"])
    func `what a filter took out of a message is nowhere in a report`(format: String) async throws {
        let folder = try Folder()
        try folder.write(Self.hide, "plugins/hide/init.lua")
        try folder.write(Self.log, "a.log")
        let report = try await Command.ailogger(
            ["analyze", "--plugins", "plugins", "--use", "hide", "--format", format, "a.log"], in: folder.path)
        #expect(report.status == 0)
        #expect(!report.text.contains("hunter") && !report.text.contains("alice"), "\(report.text.prefix(2_000))")
    }

    @Test func `an own plugin that is defective gives way to no shipped one of its name`() async throws {
        let folder = try Folder()
        try folder.write("local M = {", "plugins/redact/init.lua")
        try folder.write(Self.log, "a.log")
        let run = try await Command.ailogger(["parse", "--use", "redact", "a.log"], in: folder.path)
        #expect(run.status == 2)
        #expect(run.errors.contains("plugin redact can't be used"), "\(run.errors)")
    }

    @Test(arguments: ["\u{FEFF}", "#!/usr/bin/env lua\n", "\u{FEFF}# made by hand\n"])
    func `a mark of UTF-8 and a line for the shell in front of a script are no code`(front: String) async throws {
        let folder = try Folder()
        try folder.write(front + Self.hide, "plugins/hide/init.lua")
        let run = try await Command.ailogger(["plugins", "test", "--plugins", "plugins", "hide"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test(
        arguments: [
            ([], "ab"), (["--since", "2026-11-20T04:00:01Z"], "b"), (["--until", "2026-11-20T04:00:01Z"], "a"),
            (["--level", "error"], "a"),
        ])
    func `a sink gets what the run is about, and once`(flags: [String], expected: String) async throws {
        let folder = try Folder()
        try folder.write(
            """
            local M = { name = "names", kind = "sink", api = 1, permissions = { "file:out.txt" } }
            local out = ailogger.output("file:out.txt")
            function M.write(event) out:write(event.message) end
            M.samples = { { event = { message = "m" }, expect = { ["file:out.txt"] = "m" } } }
            return M
            """, "plugins/names/init.lua")
        try folder.write(
            "2026-11-20T04:00:00Z ERROR x: a\n2026-11-20T04:00:01Z WARN x: b\n", "a.log")
        for command in ["analyze", "parse"] {
            let run = try await Command.ailogger(
                [command, "--plugins", "plugins", "--use", "names,names", "--allow", "file:out.txt"] + flags + [
                    "a.log"
                ],
                in: folder.path)
            #expect(run.status == 0, "\(run.errors)")
            #expect(try String(decoding: folder.read("out.txt"), as: UTF8.self) == expected, "\(command)")
        }
    }

    @Test(arguments: ["", "(*NO_JIT)"])
    func `many patterns that need a deep stack leave no memory behind`(way: String) async throws {
        let folder = try Folder()
        try folder.write(
            """
            local M = { name = "deep", kind = "filter", api = 1 }
            local kept = {}
            function M.process(event)
              local re = ailogger.regex("\(way)(?:(a)|b)*c?$" .. ("(?:)"):rep(#kept))
              kept[#kept + 1] = re
              pcall(re.test, re, event.message)
              event.fields.tried = #kept
            end
            M.samples = { { event = { message = "a" }, expect = { message = "a" } } }
            return M
            """, "plugins/deep/init.lua")
        let line = "2026-11-20T04:00:00Z INFO " + String(repeating: "a", count: 30_000) + "\n"
        try folder.write(String(repeating: line, count: 60), "a.log")
        // The kernel's highest mark, read until the process is gone: it began anew with the program.
        let run = try await Command.shell(
            """
            "$AILOGGER" parse --jobs 1 --plugins plugins --use deep --output out a.log &
            while mark=$(grep VmHWM "/proc/$!/status"); do last=$mark; done 2>/dev/null
            tail -n 1 out
            echo "$last"
            """, in: folder.path)
        #expect(run.text.contains("\"tried\":60"), "\(run.text.suffix(200)) \(run.errors.suffix(1_000))")
        let peak = run.lines.last?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        #expect(try #require(peak, "\(run.text.suffix(200))") < 200_000, "KiB")
    }
}
