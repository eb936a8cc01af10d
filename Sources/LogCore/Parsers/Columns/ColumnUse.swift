/// What a column of a table is to the event, by the name that its header has for it.
struct ColumnUse: Equatable, Sendable {
    enum Role: UInt8, Sendable {
        case field
        /// A date, a time of day, and both in one.
        case date, clock, instant
        case level, message, component
        /// The parts of a request, which together are the message.
        case method, stem, query, version
        /// Of HTTP: the level follows from it.
        case status
        /// Windows' number of an error, and IIS's second status: 0 says nothing.
        case errorNumber, substatus
        /// In whole milliseconds, or in seconds with a fraction.
        case taken
        /// Text that a client sent, with its spaces as `+` or `%20`.
        case sent
        /// Nothing that a log should repeat.
        case left
    }

    var role: Role
    /// The field's name, by `docs/fields.md`.
    var name: [UInt8]

    private static let fields: [(String, String)] = [
        ("c-ip", "client"), ("c-port", "port"), ("cs-username", "user"), ("cs-user", "user"), ("s-sitename", "site"),
        ("s-siteid", "site"), ("s-computername", "host"), ("s-ip", "server"), ("s-port", "server_port"),
        ("sc-bytes", "bytes"), ("cs-bytes", "bytes_received"), ("cs-host", "vhost"), ("cs(host)", "vhost"),
        ("x-host-header", "vhost"), ("cs-protocol", "scheme"), ("cs-uri-scheme", "scheme"), ("s-reason", "reason"),
        ("s-queuename", "queue"), ("x-edge-location", "edge"), ("x-edge-result-type", "result"),
        ("x-edge-detailed-result-type", "result_detail"), ("x-edge-request-id", "request"),
        ("time-to-first-byte", "first_byte"), ("ssl-protocol", "tls"), ("ssl-cipher", "cipher"),
        ("sc-content-type", "content_type"), ("rs(content-type)", "content_type"),
        // Firewalls.
        ("src-ip", "source"), ("dst-ip", "destination"), ("src-port", "source_port"), ("dst-port", "destination_port"),
        // Exchange.
        ("client-ip", "client"), ("client-hostname", "client_name"), ("server-ip", "server"),
        ("server-hostname", "host"), ("connector-id", "connector"), ("session-id", "session"),
        ("event-id", "operation"), ("internal-message-id", "queue"), ("message-id", "message_id"),
        ("recipient-address", "to"), ("sender-address", "from"), ("recipient-status", "status"),
        ("recipient-count", "recipients"), ("total-bytes", "bytes"), ("message-subject", "subject"),
        ("event", "event"), ("local-endpoint", "server"), ("remote-endpoint", "client"),
        // Zeek.
        ("uid", "connection"), ("id.orig_h", "source"), ("id.orig_p", "source_port"), ("id.resp_h", "destination"),
        ("id.resp_p", "destination_port"), ("proto", "transport"), ("service", "application"),
        ("orig_bytes", "bytes_sent"), ("resp_bytes", "bytes_received"), ("conn_state", "state"),
        ("missed_bytes", "bytes_missed"), ("orig_pkts", "packets_sent"), ("resp_pkts", "packets_received"),
        ("request_body_len", "bytes_received"), ("response_body_len", "bytes"), ("qclass_name", "query_class"),
        ("qtype_name", "query_type"), ("rcode_name", "code"), ("trans_id", "transaction"),
    ]

    private static let parts: [(String, Role, String)] = [
        ("date", .date, ""), ("time", .clock, ""), ("date-time", .instant, ""), ("data", .message, ""),
        ("x-timestamp", .instant, ""),
        ("cs-method", .method, "method"), ("cs-uri-stem", .stem, "path"), ("cs-uri", .stem, "path"),
        ("cs-uri-path", .stem, "path"), ("c-uri", .stem, "path"), ("cs-uri-query", .query, ""),
        ("cs-version", .version, "protocol"),
        ("cs-protocol-version", .version, "protocol"), ("sc-status", .status, "status"),
        ("sc-substatus", .substatus, "substatus"), ("sc-win32-status", .errorNumber, "errno"),
        ("time-taken", .taken, "duration"), ("cs(user-agent)", .sent, "agent"), ("c-agent", .sent, "agent"),
        ("cs(referer)", .sent, "referer"), ("cs-referred", .sent, "referer"), ("x-forwarded-for", .sent, "forwarded"),
        ("cs(x-forwarded-for)", .sent, "forwarded"), ("cs(cookie)", .left, ""),
    ]

    private static let zeekParts: [(String, Role, String)] = [
        ("ts", .instant, ""), ("method", .method, "method"), ("uri", .stem, "path"), ("host", .field, "vhost"),
        ("referrer", .field, "referer"), ("user_agent", .field, "agent"), ("status_code", .status, "status"),
        ("msg", .message, ""), ("name", .message, ""), ("note", .field, "note"),
    ]

    private static let known: [String: ColumnUse] = Dictionary(
        fields.map { ($0, ColumnUse(role: .field, name: Array($1.utf8))) }
            + parts.map { ($0, ColumnUse(role: $1, name: Array($2.utf8))) }, uniquingKeysWith: { $1 })

    private static let zeek: [String: ColumnUse] = Dictionary(
        zeekParts.map { ($0, ColumnUse(role: $1, name: Array($2.utf8))) }, uniquingKeysWith: { $1 })

    init(role: Role, name: [UInt8]) {
        self.role = role
        self.name = name
    }

    /// - Parameter isZeek: the header is of Zeek, whose short names mean something else elsewhere.
    init(_ name: [UInt8], isZeek: Bool) {
        let folded = String(decoding: name, as: UTF8.self).lowercased()
        if let use = isZeek ? Self.zeek[folded] ?? Self.known[folded] : Self.known[folded] {
            self = use
            return
        }
        let role: Role =
            switch FieldRoles.role(name.span).role {
            case .time: .instant
            case .level: .level
            case .message: .message
            // Zeek's `name`, `source` and `service` are what an event is about.
            case .component where !isZeek: .component
            default: .field
            }
        self.init(role: role, name: name)
    }
}
