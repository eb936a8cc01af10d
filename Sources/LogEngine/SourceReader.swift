import LogAnalysis
import LogCore
import LogPatterns
import Synchronization

/// Gives the bytes of one input, batch by batch.
protocol BatchReader: AnyObject {
    var input: Input { get }
    /// Fills the batch with the next bytes of the input.
    func next(_ batch: inout Batch, _ joiner: inout EventJoiner, _ formats: WorkerFormats) -> ReadStep
}

/// What a call of `BatchReader.next` left in the batch.
enum ReadStep: Sendable {
    /// Bytes from event start to event start; the events are still to be read.
    case bytes
    /// Events, read already.
    case events
    /// Nothing (more).
    case end
}

/// Reads one input batch by batch, for as many workers as ask.
///
/// Workers take turns under a lock: it costs a copy from the page cache and a look for the last line at which the
/// batch can end, some 5 % of what the batch costs afterwards. A batch always begins at the start of an event and ends
/// at the start of another, told from that line alone, so the events are the same wherever the cuts fall.
/// Where no line tells (nothing in the file has a time), the events are read under the lock, one batch after another.
final class SourceReader: BatchReader, Sendable {
    /// An input of a hundred thousand is waiting or read to its end nearly all the time: only between the two does it hold
    /// more than its name and what is to be reported.
    private enum Phase {
        /// Where the input is open already, and can't be opened twice, it waits open.
        indirect case waiting(OpenedFile?)
        case reading(SourceCursor)
        /// `disk`: bytes that were read, but not told yet.
        indirect case ended(SourceSummary, batches: Int, disk: Int64)
    }

    let input: Input
    let index: Int
    private let lock = Mutex(())
    /// Safe: touched only under `lock`. A `Mutex` of the phase itself would not let the workers' own parsers,
    /// which aren't Sendable, be lent to the cursor for the length of a call.
    private nonisolated(unsafe) var phase: Phase

    /// - Parameter opened: the input, where it is open already and can't be opened twice.
    init(_ input: Input, index: Int, opened: OpenedFile? = nil) {
        self.input = input
        self.index = index
        phase = .waiting(opened)
    }

    /// Fills the batch with the next bytes of the input.
    func next(_ batch: inout Batch, _ joiner: inout EventJoiner, _ formats: WorkerFormats) -> ReadStep {
        lock.withLock { _ in
            guard let cursor = begun() else { return .end }
            let step = cursor.next(&batch, &joiner, formats)
            if step == .end {
                phase = .ended(cursor.facts, batches: cursor.sequence, disk: cursor.takeDiskBytes())
            }
            return step
        }
    }

    private func begun() -> SourceCursor? {
        switch phase {
        case .waiting(let opened):
            let cursor = SourceCursor(input: input, index: index, opened: opened)
            phase = .reading(cursor)
            return cursor
        case .reading(let cursor): return cursor
        case .ended: return nil
        }
    }

    /// What is known of the input besides its events; complete once `next` gave `end`.
    var facts: SourceSummary {
        lock.withLock { _ in
            switch phase {
            case .waiting: SourceSummary(path: input.path)
            case .reading(let cursor): cursor.facts
            case .ended(let facts, _, _): facts
            }
        }
    }

    /// Batches handed out so far; all of them once `next` gave `end`.
    var batches: Int {
        lock.withLock { _ in
            switch phase {
            case .waiting: 0
            case .reading(let cursor): cursor.sequence
            case .ended(_, let batches, _): batches
            }
        }
    }

    /// Bytes on disk that were read since the last call.
    func takeDiskBytes() -> Int64 {
        lock.withLock { _ in
            switch phase {
            case .waiting: return 0
            case .reading(let cursor): return cursor.takeDiskBytes()
            case .ended(let facts, let batches, let disk):
                if disk > 0 { phase = .ended(facts, batches: batches, disk: 0) }
                return disk
            }
        }
    }

    /// How the formats were found; of an input that was read to its end nothing.
    var detection: Detection {
        lock.withLock { _ in
            if case .reading(let cursor) = phase { cursor.detection } else { Detection() }
        }
    }
}
