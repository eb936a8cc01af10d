/// How often which status came, of a bounded number of them: those that come first by their text.
///
/// What is kept was kept from its first event on, so its count is exact, and the same in any order.
package struct StatusCounts: Equatable, Sendable, Codable {
    static let limit = 8

    package private(set) var counts: [String: Int64] = [:]

    package init() {}

    mutating func add(_ status: String, _ count: Int64 = 1) {
        if let known = counts[status] {
            counts[status] = known + count
            return
        }
        if counts.count == Self.limit {
            guard let last = counts.keys.max(), status < last else { return }
            counts[last] = nil
        }
        counts[status] = count
    }

    mutating func merge(_ other: StatusCounts) {
        for (status, count) in other.counts { add(status, count) }
    }

    /// `status 502, 503, 504`: the most frequent first. Empty where there is none.
    package var text: String {
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        guard let first = sorted.first else { return "" }
        let name = first.prefix { $0 != " " }
        let same = sorted.filter { $0.hasPrefix(name + " ") }.map { $0.dropFirst(name.utf8.count + 1) }
        return name + " " + same.prefix(3).joined(separator: ", ") + (sorted.count > 3 ? ", …" : "")
    }

    /// From a file it may hold anything.
    var isSound: Bool { counts.count <= Self.limit && counts.values.allSatisfy { (0...(1 << 43)).contains($0) } }
}
