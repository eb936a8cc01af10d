/// What the dates of a source say of the order of their numbers: which orders every date allows, and how often each has
/// time go back.
package struct OrderEvidence: Sendable {
    /// Why an order was taken.
    package enum Reason: String, Sendable, Codable {
        /// The user said so.
        case given
        /// A number that is no month, or no day, leaves one order only.
        case numbers
        /// In the other order the lines would not be in the order of time.
        case sequence
        /// In this order the log ends when the file was written.
        case modified
        /// Nothing tells: it is the custom of such dates.
        case custom
    }

    private struct Reading: Sendable {
        var order: DateOrder
        var isPossible = true
        var stepsBack = 0
        var last = Int64.min
    }

    private var readings = [Reading(order: .monthFirst), Reading(order: .dayFirst), Reading(order: .yearFirst)]
    /// How the first date was read; `named` before it.
    private var custom = DateOrder.named
    private var last: (month: UInt8, day: UInt8, year: Int16) = (0, 0, 0)
    /// Times more than so much later than the file's own are those of other orders.
    private static let grace = Timestamp.day

    package init() {}

    package var isEmpty: Bool { custom == .named }

    package mutating func note(_ scanned: ScannedTime) {
        if scanned.month == last.month, scanned.day == last.day, scanned.year == last.year { return }
        last = (scanned.month, scanned.day, scanned.year)
        if custom == .named { custom = scanned.order }
        for index in readings.indices {
            guard let read = scanned.read(as: readings[index].order) else {
                readings[index].isPossible = false
                continue
            }
            // A year-less date in a year of its own: New Year is a step back in any order.
            let date =
                read.shape == .full
                ? read.nanoseconds
                : Int64(Timestamp.days(year: 2000, month: Int(read.month), day: Int(read.day))) * Timestamp.day
            if date + Self.grace < readings[index].last { readings[index].stepsBack += 1 }
            readings[index].last = date
        }
    }

    /// Whether the numbers leave one order only.
    package var isDecided: Bool { readings.count(where: \.isPossible) == 1 }

    /// The order, and why. `modified`: nanoseconds since the epoch when the source was last written.
    package func decide(modified: Int64) -> (order: DateOrder, reason: Reason)? {
        let possible = readings.filter(\.isPossible)
        guard !isEmpty, let first = possible.first else { return nil }
        if possible.count == 1 { return (first.order, .numbers) }
        let least = possible.map(\.stepsBack).min() ?? 0
        let steady = possible.filter { $0.stepsBack == least }
        if steady.count == 1 { return (steady[0].order, .sequence) }
        let near = steady.filter { abs(modified - $0.last) <= 2 * Self.grace }
        if near.count == 1 { return (near[0].order, .modified) }
        let past = steady.filter { $0.last <= modified + Self.grace }
        let usual = (past.isEmpty ? steady : past)
        return ((usual.first { $0.order == custom } ?? usual[0]).order, .custom)
    }
}
