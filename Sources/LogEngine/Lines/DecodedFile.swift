#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The bytes of an input by their place, decoded. A plain file is read where the bytes lie. In a compressed one decoding
/// goes on from where it is, and begins anew for what lies before; the blocks decoded last are kept, so that scrolling
/// stays within them.
final class DecodedFile {
    private static let blockBytes = 1 << 20
    private static let kept = 32

    private let input: Input
    /// Where the bytes of a plain file lie, from which on, and how many: nil where it may grow.
    private let plain: (file: Descriptor, start: Int, size: Int?)?
    private var source: (any ByteSource)?
    /// Bytes before the decoded ones: a byte order mark.
    private let skipped: Int
    /// Where the first line begins.
    var origin: Int64 { Int64(skipped) }
    private var blocks: [Int: ContiguousArray<UInt8>] = [:]
    private var nextBlock = 0
    /// Decoded bytes, once the end was seen.
    private var decodedSize: Int64?

    init(_ input: Input) throws(SourceError) {
        self.input = input
        let file = try OpenedFile.open(input)
        skipped = file.skipped
        if let extent = file.extent {
            let isPart = if case .member = input.content { true } else { false }
            plain = (try extent.open(), extent.offset, isPart ? extent.size : nil)
        } else {
            plain = nil
            source = file.source
        }
    }

    /// Bytes of a plain file as it is now; of a compressed one, once its end was seen.
    var size: Int64? {
        guard let plain else { return decodedSize }
        if let size = plain.size { return Int64(size) }
        var info = stat()
        return fstat(plain.file.number, &info) == 0 ? Int64(info.st_size) : nil
    }

    /// The bytes from `offset` on, at most `count`; fewer only at the end. `isOver`: asked while blocks are decoded.
    func read(
        at offset: Int64, _ count: Int, isOver: () -> Bool = { false }
    ) throws(SourceError) -> ContiguousArray<UInt8> {
        guard offset >= 0, count > 0 else { return [] }
        if let plain {
            let left = plain.size.map { max(0, $0 - Int(offset)) } ?? count
            var bytes = ContiguousArray<UInt8>(repeating: 0, count: min(count, left))
            bytes.removeLast(bytes.count - (try bytes.read(from: plain.file, at: plain.start + Int(offset))))
            return bytes
        }
        var bytes: ContiguousArray<UInt8> = []
        var place = max(Int(offset) - skipped, 0)
        while bytes.count < count, !isOver() {
            let block = try block(place / Self.blockBytes, isOver: isOver)
            let start = place % Self.blockBytes
            guard start < block.count else { break }
            let end = min(block.count, start + count - bytes.count)
            bytes.append(contentsOf: block[start..<end])
            place += end - start
        }
        return bytes
    }

    private func block(_ number: Int, isOver: () -> Bool) throws(SourceError) -> ContiguousArray<UInt8> {
        if let block = blocks[number] { return block }
        if number < nextBlock || source == nil {
            if let decodedSize, Int64(number) * Int64(Self.blockBytes) >= decodedSize { return [] }
            source = try OpenedFile.open(input).source
            nextBlock = 0
        }
        while nextBlock <= number, !isOver() {
            let block = try decode()
            blocks[nextBlock] = block
            nextBlock += 1
            // What lies furthest from the block that is wanted goes first.
            if blocks.count > Self.kept, let far = blocks.keys.max(by: { abs($0 - number) < abs($1 - number) }) {
                blocks[far] = nil
            }
            if block.count < Self.blockBytes {
                decodedSize = Int64(skipped + (nextBlock - 1) * Self.blockBytes + block.count)
                source = nil
                break
            }
        }
        return blocks[number] ?? []
    }

    /// The next block; shorter only at the end. Damage is an end: the report has said what it is.
    private func decode() throws(SourceError) -> ContiguousArray<UInt8> {
        guard let source else { return [] }
        var block = ContiguousArray<UInt8>(repeating: 0, count: Self.blockBytes)
        var filled = 0
        while filled < Self.blockBytes {
            guard let read = try? block.read(upTo: Self.blockBytes - filled, from: source, at: filled), read > 0
            else { break }
            filled += read
        }
        block.removeLast(Self.blockBytes - filled)
        return block
    }
}
