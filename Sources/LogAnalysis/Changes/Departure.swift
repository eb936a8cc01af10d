/// A stretch in which a series ran at another rate than usual, and how sure that is.
struct Departure {
    var cells: Range<Int>
    var isHigh: Bool
    var observed: Double
    /// At the usual rate.
    var expected: Double
    /// Events a cell, usually.
    var usual: Double
    /// Events in the rest of the series, less what departs there.
    var rest: Double
    /// Events in all the rest of it.
    var elsewhere: Double
    /// The chance that a series which keeps within `DepartureFinder.margin` of its usual rate does this anywhere.
    var chance: Double

    /// How many times the usual rate; smoothed, so that none at all is not infinitely few.
    var ratio: Double { (observed + 0.5) / (expected + 0.5) }
}

/// Finds the departures of one series.
struct DepartureFinder {
    /// A rate this many times the usual one, or this part of it, is still nothing to speak of: what is tested isn't
    /// whether there is any difference, but whether there is a great one. It is what keeps slow growth, day and night
    /// and the like from being told, none of which is Poisson noise.
    static let margin = 2.0
    /// None at all is a great difference as it is, so that less is left out here.
    static let marginOfNothing = 1.25
    /// Departures of one series at most. What departs more often is not steady, and its other departures stay in the
    /// model, as its noise.
    static let most = 3
    /// Fewer events than this, of the usual or the unusual ones, prove nothing.
    static let fewest = 8.0

    /// The part of the change that must happen at once, told from so many events: of fewer, noise alone makes an edge.
    private static let sharpness = 0.6
    private static let edge = 24.0
    /// What departs by a third of the most, as logarithms, is no part of the same stretch.
    private static let foothill = 3.0

    private let cells: CellCounts
    private let own: CellCounts?

    /// - Parameter own: the series in cells of its own, from its first event to its last: where nothing comes but in one
    ///   stretch, they tell how it comes in that.
    init(_ cells: CellCounts, own: CellCounts? = nil) {
        self.cells = cells
        self.own = own
    }

    func find() -> [Departure] {
        guard cells.total >= Self.fewest, cells.isRestless else { return [] }
        let whole = SteadyModel(cells, without: [])
        // The dispersion of the whole has the departures in it: its root lets great ones through, and what is cut too
        // often fails the tests below.
        let segments = Segmentation.segments(cells, dispersion: whole.dispersion(over: 1).squareRoot())
        let usual = usual(segments)
        let runs = runs(segments, usual)
        let strongest = runs.sorted { strength($0, usual) > strength($1, usual) }.prefix(Self.most)
            .sorted { $0.cells.lowerBound < $1.cells.lowerBound }
        guard !strongest.isEmpty else { return [] }
        let model = SteadyModel(cells, without: strongest.map(\.cells))
        return strongest.compactMap { departure($0, model, strongest.map(\.cells)) }
    }

    // MARK: Runs

    private struct Run {
        var cells: Range<Int>
        var isHigh: Bool
    }

    /// The rate that lasts: the median of the segments' rates by their length.
    private func usual(_ segments: [Range<Int>]) -> Double {
        let rates = segments.compactMap { range in cells.rate(range).map { ($0, cells.exposure(range)) } }
            .sorted { $0.0 < $1.0 }
        var left = cells.watched / 2
        for (rate, length) in rates {
            left -= length
            if left <= 0 { return rate }
        }
        return 0
    }

    /// Neighbouring segments that are all high, or all low, as one.
    private func runs(_ segments: [Range<Int>], _ usual: Double) -> [Run] {
        var runs: [(parts: [Range<Int>], isHigh: Bool)] = []
        for range in segments {
            // Nothing is known of a hole.
            guard let rate = cells.rate(range) else { continue }
            let isHigh = rate > usual * Self.margin
            guard isHigh || rate < usual / Self.margin else { continue }
            if let last = runs.last, last.isHigh == isHigh, last.parts.last?.upperBound == range.lowerBound {
                runs[runs.count - 1].parts.append(range)
            } else {
                runs.append(([range], isHigh))
            }
        }
        return runs.flatMap { run in split(run.parts, usual).map { Run(cells: $0, isHigh: run.isHigh) } }
    }

    /// The highest of a run, and what lies before and behind it by itself where that is far lower: a handful of
    /// events in the hours before a burst is no part of it.
    private func split(_ parts: [Range<Int>], _ usual: Double) -> [Range<Int>] {
        let floor = 0.5 / Double(max(cells.counts.count / 24, 1))
        func height(_ range: Range<Int>) -> Double {
            SpecialFunctions.log(((cells.rate(range) ?? 0) + floor) / (usual + floor)).magnitude
        }
        let most = parts.map(height).max() ?? 0
        let high = parts.indices.filter { height(parts[$0]) * Self.foothill >= most }
        guard let first = high.first, let last = high.last else { return [] }
        let stretches = [parts[..<first], parts[first...last], parts[(last + 1)...]]
        return stretches.compactMap { stretch in
            guard let first = stretch.first, let last = stretch.last else { return nil }
            return first.lowerBound..<last.upperBound
        }
    }

    /// Twice the logarithm of the likelihood ratio, for the order only.
    private func strength(_ run: Run, _ usual: Double) -> Double {
        let expected = max(usual * cells.exposure(run.cells), 0.5)
        let observed = cells.events(run.cells)
        return 2 * (expected - observed + (observed > 0 ? observed * SpecialFunctions.log(observed / expected) : 0))
    }

    // MARK: Tests

    private func departure(_ run: Run, _ model: SteadyModel, _ departing: [Range<Int>]) -> Departure? {
        let range = run.cells
        let observed = cells.events(range)
        let exposure = cells.exposure(range)
        guard max(observed, model.events) >= Self.fewest, model.exposure > 0, exposure > 0, isSharp(run, model)
        else { return nil }
        let dispersion = dispersion(run, model)
        guard dispersion > 0 else { return nil }
        var chance = 0.0
        for (events, watched) in references(run, model) {
            chance = max(
                chance, self.chance(run, observed, exposure, events, watched, dispersion))
        }
        let whole = run.isHigh ? widened(range, model) : range
        let rest = whole == range ? model : SteadyModel(cells, without: departing + [whole])
        let all = cells.events(whole)
        return Departure(
            cells: whole, isHigh: run.isHigh, observed: all, expected: rest.rate * cells.exposure(whole),
            usual: rest.rate, rest: rest.events, elsewhere: cells.total - all, chance: min(chance * places(range), 1))
    }

    /// With the cells at its edges that it fills in part: where next to nothing comes at other times, what they hold is of
    /// the same.
    private func widened(_ range: Range<Int>, _ model: SteadyModel) -> Range<Int> {
        func isFilled(_ cell: Int) -> Bool {
            let events = cells.counts[cell]
            let others = max(model.events - events, 0) / max(model.exposure, 1)
            return events > 0 && others < 0.01 * events
        }
        var (lower, upper) = (range.lowerBound, range.upperBound)
        if lower > 1, isFilled(lower - 1) { lower -= 1 }
        if upper < cells.counts.count - 1, isFilled(upper) { upper += 1 }
        return lower..<upper
    }

    /// How many stretches might have been found in its stead, for a stretch that touches an end or one that doesn't:
    /// a bound on the chance that any of them departs (Boole's inequality).
    private func places(_ range: Range<Int>) -> Double {
        let count = Double(cells.counts.count)
        return range.lowerBound == 0 || range.upperBound == cells.counts.count ? 2 * count : count * count / 2
    }

    /// What the run is compared with: all the rest, and what lies right before and behind it. It must stand out from
    /// each of them.
    private func references(_ run: Run, _ model: SteadyModel) -> [(events: Double, exposure: Double)] {
        let count = cells.counts.count
        // Of what is rare a stretch as long has but a few; far off it says less of what may be a slope.
        let length = max(run.cells.count, min(2 * run.cells.count, count / 4), count / 8)
        let before = max(run.cells.lowerBound - length, 0)..<run.cells.lowerBound
        let behind = run.cells.upperBound..<min(run.cells.upperBound + length, count)
        let least = Double(max(run.cells.count, count / 8)) / 2
        // Where nothing comes elsewhere, the parts of it that lie near say no more than all of it.
        let near = model.events == 0 ? [] : [before, behind].filter { cells.exposure($0) >= least }
        return [(model.events, model.exposure)] + near.map { (cells.events($0), cells.exposure($0)) }
    }

    /// Given how many events there are in the stretch and outside of it, the chance that so many or more (so few or
    /// fewer) of them fall into the stretch, where its rate is `margin` times the other (the other way round).
    private func chance(
        _ run: Run, _ observed: Double, _ exposure: Double, _ events: Double, _ watched: Double, _ dispersion: Double
    ) -> Double {
        let inside = observed / dispersion
        let outside = events / dispersion
        let margin = min(observed, events) == 0 ? Self.marginOfNothing : Self.margin
        let weight = run.isHigh ? exposure * margin : exposure / margin
        let share = weight / (weight + watched)
        return run.isHigh
            ? SpecialFunctions.binomialUpperTail(inside, of: inside + outside, share)
            : SpecialFunctions.binomialUpperTail(outside, of: inside + outside, 1 - share)
    }

    /// How many events count as one. Where nothing happens but in the run, that is told from the run; if it is too
    /// short, its cells count, however many events they hold.
    private func dispersion(_ run: Run, _ model: SteadyModel) -> Double {
        if model.events > 0 { return model.dispersion(over: run.cells.count) }
        if let own, own.total >= Self.edge {
            let inside = SteadyModel(own, without: [])
            if inside.isTelling { return inside.dispersion(over: own.counts.count) }
        }
        let count = cells.counts.count
        let inside = SteadyModel(cells, without: [0..<run.cells.lowerBound, run.cells.upperBound..<count])
        let occupied = Double(run.cells.count { cells.counts[$0] > 0 })
        return max(inside.dispersion(over: run.cells.count), cells.events(run.cells) / max(occupied, 1))
    }

    /// Whether most of the change happens at once, within a twenty-fourth of the log (an hour of a day): what comes
    /// and goes slowly is no event. None at all in a stretch is told from where it ends in the same way.
    private func isSharp(_ run: Run, _ model: SteadyModel) -> Bool {
        let count = cells.counts.count
        let inside = cells.rate(run.cells) ?? 0
        // As short as it can be for so many events on the side that has more.
        let needed = Self.edge / max(inside, model.rate)
        let length = min(max(Int(needed.rounded(.up)), 1, min(run.cells.count, count / 24)), max(count / 16, 1))
        let floor = 0.5 / Double(length)
        let whole = SpecialFunctions.log((inside + floor) / (model.rate + floor))
        let edges: [(Range<Int>, Range<Int>)] = [
            (run.cells.prefix(length), max(run.cells.lowerBound - length, 0)..<run.cells.lowerBound),
            (run.cells.suffix(length), run.cells.upperBound..<min(run.cells.upperBound + length, count)),
        ]
        return edges.contains { near, far in
            let (a, b) = (cells.exposure(near), cells.exposure(far))
            guard a > 0, b > 0 else { return false }
            let jump = SpecialFunctions.log((cells.events(near) + 0.5) / a * b / (cells.events(far) + 0.5))
            return jump / whole >= Self.sharpness
        }
    }
}
