import LogCore

/// Who it is: the one user, address or host that most of many events name, or the value of a field that they share, where
/// others name another.
package struct Majority: Equatable, Sendable {
    package var kind: JoinKind
    package var value: String
    /// Events that bear it, and all.
    package var count: Int64
    package var total: Int64

    /// Of fewer events half is no share.
    private static let fewest: Int64 = 10
    /// So many times the odds of all events are much more: of two hosts alike one must have four fifths.
    private static let telling = 4.0

    /// - Parameters:
    ///   - orAll: whether it may be of all events, too: there may be no others but in what isn't told.
    ///   - shares: what all events name.
    init?(_ joins: JoinSample, of total: Int64, orAll: Bool = false, among shares: NameShares? = nil) {
        guard total >= Self.fewest else { return nil }
        var found: [(entry: JoinSample.Entry, usual: Double)] = []
        for group in [JoinKind.Group.address, .user, .host] {
            let named = joins.entries(group)
            for entry in named where entry.count > total / 2 {
                // What names nobody else: a log of one machine says so with every line.
                let usual =
                    named.count > 1
                    ? group == .host ? shares?.host(entry.value) : nil : orAll && group != .host ? 0 : 1
                found.append((entry, usual ?? 1 / Double(named.count)))
            }
        }
        for field in joins.traits {
            for entry in field.values where entry.count > total / 2 {
                if let usual = shares?.usual(entry, of: field, in: joins) { found.append((entry, usual)) }
            }
        }
        let telling = found.filter { Self.isTelling(min($0.entry.count, total), total, $0.usual) }
        // The first of those that name most.
        guard var most = telling.first else { return nil }
        for one in telling.dropFirst() where (one.entry.count, most.usual) > (most.entry.count, one.usual) {
            let isSameName = most.entry.kind != .field && one.entry.value.hasSuffix("=\(most.entry.value)")
            if !isSameName { most = one }
        }
        (kind, value, count, self.total) = (most.entry.kind, most.entry.value, min(most.entry.count, total), total)
    }

    private static func isTelling(_ count: Int64, _ total: Int64, _ usual: Double) -> Bool {
        let odds = (Double(count) + 0.5) / (Double(total - count) + 0.5)
        return usual < 1 && odds >= telling * usual / (1 - usual)
    }

    var isAll: Bool { count == total }

    /// `203.0.113.77 in 2,881 of 2,892`
    package var text: String {
        "\(value) in " + (isAll ? "all" : "\(TextLayout.grouped(count)) of \(TextLayout.grouped(total))")
    }
}

/// What all events name: how many are of a host, and which values the fields of other failures and warnings have. Of events
/// that are neither nothing is kept but their host.
struct NameShares {
    /// From fewer events that have a field nothing is known of its values.
    private static let fewest: Int64 = 10

    /// What a program is told from outside: no message has its own.
    private static let deployed = [
        "version", "release", "revision", "build", "commit", "image", "tenant", "region", "zone", "datacenter",
        "cluster", "shard", "variant",
    ]

    private struct Field {
        var events: Int64 = 0
        var values: [String: Int64] = [:]
        /// Messages whose events have more than one value of it: what a message always says is part of it.
        var varied = 0
    }

    private var hosts: [String: Int64] = [:]
    private var events: Int64 = 0
    private var fields: [String: Field] = [:]

    init(_ summary: Summary) {
        for (name, host) in summary.hosts {
            hosts[Self.firstLabel(name), default: 0] += host.total
            events += host.total
        }
        for template in summary.templates.values {
            for failures in template.failures.values { add(failures.joins) }
            if let warned = template.warned { add(warned) }
        }
        for finding in summary.findings.values where finding.cases.isEmpty { add(finding.joins) }
    }

    private mutating func add(_ joins: JoinSample) {
        for trait in joins.traits {
            var field = fields[trait.name] ?? Field()
            field.events += trait.events
            for value in trait.values { field.values[value.value, default: 0] += value.count }
            if trait.values.count != 1 { field.varied += 1 }
            fields[trait.name] = field
        }
    }

    /// Of all events that name a host.
    func host(_ name: String) -> Double? {
        guard let count = hosts[name], events > 0 else { return nil }
        return Double(count) / Double(events)
    }

    /// The share of a value among the others' events that have the field; nil where they don't tell.
    func usual(
        _ entry: JoinSample.Entry, of trait: (name: String, events: Int64, values: ArraySlice<JoinSample.Entry>),
        in joins: JoinSample
    ) -> Double? {
        guard let field = fields[trait.name] else { return nil }
        let name = trait.name.lowercased().filter { $0.isLetter }
        guard field.varied > (trait.values.count != 1 ? 1 : 0) || Self.deployed.contains(where: name.hasSuffix) else {
            return nil
        }
        let others = field.events - trait.events
        guard others >= Self.fewest else { return nil }
        return Double(max(field.values[entry.value, default: 0] - entry.count, 0)) / Double(others)
    }

    /// As events are joined by it: `db1` of `db1.example.com`.
    private static func firstLabel(_ name: String) -> String {
        guard let first = name.utf8.first, first &- 0x30 >= 10 else { return name }
        return String(name.prefix { $0 != "." })
    }
}
