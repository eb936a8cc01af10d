/// Finds the places in which a set of templates varies, step by step until nothing changes: one place at a time, then two
/// places that change together, then names of several tokens.
///
/// All that is gone through is sorted before, so that the result is the same for any order of input.
struct TemplateLearning {
    private(set) var groups: [String: String] = [:]
    private(set) var steps: Set<String> = []

    private static let roundLimit = 10
    /// Tokens of a template that is looked at for more than one place at a time; the work grows with the square.
    private static let pairLimit = 20
    private static let longest = 80

    private typealias Pattern = [Substring]

    private let edits: TemplateEdits
    /// What each pattern of the last round became.
    private var next: [Pattern: Pattern] = [:]

    init(_ templates: Set<String>, _ edits: TemplateEdits) {
        self.edits = edits
        var current: [String: Pattern] = [:]
        for template in templates { current[template] = TemplateText.tokens(template) }
        for _ in 0..<Self.roundLimit {
            let patterns = Set(current.values).sorted { $0.lexicographicallyPrecedes($1) }
            next = [:]
            mergeSingles(patterns)
            if next.isEmpty { mergePairs(patterns) }
            if next.isEmpty { mergeJoined(patterns) }
            if next.isEmpty { break }
            for (template, pattern) in current { current[template] = next[pattern] ?? pattern }
        }
        for (template, pattern) in current {
            let text = pattern.joined()
            if text != template { groups[template] = text }
        }
    }

    private mutating func take(_ pattern: Pattern, _ wider: Pattern) {
        guard next[pattern] == nil else { return }
        let wider = TemplateShape.collapse(wider)
        next[pattern] = wider
        steps.insert(wider.joined())
    }

    /// Where something may vary: words and what is masked.
    private static func places(_ pattern: Pattern) -> [Int] {
        pattern.indices.filter { TemplateText.isWord(pattern[$0]) || pattern[$0] == TemplateText.wildcard }
    }

    private static func words(_ pattern: Pattern) -> Int { pattern.count(where: TemplateText.isWord) }

    private static func token(before place: Int, _ pattern: Pattern) -> Substring? {
        pattern[..<place].last { $0 != " " }
    }

    // MARK: One place

    private struct Slot: Hashable {
        /// Of all tokens but those at the places, with their positions.
        var hash: UInt64
        var first: Int
        var second: Int
        var count: Int
    }

    /// A term for each token; their sum is the pattern's hash, and less some of them that of the rest.
    private static func terms(_ pattern: Pattern) -> [UInt64] {
        var power: UInt64 = 1
        return pattern.map { token in
            power = power &* 0x9E37_79B9_7F4A_7C15
            return token.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } &* power
        }
    }

    private mutating func mergeSingles(_ patterns: [Pattern]) {
        var members: [Slot: [Int]] = [:]
        for (index, pattern) in patterns.enumerated() where pattern.count <= Self.longest {
            let terms = Self.terms(pattern)
            let sum = terms.reduce(0, &+)
            for place in Self.places(pattern) {
                let slot = Slot(hash: sum &- terms[place], first: place, second: 0, count: pattern.count)
                members[slot, default: []].append(index)
            }
        }
        for (slot, indices) in Self.sorted(members) {
            let place = slot.first
            let free = indices.filter { !edits.keeps(place, of: patterns[$0]) }
            guard let one = free.first.map({ patterns[$0] }) else { continue }
            let constants = Self.words(one) - (TemplateText.isWord(one[place]) ? 1 : 0)
            guard
                TemplateEvidence.isEnough(
                    free.map { patterns[$0][place] }, constants: constants, before: Self.token(before: place, one))
            else { continue }
            var wider = one
            wider[place] = TemplateText.wildcard
            for index in free { take(patterns[index], wider) }
        }
    }

    /// The slots that several patterns share, those of most first.
    private static func sorted(_ members: [Slot: [Int]]) -> [(Slot, [Int])] {
        members.filter { $0.value.count > 1 }.map { ($0.key, $0.value) }.sorted { a, b in
            (b.1.count, a.1[0], a.0.first, a.0.second, a.0.hash) < (a.1.count, b.1[0], b.0.first, b.0.second, b.0.hash)
        }
    }

    // MARK: Two places

    /// States and their like come in pairs (`from NEW to RUNNING`), and no two lines differ in one alone.
    private mutating func mergePairs(_ patterns: [Pattern]) {
        var members: [Slot: [Int]] = [:]
        for (index, pattern) in patterns.enumerated() {
            let places = Self.places(pattern)
            guard (5...Self.pairLimit).contains(places.count) else { continue }
            let terms = Self.terms(pattern)
            let sum = terms.reduce(0, &+)
            for (i, first) in places.enumerated() {
                for second in places[(i + 1)...]
                where TemplateText.isWord(pattern[first]) || TemplateText.isWord(pattern[second]) {
                    let slot = Slot(
                        hash: sum &- terms[first] &- terms[second], first: first, second: second, count: pattern.count)
                    members[slot, default: []].append(index)
                }
            }
        }
        for (slot, indices) in Self.sorted(members) where indices.count > 2 {
            let free = indices.filter {
                !edits.keeps(slot.first, of: patterns[$0]) && !edits.keeps(slot.second, of: patterns[$0])
            }
            guard let one = free.first.map({ patterns[$0] }) else { continue }
            var wider = one
            wider[slot.first] = TemplateText.wildcard
            wider[slot.second] = TemplateText.wildcard
            let constants = Self.words(wider)
            let isEnough =
                constants >= 3
                && [slot.first, slot.second].allSatisfy { place in
                    TemplateEvidence.isEnough(
                        Set(free.map { patterns[$0][place] }), constants: constants,
                        before: Self.token(before: place, one))
                }
            guard isEnough else { continue }
            for index in free { take(patterns[index], wider) }
        }
    }

    // MARK: Names of several tokens

    /// `wpad:<*> error: …` where `<*> error: …` is there already: a name that is joined without a blank is one value too.
    private mutating func mergeJoined(_ patterns: [Pattern]) {
        let known = Set(patterns)
        for pattern in patterns where pattern.count <= Self.longest {
            var start = 0
            for run in pattern.split(separator: " ", omittingEmptySubsequences: false) {
                defer { start += run.count + 1 }
                guard (2...7).contains(run.count), run.contains(where: TemplateText.isWord),
                    !run.contains(where: { TemplateWords.constants.contains($0.lowercased()) })
                else { continue }
                let wider = pattern[..<start] + [TemplateText.wildcard] + pattern[(start + run.count)...]
                guard known.contains(Array(wider)), Self.words(Array(wider)) >= 4,
                    !run.indices.contains(where: { edits.keeps($0, of: pattern) })
                else { continue }
                take(pattern, Array(wider))
                break
            }
        }
    }
}
