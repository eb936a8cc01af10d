/// What a parser writes to: the event at hand, the batch's fields, and room for decoded text.
///
/// One a worker, kept over batches, so that nothing is allocated per record in the steady state.
@usableFromInline package struct EventBuilder: ~Copyable {
    @usableFromInline package var record = Record()
    @usableFromInline package var fields: ContiguousArray<Field> = []
    package var keys = KeyTable()
    /// Text that isn't in the raw bytes as it should be read (JSON escapes decoded).
    /// A range from `rawCount` on lies here, less `rawCount`.
    @usableFromInline package var decoded: ContiguousArray<UInt8> = []
    /// Bytes of the batch as read: where the ranges of `decoded` begin.
    @usableFromInline package var rawCount = 0
    package var clock: SourceClock
    /// What a header further up calls the columns of rows; nil where there is none, or another format reads them.
    package var columns: NamedColumns?
    /// For a line without its colours: see `plainCopy`.
    var room: ContiguousArray<UInt8> = []

    /// The number for `Record.parser` of the layers that read the line; 0 where the outer one alone did.
    @usableFromInline package var layer: UInt8 = 0

    /// What stands inside the line, where its parser reads layers.
    package var inner = InnerLine()

    package init(clock: SourceClock = SourceClock()) {
        self.clock = clock
        fields.reserveCapacity(65_536)
        decoded.reserveCapacity(65_536)
    }

    /// Fields of events that were accepted; what a refused parse left behind lies beyond and goes.
    @usableFromInline var committedFields = 0
    /// Events that lost bytes to `Limits.eventBytes`: the record's index and its length in the file.
    package var originalLengths: [(record: Int, bytes: Int64)] = []

    /// Ready for another batch of `rawCount` bytes.
    package mutating func reset(rawCount: Int) {
        self.rawCount = rawCount
        fields.removeAll(keepingCapacity: true)
        decoded.removeAll(keepingCapacity: true)
        originalLengths.removeAll(keepingCapacity: true)
        committedFields = 0
    }

    /// Ready for another attempt at an event.
    @inlinable
    package mutating func begin() {
        if fields.count > committedFields { fields.removeLast(fields.count &- committedFields) }
        layer = 0
        record = Record()
        record.firstField = UInt32(truncatingIfNeeded: committedFields)
    }

    /// Keeps the fields of the event just parsed.
    @inlinable
    package mutating func commit() { committedFields = fields.count }

    @inlinable
    package mutating func add(_ key: Key, _ kind: FieldKind, _ range: ByteRange) {
        fields.append(Field(key, kind, range))
        record.fieldCount &+= 1
    }

    /// Whether the event has a field of that name.
    package func hasField(_ key: Key) -> Bool {
        let first = Int(record.firstField)
        for i in first..<first &+ Int(record.fieldCount) where fields[i].key == key { return true }
        return false
    }

    /// Sets the time as scanned; what it lacks the source's clock fills in.
    package mutating func setTime(_ scanned: ScannedTime) {
        switch scanned.shape {
        case .full:
            let time = clock.resolve(full: scanned)
            // Beyond lie numbers that aren't times, and sums that overflow.
            guard Timestamp.plausible.contains(time) else { return }
            record.time = time
            record.timeSource = .line
            if scanned.hasZone { record.flags.insert(.zoned) }
        case .yearless:
            record.time = clock.resolve(yearless: scanned)
            record.timeSource = .yearInferred
            if scanned.hasZone { record.flags.insert(.zoned) }
        case .timeOnly:
            // Behind a time with its date, as of a container, it says nothing new.
            guard record.timeSource == .none, let time = clock.resolve(timeOfDay: scanned) else { return }
            record.time = time
            record.timeSource = .dateInferred
        case .uptime:
            // Nobody says when the machine started; the event inherits instead.
            break
        }
    }
}
