/// What a named value is to the record: the formats of the world have many names for the same four things.
package enum FieldRole: UInt8, Sendable {
    case none
    case time
    case level
    case message
    case component
    /// The status of an HTTP response, which says how bad the event is where nothing else does.
    case status
    /// What tells a line of a web server's: the request, or a part of it.
    case request
    /// What may be a level, if it is the word of one.
    case kind
    /// Whether it went well.
    case outcome
}

/// A role, and how readily a name is taken for it: of two names in one line the lower rank wins.
package struct RankedRole: Equatable, Sendable {
    package var role: FieldRole
    package var rank: UInt8

    package static let none = RankedRole(role: .none, rank: .max)
}

/// An object whose members are looked into, one level deep, for the roles they hold: see `JSONShape.common`.
package enum RoleContainer: UInt8, Sendable {
    case none
    /// `"log":{"level":…,"logger":…}` of the Elastic Common Schema.
    case log
    /// `"service":{"name":…}`, `"logger":{"name":…}`.
    case named
    /// `"fields":{"message":…}` of Rust's tracing, `"jsonPayload":{"message":…}` of Google Cloud.
    case payload
    /// `{"$date":…}`, as MongoDB writes times; `{"epochSecond":…}`, log4j's; `{"seconds":…}`, those of Protocol Buffers.
    case date
    /// `"level":{"name":"ERROR"}`.
    case level
    /// `"error":{"message":…}`.
    case trouble
    /// `"event":{"outcome":…}`.
    case event
}

/// Names in common use and the roles they stand for.
///
/// A name is compared without regard to case, `_`, `-` and `.`, so that `logLevel`, `log_level` and `log.level`
/// are one entry; `t`, `s` and `c`, MongoDB's, are taken in lower case only. The order of a list is its preference.
package enum FieldRoles {
    static let time: [StaticString] = [
        "timestamp", "time", "ts", "@timestamp", "@t", "datetime", "date", "asctime", "eventtime", "t",
        "timegenerated", "realtimetimestamp", "timeunixnano", "dateandtime", "timecreated", "utctime", "timeutc",
        "utctimestamp", "timestamputc", "utcdatetime", "datetimeutc", "logtimestamp", "createdat", "created",
        "logtime",
        "loggedat", "starttime", "eventdate", "logdate", "receivedat", "occurredat", "createddate", "timeiso8601",
        "timelocal",
        "instant", "when", "utc", "dt",
    ]
    static let level: [StaticString] = [
        "level", "severity", "lvl", "loglevel", "levelname", "@l", "severitytext", "s", "priority", "at", "sev",
        "levelno", "severitynumber", "levelvalue", "severitylevel", "@level", "pri",
    ]
    /// Names that say that a time without a zone is UTC's.
    static let utcRanks: ClosedRange<UInt8> = 15...20
    /// Under this name security tools write words that are no levels elsewhere: `high`, `medium`, `low`.
    static let severityRank: UInt8 = 1
    /// Scales that the name tells: Python's, on which 40 is ERROR, OpenTelemetry's of 1 to 24, Logback's, on which 40000 is, and
    /// Azure's of 0 to 4.
    static let scales: ClosedRange<UInt8> = 11...14
    static let openTelemetryRank: UInt8 = 12
    static let logbackRank: UInt8 = 13
    static let azureRank: UInt8 = 14
    /// Of longer names that end in `severity` or `level`, the former with the words that security tools have for it.
    static let severityEndRank: UInt8 = 200
    static let levelEndRank: UInt8 = 201
    /// Names under which a word may be a level among other things, as Datadog's `status` and many a `type` are.
    static let kind: [StaticString] = ["type", "kind", "eventtype"]
    /// `@mt` is the template behind `@m`; `event` is structlog's message but many others' category, so it comes last.
    static let message: [StaticString] = [
        "message", "msg", "@m", "@mt", "@message", "log", "text", "body", "shortmessage", "renderedmessage",
        "textpayload",
        "event", "logmessage", "errormessage", "error", "reason",
    ]
    /// Those of them that stand there where something failed.
    static let troubleRanks: ClosedRange<UInt8> = 13...14
    static let component: [StaticString] = [
        "logger", "loggername", "loglogger", "component", "name", "service", "servicename", "app", "channel",
        "sourcecontext", "target", "source", "program", "module", "class", "c", "systemdunit", "syslogidentifier",
        "subsys", "subsystem", "mod", "application", "appname", "category", "processname",
        "@module",
    ]
    /// Under `source` Go's slog writes where in the code it was.
    static let sourceRank: UInt8 = 11
    /// Those under which `false` stands, a word such as `failure`, and what went wrong.
    static let outcome: [StaticString] = [
        "success", "succeeded", "issuccess", "ok", "outcome", "eventoutcome", "result", "err", "exception", "action",
        "disposition", "verdict",
    ]
    static let successRanks: ClosedRange<UInt8> = 0...3
    /// `err`, `exception`.
    static let causeRanks: ClosedRange<UInt8> = 7...exceptionRank
    package static let exceptionRank: UInt8 = 8
    static let outcomeRanks: ClosedRange<UInt8> = 4...6
    /// What a firewall or a filter did: `REJECT`, `blocked`.
    static let actionRanks: ClosedRange<UInt8> = 9...11
    static let status: [StaticString] = [
        "status", "statuscode", "httpstatus", "httpstatuscode", "responsestatus", "responsecode",
    ]
    /// The first are the whole line of a request, `GET /cart HTTP/1.1`: of an event that says nothing else, its message.
    static let request: [StaticString] = [
        "request", "requestline", "method", "requestmethod", "httpmethod", "verb", "uri", "requesturi", "url", "path",
        "requestpath",
    ]
    static let requestLineRanks: ClosedRange<UInt8> = 0...1
    static let methodRanks: ClosedRange<UInt8> = 2...5
    /// Where `@t`, `@m` and `@mt` stand above. Serilog's compact format writes no level where it is Information:
    /// https://github.com/serilog/serilog-formatting-compact
    static let compactTimeRank: UInt8 = 4
    static let compactMessageRanks: ClosedRange<UInt8> = 2...3
    /// The names are at most this long once folded.
    static let longest = 17
    /// Ranks of nested names begin here: the line's own members come first.
    static let nestedRank: UInt8 = 64
    /// Of what goes with seconds: `{"epochSecond":1795147216,"nanoOfSecond":120000000}`.
    static let nanosecondRank: UInt8 = 65

    /// The role of a member of the line.
    package static func role(_ name: Span<UInt8>) -> RankedRole {
        guard let folded = FoldedName(name) else {
            return LongLevelName.rank(name).map { RankedRole(role: .kind, rank: $0) } ?? .none
        }
        if let rank = folded.rank(in: level) { return RankedRole(role: .level, rank: rank) }
        if let rank = folded.rank(in: message) { return RankedRole(role: .message, rank: rank) }
        if let rank = folded.rank(in: time) { return RankedRole(role: .time, rank: rank) }
        if let rank = folded.rank(in: component) { return RankedRole(role: .component, rank: rank) }
        if let rank = folded.rank(in: status) { return RankedRole(role: .status, rank: rank) }
        if let rank = folded.rank(in: request) { return RankedRole(role: .request, rank: rank) }
        if let rank = folded.rank(in: kind) { return RankedRole(role: .kind, rank: rank) }
        if let rank = folded.rank(in: outcome) { return RankedRole(role: .outcome, rank: rank) }
        return LongLevelName.rank(name).map { RankedRole(role: .kind, rank: $0) } ?? .none
    }

    /// What a member that tells whether all went well means: `false`, `failure`, or what went wrong.
    ///
    /// A program that says `success: false` or has an error to tell failed. An outcome is that of what somebody tried, as audit
    /// trails have it: a warning, as a failed login is in the operating systems' own.
    package static func failure(_ ranked: RankedRole, _ value: Span<UInt8>) -> Severity {
        if isTrouble(ranked) { return RoleValues.isTrouble(value) ? .error : .unspecified }
        guard ranked.role == .outcome else { return .unspecified }
        if successRanks.contains(ranked.rank) {
            return value.isEqual("false") || value.isEqual("False") ? .error : .unspecified
        }
        let isFailure =
            actionRanks.contains(ranked.rank) ? RoleValues.isRefusal(value) : RoleValues.isFailure(value)
        return isFailure ? .warning : .unspecified
    }

    /// Whether what went wrong stands under the name, if anything did.
    package static func isTrouble(_ ranked: RankedRole) -> Bool {
        ranked.role == .outcome && causeRanks.contains(ranked.rank)
            || ranked.role == .message && troubleRanks.contains(ranked.rank)
    }

    /// Of a status that is a word: that what the event is about failed; nil of any other.
    package static func severity(ofState text: Span<UInt8>) -> Severity? {
        RoleValues.isFailure(text) ? text.isEqualAnyCase("denied") ? .warning : .error : nil
    }

    /// Of the status of an HTTP response; nil of what is none.
    package static func severity(ofStatus text: Span<UInt8>) -> Severity? {
        let statusClass = RoleValues.statusClass(text)
        return statusClass == 0 ? nil : RoleValues.severity(statusClass)
    }

    /// How the member is looked into if its value is an object.
    package static func container(_ name: Span<UInt8>) -> RoleContainer {
        guard let folded = FoldedName(name) else { return .none }
        if folded.equals("log") { return .log }
        if folded.equals("service") || folded.equals("logger") { return .named }
        if folded.equals("fields") || folded.equals("jsonpayload") { return .payload }
        if folded.equals("event") { return .event }
        if folded.equals("error") || folded.equals("err") || folded.equals("exception") { return .trouble }
        if folded.rank(in: level) != nil { return .level }
        return folded.rank(in: time) == nil ? .none : .date
    }
}

/// `alertSeverity`, `event_severity`, `riskLevel`, `severityName`, `level_text`: how bad it is, if the value is
/// the word of a level.
private enum LongLevelName {
    static func rank(_ name: Span<UInt8>) -> UInt8? {
        guard name.count >= 8, name.count <= 64 else { return nil }
        var end = name.count
        for word: StaticString in ["name", "label", "text"] where ends(name, end, word) {
            end &-= word.utf8CodeUnitCount
            if end > 0, isJoint(name[unchecked: end &- 1]) { end &-= 1 }
            break
        }
        let rank: UInt8
        let start: Int
        if ends(name, end, "severity") {
            (rank, start) = (FieldRoles.severityEndRank, end &- 8)
        } else if ends(name, end, "level"), isWordStart(name, end &- 5) {
            (rank, start) = (FieldRoles.levelEndRank, end &- 5)
        } else {
            return nil
        }
        // What is set or was once, and what has a level that isn't the event's.
        let others: [StaticString] = [
            "min", "minimum", "max", "maximum", "default", "old", "previous", "prev", "battery", "target", "threshold",
            "configured", "required",
        ]
        var head = start
        while head > 0, isJoint(name[unchecked: head &- 1]) { head &-= 1 }
        if others.contains(where: { ends(name, head, $0) && isWordStart(name, head &- $0.utf8CodeUnitCount) }) {
            return nil
        }
        return rank
    }

    private static func ends(_ name: Span<UInt8>, _ end: Int, _ word: StaticString) -> Bool {
        name.matchesAnyCase(word, at: end &- word.utf8CodeUnitCount)
    }

    /// Behind a joint, or a capital behind a small letter.
    private static func isWordStart(_ name: Span<UInt8>, _ at: Int) -> Bool {
        guard at > 0 else { return at == 0 }
        return isJoint(name[unchecked: at &- 1])
            || name[unchecked: at] &- 0x41 < 26 && name[unchecked: at &- 1] &- 0x41 >= 26
    }

    private static func isJoint(_ byte: UInt8) -> Bool {
        byte == Ascii.underscore || byte == Ascii.dash || byte == Ascii.dot || byte == Ascii.space
    }
}

/// A name in lower case without `_`, `-` and `.`, in two words; nil if it is longer than any name of the tables.
private struct FoldedName {
    private var bytes: InlineArray<17, UInt8> = .init(repeating: 0)
    private var count = 0
    /// A single letter in upper case is no name: `T` may be a temperature.
    private let isShout: Bool

    init?(_ name: Span<UInt8>) {
        // Underscores come on top of the folded length: `__REALTIME_TIMESTAMP`.
        guard !name.isEmpty, name.count <= 2 * FieldRoles.longest else { return nil }
        isShout = name.count == 1 && name[unchecked: 0] & 0x20 == 0
        for i in 0..<name.count {
            var byte = name[unchecked: i]
            if byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") { continue }
            if byte &- UInt8(ascii: "A") < 26 { byte |= 0x20 }
            guard count < FieldRoles.longest else { return nil }
            bytes[count] = byte
            count += 1
        }
    }

    func equals(_ text: StaticString) -> Bool {
        guard text.utf8CodeUnitCount == count, !isShout else { return false }
        let other = text.utf8Start
        for i in 0..<count where bytes[i] != other[i] { return false }
        return true
    }

    func rank(in names: [StaticString]) -> UInt8? {
        guard let index = names.firstIndex(where: equals) else { return nil }
        return UInt8(index)
    }
}
