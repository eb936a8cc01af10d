package import LogAnalysis
import LogCore
import LogPatterns

/// What takes the batches of a run that follows.
protocol FollowSink: BatchSink, ~Copyable {
    /// Nobody takes what it makes.
    var isClosed: Bool { get }
    /// What correlators have to say stands in what it shows.
    var showsWarnings: Bool { get }
    /// What rules and plugins have to say since the last time.
    mutating func take(_ report: Summary)
    /// A batch was taken, or all files were looked at.
    mutating func look(_ pipeline: borrowing Pipeline, _ files: [FollowedFile])
    /// What was read so far is called otherwise from now on.
    mutating func rename(_ names: [String: String], of file: FollowedFile, _ pipeline: borrowing Pipeline)
    /// The pipeline ends here; another may follow.
    mutating func finish(_ pipeline: borrowing Pipeline)
}

extension JSONLinesSink: FollowSink {
    var showsWarnings: Bool { false }
    mutating func take(_ report: Summary) {}
    func look(_ pipeline: borrowing Pipeline, _ files: [FollowedFile]) {}
    /// What went out can't be called back.
    func rename(_ names: [String: String], of file: FollowedFile, _ pipeline: borrowing Pipeline) {}
    func finish(_ pipeline: borrowing Pipeline) {}
}

/// A summary that grows while logs are followed. It is shown once a second at most, and so seldom that showing it takes
/// no more than a tenth of the time, however many templates there are.
package final class LiveSummary {
    private static let shortest = Duration.seconds(1)

    private let present: (Summary) -> Void
    private var next: ContinuousClock.Instant?
    /// What pipelines before the one at hand have counted, and what plugins said.
    fileprivate var base = Summary()
    fileprivate var said = Summary()
    fileprivate var hasGrown = true
    /// Findings of correlators that were shown: they come while the logs are silent, too.
    fileprivate var told = 0

    package init(_ show: @escaping (Summary) -> Void) { present = show }

    func total(with found: Summary, _ files: [FollowedFile]) -> Summary {
        var summary = base
        summary.merge(said)
        summary.merge(found)
        for file in files where !file.isGone {
            var facts = file.facts
            if let share = summary.sources[facts.path] { facts.merge(share) }
            summary.sources[facts.path] = facts
        }
        return summary
    }

    fileprivate var isDue: Bool { hasGrown && next.map { ContinuousClock.now >= $0 } ?? true }

    fileprivate func show(_ summary: Summary, _ files: [FollowedFile]) {
        let start = ContinuousClock.now
        hasGrown = false
        present(total(with: summary, files))
        let end = ContinuousClock.now
        next = end + max(Self.shortest, (end - start) * 10)
    }
}

/// Folds what comes into the summary at hand.
struct LiveFoldSink: FollowSink, ~Copyable {
    private var fold: SummaryFold
    private let begin: () -> SummaryFold
    private let live: LiveSummary
    private let rules: RuleSet
    private let correlation: Correlation?

    /// `begin` makes an empty fold: one for each name that the logs have.
    init(
        _ begin: @escaping () -> SummaryFold, _ live: LiveSummary, _ rules: RuleSet, _ correlation: Correlation?
    ) {
        self.begin = begin
        fold = begin()
        self.live = live
        self.rules = rules
        self.correlation = correlation
    }

    var isClosed: Bool { false }
    var showsWarnings: Bool { true }

    mutating func consume(_ batch: borrowing Batch, _ context: borrowing BatchContext) {
        fold.consume(batch, captureNames: rules.captureNames)
        live.hasGrown = true
    }

    mutating func take(_ report: Summary) {
        // Stages count what they drop from their start on; all else is new each time.
        live.said.dropped = [:]
        live.said.failures = nil
        live.said.merge(report)
    }

    mutating func look(_ pipeline: borrowing Pipeline, _ files: [FollowedFile]) {
        let told = correlation?.told ?? 0
        if told != live.told { live.hasGrown = true }
        guard live.isDue else { return }
        live.told = told
        var summary = fold.snapshot(pipeline.miner)
        if let correlation { summary.merge(correlation.snapshot()) }
        live.show(summary, files)
    }

    mutating func rename(_ names: [String: String], of file: FollowedFile, _ pipeline: borrowing Pipeline) {
        var summary = fold.snapshot(pipeline.miner)
        var facts = file.facts
        if let share = summary.sources[facts.path] {
            facts.merge(share)
            summary.sources[facts.path] = facts
        }
        live.base.merge(summary)
        live.base.rename(names)
        fold = begin()
        live.hasGrown = true
    }

    mutating func finish(_ pipeline: borrowing Pipeline) {
        live.base.merge(fold.snapshot(pipeline.miner))
        live.base.dropped.merge(live.said.dropped, uniquingKeysWith: +)
        live.said.dropped = [:]
        for (title, failure) in live.said.failures ?? [:] { live.base.add(failure, of: title) }
        live.said.failures = nil
        live.hasGrown = true
    }
}
