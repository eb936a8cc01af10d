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
        // Nearly all lines are read by a format, not guessed at; Proxifier's are left to the generic parser.
        guard system != "Proxifier" else { return }
        let guessed = parsed.lines.count { $0.contains(#""format":"generic""#) }
        #expect(guessed * 20 <= lines, "\(guessed) lines of \(system) are of no known format")
    }
}
