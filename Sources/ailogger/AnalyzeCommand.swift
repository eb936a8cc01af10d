import ArgumentParser
import LogAnalysis
import LogCore
import LogEngine
import LogPatterns

struct AnalyzeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze", abstract: "Report what went wrong in logs: what, when, how often, and what to do.",
        discussion: """
            EXAMPLES
              ailogger analyze /var/log
              zcat old.log.gz | ailogger analyze -
              ailogger analyze --since 2026-11-20T04:00:00Z --until 2026-11-20T05:00:00Z logs/
              ailogger analyze --format html -o report.html logs/
              ailogger analyze --baseline good-run.log bad-run.log
              ailogger analyze --since 2h --baseline before logs/
              ailogger analyze --fail-on error build.log          exit status 1 if there is any error
              ailogger analyze --follow /var/log/syslog           the report grows with the log; Ctrl-C prints it
              ailogger analyze --explain-format app.log           which format was recognised, and why
            """)

    @OptionGroup var input: InputOptions
    @OptionGroup var catalog: CatalogOptions

    @Option(
        parsing: .unconditional,
        help:
            "text, json, html (one file for a browser), markdown, sarif, junit, csv, or summary (a file that `ailogger merge` takes)."
    )
    var format: ReportFormat = .text

    @Option(
        help: ArgumentHelp(
            "Exit with 1 if there is an event of this level or worse, a finding of this rule, a difference from the baseline, or a regression: new or more errors, or slower; may be repeated.",
            valueName: "level|rule|difference|regression"))
    var failOn: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("Write the report to a file.", valueName: "file"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Compare with another log, folder or summary; with the time before --since: before.",
            valueName: "path|summary|before"))
    var baseline: String?

    @OptionGroup var layout: LayoutOptions
    @OptionGroup var plugins: PluginOptions

    @Flag(help: "Go on as the logs grow, also over rotation, and draw the report anew as it changes.")
    var follow = false

    @Flag(help: "Say which format each input is taken for, the candidates and their votes; no report.")
    var explainFormat = false

    mutating func validate() throws {
        try input.validate()
        try plugins.validate()
        try format.checkTarget(output)
        try Baseline.validate(baseline, input, failOn)
        if follow, output != nil || format != .text {
            throw ValidationError("--follow draws on the terminal: it takes no --output and no --format but text.")
        }
    }

    mutating func run() async throws {
        let catalog = try catalog.load(quiet: input.quiet, plugins.choices, forced: input.forced)
        let conditions = try failOn.map { try FailCondition($0, rules: catalog.findingIDs) }
        let found = try input.find(follow: follow)
        if explainFormat {
            try explain(found, catalog)
            return
        }
        if follow {
            let instead = "`ailogger parse --follow` writes events and findings as they come"
            if let refusal = TerminalSession.refusal(of: "analyze --follow", instead: instead) {
                throw Failure(refusal)
            }
            let run = FollowedRun(self.catalog, plugins.choices, input, plugins)
            let summary = try await run.analyze(catalog, found, layout)
            let target = try FileOutput(nil)
            let report = Report(summary, edits: catalog.templateEdits, window: input.filter())
            try target.write(format.render(report, summary, layout, elapsed: nil))
            if conditions.contains(where: { $0.isMet(summary, nil) }) { throw ExitCode(1) }
            return
        }
        // Opened before the work: a report that can't be written is said at once.
        let target = try FileOutput(output, notAmong: found.inputs.map(\.path) + found.archives)
        let start = ContinuousClock.now
        var options = RunOptions(jobs: input.workers)
        let filter = await input.filter(found.inputs, catalog)
        options.filter = filter
        options.baseline = Baseline.filter(baseline, filter)
        // Read first: what can't be compared with is said before the work.
        var other = try await Baseline.read(baseline, catalog, options, input.times.settings())
        let progress = Progress(found.inputs, isOn: !input.quiet)
        options.progress = { progress.add($0, onDisk: $1) }
        let engine = Engine(catalog)
        let store = try plugins.state.map { try StateStore($0) }
        let run = try plugins.start(
            catalog, sources: found.inputs.map(\.path), filter: filter, output: output, store)
        var (summary, before) = await progress.around { [options] in
            guard let store else { return await engine.analyzeBoth(found.inputs, options, plugins: run) }
            return await store.around(run.correlation) { await engine.analyzeBoth(found.inputs, options, plugins: run) }
        }
        if let before { other = Baseline(name: Baseline.beforeName, summary: before) }
        summary.add(found.problems)
        let report = Report(
            summary, baseline: other.map { ($0.name, $0.summary) }, edits: catalog.templateEdits, window: filter)
        let elapsed = ContinuousClock.now - start
        try target.write(format.render(report, summary, layout, elapsed: output == nil ? elapsed : nil))
        try target.finish()
        if let store, let correlation = run.correlation { try store.save(correlation.save()) }
        try PluginOptions.check(run)
        if summary.sources.values.contains(where: { $0.error != nil }) {
            if output != nil || format != .text { Self.sayProblems(summary) }
            throw ExitCode(2)
        }
        if let comparison = report.comparison, comparison.events == 0 || comparison.baselineEvents == 0 {
            let side = comparison.events == 0 ? "what was analysed" : comparison.baseline
            StandardError.write("ailogger: nothing was compared: \(side) has no events\n")
            // A check that can't have failed has not passed.
            if conditions.contains(where: \.needsComparison) { throw ExitCode(2) }
        }
        if conditions.contains(where: { $0.isMet(summary, report.comparison) }) { throw ExitCode(1) }
    }

    /// One line on standard error for each input that could not be read, where the report doesn't show it.
    static func sayProblems(_ summary: Summary) {
        for source in summary.sources.values.sorted(by: { $0.path < $1.path }) {
            if let error = source.error { StandardError.write("\(source.path): error: \(error)\n") }
        }
    }

    private func explain(_ found: InputFinder, _ catalog: Catalog) throws {
        var text = ""
        for problem in found.problems { text += "\(problem.path): error: \(problem.message)\n" }
        var failed = !found.problems.isEmpty
        for (input, facts, detection) in Engine(catalog).detect(found.inputs) {
            if let error = facts.error {
                text += "\(input.path): error: \(error)\n"
                failed = true
                continue
            }
            text += FormatExplanation(input, facts, detection, catalog.formats).text
        }
        for diagnostic in catalog.lateDiagnostics { StandardError.write(diagnostic.rendered + "\n") }
        let target = try FileOutput(output)
        try target.write(Array(text.utf8))
        try target.finish()
        if failed { throw ExitCode(2) }
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

extension Summary {
    /// Inputs that were never opened stand in the report like those that failed on the way.
    mutating func add(_ problems: [SourceProblem]) {
        for problem in problems {
            var source = sources[problem.path] ?? SourceSummary(path: problem.path)
            source.error = problem.message
            sources[problem.path] = source
        }
    }
}

/// What `--fail-on` names.
enum FailCondition {
    case level(Severity)
    case rule(String)
    /// Any difference from the baseline.
    case difference
    /// Errors that the baseline doesn't have, or more of them.
    case regression

    var needsComparison: Bool {
        switch self {
        case .difference, .regression: true
        case .level, .rule: false
        }
    }

    init(_ text: String, rules: [String]) throws {
        if text == "difference" {
            self = .difference
        } else if text == "regression" {
            self = .regression
        } else if rules.contains(where: { text == $0 || text.hasPrefix($0 + ".") }) {
            self = .rule(text)
        } else if let level = Severity(argument: text) {
            self = .level(level)
        } else {
            throw ValidationError(
                "--fail-on takes a level (\(Severity.allValueStrings.joined(separator: ", "))), the id of a rule (`ailogger rules list`), difference or regression, not '\(text)'."
            )
        }
    }

    func isMet(_ summary: Summary, _ comparison: Comparison?) -> Bool {
        switch self {
        case .difference: comparison?.differences.isEmpty == false
        case .regression: comparison?.differences.contains(where: \.isRegression) == true
        case .rule(let id):
            // A correlator may have several kinds of findings, each with a name behind its own.
            summary.findings.keys.contains { $0 == id || $0.hasPrefix(id + ".") }
        case .level(let level):
            summary.byRank[level.rank...].contains { $0 > 0 }
                || summary.findings.values.contains { $0.rule.severity >= level }
        }
    }
}
