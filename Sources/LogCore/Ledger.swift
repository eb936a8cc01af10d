/// What became of the bytes of a batch: their sum is the bytes read, always.
package struct Ledger: Equatable, Sendable, Codable {
    /// Bytes read from the source, after decompression.
    package var bytes: Int64 = 0
    /// Lines of any kind.
    package var lines: Int64 = 0
    package var events: Int64 = 0
    /// Bytes of lines that began an event, with their line ends.
    package var eventBytes: Int64 = 0
    /// Lines that belong to the event before them, and their bytes.
    package var joinedLines: Int64 = 0
    package var joinedBytes: Int64 = 0
    /// Empty lines and their bytes.
    package var blankLines: Int64 = 0
    package var blankBytes: Int64 = 0
    /// Bytes beyond the longest event kept, and how many events lost some.
    package var truncatedBytes: Int64 = 0
    package var truncatedEvents: Int64 = 0
    /// Events that no format of their file understood: they count as events, read by the generic one.
    package var unparsedEvents: Int64 = 0
    package var unparsedBytes: Int64 = 0
    /// Of those, the ones that bear no time of their own.
    package var untimedEvents: Int64 = 0
    package var untimedBytes: Int64 = 0
    /// Runs of NUL bytes, as a crash leaves behind: they count as events.
    package var nulRunEvents: Int64 = 0
    package var nulRunBytes: Int64 = 0
    /// A byte order mark.
    package var skippedBytes: Int64 = 0
    package var times = TimeTally()

    package init() {}

    /// Bytes that are accounted for; equal to `bytes`.
    package var accounted: Int64 { eventBytes + joinedBytes + blankBytes + truncatedBytes + skippedBytes }

    package mutating func add(_ other: Ledger) {
        bytes += other.bytes
        lines += other.lines
        events += other.events
        eventBytes += other.eventBytes
        joinedLines += other.joinedLines
        joinedBytes += other.joinedBytes
        blankLines += other.blankLines
        blankBytes += other.blankBytes
        truncatedBytes += other.truncatedBytes
        truncatedEvents += other.truncatedEvents
        unparsedEvents += other.unparsedEvents
        unparsedBytes += other.unparsedBytes
        untimedEvents += other.untimedEvents
        untimedBytes += other.untimedBytes
        nulRunEvents += other.nulRunEvents
        nulRunBytes += other.nulRunBytes
        skippedBytes += other.skippedBytes
        times.add(other.times)
    }
}
