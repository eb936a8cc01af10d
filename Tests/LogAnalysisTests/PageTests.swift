import Foundation
import LogCore
import Testing

@testable import LogAnalysis

/// The JSON report against its schema, and the HTML page that it is put into.
struct PageTests {
    /// A night with all that a report can say.
    static func complete() -> Report {
        var summary = MadeUp.night()
        var series = CountSeries()
        for second in [0.0, 2, 432] { series.add(MadeUp.time(second)) }
        summary.findings["kernel.out-of-memory"]?.series = series
        summary.findings["kernel.out-of-memory"]?.cases = [
            FindingCase(
                key: "java", time: MadeUp.time(0), message: "killed", fields: ["count": FieldValue(3)],
                source: "logs/app.log",
                line: 7)
        ]
        summary.templates["00000000000000bb"]?.series = series
        summary.components["pay.gw"]?.failureSeries = series
        summary.warnings = ["A rule gave up."]
        summary.dropped = ["sampler": 12]
        var report = Report(summary, baseline: (name: "last night", summary: MadeUp.night()))
        let sample = MadeUp.sample("logs/app.log", 1008, 2, "connection refused")
        let statement = Statement("It failed first", [Citation(count: 5, sample)])
        var incident = Incident(
            title: "Out of memory", severity: .critical, start: MadeUp.time(0), end: MadeUp.time(600), failures: 46,
            suspects: [
                .init(finding: 1, title: "Out of memory", component: "kernel", reasons: [statement], confidence: 0.8)
            ],
            components: [.init(name: "kernel", failures: 3, first: MadeUp.time(0))], findings: [1, 2],
            statements: [statement])
        incident.rank = 1
        report.incidents = [incident]
        report.changes = Change.Kind.allCases.map { kind in
            Change(
                kind: kind, subject: .parameter(template: "00000000000000bb", index: 1), name: "GET <*> took <*>",
                statement: statement, start: MadeUp.time(0), end: nil, observed: 40, expected: 2.5, chance: 0.001,
                sample: sample)
        }
        report.comparison?.differences = Comparison.Difference.Kind.allCases.map { kind in
            Comparison.Difference(
                kind: kind, subject: .rule("a.b"), name: "a", statement: statement, here: 4, there: 2, chance: 0.5,
                sample: sample)
        }
        return report
    }

    // MARK: The schema

    private func object(_ bytes: some Sequence<UInt8>) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    private func schema() throws -> [String: Any] {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return try object(try Data(contentsOf: root.appendingPathComponent("docs/report.schema.json")))
    }

    /// Keys that the value has and the schema doesn't name, keys that it asks for and doesn't find, and values that
    /// are none of an enumeration.
    private func differences(_ value: Any, _ schema: [String: Any], _ root: [String: Any], _ path: String) -> [String] {
        if let reference = schema["$ref"] as? String {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            let definition = (root["$defs"] as? [String: Any])?[name] as? [String: Any]
            return definition.map { differences(value, $0, root, path) } ?? ["\(path): no definition \(reference)"]
        }
        if let choices = schema["oneOf"] as? [[String: Any]] {
            if value is NSNull { return [] }
            return choices.first.map { differences(value, $0, root, path) } ?? []
        }
        if let allowed = schema["enum"] as? [String] {
            return allowed.contains(value as? String ?? "") ? [] : ["\(path): \(value) is none of \(allowed)"]
        }
        if let elements = value as? [Any], let items = schema["items"] as? [String: Any] {
            return elements.enumerated().flatMap { differences($1, items, root, "\(path)[\($0)]") }
        }
        guard let members = value as? [String: Any], let properties = schema["properties"] as? [String: Any] else {
            return []
        }
        let missing = (schema["required"] as? [String] ?? []).filter { members[$0] == nil }.map { "\(path): no \($0)" }
        return missing
            + members.flatMap { name, member -> [String] in
                guard let property = properties[name] as? [String: Any] else {
                    return ["\(path): \(name) is not named"]
                }
                return differences(member, property, root, "\(path).\(name)")
            }
    }

    @Test func `every key that is written is in the schema, and every one that it asks for is written`() throws {
        let schema = try schema()
        let report = Self.complete()
        let written = try object(JSONReport.render(report, pretty: true))
        #expect(differences(written, schema, schema, "") == [])
        #expect((written["incidents"] as? [Any])?.count == 1)
        #expect((written["changes"] as? [Any])?.count == Change.Kind.allCases.count)
        let excerpt = try object(JSONReport.render(Excerpt(report)))
        #expect(differences(excerpt, schema, schema, "") == [])
        let empty = try object(JSONReport.render(Report(Summary()), pretty: false))
        #expect(differences(empty, schema, schema, "") == [])
        #expect(empty["comparison"] is NSNull)
    }

    @Test func `a key that the schema does not name is found`() throws {
        let schema = try schema()
        var written = try object(JSONReport.render(Self.complete(), pretty: true))
        written["surprise"] = 1
        written["ledger"] = [:]
        #expect(differences(written, schema, schema, "").contains(": surprise is not named"))
        #expect(differences(written, schema, schema, "").contains(".ledger: no bytes"))
    }

    @Test func `a series is its start, its width and the buckets with events`() throws {
        let written = try object(JSONReport.render(Self.complete(), pretty: false))
        let finding = try #require((written["findings"] as? [[String: Any]])?.first)
        let series = try #require(finding["series"] as? [String: Any])
        #expect(series["width_seconds"] as? Int == 1)
        #expect(series["start"] as? String == "2026-11-20T04:00:00.000Z")
        #expect(series["buckets"] as? [[Int]] == [[0, 1], [2, 1], [432, 1]])
    }

    // MARK: The page

    private func page(_ report: Report) -> String { String(decoding: HTMLReport.render(report), as: UTF8.self) }

    private func data(_ page: String) throws -> [String: Any] {
        let start = try #require(page.firstRange(of: #"id="report">"#))
        let end = try #require(page[start.upperBound...].firstRange(of: "</script>"))
        return try object(page[start.upperBound..<end.lowerBound].utf8)
    }

    @Test func `the page holds the report, and all parts of its own`() throws {
        let report = Self.complete()
        let page = page(report)
        #expect(!page.contains("{{"))
        let data = try data(page)
        #expect(
            NSDictionary(dictionary: data) == NSDictionary(dictionary: try object(JSONReport.render(Excerpt(report)))))
        for address in ["src=", "@import", "url(", "fetch(", "XMLHttpRequest", "innerHTML", "eval("] {
            #expect(!page.contains(address), "\(address)")
        }
    }

    @Test(arguments: [
        "</script><script>alert(1)</script>", "<!-- <script>", "]]>", "&lt;b&gt;", "{{text}}{{script}}",
        "\u{202E}evil\u{202C}", "\u{2028}\u{2029}\u{FEFF}\u{200B}", "\u{1B}[31m\u{7F}\u{9B}", "שלום 😀 e\u{301}", "\\\"",
    ]) func `log text comes back as it was, and nothing of it is markup`(text: String) throws {
        var summary = Summary()
        let sample = MadeUp.sample(text, 1, 0, text)
        summary.templates["00000000000000aa"] = MadeUp.template(
            text, sample, component: text, counts: [.error: 1], unexplained: MadeUp.tally(1, 0))
        summary.components[text] = MadeUp.component([.error: 1])
        let report = Report(summary)
        let page = page(report)
        let calm = self.page(Report(Summary()))
        #expect(page.ranges(of: "<script").count == calm.ranges(of: "<script").count)
        #expect(page.ranges(of: "</script").count == calm.ranges(of: "</script").count)
        #expect(page.ranges(of: "<!--").count == calm.ranges(of: "<!--").count)
        let isHidden: (Unicode.Scalar) -> Bool = {
            $0.value < 0x20 && $0 != "\n" || (0x7F..<0xA0).contains($0.value) || (0x2028...0x202E).contains($0.value)
                || $0.value == 0x200B || $0.value == 0xFEFF
        }
        #expect(!page.unicodeScalars.contains(where: isHidden))
        let finding = try #require((try data(page)["unexplained"] as? [[String: Any]])?.first)
        #expect(finding["template"] as? String == report.findings.first?.title)
        #expect((finding["sample"] as? [String: Any])?["text"] as? String == text)
    }

    @Test func `however much there is, the page stays below two megabytes and says what it leaves out`() throws {
        var summary = Self.complete(of: 5_000)
        for index in 0..<3_000 {
            MadeUp.add("logs/\(String(repeating: "<", count: 200))\(index).log", ["x"], 1_000, joined: 0, to: &summary)
        }
        let page = HTMLReport.render(Report(summary))
        #expect(page.count < 2_000_000, "\(page.count)")
        let data = try data(String(decoding: page, as: UTF8.self))
        let omitted = try #require(data["omitted"] as? [[String: Any]])
        let lists = Dictionary(uniqueKeysWithValues: omitted.map { ($0["list"] as? String ?? "", $0) })
        let findings = try #require(lists["findings"])
        let kept = ((data["findings"] as? [Any])?.count ?? 0) + ((data["unexplained"] as? [Any])?.count ?? 0)
        #expect(findings["of"] as? Int == 5_000)
        #expect(findings["kept"] as? Int == kept)
        // The first fifty stand there with all they say, which takes some 20 kB each when every byte is escaped.
        #expect(kept > 20)
        #expect((data["omitted_findings"] as? [String: Int])?.values.reduce(0, +) == 5_000 - kept)
        #expect(lists["inputs"]?["of"] as? Int == 3_000)
    }

    @Test func `of each level some findings stand in the page, however many are graver`() throws {
        var summary = Summary()
        for (level, count) in [(Severity.critical, 1_500), (.error, 300), (.warning, 3)] {
            for number in 0..<count {
                let id = "\(level).rule-\(number)"
                summary.findings[id] = MadeUp.finding(
                    id, "Title", level, MadeUp.tally(1, 0), MadeUp.sample("a.log", 1, 0, "text"))
            }
        }
        let data = try data(String(decoding: HTMLReport.render(Report(summary)), as: UTF8.self))
        let findings = try #require(data["findings"] as? [[String: Any]])
        let levels = Dictionary(grouping: findings.compactMap { $0["level"] as? String }) { $0 }.mapValues(\.count)
        #expect(levels["CRITICAL"] ?? 0 >= 100 && levels["ERROR"] ?? 0 >= 100 && levels["WARNING"] == 3, "\(levels)")
        let ranks = findings.compactMap { $0["rank"] as? Int }
        #expect(ranks == ranks.sorted())
    }

    /// Findings of the worst kind: every text is long and grows sixfold where it is escaped.
    private static func complete(of count: Int) -> Summary {
        var summary = Summary()
        let text = String(repeating: "<\u{1}", count: 1_000)
        for index in 0..<count {
            let id = "rule.\(index)"
            summary.findings[id] = MadeUp.finding(
                id, "\(index) \(text)", .error, MadeUp.tally(1, Double(index)),
                MadeUp.sample("a.log", Int64(index), Double(index), text), captures: ["a": text])
            summary.timeline.add(time: MadeUp.time(Double(index) * 3), byRank: MadeUp.byRank([.error: 1]))
        }
        return summary
    }
}
