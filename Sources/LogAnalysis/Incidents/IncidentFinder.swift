import LogCore

/// Puts findings together that follow from one another.
///
/// Each finding is cut into the times at which it came (`Episode`). Each of these looks among those that began before it
/// for the one that it most likely follows from (`Link`), or for none. So incidents are trees, and what began a tree is
/// where the search for its root begins (`Suspects`). What nothing joins but a time that chance may bring is no incident. See docs/incidents.md.
enum IncidentFinder {
    /// Incidents told at most, and findings looked at: the gravest.
    static let limit = 50
    static let findingLimit = 2_000
    /// Episodes that an episode is compared with: those that began last before it, and those that bear an id of its own.
    private static let neighbours = 24
    private static let sharers = 8
    /// Of one finding alone, so many events are a burst that is told if so many times as many as usual came, which chance
    /// would hardly do.
    private static let burst: Int64 = 20
    private static let rise = 4.0
    private static let chance = 1e-3
    /// Between the event that such a burst begins with and one before it that came now and then.
    private static let stray = 60 * Timestamp.second
    /// Between two that began together though nothing else joins them, and how many such pairs may be expected of chance.
    private static let reach = 600 * Timestamp.second
    private static let chanceOfPairs = 0.1
    private static let chanceOfEnds = 0.02
    /// Events of what goes on.
    private static let fewestRunning: Int64 = 3
    /// Events of a bunch at most, and bunches that begin alike.
    private static let bunch: Int64 = 10
    private static let fewestBunches = 3

    /// - Parameter list: the root of an incident goes before what followed from it.
    static func find(_ summary: Summary, _ list: inout FindingList, _ changes: [Change]) -> [Incident] {
        let findings = Array(list.findings.prefix(findingLimit))
        var rhythm = Rhythm(summary.tally, summary.timeline)
        let traffic = Traffic(summary)
        var episodes = findings.enumerated().flatMap {
            Episode.all($1, $0, rhythm, since: beginning(of: $1, changes, traffic), burst: burst(of: $1, changes))
        }
        Spread.mark(&episodes, findings, rhythm)
        for index in episodes.indices { episodes[index].correct(by: findings[episodes[index].finding].clock) }
        rhythm.tellExtract(findings, of: summary.tally.count)
        rhythm.setClose(episodes)
        var linker = Linker(findings, rhythm)
        linker.setBeginnings(episodes)
        episodes.sort { precedes($0, $1, linker) }
        var groups = grouped(episodes, &linker)
        groups += untimed(linker)
        let before = Precursors(summary, changes, findings, rhythm, list.clocks)
        let alone = groups.count { $0.count == 1 }
        let voice = Voice(findings)
        var news: [[Episode]] = []
        groups = groups.filter { group in
            // One finding is a story only where many machines failed so, with what somebody did right before, or where it
            // is a burst of what never came so.
            if group.count > 1 || group[0].spread != nil { return true }
            // What doesn't fail is no incident.
            guard findings[group[0].finding].isFailure, !isUsual(group[0], findings, traffic) else { return false }
            if before.explain(group[0], at: voice.citation(group[0]), among: alone, rhythm) { return true }
            if let new = new(group[0], findings[group[0].finding], changes) { news.append([new]) }
            return false
        }
        groups = withoutBunches(groups, findings, rhythm)
        groups = attached(news, to: groups, linker).filter { group in
            group.contains { findings[$0.finding].isFailure }
        }
        groups = united(groups, linker)
        groups = gravest(groups, linker, summary)
        list.lead(Set(groups.joined().filter { !$0.isSteady }.map(\.finding)))
        for group in groups {
            let root = Suspects(group, &linker).judged[0]
            // A warning before errors is told by the incident.
            if root.isLikelier, findings[root.episode.finding].isFailure {
                list.lead(root.episode.finding, before: group.map(\.finding))
            }
        }
        linker.rank(as: list)
        list.sort()
        var incidents = groups.map { IncidentBuilder($0, linker, summary).incident(&linker, before) }
        for index in incidents.indices { incidents[index].rank = index + 1 }
        Neighbours.tell(&incidents, list.findings)
        return incidents
    }

    /// When a finding that lasts to the end of the log began, if the log shows that it has not been there from the start.
    private static func beginning(of finding: Finding, _ changes: [Change], _ traffic: Traffic) -> Int64? {
        guard finding.isFailure, finding.cases.isEmpty, finding.tally.count >= burst else { return nil }
        let change = changes.first { change in
            [.appeared, .rise].contains(change.kind) && change.end == nil && isGreat(change)
                && finding.isSubject(of: change)
        }
        guard let change, let last = finding.tally.last, change.start < last else { return nil }
        let all = finding.series.total
        let since = finding.series.count(from: change.start - finding.series.width + 1, to: .max)
        // It isn't news that fails from when it works on.
        let isUsual = traffic.explains(
            Double(since), of: Double(all), by: finding.sample, finding.component, from: change.start, to: last)
        return isUsual ? nil : change.start
    }

    /// When a failure came far more often than usual.
    private static func burst(of finding: Finding, _ changes: [Change]) -> ClosedRange<Int64>? {
        guard finding.isFailure, finding.cases.isEmpty else { return nil }
        let change = changes.first { $0.kind == .burst && isGreat($0) && finding.isSubject(of: $0) }
        return change.map { $0.start...max($0.end ?? .max, $0.start) }
    }

    static func isGreat(_ change: Change) -> Bool {
        change.chance <= chance && change.observed >= rise * max(change.expected, 1)
    }

    /// What the log shows to be a change, a heap of failures of a kind that was not there, or seldom; from its beginning on.
    private static func new(_ episode: Episode, _ finding: Finding, _ changes: [Change]) -> Episode? {
        guard !episode.isSteady, episode.start != Timestamp.none, finding.cases.isEmpty, episode.count >= burst else {
            return nil
        }
        let change = changes.first { change in
            [.burst, .appeared, .rise].contains(change.kind) && isGreat(change) && finding.isSubject(of: change)
                && episode.written.contains(change.start)
        }
        guard let change else { return nil }
        var new = episode
        // A stray event may stand before it.
        let start = episode.clock.corrected(change.start)
        if gap(episode.start, start) > stray {
            new.start = start
            new.isWhole = false
        }
        return new
    }

    /// Puts bursts that nothing else joins to what began in the same minutes, where there is so little that chance would
    /// hardly bring two together: later stages of a trouble need not name the first.
    private static func attached(_ news: [[Episode]], to groups: [[Episode]], _ linker: Linker) -> [[Episode]] {
        var groups = groups
        let expected = Double(groups.count + news.count - 1) * 2 * Double(reach) / linker.rhythm.active
        for new in news.sorted(by: { ($0[0].start, $0[0].finding) < ($1[0].start, $1[0].finding) }) {
            let own = new[0]
            let near = groups.indices.filter { index in
                let group = groups[index]
                return group[0].start != Timestamp.none && !group.allSatisfy(\.isSteady)
                    && !group.contains { $0.finding == own.finding }
                    && gap(group[0].start, own.start).magnitude <= UInt64(reach)
                    && (group.map(\.end).max() ?? .min) >= own.start && own.end >= group[0].start
                    && group.contains { !linker.areElsewhere($0, own) }
            }
            let nearest = near.min {
                gap(groups[$0][0].start, own.start).magnitude < gap(groups[$1][0].start, own.start).magnitude
            }
            guard let nearest, expected <= chanceOfPairs else {
                groups.append(new)
                continue
            }
            let place = groups[nearest].firstIndex { latest($0.start) > latest(own.start) } ?? groups[nearest].count
            groups[nearest].insert(own, at: place)
            let (first, later) = place == 0 ? (0, 1) : (0, place)
            groups[nearest][later].bond = linker.bond(groups[nearest][later], to: groups[nearest][first], Link())
        }
        return groups
    }

    /// Joins what begins in a log while something goes on there, or right behind it, to that: so little else fails in that log
    /// that chance would hardly put both there. So the last stage of a trouble is found hours behind its first.
    private static func united(_ groups: [[Episode]], _ linker: Linker) -> [[Episode]] {
        var timed = groups.filter { $0[0].start != Timestamp.none && !$0.allSatisfy(\.isSteady) }
            .sorted { ($0[0].start, $0[0].finding) < ($1[0].start, $1[0].finding) }
        let rest = groups.filter { $0[0].start == Timestamp.none || $0.allSatisfy(\.isSteady) }
        let others = Double(timed.count - 1)
        let logs = linker.logs
        var later = 1
        while later < timed.count {
            let own = timed[later][0]
            let earlier = timed[..<later].indices.last { index in
                !Set(timed[index].map(\.finding)).contains { finding in timed[later].contains { $0.finding == finding }
                }
                    && running(own, in: timed[index]).contains { episode in
                        let both = timed[index] + timed[later]
                        return others * linker.chanceOfOneLog(episode, own, besides: both, among: logs) <= chanceOfPairs
                    }
            }
            var link = Link()
            var place: (group: Int, episode: Episode)?
            if let earlier, let first = running(own, in: timed[earlier]).first(where: { linker.shareLog($0, own) }) {
                link.sharesLog = true
                place = (earlier, first)
            } else if let found = stopping(with: timed[later], among: timed[..<later], others, linker) {
                link.endsTogether = true
                place = found
            }
            guard let (earlier, first) = place else {
                later += 1
                continue
            }
            var joined = timed.remove(at: later)
            joined[0].bond = linker.bond(own, to: first, link)
            timed[earlier] = (timed[earlier] + joined).sorted { ($0.start, $0.finding) < ($1.start, $1.finding) }
        }
        return timed + rest
    }

    /// The group, and what of it, that stopped when the largest of a later one did, after both had gone on for long.
    private static func stopping(
        with group: [Episode], among earlier: ArraySlice<[Episode]>, _ others: Double, _ linker: Linker
    ) -> (group: Int, episode: Episode)? {
        let own = Set(group.map(\.finding))
        for index in earlier.indices where !earlier[index].contains(where: { own.contains($0.finding) }) {
            for episode in earlier[index] {
                let chance = group.map { linker.chanceOfOneEnd(episode, $0) }.min() ?? 1
                let pairs = Double(earlier[index].count * group.count) * max(others, 1)
                if pairs * chance <= chanceOfEnds { return (index, episode) }
            }
        }
        return nil
    }

    /// Of a group what is going on, or has just ended, when something begins.
    private static func running(_ own: Episode, in group: [Episode]) -> [Episode] {
        group.filter { episode in
            !episode.isSteady && episode.count >= fewestRunning && episode.start < own.start
                && gap(episode.end, own.start) <= Linker.cascade
        }
    }

    /// Without what fails now and then all through the log, in a bunch each time: a test that fails one day and another
    /// day, and the build with it. What holds together by more than the time is told though it comes again.
    private static func withoutBunches(_ groups: [[Episode]], _ findings: [Finding], _ rhythm: Rhythm) -> [[Episode]] {
        func isBunch(_ group: [Episode]) -> Bool {
            group[0].start != Timestamp.none
                && group.allSatisfy { episode in
                    !episode.isSteady && episode.spread == nil && episode.bond?.link.isEvidence != true
                        && findings[episode.finding].severity < .critical
                }
                && group.reduce(0) { $0 + $1.count } <= bunch
        }
        let bunches = Dictionary(grouping: groups.filter(isBunch)) { $0[0].finding }
            .mapValues { $0.map { $0[0].start } }
        return groups.filter { group in
            guard let starts = bunches[group[0].finding], starts.count >= fewestBunches, isBunch(group),
                let first = starts.min(), let last = starts.max()
            else { return true }
            return gap(first, last) < rhythm.span / 4
        }
    }

    /// Whether it fails then because it works then, and no more often than ever.
    private static func isUsual(_ episode: Episode, _ findings: [Finding], _ traffic: Traffic) -> Bool {
        let finding = findings[episode.finding]
        guard !episode.isWhole else { return false }
        return traffic.explains(
            Double(episode.count), of: Double(finding.tally.count), by: finding.sample, finding.component,
            from: episode.written.lowerBound, to: episode.written.upperBound)
    }

    /// Those that are told, the gravest first.
    private static func gravest(_ groups: [[Episode]], _ linker: Linker, _ summary: Summary) -> [[Episode]] {
        groups.map { (group: $0, weight: IncidentBuilder($0, linker, summary).weight) }
            .sorted { a, b in
                if a.weight != b.weight { return a.weight > b.weight }
                return (a.group[0].start, a.group[0].finding) < (b.group[0].start, b.group[0].finding)
            }
            .prefix(limit).map(\.group)
    }

    /// By beginning; of those of one moment what lies deeper first, then the graver.
    private static func precedes(_ a: Episode, _ b: Episode, _ linker: Linker) -> Bool {
        let times = (latest(a.start), latest(b.start))
        if times.0 != times.1 { return times.0 < times.1 }
        // Of the same second, the log itself tells what stood first.
        let samples = (linker.findings[a.finding].sample, linker.findings[b.finding].sample)
        if a.isWhole, b.isWhole, !samples.0.source.isEmpty, samples.0.source == samples.1.source,
            samples.0.offset != samples.1.offset
        {
            return samples.0.offset < samples.1.offset
        }
        let layers = (linker.traits[a.finding].layer.rawValue, linker.traits[b.finding].layer.rawValue)
        return layers.0 != layers.1 ? layers.0 < layers.1 : a.finding < b.finding
    }

    /// The trees, each in the order of time. Where nothing but the time joins parts of one, they must be closer than chance
    /// would bring them; else each part that something else joins is told by itself.
    private static func grouped(_ episodes: [Episode], _ linker: inout Linker) -> [[Episode]] {
        var episodes = episodes
        var root = Array(episodes.indices)
        /// The same by links alone that are more than being close, and by bursts that began together besides.
        var unit = Array(episodes.indices)
        var cascade = Array(episodes.indices)
        var bearers: [UInt64: [Int]] = [:]
        for index in episodes.indices {
            let episode = episodes[index]
            var candidates = Array(max(0, index - neighbours)..<index)
            for key in linker.traits[episode.finding].ids {
                candidates += bearers[key, default: []].suffix(sharers).filter { $0 < index - neighbours }
                bearers[key, default: []].append(index)
            }
            var best: (strength: Double, index: Int, link: Link)?
            for candidate in candidates {
                let link = linker.link(episodes[candidate], episode)
                let strength = link.strength
                // Of equals the latest: a chain rather than a star.
                if strength >= Link.least, strength >= best?.strength ?? 0 { best = (strength, candidate, link) }
            }
            guard let best else { continue }
            root[index] = root[best.index]
            if best.link.isEvidence { cascade[index] = cascade[best.index] }
            // That they began together is what a clump is asked for.
            if best.link.isMoreThanTime { unit[index] = unit[best.index] }
            episodes[index].bond = linker.bond(episode, to: episodes[best.index], best.link)
        }
        let bound = episodes
        return groups(episodes.indices, by: root).flatMap { group -> [[Int]] in
            let parts = groups(group, by: unit)
            let starts = parts.map { bound[$0[0]].start }
            // The first part may have begun hours ago: from what it began with last before the others.
            let first = parts.count > 1 ? parts[0].last { bound[$0].start <= starts[1] } : nil
            let length = gap(first.map { bound[$0].start } ?? starts[0], starts[starts.count - 1])
            let isClump = linker.rhythm.isClump(of: parts.count, within: length)
            return isClump ? [group] : groups(group, by: cascade)
        }.map { joined($0.map { bound[$0] }) }
    }

    /// Indices that have the same root, in order.
    private static func groups(_ indices: some Sequence<Int>, by root: [Int]) -> [[Int]] {
        Dictionary(grouping: indices) { root[$0] }.sorted { $0.key < $1.key }.map(\.value)
    }

    /// One episode of each finding: an incident in which one came twice has it from the first time to the last.
    private static func joined(_ episodes: [Episode]) -> [Episode] {
        var places: [Int: Int] = [:]
        var result: [Episode] = []
        for episode in episodes {
            guard let place = places[episode.finding] else {
                places[episode.finding] = result.count
                result.append(episode)
                continue
            }
            result[place].end = max(result[place].end, episode.end)
            result[place].count += episode.count
            if result[place].spread?.hosts.count ?? 0 < episode.spread?.hosts.count ?? 0 {
                result[place].spread = episode.spread
            }
        }
        for index in result.indices where result[index].bond.map({ places[$0.other] == nil }) == true {
            result[index].bond = nil
        }
        return result
    }

    /// Findings without times belong together where they share an id, else nothing is known of them.
    private static func untimed(_ linker: Linker) -> [[Episode]] {
        var root: [Int: Int] = [:]
        var bearers: [UInt64: Int] = [:]
        let indices = linker.findings.indices.filter { linker.findings[$0].tally.first == nil }
        for index in indices {
            let known = linker.traits[index].ids.compactMap { bearers[$0] }.map { root[$0] ?? $0 }.min()
            root[index] = known ?? index
            for key in linker.traits[index].ids where bearers[key] == nil { bearers[key] = index }
        }
        return Dictionary(grouping: indices, by: { root[$0] ?? $0 }).sorted { $0.key < $1.key }
            .filter { $0.value.count > 1 }
            .map { group in
                group.value.map { index in
                    Episode(
                        finding: index, start: Timestamp.none, end: Timestamp.none,
                        count: linker.findings[index].tally.count)
                }
            }
    }
}
