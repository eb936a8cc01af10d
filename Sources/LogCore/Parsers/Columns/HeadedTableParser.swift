/// Rows of a table whose columns a line `#Fields:` further up names, in any order; another such line names others from there
/// on.
///
/// A format that reads such a line itself knows its rows by their shape: they are left to it. Which columns count is the
/// reader's state, in `EventBuilder.columns`, so that bytes can be read from any place on.
package final class HeadedTableParser: LineParser {
    package static let formatName = "w3c"
    package var name: String { Self.formatName }
    package let joinsFollowingLines = false
    private let others: ContiguousArray<any LineParser>
    /// Unchecked: touched in one place a line, and the check is a call into the runtime.
    @exclusivity(unchecked) private var keys: ContiguousArray<Key> = []
    @exclusivity(unchecked) private var known: NamedColumns?
    private var table: KeyTable.Identity?

    private static let directives: [StaticString] = [
        "#Software: ", "#Version: ", "#Date: ", "#Start-Date: ", "#End-Date: ", "#Remark: ", "#Log-type: ",
        "#separator ", "#set_separator\t", "#empty_field\t", "#unset_field\t", "#path\t", "#open\t", "#close\t",
        "#types\t",
    ]

    /// - Parameter others: the file's other formats.
    package init(others: ContiguousArray<any LineParser> = []) { self.others = others }

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        guard line.count > 0 else { return false }
        if line[unchecked: 0] == UInt8(ascii: "#") { return readDirective(line, at: base, into: &event) }
        guard let columns = event.columns else { return false }
        if columns !== known || table !== event.keys.identity { learn(columns, &event.keys) }
        let hasTab = columns.separator == 0x20 && line.firstIndex(of: 0x09, from: 0) != nil
        let separator = hasTab ? 0x09 : columns.separator
        // Few who write spaces between columns quote values with spaces; others write quotes like any byte.
        if separator != UInt8(ascii: ","), readRow(line, base, columns, separator, isQuoted: false, &event) {
            return true
        }
        return separator != 0x09 && readRow(line, base, columns, separator, isQuoted: true, &event)
    }

    // MARK: Lines that begin with #

    private func readDirective(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        if NamedColumns.isHeader(line) {
            event.columns = columns(namedBy: line, after: event.columns, &event)
            if event.columns == nil { return false }
        } else {
            guard Self.directives.contains(where: { line.matches($0, at: 0) }), !isOthers(line, &event) else {
                return false
            }
            let date = line.matches("#Date: ", at: 0) ? 7 : line.matches("#Start-Date: ", at: 0) ? 13 : line.count
            if var time = TimestampScanner.scan(line, at: date), time.shape == .full {
                time.hasZone = true
                event.setTime(time)
            }
        }
        event.record.severity = .debug
        event.record.message = ByteRange(base, base &+ line.count)
        if let columns = event.columns { event.record.component = event.decodedRange(of: columns.component) }
        return true
    }

    /// The columns of the rows below a line; those before it where it names none, nil where another format reads it.
    private func columns(
        namedBy line: Span<UInt8>, after known: NamedColumns?, _ event: inout EventBuilder
    ) -> NamedColumns? {
        if isOthers(line, &event) { return nil }
        if let known, known.isNamed(by: line) { return known }
        return NamedColumns(line)
    }

    private func isOthers(_ line: Span<UInt8>, _ event: inout EventBuilder) -> Bool {
        let (clock, rawCount, decodedCount) = (event.clock, event.rawCount, event.decoded.count)
        defer {
            event.begin()
            event.decoded.removeLast(event.decoded.count - decodedCount)
            (event.clock, event.rawCount) = (clock, rawCount)
        }
        for parser in others {
            event.begin()
            if parser.parse(line, at: 0, into: &event) { return true }
        }
        return false
    }

    /// The columns as they stand behind some bytes, which begin with a line.
    package func columns(
        behind bytes: Span<UInt8>, from start: NamedColumns?, _ event: inout EventBuilder
    ) -> NamedColumns? {
        var result = start
        var at = 0
        while let mark = bytes.firstIndex(of: UInt8(ascii: "#"), from: at) {
            at = mark + 1
            guard mark == 0 || bytes[mark - 1] == 0x0A, let end = bytes.firstIndex(of: 0x0A, from: at) else { continue }
            let line = bytes.extracting(mark..<(bytes[end - 1] == 0x0D ? end - 1 : end))
            if NamedColumns.isHeader(line) { result = columns(namedBy: line, after: result, &event) }
            at = end
        }
        return result
    }

    // MARK: Rows

    private func learn(_ columns: NamedColumns, _ table: inout KeyTable) {
        self.table = table.identity
        known = columns
        keys.removeAll(keepingCapacity: true)
        for use in columns.uses { keys.append(use.name.isEmpty ? .other : table.intern(use.name.span)) }
    }

    private func readRow(
        _ line: Span<UInt8>, _ base: Int, _ columns: NamedColumns, _ separator: UInt8, isQuoted: Bool,
        _ event: inout EventBuilder
    ) -> Bool {
        let decodedCount = event.decoded.count
        var cells = TableRow(separator: separator, isQuoted: isQuoted)
        var row = HeadedRow(base: base, separator: separator)
        var column = 0
        while column < keys.count, let cell = cells.next(line) {
            if !cell.range.isEmpty, !HeadedRow.isUnset(line.extracting(cell.range)) {
                row.take(cell, of: line, columns.uses[column].role, keys[column], &event)
            }
            column &+= 1
        }
        guard column == keys.count, !cells.isOpen, cells.next(line) == nil else {
            event.abandon(decodedCount: decodedCount)
            event.begin()
            return false
        }
        row.finish(line, columns, &event)
        return true
    }
}
