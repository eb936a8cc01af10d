import Foundation
import Testing

/// A fenced block of a page below docs/.
private struct Block {
    var language: String
    /// The last line of text above it.
    var lead: String
    var lines: [String] = []

    var text: String { lines.joined(separator: "\n") + "\n" }

    /// Where a reader is told to save it: the path at the end of "Save this as `path`:".
    var path: String? {
        guard lead.hasSuffix("`:"), language != "console" else { return nil }
        return lead.dropLast(2).split(separator: "`", omittingEmptySubsequences: false).last.map(String.init)
    }

    /// Commands, with what is shown below each. A command goes on behind a backslash at the end of its line.
    var commands: [(command: String, shown: [String])] {
        var commands: [(command: String, shown: [String])] = []
        var isOpen = false
        for line in lines {
            if isOpen {
                commands[commands.count - 1].command += "\n" + line
            } else if line.hasPrefix("$ ") {
                commands.append((String(line.dropFirst(2)), []))
            } else if !commands.isEmpty {
                commands[commands.count - 1].shown.append(line)
                continue
            }
            isOpen = line.hasSuffix("\\")
        }
        return commands
    }

    static func all(of page: String) throws -> [Block] {
        let text = try String(contentsOfFile: "\(Command.root)/docs/\(page).md", encoding: .utf8)
        var blocks: [Block] = []
        var lead = ""
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("```") {
                isInside.toggle()
                if isInside { blocks.append(Block(language: String(line.dropFirst(3)), lead: lead)) }
            } else if isInside {
                blocks[blocks.count - 1].lines.append(line)
            } else if !line.isEmpty {
                lead = line
            }
        }
        return blocks
    }
}

/// Whether text is as shown: `…` stands for anything within a line, and alone for any number of lines.
private func matches(_ text: String, _ shown: [String]) throws -> Bool {
    let pattern = shown.map { line in
        if line == "…" { return "(?:.*\n)*?" }
        let parts = line.split(separator: "…", omittingEmptySubsequences: false)
        return parts.map { NSRegularExpression.escapedPattern(for: String($0)) }.joined(separator: ".*") + "\n"
    }
    let expression = try NSRegularExpression(pattern: "\\A" + pattern.joined() + "\\z")
    return expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
}

/// What docs/ says of plugins holds when it is pasted.
@Suite struct GuideTests {
    private func paste(_ command: String, in folder: Folder) async throws -> Output {
        let binary = (try Command.binary as NSString).deletingLastPathComponent
        return try await Command.shell(
            "export PATH=\"\(binary):$PATH\"; set -o pipefail; exec 2>&1\n\(command)", in: folder.path)
    }

    @Test func `the plugin guide does what it shows, and ends with the files of docs/example`() async throws {
        let folder = try Folder()
        var files: [String] = []
        var count = 0
        for block in try Block.all(of: "plugin-guide") {
            if let path = block.path {
                try folder.write(block.text, path)
                files.append(path)
            }
            for (command, shown) in block.language == "console" ? block.commands : [] {
                let result = try await paste(command, in: folder)
                #expect(result.status == 0 && !result.timedOut, "\(command)\n\(result.text)")
                if !shown.isEmpty { #expect(try matches(result.text, shown), "\(command)\n\(result.text)") }
                count += 1
            }
        }
        #expect(count >= 10)
        let kept = files.filter { $0.hasPrefix("plugins/") || $0.hasSuffix(".log") }
        #expect(kept.count >= 5)
        for path in kept {
            let example = try Data(contentsOf: URL(fileURLWithPath: "\(Command.root)/docs/example/\(path)"))
            #expect(try folder.read(path) == example, "docs/example/\(path)")
        }
    }

    @Test(arguments: ["plugins", "correlation"])
    func `plugins shown in the reference load and pass their samples`(page: String) async throws {
        let folder = try Folder()
        let name = try NSRegularExpression(pattern: #"name = "([a-z_]+)""#)
        var count = 0
        for block in try Block.all(of: page) where block.language == "lua" && block.lines.last == "return M" {
            let text = block.text
            guard let found = name.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)),
                let range = Range(found.range(at: 1), in: text)
            else { continue }
            try folder.write(text, "plugins/\(text[range])/init.lua")
            count += 1
        }
        #expect(count >= 1)
        let result = try await paste("ailogger plugins test --plugins plugins", in: folder)
        #expect(result.status == 0, "\(result.text)")
    }

    @Test func `the library gives what docs/plugins.md says`() async throws {
        let folder = try Folder()
        var count = 0
        for block in try Block.all(of: "plugins") where block.lines.contains(where: { $0.contains("-->") }) {
            let lines = block.lines.map { line in line.components(separatedBy: "-->") }
            try folder.write(lines.map { $0[0] }.joined(separator: "\n") + "\n", "input")
            let result = try await paste("ailogger plugins repl < input", in: folder)
            let said = lines.filter { $0.count > 1 }.map { $0[1].trimmingCharacters(in: .whitespaces) }
            #expect(result.text.split(separator: "\n").map(String.init) == said)
            count += said.count
        }
        #expect(count >= 20)
    }
}
