import LogCore

/// Finds what is far from the others of its kind: a duration or a size, one machine that fails where its peers don't.
enum OutlierFinder {
    /// Values from which a tail can be told.
    private static let enough: Int64 = 100
    /// Values from which its last hundredth can.
    private static let many: Int64 = 1_000
    /// An outlier is so many times the median, and so many times what its tail ends at.
    private static let overMedian = 10.0
    private static let overTail = 3.0

    static func find(_ summary: Summary) -> [Change] {
        let measures = summary.templates.sorted { $0.key < $1.key }.flatMap { id, template in
            template.parameters.indices.compactMap { measure(id, template, $0) }
        }
        let peers = PeerOutliers(summary).candidates()
        return told(measures) + told(peers)
    }

    /// A test that was made, and what it says if it isn't chance.
    struct Candidate {
        var chance: Double
        var change: Change?
    }

    private static func told(_ candidates: [Candidate]) -> [Change] {
        let chances = FalseDiscoveries.adjusted(candidates.map(\.chance), tests: candidates.count)
        return zip(candidates, chances).compactMap { candidate, chance in
            guard var change = candidate.change, chance <= FalseDiscoveries.rate else { return nil }
            change.chance = chance
            return change
        }
        .sorted { ($0.chance, $0.name) < ($1.chance, $1.name) }
    }

    /// The largest value against the tail of the others.
    ///
    /// Latencies and sizes have heavy tails. So the tail is taken to be a power law through two of its quantiles, the
    /// heaviest that is usual: what is an outlier to it is one to lighter tails, too. Then of n values the largest is above
    /// x with a chance of at most n times the tail at x.
    private static func measure(_ id: String, _ template: TemplateSummary, _ index: Int) -> Candidate? {
        let parameter = template.parameters[index]
        // What a parameter is takes long to tell; that it has too few of them doesn't.
        let most =
            [parameter.distributions[.duration], parameter.distributions[.bytes]].compactMap(\.?.count).max() ?? 0
        guard most >= enough, parameter.kind.isMeasure, let values = parameter.distribution, values.count >= enough,
            let sample = values.largest, let time = sample.time, let median = values.quantile(0.5)
        else { return nil }
        // The share of four fifths of the tail lies between the two.
        let end = values.count >= many ? 0.99 : 0.95
        guard let high = values.quantile(end), let low = values.quantile(1 - 5 * (1 - end)), low > 0 else { return nil }
        // Neighbouring buckets are no tail.
        let ratio = max(high / low, 1.1)
        let exponent = SpecialFunctions.log(5) / SpecialFunctions.log(ratio)
        let beyond = max(values.maximum / high, 1)
        let tail = (1 - end) * SpecialFunctions.exp(-exponent * SpecialFunctions.log(beyond))
        let chance = min(Double(values.count) * tail, 1)
        let limit = max(overMedian * median, overTail * high)
        // More than a few are a second kind, not outliers: of 150 values, of which one in 25 is of that kind, one alone is
        // seldom seen.
        let above = values.sketch.count(above: limit)
        guard values.maximum > limit, above <= min(max(values.count / 300, 1), max(3, values.count / 1_000)) else {
            return Candidate(chance: chance)
        }

        let isTime = parameter.kind == .duration
        func shown(_ value: Double) -> String {
            isTime ? Comparer.duration(value) : TextLayout.bytes(Int64(min(value, 9e18)))
        }
        let others = above > 1 ? ", \(TextLayout.grouped(above)) of them far above the rest" : ""
        let statement = Statement(
            "\(shown(values.maximum)) where half of \(TextLayout.grouped(values.count)) are at most \(shown(median)) and "
                + "\(Int(end * 100)) % at most \(shown(high))\(others)",
            [Citation(count: max(above, 1), sample)])
        let change = Change(
            kind: .outlier, subject: .parameter(template: id, index: index), name: template.text, statement: statement,
            start: time, end: time, observed: values.maximum, expected: median, chance: chance, sample: sample)
        return Candidate(chance: chance, change: change)
    }
}
