package import LogAnalysis
import LogCore
package import LogLua
import Synchronization

/// The one place where events of all sources meet, in the order of their times: it runs the correlators.
///
/// Workers bring copies of the events that correlators want, batch by batch and in any order; what goes to the correlators
/// doesn't depend on it. What is found is folded into a summary, and handed to `onFinding` at once.
package final class Correlation: Sendable {
    private let lock = Mutex(())
    /// Safe: touched only under `lock`. A `Mutex` of the state itself would not let Lua states, which aren't Sendable, be
    /// lent to it for the length of a call.
    private nonisolated(unsafe) var stage: CorrelationStage

    private let begin: @Sendable () -> CorrelationStage
    private let onRestart: @Sendable () -> Void

    /// - Parameter onRestart: what was found is found again.
    package init(
        _ plan: CorrelationPlan, sources: [String], options: CorrelationOptions, filter: EventFilter,
        onFinding: (@Sendable (String, CorrelationFinding) -> Void)? = nil,
        onRestart: @escaping @Sendable () -> Void = {}
    ) {
        begin = {
            CorrelationStage(plan, sources: sources, options: options, filter: filter, onFinding: onFinding)
        }
        self.onRestart = onRestart
        stage = begin()
    }

    /// The logs can be read a second time, should more events have to wait for one another than there is room for.
    func allowSecondReading() { lock.withLock { _ in stage.rereads = true } }

    /// Whether that is needed: then it begins anew.
    func restartIfOverfull() -> Bool {
        lock.withLock { _ in
            guard stage.isOverfull else { return false }
            onRestart()
            stage = begin()
            return true
        }
    }

    /// The number of the batch that comes next of a source, where it isn't at its first.
    func expect(_ sequence: Int, from source: Int) { lock.withLock { _ in stage.expect(sequence, from: source) } }

    /// Takes the events of one batch. `times` and `starts` are those of all its events, `places` say which of them `selected` copies.
    func take(
        _ selected: SelectedEvents, times: ContiguousArray<Int64>, starts: ContiguousArray<Int64>,
        places: ContiguousArray<Int>, worker: Int, source: Int, sequence: Int, end: Int64
    ) {
        lock.withLock { _ in
            stage.take(
                CorrelationStage.Arrival(
                    selected: selected, times: times, starts: starts, places: places, worker: worker, end: end),
                source: source, sequence: sequence)
        }
    }

    /// The source has ended after so many batches.
    func finish(source: Int, batches: Int) { lock.withLock { _ in stage.finish(source: source, batches: batches) } }

    /// Of these sources, by their numbers, the first among those that have come least far in time.
    func furthestBehind(of sources: [Int]) -> Int? {
        lock.withLock { _ in sources.min { stage.order.sources[$0].latest < stage.order.sources[$1].latest } }
    }

    /// Lets the correlators know how far time has gone: to where the sources are, or with the clock where all are silent.
    /// `looks`: how each source was found.
    func advance(wallClock: Int64, _ looks: [SourceLook]) {
        lock.withLock { _ in stage.advance(wallClock: wallClock, looks) }
    }

    /// All is in: what was found comes back, and is no longer part of what `save` gives. What still waits goes out, unless
    /// the options say that a further run goes on.
    package func finish() -> Summary { lock.withLock { _ in stage.finish() } }

    /// What was found so far.
    func snapshot() -> Summary { lock.withLock { _ in stage.snapshot() } }

    /// What there is to tell besides findings.
    var notices: Summary { lock.withLock { _ in stage.notices } }

    /// How often there was something to tell.
    var told: Int { lock.withLock { _ in stage.told } }

    /// What there is to know in order to go on later.
    package func save() -> SavedCorrelation { lock.withLock { _ in stage.save() } }
}

/// What a look at a followed log found.
struct SourceLook {
    /// Nothing was added for a while.
    var isSilent: Bool
    /// What came of it last was there before anybody looked.
    var isBacklog: Bool
}

/// How events of different sources are put together.
package struct CorrelationOptions: Sendable {
    /// Nanoseconds that an event may be older than the newest one of its source.
    package var lateness: Int64 = 60 * Timestamp.second
    /// Bytes of events that wait for their turn, before they are handed on without waiting for the slowest source.
    package var memory = 64 << 20
    /// What a run before left behind.
    package var saved: SavedCorrelation?
    /// A further run goes on from this one: the newest events wait for what may still come between them.
    package var goesOn = false
    /// The last event of a file may be unfinished: a further run takes it.
    package var holdsEnds = false

    package init() {}
}
