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

/// An open file that several may read.
final class Descriptor: Sendable {
    let number: Int32

    /// Takes the number over and closes it in the end.
    init(_ number: Int32) { self.number = number }

    static func open(_ path: String, _ flags: Int32 = 0) throws(SourceError) -> Descriptor {
        let number = NativePath.with(path) { Glibc.open($0, O_RDONLY | O_CLOEXEC | flags) }
        guard number >= 0 else { throw .system("cannot open") }
        return Descriptor(number)
    }

    deinit { close(number) }

    /// Reads at `offset` until the buffer is full or the file ends.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SourceError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let start = buffer.baseAddress.map { $0 + filled }
            let count = pread(number, start, buffer.count - filled, off_t(offset + filled))
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

/// A regular file, or a stretch of one: `pread` up to the size it had when it was opened. Not `mmap`: a file that shrinks
/// under a mapping kills the process.
final class FileBytes: ByteSource {
    private let file: Descriptor
    private let start: Int
    private let size: Int
    /// Bytes that were read.
    private(set) var offset = 0

    init(_ file: Descriptor, from start: Int = 0, size: Int) {
        self.file = file
        self.start = start
        self.size = size
        posix_fadvise(file.number, off_t(start), off_t(size), POSIX_FADV_SEQUENTIAL)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let wanted = min(buffer.count, size - offset)
        if wanted == 0 { return 0 }
        let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: start + offset)
        if count == 0 {
            throw SourceError("cut off while it was read: \(size - offset) bytes are missing at byte \(offset)")
        }
        offset += count
        return count
    }

    func skip(_ bytes: Int) { offset = min(size, offset + bytes) }
}

/// A pipe, a terminal, a device: whatever `read` gives.
final class StreamBytes: ByteSource {
    private let descriptor: Int32
    /// Closes the descriptor in the end.
    private let file: Descriptor?

    init(_ file: Descriptor) {
        descriptor = file.number
        self.file = file
    }

    /// Standard input: it stays open.
    init() {
        descriptor = 0
        file = nil
    }

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
