/// An item of a pattern's outermost sequence: a character, class, escape or group with its quantifier, names taken
/// off its groups.
struct PatternItem: Equatable {
    var text: [UInt8] = []
    /// Nothing in it repeats without bound and can give back what it took: `.*` can, `\d{3,9}` hardly, `[^x]*+` can't, nor
    /// can `\d+` before what doesn't begin with a digit.
    var isSettled = true
}

/// Splits a pattern into its items.
///
/// Knows the part of PCRE2 that formats are written in; for anything else there are no items.
struct PatternItems {
    private struct Unknown: Error {}

    /// Some bytes without bound, of which it isn't known yet whether what comes next may begin with one of them.
    private struct OpenRun {
        var bytes: ByteSet
        /// What may come next, as far as it was read, and how deep in groups that was.
        var next = PatternHead()
        var depth: Int
    }

    private let text: [UInt8]
    private var at = 0
    private var output = PatternItem()
    private var open: [OpenRun] = []
    /// Reads what comes next.
    private let reader: PatternReader
    private static let deepest = 50

    /// The items, or nil where the pattern uses what can't be moved: references to groups, verbs, flags that
    /// hold to the end of their group, quotes.
    static func of(_ pattern: String) -> [PatternItem]? {
        var reader = PatternItems(pattern)
        return try? reader.read()
    }

    private init(_ pattern: String) {
        text = Array(pattern.utf8)
        reader = PatternReader(text, utf: Pattern.needsUTF(pattern))
    }

    private mutating func read() throws -> [PatternItem] {
        var items: [PatternItem] = []
        var hasBranches = false
        while at < text.count {
            if text[at] == UInt8(ascii: "|") {
                hasBranches = true
                items.append(PatternItem(text: [text[at]]))
                at += 1
                continue
            }
            output = PatternItem()
            try item(depth: 0)
            if !open.isEmpty { output.isSettled = false }
            open.removeAll()
            items.append(output)
        }
        guard hasBranches else { return items }
        // The branches of the whole pattern are one item.
        let whole = Array("(?:".utf8) + items.flatMap(\.text) + [UInt8(ascii: ")")]
        return [PatternItem(text: whole, isSettled: false)]
    }

    private mutating func item(depth: Int) throws {
        guard depth < Self.deepest else { throw Unknown() }
        let start = at
        let byte = text[at]
        switch byte {
        case UInt8(ascii: "\\"): try escape()
        case UInt8(ascii: "["): try characterClass()
        case UInt8(ascii: "("): try group(depth: depth)
        case UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): throw Unknown()
        default:
            move(1)
            if byte >= 0xc0 {
                while at < text.count, text[at] & 0xc0 == 0x80 { move(1) }
            }
        }
        let end = at
        let isBounded = try quantifier()
        if byte == UInt8(ascii: "(") {
            // Of a group that comes again, the next round may take what the one before gives back.
            if at > end, text[end] != UInt8(ascii: "?") { giveUp(deeperThan: depth) }
            if !isBounded { output.isSettled = false }
        } else if !isBounded, let bytes = bytes(of: start..<end) {
            open.append(OpenRun(bytes: bytes, depth: depth + 1))
        } else if !isBounded {
            output.isSettled = false
        }
        follow(depth)
    }

    // MARK: What comes next

    /// The bytes that a single character may be; nil where it may be any.
    private func bytes(of range: Range<Int>) -> ByteSet? {
        var atom = PatternReader(Array(text[range]), utf: reader.utf)
        let bytes = try? atom.headOfRest().firstBytes
        return reader.isCaseless ? bytes?.folded : bytes
    }

    /// Asks what comes behind the runs that end here whether it may begin with one of their bytes.
    private mutating func follow(_ depth: Int) {
        guard open.contains(where: { $0.depth > depth }) else { return }
        var rest = reader
        rest.at = at
        guard !(reader.utf && reader.isCaseless), let next = try? rest.headOfRest() else {
            return giveUp(deeperThan: depth)
        }
        for index in open.indices.reversed() where open[index].depth > depth {
            open[index].depth = depth
            open[index].next.follow(next, .once)
            if open[index].next.mayBeEmpty { continue }
            let isSure = open[index].next.firstBytes.map { open[index].bytes.isDisjoint(with: $0) } ?? false
            if !isSure { output.isSettled = false }
            open.remove(at: index)
        }
    }

    private mutating func giveUp(deeperThan depth: Int) {
        if open.contains(where: { $0.depth > depth }) { output.isSettled = false }
        open.removeAll { $0.depth > depth }
    }

    // MARK: Syntax

    /// Whether what it stands behind comes a limited number of times, or keeps what it has.
    private mutating func quantifier() throws -> Bool {
        guard at < text.count else { return true }
        var isBounded = true
        switch text[at] {
        case UInt8(ascii: "?"): move(1)
        case UInt8(ascii: "*"), UInt8(ascii: "+"):
            isBounded = false
            move(1)
        case UInt8(ascii: "{"):
            guard let close = text[at...].firstIndex(of: UInt8(ascii: "}")) else { return true }
            let inner = text[at + 1..<close]
            guard inner.allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: ",") || $0 == 0x20 }) else {
                return true
            }
            guard let first = inner.first, first >= 0x30, first <= 0x39 else { throw Unknown() }
            isBounded = inner.last != UInt8(ascii: ",")
            move(close + 1 - at)
        default: return true
        }
        let isPossessive = at < text.count && text[at] == UInt8(ascii: "+")
        if at < text.count, isPossessive || text[at] == UInt8(ascii: "?") { move(1) }
        if at < text.count, "*+?".utf8.contains(text[at]) { throw Unknown() }
        return isBounded || isPossessive
    }

    private mutating func escape() throws {
        guard at + 1 < text.count else { throw Unknown() }
        let byte = text[at + 1]
        let isLetter = byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a
        let isDigit = byte >= 0x30 && byte <= 0x39
        if !isLetter && !isDigit { return move(2) }
        switch byte {
        case UInt8(ascii: "x"), UInt8(ascii: "p"), UInt8(ascii: "P"):
            guard at + 2 < text.count else { throw Unknown() }
            if text[at + 2] == UInt8(ascii: "{") {
                guard let close = text[at...].firstIndex(of: UInt8(ascii: "}")) else { throw Unknown() }
                return move(close + 1 - at)
            }
            if byte != UInt8(ascii: "x") { return move(3) }
            guard at + 3 < text.count, Self.isHex(text[at + 2]), Self.isHex(text[at + 3]) else { throw Unknown() }
            move(4)
        default:
            guard "dDwWsShHvVRXbBAzZtnrfea".utf8.contains(byte) else { throw Unknown() }
            move(2)
        }
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66)
    }

    private mutating func characterClass() throws {
        move(1)
        if at < text.count, text[at] == UInt8(ascii: "^") { move(1) }
        var isFirst = true
        while at < text.count {
            let byte = text[at]
            if byte == UInt8(ascii: "]"), !isFirst { return move(1) }
            isFirst = false
            if byte == UInt8(ascii: "\\") {
                guard at + 1 < text.count, text[at + 1] != UInt8(ascii: "Q"), text[at + 1] != UInt8(ascii: "E") else {
                    throw Unknown()
                }
                move(2)
            } else if byte == UInt8(ascii: "["), at + 1 < text.count, ":.=".utf8.contains(text[at + 1]) {
                // `[[:alpha:]_]`; a `[:` that no `:]` follows is two members.
                var end = at + 2
                while end < text.count, (text[end] | 0x20 >= 0x61 && text[end] | 0x20 <= 0x7a) || text[end] == 0x5e {
                    end += 1
                }
                let isNamed = end + 1 < text.count && text[end] == text[at + 1] && text[end + 1] == UInt8(ascii: "]")
                move(isNamed ? end + 2 - at : 1)
            } else {
                move(1)
            }
        }
        throw Unknown()
    }

    private mutating func group(depth: Int) throws {
        move(1)
        if at < text.count, text[at] == UInt8(ascii: "*") { throw Unknown() }
        if at < text.count, text[at] == UInt8(ascii: "?") { try groupKind() }
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: ")"): return move(1)
            case UInt8(ascii: "|"): move(1)
            default: try item(depth: depth + 1)
            }
        }
        throw Unknown()
    }

    /// At the `?` after `(`.
    private mutating func groupKind() throws {
        for kind in ["?:", "?>", "?|", "?=", "?!", "?<=", "?<!"] where text[at...].starts(with: kind.utf8) {
            return move(kind.utf8.count)
        }
        for (open, close) in [("?<", ">"), ("?P<", ">"), ("?'", "'")] where text[at...].starts(with: open.utf8) {
            let name = at + open.utf8.count
            guard let end = text[name...].firstIndex(of: close.utf8[close.startIndex]) else { throw Unknown() }
            at = end + 1
            return
        }
        var end = at + 1
        while end < text.count, "imsU-^".utf8.contains(text[end]) { end += 1 }
        guard end < text.count, text[end] == UInt8(ascii: ":") else { throw Unknown() }
        move(end + 1 - at)
    }

    /// Takes bytes over as they are.
    private mutating func move(_ count: Int) {
        output.text += text[at..<at + count]
        at += count
    }
}
