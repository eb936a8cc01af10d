import LogCore

/// Logs whose records are no lines, told by their first bytes.
enum BinaryLog: String {
    case evtx = "EVTX"
    case journalExport = "journal export"
    case octetCounted = "octet counting"

    init?(head: Span<UInt8>) {
        if head.matches(EvtxLog.mark, at: 0) {
            self = .evtx
        } else if head.matches("__CURSOR=", at: 0) || head.matches("__REALTIME_TIMESTAMP=", at: 0) {
            self = .journalExport
        } else if OctetCounting.isBackToBack(head) {
            self = .octetCounted
        } else {
            return nil
        }
    }

    /// - Parameter head: the first bytes, which `source` gives too.
    func decoder(_ source: any ByteSource, head: Span<UInt8>) -> any ByteSource {
        switch self {
        case .evtx: TranscribedBytes(source, EvtxLog())
        case .journalExport: TranscribedBytes(source, JournalExport())
        case .octetCounted: TranscribedBytes(source, OctetCounting(head))
        }
    }
}

/// A binary log as lines.
final class TranscribedBytes<Log: Transcriber & ~Copyable>: ByteSource {
    private let source: any ByteSource
    private var log: Log
    private var input = ContiguousArray<UInt8>(repeating: 0, count: 1 << 16)
    private var outputOffset = 0
    private var isOver = false
    private var failure: SourceError?

    init(_ source: any ByteSource, _ log: consuming Log) {
        self.source = source
        self.log = log
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        while outputOffset == log.lines.count {
            log.lines.removeAll(keepingCapacity: true)
            outputOffset = 0
            if isOver {
                if let failure { throw failure }
                return 0
            }
            refill()
        }
        let count = min(buffer.count, log.lines.count - outputOffset)
        log.lines.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[outputOffset..<outputOffset + count]))
        }
        outputOffset += count
        return count
    }

    /// What is wrong comes last: what can be read comes first.
    private func refill() {
        do throws(SourceError) {
            let count = try input.read(upTo: input.count, from: source)
            if count > 0 {
                let bytes = input
                log.take(bytes.span.extracting(0..<count))
                return
            }
            log.finish()
            failure = log.problem.map { SourceError($0) }
        } catch {
            log.finish()
            failure = error
        }
        isOver = true
    }
}
