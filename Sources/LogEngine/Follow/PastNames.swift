import LogCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What became of the files that had a followed log's name: where they are now, told by their inode, or by how they begin where
/// they were copied or compressed.
struct PastNames {
    private struct File {
        var label: String
        var inode: UInt64
        var size: Int64
        var head: [UInt8]
    }

    /// Looks between two searches for what was rotated before, and files that are kept track of.
    private static let rarely = 25
    private static let most = 16
    private static let headBytes = 256

    private let path: String
    private var head: [UInt8] = []
    /// The latest first.
    private var files: [File] = []
    private var isNew = false
    private var looks = 0

    init(_ path: String) { self.path = path }

    static func gone(_ path: String) -> String { "\(path) (removed)" }

    /// The first bytes of the file that has the name now.
    mutating func begin(_ bytes: Span<UInt8>) {
        head = (0..<min(bytes.count, Self.headBytes)).map { bytes[$0] }
    }

    /// The name stands for another file from now on.
    mutating func add(inode: UInt64, size: Int64) {
        files.insert(File(label: path, inode: inode, size: size, head: head), at: 0)
        if files.count > Self.most { files.removeLast() }
        isNew = true
    }

    /// Where a file is now that had the name.
    func place(inode: UInt64, size: Int64) -> String? {
        place(of: File(label: path, inode: inode, size: size, head: head), besides: [])
    }

    /// New names of past files by those that they had before.
    mutating func moves() -> [String: String] {
        looks += 1
        guard !files.isEmpty, isNew || looks % Self.rarely == 0 else { return [:] }
        isNew = false
        var moves: [String: String] = [:]
        var taken: Set<String> = []
        for index in files.indices where files[index].label != Self.gone(path) {
            let file = files[index]
            let label = place(of: file, besides: taken) ?? Self.gone(path)
            taken.insert(label)
            if label != file.label { moves[file.label] = label }
            files[index].label = label
        }
        return moves
    }

    /// Whether a file that has come into the log's folder is the log's own past: moved away, or copied. `inode`: the log's.
    func isPast(_ candidate: String, _ info: stat, inode: UInt64) -> Bool {
        let (folder, name, stem) = parts
        guard candidate.hasPrefix(folder + stem), candidate != folder + name else { return false }
        if info.st_ino == inode || files.contains(where: { $0.inode == info.st_ino }) { return true }
        return begins(candidate, with: head) || files.contains { begins(candidate, with: $0.head) }
    }

    /// The path of the log's folder with its slash, the log's name, and what rotated files' names begin with.
    private var parts: (folder: String, name: String, stem: String) {
        let slash = path.lastIndex(of: "/")
        let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        return (slash.map { String(path[...$0]) } ?? "", String(name), String(name.prefix { $0 != "." }))
    }

    /// Looks through the log's folder.
    private func place(of file: File, besides taken: Set<String>) -> String? {
        let (prefix, name, stem) = parts
        var copy: String?
        for entry in folderEntries(prefix.isEmpty ? "." : prefix) where entry != name && entry.hasPrefix(stem) {
            let candidate = prefix + entry
            var info = stat()
            guard !taken.contains(candidate), nativeStat(candidate, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
                continue
            }
            let isSame = UInt64(info.st_ino) == file.inode
            guard isSame || copy == nil, begins(candidate, with: file.head) else { continue }
            if isSame { return candidate }
            copy = candidate
        }
        return copy
    }

    /// Whether a file begins so, once it is decompressed.
    private func begins(_ candidate: String, with head: [UInt8]) -> Bool {
        guard !head.isEmpty, let opened = try? OpenedFile.open(candidate) else { return false }
        var bytes = ContiguousArray<UInt8>(repeating: 0, count: head.count)
        guard let count = try? bytes.read(upTo: head.count, from: opened.source, at: 0) else { return false }
        return bytes[..<count].elementsEqual(head)
    }
}
