import LogCore

/// Two runs side by side, and how many events of one stand for an event of the other.
struct RunPair {
    /// Templates that came so often on both sides tell how the runs compare as a whole.
    private static let enough: Int64 = 20
    /// From fewer of them than this there is no median worth the name.
    private static let templates = 5
    /// Cells of time that a series is looked at in.
    private static let cells: Int64 = 512

    let here: Summary
    let there: Summary
    /// Events here for one in the baseline, where nothing is different.
    let scale: Double
    /// Variance of the logarithm of a ratio between the runs beyond that of counting, as most templates show it.
    let variance: Double

    init(_ here: Summary, _ there: Summary) {
        self.here = here
        self.there = there
        let common = here.templates.compactMap { id, template -> (here: Int64, there: Int64)? in
            guard let other = there.templates[id] else { return nil }
            return (template.tally.count, other.tally.count)
        }
        let often = common.filter { $0.here >= Self.enough && $0.there >= Self.enough }
        guard often.count >= Self.templates else {
            let sums = common.reduce((here: Int64(0), there: Int64(0))) { ($0.here + $1.here, $0.there + $1.there) }
            let isKnown = sums.here >= Self.enough && sums.there >= Self.enough
            scale = isKnown ? Double(sums.here) / Double(sums.there) : Self.ratioOfTotals(here, there)
            variance = 0
            return
        }
        let logs = often.map { SpecialFunctions.log(Double($0.here) / Double($0.there)) }
        let middle = Self.median(logs)
        scale = SpecialFunctions.exp(middle)
        // The median of squares of a standard normal variable is 0.455.
        let beyond = zip(logs, often).map { log, count in
            (log - middle) * (log - middle) / 0.455 - 1 / Double(count.here) - 1 / Double(count.there)
        }
        variance = max(Self.median(beyond), 0)
    }

    private static func ratioOfTotals(_ here: Summary, _ there: Summary) -> Double {
        Double(max(here.tally.count, 1)) / Double(max(there.tally.count, 1))
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// How many events of a series count as one, because they come in clumps.
    static func dispersion(_ series: CountSeries, in run: Summary) -> Double {
        guard let first = run.tally.first, let last = run.tally.last, series.total > 1 else { return 1 }
        let width = Timeline.ladder.first { (last - first) / ($0 * Timestamp.second) < cells }
        guard let width, !series.isEmpty else { return 1 }
        let series = series.widened(to: width * Timestamp.second)
        let begin = floorDivide(first, series.width)
        let count = Int(floorDivide(last, series.width) - begin) + 1
        guard count > 1 else { return 1 }
        var counts = Array(repeating: 0.0, count: count)
        for (bucket, events) in zip(series.buckets, series.counts) {
            let cell = Int(bucket - begin)
            if counts.indices.contains(cell) { counts[cell] += Double(events) }
        }
        let model = SteadyModel(CellCounts(counts, Array(repeating: 1, count: count)), without: [])
        return model.dispersion(over: count)
    }

    /// The cells of time in which a series has events.
    static func cells(_ series: CountSeries, in run: Summary) -> Int {
        guard let first = run.tally.first, let last = run.tally.last else { return 0 }
        let width = Timeline.ladder.first { (last - first) / ($0 * Timestamp.second) < cells }
        return width.map { series.widened(to: $0 * Timestamp.second).buckets.count } ?? 0
    }

    /// The chance that a thing which comes as often here as there is seen so differently, to either side.
    ///
    /// Given the sum of both counts, the count here is binomial; events that come in clumps count by the clump. What most
    /// templates vary between the two runs is taken into account as a normal error of the logarithm of the ratio.
    func chance(here: Double, there: Double, dispersion: Double) -> Double {
        let here = here / dispersion
        let there = there / dispersion
        let share = scale / (1 + scale)
        let isMore = here >= scale * there
        let binomial =
            isMore
            ? SpecialFunctions.binomialUpperTail(here, of: here + there, share)
            : SpecialFunctions.binomialUpperTail(there, of: here + there, 1 - share)
        guard variance > 0 else { return min(2 * binomial, 1) }
        let ratio = SpecialFunctions.log((here + 0.5) / (scale * (there + 0.5)))
        let error = variance + 1 / (here + 0.5) + 1 / (there + 0.5)
        return min(max(2 * binomial, Self.normalTails(ratio * ratio / error)), 1)
    }

    /// The same for counts so far apart that a normal error says nothing of them: most templates vary less than three times
    /// as much as they do.
    func chanceOfOutage(here: Double, there: Double, dispersion: Double) -> Double {
        let here = here / dispersion
        let there = there / dispersion
        let isMore = here >= scale * there
        let worst = scale * SpecialFunctions.exp((isMore ? 3 : -3) * variance.squareRoot())
        let share = worst / (1 + worst)
        let binomial =
            isMore
            ? SpecialFunctions.binomialUpperTail(here, of: here + there, share)
            : SpecialFunctions.binomialUpperTail(there, of: here + there, 1 - share)
        return min(2 * binomial, 1)
    }

    /// The smallest chance that this sum of counts can give: where it isn't small there is nothing to test (Tarone 1990).
    func leastChance(here: Double, there: Double, dispersion: Double) -> Double {
        let sum = (here + there) / dispersion
        let share = scale / (1 + scale)
        return min(1, 2 * SpecialFunctions.exp(sum * SpecialFunctions.log(min(share, 1 - share))))
    }

    /// The chance that a standard normal variable's square is at least `square`: the tail of the chi-squared distribution
    /// with one degree of freedom, bounded from above (Abramowitz and Stegun, 7.1.13).
    private static func normalTails(_ square: Double) -> Double {
        let x = (square / 2).squareRoot()
        let bound = SpecialFunctions.exp(-square / 2) * 2 / (x + (x * x + 4 / Double.pi).squareRoot())
        return min(1, bound / Double.pi.squareRoot())
    }
}
