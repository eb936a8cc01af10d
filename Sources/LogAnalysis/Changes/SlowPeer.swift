import LogCore

/// One machine, one component, or one name in the messages that is slower than its peers, or a few of them.
///
/// Peers are those whose names differ in their digits alone, as `PeerOutliers` has it.
struct SlowPeer {
    private static let fewest = 4
    /// Values of each.
    private static let enough = 8
    /// So many times as long as all others, and as each of them.
    private static let effect = 2.0
    private static let effectOfEach = 1.5
    /// Of so many one may be slow; of more it is how they are.
    private static let few = 4
    private static let sure = 0.01

    private struct Peer {
        var name: String
        var values: [Double] = []
        /// Places in the measure.
        var places: [Int] = []
        var median: Double { RankSeries.median(values) }
    }

    private let measure: DurationChanges.Measure

    static func find(_ measures: [DurationChanges.Measure], _ summary: Summary) -> [DurationChanges.Told] {
        let hosts = names(summary.hosts.keys)
        let components = names(summary.components.keys)
        var tests = 0
        var candidates: [DurationChanges.Told] = []
        for measure in measures {
            var told: [DurationChanges.Told] = []
            for slot in 0..<TimedSample.names {
                let known = slot == 0 ? hosts : slot == 1 ? components : values(measure.summary)
                guard known.count >= fewest else { continue }
                for peers in groups(measure, slot, known) {
                    tests += 1
                    guard let one = SlowPeer(measure: measure).told(peers) else { continue }
                    // A machine whose name stands in the message too is told once.
                    if !told.contains(where: { $0.names == one.names }) { told.append(one) }
                }
            }
            candidates += told
        }
        let chances = FalseDiscoveries.adjusted(candidates.map(\.change.chance), tests: tests)
        return zip(candidates, chances).compactMap { candidate, chance in
            guard chance <= FalseDiscoveries.rate else { return nil }
            var candidate = candidate
            candidate.change.chance = chance
            return candidate
        }
    }

    // MARK: Names

    /// By what a sample keeps of them.
    private static func names(_ names: some Sequence<String>) -> [UInt32: String] {
        var known: [UInt32: String] = [:]
        for name in names where PeerOutliers.stem(name) != name {
            let bytes = Array(name.utf8)
            known[TimedSample.name(ValueSample.hash(bytes.span))] = name
        }
        return known
    }

    /// Those in a template's places of which all are kept.
    private static func values(_ template: TemplateSummary) -> [UInt32: String] {
        names(template.parameters.lazy.filter { !$0.values.isPartial }.flatMap { $0.values.values.map(\.text) })
    }

    private static func groups(
        _ measure: DurationChanges.Measure, _ slot: Int, _ known: [UInt32: String]
    ) -> [[Peer]] {
        // Most names come once: they are counted before anything is kept of them.
        var counts: [UInt32: Int] = Dictionary(minimumCapacity: measure.entries.count)
        for entry in measure.entries where entry.names[slot] != 0 { counts[entry.names[slot], default: 0] += 1 }
        var peers: [Peer] = []
        var numbers: [UInt32: Int] = [:]
        for (hash, count) in counts where count >= enough {
            guard let name = known[hash] else { continue }
            numbers[hash] = peers.count
            peers.append(Peer(name: name))
        }
        guard peers.count >= fewest else { return [] }
        for (place, entry) in measure.entries.enumerated() {
            guard let number = numbers[entry.names[slot]] else { continue }
            peers[number].values.append(measure.values[place])
            peers[number].places.append(place)
        }
        return Dictionary(grouping: peers) { PeerOutliers.stem($0.name) }
            .sorted { $0.key < $1.key }.map { $0.value.sorted { $0.name < $1.name } }.filter { $0.count >= fewest }
    }

    // MARK: Tests

    private func told(_ peers: [Peer]) -> DurationChanges.Told? {
        // The slowest ones, as many as may be.
        let order = peers.sorted { ($1.median, $0.name) < ($0.median, $1.name) }
        for count in 1...max(peers.count / Self.few, 1) {
            let (slow, others) = (Array(order.prefix(count)), Array(order.dropFirst(count)))
            guard let least = slow.last?.median, let most = others.first?.median, least >= Self.effectOfEach * most
            else { continue }
            return told(slow, others)
        }
        return nil
    }

    private func told(_ slow: [Peer], _ others: [Peer]) -> DurationChanges.Told? {
        let rest = others.flatMap(\.values)
        let usual = RankSeries.median(rest)
        let all = slow.count + others.count
        let dispersion = dispersion(slow + others)
        var chance = 0.0
        for peer in slow {
            guard peer.median >= Self.effect * usual, peer.median - usual >= DurationShift.difference else {
                return nil
            }
            let deviation = RankSeries.deviation(peer.values, above: rest, margin: DurationShift.margin)
            let freedom = max(Double(peer.values.count + rest.count) / dispersion - 2, 2)
            chance = max(chance, RankSeries.chance(deviation / dispersion.squareRoot(), freedom: freedom))
        }
        chance = min(chance * Double(all), 1)
        guard chance <= Self.sure else { return nil }
        let places = slow.flatMap(\.places).sorted()
        let values = slow.flatMap(\.values)
        let median = RankSeries.median(values)
        let between = (median * max(usual, 1e-9)).squareRoot()
        guard let first = places.first(where: { measure.values[$0] >= between }) else { return nil }
        let names = slow.map(\.name).sorted()
        let isOne = names.count == 1
        let who =
            isOne
            ? "\(names[0]) alone is"
            : "\(names.dropLast().joined(separator: ", ")) and \(names[names.count - 1]) are"
        let entry = measure.entries[first]
        let text =
            "\(who) slow, \(DurationChanges.times(median, usual)): half of \(isOne ? "its" : "their") \(TextLayout.grouped(Int64(values.count))) take at most "
            + "\(Comparer.duration(median)), of \(TextLayout.grouped(Int64(rest.count))) of \(isOne ? "its" : "their") "
            + "\(others.count) peers \(Comparer.duration(usual))\(measure.share)"
        let slowest = measure.distribution.largest
        let change = Change(
            kind: .slower, subject: measure.subject, name: measure.summary.text,
            statement: Statement(text, [Citation(count: Int64(values.count), measure.line(entry))]), start: entry.time,
            end: nil, observed: median, expected: usual, chance: chance,
            sample: measure.sample { _ in slowest.map { names.count == 1 && $0.text.contains(names[0]) } ?? false })
        return DurationChanges.Told(
            change: change, strength: DurationChanges.strength(change, measure), names: names,
            template: measure.template)
    }

    /// How many values count as one: those that follow one another depend on one another, be it in all of them together or in most.
    private func dispersion(_ peers: [Peer]) -> Double {
        let all = peers.flatMap { peer in
            let mean = RankSeries.median(peer.values)
            return zip(peer.places, peer.values).map { ($0, $1 / max(mean, 1e-9)) }
        }
        let together = RankSeries(all.sorted { $0.0 < $1.0 }.map(\.1))
        let each = RankSeries.median(peers.map { RankSeries.dispersion(RankSeries($0.values).ranks, fitted: 1) })
        return max(RankSeries.dispersion(together.ranks, fitted: 1), each, 1)
    }
}
