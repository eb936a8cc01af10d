/// Finds lines in a plugin's text, for diagnostics about values that Lua has no position of.
struct SourceLines {
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

    /// The first line that assigns to `key` (`key =` or `function M.key`) outside of a comment; 0 if none does.
    func line(ofKey key: String) -> Int {
        let key = Array(key.utf8)
        let index = lines.firstIndex { assigns($0, key) }
        return index.map { $0 + 1 } ?? 0
    }

    /// The first line that holds these bytes; 0 if none does, as where they are written with escapes.
    func firstLine(containing text: [UInt8]) -> Int {
        guard !text.isEmpty else { return 0 }
        let index = lines.firstIndex { line in
            guard line.count >= text.count else { return false }
            return (line.startIndex...line.endIndex - text.count).contains { line[$0...].starts(with: text) }
        }
        return index.map { $0 + 1 } ?? 0
    }

    private func assigns(_ line: ArraySlice<UInt8>, _ key: [UInt8]) -> Bool {
        let code = line.drop { $0 == 0x20 || $0 == 0x09 }
        guard code.count >= key.count, !code.starts(with: "--".utf8) else { return false }
        let isFunction = code.starts(with: "function ".utf8)
        for start in code.startIndex...code.endIndex - key.count where code[start...].starts(with: key) {
            if start > code.startIndex, Self.isNamePart(code[start - 1]) { continue }
            let rest = code[(start + key.count)...].drop { $0 == 0x20 || $0 == 0x09 }
            guard let next = rest.first else { continue }
            if next == UInt8(ascii: "=") || (isFunction && next == UInt8(ascii: "(")) { return true }
        }
        return false
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
