package import LogAnalysis
import LogCore
package import LogLua

/// The state behind `Correlation`'s lock.
struct CorrelationStage: ~Copyable {
    struct Arrival {
        var selected: SelectedEvents
        var times: ContiguousArray<Int64>
        var starts: ContiguousArray<Int64>
        var places: ContiguousArray<Int>
        var worker: Int
        /// Where the batch ends in its source.
        var end: Int64
    }

    /// A batch's copies, as long as any of them waits. A class, made once a batch: an event on its way allocates nothing.
    final class Chunk {
        let selected: SelectedEvents
        let facts: LuaBatchFacts
        var waiting: Int

        init(_ selected: SelectedEvents, rules: LuaTexts, templates: LuaTexts, waiting: Int) {
            self.selected = selected
            facts = LuaBatchFacts(
                path: LuaTexts([selected.path]), formats: LuaTexts(selected.formats), rules: rules, templates: templates
            )
            self.waiting = waiting
        }
    }

    let plan: CorrelationPlan
    let correlators: [any Correlator]
    private let filter: EventFilter
    let options: CorrelationOptions
    private let onFinding: (@Sendable (String, CorrelationFinding) -> Void)?
    private let rules: LuaTexts
    private let noTemplates = LuaTexts()
    let paths: [String]
    var order: EventOrder
    var keys = KeyTable()
    /// By worker: this stage's numbers for the worker's keys.
    private var memories: [[UInt16]] = []
    var chunks: [Int: Chunk] = [:]
    var nextChunk = 0
    private var bytes = 0
    /// Batches that came before their turn, by source and sequence.
    private var early: [[Int: Arrival]]
    private var nextSequence: [Int]
    private var lengths: [Int?]
    /// Bytes of each source that a run before has seen already.
    var seen: [Int64]
    /// Where a source ended in the run before, if that held its last event back.
    var ends: [Int64?]
    /// What each file was when the run began, if a further run is to find it again.
    var marks: [FileMark?]
    /// The last event of a source so far, which may go on: a further run is to see it whole.
    struct Tail {
        var time: Int64
        var start: Int64
        /// Nil if nobody wants it.
        var event: SelectedEvents.Single?
    }
    var tails: [Tail?]
    /// If more events wait than there is room for, the logs are read a second time, in the order of their times.
    var rereads = false
    private(set) var isOverfull = false
    var found: [String: FindingSummary] = [:]
    /// Alerts of this run that aren't over, by id and key.
    private var raised: Set<String> = []
    private(set) var told = 0
    /// How many each correlator told, how many different ones, whether some were only counted, and whether some were left out.
    private var counts: [String: (told: Int, different: Int, isFull: Bool, isCut: Bool)] = [:]
    /// Findings of a correlator that are kept, and different ones of them: more tell nobody anything, and a plugin that finds
    /// something in every event would fill the memory.
    private static let mostFindings = 100_000
    private static let mostDifferent = 1_000
    private var forced = false
    /// By source, where they are followed.
    var pulses: [SourcePulse]
    /// How far correlators know that time has gone.
    var advanced = Int64.min
    var warnings: Set<String> = []

    init(
        _ plan: CorrelationPlan, sources: [String], options: CorrelationOptions, filter: EventFilter,
        onFinding: (@Sendable (String, CorrelationFinding) -> Void)?
    ) {
        self.plan = plan
        self.options = options
        self.filter = filter
        self.onFinding = onFinding
        paths = sources
        correlators = plan.correlators.map { $0.make() }
        rules = LuaTexts(plan.ruleIDs)
        order = EventOrder(sources: sources.count, lateness: options.lateness, goesOn: options.goesOn)
        early = Array(repeating: [:], count: sources.count)
        nextSequence = Array(repeating: 0, count: sources.count)
        lengths = Array(repeating: nil, count: sources.count)
        seen = Array(repeating: 0, count: sources.count)
        ends = Array(repeating: nil, count: sources.count)
        tails = Array(repeating: nil, count: sources.count)
        marks = options.holdsEnds ? sources.map { FileMark($0) } : Array(repeating: nil, count: sources.count)
        pulses = Array(repeating: SourcePulse(), count: sources.count)
        if let saved = options.saved { resume(saved) }
    }

    // MARK: In

    mutating func expect(_ sequence: Int, from source: Int) { nextSequence[source] = sequence }

    mutating func take(_ arrival: Arrival, source: Int, sequence: Int) {
        if isOverfull { return }
        guard sequence == nextSequence[source] else {
            early[source][sequence] = arrival
            return
        }
        admit(arrival, source)
        nextSequence[source] += 1
        while let next = early[source].removeValue(forKey: nextSequence[source]) {
            admit(next, source)
            nextSequence[source] += 1
        }
        endIfComplete(source)
        release()
    }

    mutating func finish(source: Int, batches: Int) {
        if isOverfull { return }
        lengths[source] = batches
        endIfComplete(source)
        release()
    }

    private mutating func endIfComplete(_ source: Int) {
        guard lengths[source] == nextSequence[source], !order.sources[source].isFinished else { return }
        let end = order.sources[source].offset
        if let tail = tails[source] {
            switch FileMark.ending(of: paths[source], at: end) {
            // What has not grown since the run before will hardly go on.
            case _ where ends[source] == end: admitTail(of: source)
            case .complete: admitTail(of: source)
            case .fresh: order.announce(tail.time, of: source)
            case .cut: break
            }
        }
        order.finish(source)
    }

    private mutating func admitTail(of source: Int) {
        guard let tail = tails[source] else { return }
        tails[source] = nil
        guard let event = tail.event else {
            _ = order.admit(tail.time, from: source, nil)
            return
        }
        let selected = SelectedEvents(event, &keys)
        let entry = EventOrder.Entry(time: tail.time, source: source, offset: tail.start, chunk: nextChunk, index: 0)
        if order.admit(tail.time, from: source, entry) { keep(selected, as: nextChunk, waiting: 1) }
    }

    private mutating func admit(_ arrival: Arrival, _ source: Int) {
        // Another file has taken the name: nothing of it was seen.
        if arrival.end < order.sources[source].offset { seen[source] = 0 }
        order.setOffset(arrival.end, of: source)
        // A run before has had these.
        if arrival.end <= seen[source] { return }
        var selected = arrival.selected
        while memories.count <= arrival.worker { memories.append([]) }
        selected.adopt(&keys, &memories[arrival.worker])
        if !arrival.times.isEmpty { admitTail(of: source) }
        let chunk = nextChunk
        var waiting = 0
        // The last one may go on.
        let last = options.holdsEnds ? arrival.times.count - 1 : arrival.times.count
        var next = 0
        for (place, index) in arrival.places.enumerated() {
            pass(arrival, next..<index, source)
            next = index + 1
            if arrival.starts[index] < seen[source] { continue }
            guard index != last else {
                hold(arrival, index, selected.single(place, names: keys.allNames), source)
                continue
            }
            let entry = EventOrder.Entry(
                time: arrival.times[index], source: source, offset: selected.offsets[place], chunk: chunk, index: place)
            if order.admit(entry.time, from: source, entry) { waiting += 1 }
        }
        if next <= last { pass(arrival, next..<last, source) }
        if options.holdsEnds, next <= last, arrival.starts[last] >= seen[source] {
            hold(arrival, last, nil, source)
        }
        guard waiting > 0 else { return }
        keep(selected, as: chunk, waiting: waiting)
    }

    /// Events that nobody wants.
    private mutating func pass(_ arrival: Arrival, _ places: Range<Int>, _ source: Int) {
        if seen[source] == 0 { return order.pass(arrival.times.span.extracting(places), of: source) }
        for index in places where arrival.starts[index] >= seen[source] {
            _ = order.admit(arrival.times[index], from: source, nil)
        }
    }

    private mutating func hold(_ arrival: Arrival, _ index: Int, _ event: SelectedEvents.Single?, _ source: Int) {
        tails[source] = Tail(time: arrival.times[index], start: arrival.starts[index], event: event)
    }

    mutating func keep(_ selected: SelectedEvents, as chunk: Int, waiting: Int) {
        bytes += selected.size
        chunks[chunk] = Chunk(selected, rules: rules, templates: noTemplates, waiting: waiting)
        nextChunk = chunk + 1
    }

    // MARK: Out

    private mutating func release() {
        release(before: order.watermark)
        if rereads, bytes > options.memory {
            isOverfull = true
            chunks = [:]
            bytes = 0
            order = EventOrder(sources: paths.count, lateness: options.lateness, goesOn: options.goesOn)
            early = Array(repeating: [:], count: paths.count)
            return
        }
        while bytes > options.memory, order.count > 0 {
            forced = true
            // The older half: what is left is as likely as not in order still.
            let times = order.waiting.map(\.time).sorted()
            release(before: times[times.count / 2] &+ 1)
        }
    }

    private mutating func release(before watermark: Int64) {
        if watermark == .min { return }
        // Events of one chunk come together.
        var current: (number: Int, chunk: Chunk)?
        while let entry = order.next(before: watermark) {
            if current?.number != entry.chunk { current = chunks[entry.chunk].map { (entry.chunk, $0) } }
            guard let chunk = current?.chunk else { continue }
            hand(entry, chunk)
            chunk.waiting -= 1
            if chunk.waiting == 0 {
                chunks[entry.chunk] = nil
                current = nil
                bytes -= chunk.selected.size
            }
        }
    }

    private mutating func hand(_ entry: EventOrder.Entry, _ chunk: Chunk) {
        var wanting = chunk.selected.wanting[entry.index]
        while wanting != 0 {
            let number = wanting.trailingZeroBitCount
            wanting &= wanting - 1
            correlators[number].process(
                chunk.selected, entry.index, now: entry.time, &keys, chunk.facts)
            let findings = correlators[number].takeFindings()
            if !findings.isEmpty { take(findings, of: plan.correlators[number]) }
        }
    }

    mutating func advance(wallClock: Int64, _ looks: [SourceLook]) {
        var reached = Int64.min
        for (source, look) in looks.prefix(pulses.count).enumerated() {
            let newest = order.sources[source].latest
            let oldest = order.takeOldest(of: source)
            // What a run before has left is as old as what was there already.
            if newest > .min, oldest != nil || !pulses[source].hasBegun {
                pulses[source].arrive(
                    oldest: oldest ?? newest, newest: newest, at: wallClock, isBacklog: oldest == nil || look.isBacklog)
            }
            if newest > .min { reached = max(reached, newest, pulses[source].clock(at: wallClock) ?? .min) }
        }
        for (source, look) in looks.prefix(pulses.count).enumerated() {
            guard look.isSilent else {
                order.setIdle(source, false)
                continue
            }
            // A silent log holds the others up by what its events are late by, within bounds.
            let clock = pulses[source].clock(at: wallClock).flatMap { isNear($0, reached) ? $0 : nil }
            order.setIdle(source, true, clock: clock ?? .max)
        }
        release()
        let watermark = order.watermark
        // All are silent, and were old when they came: no clock says how far time has gone.
        guard watermark > .min, watermark < .max - options.lateness else { return }
        if looks.allSatisfy(\.isSilent) { order.release(upTo: watermark) }
        advance(to: watermark)
    }

    private func isNear(_ clock: Int64, _ reached: Int64) -> Bool {
        reached - clock <= max(order.patience, Self.leastPatience)
    }
    private static let leastPatience = 60 * Timestamp.second

    private mutating func advance(to time: Int64) {
        guard time > advanced else { return }
        advanced = time
        for (correlator, source) in zip(correlators, plan.correlators) {
            correlator.advance(to: time)
            take(correlator.takeFindings(), of: source)
        }
    }

    /// What there is to tell besides findings: the events that were left out, and where correlators failed.
    var notices: Summary {
        var summary = Summary()
        summary.warnings = warnings.union(leftOut).union(forgotten)
        for (correlator, source) in zip(correlators, plan.correlators) {
            summary.take(correlator.errors, "call", isSetAside: correlator.isSetAside, of: source.title)
        }
        return summary
    }

    func snapshot() -> Summary {
        var summary = Summary()
        summary.findings = found
        summary.warnings = warnings.union(leftOut).union(forgotten)
        return summary
    }

    /// What took no part in the correlation, or another than its own.
    private var leftOut: Set<String> {
        func events(_ count: Int64) -> String { count == 1 ? "1 event" : "\(count) events" }
        var texts: Set<String> = []
        if order.late > 0 {
            texts.insert(
                "correlation: left out \(events(order.late)) that came more than \(lateness) "
                    + "behind newer ones of the same log; --lateness lets such in")
        }
        if order.overtaken > 0 {
            texts.insert(
                "correlation: left out \(events(order.overtaken)) that came when time had gone on without their log"
                    + (forced ? "" : "; a longer --lateness than \(lateness) waits longer for a log that is silent"))
        }
        // A log without times has no part in correlation; who asked for a correlator by name should know.
        if order.untimed > 0, plan.correlators.contains(where: \.isPlugin) {
            texts.insert("correlation: left out \(events(order.untimed)) without a time")
        }
        if forced {
            texts.insert(
                "correlation: more events waited for slower logs than \(options.memory >> 20) MiB hold; "
                    + "some were handed on out of order")
        }
        return texts
    }

    /// Correlators that lost all that they knew.
    private var forgotten: Set<String> {
        var texts: Set<String> = []
        for (correlator, source) in zip(correlators, plan.correlators) where correlator.forgotten > 0 {
            let times = correlator.forgotten == 1 ? "" : ", \(correlator.forgotten) times"
            texts.insert(
                "\(source.title): a call that went over its limits was stopped, and with it went all that the plugin knew: it "
                    + "began anew\(times)")
        }
        return texts
    }

    private var lateness: String {
        options.lateness % Timestamp.second == 0
            ? "\(options.lateness / Timestamp.second) s" : "\(options.lateness / 1_000_000) ms"
    }

    mutating func finish() -> Summary {
        for source in early.indices where !early[source].isEmpty {
            for sequence in early[source].keys.sorted() {
                if let arrival = early[source].removeValue(forKey: sequence) { admit(arrival, source) }
            }
        }
        if options.goesOn {
            let watermark = order.watermarkAtEnd
            release(before: watermark)
            if watermark > .min { advance(to: watermark) }
        } else {
            release(before: .max)
            if order.newest > .min { advance(to: order.newest) }
            for (correlator, source) in zip(correlators, plan.correlators) {
                correlator.finish()
                take(correlator.takeFindings(), of: source)
            }
        }
        var summary = Summary()
        summary.findings = found
        found = [:]
        summary.warnings = warnings
        summary.warnings.formUnion(leftOut.union(forgotten))
        for (correlator, source) in zip(correlators, plan.correlators) {
            if counts[source.name]?.isFull == true {
                summary.warnings.insert(
                    "\(source.title): finds more than is kept (\(Self.mostFindings) findings); the rest is only counted"
                )
            }
            if counts[source.name]?.isCut == true {
                summary.warnings.insert(
                    "\(source.title): finds more than is kept (\(Self.mostDifferent) different ones); the rest is left out"
                )
            }
            summary.take(correlator.takeOutput(), of: source.name)
            for lost in correlator.lost() {
                summary.warnings.insert("\(source.title): out of room, forgot \(lost)")
            }
            summary.take(correlator.errors, "call", isSetAside: correlator.isSetAside, of: source.title)
        }
        return summary
    }

    // MARK: Findings

    private mutating func take(_ findings: [CorrelationFinding], of source: CorrelatorSource) {
        for finding in findings {
            told += 1
            let id = source.findingID(finding.id)
            var count = counts[source.name] ?? (0, 0, false, false)
            defer { counts[source.name] = count }
            guard found[id] != nil || count.different < Self.mostDifferent else {
                count.isCut = true
                continue
            }
            let time = finding.sample.time ?? finding.until
            if let since = filter.since, (time ?? .min) < since { continue }
            if let until = filter.until, (time ?? .max) >= until { continue }
            count.told += 1
            if found[id] == nil { count.different += 1 }
            if count.told > Self.mostFindings, found[id] != nil {
                count.isFull = true
                // An end belongs to its case still.
                if finding.status != "cleared" {
                    found[id]?.count(time, level: finding.knownLevel)
                    continue
                }
            }
            onFinding?(id, finding)
            let summary = FindingSummary(finding, id: id)
            // A report counts what began; how it ended is part of the same case.
            let key = "\(id)\0\(finding.key)"
            if finding.status == "raised" { raised.insert(key) }
            if finding.status == "cleared" {
                let isClosed = summary.cases.first.map { found[id]?.close(with: $0) == true } ?? true
                // What a run before has raised, and told, is a case of its own.
                if isClosed || raised.remove(key) != nil || options.saved == nil { continue }
            }
            if found[summary.rule.id] != nil {
                found[summary.rule.id]?.merge(summary)
            } else {
                found[summary.rule.id] = summary
            }
        }
    }
}

extension CorrelationFinding {
    fileprivate var knownLevel: Severity { level == .unspecified ? .warning : level }
}

extension FindingSummary {
    /// One more, of which nothing is kept but that it came.
    fileprivate mutating func count(_ time: Int64?, level: Severity) {
        tally.add(time: time ?? Timestamp.none)
        if let time { series.add(time) }
        rule.level = max(rule.level, level.rawValue)
    }

    /// One finding as the only one of its kind. `id`: as reports name it.
    package init(_ finding: CorrelationFinding, id: String) {
        var info = RuleInfo(
            id: id, title: finding.title, level: finding.knownLevel, cause: finding.cause,
            fix: finding.fix, docs: finding.docs.map { DocumentationPage(title: $0.title, url: $0.url, versions: nil) })
        info.captureNames = finding.fields.map(\.name)
        let sample = Sample(
            source: finding.sample.source, offset: finding.sample.offset, line: finding.sample.line,
            time: finding.sample.time, text: finding.sample.text)
        let fields = Dictionary(finding.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        var tally = Tally()
        tally.add(time: finding.sample.time ?? finding.until ?? Timestamp.none)
        self.init(
            rule: info, tally: tally, sample: sample, captures: fields.mapValues(\.text),
            cases: [
                FindingCase(
                    key: finding.key, time: tally.first,
                    message: finding.message.isEmpty ? finding.title : finding.message, fields: fields,
                    source: sample.source, line: sample.line)
            ])
        if let time = tally.first { series.add(time, sample) }
        joins = JoinSample(captures, sample)
    }
}
