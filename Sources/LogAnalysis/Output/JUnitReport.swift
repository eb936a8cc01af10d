import LogCore

/// The report as test results, for what shows and counts those: an input is a test that passes if it was read, a finding
/// one that fails. Warnings are skipped tests: they stand in the list and break no build.
///
/// There is no standard; what is written is valid by the schema of the Jenkins xUnit plugin, which refuses what it doesn't know:
/// https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
/// So a place in a log stands in the texts, and not in attributes that some readers know.
package enum JUnitReport {
    package static func render(_ report: Report) -> String {
        let inputs = report.inputs.filter { $0.skipped == nil }
        let unread = inputs.count { $0.error != nil }
        let failures = report.findings.count(where: \.isFailure)
        let skipped = report.findings.count - failures
        let differences = report.comparison?.differences ?? []
        let regressions = differences.count(where: \.isRegression)
        // Where nothing was found that is a test which passed: of a suite without tests many readers say that none ran.
        let tests = max(report.findings.count, 1)
        let compared = report.comparison == nil ? 0 : max(differences.count, 1)
        let total = inputs.count + tests + compared
        var xml = XMLText()
        xml.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        xml.open(
            "testsuites",
            [
                ("name", "ailogger"), ("tests", String(total)),
                ("failures", String(failures + regressions)), ("errors", String(unread)),
            ])
        xml.open(
            "testsuite",
            [
                ("name", "inputs"), ("tests", String(inputs.count)), ("failures", "0"), ("errors", String(unread)),
                ("skipped", "0"),
            ])
        xml.open("properties", [])
        for (name, value) in report.ledger.figures {
            xml.empty("property", [("name", "ledger.\(name)"), ("value", String(value))])
        }
        xml.close("properties")
        for input in inputs { self.input(input, &xml) }
        xml.close("testsuite")
        var attributes = [
            ("name", "findings"), ("tests", String(tests)), ("failures", String(failures)),
            ("errors", "0"), ("skipped", String(skipped)),
        ]
        if let first = report.tally.first { attributes.append(("timestamp", rfc3339(first))) }
        xml.open("testsuite", attributes)
        for finding in report.findings { self.finding(finding, &xml) }
        if report.findings.isEmpty {
            xml.empty("testcase", [("classname", "findings"), ("name", "nothing was found")])
        }
        xml.close("testsuite")
        if let comparison = report.comparison { self.comparison(comparison, &xml) }
        xml.close("testsuites")
        return xml.text
    }

    /// What differs from the baseline: a regression fails, all else is told and breaks nothing.
    private static func comparison(_ comparison: Comparison, _ xml: inout XMLText) {
        let differences = comparison.differences
        let regressions = differences.count(where: \.isRegression)
        xml.open(
            "testsuite",
            [
                ("name", "compared with \(comparison.baseline)"), ("tests", String(max(differences.count, 1))),
                ("failures", String(regressions)), ("errors", "0"),
                ("skipped", String(differences.count - regressions)),
            ])
        if differences.isEmpty {
            xml.empty("testcase", [("classname", "differences"), ("name", "nothing that chance doesn't explain")])
        }
        for difference in differences {
            let sample = difference.sample
            xml.open(
                "testcase",
                [
                    ("classname", difference.kind.rawValue), ("name", difference.name),
                ])
            if difference.isRegression {
                xml.element(
                    "failure", [("type", difference.kind.rawValue), ("message", difference.statement.text)],
                    "\(sample.source):\(sample.line): \(sample.text)")
            } else {
                xml.empty("skipped", [("message", "\(difference.statement.text), \(sample.source):\(sample.line)")])
            }
            xml.close("testcase")
        }
        xml.close("testsuite")
    }

    private static func input(_ input: SourceSummary, _ xml: inout XMLText) {
        let attributes = [("classname", "inputs"), ("name", input.path)]
        guard let error = input.error else {
            xml.empty("testcase", attributes)
            return
        }
        xml.open("testcase", attributes)
        xml.empty("error", [("type", "unread"), ("message", error)])
        xml.close("testcase")
    }

    private static func finding(_ finding: Finding, _ xml: inout XMLText) {
        let evidence = Evidence(finding)
        let product = finding.rule.map { String($0.id.prefix { $0 != "." }) } ?? "unexplained"
        xml.open(
            "testcase",
            [
                ("classname", finding.rule == nil && !finding.component.isEmpty ? finding.component : product),
                ("name", finding.title),
            ])
        let message =
            "\(TextLayout.count(finding.tally.count, "event")), first at \(finding.sample.source):\(evidence.line)"
        if finding.isFailure {
            xml.element("failure", [("type", finding.severity.name), ("message", message)], body(finding, evidence))
        } else {
            xml.empty("skipped", [("message", "\(finding.severity.name): \(message)")])
        }
        xml.close("testcase")
    }

    private static func body(_ finding: Finding, _ evidence: Evidence) -> String {
        var lines = ["\(finding.sample.source):\(evidence.line): \(evidence.text)"]
        if let story = finding.story { lines.append("began: \(story.text)") }
        if let rule = finding.rule {
            if !rule.cause.isEmpty { lines.append("cause: \(rule.cause)") }
            lines += rule.fix.map { "fix: \($0)" }
            lines += rule.docs.map { "docs: \($0.url)" }
            lines.append("rule: \(rule.id)")
        } else {
            lines.append("template: \(finding.id)")
        }
        return lines.joined(separator: "\n")
    }
}

/// XML as text: escaped, and without the characters that XML 1.0 does not allow at all.
struct XMLText {
    private(set) var text = ""
    private var depth = 0

    mutating func line(_ line: String) { text += String(repeating: "  ", count: depth) + line + "\n" }

    mutating func open(_ name: String, _ attributes: [(String, String)]) {
        line("<\(name)\(Self.list(attributes))>")
        depth += 1
    }

    mutating func close(_ name: String) {
        depth -= 1
        line("</\(name)>")
    }

    mutating func empty(_ name: String, _ attributes: [(String, String)]) { line("<\(name)\(Self.list(attributes))/>") }

    mutating func element(_ name: String, _ attributes: [(String, String)], _ content: String) {
        line("<\(name)\(Self.list(attributes))>\(Self.escaped(content))</\(name)>")
    }

    private static func list(_ attributes: [(String, String)]) -> String {
        attributes.map { " \($0.0)=\"\(escaped($0.1, isAttribute: true))\"" }.joined()
    }

    static func escaped(_ text: String, isAttribute: Bool = false) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "\t", "\n", "\r":
                // A parser turns them into spaces in an attribute anyway.
                result.append(isAttribute || scalar == "\r" ? " " : scalar)
            default:
                let isAllowed =
                    (0x20...0xD7FF).contains(scalar.value) || (0xE000...0xFFFD).contains(scalar.value)
                    || scalar.value >= 0x10000
                result.append(isAllowed ? scalar : "\u{FFFD}")
            }
        }
        return String(result)
    }
}
