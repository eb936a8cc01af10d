/// The ranks of values in the order of time: how large they are doesn't count, only which is larger, so that a few of a heavy
/// tail weigh no more than others.
struct RankSeries {
    let values: [Double]
    /// Ranks less their mean; equal values share theirs.
    let ranks: [Double]
    /// The mean square of the ranks: less where values are equal.
    let variance: Double
    private let sums: [Double]

    init(_ values: [Double]) {
        self.values = values
        ranks = Self.ranks(values)
        variance = values.isEmpty ? 0 : ranks.reduce(0) { $0 + $1 * $1 } / Double(values.count)
        var sums = [0.0]
        sums.reserveCapacity(values.count + 1)
        for rank in ranks { sums.append(sums[sums.count - 1] + rank) }
        self.sums = sums
    }

    var count: Int { values.count }

    func sum(_ range: Range<Int>) -> Double { sums[range.upperBound] - sums[range.lowerBound] }

    private static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        let mean = Double(values.count - 1) / 2
        var ranks = Array(repeating: 0.0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for index in start..<end { ranks[order[index]] = Double(start + end - 1) / 2 - mean }
            start = end
        }
        return ranks
    }

    /// How far the ranks of a stretch lie above the others', in standard deviations of what a shuffled series has there.
    func deviation(_ range: Range<Int>) -> Double {
        let length = Double(range.count)
        let all = Double(count)
        let spread = variance * length * (all - length) / (all - 1)
        return spread > 0 ? sum(range) / spread.squareRoot() : 0
    }

    /// How many values count as one: neighbours are not independent, as load comes and goes. One and twice the sum of the
    /// correlations of each with the following ones, as far as these are more than noise (Geyer 1992).
    /// - Parameter fitted: numbers that were fitted to the values, which takes from their correlation.
    static func dispersion(_ rest: [Double], fitted: Int) -> Double {
        let count = rest.count
        let mean = rest.reduce(0, +) / Double(max(count, 1))
        let centred = rest.map { $0 - mean }
        let square = centred.reduce(0) { $0 + $1 * $1 }
        guard square > 0 else { return 1 }
        var sum = 0.5
        var lag = 1
        while lag + 1 <= count / 4 {
            var products = 0.0
            for next in lag...lag + 1 {
                for index in next..<count { products += centred[index] * centred[index - next] }
            }
            guard products > 0 else { break }
            sum += products / square
            lag += 2
        }
        let dispersion = 2 * sum
        return dispersion / max(1 - dispersion * Double(fitted) / Double(count), 0.25)
    }

    // MARK: Two groups

    /// How far the ranks of a group lie above those of others (Mann and Whitney), were it `margin` times as small.
    static func deviation(_ group: [Double], above others: [Double], margin: Double) -> Double {
        guard !group.isEmpty, !others.isEmpty else { return 0 }
        let series = RankSeries(group.map { $0 / margin } + others)
        return series.deviation(0..<group.count)
    }

    /// The chance of a deviation that is as great or greater: Student's distribution, as the noise is known from so many
    /// independent values only (Abramowitz and Stegun, 26.7.1).
    static func chance(_ deviation: Double, freedom: Double) -> Double {
        let tail = SpecialFunctions.incompleteBeta(freedom / (freedom + deviation * deviation), freedom / 2, 0.5) / 2
        return deviation < 0 ? 1 - tail : tail
    }

    static func median(_ values: [Double]) -> Double { quantile(values, 0.5) }

    static func quantile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        guard let last = sorted.last else { return 0 }
        // The lower of two middles: half take at most as long.
        let place = Int((Double(sorted.count) * share).rounded(.up)) - 1
        return sorted.indices.contains(place) ? sorted[place] : place < 0 ? sorted[0] : last
    }
}
