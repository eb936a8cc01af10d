import Synchronization

/// Which log is read on when correlators run: always the one that is furthest behind in time. So few events have to wait
/// for others to come, whatever the number and the sizes of the logs.
final class ReadingOrder: Sendable {
    private struct State {
        /// Begun and not at their end; the one that was read last stands last, so that those equally far take turns.
        var open: [Int] = []
        /// Being begun by a worker: how far such a one has come isn't known yet. A second worker that took it would wait until
        /// its formats are found, which for a small file is nearly all there is to do.
        var beginning: Set<Int> = []
        /// The first that isn't begun.
        var next = 0
    }

    private let readers: [SourceReader]
    private let correlation: Correlation
    private let state = Mutex(State())
    /// Logs that are open at a time at most: descriptors are few.
    private static let openLimit = 400

    init(_ readers: [SourceReader], _ correlation: Correlation) {
        self.readers = readers
        self.correlation = correlation
    }

    /// The log to read a batch of; nil once all are at their end.
    /// - Parameter last: that of which the worker has read a batch before.
    func next(after last: SourceReader?) -> SourceReader? {
        state.withLock { state in
            if let last { state.beginning.remove(last.index) }
            // One that isn't begun is behind all others.
            if state.next < readers.count, state.open.count < Self.openLimit {
                state.open.append(state.next)
                state.beginning.insert(state.next)
                state.next += 1
                return readers[state.next - 1]
            }
            let known = state.open.filter { !state.beginning.contains($0) }
            guard let best = correlation.furthestBehind(of: known.isEmpty ? state.open : known) else { return nil }
            state.open.removeAll { $0 == best }
            state.open.append(best)
            return readers[best]
        }
    }

    func finish(_ reader: SourceReader) { state.withLock { $0.open.removeAll { $0 == reader.index } } }
}
