import LogCore

/// Reads numbers with their units: `12`, `-3.5`, `12ms`, `1m2.5s`, `4.5MiB`, `37%`.
struct QuantityReader {
    private let units = Unit.packed
    /// Bytes that a unit may begin with: most values that begin with digits are ids, addresses and times.
    private let begins: ContiguousArray<Bool> = Unit.packed.reduce(into: ContiguousArray(repeating: false, count: 256))
    {
        $0[Int($1.bytes & 0xFF)] = true
        $0[Int(UInt8(ascii: "d"))] = true
    }
    private let powers: ContiguousArray<Double> = ContiguousArray(
        (0...15).map { (0..<$0).reduce(1) { p, _ in p * 10 } })

    /// The value in `unit`'s terms, or in those of the unit that it bears itself; nil for what isn't a number with a
    /// known unit, and nothing else. Longer than 15 digits is a name, not a number.
    @inline(__always)
    func read(_ text: Span<UInt8>, _ unit: Unit) -> (value: Double, kind: ParameterKind)? {
        let isNegative = text.count > 1 && text[unchecked: 0] == UInt8(ascii: "-")
        let start = isNegative ? 1 : 0
        guard text.count > start, text[unchecked: start] &- 0x30 < 10 else { return nil }
        var i = start
        var number = 0.0
        guard digits(text, &i, &number) else { return nil }
        if isNegative { number = -number }
        if i == text.count { return (number * unit.scale, unit.kind) }
        if text[unchecked: i] == UInt8(ascii: ",") {
            return isNegative ? nil : commas(text, unit)
        }
        guard begins[Int(text[unchecked: i])] else { return nil }
        return suffixed(text, i, number)
    }

    /// A number with commas, if a unit shows that it is one: `1,5s` and `0,125s` have a decimal comma, those of `1,234 ms` and
    /// `12,345,678 bytes` stand between thousands.
    @inline(never)
    private func commas(_ text: Span<UInt8>, _ unit: Unit) -> (value: Double, kind: ParameterKind)? {
        var groups: [Range<Int>] = []
        var start = 0
        var end = 0
        while end < text.count {
            if text[end] == UInt8(ascii: ",") {
                groups.append(start..<end)
                start = end + 1
            } else if text[end] &- 0x30 > 9 {
                break
            }
            end += 1
        }
        groups.append(start..<end)
        guard end > start, end < text.count || unit != .none, groups.count > 1, let first = groups.first,
            !first.isEmpty
        else { return nil }
        let isGrouped =
            first.count <= 3 && text[first.lowerBound] != 0x30 && groups.dropFirst().allSatisfy { $0.count == 3 }
        // A decimal point may follow thousands, and nothing follows a decimal comma.
        let isPointed = end < text.count && text[end] == UInt8(ascii: ".")
        guard isGrouped || groups.count == 2 && !isPointed else { return nil }
        var plain: ContiguousArray<UInt8> = []
        for group in groups {
            if !isGrouped, group != first { plain.append(UInt8(ascii: ".")) }
            for i in group { plain.append(text[i]) }
        }
        for i in end..<text.count { plain.append(text[i]) }
        return read(plain.span, unit)
    }

    /// A decimal from `i` on; `i` moves behind it. False if it has too many digits.
    @inline(__always)
    private func digits(_ text: Span<UInt8>, _ i: inout Int, _ number: inout Double) -> Bool {
        var mantissa: UInt64 = 0
        let start = i
        while i < text.count {
            let digit = text[unchecked: i] &- 0x30
            if digit > 9 { break }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            i &+= 1
        }
        var places = 0
        if i < text.count, text[unchecked: i] == UInt8(ascii: "."), i &+ 1 < text.count,
            text[unchecked: i &+ 1] &- 0x30 < 10
        {
            i &+= 1
            let point = i
            while i < text.count {
                let digit = text[unchecked: i] &- 0x30
                if digit > 9 { break }
                mantissa = mantissa &* 10 &+ UInt64(digit)
                i &+= 1
            }
            places = i &- point
        }
        guard i &- start <= 16, places <= 15 else { return false }
        number = Double(mantissa)
        if places > 0 { number /= powers[places] }
        return true
    }

    private func suffixed(_ text: Span<UInt8>, _ start: Int, _ number: Double) -> (value: Double, kind: ParameterKind)?
    {
        if let unit = unit(text, start, text.count) { return (number * unit.scale, unit.kind) }
        // As Go writes durations: 1h2m3.5s. Others write them without seconds, with days, and with blanks: 1d 3h, 2m 3s.
        var seconds = 0.0
        var last = Double.infinity
        var number = number
        var i = start
        while i < text.count {
            let scale: Double
            var end = i &+ 1
            switch text[i] {
            case UInt8(ascii: "d") where !isWord(text, end): scale = 86_400
            case UInt8(ascii: "h") where !isWord(text, end): scale = 3_600
            case UInt8(ascii: "m") where !isWord(text, end) && (end < text.count || i > start): scale = 60
            default:
                end = i
                while end < text.count, text[end] &- 0x30 > 9, text[end] != UInt8(ascii: " ") { end &+= 1 }
                guard let unit = unit(text, i, end), unit.kind == .duration else { return nil }
                scale = unit.scale
            }
            // The larger units stand first: `1m2m` is an id.
            guard scale < last else { return nil }
            last = scale
            seconds += number * scale
            i = end
            guard i < text.count else { return i == start &+ 1 ? nil : (seconds, .duration) }
            if text[i] == UInt8(ascii: " "), i &+ 1 < text.count { i &+= 1 }
            guard text[i] &- 0x30 < 10, digits(text, &i, &number) else { return nil }
        }
        return nil
    }

    /// Whether a unit goes on there.
    private func isWord(_ text: Span<UInt8>, _ i: Int) -> Bool {
        i < text.count && text[i] &- 0x30 > 9 && text[i] != UInt8(ascii: " ")
    }

    private func unit(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Unit? {
        guard end &- start <= 8 else { return nil }
        var packed: UInt64 = 0
        for i in start..<end { packed |= UInt64(text[unchecked: i]) << UInt64(8 &* (i &- start)) }
        for entry in units where entry.bytes == packed { return entry.unit }
        return nil
    }
}
