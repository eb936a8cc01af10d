/// The columns of the rows below a line that names them: `#Fields: date time c-ip …` of the W3C's extended format and its
/// like, `#fields` of Zeek.
///
/// The extended format: https://www.w3.org/TR/WD-logfile.html
package final class NamedColumns: Sendable {
    /// A space stands for a tab in rows that have one: CloudFront writes the names with spaces.
    let separator: UInt8
    let uses: [ColumnUse]
    /// Who writes such columns, where their names tell.
    let component: [UInt8]
    /// The extended format's times are UTC, those of others may be anything.
    let isUTC: Bool
    /// The line, so that one like it is known at a glance: some programs write it every few rows.
    private let line: [UInt8]

    private static let most = 1_000
    private static let mark: StaticString = "#Fields:"
    private static let zeekMark: StaticString = "#fields\t"

    /// Whether the line names columns.
    package static func isHeader(_ line: Span<UInt8>) -> Bool {
        line.matches(mark, at: 0) || line.matches(zeekMark, at: 0)
    }

    /// Nil if the line names no columns, or fewer than two.
    init?(_ line: Span<UInt8>) {
        let isZeek = line.matches(Self.zeekMark, at: 0)
        guard isZeek || line.matches(Self.mark, at: 0) else { return nil }
        self.line = line.withUnsafeBufferPointer { Array($0) }
        let start = Self.mark.utf8CodeUnitCount
        guard line.count > start else { return nil }
        let list = line.extracting(start..<line.count).withUnsafeBufferPointer { Array($0) }
        separator =
            isZeek || list.dropFirst().contains(0x09)
            ? 0x09 : list.contains(UInt8(ascii: ",")) ? UInt8(ascii: ",") : 0x20
        let separator = self.separator
        // A list with spaces between its names may have several, and one at its end.
        let names = list.split(separator: separator, omittingEmptySubsequences: separator == 0x20).map { name in
            Array(name.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 || $0 == 0x0D }.reversed())
        }
        guard (2...Self.most).contains(names.count), names.allSatisfy({ !$0.isEmpty }) else { return nil }
        uses = names.map { ColumnUse($0, isZeek: isZeek) }
        let texts = Set(names.map { String(decoding: $0, as: UTF8.self) })
        isUTC = texts.contains { text in ["c-", "s-", "cs-", "sc-", "cs("].contains { text.hasPrefix($0) } }
        let component =
            isZeek
            ? "zeek"
            : texts.contains("x-edge-location")
                ? "cloudfront" : texts.contains("sc-win32-status") || texts.contains("sc-substatus") ? "iis" : ""
        self.component = Array(component.utf8)
    }

    /// Whether it is the same line again.
    func isNamed(by line: Span<UInt8>) -> Bool {
        let known = self.line
        return known.span.isEqual(line)
    }
}
