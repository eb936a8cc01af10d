/// Characters that were read in another encoding, as the UTF-8 that is still to be taken.
struct DecodedText {
    private var bytes: [UInt8] = []
    private var taken = 0

    /// Whether all was taken.
    var isEmpty: Bool { taken == bytes.count }

    /// What isn't a character becomes U+FFFD.
    mutating func append(_ value: UInt32) {
        if value < 0x80 {
            bytes.append(UInt8(value))
            return
        }
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    /// What is UTF-8 already.
    mutating func append(contentsOf text: ArraySlice<UInt8>) { bytes.append(contentsOf: text) }

    /// Moves what there is and has room into `buffer`; gives how many bytes that were.
    mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - taken)
        for i in 0..<count { buffer[i] = bytes[taken + i] }
        taken += count
        if isEmpty {
            bytes.removeAll(keepingCapacity: true)
            taken = 0
        }
        return count
    }
}

/// A source of bytes in another encoding, as UTF-8.
protocol TextDecoder: ByteSource {
    /// What was decoded and not yet read.
    var output: DecodedText { get set }
    /// Decodes more; false at the end. It may take more than one call until there is output.
    func refill() throws(SourceError) -> Bool
}

extension TextDecoder {
    /// No more than what one call decoded: an error of the next one must find the buffer empty.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        while output.isEmpty {
            guard try refill() else { return 0 }
        }
        return output.take(into: buffer)
    }
}
