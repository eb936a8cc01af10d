/// Reads the YAML that definitions are written in: keys and lists by indentation, texts and flow collections (`{…}`,
/// `[…]`) that end in the line in which they begin.
///
/// libYAML's nodes take some 400 instructions a byte, which was a third of a start; these take 60. It reads only what it
/// is sure of: for anything else (anchors, tags, blocks of text, several documents, all that is wrong) the
/// answer is nil, and the text goes to libYAML. What it does read, it reads as libYAML does, places included.
struct PlainYAML {
    private struct NotPlain: Error {}

    private let text: [UInt8]
    private var at = 0
    private var line: Int32 = 1
    private var lineStart = 0
    /// The column, from 0, at which the content of the line at hand begins; -1 at the end of the text.
    private var indent = -1
    private var depth = 0
    private static let deepest = 32
    /// libYAML looks no further for the colon behind a key.
    private static let longestKey = 128

    static func read(_ text: [UInt8]) -> Node? {
        guard isOrdinary(text) else { return nil }
        var reader = PlainYAML(text: text)
        return try? reader.document()
    }

    private init(text: [UInt8]) { self.text = text }

    /// Whether there are only bytes that mean the same to everyone: no control characters, no line ends but LF, none
    /// of the characters that YAML forbids or takes for a line end.
    private static func isOrdinary(_ text: [UInt8]) -> Bool {
        let span = text.span
        var at = 0
        while at < span.count {
            if at + 8 <= span.count, isPrintable(span, at) {
                at += 8
                continue
            }
            let byte = span[unchecked: at]
            at += 1
            if byte >= 0x20 && byte < 0x7F || byte == 0x0A || byte == 0x09 { continue }
            guard byte >= 0x80, at < span.count else { return false }
            switch byte {
            case 0xC2: if span[at] < 0xA0 { return false }
            case 0xE2: if span[at] == 0x80, at + 1 < span.count, span[at + 1] & 0xFE == 0xA8 { return false }
            // From U+F000 on: byte order marks and what is no character.
            case 0xEF: return false
            default: break
            }
        }
        return true
    }

    /// Whether eight bytes from there on are all in 0x20...0x7E.
    @inline(__always)
    private static func isPrintable(_ text: Span<UInt8>, _ at: Int) -> Bool {
        let word = text.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self)
        let low = word &- 0x2020_2020_2020_2020
        let high = word &+ 0x0101_0101_0101_0101
        return (word | low | high) & 0x8080_8080_8080_8080 == 0
    }

    // MARK: Lines

    private mutating func document() throws(NotPlain) -> Node {
        try nextLine()
        guard indent == 0 else { throw NotPlain() }
        let node = try block(0)
        guard indent < 0 else { throw NotPlain() }
        return node
    }

    /// Past the end of the line at hand, in which nothing may follow but a comment, to the next content.
    private mutating func endLine() throws(NotPlain) {
        let start = at
        skipSpaces()
        if at < text.count, text[at] == UInt8(ascii: "#"), at > start {
            while at < text.count, text[at] != 0x0A { at += 1 }
        }
        guard at < text.count else {
            indent = -1
            return
        }
        guard text[at] == 0x0A else { throw NotPlain() }
        step()
        try nextLine()
    }

    /// From the start of a line to the first content, past blank lines and comments.
    private mutating func nextLine() throws(NotPlain) {
        while at < text.count {
            skipSpaces()
            guard at < text.count else { break }
            if text[at] == UInt8(ascii: "#") {
                while at < text.count, text[at] != 0x0A { at += 1 }
                guard at < text.count else { break }
            }
            guard text[at] == 0x0A else {
                indent = at - lineStart
                return
            }
            step()
        }
        indent = -1
    }

    /// Past a line's end.
    private mutating func step() {
        at += 1
        line += 1
        lineStart = at
    }

    private mutating func skipSpaces() {
        while at < text.count, text[at] == 0x20 { at += 1 }
    }

    private var place: Node.Place {
        Node.Place(line: line, column: Int32(truncatingIfNeeded: at - lineStart + 1))
    }

    /// Whether nothing, or a space, is at an index: what ends an indicator.
    private func isBlank(_ index: Int) -> Bool {
        index >= text.count || text[index] == 0x20 || text[index] == 0x0A
    }

    // MARK: Blocks

    private var isEntry: Bool { at < text.count && text[at] == UInt8(ascii: "-") && isBlank(at + 1) }

    private mutating func block(_ column: Int) throws(NotPlain) -> Node {
        isEntry ? try sequence(column) : try mapping(column)
    }

    private mutating func enter() throws(NotPlain) {
        depth += 1
        if depth > Self.deepest { throw NotPlain() }
    }

    /// A mapping whose keys begin at `column`; the first one at hand may follow a dash.
    private mutating func mapping(_ column: Int) throws(NotPlain) -> Node {
        try enter()
        var mapping = Node.Mapping(pairs: [], place: place)
        repeat {
            let key = try key()
            try add(key, try value(column), to: &mapping)
        } while indent == column && !isEntry
        guard indent < column else { throw NotPlain() }
        depth -= 1
        return .mapping(mapping)
    }

    /// libYAML reports what is there twice.
    private func add(_ key: Node.Scalar, _ value: Node, to mapping: inout Node.Mapping) throws(NotPlain) {
        if mapping.pair(key.string) != nil { throw NotPlain() }
        mapping.pairs.append(Node.Pair(key: .scalar(key), value: value))
    }

    /// What stands behind a key that begins at `column`: in its line, or below it.
    private mutating func value(_ column: Int) throws(NotPlain) -> Node {
        let colon = at
        skipSpaces()
        let isComment = at < text.count && at > colon && text[at] == UInt8(ascii: "#")
        if at < text.count, text[at] != 0x0A, !isComment { return try inline(column) }
        at = colon
        try endLine()
        if indent > column { return try block(indent) }
        // A list may begin below the first letter of its key.
        guard indent == column, isEntry else { throw NotPlain() }
        return try entries(column)
    }

    private mutating func sequence(_ column: Int) throws(NotPlain) -> Node {
        let node = try entries(column)
        guard indent < column else { throw NotPlain() }
        return node
    }

    private mutating func entries(_ column: Int) throws(NotPlain) -> Node {
        try enter()
        var sequence = Node.Sequence(nodes: [], place: place)
        repeat {
            at += 1
            skipSpaces()
            guard at < text.count, text[at] != 0x0A, text[at] != UInt8(ascii: "#"), !isEntry else { throw NotPlain() }
            let node = isKey ? try mapping(at - lineStart) : try inline(column)
            sequence.nodes.append(node)
        } while indent == column && isEntry
        guard indent <= column else { throw NotPlain() }
        depth -= 1
        return .sequence(sequence)
    }

    /// A value that ends in its line. What is indented more than `column` in the next one would belong to it.
    private mutating func inline(_ column: Int) throws(NotPlain) -> Node {
        let enclosed = try inFlow()
        let node = if let enclosed { enclosed } else { Node.scalar(try plain()) }
        try endLine()
        guard indent <= column else { throw NotPlain() }
        return node
    }

    // MARK: Keys

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// The end of the key at hand: its colon; nil if it is none, or a key of another kind.
    private var keyEnd: Int? {
        guard at < text.count, text[at] != UInt8(ascii: "-"), text[at] != UInt8(ascii: ".") else { return nil }
        var end = at
        while end < text.count, Self.isKeyByte(text[end]) || text[end] == 0x20 { end += 1 }
        guard end > at, end - at <= Self.longestKey, end < text.count, text[end] == UInt8(ascii: ":"), isBlank(end + 1),
            text[end - 1] != 0x20
        else { return nil }
        return end
    }

    private var isKey: Bool { keyEnd != nil }

    private mutating func key() throws(NotPlain) -> Node.Scalar {
        if at < text.count, text[at] == UInt8(ascii: "\"") || text[at] == UInt8(ascii: "'") {
            let key = try quoted(text[at] == UInt8(ascii: "'") ? .single : .double)
            guard key.string.utf8.count <= Self.longestKey, take(":"), isBlank(at) else { throw NotPlain() }
            return key
        }
        guard let end = keyEnd else { throw NotPlain() }
        let key = scalar(at..<end, .plain, place)
        at = end + 1
        return key
    }

    // MARK: Texts

    private func scalar(_ range: Range<Int>, _ style: Node.Style, _ place: Node.Place) -> Node.Scalar {
        Node.Scalar(string: String(decoding: text[range], as: UTF8.self), style: style, place: place)
    }

    /// A text without quotes, up to the end of the line or a comment.
    private mutating func plain() throws(NotPlain) -> Node.Scalar {
        try beginPlain()
        let place = place
        let start = at
        var end = at
        while at < text.count, text[at] != 0x0A {
            switch text[at] {
            case 0x20: break
            case UInt8(ascii: ":") where isBlank(at + 1): throw NotPlain()
            case UInt8(ascii: "#") where end < at:
                // The comment's space stays for `endLine` to see.
                at -= 1
                return scalar(start..<end, .plain, place)
            case 0x09: throw NotPlain()
            default: end = at + 1
            }
            at += 1
        }
        return scalar(start..<end, .plain, place)
    }

    /// The same within brackets, where fewer signs are plain.
    private mutating func plainInFlow() throws(NotPlain) -> Node.Scalar {
        try beginPlain()
        let place = place
        let start = at
        var end = at
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"): return scalar(start..<end, .plain, place)
            case UInt8(ascii: "{"), UInt8(ascii: "["), 0x09, 0x0A: throw NotPlain()
            // `a:b` is a text, `a: b` is none; what a sign behind the colon makes of it is libYAML's to know.
            case UInt8(ascii: ":"):
                guard at + 1 < text.count,
                    text[at + 1] >= 0x80 || Self.isKeyByte(text[at + 1]) || text[at + 1] == UInt8(ascii: "/")
                        || text[at + 1] == UInt8(ascii: ":")
                else { throw NotPlain() }
                end = at + 1
            case UInt8(ascii: "#") where end < at: throw NotPlain()
            case 0x20: break
            default: end = at + 1
            }
            at += 1
        }
        throw NotPlain()
    }

    /// Whether a plain text may begin here.
    private func beginPlain() throws(NotPlain) {
        guard at < text.count else { throw NotPlain() }
        switch text[at] {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "("),
            UInt8(ascii: "<"), UInt8(ascii: "="), UInt8(ascii: "$"), UInt8(ascii: "+"), UInt8(ascii: "^"),
            UInt8(ascii: "."), 0x80...:
            return
        case UInt8(ascii: "-") where at + 1 < text.count && Self.isKeyByte(text[at + 1]): return
        default: throw NotPlain()
        }
    }

    private mutating func quoted(_ style: Node.Style) throws(NotPlain) -> Node.Scalar {
        let place = place
        let quote = text[at]
        at += 1
        let start = at
        var unescaped: [UInt8] = []
        var from = at
        while true {
            at = endOfPlain(at, quote, style)
            guard at < text.count, text[at] != 0x0A else { break }
            if text[at] == quote {
                let isDoubled = style == .single && at + 1 < text.count && text[at + 1] == quote
                if !isDoubled { break }
                unescaped += text[from...at]
                at += 2
                from = at
            } else {
                unescaped += text[from..<at]
                unescaped.append(try escape())
                from = at
            }
        }
        guard at < text.count, text[at] == quote else { throw NotPlain() }
        let end = at
        at += 1
        if from == start { return scalar(start..<end, style, place) }
        unescaped += text[from..<end]
        return Node.Scalar(string: String(decoding: unescaped, as: UTF8.self), style: style, place: place)
    }

    /// Where the next quote, backslash that means something, or line end is.
    private func endOfPlain(_ start: Int, _ quote: UInt8, _ style: Node.Style) -> Int {
        let escape = style == .double ? UInt8(ascii: "\\") : quote
        let span = text.span
        var at = start
        while at < span.count {
            let byte = span[unchecked: at]
            if byte == quote || byte == escape || byte == 0x0A { break }
            at += 1
        }
        return at
    }

    /// What a backslash in double quotes and that which follows stand for together, where it is one byte.
    private mutating func escape() throws(NotPlain) -> UInt8 {
        guard at + 1 < text.count else { throw NotPlain() }
        let byte = text[at + 1]
        at += 2
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "/"): return byte
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "e"): return 0x1B
        case UInt8(ascii: "x"):
            guard at + 1 < text.count, let high = PatternReader.hexDigit(text[at]), high < 8,
                let low = PatternReader.hexDigit(text[at + 1])
            else { throw NotPlain() }
            at += 2
            return high << 4 | low
        default: throw NotPlain()
        }
    }

    // MARK: Flow

    /// What brackets or quotes enclose; nil where neither begins here.
    private mutating func inFlow() throws(NotPlain) -> Node? {
        switch text[at] {
        case UInt8(ascii: "'"): .scalar(try quoted(.single))
        case UInt8(ascii: "\""): .scalar(try quoted(.double))
        case UInt8(ascii: "{"): try flowMapping()
        case UInt8(ascii: "["): try flowSequence()
        default: nil
        }
    }

    private mutating func flowValue() throws(NotPlain) -> Node {
        guard at < text.count else { throw NotPlain() }
        if let node = try inFlow() { return node }
        return .scalar(try plainInFlow())
    }

    private mutating func flowMapping() throws(NotPlain) -> Node {
        try enter()
        var mapping = Node.Mapping(pairs: [], place: place)
        at += 1
        skipSpaces()
        if !take("}") {
            repeat {
                skipSpaces()
                let key = try key()
                skipSpaces()
                try add(key, try flowValue(), to: &mapping)
                skipSpaces()
            } while take(",")
            guard take("}") else { throw NotPlain() }
        }
        depth -= 1
        return .mapping(mapping)
    }

    private mutating func flowSequence() throws(NotPlain) -> Node {
        try enter()
        var sequence = Node.Sequence(nodes: [], place: place)
        at += 1
        skipSpaces()
        if !take("]") {
            repeat {
                skipSpaces()
                sequence.nodes.append(try flowValue())
                skipSpaces()
            } while take(",")
            guard take("]") else { throw NotPlain() }
        }
        depth -= 1
        return .sequence(sequence)
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard at < text.count, text[at] == UInt8(ascii: byte) else { return false }
        at += 1
        return true
    }
}
