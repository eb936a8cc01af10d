import Foundation
import Testing

/// The README's commands run as they stand there.
@Suite struct ReadmeTests {
    /// Lines that begin with `$ ` in blocks marked `console`.
    private func commands() throws -> [String] {
        let text = try String(contentsOfFile: Command.root + "/README.md", encoding: .utf8)
        var commands: [String] = []
        var isConsole = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isConsole = line == "```console"
            } else if isConsole, line.hasPrefix("$ ") {
                commands.append(String(line.dropFirst(2)))
            }
        }
        return commands
    }

    @Test func `every command of the README works when pasted`() async throws {
        let commands = try commands()
        #expect(commands.count >= 5)
        let folder = try Folder.likeProject()
        let binary = (try Command.binary as NSString).deletingLastPathComponent
        for command in commands where !command.hasPrefix("make ") {
            let result = try await Command.shell(
                "export PATH=\"\(binary):$PATH\"; set -o pipefail; \(command)", in: folder.path)
            #expect(result.status == 0 && !result.timedOut, "\(command)\n\(result.errors)")
        }
    }
}
