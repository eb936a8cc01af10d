import LogCore

/// When each input begins and ends. What a file holds can't be missed before its first line, and a log that grows
/// because another file begins has not changed.
struct InputEnds {
    private let last: Int
    /// Cells in which an input begins or ends.
    private let ends: Set<Int>
    private var extents: [String: (first: Int64, last: Int64)] = [:]
    /// Of each input the cell in which it ends, and its events.
    private var inputs: [(last: Int, events: Int64)] = []

    init(_ summary: Summary, _ grid: TimeGrid) {
        last = grid.count - 1
        var ends: Set<Int> = []
        for (path, source) in summary.sources {
            guard let first = source.first, let last = source.last else { continue }
            extents[path] = (first, last)
            inputs.append((grid.cell(of: last), source.ledger.events))
            ends.formUnion([grid.cell(of: first), grid.cell(of: last)])
        }
        self.ends = ends
    }

    /// Whether a change of the whole log is but an input that begins or ends. A hole between two is still a hole.
    func explain(_ departure: Departure) -> Bool {
        guard departure.observed > 0 else { return false }
        if isEnd(departure) { return true }
        let edges = [departure.cells.lowerBound, departure.cells.upperBound - 1]
        return edges.contains { edge in
            edge > 0 && edge < last && (edge - 1...edge + 1).contains(where: ends.contains)
        }
    }

    /// Whether a fall that lasts begins where inputs with most of the events end: a straggler is no log that goes on.
    private func isEnd(_ departure: Departure) -> Bool {
        let edge = departure.cells.lowerBound
        guard !departure.isHigh, departure.cells.upperBound == last + 1 else { return false }
        let there = inputs.filter { $0.last >= edge - 2 }
        let ended = there.filter { $0.last < edge }
        return ended.reduce(0) { $0 + Double($1.events) } * 2 > there.reduce(0) { $0 + Double($1.events) }
    }

    /// While its inputs last, if all of its events lie in there.
    func exposure(_ series: WatchedSeries, _ grid: TimeGrid) -> [Double] {
        let inputs = series.series.inputs.union([series.sample.source])
        let known = inputs.compactMap { extents[$0] }
        guard known.count == inputs.count, let first = known.map(\.first).min(), let last = known.map(\.last).max(),
            let begin = series.tally.first, let end = series.tally.last, first <= begin, end <= last
        else { return grid.exposure }
        return grid.exposure(from: first, to: last)
    }
}
