/// Which `<*>` of a template covers what of another one, or of a skeleton: parameters are counted by the group's places, and
/// the scanner gives them by the skeleton's.
package enum TemplatePlaces {
    /// Steps of the search; a template is met by its own skeletons in as many as it has tokens.
    private static let stepLimit = 20_000

    /// For every `<*>` of `skeleton`, front to back, the number of the group's `<*>` that covers it; nil if the group doesn't
    /// cover the skeleton. Several may share one: a list, a date. One of the group that covers none has a word there.
    package static func places(of skeleton: String, in group: String) -> [Int]? {
        places(of: TemplateText.tokens(skeleton), in: TemplateText.tokens(group))
    }

    static func places(of skeleton: [Substring], in group: [Substring]) -> [Int]? {
        guard let covered = cover(skeleton, group) else { return nil }
        return skeleton.indices.filter { skeleton[$0] == TemplateText.wildcard }.map { covered[$0] ?? 0 }
    }

    /// The number of the group's `<*>` that covers the skeleton's token at `index`.
    static func place(of index: Int, of skeleton: [Substring], in group: [Substring]) -> Int? {
        cover(skeleton, group)?[index]
    }

    /// For every token of the skeleton the number of the `<*>` that it is in, nil for constant ones. Each `<*>` takes at
    /// least one token, and as few as it can.
    private static func cover(_ skeleton: [Substring], _ group: [Substring]) -> [Int?]? {
        var search = Search(skeleton: skeleton, group: group)
        return search.match(0, 0, 0) ? search.places : nil
    }

    private struct Search {
        let skeleton: [Substring]
        let group: [Substring]
        var places: [Int?]
        var steps = 0

        init(skeleton: [Substring], group: [Substring]) {
            self.skeleton = skeleton
            self.group = group
            places = Array(repeating: nil, count: skeleton.count)
        }

        mutating func match(_ s: Int, _ g: Int, _ ordinal: Int) -> Bool {
            steps += 1
            if steps > stepLimit { return false }
            if g == group.count { return s == skeleton.count }
            guard s < skeleton.count else { return false }
            guard group[g] == TemplateText.wildcard else {
                return skeleton[s] == group[g] && match(s + 1, g + 1, ordinal)
            }
            for end in s..<skeleton.count {
                places[end] = ordinal
                if match(end + 1, g + 1, ordinal + 1) { return true }
            }
            for i in s..<skeleton.count { places[i] = nil }
            return false
        }
    }
}
