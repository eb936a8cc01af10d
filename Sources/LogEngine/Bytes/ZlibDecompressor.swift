internal import CZlib

/// gzip, and the bare deflate of zip files, through zlib. https://www.rfc-editor.org/rfc/rfc1952
final class ZlibDecompressor: Decompressor {
    enum Wrapping {
        case gzip
        /// None, and one stream only.
        case bare
    }

    /// It lies still in this object: zlib keeps its address.
    private var stream = z_stream()
    private let wrapping: Wrapping

    init(_ wrapping: Wrapping) throws(SourceError) {
        self.wrapping = wrapping
        // 15 bits of window; 16 more say that it is gzip, a minus that it is bare.
        let bits: Int32 = wrapping == .gzip ? 15 + 16 : -15
        guard inflateInit2_(&stream, bits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw SourceError("zlib cannot start")
        }
    }

    deinit { inflateEnd(&stream) }

    func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> DecompressorStep {
        // zlib only reads the input, though its declaration doesn't say so.
        stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(clamping: input.count)
        stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = UInt32(clamping: output.count)
        let room = (Int(stream.avail_in), Int(stream.avail_out))
        let status = inflate(&stream, Z_NO_FLUSH)
        let state: DecompressorStep.State =
            switch status {
            case Z_OK, Z_BUF_ERROR: .more
            case Z_STREAM_END: .ended
            default: .damaged
            }
        return DecompressorStep(
            taken: room.0 - Int(stream.avail_in), given: room.1 - Int(stream.avail_out), state: state)
    }

    func restart() -> Bool { wrapping == .gzip && inflateReset(&stream) == Z_OK }
}
