/// Rows of a table whose header was read: CSV and its like.
///
/// What a column is to the record, its name or what it holds has said (`TableColumns`); all others are fields by their names. A row
/// that a quoted line end breaks begins here, and the lines that go on belong to it.
package final class TableParser: LineParser {
    package let name: String
    package let joinsFollowingLines = true
    package var messageGoesOn: Bool { false }
    /// Splunk's `_raw` and Loki's `Line` hold whole lines.
    package let inside = Inside.message
    package var joinsMessages: Bool { false }
    private let header: TableHeader
    private let columns: TableColumns
    private let zone: [UInt8]
    /// Unchecked: touched in one place a line, and the check is a call into the runtime.
    @exclusivity(unchecked) private var keys: ContiguousArray<Key> = []
    private var table: KeyTable.Identity?

    package init(_ header: TableHeader) {
        self.header = header
        name = header.separator == 0x09 ? "tsv" : "csv"
        columns = header.columns
        zone = header.columns.zone
    }

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        guard line.count > 0 else { return false }
        if table !== event.keys.identity { intern(&event.keys) }
        let decodedCount = event.decoded.count
        var row = TableRow(separator: header.separator)
        var collector = RoleCollector()
        var (date, clock) = (0..<0, 0..<0)
        var column = 0
        while let cell = row.next(line) {
            guard column < keys.count else {
                event.abandon(decodedCount: decodedCount)
                return false
            }
            if column == columns.date {
                date = cell.trimmed(line)
            } else if column == columns.clock {
                clock = cell.trimmed(line)
            } else {
                add(line, cell, base, column, &collector, &event)
            }
            column &+= 1
        }
        guard column == keys.count || row.isOpen && column > 1 else {
            event.abandon(decodedCount: decodedCount)
            return false
        }
        let zone = self.zone
        if !zone.isEmpty { collector.setZone(zone.span) }
        collector.finish(message: ByteRange(base, base &+ line.count), into: &event)
        if let flow = columns.flow, !collector.hasMessage,
            let text = event.flowMessage(flow, line, separator: header.separator)
        {
            event.record.message = text
        }
        if !date.isEmpty, event.record.timeSource == .none {
            let clock = columns.clock == nil ? nil : line.extracting(clock)
            if let time = JoinedTime(date: line.extracting(date), clock: clock).time {
                event.setTime(time.hasZone ? time : TimestampScanner.zoned(time, by: zone.span, at: 0) ?? time)
            }
        }
        return true
    }

    private func add(
        _ line: Span<UInt8>, _ cell: TableRow.Cell, _ base: Int, _ column: Int, _ collector: inout RoleCollector,
        _ event: inout EventBuilder
    ) {
        let range = cell.trimmed(line)
        if range.isEmpty || range.count == 1 && line[unchecked: range.lowerBound] == UInt8(ascii: "-") { return }
        let text = line.extracting(range)
        let value =
            cell.isEscaped
            ? event.unescapedCell(line, range) : ByteRange(base &+ range.lowerBound, base &+ range.upperBound)
        let isNumber = text.jsonNumberEnd(from: 0) == text.count
        let field = Field(keys[column], isNumber ? .number : .string, value)
        let role = columns.roles[column]
        if role.role == .none {
            event.addWithinLimit(field)
        } else {
            collector.offer(role, field, text, to: &event)
        }
    }

    private func intern(_ table: inout KeyTable) {
        self.table = table.identity
        keys.removeAll(keepingCapacity: true)
        for name in header.names { keys.append(table.intern(name.span)) }
    }
}
