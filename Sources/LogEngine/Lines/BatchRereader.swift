import LogAnalysis
package import LogCore
import LogPatterns

/// An event of a batch that was read again.
package struct LogEvent: Equatable, Sendable {
    package var offset: Int64
    /// Its first line, from 1.
    package var line: Int64
    package var bytes: Int
    package var time: Int64
    package var severity: Severity
    package var template: UInt64
    /// Rules that matched it, by their place in the catalog.
    package var rules: [Int] = []

    func matches(_ selection: EventSelection) -> Bool {
        switch selection {
        case .rule(let rule): rules.contains(rule)
        case .templates(let ids): ids.contains(template)
        case .levels(let low, let high): severity >= low && severity <= high
        case .since(let since): time != Timestamp.none && time >= since
        }
    }
}

/// What is known of one event, name by name, for people.
package struct EventDetail: Equatable, Sendable {
    package var event: LogEvent
    package var text: String
    package var facts: [(name: String, value: String)]
    /// Ids of the rules that matched.
    package var rules: [String]

    package static func == (a: EventDetail, b: EventDetail) -> Bool {
        a.event == b.event && a.text == b.text && a.rules == b.rules && a.facts.elementsEqual(b.facts, by: ==)
    }
}

/// Reads single batches again, through the same pipeline as the analysis.
struct BatchRereader: ~Copyable {
    private let catalog: Catalog
    private var pipeline: Pipeline

    init(_ catalog: Catalog) {
        self.catalog = catalog
        pipeline = Pipeline(catalog, PluginRun(), worker: 0, batchBytes: Limits.batchBytes)
    }

    /// The events of the batch at `mark`, whose bytes are given.
    mutating func events(_ mark: BatchIndex.Mark, _ bytes: ContiguousArray<UInt8>, _ input: Input) -> [LogEvent] {
        var sink = EventSink()
        _ = pipeline.run(MarkReader(input, mark, bytes, catalog), into: &sink)
        return sink.events
    }

    /// All that is known of the event at `offset`.
    mutating func detail(
        at offset: Int64, _ mark: BatchIndex.Mark, _ bytes: ContiguousArray<UInt8>, _ input: Input
    ) -> EventDetail? {
        var sink = EventSink(wanted: offset, rules: catalog.rules.rules.map(\.id))
        _ = pipeline.run(MarkReader(input, mark, bytes, catalog), into: &sink)
        return sink.detail
    }
}

/// Hands out one batch as it was.
private final class MarkReader: BatchReader {
    let input: Input
    private let mark: BatchIndex.Mark
    private let bytes: ContiguousArray<UInt8>
    private let catalog: Catalog

    init(_ input: Input, _ mark: BatchIndex.Mark, _ bytes: ContiguousArray<UInt8>, _ catalog: Catalog) {
        self.input = input
        self.mark = mark
        self.bytes = bytes
        self.catalog = catalog
    }

    func next(_ batch: inout Batch, _ joiner: inout EventJoiner, _ formats: WorkerFormats) -> ReadStep {
        batch.rawCount = 0
        batch.clearEvents()
        if batch.raw.count < bytes.count {
            batch.raw.append(contentsOf: repeatElement(0, count: bytes.count - batch.raw.count))
        }
        for i in bytes.indices { batch.raw[i] = bytes[i] }
        batch.rawCount = bytes.count
        batch.offset = mark.offset
        batch.firstLine = mark.line
        joiner.stack = formats.stack(mark.layers)
        joiner.inheritedTime = mark.time
        batch.event.clock = mark.clock
        batch.event.columns = mark.columns
        return .bytes
    }
}

/// Takes down where the events of a batch stand and what they are.
private struct EventSink: BatchSink, ~Copyable {
    var events: [LogEvent] = []
    var detail: EventDetail?
    private let wanted: Int64?
    private let rules: [String]

    init(wanted: Int64? = nil, rules: [String] = []) {
        self.wanted = wanted
        self.rules = rules
    }

    mutating func consume(_ batch: borrowing Batch, _ context: borrowing BatchContext) {
        events.reserveCapacity(batch.records.count)
        var hit = 0
        for index in 0..<batch.records.count {
            let record = batch.records[index]
            var event = LogEvent(
                offset: batch.offset + Int64(record.raw.lower), line: batch.firstLine + Int64(record.line) + 1,
                bytes: record.raw.count, time: record.time, severity: record.severity,
                template: context.templates[Int(batch.templates[index])].id)
            while hit < batch.hits.count, batch.hits[hit].record == index {
                event.rules.append(Int(batch.hits[hit].rule))
                hit += 1
            }
            if event.offset == wanted { detail = describe(event, index, batch, context) }
            if wanted == nil { events.append(event) }
        }
    }

    private func describe(
        _ event: LogEvent, _ index: Int, _ batch: borrowing Batch, _ context: borrowing BatchContext
    ) -> EventDetail {
        let record = batch.records[index]
        var facts: [(name: String, value: String)] = []
        if record.time != Timestamp.none {
            let source =
                switch record.timeSource {
                case .inherited: ", of the event before"
                case .yearInferred: ", the year inferred"
                case .dateInferred: ", the date inferred"
                case .line, .none: ""
                }
            facts.append(("time", Self.written(record.time) + source))
        }
        if record.severity != .unspecified {
            let isInferred = record.flags.contains(.levelInferred)
            facts.append(("level", record.severity.name + (isInferred ? ", inferred from the words" : "")))
        }
        if !record.component.isEmpty { facts.append(("component", batch.string(record.component))) }
        facts.append(("message", batch.string(record.message)))
        let parser = Int(record.parser)
        facts.append(("format", parser < context.formats.count ? context.formats[parser] : "generic"))
        let template = context.templates[Int(batch.templates[index])]
        facts.append(("template", "\(template.text)  [\(hexadecimal(template.id))]"))
        let first = Int(record.firstField)
        for i in first..<first + Int(record.fieldCount) {
            let field = batch.event.fields[i]
            facts.append(
                (String(decoding: batch.event.keys.name(field.key), as: UTF8.self), batch.string(field.value)))
        }
        return EventDetail(
            event: event, text: batch.string(record.evidence), facts: facts, rules: event.rules.map { rules[$0] })
    }

    private static func written(_ time: Int64) -> String {
        var writer = JSONWriter(capacity: 64)
        writer.timestamp(time)
        return String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self)
    }
}
