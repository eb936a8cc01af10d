/// The order of rotated sets: names alike but for a number in the end (`.1`, `.10.gz`) go from the highest number down,
/// then the bare name; digits compare as numbers.
package enum RotationOrder {
    package static func isBefore(_ a: String, _ b: String) -> Bool { Name(a).isBefore(Name(b)) }

    /// Each name is taken apart once: a folder of a hundred thousand compares each of them some thirty times.
    static func sorted(_ names: [String]) -> [String] {
        names.map { Name($0) }.sorted { $0.isBefore($1) }.map(\.text)
    }

    /// By their paths, part by part, as folders are walked.
    static func sorted<Item>(_ items: [Item], by path: (Item) -> String) -> [Item] {
        let keyed = items.map { item in
            (item, path(item).split(separator: "/", omittingEmptySubsequences: false).map { Name(String($0)) })
        }
        return keyed.sorted { a, b in
            for (x, y) in zip(a.1, b.1) where x.text != y.text { return x.isBefore(y) }
            return a.1.count < b.1.count
        }
        .map(\.0)
    }

    /// A file's name and what its order goes by.
    private struct Name {
        let text: String
        private let bytes: [UInt8]
        /// How many of the bytes stand before the number.
        private let stem: Int
        private let number: Int?

        private static let suffixes = [".gz", ".zst", ".bz2", ".xz", ".lz4", ".lzma", ".zip"].map { Array($0.utf8) }

        init(_ name: String) {
            let bytes = Array(name.utf8)
            var end = bytes.count
            for suffix in Self.suffixes where bytes[..<end].suffix(suffix.count).elementsEqual(suffix) {
                end -= suffix.count
            }
            let dot = bytes[..<end].lastIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
            let number = dot.flatMap { Self.number(bytes[($0 + 1)..<end]) }
            text = name
            self.bytes = bytes
            self.number = number
            stem = number == nil ? end : dot ?? end
        }

        /// Nil for what isn't digits alone, or is too large a number.
        private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
            if digits.isEmpty { return nil }
            var value = 0
            for byte in digits {
                guard RotationOrder.isDigit(byte) else { return nil }
                let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
                let (next, isStillTooLarge) = tens.addingReportingOverflow(Int(byte & 0x0F))
                if isTooLarge || isStillTooLarge { return nil }
                value = next
            }
            return value
        }

        func isBefore(_ other: Name) -> Bool {
            switch RotationOrder.natural(bytes[..<stem], other.bytes[..<other.stem]) {
            case .before: return true
            case .behind: return false
            case .same: break
            }
            switch (number, other.number) {
            case (let x?, let y?) where x != y:
                // Dates (20261119) grow towards now, small numbers into the past.
                return x > 9_999 || y > 9_999 ? x < y : x > y
            case (.some, nil): return true
            case (nil, .some): return false
            default: return RotationOrder.natural(bytes[...], other.bytes[...]) == .before
            }
        }
    }

    private enum Place { case before, same, behind }

    /// By bytes, but runs of digits by their value: `app-9` before `app-10`. The same only for the same bytes.
    private static func natural(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Place {
        var i = a.startIndex
        var j = b.startIndex
        while i < a.endIndex, j < b.endIndex {
            if isDigit(a[i]), isDigit(b[j]) {
                let m = a[i...].prefix(while: isDigit)
                let n = b[j...].prefix(while: isDigit)
                let x = m.drop { $0 == 0x30 }
                let y = n.drop { $0 == 0x30 }
                if x.count != y.count { return x.count < y.count ? .before : .behind }
                if !x.elementsEqual(y) { return x.lexicographicallyPrecedes(y) ? .before : .behind }
                i = m.endIndex
                j = n.endIndex
            } else if a[i] != b[j] {
                return a[i] < b[j] ? .before : .behind
            } else {
                i += 1
                j += 1
            }
        }
        if i < a.endIndex { return .behind }
        if j < b.endIndex { return .before }
        // `app-09` and `app-9`.
        if a.elementsEqual(b) { return .same }
        return a.lexicographicallyPrecedes(b) ? .before : .behind
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
