/// The cells of a row, as RFC 4180 writes them: between separators, quoted where they hold one, quotes in them doubled.
struct TableRow {
    /// A cell: its text without quotes, and whether quotes in it are doubled.
    struct Cell {
        var range: Range<Int>
        var isEscaped = false

        /// Without the blanks around it.
        func trimmed(_ line: Span<UInt8>) -> Range<Int> {
            var range = range
            while range.lowerBound < range.upperBound, line[unchecked: range.upperBound &- 1] == 0x20 {
                range = range.lowerBound..<range.upperBound &- 1
            }
            while range.lowerBound < range.upperBound, line[unchecked: range.lowerBound] == 0x20 {
                range = range.lowerBound &+ 1..<range.upperBound
            }
            return range
        }
    }

    private let separator: UInt8
    private let isQuoted: Bool
    private var cursor = 0
    private var isOver = false
    /// The last cell's quote doesn't end on this line: the rest of the row stands on the next ones.
    private(set) var isOpen = false

    /// - Parameter isQuoted: a quote at the beginning of a cell is none of its text.
    init(separator: UInt8, isQuoted: Bool = true) {
        self.separator = separator
        self.isQuoted = isQuoted
    }

    /// The next cell of the line; nil behind the last one.
    mutating func next(_ line: Span<UInt8>) -> Cell? {
        if isOver { return nil }
        guard isQuoted, cursor < line.count, line[unchecked: cursor] == UInt8(ascii: "\"") else {
            let end = line.firstIndex(of: separator, from: cursor) ?? line.count
            defer { go(behind: end, line) }
            return Cell(range: cursor..<end)
        }
        let start = cursor &+ 1
        var isEscaped = false
        var end = start
        while true {
            guard let quote = line.firstIndex(of: UInt8(ascii: "\""), from: end) else {
                isOpen = true
                isOver = true
                return Cell(range: start..<line.count, isEscaped: isEscaped)
            }
            end = quote &+ 1
            guard end < line.count, line[unchecked: end] == UInt8(ascii: "\"") else {
                // What stands between the quote and the separator belongs to nobody; there is nothing in tables that are well made.
                let next = line.firstIndex(of: separator, from: end) ?? line.count
                go(behind: next, line)
                return Cell(range: start..<quote, isEscaped: isEscaped)
            }
            isEscaped = true
            end &+= 1
        }
    }

    private mutating func go(behind end: Int, _ line: Span<UInt8>) {
        if end < line.count { cursor = end &+ 1 } else { isOver = true }
    }

    /// How many cells a line has; nil if its last one goes on in the next line.
    static func count(_ line: Span<UInt8>, separator: UInt8) -> Int? {
        var row = TableRow(separator: separator)
        var count = 0
        while row.next(line) != nil { count &+= 1 }
        return row.isOpen ? nil : count
    }
}

extension EventBuilder {
    /// A cell's text, in which of two quotes one is meant.
    mutating func unescapedCell(_ line: Span<UInt8>, _ range: Range<Int>) -> ByteRange {
        let start = rawCount &+ decoded.count
        var i = range.lowerBound
        while i < range.upperBound {
            decoded.append(line[unchecked: i])
            i &+= line[unchecked: i] == UInt8(ascii: "\"") ? 2 : 1
        }
        return ByteRange(start, rawCount &+ decoded.count)
    }
}
