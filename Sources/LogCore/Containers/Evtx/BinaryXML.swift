/// Reads the binary XML of one chunk: tokens, whose names and templates lie anywhere in the chunk.
struct BinaryXML {
    /// A value to be put into a template.
    private struct Substitute {
        var type: UInt8
        var range: Range<Int>
    }

    /// Templates within templates, and elements within elements.
    private static let deepest = 32
    /// Tokens of a record: templates that name one another could go on for very long.
    private static let tokenLimit = 20_000

    private let chunk: ContiguousArray<UInt8>
    private var names: [Int: String] = [:]
    private var tokens = 0

    init(_ chunk: ContiguousArray<UInt8>) { self.chunk = chunk }

    mutating func read(_ range: Range<Int>, into event: inout EvtxEvent) throws(EvtxDamage) {
        tokens = 0
        var at = range.lowerBound
        try readTokens(&at, range.upperBound, [], 0, &event)
    }

    // MARK: Tokens

    private mutating func readTokens(
        _ at: inout Int, _ end: Int, _ values: [Substitute], _ depth: Int, _ event: inout EvtxEvent
    ) throws(EvtxDamage) {
        guard depth < Self.deepest else { throw EvtxDamage(offset: at) }
        var open = 0
        defer { for _ in 0..<open { event.close() } }
        while at < end {
            tokens += 1
            guard tokens < Self.tokenLimit else { throw EvtxDamage(offset: at) }
            let start = at
            let token = chunk[at]
            at += 1
            // 0x40: more of the kind follow, or attributes.
            switch token & ~0x40 {
            case 0x00: return
            case 0x01:
                event.open(try readElement(&at, end, hasAttributes: token & 0x40 != 0))
                open += 1
                guard open < Self.deepest else { throw EvtxDamage(offset: start) }
            case 0x02: event.closeTag()
            case 0x03, 0x04:
                guard open > 0 else { throw EvtxDamage(offset: start) }
                open -= 1
                event.close()
            case 0x05: try readValue(&at, end, &event)
            case 0x06: event.beginAttribute(try readName(&at, end))
            case 0x07: try readCharacters(&at, end, &event)
            case 0x08: event.append(unit: try number16(&at, end))
            case 0x09: event.append(entity: try readName(&at, end))
            case 0x0A: _ = try readName(&at, end)
            case 0x0B: at += 2 * Int(try number16(&at, end))
            case 0x0C: try readTemplate(&at, end, depth, &event)
            case 0x0D, 0x0E: try substitute(&at, end, values, depth, &event)
            case 0x0F: at += 3
            default: throw EvtxDamage(offset: start)
            }
        }
        if at > end { throw EvtxDamage(offset: end) }
    }

    /// An element's name; its two bytes of a dependency may be missing, then the size in its place makes no sense.
    private mutating func readElement(_ at: inout Int, _ end: Int, hasAttributes: Bool) throws(EvtxDamage) -> String {
        let start = at
        at += 2
        if try number32(&at, end) >= chunk.count {
            at = start
            _ = try number32(&at, end)
        }
        let name = try readName(&at, end)
        if hasAttributes { _ = try number32(&at, end) }
        return name
    }

    /// A name, which stands right here where it is used first.
    private mutating func readName(_ at: inout Int, _ end: Int) throws(EvtxDamage) -> String {
        let place = try number32(&at, end)
        let count = try characters(ofNameAt: place)
        if place == at { at += 8 + count * 2 + 2 }
        if let name = names[place] { return name }
        var text: ContiguousArray<UInt8> = []
        EvtxValue.append(utf16: chunk, (place + 8)..<(place + 8 + count * 2), to: &text)
        let name = String(decoding: text, as: UTF8.self)
        names[place] = name
        return name
    }

    private func characters(ofNameAt place: Int) throws(EvtxDamage) -> Int {
        guard place >= 0, place + 8 <= chunk.count else { throw EvtxDamage(offset: place) }
        let count = chunk.span.little16(place + 6)
        guard place + 8 + count * 2 <= chunk.count else { throw EvtxDamage(offset: place) }
        return count
    }

    private mutating func readValue(_ at: inout Int, _ end: Int, _ event: inout EvtxEvent) throws(EvtxDamage) {
        guard at < end else { throw EvtxDamage(offset: at) }
        let type = chunk[at]
        at += 1
        // Templates hold strings only; all else comes as a substitute.
        guard type == 1 else { throw EvtxDamage(offset: at - 1) }
        try readCharacters(&at, end, &event)
    }

    private mutating func readCharacters(_ at: inout Int, _ end: Int, _ event: inout EvtxEvent) throws(EvtxDamage) {
        let count = try number16(&at, end)
        let range = at..<(at + Int(count) * 2)
        guard range.upperBound <= end else { throw EvtxDamage(offset: at) }
        event.append(utf16: chunk, range)
        at = range.upperBound
    }

    // MARK: Templates

    private mutating func readTemplate(
        _ at: inout Int, _ end: Int, _ depth: Int, _ event: inout EvtxEvent
    ) throws(EvtxDamage) {
        at += 1
        _ = try number32(&at, end)
        let place = try number32(&at, end)
        guard place + 24 <= chunk.count else { throw EvtxDamage(offset: at) }
        let size = chunk.span.little32(place + 20)
        guard place + 24 + size <= chunk.count else { throw EvtxDamage(offset: place) }
        if place == at { at += 24 + size }
        let values = try readSubstitutes(&at, end)
        var body = place + 24
        try readTokens(&body, place + 24 + size, values, depth + 1, &event)
    }

    private mutating func readSubstitutes(_ at: inout Int, _ end: Int) throws(EvtxDamage) -> [Substitute] {
        let count = try number32(&at, end)
        guard count <= (end - at) / 4 else { throw EvtxDamage(offset: at) }
        var values: [Substitute] = []
        var start = at + count * 4
        for _ in 0..<count {
            let size = chunk.span.little16(at)
            guard start + size <= end else { throw EvtxDamage(offset: at) }
            values.append(Substitute(type: chunk[at + 2], range: start..<(start + size)))
            start += size
            at += 4
        }
        at = start
        return values
    }

    private mutating func substitute(
        _ at: inout Int, _ end: Int, _ values: [Substitute], _ depth: Int, _ event: inout EvtxEvent
    ) throws(EvtxDamage) {
        let index = Int(try number16(&at, end))
        at += 1
        guard index < values.count else { throw EvtxDamage(offset: at) }
        let value = values[index]
        if value.type == 0x21 {
            var inner = value.range.lowerBound
            try readTokens(&inner, value.range.upperBound, [], depth + 1, &event)
        } else {
            event.append(type: value.type, chunk, value.range)
        }
    }

    // MARK: Numbers

    private func number16(_ at: inout Int, _ end: Int) throws(EvtxDamage) -> UInt16 {
        guard at >= 0, at + 2 <= min(end, chunk.count) else { throw EvtxDamage(offset: at) }
        at += 2
        return UInt16(chunk.span.little16(at - 2))
    }

    private func number32(_ at: inout Int, _ end: Int) throws(EvtxDamage) -> Int {
        guard at >= 0, at + 4 <= min(end, chunk.count) else { throw EvtxDamage(offset: at) }
        at += 4
        return chunk.span.little32(at - 4)
    }
}
