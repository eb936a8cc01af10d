#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An input opened for reading, decoders in place.
struct OpenedFile {
    var source: any ByteSource
    /// `gzip`, `zstd`, `UTF-16` or nil.
    var encoding: String?
    /// Bytes at the front that belong to no line: a byte order mark.
    var skipped = 0
    /// Seconds since the epoch: when the file was last written; now for a pipe.
    var modified: Int64
    /// Bytes on disk; nil where unknown.
    var size: Int?
    /// The bytes on disk, of which a decoder reads ahead of what it gives.
    var disk: FileBytes?
    /// Whether it can be opened a second time and read from the start.
    var isReopenable: Bool

    static func open(_ path: String) throws(SourceError) -> OpenedFile {
        if path == "-" {
            let source = StreamBytes(descriptor: 0, closes: false)
            return try decode(OpenedFile(source: source, modified: Int64(time(nil)), isReopenable: false))
        }
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("cannot open") }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else {
            let error = SourceError.system("cannot open")
            close(descriptor)
            throw error
        }
        switch info.st_mode & S_IFMT {
        case S_IFREG where info.st_size > 0:
            let disk = FileBytes(descriptor: descriptor, size: Int(info.st_size))
            return try decode(
                OpenedFile(
                    source: disk, modified: Int64(info.st_mtim.tv_sec), size: Int(info.st_size), disk: disk,
                    isReopenable: true))
        case S_IFDIR:
            close(descriptor)
            throw SourceError("cannot read: Is a directory")
        default:
            // Empty files in /proc and /sys have bytes all the same; pipes and devices come here too.
            return try decode(
                OpenedFile(
                    source: StreamBytes(descriptor: descriptor, closes: true), modified: Int64(time(nil)),
                    isReopenable: false))
        }
    }

    /// Puts decoders over the bytes as the first of them ask for: by what they are, never by the file's name.
    private static func decode(_ file: OpenedFile) throws(SourceError) -> OpenedFile {
        var file = file
        var head = ContiguousArray<UInt8>(repeating: 0, count: 4)
        let count = try head.read(upTo: 4, from: file.source)
        head.removeLast(4 - count)
        let rest = PrefixedBytes(head, then: file.source)
        if head.starts(with: [0x1F, 0x8B]) {
            file.source = try GzipBytes(rest)
            file.encoding = "gzip"
            return try mark(file)
        }
        if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) || isSkippableFrame(head) {
            file.source = try ZstdBytes(rest)
            file.encoding = "zstd"
            return try mark(file)
        }
        file.source = rest
        return try mark(file)
    }

    private static func isSkippableFrame(_ head: ContiguousArray<UInt8>) -> Bool {
        head.count == 4 && head[0] & 0xF0 == 0x50 && head[1] == 0x2A && head[2] == 0x4D && head[3] == 0x18
    }

    /// Looks for a byte order mark in the decoded bytes.
    private static func mark(_ file: OpenedFile) throws(SourceError) -> OpenedFile {
        var file = file
        var head = ContiguousArray<UInt8>(repeating: 0, count: 3)
        let count = try head.read(upTo: 3, from: file.source)
        head.removeLast(3 - count)
        if head.starts(with: [0xEF, 0xBB, 0xBF]) {
            file.skipped = 3
            return file
        }
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            let isBigEndian = head[0] == 0xFE
            let rest = PrefixedBytes(ContiguousArray(head[2...]), then: file.source)
            file.source = UTF16Bytes(rest, isBigEndian: isBigEndian)
            file.encoding = file.encoding.map { "\($0), UTF-16" } ?? "UTF-16"
            return file
        }
        file.source = PrefixedBytes(head, then: file.source)
        return file
    }
}
