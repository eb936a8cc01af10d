import LogCore

/// Of some events the address and the user that each names first: of those whose places have the smallest hashes.
///
/// `JoinSample` keeps values, and of thousands of addresses the busiest is rarely one of those that it keeps. Counters that
/// give way to others (Misra-Gries, Space-Saving) would find it, but what they say depends on the order in which events
/// come and summaries merge; a count-min sketch doesn't, but needs candidates and kilobytes for each message. Events are taken here
/// whatever they name, so that who makes half of them makes about half of those taken, and so do the addresses of a network
/// together. Which ones are taken depends on the set of events only.
package struct ClientSample: Equatable, Sendable {
    /// Events kept at most. Of what has a share of a third one in a hundred samples shows more than half; of what has two
    /// thirds one in four hundred less.
    package static let limit = 64

    package struct Entry: Equatable, Sendable {
        var hash: UInt64
        package var address: String
        package var user: String

        /// Two files of one name may have events at the same place.
        func precedes(_ other: Entry) -> Bool { (hash, address, user) < (other.hash, other.address, other.user) }
    }

    package private(set) var entries: ContiguousArray<Entry> = []
    /// Hashes above it aren't kept.
    private var bound = UInt64.max

    package init() {}

    /// Whether there were more events than are kept, or as many.
    package var isFull: Bool { entries.count == Self.limit }

    @inline(__always)
    func takes(_ hash: UInt64) -> Bool { hash <= bound }

    mutating func add(_ hash: UInt64, address: String, user: String) {
        let entry = Entry(hash: hash, address: address, user: user)
        let place = entries.place { $0.precedes(entry) }
        if isFull {
            guard place < Self.limit else { return }
            entries.removeLast()
        }
        entries.insert(entry, at: place, growingTo: Self.limit)
        setBound()
    }

    private mutating func setBound() { bound = isFull ? entries[Self.limit - 1].hash : .max }

    mutating func merge(_ other: ClientSample) {
        if other.entries.isEmpty { return }
        entries.append(contentsOf: other.entries)
        entries.sort { $0.precedes($1) }
        if entries.count > Self.limit { entries.removeLast(entries.count - Self.limit) }
        setBound()
    }

    var isSound: Bool {
        entries.count <= Self.limit && zip(entries, entries.dropFirst()).allSatisfy { !$1.precedes($0) }
            && entries.allSatisfy { max($0.address.utf8.count, $0.user.utf8.count) <= JoinSample.longest * 3 }
    }
}

extension ClientSample: Codable {
    private enum CodingKeys: String, CodingKey { case hashes, addresses, users }

    package init(from decoder: any Decoder) throws {
        let kept = try decoder.container(keyedBy: CodingKeys.self)
        let hashes = try kept.decode([UInt64].self, forKey: .hashes)
        let addresses = try kept.decode([String].self, forKey: .addresses)
        let users = try kept.decodeIfPresent([String].self, forKey: .users)
        guard addresses.count == hashes.count, users?.count ?? hashes.count == hashes.count else {
            throw DecodingError.dataCorruptedError(forKey: .hashes, in: kept, debugDescription: "no sample")
        }
        for index in hashes.indices {
            entries.append(Entry(hash: hashes[index], address: addresses[index], user: users?[index] ?? ""))
        }
        setBound()
    }

    package func encode(to encoder: any Encoder) throws {
        var kept = encoder.container(keyedBy: CodingKeys.self)
        try kept.encode(entries.map(\.hash), forKey: .hashes)
        try kept.encode(entries.map(\.address), forKey: .addresses)
        // Most have none.
        if entries.contains(where: { !$0.user.isEmpty }) { try kept.encode(entries.map(\.user), forKey: .users) }
    }
}
