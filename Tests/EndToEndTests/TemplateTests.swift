import Foundation
import Testing

/// What `parse` and `analyze` say of templates, from the outside.
@Suite struct TemplateTests {
    /// Three users and eight modules that only a comparison of many lines tells from constant words.
    private static let log: String = {
        let users = ["anna", "bert", "carl"]
        let modules = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]
        return (0..<400).map { i in
            let second = "\(i / 60 < 10 ? "0" : "")\(i / 60):\(i % 60 < 10 ? "0" : "")\(i % 60)"
            let message =
                i % 2 == 0
                ? "session opened for user \(users[i % 3]) by \(i)"
                : "loading the module \(modules[i / 2 % 8]) took \(i) ms"
            return "2026-11-20 04:\(second) INFO \(message)\n"
        }.joined()
    }()

    private struct Event: Decodable {
        var template: String
        var id: String

        enum CodingKeys: String, CodingKey {
            case template
            case id = "template_id"
        }
    }

    private func events(_ result: Output) throws -> [Event] {
        try result.lines.map { try JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
    }

    @Test func `names are put together from the first line on, for any number of jobs, from a file and a pipe`()
        async throws
    {
        let folder = try Folder()
        try folder.write(Data(Self.log.utf8), "app.log")
        let one = try await Command.ailogger(["parse", "-q", "--jobs", "1", "app.log"], in: folder.path)
        let templates = try events(one)
        #expect(
            Set(templates.map(\.template)) == ["session opened for user <*> by <*>", "loading the module <*> took <*>"])
        let three = try await Command.ailogger(["parse", "-q", "--jobs", "3", "app.log"], in: folder.path)
        #expect(three.out == one.out)
        let piped = try await Command.ailogger(["parse", "-q", "-"], in: folder.path, input: Data(Self.log.utf8))
        #expect(try events(piped).map(\.id) == templates.map(\.id))
    }

    @Test func `the report calls templates as parse does, also over merged summaries`() async throws {
        let folder = try Folder()
        let lines = Self.log.split(separator: "\n", omittingEmptySubsequences: false)
        try folder.write(Data((lines[..<150].joined(separator: "\n") + "\n").utf8), "a.log")
        try folder.write(Data(lines[150...].joined(separator: "\n").utf8), "b.log")
        let parsed = try events(await Command.ailogger(["parse", "-q", "a.log", "b.log"], in: folder.path))
        for name in ["a", "b"] {
            let written = try await Command.ailogger(
                ["analyze", "-q", "--format", "summary", "-o", "\(name).summary", "\(name).log"], in: folder.path)
            #expect(written.status == 0)
        }
        let merged = try await Command.ailogger(
            ["merge", "--format", "json", "a.summary", "b.summary"], in: folder.path)
        let object = try #require(try JSONSerialization.jsonObject(with: merged.out) as? [String: Any])
        let templates = try #require(object["templates"] as? [[String: Any]])
        #expect(Set(templates.compactMap { $0["id"] as? String }) == Set(parsed.map(\.id)))
    }

    @Test func `a user's merge and split are a line of YAML each`() async throws {
        let folder = try Folder()
        try folder.write(Data(Self.log.utf8), "app.log")
        let edits = """
            - merge: "session <*>"
            - split: "loading the module <*> took <*>"
            """
        try folder.write(Data(edits.utf8), "templates.yml")
        let found = try events(await Command.ailogger(["parse", "-q", "app.log"], in: folder.path))
        let texts = Set(found.map(\.template))
        #expect(texts.contains("session <*>") && texts.contains("loading the module beta took <*>"))
        try folder.write(Data("- merge: 'no wildcard'\n".utf8), "mine.yml")
        let defective = try await Command.ailogger(["parse", "--templates", "mine.yml", "app.log"], in: folder.path)
        #expect(defective.errors.contains("mine.yml:1:10") && defective.errors.contains("write <*> where"))
        let absent = try await Command.ailogger(["parse", "--templates", "none.yml", "app.log"], in: folder.path)
        #expect(absent.status != 0 && absent.errors.contains("none.yml: no such file"))
    }
}
