/// Events a cell, and how much of each cell was watched; sums over any stretch at once.
struct CellCounts {
    let counts: [Double]
    let exposure: [Double]
    private let sums: [Double]
    private let exposures: [Double]

    init(_ counts: [Double], _ exposure: [Double]) {
        self.counts = counts
        self.exposure = exposure
        sums = Self.sums(counts)
        exposures = Self.sums(exposure)
    }

    private static func sums(_ values: [Double]) -> [Double] {
        var sums = [0.0]
        sums.reserveCapacity(values.count + 1)
        var sum = 0.0
        for value in values {
            sum += value
            sums.append(sum)
        }
        return sums
    }

    var total: Double { sums[counts.count] }
    var watched: Double { exposures[counts.count] }

    func events(_ cells: Range<Int>) -> Double { sums[cells.upperBound] - sums[cells.lowerBound] }
    func exposure(_ cells: Range<Int>) -> Double { exposures[cells.upperBound] - exposures[cells.lowerBound] }

    /// Events a whole cell; nil where nothing was watched.
    func rate(_ cells: Range<Int>) -> Double? {
        let exposure = exposure(cells)
        return exposure > 0 ? events(cells) / exposure : nil
    }

    /// Whether some stretch of 1, 2, 4, … cells holds so many more or so many fewer events than the whole makes expect
    /// that it's worth a closer look. Most series are steady and end here, after some two thousand additions.
    var isRestless: Bool {
        let mean = total / max(watched, 1)
        let count = counts.count
        var length = 1
        while length <= count / 2 {
            let expected = mean * Double(length)
            // Four standard deviations of a Poisson count.
            let slack = 4 * (expected + 1).squareRoot()
            let high = max(expected * 1.5, expected + slack)
            let low = min(expected / 1.5, expected - slack)
            for start in 0...(count - length) {
                let events = sums[start + length] - sums[start]
                if events > high { return true }
                if events < low, exposures[start + length] - exposures[start] > 0.9 * Double(length) { return true }
            }
            length *= 2
        }
        return false
    }
}
