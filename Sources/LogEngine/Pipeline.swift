package import LogAnalysis
package import LogCore
import LogLua
import LogPatterns

/// What takes batches at the end of the way.
package protocol BatchSink: ~Copyable {
    mutating func consume(_ batch: borrowing Batch, _ context: borrowing BatchContext)
}

/// What a sink may ask about the batch at hand.
package struct BatchContext: ~Copyable {
    package var path: String
    /// Names of the formats, by `Record.parser`.
    package var formats: [String]
    package var templates: ContiguousArray<Template>
}

/// One worker's way from bytes to a finished batch: joins and parses, matches rules, mines templates.
struct Pipeline: ~Copyable {
    private var batch: Batch
    private var joiner = EventJoiner()
    private var matcher: RuleMatcher
    private(set) var miner = TemplateMiner()
    private let formats: WorkerFormats

    init(_ catalog: Catalog, batchBytes: Int) {
        batch = Batch(capacity: batchBytes)
        formats = WorkerFormats(catalog.formats)
        matcher = RuleMatcher(catalog.rules)
    }

    /// Bytes of the batch taken last.
    var batchBytes: Int64 { Int64(batch.rawCount) }

    /// Takes one batch of `reader` to the sink; false at its end.
    mutating func run(_ reader: SourceReader, into sink: inout some BatchSink & ~Copyable) -> Bool {
        switch reader.next(&batch, &joiner, formats) {
        case .end:
            return false
        case .bytes:
            _ = batch.readEvents(&joiner, atEnd: true, clock: batch.event.clock)
        case .events:
            break
        }
        miner.mine(&batch)
        matcher.match(&batch)
        let context = BatchContext(
            path: reader.input.path, formats: joiner.parsers.map(\.name), templates: miner.templates)
        sink.consume(batch, context)
        return true
    }

    /// Rules at whose limits PCRE2 gave up, and formats likewise.
    func warnings(_ catalog: Catalog) -> Set<String> {
        var warnings: Set<String> = []
        // Without the number of events: it is per worker, and the report doesn't depend on how many there are.
        for rule in matcher.limited.keys {
            warnings.insert("rule \(catalog.rules.rules[rule].id): gave up on some events at the match limit")
        }
        for parser in formats.luaParsers where parser.errors.count > 0 {
            warnings.insert("plugin \(parser.name): \(parser.errors.first ?? "failed")")
        }
        return warnings
    }
}
