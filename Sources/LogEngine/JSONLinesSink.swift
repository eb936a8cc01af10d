import LogAnalysis
import LogCore

/// Writes one JSON object an event: what `ailogger parse` prints.
struct JSONLinesSink: BatchSink, ~Copyable {
    private let filter: EventFilter
    private let rules: ContiguousArray<ContiguousArray<UInt8>>
    private let output: OrderedOutput
    private(set) var ledgers: [Int: Ledger] = [:]
    private var writer = JSONWriter(capacity: 4 << 20)
    /// What doesn't change from event to event, as JSON already: ids and texts of templates by the miner's index,
    /// the batch's path and formats, the rules' ids. Writing these as strings each time took a third of the time.
    private var ids: ContiguousArray<ContiguousArray<UInt8>> = []
    private var texts: ContiguousArray<ContiguousArray<UInt8>> = []
    private var path: ContiguousArray<UInt8> = []
    private var formats: ContiguousArray<ContiguousArray<UInt8>> = []
    private let levels = ContiguousArray(Severity.allCases.map { JSONLinesSink.quoted($0.name) })
    private let generic = JSONLinesSink.quoted("generic")

    init(filter: EventFilter, rules: [String], output: OrderedOutput) {
        self.filter = filter
        self.rules = ContiguousArray(rules.map(Self.quoted))
        self.output = output
    }

    var isClosed: Bool { output.isClosed }

    mutating func consume(_ batch: borrowing Batch, _ context: borrowing BatchContext) {
        ledgers[batch.source, default: Ledger()].add(batch.ledger)
        writer.bytes.removeAll(keepingCapacity: true)
        path = Self.quoted(context.path)
        formats = ContiguousArray(context.formats.map(Self.quoted))
        while texts.count < context.templates.count {
            let template = context.templates[texts.count]
            ids.append(Self.quoted(hexadecimal(template.id)))
            texts.append(Self.quoted(template.text))
        }
        var hit = 0
        for index in 0..<batch.records.count {
            while hit < batch.hits.count, batch.hits[hit].record < index { hit += 1 }
            guard filter.keeps(batch.records[index]) else { continue }
            write(index, batch.records[index], hit, batch)
        }
        output.submit(source: batch.source, sequence: batch.sequence, writer.bytes)
    }

    private mutating func write(
        _ index: Int, _ record: Record, _ firstHit: Int, _ batch: borrowing Batch
    ) {
        writer.beginObject()
        writer.key("line")
        writer.number(batch.firstLine + Int64(record.line) + 1)
        writer.key("offset")
        writer.number(batch.offset + Int64(record.raw.lower))
        if record.time != Timestamp.none {
            writer.key("timestamp")
            writer.timestamp(record.time)
        }
        switch record.timeSource {
        case .none: break
        case .line: writeWord("time_source", "line")
        case .inherited: writeWord("time_source", "inherited")
        case .yearInferred: writeWord("time_source", "year-inferred")
        case .dateInferred: writeWord("time_source", "date-inferred")
        }
        if record.severity != .unspecified {
            writer.key("level")
            writeJSON(levels[record.severity.rank])
        }
        if !record.component.isEmpty {
            writer.key("component")
            writeText(record.component, batch)
        }
        writer.key("message")
        writeText(record.message, batch)
        writer.key("format")
        let parser = Int(record.parser)
        writeJSON(parser < formats.count ? formats[parser] : generic)
        let template = Int(batch.templates[index])
        writer.key("template_id")
        writeJSON(ids[template])
        writer.key("template")
        writeJSON(texts[template])
        writeFields(record, batch)
        writeFindings(UInt32(index), firstHit, batch)
        writeFlags(index, record, batch)
        writer.key("source")
        writeJSON(path)
        writer.endObject()
        writer.newline()
    }

    private mutating func writeJSON(_ json: ContiguousArray<UInt8>) { writer.raw(json.span) }

    private static func quoted(_ text: String) -> ContiguousArray<UInt8> {
        var writer = JSONWriter(capacity: 64)
        writer.string(text)
        return writer.bytes
    }

    private mutating func writeWord(_ key: StaticString, _ word: StaticString) {
        writer.key(key)
        writer.string(word)
    }

    private mutating func writeText(_ range: ByteRange, _ batch: borrowing Batch) {
        batch.withText(range) { writer.string($0) }
    }

    private mutating func writeFields(_ record: Record, _ batch: borrowing Batch) {
        guard record.fieldCount > 0 else { return }
        writer.key("fields")
        writer.beginObject()
        let first = Int(record.firstField)
        for i in first..<first + Int(record.fieldCount) {
            let field = batch.event.fields[i]
            let name = batch.event.keys.name(field.key)
            name.withUnsafeBufferPointer { writer.key(Span(_unsafeElements: $0)) }
            switch field.kind {
            case .string: writeText(field.value, batch)
            case .number: batch.withText(field.value) { writer.raw($0) }
            case .json: batch.withText(field.value) { writer.json($0) }
            }
        }
        writer.endObject()
    }

    private mutating func writeFindings(_ record: UInt32, _ first: Int, _ batch: borrowing Batch) {
        guard first < batch.hits.count, batch.hits[first].record == record else { return }
        writer.key("findings")
        writer.beginArray()
        var hit = first
        while hit < batch.hits.count, batch.hits[hit].record == record {
            writeJSON(rules[Int(batch.hits[hit].rule)])
            hit += 1
        }
        writer.endArray()
    }

    private mutating func writeFlags(_ index: Int, _ record: Record, _ batch: borrowing Batch) {
        var length = Int64(record.raw.count)
        if record.flags.contains(.truncated) {
            length = batch.event.originalLengths.first { $0.record == index }?.bytes ?? length
            writer.key("truncated_from")
            writer.number(length)
        }
        if record.flags.contains(.nulRun) {
            writer.key("nul_bytes")
            writer.number(length)
        }
    }
}
