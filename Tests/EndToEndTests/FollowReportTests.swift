import Foundation
import Testing

/// `ailogger analyze --follow`, in a real terminal.
@Suite(.serialized) struct FollowReportTests {
    private static let catalog = Command.catalog.joined(separator: " ")

    @Test func `the report grows with the log, over rotation, and is printed in the end`() async throws {
        let folder = try Folder()
        let log = folder.path + "/app.log"
        try folder.write("2026-11-22 10:00:00,000 INFO [main] shop.Cart - served\n", "app.log")
        let terminal = try await Tmux("\"$AILOGGER\" analyze --follow \(Self.catalog) '\(log)'")
        var screen = try await terminal.screen(with: "1 event")
        #expect(screen.contains("following"), "\(screen)")
        let error = "2026-11-22 10:00:01,000 ERROR [main] shop.Cart - No space left on device"
        _ = try await Command.shell("echo '\(error)' >> '\(log)'")
        screen = try await terminal.screen(with: "A file system is full")
        #expect(screen.contains("2 events"), "\(screen)")
        _ = try await Command.shell("mv '\(log)' '\(log).1'; echo '\(error)' > '\(log)'")
        screen = try await terminal.screen(with: "3 events")
        #expect(screen.contains("2x"), "\(screen)")
        // The first of them is where the old file is now.
        screen = try await terminal.screen(with: "app.log.1:2")
        _ = try await Command.shell("rm '\(log).1'")
        screen = try await terminal.screen(with: "app.log (removed):2")
        try await terminal.send("C-c")
        screen = try await terminal.screen(with: "status 0")
        #expect(screen.contains("3 events") && !screen.contains("following"), "\(screen)")
    }

    @Test func `standard input that ends ends it`() async throws {
        let terminal = try await Tmux("cat samples/log4j/input.log | \"$AILOGGER\" analyze --follow \(Self.catalog) -")
        let screen = try await terminal.screen(with: "status 0")
        #expect(screen.contains("understood"), "\(screen)")
    }

    @Test func `a log that comes later is waited for, and one that comes into the folder is read, rotated ones once`()
        async throws
    {
        let folder = try Folder()
        let log = folder.path + "/app.log"
        let terminal = try await Tmux(
            "\"$AILOGGER\" analyze --follow \(Self.catalog) '\(log)' '\(folder.path)/more'")
        try folder.write("2026-11-22 10:00:00,000 INFO [main] shop.Cart - served\n", "app.log")
        _ = try await terminal.screen(with: "1 event")
        try folder.write("2026-11-22 10:00:01,000 ERROR [main] shop.Cart - No space left on device\n", "more/b.log")
        _ = try await terminal.screen(with: "2 events")
        _ = try await Command.shell(
            "cd '\(folder.path)/more' && mv b.log b.log.1 && echo '2026-11-22 10:00:02,000 INFO [main] shop.Cart - up' > b.log"
        )
        _ = try await terminal.screen(with: "3 events")
        // Time to look through the folder again.
        _ = try await Command.shell("sleep 5")
        let screen = try await terminal.screen(with: "3 events")
        #expect(screen.contains("more/b.log.1:1"), "\(screen)")
        try await terminal.send("q")
        _ = try await terminal.screen(with: "status 0")
    }

    @Test func `what correlators find while the log is silent is shown`() async throws {
        let folder = try Folder()
        let log = folder.path + "/auth.log"
        let terminal = try await Tmux("\"$AILOGGER\" analyze --follow --lateness 2s \(Self.catalog) '\(log)'")
        _ = try await Command.shell(
            """
            for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
                echo "$(date -u '+%b %e %T') web sshd[70$i]: Failed password for root from 192.0.2.7 port 40$i ssh2"
            done > '\(log)'
            """)
        let screen = try await terminal.screen(with: "Many failed SSH logins")
        #expect(screen.contains("12 events"), "\(screen)")
        try await terminal.send("q")
        _ = try await terminal.screen(with: "status 0")
    }

    @Test(arguments: ["cloudtrail", "otlp"])
    func `documents that hold many events are taken apart as they come`(sample: String) async throws {
        let path = "samples/\(sample)/input.log"
        let expected = try await Command.shell("\"$AILOGGER\" parse \(Self.catalog) '\(path)'")
        let slowly = "(head -c 2000 '\(path)'; sleep 0.5; tail -c +2001 '\(path)')"
        let piped = try await Command.shell("\(slowly) | \"$AILOGGER\" parse --follow \(Self.catalog) -")
        #expect(expected.lines.count > 3)
        #expect(piped.lines.count == expected.lines.count, "\(piped.text)")
    }

    @Test func `the last event counts when standard input ends, and when the run is ended`() async throws {
        let lines = "for i in 1 2 3; do echo \"2026-11-20T04:00:0${i}Z ERROR svc: tick $i failed\"; sleep 0.1; done"
        let piped = try await Command.shell("(\(lines)) | \"$AILOGGER\" parse --follow \(Self.catalog) -")
        #expect(piped.lines.count == 3, "\(piped.text)")
        let stopped = try await Command.shell(
            """
            cd "$(mktemp -d)" && printf '2026-11-20T04:00:01Z ERROR svc: one\\n' > a.log
            timeout -s INT 3 "$AILOGGER" parse --follow \(Self.catalog) a.log &
            sleep 2; printf '2026-11-20T04:00:02Z ERROR svc: two\\n2026-11-20T04:00:03Z half' >> a.log; wait
            """)
        #expect(stopped.lines.count == 2 && stopped.text.contains("two"), "\(stopped)")
        #expect(!stopped.text.contains("half"))
    }

    @Test func `a trace that is written in pieces is one event, whatever the pauses`() async throws {
        let folder = try Folder()
        let script = #"""
            until_said() { for i in $(seq 150); do grep -q "$1" out && return; sleep 0.2; done; }
            printf '2026-11-20T04:00:00Z INFO shop: started\n2026-11-20T04:00:00Z INFO shop: ready\n' > a.log
            "$AILOGGER" parse --follow \#(Self.catalog) a.log > out &
            until_said started
            echo '2026-11-20T04:00:01Z ERROR shop: no answer' >> a.log
            printf 'java.io.IOException: clo' >> a.log; sleep 0.3
            printf 'sed\n\tat shop.Cart.load(Cart.java:42)\n' >> a.log; sleep 0.3
            printf '\tat shop.Main.main(Main.java:7)\nCaused by: java.lang.Error\n\t... 2 more\n' >> a.log
            printf '2026-11-20T04:00:02Z INFO shop: retry\n2026-11-20T04:00:03Z INFO shop: done\n' >> a.log
            until_said retry; kill %1; wait %1
            cat out
            """#
        let run = try await Command.shell(script, in: folder.path, seconds: 100)
        #expect(run.lines.filter { $0.contains("no answer") }.count == 1, "\(run)")
        #expect(run.lines.filter { $0.contains("IOException") || $0.contains("Main.java") }.count == 1)
        #expect(run.text.contains(#"java.io.IOException: closed\n\tat shop.Cart.load(Cart.java:42)\n\tat shop.Main"#))
        #expect(run.text.contains(#"\n\t... 2 more""#) && run.text.contains("retry"))
    }

    @Test func `it takes a terminal, and text`() async throws {
        let piped = try await Command.ailogger(["analyze", "--follow", "samples/log4j"])
        #expect(piped.status == 2)
        #expect(piped.errors.contains("ailogger parse --follow"))
        let json = try await Command.ailogger(["analyze", "--follow", "--format", "json", "samples/log4j"])
        #expect(json.status == 2)
    }
}
