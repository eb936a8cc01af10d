import LogCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Tells a file again in a later run: by device and inode where it was renamed, by its first bytes where it was copied, or
/// where another has taken its place.
struct FileMark: Sendable, Codable {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    /// A hash of the first bytes, once they are decoded, and of how many; nil in what earlier versions saved.
    var head: UInt64?
    var headBytes: Int?

    private static let most = 1_024
    /// So few bytes may be those of many files.
    private static let least = 48

    init?(_ path: String) {
        var info = stat()
        guard path != "-", stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
        device = UInt64(info.st_dev)
        inode = UInt64(info.st_ino)
        size = Int64(info.st_size)
        let bytes = Self.head(of: path)
        head = Self.hash(bytes[...])
        headBytes = bytes.count
    }

    /// The first bytes of a file; none of one that can't be read.
    static func head(of path: String) -> ContiguousArray<UInt8> {
        var bytes = ContiguousArray<UInt8>(repeating: 0, count: most)
        var count = 0
        guard let file = try? OpenedFile.open(path) else { return [] }
        while count < most, let read = try? bytes.read(upTo: most - count, from: file.source, at: count), read > 0 {
            count += read
        }
        return ContiguousArray(bytes[..<count])
    }

    /// FNV-1a.
    private static func hash(_ bytes: ContiguousArray<UInt8>.SubSequence) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    private func begins(_ bytes: ContiguousArray<UInt8>) -> Bool {
        guard let head, let headBytes else { return true }
        return headBytes <= bytes.count && Self.hash(bytes[..<headBytes]) == head
    }

    /// Whether a file of now, which begins so, is this one: no shorter, and not written anew.
    func isContinued(by other: FileMark, _ bytes: ContiguousArray<UInt8>) -> Bool {
        device == other.device && inode == other.inode && size <= other.size && begins(bytes)
    }

    /// Whether a file that begins so holds what this one held: a copy, or what was compressed.
    func isCopied(_ bytes: ContiguousArray<UInt8>) -> Bool {
        head != nil && (headBytes ?? 0) >= Self.least && begins(bytes)
    }

    /// What may become of the event at the end of a file.
    enum Ending {
        case complete
        /// It was written just now: further lines may belong to it.
        case fresh
        /// Its last line has no end.
        case cut
    }

    /// Of a file that was read up to `end`.
    static func ending(of path: String, at end: Int64) -> Ending {
        var info = stat()
        guard path != "-", end > 0, stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return .complete }
        let isFresh = Int64(time(nil)) - Int64(info.st_mtim.tv_sec) < 60
        let whole: Ending = isFresh ? .fresh : .complete
        // Of what is decoded there is no such byte on the disk.
        guard let file = try? OpenedFile.open(path), file.encoding == nil else { return whole }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return whole }
        defer { close(descriptor) }
        var byte: UInt8 = 0
        return pread(descriptor, &byte, 1, off_t(end - 1)) == 1 && byte != 0x0A ? .cut : whole
    }
}

/// Which files of now are those that a run before has read.
struct ContinuedFiles {
    /// By path of now: the path that the file had.
    private(set) var before: [String: String] = [:]
    /// Paths of both that stand for another file now, where the former one isn't there any more.
    private(set) var lost: [String] = []

    init(_ paths: [String], _ saved: [String: FileMark]) {
        if saved.isEmpty { return }
        var left = saved
        var unknown: [(path: String, mark: FileMark, head: ContiguousArray<UInt8>)] = []
        for path in paths {
            guard let mark = FileMark(path) else { continue }
            let head = FileMark.head(of: path)
            if saved[path]?.isContinued(by: mark, head) == true {
                before[path] = path
                left[path] = nil
            } else {
                unknown.append((path, mark, head))
            }
        }
        var byInode: [UInt64: [String]] = [:]
        for (path, mark) in left { byInode[mark.inode, default: []].append(path) }
        unknown.removeAll { file in
            guard
                let name = byInode[file.mark.inode]?.first(where: {
                    left[$0]?.isContinued(by: file.mark, file.head) == true
                })
            else { return false }
            before[file.path] = name
            left[name] = nil
            return true
        }
        for file in unknown {
            guard let name = left.keys.sorted().first(where: { left[$0]?.isCopied(file.head) == true }) else {
                continue
            }
            before[file.path] = name
            left[name] = nil
        }
        let present = Set(paths)
        lost = left.keys.filter { present.contains($0) }.sorted()
    }
}
