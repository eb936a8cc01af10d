/// What a plugin's table says of itself, as far as the text tells without running it: the script must begin with
/// `local M = { … }`, and values of the table must be plain ones.
struct LuaFacts {
    enum Value {
        case text([UInt8])
        case flag(Bool)
        case number(Int)
        case table
    }

    private(set) var values: [String: Value] = [:]

    private struct Unclear: Error {}

    private let source: [UInt8]
    private var at = 0

    /// Nil where the text doesn't tell.
    init?(_ source: [UInt8]) {
        self.source = source
        do throws(Unclear) { try read() } catch { return nil }
    }

    func text(_ key: String) -> String? {
        if case .text(let bytes) = values[key] { String(decoding: bytes, as: UTF8.self) } else { nil }
    }

    var kind: LuaKind? { text("kind").flatMap { LuaKind(rawValue: $0) } }

    // MARK: The table

    private mutating func read() throws(Unclear) {
        skipBlanks()
        guard word() == "local" else { throw Unclear() }
        skipBlanks()
        guard word() != nil, take("="), take("{") else { throw Unclear() }
        while !take("}") {
            skipBlanks()
            guard let key = word(), take("="), values[key] == nil else { throw Unclear() }
            values[key] = try value()
            if take(",") || take(";") { continue }
            // Nothing else ends a value: `1 + x` and `name:lower()` go on.
            guard take("}") else { throw Unclear() }
            return
        }
    }

    private mutating func value() throws(Unclear) -> Value {
        skipBlanks()
        if var text = try string() {
            while take("..") {
                skipBlanks()
                guard let more = try string() else { throw Unclear() }
                text += more
            }
            return .text(text)
        }
        if at < source.count, source[at] == UInt8(ascii: "{") {
            try skipTable()
            return .table
        }
        switch word() {
        case "true": return .flag(true)
        case "false": return .flag(false)
        case let word?:
            guard let number = Int(word) else { throw Unclear() }
            return .number(number)
        case nil: throw Unclear()
        }
    }

    /// Past a table, whatever is in it: outside of strings and comments, braces come in pairs.
    private mutating func skipTable() throws(Unclear) {
        var depth = 0
        repeat {
            skipBlanks()
            guard at < source.count else { throw Unclear() }
            if try string() != nil { continue }
            if source[at] == UInt8(ascii: "{") { depth += 1 }
            if source[at] == UInt8(ascii: "}") { depth -= 1 }
            at += 1
        } while depth > 0
    }

    // MARK: Words

    /// A name or a number; nil if something else is here.
    private mutating func word() -> String? {
        let start = at
        while at < source.count, SourceLines.isNamePart(source[at]) { at += 1 }
        return at > start ? String(decoding: source[start..<at], as: UTF8.self) : nil
    }

    /// Past a sign, and what is blank before it; false, and nothing taken, if there is something else.
    private mutating func take(_ sign: StaticString) -> Bool {
        skipBlanks()
        let count = sign.utf8CodeUnitCount
        guard at + count <= source.count else { return false }
        for i in 0..<count where source[at + i] != sign.utf8Start[i] { return false }
        at += count
        return true
    }

    /// Past spaces, line ends and comments.
    private mutating func skipBlanks() {
        while at < source.count {
            if source[at] == 0x20 || (0x09...0x0D).contains(source[at]) {
                at += 1
            } else if source[at] == UInt8(ascii: "-"), at + 1 < source.count, source[at + 1] == UInt8(ascii: "-") {
                at += 2
                if let end = longBracket() {
                    at = end.after
                } else {
                    while at < source.count, source[at] != 0x0A { at += 1 }
                }
            } else {
                return
            }
        }
    }

    /// A string's bytes; nil if none is here. One with escapes is unclear, as it means other bytes than its own.
    private mutating func string() throws(Unclear) -> [UInt8]? {
        guard at < source.count else { return nil }
        let quote = source[at]
        if quote == UInt8(ascii: "[") {
            guard let (text, after) = longBracket() else { return nil }
            at = after
            // Lua leaves out a line end right behind the brackets, and reads all kinds of them as LF.
            guard !text.isEmpty, source[text.lowerBound] != 0x0A, !source[text].contains(0x0D) else { throw Unclear() }
            return Array(source[text])
        }
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        at += 1
        let start = at
        while at < source.count, source[at] != quote {
            if source[at] == UInt8(ascii: "\\") || source[at] == 0x0A { throw Unclear() }
            at += 1
        }
        guard at < source.count else { throw Unclear() }
        at += 1
        return Array(source[start..<at - 1])
    }

    /// Where the text in `[[…]]` or `[=[…]=]` lies, and where it goes on; nil if none begins here.
    private func longBracket() -> (text: Range<Int>, after: Int)? {
        guard at < source.count, source[at] == UInt8(ascii: "[") else { return nil }
        var start = at + 1
        while start < source.count, source[start] == UInt8(ascii: "=") { start += 1 }
        let level = start - at - 1
        guard start < source.count, source[start] == UInt8(ascii: "[") else { return nil }
        start += 1
        var end = start
        while end + level + 1 < source.count {
            if source[end] == UInt8(ascii: "]"), source[end + level + 1] == UInt8(ascii: "]"),
                source[end + 1..<end + level + 1].allSatisfy({ $0 == UInt8(ascii: "=") })
            {
                return (start..<end, end + level + 2)
            }
            end += 1
        }
        return nil
    }
}
