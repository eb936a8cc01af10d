package import LogAnalysis
package import LogCore
import LogLua
package import LogPatterns

/// What takes batches at the end of the way.
package protocol BatchSink: ~Copyable {
    mutating func consume(_ batch: borrowing Batch, _ context: borrowing BatchContext)
}

/// What a sink may ask about the batch at hand.
package struct BatchContext: ~Copyable {
    package var path: String
    /// Names of the formats, by `Record.parser`.
    package var formats: [String]
    package var layers: [FormatLayer]
    package var templates: ContiguousArray<Template>
}

/// One worker's way from bytes to a finished batch: joins and parses, filters, mines templates, matches rules, and hands on
/// to sinks and correlators.
struct Pipeline: ~Copyable {
    private var batch: Batch
    private var joiner = EventJoiner()
    private var matcher: RuleMatcher
    private(set) var miner: TemplateMiner
    private let formats: WorkerFormats
    private let filters: [LuaStage]
    private let sinks: [LuaStage]
    private let outputs: [PluginOutputs]
    private var facts = LuaBatchFacts()
    private var described: (path: String, formats: [String]) = ("", [])
    private let correlation: Correlation?
    private var picker: CorrelationPicker?
    private let worker: Int

    /// - Parameters:
    ///   - filter: what the run is about: sinks get nothing else.
    ///   - groups: what is known of templates before the run, where ids are written while it goes on.
    init(
        _ catalog: Catalog, _ run: PluginRun, worker: Int, batchBytes: Int, filter: EventFilter = .init(),
        groups: TemplateGroups = .init()
    ) {
        miner = TemplateMiner(groups: groups)
        batch = Batch(capacity: batchBytes)
        formats = WorkerFormats(catalog)
        matcher = RuleMatcher(catalog.rules)
        filters = catalog.active.filters.map { LuaStage($0) }
        sinks = catalog.active.sinks.map {
            LuaStage(
                $0, wantedRules: catalog.rulesWanted(by: $0), level: filter.level, since: filter.since,
                until: filter.until)
        }
        outputs = run.outputs
        correlation = run.correlation
        picker = run.correlation == nil ? nil : catalog.correlation.map { CorrelationPicker($0) }
        self.worker = worker
        if !sinks.isEmpty { facts.rules = LuaTexts(catalog.rules.rules.map(\.id)) }
    }

    /// Bytes of the batch taken last.
    var batchBytes: Int64 { Int64(batch.rawCount) }

    /// Takes one batch of `reader` to the sink; false at its end.
    mutating func run(_ reader: some BatchReader, into sink: inout some BatchSink & ~Copyable) -> Bool {
        switch reader.next(&batch, &joiner, formats) {
        case .end:
            return false
        case .bytes:
            _ = batch.readEvents(&joiner, atEnd: true, clock: batch.event.clock)
        case .events:
            break
        }
        let names = joiner.stack.names
        if !filters.isEmpty || !sinks.isEmpty { describe(reader.input.path, names) }
        for filter in filters { filter.run(&batch, facts, formats: names) }
        miner.mine(&batch)
        matcher.match(&batch)
        runSinks(names)
        correlate(reader.input.path, names)
        let context = BatchContext(
            path: reader.input.path, formats: names, layers: formats.current, templates: miner.templates)
        sink.consume(batch, context)
        return true
    }

    private mutating func describe(_ path: String, _ names: [String]) {
        if described.path != path {
            facts.path = LuaTexts([path])
            described.path = path
        }
        if described.formats != names {
            facts.formats = LuaTexts(names)
            described.formats = names
        }
    }

    private mutating func runSinks(_ names: [String]) {
        if sinks.isEmpty { return }
        let templates = miner.templates
        while facts.templates.count < templates.count { facts.templates.append(templates[facts.templates.count].text) }
        for (stage, outputs) in zip(sinks, outputs) {
            stage.run(&batch, facts, formats: names)
            outputs.submit(source: batch.source, sequence: batch.sequence, stage.takeWritten())
        }
    }

    private mutating func correlate(_ path: String, _ names: [String]) {
        guard let correlation, picker != nil else { return }
        guard let selected = picker?.pick(from: &batch, path: path, formats: names) else { return }
        correlation.take(
            selected, times: picker?.times ?? [], starts: picker?.starts ?? [], places: picker?.places ?? [],
            worker: worker, source: batch.source, sequence: batch.sequence, end: batch.offset + Int64(batch.rawCount))
    }

    /// What plugins logged, measured and dropped, and where they and rules gave up.
    func report(_ catalog: Catalog) -> Summary {
        var summary = Summary()
        // Without the number of events: it is per worker, and the report doesn't depend on how many there are.
        for rule in matcher.limited.keys {
            summary.warnings.insert(
                "rule \(catalog.rules.rules[rule].id): gave up on some events at the match limit")
        }
        for parser in formats.luaParsers {
            summary.take(parser.errors, "line", isSetAside: parser.isSetAside, of: "plugin \(parser.name)")
            summary.take(parser.takeOutput(), of: parser.name)
        }
        for stage in filters + sinks { summary.take(stage) }
        return summary
    }
}

extension Summary {
    /// Adds what became of a filter or sink.
    mutating func take(_ stage: LuaStage) {
        let name = stage.plugin.name
        take(stage.errors, "event", isSetAside: stage.isSetAside, of: "plugin \(name)")
        if stage.dropped > 0 { dropped[name, default: 0] += stage.dropped }
        take(stage.takeOutput(), of: name)
    }

    /// Adds where a plugin failed.
    mutating func take(_ errors: LuaErrors, _ noun: String, isSetAside: Bool, of title: String) {
        guard let first = errors.first else { return }
        guard let detail = errors.detail else {
            // It was left out, or failed with nothing of it to show.
            warnings.insert("\(title): \(first)")
            if isSetAside { warnings.insert("\(title): put aside after too many errors") }
            return
        }
        var sentence = first
        if let code = detail.source?.split(separator: " ").joined(separator: " "), !code.isEmpty {
            sentence += ", in `\(TextLayout.clip(code, to: 100))`"
        }
        if let help = detail.help { sentence += "; \(help)" }
        add(
            PluginFailure(
                count: Int64(errors.count), noun: noun, isCut: isSetAside, rendered: detail.rendered, sentence: sentence
            ),
            of: title)
    }

    /// Adds what a plugin has to say besides events.
    mutating func take(_ output: LuaOutput, of plugin: String) {
        for line in output.log {
            let level = Severity(rawValue: line.level)?.name ?? "INFO"
            warnings.insert("plugin \(plugin): \(level): \(line.text)")
        }
        if output.droppedLines > 0 {
            warnings.insert("plugin \(plugin): logs more than is kept")
        }
        if output.droppedSeries > 0 {
            warnings.insert("plugin \(plugin): has more series of metrics than are kept; their values are missing")
        }
        for metric in output.metrics {
            let entry = MetricSummary(metric)
            if metrics[entry.series] != nil {
                metrics[entry.series]?.merge(entry)
            } else {
                metrics[entry.series] = entry
            }
        }
    }
}

extension MetricSummary {
    init(_ metric: LuaMetric) {
        let labels = Dictionary(metric.labels.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        switch metric.value {
        case .counter(let value):
            self.init(name: metric.name, help: metric.help, labels: labels, kind: .counter, value: value)
        case .gauge(let value, let time):
            self.init(name: metric.name, help: metric.help, labels: labels, kind: .gauge, value: value, time: time)
        case .histogram(let bounds, let buckets, let sum, let count):
            self.init(
                name: metric.name, help: metric.help, labels: labels, kind: .histogram, value: sum, bounds: bounds,
                buckets: buckets, count: count)
        }
    }
}
