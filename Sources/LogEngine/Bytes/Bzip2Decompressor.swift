internal import CBzip2

/// bzip2 through libbz2: 4 MiB at most. https://sourceware.org/bzip2/manual/manual.html
final class Bzip2Decompressor: Decompressor {
    /// It lies still in this object: libbz2 keeps its address.
    private var stream = bz_stream()

    init() throws(SourceError) {
        guard BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK else { throw SourceError("bzip2 cannot start") }
    }

    deinit { BZ2_bzDecompressEnd(&stream) }

    func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> DecompressorStep {
        // libbz2 only reads the input, though its declaration doesn't say so.
        stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: CChar.self).baseAddress)
        stream.avail_in = UInt32(clamping: input.count)
        stream.next_out = output.bindMemory(to: CChar.self).baseAddress
        stream.avail_out = UInt32(clamping: output.count)
        let room = (Int(stream.avail_in), Int(stream.avail_out))
        let state: DecompressorStep.State =
            switch BZ2_bzDecompress(&stream) {
            case BZ_OK: .more
            case BZ_STREAM_END: .ended
            default: .damaged
            }
        return DecompressorStep(
            taken: room.0 - Int(stream.avail_in), given: room.1 - Int(stream.avail_out), state: state)
    }

    func restart() -> Bool {
        BZ2_bzDecompressEnd(&stream)
        stream = bz_stream()
        return BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK
    }
}
