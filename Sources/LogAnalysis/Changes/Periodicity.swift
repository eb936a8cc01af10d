import LogCore

/// Tells what comes by the clock: the time from one run to the next is nearly always the same, or twice or three
/// times as long where runs were missed.
struct Periodicity {
    /// Runs needed, and days of a daily job.
    private static let fewest = 10
    private static let fewestDays = 6
    /// A run may be late by this part of the period.
    private static let jitter = 0.06
    /// Of the periods from the first run to the last so many must have a run: a rhythm within bursts is no job's.
    private static let present = 0.6
    /// So many gaps must fit, of a hundred.
    private static let regular = 0.8

    /// Nanoseconds.
    let period: Int64
    /// When the first and the last run began.
    let first: Int64
    let last: Int64
    let runs: Int
    /// That events which come at random times do as well.
    let chance: Double

    init?(_ series: CountSeries) {
        let width = series.width
        guard series.buckets.count >= Self.fewestDays else { return nil }
        let gaps = zip(series.buckets.dropFirst(), series.buckets).map { $0 - $1 }.sorted()
        // A run may write more than one line; what lies closer than a quarter of the long gaps is one run.
        let apart = gaps[gaps.count * 19 / 20] / 4
        var starts = [series.buckets[0]]
        var previous = series.buckets[0]
        for bucket in series.buckets.dropFirst() {
            if bucket - previous > apart { starts.append(bucket) }
            previous = bucket
        }
        guard starts.count >= Self.fewestDays else { return nil }
        let steps = zip(starts.dropFirst(), starts).map { Double($0 - $1) }
        let median = steps.sorted()[steps.count / 2]
        let isDaily = median * Double(width) > 20 * 3_600 * Double(Timestamp.second)
        // Buckets wider than an eighth of the period can't tell.
        guard starts.count >= (isDaily ? Self.fewestDays : Self.fewest), median >= 8 else { return nil }
        let slack = max(1, median * Self.jitter)
        var sum = 0.0
        var periods = 0.0
        var hits = 0
        for step in steps {
            let times = (step / median).rounded()
            guard (1...3).contains(times), (step - times * median).magnitude <= slack else { continue }
            hits += 1
            sum += step
            periods += times
        }
        guard Double(hits) >= Self.regular * Double(steps.count), periods > 0 else { return nil }
        let possible = Double(starts[starts.count - 1] - starts[0]) / (sum / periods) + 1
        guard Double(starts.count) >= Self.present * possible else { return nil }
        // Gaps between events at random times have an exponential distribution, from the shortest that counts on.
        let mean = max(steps.reduce(0, +) / Double(steps.count) - Double(apart), 1)
        let share = (1...3).reduce(0.0) { sum, times in
            let middle = Double(times) * median - Double(apart)
            let (low, high) = (max(middle - slack, 0), max(middle + slack, 0))
            return sum + SpecialFunctions.exp(-low / mean) - SpecialFunctions.exp(-high / mean)
        }
        // One gap fits because the period was taken from the gaps.
        chance = SpecialFunctions.binomialUpperTail(Double(hits - 1), of: Double(steps.count - 1), share)
        period = Int64(sum / periods * Double(width))
        first = starts[0] * width
        last = starts[starts.count - 1] * width
        runs = starts.count
    }
}

/// The periodic jobs of a log. They are no trouble, and they are no bursts.
struct PeriodicJobs {
    private static let limit = 100
    /// Runs that must be missing: a job is late now and then, and three in a row are no chance.
    private static let missed = 4.0
    /// Of the log's time a job that fails lasts so long.
    private static let part = 0.75

    private struct Job {
        var series: WatchedSeries
        var periodicity: Periodicity
        var chance: Double
    }

    private var jobs: [Job] = []

    init(_ watch: Watch) {
        var found: [Job] = []
        var tests = 0
        for series in watch.series {
            guard case .template = series.subject, !series.isPart, series.series.buckets.count >= 4 else { continue }
            tests += 1
            guard let periodicity = Periodicity(series.series), !Self.isOutage(series, periodicity, watch.log.tally)
            else { continue }
            found.append(Job(series: series, periodicity: periodicity, chance: 1))
        }
        let chances = FalseDiscoveries.adjusted(found.map(\.periodicity.chance), tests: tests)
        for index in found.indices where chances[index] <= FalseDiscoveries.rate {
            found[index].chance = chances[index]
            jobs.append(found[index])
        }
    }

    /// What fails by the clock, but for a part of the log only, is no job: somebody tries again every minute.
    private static func isOutage(_ series: WatchedSeries, _ periodicity: Periodicity, _ log: Tally) -> Bool {
        guard series.severity >= .warning, let start = log.first, let end = log.last else { return false }
        return Double(gap(periodicity.first, periodicity.last)) < part * Double(gap(start, end))
    }

    func contains(_ subject: Change.Subject) -> Bool { jobs.contains { $0.series.subject == subject } }

    /// A job a change: templates that come with the same period and in the same run are lines of one job.
    func changes(_ times: TextTimes) -> [Change] {
        var leads: [(job: Job, others: Int)] = []
        for job in jobs.sorted(by: { $1.periodicity.runs < $0.periodicity.runs }) {
            if let place = leads.firstIndex(where: { Self.isOne($0.job.periodicity, job.periodicity) }) {
                leads[place].others += 1
            } else if leads.count < Self.limit {
                leads.append((job, 0))
            }
        }
        return leads.map { lead, others in
            let periodicity = lead.periodicity
            let (runs, events) = (Int64(periodicity.runs), lead.series.tally.count)
            var text = TextLayout.count(runs, events > runs ? "run" : "time")
            if events > runs { text += " of \(TextLayout.count(events, "event"))" }
            text += ", every \(Self.duration(periodicity.period))"
            if others > 0 { text += ", with \(TextLayout.count(Int64(others), "other message"))" }
            return Change(
                kind: .periodic, subject: lead.series.subject, name: lead.series.name,
                statement: Statement(text, [Citation(count: lead.series.tally.count, lead.series.sample)]),
                start: periodicity.first, end: periodicity.last, observed: Double(periodicity.runs),
                expected: Double(periodicity.last - periodicity.first) / Double(max(periodicity.period, 1)) + 1,
                chance: lead.chance, sample: lead.series.sample)
        }
    }

    /// Jobs that stopped with their own log while others go on; that what fails no longer does is no trouble. A log that
    /// holds anything else besides is watched as long as it lasts, like any.
    func stopped(_ summary: Summary, _ times: TextTimes) -> [Change] {
        guard let end = summary.tally.last else { return [] }
        var others = summary.templates
        for job in jobs { if case .template(let id) = job.series.subject { others[id] = nil } }
        let busy = Set(others.values.map(\.sample.source))
        var told: Set<String> = []
        return jobs.compactMap { job in
            let (periodicity, source) = (job.periodicity, job.series.sample.source)
            let last = job.series.tally.last ?? periodicity.last
            let missed = Double(gap(last, end)) / Double(max(periodicity.period, 1))
            guard missed >= Self.missed, job.series.severity < .warning, !busy.contains(source),
                told.insert(source).inserted
            else { return nil }
            let since = TextLayout.duration(gap(last, end))
            let text =
                "last at \(times.point(last, seconds: true)), none in the \(since) since; "
                + "\(TextLayout.count(Int64(periodicity.runs), "time")) before, every \(Self.duration(periodicity.period))"
            let count = job.series.tally.count
            let line = job.series.series.last(through: last)
            let citation = line.map { Citation(count: count, $0) } ?? Citation(count: count, job.series.sample)
            return Change(
                kind: .vanished, subject: job.series.subject, name: job.series.name,
                statement: Statement(text, [citation]), start: last, end: nil, observed: 0, expected: missed,
                chance: job.chance, sample: job.series.sample)
        }
    }

    private static func isOne(_ a: Periodicity, _ b: Periodicity) -> Bool {
        let slack = a.period / 10
        return (a.period - b.period).magnitude <= slack.magnitude
            && min((a.last - b.last).magnitude, (a.first - b.first).magnitude) <= slack.magnitude
    }

    /// `5 min`, not `4 min 59 s`: within a hundredth.
    private static func duration(_ period: Int64) -> String {
        for unit in [86_400, 3_600, 60, 1] as [Int64] {
            let length = unit * Timestamp.second
            let whole = (period + length / 2) / length
            if whole > 0, (whole * length - period).magnitude * 50 <= period.magnitude {
                return TextLayout.duration(whole * length)
            }
        }
        return TextLayout.duration(period)
    }
}
