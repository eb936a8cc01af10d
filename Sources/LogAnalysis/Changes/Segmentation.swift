/// Cuts a series into stretches of one rate each.
///
/// Optimal partitioning with pruning (PELT; Killick, Fearnhead and Eckley 2012): of all ways to cut it takes the one
/// with the greatest likelihood of Poisson counts, less a penalty a cut. The counts are divided by their dispersion
/// first, so that events in clumps count as clumps.
enum Segmentation {
    /// A cut must pay for itself: four times the logarithm of the number of cells, twice what an information
    /// criterion would ask for a rate and a place. Small steps are of no interest here.
    private static let penalty = 4.0

    /// The stretches, in order; together they are all cells.
    static func segments(_ cells: CellCounts, dispersion: Double) -> [Range<Int>] {
        let count = cells.counts.count
        let penalty = penalty * SpecialFunctions.log(Double(count))
        var best = Array(repeating: 0.0, count: count + 1)
        best[0] = -penalty
        var cut = Array(repeating: 0, count: count + 1)
        var candidates = [0]
        var costs: [Double] = []
        for end in 1...count {
            costs.removeAll(keepingCapacity: true)
            var least = Double.infinity
            for start in candidates {
                let cost = best[start] + cost(cells, start..<end, dispersion)
                costs.append(cost)
                if cost + penalty < least { (least, cut[end]) = (cost + penalty, start) }
            }
            best[end] = least
            var kept = 0
            for index in candidates.indices where costs[index] <= least {
                candidates[kept] = candidates[index]
                kept += 1
            }
            candidates.removeLast(candidates.count - kept)
            candidates.append(end)
        }
        var segments: [Range<Int>] = []
        var end = count
        while end > 0 {
            segments.append(cut[end]..<end)
            end = cut[end]
        }
        return segments.reversed()
    }

    /// Twice the negative logarithm of the likelihood, without what is the same for every way to cut.
    private static func cost(_ cells: CellCounts, _ range: Range<Int>, _ dispersion: Double) -> Double {
        let events = cells.events(range)
        let exposure = cells.exposure(range)
        guard events > 0, exposure > 0 else { return 0 }
        return -2 * events * SpecialFunctions.log(events / exposure) / dispersion
    }
}
