import LogCore

/// Finds those fields of an event that a report counts by: the machine that it is of, and what made it an error.
struct TellingFields: ~Copyable {
    private enum Kind: UInt8 { case other, host, status, exception }

    /// Fields that level follows from where no word says it.
    private static let statuses = [
        "status", "status_code", "http_status", "http.status_code", "http.response.status_code", "response_code",
        "statusCode", "exit_code", "exit_status", "exitCode", "grpc_status", "rcode",
    ].map { Array($0.utf8) }

    private static let longest = 24
    /// Members of an object that tells what went wrong, by how well they tell it.
    private static let codes: [StaticString] = ["code", "type", "name", "reason", "kind", "status", "message"]
    /// Classes that say no more than that something went wrong are shorter.
    private static let shortestClass = 10
    /// Of a message, in which a class may stand already.
    private static let messageBytes = 256

    static func isStatus(_ name: [UInt8]) -> Bool { statuses.contains(name) }

    private let names = JoinNames.shared
    /// By number of the field's name.
    private var kinds: ContiguousArray<Kind> = []
    /// The same of those that tell how it went.
    private var roles: ContiguousArray<RankedRole> = []
    /// Whether there is any.
    private var tells = false
    private var table: KeyTable.Identity?

    /// The first field that names a machine.
    @inline(__always)
    mutating func host(of record: Record, _ batch: borrowing Batch) -> ByteRange? {
        find(.host, record, batch).map { batch.event.fields[$0].value }
    }

    // MARK: How it went

    /// How grave an event is. One that calls itself information may have failed all the same: many programs write all of their events
    /// at one level, and how it went beside it. What the level's word says of its fields is worth less than what they say.
    ///
    /// The batch must be one whose events may tell.
    func severity(of record: Record, _ batch: borrowing Batch) -> Severity {
        record.severity == .info ? outcome(of: record, batch).severity : record.severity
    }

    /// Whether any event of a batch may tell how it went: those of most logs have no such fields.
    mutating func mayTell(_ batch: borrowing Batch) -> Bool {
        learn(batch)
        return tells
    }

    /// What the fields of an event say that calls itself information, and which one.
    private func outcome(of record: Record, _ batch: borrowing Batch) -> (severity: Severity, field: Int) {
        var found = (severity: Severity.info, field: -1)
        var status = -1
        var isRequest = false
        for index in fields(record) {
            let field = batch.event.fields[index]
            let role = roles[Int(field.key.index)]
            switch role.role {
            case .none: continue
            case .request: isRequest = true
            case .status: status = index
            default:
                let severity = batch.withText(field.value) { Self.severity(of: $0, field.kind, role) }
                // What went wrong tells more than that something did.
                let isBetter = severity == found.severity && severity > .info && FieldRoles.isTrouble(role)
                if severity > found.severity || isBetter { found = (severity, index) }
            }
        }
        if status >= 0,
            let severity = batch.withText(
                batch.event.fields[status].value,
                { FieldRoles.severity(ofState: $0) ?? (isRequest ? FieldRoles.severity(ofStatus: $0) : nil) }),
            severity > found.severity
        {
            found = (severity, status)
        }
        return found
    }

    /// An object that tells of an error, a list that holds any, `true` under its name and `success: false` leave nothing open. A text may be of what
    /// was tried again: the program knew of it, and called it information.
    private static func severity(of text: Span<UInt8>, _ kind: FieldKind, _ role: RankedRole) -> Severity {
        if text.isEmpty { return .info }
        let (first, isTrouble) = (text[0], FieldRoles.isTrouble(role))
        if kind == .json, isTrouble, first == UInt8(ascii: "[") {
            return Self.firstElement(of: text) < 0 ? .info : .error
        }
        // Of what else is no text or number the first byte tells nearly all: `true`, `null`.
        if kind == .json, first != UInt8(ascii: "{"), first != UInt8(ascii: isTrouble ? "t" : "f") { return .info }
        let severity = FieldRoles.failure(role, text)
        guard severity == .error, isTrouble, kind != .json else { return max(severity, .info) }
        // A number under this name is how far something is off.
        return first &- 0x30 < 10 || first == UInt8(ascii: "-") ? .info : .warning
    }

    /// Where the first element of a list begins; -1 if it has none.
    private static func firstElement(of list: Span<UInt8>) -> Int {
        let first = (1..<max(list.count, 1)).first { list[$0] > UInt8(ascii: " ") } ?? -1
        return first >= 0 && list[first] != UInt8(ascii: "]") ? first : -1
    }

    // MARK: Why

    /// Why an event is an error whose message doesn't say so.
    struct Status {
        fileprivate var field: Field
        /// Of the field's name, as the batch's table numbers it, and its value; never 0. Good for one table of names.
        var hash: UInt64
    }

    /// - Parameter record: with the level that the line bears.
    mutating func status(of record: Record, _ batch: borrowing Batch) -> Status? {
        if mayTell(batch), severity(of: record, batch) > record.severity {
            return cause(outcome(of: record, batch).field, batch)
        }
        if let index = find(.status, record, batch) { return status(batch.event.fields[index], batch) }
        guard record.severity >= .error, let index = find(.exception, record, batch) else { return nil }
        return exception(batch.event.fields[index], record, batch)
    }

    /// The value, or of an object that tells of an error, or the first of a list, the member that does so best.
    private func cause(_ index: Int, _ batch: borrowing Batch) -> Status? {
        var field = batch.event.fields[index]
        let code: Range<Int>? =
            field.kind == .json
            ? batch.withText(field.value) { text in
                let start = text.isEmpty || text[0] != UInt8(ascii: "[") ? 0 : max(Self.firstElement(of: text), 0)
                let member = text.extracting(start..<text.count).jsonMember(Self.codes)
                return member.map { $0.lowerBound + start..<$0.upperBound + start }
            } : nil
        if let code {
            field.value = ByteRange(field.value.lower &+ code.lowerBound, field.value.lower &+ code.upperBound)
        }
        return status(field, batch)
    }

    private func status(_ field: Field, _ batch: borrowing Batch, _ longest: Int = longest) -> Status? {
        guard !field.value.isEmpty, field.value.count <= longest else { return nil }
        let hash = batch.withText(field.value) { ValueSample.hash($0) }
        return Status(field: field, hash: max(hash ^ UInt64(field.key.index) &* 0x9E37_79B9_7F4A_7C15, 1))
    }

    /// The exception's class without its namespace, unless the message begins with it or it says nothing.
    private func exception(_ field: Field, _ record: Record, _ batch: borrowing Batch) -> Status? {
        var field = field
        let isNew = batch.withText(field.value) { value in
            var start = value.count
            while start > 0, !".:\\".utf8.contains(value[start - 1]) { start -= 1 }
            field.value.start &+= UInt32(start)
            let name = value.extracting(start..<value.count)
            return name.count >= Self.shortestClass && Self.isClass(name)
                && !batch.withText(record.message) { Self.names(name, in: $0) }
        }
        return isNew ? status(field, batch, 64) : nil
    }

    /// Letters, digits and underscores.
    private static func isClass(_ name: Span<UInt8>) -> Bool {
        name.indices.allSatisfy { index in
            let byte = name[index]
            return (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_")
        }
    }

    /// Whether a message is called by the class already: in its first line, or as a Python trace is, by the line behind the frames.
    private static func names(_ name: Span<UInt8>, in message: Span<UInt8>) -> Bool {
        if message.matches("Traceback (most recent call last)", at: 0) { return true }
        let line = message.firstIndex(of: 0x0A, from: 0) ?? message.count
        let last = min(line, messageBytes) - name.count
        return last >= 0 && (0...last).contains { message.extracting($0..<$0 + name.count).isEqual(to: name) }
    }

    /// `status 502`, `exit_code 1` or `SqlException`.
    func text(_ status: Status, _ batch: borrowing Batch) -> String {
        let value = batch.string(status.field.value)
        if kinds[Int(status.field.key.index)] == .exception { return value }
        return "\(String(decoding: batch.event.keys.name(status.field.key), as: UTF8.self)) \(value)"
    }

    // MARK: Names

    /// The number of the first field of a kind.
    @inline(__always)
    private mutating func find(_ kind: Kind, _ record: Record, _ batch: borrowing Batch) -> Int? {
        learn(batch)
        for index in fields(record) where kinds[Int(batch.event.fields[index].key.index)] == kind { return index }
        return nil
    }

    @inline(__always)
    private func fields(_ record: Record) -> Range<Int> {
        Int(record.firstField)..<(Int(record.firstField) &+ Int(record.fieldCount))
    }

    /// What the names mean that the table has by now.
    @inline(__always)
    private mutating func learn(_ batch: borrowing Batch) {
        if table !== batch.event.keys.identity || kinds.count < batch.event.keys.count { learnAnew(batch) }
    }

    private mutating func learnAnew(_ batch: borrowing Batch) {
        if table !== batch.event.keys.identity {
            table = batch.event.keys.identity
            kinds.removeAll(keepingCapacity: true)
            roles.removeAll(keepingCapacity: true)
            tells = false
        }
        while kinds.count < batch.event.keys.count {
            let name = batch.event.keys.name(Key(index: UInt16(kinds.count)))
            if Self.statuses.contains(name) {
                kinds.append(.status)
            } else if names.kind(of: name)?.group == .host {
                kinds.append(.host)
            } else {
                kinds.append(name.elementsEqual("exception".utf8) ? .exception : .other)
            }
            // Several stand under the name of many as one does under its own.
            let one = name.elementsEqual("errors".utf8) ? name.dropLast() : name[...]
            let role = Self.telling(FieldRoles.role(Array(one).span))
            roles.append(role)
            if role.role != .none, role.role != .request { tells = true }
        }
    }

    /// The role of those names that tell how it went. What a firewall did is what it is there for, and a trace that comes with
    /// information is no failure.
    private static func telling(_ role: RankedRole) -> RankedRole {
        switch role.role {
        case .request, .status: role
        case .outcome where role.rank < FieldRoles.exceptionRank: role
        case .message where FieldRoles.isTrouble(role): role
        default: .none
        }
    }
}
