import Foundation
import LogAnalysis
import LogCore
import LogEngine
import Testing

/// What a report says of a time, a machine or a status can be read in the lines that it names.
@Suite struct CitationTests {
    private func clock(_ second: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))"
    }

    /// Ten hours of a shop in two logs; at four the payments fail for half an hour, and did so now and then before.
    private func burst(_ folder: TestFolder) throws -> [Input] {
        var lines: [String] = []
        for second in stride(from: 0, to: 36_000, by: 10) {
            lines.append("2026-11-20 \(clock(second)),000 INFO shop.web: GET /cart served for \(second)")
            let isBurst = (14_400..<16_200).contains(second)
            if isBurst || second % 1_200 == 0 {
                lines.append("2026-11-20 \(clock(second)),500 ERROR pay.gw: charge \(second) declined")
            }
        }
        let first = try folder.write(lines.joined(separator: "\n") + "\n", "a.log")
        let second = try folder.write(
            lines.filter { $0.contains("INFO") }.joined(separator: "\n") + "\n", "b.log")
        return [first, second]
    }

    private func line(_ citation: Citation) throws -> String {
        let text = try String(contentsOfFile: citation.source, encoding: .utf8)
        return String(text.split(separator: "\n", omittingEmptySubsequences: false)[Int(citation.line) - 1])
    }

    @Test func `a burst cites its own first line, for any number of workers and any parts`() async throws {
        let folder = try TestFolder()
        let inputs = try burst(folder)
        let whole = await Project.analyze(inputs)
        let report = Report(whole)
        let change = try #require(report.changes.first { $0.kind == .burst })
        let citation = try #require(change.statement.citations.first)
        #expect(try line(citation).contains("04:00:00,500 ERROR pay.gw: charge 14400 declined"), "\(citation)")

        let many = await Project.analyze(inputs, jobs: 4, batch: 128 << 10)
        #expect(Report(many).changes == report.changes)
        var merged = Summary()
        for input in inputs.reversed() { merged.merge(await Project.analyze([input])) }
        #expect(Report(merged).changes == report.changes)
        // And through a file.
        let file = try JSONEncoder().encode(whole)
        #expect(try JSONDecoder().decode(Summary.self, from: file) == whole)
    }

    @Test func `what comes twice is cited where it came`() async throws {
        let folder = try TestFolder()
        // The log speaks all night.
        var lines = (0..<2_160).map { "2026-11-20 \(clock($0 * 20)),000 INFO app: order \($0) taken" }
        for start in [7_200, 36_000] {
            for number in 0..<10 {
                let time = clock(start + number * 2)
                lines.append("2026-11-20 \(time),000 ERROR app.db: table \(number) is locked")
                lines.append("2026-11-20 \(time),700 ERROR app.web: page \(number) not made")
            }
        }
        let report = Report(await Project.analyze([try folder.write(lines.sorted().joined(separator: "\n"), "a.log")]))
        #expect(report.incidents.count == 2)
        for incident in report.incidents {
            for citation in incident.statements.flatMap(\.citations) {
                let time = try #require(citation.time)
                #expect(time >= incident.start && time <= incident.end, "\(incident.statements)")
            }
        }
    }

    @Test func `errors of an access log are a finding for each status`() async throws {
        let folder = try TestFolder()
        let statuses = [502, 200, 503, 502, 404, 502, 503, 500]
        let lines = statuses.enumerated().map { index, status in
            "10.0.0.\(index) - - [20/Nov/2026:04:00:0\(index) +0000] \"GET /cart/\(index) HTTP/1.1\" \(status) 512"
        }
        let report = Report(await Project.analyze([try folder.write(lines.joined(separator: "\n") + "\n", "a.log")]))
        #expect(report.findings.map(\.status) == ["status 502", "status 503", "status 500"])
        #expect(report.findings.map(\.tally.count) == [3, 2, 1])
        #expect(report.findings.map(\.sample.line) == [1, 3, 8])
        #expect(Set(report.findings.map(\.templateText)).count == 1)
        let text = TextReport(width: 100, color: false, unicode: true).render(report, elapsed: nil)
        #expect(text.contains("status 502"), "\(text)")
    }

    @Test func `beyond some statuses they are told together, whoever reads them`() async throws {
        let folder = try TestFolder()
        var inputs: [Input] = []
        for file in 0..<4 {
            let lines = (0..<200).map { index in
                let code = 1 + (index * 7 + file * 13) % 60
                let time = "2026-11-20T04:00:\(10 + index % 50)Z"
                return #"{"time":"\#(time)","level":"error","msg":"job failed","exit_code":\#(code)}"#
            }
            inputs.append(try folder.write(lines.joined(separator: "\n") + "\n", "\(file).json"))
        }
        let whole = await Project.analyze(inputs)
        let failures = try #require(whole.templates.values.first { !$0.failures.isEmpty }).failures
        let known = (1...60).map { "exit_code \($0)" }.sorted().prefix(Failures.statuses)
        #expect(failures.keys.sorted() == [""] + known)
        #expect(failures.values.reduce(0) { $0 + $1.tally.count } == 800)
        for (jobs, batch) in [(1, 1_000), (4, 1_000), (4, 5_000)] {
            #expect(differences(await Project.analyze(inputs, jobs: jobs, batch: batch), whole) == [])
        }
    }

    @Test func `one machine that fails where its peers don't is told by the field that names it`() async throws {
        let folder = try TestFolder()
        var lines: [String] = []
        for second in stride(from: 0, to: 7_200, by: 2) {
            let host = second / 2 % 6 + 1
            let isFailure = second % 400 == 0 || host == 4 && second % 3 == 0
            lines.append(
                "Nov 20 \(clock(second)) web-\(host) app[77]: "
                    + (isFailure ? "error: cannot open session \(second)" : "session \(second) opened"))
        }
        let inputs = [try folder.write(lines.joined(separator: "\n") + "\n", "sys.log", modified: 1_795_190_000)]
        let report = Report(await Project.analyze(inputs))
        let change = try #require(report.changes.first { $0.name == "web-4" }, "\(report.changes)")
        #expect(change.kind == .outlier)
        #expect(change.statement.text.hasPrefix("web-4 fails most: "), "\(change.statement.text)")
        #expect(try line(try #require(change.statement.citations.first)).contains(" web-4 app[77]: error"))
        #expect(Report(await Project.analyze(inputs, jobs: 4, batch: 128 << 10)).changes == report.changes)
    }
}
