import LogCore

/// Two logs one of which seems to write the time of another zone: both begin, and both end, the same half hours apart.
///
/// Logs are collected at one moment and end there, and a system that is started starts all of its logs. It is a guess: nothing is
/// moved by it.
struct ZoneGuess: Equatable, Sendable {
    /// Paths: the one whose times are earlier, and the other.
    var behind: String
    var ahead: String
    /// Nanoseconds.
    var amount: Int64

    private static let step = 1_800 * Timestamp.second
    /// The zones of the world lie no further apart than that from UTC.
    private static let most = 14 * 3_600 * Timestamp.second
    /// Both must last for so many times the difference: hourly files begin and end an hour apart, too.
    private static let lengths: Int64 = 2
    private static let shortest = 3_600 * Timestamp.second
    /// A log's first and last event lie within so many of its pauses of when it was started and collected.
    private static let pauses = 4.0
    private static let closest = 2 * Timestamp.second
    private static let widest = 90 * Timestamp.second
    /// The largest logs that are compared.
    private static let limit = 64

    /// Each log that is behind others once.
    static func all(_ inputs: some Collection<SourceSummary>) -> [ZoneGuess] {
        let largest = inputs.compactMap(Extent.init)
            .sorted { ($1.events, $0.path) < ($0.events, $1.path) }.prefix(limit)
        var told: Set<String> = []
        return largest.flatMap { a in largest.compactMap { b in guess(a, b) } }
            .filter { told.insert($0.behind).inserted }
    }

    private static func guess(_ behind: Extent, _ ahead: Extent) -> ZoneGuess? {
        guard behind.isZoneless || ahead.isZoneless else { return nil }
        let amount = gap(behind.first, ahead.first)
        let whole = floorDivide(amount + step / 2, step) * step
        let slack = behind.slack + ahead.slack
        guard whole > 0, whole <= most, (amount - whole).magnitude <= slack.magnitude,
            (gap(behind.last, ahead.last) - whole).magnitude <= slack.magnitude,
            min(behind.length, ahead.length) >= max(lengths * whole, shortest)
        else { return nil }
        return ZoneGuess(behind: behind.path, ahead: ahead.path, amount: whole)
    }

    private struct Extent {
        var path: String
        var first: Int64
        var last: Int64
        var events: Int64
        /// Its times write no zone, and nobody said which it is.
        var isZoneless: Bool

        init?(_ source: SourceSummary) {
            guard let first = source.first, let last = source.last, source.ledger.events > 0,
                Timestamp.plausible.contains(first), Timestamp.plausible.contains(last)
            else { return nil }
            (path, self.first, self.last) = (source.path, first, last)
            events = source.ledger.events
            isZoneless = source.ledger.times.zoneless > 0 && source.times?.zone == nil
            guard slack <= widest else { return nil }
        }

        var length: Int64 { gap(first, last) }
        var slack: Int64 { max(Int64(pauses * Double(length) / Double(events)), closest) }
    }
}
