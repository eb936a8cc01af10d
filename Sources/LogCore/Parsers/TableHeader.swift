/// The first line of a table, which names its columns.
package struct TableHeader: Equatable, Sendable {
    package let separator: UInt8
    package let names: [[UInt8]]
    /// Bytes of the line and its line end, and of a line `sep=;` before it.
    package let length: Int

    /// Rows that have to follow, and the share of those looked at that have as many cells.
    private static let leastRows = 2
    private static let most = 64

    /// The header at the beginning of a file, if its first line is one and what follows is a table.
    package init?(_ head: Span<UInt8>) {
        var start = 0
        // Excel's way to say what stands between the cells.
        if head.matches("sep=", at: 0), let end = head.firstIndex(of: 0x0A, from: 0), end < 8 { start = end + 1 }
        guard let end = head.firstIndex(of: 0x0A, from: start) else { return nil }
        let line = head.extracting(start..<Self.withoutReturn(head, start, end))
        for separator in [0x09, UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "|")] {
            guard let names = Self.names(line, separator),
                Self.isTable(head, from: end + 1, columns: names.count, separator)
            else { continue }
            self.separator = separator
            self.names = names
            length = end + 1
            return
        }
        return nil
    }

    private static func withoutReturn(_ head: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        end > start && head[end - 1] == 0x0D ? end - 1 : end
    }

    /// At least three names, all different, that look like names.
    private static func names(_ line: Span<UInt8>, _ separator: UInt8) -> [[UInt8]]? {
        var row = TableRow(separator: separator)
        var names: [[UInt8]] = []
        while let cell = row.next(line) {
            var text = line.extracting(cell.range).withUnsafeBufferPointer { Array($0) }
            text = Array(text.drop { $0 == 0x20 || $0 == UInt8(ascii: "#") })
            while text.last == 0x20 { text.removeLast() }
            guard let first = text.first, text.count <= most,
                first == UInt8(ascii: "_") || first == UInt8(ascii: "@") || (first | 0x20) &- 0x61 < 26
            else { return nil }
            guard text.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\"") }) else {
                return nil
            }
            names.append(text)
        }
        guard !row.isOpen, names.count >= 3, names.count <= 1_000, Set(names).count == names.count else { return nil }
        return names
    }

    /// Whether nearly all rows have as many cells, and some column holds what the header doesn't: numbers or times.
    private static func isTable(_ head: Span<UInt8>, from start: Int, columns: Int, _ separator: UInt8) -> Bool {
        var rows = 0
        var fitting = 0
        var sawValue = false
        var at = start
        while rows < most, at < head.count, let end = head.firstIndex(of: 0x0A, from: at) {
            let line = head.extracting(at..<withoutReturn(head, at, end))
            at = end + 1
            if line.count == 0 { continue }
            rows += 1
            // A row that goes on in the next line, and what goes on, can't be counted.
            guard let count = TableRow.count(line, separator: separator) else {
                fitting += 1
                continue
            }
            if count == columns { fitting += 1 }
            var row = TableRow(separator: separator)
            while let cell = row.next(line) {
                let text = line.extracting(cell.range)
                guard text.count > 0, text[unchecked: 0] &- 0x30 < 10 else { continue }
                sawValue = sawValue || RoleValues.time(text) != nil || text.jsonNumberEnd(from: 0) == text.count
            }
        }
        return rows >= leastRows && fitting * 5 >= rows * 4 && sawValue
    }
}
