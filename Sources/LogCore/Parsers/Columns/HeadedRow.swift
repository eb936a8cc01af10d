/// A row of a table, cell by cell: what its columns are to the event.
struct HeadedRow {
    private let base: Int
    private let separator: UInt8
    private var date, clock, method, stem, query, version, message: Range<Int>?
    private var isTimed = false
    /// Where the row goes on behind the time that it begins with.
    private var timeEnd = 0

    init(base: Int, separator: UInt8) {
        self.base = base
        self.separator = separator
    }

    /// `-`, and Zeek's way to write an empty list.
    static func isUnset(_ text: Span<UInt8>) -> Bool {
        text.count == 1 && text[unchecked: 0] == UInt8(ascii: "-") || text.count == 7 && text.matches("(empty)", at: 0)
    }

    mutating func take(
        _ cell: TableRow.Cell, of line: Span<UInt8>, _ role: ColumnUse.Role, _ key: Key, _ event: inout EventBuilder
    ) {
        let text = line.extracting(cell.range)
        let value = cell.isEscaped ? event.unescapedCell(line, cell.range) : at(cell.range)
        if role == .instant, cell.range.lowerBound == 0 { timeEnd = cell.range.upperBound &+ 1 }
        if takePart(cell.range, role) || takeRole(text, value, role, &event) { return }
        switch role {
        case .taken: event.addWithinLimit(seconds(text, value, key, &event))
        case .sent:
            let plain = cell.isEscaped ? value : unencoded(text, value, &event)
            event.addWithinLimit(Field(key, .string, plain))
        default:
            let isNumber = text.jsonNumberEnd(from: 0) == text.count
            event.addWithinLimit(Field(key, isNumber ? .number : .string, value))
        }
    }

    /// What is put together once the row is read. True: it is no field as it stands.
    private mutating func takePart(_ range: Range<Int>, _ role: ColumnUse.Role) -> Bool {
        switch role {
        case .date: date = range
        case .clock: clock = range
        case .query: query = range
        case .stem: stem = range
        case .message where message == nil: message = range
        case .left: break
        case .method:
            method = range
            return false
        case .version:
            version = range
            return false
        default: return false
        }
        return true
    }

    /// What the record has a place for, or follows from. True: the record holds it.
    private mutating func takeRole(
        _ text: Span<UInt8>, _ value: ByteRange, _ role: ColumnUse.Role, _ event: inout EventBuilder
    ) -> Bool {
        switch role {
        case .instant:
            guard !isTimed, let time = RoleValues.time(text) else { return false }
            isTimed = true
            event.setTime(time)
            return true
        case .level:
            guard let severity = RoleValues.severity(text) else { return false }
            event.record.severity = severity
            return true
        case .component:
            guard event.record.component.isEmpty, text.mayNameComponent else { return false }
            event.record.component = value
            return true
        case .status: raise(to: level(status: text), &event)
        case .substatus, .errorNumber:
            if text.count == 1, text[unchecked: 0] == 0x30 { return true }
            if role == .errorNumber, isBroken(text) { raise(to: .warning, &event) }
        default: break
        }
        return false
    }

    func finish(_ line: Span<UInt8>, _ columns: NamedColumns, _ event: inout EventBuilder) {
        setTime(line, isUTC: columns.isUTC, &event)
        setMessage(line, &event)
        if event.record.component.isEmpty { event.record.component = event.decodedRange(of: columns.component) }
    }

    // MARK: Levels

    private func raise(to severity: Severity, _ event: inout EventBuilder) {
        if severity > event.record.severity { event.record.severity = severity }
    }

    /// 5xx is the server's error; 4xx the client's, and 0 that it went away.
    private func level(status text: Span<UInt8>) -> Severity {
        guard text.count == 3, let status = text.decimal(0..<3) else { return .unspecified }
        return status >= 500 ? .error : status >= 400 || status == 0 ? .warning : .info
    }

    /// Windows' number says that the connection broke, whatever the status says.
    private func isBroken(_ number: Span<UInt8>) -> Bool {
        switch number.decimal(0..<number.count) {
        case 64, 121, 995, 1236: true
        default: false
        }
    }

    // MARK: Values

    /// IIS and most others count whole milliseconds, CloudFront seconds with a fraction. What is no number stays as it is.
    private func seconds(_ text: Span<UInt8>, _ value: ByteRange, _ key: Key, _ event: inout EventBuilder) -> Field {
        let isWhole = text.firstIndex(of: UInt8(ascii: "."), from: 0) == nil
        if isWhole, let seconds = event.scaled(text, .milliseconds) { return Field(key, .number, seconds) }
        return Field(key, text.jsonNumberEnd(from: 0) == text.count ? .number : .string, value)
    }

    /// Between spaces a `+` is one, between tabs `%20`.
    private func unencoded(_ text: Span<UInt8>, _ value: ByteRange, _ event: inout EventBuilder) -> ByteRange {
        let mark = separator == 0x09 ? UInt8(ascii: "%") : UInt8(ascii: "+")
        guard separator != UInt8(ascii: ","), text.firstIndex(of: mark, from: 0) != nil else { return value }
        let start = event.decodedEnd
        var i = 0
        while i < text.count {
            let byte = text[unchecked: i]
            if byte == mark, mark == UInt8(ascii: "+") {
                event.decoded.append(0x20)
            } else if byte == mark, i &+ 2 < text.count, let high = digit(text[unchecked: i &+ 1]),
                let low = digit(text[unchecked: i &+ 2])
            {
                event.decoded.append(high &<< 4 | low)
                i &+= 2
            } else {
                event.decoded.append(byte)
            }
            i &+= 1
        }
        return ByteRange(start, event.decodedEnd)
    }

    private func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46, 0x61...0x66: (byte | 0x20) &- 0x57
        default: nil
        }
    }

    // MARK: The whole

    /// Date and time of day, in whatever columns they stand.
    private func setTime(_ line: Span<UInt8>, isUTC: Bool, _ event: inout EventBuilder) {
        guard !isTimed, let clock else { return }
        var time: ScannedTime?
        if let date, isClock(behind: date) {
            time = TimestampScanner.scan(line.extracting(date.lowerBound..<clock.upperBound), at: 0)
        } else if let date {
            guard date.count &+ clock.count < 40 else { return }
            var both = InlineArray<40, UInt8>(repeating: 0x20)
            for i in 0..<date.count { both[i] = line[unchecked: date.lowerBound &+ i] }
            for i in 0..<clock.count { both[date.count &+ 1 &+ i] = line[unchecked: clock.lowerBound &+ i] }
            time = TimestampScanner.scan(both.span.extracting(0..<date.count &+ 1 &+ clock.count), at: 0)
        } else {
            time = RoleValues.time(line.extracting(clock))
        }
        guard var time, time.shape == .full else { return }
        if isUTC { time.hasZone = true }
        event.setTime(time)
    }

    private func isClock(behind date: Range<Int>) -> Bool { clock?.lowerBound == date.upperBound &+ 1 }

    /// `GET /path?query HTTP/1.1`; else what a column calls the message; else the row, behind its time.
    private func setMessage(_ line: Span<UInt8>, _ event: inout EventBuilder) {
        if let stem {
            // The message holds the path, so that its text is written once.
            let start = event.decodedEnd
            if let method {
                event.append(line, method)
                event.decoded.append(0x20)
            }
            let path = event.decodedEnd
            event.append(line, stem)
            if let query {
                event.decoded.append(UInt8(ascii: "?"))
                event.append(line, query)
            }
            event.addWithinLimit(Field(.path, .string, ByteRange(path, event.decodedEnd)))
            if let version {
                event.decoded.append(0x20)
                event.append(line, version)
            }
            event.record.message = ByteRange(start, event.decodedEnd)
        } else if let message {
            event.record.message = at(message)
        } else {
            var start = timeEnd
            if let date, date.lowerBound == 0, let clock, isClock(behind: date) { start = clock.upperBound &+ 1 }
            if start >= line.count { start = 0 }
            event.record.message = ByteRange(base &+ start, base &+ line.count)
        }
    }

    private func at(_ range: Range<Int>) -> ByteRange {
        ByteRange(base &+ range.lowerBound, base &+ range.upperBound)
    }
}

extension EventBuilder {
    /// Where the next decoded byte will stand.
    fileprivate var decodedEnd: Int { rawCount &+ decoded.count }

    fileprivate mutating func append(_ line: Span<UInt8>, _ range: Range<Int>) {
        for i in range { decoded.append(line[unchecked: i]) }
    }
}
