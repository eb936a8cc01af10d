import LogCore

/// What a log says of its work, beside what fails: where failures come as often as work does, more of them at one time
/// than at another are no news.
struct Traffic {
    /// So much work for each failure, else it tells nothing: failures are as frequent as what they are compared with.
    private static let least = 20.0
    /// Standard deviations that chance may bring.
    private static let slack = 3.0

    private struct Writer: Hashable {
        var source: String
        var component: String
    }

    private var work: [Writer: [CountSeries]] = [:]

    init(_ summary: Summary) {
        for template in summary.templates.values where !template.sample.source.isEmpty {
            let failed = template.unexplained.count
            guard failed * 10 <= template.tally.count, !template.series.isEmpty else { continue }
            let bad = [Severity.warning, .error, .critical].reduce(Int64(0)) { $0 + template.byRank[$1.rank] }
            guard bad * 10 <= template.tally.count else { continue }
            let writer = Writer(source: template.sample.source, component: template.component)
            work[writer, default: []].append(template.series)
        }
    }

    /// Whether so many failures of all lie in a time because the work of the same log does. What fails all the more, or at one
    /// of several such times alone, isn't explained.
    func explains(
        _ inside: Double, of all: Double, by sample: Sample, _ component: String, from start: Int64, to end: Int64
    ) -> Bool {
        guard let series = work[Writer(source: sample.source, component: component)] else { return false }
        let total = series.reduce(0) { $0 + Double($1.total) }
        let during = series.reduce(0) { $0 + Double($1.count(from: start - $1.width + 1, to: end)) }
        guard total >= Self.least * all, during >= Self.least * inside else { return false }
        // As many outside of it as its work lets expect.
        let expected = all * (total - during) / total
        return all - inside >= expected - Self.slack * expected.squareRoot() - 1
    }
}
