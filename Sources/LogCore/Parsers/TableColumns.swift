/// What the columns of a table are to its events: by their names, and where these say nothing, in whatever language, by what
/// stands in the columns. A column of times is the time, one of level words the level, the longest text the message.
struct TableColumns: Equatable, Sendable {
    private(set) var roles: [RankedRole]
    /// The columns of a date and of a time of day that together are the time.
    private(set) var date: Int?
    private(set) var clock: Int?
    /// The zone that the name of the column of times has behind it: `TimeGenerated [UTC]`. Cells that say another one have it.
    private(set) var zone: [UInt8] = []
    /// The columns of a connection, if these are of flows: what was done with it, from where to where.
    private(set) var flow: FlowColumns?
    /// Whether some column holds what a header doesn't: numbers or times.
    private(set) var hasValues = false

    /// Behind all names that are known.
    private static let rank: UInt8 = 63
    private static let components: [String] = [
        "quelle", "komponente", "dienst", "modul", "origen", "fuente", "componente", "módulo", "servicio", "origem",
        "serviço", "composant", "origine", "approlename", "providername", "sourcename", "источник", "来源", "ソース",
    ]

    /// What the cells of one column were.
    private struct Seen {
        var cells = 0
        var times = 0
        var dates = 0
        var clocks = 0
        var levels = 0
        var readable = 0
        var numbers = 0
        var length = 0
        var isText = false
    }
    private var seen: [Seen]

    static func == (a: Self, b: Self) -> Bool {
        a.roles == b.roles && a.date == b.date && a.clock == b.clock && a.zone == b.zone
    }

    init(_ names: [[UInt8]]) {
        seen = Array(repeating: Seen(), count: names.count)
        flow = FlowColumns(names)
        roles = names.map { name in
            // `Date and Time`, as spreadsheets have names; what stands in brackets behind them are zones, units and remarks.
            let folded = name[..<Self.remark(of: name)].map { $0 == 0x20 ? UInt8(ascii: "_") : $0 }
            let role = FieldRoles.role(folded.span)
            guard role.role == .none, Self.components.contains(String(decoding: name, as: UTF8.self).lowercased())
            else { return role }
            return RankedRole(role: .component, rank: Self.rank)
        }
    }

    /// Where brackets begin that end a name, with the blanks in front of them; the name's end if none do.
    private static func remark(of name: [UInt8]) -> Int {
        let close = name.last
        guard close == UInt8(ascii: "]") || close == UInt8(ascii: ")") else { return name.count }
        let open = close == UInt8(ascii: "]") ? Ascii.leftBracket : Ascii.leftParenthesis
        guard var start = name.lastIndex(of: open), start > 0 else { return name.count }
        while start > 0, name[start - 1] == 0x20 { start -= 1 }
        return start > 0 ? start : name.count
    }

    /// The zone in brackets behind a name, as it may stand behind a time.
    private static func zone(of name: [UInt8]) -> [UInt8]? {
        let remark = Array(name[remark(of: name)...].drop { $0 == 0x20 })
        guard remark.count > 2 else { return nil }
        let zone = [0x20] + remark.dropFirst().dropLast()
        let noon = ScannedTime(end: 0, nanoseconds: Timestamp.second, shape: .full)
        return TimestampScanner.zoned(noon, by: zone.span, at: 0).map { $0.end == zone.count } == true ? zone : nil
    }

    /// Looks at a row; one that has fewer cells than the header or more says nothing.
    mutating func look(at line: Span<UInt8>, separator: UInt8) {
        var row = TableRow(separator: separator)
        var column = 0
        while let cell = row.next(line), column < seen.count {
            look(at: line.extracting(cell.trimmed(line)), in: column)
            column += 1
        }
    }

    private mutating func look(at text: Span<UInt8>, in column: Int) {
        guard text.count > 1 || text.count == 1 && text[unchecked: 0] != UInt8(ascii: "-") else { return }
        seen[column].cells += 1
        seen[column].length += text.count
        if !seen[column].isText { seen[column].isText = Self.isText(text) }
        if RoleValues.severity(text) != nil { seen[column].readable += 1 }
        if text.jsonNumberEnd(from: 0) == text.count {
            seen[column].numbers += 1
            hasValues = true
        } else if text.count > 2, Severity(word: text) != nil {
            seen[column].levels += 1
        }
        if RoleValues.time(text) != nil {
            seen[column].times += 1
            hasValues = true
        } else if Self.isClock(text) {
            seen[column].clocks += 1
            hasValues = true
        } else if JoinedTime(date: text, clock: nil).time != nil {
            seen[column].dates += 1
            hasValues = true
        }
    }

    /// Words with a blank between them, or in a script that writes none.
    private static func isText(_ text: Span<UInt8>) -> Bool {
        for i in 0..<text.count where text[unchecked: i] == 0x20 || text[unchecked: i] >= 0xE3 { return true }
        return false
    }

    /// Nothing but a time of day, with its zone or half of the day.
    private static func isClock(_ text: Span<UInt8>) -> Bool {
        text.count >= 5 && text[unchecked: 0].isDigit && JoinedTime(date: nil, clock: text).time != nil
    }

    /// Decides, once rows were looked at.
    mutating func decide(_ names: [[UInt8]]) {
        func all(_ count: KeyPath<Seen, Int>, _ column: Int) -> Bool {
            seen[column].cells > 0 && seen[column][keyPath: count] == seen[column].cells
        }
        func named(_ role: FieldRole) -> [Int] { roles.indices.filter { roles[$0].role == role } }
        if !named(.time).contains(where: { seen[$0].times > 0 }) {
            if let time = seen.indices.first(where: { all(\.times, $0) && seen[$0].numbers == 0 }) {
                roles[time] = RankedRole(role: .time, rank: Self.rank)
            } else if let date = seen.indices.first(where: { all(\.dates, $0) }) {
                self.date = date
                clock = seen.indices.first { all(\.clocks, $0) }
                for column in [date, clock] { if let column { roles[column] = .none } }
            } else if let time = seen.indices.first(where: { all(\.times, $0) }) {
                // Seconds since 1970 under a name that doesn't say so, such as `start`.
                roles[time] = RankedRole(role: .time, rank: Self.rank)
            }
        }
        let times = named(.time).filter { seen[$0].times > 0 } + [date, clock].compactMap { $0 }
        zone = times.lazy.compactMap { Self.zone(of: names[$0]) }.first ?? []
        if !named(.level).contains(where: { seen[$0].readable > 0 }),
            let level = seen.indices.first(where: { all(\.levels, $0) })
        {
            roles[level] = RankedRole(role: .level, rank: Self.rank)
        }
        guard !named(.message).contains(where: { seen[$0].length > 0 }) else { return }
        let texts = seen.indices.filter { roles[$0].role == .none && seen[$0].isText && $0 != date && $0 != clock }
        if let message = texts.max(by: { seen[$0].length < seen[$1].length }) {
            roles[message] = RankedRole(role: .message, rank: Self.rank)
        }
    }
}

/// The time of a row whose date and time of day stand in two cells.
struct JoinedTime {
    private(set) var time: ScannedTime?

    /// Without a clock the day's first moment; without a date only whether the clock is one.
    init(date: Span<UInt8>?, clock: Span<UInt8>?) {
        var text = InlineArray<64, UInt8>(repeating: 0x20)
        var count = 0
        func add(_ part: Span<UInt8>) -> Bool {
            guard part.count < 31 else { return false }
            for i in 0..<part.count { text[count + i] = part[unchecked: i] }
            count += part.count + 1
            return true
        }
        func add(_ part: StaticString) {
            for i in 0..<part.utf8CodeUnitCount { text[count + i] = part.utf8Start[i] }
            count += part.utf8CodeUnitCount + 1
        }
        if let date { guard add(date) else { return } } else { add("2000-01-01") }
        if let clock { guard add(clock) else { return } } else { add("00:00:00") }
        guard let scanned = TimestampScanner.scan(text.span.extracting(0..<count - 1), at: 0), scanned.shape == .full,
            scanned.end == count - 1
        else { return }
        time = scanned
    }
}
