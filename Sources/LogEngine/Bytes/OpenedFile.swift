import LogCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An input opened for reading, decoders in place.
struct OpenedFile {
    var source: any ByteSource
    /// What was put over the bytes: `gzip`, `xz, UTF-16`, or nil.
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
    /// Where the bytes of `source` lie, if no decoder is needed for them.
    var extent: Extent?
    /// What it is, where it holds files of its own.
    var archive: ArchiveKind?
    /// What it is, where it is no log.
    var binary: String?
    /// The first bytes as text.
    private var head: ContiguousArray<UInt8> = []

    static func open(_ input: Input) throws(SourceError) -> OpenedFile {
        var file =
            switch input.content {
            case .path: try open(input.path)
            case .member(let member): try open(member)
            case .held(let held): try held.take()
            }
        if let layout = JSONRecords.layout(of: file.head.span, input.records) {
            file.put(TranscribedBytes(file.source, JSONRecords(layout)), "JSON records")
            // Lines now: who opens it a second time finds no document.
            file.head = []
        } else if XMLEvents.isHead(file.head.span) {
            file.put(TranscribedBytes(file.source, XMLEvents()), "XML records")
            file.head = []
        } else {
            let yaml = YAMLDocuments.isHead(file.head.span, input.records)
            if yaml.isOne {
                file.put(TranscribedBytes(file.source, YAMLDocuments()), "YAML records")
                if let layout = yaml.layout {
                    file.source = TranscribedBytes(file.source, JSONRecords(layout))
                }
                file.head = []
            }
        }
        return file
    }

    static func open(_ path: String) throws(SourceError) -> OpenedFile {
        if path == "-" {
            let source = StreamBytes()
            return try decode(OpenedFile(source: source, modified: Int64(time(nil)), isReopenable: false))
        }
        let file = try Descriptor.open(path)
        var info = stat()
        guard fstat(file.number, &info) == 0 else { throw .system("cannot open") }
        switch info.st_mode & S_IFMT {
        case S_IFREG where info.st_size > 0:
            let size = Int(info.st_size)
            let disk = FileBytes(file, size: size)
            return try decode(
                OpenedFile(
                    source: disk, modified: Int64(info.st_mtim.tv_sec), size: size, disk: disk, isReopenable: true,
                    extent: Extent(store: .path(path), size: size)))
        case S_IFDIR:
            throw SourceError("cannot read: Is a directory")
        default:
            // Empty files in /proc and /sys have bytes all the same; pipes and devices come here too.
            return try decode(
                OpenedFile(source: StreamBytes(file), modified: Int64(time(nil)), isReopenable: false))
        }
    }

    static func open(_ member: ArchiveMember) throws(SourceError) -> OpenedFile {
        let (source, disk, packing) = try member.open()
        var file = OpenedFile(
            source: source, encoding: packing, modified: member.modified, size: member.diskBytes, disk: disk,
            isReopenable: true)
        if case .stored = member.packing { file.extent = member.extent }
        return try decode(file)
    }

    // MARK: Decoders

    /// gzip within xz within gzip: nobody means more than that.
    private static let deepest = 3
    private static let headBytes = max(ArchiveKind.headBytes, BinaryFile.headBytes, 8 << 10)

    /// Puts decoders over the bytes as the first of them ask for: by what they are, never by the file's name.
    private static func decode(_ file: OpenedFile) throws(SourceError) -> OpenedFile {
        var file = file
        var head = file.peek()
        for _ in 0..<deepest {
            guard let compression = Compression(head: head) else { break }
            file.put(
                DecompressedBytes(file.source, compression.rawValue, try compression.decompressor()),
                compression.rawValue)
            head = file.peek()
        }
        file.archive = ArchiveKind(head: head.span)
        file.decodeText(head)
        if let log = BinaryLog(head: head.span) { file.put(log.decoder(file.source, head: head.span), log.rawValue) }
        file.binary = BinaryFile.known(head.span)
        let start = head[min(file.skipped, head.count)...].firstIndex { $0 > 0x20 } ?? head.count
        // Other first bytes than those of JSON, XML and YAML need no second look.
        if start < head.count,
            [UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "<"), UInt8(ascii: "-")].contains(head[start])
                || head[start] | 0x20 >= UInt8(ascii: "a") && head[start] | 0x20 <= UInt8(ascii: "z")
        {
            file.head = ContiguousArray(head[start...])
        }
        return file
    }

    /// Whether a file that begins so would be passed over.
    static func isNoLog(_ head: ContiguousArray<UInt8>) -> Bool {
        if BinaryFile.known(head.span) != nil { return true }
        let isDecoded =
            Compression(head: head) != nil || ArchiveKind(head: head.span) != nil
            || UTF32Bytes.isBigEndian(head.span) != nil || UTF16Bytes.isBigEndian(head.span) != nil
            || BinaryLog(head: head.span) != nil
        return !isDecoded && BinaryFile.looksBinary(head.span)
    }

    private mutating func put(_ decoder: any ByteSource, _ name: String) {
        source = decoder
        encoding = encoding.map { "\($0), \(name)" } ?? name
        extent = nil
    }

    /// The first bytes, which stay to be read. An error among them comes again where the reader gets to it.
    private mutating func peek() -> ContiguousArray<UInt8> {
        var head = ContiguousArray<UInt8>(repeating: 0, count: Self.headBytes)
        var count = 0
        while count < head.count, let read = try? head.read(upTo: head.count - count, from: source, at: count),
            read > 0
        {
            count += read
        }
        head.removeLast(head.count - count)
        source = PrefixedBytes(head, then: source)
        return head
    }

    /// Looks for a byte order mark, for UTF-16 and UTF-32 without one, for Windows-1252, and for lines that end in CR alone.
    private mutating func decodeText(_ head: ContiguousArray<UInt8>) {
        if head.starts(with: [0xEF, 0xBB, 0xBF]) {
            skipped = 3
            try? source.skip(3)
        } else if let isBigEndian = UTF32Bytes.isBigEndian(head.span) {
            put(UTF32Bytes(source, isBigEndian: isBigEndian), "UTF-32")
        } else if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            try? source.skip(2)
            put(UTF16Bytes(source, isBigEndian: head[0] == 0xFE), "UTF-16")
        } else if let isBigEndian = UTF16Bytes.isBigEndian(head.span) {
            put(UTF16Bytes(source, isBigEndian: isBigEndian), "UTF-16")
        } else if archive == nil, Windows1252Bytes.isTold(by: head.span) {
            put(Windows1252Bytes(source), "Windows-1252")
        }
        if archive == nil, CarriageReturnBytes.areLineEnds(of: head.span) {
            put(CarriageReturnBytes(source), "CR")
        }
    }
}
