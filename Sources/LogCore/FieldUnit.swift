/// What a log counts a field in, as a factor of the unit that `docs/fields.md` has for such fields: seconds or bytes.
package struct FieldUnit: Equatable, Sendable {
    let factor: UInt64
    /// Of ten.
    let power: Int

    package static let milliseconds = FieldUnit(factor: 1, power: -3)

    package static let named: [(String, FieldUnit)] = [
        ("ns", FieldUnit(factor: 1, power: -9)), ("us", FieldUnit(factor: 1, power: -6)),
        ("µs", FieldUnit(factor: 1, power: -6)), ("ms", milliseconds), ("s", FieldUnit(factor: 1, power: 0)),
        ("min", FieldUnit(factor: 60, power: 0)), ("h", FieldUnit(factor: 3_600, power: 0)),
        ("d", FieldUnit(factor: 86_400, power: 0)), ("B", FieldUnit(factor: 1, power: 0)),
        ("kB", FieldUnit(factor: 1, power: 3)), ("MB", FieldUnit(factor: 1, power: 6)),
        ("GB", FieldUnit(factor: 1, power: 9)), ("KiB", FieldUnit(factor: 1 << 10, power: 0)),
        ("MiB", FieldUnit(factor: 1 << 20, power: 0)), ("GiB", FieldUnit(factor: 1 << 30, power: 0)),
    ]
}

extension EventBuilder {
    /// A decimal number in the field's own unit, exactly: digits are moved, nothing is rounded. Nil for what is none, or has
    /// more digits than fit.
    package mutating func scaled(_ text: Span<UInt8>, _ unit: FieldUnit) -> ByteRange? {
        var value: UInt64 = 0
        /// Digits behind the point.
        var scale = 0
        var hasPoint = false
        guard text.count > 0, text.count <= 18 else { return nil }
        for i in text.indices {
            let byte = text[unchecked: i]
            if byte == UInt8(ascii: "."), !hasPoint, i > 0, i &+ 1 < text.count {
                hasPoint = true
                continue
            }
            guard byte &- 0x30 < 10 else { return nil }
            value = value &* 10 &+ UInt64(byte &- 0x30)
            if hasPoint { scale &+= 1 }
        }
        let (product, isOver) = value.multipliedReportingOverflow(by: unit.factor)
        guard !isOver else { return nil }
        let start = rawCount &+ decoded.count
        append(product, decimals: scale &- unit.power)
        return ByteRange(start, rawCount &+ decoded.count)
    }

    /// `value` with its point that many digits from the right, without zeros behind it.
    private mutating func append(_ value: UInt64, decimals: Int) {
        var digits = InlineArray<20, UInt8>(repeating: 0x30)
        var count = 0
        var rest = value
        while rest > 0 {
            digits[count] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
            count &+= 1
        }
        if count == 0 { return decoded.append(0x30) }
        // From the highest place, that of the units at least, down to the units or the last that is no zero behind the point.
        var last = min(decimals, 0)
        while last < decimals, last >= count || digits[last] == 0x30 { last &+= 1 }
        var place = max(count &- 1, decimals)
        while place >= last {
            if place == decimals &- 1 { decoded.append(UInt8(ascii: ".")) }
            decoded.append(place >= 0 && place < count ? digits[place] : 0x30)
            place &-= 1
        }
    }

    /// A text of the format's own.
    package mutating func decodedRange(of text: [UInt8]) -> ByteRange {
        let start = rawCount &+ decoded.count
        decoded.append(contentsOf: text.span)
        return ByteRange(start, rawCount &+ decoded.count)
    }
}
