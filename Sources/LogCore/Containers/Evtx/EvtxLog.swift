/// Windows' binary event log: a header, then chunks of 64 KiB that stand for themselves, with records of binary XML.
/// https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc
///
/// Checksums aren't looked at: those of a log that was copied while Windows wrote it are out of date, and what is damaged
/// shows where it is read.
package struct EvtxLog: Transcriber, ~Copyable {
    package static let mark: StaticString = "ElfFile\0"
    private static let headerBytes = 4096
    private static let chunkBytes = 65_536
    private static let chunkHeaderBytes = 512
    private static let recordHeaderBytes = 24

    private var writer = JSONWriter(capacity: 1 << 17)
    package private(set) var problem: String?
    private var header = 0
    private var chunk: ContiguousArray<UInt8> = []
    /// Where the chunk at hand begins.
    private var offset = headerBytes

    package init() { chunk.reserveCapacity(Self.chunkBytes) }

    package var lines: ContiguousArray<UInt8> {
        get { writer.bytes }
        _modify { yield &writer.bytes }
    }

    package mutating func take(_ bytes: Span<UInt8>) {
        var start = min(bytes.count, Self.headerBytes - header)
        header += start
        while start < bytes.count {
            let end = min(bytes.count, start + Self.chunkBytes - chunk.count)
            chunk.append(contentsOf: bytes.extracting(start..<end))
            start = end
            if chunk.count == Self.chunkBytes { readChunk() }
        }
    }

    package mutating func finish() {
        if header < Self.headerBytes || !chunk.isEmpty {
            if problem == nil {
                problem = "EVTX data is cut off at byte \(header + offset - Self.headerBytes + chunk.count)"
            }
        }
        if !chunk.isEmpty { readChunk() }
    }

    private mutating func readChunk() {
        defer {
            chunk.removeAll(keepingCapacity: true)
            offset += Self.chunkBytes
        }
        guard chunk.span.matches("ElfChnk\0", at: 0), chunk.count >= Self.chunkHeaderBytes else {
            // Space that was set aside and not used yet is all zeros.
            if chunk.contains(where: { $0 != 0 }) { damage("chunk", at: 0) }
            return
        }
        var reader = BinaryXML(chunk)
        var at = Self.chunkHeaderBytes
        // In a log that wasn't closed the header doesn't know the last records: they are told by their marks.
        while at + Self.recordHeaderBytes + 4 <= chunk.count, chunk.span.matches("**\0\0", at: at) {
            let size = chunk.span.little32(at + 4)
            guard size >= Self.recordHeaderBytes + 4, at + size <= chunk.count,
                chunk.span.little32(at + size - 4) == size
            else {
                damage("record", at: at)
                return
            }
            var event = EvtxEvent()
            event.record = chunk.span.little64(at + 8)
            event.written = UInt64(truncatingIfNeeded: chunk.span.unsigned64(at + 16))
            do throws(EvtxDamage) {
                try reader.read((at + Self.recordHeaderBytes)..<(at + size - 4), into: &event)
            } catch {
                damage("record", at: error.offset)
            }
            // What was understood before damage is worth as much as any.
            event.write(&writer)
            at += size
        }
    }

    private mutating func damage(_ what: String, at place: Int) {
        if problem == nil { problem = "EVTX \(what) is damaged at byte \(offset + place)" }
    }
}

/// Something that can't be, at a byte of a chunk.
struct EvtxDamage: Error {
    var offset: Int
}

extension Span<UInt8> {
    func unsigned64(_ offset: Int) -> UInt64 { UInt64(little32(offset + 4)) << 32 | UInt64(little32(offset)) }
}
