import LogCore

/// What comes at another place in a sequence, such as that of starting up: messages that came once in each run.
struct OrderComparison {
    /// A sequence has as many messages at least.
    private static let shortest = 6
    /// And is looked at up to so many; the pairs grow with the square.
    private static let longest = 300

    /// The share of pairs that may change places for the rest to be a sequence: Kendall's rank correlation above 0.8.
    private static let loosest = 0.1

    private let pair: RunPair

    init(_ pair: RunPair) {
        self.pair = pair
    }

    private struct Step {
        var id: String
        var here: TemplateSummary
        var there: TemplateSummary
    }

    func candidates() -> [Comparer.Candidate] {
        var steps = pair.here.templates.compactMap { id, here -> Step? in
            guard let there = pair.there.templates[id], here.tally.count == 1, there.tally.count == 1,
                here.sample.time != nil, there.sample.time != nil
            else { return nil }
            return Step(id: id, here: here, there: there)
        }
        steps.sort { ($0.here.sample.time ?? 0, $0.id) < ($1.here.sample.time ?? 0, $1.id) }
        steps.removeLast(max(steps.count - Self.longest, 0))
        guard steps.count >= Self.shortest else { return [] }

        var swapped = Array(repeating: 0, count: steps.count)
        var known = Array(repeating: 0, count: steps.count)
        var allSwapped = 0
        var allKnown = 0
        for a in steps.indices {
            for b in steps.indices where b > a {
                guard let here = Self.order(steps[a].here.sample, steps[b].here.sample),
                    let there = Self.order(steps[a].there.sample, steps[b].there.sample)
                else { continue }
                for step in [a, b] { known[step] += 1 }
                allKnown += 1
                guard here != there else { continue }
                for step in [a, b] { swapped[step] += 1 }
                allSwapped += 1
            }
        }
        // Where many change places there is no sequence to be out of; and the pairs of one message aren't independent.
        return steps.indices.map { step in
            // How often two others change places: the order of what runs side by side is chance.
            let others = Double(allSwapped - swapped[step] + 1) / Double(allKnown - known[step] + 2)
            // Most of a sequence stays; what jumps is what changes places with most, not what is jumped over.
            let isMoved = 2 * swapped[step] > known[step] && others <= Self.loosest
            let chance = SpecialFunctions.binomialUpperTail(Double(swapped[step]), of: Double(known[step]), others)
            return isMoved ? candidate(steps[step], step, steps, chance) : Comparer.Candidate(chance: chance)
        }
    }

    /// Whether `a` came before `b`; nil if that can't be known: at one time, in different files.
    private static func order(_ a: Sample, _ b: Sample) -> Bool? {
        if let left = a.time, let right = b.time, left != right { return left < right }
        return a.source == b.source && a.offset != b.offset ? a.offset < b.offset : nil
    }

    private func candidate(_ step: Step, _ place: Int, _ steps: [Step], _ chance: Double) -> Comparer.Candidate {
        let before = steps.count { Self.order($0.there.sample, step.there.sample) == true }
        let now = steps.count { Self.order($0.here.sample, step.here.sample) == true }
        let statement = Statement(
            "comes as number \(now + 1) of \(steps.count) messages, there as number \(before + 1)",
            [Citation(count: 1, step.here.sample), Citation(count: 1, step.there.sample)])
        let difference = Comparison.Difference(
            kind: .reordered, subject: .template(step.id), name: step.here.text, statement: statement,
            here: Double(now + 1), there: Double(before + 1), chance: chance, sample: step.here.sample)
        return Comparer.Candidate(chance: chance, difference: difference, strength: 1)
    }
}
