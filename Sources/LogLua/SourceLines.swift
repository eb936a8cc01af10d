/// Finds lines in a plugin's text, for diagnostics about values that Lua has no position of.
struct SourceLines {
    /// A line and a column in bytes, both from 1; 0 where unknown.
    struct Place {
        var line: Int
        var column = 0
    }

    private let lines: [ArraySlice<UInt8>]

    init(_ source: [UInt8]) {
        lines = source.split(separator: 0x0a, omittingEmptySubsequences: false)
    }

    /// The text of a line, from 1; nil if there is none.
    func text(of line: Int) -> String? {
        guard line > 0, line <= lines.count else { return nil }
        let bytes = lines[line - 1]
        return String(decoding: bytes.last == 0x0d ? bytes.dropLast() : bytes, as: UTF8.self)
    }

    /// The first place that assigns to `key` (`key =` or `function M.key`) outside of a comment; nil if none does.
    func place(ofKey key: String) -> Place? {
        let key = Array(key.utf8)
        for (index, line) in lines.enumerated() {
            if let start = assignment(line, key) { return Place(line: index + 1, column: start - line.startIndex + 1) }
        }
        return nil
    }

    /// Where the plugin's table begins, for what isn't in it: at the first of its keys, else at the first line
    /// that is neither blank nor a comment.
    var start: Place {
        let keys = ["name", "kind", "api", "match"].compactMap { place(ofKey: $0)?.line }
        let index = keys.min().map { $0 - 1 } ?? lines.firstIndex { !Self.isSilent($0) } ?? 0
        // Even no bytes are one line, an empty one.
        return Place(line: index + 1, column: lines[index].prefix(while: Self.isBlank).count + 1)
    }

    /// The last line that is neither blank nor a comment: where the table is returned.
    var end: Place {
        guard let index = lines.lastIndex(where: { !Self.isSilent($0) }) else { return Place(line: 1, column: 1) }
        return Place(line: index + 1, column: lines[index].prefix(while: Self.isBlank).count + 1)
    }

    /// The place of a sample's text, sought from where the samples begin; nil where it is written with escapes.
    func place(ofSample text: [UInt8]) -> Place? {
        guard !text.isEmpty else { return nil }
        let first = place(ofKey: "samples")?.line ?? 1
        for (index, line) in lines.enumerated().dropFirst(first - 1) where line.count >= text.count {
            let starts = line.startIndex...line.endIndex - text.count
            if let start = starts.first(where: { line[$0...].starts(with: text) }) {
                return Place(line: index + 1, column: start - line.startIndex + 1)
            }
        }
        return nil
    }

    /// The index in `line` at which it assigns to `key`.
    private func assignment(_ line: ArraySlice<UInt8>, _ key: [UInt8]) -> Int? {
        let code = line.drop(while: Self.isBlank)
        guard code.count >= key.count, !code.starts(with: "--".utf8) else { return nil }
        let isFunction = code.starts(with: "function ".utf8)
        for start in code.startIndex...code.endIndex - key.count where code[start...].starts(with: key) {
            if start > code.startIndex, Self.isNamePart(code[start - 1]) { continue }
            let rest = code[(start + key.count)...].drop(while: Self.isBlank)
            guard let next = rest.first else { continue }
            if next == UInt8(ascii: "=") || (isFunction && next == UInt8(ascii: "(")) { return start }
        }
        return nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }

    private static func isSilent(_ line: ArraySlice<UInt8>) -> Bool {
        let code = line.drop(while: isBlank)
        return code.isEmpty || code.starts(with: "--".utf8)
    }

    static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
