import Foundation
import Testing

/// Summaries as files: what they are taken for, and what happens to one that is given twice.
@Suite struct SummaryFileTests {
    private func folder() async throws -> Folder {
        let folder = try Folder()
        let lines = (1...6).map { "2026-11-20 10:00:0\($0),000 ERROR [main] shop.Cart - no answer from till \($0)\n" }
        try folder.write(lines[..<3].joined(), "a.log")
        try folder.write(lines.joined(), "b.log")
        for (name, log) in [("one.summary", "a.log"), ("two.summary", "b.log")] {
            let saved = try await Command.ailogger(
                ["analyze", "--format", "summary", "-o", name, log] + Command.catalog, in: folder.path)
            #expect(saved.status == 0, "\(saved.errors)")
        }
        return folder
    }

    @Test(arguments: ["analyze", "parse"])
    func `a summary is no log, and what to do with it is said`(command: String) async throws {
        let folder = try await folder()
        let width = command == "analyze" ? ["--width", "160"] : []
        let arguments = [command, "a.log", "one.summary"] + width + Command.catalog
        let result = try await Command.ailogger(arguments, in: folder.path)
        #expect(result.status == 2)
        let said = result.text + result.errors
        #expect(said.contains("one.summary: "), "\(said)")
        #expect(said.contains("a saved summary, no log: `ailogger merge` makes its report"), "\(said)")
        #expect(command == "parse" || result.text.contains("3 events"), "\(said)")
    }

    @Test func `one in a folder is left alone, and said`() async throws {
        let folder = try await folder()
        let result = try await Command.ailogger(["analyze", "."] + Command.catalog, in: folder.path)
        #expect(result.status == 0)
        #expect(result.text.contains("9 events"), "\(result.text)")
        #expect(result.errors.contains("one.summary: a saved summary"), "\(result.errors)")
        let quiet = try await Command.ailogger(["analyze", "--quiet", "."] + Command.catalog, in: folder.path)
        #expect(quiet.errors == "")
    }

    @Test func `the same summary counts once`() async throws {
        let folder = try await folder()
        try folder.write(try folder.read("one.summary"), "copy.summary")
        let result = try await Command.ailogger(
            ["merge", "--width", "120", "one.summary", "one.summary", "copy.summary", "two.summary"], in: folder.path)
        #expect(result.status == 0)
        #expect(result.text.contains("9 events"), "\(result.text)")
        #expect(result.text.contains("one.summary: given twice, counted once"), "\(result.text)")
        #expect(result.text.contains("copy.summary: the same as one.summary, counted once"), "\(result.text)")
    }

    @Test func `a log that stands in two summaries is said to count twice`() async throws {
        let folder = try await folder()
        let grown = try String(decoding: folder.read("b.log"), as: UTF8.self)
        try folder.write(grown + "2026-11-20 10:00:09,000 ERROR [main] shop.Cart - no answer from till 9\n", "b.log")
        let saved = try await Command.ailogger(
            ["analyze", "--format", "summary", "-o", "later.summary", "b.log"] + Command.catalog, in: folder.path)
        #expect(saved.status == 0)
        let result = try await Command.ailogger(
            ["merge", "--format", "json", "two.summary", "later.summary", "one.summary"], in: folder.path)
        let object = try #require(try JSONSerialization.jsonObject(with: result.out) as? [String: Any])
        #expect(
            object["warnings"] as? [String] == [
                "later.summary and two.summary were both made of b.log: what stands in both is counted twice"
            ])
    }

    @Test func `what is ended while it writes leaves no part of a file behind`() async throws {
        let folder = try Folder()
        let script =
            "(seq 300000; sleep 20) | \"$AILOGGER\" analyze -o report.txt - & for i in {1..60}; do ls | grep part && break; sleep 0.3; done; kill -TERM $!; wait $!; echo \"status $?\"; ls -a"
        let result = try await Command.shell(script, in: folder.path)
        #expect(result.text.split(separator: "\n").first?.hasSuffix(".part") == true, "\(result.text)")
        #expect(result.text.contains("status 143\n"), "\(result.text)")
        #expect(result.text.components(separatedBy: ".part").count == 2, "\(result.text)")
    }
}
