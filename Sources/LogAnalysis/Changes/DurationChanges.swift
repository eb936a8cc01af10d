import LogCore

/// Finds what takes longer, or less long, at one time than at others, and who alone is slow: durations in messages and in
/// fields, of each the sample that is kept with its times.
struct DurationChanges {
    /// Measures looked at, at most: those with most values. Each costs some milliseconds.
    private static let closely = 400

    private let summary: Summary
    private let times: TextTimes
    /// Whether the log is so short that minutes don't tell its times apart.
    private let showsSeconds: Bool

    /// One measure of one template.
    struct Measure {
        var template: String
        var summary: TemplateSummary
        var parameter: Int
        var distribution: Distribution
        /// In the order of time.
        var entries: [TimedSample.Entry]
        var values: [Double]

        var subject: Change.Subject { .parameter(template: template, index: parameter) }

        /// How many of all are looked at, where that isn't all.
        var share: String {
            let kept = Int64(entries.count)
            guard kept < distribution.count else { return "" }
            return " (\(TextLayout.grouped(kept)) of \(TextLayout.grouped(distribution.count)) looked at)"
        }

        func line(_ entry: TimedSample.Entry) -> FirstLine { distribution.timed.line(of: entry) }

        /// The slowest event if it is one of those, else the template's first.
        func sample(_ isOne: (Sample) -> Bool) -> Sample {
            if let largest = distribution.largest, isOne(largest) { return largest }
            return summary.sample
        }
    }

    /// What was found, with what it's ranked and joined by.
    struct Told {
        var change: Change
        var strength: Double
        /// What is one: a time from one value to another, or names.
        var names: [String] = []
        var template = ""
    }

    init(_ summary: Summary) {
        self.summary = summary
        times = TextTimes(summary.tally, unicode: false)
        let (length, overflow) = (summary.tally.last ?? 0).subtractingReportingOverflow(summary.tally.first ?? 0)
        showsSeconds = !overflow && length < 3_600 * Timestamp.second
    }

    /// Slower ones and faster ones, each the strongest first.
    static func find(_ summary: Summary) -> (slower: [Change], faster: [Change]) {
        let finder = DurationChanges(summary)
        let measures = finder.measures()
        let shifts = joined(finder.shifts(measures), "at the same time", by: isTogether)
        let peers = joined(SlowPeer.find(measures, summary), "too") { $0.names == $1.names }
        let all = (shifts + peers)
            .sorted { ($1.strength, $0.change.name) < ($0.strength, $1.change.name) }.map(\.change)
        return (all.filter { $0.kind == .slower }, all.filter { $0.kind == .faster })
    }

    private func measures() -> [Measure] {
        var measures: [Measure] = []
        for (id, template) in summary.templates.sorted(by: { $0.key < $1.key }) where !template.sample.source.isEmpty {
            for (index, parameter) in template.parameters.enumerated() {
                // What is a duration now and then only is none.
                guard let distribution = parameter.distributions[.duration],
                    distribution.timed.entries.count >= DurationShift.fewest, 2 * distribution.count > parameter.count
                else { continue }
                let entries = distribution.timed.byTime
                measures.append(
                    Measure(
                        template: id, summary: template, parameter: index, distribution: distribution,
                        entries: entries, values: entries.map { Double($0.value) }))
            }
        }
        guard measures.count > Self.closely else { return measures }
        let counts = measures.map(\.distribution.count)
        let order = measures.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
        return order.prefix(Self.closely).sorted().map { measures[$0] }
    }

    // MARK: Stretches and drifts

    private func shifts(_ measures: [Measure]) -> [Told] {
        var found: [(measure: Measure, shift: DurationShift.Found)] = []
        for measure in measures {
            found += DurationShift(measure.entries.map(\.time), measure.values).find().map { (measure, $0) }
        }
        let chances = FalseDiscoveries.adjusted(found.map(\.shift.chance), tests: measures.count)
        return zip(found, chances).compactMap { found, chance in
            guard chance <= FalseDiscoveries.rate else { return nil }
            var shift = found.shift
            shift.chance = chance
            return told(shift, found.measure)
        }
    }

    private func told(_ shift: DurationShift.Found, _ measure: Measure) -> Told {
        let between = (shift.inside * shift.outside).squareRoot()
        // From the first that is rather one of these than of the others to the last.
        let own = shift.range.filter { (measure.values[$0] >= between) == shift.isSlower }
        let first = measure.entries[own.first ?? shift.range.lowerBound]
        let last = measure.entries[own.last ?? shift.range.upperBound - 1]
        let isOpen = shift.range.upperBound == measure.entries.count
        let isDrift = shift.kind == .drift
        let start = isDrift ? measure.entries[0].time : first.time
        let end = isOpen ? nil : last.time
        let ratio = Self.times(shift.inside, shift.outside)
        let (inside, outside) = (Comparer.duration(shift.inside), Comparer.duration(shift.outside))
        let count = TextLayout.grouped(Int64(shift.range.count))
        let others = TextLayout.grouped(Int64(shift.others.count))
        let text: String
        if isDrift {
            let early = measure.entries[shift.others.last ?? 0].time
            text =
                "slowly from \(outside) to \(inside), \(ratio): half of \(others) up to \(point(early)) take at most "
                + "\(outside), of \(count) from \(point(measure.entries[shift.range.lowerBound].time)) on \(inside)"
                + measure.share
        } else {
            let before = shift.others.allSatisfy { $0 < shift.range.lowerBound } ? "before" : "at other times"
            let until = end.map { " to \(point($0, after: start))" } ?? " on"
            if let shares = shift.shares {
                text =
                    "\(TextLayout.percent(shares.inside)) of \(count) take \(ratio) from \(point(start))\(until), "
                    + "\(before) \(TextLayout.percent(shares.outside)) of \(others): half of them at most \(inside), "
                    + "of all else \(outside)\(measure.share)"
            } else {
                text =
                    "\(ratio) from \(point(start))\(until): half of \(count) take at most \(inside), "
                    + "of \(others) \(before) \(outside)\(measure.share)"
            }
        }
        let sample = measure.sample { sample in
            guard shift.isSlower, let time = sample.time else { return false }
            return time >= first.time && time <= end ?? .max
        }
        let change = Change(
            kind: shift.isSlower ? .slower : .faster, subject: measure.subject, name: measure.summary.text,
            statement: Statement(text, [Citation(count: Int64(shift.range.count), measure.line(first))]),
            start: start, end: end, observed: shift.inside, expected: shift.outside, chance: shift.chance,
            sample: sample)
        return Told(change: change, strength: Self.strength(change, measure), template: measure.template)
    }

    private func point(_ time: Int64, after start: Int64? = nil) -> String {
        if let start, TextTimes.day(start) == TextTimes.day(time) {
            return TextTimes.clock(time, seconds: showsSeconds)
        }
        return times.point(time, seconds: showsSeconds)
    }

    /// The greater, the surer, the more.
    static func strength(_ change: Change, _ measure: Measure) -> Double {
        let ratio = SpecialFunctions.log((change.observed + 1e-9) / (change.expected + 1e-9)).magnitude
        let sureness = min(-SpecialFunctions.log(max(change.chance, 1e-30)), 70)
        return min(ratio, 6) * sureness.squareRoot() * SpecialFunctions.log(2 + Double(measure.distribution.count))
    }

    /// `4.1 times as long`, `4.1 times as fast`.
    static func times(_ inside: Double, _ outside: Double) -> String {
        let ratio = (inside + 1e-9) / (outside + 1e-9)
        if max(ratio, 1 / ratio) >= 1_000 { return ratio > 1 ? "far longer" : "far faster" }
        return ratio > 1 ? "\(Comparer.number(ratio)) times as long" : "\(Comparer.number(1 / ratio)) times as fast"
    }

    // MARK: Together

    /// What is the same is told once, of the strongest.
    private static func joined(_ told: [Told], _ how: String, by isSame: (Told, Told) -> Bool) -> [Told] {
        Companions.grouped(told, by: \.strength, isSame).map { lead, others in
            var lead = lead
            // What one message says twice is one.
            var known: Set<String> = [lead.template]
            Companions.mention(
                others.filter { known.insert($0.template).inserted }.map(\.change), how, in: &lead.change)
            return lead
        }
    }

    private static func isTogether(_ a: Told, _ b: Told) -> Bool {
        guard a.change.kind == b.change.kind else { return false }
        let (left, right) = (a.change, b.change)
        switch (left.end, right.end) {
        case (let end?, let other?):
            // Most of both.
            let shared = min(end, other) - max(left.start, right.start)
            return shared > 0 && 2 * shared >= max(end - left.start, other - right.start)
        case (nil, nil):
            let start = max(left.start, right.start)
            let end = max(left.sample.time ?? start, right.sample.time ?? start, start)
            return (left.start - right.start).magnitude <= max(UInt64(max(end - start, 0)) / 4, 600_000_000_000)
        default: return false
        }
    }
}
