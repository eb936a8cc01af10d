import ArgumentParser
import LogAnalysis
import LogCore
import LogEngine
import LogLua

/// Which plugins take part in a run, how they are set, and what they may.
struct PluginOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Filters, correlators and sinks to run, in this order; `ailogger plugins list` shows all.",
            valueName: "name,…"))
    var use: [String] = []

    @Option(help: ArgumentHelp("Sets an entry of a plugin's config.", valueName: "plugin.key=value"))
    var set: [String] = []

    @Option(
        help: ArgumentHelp(
            "Lets a sink write there: file:PATH, tcp:HOST:PORT, udp:HOST:PORT; or lets plugins load lpeg.",
            valueName: "output"))
    var allow: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How much older than the newest event of its log an event may be and still take part in correlation: 500ms, 90s, 5m, 1h, 2d.",
            valueName: "duration"))
    var lateness: DurationArgument?

    @Option(
        help: ArgumentHelp(
            "Folder in which correlators keep what they know, so that the next run goes on from there.",
            valueName: "dir"))
    var state: String?

    func validate() throws {
        for setting in set where Self.split(setting) == nil {
            throw ValidationError("--set takes plugin.key=value, not '\(setting)'.")
        }
    }

    var choices: PluginChoices {
        var choices = PluginChoices()
        for name in use.flatMap({ $0.split(separator: ",").map(String.init) }) where !choices.use.contains(name) {
            choices.use.append(name)
        }
        choices.allowed = Set(allow)
        for setting in set {
            guard let (plugin, key, value) = Self.split(setting) else { continue }
            choices.settings[plugin, default: []].append((key, value))
        }
        return choices
    }

    private static func split(_ setting: String) -> (plugin: String, key: String, value: String)? {
        guard let equals = setting.firstIndex(of: "=") else { return nil }
        let name = setting[..<equals]
        guard let dot = name.firstIndex(of: "."), dot > name.startIndex, name.index(after: dot) < equals else {
            return nil
        }
        return (
            String(name[..<dot]), String(name[name.index(after: dot)...]),
            String(setting[setting.index(after: equals)...])
        )
    }

    /// What the run's plugins share; nil where a folder of state can't be used.
    func start(
        _ catalog: Catalog, sources: [String], filter: EventFilter, output: String?, _ store: StateStore?,
        findings: FindingLog? = nil
    ) throws -> PluginRun {
        try Self.check(catalog.active)
        for sink in catalog.active.sinks.flatMap(\.outputs) where sink.hasPrefix("file:") {
            let path = String(sink.dropFirst(5))
            try FileOutput.refuse(path, among: sources)
            if let output, output != "-", realPath(output) == realPath(path) {
                throw Failure("\(path): a sink writes to it, and --output would take its place")
            }
        }
        var options = CorrelationOptions()
        if let lateness { options.lateness = lateness.nanoseconds }
        options.saved = try store?.load()
        options.goesOn = store != nil
        options.holdsEnds = store != nil
        let saved = options.saved
        let correlation = catalog.correlation.map {
            Correlation(
                $0, sources: sources, options: options, filter: filter,
                onFinding: { id, finding in findings?.add(id, finding) }, onRestart: { findings?.restart(with: saved) })
        }
        if let saved = options.saved { findings?.begin(with: saved) }
        return try Failure.wrapped { () throws(SourceError) in try PluginRun(catalog, correlation: correlation) }
    }

    /// Refuses a run that can't be as it was asked for.
    static func check(_ plugins: ActivePlugins) throws {
        for problem in plugins.problems { StandardError.write("ailogger: \(problem)\n") }
        if !plugins.problems.isEmpty { throw ExitCode(2) }
    }

    /// Sinks whose output failed on the way.
    static func check(_ run: PluginRun) throws {
        let problems = run.problems.map { "\($0.name): \($0.error.message)" }
        if !problems.isEmpty { throw Failure(problems.joined(separator: "\nailogger: ")) }
    }
}

/// A length of time on the command line: `500ms`, `90s`, `5m`, `1h`, `2d`.
struct DurationArgument: ExpressibleByArgument {
    let nanoseconds: Int64

    init?(argument: String) {
        let units: [(String, Int64)] = [
            ("ms", 1_000_000), ("s", Timestamp.second), ("m", 60 * Timestamp.second), ("h", 3_600 * Timestamp.second),
            ("d", 86_400 * Timestamp.second),
        ]
        for (unit, length) in units where argument.hasSuffix(unit) {
            guard let count = Int64(argument.dropLast(unit.count)), (0..<100_000_000).contains(count),
                count.multipliedReportingOverflow(by: length).overflow == false
            else { continue }
            nanoseconds = count * length
            return
        }
        return nil
    }
}
