/// A seeded generator, so that a failing case comes again.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func next(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[next(elements.count)] }
}

/// A random pattern that can also write a text it matches.
indirect enum PatternNode {
    case literal(String)
    /// Source, and texts that it matches.
    case other(String, [String])
    case sequence([PatternNode])
    case choice([PatternNode])
    /// Prefix and suffix of a group.
    case group(String, PatternNode)
    case repeated(PatternNode, source: String, least: Int, most: Int)

    static func random(_ random: inout SplitMix, depth: Int) -> PatternNode {
        switch depth == 0 ? random.next(3) : random.next(9) {
        case 0, 1:
            return .literal(
                random.pick([
                    "foo", "Bar", "k", "disk", " ", "x1", "-", "refused", "]", "é", "sS", "{", "a}", "=\"", "/",
                ]))
        case 2:
            return random.pick([
                .other(#"\d"#, ["7"]), .other(#"\w+"#, ["abc", "Z"]), .other("[^x]", ["y", "k"]), .other("[.]", ["."]),
                .other(#"[\]]"#, ["]"]), .other("[]a]", ["]", "a"]), .other("[kK]", ["k", "K"]),
                .other(".*", ["", "abc"]),
                .other(#"\Qa.b*\E"#, ["a.b*"]), .other(#"\x41\x{42}"#, ["AB"]), .other(#"\."#, ["."]),
                .other("(?i)", [""]),
                .other("[[:digit:]]", ["4"]), .other("[a-c]", ["b"]), .other(#"\b|"#, [""]), .other("(?#note)", [""]),
                .other(#"\Qab\E?"#, ["a", "ab"]), .other("ab(?#note)?", ["a", "ab"]),
                .other(#"ab\E*c"#, ["ac", "abbc"]),
                .other("(?!zzz)", [""]), .other("(?=)", [""]), .other(#"\t"#, ["\t"]), .other(#"\061"#, ["1"]),
                .other("(?i:disk)", ["DISK", "disk"]), .other("a{,2}", ["a{,2}"]), .other("a{2}", ["aa"]),
                .other("{x", ["{x"]),
                .other("(?<=|x)", [""]), .other("(?(?=a)ab|cd)", ["ab", "cd"]), .other(#"\N"#, ["q"]),
            ])
        case 3, 4: return .sequence((0..<2 + random.next(3)).map { _ in .random(&random, depth: depth - 1) })
        case 5: return .group("(?:", .choice((0..<1 + random.next(3)).map { _ in .random(&random, depth: depth - 1) }))
        case 6: return .group(random.pick(["(", "(?:", "(?>", "(?|"]), .random(&random, depth: depth - 1))
        default:
            let (source, least, most) = random.pick([
                ("*", 0, 2), ("+", 1, 3), ("?", 0, 1), ("{0,2}", 0, 2), ("{1,}", 1, 2), ("{2}", 2, 2), ("{1}", 1, 1),
                ("*?", 0, 2), ("+?", 1, 2), ("{2,3}", 2, 3), ("{0}", 0, 0),
            ])
            let inner = PatternNode.group("(?:", .random(&random, depth: depth - 1))
            return .repeated(inner, source: source, least: least, most: most)
        }
    }

    var source: String {
        switch self {
        case .literal(let text):
            String(text.flatMap { "]{}\"=/-".contains($0) ? ["\\", $0] : [$0] })
        case .other(let source, _): source
        case .sequence(let parts): parts.map(\.source).joined()
        case .choice(let branches): branches.map(\.source).joined(separator: "|")
        case .group(let open, let inner): open + inner.source + ")"
        case .repeated(let inner, let source, _, _): inner.source + source
        }
    }

    /// A text that the pattern should match (assertions may still refuse it).
    func text(_ random: inout SplitMix) -> [UInt8] {
        switch self {
        case .literal(let text): return Array(text.utf8)
        case .other(_, let texts): return Array(random.pick(texts).utf8)
        case .sequence(let parts): return parts.flatMap { $0.text(&random) }
        case .choice(let branches): return random.pick(branches).text(&random)
        case .group(_, let inner): return inner.text(&random)
        case .repeated(let inner, _, let least, let most):
            return (0..<least + random.next(most - least + 1)).flatMap { _ in inner.text(&random) }
        }
    }
}
