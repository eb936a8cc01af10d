import LogAnalysis
import LogCore
import LogEngine
import LogLua
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `parse --follow`: events and findings as they come, until it is interrupted.
struct FollowedRun {
    private let catalogOptions: CatalogOptions
    private let choices: PluginChoices
    private let input: InputOptions
    private let plugins: PluginOptions

    init(_ catalog: CatalogOptions, _ choices: PluginChoices, _ input: InputOptions, _ plugins: PluginOptions) {
        catalogOptions = catalog
        self.choices = choices
        self.input = input
        self.plugins = plugins
    }

    private static func follow(
        _ found: InputFinder, _ catalog: Catalog, _ options: RunOptions, _ correlation: CorrelationOptions,
        _ hooks: Follow.Hooks
    ) throws(Failure) -> Follow {
        do throws(SourceError) {
            return try Follow(found.inputs, catalog, options, correlation, hooks)
        } catch {
            throw Failure(error.message)
        }
    }

    /// Writes events and findings as they come.
    func run(_ catalog: Catalog, _ found: InputFinder, _ descriptor: Int32) async throws {
        let output = OrderedOutput(descriptor: descriptor, isLive: true)
        var follow = try follow(
            catalog, found, isOver: { Interrupt.isSet },
            found: { finding, status in
                for one in finding.cases { output.write(FindingLine.encode(finding.rule, one, status: status)) }
            },
            warn: { [quiet = input.quiet] text in
                if !quiet { StandardError.write("ailogger: \(text)\n") }
            })
        Interrupt.listen()
        for problem in found.problems { StandardError.write("\(problem.path): error: \(problem.message)\n") }
        await follow.run(output)
        if let error = output.error { throw Failure("cannot write: \(error.message)") }
    }

    /// Shows the report as it grows, on the whole screen, and returns the last summary.
    func analyze(_ catalog: Catalog, _ found: InputFinder, _ layout: LayoutOptions) async throws -> Summary {
        let notes = Mutex<[String]>([])
        let screen = try ReportScreen(layout, catalog.templateEdits)
        // Findings stand in the report.
        var follow = try follow(
            catalog, found, isOver: { screen.isOver }, found: { _, _ in },
            warn: { text in notes.withLock { $0.append(text) } })
        let live = LiveSummary { summary in
            var summary = summary
            summary.add(found.problems)
            summary.warnings.formUnion(notes.withLock { $0 })
            screen.show(summary)
        }
        var summary = await follow.analyze(live)
        screen.leave()
        summary.add(found.problems)
        summary.warnings.formUnion(notes.withLock { $0 })
        return summary
    }

    private func follow(
        _ catalog: Catalog, _ found: InputFinder, isOver: @escaping @Sendable () -> Bool,
        found report: @escaping @Sendable (FindingSummary, _ status: String) -> Void,
        warn: @escaping @Sendable (String) -> Void
    ) throws -> Follow {
        try PluginOptions.check(catalog.active)
        let store = try plugins.state.map { try StateStore($0) }
        var options = RunOptions(jobs: 1)
        options.filter = input.filter()
        var correlation = CorrelationOptions()
        if let lateness = plugins.lateness { correlation.lateness = lateness.nanoseconds }
        correlation.saved = try store?.load()
        correlation.goesOn = store != nil
        let (paths, times) = (input.paths, try input.times.settings())
        let find: @Sendable () -> [Input] = { InputOptions.find(paths, times, follow: true).found.inputs }
        let watch = PluginWatch(try catalogOptions.folders, choices, forced: input.forced.formatName)
        let hooks = Follow.Hooks(
            isOver: isOver, reloaded: { watch.changed(warn) }, inputs: find, found: report,
            save: { saved in
                do { try store?.save(saved) } catch { warn("\(error)") }
            },
            warn: warn)
        return try Self.follow(found, catalog, options, correlation, hooks)
    }
}

/// Whether SIGINT or SIGTERM came: a run that follows ends in good order then.
enum Interrupt {
    private static let flag = Atomic<Bool>(false)

    static var isSet: Bool { flag.load(ordering: .relaxed) }

    static func listen() {
        for number in [SIGINT, SIGTERM] { signal(number) { _ in Interrupt.flag.store(true, ordering: .relaxed) } }
    }
}

/// Looks whether files of plugins have changed, and loads them anew if they have and pass their tests.
final class PluginWatch: Sendable {
    private let folders: CatalogFolders
    private let choices: PluginChoices
    private let forced: [String]
    private let seen: Mutex<[String: Int64]>

    init(_ folders: CatalogFolders, _ choices: PluginChoices, forced: [String]) {
        self.folders = folders
        self.forced = forced
        self.choices = choices
        seen = Mutex(Self.times(folders.plugins))
    }

    /// The catalog with the changed plugins; nil if nothing changed, or what changed has defects, which are said.
    func changed(_ say: (String) -> Void) -> Catalog? {
        let now = Self.times(folders.plugins)
        let before = seen.withLock { seen in
            defer { seen = now }
            return seen
        }
        guard now != before else { return nil }
        let paths = Set(now.keys).union(before.keys).filter { now[$0] != before[$0] }
        // What changed has to show its defects now, not when a line comes that is its.
        var choices = choices
        choices.defers = false
        var fresh = Catalog.load(folders, choices)
        // Their names were looked at when the run began; a plugin that is gone since forces nothing.
        _ = fresh.force(forced)
        let defects = fresh.diagnostics.filter { diagnostic in
            diagnostic.level == .error && folders.plugins.contains { diagnostic.path.hasPrefix($0) }
        }
        let failures = fresh.active.all.flatMap { plugin in
            PluginFolder.tests(of: plugin).flatMap { plugin.test($0.path, $0.source) }
        }
        let problems = (defects + failures).map(\.rendered) + fresh.active.problems
        guard problems.isEmpty else {
            for problem in problems { say(problem) }
            say("plugins changed and have defects; what ran goes on")
            return nil
        }
        say("plugins reloaded: \(paths.sorted().joined(separator: ", "))")
        return fresh
    }

    /// When each file below the folders was last written, in nanoseconds.
    private static func times(_ folders: [String]) -> [String: Int64] {
        var times: [String: Int64] = [:]
        for folder in folders { add(folder, to: &times, depth: 6) }
        return times
    }

    private static func add(_ folder: String, to times: inout [String: Int64], depth: Int) {
        guard depth > 0 else { return }
        for name in folderEntries(folder) {
            let path = "\(folder)/\(name)"
            var info = stat()
            guard stat(path, &info) == 0 else { continue }
            if info.st_mode & S_IFMT == S_IFDIR {
                add(path, to: &times, depth: depth - 1)
            } else if name.hasSuffix(".lua") {
                times[path] = Int64(info.st_mtim.tv_sec) * 1_000_000_000 + Int64(info.st_mtim.tv_nsec)
            }
        }
    }
}
