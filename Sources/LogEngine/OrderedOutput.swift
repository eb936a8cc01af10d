import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Writes what several workers make in the order of the input: by source, then by position in it.
package final class OrderedOutput: Sendable {
    private struct State {
        var source = 0
        var sequence = 0
        /// Finished out of turn.
        var waiting: [Place: ContiguousArray<UInt8>] = [:]
        /// How many batches a source had, once its end was seen.
        var lengths: [Int: Int] = [:]
        var isClosed = false
        var error: SourceError?
    }

    private struct Place: Hashable {
        var source: Int
        var sequence: Int
    }

    private let state = Mutex(State())
    private let descriptor: Int32
    /// Batches kept waiting at most, before workers pause.
    private static let room = 16

    private let isOwned: Bool

    /// Batches go out as they come: there is an order of sources only where sources end.
    private let isLive: Bool
    /// Each line goes out as a datagram of its own, as syslog over UDP has it.
    private let isDatagram: Bool

    /// Writes to a descriptor that stays the caller's.
    package init(descriptor: Int32, isLive: Bool = false) {
        self.descriptor = descriptor
        self.isLive = isLive
        isOwned = false
        isDatagram = false
    }

    /// Writes to a descriptor, and closes it in the end.
    init(_ target: OutputTarget, isLive: Bool) {
        descriptor = target.descriptor
        isDatagram = target.isDatagram
        self.isLive = isLive
        isOwned = true
    }

    deinit { if isOwned { close(descriptor) } }

    /// Writes what doesn't belong to any source, before all batches or behind them.
    package func write(_ bytes: ContiguousArray<UInt8>) { state.withLock { write(bytes, &$0) } }

    /// The reader went away: nothing more is worth making.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Why writing failed; a closed pipe is no error.
    package var error: SourceError? { state.withLock { $0.error } }

    func submit(source: Int, sequence: Int, _ bytes: ContiguousArray<UInt8>) {
        state.withLock { state in
            if isLive { return write(bytes, &state) }
            if state.source == source, state.sequence == sequence {
                state.sequence += 1
                write(bytes, &state)
            } else {
                state.waiting[Place(source: source, sequence: sequence)] = bytes
            }
            flush(&state)
        }
    }

    /// The source has ended after so many batches; some may still be on their way.
    func finish(source: Int, batches: Int) {
        state.withLock { state in
            state.lengths[source] = batches
            flush(&state)
        }
    }

    /// So much waits for its turn that workers should pause.
    var isFull: Bool { state.withLock { $0.waiting.count > Self.room && !$0.isClosed } }

    func waitForRoom() async { while isFull { await Task.yield() } }

    private func flush(_ state: inout State) {
        while true {
            if let bytes = state.waiting.removeValue(forKey: Place(source: state.source, sequence: state.sequence)) {
                state.sequence += 1
                write(bytes, &state)
            } else if state.lengths[state.source] == state.sequence {
                state.source += 1
                state.sequence = 0
            } else {
                return
            }
        }
    }

    private func write(_ bytes: ContiguousArray<UInt8>, _ state: inout State) {
        guard isDatagram else { return write(bytes[...], &state) }
        for line in bytes.split(separator: 0x0A) { write(line, &state) }
    }

    private func write(_ bytes: ContiguousArray<UInt8>.SubSequence, _ state: inout State) {
        guard !state.isClosed else { return }
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                Glibc.write(descriptor, raw.baseAddress.map { $0 + offset }, raw.count - offset)
            }
            if count < 0 {
                if errno == EINTR { continue }
                state.isClosed = true
                // A reader of our own output that went away is no error; a peer that a sink writes to is.
                if errno != EPIPE || isOwned { state.error = .system("cannot write") }
                return
            }
            offset += count
        }
    }
}
