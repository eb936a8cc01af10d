package import LogCore

/// Which events a report is about.
package struct EventFilter: Equatable, Sendable {
    /// Nanoseconds since the epoch: from `since` on, up to and without `until`.
    package var since: Int64?
    package var until: Int64?
    /// Only events at least this grave.
    package var level: Severity = .unspecified

    package init(since: Int64? = nil, until: Int64? = nil, level: Severity = .unspecified) {
        self.since = since
        self.until = until
        self.level = level
    }

    @inlinable
    package func keeps(_ record: Record) -> Bool {
        if record.severity < level { return false }
        if let since, record.time == Timestamp.none || record.time < since { return false }
        if let until, record.time == Timestamp.none || record.time >= until { return false }
        return true
    }
}

/// One worker's share of a summary: numbers in tables by index while it runs, turned into a `Summary` at the end.
package struct SummaryFold: ~Copyable {
    package static let sampleBytes = 2_000
    /// A template's sample is shorter: there may be many thousands.
    private static let templateSampleBytes = 500
    /// Components counted apart at most; the rest are "(others)".
    private static let componentLimit = 4_096

    private let filter: EventFilter
    private let rules: [RuleInfo]
    private let sources: [String]
    private var templates: TemplateCounts
    private var parameters: ParameterStore
    private var findings: FindingCounts
    /// What the captures of a rule name, once it has matched.
    private var captureKinds: ContiguousArray<[JoinKind?]?>
    private var joins: JoinReader
    private var fields = TellingFields()
    private var hosts = HostCounts()
    /// The rank of each source by path: samples are ordered by it. And the paths in that order.
    private let order: [Int]
    private let paths: [String]
    private var ledgers: [Int: Ledger] = [:]
    /// By source and `Loss.Reason`; which ones are there is asked for every event that no format understood.
    private var lossSamples: [Int: [String: Sample]] = [:]
    private var isLossKnown: Table<UInt8>
    /// Earliest and latest time of each source.
    private var extents: [Int: (first: Int64, last: Int64)] = [:]
    private var components = NameTable()
    private var componentCells = Table<ComponentCell>()
    private var byRank = RankCounts()
    /// By `TimeSource`, of which there are `TimeSource.count`.
    private var byTimeSource = InlineArray<5, Int64>(repeating: 0)
    private var first = Int64.max
    private var last = Int64.min
    private var filtered: Int64 = 0
    private var filteredFirst = Int64.max
    private var filteredLast = Int64.min
    private var clock = TimelineCursor()
    private var byTemplate = TemplateOrder()
    /// For each record of the batch: whether a rule explains it.
    private var explained: ContiguousArray<Bool> = []
    /// How grave it is, by its level or what its fields say.
    private var severities: ContiguousArray<Severity> = []

    struct ComponentCell {
        var byRank = RankCounts()
        var failures = SeriesCursor()
        var failureSeries = CountSeries()
    }

    /// `sources`: the paths that `Batch.source` counts; `rules`: what `RuleHit.rule` counts.
    package init(filter: EventFilter, rules: [RuleInfo], sources: [String]) {
        self.filter = filter
        self.rules = rules
        let sorted = sources.indices.sorted { sources[$0] < sources[$1] }
        paths = sorted.map { sources[$0] }
        templates = TemplateCounts(paths: paths)
        parameters = ParameterStore(paths: paths)
        findings = FindingCounts(rules: rules.count, paths: paths)
        captureKinds = ContiguousArray(repeating: nil, count: rules.count)
        joins = JoinReader(sources: sources)
        self.sources = sources
        var order = Array(repeating: 0, count: sources.count)
        for (rank, source) in sorted.enumerated() { order[source] = rank }
        self.order = order
        isLossKnown = Table(repeating: 0, count: sources.count)
    }

    /// `captureNames`: the names of a rule's captures; asked once a rule, when its first event comes.
    package mutating func consume(_ batch: borrowing Batch, captureNames: (Int) -> [String]) {
        ledgers[batch.source, default: Ledger()].add(batch.ledger)
        explained.removeAll(keepingCapacity: true)
        explained.append(contentsOf: repeatElement(false, count: batch.records.count))
        var joined = UInt32.max
        var own = 0
        for hit in batch.hits {
            explained[Int(hit.record)] = true
            let record = batch.records[Int(hit.record)]
            guard filter.keeps(record) else { continue }
            count(hit, record, batch, captureNames)
            // An event that several rules match is read once.
            if joined == hit.record {
                joins.truncate(to: own)
            } else {
                joins.read(record, batch)
                joined = hit.record
                own = joins.values.count
            }
            join(hit, record, batch, captureNames)
        }
        severities.removeAll(keepingCapacity: true)
        let mayTell = fields.mayTell(batch)
        let (earlier, later) = (first, last)
        (first, last) = (Int64.max, Int64.min)
        for index in 0..<batch.records.count {
            var record = batch.records[index]
            guard filter.keeps(record) else {
                severities.append(record.severity)
                filtered &+= 1
                if record.time != Timestamp.none {
                    filteredFirst = min(filteredFirst, record.time)
                    filteredLast = max(filteredLast, record.time)
                }
                continue
            }
            // A rule knows better.
            if mayTell, !explained[index] { record.severity = fields.severity(of: record, batch) }
            severities.append(record.severity)
            count(record, batch)
        }
        // A template's events one after the other: they touch the same memory and have the same shape. In the order of the log
        // syslog took a tenth longer.
        byTemplate.sort(batch.templates, count: templates.count)
        for place in 0..<byTemplate.count {
            fetch(ahead: place, batch)
            let index = byTemplate[place]
            let record = batch.records[index]
            if filter.keeps(record) { countTemplate(index, record, batch) }
        }
        parameters.settle(batch)
        if first <= last {
            let known = extents[batch.source] ?? (first, last)
            extents[batch.source] = (min(known.first, first), max(known.last, last))
        }
        (first, last) = (min(first, earlier), max(last, later))
    }

    /// Has what the next events are read from fetched in time: out of the log's order the processor can't guess it, and
    /// waiting for it was half of `countTemplate` on syslog.
    @inline(__always)
    private func fetch(ahead place: Int, _ batch: borrowing Batch) {
        if place &+ 16 < byTemplate.count {
            let index = byTemplate[place &+ 16]
            batch.records.span.prefetch(at: index)
            batch.wildcardEnds.span.prefetch(at: index)
        }
        guard place &+ 8 < byTemplate.count else { return }
        let index = byTemplate[place &+ 8]
        let record = batch.records[index]
        batch.wildcards.span.prefetch(at: batch.wildcards(of: index).lowerBound)
        batch.event.fields.span.prefetch(at: Int(record.firstField))
        let text = record.message
        batch.raw.span.prefetch(at: text.lower)
        batch.raw.span.prefetch(at: min(text.lower &+ 64, text.upper))
    }

    @inline(__always)
    private mutating func count(_ record: Record, _ batch: borrowing Batch) {
        let rank = record.severity.rank
        byRank[rank] &+= 1
        byTimeSource[Int(record.timeSource.rawValue)] &+= 1
        if record.time != Timestamp.none {
            if record.time < first { first = record.time }
            if record.time > last { last = record.time }
            clock.add(record.time, rank: rank)
        }
        if !record.component.isEmpty { countComponent(record, rank, batch) }
        if let host = fields.host(of: record, batch) { countHost(host, record, batch) }
        if let loss = Loss.Reason(record), isLossKnown[batch.source] & loss.bit == 0 {
            isLossKnown[batch.source] |= loss.bit
            lossSamples[batch.source, default: [:]][loss.rawValue] = sample(record, batch)
        }
    }

    @inline(__always)
    private mutating func countComponent(_ record: Record, _ rank: Int, _ batch: borrowing Batch) {
        let component = batch.withText(record.component) { components.index(of: $0, limit: Self.componentLimit) }
        while componentCells.count <= component { componentCells.append(ComponentCell()) }
        componentCells[component].byRank[rank] &+= 1
        guard record.severity >= .error, record.time != Timestamp.none else { return }
        let event = SeriesCursor.Event(time: record.time, source: order[batch.source], line: line(record, batch))
        if !componentCells[component].failures.counts(event) {
            var cursor = componentCells[component].failures
            componentCells[component].failureSeries.move(&cursor, to: event, paths)
            componentCells[component].failures = cursor
        }
    }

    @inline(__always)
    private mutating func countHost(_ host: ByteRange, _ record: Record, _ batch: borrowing Batch) {
        let place = place(record, batch)
        let first = batch.withText(host) { hosts.add($0, isFailure: record.severity >= .error, place) }
        if let first { hosts.setSample(sample(record, batch, Self.templateSampleBytes), of: first) }
    }

    @inline(__always)
    private mutating func countTemplate(_ index: Int, _ record: Record, _ batch: borrowing Batch) {
        let template = Int(batch.templates[index])
        if template >= templates.count { templates.grow(to: template &+ 1) }
        let place = place(record, batch)
        let event = TemplateCounts.Event(
            time: record.time, rank: severities[index].rank, place: place, line: line(record, batch))
        if template != 0 {
            parameters.add(.init(template, record, batch.wildcards(of: index), place), batch) {
                fields.host(of: record, batch)
            }
        }
        if templates.add(event, to: template) {
            templates.setSample(
                sample(record, batch, Self.templateSampleBytes), component: batch.string(record.component), of: template
            )
        }
        if severities[index] < .warning || explained[index] { return }
        countFailure(event, index, record, template, batch)
    }

    private mutating func countFailure(
        _ event: TemplateCounts.Event, _ index: Int, _ record: Record, _ template: Int, _ batch: borrowing Batch
    ) {
        let status = fields.status(of: record, batch)
        let failures = templates.failures(of: template, status, isWarning: severities[index] < .error) {
            fields.text($0, batch)
        }
        if templates.addFailure(event, to: failures) {
            templates.keepFailure(sample(record, batch, Self.templateSampleBytes), at: event.place, of: failures)
        }
        joins.read(record, batch)
        joins.add(to: &templates.failureJoins[failures], record, batch, sources[batch.source])
    }

    @inline(__always)
    private func place(_ record: Record, _ batch: borrowing Batch) -> Place {
        Place(
            time: record.time == Timestamp.none ? .max : record.time, source: order[batch.source],
            offset: batch.offset &+ Int64(record.raw.lower))
    }

    /// From 1.
    @inline(__always)
    private func line(_ record: Record, _ batch: borrowing Batch) -> Int64 {
        batch.firstLine &+ Int64(record.line) &+ 1
    }

    private mutating func count(
        _ hit: RuleHit, _ record: Record, _ batch: borrowing Batch, _ captureNames: (Int) -> [String]
    ) {
        let rule = Int(hit.rule)
        let place = place(record, batch)
        guard findings.add(record.time, place, line: line(record, batch), to: rule) else { return }
        let match = hit.firstCapture > 0 ? batch.captures[Int(hit.firstCapture) - 1].start : 0
        let sample = sample(record, batch, around: match)
        guard findings.keep(sample, at: place, of: rule) else { return }
        var info = rules[rule]
        info.captureNames = findings.captureNames(of: rule) ?? captureNames(rule)
        findings.set(
            FindingSummary(
                rule: info, sample: sample, captures: captures(hit, info.captureNames, batch)),
            of: rule)
    }

    private mutating func join(
        _ hit: RuleHit, _ record: Record, _ batch: borrowing Batch, _ captureNames: (Int) -> [String]
    ) {
        let rule = Int(hit.rule)
        if captureKinds[rule] == nil { captureKinds[rule] = captureNames(rule).map { joins.kind(ofCapture: $0) } }
        if let kinds = captureKinds[rule] {
            for offset in 0..<min(Int(hit.captureCount), kinds.count) {
                guard let kind = kinds[offset] else { continue }
                joins.add(batch.captures[Int(hit.firstCapture) + offset], kind, batch)
            }
        }
        joins.add(to: &findings.joins[rule], record, batch, sources[batch.source])
    }

    private func captures(_ hit: RuleHit, _ names: [String], _ batch: borrowing Batch) -> [String: String] {
        var captures: [String: String] = [:]
        for offset in 0..<min(Int(hit.captureCount), names.count) {
            let range = batch.captures[Int(hit.firstCapture) + offset]
            if !range.isEmpty { captures[names[offset]] = batch.string(range) }
        }
        return captures
    }

    /// The event, or of one too long for that what begins with the line that a rule matched.
    private func sample(_ record: Record, _ batch: borrowing Batch, around start: UInt32) -> Sample {
        let range = record.raw
        guard !record.flags.contains(.rewritten), range.count > Self.sampleBytes,
            start >= range.start &+ UInt32(Self.sampleBytes / 2), start < range.end
        else { return sample(record, batch) }
        var shown = record
        var skipped: UInt32 = 0
        batch.withText(ByteRange(range.lower, Int(start))) { text in
            for i in 0..<text.count where text[i] == 0x0A {
                skipped &+= 1
                shown.raw.start = range.start &+ UInt32(i &+ 1)
            }
        }
        shown.line &+= skipped
        return sample(shown, batch)
    }

    private func sample(
        _ record: Record, _ batch: borrowing Batch, _ limit: Int = SummaryFold.sampleBytes
    ) -> Sample {
        var range = record.evidence
        if range.count > limit { range.end = range.start + UInt32(limit) }
        return Sample(
            source: sources[batch.source], offset: batch.offset + Int64(record.raw.lower),
            line: line(record, batch), time: record.time == Timestamp.none ? nil : record.time,
            text: batch.string(range))
    }

    /// The summary of all that was consumed. `miner` is the one that numbered the batches' templates.
    package consuming func finish(_ miner: borrowing TemplateMiner) -> Summary { snapshot(miner) }

    /// The summary of all that was consumed so far. It costs what its templates do: some 20 ms where there are 20,000.
    package borrowing func snapshot(_ miner: borrowing TemplateMiner) -> Summary {
        var summary = Summary()
        summary.sources.reserveCapacity(ledgers.count)
        for (source, ledger) in ledgers {
            var entry = SourceSummary(path: sources[source])
            entry.ledger = ledger
            entry.lossSamples = lossSamples[source] ?? [:]
            entry.first = extents[source]?.first
            entry.last = extents[source]?.last
            summary.sources[entry.path] = entry
        }
        summary.byRank = byRank.array
        summary.byTimeSource = byTimeSource.indices.map { byTimeSource[$0] }
        summary.tally.count = byRank.total
        if first <= last {
            summary.tally.first = first
            summary.tally.last = last
        }
        var clock = clock
        summary.timeline = clock.finish()
        for index in 0..<components.count {
            var component = ComponentSummary()
            component.byRank = componentCells[index].byRank.array
            component.failureSeries = componentCells[index].failureSeries.with(
                componentCells[index].failures, paths)
            summary.components[components.name(index)] = component
        }
        summary.hosts = hosts.summaries()
        summary.identities = parameters.identityTimes(sources: paths)
        for index in 0..<templates.count {
            let template = miner.templates[index]
            guard var entry = templates.summary(of: index, text: template.text) else { continue }
            entry.parameters = ParameterSummary.moved(
                parameters.parameters(of: index, sources: paths), to: template.places)
            let id = hexadecimal(template.id)
            if summary.templates[id] != nil {
                // Two hashes of one text can't be told apart in the report, nor should they.
                summary.templates[id]?.merge(entry)
            } else {
                summary.templates[id] = entry
            }
        }
        for finding in findings.summaries { summary.findings[finding.rule.id] = finding }
        if parameters.isFull {
            summary.warnings.insert("too many different values: of some templates not all that varies is kept")
        }
        summary.filtered = filtered
        if filteredFirst <= filteredLast {
            summary.filteredFirst = filteredFirst
            summary.filteredLast = filteredLast
        }
        if templates.count > 0, templates.isUsed(0) {
            summary.warnings.insert("too many different messages: those beyond the first thousands share one template")
        }
        return summary
    }
}

/// The records of a batch by their templates, those of one in the order of the log.
private struct TemplateOrder: ~Copyable {
    private var records: ContiguousArray<UInt32> = []
    /// Where the next record of each template goes.
    private var next: ContiguousArray<UInt32> = []

    var count: Int { records.count }

    @inline(__always)
    subscript(place: Int) -> Int { Int(records[place]) }

    /// - Parameter count: of the templates known so far; there may be more.
    mutating func sort(_ templates: ContiguousArray<UInt32>, count: Int) {
        next.removeAll(keepingCapacity: true)
        next.append(contentsOf: repeatElement(0, count: count))
        for template in templates {
            while template >= next.count { next.append(0) }
            next[Int(template)] &+= 1
        }
        var start: UInt32 = 0
        for template in next.indices {
            let length = next[template]
            next[template] = start
            start &+= length
        }
        records.removeAll(keepingCapacity: true)
        records.append(contentsOf: repeatElement(0, count: templates.count))
        for index in templates.indices {
            let template = Int(templates[index])
            records[Int(next[template])] = UInt32(truncatingIfNeeded: index)
            next[template] &+= 1
        }
    }
}

/// Sixteen hexadecimal digits.
package func hexadecimal(_ id: UInt64) -> String {
    let digits = String(id, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
