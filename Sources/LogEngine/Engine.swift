package import LogAnalysis
import LogCore
package import LogPatterns
import Synchronization

/// How a run goes.
package struct RunOptions: Sendable {
    /// Workers; each takes a core.
    package var jobs: Int
    package var filter = EventFilter()
    /// Bytes of a source taken at a time; the report is the same with any number.
    package var batchBytes = Limits.batchBytes
    /// Called after every batch with its bytes.
    package var progress: (@Sendable (Int64) -> Void)?

    package init(jobs: Int) { self.jobs = max(1, jobs) }
}

/// Runs inputs through the pipeline: many workers over one list of readers.
package struct Engine: Sendable {
    private let catalog: Catalog

    package init(_ catalog: Catalog) { self.catalog = catalog }

    /// Reads all inputs and folds their events into one summary.
    package func analyze(_ inputs: [Input], _ options: RunOptions) async -> Summary {
        let readers = inputs.enumerated().map { SourceReader($0.element, index: $0.offset) }
        let infos = catalog.ruleInfos
        var summary = await withTaskGroup(of: Summary.self) { group in
            for worker in 0..<options.jobs {
                group.addTask {
                    fold(
                        readers, worker, SummaryFold(filter: options.filter, rules: infos, sources: inputs.map(\.path)),
                        options)
                }
            }
            var summary = Summary()
            for await part in group { summary.merge(part) }
            return summary
        }
        for reader in readers {
            var facts = reader.facts
            if let share = summary.sources[facts.path] { facts.merge(share) }
            summary.sources[facts.path] = facts
        }
        for broken in catalog.rules.broken {
            summary.warnings.insert("rule \(catalog.rules.rules[broken.rule].id): \(broken.message)")
        }
        return summary
    }

    private func fold(
        _ readers: [SourceReader], _ worker: Int, _ fold: consuming SummaryFold, _ options: RunOptions
    ) -> Summary {
        var pipeline = Pipeline(catalog, batchBytes: options.batchBytes)
        var sink = FoldSink(fold: fold, rules: catalog.rules)
        for position in readers.indices {
            // Workers begin with different files and help each other in the end.
            let reader = readers[(position + worker) % readers.count]
            while pipeline.run(reader, into: &sink) { options.progress?(pipeline.batchBytes) }
        }
        let warnings = pipeline.warnings(catalog)
        var summary = sink.finish(pipeline)
        summary.warnings.formUnion(warnings)
        return summary
    }

    /// Reads all inputs and hands every batch, encoded by `encode`, to `output` in the order of the inputs.
    /// Returns what is known of the inputs.
    package func parse(
        _ inputs: [Input], _ options: RunOptions, output: OrderedOutput
    ) async -> [SourceSummary] {
        let readers = inputs.enumerated().map { SourceReader($0.element, index: $0.offset) }
        let ruleIDs = catalog.rules.rules.map(\.id)
        return await withTaskGroup(of: [Int: Ledger].self) { group in
            for _ in 0..<options.jobs {
                group.addTask {
                    var pipeline = Pipeline(catalog, batchBytes: options.batchBytes)
                    var sink = JSONLinesSink(filter: options.filter, rules: ruleIDs, output: output)
                    for reader in readers {
                        while !output.isClosed, pipeline.run(reader, into: &sink) {
                            options.progress?(pipeline.batchBytes)
                            await output.waitForRoom()
                        }
                        output.finish(source: reader.index, batches: reader.batches)
                    }
                    return sink.ledgers
                }
            }
            var facts = readers.map { SourceSummary(path: $0.input.path) }
            for await ledgers in group {
                for (source, ledger) in ledgers { facts[source].ledger.add(ledger) }
            }
            for reader in readers { facts[reader.index].merge(reader.facts) }
            return facts
        }
    }

    /// What detection says of each input.
    package func detect(_ inputs: [Input]) -> [(input: Input, facts: SourceSummary, detection: Detection)] {
        var batch = Batch()
        var joiner = EventJoiner()
        let formats = WorkerFormats(catalog.formats)
        return inputs.enumerated().map { index, input in
            let reader = SourceReader(input, index: index)
            _ = reader.next(&batch, &joiner, formats)
            return (input, reader.facts, reader.detection)
        }
    }
}

/// The end of the way for `analyze`: a fold.
private struct FoldSink: BatchSink, ~Copyable {
    private var fold: SummaryFold
    private let rules: RuleSet

    init(fold: consuming SummaryFold, rules: RuleSet) {
        self.fold = fold
        self.rules = rules
    }

    mutating func consume(_ batch: borrowing Batch, _ context: borrowing BatchContext) {
        fold.consume(batch, captureNames: rules.captureNames)
    }

    consuming func finish(_ pipeline: borrowing Pipeline) -> Summary {
        fold.finish(pipeline.miner)
    }
}
