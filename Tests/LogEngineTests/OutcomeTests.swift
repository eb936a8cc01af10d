import LogAnalysis
import LogCore
import Testing

@testable import LogEngine

/// How an event went, where its level doesn't say so.
@Suite struct OutcomeTests {
    private func report(_ members: [String], level: String = "info") async throws -> Report {
        let lines = members.enumerated().map { index, members in
            let time = "2026-11-20T04:00:\(10 + index)Z"
            return #"{"time":"\#(time)","level":"\#(level)","message":"payment processed",\#(members)}"#
        }
        let folder = try TestFolder()
        return Report(await Project.analyze([try folder.write(lines.joined(separator: "\n") + "\n", "a.json")]))
    }

    @Test(arguments: [
        (#""success":false"#, "payment processed: success false"),
        (
            #""success":false,"error":{"message":"do not honor","code":"card_declined"}"#,
            "payment processed: error card_declined"
        ),
        (#""error":{"Code":51}"#, "payment processed: error 51"), (#""error":true"#, "payment processed: error true"),
        (#""error":{"detail":["of","no","kind"],"at":"the other end"}"#, "payment processed"),
        (#""ok":false"#, "payment processed: ok false"), (#""status":"failed""#, "payment processed: status failed"),
        (#""status":"ERROR""#, "payment processed: status ERROR"),
        (#""errors":[{"code":"E17","path":["pay"]}]"#, "payment processed: errors E17"),
        (#""errors":["card 4711 of the customer expired"]"#, "payment processed"),
        (#""method":"POST","path":"/pay","status":502"#, "payment processed: status 502"),
    ])
    func `what failed is a finding though its level is information`(members: String, title: String) async throws {
        let well = #""success":true,"error":null,"method":"POST","path":"/pay","status":200"#
        let report = try await report([members, well, members, well])
        #expect(report.findings.map(\.title) == [title])
        #expect(report.findings.first?.tally.count == 2)
        #expect(report.failures == 2)
    }

    @Test(arguments: [
        #""error":"conflict, trying again""#, #""outcome":"failure""#, #""method":"POST","path":"/pay","status":404"#,
    ])
    func `what the program knew of and called information is a warning`(members: String) async throws {
        let report = try await report([members, #""error":"""#])
        #expect(report.findings.isEmpty)
        #expect(report.warningTemplates.map { $0.template.byRank[Severity.warning.rank] } == [1])
    }

    @Test(arguments: [
        #""error":0.0125"#, #""error":"0.0125""#, #""error":[]"#, #""error":{}"#, #""error":"none""#,
        #""action":"deny""#,
        #""ok":true"#, #""status":"ok""#, #""status":"running""#, #""errors":[]"#, #""errors":[ ]"#, #""errors":0"#,
        #""errors":3"#,
        #""errors":null"#, #""status":502"#, #""exception":"java.io.IOException""#,
    ])
    func `what says nothing of how it went is information`(members: String) async throws {
        let report = try await report([members])
        #expect(report.findings.isEmpty)
        #expect(report.byRank[Severity.info.rank] == 1)
    }

    @Test func `a level that says less, or more, is believed`() async throws {
        #expect(try await report([#""success":false"#], level: "debug").findings.isEmpty)
        #expect(try await report([#""success":false"#], level: "warn").findings.isEmpty)
    }

    @Test func `an error is called by its exception where its message doesn't name it`() async throws {
        func trace(_ message: String, _ exception: String) -> String {
            """
            2026-11-20 04:00:16,120 [12] ERROR Shop.Api - \(message)
            \(exception): Timeout expired.
               at Shop.Orders.Load(Int32 id) in C:\\src\\Orders.cs:line 42

            """
        }
        let lines = [
            trace("Unhandled", "System.Data.SqlException"), trace("Unhandled", "System.Data.SqlException"),
            trace("Unhandled", "System.TimeoutException"), trace("Got SqlException", "System.Data.SqlException"),
            "2026-11-20 04:00:17,120 [12] ERROR hooks - Traceback (most recent call last):\n"
                + "  File \"a.py\", line 3, in run\nhooks.HookNotFoundError: no hook\n",
        ]
        let folder = try TestFolder()
        let report = Report(await Project.analyze([try folder.write(lines.joined(), "a.log")]))
        let titles = report.findings.map(\.title).sorted()
        #expect(
            titles == [
                "Got SqlException", "Unhandled: SqlException", "Unhandled: TimeoutException",
                "hooks.HookNotFoundError: no hook",
            ])
        // The line that names it is shown.
        let text = TextReport(width: 100, color: false, unicode: true).render(report, elapsed: nil)
        #expect(text.contains("a.log:2\n") && text.contains(" System.Data.SqlException: Timeout"), "\(text)")
    }
}
