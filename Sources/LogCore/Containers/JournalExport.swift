/// The export format of systemd's journal: fields of a line each, or of a length and any bytes, and a blank line behind an
/// entry. https://github.com/systemd/systemd/blob/main/docs/JOURNAL_EXPORT_FORMATS.md
package struct JournalExport: Transcriber, ~Copyable {
    private enum State {
        case line
        /// The eight bytes of a length.
        case length
        /// Bytes of a value that are to come.
        case value(UInt64)
        /// The LF behind a value.
        case end
        /// Up to the blank line that ends a damaged entry.
        case damaged
    }

    private struct Field {
        var name: Range<Int>
        var value: Range<Int>
    }

    /// Of a value, and of an entry's: a core dump is in the journal as a field of hundreds of MB. As JSON an entry must stay
    /// below the longest line.
    private static let valueLimit = 64 << 10
    private static let entryLimit = 256 << 10
    private static let nameLimit = 64
    private static let fieldLimit = 4096

    private var writer = JSONWriter(capacity: 1 << 16)
    package private(set) var problem: String?
    private var state = State.line
    /// Names and values of the entry at hand, and the line that isn't whole yet.
    private var text: ContiguousArray<UInt8> = []
    private var fields: [Field] = []
    private var pending: Field?
    private var lineStart = 0
    /// Bytes of that line, those that weren't kept included.
    private var lineBytes = 0
    private var length: (bytes: Int, value: UInt64) = (0, 0)
    /// Bytes taken.
    private var offset = 0

    package init() {}

    package var lines: ContiguousArray<UInt8> {
        get { writer.bytes }
        _modify { yield &writer.bytes }
    }

    package mutating func take(_ bytes: Span<UInt8>) {
        var i = 0
        while i < bytes.count {
            switch state {
            case .line, .damaged:
                let lf = bytes.firstIndex(of: 0x0A, from: i)
                lineBytes += (lf ?? bytes.count) - i
                append(bytes.extracting(i..<(lf ?? bytes.count)), from: lineStart)
                i = lf ?? bytes.count
                guard lf != nil else { break }
                i += 1
                endLine(at: offset + i)
            case .length:
                length.value |= UInt64(bytes[i]) << (8 * UInt64(length.bytes))
                length.bytes += 1
                i += 1
                if length.bytes == 8 {
                    state = .value(length.value)
                    pending?.value = text.count..<text.count
                }
            case .value(let left):
                let count = Int(min(left, UInt64(bytes.count - i)))
                append(bytes.extracting(i..<(i + count)), from: pending?.value.lowerBound ?? text.count)
                i += count
                state = left == UInt64(count) ? .end : .value(left - UInt64(count))
            case .end:
                if bytes[i] == 0x0A {
                    if let field = pending { keep(name: field.name, value: field.value.lowerBound..<text.count) }
                    beginLine()
                    i += 1
                } else {
                    damage(at: offset + i)
                }
            }
        }
        offset += bytes.count
    }

    package mutating func finish() {
        if case .line = state, lineBytes == 0 {
            endEntry()
        } else {
            if problem == nil { problem = "journal export is cut off at byte \(offset)" }
            endEntry()
        }
    }

    /// What there is room for: of a line its name at least.
    private mutating func append(_ bytes: Span<UInt8>, from start: Int) {
        let room = max(
            min(Self.entryLimit - text.count, Self.valueLimit - (text.count - start)),
            lineStart + Self.nameLimit + 1 - text.count, 0)
        text.append(contentsOf: bytes.extracting(0..<min(room, bytes.count)))
    }

    private mutating func beginLine() {
        pending = nil
        lineStart = text.count
        lineBytes = 0
        state = .line
    }

    private mutating func endLine(at end: Int) {
        let isBlank = lineBytes == 0
        lineBytes = 0
        if isBlank {
            endEntry()
            return
        }
        defer { lineStart = text.count }
        if case .damaged = state {
            text.removeLast(text.count - lineStart)
            return
        }
        let equals = text.span.firstIndex(of: 0x3D, from: lineStart)
        let nameEnd = equals ?? text.count
        guard isName(lineStart..<nameEnd) else {
            damage(at: end)
            return
        }
        if equals != nil {
            keep(name: lineStart..<nameEnd, value: (nameEnd + 1)..<text.count)
        } else {
            pending = Field(name: lineStart..<nameEnd, value: 0..<0)
            length = (0, 0)
            state = .length
        }
    }

    /// Capital letters, digits and underscores.
    private func isName(_ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.count <= Self.nameLimit else { return false }
        return text[range].allSatisfy { $0 &- 0x41 < 26 || $0 &- 0x30 < 10 || $0 == 0x5F }
    }

    private mutating func keep(name: Range<Int>, value: Range<Int>) {
        if fields.count < Self.fieldLimit {
            fields.append(Field(name: name, value: value))
        } else {
            text.removeLast(text.count - name.lowerBound)
        }
    }

    private mutating func damage(at place: Int) {
        if problem == nil { problem = "journal export is damaged at byte \(place)" }
        pending = nil
        state = .damaged
        lineStart = text.count
    }

    // MARK: Writing

    /// Fields that have a name of ours, in the order in which they are written.
    private static let names: [(journal: StaticString, ours: StaticString, isNumber: Bool)] = [
        ("PRIORITY", "level", true), ("SYSLOG_IDENTIFIER", "program", false), ("MESSAGE", "message", false),
        ("_HOSTNAME", "host", false), ("_PID", "pid", true), ("_SYSTEMD_UNIT", "unit", false),
        ("SYSLOG_FACILITY", "facility", true), ("CODE_FILE", "file", false), ("CODE_LINE", "line", true),
        ("CODE_FUNC", "function", false), ("ERRNO", "errno", true), ("MESSAGE_ID", "msgid", false),
    ]
    private static let time: StaticString = "__REALTIME_TIMESTAMP"
    /// Where the entry stood in the journal: of no use elsewhere.
    private static let position: [StaticString] = ["__CURSOR", "__MONOTONIC_TIMESTAMP", "__SEQNUM", "__SEQNUM_ID"]

    private mutating func endEntry() {
        if !fields.isEmpty { writeEntry() }
        text.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        beginLine()
    }

    private mutating func writeEntry() {
        // A second reference, so that the bytes can be lent out while the writer is written.
        let text = text
        writer.beginObject()
        if let micros = fields.first(where: { isNamed($0, Self.time) }).flatMap({ text.span.decimal($0.value) }),
            micros < Int64.max / 1000
        {
            writer.key("timestamp")
            writer.timestamp(micros * 1000)
        }
        for name in Self.names {
            guard let field = fields.first(where: { isNamed($0, name.journal) }) else { continue }
            writer.key(name.ours)
            if name.isNumber, let number = text.span.decimal(field.value) {
                writer.number(number)
            } else {
                writer.string(text.span.extracting(field.value))
            }
        }
        for field in fields where !isTaken(field) {
            writer.key(text.span.extracting(field.name))
            writer.string(text.span.extracting(field.value))
        }
        writer.endObject()
        writer.newline()
    }

    private func isNamed(_ field: Field, _ name: StaticString) -> Bool {
        field.name.count == name.utf8CodeUnitCount && text.span.matches(name, at: field.name.lowerBound)
    }

    private func isTaken(_ field: Field) -> Bool {
        isNamed(field, Self.time) || Self.names.contains { isNamed(field, $0.journal) }
            || Self.position.contains { isNamed(field, $0) }
    }
}
