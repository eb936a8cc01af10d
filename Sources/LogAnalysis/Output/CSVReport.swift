import LogCore

/// The findings as a table: RFC 4180, a line a finding, in the order of the report.
///
/// A text that begins like a formula gets a quote in front, for a spreadsheet would run what some log line says.
package enum CSVReport {
    static let columns = [
        "rank", "level", "count", "first", "last", "rule", "template_id", "title", "component", "source", "line",
        "text", "story", "cause", "fix", "docs",
    ]

    package static func render(_ report: Report) -> String {
        var output = row(columns)
        for finding in report.findings { output += row(cells(finding)) }
        return output
    }

    private static func cells(_ finding: Finding) -> [String] {
        let rule = finding.rule
        let evidence = Evidence(finding)
        return [
            String(finding.rank), finding.severity.name, String(finding.tally.count), time(finding.tally.first),
            time(finding.tally.last), rule?.id ?? "", rule == nil ? finding.id : "", text(finding.title),
            text(finding.component), text(finding.sample.source), String(evidence.line), text(evidence.text),
            text(finding.story?.text ?? ""), text(rule?.cause ?? ""), text(rule?.fix.joined(separator: " ") ?? ""),
            text(rule?.docs.map(\.url).joined(separator: " ") ?? ""),
        ]
    }

    private static func time(_ time: Int64?) -> String { time.map(rfc3339) ?? "" }

    private static func text(_ text: String) -> String {
        let clean = TextLayout.clean(text)
        return clean.first.map { "=+-@\t".contains($0) } == true ? "'" + clean : clean
    }

    private static func row(_ cells: [String]) -> String {
        cells.map { cell in
            let needsQuotes = cell.contains { $0 == "," || $0 == "\"" || $0.isNewline }
            return needsQuotes
                ? "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
                : cell
        }.joined(separator: ",") + "\r\n"
    }
}
