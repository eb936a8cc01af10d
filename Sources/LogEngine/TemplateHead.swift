import LogAnalysis
import LogCore

/// What is to be known of templates before the first event is written: `parse` prints ids while it reads, and which words
/// vary only many lines tell. So the head of every input is read before the run: a fixed number of bytes, in the order of
/// the inputs, by one worker, whatever the number of workers and the size of batches afterwards.
///
/// Filters and sinks don't see these events; the run itself shows them everything once.
enum TemplateHead {
    /// Bytes looked at: of one input, of one that can't be read twice, and of all.
    private static let inputBytes: Int64 = 4 << 20
    private static let streamBytes = 1 << 20
    private static let totalBytes: Int64 = 32 << 20

    /// The readers of the inputs, and what their heads say. What was read from a pipe is held back for its reader.
    static func open(_ inputs: [Input], _ catalog: Catalog) -> (readers: [SourceReader], groups: TemplateGroups) {
        var learner = Learner(catalog)
        let readers = inputs.enumerated().map { index, input in
            if input.isRepeatable {
                learner.read(input)
                return SourceReader(input, index: index)
            }
            guard let (head, whole) = hold(input) else { return SourceReader(input, index: index) }
            learner.read(SourceReader(input, index: index, opened: head))
            return SourceReader(input, index: index, opened: whole)
        }
        return (readers, learner.groups)
    }

    /// What the heads of files say, where nothing can be held back.
    static func learn(_ inputs: [Input], _ catalog: Catalog) -> TemplateGroups {
        var learner = Learner(catalog)
        for input in inputs where input.isRepeatable { learner.read(input) }
        return learner.groups
    }

    /// The lines at the front of a pipe as an input of their own, and all of the pipe again; nil if it can't be opened:
    /// then the reader says why.
    private static func hold(_ input: Input) -> (head: OpenedFile, whole: OpenedFile)? {
        guard var whole = try? OpenedFile.open(input) else { return nil }
        var bytes = ContiguousArray<UInt8>(repeating: 0, count: streamBytes)
        var count = 0
        // An error in the head comes again where the reader gets to it.
        while count < streamBytes,
            let read = try? bytes.read(upTo: streamBytes - count, from: whole.source, at: count), read > 0
        {
            count += read
        }
        bytes.removeLast(streamBytes - count)
        whole.source = PrefixedBytes(bytes, then: whole.source)
        if count == streamBytes, let end = bytes.lastIndex(of: 0x0A) { bytes.removeLast(count - end - 1) }
        var head = whole
        head.source = PrefixedBytes(bytes, then: NoBytes())
        return (head, whole)
    }

    private struct Learner: ~Copyable {
        private let formats: WorkerFormats
        private let edits: TemplateEdits
        private var miner = TemplateMiner()
        private var batch = Batch()
        private var joiner = EventJoiner()
        private var left = totalBytes

        init(_ catalog: Catalog) {
            formats = WorkerFormats(catalog.formats, forced: catalog.forcedFormats)
            edits = catalog.templateEdits
        }

        var groups: TemplateGroups { TemplateGroups(of: miner.templates.dropFirst().map(\.text), edits: edits) }

        mutating func read(_ input: Input) {
            guard left > 0, var file = try? OpenedFile.open(input) else { return }
            // No template depends on the year, which takes a walk through the file to find.
            file.isReopenable = false
            file.size = nil
            read(SourceReader(input, index: 0, opened: file))
        }

        mutating func read(_ reader: SourceReader) {
            let limit = min(inputBytes, left)
            var end: Int64 = 0
            while end < limit {
                switch reader.next(&batch, &joiner, formats) {
                case .end: return
                case .bytes: _ = batch.readEvents(&joiner, atEnd: true, clock: batch.event.clock)
                case .events: break
                }
                end = batch.offset + Int64(batch.rawCount)
                left -= Int64(batch.rawCount)
                // Where the batch ends is up to its size; where the head ends is not.
                let beyond = batch.records.firstIndex { batch.offset + Int64($0.raw.lower) >= limit }
                if let beyond { batch.records.removeSubrange(beyond...) }
                miner.mine(&batch)
            }
        }
    }
}

/// A source at its end.
private final class NoBytes: ByteSource {
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int { 0 }
    func skip(_ bytes: Int) throws(SourceError) {}
}
