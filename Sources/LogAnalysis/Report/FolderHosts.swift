import LogCore

/// The machines that folders stand for: `logs/proxy-1/error.log` and `logs/proxy-2/error.log` are one log of two machines,
/// though no line says of which it is.
///
/// A folder is one's if its name has letters and a number, or is an address, another folder beside it is called alike but
/// for the number, and both hold files of the same names.
struct FolderHosts {
    /// From fewer other events nothing is known of how many are whose.
    private static let fewest: Int64 = 10

    /// What is numbered and is no machine: times, and times at which something was done.
    private static let others = Set(
        """
        january february march april may june july august september october november december
        jan feb mar apr jun jul aug sep oct nov dec year month week kw cw day date hour today yesterday
        daily nightly weekly monthly sprint log logs mylogs run runs testrun build builds job ci pipeline workflow
        task suite test tests bench benchmark case try attempt retry batch part step stage phase round iter iteration
        epoch fold checkpoint seed trial experiment sample example scenario version v release revision rev commit
        deploy deployment boot crash capture report request pass good bad old backup archive rotated dump snapshot
        tmp temp out output page volume vol ticket issue bug incident pr bundle data dir folder file chunk segment
        set copy export config variant group session user customer tenant tar zip gz
        python py java jdk jre openjdk php ruby perl go golang rust nodejs deno bun dotnet net gcc clang llvm swift kotlin scala
        ubuntu debian alpine fedora centos rhel chrome firefox
        """.split { $0 == " " || $0 == "\n" }.map(String.init))
    private static let compressed = [".gz", ".zst", ".bz2", ".xz", ".lz4"]

    private struct Machine {
        var name: String
        /// Those that are called alike.
        var peers: Int
    }

    /// By the path of the log.
    private var machines: [String: Machine] = [:]
    /// Of each group of peers the events of each of them.
    private var groups: [[String: Int64]] = []
    /// Hosts that fields name: where one stands, the folder's isn't needed.
    private var named: Set<String> = []

    init(_ summary: Summary) {
        let paths = summary.sources.filter { $0.value.skipped == nil }.keys.sorted()
        let found = Self.machines(paths)
        var numbers: [String: Int] = [:]
        for path in paths {
            guard let (name, peers) = found[path] else { continue }
            let number = numbers[peers, default: groups.count]
            if number == groups.count { groups.append([:]) }
            numbers[peers] = number
            machines[path] = Machine(name: name, peers: number)
            groups[number][name, default: 0] += summary.sources[path]?.ledger.events ?? 0
        }
        guard !machines.isEmpty else { return }
        named = Set(summary.hosts.keys).subtracting(["localhost"])
    }

    // MARK: Folders

    /// The machine of each path that has one, and what it is called without its number.
    private static func machines(_ paths: [String]) -> [String: (name: String, peers: String)] {
        struct Place: Hashable {
            var parent: String
            var stem: String
            var kind: String
        }
        var holders: [Place: Set<String>] = [:]
        var places: [String: [(place: Place, name: String)]] = [:]
        for path in paths {
            let parts = parts(path)
            for index in parts.indices.dropLast() {
                guard let stem = stem(label(parts[index])) else { continue }
                let place = Place(
                    parent: parts[..<index].joined(separator: "/"), stem: stem,
                    kind: parts[(index + 1)...].map(kind).joined(separator: "/"))
                places[path, default: []].append((place, parts[index]))
                holders[place, default: []].insert(label(parts[index]))
            }
        }
        return places.compactMapValues { places in
            let known = places.filter {
                let holders = holders[$0.place, default: []]
                return holders.count > 1 && !areRuntimes(holders)
            }
            guard let last = known.last else { return nil }
            return (known.map(\.name).joined(separator: "/"), last.place.parent + "/" + last.place.stem)
        }
    }

    /// `node18`, `node20` and `node-22` are versions of Node.js, which lives long where it is even; `node17` to `node20` are machines, and
    /// so are more of them than are in use at one time.
    private static func areRuntimes(_ labels: Set<String>) -> Bool {
        labels.count <= 4
            && labels.allSatisfy { label in
                let name = label.lowercased()
                guard name.hasPrefix("node"), let number = Int(name.dropFirst(4).drop { $0 == "-" || $0 == "_" }) else {
                    return false
                }
                return (8...40).contains(number) && number.isMultiple(of: 2)
            }
    }

    /// Folders, and archives without what they end in: `proxy-1.tgz!var/log/error.log` is of `proxy-1`.
    private static func parts(_ path: String) -> [String] {
        path.split(separator: "/", omittingEmptySubsequences: false).flatMap { folder in
            let names = folder.split(separator: "!", omittingEmptySubsequences: false)
            return names.dropLast().map { label(String($0)) } + names.suffix(1).map(String.init)
        }
    }

    /// `proxy-1` of `proxy-1.example.com`, but all of `proxy-1.2.0`, which is a version.
    private static func label(_ name: String) -> String {
        let label = name.prefix { $0 != "." }
        let rest = name.dropFirst(label.count + 1).utf8.first ?? 0
        return Network.number(name) == nil && rest &- 0x30 >= 10 ? String(label) : name
    }

    /// What a machine's name has in common with those of its peers: `proxy-`; nil where it isn't one.
    private static func stem(_ label: String) -> String? {
        // `1.0.0.1` is a version.
        if Network.number(label) != nil { return label.utf8.dropFirst().first == 0x2E ? nil : "." }
        // `app-2026-11-27` and `app_20261127` are days.
        let numbers = label.utf8.split { $0 &- 0x30 >= 10 }
        guard numbers.count < 3, numbers.allSatisfy({ $0.count < 4 }) else { return nil }
        let letters = label.utf8.split { ($0 | 0x20) &- 0x61 >= 26 }.map {
            String(decoding: $0, as: UTF8.self).lowercased()
        }
        guard letters.contains(where: { $0.utf8.count > 1 }), !letters.contains(where: others.contains),
            label.utf8.allSatisfy({ ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2D || $0 == 0x5F })
        else { return nil }
        let stem = PeerOutliers.stem(label)
        if stem != label { return stem }
        // `proxy-a` and `proxy-b`.
        guard letters.count > 1, letters.last?.utf8.count == 1 else { return nil }
        return String(label.dropLast())
    }

    /// `error.log` of `error.log.2.gz`.
    private static func kind(_ file: String) -> String {
        let plain = compressed.first(where: file.hasSuffix).map { String(file.dropLast($0.count)) } ?? file
        var kind = PeerOutliers.stem(plain)
        while let last = kind.last, ".-_".contains(last) { kind.removeLast() }
        return kind
    }

    // MARK: Peers

    /// What each machine of a group of peers logged, and how often it failed; none where fields name hosts, or not all logs
    /// of a failure are known.
    func peers(_ summary: Summary) -> [[(name: String, total: Int64, failures: Int64, sample: Sample?)]] {
        guard !machines.isEmpty, named.isEmpty else { return [] }
        let unexplained = summary.templates.values.flatMap { $0.failures.values.map(\.evidence) }
        let explained = summary.findings.values.filter { $0.rule.severity >= .error && $0.cases.isEmpty }.map {
            (joins: $0.joins, samples: [$0.sample] + $0.further.samples)
        }
        var failures: [String: Int64] = [:]
        var samples: [String: Sample] = [:]
        for (joins, kept) in unexplained + explained {
            guard !joins.isFull(.file) else { return [] }
            for machine in machines(joins) {
                failures[machine.value, default: 0] += machine.count
                // The first line is known, its text only where it is one of the first of all.
                let line = kept.first { $0.source == machine.source && $0.line == machine.line }
                let sample =
                    line ?? Sample(source: machine.source, offset: 0, line: machine.line, time: machine.time, text: "")
                samples[machine.value] = Sample.earlier(samples[machine.value], sample)
            }
        }
        return groups.map { group in
            group.sorted { $0.key < $1.key }.map { name, events in
                (name, events, min(failures[name, default: 0], events), samples[name])
            }
        }
    }

    // MARK: Findings

    /// Of which machines a finding's events are, as far as folders tell it and fields don't; in the order of names.
    func machines(_ joins: JoinSample) -> [JoinSample.Entry] {
        guard !machines.isEmpty, !joins.isFull(.file),
            !joins.entries(.host).contains(where: { named.contains($0.value) })
        else { return [] }
        var found: [String: JoinSample.Entry] = [:]
        for file in joins.entries(.file) {
            guard let machine = machines[file.value] else { continue }
            var entry = file
            (entry.kind, entry.value) = (.host, machine.name)
            if let known = found[machine.name] {
                if (known.time ?? .max, known.source, known.line) < (entry.time ?? .max, entry.source, entry.line) {
                    (entry.time, entry.source, entry.line) = (known.time, known.source, known.line)
                }
                entry.count += known.count
            }
            found[machine.name] = entry
        }
        return found.values.sorted { $0.value < $1.value }
    }

    func machine(of path: String) -> String? { machines[path]?.name }

    /// The machine that has most of the events, and its share of what else its peers logged.
    func most(of joins: JoinSample) -> (entry: JoinSample.Entry, usual: Double)? {
        let all = machines(joins)
        guard let most = all.max(by: { $0.count < $1.count }),
            let peers = machines[most.source].map({ groups[$0.peers] })
        else { return nil }
        let own = Dictionary(all.map { ($0.value, $0.count) }) { $1 }
        let others = peers.map { name, events in (name: name, events: max(events - own[name, default: 0], 0)) }
        let sum = others.reduce(0) { $0 + $1.events }
        guard sum >= Self.fewest, let its = others.first(where: { $0.name == most.value }) else {
            return (most, 1 / Double(peers.count))
        }
        return (most, Double(its.events) / Double(sum))
    }
}
