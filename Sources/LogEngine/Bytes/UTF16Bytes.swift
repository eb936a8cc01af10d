/// UTF-16 read as UTF-8; what isn't a character becomes U+FFFD.
final class UTF16Bytes: TextDecoder {
    private let source: any ByteSource
    private let isBigEndian: Bool
    private var input = ContiguousArray<UInt8>(repeating: 0, count: 1 << 16)
    var output = DecodedText()
    /// A byte or a high surrogate that waits for its other half.
    private var oddByte: UInt8?
    private var high: UInt16?

    /// Whether bytes without a mark are UTF-16, told by NUL in every second place; nil if they aren't. Text in any script
    /// has spaces, digits and line ends, a log more than others: a quarter of all is asked for.
    static func isBigEndian(_ head: Span<UInt8>) -> Bool? {
        guard head.count >= 8 else { return nil }
        var zeros = (even: 0, odd: 0)
        var controls = 0
        for i in 0..<head.count & ~1 {
            let byte = head[i]
            if byte == 0 {
                if i & 1 == 0 { zeros.even += 1 } else { zeros.odd += 1 }
            } else if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D, byte != 0x1B, head[i ^ 1] == 0 {
                controls += 1
            }
        }
        let units = head.count / 2
        guard controls == 0 else { return nil }
        if zeros.even == 0, zeros.odd * 4 >= units { return false }
        if zeros.odd == 0, zeros.even * 4 >= units { return true }
        return nil
    }

    init(_ source: any ByteSource, isBigEndian: Bool) {
        self.source = source
        self.isBigEndian = isBigEndian
    }

    func refill() throws(SourceError) -> Bool {
        let count = try input.read(upTo: input.count, from: source)
        if count == 0 {
            let isCut = oddByte != nil || high != nil
            oddByte = nil
            high = nil
            if isCut { output.append(0xFFFD) }
            return isCut
        }
        for byte in input[..<count] {
            guard let first = oddByte else {
                oddByte = byte
                continue
            }
            oddByte = nil
            take(isBigEndian ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first))
        }
        return !output.isEmpty || oddByte != nil || high != nil
    }

    private func take(_ unit: UInt16) {
        if let high {
            self.high = nil
            if unit & 0xFC00 == 0xDC00 {
                output.append(0x10000 + (UInt32(high & 0x3FF) << 10 | UInt32(unit & 0x3FF)))
                return
            }
            output.append(0xFFFD)
        }
        switch unit & 0xFC00 {
        case 0xD800: high = unit
        case 0xDC00: output.append(0xFFFD)
        default: output.append(UInt32(unit))
        }
    }
}
