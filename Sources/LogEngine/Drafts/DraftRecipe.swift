import LogCore

/// How a drafted parser reads its lines, as parts of its source.
struct DraftRecipe {
    /// PCRE2, tried before Lua.
    var guardPattern: String
    /// What stands before `parse`.
    var setup: String
    /// The first statements of `parse`, up to where the values are at hand.
    var head: String
    /// The values, by the names of locals.
    var groups: [DraftGroup]
    /// The lines that it is made of.
    var lines: [[UInt8]]

    /// The source of `parse`, and what it needs.
    var code: String {
        var code = ""
        if sets(.optional) {
            code += """
                -- A dash, or nothing, stands for a value that isn't there.
                local function given(text)
                  if text ~= "-" and text ~= "" then return text end
                end


                """
        }
        code += setup
        code += "function M.parse(line, event)\n\(head)"
        if groups.contains(where: { !Self.members.contains($0.use) }) { code += "  local fields = event.fields\n" }
        for use in Self.members {
            for group in groups where group.use == use { code += Self.assignment(group) }
        }
        if isRequest {
            code += "  event.message = method .. \" \" .. path\n"
            if !sets(.level), has("status") {
                code += "  -- How grave it is, the answer says.\n  local code = tonumber(status) or 0\n"
                code += "  event.level = code >= 500 and \"error\" or code >= 400 and \"warning\" or \"info\"\n"
            }
        }
        for group in groups where !Self.members.contains(group.use) { code += Self.assignment(group) }
        return code + "end\n"
    }

    /// Whether anything gives the event its level.
    var hasLevel: Bool { sets(.level) || isRequest && has("status") }
    var hasTime: Bool { sets(.time) }

    /// Lines of a server that say what was asked for, and nothing in words.
    private var isRequest: Bool { has("method") && has("path") && !sets(.message) }

    private func has(_ name: String) -> Bool { groups.contains { $0.name == name } }
    private func sets(_ use: DraftGroup.Use) -> Bool { groups.contains { $0.use == use } }

    private static let members: [DraftGroup.Use] = [.time, .level, .component, .message]

    private static func assignment(_ group: DraftGroup) -> String {
        let name = group.name
        switch group.use {
        case .time: return "  event.time = \(name)\n"
        case .level: return "  event.level = \(name)\n"
        case .component: return "  event.component = \(name)\n"
        case .message: return "  if \(name) ~= \"\" then event.message = \(name) end\n"
        case .text: return "  fields.\(name) = \(name)\n"
        case .optional: return "  fields.\(name) = given(\(name))\n"
        case .number: return "  fields.\(name) = tonumber(\(name))\n"
        case .duration(1): return "  fields.\(name) = tonumber(\(name))\n"
        case .duration(let perSecond): return "  fields.\(name) = tonumber(\(name)) / \(perSecond)\n"
        case .pairs:
            return """
                  for key, value in ailogger.kv.each(\(name)) do
                    if key == "msg" or key == "message" then
                      event.message = value
                    else
                      fields[key] = value:find("^%-?[%d.]+$") and tonumber(value) or value
                    end
                  end

                """
        }
    }

    /// Values between commas, no row longer than a line of code should be.
    static func list(_ items: [String], indent: String, last: String = "") -> String {
        var rows = [indent]
        for (index, item) in items.enumerated() {
            let text = item + (index + 1 < items.count ? "," : last)
            let row = rows[rows.count - 1]
            if row.utf8.count + text.utf8.count > 112, row != indent { rows.append(indent) }
            rows[rows.count - 1] += (rows[rows.count - 1] == indent ? "" : " ") + text
        }
        return rows.joined(separator: "\n")
    }

    private static func locals(_ groups: [DraftGroup], from expression: String) -> String {
        let names = list(groups.map(\.name), indent: "    ").drop { $0 == " " }
        return "  local \(names) =\(names.utf8.count + expression.utf8.count > 100 ? "\n    " : " ")\(expression)\n"
    }
}

// MARK: - Lines with a layout

extension DraftRecipe {
    /// Nil if nothing tells the lines from those of other logs, or there is nothing in them to take.
    init?(_ layout: LineLayout) {
        let pattern = DraftPattern(layout)
        guard pattern.tellsApart, let first = pattern.groups.first else { return nil }
        var rows = ["^"]
        for part in pattern.parts {
            if rows[rows.count - 1].utf8.count + part.utf8.count > 96, rows != ["^"] { rows.append("") }
            rows[rows.count - 1] += part
        }
        guardPattern = pattern.guardPattern
        groups = pattern.groups
        lines = layout.lines
        setup =
            "local entry = ailogger.regex(\n  "
            + rows.map { LuaSource.pattern($0) }.joined(separator: " ..\n  ") + ")\n\n"
        head = Self.locals(groups, from: "entry:captures(line)") + "  if not \(first.name) then return false end\n"
    }
}

// MARK: - Lines of cells

/// What lines of values between separators have in common.
struct CellLayout {
    private enum Kind { case time, level, number, address, text }

    let separator: UInt8
    private let rows: [[[UInt8]]]
    private let kinds: [Kind]
    /// The names that the first line gives them.
    private let header: [String]?
    let lines: [[UInt8]]

    /// Nil if the lines aren't made so.
    init?(of all: [[UInt8]]) {
        for separator in [0x09, UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: ",")] {
            if let layout = CellLayout(of: all, separator) {
                self = layout
                return
            }
        }
        // Blanks are between words as well: only a line of names above says that they are between cells.
        guard let layout = CellLayout(of: all, 0x20), layout.header != nil else { return nil }
        self = layout
    }

    private init?(_ separator: UInt8, _ rows: [[[UInt8]]], _ lines: [[UInt8]]) {
        self.separator = separator
        let whole = Self.kinds(rows)
        let rest = Self.kinds(Array(rows.dropFirst()))
        let names = rows[0].map { String(decoding: $0, as: UTF8.self) }
        // A first line of nothing but names, above columns that hold something else.
        let isHeader =
            rows.count > 1 && zip(whole, rest).contains { $0 == .text && $1 != .text }
            && Set(names).count == names.count && names.allSatisfy { !$0.isEmpty }
        header = isHeader ? names : nil
        kinds = isHeader ? rest : whole
        self.rows = isHeader ? Array(rows.dropFirst()) : rows
        self.lines = isHeader ? Array(lines.dropFirst()) : lines
    }

    private init?(of all: [[UInt8]], _ separator: UInt8) {
        let isStrict = separator == UInt8(ascii: ",") || separator == UInt8(ascii: ";")
        let rows = all.map { Self.cells($0, separator) }
        var counts: [Int: Int] = [:]
        for row in rows { counts[row.count, default: 0] += 1 }
        guard let best = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
            best.key > (isStrict ? 3 : 2), best.key <= 100, best.value >= (isStrict ? 3 : 2),
            best.value * 20 >= all.count * (separator == 0x09 ? 12 : 19)
        else { return nil }
        let chosen = rows.indices.filter { rows[$0].count == best.key }
        // Prose has a blank behind its commas.
        let cells = chosen.flatMap { rows[$0].dropFirst() }
        guard cells.count(where: { $0.first == 0x20 }) * 10 < cells.count else { return nil }
        self.init(separator, chosen.map { rows[$0] }, chosen.map { all[$0] })
    }

    private static func cells(_ line: [UInt8], _ separator: UInt8) -> [[UInt8]] {
        var cells: [[UInt8]] = [[]]
        var isQuoted = false
        for byte in line {
            if byte == UInt8(ascii: "\""), isQuoted || cells[cells.count - 1].isEmpty {
                isQuoted.toggle()
            } else if byte == separator, !isQuoted {
                cells.append([])
            } else {
                cells[cells.count - 1].append(byte)
            }
        }
        return cells
    }

    private static func kinds(_ rows: [[[UInt8]]]) -> [Kind] {
        guard let first = rows.first else { return [] }
        var sawTime = false
        return first.indices.map { place in
            let texts = rows.map { $0[place] }.filter { !$0.isEmpty && $0 != [UInt8(ascii: "-")] }
            let isTime = { (text: [UInt8]) in
                TimestampScanner.scan(text.span, at: 0).map { $0.end == text.count && $0.shape == .full } ?? false
            }
            if texts.isEmpty { return .text }
            if !sawTime, texts.count == rows.count, texts.allSatisfy(isTime) {
                sawTime = true
                return .time
            }
            if texts.allSatisfy({ LineReader.isNumber($0) }) { return .number }
            if texts.allSatisfy({ LineReader.isAddress($0) }) { return .address }
            let isLevel = { (text: [UInt8]) in text.count > 1 && Severity(word: text.span) != nil }
            return texts.count == rows.count && texts.allSatisfy(isLevel) ? .level : .text
        }
    }

    fileprivate var groups: [DraftGroup] {
        var groups: [DraftGroup] = []
        let longest = kinds.indices.filter { kinds[$0] == .text }
            .max { a, b in rows.reduce(0) { $0 + $1[a].count } < rows.reduce(0) { $0 + $1[b].count } }
        for (place, kind) in kinds.enumerated() {
            let (wanted, use) = name(place, kind, isLongest: place == longest)
            let isTaken = groups.contains { $0.use == use } && [.time, .level, .component, .message].contains(use)
            var name = wanted
            var number = 2
            while groups.contains(where: { $0.name == name }) {
                name = "\(wanted)\(number)"
                number += 1
            }
            groups.append(DraftGroup(name: name, use: isTaken ? .optional : use))
        }
        return groups
    }

    private func name(_ place: Int, _ kind: Kind, isLongest: Bool) -> (String, DraftGroup.Use) {
        let own: (name: String, role: FieldRole)? = header.map { names in
            let bytes = Array(names[place].utf8)
            return (DraftPattern.fieldName(names[place]), FieldRoles.role(bytes.span).role)
        }
        switch kind {
        case .time: return (own?.name ?? "time", .time)
        case .level: return (own?.name ?? "level", .level)
        case .number: return (own?.name ?? "number", .number)
        case .address: return (own?.name ?? "client", .optional)
        case .text:
            guard let own else { return isLongest ? ("message", .message) : ("text", .optional) }
            switch own.role {
            case .message: return (own.name, .message)
            case .component: return (own.name, .component)
            default: return (own.name, .optional)
            }
        }
    }

    /// The first columns, as far as is needed to tell the lines from others.
    fileprivate var guardPattern: String {
        let between = PatternText.literal([separator])
        let other = PatternText.others(than: separator == 0x09 ? "\t" : String(decoding: [separator], as: UTF8.self))
        let telling = kinds.indices.filter { kinds[$0] == .time || kinds[$0] == .level }
        guard let last = telling.last ?? kinds.firstIndex(of: .number) else {
            return "^(?:\(other)*+\(between)){\(kinds.count - 1)}\(other)*+$"
        }
        var pattern = "^"
        for place in 0...last {
            let texts = rows.map { $0[place] }
            switch kinds[place] {
            case .time: pattern += #""?+(?:"# + PatternText.likeAll(texts) + #")"?+"#
            case .level:
                pattern +=
                    #""?+(?i:"#
                    + Set(texts.map { String(decoding: $0, as: UTF8.self).lowercased() })
                    .union(["debug", "info", "warning", "warn", "error", "critical", "fatal"])
                    .sorted { ($1.count, $0) < ($0.count, $1) }.joined(separator: "|") + #")"?+"#
            case .number where place == last: pattern += #""?+-?[\d.]*+"?+"#
            default: pattern += "\(other)*+"
            }
            pattern += place + 1 < kinds.count ? between : "$"
        }
        return pattern
    }
}

extension DraftRecipe {
    init(_ layout: CellLayout) {
        let sign = LuaSource.string([layout.separator])
        let options = layout.separator == UInt8(ascii: ",") ? "" : ", { separator = \(sign) }"
        guardPattern = layout.guardPattern
        setup = ""
        groups = layout.groups
        lines = layout.lines
        head = """
              local cells = ailogger.csv.parse(line\(options))
              if #cells ~= \(groups.count) then return false end
            \(Self.locals(groups, from: "table.unpack(cells)"))
            """
    }
}
