/// Escapes decoded into a buffer of text.
enum JSONEscapes {
    /// Appends the text of `range` to `text`, its JSON escapes decoded.
    ///
    /// The scanner has checked the escapes; the lenient reader of logfmt hasn't, and what is no escape
    /// stays as written. A surrogate without its other half becomes U+FFFD.
    static func decode(_ line: Span<UInt8>, _ range: Range<Int>, into text: inout ContiguousArray<UInt8>) {
        let source = line.extracting(range)
        // No escape is shorter than what it stands for.
        text.append(addingCapacity: source.count) { span in
            span.withUnsafeMutableBufferPointer { buffer, initialized in
                guard let start = buffer.baseAddress else { return }
                var output = Output(start: start)
                decode(source, into: &output)
                initialized = output.count
            }
        }
    }

    /// Room for as many bytes as the source has.
    private struct Output {
        let start: UnsafeMutablePointer<UInt8>
        var count = 0

        @inline(__always)
        mutating func append(_ byte: UInt8) {
            start[count] = byte
            count &+= 1
        }
    }

    @inline(__always)
    private static func decode(_ source: Span<UInt8>, into output: inout Output) {
        let raw = source.bytes
        var i = 0
        while true {
            // Copies words up to the next backslash. What is written behind it is written over; and as no escape
            // grows, the output is never ahead of the source, so eight bytes fit wherever eight bytes were read.
            while i &+ 8 <= source.count {
                let loaded = raw.unsafeLoadUnaligned(fromUncheckedByteOffset: i, as: UInt64.self)
                UnsafeMutableRawPointer(output.start + output.count).storeBytes(of: loaded, as: UInt64.self)
                let word = UInt64(littleEndian: loaded)
                let stops =
                    ((word ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
                let plain = stops == 0 ? 8 : stops.trailingZeroBitCount &>> 3
                output.count &+= plain
                i &+= plain
                if stops != 0 { break }
            }
            while i < source.count, source[unchecked: i] != UInt8(ascii: "\\") {
                output.append(source[unchecked: i])
                i &+= 1
            }
            guard i < source.count else { return }
            i = decodeOne(source, at: i, into: &output)
        }
    }

    /// Decodes the escape whose backslash is at `start` and gives the offset behind it.
    @inline(__always)
    private static func decodeOne(_ source: Span<UInt8>, at start: Int, into output: inout Output) -> Int {
        guard start &+ 1 < source.count else {
            output.append(UInt8(ascii: "\\"))
            return source.count
        }
        let byte = source[unchecked: start &+ 1]
        switch byte {
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(byte)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "u"): return decodeUnit(source, at: start, into: &output)
        default:
            output.append(UInt8(ascii: "\\"))
            return start &+ 1
        }
        return start &+ 2
    }

    /// The UTF-16 unit whose backslash is at `start`, and the one behind it if the two are a pair.
    @inline(never)
    private static func decodeUnit(_ source: Span<UInt8>, at start: Int, into output: inout Output) -> Int {
        guard let unit = source.hexUnit(at: start &+ 2) else {
            output.append(UInt8(ascii: "\\"))
            return start &+ 1
        }
        let behind = start &+ 6
        guard unit & 0xF800 == 0xD800 else {
            append(UInt32(unit), to: &output)
            return behind
        }
        if unit < 0xDC00, behind &+ 6 <= source.count, source[unchecked: behind] == UInt8(ascii: "\\"),
            source[unchecked: behind &+ 1] == UInt8(ascii: "u"),
            let low = source.hexUnit(at: behind &+ 2), low & 0xFC00 == 0xDC00
        {
            append(0x1_0000 &+ (UInt32(unit & 0x3FF) &<< 10 | UInt32(low & 0x3FF)), to: &output)
            return behind &+ 6
        }
        append(0xFFFD, to: &output)
        return behind
    }

    /// The UTF-8 of a code point that isn't a surrogate.
    private static func append(_ scalar: UInt32, to output: inout Output) {
        func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: scalar &>> shift) & 0x3F }
        switch scalar {
        case 0..<0x80:
            output.append(UInt8(truncatingIfNeeded: scalar))
        case 0x80..<0x800:
            output.append(0xC0 | UInt8(truncatingIfNeeded: scalar &>> 6))
            output.append(tail(0))
        case 0x800..<0x1_0000:
            output.append(0xE0 | UInt8(truncatingIfNeeded: scalar &>> 12))
            output.append(tail(6))
            output.append(tail(0))
        default:
            output.append(0xF0 | UInt8(truncatingIfNeeded: scalar &>> 18))
            output.append(tail(12))
            output.append(tail(6))
            output.append(tail(0))
        }
    }
}
