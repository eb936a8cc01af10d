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

    @Test func `places come in order`() {
        let literals = ["connection refused", "abc", "zz", "timeout"].map { Array($0.utf8) }
        var found: ContiguousArray<LiteralIndex.Occurrence> = []
        let text = Array("zz TIMEOUT abc Connection Refused abc zz".utf8)
        LiteralIndex(literals).search(text.span, into: &found)
        #expect(found.map(\.position) == [0, 3, 11, 15, 34, 38])
        #expect(found.map(\.literal) == [2, 3, 1, 0, 1, 2])
    }
}
