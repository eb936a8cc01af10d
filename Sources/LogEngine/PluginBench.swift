import LogAnalysis
import LogCore
package import LogLua
import LogPatterns

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a plugin costs on some logs.
package struct PluginMeasure: Sendable {
    /// Of one pass over the inputs.
    package var events: Int64 = 0
    package var lines: Int64 = 0
    package var bytes: Int64 = 0
    /// Events that the plugin wants to see: its guards let them through.
    package var wanted: Int64 = 0
    /// Events that the parser took, or that the filter dropped.
    package var taken: Int64 = 0
    package var dropped: Int64 = 0
    package var findings: Int64 = 0
    /// Nanoseconds of the fastest pass without the plugin: joining lines and parsing them; for a parser, with the generic
    /// format in its place.
    package var without: Int64 = 0
    /// The same with the plugin.
    package var with: Int64 = 0
    package var passes = 0
    package var errors = LuaErrors()
    package var isSetAside = false
    package var memory: LuaMemory?
    /// Inputs that could not be read.
    package var problems: [SourceProblem] = []

    /// What the plugin comes to.
    package var own: Int64 { max(0, with - without) }
}

/// Runs a plugin as a run does, on one worker, without what comes behind it: templates, report, output. Rules run, untimed,
/// for plugins that want what they find. What is timed happens in memory: reading the files isn't part of it.
package struct PluginBench: ~Copyable {
    private let plugin: LuaPlugin
    private let catalog: Catalog
    private let formats: WorkerFormats
    private let stage: LuaStage?
    private let correlator: LuaCorrelator?
    private var picker: CorrelationPicker?
    private let gate: LuaEventGuard
    private let wantedRules: ContiguousArray<Bool>
    private var matcher: RuleMatcher
    private var batch = Batch()
    private var joiner = EventJoiner()
    private var facts = LuaBatchFacts()
    private var measure = PluginMeasure()
    /// Event time, which never goes back for a correlator.
    private var now = Int64.min

    package init(_ plugin: LuaPlugin, _ catalog: Catalog) {
        self.plugin = plugin
        self.catalog = catalog
        let isStage = plugin.kind == .filter || plugin.kind == .fluentbit || plugin.kind == .sink
        let title = FormatCandidate(name: plugin.name, title: "", priority: 0) { plugin.makeParser() }
        formats = WorkerFormats(plugin.kind == .parser ? [title] : catalog.formats)
        wantedRules = plugin.kind == .sink ? catalog.rulesWanted(by: plugin) : []
        stage = isStage ? LuaStage(plugin, wantedRules: wantedRules) : nil
        correlator = plugin.kind == .correlator ? LuaCorrelator(plugin) : nil
        if plugin.kind == .correlator {
            picker = CorrelationPlan([], [plugin], rules: catalog.rules).map { CorrelationPicker($0) }
        }
        gate = LuaEventGuard(plugin.wanted)
        matcher = RuleMatcher(catalog.rules)
        if plugin.kind == .sink || plugin.kind == .correlator {
            facts.rules = LuaTexts(catalog.rules.rules.map(\.id))
        }
    }

    /// Goes over the inputs again and again for as long as it takes to be sure; once over what can't be read twice.
    package consuming func run(_ inputs: [Input], for least: Duration) -> PluginMeasure {
        let start = ContinuousClock.now
        let isRepeatable = inputs.allSatisfy { $0.isRepeatable }
        var fastest = pass(inputs)
        measure.passes = 1
        measure.isSetAside = stage?.isSetAside ?? correlator?.isSetAside ?? false
        while isRepeatable, !measure.isSetAside, measure.events > 0, measure.passes < 10_000,
            ContinuousClock.now - start < least
        {
            let again = pass(inputs)
            fastest = (min(fastest.without, again.without), min(fastest.own, again.own))
            measure.passes += 1
        }
        measure.without = fastest.without
        measure.with = plugin.kind == .parser ? fastest.own : fastest.without + fastest.own
        return measure
    }

    private mutating func pass(_ inputs: [Input]) -> (without: Int64, own: Int64) {
        let isFirst = measure.passes == 0
        var sum: (without: Int64, own: Int64) = (0, 0)
        for (index, input) in inputs.enumerated() {
            let reader = SourceReader(input, index: index)
            facts.path = LuaTexts([input.path])
            while reader.next(&batch, &joiner, formats) != .end {
                let times = plugin.kind == .parser ? parse(isFirst) : process(input.path, isFirst)
                sum.without += times.without
                sum.own += times.own
            }
            if isFirst, let error = reader.facts.error ?? reader.facts.skipped {
                measure.problems.append(SourceProblem(path: input.path, message: error))
            }
        }
        if isFirst { measure.errors = errors }
        return sum
    }

    private var errors: LuaErrors {
        stage?.errors ?? correlator?.errors ?? formats.luaParsers.first?.errors ?? LuaErrors()
    }

    private mutating func readEvents() -> Int64 {
        let start = ContinuousClock.now
        _ = batch.readEvents(&joiner, atEnd: true, clock: batch.event.clock)
        return (ContinuousClock.now - start).nanoseconds
    }

    /// The lines of the batch by the generic format, and by the plugin.
    private mutating func parse(_ isFirst: Bool) -> (without: Int64, own: Int64) {
        joiner.parsers = []
        let without = readEvents()
        joiner.parsers = [formats.parser(0)]
        let own = readEvents()
        guard isFirst else { return (without, own) }
        count()
        for var record in batch.records {
            if record.parser == 0 { measure.taken += 1 }
            record.message = record.raw
            if gate.wants(record, in: batch, formats: .max) { measure.wanted += 1 }
        }
        if measure.memory == nil { measure.memory = LuaMemory.measure(plugin, &batch, facts, formats: []) }
        return (without, own)
    }

    /// The batch up to the plugin, and the plugin itself.
    private mutating func process(_ path: String, _ isFirst: Bool) -> (without: Int64, own: Int64) {
        let names = joiner.stack.names
        let without = readEvents()
        facts.formats = LuaTexts(names)
        if !plugin.wanted.rules.isEmpty || plugin.kind == .sink { matcher.match(&batch) }
        if isFirst {
            count()
            if measure.memory == nil { measure.memory = LuaMemory.measure(plugin, &batch, facts, formats: names) }
        }
        guard let stage else { return (without, correlate(path, names, isFirst)) }
        if isFirst { measure.wanted += countWanted(names) }
        let before = stage.dropped
        let start = ContinuousClock.now
        stage.run(&batch, facts, formats: names)
        let own = (ContinuousClock.now - start).nanoseconds
        _ = stage.takeWritten()
        if isFirst { measure.dropped += stage.dropped - before }
        return (without, own)
    }

    private func countWanted(_ names: [String]) -> Int64 {
        let mask = gate.mask(of: names)
        var found: Set<UInt32> = []
        if !wantedRules.isEmpty { for hit in batch.hits where wantedRules[Int(hit.rule)] { found.insert(hit.record) } }
        var count: Int64 = 0
        for (index, record) in batch.records.enumerated() {
            guard wantedRules.isEmpty || found.contains(UInt32(index)) else { continue }
            if gate.wants(record, in: batch, formats: mask) { count += 1 }
        }
        return count
    }

    private mutating func correlate(_ path: String, _ names: [String], _ isFirst: Bool) -> Int64 {
        guard let correlator, let selected = picker?.pick(from: &batch, path: path, formats: names) else { return 0 }
        let start = ContinuousClock.now
        for (index, record) in selected.records.enumerated() {
            now = max(now, record.time)
            correlator.process(selected, index, now: now, &batch.event.keys, facts)
        }
        let own = (ContinuousClock.now - start).nanoseconds
        let findings = correlator.takeFindings()
        if isFirst {
            measure.wanted += Int64(selected.records.count)
            measure.findings += Int64(findings.count)
        }
        return own
    }

    private mutating func count() {
        measure.events += Int64(batch.records.count)
        measure.lines += batch.ledger.lines
        measure.bytes += Int64(batch.rawCount)
    }
}
