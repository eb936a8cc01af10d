import LogCore
import LogPatterns

/// Writes a format for the lines of a log: looks for what they have in common, and tries what it wrote on them.
package struct FormatDraft {
    /// The YAML, which loads and passes its samples; empty if nothing tells the lines from those of other logs.
    package private(set) var source = ""
    /// How many of the lines it reads.
    package private(set) var read = 0
    package let lines: [[UInt8]]

    /// Lines that are worth giving.
    package static let mostLines = ParserDraft.mostLines
    private static let longestSample = 600
    private let id: String

    package init(_ id: String, lines all: [[UInt8]]) {
        self.id = id
        lines = all.filter { line in line.contains { !LineReader.isBlank($0) } }
        if lines.isEmpty { return }
        let layout = LineLayout(of: lines)
        let counts = [layout.headCount, 2, 1, 0].filter { $0 < layout.columns.count || layout.columns.isEmpty }
        // The best first, each less particular than the one before it.
        for layout in [layout] + counts.map({ layout.shortened(to: $0) }) where adopt(layout) { return }
    }

    /// Takes a layout if the format made of it reads nearly all the lines that it is made of.
    private mutating func adopt(_ layout: LineLayout) -> Bool {
        let draft = DraftPattern(layout)
        guard draft.tellsApart, !draft.groups.isEmpty else { return false }
        let pattern = Self.pattern(draft, layout.tail == .pairs)
        guard let format = load(text(pattern, draft, samples: "  - line: x\n", read: 0)),
            let parser = try? format.makeParser()
        else { return false }
        let readings = lines.map { Reading($0, parser) }
        let taken = readings.compactMap(\.self)
        guard !taken.isEmpty, taken.count * 20 >= layout.lines.count * 19 else { return false }
        var samples = Self.chosen(taken).map(\.yaml).joined()
        let strangers = zip(lines, readings).filter { $1 == nil && YAMLText.isPlain($0) }.map(\.0)
        let other = strangers.min { $0.count < $1.count } ?? Array("another program's line".utf8)
        if Reading(other, parser) == nil {
            samples += "  - { line: \(YAMLText.quoted(other)), matches: false }\n"
        }
        let whole = text(pattern, draft, samples: samples, read: taken.count)
        guard let final = load(whole), FormatLoader.lint(final).isEmpty else { return false }
        source = whole
        read = taken.count
        return true
    }

    private func load(_ text: String) -> FormatDefinition? {
        FormatLoader.parse(text: text, path: "\(id).yml", id: id).format
    }

    /// The drafted pattern with a message in it, which every format has.
    private static func pattern(_ draft: DraftPattern, _ hasPairs: Bool) -> String {
        var parts = draft.parts
        if hasPairs, let last = parts.popLast() {
            parts.append(String(last.prefix(while: { $0 != "<" }).dropLast(2)) + "(?<message>.*)$")
        }
        if !parts.joined().contains("(?<message>") {
            // Behind the last of what says when, how grave and who.
            let head = ["time", "level", "component", "pid", "thread", "host"].map { "(?<\($0)>" }
            let first = (parts.lastIndex { part in head.contains { part.contains($0) } }.map { $0 + 1 }) ?? 0
            if first >= parts.count - 1 {
                parts = ["(?=(?<message>.*))"] + parts
            } else {
                let gap = parts[first].prefix { $0 == " " }
                parts[first] = "\(gap)(?<message>" + parts[first].dropFirst(gap.count)
                let last = parts.count - 1
                parts[last] = parts[last].hasSuffix("$") ? parts[last].dropLast() + ")$" : parts[last] + ")"
            }
        }
        var pattern = "^" + parts.joined()
        for group in draft.groups {
            // Fields named `duration` are seconds; a pattern can't divide.
            if case .duration(let perSecond) = group.use, perSecond > 1 {
                let unit = perSecond == 1_000 ? "ms" : "us"
                pattern = pattern.replacing("(?<\(group.name)>", with: "(?<\(group.name)_\(unit)>")
            }
        }
        return pattern
    }

    private func text(_ pattern: String, _ draft: DraftPattern, samples: String, read: Int) -> String {
        func sets(_ use: DraftGroup.Use) -> Bool { draft.groups.contains { $0.use == use } }
        var advice = """
            # What writes these lines, and where that is documented: say it here.
            #
            # A draft that `ailogger formats new` made of \(lines.count) lines, of which it reads \(read). To be looked at:
            #   * Names: a word, number or text that the draft has no better name for. docs/fields.md has those in use.
            #   * The pattern: written for these lines, it may be too narrow for others, or too wide.

            """
        if !sets(.time) { advice += "#   * The time: none was found. Name a group of the pattern `time`.\n" }
        if !sets(.level) {
            advice += "#   * The level: none was found. Name a group `level`, and words for it in `levels`.\n"
        }
        advice +=
            "#   * The samples: what they expect is what the draft gives. See that it is right, and add lines that differ.\n"
        return """
            \(advice)id: \(id)
            title: Lines of \(id)
            patterns:
              - \(YAMLText.quoted(Array(pattern.utf8)))
            join: true
            priority: 70
            samples:
            \(samples)
            """
    }

    /// Up to four lines that differ in what they give: first those of another level, then those with other fields.
    private static func chosen(_ readings: [Reading]) -> [Reading] {
        let short = readings.filter { $0.line.count < longestSample && YAMLText.isPlain($0.line) }
        var chosen: [Reading] = []
        func add(upTo most: Int, by look: (Reading) -> String) {
            for reading in short where chosen.count < most {
                if !chosen.contains(where: { look($0) == look(reading) }) { chosen.append(reading) }
            }
        }
        add(upTo: 4) { $0.level }
        add(upTo: 4) { "\($0.level) \($0.fields.map(\.name))" }
        add(upTo: 2) { String(decoding: $0.line, as: UTF8.self) }
        return chosen.isEmpty ? Array(readings.prefix(1)) : chosen
    }

    /// What the drafted format makes of a line.
    private struct Reading {
        var line: [UInt8]
        var level = ""
        var members: [String] = []
        var fields: [(name: String, value: String)] = []

        /// Nil if the line is refused.
        init?(_ line: [UInt8], _ parser: any LineParser) {
            self.line = line
            var event = EventBuilder()
            event.reset(rawCount: line.count)
            event.begin()
            guard parser.parse(line.span, at: 0, into: &event) else { return nil }
            let record = event.record
            // A time without a year depends on the file that it stands in.
            if record.timeSource == .line {
                var writer = JSONWriter()
                writer.timestamp(record.time)
                members.append("time: \(String(decoding: writer.bytes, as: UTF8.self))")
            }
            if record.severity != .unspecified {
                level = record.severity.name
                members.append("level: \(level)")
            }
            func text(_ range: ByteRange) -> String { YAMLText.quoted(Array(line[range.lower..<range.upper])) }
            if !record.component.isEmpty { members.append("component: \(text(record.component))") }
            members.append("message: \(text(record.message))")
            for field in event.fields[Int(record.firstField)..<Int(record.firstField) + Int(record.fieldCount)] {
                fields.append((String(decoding: event.keys.name(field.key), as: UTF8.self), text(field.value)))
            }
        }

        var yaml: String {
            var text = "  - line: \(YAMLText.quoted(line))\n    expect:\n"
            for member in members { text += "      \(member)\n" }
            if !fields.isEmpty {
                text += "      fields: { \(fields.map { "\($0.name): \($0.value)" }.joined(separator: ", ")) }\n"
            }
            return text
        }
    }
}

/// Texts as YAML writes them.
private enum YAMLText {
    /// Whether the bytes can stand in quotes on one line.
    static func isPlain(_ bytes: [UInt8]) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    static func quoted(_ bytes: [UInt8]) -> String {
        "'\(String(decoding: bytes, as: UTF8.self).replacing("'", with: "''"))'"
    }
}
