import LogCore

/// Tells the story of findings that belong together.
struct IncidentBuilder {
    /// Findings that are told one by one.
    private static let told = 8

    /// In the order of time.
    private let episodes: [Episode]
    private let findings: [Finding]
    private let summary: Summary
    private let voice: Voice
    private let start: Int64
    private let end: Int64
    private let components: [Incident.AffectedComponent]
    private let failures: Int64

    init(_ episodes: [Episode], _ linker: Linker, _ summary: Summary) {
        self.episodes = episodes
        self.summary = summary
        findings = linker.findings
        voice = Voice(linker.findings)
        start = episodes.map(\.start).min() ?? Timestamp.none
        end = episodes.map(\.end).max() ?? start
        components = Self.components(episodes, linker.findings, summary, end)
        failures = Self.failures(episodes, linker.findings, summary)
    }

    /// Those that failed alike.
    private var hosts: Incident.Hosts? {
        let all = episodes.compactMap(\.spread)
        // Machines before what runs on them.
        guard let kind = all.map(\.kind).min(by: { $0.number < $1.number }) else { return onlyHost }
        let spreads = all.filter { $0.kind == kind }
        let names = Set(spreads.flatMap { $0.hosts.map(\.value) })
        return Incident.Hosts(count: names.count, isPart: spreads.contains(where: \.isPart), kind: kind)
    }

    /// The one on which all of it failed, where the log has others.
    private var onlyHost: Incident.Hosts? {
        let failed = episodes.map { findings[$0.finding] }.filter(\.isFailure)
        let hosts = failed.map(Self.machines)
        guard let host = hosts.first?.first,
            hosts.allSatisfy({ $0.count == 1 && $0[0].value == host.value && $0[0].kind == host.kind }),
            summary.hosts.count > 1 || failed.contains(where: { !$0.machines.isEmpty })
        else { return nil }
        return Incident.Hosts(count: 1, isPart: false, kind: host.kind, name: host.value)
    }

    /// Where a finding's events come from, a machine before a pod on it; not the one that is spoken of.
    private static func machines(_ finding: Finding) -> [JoinSample.Entry] {
        let captured = Set(finding.captures.map(\.value))
        let hosts =
            finding.machines.isEmpty
            ? finding.joins.entries(.host).filter { !captured.contains($0.value) } : finding.machines
        let machines = hosts.filter { $0.kind == .host }
        return machines.isEmpty ? Array(hosts) : machines
    }

    /// All at an even rate over the log: there before, there after, and so not what woke anyone.
    private var isSteady: Bool { episodes.allSatisfy(\.isSteady) }
    private var severity: Severity { episodes.map { findings[$0.finding].severity }.max() ?? .error }

    /// What puts incidents in order: a level counts as much as four components more or hundred times the failures.
    var weight: Double {
        var weight = 4 * Double(severity.rank) + Double(min(components.count, 6))
        var failures = failures
        while failures >= 10 {
            weight += 2
            failures /= 10
        }
        if episodes.contains(where: { findings[$0.finding].isDominant }) { weight += 2 }
        // Several things at once are more than one.
        weight += Double(min(episodes.count - 1, 4)) / 2
        return isSteady ? weight - 6 : weight
    }

    func incident(_ linker: inout Linker, _ before: Precursors) -> Incident {
        let suspects = Suspects(episodes, &linker).judged
        let root = suspects[0].episode
        var statements: [Statement] = []
        statements += before.warnings(episodes, voice)
        if start != Timestamp.none, !isSteady {
            statements += before.statements(
                start, at: voice.citation(episodes[0]), of: episodes.map { findings[$0.finding] })
        }
        let acts = statements.count
        statements.append(beginning(root, isLikely: suspects[0].confidence > 0.6))
        statements += followers(root)
        if let doubt = doubt(suspects) { statements.append(doubt) }
        statements += clocks
        var incident = Incident(
            title: findings[root.finding].title, severity: severity, start: start, end: end, failures: failures,
            hosts: hosts,
            suspects: suspects.map { judged in
                let finding = findings[judged.episode.finding]
                return Incident.Suspect(
                    finding: finding.rank, title: finding.title, component: component(judged.episode),
                    reasons: judged.reasons.isEmpty ? [voice.statement(alone(judged), judged.episode)] : judged.reasons,
                    confidence: judged.confidence)
            },
            components: components, findings: episodes.map { findings[$0.finding].rank }, statements: statements)
        incident.acts = acts
        return incident
    }

    // MARK: Sentences

    private func alone(_ judged: Suspects.Judged) -> String {
        if episodes.count == 1 { return "nothing else that failed was joined to it" }
        let gap = episodes[0].lag(to: judged.episode)
        return gap > 0 ? "it began \(TextLayout.duration(gap)) after the first" : "it began with the first"
    }

    /// The component of the line that is cited. Of a part of a finding's time it is known where only one came first in it.
    private func component(_ episode: Episode) -> String {
        let finding = findings[episode.finding]
        let known = finding.joins.entries(.component)
        if known.count <= 1 || episode.isWhole {
            return finding.component.isEmpty ? known.first?.value ?? "" : finding.component
        }
        let begun = known.filter { episode.written.contains($0.time ?? .max) }
        return begun.count == 1 ? begun[0].value : ""
    }

    /// "(1) Kernel killed a process in kernel on db1 is the likely root: 3 events"
    private func beginning(_ root: Episode, isLikely: Bool) -> Statement {
        let times = events(root)
        let verb =
            isSteady && episodes.count == 1
            ? "comes at an even rate all over the log" : isLikely ? "is the likely root" : "may be the root"
        return Statement(
            "\(voice.name(root))\(place(root)) \(verb): \(times)", voice.citations(root))
    }

    private func place(_ episode: Episode) -> String {
        let finding = findings[episode.finding]
        var place = ""
        let component = component(episode)
        if !component.isEmpty { place += " in \(component)" }
        let named = Self.machines(finding)
        if named.count == 1, let host = named.first {
            place += host.kind == .host ? " on \(host.value)" : " of \(host.kind.noun) \(host.value)"
        }
        return place
    }

    private func events(_ episode: Episode) -> String {
        TextLayout.count(episode.count, "event") + (episode.spread?.text ?? "")
    }

    private func followers(_ root: Episode) -> [Statement] {
        let others = episodes.filter { $0.finding != root.finding }
        var statements = others.prefix(Self.told).map { other in
            let bond = voice.bond(of: other)
            return Statement(
                "\(when(other, root))\(voice.name(other))\(place(other)): \(events(other))"
                    + (bond.map { "; \($0.text)" } ?? ""), voice.citations(other) + (bond?.citations ?? []))
        }
        let rest = others.dropFirst(Self.told)
        if let last = rest.last {
            let count = rest.reduce(0) { $0 + $1.count }
            let until = last.start == Timestamp.none ? "" : ", the last of them \(when(last, root))"
            let text =
                "\(TextLayout.count(Int64(rest.count), "more finding")) with \(TextLayout.count(count, "event"))"
                + (until.hasSuffix(" ") ? String(until.dropLast()) : until)
            statements.append(Statement(text, [voice.citation(rest[rest.startIndex]), voice.citation(last)]))
        }
        return statements
    }

    private func when(_ other: Episode, _ root: Episode) -> String {
        guard other.start != Timestamp.none, root.start != Timestamp.none else { return "" }
        let gap = root.lag(to: other)
        if gap == 0 {
            return root.clock == other.clock ? "in the same second " : "at about the same time "
        }
        return gap > 0 ? "\(TextLayout.duration(gap)) later " : "\(TextLayout.duration(-max(gap, -.max))) before "
    }

    private func doubt(_ suspects: [Suspects.Judged]) -> Statement? {
        guard suspects.count > 1, suspects[1].confidence >= 0.7 * suspects[0].confidence else { return nil }
        let (first, second) = (suspects[0].episode, suspects[1].episode)
        return voice.statement(
            "\(voice.short(second)) is nearly as likely the root as \(voice.short(first))", second, first)
    }

    /// "times of (2) are told 1 min 30 s earlier than written: by ids that logs share, its clock is ahead"
    private var clocks: [Statement] {
        Dictionary(grouping: episodes.filter { $0.clock.amount != 0 }, by: \.clock.amount).sorted { $0.key < $1.key }
            .map { amount, episodes in
                let names = episodes.prefix(Self.told).map(voice.short).joined(separator: ", ")
                let more = episodes.count > Self.told ? " and \(episodes.count - Self.told) more" : ""
                let (when, clock) = amount < 0 ? ("earlier", "ahead") : ("later", "behind")
                let text =
                    "times of \(names)\(more) are told \(TextLayout.duration(abs(amount))) \(when) than written: "
                    + "by ids that logs share, its clock is \(clock)"
                return Statement(text, episodes.prefix(Self.told).map(voice.citation))
            }
    }

    // MARK: Numbers

    /// Events of its findings, each once, but no more than the log has failures in that time: a correlation counts what others
    /// count.
    private static func failures(
        _ episodes: [Episode], _ findings: [Finding], _ summary: Summary
    ) -> Int64 {
        let counted = once(episodes, findings).filter { episode in
            let finding = findings[episode.finding]
            return finding.isFailure && finding.cases.isEmpty
        }.map(\.count)
        let sum = counted.reduce(0, +)
        let written = written(episodes)
        guard written.lowerBound != Timestamp.none, !summary.timeline.buckets.isEmpty else { return sum }
        let width = summary.timeline.width
        let buckets = floorDivide(written.lowerBound, width)...floorDivide(written.upperBound, width)
        var most: Int64 = 0
        for (bucket, counts) in summary.timeline.buckets where buckets.contains(bucket) { most += counts.failures }
        // A rule may call a failure what its log calls a warning: each event of one finding is one all the same.
        return most > 0 ? min(sum, max(most, counted.max() ?? 0)) : sum
    }

    /// Without those of which others match the same events: all the lines that are known of such a one are known of the others.
    private static func once(_ episodes: [Episode], _ findings: [Finding]) -> [Episode] {
        let lines = episodes.map { findings[$0.finding].rule == nil ? [] : findings[$0.finding].series.lines }
        // Those of most events know the fewest of their lines, and they are the first ones of others.
        let order = episodes.indices.sorted {
            (episodes[$1].count, $0) < (episodes[$0].count, $1)
        }
        var left = Set(episodes.indices)
        for index in order where !lines[index].isEmpty {
            let others = left.filter { $0 != index }
            if lines[index].allSatisfy({ line in others.contains { lines[$0].contains(line) } }) { left.remove(index) }
        }
        return episodes.indices.filter(left.contains).map { episodes[$0] }
    }

    /// The time of all, as the logs have it.
    private static func written(_ episodes: [Episode]) -> ClosedRange<Int64> {
        let start = episodes.map(\.written.lowerBound).min() ?? Timestamp.none
        return start...max(episodes.map(\.written.upperBound).max() ?? start, start)
    }

    /// The components that a finding's events name; of what names none, the log files that may have some of that time, if
    /// there are others.
    private static func places(_ finding: Finding, _ episode: Episode, _ summary: Summary) -> [JoinSample.Entry] {
        let components = finding.joins.entries(.component)
        guard components.isEmpty, summary.sources.count > 1 else { return Array(components) }
        let files = finding.joins.entries(.file).filter { entry in
            finding.series.isEmpty || finding.series.mayHold(entry.value, in: episode.written)
        }
        return files.map { entry in
            var entry = entry
            if let slash = entry.value.lastIndex(of: "/") {
                entry.value = String(entry.value[entry.value.index(after: slash)...])
            }
            return entry
        }
    }

    private static func components(
        _ episodes: [Episode], _ findings: [Finding], _ summary: Summary, _ end: Int64
    ) -> [Incident.AffectedComponent] {
        var known: [String: Incident.AffectedComponent] = [:]
        /// Of which an event is known in that time.
        var begun: Set<String> = []
        let start = episodes.map(\.start).min() ?? Timestamp.none
        for episode in once(episodes, findings) {
            let finding = findings[episode.finding]
            guard finding.isFailure else { continue }
            let part = Double(episode.count) / Double(max(finding.tally.count, 1))
            for entry in places(finding, episode, summary) {
                let time = entry.time.map(episode.clock.corrected)
                guard (time ?? start) <= end else { continue }
                // An episode has no more of a component than events, and of what came at other times too a part.
                let share = Int64((Double(entry.count) * part).rounded())
                let count = max(min(share, episode.count), 1)
                let first = max(time ?? Timestamp.none, episode.start)
                var component = known[entry.value] ?? .init(name: entry.value, failures: 0, first: first)
                component.failures += count
                component.first = min(component.first, first)
                known[entry.value] = component
                if let time, time >= episode.start { begun.insert(entry.value) }
            }
        }
        let written = written(episodes)
        for (name, component) in known where start != Timestamp.none {
            guard let series = summary.components[name]?.failureSeries, !series.isEmpty else { continue }
            let (first, last) = (written.lowerBound, written.upperBound)
            let before = min(series.width - 1, gap(Int64.min, first))
            let most = series.count(from: first - before, to: last == .max ? last : last + 1)
            if most > 0 {
                known[name]?.failures = min(component.failures, most)
            } else if !begun.contains(name) {
                known[name] = nil
            }
        }
        return known.values.sorted { ($0.first, $1.failures, $0.name) < ($1.first, $0.failures, $1.name) }
    }
}
