import LogAnalysis
import LogCore
import Testing

@testable import LogEngine

/// Requests that are refused, which are warnings one by one.
@Suite struct RefusalTests {
    /// 20 Nov 2026 05:30:00.
    private static let start = 1_795_152_600 * Timestamp.second

    /// Three hours, a request every six seconds of one of forty clients, one in fifty not found; what else happens in half an hour.
    ///
    /// - Parameters:
    ///   - status: of the requests of others by their number, from the second hour on.
    ///   - more: requests a second besides, by one client or many, and how they are answered.
    private func report(
        status: (Int) -> Int? = { _ in nil }, more: (client: String?, status: Int)? = nil, length: Int = 1_800
    ) async throws -> Report {
        var lines: [String] = []
        func add(_ second: Int, _ client: String, _ status: Int, _ number: Int) {
            let time = [4 + second / 3_600, second / 60 % 60, second % 60].map { ($0 < 10 ? "0" : "") + String($0) }
            lines.append(
                "\(client) - - [20/Nov/2026:\(time.joined(separator: ":")) +0000] \"GET /api/items/\(number) HTTP/1.1\" "
                    + "\(status) \(300 + number % 700) \"-\" \"shop/2.1\"")
        }
        for second in 0..<10_800 {
            let isLater = second >= 5_400 && second < 5_400 + length
            if second % 6 == second / 60 % 5 {
                let number = second / 6
                let usual = number % 50 == 7 ? 404 : number % 97 == 11 ? 429 : 200
                add(second, "10.0.0.\(number * 7 % 40 + 1)", (isLater ? status(number) : nil) ?? usual, number)
            }
            if isLater, let more {
                add(second, more.client ?? "10.1.\(second % 50).\(second % 37)", more.status, second)
            }
        }
        let folder = try TestFolder()
        return Report(
            await Project.analyze([try folder.write(lines.joined(separator: "\n") + "\n", "access.log")]))
    }

    @Test(arguments: [1_800, 5_400])
    func `a limit that others run into besides the one who is too busy is an incident`(length: Int) async throws {
        let report = try await report(
            status: { $0 % 3 == 0 ? 429 : nil }, more: ("203.0.113.77", 429), length: length)
        let incident = try #require(report.incidents.first)
        #expect(report.incidents.count == 1)
        #expect(incident.severity == .warning)
        #expect((0..<30).contains((incident.start - Self.start) / Timestamp.second))
        let finding = try #require(report.findings.first)
        #expect(finding.title.hasSuffix("status 429"))
        #expect(report.failures == 0)
        let text = TextReport(width: 100, color: false, unicode: true).render(report, elapsed: nil)
        #expect(!text.contains("x  WARNING  GET <*>: status 429"), "\(text)")
    }

    @Test(arguments: [401, 404, 403])
    func `answers that are refusals from one moment on are an incident`(status: Int) async throws {
        let report = try await report(status: { $0 % 10 < 8 ? status : nil })
        #expect(report.incidents.count == 1)
        #expect(report.findings.map(\.title).first?.hasSuffix("status \(status)") == true)
    }

    @Test(
        arguments: [
            ("203.0.113.77", 404), ("203.0.113.77", 429), ("203.0.113.77", 401), (nil, 404), (nil, 403),
        ] as [(String?, Int)])
    func `what is refused to others than those who get answers is none`(client: String?, status: Int) async throws {
        let report = try await report(more: (client, status))
        #expect(report.incidents.isEmpty)
        #expect(report.findings.isEmpty)
        #expect(report.changes.contains { $0.kind == .burst && $0.name.hasSuffix("status \(status)") })
    }

    @Test(arguments: [95, 150, 160, 223])
    func `a scanner's short visit is none, wherever the buckets begin that count it`(length: Int) async throws {
        let report = try await report(more: ("192.0.2.9", 404), length: length)
        #expect(report.incidents.isEmpty && report.findings.isEmpty)
    }

    @Test func `the usual share of refusals is none`() async throws {
        let report = try await report()
        #expect(report.incidents.isEmpty && report.findings.isEmpty)
    }
}
