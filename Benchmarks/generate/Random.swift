/// xoshiro256**, seeded through SplitMix64 as its authors advise.
struct Random {
    private var a: UInt64, b: UInt64, c: UInt64, d: UInt64

    init(seed: UInt64) {
        var state = seed
        func split() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        (a, b, c, d) = (split(), split(), split(), split())
    }

    @inline(__always) mutating func next() -> UInt64 {
        let scaled = b &* 5
        let result = ((scaled << 7) | (scaled >> 57)) &* 9
        let shifted = b << 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = (d << 45) | (d >> 19)
        return result
    }

    /// A number in `0 ..< bound`; bounds stay far under 2^32 here, so that the bias doesn't show.
    @inline(__always) mutating func below(_ bound: Int) -> Int {
        Int(((next() >> 32) &* UInt64(bound)) >> 32)
    }

    /// An index in `0 ..< bound` that prefers the low ones: the lowest tenth gets a third of the draws.
    @inline(__always) mutating func skewed(_ bound: Int) -> Int {
        let (x, y) = (below(1 << 16), below(1 << 16))
        return ((x &* y) &* bound) >> 32
    }
}
