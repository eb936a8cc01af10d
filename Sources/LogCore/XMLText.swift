/// Text as it stands in XML, read.
extension EventBuilder {
    /// The text of `range` with what `&…;` stands for: the range itself where there is none, or where it is literal, within CDATA.
    package mutating func unescapedXML(_ line: Span<UInt8>, _ range: Range<Int>, at base: Int) -> ByteRange {
        let written = ByteRange(base &+ range.lowerBound, base &+ range.upperBound)
        guard let first = line.firstIndex(of: UInt8(ascii: "&"), from: range.lowerBound), first < range.upperBound,
            !line.matches("<![CDATA[", at: range.lowerBound &- 9)
        else { return written }
        let start = rawCount &+ decoded.count
        decoded.append(contentsOf: line.extracting(range.lowerBound..<first))
        var i = first
        while i < range.upperBound {
            let byte = line[unchecked: i]
            if byte == UInt8(ascii: "&"), let entity = XMLEntity(line, i, range.upperBound) {
                // The line end that Windows writes before the other one.
                if entity.scalar != "\r" { decoded.append(contentsOf: UTF8.encode(entity.scalar) ?? .init()) }
                i = entity.end
            } else {
                decoded.append(byte)
                i &+= 1
            }
        }
        return ByteRange(start, rawCount &+ decoded.count)
    }
}

/// `&lt;`, `&#10;`, `&#xE9;`.
private struct XMLEntity {
    let scalar: Unicode.Scalar
    /// Behind its semicolon.
    let end: Int

    private static let named: [(StaticString, Unicode.Scalar)] = [
        ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&quot;", "\""), ("&apos;", "'"),
    ]

    init?(_ text: Span<UInt8>, _ start: Int, _ limit: Int) {
        for (name, scalar) in Self.named where start &+ name.utf8CodeUnitCount <= limit && text.matches(name, at: start)
        {
            self.scalar = scalar
            end = start &+ name.utf8CodeUnitCount
            return
        }
        guard text.matches("&#", at: start) else { return nil }
        var i = start &+ 2
        let isHex = i < limit && text[i] | 0x20 == UInt8(ascii: "x")
        if isHex { i &+= 1 }
        var value: UInt32 = 0
        let first = i
        while i < limit, i < first &+ 8, text[i] != UInt8(ascii: ";") {
            let digit: UInt8
            switch text[i] {
            case 0x30...0x39: digit = text[i] &- 0x30
            case 0x41...0x46 where isHex: digit = text[i] &- 0x37
            case 0x61...0x66 where isHex: digit = text[i] &- 0x57
            default: return nil
            }
            value = value &* (isHex ? 16 : 10) &+ UInt32(digit)
            i &+= 1
        }
        guard i > first, i < limit, text[i] == UInt8(ascii: ";"), value > 0, let scalar = Unicode.Scalar(value) else {
            return nil
        }
        self.scalar = scalar
        end = i &+ 1
    }
}
