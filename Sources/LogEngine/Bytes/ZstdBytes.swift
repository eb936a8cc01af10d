internal import CZstd

/// Zstandard, all concatenated frames, through libzstd. https://www.rfc-editor.org/rfc/rfc8878
final class ZstdBytes: ByteSource {
    private let stream: OpaquePointer
    private let source: any ByteSource
    private var input = ContiguousArray<UInt8>(repeating: 0, count: 1 << 16)
    private var inputCount = 0
    private var inputOffset = 0
    private var consumed = 0
    /// What the decoder said last: 0 between frames.
    private var pending = 0
    /// The last call left room in its buffer, so the decoder gave all it had.
    private var isDrained = true

    init(_ source: any ByteSource) throws(SourceError) {
        self.source = source
        guard let stream = ZSTD_createDStream() else { throw SourceError("zstd cannot start") }
        self.stream = stream
        // 2^27: windows of 128 MiB, what the zstd tool itself accepts without being asked.
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 27)
    }

    deinit { ZSTD_freeDStream(stream) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        var filled = 0
        while filled < buffer.count {
            // With no input left the decoder may still hold output of the block at hand.
            if inputOffset == inputCount, pending == 0 || isDrained {
                inputCount = try input.read(upTo: input.count, from: source)
                inputOffset = 0
                if inputCount == 0 {
                    if filled > 0 || pending == 0 { return filled }
                    throw SourceError("zstd data is cut off at compressed byte \(consumed)")
                }
            }
            var out = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: filled)
            let status = input.withUnsafeBytes { bytes in
                var feed = ZSTD_inBuffer(src: bytes.baseAddress, size: inputCount, pos: inputOffset)
                let status = ZSTD_decompressStream(stream, &out, &feed)
                consumed += feed.pos - inputOffset
                inputOffset = feed.pos
                return status
            }
            isDrained = out.pos < buffer.count
            filled = out.pos
            if ZSTD_isError(status) != 0 {
                if filled > 0 { return filled }
                throw SourceError("zstd data is damaged at compressed byte \(consumed)")
            }
            pending = status
        }
        return filled
    }
}
