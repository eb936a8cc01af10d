import CBytes

/// What the bytes of a message are to the scanner, as masks of 64 each, made without a branch on what a byte is.
struct MessageBytes: ~Copyable {
    /// For each 64 bytes where words end, what of a word asks for a closer look, what has to be looked at at all, and where eight
    /// letters of `a` to `f` end.
    private let masks: UnsafeMutableBufferPointer<UInt64>
    private let words: Int

    @inline(__always)
    static func classify<R>(_ bytes: UnsafeRawBufferPointer, _ body: (borrowing MessageBytes) -> R) -> R {
        let words = bytes.count &>> 6 &+ 1
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 4 &* words) { masks in
            bytes.withMemoryRebound(to: UInt8.self) { ailogger_classify($0.baseAddress, $0.count, masks.baseAddress) }
            return body(MessageBytes(masks: masks, words: words))
        }
    }

    /// Whether words end at a byte: white space, or one of `=()[]{},;"'<>|:`.
    @inline(__always)
    func isEnd(_ index: Int) -> Bool { masks[4 &* (index &>> 6)] &>> UInt64(index & 63) & 1 != 0 }

    /// The first byte from `start` on that has to be looked at: a digit, one of `./@\"=:`, the last of eight letters of `a` to `f`.
    @inline(__always)
    func mark(from start: Int) -> Int? {
        var word = start &>> 6
        guard word < words else { return nil }
        var bits = (masks[4 &* word &+ 2] | masks[4 &* word &+ 3]) & ~0 &<< UInt64(start & 63)
        while bits == 0 {
            word &+= 1
            guard word < words else { return nil }
            bits = masks[4 &* word &+ 2] | masks[4 &* word &+ 3]
        }
        return word &<< 6 &+ bits.trailingZeroBitCount
    }

    /// Where the word ends that `start` is in; the message's end is an end too.
    @inline(__always)
    func wordEnd(from start: Int) -> Int {
        var word = start &>> 6
        var bits = masks[4 &* word] & ~0 &<< UInt64(start & 63)
        while bits == 0 {
            word &+= 1
            bits = masks[4 &* word]
        }
        return word &<< 6 &+ bits.trailingZeroBitCount
    }

    /// Where the word begins of which the byte before `end` is the last one; `end` if it is in none.
    @inline(__always)
    func wordStart(before end: Int) -> Int {
        var word = end &>> 6
        var bits = masks[4 &* word] & (1 &<< UInt64(end & 63) &- 1)
        while bits == 0 {
            guard word > 0 else { return 0 }
            word &-= 1
            bits = masks[4 &* word]
        }
        return word &<< 6 &+ 64 &- bits.leadingZeroBitCount
    }

    /// Whether a word holds anything that makes it vary, and anything that asks for a closer look. It has a byte at least.
    @inline(__always)
    func marks(in start: Int, _ end: Int) -> (any: Bool, closer: Bool) {
        let last = end &- 1
        var word = start &>> 6
        var range = ~UInt64(0) &<< UInt64(start & 63)
        var any: UInt64 = 0
        var closer: UInt64 = 0
        while word < last &>> 6 {
            closer |= masks[4 &* word &+ 1] & range
            any |= masks[4 &* word &+ 2] & range
            range = ~0
            word &+= 1
        }
        range &= ~0 &>> UInt64(63 &- last & 63)
        closer |= masks[4 &* word &+ 1] & range
        any |= masks[4 &* word &+ 2] & range
        return (any != 0, closer != 0)
    }
}
