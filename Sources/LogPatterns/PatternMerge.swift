/// Patterns that are tried in order, made one: what several of them begin with is matched once, and finding out
/// that a line is of the tenth costs little more than of the first.
///
/// Patterns `AB`, `AC` and `D` become `(?|A(?|B(*:0)|C(*:1))|D(*:2))`: in branch-reset groups every pattern's groups
/// keep their own numbers, and the mark says which pattern it was. Only settled items are put together: were `A`
/// a `.*`, `C` could match what it took before `B` saw all that it may take.
enum PatternMerge {
    /// One pattern for several, or nil where they can't be merged.
    static func merged(_ patterns: [String]) -> String? {
        guard patterns.count > 1, Set(patterns.map(Pattern.needsUTF)).count == 1 else { return nil }
        var branches: [Branch] = []
        for (number, pattern) in patterns.enumerated() {
            guard let items = PatternItems.of(pattern) else { return nil }
            branches.append(Branch(number: number, items: items[...]))
        }
        return String(decoding: alternatives(branches[...]), as: UTF8.self)
    }

    private struct Branch {
        var number: Int
        var items: ArraySlice<PatternItem>
    }

    private static func alternatives(_ branches: ArraySlice<Branch>) -> [UInt8] {
        var parts: [[UInt8]] = []
        var rest = branches
        while let first = rest.first {
            // Only neighbours are put together: the order stays.
            let canShare = first.items.first?.isSettled ?? false
            let run = canShare ? rest.prefix { $0.items.first == first.items.first } : rest.prefix(1)
            parts.append(sequence(run))
            rest = rest.dropFirst(run.count)
        }
        return Array("(?|".utf8) + parts.joined(separator: [UInt8(ascii: "|")]) + [UInt8(ascii: ")")]
    }

    /// Branches of which the first items are the same, or a single one.
    private static func sequence(_ branches: ArraySlice<Branch>) -> [UInt8] {
        guard branches.count > 1, let first = branches.first else {
            return branches.flatMap { $0.items.flatMap(\.text) + Array("(*:\($0.number))".utf8) }
        }
        var common = 0
        for (offset, item) in first.items.enumerated() {
            guard item.isSettled, branches.allSatisfy({ $0.items.dropFirst(offset).first == item }) else { break }
            common = offset + 1
        }
        let rest = branches.map { Branch(number: $0.number, items: $0.items.dropFirst(common)) }
        return first.items.prefix(common).flatMap(\.text) + alternatives(rest[...])
    }
}
