/// A run of literal bytes in a sequence, and the best of the ones before it.
struct LiteralRun {
    private var best = LiteralNeed.nothing
    private var bestWorth = Int.min
    private var run: [UInt8] = []
    var head = PatternHead()
    private var isExact = true
    /// Keeps a pattern like `(a{1000}){1000}` from becoming a literal of a million bytes.
    private static let longest = 256

    /// Something other than literal bytes: what came before ends here.
    mutating func stop() {
        offerRun()
        run.removeAll(keepingCapacity: true)
        isExact = false
    }

    private mutating func offerRun() {
        guard run.count >= RequiredLiterals.minimumLength else { return }
        offer(LiteralNeed(literals: [run]))
    }

    private mutating func offer(_ need: LiteralNeed) {
        let worth = need.worth
        guard worth > bestWorth else { return }
        best = need
        bestWorth = worth
    }

    /// A literal byte that occurs `count` times.
    mutating func add(_ byte: UInt8, _ count: Repetition) {
        guard count == .once, run.count < Self.longest else { return add([byte], count) }
        run.append(byte)
    }

    /// Literal bytes that occur `count` times.
    mutating func add(_ bytes: [UInt8], _ count: Repetition) {
        guard count.least > 0 else { return stop() }
        for _ in 0..<count.least {
            guard run.count + bytes.count <= Self.longest else { return stop() }
            run += bytes
        }
        if count.most != count.least {
            stop()
            // The last of them still stands right before what follows.
            if bytes.count <= Self.longest { run = bytes }
        }
    }

    /// A group that occurs `count` times.
    mutating func add(_ need: LiteralNeed, _ count: Repetition) {
        if let exact = need.exact { return add(exact, count) }
        stop()
        if count.least > 0 { offer(need) }
    }

    /// What the whole sequence needs.
    mutating func finish() -> LiteralNeed {
        let exact = isExact ? run : nil
        offerRun()
        return LiteralNeed(literals: best.literals, exact: exact, head: head)
    }
}

/// How often an item occurs.
struct Repetition: Equatable {
    var least: Int
    /// `Int.max`: without bound.
    var most: Int

    static let once = Repetition(least: 1, most: 1)
}
