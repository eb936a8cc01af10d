/// The order of rotated sets: names alike but for a number in the end (`.1`, `.10.gz`) go from the highest number down,
/// then the bare name; digits compare as numbers.
package enum RotationOrder {
    package static func isBefore(_ a: String, _ b: String) -> Bool {
        let left = split(a)
        let right = split(b)
        if left.stem != right.stem { return natural(left.stem, right.stem) }
        switch (left.number, right.number) {
        case (let x?, let y?) where x != y:
            // Dates (20261119) grow towards now, small numbers into the past.
            return x > 9_999 || y > 9_999 ? x < y : x > y
        case (.some, nil): return true
        case (nil, .some): return false
        default: return natural(a, b)
        }
    }

    /// Part by part, as folders are walked.
    static func isPathBefore(_ a: String, _ b: String) -> Bool {
        let left = a.split(separator: "/", omittingEmptySubsequences: false)
        let right = b.split(separator: "/", omittingEmptySubsequences: false)
        for (x, y) in zip(left, right) where x != y { return isBefore(String(x), String(y)) }
        return left.count < right.count
    }

    private static func split(_ name: String) -> (stem: String, number: Int?) {
        var stem = Substring(name)
        for suffix in [".gz", ".zst", ".bz2", ".xz", ".lz4", ".lzma", ".zip"] where stem.hasSuffix(suffix) {
            stem = stem.dropLast(suffix.count)
        }
        guard let dot = stem.lastIndex(where: { $0 == "." || $0 == "-" }) else { return (String(stem), nil) }
        guard let number = Int(stem[stem.index(after: dot)...]) else { return (String(stem), nil) }
        return (String(stem[..<dot]), number)
    }

    /// By bytes, but runs of digits by their value: `app-9` before `app-10`.
    private static func natural(_ a: String, _ b: String) -> Bool {
        var left = Array(a.utf8)[...]
        var right = Array(b.utf8)[...]
        while let x = left.first, let y = right.first {
            if isDigit(x), isDigit(y) {
                let m = left.prefix(while: isDigit).drop { $0 == 0x30 }
                let n = right.prefix(while: isDigit).drop { $0 == 0x30 }
                if m.count != n.count { return m.count < n.count }
                if !m.elementsEqual(n) { return m.lexicographicallyPrecedes(n) }
                left = left.drop(while: isDigit)
                right = right.drop(while: isDigit)
            } else if x != y {
                return x < y
            } else {
                left.removeFirst()
                right.removeFirst()
            }
        }
        return left.isEmpty && !right.isEmpty || left.isEmpty == right.isEmpty && a < b
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
