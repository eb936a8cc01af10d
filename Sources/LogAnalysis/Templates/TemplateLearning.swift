/// Finds the places in which a set of templates varies, step by step until nothing changes: one place at a time, then two
/// places that change together, then names of several tokens.
///
/// Tokens are numbers in the order of their texts, and all that is gone through is sorted, so that the result is the same
/// for any order of input.
struct TemplateLearning {
    private(set) var groups: [String: String] = [:]
    private(set) var steps: Set<String> = []

    private static let roundLimit = 10
    private static let longest = 80

    private typealias Token = Int32
    private typealias Pattern = [Token]

    private let edits: TemplateEdits
    private var texts: [Substring]
    /// By token: whether it is a word; whether the token behind it names something; whether it looks like a name.
    private var isWord: [Bool]
    private var introduces: [Bool]
    private var isIdentifier: [Bool]
    private let wildcard: Token
    private let blank: Token
    private var patterns: [Pattern] = []
    /// What each pattern of the round became; nil for itself.
    private var next: [Pattern?] = []

    init(_ templates: Set<String>, _ edits: TemplateEdits) {
        self.edits = edits
        let sorted = templates.sorted()
        let split = sorted.map(TemplateText.tokens)
        var numbers: [Substring: Token] = [:]
        for token in split.joined() { numbers[token] = 0 }
        numbers[" "] = 0
        numbers[TemplateText.wildcard] = 0
        texts = numbers.keys.sorted()
        for (number, token) in texts.enumerated() { numbers[token] = Token(number) }
        isWord = texts.map(TemplateText.isWord)
        introduces = texts.map {
            let word = $0.lowercased()
            return TemplateWords.introducers.contains(word) || TemplateWords.owners.contains(word)
        }
        isIdentifier = texts.map(TemplateEvidence.isIdentifier)
        wildcard = numbers[TemplateText.wildcard] ?? 0
        blank = numbers[" "] ?? 0
        var current = split.map { $0.map { numbers[$0] ?? 0 } }
        for _ in 0..<Self.roundLimit {
            patterns = Set(current).sorted { $0.lexicographicallyPrecedes($1) }
            next = Array(repeating: nil, count: patterns.count)
            if !mergeSingles(), !mergePairs(), !mergeJoined() { break }
            var became: [Pattern: Pattern] = [:]
            for (pattern, wider) in zip(patterns, next) where wider != nil { became[pattern] = wider }
            current = current.map { became[$0] ?? $0 }
        }
        for (template, pattern) in zip(sorted, current) {
            groups[template] = text(pattern)
        }
    }

    private func tokens(_ pattern: some Sequence<Token>) -> [Substring] { pattern.map { texts[Int($0)] } }

    private func text(_ pattern: Pattern) -> String { tokens(pattern).joined() }

    /// Masks places of all the patterns; those that have a new form already keep it.
    private mutating func mask(_ places: [Int], of indices: [Int]) {
        var wider = patterns[indices[0]]
        for place in places { wider[place] = wildcard }
        take(indices, wider)
    }

    private mutating func take(_ indices: [Int], _ wider: Pattern) {
        let free = indices.filter { next[$0] == nil }
        if free.isEmpty { return }
        let collapsed = TemplateShape.collapse(tokens(wider))
        steps.insert(collapsed.joined())
        // Collapsing only leaves tokens out.
        var result: Pattern = []
        var known = 0
        for token in collapsed {
            while known < wider.count, texts[Int(wider[known])] != token { known += 1 }
            if known < wider.count { result.append(wider[known]) }
            known += 1
        }
        for index in free { next[index] = result }
    }

    private func words(_ pattern: Pattern) -> Int { pattern.count { isWord[Int($0)] } }

    private func token(before place: Int, _ pattern: Pattern) -> Token? { pattern[..<place].last { $0 != blank } }

    private func isEnough(_ place: Int, of indices: [Int], constants: Int) -> Bool {
        TemplateEvidence.isEnough(
            tokens(Set(indices.map { patterns[$0][place] })), constants: constants,
            before: token(before: place, patterns[indices[0]]).map { texts[Int($0)] })
    }

    private func keeps(_ place: Int, of index: Int) -> Bool {
        edits.hasSplits && edits.keeps(place, of: tokens(patterns[index]))
    }

    // MARK: Slots

    /// A pattern with one or two places left out: those with the same `hash` are equal in the rest.
    private struct Slot {
        var hash: UInt64
        var first: Int32
        var second: Int32
        var pattern: Int32
    }

    /// A term for each token; their sum is the pattern's hash, and less some of them that of the rest.
    private func terms(_ pattern: Pattern) -> [UInt64] {
        var power: UInt64 = UInt64(pattern.count)
        return pattern.map { token in
            power = power &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5677
            var term = (UInt64(UInt32(bitPattern: token)) &+ 0x632B_E59B) &* power
            term ^= term >> 31
            return term &* 0x94D0_49BB_1331_11EB
        }
    }

    /// Calls `visit` with the patterns of each slot that several share, the slots of most first.
    private func shared(_ slots: [Slot]) -> [(slot: Slot, patterns: [Int])] {
        let sorted = slots.sorted {
            ($0.hash, $0.first, $0.second, $0.pattern) < ($1.hash, $1.first, $1.second, $1.pattern)
        }
        var shared: [(slot: Slot, patterns: [Int])] = []
        var start = 0
        while start < sorted.count {
            let slot = sorted[start]
            var end = start + 1
            while end < sorted.count, sorted[end].hash == slot.hash, sorted[end].first == slot.first,
                sorted[end].second == slot.second
            {
                end += 1
            }
            if end - start > 1 { shared.append((slot, sorted[start..<end].map { Int($0.pattern) })) }
            start = end
        }
        return shared.sorted { a, b in
            (b.patterns.count, a.patterns[0], a.slot.first, a.slot.second) < (
                a.patterns.count, b.patterns[0], b.slot.first, b.slot.second
            )
        }
    }

    // MARK: One place

    private mutating func mergeSingles() -> Bool {
        var slots: [Slot] = []
        for (index, pattern) in patterns.enumerated() where pattern.count <= Self.longest {
            let terms = terms(pattern)
            let sum = terms.reduce(0, &+)
            for (place, token) in pattern.enumerated() where isWord[Int(token)] || token == wildcard {
                slots.append(
                    Slot(hash: sum &- terms[place], first: Int32(place), second: -1, pattern: Int32(index)))
            }
        }
        for (slot, indices) in shared(slots) {
            let place = Int(slot.first)
            let free = indices.filter { !keeps(place, of: $0) }
            guard free.count > 1 else { continue }
            let one = patterns[free[0]]
            let constants = words(one) - (isWord[Int(one[place])] ? 1 : 0)
            if isEnough(place, of: free, constants: constants) { mask([place], of: free) }
        }
        return next.contains { $0 != nil }
    }

    // MARK: Two places

    /// States and their like come in pairs (`from NEW to RUNNING`), and no two lines differ in one alone. Only places that
    /// something introduces, and words that look like names, are tried: the work grows with the square.
    private mutating func mergePairs() -> Bool {
        var slots: [Slot] = []
        for (index, pattern) in patterns.enumerated() where pattern.count <= Self.longest {
            let places = pattern.indices.filter { place in
                let token = Int(pattern[place])
                guard isWord[token] else { return false }
                return isIdentifier[token] || self.token(before: place, pattern).map { introduces[Int($0)] } == true
            }
            guard (2...8).contains(places.count) else { continue }
            let terms = terms(pattern)
            let sum = terms.reduce(0, &+)
            for (i, first) in places.enumerated() {
                for second in places[(i + 1)...] {
                    slots.append(
                        Slot(
                            hash: sum &- terms[first] &- terms[second], first: Int32(first), second: Int32(second),
                            pattern: Int32(index)))
                }
            }
        }
        for (slot, indices) in shared(slots) where indices.count > 2 {
            let places = [Int(slot.first), Int(slot.second)]
            let free = indices.filter { index in !places.contains { keeps($0, of: index) } }
            guard free.count > 2 else { continue }
            let constants = words(patterns[free[0]]) - 2
            guard constants >= 3, places.allSatisfy({ isEnough($0, of: free, constants: constants) }) else { continue }
            mask(places, of: free)
        }
        return next.contains { $0 != nil }
    }

    // MARK: Names of several tokens

    /// `wpad:<*> error: …` where `<*> error: …` is there already: a name that is joined without a blank is one value too.
    private mutating func mergeJoined() -> Bool {
        let known = Set(patterns)
        for (index, pattern) in patterns.enumerated() where pattern.count <= Self.longest {
            var start = 0
            for run in pattern.split(separator: blank, omittingEmptySubsequences: false) {
                defer { start += run.count + 1 }
                guard (2...7).contains(run.count), run.contains(where: { isWord[Int($0)] }),
                    !run.contains(where: { TemplateWords.constants.contains(texts[Int($0)].lowercased()) })
                else { continue }
                let wider = pattern[..<start] + [wildcard] + pattern[(start + run.count)...]
                guard known.contains(Array(wider)), words(Array(wider)) >= 4,
                    !run.indices.contains(where: { keeps($0, of: index) })
                else { continue }
                take([index], Array(wider))
                break
            }
        }
        return next.contains { $0 != nil }
    }
}
