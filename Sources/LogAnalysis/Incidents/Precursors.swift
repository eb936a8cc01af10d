import LogCore

/// What happened shortly before an incident and may have brought it about: deployments, restarts, changes.
struct Precursors {
    /// Words of what people and schedulers do to a system, and of what breaks in it though nobody calls it an error.
    private static let words = [
        "deploy", "release", "rollout", "rolled out", "rolling", "upgrad", "migrat", "restart", "reload", "reboot",
        "starting", "started", "stopping", "stopped", "shutting down", "shutdown", "reconfigur", "new config",
        "config change", "configuration change", "configuration file", "failover", "promot", "version", "maintenance",
        "manifest", "revision", "feature flag", "terminated by signal", "segmentation fault", "segfault",
        "changed state to",
    ]
    /// What is switched, and that it was: `flag checkout.rounding enabled for 100 %`, but not `flags=0x12` nor `a flag is missing`.
    private static let switches: Set<Substring> = [
        "flag", "flags", "toggle", "toggles", "killswitch", "switch", "setting", "settings", "parameter", "config",
        "configuration", "experiment",
    ]
    private static let switched: Set<Substring> = [
        "changed", "enabled", "disabled", "updated", "flipped", "toggled", "activated", "deactivated", "modified",
        "overridden",
    ]
    private static let switchedTo = ["set to", "turned on", "turned off", "switched on", "switched off"]

    /// - Parameter text: in small letters.
    static func isSwitched(_ text: String) -> Bool {
        let words = text.split { !$0.isLetter }
        return words.contains(where: switches.contains)
            && (words.contains(where: switched.contains) || switchedTo.contains { text.contains($0) })
    }

    /// What comes more often is no event that anyone remembers.
    private static let rare: Int64 = 5
    /// Of what no word tells to be a deed, in a log of so many events.
    private static let rarest: Int64 = 2
    private static let enough: Int64 = 1_000
    private static let reach = 600 * Timestamp.second
    private static let most = 2
    private static let chance = 0.05
    /// Events of which none came are more than chance.
    private static let missed = 3.0

    private enum Kind {
        /// Somebody did it, or a scheduler, as its words say.
        case done
        /// Said once or twice; what it says isn't understood.
        case rare
        /// A change that the log shows.
        case change
        /// What no longer comes: as often what failed does so.
        case missing
    }

    private struct Act {
        var time: Int64
        var kind: Kind
        /// A template's, of which the sample has the words of its first message, or what a change says.
        var text: String
        var sample: Sample?
        var citations: [Citation]

        /// The first of the messages as it stands there: `deployment of orders 4.18.0 finished`. Put together for those only that
        /// are told: there may be thousands.
        var statement: String { sample.map { quoted(text, $0) } ?? text }
    }

    /// In the order of time.
    private let acts: [Act]
    /// Those that are more than rare.
    private let told: Int
    private let rhythm: Rhythm
    private let warnings: [Warning]

    init(_ summary: Summary, _ changes: [Change], _ findings: [Finding], _ rhythm: Rhythm, _ clocks: Clocks) {
        self.rhythm = rhythm
        warnings = Warning.all(summary, clocks)
        var acts: [Act] = []
        let starts = findings.compactMap(\.began)
        let earliest = starts.min() ?? .max
        for (_, template) in summary.templates {
            guard let first = template.tally.first, template.tally.count <= Self.rare,
                gap(earliest, template.tally.last ?? first) >= -Self.reach,
                template.byRank[Severity.error.rank] + template.byRank[Severity.critical.rank] == 0
            else { continue }
            let text = template.text.lowercased()
            let isDone = Self.words.contains { text.contains($0) } || Self.isSwitched(text)
            if isDone { acts += Self.repeated(template) }
            guard isDone || template.tally.count <= Self.rarest && summary.tally.count >= Self.enough else { continue }
            acts.append(
                Act(
                    time: first, kind: isDone ? .done : .rare, text: template.text, sample: template.sample,
                    citations: [Citation(count: template.tally.count, template.sample)]))
        }
        let end = summary.tally.last ?? .max
        for change in changes where Self.isAct(change, findings) {
            acts.append(
                Act(
                    time: Self.known(change, in: end), kind: Self.isMissing(change) ? .missing : .change,
                    text: "\(Self.subject(of: change)): \(change.statement.text)",
                    citations: change.statement.citations))
        }
        for index in acts.indices {
            let source = acts[index].citations.first?.source ?? ""
            acts[index].time = clocks.shift(of: source).corrected(acts[index].time)
        }
        acts.sort { ($0.time, $0.text) < ($1.time, $1.text) }
        self.acts = acts
        told = acts.count { $0.kind != .rare }
    }

    /// What was done again. Its words aren't known: those of the first time are told of that alone.
    private static func repeated(_ template: TemplateSummary) -> [Act] {
        template.series.buckets.indices.dropFirst().compactMap { index in
            let extent = template.series.extent(of: index)
            let line = template.series.first(from: extent.lowerBound, through: extent.upperBound)
            return line.map { line in
                Act(
                    time: extent.lowerBound, kind: .done, text: "“\(cut(template.text, to: 80))”", sample: nil,
                    citations: [Citation(count: template.series.counts[index], line)])
            }
        }
    }

    /// Warnings that came before an incident's failures with the same ids.
    func warnings(_ episodes: [Episode], _ voice: Voice) -> [Statement] {
        Array(warnings.lazy.compactMap { $0.statement(episodes, voice) }.prefix(Self.most))
    }

    private static func subject(of change: Change) -> String {
        switch change.subject {
        case .template, .parameter: "“\(cut(change.name, to: 60))”"
        case .rule, .component, .log, .source: change.name
        }
    }

    private static func isMissing(_ change: Change) -> Bool { [.silence, .vanished].contains(change.kind) }

    /// When it could be known. That something is missing shows only when some more should have come; but a log that ends takes
    /// along what failed in it.
    private static func known(_ change: Change, in end: Int64) -> Int64 {
        if case .source = change.subject { return change.start }
        guard isMissing(change), change.expected > 0 else { return change.start }
        let length = Double(max(gap(change.start, change.end ?? end), 0))
        return change.start.addingReportingOverflow(Int64(min(missed * length / change.expected, 1e18))).partialValue
    }

    /// A change of what isn't a finding itself, nor looked at for being one.
    private static func isAct(_ change: Change, _ findings: [Finding]) -> Bool {
        // Where a fall begins is known to a cell of the grid only.
        guard [.appeared, .burst, .vanished, .silence, .rise, .slower].contains(change.kind), change.chance < 1e-3,
            !change.statement.citations.isEmpty
        else { return false }
        switch change.subject {
        case .template(let id):
            return !findings.contains {
                $0.rule == nil && $0.id == id
                    || $0.sample.line == change.sample.line && $0.sample.source == change.sample.source
            }
        case .rule: return false
        // More failures are what is to be explained.
        case .parameter: return change.kind == .slower
        case .component, .log, .source: return [.silence, .vanished].contains(change.kind)
        }
    }

    /// Whether an act stands so shortly before a finding that, of so many findings, hardly any has one there by chance.
    func explain(_ episode: Episode, at citation: Citation, among findings: Int, _ rhythm: Rhythm) -> Bool {
        guard !episode.isSteady, episode.start != Timestamp.none,
            let act = acts.last(where: { act in
                [.done, .change].contains(act.kind) && Self.isBefore(act, episode.start, at: citation)
            })
        else { return false }
        let length = max(gap(act.time, episode.start), Timestamp.second)
        return Double(findings * told) * Double(length) / Double(rhythm.span) <= Self.chance
    }

    /// Of one moment it must stand before it in the same log: what comes behind brought nothing about.
    private static func isBefore(_ act: Act, _ start: Int64, at citation: Citation) -> Bool {
        let gap = gap(act.time, start)
        if gap != 0 { return (0...reach).contains(gap) }
        return act.citations.first.map { $0.source == citation.source && $0.line < citation.line } ?? false
    }

    /// The last ones before a time and the line that shows it. They are of a log of the findings, or so rare that hardly any
    /// would stand so shortly before by chance: what else somebody did somewhere at that time has nothing to do with it.
    func statements(_ start: Int64, at citation: Citation, of findings: [Finding]) -> [Statement] {
        let logs = Set(findings.flatMap { $0.places.files.map(\.name) + [$0.sample.source] })
        let before = acts.filter { act in
            guard Self.isBefore(act, start, at: citation) else { return false }
            if act.kind != .rare, let source = act.citations.first?.source, logs.contains(source) { return true }
            let length = Double(max(gap(act.time, start), Timestamp.second))
            return Double(act.kind == .rare ? acts.count : told) * length / rhythm.active <= Self.chance
        }
        // What was done last; of what changed, what did first.
        var last = Array(before.filter { $0.kind == .done }.suffix(Self.most))
        last += before.filter { $0.kind == .rare }.suffix(Self.most - last.count)
        last += before.filter { [.change, .missing].contains($0.kind) }.prefix(Self.most - last.count)
        return last.map { act in
            let gap = lag(act.time, start)
            let when = gap < Timestamp.second ? "at the moment it began" : "\(TextLayout.duration(gap)) before it began"
            return Statement("\(when): \(act.statement)", act.citations)
        }
    }
}

/// Incidents that began together and are told apart: whoever reads one should know of the other.
enum Neighbours {
    private static let near = 10 * Timestamp.second

    static func tell(_ incidents: inout [Incident], _ findings: [Finding]) {
        for index in incidents.indices where incidents[index].start != Timestamp.none {
            let own = incidents[index].start
            let others = incidents.indices.filter { other in
                other != index && incidents[other].start != Timestamp.none
                    && gap(own, incidents[other].start).magnitude <= UInt64(near)
            }
            guard let other = others.first, let root = incidents[other].suspects.first,
                let finding = findings.first(where: { $0.rank == root.finding })
            else { continue }
            let more = others.count > 1 ? " and \(others.count - 1) more" : ""
            let components = Set(incidents[index].components.map(\.name))
            let shared = incidents[other].components.map(\.name).first { components.contains($0) }
            let bond = shared.map { "both are in \($0), which chance may bring" } ?? "nothing joins them but that"
            incidents[index].statements.append(
                Statement(
                    "incident \(incidents[other].rank)\(more) began at about the same time; \(bond)",
                    [Citation(count: finding.tally.count, finding.sample)]))
        }
    }
}
