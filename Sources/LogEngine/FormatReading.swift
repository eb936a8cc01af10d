import LogAnalysis
import LogCore

/// How each line of a log is read: what no format understands, and what the others made of it.
package struct FormatReading: Sendable {
    private struct Event {
        var line: Int64
        var text: String
        var facts: [(name: String, value: String)]
    }

    private struct Group {
        var name: String
        var count = 0
        var events: [Event] = []
    }

    private let path: String
    private var total = 0
    /// Events that no format understood.
    package private(set) var unmatched = 0
    private var strangers: [Event] = []
    private var groups: [Group] = []

    /// More of each are only counted.
    private static let most = 1_000

    package init(_ input: Input, _ catalog: Catalog) throws(SourceError) {
        path = input.path
        let reader = SourceReader(catalog.reading([input])[0], index: 0)
        var pipeline = Pipeline(catalog, PluginRun(), worker: 0, batchBytes: Limits.batchBytes)
        var sink = ReadingSink()
        while pipeline.run(reader, into: &sink) {}
        if let error = reader.facts.error { throw SourceError(error) }
        total = sink.total
        unmatched = sink.unmatched
        for event in sink.events {
            if event.isUnmatched {
                strangers.append(Event(line: event.line, text: event.text, facts: event.facts))
                continue
            }
            let place = groups.firstIndex { $0.name == event.format } ?? groups.count
            if place == groups.count { groups.append(Group(name: event.format)) }
            groups[place].events.append(Event(line: event.line, text: event.text, facts: event.facts))
        }
        for (name, count) in sink.counts {
            guard let place = groups.firstIndex(where: { $0.name == name }) else { continue }
            groups[place].count = count
        }
        groups.sort { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    /// - Parameter show: events of each format that are shown in full.
    package func text(_ show: Int) -> String {
        var text = "\(path): \(total) events, \(unmatched) of them read by no format\n"
        if unmatched > 0 {
            text += "\nunmatched: \(unmatched)\n"
            for event in strangers.prefix(max(show, 20)) { text += "\(Self.padded(event.line))  \(event.text)\n" }
            if unmatched > max(show, 20) { text += "        and \(unmatched - max(show, 20)) more\n" }
        }
        for group in groups {
            text += "\n\(group.name): \(group.count)\n"
            for event in group.events.prefix(show) {
                text += "\(Self.padded(event.line))  \(event.text)\n"
                let width = event.facts.map(\.name.count).max() ?? 0
                for fact in event.facts {
                    let gap = String(repeating: " ", count: width - fact.name.count)
                    text += "          \(fact.name)\(gap)  \(fact.value)\n"
                }
            }
        }
        return text
    }

    private static func padded(_ line: Int64) -> String {
        let digits = String(line)
        return String(repeating: " ", count: max(0, 6 - digits.count)) + digits
    }

    /// Takes down the first events of each format.
    private struct ReadingSink: BatchSink, ~Copyable {
        struct Taken {
            var line: Int64
            var format: String
            var isUnmatched: Bool
            var text: String
            var facts: [(name: String, value: String)]
        }

        var total = 0
        var unmatched = 0
        var events: [Taken] = []
        var counts: [String: Int] = [:]

        mutating func consume(_ batch: borrowing Batch, _ context: borrowing BatchContext) {
            for index in 0..<batch.records.count {
                let record = batch.records[index]
                let parser = Int(record.parser)
                let format = parser < context.formats.count ? context.formats[parser] : "generic"
                let isUnmatched = record.flags.contains(.unparsed) || record.flags.contains(.nulRun)
                total += 1
                if isUnmatched { unmatched += 1 } else { counts[format, default: 0] += 1 }
                if isUnmatched ? unmatched > FormatReading.most : counts[format] ?? 0 > FormatReading.most { continue }
                events.append(
                    Taken(
                        line: batch.firstLine + Int64(record.line) + 1, format: format, isUnmatched: isUnmatched,
                        text: FormatReading.short(batch.string(record.raw)), facts: Self.facts(record, batch)))
            }
        }

        private static func facts(_ record: Record, _ batch: borrowing Batch) -> [(name: String, value: String)] {
            var facts: [(name: String, value: String)] = []
            if record.time != Timestamp.none {
                var writer = JSONWriter(capacity: 64)
                writer.timestamp(record.time)
                let isOwn = record.timeSource != .inherited
                facts.append(
                    (
                        "time",
                        String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self)
                            + (isOwn ? "" : " (of the event before)")
                    ))
            }
            if record.severity != .unspecified { facts.append(("level", record.severity.name)) }
            if !record.component.isEmpty { facts.append(("component", batch.string(record.component))) }
            facts.append(("message", FormatReading.short(batch.string(record.message))))
            let first = Int(record.firstField)
            for i in first..<first + Int(record.fieldCount) {
                let field = batch.event.fields[i]
                facts.append(
                    (
                        String(decoding: batch.event.keys.name(field.key), as: UTF8.self),
                        FormatReading.short(batch.string(field.value))
                    ))
            }
            return facts
        }
    }

    /// The first line of a text, as much as fits.
    private static func short(_ text: String) -> String {
        let line = text.prefix { !$0.isNewline }
        return line.count > 200 ? line.prefix(199) + "…" : line.count < text.count ? line + " …" : String(line)
    }
}
