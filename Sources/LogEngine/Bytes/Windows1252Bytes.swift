/// Windows-1252, and with it ISO 8859-1, read as UTF-8. What is UTF-8 stays as it is, as several programs may write one log.
final class Windows1252Bytes: TextDecoder {
    private let source: any ByteSource
    private var input = ContiguousArray<UInt8>(repeating: 0, count: 1 << 16)
    /// Bytes at the front of `input` that wait for the rest of what may be a character of UTF-8; three at most.
    private var waiting = 0
    private var isAtEnd = false
    var output = DecodedText()

    /// What 0x80 to 0x9F are; 0xFFFD for those that are nothing.
    private static let signs: [UInt32] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD,
        0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0xFFFD, 0x017E, 0x0178,
    ]

    /// Whether bytes that aren't UTF-8 are text of Western Europe in Windows-1252.
    ///
    /// Each byte beyond ASCII has to be a letter beside a letter, or a sign that is not between two of them; and more than two in a
    /// row are none, since letters of other scripts (Windows-1251, Shift JIS, GBK) come in rows. DOS' code pages have their
    /// umlauts where Windows has quotes. And there are two lines of them: one may be no more than what somebody sent.
    static func isTold(by head: Span<UInt8>) -> Bool {
        var lines = 0
        var isFound = false
        var row = 0
        for i in head.indices {
            let byte = head[i]
            guard byte >= 0x80 else {
                if byte < 0x09 || byte > 0x0D && byte < 0x20 && byte != 0x1B || byte == 0x7F { return false }
                if byte == 0x0A { isFound = false }
                row = 0
                continue
            }
            row += 1
            let length = length(at: i, head.count) { head[$0] }
            if length == 0 { continue }
            if row > 2 || length > 1 { return false }
            let isBeside = (i > 0 && isLetter(head[i - 1]), i + 1 < head.count && isLetter(head[i + 1]))
            if isLetter(byte) {
                guard isBeside.0 || isBeside.1 else { return false }
            } else {
                // The apostrophe.
                let isSign = byte >= 0xA0 || signs[Int(byte & 0x1F)] != 0xFFFD
                guard isSign, byte == 0x92 || !(isBeside.0 && isBeside.1) else { return false }
            }
            if !isFound { lines += 1 }
            isFound = true
        }
        return lines > 1
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x8A, 0x8C, 0x8E, 0x9A, 0x9C, 0x9E, 0x9F, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0xFE:
            true
        default: false
        }
    }

    /// How many bytes the character of UTF-8 has that begins at `i`; 0 for a beginning that `end` cuts off, 1 for none.
    private static func length(at i: Int, _ end: Int, _ bytes: (Int) -> UInt8) -> Int {
        let length: Int
        switch bytes(i) {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return 1
        }
        for next in i + 1..<i + length {
            if next == end { return 0 }
            if bytes(next) & 0xC0 != 0x80 { return 1 }
        }
        return length
    }

    init(_ source: any ByteSource) { self.source = source }

    func refill() throws(SourceError) -> Bool {
        if isAtEnd { return false }
        let count = waiting + (try input.read(upTo: input.count - waiting, from: source, at: waiting))
        isAtEnd = count == waiting
        waiting = 0
        var i = 0
        while i < count {
            let byte = input[i]
            let length = byte < 0x80 ? 1 : Self.length(at: i, count) { input[$0] }
            if length == 0, !isAtEnd {
                waiting = count - i
                for k in 0..<waiting { input[k] = input[i + k] }
                break
            }
            if length < 2 {
                output.append((0x80..<0xA0).contains(byte) ? Self.signs[Int(byte & 0x1F)] : UInt32(byte))
                i += 1
            } else {
                output.append(contentsOf: input[i..<i + length])
                i += length
            }
        }
        return !output.isEmpty || waiting > 0
    }
}
