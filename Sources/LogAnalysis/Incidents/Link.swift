import LogCore

/// What speaks for two episodes belonging together, and for the earlier one being the reason.
struct Link {
    /// The weakest that joins two: being close in time, with nothing against it.
    static let least = 1.0

    /// 0 where they are too far apart, to 1 for the same moment.
    var closeness = 0.0
    /// Both know a request, trace, session or another id, at about the same time.
    var sharesIDs = false
    var sharesHost = false
    /// And not all that is known has it: a log of one machine joins nothing by its name.
    var sharesRareHost = false
    /// Hosts are known of both, and none is of both.
    var isElsewhere = false
    var sharesOther = false
    var sharesFile = false
    var sharesComponent = false
    /// And so soon after the other that chance would hardly bring two of that component so close anywhere in the log.
    var followsInComponent = false
    /// The later one's line speaks of a host or component of the earlier one.
    var names = false
    var lead: LeadLag?
    /// Both came on many hosts at once, at the same time.
    var isSpread = false
    /// Logs are known of both, and none is of both.
    var isOtherLog = false
    /// So soon after the other that, as rarely as anything else begins in the log, chance would hardly have put it there.
    var isTogether = false
    /// The same of two bursts, among the few of the log.
    var areBurstsTogether = false

    /// Of a user or an address that most events of the other are of, while these come or right behind.
    var sharesMost = false
    /// Of a disk that most events of the other are of, while these come or some time behind.
    var sharesDisk = false
    /// What a correlator found in the other's events.
    var sumsUp = false
    /// In a log in which the other goes on and hardly anything else fails.
    var sharesLog = false
    /// Both went on for long, at the same time, and stopped together.
    var endsTogether = false

    /// Whether this is more than being there at the same time.
    var isEvidence: Bool { isMoreThanTime || areBurstsTogether }

    var isMoreThanTime: Bool {
        joinsLater || isSpread
            || closeness > 0 && (names || sharesRareHost || sharesOther || followsInComponent)
    }

    /// Joins what doesn't begin close together.
    var joinsLater: Bool { sharesIDs || lead != nil || sharesMost || sharesDisk || sumsUp }

    /// 0 for no link. The weights say: an id outweighs being close in time, and no host in common undoes it.
    var strength: Double {
        // Two machines that fail at once may each have a trouble of its own: an incident says of the other.
        if isElsewhere && !(joinsLater || names || isSpread) { return 0 }
        // What another log says at the same time may be of another system.
        if isOtherLog && !isEvidence && !isTogether { return 0 }
        if closeness == 0 && !joinsLater && !isSpread { return 0 }
        var sum = closeness > 0 ? 1 + closeness : 0
        if sharesIDs { sum += 4 }
        if lead != nil { sum += 3 }
        if sharesMost || sharesDisk || sumsUp { sum += 3 }
        if isSpread { sum += 2 }
        if names { sum += 2.5 }
        if sharesHost { sum += 1 }
        if sharesOther { sum += 1 }
        if sharesComponent { sum += 0.5 }
        if sharesFile { sum += 0.25 }
        return sum
    }
}

/// Compares episodes. Remembers what was found of two findings, for they may have several.
struct Linker {
    private(set) var findings: [Finding]
    let traits: [Traits]
    let rhythm: Rhythm
    /// So unlikely must a lead be that among all pairs there is as good as none by chance.
    private let leadChance: Double
    private var leads: [Pair: LeadLag?] = [:]
    /// Beginnings of all findings, and of those of a component.
    private var beginnings = 0
    private var beginningsIn: [UInt64: Int] = [:]
    /// When what isn't steady begins, ascending.
    private var starts: ContiguousArray<Int64> = []
    /// Times at which something came on many hosts at once.
    private var spreads = 0
    private static let chance = 0.05
    /// Of all findings as many as that in a log are few.
    private static let few = 0.25
    /// So many events are a burst, which begins far more seldom than what comes once.
    private static let burst: Int64 = 20
    private static let chanceOfBursts = 0.005
    private var burstStarts: ContiguousArray<Int64> = []
    /// A cascade through services that tell nothing of one another runs its course in a minute.
    static let cascade = 60 * Timestamp.second

    private struct Pair: Hashable {
        var leader: Int
        var follower: Int
    }

    init(_ findings: [Finding], _ rhythm: Rhythm) {
        self.findings = findings
        traits = Traits.all(findings)
        self.rhythm = rhythm
        let pairs = Double(findings.count * findings.count)
        leadChance = min(1e-4, 0.01 / max(pairs, 1))
    }

    /// Takes the ranks that findings got in the list, which holds them in the same order.
    mutating func rank(as list: FindingList) {
        for index in findings.indices { findings[index].rank = list.findings[index].rank }
    }

    /// What begins in the log, so that what chance brings close is known.
    mutating func setBeginnings(_ episodes: [Episode]) {
        beginnings = episodes.count
        starts = ContiguousArray(episodes.filter { !$0.isSteady }.map(\.start).sorted())
        burstStarts = ContiguousArray(episodes.filter(Self.isBurst).map(\.start).sorted())
        spreads = episodes.count { $0.spread != nil }
        for episode in episodes where !episode.isSteady {
            for key in traits[episode.finding].components { beginningsIn[key, default: 0] += 1 }
        }
    }

    private func isNoChance(in component: UInt64, _ gap: Int64) -> Bool {
        let length = Double(max(gap, Timestamp.second))
        let pairs = Double(beginnings) * Double(beginningsIn[component, default: 0])
        return pairs * length / Double(rhythm.span) <= Self.chance
    }

    /// Whether a beginning so soon after another is more than chance. What begins within the same minutes is left out of the
    /// count: a cascade of forty findings is no reason to take each of its steps for chance.
    private func isTogether(
        _ start: Int64, _ gap: Int64, among starts: ContiguousArray<Int64>, _ chance: Double
    ) -> Bool {
        guard gap <= Self.cascade else { return false }
        let first = starts.place { LogAnalysis.gap($0, start) > Self.cascade }
        let end = starts.place { LogAnalysis.gap(start, $0) <= Self.cascade }
        let others = Double(starts.count - (end - first))
        let expected = (others + 0.5) * Double(max(gap, Timestamp.second)) / rhythm.active
        return (others + 1) * expected <= chance
    }

    private static func isBurst(_ episode: Episode) -> Bool { !episode.isSteady && episode.count >= burst }

    /// Whether two times of many hosts lie so close that chance would hardly bring two of the log's so close.
    private func isOneSpread(_ a: Episode, _ b: Episode) -> Bool {
        guard a.spread != nil, b.spread != nil, gap(a.end, b.start) <= rhythm.pause else { return false }
        let length = Double(max(a.lag(to: b), Timestamp.second))
        return Double(spreads * (spreads - 1) / 2) * length / rhythm.active <= Self.chance
    }

    /// `b` begins no earlier than `a`.
    mutating func link(_ a: Episode, _ b: Episode) -> Link {
        var link = Link()
        let (left, right) = (traits[a.finding], traits[b.finding])
        let gap = a.lag(to: b)
        link.sharesIDs = sharedID(a, b) != nil
        // Something steady is nobody's reason, and has none at the time when the log begins.
        let isSteady = a.isSteady || b.isSteady
        if !isSteady, max(gap, 0) <= rhythm.close {
            link.closeness = 1 - Double(max(gap, 0)) / Double(rhythm.close + 1)
        }
        if a.finding == b.finding { return Link() }
        link.areBurstsTogether =
            Self.isBurst(a) && Self.isBurst(b)
            && isTogether(a.start, max(gap, 0), among: burstStarts, Self.chanceOfBursts)
        if link.closeness == 0, link.areBurstsTogether {
            link.closeness = 1 - Double(max(gap, 0)) / Double(Self.cascade + 1)
        }
        link.lead = lead(a.finding, b.finding)
        link.isSpread = isOneSpread(a, b)
        link.sharesMost = !isSteady && mostOf(a, b) != nil
        link.sharesDisk = !isSteady && disk(a, b) != nil
        link.sumsUp = isSum(b, of: a)
        if link.closeness == 0, !link.joinsLater, !link.isSpread { return Link() }
        link.sharesFile = firstCommon(left.files, right.files) != nil
        link.isOtherLog = left.isOtherLog(than: right)
        link.sharesHost = firstCommon(left.hosts, right.hosts) != nil
        link.sharesRareHost = firstCommon(left.rareHosts, right.rareHosts) != nil
        link.isElsewhere = areElsewhere(a, b)
        link.sharesOther = firstCommon(left.others, right.others) != nil
        if let component = firstCommon(left.components, right.components) {
            link.sharesComponent = true
            link.followsInComponent =
                link.closeness > 0 && !link.isOtherLog && isNoChance(in: component, gap)
        }
        link.names = left.isNamed(by: right)
        link.isTogether =
            link.areBurstsTogether
            || link.closeness > 0 && isTogether(a.start, max(gap, 0), among: starts, Self.chance)
        return link
    }

    /// Hosts are known of both, and none is of both.
    func areElsewhere(_ a: Episode, _ b: Episode) -> Bool {
        let (left, right) = (traits[a.finding], traits[b.finding])
        return left.hostsAreAll && right.hostsAreAll && firstCommon(left.hosts, right.hosts) == nil
    }

    /// An id that both bear, at about the time of both, and of one another.
    func sharedID(_ a: Episode, _ b: Episode) -> UInt64? {
        var rest = traits[a.finding].ids
        while let key = firstCommon(rest, traits[b.finding].ids) {
            if let mine = findings[a.finding].joins.entry(key), let theirs = findings[b.finding].joins.entry(key),
                isNear(mine.time, a, theirs.time, b)
            {
                return key
            }
            rest.removeAll { $0 <= key }
        }
        return nil
    }

    /// The user or address that most events of an episode are of, and an event of one that begins while it lasts or right behind it.
    func mostOf(_ a: Episode, _ b: Episode) -> UInt64? {
        guard b.start <= a.end || gap(a.end, b.start) <= Self.cascade,
            let most = findings[a.finding].joins.most(of: findings[a.finding].tally.count, [.user, .address]),
            traits[b.finding].others.contains(most.key)
        else { return nil }
        return most.key
    }

    /// The disk that most events of an episode are of, and an event of one that begins while it lasts or within a pause behind.
    func disk(_ a: Episode, _ b: Episode) -> String? {
        guard gap(a.end, b.start) <= rhythm.pause else { return nil }
        let total = findings[a.finding].tally.count
        return traits[a.finding].disks.first { name, count in
            count > total / 2 && traits[b.finding].disks[name] != nil
        }?.key
    }

    /// Of how many findings each log has events, and how many findings that are.
    var logs: (findings: [UInt64: Int], all: Int) {
        var logs: [UInt64: Int] = [:]
        for traits in traits { for file in traits.files { logs[file, default: 0] += 1 } }
        return (logs, traits.count { !$0.files.isEmpty })
    }

    func shareLog(_ a: Episode, _ b: Episode) -> Bool {
        let files = traits[b.finding].files
        return files.count == 1 && traits[a.finding].files.contains(files[0])
    }

    /// How likely what begins at random would do so while the other lasts, in a log of its own in which the other stands too:
    /// by the share of all other findings that stand in that log.
    ///
    /// - Parameters:
    ///   - episodes: those that aren't others.
    ///   - logs: of how many findings each log has events, and how many findings that are.
    func chanceOfOneLog(
        _ a: Episode, _ b: Episode, besides episodes: [Episode], among logs: (findings: [UInt64: Int], all: Int)
    ) -> Double {
        guard shareLog(a, b), !areElsewhere(a, b) else { return 1 }
        let log = traits[b.finding].files[0]
        let own = Set(episodes.map(\.finding)).filter { !traits[$0].files.isEmpty }
        let inside = logs.findings[log, default: 0] - own.count { traits[$0].files.contains(log) }
        let share = (Double(inside) + 0.5) / (Double(logs.all - own.count) + 1)
        // It is the log that joins them, not that they come close in time: a log that says it all joins nothing.
        guard share <= Self.few else { return 1 }
        let length = Double(max(gap(a.start, a.end), 0)) + Double(Self.cascade)
        return share * min(length / rhythm.active, 1)
    }

    /// How likely two that went on at the same time would stop so close together, wherever the later one stopped. Each is known to
    /// have gone on until about as long after its last event as from one event to the next; what lasts to the end of the log stops with it,
    /// not with the other.
    func chanceOfOneEnd(_ a: Episode, _ b: Episode) -> Double {
        guard Self.isBurst(a), Self.isBurst(b), !areElsewhere(a, b), b.start < a.end else { return 1 }
        func spacing(_ episode: Episode) -> Int64 { gap(episode.start, episode.end) / max(episode.count - 1, 1) }
        let slack = max(spacing(a) + spacing(b), Timestamp.second)
        let apart = Int64(clamping: gap(a.end, b.end).magnitude)
        let rest = gap(max(a.end, b.end), rhythm.first.addingReportingOverflow(rhythm.span).partialValue)
        guard rest > max(8 * slack, rhythm.pause), min(gap(a.start, a.end), gap(b.start, b.end)) > 8 * slack,
            apart <= slack
        else { return 1 }
        return Double(2 * max(apart, slack)) / rhythm.active
    }

    /// Whether an episode is what a correlator found in another's events: its line is one of these.
    private func isSum(_ b: Episode, of a: Episode) -> Bool {
        let (sum, finding) = (findings[b.finding], findings[a.finding])
        guard finding.cases.isEmpty, b.written.lowerBound != Timestamp.none else { return false }
        return sum.cases.contains { one in
            guard let time = one.time, b.written.contains(time), a.written.contains(time) else { return false }
            let line = finding.series.first(from: time, through: time)
            if line?.source == one.source && line?.line == one.line { return true }
            return finding.rule != nil && isHeld(one, at: time, by: finding)
                && !findings.contains { $0.rule != nil && $0.id != finding.id && isHeld(one, at: time, by: $0) }
        }
    }

    /// Whether the event that stands for a case may be one of a rule's. Of what is frequent not every line is known.
    private func isHeld(_ one: FindingCase, at time: Int64, by finding: Finding) -> Bool {
        finding.cases.isEmpty && finding.joins.entries(.file).contains { $0.value == one.source }
            && finding.series.mayHold(one.source, in: time...time)
    }

    private func isNear(_ mine: Int64?, _ a: Episode, _ theirs: Int64?, _ b: Episode) -> Bool {
        let (mine, theirs) = (mine.map(a.clock.corrected), theirs.map(b.clock.corrected))
        guard isNear(mine, a), isNear(theirs, b) else { return false }
        guard let mine, let theirs else { return true }
        return gap(min(mine, theirs), max(mine, theirs)) <= rhythm.pause
    }

    private func isNear(_ time: Int64?, _ episode: Episode) -> Bool {
        guard let time, episode.start != Timestamp.none else { return time == nil }
        return gap(time, episode.start) <= rhythm.pause && gap(episode.end, time) <= rhythm.pause
    }

    mutating func lead(_ a: Int, _ b: Int) -> LeadLag? {
        // What a correlator found follows from what it counts: that it comes after it shows nothing.
        if !findings[a].cases.isEmpty || !findings[b].cases.isEmpty { return nil }
        // Which came first isn't known by two clocks.
        if findings[a].clock != findings[b].clock { return nil }
        // A match of the log's whole course; one pair of bursts is none.
        if findings[a].series.buckets.count < 3 || findings[b].series.buckets.count < 3 { return nil }
        let pair = Pair(leader: a, follower: b)
        if let known = leads[pair] { return known }
        let found = LeadLag(leader: findings[a].series, follower: findings[b].series)
        let lead = found?.isLead(leadChance) == true ? found : nil
        leads[pair] = .some(lead)
        return lead
    }
}
