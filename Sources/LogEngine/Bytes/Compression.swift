/// The compressions that are read, told by their first bytes, never by a file's name.
enum Compression: String {
    case gzip, zstd, bzip2, xz, lzma, lz4

    /// Bytes that `init(head:)` looks at.
    static let headBytes = 13

    init?(head: some Collection<UInt8>) {
        let head = ContiguousArray(head.prefix(Self.headBytes))
        if head.starts(with: [0x1F, 0x8B, 8]) {
            self = .gzip
        } else if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) || Self.isSkippableFrame(head) {
            self = .zstd
        } else if head.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]) {
            self = .xz
        } else if Self.isBzip2(head) {
            self = .bzip2
        } else if head.starts(with: [0x04, 0x22, 0x4D, 0x18]) {
            self = .lz4
        } else if Self.isLzma(head) {
            self = .lzma
        } else {
            return nil
        }
    }

    func decompressor() throws(SourceError) -> any Decompressor {
        switch self {
        case .gzip: try ZlibDecompressor(.gzip)
        case .zstd: try ZstdDecompressor()
        case .bzip2: try Bzip2Decompressor()
        case .xz: try XzDecompressor(.xz)
        case .lzma: try XzDecompressor(.lzma)
        case .lz4: try Lz4Decompressor()
        }
    }

    /// pzstd's files begin with one.
    private static func isSkippableFrame(_ head: ContiguousArray<UInt8>) -> Bool {
        head.count >= 4 && head[0] & 0xF0 == 0x50 && head[1] == 0x2A && head[2] == 0x4D && head[3] == 0x18
    }

    /// The magic bytes are letters, so the mark of the first block, or of the end, has to follow: digits of pi, or of its
    /// square root.
    private static func isBzip2(_ head: ContiguousArray<UInt8>) -> Bool {
        guard head.count >= 10, head.starts(with: "BZh".utf8), (0x31...0x39).contains(head[3]) else { return false }
        return head[4...].starts(with: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
            || head[4...].starts(with: [0x17, 0x72, 0x45, 0x38, 0x50, 0x90])
    }

    /// The old format has no magic bytes: the properties that all tools write, a dictionary of a power of two, or one and
    /// a half of it, and a size that is unknown or below 256 GiB, as the `file` tool and xz tell it.
    private static func isLzma(_ head: ContiguousArray<UInt8>) -> Bool {
        guard head.count == 13, head[0] == 0x5D else { return false }
        let dictionary = head[1...4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let size = head[5...12].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let top = dictionary & ~(dictionary >> 1) & ~(dictionary >> 2)
        let isUsual = dictionary >= 4096 && dictionary.nonzeroBitCount <= 2 && (dictionary == top || top != 0)
        return isUsual && (size == .max || size < 1 << 38)
    }
}
