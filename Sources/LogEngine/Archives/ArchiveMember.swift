internal import CZlib
import LogCore

/// One file of an archive, and how to read it.
struct ArchiveMember: Sendable {
    enum Packing: Sendable {
        case stored
        /// Behind a header of its own, as zip archives have it; what it must come to is checked.
        case zip(method: Int, packedSize: Int?, size: Int?, checksum: UInt32?)
    }

    /// `logs.tar.gz!var/log/app.log`.
    var path: String
    var extent: Extent
    var packing = Packing.stored
    /// Seconds since the epoch.
    var modified: Int64

    /// Bytes of the archive that it takes, nearly.
    var diskBytes: Int {
        if case .zip(_, let packedSize, _, _) = packing {
            min(packedSize ?? extent.size, extent.size)
        } else {
            extent.size
        }
    }

    /// Its bytes as they were put into the archive, and those on disk that they come from.
    func open() throws(SourceError) -> (source: any ByteSource, disk: FileBytes, name: String?) {
        let file = try extent.open()
        guard case .zip(let method, let packedSize, let size, let checksum) = packing else {
            let bytes = FileBytes(file, from: extent.offset, size: extent.size)
            return (bytes, bytes, nil)
        }
        let start = try skipHeader(file)
        let rest = extent.size - start
        let bytes = FileBytes(file, from: extent.offset + start, size: min(packedSize ?? rest, rest))
        let packed = try Self.unpack(bytes, method)
        return (CheckedBytes(packed.source, size: size, checksum: checksum), bytes, packed.name)
    }

    /// The header's length: it isn't what the archive's directory says of the same member.
    private func skipHeader(_ file: Descriptor) throws(SourceError) -> Int {
        var header = ContiguousArray<UInt8>(repeating: 0, count: ZipDirectory.headerBytes)
        let count = try header.read(from: file, at: extent.offset)
        let span = header.span
        guard count == header.count, span.matches("PK\u{3}\u{4}", at: 0) else {
            throw SourceError("zip archive is damaged: no header of this member at byte \(extent.offset)")
        }
        let length = count + span.little16(26) + span.little16(28)
        guard length <= extent.size else { throw SourceError("zip archive is cut off at byte \(extent.size)") }
        return length
    }

    static func reads(_ method: Int) -> Bool { [0, 8, 12, 93, 95].contains(method) }

    private static func unpack(
        _ bytes: any ByteSource, _ method: Int
    ) throws(SourceError) -> (source: any ByteSource, name: String?) {
        switch method {
        case 0: (bytes, nil)
        case 8: (DecompressedBytes(bytes, "deflate", try ZlibDecompressor(.bare)), "deflate")
        case 12: (DecompressedBytes(bytes, "bzip2", try Bzip2Decompressor()), "bzip2")
        case 93: (DecompressedBytes(bytes, "zstd", try ZstdDecompressor()), "zstd")
        case 95: (DecompressedBytes(bytes, "xz", try XzDecompressor(.xz)), "xz")
        default: throw SourceError("packed by zip's method \(method), which is not read")
        }
    }
}

/// Bytes whose number and checksum are known.
private final class CheckedBytes: ByteSource {
    private let source: any ByteSource
    private let size: Int?
    private let checksum: UInt32?
    private var count = 0
    private var sum: UInt = 0

    init(_ source: any ByteSource, size: Int?, checksum: UInt32?) {
        self.source = source
        self.size = size
        self.checksum = checksum
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let wanted = min(buffer.count, (size ?? .max) - count)
        // Never more than there should be, or a member could go on for ever.
        let read = wanted == 0 ? 0 : try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
        if read == 0 {
            if let size, count < size { throw SourceError("zip member is cut off: \(count) of \(size) bytes") }
            if let checksum, UInt32(truncatingIfNeeded: sum) != checksum {
                throw SourceError("zip member is damaged: its checksum is wrong")
            }
            return 0
        }
        count += read
        sum = crc32_z(sum, buffer.bindMemory(to: UInt8.self).baseAddress, read)
        return read
    }
}

extension ContiguousArray<UInt8> {
    /// Fills the array from a file as far as that goes; returns how many bytes there were.
    mutating func read(from file: Descriptor, at offset: Int) throws(SourceError) -> Int {
        let result = withUnsafeMutableBytes { buffer -> Result<Int, SourceError> in
            do throws(SourceError) { return .success(try file.read(into: buffer, at: offset)) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
