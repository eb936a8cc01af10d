internal import LogCore

/// A text as bytes, with the places at which its lines begin.
struct TextLines {
    let bytes: [UInt8]
    private let starts: [Int]

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var starts = [0]
        let span = bytes.span
        var at = 0
        while let end = span.firstIndex(of: 0x0A, from: at) {
            at = end + 1
            starts.append(at)
        }
        self.bytes = bytes
        self.starts = starts
    }

    /// Lines, of which the last one may be empty.
    var count: Int { starts.count }

    /// A line from 1, without its end; nil if there is none.
    subscript(line: Int) -> ArraySlice<UInt8>? {
        guard line > 0, line <= starts.count else { return nil }
        let slice = bytes[starts[line - 1]..<(line < starts.count ? starts[line] - 1 : bytes.count)]
        return slice.last == 0x0D ? slice.dropLast() : slice
    }

    /// The number of the last line that holds anything; 1 if none does.
    var last: Int { (1...count).last { self[$0]?.isEmpty == false } ?? 1 }
}
