import LogCore

/// How far behind the clock on the wall the events of a followed log come, and so how far time has gone on in it while it is
/// silent.
///
/// A log may be written in blocks, shipped, or be in another zone than it seems: what counts is not how old its newest event is,
/// but how old those were when they came.
struct SourcePulse {
    /// The furthest behind of late, and of the time before that: what was seen once passes.
    private var recent = Int64.min
    private var before = Int64.min
    private var looks = 0
    private var since = Int64.min
    /// When its newest event came, and how old that was.
    private var age = Int64.max
    private var isBacklog = true
    /// What was there already, and isn't old, may have come as late as that: until it is known better.
    private var assumed: Int64 = 0
    private(set) var hasBegun = false

    /// So many looks that brought something, over so long, are one stretch of two.
    private static let stretch = (looks: 8, time: 300 * Timestamp.second)
    /// Older than that when they came, events say nothing of a log that is written now.
    private static let longest = 86_400 * Timestamp.second
    /// The same for what was there before anybody looked: how long it had to wait isn't known.
    private static let fresh = 300 * Timestamp.second
    /// Two looks at the files, and an event that is held until it is sure that nothing belongs to it.
    private static let grace = 2 * Timestamp.second

    /// - Parameter lag: what a run before knew.
    init(lag: Int64? = nil) { if let lag { recent = lag } }

    /// How far behind its events come; nil if that isn't known.
    var lag: Int64? {
        let lag = max(recent, before)
        return lag == .min ? nil : lag
    }

    /// Events have come in. `isBacklog`: they were there when the following began.
    mutating func arrive(oldest: Int64, newest: Int64, at wallClock: Int64, isBacklog: Bool) {
        hasBegun = true
        age = wallClock.subtractingReportingOverflow(newest).partialValue
        self.isBacklog = isBacklog && lag == nil
        if self.isBacklog { assumed = age }
        guard !isBacklog, isLive else { return }
        if looks >= Self.stretch.looks, wallClock - since >= Self.stretch.time {
            before = recent
            recent = .min
            looks = 0
        }
        if looks == 0 { since = wallClock }
        looks += 1
        recent = max(recent, wallClock - oldest)
    }

    /// Whether time goes on in it with the clock on the wall.
    private var isLive: Bool { age > -Self.longest && age < (isBacklog ? Self.fresh : Self.longest) }

    /// How far time has gone on in it; nil for a log that was old when it came.
    func clock(at wallClock: Int64) -> Int64? {
        hasBegun && isLive ? wallClock - (lag ?? assumed) - Self.grace : nil
    }
}
