import LogCore

/// What is counted of each rule's findings while one worker runs, by the rule's number.
struct FindingCounts: ~Copyable {
    struct Cell {
        var count: Int64 = 0
        /// Of the earliest event, with its time.
        var sample = Place()
        /// Events behind it are none of the earliest few.
        var bound = Place()
        var cursor = SeriesCursor()
    }

    private var cells: Table<Cell>
    private var series: Table<CountSeries>
    /// What their events name.
    var joins: Table<JoinSample>
    /// The rules that matched, with what their earliest event shows.
    private var findings: [Int: FindingSummary] = [:]
    private var samples: [Int: EarliestSamples] = [:]

    /// Of all sources, in order: what `Place.source` counts.
    private let paths: [String]

    init(rules: Int, paths: [String]) {
        self.paths = paths
        cells = Table(repeating: Cell(), count: rules)
        series = Table(repeating: CountSeries(), count: rules)
        joins = Table(repeating: JoinSample(), count: rules)
    }

    /// Returns whether it is one of the earliest so far.
    @inline(__always)
    mutating func add(_ time: Int64, _ place: Place, line: Int64, to rule: Int) -> Bool {
        cells[rule].count &+= 1
        if time != Timestamp.none {
            let event = SeriesCursor.Event(time: time, source: place.source, line: line)
            if !cells[rule].cursor.counts(event) { series[rule].move(&cells[rule].cursor, to: event, paths) }
        }
        return place.precedes(cells[rule].bound)
    }

    /// Keeps one of the earliest. Returns whether it is the first.
    mutating func keep(_ sample: Sample, at place: Place, of rule: Int) -> Bool {
        cells[rule].bound = samples[rule, default: EarliestSamples()].insert(sample, at: place)
        guard place.precedes(cells[rule].sample) else { return false }
        cells[rule].sample = place
        return true
    }

    func captureNames(of rule: Int) -> [String]? { findings[rule]?.rule.captureNames }

    mutating func set(_ finding: FindingSummary, of rule: Int) { findings[rule] = finding }

    var summaries: [FindingSummary] {
        findings.map { rule, finding in
            let cell = cells[rule]
            var finding = finding
            finding.series = series[rule].with(cell.cursor, paths)
            finding.tally = Tally(count: cell.count, first: cell.sample.time, last: finding.series.end ?? .min)
            finding.joins = joins[rule]
            finding.further = samples[rule]?.further ?? FurtherSamples()
            return finding
        }
    }
}
