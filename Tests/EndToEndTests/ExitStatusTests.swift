import Foundation
import Testing

/// 0 done, 1 what `--fail-on` names was found, 2 could not.
@Suite struct ExitStatusTests {
    private let sample = "samples/kernel-dmesg/input.log"

    @Test(arguments: [
        ["analyze", "--nope"], ["nope"], ["analyze", "--level", "LOUD", "samples/json"],
        ["analyze", "--since", "yesterdayish", "samples/json"], ["analyze", "--until", "2026-13-45", "samples/json"],
        ["analyze", "--jobs", "0", "samples/json"], ["analyze", "--jobs", "many", "samples/json"],
        ["analyze", "--format", "xml", "samples/json"], ["parse", "--format", "xml", "samples/json"],
        ["analyze", "--fail-on", "no-such-rule", "samples/json"], ["analyze", "--top", "x", "samples/json"],
        ["analyze", "--width", "wide", "samples/json"], ["merge"], ["merge", "/dev/null"],
        ["merge", "samples/json/input.log"], ["rules", "show", "no.such-rule"],
        ["analyze", "--rules", "/nonexistent", "samples/json"], ["plugins", "test", "no-such-plugin"],
        ["analyze", "--output", "/nonexistent/report", "samples/json"],
    ])
    func `wrong use is 2, and the message says what is wrong and where help is`(arguments: [String]) async throws {
        let result = try await Command.ailogger(arguments)
        #expect(result.status == 2 && !result.timedOut)
        #expect(result.text == "")
        #expect(result.errors.contains("rror: "), "\(result.errors)")
        // The word that is wrong stands in the message.
        let word = arguments.last { !$0.hasPrefix("samples") } ?? ""
        #expect(result.errors.contains(word) || arguments == ["merge", "samples/json/input.log"], "\(result.errors)")
        #expect(!result.errors.contains("Fatal") && !result.errors.contains("SourceError("), "\(result.errors)")
    }

    @Test(arguments: [["--help"], ["analyze", "--help"], ["parse", "--help"], ["check", "--help"], ["--version"]])
    func `help and version are 0`(arguments: [String]) async throws {
        let result = try await Command.ailogger(arguments)
        #expect(result.status == 0)
        #expect(!result.text.isEmpty)
        #expect(result.errors == "")
        #expect(arguments.count < 2 || result.text.contains("EXAMPLES"), "\(result.text)")
    }

    @Test func `an output that is an input is refused, and the input stays as it was`() async throws {
        let folder = try Folder()
        try folder.write("2026-11-20 10:00:00 ERROR no answer\n", "a.log")
        let path = folder.url("a.log").path
        for command in ["parse", "analyze"] {
            let result = try await Command.ailogger([command, path, "--output", path])
            #expect(result.status == 2)
            #expect(result.errors.contains("is one of the inputs"), "\(result.errors)")
        }
        #expect(try String(decoding: folder.read("a.log"), as: UTF8.self) == "2026-11-20 10:00:00 ERROR no answer\n")
    }

    @Test func `a file in a folder that is no text is left alone and said, and is no error`() async throws {
        let folder = try Folder()
        try folder.write("2026-11-20 10:00:00 ERROR no answer\n", "a.log")
        try folder.write(Data((0..<4_096).map { UInt8($0 % 7) }), "picture.log")
        let result = try await Command.ailogger(["analyze", "--width", "160", folder.path])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.text.contains("picture.log: looks like no text"), "\(result.text)")
    }

    @Test(arguments: [["-j1"], ["-j", "1"], ["--jobs", "1"], ["--jobs=1"]])
    func `the number of workers is taken as make takes it`(
        flags: [String]
    ) async throws {
        let result = try await Command.ailogger(["analyze"] + flags + [sample])
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `more files than can be open at once are read`() async throws {
        let folder = try Folder()
        for number in 0..<200 { try folder.write("2026-11-20 10:00:00 ERROR no answer\n", "\(number).log") }
        let result = try await Command.shell("ulimit -n 32; \"$AILOGGER\" analyze '\(folder.path)'")
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.contains("200 files"), "\(result.text)")
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func `completions are written for every shell`(shell: String) async throws
    {
        let result = try await Command.ailogger(["--generate-completion-script", shell])
        #expect(result.status == 0)
        #expect(result.text.contains("explain-format"))
    }

    @Test func `an input that cannot be read is 2, and the others are analysed`() async throws {
        let paths = ["/nonexistent/a.log", sample, "samples/bad/logs/truncated/truncated.log.gz"]
        let report = try await Command.ailogger(["analyze", "--format", "json"] + paths)
        #expect(report.status == 2)
        let object = try #require(try JSONSerialization.jsonObject(with: report.out) as? [String: Any])
        let totals = try #require(object["totals"] as? [String: Any])
        #expect(totals["events"] as? Int ?? 0 > 10)
        let text = try await Command.ailogger(["analyze", "--color", "never", "--width", "200"] + paths)
        #expect(text.status == 2)
        let said = text.text + text.errors
        #expect(said.contains("/nonexistent/a.log: No such file or directory"), "\(said)")
        #expect(said.contains("cut off at compressed byte"), "\(said)")

        let parsed = try await Command.ailogger(["parse"] + paths)
        #expect(parsed.status == 2)
        #expect(parsed.lines.count { $0.contains("\"source\":\"\(sample)\"") } > 10)
        #expect(parsed.errors.contains("/nonexistent/a.log"))
        #expect(parsed.errors.contains("cut off at compressed byte"))
    }

    @Test func `a folder without permission, a FIFO and a dangling link are a line each`() async throws {
        let folder = try Folder()
        try folder.write("2026-11-22 10:00:00 ERROR no answer\n", "logs/a.log")
        try folder.write("2026-11-22 10:00:00 ERROR secret\n", "logs/secret.log")
        try folder.write("x\n", "logs/closed/b.log")
        // Root may read everything: then the test runs as nobody.
        let script = """
            chmod 755 . && mkfifo logs/pipe && ln -s gone logs/dangling && chmod 000 logs/secret.log logs/closed
            cp "$AILOGGER" ./ailogger && chmod 755 ./ailogger
            as=; if [ "$(id -u)" = 0 ]; then as='setpriv --reuid=65534 --regid=65534 --clear-groups'; fi
            $as ./ailogger parse logs; status=$?
            chmod 755 logs/closed
            exit $status
            """
        let result = try await Command.shell(script, in: folder.path)
        #expect(result.status == 2 && !result.timedOut)
        #expect(result.lines.count == 1, "\(result.text)")
        #expect(result.text.contains("no answer"))
        let complaints = result.errors.split(separator: "\n")
        for (name, reason) in [
            ("logs/secret.log", "Permission denied"), ("logs/closed", "Permission denied"),
            ("logs/pipe", "not a regular file"), ("logs/dangling", "No such file or directory"),
        ] {
            let lines = complaints.filter { $0.contains(name) }
            #expect(lines.count == 1 && lines.allSatisfy { $0.contains(reason) }, "\(name): \(result.errors)")
        }
    }

    @Test(arguments: [
        ("error", Int32(1)), ("critical", 1), ("kernel.out-of-memory-killer", 1), ("nginx.upstream-refused", 0),
    ])
    func `--fail-on is 1 where the level or the rule was met`(what: String, status: Int32) async throws {
        let rules = try await Command.ailogger(["rules", "list"])
        // Rules may be renamed: then any of that product does.
        let product = what.prefix { $0 != "." }
        let ids = rules.text.split { $0 == " " || $0 == "\n" }.filter { $0.hasPrefix(product + ".") }.map(String.init)
        let names = what.contains(".") ? ids : [what]
        #expect(!names.isEmpty)
        let result = try await Command.ailogger(["analyze", sample] + names.flatMap { ["--fail-on", $0] })
        #expect(result.status == status, "\(names)")
        #expect(!result.text.isEmpty)
    }

    @Test func `--fail-on counts only what the filters let through`() async throws {
        let before = try await Command.ailogger(["analyze", "--until", "1990-01-01", "--fail-on", "warning", sample])
        #expect(before.status == 0)
    }

    @Test func `explain is 1 for a text that no rule knows, 0 for one that a rule knows`() async throws {
        let known = #"connection to server at "db1" (192.0.2.5), port 5432 failed: Connection refused"#
        let found = try await Command.ailogger(["explain", known])
        #expect(found.status == 0)
        #expect(found.text.contains("postgres.connection-refused") && found.text.contains("https://"))
        let piped = try await Command.ailogger(["explain"], input: Data((known + "\n").utf8))
        #expect(piped.status == 0)
        #expect(piped.text.contains("postgres.connection-refused"))
        #expect(try await Command.ailogger(["explain", "all is well and nobody complains"]).status == 1)
    }
}
