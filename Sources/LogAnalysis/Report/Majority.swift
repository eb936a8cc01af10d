import LogCore

/// Who it is: the one user, address or host that most of many events name, the network that their addresses are of, or the
/// value of a field that they share, where others name another.
package struct Majority: Equatable, Sendable {
    package var kind: JoinKind
    package var value: String
    /// Events that bear it, and all.
    package var count: Int64
    package var total: Int64
    /// Of a network: its addresses that the events name; and of how many, where these are but some of all.
    package var addresses: Int?
    package var looked: Int?
    /// Of those that an address, a user or a field names, the machine that most are of, as folders tell it.
    package var machine: Machine?

    package struct Machine: Equatable, Sendable {
        package var name: String
        package var count: Int64
    }

    /// Of fewer events half is no share.
    private static let fewest: Int64 = 10
    /// So many times the odds of all events are much more: of two hosts alike one must have four fifths.
    private static let telling = 4.0
    /// Of two machines every failure is on one of them, and of a dozen soon ten.
    private static let chance = 1e-3
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
        return Machine(name: most.entry.value, count: count)
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
        for field in joins.traits where !TellingFields.isStatus(Array(field.name.utf8)) {
            for entry in field.values where entry.count > total / 2 {
                if let usual = shares?.usual(entry, of: field, in: joins) { found.append((entry, usual)) }
            }
        }
        let telling = found.filter { Self.isTelling(min($0.entry.count, total), total, $0.usual) }
        // The first of those that name most.
        guard var most = telling.first else {
            guard let shares, let network = Self.network(joins, total, shares) else { return nil }
            self = network
            return
        }
        for one in telling.dropFirst() where (one.entry.count, most.usual) > (most.entry.count, one.usual) {
            let isSameName = most.entry.kind != .field && one.entry.value.hasSuffix("=\(most.entry.value)")
            if !isSameName { most = one }
        }
        (kind, value, count, self.total) = (most.entry.kind, most.entry.value, min(most.entry.count, total), total)
    }

    private init(_ network: Network, _ entries: [JoinSample.Entry], of total: Int64, looked: Int?) {
        (kind, value) = (.address, network.text)
        (count, self.total) = (min(entries.reduce(0) { $0 + $1.count }, total), total)
        (addresses, self.looked) = (entries.count, looked)
    }

    /// Where most come from one network, and what else fails or warns doesn't. Of many addresses those are looked at that are
    /// kept: they are taken from all of them without regard to how often each came.
    private static func network(_ joins: JoinSample, _ total: Int64, _ shares: NameShares) -> Majority? {
        let named = joins.entries(.address)
        let isPart = joins.isFull(.address)
        // An event that names its client and its server is of no one network.
        guard named.count >= fewestAddresses, isPart || named.reduce(0, { $0 + $1.count }) <= total else { return nil }
        for bits in Network.lengths {
            guard let (network, entries) = Network.largest(of: named, bits: bits, by: { isPart ? 1 : $0.count }),
                entries.count >= fewestAddresses, let usual = shares.usual(network, beside: joins)
            else { continue }
            let majority = Majority(network, entries, of: total, looked: isPart ? named.count : nil)
            let (count, all) = isPart ? (Int64(entries.count), Int64(named.count)) : (majority.count, total)
            if count > all / 2, isTelling(count, all, usual) { return majority }
        }
        return nil
    }

    private static func isTelling(_ count: Int64, _ total: Int64, _ usual: Double) -> Bool {
        let odds = (Double(count) + 0.5) / (Double(total - count) + 0.5)
        return usual < 1 && odds >= telling * usual / (1 - usual)
    }

    var isAll: Bool { looked == nil && count == total }

    /// `203.0.113.77 in 2,881 of 2,892`, `203.0.113.0/24 in 92 of 100, 14 addresses`, `198.18.0.0/16, 16 of 16 addresses
    /// looked at`; with the machine, `203.0.113.77 in 2,881 of 2,892, proxy-2 in all`
    package var text: String { named + (machine.map { ", \($0.name) in " + share($0.count) } ?? "") }

    private var named: String {
        if let addresses, let looked { return "\(value), \(addresses) of \(looked) addresses looked at" }
        let many = addresses.map { ", \(TextLayout.grouped(Int64($0))) addresses" } ?? ""
        return "\(value) in " + share(count) + many
    }

    private func share(_ count: Int64) -> String {
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
