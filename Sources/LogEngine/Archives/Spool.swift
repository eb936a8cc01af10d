import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A nameless file for what was unpacked and can't be read at any place where it lies: the members of a compressed tar
/// archive. It is gone with the process, however that ends. One takes all of a run: descriptors are few.
final class Spool: Sendable {
    /// Room that is left to others on its disk.
    private static let leftFree: UInt64 = 1 << 30
    /// How often it is asked how much there is.
    private static let lookBytes = 16 << 20

    let descriptor: Descriptor
    private let folder: String
    private let end = Mutex(0)

    /// Not in `/tmp` unless told so: that is memory in many places.
    init() throws(SourceError) {
        let folders = [getenv("TMPDIR").map { String(cString: $0) }, "/var/tmp", "/tmp"].compactMap(\.self)
        for folder in folders where !folder.isEmpty {
            var name = Array("\(folder)/ailogger-XXXXXX".utf8CString)
            let number = mkstemp(&name)
            if number < 0 { continue }
            unlink(name)
            _ = fcntl(number, F_SETFD, FD_CLOEXEC)
            descriptor = Descriptor(number)
            self.folder = folder
            return
        }
        throw .system("cannot make a file in \(folders.joined(separator: ", ")) to unpack into")
    }

    /// Where the next bytes will stand.
    var size: Int { end.withLock { $0 } }

    func append(_ bytes: UnsafeRawBufferPointer) throws(SourceError) {
        let start = size
        if start / Self.lookBytes != (start + bytes.count) / Self.lookBytes || start == 0 { try checkRoom() }
        var written = 0
        while written < bytes.count {
            let count = pwrite(
                descriptor.number, bytes.baseAddress.map { $0 + written }, bytes.count - written,
                off_t(start + written))
            if count < 0 {
                if errno == EINTR { continue }
                throw .system("cannot unpack into \(folder)")
            }
            written += count
        }
        end.withLock { $0 = start + bytes.count }
    }

    private func checkRoom() throws(SourceError) {
        var info = statvfs()
        guard fstatvfs(descriptor.number, &info) == 0 else { return }
        if UInt64(info.f_bavail) * UInt64(info.f_frsize) < Self.leftFree {
            throw SourceError("no room to unpack: \(folder) has less than 1 GiB left; set TMPDIR to a larger place")
        }
    }
}

/// A stretch of a file that can be read at any time.
struct Extent: Sendable {
    enum Store: Sendable {
        case path(String)
        case spool(Spool)
    }

    var store: Store
    var offset = 0
    var size: Int

    /// Opened anew, so that ten thousand archives don't take as many descriptors.
    func open() throws(SourceError) -> Descriptor {
        switch store {
        case .path(let path): try Descriptor.open(path)
        case .spool(let spool): spool.descriptor
        }
    }

    func part(_ start: Int, _ count: Int) -> Extent {
        Extent(store: store, offset: offset + start, size: max(0, min(count, size - start)))
    }
}
