#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Why bytes could not be read.
package struct SourceError: Error, Equatable, Sendable {
    package var message: String
    package init(_ message: String) { self.message = message }

    /// The system's words for `errno`, as in `cannot read: Permission denied`.
    static func system(_ what: String) -> SourceError {
        SourceError("\(what): \(String(cString: strerror(errno)))")
    }
}

/// Bytes in sequence: a file, a pipe, or a decoder over another source.
protocol ByteSource: AnyObject {
    /// Reads at least one byte and at most as many as fit; 0 only at the end. What comes before damaged or
    /// missing bytes is returned first, the error is thrown by the next call.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int
    /// Moves on without reading, as far as there are bytes.
    func skip(_ bytes: Int) throws(SourceError)
}

extension ByteSource {
    func skip(_ bytes: Int) throws(SourceError) {
        var left = bytes
        var scratch = ContiguousArray<UInt8>(repeating: 0, count: min(left, 1 << 16))
        while left > 0 {
            let count = try scratch.read(upTo: min(left, 1 << 16), from: self)
            if count == 0 { return }
            left -= count
        }
    }
}

extension ContiguousArray<UInt8> {
    /// Reads into the first `count` bytes; returns how many there were.
    mutating func read(upTo count: Int, from source: any ByteSource, at offset: Int = 0) throws(SourceError) -> Int {
        // withUnsafeMutableBytes rethrows untyped errors; a Result carries the typed one across.
        let result = withUnsafeMutableBytes { buffer -> Result<Int, SourceError> in
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<offset + count])
            do throws(SourceError) { return .success(try source.read(into: part)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}

/// A regular file: `pread` up to the size it had when it was opened. Not `mmap`: a file that shrinks
/// under a mapping kills the process.
final class FileBytes: ByteSource {
    private let descriptor: Int32
    private let size: Int
    /// Bytes that were read.
    private(set) var offset = 0

    /// Takes the descriptor over and closes it in the end.
    init(descriptor: Int32, size: Int) {
        self.descriptor = descriptor
        self.size = size
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit { close(descriptor) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        var filled = 0
        while filled < buffer.count, offset < size {
            let wanted = min(buffer.count - filled, size - offset)
            let count = pread(descriptor, buffer.baseAddress.map { $0 + filled }, wanted, off_t(offset))
            if count < 0 {
                if errno == EINTR { continue }
                throw .system("cannot read")
            }
            if count == 0 {
                if filled > 0 { break }
                throw SourceError("cut off while it was read: \(size - offset) bytes are missing at byte \(offset)")
            }
            filled += count
            offset += count
        }
        return filled
    }

    func skip(_ bytes: Int) { offset = min(size, offset + bytes) }
}

/// A pipe, a terminal, a device: whatever `read` gives.
final class StreamBytes: ByteSource {
    private let descriptor: Int32
    private let closes: Bool

    init(descriptor: Int32, closes: Bool) {
        self.descriptor = descriptor
        self.closes = closes
    }

    deinit { if closes { close(descriptor) } }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = Glibc.read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
            if count < 0 {
                if errno == EINTR { continue }
                throw .system("cannot read")
            }
            if count == 0 { break }
            filled += count
        }
        return filled
    }
}

/// Bytes that were looked at already, then the rest of the source they came from.
final class PrefixedBytes: ByteSource {
    private let prefix: ContiguousArray<UInt8>
    private var offset = 0
    private let rest: any ByteSource

    init(_ prefix: ContiguousArray<UInt8>, then rest: any ByteSource) {
        self.prefix = prefix
        self.rest = rest
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let count = min(buffer.count, prefix.count - offset)
        if count > 0 {
            prefix.withUnsafeBytes {
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
            }
            offset += count
            return count
        }
        return try rest.read(into: buffer)
    }

    func skip(_ bytes: Int) throws(SourceError) {
        let count = min(bytes, prefix.count - offset)
        offset += count
        try rest.skip(bytes - count)
    }
}
