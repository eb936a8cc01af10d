package import LogAnalysis
import LogCore
package import LogPatterns
import Synchronization

/// How a run goes.
package struct RunOptions: Sendable {
    /// Workers; each takes a core.
    package var jobs: Int
    package var filter = EventFilter()
    /// Events that are folded into a summary of their own, in the same reading; see `Engine.analyzeBoth`.
    package var baseline: EventFilter?
    /// Bytes of a source taken at a time; the report is the same with any number.
    package var batchBytes = Limits.batchBytes
    /// Called after every batch with its bytes, and with those read on disk: fewer where they are compressed.
    package var progress: (@Sendable (_ bytes: Int64, _ onDisk: Int64) -> Void)?

    /// Learns where the batches of `analyze` are and what is in each.
    package var index: BatchIndex?

    package init(jobs: Int) { self.jobs = max(1, jobs) }
}

/// Runs inputs through the pipeline: many workers over one list of readers.
package struct Engine: Sendable {
    let catalog: Catalog

    package init(_ catalog: Catalog) { self.catalog = catalog }

    /// Reads all inputs and folds their events into one summary.
    package func analyze(_ inputs: [Input], _ options: RunOptions, plugins: PluginRun = .init()) async -> Summary {
        await analyzeBoth(inputs, options, plugins: plugins).summary
    }

    /// Besides, what `options.baseline` keeps, if it is given.
    package func analyzeBoth(
        _ inputs: [Input], _ options: RunOptions, plugins: PluginRun = .init()
    ) async -> (summary: Summary, baseline: Summary?) {
        let readers = catalog.reading(inputs).enumerated().map { SourceReader($0.element, index: $0.offset) }
        let infos = catalog.ruleInfos
        // What is written in the order of the input is read in that order too; else the log furthest behind goes first.
        let turns = plugins.outputs.isEmpty ? plugins.correlation.map { ReadingOrder(readers, $0) } : nil
        if turns == nil { allowSecondReading(inputs, plugins) }
        var (summary, baseline) = await withTaskGroup(of: (Summary, Summary?).self) { group in
            for worker in 0..<options.jobs {
                group.addTask {
                    let paths = inputs.map(\.path)
                    var sink = FoldSink(
                        fold: SummaryFold(filter: options.filter, rules: infos, sources: paths), rules: catalog.rules,
                        index: options.index)
                    if let filter = options.baseline {
                        sink.baseline = SummaryFold(filter: filter, rules: infos, sources: paths)
                    }
                    return await fold(readers, turns, worker, plugins, sink, options)
                }
            }
            var summary = Summary()
            var baseline = options.baseline.map { _ in Summary() }
            for await (part, other) in group {
                summary.merge(part)
                if let other { baseline?.merge(other) }
            }
            return (summary, baseline)
        }
        summary.merge(plugins.begun)
        await correlateInOrder(inputs, options, plugins)
        if let correlation = plugins.correlation { summary.merge(correlation.finish()) }
        for reader in readers {
            var facts = reader.facts
            if let share = summary.sources[facts.path] { facts.merge(share) }
            summary.sources[facts.path] = facts
        }
        for broken in catalog.rules.broken {
            summary.warnings.insert("rule \(catalog.rules.rules[broken.rule].id): \(broken.message)")
        }
        return (summary, baseline)
    }

    private func fold(
        _ readers: [SourceReader], _ turns: ReadingOrder?, _ worker: Int, _ plugins: PluginRun,
        _ fold: consuming FoldSink, _ options: RunOptions
    ) async -> (Summary, Summary?) {
        var pipeline = Pipeline(
            catalog, plugins, worker: worker, batchBytes: options.batchBytes, filter: options.filter)
        var sink = fold
        if let turns {
            var last: SourceReader?
            while let reader = turns.next(after: last) {
                last = reader
                if pipeline.run(reader, into: &sink) {
                    options.progress?(pipeline.batchBytes, reader.takeDiskBytes())
                } else {
                    plugins.finish(source: reader.index, batches: reader.batches)
                    turns.finish(reader)
                }
                while plugins.isFull { await Task.yield() }
            }
        } else {
            for position in readers.indices {
                // Workers begin with different files and help each other in the end; what is written in the order of
                // the input, they read in that order.
                let shift = plugins.outputs.isEmpty ? worker : 0
                let reader = readers[(position + shift) % readers.count]
                while pipeline.run(reader, into: &sink) {
                    options.progress?(pipeline.batchBytes, reader.takeDiskBytes())
                    while plugins.isFull { await Task.yield() }
                }
                plugins.finish(source: reader.index, batches: reader.batches)
            }
        }
        let report = pipeline.report(catalog)
        var (summary, baseline) = sink.finish(pipeline)
        summary.merge(report)
        return (summary, baseline)
    }

    /// Reads all inputs and hands every batch, encoded by `encode`, to `output` in the order of the inputs.
    /// Returns what is known of the inputs, and what rules and plugins have to say.
    package func parse(
        _ inputs: [Input], _ options: RunOptions, output: OrderedOutput, plugins: PluginRun = .init()
    ) async -> Summary {
        let (readers, groups) = TemplateHead.open(catalog.reading(inputs), catalog)
        let ruleIDs = catalog.rules.rules.map(\.id)
        allowSecondReading(inputs, plugins)
        var summary = await withTaskGroup(of: Summary.self) { group in
            for worker in 0..<options.jobs {
                group.addTask {
                    var pipeline = Pipeline(
                        catalog, plugins, worker: worker, batchBytes: options.batchBytes, filter: options.filter,
                        groups: groups)
                    var sink = JSONLinesSink(filter: options.filter, rules: ruleIDs, output: output)
                    for reader in readers {
                        while !output.isClosed, pipeline.run(reader, into: &sink) {
                            options.progress?(pipeline.batchBytes, reader.takeDiskBytes())
                            await output.waitForRoom()
                            while plugins.isFull { await Task.yield() }
                        }
                        output.finish(source: reader.index, batches: reader.batches)
                        plugins.finish(source: reader.index, batches: reader.batches)
                    }
                    var summary = pipeline.report(catalog)
                    for (source, ledger) in sink.ledgers {
                        summary.sources[
                            readers[source].input.path, default: SourceSummary(path: readers[source].input.path)
                        ]
                        .ledger.add(ledger)
                    }
                    return summary
                }
            }
            var summary = Summary()
            for await part in group { summary.merge(part) }
            return summary
        }
        summary.merge(plugins.begun)
        if !output.isClosed { await correlateInOrder(inputs, options, plugins) }
        if let correlation = plugins.correlation { summary.merge(correlation.finish()) }
        for reader in readers {
            var facts = reader.facts
            if let share = summary.sources[facts.path] { facts.merge(share) }
            summary.sources[facts.path] = facts
        }
        return summary
    }

    // MARK: Correlation of what is read in the order of the input

    /// What is written in the order of the input is read in that order, and correlation needs that of time. As long as what
    /// waits has room, one reading gives both; if it hasn't, there is a second one, for correlation alone.
    private func allowSecondReading(_ inputs: [Input], _ plugins: PluginRun) {
        if inputs.count > 1, inputs.allSatisfy(\.isRepeatable) { plugins.correlation?.allowSecondReading() }
    }

    private func correlateInOrder(_ inputs: [Input], _ options: RunOptions, _ plugins: PluginRun) async {
        guard let correlation = plugins.correlation, correlation.restartIfOverfull() else { return }
        var run = PluginRun()
        run.correlation = correlation
        let readers = catalog.reading(inputs).enumerated().map { SourceReader($0.element, index: $0.offset) }
        let turns = ReadingOrder(readers, correlation)
        await withTaskGroup(of: Void.self) { [run] group in
            for worker in 0..<options.jobs {
                group.addTask {
                    var pipeline = Pipeline(catalog, run, worker: worker, batchBytes: options.batchBytes)
                    var sink = NoSink()
                    var last: SourceReader?
                    while let reader = turns.next(after: last) {
                        last = reader
                        if !pipeline.run(reader, into: &sink) {
                            run.finish(source: reader.index, batches: reader.batches)
                            turns.finish(reader)
                        }
                    }
                }
            }
        }
    }

    /// What detection says of each input.
    package func detect(_ inputs: [Input]) -> [(input: Input, facts: SourceSummary, detection: Detection)] {
        var batch = Batch()
        var joiner = EventJoiner()
        let formats = WorkerFormats(catalog)
        return catalog.reading(inputs).enumerated().map { index, input in
            let reader = SourceReader(input, index: index)
            _ = reader.next(&batch, &joiner, formats)
            return (input, reader.facts, reader.detection)
        }
    }
}

/// Takes nothing: what correlators want has been picked on the way.
private struct NoSink: BatchSink, ~Copyable {
    mutating func consume(_ batch: borrowing Batch, _ context: borrowing BatchContext) {}
}

/// The end of the way for `analyze`: a fold, or two over different events.
private struct FoldSink: BatchSink, ~Copyable {
    private var fold: SummaryFold
    var baseline: SummaryFold?
    private let rules: RuleSet
    private let index: BatchIndex?

    init(fold: consuming SummaryFold, rules: RuleSet, index: BatchIndex? = nil) {
        self.fold = fold
        self.rules = rules
        self.index = index
    }

    mutating func consume(_ batch: borrowing Batch, _ context: borrowing BatchContext) {
        fold.consume(batch, captureNames: rules.captureNames)
        baseline?.consume(batch, captureNames: rules.captureNames)
        index?.add(batch, context)
    }

    consuming func finish(_ pipeline: borrowing Pipeline) -> (Summary, Summary?) {
        (fold.finish(pipeline.miner), baseline?.finish(pipeline.miner))
    }
}
