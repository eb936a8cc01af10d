import LogCore

/// Goes through a tar archive member by member, in the order in which they lie.
struct TarWalk {
    struct Member {
        var name: String
        var size: Int
        var modified: Int64
        var isSparse: Bool
        /// Where its bytes begin in the archive.
        var offset: Int

        init(_ header: TarHeader, longName: String?, _ pax: PaxRecords, offset: Int) {
            name = pax.path ?? longName ?? header.name
            size = pax.size ?? header.size
            modified = pax.modified ?? header.modified
            isSparse = header.kind == .sparse || pax.isSparse
            self.offset = offset
        }
    }

    /// Of a name or of what a pax header holds.
    private static let textLimit = 1 << 20

    private let source: any ByteSource
    /// Bytes of the archive that were taken.
    private(set) var offset = 0
    /// Where something stands that is no header.
    private(set) var damage: Int?
    private var block = ContiguousArray<UInt8>(repeating: 0, count: TarHeader.blockBytes)

    init(_ source: any ByteSource) { self.source = source }

    /// The next file, whose bytes come next; nil at the end. What is left of them is for the caller to pass over.
    /// Zeros end an archive, but another may follow, as of `cat a.tar b.tar`.
    mutating func next() throws(SourceError) -> Member? {
        var name: String?
        var pax = PaxRecords()
        while try fillBlock() {
            guard let header = TarHeader(block.span) else {
                noteDamage()
                continue
            }
            switch header.kind {
            case .extended: pax = try readPax(header.size)
            case .longName: name = try readName(header.size)
            case .globalExtended, .longLink: try skip(padded(header.size))
            case .other:
                try skip(padded(header.size))
                name = nil
                pax = PaxRecords()
            case .file, .sparse:
                return Member(header, longName: name, pax, offset: offset)
            }
        }
        return nil
    }

    /// Behind damage the next header is looked for, as tar does it.
    private mutating func noteDamage() {
        if damage == nil, block.contains(where: { $0 != 0 }) { damage = offset - block.count }
    }

    func cutOff() -> SourceError { SourceError("tar archive is cut off at byte \(offset)") }

    /// Blocks are filled with zeros.
    func padded(_ size: Int) -> Int { (size + TarHeader.blockBytes - 1) & ~(TarHeader.blockBytes - 1) }

    /// Reads the next bytes of a member; fewer than asked for only at the end of the archive.
    mutating func read(_ count: Int, into buffer: inout ContiguousArray<UInt8>) throws(SourceError) -> Int {
        var filled = 0
        while filled < count {
            let read = try buffer.read(upTo: count - filled, from: source, at: filled)
            if read == 0 { break }
            filled += read
            offset += read
        }
        return filled
    }

    mutating func skip(_ count: Int) throws(SourceError) {
        try source.skip(count)
        offset += count
    }

    /// False at the end.
    private mutating func fillBlock() throws(SourceError) -> Bool {
        var filled = 0
        while filled < block.count {
            let read = try block.read(upTo: block.count - filled, from: source, at: filled)
            if read == 0 { break }
            filled += read
        }
        offset += filled
        if filled > 0, filled < block.count { throw cutOff() }
        return filled > 0
    }

    private mutating func readPax(_ size: Int) throws(SourceError) -> PaxRecords {
        let bytes = try text(size)
        return PaxRecords(bytes.span)
    }

    private mutating func readName(_ size: Int) throws(SourceError) -> String {
        let bytes = try text(size)
        let end = bytes.firstIndex(of: 0) ?? bytes.count
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    private mutating func text(_ size: Int) throws(SourceError) -> ContiguousArray<UInt8> {
        guard size <= Self.textLimit else {
            throw SourceError("tar archive is damaged at byte \(offset): a name of \(size) bytes")
        }
        var bytes = ContiguousArray<UInt8>(repeating: 0, count: padded(size))
        guard try read(bytes.count, into: &bytes) == bytes.count else { throw cutOff() }
        bytes.removeLast(bytes.count - size)
        return bytes
    }
}
