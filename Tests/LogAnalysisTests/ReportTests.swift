import Foundation
import LogCore
import Testing

@testable import LogAnalysis

struct ReportTests {
    private func finding(_ id: String, _ level: Severity, _ count: Int64, first: Double?) -> FindingSummary {
        MadeUp.finding(id, "Title of \(id)", level, MadeUp.tally(count, first), MadeUp.sample("a.log", 1, first, id))
    }

    private func unexplained(_ text: String, _ count: Int64, first: Double, level: Severity = .error) -> TemplateSummary
    {
        MadeUp.template(
            text, MadeUp.sample("a.log", Int64(first), first, text), counts: [level: count],
            unexplained: MadeUp.tally(count, first))
    }

    private func report(_ findings: [FindingSummary], _ templates: [TemplateSummary] = []) -> Report {
        var summary = Summary()
        for finding in findings { summary.findings[finding.rule.id] = finding }
        for (index, template) in templates.enumerated() { summary.templates[hexadecimal(UInt64(index))] = template }
        return Report(summary)
    }

    // MARK: Ranks

    @Test func `the graver comes first, then the more frequent, then the earlier`() {
        let report = report([
            finding("rare", .error, 1, first: 0), finding("often", .error, 9, first: 50),
            finding("late", .error, 5, first: 40), finding("early", .error, 5, first: 30),
            finding("grave", .critical, 1, first: 99), finding("mild", .warning, 1_000, first: 1),
            finding("timeless", .error, 5, first: nil),
        ])
        #expect(report.findings.map(\.id) == ["grave", "often", "early", "late", "timeless", "rare", "mild"])
        #expect(report.findings.map(\.rank) == [1, 2, 3, 4, 5, 6, 7])
    }

    @Test func `an unexplained error stands after the explained ones of its level`() {
        let report = report(
            [finding("explained", .error, 1, first: 3), finding("mild", .warning, 7, first: 3)],
            [unexplained("what is this", 500, first: 1), unexplained("and this", 2, first: 2, level: .critical)])
        #expect(report.findings.map(\.title) == ["and this", "Title of explained", "what is this", "Title of mild"])
        #expect(report.findings[0].severity == .critical)
    }

    @Test func `templates without unexplained errors are no findings`() {
        let sample = MadeUp.sample("a.log", 1, 0, "x")
        let report = report([], [MadeUp.template("x failed", sample, counts: [.error: 3])])
        #expect(report.findings.isEmpty)
    }

    // MARK: Stories

    /// Findings that bear one request's id.
    private func joined(_ findings: [FindingSummary]) -> Report {
        report(
            findings.map { finding in
                var finding = finding
                finding.joins = JoinSample(["request_id": "req-12345678"], finding.sample)
                if let first = finding.tally.first { finding.series.add(first, finding.sample) }
                return finding
            })
    }

    @Test func `a time in whole seconds lies anywhere in its second`() {
        let second = Timestamp.second
        let start = 1_795_147_200 * second
        #expect(lag(start, start + 649_000_000) == 0 && lag(start + 649_000_000, start) == 0)
        #expect(lag(start + 649_000_000, start + 3 * second) == 3 * second)
        #expect(lag(start + 649_000_000, start + 650_000_000) == 1_000_000)
        // An access log's line of that second comes behind what another log has to the millisecond.
        #expect(latest(start) > latest(start + 649_000_000) && latest(start) < start + second)
        #expect(lag(.min, .max) == .max && latest(.min) == .min)
    }

    @Test func `the first failure of an incident knows what came next`() throws {
        let report = joined([
            finding("later", .critical, 1, first: 2.5), finding("first", .error, 1, first: 0),
            finding("third", .error, 1, first: 60),
        ])
        #expect(report.incidents.count == 1)
        #expect(
            report.findings.map { $0.story?.text } == [
                "2 s after (2) Title of first", "the first failure in what was read; 2 s later (1) Title of later",
                "58 s after (1) Title of later",
            ])
        let story = try #require(report.findings[0].story)
        #expect(story.citations == [Citation(count: 1, report.findings[1].sample)])
    }

    @Test func `what merely failed before it is no part of a failure's story`() {
        let report = report([
            finding("later", .critical, 1, first: 900), finding("first", .error, 1, first: 0),
            finding("last", .error, 1, first: 2_000),
        ])
        #expect(report.incidents.isEmpty)
        #expect(report.findings.map { $0.story?.text } == [nil, "the first failure in what was read", nil])
    }

    @Test func `a lone failure says so`() {
        #expect(report([finding("only", .error, 3, first: 0)]).findings[0].story == .first(next: nil))
    }

    @Test func `after more than an hour a failure stands apart`() {
        let report = report([finding("a", .error, 2, first: 0), finding("b", .error, 1, first: 3_601)])
        #expect(report.findings[1].story?.text == "after 1 h without a new failure")
        #expect(report.findings[1].story?.citations == [Citation(count: 2, report.findings[0].sample)])
    }

    @Test func `failures of the same instant are not ordered`() {
        let report = joined([finding("a", .error, 2, first: 0), finding("b", .error, 1, first: 0)])
        #expect(
            report.findings[0].story?.text == "the first failure in what was read; in the same second (2) Title of b")
        #expect(report.findings[1].story?.text == "in the same second as (1) Title of a")
    }

    @Test func `a warning has a story only if a failure of its incident followed soon`() {
        let report = joined([
            finding("failure", .error, 1, first: 100), finding("before", .warning, 2, first: 40),
            finding("after", .warning, 1, first: 101),
        ])
        #expect(report.findings[1].story?.text == "1 min before (1) Title of failure")
        #expect(report.findings[2].story == nil)
        // And a warning is no failure that something could come after.
        #expect(report.findings[0].story == .first(next: nil))
    }

    @Test func `no time, no story`() {
        let report = report([finding("a", .error, 1, first: nil), finding("b", .error, 1, first: 0)])
        #expect(report.findings.first { $0.id == "a" }?.story == nil)
        #expect(report.findings.first { $0.id == "b" }?.story == .first(next: nil))
    }

    @Test func `times at both ends of the range don't overflow`() {
        var ancient = finding("ancient", .error, 1, first: 0)
        ancient.tally.first = .min + 1
        var last = finding("last", .error, 1, first: 0)
        last.tally.first = .max
        #expect(
            report([ancient, last]).findings.map(\.story) == [
                .first(next: nil),
                .apart(
                    .init(
                        rank: 1, title: "Title of ancient", gap: .max, citation: Citation(count: 1, ancient.sample))),
            ])
    }

    // MARK: Groups

    private static let names = ["anna", "bert", "carl", "dora", "emil", "frieda", "gerd"]

    @Test func `templates that differ in one word are one finding`() {
        let templates = Self.names.enumerated().map { index, name in
            unexplained("login of \(name) was impossible", Int64(index + 1), first: Double(100 - index))
        }
        let report = report([], templates + [unexplained("disk on fire somewhere", 2, first: 5)])
        #expect(report.findings.map(\.title) == ["login of <*> was impossible", "disk on fire somewhere"])
        let group = report.findings[0]
        #expect(group.tally.count == 28)
        #expect(group.id == hexadecimal(Template.id(of: "login of <*> was impossible")))
        #expect(group.tally.first == MadeUp.time(94))
        #expect(group.sample.text.contains("gerd"), "the earliest")
    }

    @Test func `two statements that share most words stay apart`() {
        let templates = ["started", "stopped"].map { unexplained("the service has been \($0)", 1, first: 1) }
        #expect(report([], templates).findings.count == 2)
    }

    // MARK: Totals

    @Test func `the share understood counts bytes`() {
        var summary = Summary()
        #expect(Report(summary).understood == nil)
        MadeUp.add("a.log", [], 1_000, joined: 0, to: &summary)
        summary.sources["a.log"]?.ledger.unparsedBytes = 250
        #expect(Report(summary).understood == 0.75)
    }

    @Test func `components stand by failures, templates by count`() {
        var summary = Summary()
        for index in 0..<200 {
            summary.templates[hexadecimal(UInt64(index))] = MadeUp.template(
                "t\(index)", MadeUp.sample("a", 1, 0, "t"), counts: [.info: Int64(index)])
            summary.components["c\(index)"] = MadeUp.component([.error: Int64(index % 7), .info: Int64(index)])
        }
        let report = Report(summary)
        #expect(report.templates.map(\.template.tally.count) == (100..<200).reversed().map(Int64.init))
        #expect(report.components.count == 20)
        #expect(report.components[0].name == "c195")
        #expect(report.components.allSatisfy { $0.counts.failures == 6 })
    }

    // MARK: JSON

    @Test func `the JSON report is one object that says what the text says`() throws {
        let bytes = JSONReport.render(Report(MadeUp.night()), pretty: false)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(json["schema"] as? String == "ailogger-report/1")
        #expect((json["levels"] as? [String: Int])?["ERROR"] == 43)
        let ledger = try #require(json["ledger"] as? [String: Int])
        #expect(ledger["accounted"] == ledger["bytes"])
        let findings = try #require(json["findings"] as? [[String: Any]])
        #expect(findings.map { $0["rule"] as? String } == ["kernel.out-of-memory", "postgres.connection-refused"])
        #expect(findings[0]["first"] as? String == "2026-11-20T04:00:00.000Z")
        #expect(findings[0]["captures"] as? [String: String] == ["process": "java", "pid": "4242"])
        #expect(((findings[1]["docs"] as? [[String: Any]])?[0]["versions"]) as? String == ">=9")
        let unexplained = try #require(json["unexplained"] as? [[String: Any]])
        #expect(unexplained.map { $0["rank"] as? Int } == [3])
        #expect((unexplained[0]["sample"] as? [String: Any])?["line"] as? Int == 88)
        let timeline = try #require(json["timeline"] as? [String: Any])
        #expect(timeline["width_seconds"] as? Int == 1)
        #expect((timeline["buckets"] as? [Any])?.count == 50)
        #expect((json["inputs"] as? [[String: Any]])?.map { $0["compression"] as? String } == [nil, "gzip", nil])
    }

    @Test func `equal reports are equal byte for byte`() {
        let once = JSONReport.render(Report(MadeUp.night()), pretty: true)
        #expect(once == JSONReport.render(Report(MadeUp.night()), pretty: true))
        #expect(once.last == 0x0A)
    }

    @Test func `the documentation names every key`() throws {
        let path = URL(filePath: #filePath).appending(path: "../../../docs/report.md").standardized
        let documentation = try String(contentsOf: path, encoding: .utf8)
        let bytes = JSONReport.render(Report(MadeUp.night()), pretty: false)
        let json = try JSONSerialization.jsonObject(with: Data(bytes))
        // Names from the logs, and the levels, which stand in one row.
        let data: Set<String> = ["pid", "process", "host", "port"]
        for key in Self.keys(json) where !data.contains(key) && key != key.uppercased() {
            #expect(documentation.contains("`\(key)`") || documentation.contains("`\(key)[]`"), "\(key)")
        }
    }

    private static func keys(_ json: Any) -> Set<String> {
        if let object = json as? [String: Any] {
            return object.values.reduce(Set(object.keys)) { $0.union(keys($1)) }
        }
        return (json as? [Any] ?? []).reduce(into: []) { $0.formUnion(keys($1)) }
    }
}
