import LogCore

/// Machines that fail alike at about the same time. Each has a log of its own trouble, and together they are one: a cluster's
/// network is gone, a bad release was rolled out, a file server hangs.
struct Spread {
    /// Two may be chance, or a pair that stands by one another.
    private static let least = 3
    /// So many are to be expected by chance in a log, of all findings together.
    private static let chance = 0.005
    private static let kinds: [JoinKind] = [.host, .pod, .container]
    /// Named by a citation each.
    static let cited = 3

    /// Of an episode that lasts for hours those are one group that follow one another so closely.
    private static let pause = 60 * Timestamp.second

    /// Those that failed so for the first time within an episode, in the order of time.
    let hosts: [JoinSample.Entry]
    let kind: JoinKind
    /// There are more than are kept.
    let isPart: Bool
    /// How many such groups the log would have if the finding's events came at random times: each event may begin one.
    let expected: Double

    init?(_ episode: Episode, _ finding: Finding, _ rhythm: Rhythm) {
        guard finding.isFailure, !episode.isSteady, episode.start != Timestamp.none,
            // A machine that a rule captured is the one spoken of, not the one that failed.
            !finding.machines.isEmpty || !finding.capturesHost
        else { return nil }
        let named = finding.machines.isEmpty ? Array(finding.joins.entries(.host)) : finding.machines
        let known = named.filter { entry in
            entry.time.map { $0 >= episode.start && $0 <= episode.end } ?? false
        }
        // Pods of one machine are not many machines, and are called what they are.
        let groups = Self.kinds.flatMap { kind in
            let all = known.filter { $0.kind == kind }.sorted { ($0.time ?? 0, $0.value) < ($1.time ?? 0, $1.value) }
            return [all, Self.largestGroup(all)].map { (hosts: $0, expected: Self.expected($0, finding, rhythm)) }
        }
        guard let best = groups.min(by: { $0.expected < $1.expected }), let first = best.hosts.first,
            best.hosts.count >= Self.least
        else { return nil }
        (hosts, expected, kind) = (best.hosts, best.expected, first.kind)
        isPart = finding.machines.isEmpty && finding.joins.isFull(.host)
    }

    private static func largestGroup(_ hosts: [JoinSample.Entry]) -> [JoinSample.Entry] {
        var groups: [[JoinSample.Entry]] = []
        for host in hosts {
            if let last = groups.last?.last, gap(last.time ?? 0, host.time ?? 0) <= pause {
                groups[groups.count - 1].append(host)
            } else {
                groups.append([host])
            }
        }
        return groups.reduce([]) { $1.count > $0.count ? $1 : $0 }
    }

    private static func expected(_ hosts: [JoinSample.Entry], _ finding: Finding, _ rhythm: Rhythm) -> Double {
        guard hosts.count >= least else { return .infinity }
        let events = Double(finding.tally.count)
        return events
            * SpecialFunctions.poissonUpperTail(hosts.count - 1, events * Double(length(hosts)) / rhythm.active)
    }

    /// From the first of them to the last, nanoseconds.
    private static func length(_ hosts: [JoinSample.Entry]) -> Int64 {
        max(gap(hosts.first?.time ?? 0, hosts.last?.time ?? 0), Timestamp.second)
    }

    /// Marks the episodes that are no chance. All are asked before any is told: the more there are, the more chance has to do.
    static func mark(_ episodes: inout [Episode], _ findings: [Finding], _ rhythm: Rhythm) {
        let asked = episodes.indices.compactMap { index in
            Spread(episodes[index], findings[episodes[index].finding], rhythm).map { (index, $0) }
        }
        for (index, spread) in asked where spread.expected * Double(asked.count) <= Self.chance {
            episodes[index].spread = spread
        }
    }

    /// `, on at least 64 hosts for the first time within 42 s`: that is when they began; the events may take longer.
    var text: String {
        ", on \(isPart ? "at least " : "")\(TextLayout.count(Int64(hosts.count), kind.noun))"
            + " for the first time within \(TextLayout.duration(Self.length(hosts)))"
    }

    /// Lines of the first few.
    var citations: [Citation] { hosts.prefix(Self.cited).map(\.citation) }
}
