internal import CZstd

/// Zstandard through libzstd. https://www.rfc-editor.org/rfc/rfc8878
final class ZstdDecompressor: Decompressor {
    private let stream: OpaquePointer

    init() throws(SourceError) {
        guard let stream = ZSTD_createDStream() else { throw SourceError("zstd cannot start") }
        self.stream = stream
        // 2^27: windows of 128 MiB, what the zstd tool itself accepts without being asked.
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 27)
    }

    deinit { ZSTD_freeDStream(stream) }

    func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> DecompressorStep {
        var feed = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var out = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let status = ZSTD_decompressStream(stream, &out, &feed)
        let state: DecompressorStep.State =
            if ZSTD_isError(status) != 0 {
                ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge
                    ? .failed("data asks for a window of more than 128 MiB") : .damaged
            } else {
                status == 0 ? .ended : .more
            }
        return DecompressorStep(taken: feed.pos, given: out.pos, state: state)
    }

    func restart() -> Bool { true }
}
