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

    @Test func `it takes a terminal, and text`() async throws {
        let piped = try await Command.ailogger(["analyze", "--follow", "samples/log4j"])
        #expect(piped.status == 2)
        #expect(piped.errors.contains("ailogger parse --follow"))
        let json = try await Command.ailogger(["analyze", "--follow", "--format", "json", "samples/log4j"])
        #expect(json.status == 2)
    }
}
