package import LogCore

/// Where an event stands, and how it reads.
package struct Sample: Equatable, Sendable, Codable {
    package var source: String
    /// Byte offset in the (decompressed) source.
    package var offset: Int64
    /// The event's first line, from 1.
    package var line: Int64
    /// Nanoseconds since the epoch, nil if unknown.
    package var time: Int64?
    /// The event as read, its first `SummaryFold.sampleBytes` bytes.
    package var text: String

    package init(source: String, offset: Int64, line: Int64, time: Int64?, text: String) {
        self.source = source
        self.offset = offset
        self.line = line
        self.time = time
        self.text = text
    }

    /// Which of two samples comes first: by time, then by place. What has no time comes last.
    package static func earlier(_ a: Sample, _ b: Sample) -> Sample {
        let left = (a.time ?? .max, a.source, a.offset)
        let right = (b.time ?? .max, b.source, b.offset)
        return left <= right ? a : b
    }

    static func earlier(_ a: Sample?, _ b: Sample?) -> Sample? {
        guard let a, let b else { return a ?? b }
        return earlier(a, b) as Sample
    }
}

/// How often, and from when to when.
package struct Tally: Equatable, Sendable, Codable {
    package var count: Int64 = 0
    /// Earliest and latest time in nanoseconds; nil if no event had one.
    package var first: Int64?
    package var last: Int64?

    package init() {}

    /// From running bounds: `first` after `last` where no event had a time.
    init(count: Int64, first: Int64, last: Int64) {
        self.count = count
        if first <= last {
            self.first = first
            self.last = last
        }
    }

    package mutating func add(time: Int64) {
        count += 1
        guard time != Timestamp.none else { return }
        if let known = first { if time < known { first = time } } else { first = time }
        if let known = last { if time > known { last = time } } else { last = time }
    }

    package mutating func merge(_ other: Tally) {
        count += other.count
        first = [first, other.first].compactMap(\.self).min()
        last = [last, other.last].compactMap(\.self).max()
    }
}

/// What is known of one template.
package struct TemplateSummary: Equatable, Sendable, Codable {
    package var text: String
    package var tally = Tally()
    /// Its events that have a time.
    package var series = CountSeries()
    /// Events by `Severity.rank`.
    package var byRank: [Int64] = Array(repeating: 0, count: Severity.ranks)
    /// Errors and worse that no rule explained, by what a field says of them, such as `status 502`; empty where none does.
    package var failures: [String: Failures] = [:]
    /// The same of warnings.
    package var warnings: [String: Failures] = [:]
    /// The first event.
    package var sample: Sample
    package var component: String
    /// What varies: wildcards in their order, then the events' fields that are quantities, by name.
    package var parameters: [ParameterSummary] = []

    package mutating func merge(_ other: TemplateSummary) {
        // The text of an id is the same everywhere; the component is that of the earlier sample.
        if Sample.earlier(sample, other.sample) != sample { component = other.component }
        sample = Sample.earlier(sample, other.sample)
        tally.merge(other.tally)
        series.merge(other.series)
        failures.merge(other.failures)
        parameters = ParameterSummary.merge(parameters, other.parameters)
        warnings.merge(other.warnings)
        for rank in 0..<Severity.ranks { byRank[rank] += other.byRank[rank] }
    }
}

/// A documentation page, as a rule names it.
package struct DocumentationPage: Equatable, Sendable, Codable {
    package var title: String
    package var url: String
    package var versions: String?

    package init(title: String, url: String, versions: String?) {
        self.title = title
        self.url = url
        self.versions = versions
    }
}

/// What a rule says, copied into the summary so that this one speaks for itself when merged elsewhere.
package struct RuleInfo: Equatable, Sendable, Codable {
    package var id: String
    package var title: String
    package var level: UInt8
    package var cause: String
    package var fix: [String]
    package var docs: [DocumentationPage]
    package var captureNames: [String] = []

    package init(
        id: String, title: String, level: Severity, cause: String, fix: [String], docs: [DocumentationPage]
    ) {
        self.id = id
        self.title = title
        self.level = level.rawValue
        self.cause = cause
        self.fix = fix
        self.docs = docs
    }

    package var severity: Severity { Severity(rawValue: level) ?? .error }
}

/// One thing that a correlator found.
package struct FindingCase: Equatable, Sendable, Codable {
    /// Whose case it is: an address, a service. Empty where each finding stands for itself.
    package var key: String
    /// Nanoseconds since the epoch, nil if unknown.
    package var time: Int64?
    package var message: String
    package var fields: [String: FieldValue]
    /// The event that stands for it.
    package var source: String
    package var line: Int64

    package init(
        key: String, time: Int64?, message: String, fields: [String: FieldValue], source: String, line: Int64
    ) {
        self.key = key
        self.time = time
        self.message = message
        self.fields = fields
        self.source = source
        self.line = line
    }

    /// An alert's end tells more than its beginning: its words take the place of those, and of its fields those that it has.
    package mutating func close(with end: FindingCase) {
        message = end.message
        fields.merge(end.fields) { _, last in last }
    }

    static func precedes(_ a: FindingCase, _ b: FindingCase) -> Bool {
        (a.time ?? .max, a.source, a.line, a.key, a.message) < (b.time ?? .max, b.source, b.line, b.key, b.message)
    }
}

/// All events that one rule matched, or all that one correlator found under one id.
package struct FindingSummary: Equatable, Sendable, Codable {
    /// Cases kept, the earliest ones.
    package static let caseLimit = 50

    package var rule: RuleInfo
    package var tally = Tally()
    /// Its events that have a time; for what a correlator found, its cases.
    package var series = CountSeries()
    /// What its events name.
    package var joins = JoinSample()
    package var sample: Sample
    package var further = FurtherSamples()
    /// The sample's captures, by name.
    package var captures: [String: String]
    /// What a correlator found, in the order of time; empty for a rule.
    package var cases: [FindingCase] = []

    package init(
        rule: RuleInfo, tally: Tally = Tally(), sample: Sample, captures: [String: String], cases: [FindingCase] = []
    ) {
        self.rule = rule
        self.tally = tally
        self.sample = sample
        self.captures = captures
        self.cases = cases
    }

    package mutating func merge(_ other: FindingSummary) {
        tally.merge(other.tally)
        series.merge(other.series)
        joins.merge(other.joins)
        rule.level = max(rule.level, other.rule.level)
        further.merge(other.further, firsts: sample, other.sample)
        if Sample.earlier(sample, other.sample) != sample {
            sample = other.sample
            captures = other.captures
        }
        // In order of time most come too late to be kept.
        if let last = cases.last, cases.count >= Self.caseLimit,
            !other.cases.contains(where: { FindingCase.precedes($0, last) })
        {
            return
        }
        if other.cases.isEmpty { return }
        cases = Array((cases + other.cases).sorted(by: FindingCase.precedes).prefix(Self.caseLimit))
    }

    /// The end of an alert belongs to the case that it was raised for.
    /// False if there is none.
    package mutating func close(with end: FindingCase) -> Bool {
        guard let open = cases.lastIndex(where: { $0.key == end.key }) else { return false }
        cases[open].close(with: end)
        return true
    }
}

/// What one input was, and what became of its bytes.
package struct SourceSummary: Equatable, Sendable, Codable {
    package var path: String
    /// Formats found, the main one first; empty: only the generic parser.
    package var formats: [String] = []
    /// Share of the first lines that these formats explain, 0 to 1.
    package var confidence: Double = 0
    package var compression: String?
    /// The year given to the first year-less time.
    package var inferredYear: Int?
    /// What its times lack, and how it was filled in.
    package var times: TimeFacts?
    package var ledger = Ledger()
    /// The first line of each kind that no format understood, by `Loss.Reason`.
    package var lossSamples: [String: Sample] = [:]
    /// Earliest and latest time of its events; nil if none has one.
    package var first: Int64?
    package var last: Int64?
    /// Why the source, or the rest of it, could not be read.
    package var error: String?
    /// Why a file found in a folder was left alone: it is no text.
    package var skipped: String?

    package init(path: String) { self.path = path }

    package mutating func merge(_ other: SourceSummary) {
        ledger.add(other.ledger)
        first = [first, other.first].compactMap(\.self).min()
        last = [last, other.last].compactMap(\.self).max()
        if formats.isEmpty { formats = other.formats }
        confidence = max(confidence, other.confidence)
        compression = compression ?? other.compression
        inferredYear = inferredYear ?? other.inferredYear
        times = times ?? other.times
        error = error ?? other.error
        skipped = skipped ?? other.skipped
        lossSamples.merge(other.lossSamples) { $0.offset <= $1.offset ? $0 : $1 }
    }
}

/// Events of one component.
package struct ComponentSummary: Equatable, Sendable, Codable {
    package var byRank: [Int64] = Array(repeating: 0, count: Severity.ranks)
    /// Its errors and worse that have a time.
    package var failureSeries = CountSeries()
    package init() {}
    package var total: Int64 { byRank.reduce(0, +) }
    package var failures: Int64 { byRank[Severity.error.rank] + byRank[Severity.critical.rank] }

    package mutating func merge(_ other: ComponentSummary) {
        for rank in 0..<Severity.ranks { byRank[rank] += other.byRank[rank] }
        failureSeries.merge(other.failureSeries)
    }
}

/// Events of one machine.
package struct HostSummary: Equatable, Sendable, Codable {
    package var total: Int64 = 0
    /// Errors and worse, and the first of them.
    package var failures: Int64 = 0
    package var sample: Sample?

    package init() {}

    package mutating func merge(_ other: HostSummary) {
        total += other.total
        failures += other.failures
        sample = Sample.earlier(sample, other.sample)
    }
}

/// What a heap of logs says: the fold of all its events. Two summaries merge into the summary of both,
/// in any order; so two cores, two machines and two days are one and the same case.
package struct Summary: Equatable, Sendable, Codable {
    /// Of the file format; a reader refuses others.
    package static let version = 7
    package var version = Summary.version
    package var sources: [String: SourceSummary] = [:]
    /// Events by `Severity.rank`.
    package var byRank: [Int64] = Array(repeating: 0, count: Severity.ranks)
    /// Events by `TimeSource`: none, in the line, inherited, year inferred, date inferred.
    package var byTimeSource: [Int64] = Array(repeating: 0, count: TimeSource.count)
    package var tally = Tally()
    package var timeline = Timeline()
    package var components: [String: ComponentSummary] = [:]
    /// The machines that the events' fields name.
    package var hosts: [String: HostSummary] = [:]
    /// When sources first named some ids; nil where none did.
    package var identities: IdentityTimes?
    /// Templates by id in 16 hexadecimal digits.
    package var templates: [String: TemplateSummary] = [:]
    /// Findings by rule id.
    package var findings: [String: FindingSummary] = [:]
    /// Events left out by --since, --until and --level.
    package var filtered: Int64 = 0
    /// Their earliest and latest time.
    package var filteredFirst: Int64?
    package var filteredLast: Int64?
    /// Events that plugins dropped, by the plugin's name.
    package var dropped: [String: Int64] = [:]
    /// What plugins counted and measured, by `MetricSummary.series`.
    package var metrics: [String: MetricSummary] = [:]
    /// Where plugins failed, by what warnings call them. Nil in summaries of before there were any.
    package var failures: [String: PluginFailure]?
    /// Problems with rules and plugins met on the way, to be shown and not to be hidden.
    package var warnings: Set<String> = []

    package init() {}

    /// The bytes of all sources.
    package var ledger: Ledger {
        var sum = Ledger()
        for source in sources.values { sum.add(source.ledger) }
        return sum
    }

    /// Whether the numbers are such as a run can count. A summary that comes out of a file may hold anything,
    /// and sums and times of any size would overflow later.
    package var isSound: Bool {
        Self.isSound(byRank) && byTimeSource.count == TimeSource.count && byTimeSource.allSatisfy(Self.isCount)
            && isSound(tally)
            && [filteredFirst, filteredLast].compactMap(\.self).allSatisfy(Timestamp.plausible.contains)
            && timeline.isSound && Self.isCount(filtered) && dropped.values.allSatisfy(Self.isCount)
            && (failures ?? [:]).values.allSatisfy { Self.isCount($0.count) }
            && metrics.values.allSatisfy(\.isSound)
            && components.values.allSatisfy { Self.isSound($0.byRank) && $0.failureSeries.isSound }
            && identities?.isSound ?? true
            && hosts.values.allSatisfy { Self.isCount($0.total) && Self.isCount($0.failures) && isSound($0.sample) }
            && sources.values.allSatisfy {
                Self.isSound($0.ledger) && $0.lossSamples.values.allSatisfy(isSound) && $0.times?.isSound ?? true
                    && [$0.first, $0.last].compactMap(\.self).allSatisfy(Timestamp.plausible.contains)
            }
            && findings.values.allSatisfy {
                isSound($0.tally) && isSound($0.sample) && $0.further.samples.allSatisfy(isSound)
                    && $0.series.isSound && $0.joins.isSound
                    && $0.cases.allSatisfy { $0.line >= 0 && ($0.time.map(Timestamp.plausible.contains) ?? true) }
            }
            && templates.values.allSatisfy {
                Self.isSound($0.byRank) && isSound($0.tally) && isSound($0.sample) && $0.series.isSound
                    && [$0.failures, $0.warnings].allSatisfy { kinds in
                        kinds.count <= Failures.statuses + 1
                            && kinds.values.allSatisfy { failures in
                                isSound(failures.tally) && failures.series.isSound && failures.joins.isSound
                                    && isSound(failures.sample) && failures.further.samples.allSatisfy(isSound)
                            }
                    }
                    && $0.parameters.allSatisfy { parameter in
                        parameter.isSound && parameter.distributions.values.allSatisfy { isSound($0.largest) }
                    }
            }
    }

    /// Counts far enough below the end of Int64 that a million of them add up.
    private static func isCount(_ number: Int64) -> Bool { (0...(1 << 43)).contains(number) }

    static func isSound(_ byRank: [Int64]) -> Bool {
        byRank.count == Severity.ranks && byRank.allSatisfy(isCount)
    }

    private static func isSound(_ ledger: Ledger) -> Bool {
        [
            ledger.bytes, ledger.lines, ledger.events, ledger.eventBytes, ledger.joinedLines, ledger.joinedBytes,
            ledger.blankLines, ledger.blankBytes, ledger.truncatedBytes, ledger.truncatedEvents, ledger.unparsedEvents,
            ledger.unparsedBytes, ledger.skippedBytes, ledger.untimedEvents, ledger.untimedBytes, ledger.nulRunEvents,
            ledger.nulRunBytes, ledger.times.zoneless, ledger.times.backward, ledger.times.jumps,
        ].allSatisfy { (0...(1 << 53)).contains($0) }
    }

    private func isSound(_ tally: Tally) -> Bool {
        Self.isCount(tally.count)
            && [tally.first, tally.last].compactMap(\.self).allSatisfy(Timestamp.plausible.contains)
            && (tally.first ?? 0) <= (tally.last ?? 0)
    }

    private func isSound(_ sample: Sample?) -> Bool {
        guard let sample else { return true }
        return sample.offset >= 0 && sample.line >= 0 && (sample.time.map(Timestamp.plausible.contains) ?? true)
    }

    package mutating func merge(_ other: Summary) {
        sources.merge(other.sources) { mine, theirs in
            var mine = mine
            mine.merge(theirs)
            return mine
        }
        for rank in 0..<Severity.ranks { byRank[rank] += other.byRank[rank] }
        for source in 0..<byTimeSource.count { byTimeSource[source] += other.byTimeSource[source] }
        tally.merge(other.tally)
        timeline.merge(other.timeline)
        components.merge(other.components) { mine, theirs in
            var mine = mine
            mine.merge(theirs)
            return mine
        }
        hosts.merge(other.hosts) { mine, theirs in
            var mine = mine
            mine.merge(theirs)
            return mine
        }
        if let theirs = other.identities {
            var mine = identities ?? IdentityTimes()
            mine.merge(theirs)
            identities = mine
        }
        templates.merge(other.templates) { mine, theirs in
            var mine = mine
            mine.merge(theirs)
            return mine
        }
        findings.merge(other.findings) { mine, theirs in
            var mine = mine
            mine.merge(theirs)
            return mine
        }
        filtered += other.filtered
        filteredFirst = [filteredFirst, other.filteredFirst].compactMap(\.self).min()
        filteredLast = [filteredLast, other.filteredLast].compactMap(\.self).max()
        dropped.merge(other.dropped, uniquingKeysWith: +)
        metrics.merge(other.metrics) { mine, theirs in
            var mine = mine
            mine.merge(theirs)
            return mine
        }
        warnings.formUnion(other.warnings)
        for (title, failure) in other.failures ?? [:] { add(failure, of: title) }
    }

    /// A plugin's failures on top of those that are known of it.
    package mutating func add(_ failure: PluginFailure, of title: String) {
        var all = failures ?? [:]
        all[title] = all[title].map { $0.merged(with: failure) } ?? failure
        failures = all
    }
}
