/// Where a record's time came from.
@usableFromInline package enum TimeSource: UInt8, Sendable {
    case none = 0
    /// Written in the line, with its date.
    case line = 1
    /// The line has none: the event before it in the same file lent its own.
    case inherited = 2
    /// The line has no year: worked out from the file's name or modification time.
    case yearInferred = 3
    /// The line has a time of day only: the date was worked out likewise.
    case dateInferred = 4

    package static let count = 5
}

@usableFromInline package struct RecordFlags: OptionSet, Sendable {
    @usableFromInline package let rawValue: UInt8
    @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The event was longer than `Limits.eventBytes`; the rest was counted and dropped.
    @usableFromInline package static let truncated = RecordFlags(rawValue: 1)
    /// A run of NUL bytes, as a crash leaves behind; its length is that of `raw`.
    @usableFromInline package static let nulRun = RecordFlags(rawValue: 2)
    /// No format of the file understood the line; the generic one took what it found.
    @usableFromInline package static let unparsed = RecordFlags(rawValue: 4)
    /// The event spans several lines.
    @usableFromInline package static let multiline = RecordFlags(rawValue: 8)
    /// The line says no level: it was worked out from the message's words, and a rule that matches knows better.
    @usableFromInline package static let levelInferred = RecordFlags(rawValue: 32)
    /// A filter wrote the message: what the line says may not be shown.
    @usableFromInline package static let rewritten = RecordFlags(rawValue: 64)
    /// The message was put together from several lines, and stands behind others' decoded text.
    @usableFromInline package static let gathered = RecordFlags(rawValue: 128)
    /// The zone was written in the line.
    @usableFromInline package static let zoned = RecordFlags(rawValue: 16)
}

/// One event of a batch: 48 bytes of plain data, all text as ranges into the batch.
@usableFromInline package struct Record: Sendable {
    /// Nanoseconds since the epoch, UTC; `Timestamp.none` where there is none.
    @usableFromInline package var time: Int64
    /// The event's lines as read, without the last line end.
    @usableFromInline package var raw: ByteRange
    @usableFromInline package var message: ByteRange
    @usableFromInline package var component: ByteRange
    @usableFromInline package var firstField: UInt32
    /// The first physical line, counted from 0 within the batch.
    @usableFromInline package var line: UInt32
    @usableFromInline package var fieldCount: UInt16
    @usableFromInline package var severity: Severity
    @usableFromInline package var timeSource: TimeSource
    /// Which parser of the file's format set understood the line.
    @usableFromInline package var parser: UInt8
    @usableFromInline package var flags: RecordFlags

    /// What stands for the event as evidence: its lines as read, or its message if a filter wrote that.
    @inlinable
    package var evidence: ByteRange { flags.contains(.rewritten) ? message : raw }

    /// It says itself when it was, date included.
    var isDated: Bool { timeSource == .line || timeSource == .yearInferred }

    @inlinable
    package init() {
        time = .min
        raw = .empty
        message = .empty
        component = .empty
        firstField = 0
        line = 0
        fieldCount = 0
        severity = .unspecified
        timeSource = .none
        parser = 0
        flags = []
    }
}
