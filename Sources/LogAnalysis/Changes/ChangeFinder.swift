import LogCore

/// Finds what changed, in a summary.
///
/// What is watched is laid on one grid of time. Of each series come the stretches at another rate than usual, each
/// with the chance that a steady series does so; chances are adjusted for all that was looked at; what all events
/// do together is told once, and so is what several series do at the same time.
enum ChangeFinder {
    /// Changes told at most, the strongest, beside those that are for information.
    private static let limit = 50
    /// Of the usual rate so much is as quiet as nothing: a pause doesn't begin to the minute.
    private static let quiet = 0.25
    /// Series looked at closely at most: those with most events, graver ones first.
    private static let closely = 400

    static func find(_ summary: Summary) -> [Change] { both(summary).told }

    /// What is told, in which what changed together is one change; and each change of a rate by itself, with what got slower and
    /// which logs stopped.
    static func both(_ summary: Summary) -> (told: [Change], each: [Change]) {
        guard let watch = Watch(summary) else { return (OutlierFinder.find(summary), []) }
        let times = TextTimes(summary.tally, unicode: false)
        let periodic = PeriodicJobs(watch)
        var changes: [Change] = []
        var each: [Change] = []
        if var grid = TimeGrid(summary.tally) {
            let departures = departures(summary, watch, &grid, without: periodic)
            let teller = ChangeTeller(grid: grid, times: times, watch: watch)
            let told = departures.compactMap(teller.tell)
            each = told.map(\.change)
            changes = Companions.joined(told).prefix(limit).map(\.change)
        }
        let outliers = OutlierFinder.find(summary)
        let durations = DurationChanges.find(summary)
        // One machine that fails alone is what a rise of its errors comes from.
        let alone = outliers.filter(\.isOfComponent)
        let stopped = StoppedLogs.find(summary, times) + periodic.stopped(summary, times)
        let missed = MissedRuns.find(summary, watch, times)
        changes = alone + stopped + missed + changes + durations.slower
        changes += outliers.filter { !$0.isOfComponent } + durations.faster
        return (changes + periodic.changes(times) + RareEvents.find(summary, watch), each + durations.slower + stopped)
    }

    /// A departure and what departed.
    struct Found {
        var series: WatchedSeries
        var cells: CellCounts
        var departure: Departure
    }

    private static func departures(
        _ summary: Summary, _ watch: Watch, _ grid: inout TimeGrid, without periodic: PeriodicJobs
    ) -> [Found] {
        let ends = InputEnds(summary, grid)
        let whole = CellCounts(grid.counts(summary.timeline), grid.exposure)
        var found = DepartureFinder(whole).find().filter { !ends.explain($0) }
            .map { Found(series: watch.log, cells: whole, departure: $0) }
        // Where there is no log at all, nothing else can be missed.
        for hole in found where hole.departure.observed == 0 && hole.departure.chance < FalseDiscoveries.rate {
            for cell in hole.departure.cells { grid.exposure[cell] = 0 }
        }
        found.removeAll { isDaily($0.departure, whole, grid, of: whole) }
        let (candidates, tests) = candidates(watch, grid, ends)
        let log = CellCounts(whole.counts, grid.exposure)
        let traffic = Traffic(summary)
        if let failures = watch.failures {
            let cells = CellCounts(grid.failures(summary.timeline), grid.exposure)
            found += DepartureFinder(cells).find().filter { !ends.explain($0) && !isShared($0, log) }
                .filter { !$0.isHigh || !isUsual($0, failures, grid, traffic) }
                .map { Found(series: failures, cells: cells, departure: $0) }
        }
        for (series, cells) in candidates {
            // What a job does by the clock is one thing, that it fails is another: what retries every minute is the outage itself.
            let isPeriodic = !series.isPart && periodic.contains(series.subject)
            // Of what only informs, one stretch may be somebody's session; of what warns, it is worth a look.
            let own = series.severity >= .warning ? TimeGrid.own(series.series) : nil
            for departure in DepartureFinder(cells, own: own).find() {
                if isPeriodic && departure.isHigh && series.severity < .warning { continue }
                // Fewer warnings of a status are good news, or what an outage did to all requests.
                if series.isPart, series.severity == .warning, departure.isHigh == (departure.cells.lowerBound == 0) {
                    continue
                }
                if isShared(departure, log) { continue }
                // Work has its hours, and its rest; what warns in the same hours of every day is worth a look.
                if !departure.isHigh || series.severity < .warning, isDaily(departure, cells, grid, of: whole) {
                    continue
                }
                if departure.isHigh, series.severity >= .warning, isUsual(departure, series, grid, traffic) { continue }
                found.append(Found(series: series, cells: cells, departure: departure))
            }
        }
        let chances = FalseDiscoveries.adjusted(found.map(\.departure.chance), tests: tests + 2)
        for index in found.indices { found[index].departure.chance = chances[index] }
        return found.filter { $0.departure.chance <= FalseDiscoveries.rate }
    }

    /// The series that are not plainly steady, on the grid, and how many were looked at.
    private static func candidates(
        _ watch: Watch, _ grid: TimeGrid, _ ends: InputEnds
    ) -> ([(WatchedSeries, CellCounts)], tests: Int) {
        var tests = 0
        var restless: [(series: WatchedSeries, cells: CellCounts)] = []
        for series in watch.series where !series.isInParts && Double(series.series.total) >= DepartureFinder.fewest {
            tests += 1
            let cells = CellCounts(grid.counts(series.series), ends.exposure(series, grid))
            if cells.isRestless { restless.append((series, cells)) }
        }
        guard restless.count > closely else { return (restless, tests) }
        let order = restless.indices.sorted { a, b in
            let (left, right) = (restless[a], restless[b])
            return (right.series.weight * right.cells.total, a) < (left.series.weight * left.cells.total, b)
        }
        return (order.prefix(closely).sorted().map { restless[$0] }, tests)
    }

    /// Whether the same hours of other days were as busy, or as quiet: those of two of them at least, and of most.
    ///
    /// - Parameter log: all events, holes and all: in a hole everything is quiet.
    private static func isDaily(
        _ departure: Departure, _ cells: CellCounts, _ grid: TimeGrid, of log: CellCounts
    ) -> Bool {
        let day = 86_400 * Timestamp.second
        let step = Int(day / grid.width)
        let range = departure.cells
        guard day % grid.width == 0, range.count < step, let rate = cells.rate(range) else { return false }
        var (known, alike) = (0, 0)
        for shift in (1...max(grid.count / step, 1)).flatMap({ [-$0 * step, $0 * step] }) {
            let other = range.lowerBound + shift..<range.upperBound + shift
            guard other.lowerBound >= 0, other.upperBound <= grid.count else { continue }
            let length = 0.9 * Double(range.count)
            let isHole = log.exposure(other) >= length && log.events(other) <= quiet * log.total / log.watched * length
            if cells.exposure(other) >= length, let its = cells.rate(other) {
                known += 1
                let isAlike =
                    departure.isHigh
                    ? its >= rate / DepartureFinder.margin
                    : its <= max(rate * DepartureFinder.margin, departure.usual * quiet)
                if isAlike { alike += 1 }
            } else if isHole, !departure.isHigh {
                known += 1
                alike += 1
            }
        }
        return alike >= 2 && 3 * alike >= 2 * known
    }

    /// Whether it warns then because it works then, and no more often than ever.
    private static func isUsual(
        _ departure: Departure, _ series: WatchedSeries, _ grid: TimeGrid, _ traffic: Traffic
    ) -> Bool {
        traffic.explains(
            departure.observed, of: departure.observed + departure.elsewhere, by: series.sample, series.component,
            from: grid.start(of: departure.cells.lowerBound), to: grid.start(of: departure.cells.upperBound))
    }

    /// Whether the rest of the log did the same in that time: then it's no news of this series.
    private static func isShared(_ departure: Departure, _ log: CellCounts) -> Bool {
        let inside = log.exposure(departure.cells)
        let outside = log.watched - inside
        let observed = log.events(departure.cells) - departure.observed
        let others = log.total - log.events(departure.cells) - departure.rest
        guard inside > 0, outside > 0, others >= DepartureFinder.fewest else { return false }
        let expected = others / outside * inside
        let ratio = (observed + 0.5) / (expected + 0.5)
        return departure.isHigh
            ? ratio >= max(departure.ratio / 2, 1.5) : ratio <= min(max(departure.ratio, 0.1) * 2, 1 / 1.5)
    }
}
