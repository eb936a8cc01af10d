import Synchronization

/// Which log is read on when correlators run: always the one that is furthest behind in time. So few events have to wait
/// for others to come, whatever the number and the sizes of the logs.
final class ReadingOrder: Sendable {
    private struct State {
        var isFinished: [Bool]
        /// Begun and not at their end.
        var open = 0
        var isOpen: [Bool]
        /// Takes turns among readers that are equally far.
        var next = 0
    }

    private let readers: [SourceReader]
    private let correlation: Correlation
    private let state: Mutex<State>
    /// Logs that are open at a time at most: descriptors are few.
    private static let openLimit = 400

    init(_ readers: [SourceReader], _ correlation: Correlation) {
        self.readers = readers
        self.correlation = correlation
        state = Mutex(
            State(
                isFinished: Array(repeating: false, count: readers.count),
                isOpen: Array(repeating: false, count: readers.count)))
    }

    /// The log to read a batch of; nil once all are at their end.
    func next() -> SourceReader? {
        let times = correlation.progress
        return state.withLock { state in
            var best: Int?
            for offset in readers.indices {
                let index = (state.next + offset) % readers.count
                if state.isFinished[index] || (!state.isOpen[index] && state.open >= Self.openLimit) { continue }
                if let known = best, times[known] <= times[index] { continue }
                best = index
            }
            guard let best else { return nil }
            state.next = best + 1
            if !state.isOpen[best] {
                state.isOpen[best] = true
                state.open += 1
            }
            return readers[best]
        }
    }

    func finish(_ reader: SourceReader) {
        state.withLock { state in
            if state.isFinished[reader.index] { return }
            state.isFinished[reader.index] = true
            state.open -= 1
        }
    }
}
