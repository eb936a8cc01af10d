import LogCore

/// Tells when a job of every day was missing once: of so few runs a `Periodicity` can't speak, but that all of them begin within
/// some minutes of the day chance hardly does.
enum MissedRuns {
    private static let fewest = 3
    /// Between two runs nothing comes for so long.
    private static let pause = Timestamp.day / 4
    private static let slack = 3_600 * Timestamp.second
    /// A job that starts to the second isn't more of one than this.
    private static let least = 60 * Timestamp.second

    private struct Missed {
        var series: WatchedSeries
        /// The last event before, when the run was due, and the first event behind.
        var last: Int64
        var due: Int64
        var next: Int64
        var runs: Int
        var chance: Double
    }

    static func find(_ summary: Summary, _ watch: Watch, _ times: TextTimes) -> [Change] {
        var tests = 0
        var found: [Missed] = []
        for series in watch.series where series.series.buckets.count >= fewest && series.severity < .warning {
            guard case .template = series.subject, !series.isPart else { continue }
            tests += 1
            guard let missed = missed(series), isAwake(summary.timeline, at: missed.due) else { continue }
            found.append(missed)
        }
        let chances = FalseDiscoveries.adjusted(found.map(\.chance), tests: tests)
        for index in found.indices { found[index].chance = chances[index] }
        var told: [(missed: Missed, others: Int)] = []
        for missed in found where missed.chance <= FalseDiscoveries.rate {
            // Lines of one job.
            if let place = told.firstIndex(where: { ($0.missed.due - missed.due).magnitude <= slack.magnitude }) {
                told[place].others += 1
            } else {
                told.append((missed, 0))
            }
        }
        return told.map { change($0.missed, $0.others, times) }
    }

    private static func missed(_ watched: WatchedSeries) -> Missed? {
        let series = watched.series
        var runs: [(first: Int64, last: Int64)] = []
        for extent in series.buckets.indices.map(series.extent) {
            if let run = runs.last, gap(run.last, extent.lowerBound) < pause {
                runs[runs.count - 1].last = extent.upperBound
            } else {
                runs.append((extent.lowerBound, extent.upperBound))
            }
        }
        guard runs.count >= fewest, let first = runs.first?.first, let last = runs.last?.first,
            Timestamp.plausible.contains(first), Timestamp.plausible.contains(last)
        else { return nil }
        var place: Int?
        var (earliest, latest, days) = (Int64(0), Int64(0), Int64(0))
        for index in runs.indices.dropFirst() {
            let step = floorDivide(runs[index].first - runs[index - 1].first + Timestamp.day / 2, Timestamp.day)
            if step == 2, place == nil { place = index } else if step != 1 { return nil }
            days += step
            let late = runs[index].first - first - days * Timestamp.day
            (earliest, latest) = (min(earliest, late), max(latest, late))
        }
        guard let place, latest - earliest <= slack else { return nil }
        let share = 2 * Double(max(latest - earliest, least)) / Double(Timestamp.day)
        let chance = (1..<runs.count).reduce(1.0) { product, _ in product * share }
        return Missed(
            series: watched, last: runs[place - 1].last, due: runs[place - 1].first + Timestamp.day,
            next: runs[place].first,
            runs: runs.count, chance: chance)
    }

    /// Whether the log says anything around that time.
    private static func isAwake(_ timeline: Timeline, at due: Int64) -> Bool {
        let around = floorDivide(due - slack / 2, timeline.width)...floorDivide(due + slack / 2, timeline.width)
        return around.contains { timeline.buckets[$0] != nil }
    }

    private static func change(_ missed: Missed, _ others: Int, _ times: TextTimes) -> Change {
        let (series, count) = (missed.series, missed.series.tally.count)
        var text =
            "none at \(times.point(missed.due, seconds: false)), where it came at that time of "
            + "\(missed.runs) other days"
        if others > 0 { text += ", with \(TextLayout.count(Int64(others), "other message"))" }
        let line = series.series.last(through: missed.last)
        let citation = line.map { Citation(count: count, $0) } ?? Citation(count: count, series.sample)
        return Change(
            kind: .silence, subject: series.subject, name: series.name, statement: Statement(text, [citation]),
            start: missed.last, end: missed.next, observed: 0,
            expected: (Double(count) / Double(missed.runs)).rounded(), chance: missed.chance, sample: series.sample)
    }
}
