import Foundation
import Testing

/// `ailogger browse`, in a real terminal.
@Suite(.serialized) struct BrowseTests {
    private static let catalog = Command.catalog.joined(separator: " ")

    /// Errors of one rule among plain lines, ten lines apart.
    private func log(lines: Int = 2_000) throws -> Folder {
        let folder = try Folder()
        var text = ""
        for line in 1...lines {
            let time = "2026-11-22 10:\(String(format: "%02d:%02d", line / 60 % 60, line % 60)),000"
            text +=
                line % 500 == 100
                ? "\(time) ERROR [main] shop.Cart - No space left on device, line \(line)\n"
                : "\(time) INFO [main] shop.Cart - served 世界 in \(line) ms\n"
        }
        try folder.write(text, "app.log")
        return folder
    }

    @Test func `findings lead to their lines, and from event to event`() async throws {
        let folder = try log()
        let terminal = try await Tmux("\"$AILOGGER\" browse \(Self.catalog) '\(folder.path)/app.log'")
        var screen = try await terminal.screen(with: "findings 1")
        #expect(screen.contains("A file system is full"), "\(screen)")
        #expect(screen.contains("4x"), "\(screen)")
        try await terminal.send("Enter")
        screen = try await terminal.screen(with: "cause")
        #expect(screen.contains("disk.no-space-left"), "\(screen)")
        try await terminal.send("Enter")
        screen = try await terminal.screen(with: "100▌")
        #expect(screen.contains("No space left on device"), "\(screen)")
        #expect(screen.contains("served 世界 in 99 ms"), "\(screen)")
        try await terminal.send("]")
        screen = try await terminal.screen(with: "600▌")
        #expect(screen.contains("line 600, "), "\(screen)")
        try await terminal.send("[")
        screen = try await terminal.screen(with: "100▌")
        try await terminal.send("e")
        screen = try await terminal.screen(with: "600▌")
        try await terminal.send("Enter")
        screen = try await terminal.screen(with: "component")
        #expect(screen.contains("shop.Cart"), "\(screen)")
        try await terminal.send("q", "q", "q", "q")
        screen = try await terminal.screen(with: "status 0")
        #expect(!screen.contains("findings"), "\(screen)")
    }

    @Test func `lines are reached by number, time, search and end`() async throws {
        let folder = try log()
        let terminal = try await Tmux("\"$AILOGGER\" browse \(Self.catalog) '\(folder.path)/app.log'")
        _ = try await terminal.screen(with: "findings 1")
        try await terminal.send("BTab")
        _ = try await terminal.screen(with: "log4j")
        try await terminal.send("Enter")
        _ = try await terminal.screen(with: "line 1,")
        try await terminal.type("1234g")
        var screen = try await terminal.screen(with: "1234▌")
        #expect(screen.contains("in 1234 ms"), "\(screen)")
        try await terminal.type("/1500 MS")
        try await terminal.send("Enter")
        screen = try await terminal.screen(with: "Not found")
        #expect(screen.contains("Not found further on: 1500 MS"), "\(screen)")
        try await terminal.type("/ 15\\d0 ms")
        try await terminal.send("Enter")
        _ = try await terminal.screen(with: "1500▌")
        try await terminal.send("n")
        _ = try await terminal.screen(with: "1510▌")
        try await terminal.send("N")
        _ = try await terminal.screen(with: "1500▌")
        try await terminal.type("t10:05:00")
        try await terminal.send("Enter")
        screen = try await terminal.screen(with: "300▌")
        #expect(screen.contains("10:05:00,000"), "\(screen)")
        try await terminal.send("G")
        screen = try await terminal.screen(with: "2000▌")
        #expect(screen.contains("in 2000 ms"), "\(screen)")
        for _ in 0..<30 { try await terminal.send("b") }
        screen = try await terminal.screen(without: "line 2,000")
        try await terminal.send("Q")
        _ = try await terminal.screen(with: "status 0")
    }

    @Test func `compressed files are read the same way`() async throws {
        let folder = try log()
        _ = try await Command.shell("gzip '\(folder.path)/app.log'")
        let terminal = try await Tmux("\"$AILOGGER\" browse \(Self.catalog) '\(folder.path)/app.log.gz'")
        _ = try await terminal.screen(with: "findings 1")
        try await terminal.send("Enter", "Enter")
        _ = try await terminal.screen(with: "100▌")
        try await terminal.send("]")
        let screen = try await terminal.screen(with: "600▌")
        #expect(screen.contains("line 600, "), "\(screen)")
    }

    @Test func `standard input can be browsed`() async throws {
        let folder = try log()
        let terminal = try await Tmux("cat '\(folder.path)/app.log' | \"$AILOGGER\" browse \(Self.catalog) -")
        _ = try await terminal.screen(with: "findings 1")
        try await terminal.send("Enter", "Enter")
        _ = try await terminal.screen(with: "100▌")
        try await terminal.send("Q")
        _ = try await terminal.screen(with: "status 0")
    }

    @Test func `filters, sizes and a summary`() async throws {
        let folder = try Folder()
        let summary = folder.path + "/samples.summary"
        let made = try await Command.ailogger(
            ["analyze", "--format", "summary", "-o", summary, "samples/log4j"] + Command.catalog)
        #expect(made.status == 0, "\(made.errors)")
        let terminal = try await Tmux("\"$AILOGGER\" browse \(Self.catalog) '\(summary)'", width: 160, height: 50)
        _ = try await terminal.screen(with: "findings")
        try await terminal.send("6")
        _ = try await terminal.screen(with: "only CRITICAL and worse")
        try await terminal.send("Escape")
        _ = try await terminal.screen(with: "Filter off.")
        try await terminal.resize(20, 5)
        var screen = try await terminal.screen(without: "Tab view")
        #expect(screen.contains("1  "), "\(screen)")
        try await terminal.resize(100, 30)
        screen = try await terminal.screen(with: "templates")
        try await terminal.send("Q")
        _ = try await terminal.screen(with: "status 0")
    }

    @Test func `it can be suspended, and a signal leaves the terminal as it was`() async throws {
        let folder = try log(lines: 200)
        let terminal = try await Tmux(
            "set -m; \"$AILOGGER\" browse \(Self.catalog) '\(folder.path)/app.log'; echo stopped; stty -a | grep -o ' icanon'; read -r line; fg"
        )
        _ = try await terminal.screen(with: "findings 1")
        try await terminal.send("C-z")
        var screen = try await terminal.screen(with: " icanon")
        #expect(screen.contains("stopped") && !screen.contains("findings 1"), "\(screen)")
        try await terminal.send("Enter")
        screen = try await terminal.screen(with: "findings 1")
        #expect(screen.contains("A file system is full"), "\(screen)")
        try await terminal.send("Q")
        screen = try await terminal.screen(with: "status 0")
        #expect(!screen.contains("no such job"), "\(screen)")
        let other = try await Tmux(
            "(sleep 2; pkill -TERM -P $$ ailogger) & \"$AILOGGER\" browse \(Self.catalog) '\(folder.path)/app.log'")
        screen = try await other.screen(with: "status 143")
        #expect(!screen.contains("findings"), "\(screen)")
    }

    @Test func `without a terminal it says what to do instead`() async throws {
        let result = try await Command.ailogger(["browse", "samples/log4j"])
        #expect(result.status == 2)
        #expect(result.errors.contains("browse needs a terminal"))
        #expect(result.errors.contains("ailogger analyze"))
        let terminal = try await Tmux("\"$AILOGGER\" browse samples/log4j", environment: ["TERM": "dumb"])
        let screen = try await terminal.screen(with: "status 2")
        #expect(screen.contains("TERM=dumb"), "\(screen)")
    }
}
