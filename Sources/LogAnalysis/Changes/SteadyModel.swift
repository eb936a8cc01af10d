/// What a series looks like where nothing happens: a rate, and how much more it varies than Poisson counts would.
///
/// The dispersion is the variance over the mean of counts; 1 for events that come independently, the size of a clump
/// for those that come in clumps. It is taken from the differences of neighbouring blocks, so that a slow drift such
/// as day and night doesn't count (von Neumann's mean square successive difference), and at several sizes of blocks, for
/// clumps may last.
struct SteadyModel {
    /// A dispersion from fewer pairs of blocks is a guess.
    private static let pairs = 8

    let events: Double
    let exposure: Double
    /// By the size of the block: 1, 2, 4, … cells.
    private let dispersions: [Double]

    /// Whether there were enough blocks to tell a dispersion from.
    var isTelling: Bool { !dispersions.isEmpty }
    var rate: Double { exposure > 0 ? events / exposure : 0 }

    /// - Parameter left: stretches left out, in order: what is to be compared with the rest must not be part of it.
    init(_ cells: CellCounts, without left: [Range<Int>]) {
        var counts: [Double] = []
        counts.reserveCapacity(cells.counts.count)
        var exposures: [Double] = []
        exposures.reserveCapacity(cells.counts.count)
        var next = 0
        for range in left + [cells.counts.count..<cells.counts.count] {
            for cell in next..<max(range.lowerBound, next) where cells.exposure[cell] > 0 {
                counts.append(cells.counts[cell])
                exposures.append(cells.exposure[cell])
            }
            next = max(range.upperBound, next)
        }
        events = counts.reduce(0, +)
        exposure = exposures.reduce(0, +)
        var dispersions: [Double] = []
        while counts.count >= 2 * Self.pairs {
            dispersions.append(Self.dispersion(counts, exposures))
            let half = counts.count / 2
            for block in 0..<half {
                counts[block] = counts[2 * block] + counts[2 * block + 1]
                exposures[block] = exposures[2 * block] + exposures[2 * block + 1]
            }
            counts.removeLast(counts.count - half)
            exposures.removeLast(exposures.count - half)
        }
        self.dispersions = dispersions
    }

    /// Of neighbours a and b with the mean m each: (a - b)² / 2m is the dispersion on average.
    private static func dispersion(_ counts: [Double], _ exposures: [Double]) -> Double {
        var sum = 0.0
        var mean = 0.0
        for index in 1..<counts.count {
            let a = counts[index - 1] / exposures[index - 1]
            let b = counts[index] / exposures[index]
            let weight = min(exposures[index - 1], exposures[index])
            sum += (a - b) * (a - b) * weight
            mean += a + b
        }
        return mean > 0 ? sum / mean : 1
    }

    /// How many events count as one in a stretch of so many cells: never less than one.
    func dispersion(over cells: Int) -> Double {
        var most = 1.0
        var size = 1
        for dispersion in dispersions {
            most = max(most, dispersion)
            if size >= cells { break }
            size *= 2
        }
        return most
    }
}
