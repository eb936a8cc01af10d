import LogCore

/// Errors and worse, or warnings, of one template that no rule explains, and that one status made such: `status 502` is another thing
/// than `status 500`, though the message is the same.
package struct Failures: Equatable, Sendable, Codable {
    /// Statuses of one template that are told apart, those that come first by their text. The others count as if no field
    /// told a status: where there are so many, they are no kinds of failure.
    package static let statuses = 16

    package var tally = Tally()
    /// Its events that have a time.
    package var series = CountSeries()
    /// What they name.
    package var joins = JoinSample()
    package var sample: Sample
    package var further = FurtherSamples()
    package var isCritical = false

    package init(sample: Sample) { self.sample = sample }

    /// What its events name, and those that are kept.
    var evidence: (joins: JoinSample, samples: [Sample]) { (joins, [sample] + further.samples) }

    package mutating func merge(_ other: Failures) {
        further.merge(other.further, firsts: sample, other.sample)
        sample = Sample.earlier(sample, other.sample)
        tally.merge(other.tally)
        series.merge(other.series)
        joins.merge(other.joins)
        isCritical = isCritical || other.isCritical
    }
}

extension [String: Failures] {
    /// Joins those of the same statuses. What is kept apart was so from its first event on, so that the order makes no
    /// difference.
    mutating func merge(_ others: [String: Failures]) {
        for (status, failures) in others { add(failures, status) }
        while let last = keys.max(), !last.isEmpty, count(where: { !$0.key.isEmpty }) > Failures.statuses {
            if let rest = removeValue(forKey: last) { add(rest, "") }
        }
    }

    private mutating func add(_ failures: Failures, _ status: String) {
        if self[status]?.merge(failures) == nil { self[status] = failures }
    }
}

extension TemplateSummary {
    /// How its failures of one status are called.
    package func title(_ status: String) -> String { status.isEmpty ? text : "\(text): \(status)" }

    /// Its warnings by the status that made them warnings, the most frequent first; none where most have no status, or there
    /// are too many of them.
    package var warnedStatuses: [(status: String, warnings: Failures)] {
        let told = warnings.filter { !$0.key.isEmpty }
        let count = told.values.reduce(0) { $0 + $1.tally.count }
        guard count > 0, count * 10 >= byRank[Severity.warning.rank] * 9 else { return [] }
        return told.map { ($0.key, $0.value) }.sorted { a, b in (b.1.tally.count, a.0) < (a.1.tally.count, b.0) }
    }

    /// What its warnings name that no rule explains, of all statuses; nil if there is none.
    package var warned: JoinSample? {
        warnings.isEmpty ? nil : warnings.values.reduce(into: JoinSample()) { $0.merge($1.joins) }
    }

    /// The first warning that no rule explains: the template's own first event may say the same as no warning.
    package var warnedSample: Sample? {
        warnings.values.reduce(nil) { Sample.earlier($0, $1.sample) }
    }

    /// Errors and worse that no rule explains, of all statuses.
    package var unexplained: Tally {
        failures.values.reduce(into: Tally()) { $0.merge($1.tally) }
    }

    package var unexplainedSeries: CountSeries {
        failures.values.reduce(into: CountSeries()) { $0.merge($1.series) }
    }

    /// The first one of all.
    package var unexplainedSample: Sample? {
        failures.values.reduce(nil) { Sample.earlier($0, $1.sample) }
    }
}
