/// What a text begins with to match a part of a pattern, and how long it is at least.
struct PatternHead {
    /// Bytes that it can begin with, as far as `isKnown`.
    private var bytes = ByteSet()
    private var isKnown = true
    private(set) var least = 0
    private(set) var isAnchored = false
    private var isEmpty = true
    private static let longest = 1 << 20

    /// Nil where any byte may come first, or none.
    var firstBytes: ByteSet? { isKnown && least > 0 ? bytes : nil }

    /// It may be empty: what it begins with can be what comes behind it.
    var mayBeEmpty: Bool { isKnown && least == 0 }

    /// A part that comes next: the bytes that it can begin with, nil where it is unknown, and how many it has at least.
    mutating func follow(_ first: ByteSet?, least: Int) {
        isEmpty = false
        if self.least == 0 {
            if let first { bytes.formUnion(first) } else { isKnown = false }
        }
        self.least = min(self.least + least, Self.longest)
    }

    mutating func follow(_ first: ByteSet?, _ count: Repetition) { follow(first, least: count.least) }

    mutating func follow(_ group: PatternHead, _ count: Repetition) {
        if isEmpty, count.least > 0 { isAnchored = isAnchored || group.isAnchored }
        follow(group.isKnown ? group.bytes : nil, least: min(group.least * count.least, Self.longest))
    }

    /// The start of the text must be here.
    mutating func anchor() {
        if isEmpty { isAnchored = true }
    }

    /// What a choice between several begins with.
    static func any(of branches: [PatternHead]) -> PatternHead {
        guard var head = branches.first else { return PatternHead() }
        for branch in branches.dropFirst() {
            head.bytes.formUnion(branch.bytes)
            head.isKnown = head.isKnown && branch.isKnown
            head.least = min(head.least, branch.least)
            head.isAnchored = head.isAnchored && branch.isAnchored
        }
        return head
    }
}

extension ByteSet {
    static let digits = ByteSet { $0 >= 0x30 && $0 <= 0x39 }
    static let spaces = ByteSet { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }
    static let wordBytes = ByteSet {
        ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: "_") || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A && $0 < 0x80)
    }
}
