internal import CLzma

/// xz and its forerunner .lzma, through liblzma. https://tukaani.org/xz/xz-file-format.txt
final class XzDecompressor: Decompressor {
    enum Kind { case xz, lzma }

    /// `xz -9` asks for 65 MiB; what a file asks for it gets, up to this.
    private static let memoryLimit: UInt64 = 256 << 20

    private var stream = lzma_stream()
    private let kind: Kind

    init(_ kind: Kind) throws(SourceError) {
        self.kind = kind
        guard start() else { throw SourceError("liblzma cannot start") }
    }

    deinit { lzma_end(&stream) }

    /// Also over a stream that ended: liblzma takes its memory again.
    private func start() -> Bool {
        switch kind {
        case .xz: lzma_stream_decoder(&stream, Self.memoryLimit, 0) == LZMA_OK
        case .lzma: lzma_alone_decoder(&stream, Self.memoryLimit) == LZMA_OK
        }
    }

    func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> DecompressorStep {
        stream.next_in = input.bindMemory(to: UInt8.self).baseAddress
        stream.avail_in = input.count
        stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = output.count
        let state: DecompressorStep.State =
            switch lzma_code(&stream, LZMA_RUN) {
            case LZMA_OK, LZMA_BUF_ERROR: .more
            case LZMA_STREAM_END: .ended
            case LZMA_MEMLIMIT_ERROR:
                .failed("data asks for \(lzma_memusage(&stream) >> 20) MiB of memory, more than 256 MiB,")
            default: .damaged
            }
        return DecompressorStep(
            taken: input.count - stream.avail_in, given: output.count - stream.avail_out, state: state)
    }

    func restart() -> Bool { start() }
}
