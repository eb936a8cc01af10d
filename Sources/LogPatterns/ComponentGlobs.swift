/// The components that a rule applies to: globs with `*` and `?`, regardless of ASCII case.
package struct ComponentGlobs: Sendable {
    private let globs: [[UInt8]]

    package init(_ globs: [String]) {
        self.globs = globs.map { $0.utf8.map(Self.lower) }
    }

    package func matches(_ component: Span<UInt8>) -> Bool {
        globs.contains { Self.matches($0, component) }
    }

    private static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// Greedy with one point to go back to: linear in practice, never exponential.
    private static func matches(_ glob: [UInt8], _ text: Span<UInt8>) -> Bool {
        var g = 0
        var t = 0
        var star = -1
        var mark = 0
        while t < text.count {
            if g < glob.count, glob[g] == UInt8(ascii: "*") {
                star = g
                mark = t
                g += 1
            } else if g < glob.count, glob[g] == UInt8(ascii: "?") || glob[g] == lower(text[t]) {
                g += 1
                t += 1
            } else if star >= 0 {
                g = star + 1
                mark += 1
                t = mark
            } else {
                return false
            }
        }
        while g < glob.count, glob[g] == UInt8(ascii: "*") { g += 1 }
        return g == glob.count
    }
}
