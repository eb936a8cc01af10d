/// Words with which a message announces the trace that stands behind it.
enum TroubleWords {
    private static let stems: [StaticString] = [
        "error", "exception", "fail", "trace", "caught", "retry", "warn", "problem", "thrown", "throw", "unable",
        "cannot", "could not", "refused", "timeout", "timed out", "abort", "crash", "stack", "interrupt", "reject",
        "invalid", "unexpected", "lost", "closing", "shutting",
    ]

    /// Whether one of them is in the text, in whatever case.
    static func areIn(_ text: Span<UInt8>) -> Bool {
        var i = 0
        while i < text.count {
            for stem in stems where isStem(stem, text, i) { return true }
            i &+= 1
        }
        return false
    }

    private static func isStem(_ stem: StaticString, _ text: Span<UInt8>, _ start: Int) -> Bool {
        let count = stem.utf8CodeUnitCount
        guard text.count &- start >= count else { return false }
        let bytes = stem.utf8Start
        for i in 0..<count where text[unchecked: start &+ i] | 0x20 != bytes[i] { return false }
        return true
    }
}
