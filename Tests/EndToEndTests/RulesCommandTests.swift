import Foundation
import Testing

/// `ailogger rules …` and `check`: what someone who writes rules works with.
@Suite struct RulesCommandTests {
    // MARK: bench

    private let lines = """
        2026-11-20 04:00:16 INFO till-7: drawer one opened
        2026-11-20 04:00:17 ERROR till-7: drawer two jammed
        2026-11-20 04:00:18 INFO till-2: nothing to tell
        2026-11-20 04:00:19 ERROR till-2: drawer nine jammed

        """

    private func folder() throws -> Folder {
        let folder = try Folder()
        try folder.write(lines, "till.log")
        for (name, match) in [("jammed", "drawer \\w+ jam"), ("absent", "no such text here")] {
            try folder.write(
                """
                id: till.\(name)
                title: A drawer
                level: error
                match: '\(match)'
                cause: A drawer.
                fix: [Open it.]
                docs:
                  - { title: Tills, url: "https://docs.example.com/tills" }
                tests:
                  - { line: '\(name == "absent" ? match : "drawer six jammed")' }
                  - { line: 'drawer six closed', matches: false }

                """, "rules/till/\(name).yml")
        }
        return folder
    }

    @Test func `bench counts the searches and matches of each rule, and names what it can't read`() async throws {
        let folder = try folder()
        let bench = ["rules", "bench", "till.log", "--rules", "rules"]
        let text = try await Command.ailogger(bench, in: folder.path)
        #expect(text.status == 0, "\(text.errors)")
        #expect(text.text.hasPrefix("2 rules, 4 events, 0.0 MB: 750.0 searches for 1,000 events, "), "\(text.text)")
        #expect(text.text.contains(try Regex(#"till\.jammed +3 +2 +\d"#)), "\(text.text)")
        #expect(!text.text.contains("till.absent"), "\(text.text)")

        let json = try await Command.ailogger(bench + ["missing.log", "--format", "json"], in: folder.path)
        #expect(json.status == 2)
        #expect(json.errors.contains("missing.log: error: "), "\(json.errors)")
        let value = try #require(try JSONSerialization.jsonObject(with: json.out) as? [String: Any])
        #expect(value["events"] as? Int == 4 && value["searches"] as? Int == 3)
        let rules = try #require(value["rules"] as? [[String: Any]])
        #expect(rules.map { $0["id"] as? String } == ["till.jammed"])
        #expect(rules.first?["matches"] as? Int == 2)
        #expect(rules.first?["nanoseconds"] as? Int ?? 0 > 0)
    }

    @Test func `show tells what text every match holds`() async throws {
        let folder = try folder()
        let show = try await Command.ailogger(["rules", "show", "till.jammed", "--rules", "rules"], in: folder.path)
        #expect(show.text.contains("  holds  `drawer `"), "\(show.text)")
    }

    @Test func `no shipped rule makes every log slower to search than the others do`() async throws {
        // Of at least seven bytes in every match, or all places of all logs are looked at for it.
        let list = try await Command.ailogger(["rules", "list"] + Command.catalog)
        let ids = list.text.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(ids.count > 300)
        let show = try await Command.ailogger(["rules", "show"] + ids + Command.catalog)
        var rule = ""
        for line in show.text.split(separator: "\n") {
            if let id = line.firstMatch(of: /^\S.*\[([a-z0-9._-]+)\]$/) { rule = String(id.1) }
            guard line.hasPrefix("  holds  ") else { continue }
            for literal in line.dropFirst(9).replacing(", in any case", with: "").split(separator: "` or `") {
                #expect(literal.filter { $0 != "`" }.utf8.count >= 7, "\(rule): \(literal)")
            }
        }
    }

    // MARK: correlations

    @Test func `check and rules know correlations`() async throws {
        let check = try await Command.ailogger(["check"] + Command.catalog)
        #expect(
            check.text.contains(try Regex(#"^\d+ rules, \d+ correlations, \d+ formats, \d+ plugins: all tests pass"#)),
            "\(check.text)")
        let list = try await Command.ailogger(["rules", "list"] + Command.catalog)
        #expect(list.text.contains(try Regex(#"mysql\.connection-storm +CRITICAL +\S"#)), "\(list.text)")
        let show = try await Command.ailogger(["rules", "show", "mysql.connection-storm"] + Command.catalog)
        for part in ["type   event_count within 1m", "rules  mysql.too-many-connections", "when   gte 10 events"] {
            #expect(show.text.contains(part), "\(show.text)")
        }
        let test = try await Command.ailogger(["rules", "test", "mysql.connection-storm"] + Command.catalog)
        #expect(test.status == 0)
        #expect(test.text.contains("1 correlations, 2 tests, 0 failed"), "\(test.text)")
    }

    @Test func `rules test and lint run a correlation's own tests`() async throws {
        let folder = "samples/bad/rules/correlation-test-fails"
        let test = try await Command.ailogger(["rules", "test", "shop.carts-fill-up", "--rules", folder])
        #expect(test.status == 1)
        #expect(test.text.contains("test 2 finds 1, not 0"), "\(test.text)")
        let files = ["carts-fill-up", "cart-full"].map { "\(folder)/shop/\($0).yml" }
        let lint = try await Command.ailogger(["rules", "lint"] + files)
        #expect(lint.status == 2)
        #expect(lint.text.contains("test 2 finds 1, not 0"), "\(lint.text)")
    }
}
