import LogCore

/// What takes longer than in the baseline, or less long: durations in messages and in fields.
struct DurationComparison {
    /// Durations on each side from which a median can be compared, and the upper twentieth.
    private static let enough: Int64 = 20
    private static let enoughForTail: Int64 = 200
    /// Grown or shrunk less than this is no difference that anyone would look at.
    private static let effect = 1.3

    let pair: RunPair

    init(_ pair: RunPair) {
        self.pair = pair
    }

    func candidates() -> [Comparer.Candidate] {
        var candidates: [Comparer.Candidate] = []
        for (id, template) in pair.here.templates.sorted(by: { $0.key < $1.key }) {
            guard let other = pair.there.templates[id] else { continue }
            let dispersion = max(
                RunPair.dispersion(template.series, in: pair.here), RunPair.dispersion(other.series, in: pair.there))
            for (index, parameter) in template.parameters.enumerated() {
                let same = other.parameters.first { $0.place == parameter.place && $0.field == parameter.field }
                guard let here = parameter.distributions[.duration], let there = same?.distributions[.duration] else {
                    continue
                }
                var subject = Comparer.Candidate(chance: 1)
                subject.strength = 0
                for share in [0.5, 0.95] {
                    guard min(here.count, there.count) >= (share > 0.5 ? Self.enoughForTail : Self.enough),
                        var found = candidate(share, here, there, dispersion)
                    else { continue }
                    found.difference?.subject = .parameter(template: id, index: index)
                    found.difference?.name = template.text
                    if found.strength > subject.strength || subject.difference == nil { subject = found }
                }
                // Two looks at one thing.
                subject.chance = min(2 * subject.chance, 1)
                subject.difference?.chance = subject.chance
                if min(here.count, there.count) >= Self.enough { candidates.append(subject) }
            }
        }
        return candidates
    }

    /// How many lie above what this share of both sides together lies below: as many here as there, were nothing different.
    private func candidate(
        _ share: Double, _ here: Distribution, _ there: Distribution, _ dispersion: Double
    ) -> Comparer.Candidate? {
        var both = here.sketch
        both.merge(there.sketch)
        guard let limit = both.quantile(share), let now = here.quantile(share), let before = there.quantile(share)
        else {
            return nil
        }
        let ratio = (now + 1e-9) / (before + 1e-9)
        // A bucket's width is no difference; a sketch with few buckets has wide ones.
        let sketches = (here.sketch.widened(like: both), there.sketch.widened(like: both))
        let chance = chance(
            Double(sketches.0.count(above: limit)), Double(here.count), Double(sketches.1.count(above: limit)),
            Double(there.count), dispersion)
        guard max(ratio, 1 / ratio) >= Self.effect, let sample = here.largest ?? there.largest else {
            return Comparer.Candidate(chance: chance)
        }
        let what = share > 0.5 ? "95 % take at most" : "half take at most"
        let statement = Statement(
            "\(what) \(Comparer.duration(now)), there \(Comparer.duration(before)): "
                + (ratio > 1 ? "\(Comparer.number(ratio)) times as long" : "one \(Comparer.number(1 / ratio))th")
                + "; the longest \(Comparer.duration(here.maximum)), of \(TextLayout.grouped(here.count))",
            [Citation(count: here.count, sample)])
        let difference = Comparison.Difference(
            kind: ratio > 1 ? .slower : .faster, subject: .component(""), name: "", statement: statement, here: now,
            there: before, chance: chance, sample: sample)
        let strength = abs(SpecialFunctions.log(ratio)) * SpecialFunctions.log(2 + Double(here.count + there.count))
        return Comparer.Candidate(chance: chance, difference: difference, strength: strength)
    }

    /// The chance that of equal shares above the limit so different counts are seen; slow ones come in clumps, too.
    private func chance(
        _ above: Double, _ count: Double, _ otherAbove: Double, _ otherCount: Double, _ dispersion: Double
    )
        -> Double
    {
        let share = count / (count + otherCount)
        let sums = (above / dispersion, otherAbove / dispersion)
        // Of what lies above, or of what lies below where that is less.
        let isUpper = above + otherAbove <= (count + otherCount) / 2
        let mine = isUpper ? sums.0 : (count - above) / dispersion
        let theirs = isUpper ? sums.1 : (otherCount - otherAbove) / dispersion
        let tail =
            mine >= share * (mine + theirs)
            ? SpecialFunctions.binomialUpperTail(mine, of: mine + theirs, share)
            : SpecialFunctions.binomialUpperTail(theirs, of: mine + theirs, 1 - share)
        return min(2 * tail, 1)
    }
}
