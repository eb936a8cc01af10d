/// Lines of another kind among a file's own: a JSON object in a console's log, an access line between two of the program's. They
/// are read as what they are, each by itself, and the file's formats stay what they were found to be.
package struct StrayLines {
    /// What tells such a line before it is read.
    package enum Look: UInt8 {
        case object, pairs, access, marked, header
    }

    private struct Reader {
        var look: Look
        /// In `Record.parser`.
        var number: UInt8
        var parser: any LineParser
    }

    private var readers: ContiguousArray<Reader> = []

    package mutating func add(_ parser: any LineParser, _ look: Look, number: UInt8) {
        readers.append(Reader(look: look, number: number, parser: parser))
    }

    /// The number of the format that reads the line into `event`; nil for none, with `event` as it was but for leftover fields.
    /// `isHeaded`: something in front says that it is a line of its own.
    @inline(__always)
    func read(
        _ line: Span<UInt8>, at base: Int, into event: inout EventBuilder, isHeaded: Bool = false
    ) -> UInt8? {
        if readers.isEmpty { return nil }
        guard let look = Self.look(of: line) else { return nil }
        return read(look, line, at: base, into: &event, isHeaded)
    }

    @inline(never)
    private func read(
        _ look: Look, _ line: Span<UInt8>, at base: Int, into event: inout EventBuilder, _ isHeaded: Bool
    ) -> UInt8? {
        for reader in readers where reader.look == look {
            let decodedCount = event.decoded.count
            event.begin()
            // What is neither dated nor has a level is data, and as likely a part of what stands before it.
            if reader.parser.parse(line, at: base, into: &event) {
                if isHeaded || event.record.isDated || event.record.severity != .unspecified { return reader.number }
                event.abandon(decodedCount: decodedCount)
            }
        }
        return nil
    }

    /// `Nov 20 04:00:16 `, `Nov  2 `.
    private static func isMonth(_ line: Span<UInt8>) -> Bool {
        guard line.count > 20, line[unchecked: 0] &- 0x41 < 26, line[unchecked: 3] == Ascii.space,
            line[unchecked: 6] == Ascii.space, line[unchecked: 9] == Ascii.colon, line[unchecked: 12] == Ascii.colon
        else { return false }
        return line[unchecked: 1] &- 0x61 < 26 && line[unchecked: 5].isDigit
    }

    /// What the line looks like, told by its beginning.
    static func look(of line: Span<UInt8>) -> Look? {
        guard line.count > 8 else { return nil }
        let first = line[unchecked: 0]
        if first == UInt8(ascii: "{") { return line[unchecked: line.count &- 1] == UInt8(ascii: "}") ? .object : nil }
        if line.matches("CEF:", at: 0) { return .marked }
        // `<30>1 2026-11-20T04:00:16Z …` among lines that have no version, or the other way round.
        if first == Ascii.less { return SyslogPriority(line) == nil ? nil : .header }
        if isMonth(line) { return .header }
        guard TimestampScanner.isWord(first) || first == Ascii.colon || first == Ascii.at else { return nil }
        var i = 1
        while i < min(line.count, 32) {
            let byte = line[unchecked: i]
            if byte == Ascii.equals { return .pairs }
            guard TimestampScanner.isWord(byte) || byte == Ascii.dot || byte == Ascii.dash else { break }
            i &+= 1
        }
        // `192.0.2.7 - - [20/Nov/2026:…`
        guard i < line.count, line.count >= 44, line[unchecked: i] == Ascii.space || line[unchecked: i] == Ascii.colon,
            let bracket = line.firstIndex(of: Ascii.leftBracket, from: i), bracket < 128, bracket &+ 12 < line.count
        else { return nil }
        let isDate = line[unchecked: bracket &+ 3] == Ascii.slash && line[unchecked: bracket &+ 7] == Ascii.slash
        return isDate ? .access : nil
    }
}

extension EventBuilder {
    /// A stray line with a time and a level is an event whatever stands before it; another may belong to that.
    var isWhole: Bool { record.isDated && record.severity != .unspecified }
}
