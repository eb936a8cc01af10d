import LogCore

/// Who it is: the one user, address or host that most of many events name, the network that their addresses are of, or the
/// value of a field that they share, where others name another.
package struct Majority: Equatable, Sendable {
    package var kind: JoinKind
    package var value: String
    /// Events that bear it, and all.
    package var count: Int64
    package var total: Int64
    /// Of a network: its addresses that the events name.
    package var addresses: Int?
    /// Of more events than are remembered some were looked at: `count` and `total` are of these.
    package var isSampled = false
    /// Of those that an address, a user or a field names, the machine that most are of, as folders tell it.
    package var machine: Machine?

    package struct Machine: Equatable, Sendable {
        package var name: String
        /// Events that are of it, and all.
        package var count: Int64
        package var total: Int64
    }

    /// Of fewer events half is no share.
    private static let fewest: Int64 = 10
    /// So many times the odds of all events are much more: of two hosts alike one must have four fifths.
    private static let telling = 4.0
    /// Of two machines every failure is on one of them, and of a dozen soon ten.
    private static let chance = 1e-3
    /// So many times as many events an address as the others have.
    private static let dense = 3.0
    /// Fewer addresses are no network.
    private static let fewestAddresses = 3

    /// - Parameters:
    ///   - orAll: whether it may be of all events, too: there may be no others but in what isn't told.
    ///   - shares: what all events name.
    init?(_ joins: JoinSample, of total: Int64, orAll: Bool = false, among shares: NameShares? = nil) {
        guard total >= Self.fewest else { return nil }
        let machine = Self.machine(joins, total, shares)
        guard var one = Majority(named: joins, total, orAll, shares) else {
            guard let machine else { return nil }
            (kind, value, count, self.total) = (.host, machine.name, machine.count, total)
            return
        }
        if one.kind.group != .host { one.machine = machine }
        self = one
    }

    /// The machine whose folder most events stand in, where its peers log as much.
    private static func machine(_ joins: JoinSample, _ total: Int64, _ shares: NameShares?) -> Machine? {
        guard let most = shares?.folders.most(of: joins) else { return nil }
        let count = min(most.entry.count, total)
        guard count > total / 2, isTelling(count, total, most.usual),
            SpecialFunctions.binomialUpperTail(Double(count), of: Double(total), max(most.usual, 1e-9)) <= chance
        else { return nil }
        return Machine(name: most.entry.value, count: count, total: total)
    }

    private init?(named joins: JoinSample, _ total: Int64, _ orAll: Bool, _ shares: NameShares?) {
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
        guard var most = telling.first else {
            guard let one = Self.busiest(joins, total) ?? shares.flatMap({ Self.network(joins, total, $0) }) else {
                return nil
            }
            self = one
            return
        }
        for one in telling.dropFirst() where (one.entry.count, most.usual) > (most.entry.count, one.usual) {
            let isSameName = most.entry.kind != .field && one.entry.value.hasSuffix("=\(most.entry.value)")
            if !isSameName { most = one }
        }
        (kind, value, count, self.total) = (most.entry.kind, most.entry.value, min(most.entry.count, total), total)
        // A field that nearly all share tells less than who makes them.
        if most.entry.kind == .field, let one = Self.busiest(joins, total), one.share >= share { self = one }
    }

    private var share: Double { Double(count) / Double(max(total, 1)) }

    private init(_ kind: JoinKind, _ value: String, _ count: Int64, of sample: ClientSample, _ total: Int64) {
        (self.kind, self.value, self.count) = (kind, value, count)
        isSampled = sample.isFull && total > Int64(ClientSample.limit)
        self.total = isSampled ? Int64(sample.entries.count) : max(total, count)
    }

    /// Of more addresses or users than are kept the one that most of the events looked at name.
    private static func busiest(_ joins: JoinSample, _ total: Int64) -> Majority? {
        let sample = joins.clients
        for (kind, name) in [(JoinKind.address, \ClientSample.Entry.address), (.user, \.user)] {
            guard joins.isFull(kind.group), let most = counts(sample, name).first else { continue }
            let one = Majority(kind, most.name, most.count, of: sample, total)
            // Of many that all events name one besides others, such as the server, is nobody.
            if one.count > one.total / 2, one.count < sample.entries.count { return one }
        }
        return nil
    }

    /// How many of the events looked at name each, the most first.
    private static func counts(
        _ sample: ClientSample, _ name: KeyPath<ClientSample.Entry, String>
    ) -> [(name: String, count: Int64)] {
        var counts: [String: Int64] = [:]
        for entry in sample.entries where !entry[keyPath: name].isEmpty {
            counts[entry[keyPath: name], default: 0] += 1
        }
        return counts.map { ($0.key, $0.value) }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    /// Where most come from one network, and what else fails or warns doesn't. Of many addresses those are counted that some of
    /// the events name.
    private static func network(_ joins: JoinSample, _ total: Int64, _ shares: NameShares) -> Majority? {
        let isPart = joins.isFull(.address)
        let named =
            isPart
            ? counts(joins.clients, \.address).map { (address: $0.name, count: $0.count) }
            : joins.entries(.address).map { (address: $0.value, count: $0.count) }
        // An event that names its client and its server is of no one network.
        guard named.count >= fewestAddresses, isPart || named.reduce(0, { $0 + $1.count }) <= total else { return nil }
        for bits in Network.lengths {
            guard let wide = Network.largest(of: named, bits: bits), wide.addresses >= fewestAddresses else { continue }
            // Where nobody else fails, a few of many addresses that make most of the events are much as well.
            let others = (
                count: named.reduce(0) { $0 + $1.count } - wide.count, addresses: named.count - wide.addresses
            )
            let isDense =
                isPart && others.count > 0
                && Double(wide.count) / Double(wide.addresses) >= dense * Double(others.count)
                    / Double(others.addresses)
            let own: Double? = isDense ? 0.5 : nil
            guard let usual = shares.usual(wide.network, beside: joins) ?? own else { continue }
            var most = wide
            if let narrow = Network.largest(of: named, bits: Network.narrow), narrow.addresses >= fewestAddresses,
                narrow.count * 10 >= wide.count * 9
            {
                most = narrow
            }
            var one = Majority(.address, most.network.text, most.count, of: joins.clients, total)
            if !isPart { (one.isSampled, one.total) = (false, total) }
            one.addresses = most.addresses
            if one.count > one.total / 2, isTelling(one.count, one.total, usual) { return one }
        }
        return nil
    }

    private static func isTelling(_ count: Int64, _ total: Int64, _ usual: Double) -> Bool {
        let odds = (Double(count) + 0.5) / (Double(total - count) + 0.5)
        return usual < 1 && odds >= telling * usual / (1 - usual)
    }

    var isAll: Bool { !isSampled && count == total }

    /// `203.0.113.77 in 2,881 of 2,892`, `203.0.113.0/24 in 92 of 100, 14 addresses`, `203.0.113.0/28 in 60 of 64 looked
    /// at, 14 addresses`; with the machine, `203.0.113.77 in 2,881 of 2,892, proxy-2 in all`
    package var text: String { named + (machine.map { ", \($0.name) in \(part($0.count, all: $0.total))" } ?? "") }

    private var named: String {
        let many = addresses.map { ", \(TextLayout.grouped(Int64($0))) addresses" } ?? ""
        let looked = isSampled ? "\(count) of \(total) looked at" : part(count, all: total)
        return "\(value) in \(looked)\(many)"
    }

    private func part(_ count: Int64, all total: Int64) -> String {
        count == total ? "all" : "\(TextLayout.grouped(count)) of \(TextLayout.grouped(total))"
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

    /// Of how many findings each address is known.
    private var addresses: [UInt32: Int] = [:]
    private var hosts: [String: Int64] = [:]
    private var events: Int64 = 0
    private var fields: [String: Field] = [:]
    let folders: FolderHosts

    init(_ summary: Summary, _ folders: FolderHosts? = nil) {
        self.folders = folders ?? FolderHosts(summary)
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
        for entry in joins.entries(.address) {
            if let number = Network.number(entry.value) { addresses[number, default: 0] += 1 }
        }
        for trait in joins.traits {
            var field = fields[trait.name] ?? Field()
            field.events += trait.events
            for value in trait.values { field.values[value.value, default: 0] += value.count }
            if trait.values.count != 1 { field.varied += 1 }
            fields[trait.name] = field
        }
    }

    /// The share of a network among the addresses that other failures and warnings name; nil where they name few.
    func usual(_ network: Network, beside joins: JoinSample) -> Double? {
        let own = Set(joins.entries(.address).compactMap { Network.number($0.value) })
        var (others, inside) = (0, 0)
        for (number, findings) in addresses where findings > (own.contains(number) ? 1 : 0) {
            others += 1
            if Network(number, bits: network.bits) == network { inside += 1 }
        }
        return others >= Int(Self.fewest) ? Double(inside) / Double(others) : nil
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
