import ArgumentParser
import LogAnalysis
import LogCore
import LogEngine
import LogPatterns
import LogTerminal

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

struct BrowseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "browse", abstract: "The report as a terminal application: findings, and the lines behind them.",
        discussion: """
            EXAMPLES
              ailogger browse logs/
              journalctl -b | ailogger browse -
              ailogger browse web-1.summary                       what `analyze --format summary` wrote

            Keys are those of less: j k Space b g G / n N q; Enter goes in, Tab to the next view, ? lists all of them.
            """)

    @OptionGroup var input: InputOptions
    @OptionGroup var catalog: CatalogOptions

    @Option(parsing: .unconditional, help: "auto, always, or never; NO_COLOR is heeded.")
    var color: ColorChoice = .auto

    mutating func validate() throws { try input.validate() }

    mutating func run() async throws {
        let instead = "`ailogger analyze` writes the report as text"
        if let refusal = TerminalSession.refusal(of: "browse", instead: instead) { throw Failure(refusal) }
        let catalog = try catalog.load(quiet: input.quiet, forced: input.forced)
        let index = BatchIndex()
        let logs: [Input]
        let summary: Summary
        let isIndexed: Bool
        let filter: EventFilter
        if let loaded = try Self.summary(input.paths) {
            summary = loaded
            let settings = try input.times.settings()
            logs = loaded.sources.keys.sorted().filter(Self.isReadable).map { path in
                var log = Input(path: path, isExplicit: true)
                log.times = settings.times(of: path)
                return log
            }
            isIndexed = false
            filter = input.filter(last: summary.tally.last)
        } else {
            (logs, summary, filter) = try await analyze(catalog, index)
            isIndexed = true
        }
        let model = BrowserModel(
            summary, inputs: logs.map(\.path), rules: catalog.rules.rules.map(\.id), index: index,
            edits: catalog.templateEdits)
        let jobs = BrowseJobs(logs, catalog, index)
        let session = try TerminalSession()
        let browser = Browser(model, size: session.size, unicode: Terminal.isUnicode)
        if !isIndexed { Self.learn(logs, catalog, index, filter, jobs) }
        var loop = BrowseLoop(session, browser, jobs, color: color.isOn)
        loop.run()
    }

    private func analyze(_ catalog: Catalog, _ index: BatchIndex) async throws -> ([Input], Summary, EventFilter) {
        let paths = try (input.paths.isEmpty ? ["-"] : input.paths).map { $0 == "-" ? try Self.kept() : $0 }
        var found = InputFinder.find(paths)
        found.setTimes(try input.times.settings().times)
        let logs = found.inputs
        var options = RunOptions(jobs: input.workers)
        let filter = await input.filter(logs, catalog)
        options.filter = filter
        options.index = index
        let progress = Progress(logs, isOn: !input.quiet)
        options.progress = { progress.add($0, onDisk: $1) }
        let correlation = catalog.correlation.map {
            Correlation($0, sources: logs.map(\.path), options: CorrelationOptions(), filter: filter)
        }
        let run = try Failure.wrapped { () throws(SourceError) in try PluginRun(catalog, correlation: correlation) }
        var summary = await progress.around { [options, logs] in
            await Engine(catalog).analyze(logs, options, plugins: run)
        }
        summary.add(found.problems)
        if logs.isEmpty || summary.sources.values.allSatisfy({ $0.error != nil && $0.ledger.bytes == 0 }) {
            AnalyzeCommand.sayProblems(summary)
            throw Failure("nothing to browse")
        }
        return (logs, summary, filter)
    }

    /// Standard input can be read once only: a copy of it that has no name, and is gone with the process.
    private static func kept() throws(Failure) -> String {
        let folder = Terminal.environment("TMPDIR") ?? "/tmp"
        let copy = open(folder, O_RDWR | __O_TMPFILE | O_CLOEXEC, 0o600)
        guard copy >= 0 else {
            throw Failure("\(folder): standard input cannot be kept there: \(String(cString: strerror(errno)))")
        }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(0, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            if let code = FileOutput.write(Array(bytes[..<count]), to: copy) {
                throw Failure("\(folder): standard input cannot be kept there: \(String(cString: strerror(code)))")
            }
        }
        return "/dev/fd/\(copy)"
    }

    // MARK: Summaries

    /// The sum of the summaries, if all paths are such files.
    private static func summary(_ paths: [String]) throws -> Summary? {
        guard !paths.isEmpty, paths.allSatisfy({ isReadable($0) && SummaryFile.isSummary($0) }) else { return nil }
        return try SummaryFile.merged(paths)
    }

    private static func isReadable(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG && access(path, R_OK) == 0
    }

    /// Reads the logs behind a summary in the background, to know where what is.
    private static func learn(
        _ logs: [Input], _ catalog: Catalog, _ index: BatchIndex, _ filter: EventFilter, _ jobs: BrowseJobs
    ) {
        guard !logs.isEmpty else { return }
        Task.detached {
            var options = RunOptions(jobs: 1)
            options.filter = filter
            options.index = index
            _ = await Engine(catalog).analyze(logs, options)
            jobs.post(.indexed(index))
        }
    }
}
