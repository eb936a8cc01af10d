/// Lines that end in CR alone, as on the first Macs and of some devices, with LF in its place: every byte stays where it is.
final class CarriageReturnBytes: ByteSource {
    private let source: any ByteSource

    /// Whether the first bytes are text with line ends, all of them CR alone.
    static func areLineEnds(of head: Span<UInt8>) -> Bool {
        var found = false
        for i in head.indices {
            if head[i] == 0x0A || head[i] < 0x09 { return false }
            if head[i] == 0x0D { found = true }
        }
        return found
    }

    init(_ source: any ByteSource) { self.source = source }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let count = try source.read(into: buffer)
        for i in 0..<count where buffer[i] == 0x0D { buffer[i] = 0x0A }
        return count
    }
}
