/// Some of the lines of a file's head, by number: a bit each.
struct LineSet: Equatable, Sequence {
    static let capacity = 256
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init() {}

    /// The first `count` lines.
    init(first count: Int) {
        for line in 0..<Swift.min(count, Self.capacity) { insert(line) }
    }

    var isEmpty: Bool { words.0 | words.1 | words.2 | words.3 == 0 }

    var count: Int {
        words.0.nonzeroBitCount + words.1.nonzeroBitCount + words.2.nonzeroBitCount + words.3.nonzeroBitCount
    }

    mutating func insert(_ line: Int) {
        let bit: UInt64 = 1 << UInt64(line & 63)
        switch line >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    mutating func remove(_ line: Int) {
        let bit: UInt64 = ~(1 << UInt64(line & 63))
        switch line >> 6 {
        case 0: words.0 &= bit
        case 1: words.1 &= bit
        case 2: words.2 &= bit
        default: words.3 &= bit
        }
    }

    func contains(_ line: Int) -> Bool {
        let word =
            switch line >> 6 {
            case 0: words.0
            case 1: words.1
            case 2: words.2
            default: words.3
            }
        return word & 1 << UInt64(line & 63) != 0
    }

    mutating func formUnion(_ other: LineSet) {
        words.0 |= other.words.0
        words.1 |= other.words.1
        words.2 |= other.words.2
        words.3 |= other.words.3
    }

    func intersection(_ other: LineSet) -> LineSet {
        var result = self
        result.words.0 &= other.words.0
        result.words.1 &= other.words.1
        result.words.2 &= other.words.2
        result.words.3 &= other.words.3
        return result
    }

    func subtracting(_ other: LineSet) -> LineSet {
        var result = self
        result.words.0 &= ~other.words.0
        result.words.1 &= ~other.words.1
        result.words.2 &= ~other.words.2
        result.words.3 &= ~other.words.3
        return result
    }

    /// At most `limit` of the lines, evenly over all of them.
    func spread(_ limit: Int) -> LineSet {
        let count = self.count
        if count <= limit { return self }
        var result = LineSet()
        var number = 0
        for line in self {
            if number == 0 || number * limit / count != (number - 1) * limit / count { result.insert(line) }
            number += 1
        }
        return result
    }

    static func == (a: LineSet, b: LineSet) -> Bool { a.words == b.words }

    /// The lines, in order.
    func makeIterator() -> Iterator { Iterator(left: self) }

    struct Iterator: IteratorProtocol {
        fileprivate var left: LineSet

        mutating func next() -> Int? {
            if left.words.0 != 0 { return Self.take(&left.words.0) }
            if left.words.1 != 0 { return 64 + Self.take(&left.words.1) }
            if left.words.2 != 0 { return 128 + Self.take(&left.words.2) }
            return left.words.3 != 0 ? 192 + Self.take(&left.words.3) : nil
        }

        /// The lowest bit, which must be there.
        private static func take(_ word: inout UInt64) -> Int {
            defer { word &= word &- 1 }
            return word.trailingZeroBitCount
        }
    }
}
