/// The members of one line that could fill the record's time, level, message and component.
///
/// Of several candidates for a role the one with the lowest rank wins, of equal ranks the last. The others become
/// fields like any member, so that nothing the line says is lost; a winner isn't repeated among the fields.
struct RoleCollector {
    private var timeRank = UInt8.max
    private var levelRank = UInt8.max
    private var messageRank = UInt8.max
    private var componentRank = UInt8.max
    private var time = ScannedTime(end: 0, nanoseconds: 0, shape: .uptime)
    private var severity = Severity.unspecified
    private var timeField: Field?
    private var levelField: Field?
    private var messageField: Field?
    private var componentField: Field?
    private var message = ByteRange.empty
    private var component = ByteRange.empty
    /// The first digit of a status of HTTP, and what tells that it is one.
    private var statusClass: UInt8 = 0
    private var hasRequest = false
    private var request = ByteRange.empty

    /// Whether a time, level or message is among what was seen.
    var isLogLike: Bool { timeRank != .max || levelRank < Self.wordRank || messageRank != .max }
    /// Of a level that a member not called so says.
    private static let wordRank = UInt8.max &- 1

    /// Takes a member whose name has `role`, or adds it to the fields if its value doesn't suit.
    ///
    /// `text` is the value as read: without quotes, escapes decoded. `severity` is that of a level whose format knows;
    /// `isField`: the value is among the fields already, whatever its role.
    mutating func offer(
        _ ranked: RankedRole, _ field: Field, _ text: Span<UInt8>, _ severity: Severity? = nil,
        isField: Bool = false, to event: inout EventBuilder
    ) {
        let mine = isField ? nil : field
        var displaced = mine
        switch ranked.role {
        case .time where ranked.rank <= timeRank:
            if let scanned = RoleValues.time(text) {
                time = scanned
                timeRank = ranked.rank
                displaced = timeField
                timeField = mine
            }
        case .level where !text.isEmpty:
            // A number is on one of several scales; a word says what it is: `"levelName":"INFO","level":2`.
            let rank = severity == nil && text[unchecked: 0].isDigit ? ranked.rank | 0x80 : ranked.rank
            if rank <= levelRank, let read = severity ?? RoleValues.severity(text, ranked.rank) {
                self.severity = read
                levelRank = rank
                displaced = levelField
                levelField = mine
            }
        case .message:
            // An empty message stands behind every other one, but is still the message if there is no other.
            let rank = text.isEmpty ? ranked.rank | 0x80 : ranked.rank
            if rank <= messageRank {
                message = field.value
                messageRank = rank
                displaced = messageField
                messageField = mine
            }
        case .component where ranked.rank <= componentRank && field.kind == .string && text.mayNameComponent:
            component = field.value
            componentRank = ranked.rank
            displaced = componentField
            componentField = mine
        case .status:
            if text.count == 3, text[unchecked: 0] &- 0x31 < 5, text[unchecked: 1].isDigit, text[unchecked: 2].isDigit {
                statusClass = text[unchecked: 0]
            } else {
                takeWord(text)
            }
        case .kind:
            takeWord(text)
        case .request where !text.isEmpty:
            hasRequest = true
            if FieldRoles.requestLineRanks.contains(ranked.rank), field.kind == .string { request = field.value }
        default:
            break
        }
        if let displaced { event.addWithinLimit(displaced) }
    }

    /// A level for want of a member that is called so; the word stays a field.
    private mutating func takeWord(_ text: Span<UInt8>) {
        guard levelRank == .max, text.count > 2, let read = Severity(word: text) else { return }
        severity = read
        levelRank = Self.wordRank
    }

    var hasMessage: Bool { messageRank != .max }

    /// What a time in seconds has behind them.
    mutating func addToTime(_ nanoseconds: Int64) {
        if timeRank != .max { time.nanoseconds += nanoseconds }
    }

    /// The zone of a time that has none of its own, as it may stand behind one.
    mutating func setZone(_ zone: Span<UInt8>) {
        guard timeRank != .max, !time.hasZone, let zoned = TimestampScanner.zoned(time, by: zone, at: 0) else { return }
        time = zoned
    }

    /// Moves what was found into the record; without a message, `fallback` is it.
    func finish(message fallback: ByteRange, into event: inout EventBuilder) {
        if timeRank != .max { event.setTime(time) }
        let isCompact = timeRank == FieldRoles.compactTimeRank && FieldRoles.compactMessageRanks.contains(messageRank)
        var severity = severity
        if levelRank >= Self.wordRank, isCompact {
            severity = .info
        } else if levelRank >= Self.wordRank, hasRequest, statusClass != 0 {
            severity = RoleValues.severity(statusClass)
        }
        event.record.severity = severity
        event.record.component = component
        event.record.message = messageRank != .max ? message : request.isEmpty ? fallback : request
    }
}

extension EventBuilder {
    /// Adds a field unless the record holds as many as it can count; the raw line still has the rest.
    @inline(__always)
    mutating func addWithinLimit(_ field: Field) {
        guard record.fieldCount < .max else { return }
        add(field.key, field.kind, field.value)
    }

    /// Whether a line end was taken from a decoded text. Text that stands where it was written has none.
    func hasLineEnd(behind text: ByteRange) -> Bool {
        let end = text.upper &- rawCount
        return end >= 0 && end < decoded.count && (decoded[end] == 0x0A || decoded[end] == 0x0D)
    }

    /// Takes back what a line that turned out not to be the format's has left.
    mutating func abandon(decodedCount: Int) {
        let first = Int(record.firstField)
        if fields.count > first { fields.removeSubrange(first...) }
        record.fieldCount = 0
        if decoded.count > decodedCount { decoded.removeSubrange(decodedCount...) }
    }
}
