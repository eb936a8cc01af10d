import LogCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Who of an incident's findings is most likely its root, and why.
struct Suspects {
    /// Findings of an incident that are compared with all others, and others that they are compared with.
    private static let candidates = 12
    private static let others = 48
    /// Named at most, and how likely the last of them must be.
    private static let named = 3
    private static let leastConfidence = 0.1
    /// What follows from a failure seldom takes longer to begin.
    private static let breath = 10 * Timestamp.second
    /// However clear, logs do not show everything.
    private static let surest = 0.95
    /// Where being first is all that speaks for it: being first is no proof.
    private static let unbacked = 0.6

    struct Judged {
        var episode: Episode
        /// Among the incident's episodes.
        var index: Int
        var score: Double
        var confidence = 0.0
        /// Something joins it to the others, besides the time.
        var isBacked = false
        var reasons: [Statement] = []

        /// Than all others together.
        var isLikelier: Bool { confidence >= 0.5 }
    }

    private(set) var judged: [Judged] = []
    private let episodes: [Episode]
    private let voice: Voice
    /// The episode that the others' lateness is counted from: the first one, or the one behind a stray.
    private var origin = 0

    init(_ episodes: [Episode], _ linker: inout Linker) {
        self.episodes = episodes
        voice = Voice(linker.findings)
        if isStray(&linker) { origin = 1 }
        for index in episodes.indices.prefix(Self.candidates) { judged.append(judge(index, &linker)) }
        // Of equals the one that stands first.
        judged.sort { ($1.score, $0.index) < ($0.score, $1.index) }
        let best = judged.first?.score ?? 0
        let sum = judged.reduce(0) { $0 + exp($1.score - best) }
        for index in judged.indices {
            let share = exp(judged[index].score - best) / sum
            judged[index].confidence =
                (min(share, judged[index].isBacked ? Self.surest : Self.unbacked) * 100).rounded() / 100
        }
        let kept = judged.prefix(Self.named).prefix { $0.confidence >= Self.leastConfidence }
        judged = Array(kept.isEmpty ? judged.prefix(1) : kept)
    }

    /// Scores are logarithms of odds, more or less: 1 is nearly three times as likely.
    private func judge(_ index: Int, _ linker: inout Linker) -> Judged {
        let own = episodes[index]
        let finding = linker.findings[own.finding]
        var judged = Judged(episode: own, index: index, score: 0)
        let isTimed = own.start != Timestamp.none
        if isTimed {
            judged.score += 3 * exp(-Double(max(episodes[origin].lag(to: own), 0)) / Double(patience))
            if index == 0 { judged.reasons += beganFirst() }
        }
        weigh(index, &judged, &linker)
        switch linker.traits[own.finding].layer {
        case .resource:
            judged.score += 0.75
            judged.reasons.append(
                voice.statement("it speaks of something used up or broken below the services, a weak sign", own))
        case .peer: judged.score -= 0.75
        case .program: break
        }
        if finding.severity == .critical { judged.score += 0.5 }
        if !finding.isFailure { judged.score -= 1 }
        // A correlation sums up what other events say.
        if !finding.cases.isEmpty { judged.score -= 1.5 }
        return judged
    }

    /// How much later a beginning may be and still be a first one: a fifth of the time in which all began.
    private var patience: Int64 {
        let spread = episodes[origin].lag(to: episodes[episodes.count - 1])
        return min(max(spread / 5, 2 * Timestamp.second), 60 * Timestamp.second)
    }

    /// Whether the first one is a single failure that no rule knows, with a pause behind it and nothing but the time to join it
    /// to the others: one flaky test before the disk is full. It may still be the root, but those behind it are not late.
    private func isStray(_ linker: inout Linker) -> Bool {
        guard episodes.count > 2, episodes[0].start != Timestamp.none, episodes[0].count == 1,
            linker.findings[episodes[0].finding].rule == nil
        else { return false }
        var first = Judged(episode: episodes[0], index: 0, score: 0)
        weigh(0, &first, &linker)
        let isAlone = episodes[0].lag(to: episodes[1]) > max(patience, Self.breath)
        return isAlone && !first.isBacked
    }

    /// What the others have to do with it.
    private func weigh(_ index: Int, _ judged: inout Judged, _ linker: inout Linker) {
        let own = episodes[index]
        let others = episodes.indices.prefix(Self.others).filter { $0 != index }
        guard !others.isEmpty else { return }
        var naming: [Episode] = []
        var sharing: [Episode] = []
        var led: [(Episode, LeadLag)] = []
        var leaders = 0
        for other in others {
            let other = episodes[other]
            if linker.traits[own.finding].isNamed(by: linker.traits[other.finding]) { naming.append(other) }
            if linker.sharedID(own, other) != nil { sharing.append(other) }
            if let lead = linker.lead(own.finding, other.finding) { led.append((other, lead)) }
            if linker.lead(other.finding, own.finding) != nil { leaders += 1 }
        }
        judged.isBacked = !(naming.isEmpty && sharing.isEmpty && led.isEmpty)
        let share = 1 / Double(others.count)
        judged.score += 2 * Double(naming.count) * share + 1.5 * Double(sharing.count) * share
        judged.score += 1.5 * Double(led.count - leaders) * share
        if let first = naming.first {
            let more = naming.count > 1 ? " and \(naming.count - 1) more speak of" : " speaks of"
            let name = voice.nameMentioned(by: first, of: own)
            judged.reasons.append(
                Statement(
                    "\(voice.short(first))\(more) \(name)", naming.prefix(3).map(voice.citation) + [voice.citation(own)]
                ))
        }
        for other in sharing.prefix(2) { judged.reasons += voice.shared(own, other, linker) }
        for (other, lead) in led.prefix(2) { judged.reasons.append(voice.led(own, other, lead)) }
    }

    private func beganFirst() -> [Statement] {
        guard episodes.count > 1 else { return [] }
        let gap = episodes[0].lag(to: episodes[1])
        let cites = [voice.citation(episodes[0]), voice.citation(episodes[1])]
        if gap == 0 {
            // Where the log itself tells what stood first, it is worth a word; else there is no first.
            let own = voice.sample(episodes[0])
            let other = voice.sample(episodes[1])
            guard own.source == other.source, own.offset < other.offset else { return [] }
            return [Statement("it stands before \(voice.short(episodes[1])), of the same time", cites)]
        }
        return [Statement("it began first, \(TextLayout.duration(gap)) before \(voice.short(episodes[1]))", cites)]
    }
}
