/// The line of a table that names its columns, with what may stand in front of it: titles and comments.
package struct TableHeader: Equatable, Sendable {
    package let separator: UInt8
    package let names: [[UInt8]]
    let columns: TableColumns
    /// Bytes up to the end of the line.
    package let length: Int

    /// Rows that have to follow, and how many are looked at.
    private static let leastRows = 2
    private static let most = 64
    /// Bytes of a name: those of performance counters are paths.
    private static let longest = 160
    /// Titles and comments in front of it.
    private static let mostBefore = 8

    /// The header at the beginning of a file, if one of its first lines is one and what follows is a table.
    package init?(_ head: Span<UInt8>) {
        var start = head.count > 2 && head[0] == 0xEF && head[1] == 0xBB && head[2] == 0xBF ? 3 : 0
        var before = 0
        while before <= Self.mostBefore, let end = head.firstIndex(of: 0x0A, from: start) {
            let line = head.extracting(start..<Self.withoutReturn(head, start, end))
            for separator in [0x09, UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "|"), 0x20] {
                if separator == 0x20, !Self.isNamesAlone(line) { continue }
                guard let names = Self.names(line, separator),
                    let columns = Self.columns(head, from: end + 1, names, separator)
                else { continue }
                self.separator = separator
                self.names = names
                self.columns = columns
                length = end + 1
                return
            }
            guard Self.isTitle(line) else { return nil }
            start = end + 1
            before += 1
        }
        return nil
    }

    private static func withoutReturn(_ head: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        end > start && head[end - 1] == 0x0D ? end - 1 : end
    }

    /// A comment, nothing, Excel's `sep=;`, or a few words without a time.
    private static func isTitle(_ line: Span<UInt8>) -> Bool {
        if line.count == 0 || line[unchecked: 0] == UInt8(ascii: "#") || line.matches("sep=", at: 0) { return true }
        return line.count <= 80 && TimestampScanner.find(line, from: 0, limit: 64) == nil
            && line.firstIndex(of: Ascii.equals, from: 0) == nil
            && line.firstIndex(of: Ascii.leftBracket, from: 0) == nil
    }

    /// Six words or more, one blank between them, of small letters, digits, `-` and `_`, which aren't all letters: the fields of a
    /// flow log, and no sentence.
    private static func isNamesAlone(_ line: Span<UInt8>) -> Bool {
        var blanks = 0
        var joints = 0
        for i in line.indices {
            let byte = line[unchecked: i]
            switch byte {
            case 0x20: blanks += 1
            case Ascii.dash, Ascii.underscore: joints += 1
            default: guard byte &- 0x61 < 26 || byte.isDigit else { return false }
            }
        }
        return blanks > 4 && joints > 0
    }

    /// At least three names, all different, that look like names.
    private static func names(_ line: Span<UInt8>, _ separator: UInt8) -> [[UInt8]]? {
        var row = TableRow(separator: separator)
        var names: [[UInt8]] = []
        while let cell = row.next(line) {
            var text = line.extracting(cell.range).withUnsafeBufferPointer { Array($0) }
            text = Array(text.drop { $0 == 0x20 || $0 == UInt8(ascii: "#") })
            while text.last == 0x20 { text.removeLast() }
            guard let first = text.first, text.count <= longest, mayBegin(first),
                text.allSatisfy({ $0 >= 0x20 && $0 != Ascii.equals && $0 != Ascii.quote })
            else { return nil }
            names.append(text)
        }
        guard !row.isOpen, names.count >= 3, names.count <= 1_000, Set(names).count == names.count, !isRow(names) else {
            return nil
        }
        return names
    }

    /// A time and a word of a level, as rows of a log have them: `Nov 20 04:00:16`, `ERROR`.
    private static func isRow(_ cells: [[UInt8]]) -> Bool {
        cells.contains { Severity(word: $0.span) != nil && $0.count > 2 }
            && cells.contains { cell in TimestampScanner.scan(cell.span, at: 0).map { $0.end == cell.count } ?? false }
    }

    /// A letter of any script, `_`, `@`, and what perfmon's names begin with: `(PDH-CSV 4.0)`, `\\HOST\…`.
    private static func mayBegin(_ byte: UInt8) -> Bool {
        byte >= 0x80 || TimestampScanner.isLetter(byte) || byte == Ascii.underscore || byte == Ascii.at
            || byte == Ascii.leftParenthesis || byte == Ascii.backslash
    }

    /// The columns, if nearly all rows have as many cells, and some column holds what a header doesn't.
    private static func columns(
        _ head: Span<UInt8>, from start: Int, _ names: [[UInt8]], _ separator: UInt8
    ) -> TableColumns? {
        var columns = TableColumns(names)
        var rows = 0
        var fitting = 0
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
            guard count == names.count else { continue }
            fitting += 1
            columns.look(at: line, separator: separator)
        }
        guard rows >= leastRows, fitting * 5 >= rows * 4, columns.hasValues else { return nil }
        if separator == 0x20, fitting < rows { return nil }
        columns.decide(names)
        return columns
    }
}
