import LogCore

/// What is counted of each template while one worker runs, by the miner's numbers. What every event touches lies together
/// in two lines of the cache; what only failures and first events touch lies elsewhere.
struct TemplateCounts: ~Copyable {
    /// What an event is to its template.
    struct Event {
        var time: Int64
        var rank: Int
        var place: Place
        /// From 1.
        var line: Int64

        var counted: SeriesCursor.Event { SeriesCursor.Event(time: time, source: place.source, line: line) }
    }

    struct Cell {
        var byRank = RankCounts()
        /// Of the earliest event, with its time.
        var sample = Place()
        var cursor = SeriesCursor()
    }

    /// Errors and worse, or warnings, that no rule explains, of one template and one status.
    struct FailureCell {
        /// 0 where no field tells one, and of those that there is no room for.
        var status: UInt64 = 0
        /// Number of the template's next one, -1 behind the last.
        var next: Int32 = -1
        var isCritical = false
        var count: Int64 = 0
        var sample = Place()
        /// Events behind it are none of the earliest few.
        var bound = Place()
        var cursor = SeriesCursor()
    }

    struct Text {
        var sample: Sample?
        var component = ""
        /// Numbers of its first failures and of its first warnings, -1 if there are none.
        var failures: Int32 = -1
        var warnings: Int32 = -1
    }

    /// What unexplained failures and warnings name, by their number.
    var failureJoins = Table<JoinSample>()
    private var cells = Table<Cell>()
    private var series = Table<CountSeries>()
    private var failures = Table<FailureCell>()
    private var failureSeries = Table<CountSeries>()
    private var failureSamples = Table<EarliestSamples>()
    private var statuses: [String] = []
    private var texts = Table<Text>()

    /// Of all sources, in order: what `Place.source` counts.
    private let paths: [String]

    init(paths: [String]) { self.paths = paths }

    var count: Int { cells.count }

    mutating func grow(to count: Int) {
        while cells.count < count {
            cells.append(Cell())
            series.append(CountSeries())
            texts.append(Text())
        }
    }

    /// Returns whether it is the earliest so far.
    @inline(__always)
    mutating func add(_ event: Event, to template: Int) -> Bool {
        cells[template].byRank[event.rank] &+= 1
        if event.time != Timestamp.none {
            if !cells[template].cursor.counts(event.counted) {
                series[template].move(&cells[template].cursor, to: event.counted, paths)
            }
        }
        guard event.place.precedes(cells[template].sample) else { return false }
        cells[template].sample = event.place
        return true
    }

    // MARK: Failures

    private func first(_ isWarning: Bool, of template: Int) -> Int32 {
        isWarning ? texts[template].warnings : texts[template].failures
    }

    /// The number of a template's failures, or warnings, of a status, whose text is asked for when it comes first.
    mutating func failures(
        of template: Int, _ status: TellingFields.Status?, isWarning: Bool, _ written: (TellingFields.Status) -> String
    ) -> Int {
        let hash = status?.hash ?? 0
        var kept = 0
        var number = first(isWarning, of: template)
        while number >= 0 {
            if failures[Int(number)].status == hash { return Int(number) }
            if failures[Int(number)].status != 0 { kept += 1 }
            number = failures[Int(number)].next
        }
        guard let status else { return newFailures(of: template, 0, "", isWarning) }
        let text = written(status)
        // The table of names may be another one than before.
        if let known = self.status(text, of: template, isWarning) {
            failures[known].status = hash
            return known
        }
        guard kept == Failures.statuses else { return newFailures(of: template, hash, text, isWarning) }
        let rest = failures(of: template, nil, isWarning: isWarning) { _ in "" }
        guard let last = lastStatus(of: template, isWarning), text < statuses[last] else { return rest }
        give(last, to: rest)
        failures[last].status = hash
        statuses[last] = text
        return last
    }

    private func status(_ text: String, of template: Int, _ isWarning: Bool) -> Int? {
        var number = first(isWarning, of: template)
        while number >= 0 {
            if failures[Int(number)].status != 0, statuses[Int(number)] == text { return Int(number) }
            number = failures[Int(number)].next
        }
        return nil
    }

    private mutating func newFailures(of template: Int, _ hash: UInt64, _ status: String, _ isWarning: Bool) -> Int {
        var cell = FailureCell()
        cell.status = hash
        cell.next = first(isWarning, of: template)
        if isWarning {
            texts[template].warnings = Int32(failures.count)
        } else {
            texts[template].failures = Int32(failures.count)
        }
        failures.append(cell)
        failureSeries.append(CountSeries())
        failureSamples.append(EarliestSamples())
        failureJoins.append(JoinSample())
        statuses.append(status)
        return failures.count - 1
    }

    /// The number of the failures whose status comes last by its text.
    private func lastStatus(of template: Int, _ isWarning: Bool) -> Int? {
        var last: Int?
        var number = first(isWarning, of: template)
        while number >= 0 {
            if failures[Int(number)].status != 0, last.map({ statuses[$0] < statuses[Int(number)] }) ?? true {
                last = Int(number)
            }
            number = failures[Int(number)].next
        }
        return last
    }

    /// Counts what is known of some failures to others, and has them begin anew.
    private mutating func give(_ old: Int, to rest: Int) {
        failureSeries[old].take(failures[old].cursor, paths)
        failureSeries[rest].take(failureSeries[old], paths)
        failureJoins[rest].merge(failureJoins[old])
        failures[rest].bound = failureSamples[rest].merge(failureSamples[old])
        failures[rest].count += failures[old].count
        failures[rest].isCritical = failures[rest].isCritical || failures[old].isCritical
        if failures[old].sample.precedes(failures[rest].sample) { failures[rest].sample = failures[old].sample }
        var empty = FailureCell()
        empty.next = failures[old].next
        failures[old] = empty
        failureSeries[old] = CountSeries()
        failureSamples[old] = EarliestSamples()
        failureJoins[old] = JoinSample()
    }

    /// Counts an unexplained failure or warning, on top of `add`. Returns whether it is one of the earliest so far.
    @inline(__always)
    mutating func addFailure(_ event: Event, to number: Int) -> Bool {
        failures[number].count &+= 1
        if event.rank == Severity.critical.rank { failures[number].isCritical = true }
        if event.time != Timestamp.none {
            if !failures[number].cursor.counts(event.counted) {
                failureSeries[number].move(&failures[number].cursor, to: event.counted, paths)
            }
        }
        return event.place.precedes(failures[number].bound)
    }

    mutating func setSample(_ sample: Sample, component: String, of template: Int) {
        texts[template].sample = sample
        texts[template].component = component
    }

    /// Keeps one of the earliest failures.
    mutating func keepFailure(_ sample: Sample, at place: Place, of number: Int) {
        failures[number].bound = failureSamples[number].insert(sample, at: place)
        if place.precedes(failures[number].sample) { failures[number].sample = place }
    }

    func isUsed(_ template: Int) -> Bool { texts[template].sample != nil }

    /// All that is known of a template; nil if it has no events.
    borrowing func summary(of index: Int, text: String) -> TemplateSummary? {
        guard let sample = texts[index].sample else { return nil }
        let cell = cells[index]
        var entry = TemplateSummary(text: text, sample: sample, component: texts[index].component)
        entry.series = series[index].with(cell.cursor, paths)
        entry.tally = Tally(count: cell.byRank.total, first: cell.sample.time, last: entry.series.end ?? .min)
        entry.byRank = cell.byRank.array
        entry.failures = all(from: texts[index].failures)
        entry.warnings = all(from: texts[index].warnings)
        return entry
    }

    private borrowing func all(from first: Int32) -> [String: Failures] {
        var all: [String: Failures] = [:]
        var number = first
        while number >= 0 {
            all[statuses[Int(number)]] = failures(Int(number))
            number = failures[Int(number)].next
        }
        return all
    }

    private borrowing func failures(_ number: Int) -> Failures? {
        guard let sample = failureSamples[number].first else { return nil }
        let cell = failures[number]
        var entry = Failures(sample: sample)
        entry.series = failureSeries[number].with(cell.cursor, paths)
        entry.tally = Tally(count: cell.count, first: cell.sample.time, last: entry.series.end ?? .min)
        entry.joins = failureJoins[number]
        entry.further = failureSamples[number].further
        entry.isCritical = cell.isCritical
        return entry
    }
}
