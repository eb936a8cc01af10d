import Foundation
import Testing

/// `--since` and `--until` as people write them.
@Suite struct TimeWindowTests {
    /// A night: an event an hour, from 21:00 to 04:00.
    private static let night = [
        "2026-11-19T21", "2026-11-19T22", "2026-11-19T23", "2026-11-20T00", "2026-11-20T01", "2026-11-20T02",
        "2026-11-20T03", "2026-11-20T04",
    ].map { "\($0):00:00Z ERROR shop: failed at \($0.suffix(2))\n" }.joined()

    private func hours(_ arguments: String) async throws -> [String] {
        let folder = try Folder()
        try folder.write(Data(Self.night.utf8), "night.log")
        let flags = arguments.split(separator: "|").map(String.init)
        let result = try await Command.ailogger(["parse"] + flags + [folder.path + "/night.log"])
        #expect(result.status == 0, "\(result.errors)")
        return result.lines.compactMap { line in
            line.firstRange(of: "failed at ").map { String(line[$0.upperBound...].prefix(2)) }
        }
    }

    @Test(arguments: [
        ("--since|02:00", ["02", "03", "04"]), ("--since|02:30:00", ["03", "04"]),
        // The last day ends at four: what lies behind it is of the day before.
        ("--since|23:00", ["23", "00", "01", "02", "03", "04"]), ("--until|01:00", ["21", "22", "23", "00"]),
        ("--since|22:00|--until|01:00", ["22", "23", "00"]), ("--since|03:00|--until|05:00", ["03", "04"]),
        ("--since|2026-11-19 23:00|--until|00:30", ["23", "00"]),
        ("--since|2026-11-20 03:00", ["03", "04"]), ("--since|2026-11-20", ["00", "01", "02", "03", "04"]),
    ])
    func `a time of day is of the log's last day`(arguments: String, expected: [String]) async throws {
        #expect(try await hours(arguments) == expected)
    }

    @Test func `ages may be put together, and days have names`() async throws {
        let now = Date()
        func line(_ ago: TimeInterval) -> String {
            "\(now.addingTimeInterval(-ago).ISO8601Format()) ERROR \(Int(ago)) s ago\n"
        }
        // Wide margins: among other tests this one may wait for its turn.
        let input = Data((line(2_000_000) + line(200_000) + line(60)).utf8)
        for (age, count) in [
            ("1d2h30m", 1), ("1d 2h", 1), ("-20h", 1), ("7 days ago", 2), ("5 weeks", 3), ("yesterday", 1),
            ("yesterday 00:00", 1), ("tomorrow", 0), ("now", 0),
        ] {
            let result = try await Command.ailogger(["parse", "--since", age, "-"], input: input)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.lines.count == count, "\(age)")
        }
    }

    @Test func `a report of a time that the log doesn't have says so`() async throws {
        let folder = try Folder()
        try folder.write(Data(Self.night.utf8), "night.log")
        let path = folder.path + "/night.log"
        let late = try await Command.ailogger(["analyze", "--since", "2026-11-21T04:00:00Z", path])
        #expect(late.status == 0)
        let text = late.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(
            text.contains("the log ends at 20 Nov 2026 04:00:00: nothing is at or after 21 Nov 2026 04:00:00"),
            "\(late.text)")
        let early = try await Command.ailogger(["analyze", "--until", "2026-11-19", "--format", "json", path])
        let report = try #require(try JSONSerialization.jsonObject(with: early.out) as? [String: Any])
        #expect(
            (report["warnings"] as? [String])?.contains {
                $0.hasPrefix("the log begins at 19 Nov 2026 21:00:00: nothing is before")
            } == true, "\(early.text)")
        let fine = try await Command.ailogger(["analyze", "--since", "04:00", path])
        #expect(!fine.text.contains("the log ends"))
    }

    @Test func `a time of day is the same with any number of workers`() async throws {
        let outputs = try await [1, 4].asyncMap { jobs in
            try await Command.ailogger([
                "parse", "--jobs", "\(jobs)", "--since", "04:00", "samples/json", "samples/log4j", "samples/access",
            ]).text
        }
        #expect(outputs[0] == outputs[1] && !outputs[0].isEmpty)
    }
}

extension Array {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var result: [T] = []
        for element in self { result.append(try await transform(element)) }
        return result
    }
}
