import LogCore

/// `IdentityTimes` of one worker while it runs: a table by hash and source, in which nothing is allocated.
struct IdentityTable: ~Copyable {
    struct Cell {
        /// 0: the place is free.
        var hash: UInt64 = 0
        var time: Int64 = 0
        var source: Int = 0
    }

    /// Twice as many places as pairs, a power of two.
    private static let places = 2 * IdentityTimes.limit
    private var cells = Table<Cell>(repeating: Cell(), count: places)
    private var count = 0
    /// Hashes above it aren't kept.
    private(set) var bound = UInt64.max

    /// Counts an event that has a time of its own. What warns or fails tells no clock: that a request took too long is said
    /// when as long has passed, to the millisecond each time.
    mutating func add(_ hash: UInt64, at record: Record, in source: Int) {
        if record.timeSource == .none || record.timeSource == .inherited || record.severity >= .warning { return }
        add(hash, at: record.time, in: source)
    }

    /// `source`: its number.
    mutating func add(_ hash: UInt64, at time: Int64, in source: Int) {
        guard hash <= bound, hash != 0 else { return }
        let place = place(of: hash, source)
        if cells[place].hash == hash {
            cells[place].time = min(cells[place].time, time)
            return
        }
        cells[place] = Cell(hash: hash, time: time, source: source)
        count += 1
        while count > IdentityTimes.limit { shrink() }
    }

    /// Where the pair stands, or the free place for it.
    private func place(of hash: UInt64, _ source: Int) -> Int {
        // The lower bits: the higher ones of what is kept are all zero.
        var place = Int(truncatingIfNeeded: hash ^ UInt64(source) &* 0x9E37_79B9) & (Self.places - 1)
        while cells[place].hash != 0, cells[place].hash != hash || cells[place].source != source {
            place = (place + 1) & (Self.places - 1)
        }
        return place
    }

    /// Once for each doubling of the number of ids.
    private mutating func shrink() {
        bound >>= 1
        var kept: ContiguousArray<Cell> = []
        for place in 0..<Self.places {
            if cells[place].hash != 0, cells[place].hash <= bound { kept.append(cells[place]) }
            cells[place] = Cell()
        }
        count = kept.count
        for cell in kept { cells[place(of: cell.hash, cell.source)] = cell }
    }

    /// Nil where no event named an id. `sources`: paths by number.
    func times(_ sources: [String]) -> IdentityTimes? {
        guard count > 0 else { return nil }
        var times = IdentityTimes(bound: bound)
        for place in 0..<Self.places where cells[place].hash != 0 {
            times.add(cells[place].hash, at: cells[place].time, in: sources[cells[place].source])
        }
        return times
    }
}
