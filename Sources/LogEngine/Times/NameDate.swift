import LogCore

/// The date in a file's name: `app-2026-11-20.log`, `syslog-20261120.gz`, `2026_11_20/app.log`.
enum NameDate {
    /// Days since the epoch; of several dates the last one, of the file's own name before its folder's.
    static func find(in path: String) -> Int? {
        let parts = path.split(separator: "/").suffix(2)
        return parts.reversed().lazy.compactMap { find(in: Array($0.utf8)) }.first
    }

    private static func find(in name: [UInt8]) -> Int? {
        var found: Int?
        var i = 0
        while i < name.count {
            guard isDigit(name[i]), i == 0 || !isDigit(name[i - 1]) else {
                i += 1
                continue
            }
            if let day = date(name, at: i) { found = day }
            i += 1
        }
        return found
    }

    private static func date(_ name: [UInt8], at start: Int) -> Int? {
        guard let year = number(name, start, 4), (1990...2100).contains(year) else { return nil }
        var i = start + 4
        var separator: UInt8?
        if i < name.count, name[i] == UInt8(ascii: "-") || name[i] == UInt8(ascii: "_") || name[i] == UInt8(ascii: ".")
        {
            separator = name[i]
            i += 1
        }
        guard let month = number(name, i, 2), (1...12).contains(month) else { return nil }
        i += 2
        if let separator {
            guard i < name.count, name[i] == separator else { return nil }
            i += 1
        }
        guard let day = number(name, i, 2), day >= 1, day <= Timestamp.daysIn(month: month, year: year) else {
            return nil
        }
        i += 2
        // `20261120040016` has a clock behind its date; other digits make it a number.
        let rest = name[i...].prefix { isDigit($0) }.count
        guard rest == 0 || separator == nil && (rest == 4 || rest == 6) else { return nil }
        return Timestamp.days(year: year, month: month, day: day)
    }

    private static func number(_ name: [UInt8], _ start: Int, _ count: Int) -> Int? {
        guard start + count <= name.count, name[start..<start + count].allSatisfy(isDigit) else { return nil }
        return name[start..<start + count].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
