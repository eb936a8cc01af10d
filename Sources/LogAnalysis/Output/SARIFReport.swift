import LogCore

/// The findings as SARIF 2.1.0, for code scanning and for editors that show such files: a result a finding, at the line
/// of its first event. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
package enum SARIFReport {
    /// What stands for errors that no rule knows.
    private static let unexplained = "unexplained"

    package static func render(_ report: Report, version: String) -> ContiguousArray<UInt8> {
        var writer = JSONWriter(pretty: true, capacity: 1 << 16)
        var rules: [RuleInfo] = []
        var indices: [String: Int] = [:]
        for rule in report.findings.compactMap(\.rule) where indices[rule.id] == nil {
            indices[rule.id] = rules.count
            rules.append(rule)
        }
        writer.beginObject()
        writer.member(
            "$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
        writer.member("version", "2.1.0")
        writer.list("runs", [report]) { writer, report in
            writer.beginObject()
            writer.object("tool") { writer in
                writer.object("driver") { writer in
                    writer.member("name", "ailogger")
                    writer.member("version", version)
                    writer.list("rules", rules) { $0.rule($1) }
                }
            }
            writer.list("invocations", [report]) { $0.invocation($1) }
            writer.list("results", report.findings) { writer, finding in
                writer.result(
                    finding, index: finding.rule.flatMap { indices[$0.id] }, ruleID: finding.rule?.id ?? unexplained,
                    state: report.comparison.map { state(finding, $0) })
            }
            writer.object("properties") { writer in
                writer.key("ledger")
                writer.ledger(report.ledger)
                if let comparison = report.comparison {
                    writer.list("differences", comparison.differences) { $0.difference($1) }
                }
            }
            writer.member("columnKind", "unicodeCodePoints")
            writer.endObject()
        }
        writer.endObject()
        writer.newline()
        return writer.bytes
    }

    /// What has become of a finding since the baseline.
    private static func state(_ finding: Finding, _ comparison: Comparison) -> String {
        let difference = comparison.differences.first { difference in
            switch difference.subject {
            case .rule(let id): finding.rule?.id == id
            case .template(let id): finding.rule == nil && finding.id == id
            default: false
            }
        }
        guard let difference else { return "unchanged" }
        return difference.kind == .new ? "new" : "updated"
    }

    static func level(_ severity: Severity) -> String {
        switch severity {
        case .critical, .error: "error"
        case .warning: "warning"
        default: "note"
        }
    }

    /// A path as a URI reference: relative as it stands, absolute with its scheme; every other byte percent-encoded.
    static func uri(_ path: String) -> String {
        var result = path.hasPrefix("/") ? "file://" : ""
        for byte in path.utf8 {
            let isPlain = (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || "/._-~+,@=".utf8.contains(byte)
            if isPlain {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}

extension JSONWriter {
    fileprivate mutating func rule(_ rule: RuleInfo) {
        beginObject()
        member("id", rule.id)
        text("shortDescription", rule.title)
        if !rule.cause.isEmpty { text("fullDescription", rule.cause) }
        if let page = rule.docs.first { member("helpUri", TextLayout.url(page.url)) }
        let plain = rule.fix + rule.docs.map { "\($0.title): \($0.url)" }
        if !plain.isEmpty {
            let markdown =
                rule.fix.map { "- \(MarkdownReport.inline($0))" }
                + rule.docs.map { "- \(MarkdownReport.link($0.title, $0.url))" }
            object("help") { writer in
                writer.member("text", plain.joined(separator: "\n"))
                writer.member("markdown", markdown.joined(separator: "\n"))
            }
        }
        object("defaultConfiguration") { $0.member("level", SARIFReport.level(rule.severity)) }
        endObject()
    }

    fileprivate mutating func invocation(_ report: Report) {
        beginObject()
        key("executionSuccessful")
        bool(report.problems.isEmpty)
        let problems = report.problems.map { ("error", "\($0.path): \($0.error ?? "")", $0.path) }
        let warnings = report.warnings.map { ("warning", $0, "") }
        list("toolExecutionNotifications", problems + warnings) { writer, note in
            writer.beginObject()
            writer.member("level", note.0)
            writer.text("message", note.1)
            if !note.2.isEmpty { writer.list("locations", [note.2]) { $0.location($1, line: nil, text: nil) } }
            writer.endObject()
        }
        endObject()
    }

    fileprivate mutating func result(_ finding: Finding, index: Int?, ruleID: String, state: String?) {
        let evidence = Evidence(finding)
        beginObject()
        member("ruleId", ruleID)
        if let index { member("ruleIndex", Int64(index)) }
        member("level", SARIFReport.level(finding.severity))
        if let state { member("baselineState", state) }
        let count = TextLayout.count(finding.tally.count, "event")
        text("message", "\(TextLayout.clean(finding.title)) (\(count)): \(TextLayout.clean(evidence.text))")
        if !finding.sample.source.isEmpty {
            list("locations", [finding]) { $0.location($1.sample.source, line: evidence.line, text: evidence.text) }
        }
        if !finding.further.isEmpty {
            list("relatedLocations", finding.further) { $0.location($1.source, line: $1.line, text: $1.text) }
        }
        member("occurrenceCount", max(finding.tally.count, 1))
        let identity = [finding.id, finding.status].filter { !$0.isEmpty }.joined(separator: "/")
        object("partialFingerprints") { $0.member("findingId/v1", identity) }
        object("properties") { writer in
            writer.member("rank", Int64(finding.rank))
            writer.member("severity", finding.severity.name)
            writer.times(finding.tally)
            if !finding.component.isEmpty { writer.member("component", finding.component) }
            if let story = finding.story { writer.member("story", story.text) }
        }
        endObject()
    }

    fileprivate mutating func location(_ path: String, line: Int64?, text: String?) {
        beginObject()
        object("physicalLocation") { writer in
            writer.object("artifactLocation") { $0.member("uri", SARIFReport.uri(path)) }
            if let line {
                writer.object("region") { writer in
                    writer.member("startLine", max(line, 1))
                    if let text { writer.text("snippet", text) }
                }
            }
        }
        endObject()
    }

    fileprivate mutating func text(_ name: StaticString, _ text: String) {
        object(name) { $0.member("text", text) }
    }
}
