import LogCore

/// The piece that all lines have at one place.
struct LineColumn {
    enum Gap { case none, one, many, tab }

    var kind: LineToken.Kind
    var gap: Gap
    var open: String
    var close: String
    var key: String
    var isPadded: Bool
    /// Some lines have `-` there.
    var hasDash: Bool
    /// Of a name with a colon: lines that have the number of a process between them.
    var processes: Int
    var texts: [[UInt8]]

    var isConstant: Bool { Set(texts).count == 1 }

    /// Nil if the lines have nothing in common there.
    init?(_ tokens: [(token: LineToken, line: [UInt8])]) {
        guard let first = tokens.first?.token else { return nil }
        func all<Value: Equatable>(_ value: (LineToken) -> Value) -> Bool {
            tokens.allSatisfy { value($0.token) == value(first) }
        }
        let gaps = tokens.map { Array($0.line[$0.token.gap]) }
        if gaps.allSatisfy({ $0 == [0x09] }) {
            gap = .tab
        } else if gaps.allSatisfy({ $0 == [0x20] }) {
            gap = .one
        } else if gaps.allSatisfy(\.isEmpty) {
            gap = .none
        } else if gaps.contains(where: \.isEmpty), first.gap.lowerBound > 0 {
            return nil
        } else {
            gap = .many
        }
        let kinds = Set(tokens.map(\.token.kind))
        let isFramed = all(\.open) && all(\.close)
        open = first.open
        close = first.close
        key = first.key
        isPadded = tokens.contains { $0.token.isPadded }
        processes = tokens.count { $0.token.hasProcess }
        hasDash = kinds.contains(.dash)
        texts = tokens.map { Array($0.line[$0.token.text]) }
        let isOneMark = Set(texts).count == 1
        if kinds == [.dash], isFramed {
            // No value that is missing but a sign between others.
            kind = .mark
        } else if kinds.count == 1, isFramed, first.kind != .mark || isOneMark {
            kind = first.kind
        } else if kinds.subtracting([.dash]) == [.number], isFramed {
            kind = .number
        } else if kinds == [.request, .quoted], isFramed {
            kind = .quoted
        } else if !open.isEmpty, isFramed, kinds.isDisjoint(with: [.quoted, .request, .pair]) {
            kind = .boxed
        } else {
            // Words of any kind, as long as they are one word.
            let words = tokens.map { Array($0.line[isFramed ? $0.token.text : $0.token.whole]) }
            guard words.allSatisfy({ !$0.contains(where: LineReader.isBlank) }), all(\.open), open.isEmpty else {
                return nil
            }
            kind = .word
            texts = words
            if !isFramed {
                close = ""
                processes = 0
            }
        }
    }

    /// Always the same word of a sentence.
    var isFixedWord: Bool {
        kind == .word && isConstant && texts.count >= 3
            && texts[0].allSatisfy { ($0 | 0x20) &- 0x61 < 26 || "'-".utf8.contains($0) }
            && texts[0].contains { $0 &- 0x61 < 26 }
    }

    /// A word with a colon behind it: who speaks.
    var isNamed: Bool { kind == .word && close.hasPrefix(":") }

    /// `com.example.Shop`, `shop::cart`.
    var isDotted: Bool {
        kind == .word && close.isEmpty
            && texts.allSatisfy { text in
                let isWord = { (i: Int) in text.indices.contains(i) && LineReader.isWordByte(text[i]) }
                return text.indices.contains { i in
                    (text[i] == UInt8(ascii: ".") && isWord(i - 1) && isWord(i + 1))
                        || (text[i] == UInt8(ascii: ":") && isWord(i - 1) && isWord(i + 2))
                }
            }
    }

    /// What no sentence would have at the same place in every line.
    var isHeadMatter: Bool {
        switch kind {
        case .time, .level, .boxed, .request, .quoted, .mark: true
        case .number, .address: !open.isEmpty
        case .word: isNamed
        case .dash, .pair: false
        }
    }
}

/// What lines of one log have in common: columns, and what stands behind them.
struct LineLayout {
    enum Tail {
        /// Nothing: the columns are all there is.
        case none
        /// A sentence.
        case message
        /// A sentence or none, and then `key=value` again and again.
        case pairs
    }

    private(set) var columns: [LineColumn] = []
    /// Columns before the message: those behind are part of it.
    private(set) var headCount = 0
    private(set) var tail = Tail.message
    /// The lines that have it, and their pieces.
    private(set) var lines: [[UInt8]]
    private var rows: [[LineToken]]
    /// Lines that were looked at.
    private let lineCount: Int

    /// As much as can be seen.
    init(of all: [[UInt8]]) {
        (lines, rows) = Self.alike(all)
        lineCount = lines.count
        while columns.count < Self.mostColumns {
            let column = column(columns.count)
            if column?.isHeadMatter != true, dropStrangers(beside: column) { continue }
            guard let column else { break }
            columns.append(column)
        }
        headCount = headEnd
        if rows.allSatisfy({ $0.count == columns.count }), isRegular {
            tail = .none
        } else {
            let paired = rows.count { $0.count > headCount && $0.last?.kind == .pair }
            tail = paired * 2 > rows.count ? .pairs : .message
            columns.removeLast(columns.count - headCount)
        }
    }

    /// What all lines have at a place.
    private func column(_ place: Int) -> LineColumn? {
        guard rows.allSatisfy({ $0.count > place }) else { return nil }
        return LineColumn(zip(rows, lines).map { ($0.0[place], $0.1) })
    }

    /// Whether nothing but a sign parts the columns from what stands behind them.
    var isTailGlued: Bool { rows.contains { $0.count > columns.count && $0[columns.count].gap.isEmpty } }

    /// The key that all lines begin with; nil if they begin with several, or with none.
    var firstKey: String? {
        let keys = Set(rows.map { $0.first?.key ?? "" })
        return keys.count == 1 && keys.first != "" ? keys.first : nil
    }

    /// The same with less of it: only the first columns, then a message.
    func shortened(to count: Int) -> LineLayout {
        var copy = self
        copy.columns.removeLast(max(0, columns.count - count))
        copy.headCount = min(headCount, count)
        copy.tail = .message
        return copy
    }

    private static let mostColumns = 40

    // MARK: Which lines

    /// The lines whose first piece most have. Those of another kind, a trace for one, are left aside.
    private static func alike(_ all: [[UInt8]]) -> (lines: [[UInt8]], tokens: [[LineToken]]) {
        let starts = all.filter { !LineShape.isContinuation($0.span) && !LineReader.isBlank($0[0]) }
        let lines = starts.isEmpty ? all : starts
        let tokens = lines.map(LineReader.tokens)
        let looks = tokens.map { $0.first.map { "\($0.kind)\($0.open)" } ?? "" }
        var weights: [String: Int] = [:]
        for (look, tokens) in zip(looks, tokens) {
            let isHead = tokens.first.map { [.time, .level, .boxed].contains($0.kind) } ?? false
            weights[look, default: 0] += isHead ? 3 : 1
        }
        let best = weights.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        var chosen = lines.indices.filter { looks[$0] == best }
        // Nearly all have so many pieces: one that was cut short doesn't count.
        var counts: [Int: Int] = [:]
        for index in chosen { counts[tokens[index].count, default: 0] += 1 }
        if let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), isMost(most.value, of: chosen.count)
        {
            chosen = chosen.filter { tokens[$0].count == most.key }
        }
        return (chosen.map { lines[$0] }, chosen.map { tokens[$0] })
    }

    /// Lines that are otherwise at the next place go, if most agree on something of weight there, and not too many
    /// have gone already. `column`: what can be said of all of them.
    private mutating func dropStrangers(beside column: LineColumn?) -> Bool {
        let place = columns.count
        var counts: [String: Int] = [:]
        let looks = rows.map { $0.count > place ? "\($0[place].kind)\($0[place].open)\($0[place].close)" : "" }
        for look in looks { counts[look, default: 0] += 1 }
        guard let best = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), !best.key.isEmpty,
            best.value < rows.count, Self.isMost(best.value, of: rows.count), best.value * 10 >= lineCount * 7
        else { return false }
        let chosen = rows.indices.filter { looks[$0] == best.key }
        guard let common = LineColumn(chosen.map { (rows[$0][place], lines[$0]) }), common.isHeadMatter,
            column == nil || [.time, .level, .request].contains(common.kind)
        else { return false }
        rows = chosen.map { rows[$0] }
        lines = chosen.map { lines[$0] }
        for i in columns.indices { columns[i].texts = chosen.map { columns[i].texts[$0] } }
        return true
    }

    private static func isMost(_ count: Int, of all: Int) -> Bool { count * 20 >= all * 17 }

    // MARK: Where the head ends

    /// Behind the last column that is head matter. Words go along if head matter follows soon, until a component has
    /// spoken: then the rest is what it says.
    private var headEnd: Int {
        var end = 0
        var hasTime = false
        var hasLevel = false
        var hasComponent = false
        var place = 0
        while place < columns.count, columns[place].kind != .pair {
            let column = columns[place]
            let isLogger = column.isDotted && (hasTime || hasLevel) && !hasComponent
            if column.isHeadMatter || isLogger {
                if hasComponent, lines.count < 3, column.kind != .mark { break }
                hasTime = hasTime || column.kind == .time
                hasLevel = hasLevel || column.kind == .level
                hasComponent = hasComponent || isLogger || column.isNamed
                place += 1
                end = place
                continue
            }
            if hasComponent { break }
            let reach = place + (hasTime || hasLevel ? 2 : 4)
            let next = (place + 1..<max(place + 1, min(reach + 1, columns.count))).first { columns[$0].isHeadMatter }
            guard let next, !(hasTime && hasLevel) || speaks(next) else { break }
            place = next
        }
        return end
    }

    /// Whether a word before it can't be the message's.
    private func speaks(_ place: Int) -> Bool {
        columns[place].isNamed || columns[place].kind == .mark || columns[place].kind == .boxed && lines.count >= 3
    }

    // MARK: Whether there is a message

    /// Whether the columns behind the head are worth a name each. Few sentences may have as many words by chance.
    private var isRegular: Bool {
        let rest = columns[headCount...]
        let loose = rest.count { $0.kind == .word && !$0.isFixedWord && !$0.isOneOfAKind }
        if loose == 0, lines.count >= 3 || !rest.contains(where: { $0.kind == .word }) { return true }
        if lines.count >= 8 { return true }
        return lines.count >= 3 && loose <= rest.count - loose
    }
}

extension LineColumn {
    private static let methods = ["GET", "PUT", "POST", "HEAD", "DELETE", "PATCH", "OPTIONS", "CONNECT"]

    var isMethod: Bool {
        kind == .word && texts.allSatisfy { text in Self.methods.contains { text.elementsEqual($0.utf8) } }
    }

    /// A path or an address of the web's.
    var isPath: Bool {
        kind == .word
            && texts.allSatisfy { text in
                text.first == UInt8(ascii: "/") || String(decoding: text, as: UTF8.self).contains("://")
            }
    }

    /// A digest, a UUID.
    var isIdentifier: Bool {
        kind == .word
            && texts.allSatisfy { text in
                text.count >= 16 && text.contains(where: LineReader.isDigit)
                    && text.allSatisfy { LineReader.isDigit($0) || ($0 | 0x20) &- 0x61 < 6 || $0 == UInt8(ascii: "-") }
            }
    }

    /// A word that says by itself what it is.
    var isOneOfAKind: Bool { isMethod || isPath || isIdentifier || unit != nil }

    /// Of numbers with a unit of time behind them: `12ms`, `0.3s`.
    var unit: (name: String, perSecond: Int)? {
        guard kind == .word else { return nil }
        let units: [(name: String, perSecond: Int)] = [
            ("ms", 1_000), ("us", 1_000_000), ("ns", 1_000_000_000), ("s", 1),
        ]
        return units.first { unit in
            texts.allSatisfy {
                $0.count > unit.name.utf8.count && $0.reversed().starts(with: unit.name.utf8.reversed())
                    && LineReader.isNumber($0.dropLast(unit.name.utf8.count))
            }
        }
    }
}

extension LineReader {
    static func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool { isNumber(Array(bytes)) }
}
