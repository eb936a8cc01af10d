import LogCore

/// Who it is: the one user, address or host that more than half of many events name, where there are others.
package struct Majority: Equatable, Sendable {
    package var kind: JoinKind
    package var value: String
    /// Events that bear it, and all.
    package var count: Int64
    package var total: Int64

    /// Of fewer events half is no share.
    private static let fewest: Int64 = 10

    /// - Parameter orAll: whether it may be of all events, too: there may be no others but in what isn't told.
    init?(_ joins: JoinSample, of total: Int64, orAll: Bool = false) {
        guard total >= Self.fewest, let most = joins.most(of: total, [.address, .user, .host])?.entry else {
            return nil
        }
        // What names nobody else, too: a log of one machine says so with every line.
        guard orAll ? most.kind.group != .host : joins.entries(most.kind.group).count > 1 else { return nil }
        (kind, value, count, self.total) = (most.kind, most.value, min(most.count, total), total)
    }

    var isAll: Bool { count == total }

    /// `203.0.113.77 in 2,881 of 2,892`
    package var text: String {
        "\(value) in " + (isAll ? "all" : "\(TextLayout.grouped(count)) of \(TextLayout.grouped(total))")
    }
}
