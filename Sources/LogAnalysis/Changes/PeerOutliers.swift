import LogCore

/// One component, one host, or one name or address in the messages, that fails far more often than its peers.
///
/// Peers are those whose names differ in their digits alone, such as `web-1` to `web-15`: others fail at rates of their own.
struct PeerOutliers {
    /// Peers from which one can stand out, and events of each.
    private static let fewest = 4
    private static let enough: Int64 = 20
    private static let failures: Int64 = 5
    /// So many times the others' share of errors.
    private static let effect = 3.0
    /// Errors come in clumps: so many count as one.
    private static let clump = 3.0

    private let summary: Summary

    init(_ summary: Summary) { self.summary = summary }

    private struct Peer {
        var name: String
        var total: Int64 = 0
        var failures: Int64 = 0
        /// The first error that it stands in, and its template.
        var sample: Sample?
    }

    func candidates() -> [OutlierFinder.Candidate] {
        let hosts = hosts()
        // A machine whose name stands in messages too is told once.
        let known = Set(hosts.map(\.name))
        let values = values().filter { !known.contains($0.name) }
        let folders = FolderHosts(summary).peers(summary).map { group in
            group.filter { $0.total >= Self.enough }.map {
                Peer(name: $0.name, total: $0.total, failures: $0.failures, sample: $0.sample)
            }
        }
        return ([components(), hosts, values].flatMap(groups) + folders.filter { $0.count >= Self.fewest })
            .flatMap(candidates)
    }

    /// Machines by the field that names them: all of their events are counted. Those that folders stand for have no such field.
    private func hosts() -> [Peer] {
        summary.hosts.map { Peer(name: $0, total: $1.total, failures: $1.failures, sample: $1.sample) }
    }

    private func components() -> [Peer] {
        summary.components.map { name, counts in
            var peer = Peer(name: name, total: counts.total, failures: counts.failures)
            for template in summary.templates.values where template.component == name && failed(template) > 0 {
                peer.sample = peer.sample.map { Sample.earlier($0, template.sample) } ?? template.sample
            }
            return peer
        }
    }

    /// Values of places of which all are kept: their counts are exact.
    private func values() -> [Peer] {
        var peers: [String: Peer] = [:]
        for template in summary.templates.values {
            let isFailure = 2 * failed(template) > template.tally.count
            // An event may name it in two places, or twice in one: `10.0.0.1 (10.0.0.1)`.
            var named: [String: Int64] = [:]
            for parameter in template.parameters where !parameter.values.isPartial {
                for (name, count) in parameter.values.values where Self.isName(name) {
                    named[name] = max(named[name] ?? 0, min(count, template.tally.count))
                }
            }
            for (name, count) in named {
                peers[name, default: Peer(name: name)].total += count
                guard isFailure else { continue }
                peers[name]?.failures += count
                guard let sample = sample(of: template, naming: name) else { continue }
                let known = peers[name]?.sample
                peers[name]?.sample = known.map { Sample.earlier($0, sample) } ?? sample
            }
        }
        return Array(peers.values)
    }

    /// The first kept line of a message that names one: the first one of all is mostly another's.
    private func sample(of template: TemplateSummary, naming name: String) -> Sample? {
        let kept =
            [template.sample] + template.failures.values.flatMap { [$0.sample] + $0.further.samples }
        return kept.filter { Self.holds($0.text.utf8, name.utf8) }.reduce(nil) { first, next in
            first.map { Sample.earlier($0, next) } ?? next
        }
    }

    /// By bytes: `String.contains` goes by characters, which made up half of this search's time.
    private static func holds(_ text: String.UTF8View, _ name: String.UTF8View) -> Bool {
        var rest = text[...]
        while let start = name.first.flatMap({ rest.firstIndex(of: $0) }) {
            if rest[start...].starts(with: name) { return true }
            rest = rest[rest.index(after: start)...]
        }
        return name.isEmpty
    }

    private func failed(_ template: TemplateSummary) -> Int64 {
        template.byRank[Severity.error.rank] + template.byRank[Severity.critical.rank]
    }

    /// `web-1` or `10.0.0.1`, but not `5.7.1`: digits and dots alone are a code, a version or a time.
    private static func isName(_ name: String) -> Bool {
        let stem = stem(name)
        let hasLetters = stem.utf8.contains { ($0 | 0x20) &- 0x61 < 26 || $0 >= 0x80 }
        return hasLetters ? stem != name : ParameterKind.of(name.utf8) == .address
    }

    /// A name without the digits that tell peers apart.
    static func stem(_ name: String) -> String {
        String(decoding: name.utf8.filter { !(0x30...0x39).contains($0) }, as: UTF8.self)
    }

    private func groups(_ peers: [Peer]) -> [[Peer]] {
        let usable = peers.filter { $0.total >= Self.enough && Self.stem($0.name) != $0.name }
        return Dictionary(grouping: usable) { Self.stem($0.name) }.sorted { $0.key < $1.key }.map(\.value)
            .filter { $0.count >= Self.fewest }
    }

    private func candidates(_ peers: [Peer]) -> [OutlierFinder.Candidate] {
        let total = peers.reduce(0) { $0 + $1.total }
        let failures = peers.reduce(0) { $0 + $1.failures }
        guard failures >= Self.failures else { return [] }
        return peers.sorted { $0.name < $1.name }.compactMap { candidate($0, total, failures, peers.count) }
    }

    /// A peer against all others together.
    private func candidate(_ peer: Peer, _ total: Int64, _ failures: Int64, _ count: Int) -> OutlierFinder.Candidate? {
        let others = (Double(failures - peer.failures) + 0.5) / (Double(total - peer.total) + 1)
        let share = Double(peer.failures) / Double(peer.total)
        let chance = SpecialFunctions.binomialUpperTail(
            Double(peer.failures) / Self.clump, of: Double(peer.total) / Self.clump, min(others, 1))
        guard peer.failures >= Self.failures, share >= Self.effect * others, let sample = peer.sample,
            let time = sample.time
        else { return OutlierFinder.Candidate(chance: chance) }
        // Where the others fail too it isn't alone, it fails most.
        let verb = failures > peer.failures ? "fails most" : "alone fails"
        let statement = Statement(
            "\(peer.name) \(verb): \(TextLayout.grouped(peer.failures)) of its \(TextLayout.count(peer.total, "event")), "
                + "of the \(count - 1) others \(TextLayout.grouped(failures - peer.failures)) of "
                + "\(TextLayout.grouped(total - peer.total))",
            [Citation(count: peer.failures, sample)])
        let change = Change(
            kind: .outlier, subject: .component(peer.name), name: peer.name, statement: statement, start: time,
            end: nil,
            observed: Double(peer.failures), expected: others * Double(peer.total), chance: chance, sample: sample)
        return OutlierFinder.Candidate(chance: chance, change: change)
    }
}
