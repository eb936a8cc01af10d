import Foundation
import FoundationXML
import LogCore
import Testing

@testable import LogAnalysis

/// The report as Markdown, SARIF, JUnit and CSV.
struct OutputTests {
    /// A log line that tries to be markup of every kind.
    private let hostile =
        "</failure>]]><script>|`code` **bold** [x](http://evil) @team #1\u{1}\u{202E}\u{1B}[2J,\"quoted\""

    private func hostileReport() -> Report {
        var summary = MadeUp.night()
        summary.templates["00000000000000cc"] = MadeUp.template(
            hostile, MadeUp.sample("=cmd|' /C calc'!A0.log", 7, 0, hostile), component: hostile, counts: [.error: 2],
            unexplained: MadeUp.tally(2, 0))
        summary.findings["x.hostile"] = MadeUp.finding(
            "x.hostile", "Not so harmless", .error, MadeUp.tally(1, 1), MadeUp.sample("a b/ü%.log", 9, 1, hostile))
        return Report(summary)
    }

    // MARK: Markdown

    @Test func `Markdown tells what happened, where, and what to do`() {
        let text = MarkdownReport.render(Report(MadeUp.night()))
        #expect(text.hasPrefix("# Kernel killed a process: out of memory\n"))
        #expect(text.contains("### 1. Kernel killed a process: out of memory"))
        #expect(text.contains("`logs/kern.log.1.gz:2001`"))
        #expect(text.contains("- Fix: See what grew before"))
        #expect(text.contains("](<https://docs.kernel.org/admin-guide/mm/concepts.html>)"))
        #expect(text.contains("Unexplained: `charge <*> declined by issuer code <*>`"))
    }

    @Test func `log text in Markdown closes no fence, makes no markup and calls nobody`() {
        let text = MarkdownReport.render(hostileReport())
        var isBlock = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") { isBlock.toggle() }
            let outside =
                isBlock
                ? ""
                : line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                    .filter { $0.offset % 2 == 0 }.map { String($0.element) }.joined()
            // Inside code spans, whose fences are longer than what they hold, anything may stand.
            if !line.contains("``") { #expect(!outside.contains("<script>") && !outside.contains("@team")) }
        }
        #expect(!isBlock)
        #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
        #expect(MarkdownReport.code("a ``b`` `") == "``` a ``b`` ` ```")
        #expect(MarkdownReport.inline("*a* <b> @c #1") == "\\*a\\* \\<b\\> @\u{200B}c \\#1")
    }

    @Test func `findings beyond the first ones stand in a table with a row each`() {
        var summary = Summary()
        for index in 0..<60 {
            let id = "r.\(index)"
            summary.findings[id] = MadeUp.finding(
                id, "Title | \(index)", .error, MadeUp.tally(1, Double(index)), MadeUp.sample("a|b.log", 1, 0, "x"))
        }
        let text = MarkdownReport.render(Report(summary), top: 3)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.contains(" ERROR ") }
        #expect(rows.count == 40)
        for row in rows {
            // Bars of cells, and none of what is in them.
            #expect(row.replacingOccurrences(of: "\\|", with: "").filter { $0 == "|" }.count == 6, "\(row)")
        }
        #expect(text.contains("and 17 more findings"))
    }

    @Test func `a log in which nothing went wrong says so`() {
        #expect(MarkdownReport.render(Report(Summary())).hasPrefix("# Nothing went wrong"))
        #expect(CSVReport.render(Report(Summary())).split(separator: "\r\n").count == 1)
        let junit = JUnitReport.render(Report(Summary()))
        #expect(junit.contains("name=\"findings\" tests=\"1\" failures=\"0\"") && junit.contains("nothing was found"))
        #expect(junit.contains("<testsuites name=\"ailogger\" tests=\"1\""))
    }

    // MARK: SARIF

    @Test func `SARIF has a result a finding, each of a rule that is described`() throws {
        let report = hostileReport()
        let bytes = SARIFReport.render(report, version: "1.2.3")
        let log = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(log["version"] as? String == "2.1.0")
        let run = try #require((log["runs"] as? [[String: Any]])?.first)
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        #expect(driver["name"] as? String == "ailogger" && driver["version"] as? String == "1.2.3")
        let rules = try #require(driver["rules"] as? [[String: Any]])
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.count == report.findings.count)
        for (result, finding) in zip(results, report.findings) {
            if let index = result["ruleIndex"] as? Int {
                #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
            } else {
                #expect(result["ruleId"] as? String == "unexplained")
            }
            #expect(result["occurrenceCount"] as? Int64 == finding.tally.count)
            let location = (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any]
            let uri = try #require((location?["artifactLocation"] as? [String: Any])?["uri"] as? String)
            #expect(URL(string: uri) != nil && !uri.contains(" "))
            #expect(((location?["region"] as? [String: Any])?["startLine"] as? Int ?? 0) >= 1)
        }
        #expect(SARIFReport.uri("/var/log/a b.log") == "file:///var/log/a%20b.log")
        #expect(SARIFReport.uri("a b/ü%.log") == "a%20b/%C3%BC%25.log")
    }

    // MARK: JUnit

    private final class Counter: NSObject, XMLParserDelegate {
        var elements: [String: Int] = [:]
        var suites: [[String: String]] = []
        var text = ""
        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String] = [:]
        ) {
            elements[name, default: 0] += 1
            if name == "testsuite" || name == "testsuites" { suites.append(attributes) }
        }
        func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
    }

    @Test func `JUnit is well-formed whatever a log says, and its counts are those of its cases`() throws {
        var summary = MadeUp.night()
        summary.sources["gone.log"] = SourceSummary(path: "gone.log")
        summary.sources["gone.log"]?.error = "No such file"
        summary.templates["00000000000000cc"] = MadeUp.template(
            hostile, MadeUp.sample("a.log", 7, 0, hostile), counts: [.error: 2], unexplained: MadeUp.tally(2, 0))
        summary.findings["w.warn"] = MadeUp.finding(
            "w.warn", "Only a warning", .warning, MadeUp.tally(1, 1), MadeUp.sample("a.log", 9, 1, hostile))
        let report = Report(summary)
        let counter = Counter()
        let parser = XMLParser(data: Data(JUnitReport.render(report).utf8))
        parser.delegate = counter
        #expect(parser.parse(), "\(parser.parserError.map(String.init(describing:)) ?? "")")
        let whole = try #require(counter.suites.first)
        #expect(whole["tests"] == String(counter.elements["testcase"] ?? 0))
        #expect(whole["failures"] == String(counter.elements["failure"] ?? 0))
        #expect(whole["errors"] == String(counter.elements["error"] ?? 0) && whole["errors"] == "1")
        #expect(
            counter.suites.dropFirst().compactMap { $0["skipped"].flatMap(Int.init) }.reduce(0, +)
                == counter.elements["skipped"])
        #expect(counter.elements["skipped"] == 1)
        #expect(
            counter.suites.dropFirst().compactMap { $0["tests"].flatMap(Int.init) }.reduce(0, +)
                == counter.elements["testcase"])
        #expect(counter.text.contains("</failure>]]><script>"))
    }

    /// What an element may hold and bear, and must bear, by the schema junit-10.xsd of Jenkins' xUnit plugin, as far as it is used.
    private struct Allowed {
        var children: Set<String> = []
        var required: Set<String> = []
        var optional: Set<String> = []
        var hasText = false

        static let all: [String: Allowed] = [
            "testsuites": Allowed(
                children: ["testsuite"], optional: ["name", "time", "tests", "failures", "errors"]),
            "testsuite": Allowed(
                children: ["testsuite", "properties", "testcase", "system-out", "system-err"],
                required: ["name", "tests", "failures", "errors"],
                optional: [
                    "group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url",
                ]),
            "properties": Allowed(children: ["property"]),
            "property": Allowed(required: ["name", "value"]),
            "testcase": Allowed(
                children: ["skipped", "error", "failure", "system-out", "system-err"], required: ["name"],
                optional: ["time", "classname", "group"]),
            "skipped": Allowed(optional: ["type", "message"], hasText: true),
            "error": Allowed(optional: ["type", "message"], hasText: true),
            "failure": Allowed(optional: ["type", "message"], hasText: true),
        ]
    }

    /// Says what of a document the schema doesn't allow.
    private final class Validator: NSObject, XMLParserDelegate {
        var defects: [String] = []
        private var open: [String] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String] = [:]
        ) {
            let parent = open.last
            open.append(name)
            let isAllowed = parent.map { Allowed.all[$0]?.children.contains(name) ?? false } ?? (name == "testsuites")
            if !isAllowed { defects.append("<\(name)> in <\(parent ?? "")>") }
            guard let allowed = Allowed.all[name] else { return }
            let names = Set(attributes.keys)
            for one in allowed.required.subtracting(names) { defects.append("<\(name)> has no \(one)") }
            for one in names.subtracting(allowed.required).subtracting(allowed.optional) {
                defects.append("<\(name)> has \(one)")
            }
        }
        func parser(
            _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
        ) { open.removeLast() }
        func parser(_ parser: XMLParser, foundCharacters string: String) {
            let isBlank = string.allSatisfy(\.isWhitespace)
            if !isBlank, Allowed.all[open.last ?? ""]?.hasText != true {
                defects.append("text in <\(open.last ?? "")>")
            }
        }
    }

    @Test func `JUnit is valid by the schema that Jenkins checks it with`() {
        var summary = MadeUp.night()
        summary.sources["gone.log"] = SourceSummary(path: "gone.log")
        summary.sources["gone.log"]?.error = "No such file"
        summary.findings["w.warn"] = MadeUp.finding(
            "w.warn", "Only a warning", .warning, MadeUp.tally(1, 1), MadeUp.sample("a.log", 9, 1, hostile))
        for report in [Report(summary), Report(summary, baseline: ("before", Summary())), Report(Summary())] {
            let validator = Validator()
            let parser = XMLParser(data: Data(JUnitReport.render(report).utf8))
            parser.delegate = validator
            #expect(parser.parse())
            #expect(validator.defects.isEmpty, "\(validator.defects)")
        }
    }

    // MARK: CSV

    /// The cells of RFC 4180 text.
    private func rows(_ text: String) -> [[String]] {
        var rows: [[String]] = [[""]]
        var isQuoted = false
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            let last = (rows.count - 1, rows[rows.count - 1].count - 1)
            switch scalar {
            case "\"" where isQuoted && scalars.first == "\"":
                scalars.removeFirst()
                rows[last.0][last.1].append("\"")
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: rows[last.0].append("")
            case "\r" where !isQuoted && scalars.first == "\n":
                scalars.removeFirst()
                if !scalars.isEmpty { rows.append([""]) }
            default: rows[last.0][last.1].unicodeScalars.append(scalar)
            }
        }
        return rows
    }

    @Test func `CSV has a row a finding with all columns, and no cell is a formula`() {
        let report = hostileReport()
        let rows = rows(CSVReport.render(report))
        #expect(rows.count == report.findings.count + 1)
        #expect(rows.allSatisfy { $0.count == CSVReport.columns.count })
        for row in rows.dropFirst() {
            for cell in row { #expect(!cell.hasPrefix("=") && !cell.hasPrefix("@") && !cell.contains("\u{1B}")) }
        }
        #expect(rows.contains { $0.contains { $0.contains("\"quoted\"") } })
    }

    // MARK: Losses

    @Test func `losses add up to what was not understood, each with an example and a hint`() throws {
        var summary = Summary()
        var known = SourceSummary(path: "known.log")
        known.formats = ["log4j"]
        known.ledger.unparsedEvents = 5
        known.ledger.unparsedBytes = 500
        known.ledger.untimedEvents = 2
        known.ledger.untimedBytes = 100
        known.lossSamples["other_shape"] = MadeUp.sample("known.log", 3, 0, "2026-11-20 what")
        known.lossSamples["untimed"] = MadeUp.sample("known.log", 9, nil, "what")
        var unknown = SourceSummary(path: "-odd name.log")
        unknown.ledger.unparsedEvents = 7
        unknown.ledger.unparsedBytes = 700
        unknown.lossSamples["untimed"] = MadeUp.sample("-odd name.log", 1, nil, "odd")
        var gone = SourceSummary(path: "gone.log")
        gone.error = "No such file"
        for source in [known, unknown, gone] { summary.sources[source.path] = source }
        let losses = Report(summary).losses
        #expect(losses.map(\.reason) == [.unknownFormat, .otherShape, .untimed, .unread])
        #expect(losses.map(\.count) == [7, 3, 2, 1])
        #expect(losses.reduce(0) { $0 + $1.bytes } == summary.ledger.unparsedBytes)
        #expect(losses[0].hint.contains("plugins new NAME --from './-odd name.log'"))
        #expect(losses[1].samples.first?.line == 3 && losses[2].samples.first?.line == 9)
        #expect(losses[3].message == "No such file")
        #expect(losses.allSatisfy { !$0.hint.isEmpty })
    }
}
