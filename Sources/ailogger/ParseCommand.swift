import ArgumentParser
import LogAnalysis
import LogEngine

struct ParseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse", abstract: "Print every event as one JSON object a line.",
        discussion: """
            EXAMPLES
              ailogger parse app.log | jq 'select(.level == "ERROR") | .message'
              ailogger parse --level warning --since 1h /var/log/syslog
              ailogger parse --follow --use redact app.log        goes on as the log grows; reloads plugins that change
            """)

    @OptionGroup var input: InputOptions
    @OptionGroup var catalog: CatalogOptions

    @Option(parsing: .unconditional, help: "jsonl, the only one so far.")
    var format: EventFormat = .jsonl

    @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file.", valueName: "file"))
    var output: String?

    @Flag(help: "Go on as the logs grow, also over rotation, and reload plugins whose files change.")
    var follow = false

    enum EventFormat: String, ExpressibleByArgument, CaseIterable { case jsonl }

    @OptionGroup var plugins: PluginOptions

    mutating func validate() throws {
        try input.validate()
        try plugins.validate()
    }

    mutating func run() async throws {
        var choices = plugins.choices
        // The lines are events; findings come only if they are asked for.
        choices.correlates = false
        let catalog = try catalog.load(quiet: input.quiet, choices, forced: input.forced)
        let found = try input.find(follow: follow)
        let target = try FileOutput(output, notAmong: found.inputs.map(\.path) + found.archives)
        if follow {
            try await FollowedRun(self.catalog, choices, input, plugins).run(catalog, found, target.descriptor)
            return try target.finish()
        }
        var options = RunOptions(jobs: input.workers)
        let filter = await input.filter(found.inputs, catalog)
        options.filter = filter
        // On a terminal the events themselves show the progress.
        let progress = Progress(found.inputs, isOn: !input.quiet && (output != nil || !Terminal.isTerminal))
        options.progress = { progress.add($0, onDisk: $1) }
        let ordered = OrderedOutput(descriptor: target.descriptor)
        let engine = Engine(catalog)
        let store = try plugins.state.map { try StateStore($0) }
        let findings = FindingLog()
        let run = try plugins.start(
            catalog, sources: found.inputs.map(\.path), filter: filter, output: output, store, findings: findings)
        var summary = await progress.around { [options] in
            guard let store else { return await engine.parse(found.inputs, options, output: ordered, plugins: run) }
            return await store.around(run.correlation) {
                await engine.parse(found.inputs, options, output: ordered, plugins: run)
            }
        }
        findings.write(to: ordered)
        if findings.left > 0 {
            summary.warnings.insert("\(findings.left) more findings than are kept until the end were left out")
        }
        if let error = ordered.error { throw Failure("\(output ?? "standard output"): \(error.message)") }
        try target.finish()
        if let store, let correlation = run.correlation { try store.save(correlation.save()) }
        try PluginOptions.check(run)
        if !input.quiet {
            for (title, failure) in (summary.failures ?? [:]).sorted(by: { $0.key < $1.key }) {
                StandardError.write("ailogger: \(title): \(failure.counted), the first:\n\(failure.rendered)\n")
            }
            for warning in summary.warnings.sorted() { StandardError.write("ailogger: \(warning)\n") }
        }
        summary.add(found.problems)
        AnalyzeCommand.sayProblems(summary)
        if summary.sources.values.contains(where: { $0.error != nil }) { throw ExitCode(2) }
    }
}
