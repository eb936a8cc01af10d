import LogCore
import LogLua

/// Writes a parser for the lines of a log: looks for what they have in common, and tries what it wrote on them.
struct ParserDraft {
    /// The plugin's text, which loads and passes its samples; empty if there is nothing that tells the lines from others.
    private(set) var source = ""
    /// How many of the lines it reads.
    private(set) var read = 0

    private let name: String
    private let all: [[UInt8]]
    private let isExample: Bool

    /// So many lines show what there is to see.
    static let mostLines = 1_000
    private static let longestSample = 600

    /// `isExample`: the lines are made up.
    init(_ name: String, _ lines: [[UInt8]], isExample: Bool) {
        self.name = name
        self.isExample = isExample
        all = lines.filter { line in line.contains { !LineReader.isBlank($0) } }
        if all.isEmpty { return }
        for recipe in recipes where adopt(recipe) { return }
    }

    /// The best first, each less particular than the one before it.
    private var recipes: [DraftRecipe] {
        let layout = LineLayout(of: all)
        let counts = [layout.headCount, 2, 1, 0].filter { $0 < layout.columns.count || layout.columns.isEmpty }
        let layouts = [layout] + counts.map { layout.shortened(to: $0) }
        return (CellLayout(of: all).map { [DraftRecipe($0)] } ?? []) + layouts.compactMap { DraftRecipe($0) }
    }

    /// Takes the recipe if a parser made of it reads nearly all the lines that it is made of.
    private mutating func adopt(_ recipe: DraftRecipe) -> Bool {
        guard let trial = load(text(recipe, samples: "  { line = \"\", expect = false },\n")) else { return false }
        let parser = trial.makeParser()
        let readings = all.map { Reading($0, parser) }
        let taken = readings.compactMap(\.self)
        guard parser.errors.count == 0, taken.count * 20 >= recipe.lines.count * 19, !taken.isEmpty else {
            return false
        }
        var samples = Self.chosen(taken).map(\.lua).joined()
        let strangers = zip(all, readings).filter { $1 == nil && $0.count < Self.longestSample }.map(\.0)
        let other = strangers.min { $0.count < $1.count } ?? Array("another program's line".utf8)
        var event = EventBuilder()
        event.begin()
        let refused = parser.parse(other.span, at: 0, into: &event) ? [] : other
        samples += "  { line = \(LuaSource.string(refused)), expect = false },\n"
        let whole = text(recipe, samples: samples, read: taken.count)
        guard load(whole) != nil else { return false }
        source = whole
        read = taken.count
        return true
    }

    private func load(_ text: String) -> LuaPlugin? {
        LuaPlugin.load(path: "\(name)/init.lua", source: Array(text.utf8)).plugin
    }

    private func text(_ recipe: DraftRecipe, samples: String, read: Int = 0) -> String {
        let origin =
            isExample
            ? "An example that `ailogger plugins new` wrote, for lines that it made up. To be put into its place:"
            : "A draft that `ailogger plugins new` made of \(all.count) lines, of which it reads \(read). To be looked at:"
        var advice = """
            --- What writes these lines, and where that is documented: say it here.
            ---
            --- \(origin)
            ---   * Names: a word, number or text that the draft has no better name for. docs/fields.md has those in use.
            ---   * The pattern: written for these lines, it may be too narrow for others, or too wide.
            """
        if !recipe.hasTime {
            advice += "\n---   * The time: none was found. Set event.time to the text of one, or to nanoseconds."
        }
        if !recipe.hasLevel {
            advice +=
                "\n---   * The level: none was found. Set event.level to a word such as \"error\" where you can tell."
        }
        return """
            \(advice)
            ---   * The samples: what they expect is what the draft gives. See that it is right, and add lines that differ.

            local M = {
              name = \(LuaSource.string(name)),
              kind = "parser",
              api = 1,
              description = "Lines of \(name)",
              -- The guard: lines that it doesn't match never reach Lua.
              match = \(LuaSource.pattern(recipe.guardPattern)),
            }

            \(recipe.code)
            M.samples = {
            \(samples)}

            return M

            """
    }

    // MARK: Samples

    /// Up to four lines that differ in what they give: first those of another level, then those with other fields.
    private static func chosen(_ readings: [Reading]) -> [Reading] {
        let short = readings.filter { $0.line.count < longestSample }
        var chosen: [Reading] = []
        func add(upTo most: Int, by look: (Reading) -> String) {
            for reading in short where chosen.count < most {
                if !chosen.contains(where: { look($0) == look(reading) }) { chosen.append(reading) }
            }
        }
        add(upTo: 4) { $0.level ?? "" }
        add(upTo: 4) { "\($0.level ?? "") \($0.fields.map(\.name))" }
        add(upTo: 2) { String(decoding: $0.line, as: UTF8.self) }
        return chosen.isEmpty ? Array(readings.prefix(1)) : chosen
    }

    /// What the drafted parser makes of a line.
    private struct Reading {
        var line: [UInt8]
        var level: String?
        var members: [String] = []
        var fields: [(name: String, value: String)] = []

        /// Nil if the line is refused.
        init?(_ line: [UInt8], _ parser: LuaParser) {
            self.line = line
            var event = EventBuilder()
            event.reset(rawCount: line.count)
            event.begin()
            guard parser.parse(line.span, at: 0, into: &event) else { return nil }
            let decoded = Array(event.decoded)
            func bytes(_ range: ByteRange) -> [UInt8] {
                if range.isEmpty { return [] }
                if range.upper <= line.count { return Array(line[range.lower..<range.upper]) }
                return Array(decoded[range.lower - line.count..<range.upper - line.count])
            }
            let record = event.record
            // A time without a year depends on the file that it stands in.
            if record.timeSource == .line {
                var writer = JSONWriter()
                writer.timestamp(record.time)
                members.append("time = \(String(decoding: writer.bytes, as: UTF8.self))")
            }
            if record.severity != .unspecified {
                level = record.severity.name
                members.append("level = \"\(record.severity.name)\"")
            }
            if !record.component.isEmpty { members.append("component = \(LuaSource.string(bytes(record.component)))") }
            // The whole line is what a message is that nobody sets.
            if record.message.count < line.count {
                members.append("message = \(LuaSource.string(bytes(record.message)))")
            }
            for field in event.fields[Int(record.firstField)..<Int(record.firstField) + Int(record.fieldCount)] {
                let name = String(decoding: event.keys.name(field.key), as: UTF8.self)
                let isName = name.utf8.allSatisfy { LineReader.isWordByte($0) && $0 < 0x80 }
                let isPlain =
                    isName && !LineReader.isDigit(name.utf8.first ?? 0x30) && !LuaSource.keywords.contains(name)
                let value = bytes(field.value)
                let shown = field.kind == .string ? LuaSource.string(value) : String(decoding: value, as: UTF8.self)
                fields.append((isPlain ? name : "[\(LuaSource.string(name))]", shown))
            }
        }

        var lua: String {
            var text = "  {\n    line = \(LuaSource.string(line)),\n    expect = {\n"
            if !members.isEmpty { text += DraftRecipe.list(members, indent: "      ", last: ",") + "\n" }
            if !fields.isEmpty {
                let pairs = fields.map { "\($0.name) = \($0.value)" }
                let row = "      fields = { \(pairs.joined(separator: ", ")) },\n"
                text +=
                    row.utf8.count <= 116
                    ? row : "      fields = {\n\(DraftRecipe.list(pairs, indent: "        ", last: ","))\n      },\n"
            }
            return text + "    },\n  },\n"
        }
    }
}
