import LogCore

/// Two sources whose clocks differ, as the ids tell that both name.
///
/// For each id the times at which either names it first are compared. A clock that is wrong moves all of them by one
/// amount; the way of a request takes longer one time than another.
package struct ClockSkew: Equatable, Sendable {
    /// Paths: the one whose times are earlier for the same id, and the other.
    package var behind: String
    package var ahead: String
    /// Sources whose clocks agree with theirs, themselves included.
    package var withBehind: [String]
    package var withAhead: [String]
    /// The median of the differences, and how much these vary (their median absolute deviation): nanoseconds.
    package var median: Int64
    package var deviation: Int64
    /// Ids that both name.
    package var ids: Int

    /// Fewer ids than this may agree by chance.
    static let leastIDs = 5
    /// Smaller differences are on the way from one to the other.
    static let least = 2 * Timestamp.second
    /// An id of more sources than this is no request's.
    private static let mostSources = 64

    /// - Returns: as few as tell of all sources how their clocks differ, those with the most ids first.
    static func all(_ times: IdentityTimes) -> [ClockSkew] {
        let paths = times.sources.keys.sorted()
        var groups = ClockGroups(paths)
        let pairs = pairs(times, paths)
        for pair in pairs where pair.isSteady && abs(pair.median) < least { groups.join(pair.first, pair.second) }
        let agreeing = groups
        return pairs.filter { $0.isSteady && abs($0.median) >= least }.compactMap { pair in
            // What follows from the pairs before is not told again.
            guard groups.join(pair.first, pair.second) else { return nil }
            let (behind, ahead) = pair.median > 0 ? (pair.first, pair.second) : (pair.second, pair.first)
            return ClockSkew(
                behind: paths[behind], ahead: paths[ahead], withBehind: agreeing.members(with: behind),
                withAhead: agreeing.members(with: ahead), median: abs(pair.median), deviation: pair.deviation,
                ids: pair.ids)
        }
    }

    /// How far the second source is ahead of the first.
    private struct Pair {
        var first: Int
        var second: Int
        var ids: Int
        var median: Int64
        var deviation: Int64

        var isSteady: Bool { deviation < max(Timestamp.second, abs(median) / 10) }
    }

    private static func pairs(_ times: IdentityTimes, _ paths: [String]) -> [Pair] {
        var seen: [UInt64: [(source: Int, time: Int64)]] = [:]
        for (source, path) in paths.enumerated() {
            for (id, time) in times.sources[path] ?? [:] { seen[id, default: []].append((source, time)) }
        }
        // By both numbers in one.
        var differences: [Int: [Int64]] = [:]
        for (_, places) in seen where (2...mostSources).contains(places.count) {
            for i in places.indices {
                for j in places.indices where i < j {
                    differences[places[i].source * paths.count + places[j].source, default: []].append(
                        places[j].time - places[i].time)
                }
            }
        }
        return differences.filter { $0.value.count >= leastIDs }.map { key, differences in
            let median = median(differences)
            return Pair(
                first: key / paths.count, second: key % paths.count, ids: differences.count, median: median,
                deviation: Self.median(differences.map { abs($0 - median) }))
        }.sorted { ($1.ids, $0.first, $0.second) < ($0.ids, $1.first, $1.second) }
    }

    private static func median(_ values: [Int64]) -> Int64 {
        let sorted = values.sorted()
        return sorted[sorted.count / 2]
    }
}

/// Sources whose clocks are known to go together.
private struct ClockGroups {
    private let paths: [String]
    private var group: [Int]

    init(_ paths: [String]) {
        self.paths = paths
        group = Array(paths.indices)
    }

    /// False if they were together before.
    @discardableResult
    mutating func join(_ a: Int, _ b: Int) -> Bool {
        let (from, to) = (group[b], group[a])
        guard from != to else { return false }
        for index in group.indices where group[index] == from { group[index] = to }
        return true
    }

    func members(with source: Int) -> [String] {
        paths.indices.filter { group[$0] == group[source] }.map { paths[$0] }
    }
}
