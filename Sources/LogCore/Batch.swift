/// A rule that a record matched.
@usableFromInline package struct RuleHit: Sendable {
    /// Index of the record in its batch.
    @usableFromInline package var record: UInt32
    /// Index of the rule in the engine's list.
    @usableFromInline package var rule: UInt32
    /// Where the captures of this hit begin in `Batch.captures`, and how many there are. In front of them is all that matched;
    /// 0 where that isn't known.
    @usableFromInline package var firstCapture: UInt32
    @usableFromInline package var captureCount: UInt16

    package init(record: UInt32, rule: UInt32, firstCapture: UInt32, captureCount: UInt16) {
        self.record = record
        self.rule = rule
        self.firstCapture = firstCapture
        self.captureCount = captureCount
    }
}

/// What flows: the bytes of some events of one source, and all that is known about them.
///
/// One a worker, filled again and again. Stages pass it on by ownership; sinks borrow it.
@usableFromInline package struct Batch: ~Copyable {
    /// As read; valid up to `rawCount`. Longer than that where an event is: see `Limits`.
    @usableFromInline package var raw: ContiguousArray<UInt8>
    ///
    /// Where decoded text begins is `event.rawCount`: the bytes that were read when the events were, of which the
    /// open event at the end may have been taken back since.
    @usableFromInline package var rawCount = 0
    @usableFromInline package var records: ContiguousArray<Record> = []
    @usableFromInline package var event: EventBuilder
    /// In the order of records.
    @usableFromInline package var hits: ContiguousArray<RuleHit> = []
    /// Capture ranges of the hits; `.empty` for a group that took no part.
    @usableFromInline package var captures: ContiguousArray<ByteRange> = []
    /// The template of each record, an index into the worker's miner; empty if templates are off.
    @usableFromInline package var templates: ContiguousArray<UInt32> = []
    /// What varies in each record's message, in its order: those of record `i` end at `wildcardEnds[i]`.
    @usableFromInline package var wildcards: ContiguousArray<ByteRange> = []
    @usableFromInline package var wildcardEnds: ContiguousArray<UInt32> = []
    package var ledger = Ledger()
    /// Which source the batch is of, and where in it: offset and line number (from 0) of the first byte.
    @usableFromInline package var source = 0
    @usableFromInline package var offset: Int64 = 0
    @usableFromInline package var firstLine: Int64 = 0
    /// Position of the batch within its source, from 0 without a gap.
    @usableFromInline package var sequence = 0
    /// The source's clock before the first event.
    package private(set) var startClock = SourceClock()
    /// And what a header before it calls the columns of rows.
    package private(set) var startColumns: NamedColumns?
    /// When the next batch begins, if that is known: whether time goes back there is this batch's to count.
    package var timeBehind = Timestamp.none

    package init(capacity: Int = Limits.batchBytes) {
        raw = ContiguousArray(repeating: 0, count: capacity)
        event = EventBuilder()
        records.reserveCapacity(16_384)
        templates.reserveCapacity(16_384)
        wildcards.reserveCapacity(65_536)
        wildcardEnds.reserveCapacity(16_384)
    }

    /// Forgets the events, not the bytes.
    package mutating func clearEvents() {
        records.removeAll(keepingCapacity: true)
        hits.removeAll(keepingCapacity: true)
        captures.removeAll(keepingCapacity: true)
        templates.removeAll(keepingCapacity: true)
        wildcards.removeAll(keepingCapacity: true)
        wildcardEnds.removeAll(keepingCapacity: true)
        event.reset(rawCount: rawCount)
        ledger = Ledger()
    }

    /// Reads the events of the raw bytes, with `event.columns` as they stand before them. Returns the offset of the first
    /// byte not consumed: see `EventJoiner.read`. `end`: only the bytes before it are looked at.
    package mutating func readEvents(
        _ joiner: inout EventJoiner, atEnd: Bool, clock: SourceClock, upTo end: Int? = nil
    ) -> Int {
        clearEvents()
        event.clock = clock
        startClock = clock
        startColumns = event.columns
        // A second reference, so that the bytes can be lent out while the rest of the batch is written.
        let bytes = raw
        let consumed = joiner.read(
            bytes.span.extracting(0..<(end ?? rawCount)), atEnd: atEnd, into: &event, records: &records, ledger: &ledger
        )
        ledger.times.step(from: joiner.inheritedTime, to: timeBehind)
        timeBehind = Timestamp.none
        return consumed
    }

    /// Where the wildcards of a record stand in `wildcards`.
    @inlinable
    package borrowing func wildcards(of record: Int) -> Range<Int> {
        guard record < wildcardEnds.count else { return 0..<0 }
        return (record == 0 ? 0 : Int(wildcardEnds[record &- 1]))..<Int(wildcardEnds[record])
    }

    /// The bytes of a range, wherever they lie.
    @inlinable
    package borrowing func withText<R>(_ range: ByteRange, _ body: (Span<UInt8>) throws -> R) rethrows -> R {
        let base = event.rawCount
        if range.upper <= base {
            return try body(raw.span.extracting(range.lower..<range.upper))
        }
        return try body(event.decoded.span.extracting((range.lower &- base)..<(range.upper &- base)))
    }

    /// The text of a range, with U+FFFD for what isn't UTF-8. For reports, never per record.
    package borrowing func string(_ range: ByteRange) -> String {
        withText(range) { $0.string(0..<$0.count) }
    }
}
