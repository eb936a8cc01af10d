package import LogAnalysis
import LogCore
import LogLua
import LogPatterns
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Follows logs as they grow: the same way as `parse`, batch by batch, with the sleep between two looks in place of an end.
package struct Follow: ~Copyable {
    /// What the run is asked for while it lasts.
    package struct Hooks: Sendable {
        /// Whether to stop.
        package var isOver: @Sendable () -> Bool
        /// A catalog to go on with, if plugins have changed and passed their tests.
        package var reloaded: @Sendable () -> Catalog?
        /// The logs that there are now.
        package var inputs: @Sendable () -> [Input]
        /// What was found.
        package var found: @Sendable (FindingSummary, _ status: String) -> Void
        /// What correlators know, every few seconds and in the end.
        package var save: @Sendable (SavedCorrelation) -> Void
        package var warn: @Sendable (String) -> Void

        package init(
            isOver: @escaping @Sendable () -> Bool, reloaded: @escaping @Sendable () -> Catalog?,
            inputs: @escaping @Sendable () -> [Input],
            found: @escaping @Sendable (FindingSummary, _ status: String) -> Void,
            save: @escaping @Sendable (SavedCorrelation) -> Void, warn: @escaping @Sendable (String) -> Void
        ) {
            self.isOver = isOver
            self.reloaded = reloaded
            self.inputs = inputs
            self.found = found
            self.save = save
            self.warn = warn
        }
    }

    private let hooks: Hooks
    private let options: RunOptions
    private let correlationOptions: CorrelationOptions
    private var files: [FollowedFile]
    private var catalog: Catalog
    private var plugins: PluginRun
    private var told: Set<String> = []
    private var nextNotice = ContinuousClock.now
    private static let noticeRest = Duration.seconds(60)
    private var nextSearch = ContinuousClock.now + Self.searchRest

    /// Between two looks at the files.
    private static let rest = Duration.milliseconds(200)
    /// Between two searches for new files; longer where a search takes more than a twentieth of that.
    private static let searchRest = Duration.seconds(2)

    package init(
        _ inputs: [Input], _ catalog: Catalog, _ options: RunOptions, _ correlation: CorrelationOptions, _ hooks: Hooks
    ) throws(SourceError) {
        self.hooks = hooks
        self.options = options
        self.catalog = catalog
        correlationOptions = correlation
        files = catalog.reading(inputs).enumerated().map { FollowedFile($0.element, index: $0.offset) }
        plugins = PluginRun()
        plugins = try PluginRun(
            catalog, correlation: Self.correlation(catalog, files, options, correlation, hooks),
            isLive: true)
    }

    private static func correlation(
        _ catalog: Catalog, _ files: [FollowedFile], _ options: RunOptions, _ correlation: CorrelationOptions,
        _ hooks: Hooks
    ) -> Correlation? {
        guard let plan = catalog.correlation else { return nil }
        let made = Correlation(plan, sources: files.map(\.input.path), options: correlation, filter: options.filter) {
            id, finding in
            hooks.found(FindingSummary(finding, id: id), finding.status)
        }
        // After a reload the files go on where they are.
        for file in files { made.expect(file.sequence, from: file.index) }
        return made
    }

    /// Runs until it is told to stop, or standard input ends: events go out as they come.
    package mutating func run(_ output: OrderedOutput) async {
        var looks = 0
        var goesOn = true
        while goesOn {
            var sink = JSONLinesSink(filter: options.filter, rules: catalog.rules.rules.map(\.id), output: output)
            let groups = TemplateHead.learn(files.map(\.input), catalog)
            goesOn = await runUntilReload(&sink, &looks, groups: groups)
        }
        tell(finish())
    }

    /// Runs until it is told to stop, or standard input ends, and hands a summary of all so far to `live` now and then.
    /// Returns the last one.
    package mutating func analyze(_ live: LiveSummary) async -> Summary {
        var looks = 0
        var goesOn = true
        while goesOn {
            let (filter, rules, sources) = (options.filter, catalog.ruleInfos, files.map(\.input.path))
            let begin = { SummaryFold(filter: filter, rules: rules, sources: sources) }
            var sink = LiveFoldSink(begin, live, catalog.rules, plugins.correlation)
            goesOn = await runUntilReload(&sink, &looks)
        }
        return live.total(with: finish(), files)
    }

    @discardableResult
    private func finish() -> Summary {
        guard let correlation = plugins.correlation else { return Summary() }
        let found = correlation.finish()
        hooks.save(correlation.save())
        return found
    }

    /// True if the catalog changed, or logs have come; false at the end.
    private mutating func runUntilReload(
        _ sink: inout some FollowSink & ~Copyable, _ looks: inout Int, groups: TemplateGroups = .init()
    ) async -> Bool {
        var pipeline = Pipeline(
            catalog, plugins, worker: 0, batchBytes: options.batchBytes, filter: options.filter, groups: groups)
        var isReloaded = false
        while !hooks.isOver(), !sink.isClosed {
            var grew = false
            for file in files {
                while !hooks.isOver(), pipeline.run(file, into: &sink) {
                    grew = true
                    sink.look(pipeline, files)
                }
                let moves = file.moves()
                if !moves.isEmpty { sink.rename(moves, of: file, pipeline) }
            }
            let report = pipeline.report(catalog)
            tell(report)
            tellLeftOut(sink.showsWarnings)
            sink.take(report)
            sink.look(pipeline, files)
            if !files.isEmpty, files.allSatisfy(\.isAtEnd) { break }
            letTimePass()
            looks += 1
            if looks % 25 == 0, let correlation = plugins.correlation { hooks.save(correlation.save()) }
            let fresh = looks % 5 == 0 ? hooks.reloaded() : nil
            let hasMore = addNewFiles()
            if fresh != nil || hasMore {
                reload(fresh ?? catalog)
                isReloaded = true
                break
            }
            if !grew { try? await Task.sleep(for: Self.rest) }
        }
        if !isReloaded {
            for file in files {
                file.isLast = true
                while !sink.isClosed, pipeline.run(file, into: &sink) {}
            }
        }
        sink.finish(pipeline)
        return isReloaded
    }

    /// Logs that have come into the folders since, but for what the others were before.
    private mutating func addNewFiles() -> Bool {
        let start = ContinuousClock.now
        guard start >= nextSearch else { return false }
        defer {
            let end = ContinuousClock.now
            nextSearch = end + max(Self.searchRest, (end - start) * 20)
        }
        let known = Set(files.map(\.input.path))
        let new = hooks.inputs().filter { input in
            !known.contains(input.path) && !files.contains { $0.wasOnce(input.path) }
        }
        for input in catalog.reading(new) { files.append(FollowedFile(input, index: files.count)) }
        return !new.isEmpty
    }

    /// A log that is silent for longer than events may be late holds others up no longer than its events usually are late; and if
    /// all are, time goes on with the clock on the wall.
    private func letTimePass() {
        guard let correlation = plugins.correlation else { return }
        let lateness = Duration.nanoseconds(correlationOptions.lateness)
        let looks = files.map { SourceLook(isSilent: $0.silence > lateness, isBacklog: $0.isBacklog) }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        correlation.advance(
            wallClock: Int64(now.tv_sec) * Timestamp.second + Int64(now.tv_nsec), looks)
    }

    private mutating func reload(_ fresh: Catalog) {
        var options = correlationOptions
        options.saved = plugins.correlation?.save()
        do throws(SourceError) {
            let outputs = plugins
            plugins = try PluginRun(
                fresh, correlation: Self.correlation(fresh, files, self.options, options, hooks), isLive: true,
                goingOnFrom: outputs)
            catalog = fresh
        } catch {
            hooks.warn("\(error.message); what ran goes on")
        }
    }

    /// What took no part in the correlation: at once, then once a minute if it goes on. A report shows it itself.
    private mutating func tellLeftOut(_ isShown: Bool) {
        let now = ContinuousClock.now
        guard !isShown, now >= nextNotice, let correlation = plugins.correlation else { return }
        let count = told.count
        tell(correlation.notices)
        if told.count > count { nextNotice = now + Self.noticeRest }
    }

    private mutating func tell(_ report: Summary) {
        for warning in report.warnings where told.insert(warning).inserted { hooks.warn(warning) }
        // How often a plugin has failed grows with every look.
        for (title, failure) in (report.failures ?? [:]).sorted(by: { $0.key < $1.key })
        where told.insert(title + failure.sentence).inserted { hooks.warn("\(title): \(failure.sentence)") }
    }
}
