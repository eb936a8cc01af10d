import ArgumentParser
import LogAnalysis
import LogCore

/// How a summary is written.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, html, markdown, sarif, junit, csv, summary

    /// A page is for a browser: on a terminal nobody can read it.
    func checkTarget(_ output: String?) throws {
        guard self == .html, output == nil || output == "-", Terminal.isTerminal else { return }
        throw ValidationError("--format html writes a page for a browser: name a file with -o report.html.")
    }

    func render(_ report: Report, _ summary: Summary, _ layout: LayoutOptions, elapsed: Duration?) throws -> [UInt8] {
        switch self {
        case .text:
            let size = Terminal.size
            let text = TextReport(
                width: layout.width?.number ?? size.width, color: layout.color.isOn, unicode: Terminal.isUnicode,
                height: size.height, top: layout.top?.number)
            let seconds = elapsed.map { Double($0.nanoseconds) / 1e9 }
            return Array(text.render(report, elapsed: seconds).utf8)
        case .json: return Array(JSONReport.render(report, pretty: true))
        case .html: return Array(HTMLReport.render(report))
        case .markdown: return Array(MarkdownReport.render(report, top: layout.top?.number).utf8)
        case .sarif: return Array(SARIFReport.render(report, version: AILoggerCommand.version))
        case .junit: return Array(JUnitReport.render(report).utf8)
        case .csv: return Array(CSVReport.render(report).utf8)
        case .summary: return try SummaryFile.encode(summary)
        }
    }
}

/// How the text report looks.
struct LayoutOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Show so many findings with all that is known of them.", valueName: "n"))
    var top: NumberArgument?

    @Option(parsing: .unconditional, help: "auto, always, or never; NO_COLOR is heeded.")
    var color: ColorChoice = .auto

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Columns of the report; the terminal's unless given.", valueName: "columns"))
    var width: NumberArgument?

    func validate() throws {
        try NumberArgument.check(top, "--top", 0...1_000_000)
        try NumberArgument.check(width, "--width", 40...1_000)
    }
}
