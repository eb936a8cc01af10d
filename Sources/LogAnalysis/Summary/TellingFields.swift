import LogCore

/// Finds those fields of an event that a report counts by: the machine that it is of, and what made it an error.
struct TellingFields: ~Copyable {
    private enum Kind: UInt8 { case other, host, status }

    /// Fields that level follows from where no word says it.
    private static let statuses = [
        "status", "status_code", "http_status", "http.status_code", "http.response.status_code", "response_code",
        "statusCode", "exit_code", "exit_status", "exitCode", "grpc_status", "rcode",
    ].map { Array($0.utf8) }

    private static let longest = 24

    static func isStatus(_ name: [UInt8]) -> Bool { statuses.contains(name) }

    private let names = JoinNames.shared
    /// By number of the field's name.
    private var kinds: ContiguousArray<Kind> = []
    private var table: KeyTable.Identity?

    /// The first field that names a machine.
    @inline(__always)
    mutating func host(of record: Record, _ batch: borrowing Batch) -> ByteRange? {
        find(.host, record, batch).map { batch.event.fields[$0].value }
    }

    /// Why an event is an error whose message doesn't say so.
    struct Status {
        fileprivate var field: Field
        /// Of the field's name, as the batch's table numbers it, and its value; never 0. Good for one table of names.
        var hash: UInt64
    }

    mutating func status(of record: Record, _ batch: borrowing Batch) -> Status? {
        guard let index = find(.status, record, batch) else { return nil }
        let field = batch.event.fields[index]
        guard !field.value.isEmpty, field.value.count <= Self.longest else { return nil }
        let hash = batch.withText(field.value) { ValueSample.hash($0) }
        return Status(field: field, hash: max(hash ^ UInt64(field.key.index) &* 0x9E37_79B9_7F4A_7C15, 1))
    }

    /// `status 502` or `exit_code 1`.
    func text(_ status: Status, _ batch: borrowing Batch) -> String {
        let name = String(decoding: batch.event.keys.name(status.field.key), as: UTF8.self)
        return "\(name) \(batch.string(status.field.value))"
    }

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
        }
        while kinds.count < batch.event.keys.count {
            let name = batch.event.keys.name(Key(index: UInt16(kinds.count)))
            kinds.append(
                Self.statuses.contains(name) ? .status : names.kind(of: name)?.group == .host ? .host : .other)
        }
    }
}
