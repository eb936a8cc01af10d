import LogCore

/// What is counted of each machine while one worker runs.
struct HostCounts: ~Copyable {
    /// Machines counted apart at most; the rest are "(others)".
    private static let limit = 4_096

    struct Cell {
        var total: Int64 = 0
        var failures: Int64 = 0
        /// The first failure.
        var place = Place()
        var sample: Sample?
    }

    private var names = NameTable()
    private var cells = Table<Cell>()

    /// Counts an event; the number of the machine if it is its first failure so far, whose sample is wanted then.
    @inline(__always)
    mutating func add(_ name: Span<UInt8>, isFailure: Bool, _ place: @autoclosure () -> Place) -> Int? {
        let host = names.index(of: name, limit: Self.limit)
        while cells.count <= host { cells.append(Cell()) }
        cells[host].total &+= 1
        guard isFailure else { return nil }
        cells[host].failures &+= 1
        let place = place()
        guard place.precedes(cells[host].place) else { return nil }
        cells[host].place = place
        return host
    }

    mutating func setSample(_ sample: Sample, of host: Int) { cells[host].sample = sample }

    borrowing func summaries() -> [String: HostSummary] {
        var hosts: [String: HostSummary] = [:]
        for index in 0..<cells.count {
            var host = HostSummary()
            host.total = cells[index].total
            host.failures = cells[index].failures
            host.sample = cells[index].sample
            hosts[names.name(index)] = host
        }
        return hosts
    }
}
