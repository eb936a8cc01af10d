/// Values of binary XML as text.
enum EvtxValue {
    /// Whether the text is a JSON number.
    static func append(
        type: UInt8, _ chunk: ContiguousArray<UInt8>, _ range: Range<Int>, to text: inout ContiguousArray<UInt8>
    ) -> Bool {
        let bytes = chunk.span.extracting(range)
        switch (type, bytes.count) {
        case (0x00, _), (_, 0): return false
        case (0x01, _):
            append(utf16: chunk, range, to: &text)
            return false
        case (0x02, _):
            text.append(contentsOf: bytes.extracting(0..<(bytes.firstIndex(of: 0, from: 0) ?? bytes.count)))
            return false
        case (0x03, 1): return append(number: Int8(bitPattern: bytes[0]), to: &text)
        case (0x04, 1): return append(number: bytes[0], to: &text)
        case (0x05, 2): return append(number: Int16(truncatingIfNeeded: bytes.little16(0)), to: &text)
        case (0x06, 2): return append(number: bytes.little16(0), to: &text)
        case (0x07, 4): return append(number: Int32(truncatingIfNeeded: bytes.little32(0)), to: &text)
        case (0x08, 4): return append(number: bytes.little32(0), to: &text)
        case (0x09, 8): return append(number: Int64(bitPattern: bytes.unsigned64(0)), to: &text)
        case (0x0A, 8): return append(number: bytes.unsigned64(0), to: &text)
        case (0x0B, 4):
            return append(float: Double(Float(bitPattern: UInt32(bytes.little32(0)))), to: &text)
        case (0x0C, 8): return append(float: Double(bitPattern: bytes.unsigned64(0)), to: &text)
        case (0x0D, 4):
            text.append(contentsOf: (bytes.little32(0) == 0 ? "false" : "true").utf8)
            return false
        case (0x0F, 16): appendGUID(bytes, to: &text)
        case (0x11, 8): append(time: bytes.unsigned64(0), to: &text)
        case (0x12, 16): appendSystemTime(bytes, to: &text)
        case (0x13, 8...): appendSID(bytes, to: &text)
        case (0x10, 4), (0x14, 4): append(hexadecimal: UInt64(bytes.little32(0)), to: &text)
        case (0x10, 8), (0x15, 8): append(hexadecimal: bytes.unsigned64(0), to: &text)
        case (0x81, _): appendStrings(chunk, range, to: &text)
        default: appendBytes(bytes, to: &text)
        }
        return false
    }

    /// What isn't a character becomes U+FFFD; a NUL ends the text.
    static func append(
        utf16 chunk: ContiguousArray<UInt8>, _ range: Range<Int>, to text: inout ContiguousArray<UInt8>
    ) {
        var decoder = UTF16()
        var at = range.lowerBound
        let end = range.upperBound - range.count % 2
        let units = AnyIterator<UInt16> {
            guard at < end else { return nil }
            defer { at += 2 }
            let unit = UInt16(chunk[at]) | UInt16(chunk[at + 1]) << 8
            return unit == 0 ? nil : unit
        }
        var iterator = units
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar):
                text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            case .emptyInput: return
            case .error: text.append(contentsOf: UTF8.encodedReplacementCharacter)
            }
        }
    }

    private static func append(number: some BinaryInteger, to text: inout ContiguousArray<UInt8>) -> Bool {
        text.append(contentsOf: String(number).utf8)
        return true
    }

    private static func append(float: Double, to text: inout ContiguousArray<UInt8>) -> Bool {
        text.append(contentsOf: String(float).utf8)
        return float.isFinite
    }

    private static func append(hexadecimal: UInt64, to text: inout ContiguousArray<UInt8>) {
        text.append(contentsOf: "0x\(String(hexadecimal, radix: 16))".utf8)
    }

    /// 100 ns since 1601.
    static func nanoseconds(_ time: UInt64) -> Int64? {
        guard let since = Int64(exactly: time), since > 0 else { return nil }
        let (value, overflow) = (since - 116_444_736_000_000_000).multipliedReportingOverflow(by: 100)
        return overflow ? nil : value
    }

    private static func append(time: UInt64, to text: inout ContiguousArray<UInt8>) {
        guard let nanoseconds = nanoseconds(time) else { return append(hexadecimal: time, to: &text) }
        var writer = JSONWriter(capacity: 40)
        writer.timestamp(nanoseconds)
        text.append(contentsOf: writer.bytes.dropFirst().dropLast())
    }

    private static func appendSystemTime(_ bytes: Span<UInt8>, to text: inout ContiguousArray<UInt8>) {
        func part(_ index: Int, _ digits: Int) -> String {
            let value = String(bytes.little16(index * 2))
            return String(repeating: "0", count: max(0, digits - value.count)) + value
        }
        let date = "\(part(0, 4))-\(part(1, 2))-\(part(3, 2))"
        text.append(contentsOf: "\(date)T\(part(4, 2)):\(part(5, 2)):\(part(6, 2)).\(part(7, 3))Z".utf8)
    }

    /// `S-1-5-21-…`: https://learn.microsoft.com/en-us/windows/win32/secauthz/sid-components
    private static func appendSID(_ bytes: Span<UInt8>, to text: inout ContiguousArray<UInt8>) {
        let authority = (2..<8).reduce(0) { $0 << 8 | Int(bytes[$1]) }
        var sid = "S-\(bytes[0])-\(authority)"
        for i in 0..<min(Int(bytes[1]), (bytes.count - 8) / 4) { sid += "-\(bytes.little32(8 + i * 4))" }
        text.append(contentsOf: sid.utf8)
    }

    private static func appendGUID(_ bytes: Span<UInt8>, to text: inout ContiguousArray<UInt8>) {
        let order = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15]
        for i in order {
            if i < 0 { text.append(UInt8(ascii: "-")) } else { append(byte: bytes[i], to: &text) }
        }
    }

    /// Strings with a NUL behind each.
    private static func appendStrings(
        _ chunk: ContiguousArray<UInt8>, _ range: Range<Int>, to text: inout ContiguousArray<UInt8>
    ) {
        var start = range.lowerBound
        while start + 1 < range.upperBound {
            var end = start
            while end + 1 < range.upperBound, chunk[end] != 0 || chunk[end + 1] != 0 { end += 2 }
            if start > range.lowerBound { text.append(contentsOf: ", ".utf8) }
            append(utf16: chunk, start..<min(end, range.upperBound), to: &text)
            start = end + 2
        }
    }

    private static func appendBytes(_ bytes: Span<UInt8>, to text: inout ContiguousArray<UInt8>) {
        for i in 0..<min(bytes.count, 4096) { append(byte: bytes[i], to: &text) }
    }

    private static func append(byte: UInt8, to text: inout ContiguousArray<UInt8>) {
        for digit in [byte >> 4, byte & 15] { text.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    }
}
