/// Compares two summaries: what is new, gone, more, less, slower, faster, or comes in another order.
enum Comparer {
    /// A test that was made, and what it says if it isn't chance.
    struct Candidate {
        var chance: Double
        var difference: Comparison.Difference?
        var strength: Double = 0
        var isFailure = false
        /// So grave, or so new, that it is told however little can be concluded from how often it came.
        var isTold = false

        init(
            chance: Double, difference: Comparison.Difference? = nil, strength: Double = 0, isFailure: Bool = false
        ) {
            self.chance = chance
            self.difference = difference
            self.strength = strength
            self.isFailure = isFailure
        }
    }

    static func compare(_ summary: Summary, with other: Summary, called name: String) -> Comparison {
        var comparison = Comparison(
            baseline: name, events: summary.tally.count, baselineEvents: other.tally.count, differences: [])
        guard summary.tally.count > 0, other.tally.count > 0 else { return comparison }
        let pair = RunPair(summary, other)
        comparison.scale = pair.scale
        comparison.isSame =
            summary.byRank == other.byRank
            && summary.templates.mapValues(\.byRank) == other.templates.mapValues(\.byRank)
            && summary.findings.mapValues(\.tally.count) == other.findings.mapValues(\.tally.count)
        // Each kind of question is a family of its own: many templates must not hide a duration that doubled.
        let families = [
            CountComparison(pair).candidates(), DurationComparison(pair).candidates(),
            OrderComparison(pair).candidates(),
        ]
        let told = families.flatMap(told).sorted { a, b in
            if a.isFailure != b.isFailure { return a.isFailure }
            if a.strength != b.strength { return a.strength > b.strength }
            return (a.difference?.name ?? "") < (b.difference?.name ?? "")
        }
        comparison.differences = told.compactMap(\.difference)
        return comparison
    }

    /// What isn't chance, given how much was looked at.
    private static func told(_ candidates: [Candidate]) -> [Candidate] {
        let chances = FalseDiscoveries.adjusted(candidates.map(\.chance), tests: candidates.count)
        return zip(candidates, chances).compactMap { candidate, chance in
            guard candidate.difference != nil, chance <= FalseDiscoveries.rate || candidate.isTold else { return nil }
            var told = candidate
            told.difference?.chance = chance
            told.difference?.isFailure = candidate.isFailure
            return told
        }
    }

    /// Two significant digits, whole from ten on.
    static func number(_ value: Double) -> String {
        if value >= 10 { return TextLayout.grouped(Int64(clamping: Int(min(value, 1e15).rounded()))) }
        var scale = 10.0
        while value > 0, value * scale < 10, scale < 1e9 { scale *= 10 }
        let text = String((value * scale).rounded() / scale)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// `320 ms`, `1.5 s`, `3 min`.
    static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<1e-6: "\(number(seconds * 1e9)) ns"
        case ..<1e-3: "\(number(seconds * 1e6)) µs"
        case ..<1: "\(number(seconds * 1e3)) ms"
        case ..<120: "\(number(seconds)) s"
        case ..<7_200: "\(number(seconds / 60)) min"
        default: "\(number(seconds / 3_600)) h"
        }
    }
}
