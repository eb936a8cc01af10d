import LogCore

/// A group of a drafted pattern, and what the plugin does with what it captures.
struct DraftGroup {
    enum Use: Equatable {
        case time, level, component, message
        /// A field: as it is.
        case text
        /// A field that isn't there where the log has `-`.
        case optional
        case number
        /// Divided by so much.
        case duration(Int)
        /// `key=value` again and again.
        case pairs
    }

    var name: String
    var use: Use
}

/// The patterns of a layout, and the names of what they capture.
struct DraftPattern {
    /// Of the whole line, with a group for each value, in parts that may stand on a line each.
    private(set) var parts: [String] = []
    private(set) var groups: [DraftGroup] = []
    /// What begins every line, without groups.
    private(set) var guardPattern = "^"

    private let layout: LineLayout
    private var hasRequest = false

    init(_ layout: LineLayout) {
        self.layout = layout
        let columns = layout.columns
        var needsGuard = true
        for place in columns.indices {
            let gap = gap(place)
            if place == layout.headCount, layout.tail == .none, isSentence {
                // The words belong together, and what varies among them is worth a field all the same.
                groups.append(DraftGroup(name: "message", use: .message))
                parts.append("\(gap)(?<message>\(piece(place, named: true))")
            } else {
                parts.append(gap + piece(place, named: true))
            }
            if needsGuard {
                guardPattern += gap + piece(place, named: false)
                needsGuard = !isTelling(place) && place < 8
            }
        }
        switch layout.tail {
        case .none:
            parts.append(isSentence ? ")$" : "$")
        case .message:
            groups.append(DraftGroup(name: "message", use: .message))
            parts.append(joint + "(?<message>.*+)$")
        case .pairs:
            groups.append(DraftGroup(name: "message", use: .message))
            groups.append(DraftGroup(name: "rest", use: .pairs))
            parts.append(
                joint + #"(?<message>(?:(?![A-Za-z_][\w.-]*+=)[^ ]++(?: ++|$))*+)(?<rest>.*+)$"#)
        }
        if columns.isEmpty { guardPattern += layout.tail == .pairs ? firstPair : PatternText.literal(commonPrefix) }
        if layout.tail == .none, needsGuard { guardPattern += "$" }
    }

    /// Whether there is anything to tell the lines by from those of other logs.
    var tellsApart: Bool { guardPattern != "^" }

    private var firstPair: String { layout.firstKey.map { PatternText.literal($0) + "=" } ?? #"[A-Za-z_][\w.-]*+="# }

    /// What all lines begin with, a word or so of it.
    private var commonPrefix: ArraySlice<UInt8> {
        guard let first = layout.lines.first else { return [] }
        return layout.lines.dropFirst().reduce(first.prefix(40)) { prefix, line in
            first[
                ..<(zip(prefix, line).enumerated().first { $0.element.0 != $0.element.1 }?.offset
                    ?? min(prefix.count, line.count))]
        }
    }

    /// Between the columns and the message, which may be missing.
    private var joint: String {
        guard let last = layout.columns.last else { return " *+" }
        return last.close.isEmpty && !layout.isTailGlued ? "(?: ++|$)" : " *+"
    }

    /// What the lines end with is a sentence if some of its words are always the same.
    private var isSentence: Bool {
        layout.tail == .none && layout.columns[layout.headCount...].contains { $0.isFixedWord }
    }

    /// Whether hardly a line of another format has the columns up to there: a time or a level is the best of signs.
    private func isTelling(_ place: Int) -> Bool {
        let isSign = { (column: LineColumn) in [.time, .level, .request].contains(column.kind) }
        if layout.columns.prefix(8).contains(where: isSign) { return isSign(layout.columns[place]) }
        return place > 0 && [.boxed, .mark, .number, .quoted].contains(layout.columns[place].kind)
    }

    private func gap(_ place: Int) -> String {
        switch layout.columns[place].gap {
        case .none: ""
        case .one where place == 0: ""
        case .one: " "
        case .many: place == 0 ? " *+" : " ++"
        case .tab: "\\t"
        }
    }

    // MARK: One column

    /// The pattern of a column: with groups and their names, or without for the guard.
    private mutating func piece(_ place: Int, named: Bool) -> String {
        let column = layout.columns[place]
        let padding = column.isPadded ? " *+" : ""
        let open = PatternText.literal(column.open) + padding
        let close = padding + PatternText.literal(column.close)
        switch column.kind {
        case .mark: return open + PatternText.literal(column.texts[0]) + close
        case .dash: return open + "-" + close
        case .time:
            let times = PatternText.likeAll(column.texts)
            return open + (named || !times.contains("|") ? group("time", .time, times, named) : "(?:\(times))") + close
        case .level:
            let words = Self.levels(column.texts)
            return open + (named ? group("level", .level, words, true) : "(?:\(words))") + close
        case .request:
            hasRequest = true
            let method = group("method", .text, "[A-Z]++", named)
            let path = group("path", .text, #"[^ "]++"#, named)
            let version = group("protocol", .text, #"[^ "]++"#, named)
            return open + "\(method) \(path)(?: \(version))?" + close
        case .number: return open + number(place, named) + close
        case .address: return open + address(column, named) + close
        case .quoted:
            let quote = column.open
            let isEscaped = column.texts.contains { $0.contains(UInt8(ascii: "\\")) }
            let others = PatternText.others(than: isEscaped ? quote + "\\" : quote)
            return open
                + group(quotedName(place), .optional, isEscaped ? "(?:\(others)|\\\\.)*+" : "\(others)*+", named)
                + close
        case .boxed:
            let end = String(column.close.prefix(1))
            let (name, use) = boxedName(place)
            return open + group(name, use, PatternText.others(than: end) + "*+", named) + close
        case .pair:
            let use: DraftGroup.Use = column.texts.allSatisfy { LineReader.isNumber($0) } ? .number : .text
            let quote = column.open.hasSuffix("\"") ? "\"" : " " + column.close.prefix(1)
            return open + group(Self.fieldName(column.key), use, PatternText.others(than: quote) + "*+", named) + close
        case .word where column.processes > 0:
            let name = group("component", .component, #"[^ \[:]++"#, named)
            let process = #"\["# + group("pid", .number, #"\d++"#, named) + #"\]"#
            return name + (column.processes < column.texts.count ? "(?:\(process))?" : process) + close
        case .word: return open + word(place, named) + close
        }
    }

    private mutating func group(_ name: String, _ use: DraftGroup.Use, _ pattern: String, _ named: Bool) -> String {
        guard named else { return pattern }
        let name = unique(name)
        // Only one group can be the event's time, and so on.
        let isTaken = groups.contains { $0.use == use }
        let use = isTaken && [.time, .level, .component, .message].contains(use) ? .text : use
        groups.append(DraftGroup(name: name, use: use))
        return "(?<\(name)>\(pattern))"
    }

    private func unique(_ name: String) -> String {
        guard groups.contains(where: { $0.name == name }) else { return name }
        return (2...).lazy.map { "\(name)\($0)" }.first { next in !groups.contains { $0.name == next } } ?? name
    }

    private func has(_ name: String) -> Bool { groups.contains { $0.name == name } }

    private mutating func address(_ column: LineColumn, _ named: Bool) -> String {
        let isWithPort = column.texts.allSatisfy { text in text.count { $0 == UInt8(ascii: ":") } == 1 }
        if isWithPort {
            return group("client", .text, #"[\d.]++"#, named) + ":" + group("port", .number, #"\d++"#, named)
        }
        let repeated = column.close.hasPrefix(":") ? "+?" : "++"
        return group("client", .text, "[0-9A-Fa-f.:]\(repeated)", named)
    }

    private mutating func number(_ place: Int, _ named: Bool) -> String {
        let column = layout.columns[place]
        var pattern = column.texts.contains { $0.first == UInt8(ascii: "-") && $0.count > 1 } ? #"-?\d++"# : #"\d++"#
        if column.texts.contains(where: { $0.contains(UInt8(ascii: ".")) }) { pattern += #"(?:\.\d++)?+"# }
        if column.hasDash { pattern = named ? "\(pattern)|-" : "(?:\(pattern)|-)" }
        let isStatus = column.texts.allSatisfy { $0.count == 3 || $0.count == 1 && column.hasDash }
        if hasRequest, isStatus, !has("status") { return group("status", .number, pattern, named) }
        if has("status"), !has("bytes") { return group("bytes", .number, pattern, named) }
        let isInteger = column.texts.allSatisfy { !$0.contains(UInt8(ascii: ".")) }
        let isBehindTime = place < 5 && !hasRequest && groups.contains { $0.use == .time }
        if place < layout.headCount, isInteger, column.open == "[" || column.open == "(" || isBehindTime {
            return group(has("pid") ? "thread" : "pid", .number, pattern, named)
        }
        if let unit = unitBehind(place) { return group("duration", .duration(unit), pattern, named) }
        return group(wordBefore(place) ?? "number", .number, pattern, named)
    }

    /// How many to a second: `31 ms`.
    private func unitBehind(_ place: Int) -> Int? {
        guard place >= layout.headCount, place + 1 < layout.columns.count, layout.columns[place + 1].isFixedWord else {
            return nil
        }
        switch String(decoding: layout.columns[place + 1].texts[0], as: UTF8.self) {
        case "s", "sec", "secs", "seconds": return 1
        case "ms", "msec", "msecs", "milliseconds": return 1_000
        case "us", "usec", "usecs", "microseconds": return 1_000_000
        default: return nil
        }
    }

    private mutating func word(_ place: Int, _ named: Bool) -> String {
        let column = layout.columns[place]
        if place >= layout.headCount, column.isFixedWord { return PatternText.literal(column.texts[0]) }
        if let unit = column.unit {
            return group("duration", .duration(unit.perSecond), #"-?\d++(?:\.\d++)?+"#, named) + unit.name
        }
        let stop = stop(behind: place)
        let isClear = stop.isEmpty || !column.texts.contains { $0.contains(where: stop.utf8.contains) }
        let blank = column.gap == .tab || layout.columns.dropFirst(place + 1).first?.gap == .tab ? " \t" : " "
        let pattern = PatternText.others(than: isClear ? blank + stop : blank) + (isClear ? "++" : "+?")
        if place == component { return group("component", .component, pattern, named) }
        let use: DraftGroup.Use = column.hasDash ? .optional : .text
        if column.isMethod { return group("method", use, pattern, named) }
        if column.isPath { return group("path", use, pattern, named) }
        if column.isIdentifier { return group("id", use, pattern, named) }
        let isBehindTime = place > 0 && layout.columns[place - 1].kind == .time
        if isBehindTime, component == place + 1 { return group("host", use, pattern, named) }
        let next = layout.columns.dropFirst(place + 1).first
        if has("client"), next?.kind == .time { return group("user", .optional, pattern, named) }
        return group(wordBefore(place) ?? "word", use, pattern, named)
    }

    /// The sign that ends a word, if it isn't a blank.
    private func stop(behind place: Int) -> String {
        if let first = layout.columns[place].close.first { return String(first) }
        guard place + 1 < layout.columns.count, layout.columns[place + 1].gap == .none else { return "" }
        let next = layout.columns[place + 1]
        if let first = next.open.first { return String(first) }
        return next.kind == .mark ? String(decoding: next.texts[0].prefix(1), as: UTF8.self) : ""
    }

    // MARK: Names

    /// The column that says who speaks.
    private var component: Int? {
        let columns = layout.columns
        let names = columns.indices.prefix(layout.headCount).filter { place in
            columns[place].texts.allSatisfy { ($0.first ?? 0) | 0x20 >= 0x61 }
        }
        let words = names.filter { columns[$0].kind == .word && !columns[$0].isOneOfAKind }
        let isBeforeMark = { (place: Int) in place + 1 < columns.count && columns[place + 1].kind == .mark }
        return words.first { columns[$0].isNamed } ?? words.first { columns[$0].isDotted }
            ?? words.first(where: isBeforeMark) ?? names.first { columns[$0].kind == .boxed }
    }

    /// A word that is always the same names what stands behind it: `job 17`.
    private func wordBefore(_ place: Int) -> String? {
        guard place > layout.headCount, layout.columns[place - 1].isFixedWord else { return nil }
        let text = layout.columns[place - 1].texts[0]
        guard text.count > 2, text.allSatisfy({ ($0 | 0x20) &- 0x61 < 26 }) else { return nil }
        return Self.fieldName(String(decoding: text, as: UTF8.self))
    }

    private func quotedName(_ place: Int) -> String {
        let texts = layout.columns[place].texts.map { String(decoding: $0, as: UTF8.self) }
        guard hasRequest else { return "text" }
        let agents = ["Mozilla/", "curl/", "Go-http-client", "python-requests", "Wget/"]
        if texts.contains(where: { text in agents.contains { text.hasPrefix($0) } }) { return "agent" }
        return texts.allSatisfy { $0.hasPrefix("http") || $0 == "-" } && !has("referer") ? "referer" : "text"
    }

    private func boxedName(_ place: Int) -> (String, DraftGroup.Use) {
        if place == component { return ("component", .component) }
        return (place < layout.headCount && !has("thread") ? "thread" : "context", .optional)
    }

    /// A name that Lua, PCRE2 and people can read.
    static func fieldName(_ text: String) -> String {
        var name = String(
            text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }.prefix(28))
        if name.first.map({ $0.isNumber || $0 == "_" }) != false { name = "f" + name }
        let taken = ["event", "fields", "line", "entry", "given", "ailogger", "rest", "tonumber"]
        return LuaSource.keywords.contains(name) || taken.contains(name) ? name + "_" : name
    }

    // MARK: Levels

    private static let levelWords = [
        "trace", "debug", "info", "notice", "warning", "warn", "error", "critical", "fatal",
    ]

    /// The words that were seen, and those that are likely beside them.
    private static func levels(_ texts: [[UInt8]]) -> String {
        let seen = Set(texts.map { String(decoding: $0, as: UTF8.self) })
        if seen.allSatisfy({ $0.count == 1 }) { return "[TDVINWEFC]" }
        let isCapital = seen.allSatisfy { $0 == $0.uppercased() }
        let isSmall = seen.allSatisfy { $0 == $0.lowercased() }
        let likely = levelWords.map { word in
            isCapital ? word.uppercased() : isSmall ? word : word.prefix(1).uppercased() + word.dropFirst()
        }
        // Longer ones first: WARN would do for WARNING.
        let words = seen.union(likely).sorted { ($1.count, $0) < ($0.count, $1) }
        return words.map { PatternText.literal($0) }.joined(separator: "|")
    }
}
