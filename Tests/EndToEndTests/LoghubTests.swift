import Foundation
import Testing

/// The loghub samples (https://github.com/logpai/loghub): two thousand lines of real systems each, kept beside the
/// project, not in it.
@Suite(.enabled(if: isFile(Command.root + "/../shared/data/loghub"), "../shared/data/loghub is absent: skipped"))
struct LoghubTests {
    static let folder = Command.root + "/../shared/data/loghub"
    static let systems = entries(folder)

    @Test(arguments: systems) func `every line of a real log is accounted for`(system: String) async throws {
        let path = "\(Self.folder)/\(system)/\(system)_2k.log"
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let lines = data.count { $0 == 0x0A } + (data.last == 0x0A ? 0 : 1)
        #expect(lines == 2_000)
        let report = try await Command.ailogger(["analyze", "--format", "json", path])
        #expect(report.status == 0 && !report.timedOut)
        let object = try #require(try JSONSerialization.jsonObject(with: report.out) as? [String: Any])
        let ledger = try #require(object["ledger"] as? [String: Int])
        #expect(ledger["lines"] == lines)
        #expect(ledger["bytes"] == data.count)
        #expect(ledger["accounted"] == data.count)
        let parsed = try await Command.ailogger(["parse", path])
        #expect(parsed.status == 0 && !parsed.timedOut)
        #expect(parsed.lines.count == ledger["events"])
        // Nearly all lines are read by a format, not guessed at.
        let guessed = parsed.lines.count { $0.contains(#""format":"generic""#) }
        #expect(guessed * 20 <= lines, "\(guessed) lines of \(system) are of no known format")
    }

    /// Grouping accuracy (share of lines whose group is exactly the labelled one) and its F1 over groups, as the papers on
    /// log parsing have them, with the one setting that there is.
    @Test func `templates group lines as people do`() async throws {
        var sum = (ga: 0.0, fga: 0.0)
        for system in Self.systems {
            let path = "\(Self.folder)/\(system)/\(system)_2k.log"
            let labels = try Self.labels(path)
            let parsed = try await Command.ailogger(["parse", "-q", path] + Command.catalog)
            var groups: [String: Set<Int>] = [:]
            for line in parsed.lines {
                let event = try JSONDecoder().decode(Event.self, from: Data(line.utf8))
                groups[event.template, default: []].insert(event.line - 1)
            }
            let found = Set(groups.values)
            let wanted = Set(Dictionary(grouping: labels.indices, by: { labels[$0] }).values.map(Set.init))
            let right = wanted.intersection(found)
            let ga = Double(right.map(\.count).reduce(0, +)) / Double(labels.count)
            let fga = 2 * Double(right.count) / Double(found.count + wanted.count)
            #expect(ga >= 0.8 && fga >= 0.9, "\(system): GA \(ga), FGA \(fga)")
            sum.ga += ga / Double(Self.systems.count)
            sum.fga += fga / Double(Self.systems.count)
        }
        #expect(sum.ga >= 0.97 && sum.fga >= 0.97, "GA \(sum.ga), FGA \(sum.fga)")
    }

    private struct Event: Decodable {
        var line: Int
        var template: String

        enum CodingKeys: String, CodingKey {
            case line
            case template = "template_id"
        }
    }

    /// The labelled template of each line, corrected where there is a correction.
    private static func labels(_ log: String) throws -> [String] {
        let corrected = "\(log)_structured_corrected.csv"
        let isCorrected = isFile(corrected)
        let text = try String(contentsOfFile: isCorrected ? corrected : "\(log)_structured.csv", encoding: .utf8)
        let rows = csv(text)
        let column = try #require(rows.first?.firstIndex(of: isCorrected ? "EventTemplate" : "EventId"))
        return rows.dropFirst().filter { $0.count > column }.map { $0[column] }
    }

    private static func csv(_ text: String) -> [[String]] {
        var rows: [[String]] = [[""]]
        var isQuoted = false
        var previous: Character?
        for character in text {
            switch character {
            case "\"":
                // A doubled quote within quotes is one.
                if !isQuoted, previous == "\"" { rows[rows.count - 1][rows[rows.count - 1].count - 1].append("\"") }
                isQuoted.toggle()
            case "," where !isQuoted: rows[rows.count - 1].append("")
            case "\n" where !isQuoted, "\r\n" where !isQuoted: rows.append([""])
            default: rows[rows.count - 1][rows[rows.count - 1].count - 1].append(character)
            }
            previous = character
        }
        return rows
    }
}
