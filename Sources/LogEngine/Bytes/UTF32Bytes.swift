/// UTF-32 read as UTF-8; what isn't a character becomes U+FFFD.
final class UTF32Bytes: TextDecoder {
    private let source: any ByteSource
    private let isBigEndian: Bool
    private var input = ContiguousArray<UInt8>(repeating: 0, count: 1 << 16)
    /// Bytes at the beginning of `input` that wait for the rest of their character.
    private var waiting = 0
    var output = DecodedText()

    /// Whether bytes are UTF-32, told by their mark or by NUL at two of four places; nil if they aren't.
    static func isBigEndian(_ head: Span<UInt8>) -> Bool? {
        guard head.count >= 8 else { return nil }
        if head[0] == 0xFF, head[1] == 0xFE, head[2] == 0, head[3] == 0 { return false }
        if head[0] == 0, head[1] == 0, head[2] == 0xFE, head[3] == 0xFF { return true }
        var (isBig, isLittle) = (true, true)
        var letters = 0
        for i in stride(from: 0, to: head.count & ~3, by: 4) where isBig || isLittle {
            isBig = isBig && head[i] == 0 && head[i + 1] < 0x11
            isLittle = isLittle && head[i + 3] == 0 && head[i + 2] < 0x11
            if head[i] | head[i + 3] >= 0x09 { letters += 1 }
        }
        // A character of two NUL, and so one of either order, is none that a log has.
        return letters * 4 < head.count / 4 || isBig == isLittle ? nil : isBig
    }

    init(_ source: any ByteSource, isBigEndian: Bool) {
        self.source = source
        self.isBigEndian = isBigEndian
    }

    func refill() throws(SourceError) -> Bool {
        let count = try input.read(upTo: input.count - waiting, from: source, at: waiting)
        if count == 0 {
            let isCut = waiting > 0
            waiting = 0
            if isCut { output.append(0xFFFD) }
            return isCut
        }
        let end = waiting + count
        for i in stride(from: 0, to: end & ~3, by: 4) {
            let (a, b) = (UInt32(input[i]), UInt32(input[i + 1]))
            let (c, d) = (UInt32(input[i + 2]), UInt32(input[i + 3]))
            let value = isBigEndian ? a << 24 | b << 16 | c << 8 | d : d << 24 | c << 16 | b << 8 | a
            // The mark.
            if value != 0xFEFF { output.append(value) }
        }
        waiting = end & 3
        for i in 0..<waiting { input[i] = input[(end & ~3) + i] }
        return true
    }
}
