import LogPatterns
import Testing

/// The index must find what a plain search finds, whatever the literals' lengths and where they lie.
@Suite struct LiteralIndexTests {
    private func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// Every place of every literal, found the slow way, as `position:literal`.
    private func slow(_ literals: [[UInt8]], _ text: [UInt8]) -> Set<String> {
        var found: Set<String> = []
        for (number, literal) in literals.enumerated() where literal.count <= text.count {
            for start in 0...(text.count - literal.count)
            where literal.indices.allSatisfy({ lower(text[start + $0]) == literal[$0] }) {
                found.insert("\(start):\(number)")
            }
        }
        return found
    }

    private func quick(_ literals: [[UInt8]], _ text: [UInt8]) -> [String] {
        var found: ContiguousArray<LiteralIndex.Occurrence> = []
        LiteralIndex(literals).search(text.span, into: &found)
        return found.map { "\($0.position):\($0.literal)" }
    }

    @Test func `it finds what a plain search finds, each place once`() {
        var generator = SeededGenerator(state: 7)
        for _ in 0..<2_000 {
            // Few different bytes, so that literals overlap, repeat, and stand within each other.
            let alphabet = Array("abcE( :\u{7F}".utf8)
            let literals = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                (0..<Int.random(in: 2...12, using: &generator)).map { _ in
                    lower(alphabet.randomElement(using: &generator) ?? 0x61)
                }
            }
            let distinct = Array(Set(literals))
            let text = (0..<Int.random(in: 0...120, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0x61
            }
            let found = quick(distinct, text)
            #expect(Set(found) == slow(distinct, text))
            #expect(Set(found).count == found.count)
        }
    }

    /// Literals that are cut from the text, so that all lengths are found, at both its ends, next to ones that nearly are.
    @Test func `literals of all lengths are found anywhere in texts of all lengths`() {
        var generator = SeededGenerator(state: 11)
        let alphabet = Array("aAbeEtk0 :@[`{/é\u{0}\u{7F}\n".utf8)
        for size in stride(from: 0, to: 240, by: 5) {
            let text = (0..<size).map { _ in alphabet.randomElement(using: &generator) ?? 0x61 }
            var literals: Set<[UInt8]> = []
            for length in 2...40 where length <= size {
                let last = size - length
                let place =
                    [0, last, Int.random(in: 0...last, using: &generator)].randomElement(using: &generator) ?? 0
                var literal = text[place..<place + length].map(lower)
                literals.insert(literal)
                let byte = alphabet.randomElement(using: &generator) ?? 0x61
                literal[Int.random(in: 0..<length, using: &generator)] = lower(byte)
                literals.insert(literal)
            }
            let list = literals.sorted { $0.lexicographicallyPrecedes($1) }
            let found = quick(list, text)
            #expect(Set(found) == slow(list, text))
            #expect(Set(found).count == found.count)
        }
    }

    /// More grams than the largest table has places.
    @Test func `ten thousand literals are found`() {
        var generator = SeededGenerator(state: 12)
        let literals = Set(
            (0..<10_000).map { _ in
                (0..<Int.random(in: 7...20, using: &generator)).map { _ in
                    UInt8.random(in: 0x61...0x7A, using: &generator)
                }
            }
        ).sorted { $0.lexicographicallyPrecedes($1) }
        var text: [UInt8] = []
        var places: [String] = []
        for number in literals.indices.shuffled(using: &generator) {
            text.append(0x20)
            places.append("\(text.count):\(number)")
            text += literals[number].map { Bool.random(using: &generator) ? $0 & ~0x20 : $0 }
        }
        #expect(quick(literals, text) == places)
    }

    @Test func `places come in order`() {
        let literals = ["connection refused", "abc", "zz", "timeout"].map { Array($0.utf8) }
        var found: ContiguousArray<LiteralIndex.Occurrence> = []
        let text = Array("zz TIMEOUT abc Connection Refused abc zz".utf8)
        LiteralIndex(literals).search(text.span, into: &found)
        #expect(found.map(\.position) == [0, 3, 11, 15, 34, 38])
        #expect(found.map(\.literal) == [2, 3, 1, 0, 1, 2])
    }

    /// Also where the grams that are looked for lie the other way round, and of one place.
    @Test func `places of overlapping literals come in order`() {
        let literals = ["worker queue overflow", "worker q", "er queue", "worker queue"].map { Array($0.utf8) }
        for indent in 0..<40 {
            let text = Array(repeating: UInt8(ascii: "-"), count: indent) + literals[0] + literals[2]
            let expected = [(0, 0), (0, 1), (0, 3), (4, 2), (21, 2)].map { "\(indent + $0.0):\($0.1)" }
            #expect(quick(literals, text) == expected)
        }
    }
}
