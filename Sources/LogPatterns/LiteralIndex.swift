import CBytes

/// Finds which of many literals occur in a text, in one pass, regardless of case.
///
/// Instead of an automaton that walks byte by byte (2.2 ns a byte measured for Aho-Corasick), it looks at a few
/// bytes of every few: a literal of 7 bytes holds one 4-byte gram at every alignment, so grams at offsets
/// 0, 4, 8 … of the text suffice if four neighbouring grams of the literal are known. A table over a hash of
/// the gram and of the next one lets few of them through; what passes is compared with the literal itself.
/// Shorter literals stand in tiers of their own with smaller steps, which cost more; rules with literals of
/// seven bytes and more are the cheap ones, with eleven and more, which always hold the next gram too, the cheapest.
package struct LiteralIndex: Sendable {
    /// A literal found: where it begins in the text, and which it is.
    package struct Occurrence: Sendable {
        package var position: UInt32
        package var literal: UInt32
    }

    /// From so many bytes on a literal is found by looking at every fourth place of a text.
    static let cheapLength = 7

    private var tiers: [LiteralTier] = []

    /// Literals of at least 2 bytes, in lower case; indices are kept in `Occurrence.literal`.
    package init(_ literals: [[UInt8]]) {
        let shapes: [(lengths: ClosedRange<Int>, gram: Int, step: Int)] = [
            (Self.cheapLength...Int.max, 4, 4), (5...6, 4, 2), (3...4, 3, 1), (1...2, 2, 1),
        ]
        for shape in shapes {
            let members = literals.enumerated().filter { shape.lengths.contains($0.element.count) }
            guard !members.isEmpty else { continue }
            tiers.append(
                LiteralTier(members.map { ($0.offset, $0.element) }, gram: shape.gram, step: shape.step))
        }
    }

    /// Appends every occurrence of every literal in `text`, by position, and of one position by literal.
    package func search(_ text: Span<UInt8>, into found: inout ContiguousArray<Occurrence>) {
        for tier in tiers { tier.search(text, into: &found) }
        found.sort { ($0.position, $0.literal) < ($1.position, $1.literal) }
    }
}

/// Literals that are looked for with the same gram and step.
struct LiteralTier: Sendable {
    private let gram: Int
    private let step: Int
    /// The bytes of a gram.
    private let mask: UInt32
    /// The bits of a hash that number the places.
    private let placeMask: UInt32
    /// For each place the groups of the grams there, in the low byte, and the groups of those that they follow: two neighbours in
    /// a text that have a group in common are mostly neighbours in a literal.
    private var groups: [UInt16]
    /// Where the entries of each place begin, and end where the next one's begin.
    private var heads: [UInt32]
    private var entries: [Entry] = []
    private var bytes: [UInt8] = []
    /// What is set in the bytes of a text before they are compared: the bit that makes a letter small.
    private var folds: [UInt8] = []

    /// The group of grams behind which anything may stand.
    private static let openGroup = 7
    private static let blockLength = 32
    /// Blocks that are looked at before what passed of them is compared: as many as their list takes 1 KiB, which always is on
    /// the stack.
    private static let blocksAtOnce = 128

    fileprivate struct Entry {
        /// The eight bytes of the literal that tell most of whether it is there, and their folds. One that it doesn't have may
        /// be any.
        var bytes: UInt64 = 0
        var folds: UInt64 = 0
        /// Where they begin, from the gram on.
        var ahead: Int32
        var literal: UInt32
        /// Offset of the gram in the literal.
        var offset: UInt32
        /// Where the literal's bytes lie in `bytes`.
        var start: UInt32
        var length: UInt32
    }

    init(_ literals: [(index: Int, bytes: [UInt8])], gram: Int, step: Int) {
        self.gram = gram
        self.step = step
        mask = gram == 4 ? .max : (1 << UInt32(gram * 8)) - 1

        // Of each literal the grams that it has at its places, one literal after another.
        var grams: [UInt32] = []
        var sharing: [UInt32: Sharing] = [:]
        sharing.reserveCapacity(literals.count * 16)
        for (number, literal) in literals.enumerated() {
            for offset in 0...(literal.bytes.count - gram) {
                let value = Self.value(literal.bytes, offset, gram)
                sharing[value, default: Sharing()].add(number)
                grams.append(value)
            }
        }
        let shares = grams.map { sharing[$0]?.count ?? 1 }
        var next = 0
        var looks: [(gram: UInt32, behind: UInt32?, entry: Entry)] = []
        looks.reserveCapacity(literals.count * step)
        for literal in literals {
            let count = literal.bytes.count
            let rarities = literal.bytes.map(Self.rarity)
            let first = Self.rarestStart(rarities, gram: gram, step: step, shares[next...])
            for offset in first..<min(first + step, count - gram + 1) {
                let behind = offset + gram + 4 <= count ? Self.value(literal.bytes, offset + gram, 4) : nil
                let telling = Self.tellingStart(rarities, gramAt: offset)
                let entry = Entry(literal, gramAt: offset, telling: telling, start: bytes.count)
                looks.append((grams[next + offset], behind, entry))
            }
            bytes += literal.bytes
            next += count - gram + 1
        }
        folds = bytes.map(Self.fold)

        // Six places a gram: the catalogue's 2,200 take 32 KiB then, which are not all in the first cache, yet with half as many
        // twice as much passes by chance, which costs a tenth more time.
        var size = 1 << 12
        while size < 1 << 15, size < looks.count * 6 { size *= 2 }
        let placeMask = UInt32(size - 1)
        self.placeMask = placeMask
        groups = Array(repeating: 1 << UInt16(8 + Self.openGroup), count: size)
        heads = Array(repeating: 0, count: size + 1)
        let places = looks.map { Int(ailogger_gram_place($0.gram, placeMask)) }
        for (look, place) in zip(looks, places) {
            // By chance, yet not by what the place is by.
            let group = look.behind == nil ? Self.openGroup : Int((look.gram &* 0x9E37_79B1) >> 24) % Self.openGroup
            groups[place] |= 1 << UInt16(group)
            if let behind = look.behind {
                groups[Int(ailogger_gram_place(behind, placeMask))] |= 1 << UInt16(8 + group)
            }
            heads[place] += 1
        }
        // From where the entries of each place end down to where they begin.
        for place in 0..<size { heads[place + 1] += heads[place] }
        guard let any = looks.first else { return }
        entries = Array(repeating: any.entry, count: looks.count)
        for (look, place) in zip(looks, places).reversed() {
            heads[place] -= 1
            entries[Int(heads[place])] = look.entry
        }
    }

    /// Letters to lower case by one bit. It moves other bytes too (`@` to a backquote): those only cost a comparison.
    private static func value(_ bytes: [UInt8], _ offset: Int, _ gram: Int) -> UInt32 {
        var value: UInt32 = 0
        for i in 0..<gram { value |= UInt32(bytes[offset + i] | 0x20) << UInt32(8 * i) }
        return value
    }

    /// What a byte of a text may differ by from that of a literal.
    fileprivate static func fold(_ byte: UInt8) -> UInt8 { byte &- 0x61 < 26 ? 0x20 : 0 }

    /// Where in the literal the grams are taken: the stretch least likely to occur in a log.
    /// `shares`: how many literals have the gram at each place of this one.
    private static func rarestStart(_ rarities: [Int], gram: Int, step: Int, _ shares: ArraySlice<Int>) -> Int {
        // With the gram behind the last one, which a look sees too.
        let window = gram + step - 1 + (step == 4 ? 4 : 0)
        guard rarities.count > window else { return 0 }
        // What many literals hold ("connection", "error") is what logs are full of.
        func penalty(_ offset: Int) -> Int { 4 * (min(shares[shares.startIndex + offset], 16) - 1) }
        var score = rarities[..<window].reduce(0, +)
        for offset in 0..<step { score -= penalty(offset) }
        var best = 0
        var bestScore = score
        for start in 1...(rarities.count - window) {
            score += rarities[start + window - 1] - rarities[start - 1]
            score += penalty(start - 1) - penalty(start + step - 1)
            if score > bestScore {
                bestScore = score
                best = start
            }
        }
        return best
    }

    /// Where the eight bytes begin that are least likely to occur in a log, not counting those that a look has seen.
    private static func tellingStart(_ rarities: [Int], gramAt offset: Int) -> Int {
        guard rarities.count > 8 else { return 0 }
        func worth(_ i: Int) -> Int { i >= offset && i < offset + 8 ? 0 : 1 + rarities[i] }
        var score = 0
        for i in 0..<8 { score += worth(i) }
        var best = 0
        var bestScore = score
        for start in 1...(rarities.count - 8) {
            score += worth(start + 7) - worth(start - 1)
            if score > bestScore {
                bestScore = score
                best = start
            }
        }
        return best
    }

    /// Roughly how seldom a byte is in log text, 0 to 10.
    private static func rarity(_ byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "e"), 0x20: 0
        case UInt8(ascii: "t"), UInt8(ascii: "o"), UInt8(ascii: "r"), UInt8(ascii: "n"), UInt8(ascii: "i"),
            UInt8(ascii: "a"), UInt8(ascii: "s"), UInt8(ascii: "0"), UInt8(ascii: "1"):
            1
        case UInt8(ascii: "c"), UInt8(ascii: "d"), UInt8(ascii: "l"), UInt8(ascii: "."), UInt8(ascii: "2"),
            UInt8(ascii: "p"), UInt8(ascii: "u"), UInt8(ascii: "m"), UInt8(ascii: ":"):
            2
        case UInt8(ascii: "f"), UInt8(ascii: "h"), UInt8(ascii: "g"), UInt8(ascii: "/"), UInt8(ascii: "-"),
            UInt8(ascii: "3")...UInt8(ascii: "9"):
            3
        case UInt8(ascii: "b"), UInt8(ascii: "v"), UInt8(ascii: "y"), UInt8(ascii: "w"), UInt8(ascii: "_"):
            5
        case UInt8(ascii: "k"), UInt8(ascii: "x"), UInt8(ascii: "j"), UInt8(ascii: "q"), UInt8(ascii: "z"):
            8
        default: 6
        }
    }

    func search(_ text: Span<UInt8>, into found: inout ContiguousArray<LiteralIndex.Occurrence>) {
        guard text.count >= gram else { return }
        text.withUnsafeBytes { raw in
            var at = step == 4 ? searchBlocks(raw, &found) : 0
            groups.withUnsafeBufferPointer { groups in
                while at &+ gram <= raw.count {
                    let value = (UInt32(truncatingIfNeeded: Self.eight(raw, at)) | 0x2020_2020) & mask
                    let place = Int(ailogger_gram_place(value, placeMask))
                    if groups[place] & 0xFF != 0 { confirm(place, at, raw, &found) }
                    at &+= step
                }
            }
        }
    }

    /// Looks at every fourth byte of all whole blocks; returns where they end.
    private func searchBlocks(
        _ raw: UnsafeRawBufferPointer, _ found: inout ContiguousArray<LiteralIndex.Occurrence>
    ) -> Int {
        guard let text = raw.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
        // Behind the last one there must be a gram.
        let end = max(0, raw.count &- 4) / Self.blockLength &* Self.blockLength
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.blocksAtOnce) { passed in
            guard let list = passed.baseAddress else { return }
            var start = 0
            while start < end {
                let blocks = min((end &- start) / Self.blockLength, Self.blocksAtOnce)
                let count = ailogger_gram_blocks(text, start, blocks, groups, placeMask, list)
                confirm(UnsafeBufferPointer(start: list, count: count), raw, text, &found)
                start &+= blocks &* Self.blockLength
            }
        }
        return end
    }

    /// Compares what has a gram where a look passed. On its own, as the loop has few variables and is run often.
    @inline(never)
    private func confirm(
        _ passed: UnsafeBufferPointer<UInt64>, _ raw: UnsafeRawBufferPointer, _ text: UnsafePointer<UInt8>,
        _ found: inout ContiguousArray<LiteralIndex.Occurrence>
    ) {
        let last = UInt(bitPattern: raw.count &- 8)
        entries.withUnsafeBufferPointer { entries in
            heads.withUnsafeBufferPointer { heads in
                for block in passed {
                    var at = Int(truncatingIfNeeded: block &>> 8)
                    var looks = UInt32(truncatingIfNeeded: block) & 0xFF
                    while looks != 0 {
                        let skipped = looks.trailingZeroBitCount
                        at &+= 4 &* skipped
                        looks &>>= UInt32(skipped)
                        let place = Int(ailogger_gram_at(text + at, placeMask))
                        var index = Int(heads[place])
                        let end = Int(heads[place &+ 1])
                        while index < end {
                            let from = at &+ Int(entries[index].ahead)
                            // What isn't all within the text isn't there; the text goes on for eight bytes behind a look here.
                            if UInt(bitPattern: from) <= last,
                                raw.loadUnaligned(fromByteOffset: from, as: UInt64.self) | entries[index].folds
                                    == entries[index].bytes
                            {
                                compare(index, at, raw, &found)
                            }
                            index &+= 1
                        }
                        looks &= ~1
                    }
                }
            }
        }
    }

    /// The bytes from `at` on as a number; behind the end they are 0.
    @inline(__always)
    private static func eight(_ raw: UnsafeRawBufferPointer, _ at: Int) -> UInt64 {
        if at &+ 8 <= raw.count { return raw.loadUnaligned(fromByteOffset: at, as: UInt64.self) }
        var value: UInt64 = 0
        for k in at..<raw.count { value |= UInt64(raw[k]) &<< UInt64(8 &* (k &- at)) }
        return value
    }

    /// Compares what has a gram at this place with the text.
    private func confirm(
        _ place: Int, _ at: Int, _ raw: UnsafeRawBufferPointer,
        _ found: inout ContiguousArray<LiteralIndex.Occurrence>
    ) {
        for index in Int(heads[place])..<Int(heads[place &+ 1]) {
            let from = at &+ Int(entries[index].ahead)
            guard from >= 0, from < raw.count, Self.eight(raw, from) | entries[index].folds == entries[index].bytes
            else { continue }
            compare(index, at, raw, &found)
        }
    }

    @inline(never)
    private func compare(
        _ index: Int, _ at: Int, _ raw: UnsafeRawBufferPointer,
        _ found: inout ContiguousArray<LiteralIndex.Occurrence>
    ) {
        let entry = entries[index]
        let begin = at &- Int(entry.offset)
        let length = Int(entry.length)
        guard begin >= 0, begin &+ length <= raw.count else { return }
        // Of a shorter one all bytes were compared.
        if length > 8 {
            let start = Int(entry.start)
            var k = 0
            while true {
                let have = raw.loadUnaligned(fromByteOffset: begin &+ k, as: UInt64.self)
                let fold = folds.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start &+ k, as: UInt64.self) }
                let want = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start &+ k, as: UInt64.self) }
                if have | fold != want { return }
                if k == length &- 8 { break }
                k = min(k &+ 8, length &- 8)
            }
        }
        found.append(LiteralIndex.Occurrence(position: UInt32(truncatingIfNeeded: begin), literal: entry.literal))
    }
}

extension LiteralTier.Entry {
    /// Of a literal whose bytes are put at `start`.
    fileprivate init(_ literal: (index: Int, bytes: [UInt8]), gramAt offset: Int, telling from: Int, start: Int) {
        ahead = Int32(from - offset)
        self.literal = UInt32(literal.index)
        self.offset = UInt32(offset)
        self.start = UInt32(start)
        length = UInt32(literal.bytes.count)
        for k in 0..<8 {
            let isKnown = from + k < literal.bytes.count
            let byte = isKnown ? literal.bytes[from + k] : 0xFF
            bytes |= UInt64(byte) << UInt64(8 * k)
            folds |= UInt64(isKnown ? LiteralTier.fold(byte) : 0xFF) << UInt64(8 * k)
        }
    }
}

/// How many literals hold a gram.
private struct Sharing {
    var count = 0
    private var last = -1

    mutating func add(_ literal: Int) {
        if literal != last { count += 1 }
        last = literal
    }
}
