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
            """)

    @OptionGroup var input: InputOptions
    @OptionGroup var catalog: CatalogOptions

    @Option(help: "jsonl, the only one so far.")
    var format: EventFormat = .jsonl

    @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file.", valueName: "file"))
    var output: String?

    enum EventFormat: String, ExpressibleByArgument, CaseIterable { case jsonl }

    mutating func validate() throws { try input.validate() }

    mutating func run() async throws {
        let catalog = try catalog.load(quiet: input.quiet)
        let found = input.find()
        let target = try FileOutput(output, notAmong: found.inputs.map(\.path))
        var options = RunOptions(jobs: input.workers)
        options.filter = input.filter
        // On a terminal the events themselves show the progress.
        let progress = Progress(found.inputs, isOn: !input.quiet && (output != nil || !Terminal.isTerminal))
        options.progress = { progress.add($0) }
        let ordered = OrderedOutput(descriptor: target.descriptor)
        let engine = Engine(catalog)
        let facts = await progress.around { [options] in await engine.parse(found.inputs, options, output: ordered) }
        if let error = ordered.error { throw Failure("\(output ?? "standard output"): \(error.message)") }
        try target.finish()
        var summary = Summary()
        for source in facts { summary.sources[source.path] = source }
        summary.add(found.problems)
        AnalyzeCommand.sayProblems(summary)
        if summary.sources.values.contains(where: { $0.error != nil }) { throw ExitCode(2) }
    }
}
