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

    /// Errors and worse that no rule explains.
    struct Failures {
        var count: Int64 = 0
        var sample = Place()
        /// Events behind it are none of the earliest few.
        var bound = Place()
        var cursor = SeriesCursor()
    }

    struct Text {
        var sample: Sample?
        var component = ""
        var failures = EarliestSamples()
    }

    /// What unexplained failures name.
    var failureJoins = Table<JoinSample>()
    /// What warnings name that no rule knows.
    var warningJoins = Table<JoinSample>()
    private var cells = Table<Cell>()
    private var series = Table<CountSeries>()
    private var failures = Table<Failures>()
    private var failureSeries = Table<CountSeries>()
    private var statuses = Table<StatusCounts>()
    private var texts = Table<Text>()

    /// Of all sources, in order: what `Place.source` counts.
    private let paths: [String]

    init(paths: [String]) { self.paths = paths }

    var count: Int { cells.count }

    mutating func grow(to count: Int) {
        while cells.count < count {
            cells.append(Cell())
            series.append(CountSeries())
            failures.append(Failures())
            failureSeries.append(CountSeries())
            statuses.append(StatusCounts())
            failureJoins.append(JoinSample())
            warningJoins.append(JoinSample())
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

    /// The same of an unexplained failure, on top of `add`. Returns whether it is one of the earliest so far.
    @inline(__always)
    mutating func addFailure(_ event: Event, to template: Int) -> Bool {
        failures[template].count &+= 1
        if event.time != Timestamp.none {
            if !failures[template].cursor.counts(event.counted) {
                failureSeries[template].move(&failures[template].cursor, to: event.counted, paths)
            }
        }
        return event.place.precedes(failures[template].bound)
    }

    mutating func setSample(_ sample: Sample, component: String, of template: Int) {
        texts[template].sample = sample
        texts[template].component = component
    }

    /// Keeps one of the earliest failures.
    mutating func keepFailure(_ sample: Sample, at place: Place, of template: Int) {
        failures[template].bound = texts[template].failures.insert(sample, at: place)
        if place.precedes(failures[template].sample) { failures[template].sample = place }
    }

    mutating func addStatus(_ status: String, to template: Int) { statuses[template].add(status) }

    func isUsed(_ template: Int) -> Bool { texts[template].sample != nil }

    /// All that is known of a template; nil if it has no events.
    borrowing func summary(of index: Int, text: String) -> TemplateSummary? {
        guard let sample = texts[index].sample else { return nil }
        let cell = cells[index]
        let failed = failures[index]
        var entry = TemplateSummary(text: text, sample: sample, component: texts[index].component)
        entry.series = series[index].with(cell.cursor, paths)
        entry.tally = Tally(count: cell.byRank.total, first: cell.sample.time, last: entry.series.end ?? .min)
        entry.byRank = cell.byRank.array
        entry.unexplainedSeries = failureSeries[index].with(failed.cursor, paths)
        entry.unexplained = Tally(
            count: failed.count, first: failed.sample.time, last: entry.unexplainedSeries.end ?? .min)
        entry.unexplainedSample = texts[index].failures.first
        entry.unexplainedFurther = texts[index].failures.further
        entry.joins = failureJoins[index]
        entry.warned = warningJoins[index].isEmpty ? nil : warningJoins[index]
        entry.statuses = statuses[index]
        return entry
    }
}
