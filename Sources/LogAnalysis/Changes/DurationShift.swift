import LogCore

/// Finds when a measure was larger than at other times: a stretch or all up to the end; or that it grew slowly.
struct DurationShift {
    /// Values from which a stretch can be told, and the fewest of a stretch.
    static let fewest = 40
    private static let shortest = 8
    /// Stretches of one measure at most.
    private static let most = 3
    /// Less than this many times as long, or longer by less, is nothing that anyone would look at.
    static let effect = 1.5
    static let difference = 0.001
    /// What is tested isn't whether there is any difference, but whether there is one of some size.
    static let margin = 1.2
    /// Ways to choose a stretch, for each value: in simulated series the chance that some stretch is above a bound is at most
    /// three times their number times the chance that one of them is; and of those up to the end a quarter of it.
    private static let places = 3.0
    private static let placesOfSteps = 0.25
    /// Chances of a stretch above this are of load that lasts, however it is measured.
    private static let sure = 0.002
    /// Values of a stretch that don't depend on one another, at least.
    private static let independent = 6.0
    /// Against what lies right before and behind, of which there is little, a stretch must stand out no more than this.
    private static let near = 0.001
    /// Parts in which a slow growth must go up one after the other.
    private static let parts = 5
    /// What takes so many times as long from one moment on is another thing than what load does to a measure, if hardly any
    /// value lies between: of those right before and behind it this share at most.
    private static let sudden = 4.0
    private static let between = 0.2
    /// A part of a stretch that is slow by itself is so large, and so many times as large as elsewhere.
    private static let leastShare = 0.1
    private static let moreOften = 4.0
    /// Each twice the one before, of what is slow.
    private static let mostBounds = 4
    private static let stray = 0.05
    /// A part of the growth that isn't slow.
    private static let jump = 0.65

    /// A stretch that is slower, or faster, than the rest; or how a drift went.
    struct Found {
        enum Kind { case stretch, drift, share }
        var kind = Kind.stretch
        /// Places of the values, in order of time. Of a drift its last part.
        var range: Range<Int>
        /// Of a drift its first part; else all but the stretches found.
        var others: [Int]
        var isSlower: Bool
        /// The medians. Of a share those of the slow ones in there, and of all that isn't slow.
        var inside: Double
        var outside: Double
        var chance: Double
        /// Which part is slow in there, and elsewhere.
        var shares: (inside: Double, outside: Double)?
    }

    let times: [Int64]
    let values: [Double]
    private let smooth: SmoothCurves

    /// In the order of time.
    init(_ times: [Int64], _ values: [Double]) {
        self.times = times
        self.values = values
        smooth = SmoothCurves(times)
    }

    func find() -> [Found] {
        guard values.count >= Self.fewest else { return [] }
        var found: [Found] = []
        var kept = Array(values.indices)
        while found.count < Self.most, kept.count >= Self.fewest, let next = strongest(kept),
            next.chance <= Self.sure
        {
            found.append(next)
            kept.removeAll { next.range.contains($0) }
        }
        if found.isEmpty, let next = drift() ?? share() { found.append(next) }
        return found
    }

    // MARK: Stretches

    /// - Parameter kept: the values that lie in no stretch that was found before.
    private func strongest(_ kept: [Int]) -> Found? {
        let series = RankSeries(kept.map { values[$0] })
        guard series.variance > 0 else { return nil }
        let count = kept.count
        let best = Self.stretches(series)
        // What is slow in the beginning is faster from some time on, and the other way round: both are one.
        let candidates = best.compactMap { stretch, deviation -> Found? in
            guard !stretch.isEmpty else { return nil }
            let isPrefix = stretch.lowerBound == 0
            return found(
                isPrefix ? stretch.upperBound..<count : stretch, isSlower: (deviation > 0) != isPrefix, kept, series)
        }
        return candidates.min { ($0.chance, $1.isSlower ? 1 : 0) < ($1.chance, $0.isSlower ? 1 : 0) }
    }

    /// Those of which the ranks lie highest above the others', and lowest below.
    private static func stretches(_ series: RankSeries) -> [(range: Range<Int>, deviation: Double)] {
        let count = series.count
        let shortest = max(Self.shortest, count / 64)
        var best: [(range: Range<Int>, deviation: Double)] = [(0..<0, 0), (0..<0, 0)]
        let scales = (0...count).map { length in
            let (all, length) = (Double(count), Double(length))
            let spread = series.variance * length * (all - length) / (all - 1)
            return spread > 0 ? 1 / spread.squareRoot() : 0
        }
        for start in 0...(count - shortest) {
            for end in (start + shortest)...count where count - (end - start) >= shortest {
                let deviation = series.sum(start..<end) * scales[end - start]
                if deviation > best[0].deviation { best[0] = (start..<end, deviation) }
                if deviation < best[1].deviation { best[1] = (start..<end, deviation) }
            }
        }
        return best
    }

    private func found(_ stretch: Range<Int>, isSlower: Bool, _ kept: [Int], _ series: RankSeries) -> Found? {
        // Nothing that was found before may lie within it.
        let range = kept[stretch.lowerBound]..<kept[stretch.upperBound - 1] + 1
        guard range.count == stretch.count else { return nil }
        let others = Array(kept[..<stretch.lowerBound] + kept[stretch.upperBound...])
        let (inside, outside) = (values[range].map { $0 }, others.map { values[$0] })
        let medians = (RankSeries.median(inside), RankSeries.median(outside))
        guard isGreat(medians.0, medians.1, isSlower) else { return nil }
        let before = kept[..<stretch.lowerBound].suffix(max(stretch.count, kept.count / 8))
        let behind = kept[stretch.upperBound...].prefix(max(stretch.count, kept.count / 8))
        for near in [Array(before), Array(behind), sameHours(range, others)] where near.count >= Self.shortest {
            let values = near.map { self.values[$0] }
            let median = RankSeries.median(values)
            let deviation = Self.deviation(inside, values, isSlower, margin: 1)
            guard (isSlower ? medians.0 / max(median, 1e-9) : median / max(medians.0, 1e-9)) >= Self.margin,
                RankSeries.chance(deviation, freedom: Double(stretch.count + near.count)) <= Self.near
            else { return nil }
        }
        let isStep = stretch.upperBound == kept.count
        var fit = smooth.fit(stretch, series, at: kept, isStep: isStep)
        let sides = sides(stretch, kept, medians)
        if let sides {
            let other = smooth.fit(stretch, sides, at: kept, isStep: isStep)
            if (other.deviation > fit.deviation) == isSlower { fit = other }
        }
        let deviation = min(
            Self.deviation(inside, outside, isSlower, margin: Self.margin), fit.deviation * (isSlower ? 1 : -1))
        let noise = Noise(fit.rest, fitted: fit.fitted)
        // As short as load usually lasts, it is load.
        guard Double(min(stretch.count, others.count)) >= Self.independent * noise.dispersion else { return nil }
        let places = (isStep ? Self.placesOfSteps : Self.places) * Double(kept.count) * (sides == nil ? 1 : 2)
        return Found(
            range: range, others: others, isSlower: isSlower, inside: medians.0, outside: medians.1,
            chance: min(2 * places * noise.chance(of: deviation), 1))
    }

    /// On which side of the change each value lies, where it is sudden; else nil. Where what got slow also got more frequent,
    /// most of the values lie behind the change, and the ranks of all but a few tell them from one another only.
    private func sides(_ stretch: Range<Int>, _ kept: [Int], _ medians: (Double, Double)) -> RankSeries? {
        let (low, high) = (max(min(medians.0, medians.1), 1e-9), max(medians.0, medians.1))
        let quarter = (high / low).squareRoot().squareRoot()
        guard high >= Self.sudden * low else { return nil }
        let reach = max(Self.shortest, min(stretch.count, kept.count - stretch.count))
        let edges = [stretch.lowerBound, stretch.upperBound].filter { $0 > 0 && $0 < kept.count }
        for edge in edges {
            let near = kept[max(edge - reach, 0)..<min(edge + reach, kept.count)]
            let between = near.count { values[$0] > low * quarter && values[$0] < high / quarter }
            if Double(between) > Self.between * Double(near.count) { return nil }
        }
        let middle = (low * high).squareRoot()
        return RankSeries(kept.map { values[$0] >= middle ? 1 : 0 })
    }

    /// What a model leaves unexplained.
    private struct Noise {
        var dispersion: Double
        var freedom: Double

        init(_ rest: [Double], fitted: Int) {
            dispersion = RankSeries.dispersion(rest, fitted: fitted)
            freedom = max(Double(rest.count) / dispersion - Double(fitted), 2)
        }

        func chance(of deviation: Double) -> Double {
            RankSeries.chance(deviation / dispersion.squareRoot(), freedom: freedom)
        }
    }

    private func isGreat(_ inside: Double, _ outside: Double, _ isSlower: Bool) -> Bool {
        let (more, less) = isSlower ? (inside, outside) : (outside, inside)
        return more >= Self.effect * less && more - less >= Self.difference
    }

    /// Values of other days at the same hours: what comes every day is no news of one.
    private func sameHours(_ range: Range<Int>, _ others: [Int]) -> [Int] {
        let (start, end) = (times[range.lowerBound], times[range.upperBound - 1])
        guard end - start < Timestamp.day else { return [] }
        return others.filter { index in
            let hour = (times[index] - start) % Timestamp.day
            return (hour < 0 ? hour + Timestamp.day : hour) <= end - start
        }
    }

    private static func deviation(_ a: [Double], _ b: [Double], _ isSlower: Bool, margin: Double) -> Double {
        isSlower
            ? RankSeries.deviation(a, above: b, margin: margin) : RankSeries.deviation(b, above: a, margin: margin)
    }

    // MARK: Shares

    /// A part that takes far longer in a stretch, while the median stays what it was: one server of three, one way of two. It must
    /// be another kind of value, not a tail, which has as many on the way there.
    private func share() -> Found? {
        let usual = RankSeries.median(values)
        // Above the tail of the others.
        let bounds = (0..<Self.mostBounds).map { max(Self.sudden * usual, usual + Self.difference) * Double(1 << $0) }
        let bound = bounds.first { bound in
            let slow = values.count { $0 >= bound }
            let between = values.count { $0 < bound && $0 >= bound / 2 }
            return slow >= Self.shortest && Double(between) <= Self.between * Double(slow)
        }
        guard let bound else { return nil }
        let slow = values.map { $0 >= bound ? 1.0 : 0 }
        let series = RankSeries(slow)
        var stretch = Self.stretches(series)[0].range
        // What is slow from the start has got faster, which is no trouble.
        guard !stretch.isEmpty, stretch.lowerBound > 0 else { return nil }
        // The few behind the last slow one may be none by chance.
        let rest = stretch.upperBound..<values.count
        let fast = 1 - Double(stretch.count { slow[$0] > 0 }) / Double(stretch.count)
        if slow[rest].allSatisfy({ $0 == 0 }), fast > 0,
            SpecialFunctions.exp(Double(rest.count) * SpecialFunctions.log(fast)) >= Self.stray
        {
            stretch = stretch.lowerBound..<values.count
        }
        func part(_ places: some Collection<Int>) -> Double {
            places.isEmpty ? 0 : places.reduce(0) { $0 + slow[$1] } / Double(places.count)
        }
        let others = Array(0..<stretch.lowerBound) + Array(stretch.upperBound..<values.count)
        let shares = (inside: part(stretch), outside: part(others))
        guard shares.inside >= max(Self.leastShare, Self.moreOften * shares.outside) else { return nil }
        let reach = max(stretch.count, values.count / 8)
        let before = Array(max(stretch.lowerBound - reach, 0)..<stretch.lowerBound)
        let behind = Array(stretch.upperBound..<min(stretch.upperBound + reach, values.count))
        for near in [before, behind, sameHours(stretch, others)] where near.count >= Self.shortest {
            let deviation = Self.deviation(slow[stretch].map { $0 }, near.map { slow[$0] }, true, margin: 1)
            guard part(near) * Self.moreOften <= shares.inside,
                RankSeries.chance(deviation, freedom: Double(stretch.count + near.count)) <= Self.near
            else { return nil }
        }
        let isStep = stretch.upperBound == values.count
        let fit = smooth.fit(stretch, series, at: Array(values.indices), isStep: isStep)
        let noise = Noise(fit.rest, fitted: fit.fitted)
        guard Double(min(stretch.count, others.count)) >= Self.independent * noise.dispersion else { return nil }
        let places = (isStep ? Self.placesOfSteps : Self.places) * Double(values.count)
        let chance = min(2 * Double(Self.mostBounds) * places * noise.chance(of: fit.deviation), 1)
        guard chance <= Self.sure else { return nil }
        return Found(
            kind: .share, range: stretch, others: others, isSlower: true,
            inside: RankSeries.median(stretch.filter { slow[$0] > 0 }.map { values[$0] }),
            outside: RankSeries.median(values.filter { $0 < bound }), chance: chance, shares: shares)
    }

    // MARK: Drifts

    /// Slower from part to part, without one jump.
    private func drift() -> Found? {
        let count = values.count
        guard let first = times.first, let last = times.last, first < last else { return nil }
        var ranges: [Range<Int>] = []
        var start = 0
        for part in 1...Self.parts {
            let limit = first + Int64(Double(last - first) * Double(part) / Double(Self.parts))
            let end = part == Self.parts ? count : times[start...].firstIndex { $0 > limit } ?? count
            ranges.append(start..<end)
            start = end
        }
        guard ranges.allSatisfy({ $0.count >= Self.shortest }) else { return nil }
        let medians = ranges.map { RankSeries.median(Array(values[$0])) }
        let (from, to) = (medians[0], medians[Self.parts - 1])
        let isSlower = to > from
        guard isGreat(to, from, isSlower) else { return nil }
        let growth = SpecialFunctions.log((to + 1e-9) / (from + 1e-9))
        let steps = zip(medians, medians.dropFirst()).map { SpecialFunctions.log(($1 + 1e-9) / ($0 + 1e-9)) / growth }
        guard steps.allSatisfy({ $0 > 0 && $0 < Self.jump }) else { return nil }
        let series = RankSeries(values)
        // The correlation of the ranks with those of the times (Spearman), against what the growth leaves.
        let middle = Double(count - 1) / 2
        var product = 0.0
        for (index, rank) in series.ranks.enumerated() { product += rank * (Double(index) - middle) }
        let square = Double(count) * (Double(count) * Double(count) - 1) / 12
        let slope = product / square
        let rest = series.ranks.enumerated().map { $1 - slope * (Double($0) - middle) }
        let deviation = abs(product) / (square * series.variance).squareRoot()
        return Found(
            kind: .drift, range: ranges[Self.parts - 1], others: Array(ranges[0]), isSlower: isSlower, inside: to,
            outside: from, chance: min(2 * Noise(rest, fitted: 2).chance(of: deviation), 1))
    }
}

/// Curves that come and go slowly, as load does: a polynomial over the whole time, and day and night. What they explain of a
/// stretch is no event.
struct SmoothCurves {
    private static let degree = 4
    private static let gentle = 2

    private struct Curve {
        var values: [Double]
        var isGentle: Bool
    }

    private let curves: [Curve]

    init(_ times: [Int64]) {
        guard let first = times.first, let last = times.last, first < last else {
            curves = []
            return
        }
        let places = times.map { 2 * Double($0 - first) / Double(last - first) - 1 }
        var curves: [Curve] = []
        var power = Array(repeating: 1.0, count: times.count)
        for degree in 1...Self.degree {
            for index in power.indices { power[index] *= places[index] }
            curves.append(Curve(values: power, isGentle: degree <= Self.gentle))
        }
        if last - first > Timestamp.day * 2 / 5 {
            let angles = times.map { Double($0 - first) / Double(Timestamp.day) * 2 * Double.pi }
            curves.append(Curve(values: angles.map { SpecialFunctions.sine($0) }, isGentle: true))
            curves.append(Curve(values: angles.map { SpecialFunctions.sine($0 + Double.pi / 2) }, isGentle: true))
        }
        self.curves = curves
    }

    struct Fit {
        /// The step's share beside the curves, in standard deviations of the noise.
        var deviation: Double
        /// What curves and step leave, and how many there are of them.
        var rest: [Double]
        var fitted: Int
    }

    /// The ranks as the best of these curves and a step in a stretch.
    /// - Parameter kept: which of all times the series has.
    func fit(_ stretch: Range<Int>, _ series: RankSeries, at kept: [Int], isStep: Bool) -> Fit {
        var basis: [[Double]] = [normalised(Array(repeating: 1, count: kept.count))].compactMap(\.self)
        // A curve that bends often enough is a step.
        for curve in curves where !isStep || curve.isGentle {
            if let next = normalised(without(kept.map { curve.values[$0] }, basis)) { basis.append(next) }
        }
        let rest = without(series.ranks, basis)
        guard let unit = normalised(without(kept.indices.map { stretch.contains($0) ? 1 : 0 }, basis)) else {
            return Fit(deviation: 0, rest: rest, fitted: basis.count)
        }
        let share = dot(rest, unit)
        let noise = without(rest, [unit])
        // The step's two ends were looked for, too.
        let fitted = basis.count + 5
        let spread = (dot(noise, noise) / Double(max(kept.count - fitted, 1))).squareRoot()
        return Fit(deviation: share / max(spread, 1e-3), rest: noise, fitted: fitted)
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    private func without(_ vector: [Double], _ basis: [[Double]]) -> [Double] {
        var vector = vector
        for unit in basis {
            let share = dot(vector, unit)
            for index in vector.indices { vector[index] -= share * unit[index] }
        }
        return vector
    }

    private func normalised(_ vector: [Double]) -> [Double]? {
        let length = dot(vector, vector).squareRoot()
        return length > 1e-6 ? vector.map { $0 / length } : nil
    }
}
