/// Rows of a table whose header was read: CSV and its like.
///
/// A column's name says what it is to the record, by the tables of `FieldRoles`; all others are fields by that name. A row
/// that a quoted line end breaks begins here, and the lines that go on belong to it.
package final class TableParser: LineParser {
    package let name: String
    package let joinsFollowingLines = true
    package var messageGoesOn: Bool { false }
    private let header: TableHeader
    private let roles: [RankedRole]
    /// Unchecked: touched in one place a line, and the check is a call into the runtime.
    @exclusivity(unchecked) private var keys: ContiguousArray<Key> = []
    private var table: KeyTable.Identity?

    package init(_ header: TableHeader) {
        self.header = header
        name = header.separator == 0x09 ? "tsv" : "csv"
        roles = header.names.map { name in
            // `Date and Time`, as spreadsheets have names.
            let folded = name.map { $0 == 0x20 ? UInt8(ascii: "_") : $0 }
            return FieldRoles.role(folded.span)
        }
    }

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        guard line.count > 0 else { return false }
        if table !== event.keys.identity { intern(&event.keys) }
        let decodedCount = event.decoded.count
        var row = TableRow(separator: header.separator)
        var collector = RoleCollector()
        var column = 0
        while let cell = row.next(line) {
            guard column < keys.count else {
                event.abandon(decodedCount: decodedCount)
                return false
            }
            add(line, cell, base, column, &collector, &event)
            column &+= 1
        }
        guard column == keys.count || row.isOpen && column > 1 else {
            event.abandon(decodedCount: decodedCount)
            return false
        }
        collector.finish(message: ByteRange(base, base &+ line.count), into: &event)
        return true
    }

    private func add(
        _ line: Span<UInt8>, _ cell: TableRow.Cell, _ base: Int, _ column: Int, _ collector: inout RoleCollector,
        _ event: inout EventBuilder
    ) {
        var range = cell.range
        while range.lowerBound < range.upperBound, line[unchecked: range.upperBound &- 1] == 0x20 {
            range = range.lowerBound..<range.upperBound &- 1
        }
        while range.lowerBound < range.upperBound, line[unchecked: range.lowerBound] == 0x20 {
            range = range.lowerBound &+ 1..<range.upperBound
        }
        if range.isEmpty || range.count == 1 && line[unchecked: range.lowerBound] == UInt8(ascii: "-") { return }
        let text = line.extracting(range)
        let value =
            cell.isEscaped
            ? event.unescapedCell(line, range) : ByteRange(base &+ range.lowerBound, base &+ range.upperBound)
        let isNumber = text.jsonNumberEnd(from: 0) == text.count
        let field = Field(keys[column], isNumber ? .number : .string, value)
        let role = roles[column]
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
