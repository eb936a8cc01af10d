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
    /// Of a request in several members.
    private var method = ByteRange.empty
    private var path = ByteRange.empty
    private var status = ByteRange.empty
    /// Of a time that two members write, `"date":"2026-11-20","time":"04:00:16"`: the midnight and what the clock shows.
    private var midnight = Timestamp.none
    private var clock = ScannedTime(end: 0, nanoseconds: 0, shape: .uptime)
    /// Of a line that says no level, but that something failed.
    private var failure = Severity.unspecified

    /// Whether a time, level or message is among what was seen.
    var isLogLike: Bool { timeRank != .max || levelRank < FieldRoles.severityEndRank || messageRank != .max }
    /// Of a level that a member not called so says.
    private static let wordRank = UInt8.max &- 1
    /// Behind every name's rank: a value that is but little likely to be what the name says.
    private static let doubt: UInt8 = 0x80

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
            if var scanned = RoleValues.time(text) {
                // A clock that was never set, and a number that is none, give way to any other time.
                let rank = RoleValues.isLikely(scanned) ? ranked.rank : ranked.rank | Self.doubt
                guard rank <= timeRank else { break }
                if FieldRoles.utcRanks.contains(ranked.rank) { scanned.hasZone = true }
                time = scanned
                timeRank = rank
                displaced = timeField
                timeField = mine
            } else if timeRank == .max {
                takePart(text)
            }
        case .level where !text.isEmpty:
            // A number is on one of several scales; a word says what it is: `"levelName":"INFO","level":2`.
            let rank = severity == nil && text[unchecked: 0].isDigit ? ranked.rank | Self.doubt : ranked.rank
            if rank <= levelRank, let read = severity ?? RoleValues.severity(text, ranked.rank) {
                self.severity = read
                levelRank = rank
                displaced = levelField
                levelField = mine
            }
        case .message:
            if FieldRoles.troubleRanks.contains(ranked.rank) { noteFailure(ranked, text) }
            // An empty message stands behind every other one, but is still the message if there is no other.
            let rank = text.isEmpty ? ranked.rank | Self.doubt : ranked.rank
            if rank <= messageRank {
                message = field.value
                messageRank = rank
                displaced = messageField
                messageField = mine
            }
        case .component
        where ranked.rank <= componentRank && field.kind == .string && text.mayNameComponent
            && !(ranked.rank == FieldRoles.sourceRank && text.isPlaceInFile):
            component = field.value
            componentRank = ranked.rank
            displaced = componentField
            componentField = mine
        case .status:
            let told = RoleValues.statusClass(text)
            if told != 0 {
                statusClass = told
                status = field.value
            } else {
                takeWord(text, Self.wordRank)
            }
        case .kind:
            if ranked.rank >= FieldRoles.severityEndRank {
                takeWord(text, ranked.rank)
            } else if !text.isEqual("alert") {
                // What `"type":"alert"` tells is an alert, of whatever weight.
                takeWord(text, Self.wordRank)
            }
        case .outcome:
            noteFailure(ranked, text)
        case .request where !text.isEmpty:
            hasRequest = true
            if FieldRoles.requestLineRanks.contains(ranked.rank), field.kind == .string {
                request = field.value
            } else if FieldRoles.methodRanks.contains(ranked.rank) {
                if RoleValues.isMethod(text) { method = field.value }
            } else if path.isEmpty, text[unchecked: 0] == Ascii.slash || text.matches("http", at: 0) {
                path = field.value
            }
        default:
            break
        }
        if let displaced { event.addWithinLimit(displaced) }
    }

    /// A level for want of a member that is called so; the word stays a field.
    private mutating func takeWord(_ text: Span<UInt8>, _ rank: UInt8) {
        guard rank < levelRank, text.count > 2,
            let read = Severity(word: text)
                ?? (rank == FieldRoles.severityEndRank ? RoleValues.gravity(text) : nil)
        else { return }
        severity = read
        levelRank = rank
    }

    /// A day or a time of day, which is half a time.
    @inline(never)
    private mutating func takePart(_ text: Span<UInt8>) {
        if let date = RoleValues.midnight(text) {
            midnight = date
        } else if let scanned = TimestampScanner.scan(text, at: 0), scanned.shape == .timeOnly {
            clock = scanned
        }
    }

    /// A member that may tell whether all went well.
    @inline(never)
    mutating func noteFailure(_ ranked: RankedRole, _ value: Span<UInt8>) {
        let found = FieldRoles.failure(ranked, value)
        if found > failure { failure = found }
    }

    var hasMessage: Bool { messageRank != .max }

    /// What a time in seconds has behind them.
    mutating func addToTime(_ nanoseconds: Int64) {
        if timeRank != .max { time.nanoseconds += nanoseconds }
    }

    /// The same, if the time is that of a member of this rank.
    mutating func addToTime(_ nanoseconds: Int64, ofRank rank: UInt8) {
        if timeRank == rank { time.nanoseconds += nanoseconds }
    }

    /// The zone of a time that has none of its own, as it may stand behind one.
    mutating func setZone(_ zone: Span<UInt8>) {
        guard timeRank != .max, !time.hasZone, let zoned = TimestampScanner.zoned(time, by: zone, at: 0) else { return }
        time = zoned
    }

    /// Moves what was found into the record; without a message, `fallback` is it.
    func finish(message fallback: ByteRange, into event: inout EventBuilder) {
        if timeRank != .max {
            event.setTime(time)
        } else if midnight != Timestamp.none, clock.shape == .timeOnly {
            event.setTime(
                ScannedTime(
                    end: clock.end,
                    nanoseconds: midnight &+ clock.nanoseconds &- Int64(clock.offset) &* Timestamp.second, shape: .full,
                    hasZone: clock.hasZone))
        }
        let isCompact = timeRank == FieldRoles.compactTimeRank && FieldRoles.compactMessageRanks.contains(messageRank)
        var severity = severity
        if levelRank >= Self.wordRank, isCompact {
            severity = .info
        } else if levelRank >= Self.wordRank, hasRequest, statusClass != 0 {
            severity = RoleValues.severity(statusClass)
            if severity == .info, failure > severity { severity = failure }
        } else if levelRank >= Self.wordRank, failure > severity {
            severity = failure
        }
        event.record.severity = severity
        event.record.component = component
        event.record.message = messageRank != .max ? message : request.isEmpty ? fallback : request
    }

    /// The request that several members tell is the message of a line that has no other; the line begins at `base`.
    @inline(__always)
    func takeRequest(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) {
        guard messageRank == .max, request.isEmpty, !method.isEmpty, !path.isEmpty else { return }
        event.record.message = writeRequest(line, base, &event)
    }

    /// `GET /cart 200`
    @inline(never)
    private func writeRequest(_ line: Span<UInt8>, _ base: Int, _ event: inout EventBuilder) -> ByteRange {
        let start = event.rawCount &+ event.decoded.count
        func write(_ part: ByteRange) {
            if part.lower >= base, part.upper <= base &+ line.count {
                event.decoded.append(contentsOf: line.extracting(part.lower &- base..<part.upper &- base))
            } else {
                event.appendText(part, line)
            }
        }
        write(method)
        event.decoded.append(Ascii.space)
        write(path)
        if !status.isEmpty {
            event.decoded.append(Ascii.space)
            write(status)
        }
        return ByteRange(start, event.rawCount &+ event.decoded.count)
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
