import ArgumentParser
import LogAnalysis
import LogEngine

/// What `--baseline` names: another run to compare with.
struct Baseline {
    /// The argument that stands for the same inputs before `--since`.
    static let before = "before"
    static let beforeName = "the time before"

    var name: String
    var summary: Summary

    static func validate(_ argument: String?, _ input: InputOptions, _ failOn: [String]) throws {
        if argument == before, input.since == nil {
            throw ValidationError("--baseline before is the time before --since, which is missing.")
        }
        if argument == nil, let condition = failOn.first(where: { $0 == "difference" || $0 == "regression" }) {
            throw ValidationError("--fail-on \(condition) needs a --baseline to compare with.")
        }
    }

    /// The events of the inputs that are the baseline: those before `--since`, of the same level.
    static func filter(_ argument: String?, _ filter: EventFilter) -> EventFilter? {
        guard argument == before else { return nil }
        return EventFilter(until: filter.since, level: filter.level)
    }

    /// Reads a summary, or analyses logs as the inputs are: with the same rules and level, but over all of their time.
    static func read(
        _ argument: String?, _ catalog: Catalog, _ options: RunOptions, _ times: TimeOptions.Settings
    ) async throws -> Baseline? {
        guard let argument, argument != before else { return nil }
        if let summary = try summary(argument) { return Baseline(name: argument, summary: summary) }
        var found = InputFinder.find([argument])
        found.setTimes(times.times)
        if let problem = found.problems.first { throw Failure("\(problem.path): \(problem.message)") }
        var plain = RunOptions(jobs: options.jobs)
        plain.filter.level = options.filter.level
        let summary = await Engine(catalog).analyze(found.inputs, plain)
        let failed = summary.sources.values.filter { $0.error != nil }.min { $0.path < $1.path }
        if let failed { throw Failure("\(failed.path): \(failed.error ?? "")") }
        return Baseline(name: argument, summary: summary)
    }

    /// The summary in a file; nil if the file is none, or no file.
    static func summary(_ path: String) throws -> Summary? {
        guard SummaryFile.isSummary(path) else { return nil }
        let bytes = try Failure.named(path) { () throws(SourceError) in try readFile(path, limit: 1 << 30) }
        return try SummaryFile.decode(bytes, path: path)
    }
}
