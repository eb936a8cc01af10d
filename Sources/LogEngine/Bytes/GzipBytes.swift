internal import CZlib

/// gzip, all concatenated members, through zlib. https://www.rfc-editor.org/rfc/rfc1952
final class GzipBytes: ByteSource {
    private var stream = z_stream()
    private let source: any ByteSource
    private var input = ContiguousArray<UInt8>(repeating: 0, count: 1 << 16)
    private var inputCount = 0
    private var inputOffset = 0
    private var isOpen = false
    private var atEnd = false
    /// Compressed bytes consumed: where it broke, for the message.
    private var consumed = 0

    init(_ source: any ByteSource) throws(SourceError) {
        self.source = source
        // 15 bits of window, and 16 more to say that it is gzip.
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw SourceError("zlib cannot start")
        }
        isOpen = true
    }

    deinit { if isOpen { inflateEnd(&stream) } }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        var filled = 0
        while filled < buffer.count, !atEnd {
            if inputOffset == inputCount {
                inputCount = try input.read(upTo: input.count, from: source)
                inputOffset = 0
                if inputCount == 0 {
                    atEnd = true
                    // What was decoded so far is handed out first; the error comes with the next call.
                    if filled > 0 {
                        atEnd = false
                        return filled
                    }
                    throw SourceError("gzip data is cut off at compressed byte \(consumed)")
                }
            }
            let status = inflate(into: buffer, &filled)
            switch status {
            case Z_OK, Z_BUF_ERROR: continue
            case Z_STREAM_END: try nextMember()
            default:
                if filled > 0 { return filled }
                atEnd = true
                throw SourceError("gzip data is damaged at compressed byte \(consumed)")
            }
        }
        return filled
    }

    private func inflate(into buffer: UnsafeMutableRawBufferPointer, _ filled: inout Int) -> Int32 {
        let room = buffer.count - filled
        let target = buffer.baseAddress.map { ($0 + filled).assumingMemoryBound(to: UInt8.self) }
        return input.withUnsafeMutableBufferPointer { bytes in
            stream.next_in = bytes.baseAddress.map { $0 + inputOffset }
            stream.avail_in = UInt32(inputCount - inputOffset)
            stream.next_out = target
            stream.avail_out = UInt32(min(room, Int(UInt32.max)))
            let before = (stream.avail_in, stream.avail_out)
            let status = CZlib.inflate(&stream, Z_NO_FLUSH)
            inputOffset += Int(before.0 - stream.avail_in)
            consumed += Int(before.0 - stream.avail_in)
            filled += Int(before.1 - stream.avail_out)
            return status
        }
    }

    /// Another member may follow; zero padding behind the last one, as tapes have it, is no error.
    private func nextMember() throws(SourceError) {
        while true {
            if inputOffset == inputCount {
                inputCount = try input.read(upTo: input.count, from: source)
                inputOffset = 0
                if inputCount == 0 {
                    atEnd = true
                    return
                }
            }
            if input[inputOffset] != 0 { break }
            inputOffset += 1
            consumed += 1
        }
        inflateReset(&stream)
    }
}
