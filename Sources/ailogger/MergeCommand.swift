import ArgumentParser
import LogAnalysis
import LogCore
import LogEngine

struct MergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Merge summaries of several runs or machines into one report.",
        discussion: """
            EXAMPLES
              ailogger analyze --format summary -o web-1.summary /var/log/nginx
              ailogger merge web-1.summary web-2.summary
              ailogger merge --baseline monday.summary tuesday.summary
            """)

    @Argument(help: "Files that `ailogger analyze --format summary` wrote.", completion: .file())
    var files: [String]

    @Option(
        parsing: .unconditional,
        help: "text, json, html (one file for a browser), markdown, sarif, junit, csv, or summary.")
    var format: ReportFormat = .text

    @Option(name: .shortAndLong, help: ArgumentHelp("Write the report to a file.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Compare with another summary.", valueName: "summary"))
    var baseline: String?

    @OptionGroup var layout: LayoutOptions
    @OptionGroup var edits: TemplateOptions

    mutating func validate() throws { try format.checkTarget(output) }

    mutating func run() async throws {
        let other = try baseline.map { path in
            guard let summary = try Baseline.summary(path) else { throw SummaryFile.refusal(path) }
            return Baseline(name: path, summary: summary)
        }
        let summary = try SummaryFile.merged(files)
        let (edits, defects) = TemplateEdits.load(try edits.files)
        for defect in defects where defect.level == .error { StandardError.write(defect.rendered + "\n") }
        let target = try FileOutput(output, notAmong: files)
        let report = Report(summary, baseline: other.map { ($0.name, $0.summary) }, edits: edits)
        try target.write(format.render(report, summary, layout, elapsed: nil))
        try target.finish()
    }
}
