import Testing

@testable import LogAnalysis

/// What the masks say of each byte, against the definition read one byte at a time.
@Suite struct MessageBytesTests {
    private static let ends = Set("=()[]{},;\"'<>|:".utf8)
    private static let closer = Set("./@\\".utf8)
    private static let marks = closer.union("0123456789\"=:".utf8)

    private func check(_ message: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        message.withUnsafeBytes { bytes in
            MessageBytes.classify(bytes) { masks in
                let isEnd = message.map { $0 <= 0x20 || Self.ends.contains($0) }
                var run = 0
                var expected: [Int] = []
                for (index, byte) in message.enumerated() {
                    run = (byte | 0x20) &- 0x61 < 6 ? run + 1 : 0
                    if Self.marks.contains(byte) || run >= 8 { expected.append(index) }
                }
                var found: [Int] = []
                while let next = masks.mark(from: found.last.map { $0 + 1 } ?? 0) { found.append(next) }
                #expect(found == expected, sourceLocation: sourceLocation)
                for index in message.indices {
                    #expect(masks.isEnd(index) == isEnd[index], sourceLocation: sourceLocation)
                    let end = isEnd[index...].firstIndex(of: true) ?? message.count
                    #expect(masks.wordEnd(from: index) == end, sourceLocation: sourceLocation)
                    let start = isEnd[..<index].lastIndex(of: true).map { $0 + 1 } ?? 0
                    #expect(masks.wordStart(before: index) == start, sourceLocation: sourceLocation)
                    guard end > index else { continue }
                    let word = message[index..<end]
                    let marks = masks.marks(in: index, end)
                    #expect(marks.any == word.contains { Self.marks.contains($0) }, sourceLocation: sourceLocation)
                    #expect(marks.closer == word.contains { Self.closer.contains($0) }, sourceLocation: sourceLocation)
                }
            }
        }
    }

    @Test func `every byte is what its definition says`() {
        for byte in UInt8.min...UInt8.max { check([UInt8](repeating: 0x78, count: 20) + [byte, 0x79]) }
    }

    @Test func `messages of all lengths are read to their end`() {
        var random = SeededGenerator(state: 21)
        let alphabet = Array("abcdefx /.:=\"0123@[]é".utf8)
        for count in 0...200 {
            for _ in 0..<5 {
                check((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] })
            }
        }
    }

    @Test func `eight letters of a to f are found wherever they stand`() {
        for start in 0..<140 {
            for length in 6...20 {
                check(
                    [UInt8](repeating: 0x20, count: start) + [UInt8](repeating: 0x64, count: length) + Array(" z".utf8))
            }
        }
    }
}
