import LogAnalysis
import LogCore
package import LogPatterns

/// What rules cost on some logs.
package struct RuleMeasure: Sendable {
    /// Of the whole pass over the inputs.
    package var events: Int64 = 0
    package var bytes: Int64 = 0
    /// Everything that matching takes, the clock between searches included.
    package var nanoseconds: Int64 = 0
    /// By the rules' numbers.
    package var costs: ContiguousArray<RuleCost> = []
    /// Inputs that could not be read.
    package var problems: [SourceProblem] = []
}

/// Runs rules over logs as a run does, on one worker, and times each search.
package enum RuleBench {
    package static func run(_ inputs: [Input], _ catalog: Catalog) -> RuleMeasure {
        var measure = RuleMeasure()
        var matcher = RuleMatcher(catalog.rules, isTimed: true)
        var batch = Batch()
        var joiner = EventJoiner()
        let formats = WorkerFormats(catalog)
        for (index, input) in inputs.enumerated() {
            let reader = SourceReader(input, index: index)
            while true {
                let step = reader.next(&batch, &joiner, formats)
                if step == .end { break }
                if step == .bytes { _ = batch.readEvents(&joiner, atEnd: true, clock: batch.event.clock) }
                let start = ContinuousClock.now
                matcher.match(&batch)
                measure.nanoseconds += (ContinuousClock.now - start).nanoseconds
                measure.events += Int64(batch.records.count)
                measure.bytes += Int64(batch.rawCount)
            }
            if let error = reader.facts.error ?? reader.facts.skipped {
                measure.problems.append(SourceProblem(path: input.path, message: error))
            }
        }
        measure.costs = matcher.costs
        return measure
    }
}
