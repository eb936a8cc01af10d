import LogCore

/// A piece of a line of log, as a reader sees it at a glance: a time, a level, a number, something in brackets.
struct LineToken {
    enum Kind: Hashable {
        case time, level, number, address
        /// `-`, where others have a value.
        case dash
        /// Nothing but signs: `|`, `->`, `::`.
        case mark
        case quoted
        /// `"GET /path HTTP/1.1"`.
        case request
        /// In brackets, and none of the others.
        case boxed
        /// `key=value`.
        case pair
        case word
    }

    var kind: Kind
    /// Blanks in front of it.
    var gap: Range<Int>
    /// What it is about, without the signs around it.
    var text: Range<Int>
    /// These signs: `[`, `key="`; `]:`, `,`.
    var open = ""
    var close = ""
    /// Of a pair.
    var key = ""
    /// Blanks within the brackets.
    var isPadded = false
    /// `name[123]:`, of which `name` is the text.
    var hasProcess = false
    var end: Int

    var whole: Range<Int> { gap.upperBound..<end }
}

/// Takes a line apart.
struct LineReader {
    private let line: [UInt8]
    private var tokens: [LineToken] = []
    private var sawTime = false

    static func tokens(of line: [UInt8]) -> [LineToken] {
        var reader = LineReader(line: line)
        reader.read()
        return reader.tokens
    }

    private init(line: [UInt8]) { self.line = line }

    private mutating func read() {
        var at = 0
        while true {
            let start = at
            while at < line.count, Self.isBlank(line[at]) { at += 1 }
            guard at < line.count else { return }
            var token = time(at) ?? bracket(at) ?? quoted(at) ?? word(at)
            token.gap = start..<at
            if token.kind == .time { sawTime = true }
            tokens.append(token)
            at = token.end
        }
    }

    private func token(_ kind: LineToken.Kind, _ text: Range<Int>, open: String = "", closed end: Int) -> LineToken {
        var stop = end
        while stop < line.count, ",:;".utf8.contains(line[stop]), stop + 1 == line.count || Self.isBlank(line[stop + 1])
        {
            stop += 1
        }
        return LineToken(
            kind: kind, gap: text.lowerBound..<text.lowerBound, text: text, open: open,
            close: String(decoding: line[text.upperBound..<stop], as: UTF8.self), end: stop)
    }

    // MARK: Times

    private func time(_ at: Int) -> LineToken? {
        scan(at, before: line.count).map { token(.time, at..<$0, closed: $0) }
    }

    /// Where the time ends that begins here.
    private func scan(_ at: Int, before limit: Int) -> Int? {
        guard !sawTime, let time = TimestampScanner.scan(line.span.extracting(0..<limit), at: at) else { return nil }
        if time.end < limit, Self.isWordByte(line[time.end]) { return nil }
        switch time.shape {
        case .uptime: return nil
        case .timeOnly where tokens.count > 2: return nil
        case .full, .yearless, .timeOnly:
            // A lone number is a time only where a line begins with it.
            let isNumber = line[at..<time.end].allSatisfy { Self.isDigit($0) || $0 == UInt8(ascii: ".") }
            return isNumber && !tokens.isEmpty ? nil : time.end
        }
    }

    // MARK: Signs around

    private static let brackets: [UInt8: UInt8] = [
        UInt8(ascii: "["): UInt8(ascii: "]"), UInt8(ascii: "("): UInt8(ascii: ")"),
        UInt8(ascii: "<"): UInt8(ascii: ">"), UInt8(ascii: "{"): UInt8(ascii: "}"),
    ]

    private func bracket(_ at: Int) -> LineToken? {
        guard let closing = Self.brackets[line[at]], let end = closed(at, closing) else { return nil }
        var text = at + 1..<end
        while let first = text.first, Self.isBlank(line[first]) { text = first + 1..<text.upperBound }
        while let last = text.last, Self.isBlank(line[last]) { text = text.lowerBound..<last }
        let isPadded = text != at + 1..<end
        let open = String(decoding: [line[at]], as: UTF8.self)
        let stop = text.isEmpty ? nil : scan(text.lowerBound, before: text.upperBound)
        if let stop, stop < text.upperBound {
            // A time and more: the bracket stands by itself, and so does what it holds.
            return LineToken(kind: .mark, gap: at..<at, text: at..<at + 1, end: at + 1)
        }
        let kind = stop == nil ? kind(of: text, isMarked: true) : .time
        var found = token(kind == .word ? .boxed : kind, text, open: open, closed: end + 1)
        if isPadded {
            found.isPadded = true
            found.close = String(found.close.drop { $0 == " " })
        }
        return found
    }

    private func closed(_ at: Int, _ closing: UInt8) -> Int? {
        var depth = 0
        for i in at..<min(line.count, at + 1_000) {
            if line[i] == line[at] { depth += 1 }
            if line[i] == closing {
                depth -= 1
                if depth == 0 { return i }
            }
        }
        return nil
    }

    private func quoted(_ at: Int) -> LineToken? {
        guard let end = quoteEnd(at) else { return nil }
        let text = at + 1..<end
        let words = line[text].split(separator: 0x20, omittingEmptySubsequences: false)
        let isRequest =
            (2...3).contains(words.count) && (3...8).contains(words[0].count)
            && words[0].allSatisfy { (0x41...0x5A).contains($0) } && !words[1].isEmpty
            && (words.count == 2 || words[2].starts(with: "HTTP/".utf8))
        return token(
            isRequest ? .request : .quoted, text, open: String(decoding: [line[at]], as: UTF8.self), closed: end + 1)
    }

    /// The quote that ends what the quote at `at` begins.
    private func quoteEnd(_ at: Int) -> Int? {
        let quote = line[at]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        var i = at + 1
        while i < line.count, line[i] != quote { i += line[i] == UInt8(ascii: "\\") ? 2 : 1 }
        guard i < line.count else { return nil }
        // An apostrophe isn't the end of a quotation.
        return i + 1 == line.count || !Self.isWordByte(line[i + 1]) ? i : nil
    }

    // MARK: Words

    private func word(_ at: Int) -> LineToken {
        let bar = UInt8(ascii: "|")
        var end = at + 1
        if line[at] == bar {
            while end < line.count, line[end] == bar { end += 1 }
            return LineToken(kind: .mark, gap: at..<at, text: at..<end, end: end)
        }
        if let pair = pair(at) { return pair }
        while end < line.count, !Self.isBlank(line[end]), line[end] != bar, Self.brackets[line[end]] == nil { end += 1 }
        if let end = processEnd(end) {
            let name = at..<(line[at..<end].firstIndex(of: UInt8(ascii: "[")) ?? end)
            var token = LineToken(kind: .word, gap: at..<at, text: name, close: ":", end: end)
            token.hasProcess = true
            return token
        }
        let whole = at..<end
        let signs = ",:;])>}".utf8
        while end > at + 1, signs.contains(line[end - 1]) { end -= 1 }
        if !line[at..<end].contains(where: Self.isWordByte) { end = whole.upperBound }
        let close = String(decoding: line[end..<whole.upperBound], as: UTF8.self)
        let kind = kind(of: at..<end, isMarked: !close.isEmpty)
        return LineToken(kind: kind, gap: at..<at, text: at..<end, close: close, end: whole.upperBound)
    }

    /// Where `[123]:` ends that begins at `at`.
    private func processEnd(_ at: Int) -> Int? {
        guard at < line.count, line[at] == UInt8(ascii: "[") else { return nil }
        var end = at + 1
        while end < line.count, Self.isDigit(line[end]) { end += 1 }
        guard end > at + 1, line[end...].starts(with: "]:".utf8), end + 2 == line.count || Self.isBlank(line[end + 2])
        else {
            return nil
        }
        return end + 2
    }

    private func pair(_ at: Int) -> LineToken? {
        var equals = at
        while equals < line.count, Self.isWordByte(line[equals]) || "-.".utf8.contains(line[equals]) { equals += 1 }
        guard equals > at, equals < line.count, line[equals] == UInt8(ascii: "="), !Self.isDigit(line[at]) else {
            return nil
        }
        let key = String(decoding: line[at..<equals], as: UTF8.self)
        var found: LineToken
        if equals + 1 < line.count, line[equals + 1] == UInt8(ascii: "\""), let end = quoteEnd(equals + 1) {
            found = token(.pair, equals + 2..<end, open: "\(key)=\"", closed: end + 1)
        } else {
            var end = equals + 1
            while end < line.count, !Self.isBlank(line[end]) { end += 1 }
            let whole = end
            while end > equals + 1, ",;".utf8.contains(line[end - 1]) { end -= 1 }
            found = token(.pair, equals + 1..<end, open: "\(key)=", closed: whole)
        }
        found.key = key
        return found
    }

    /// `isMarked`: signs set it apart, so that a level may be written in small letters.
    private func kind(of text: Range<Int>, isMarked: Bool) -> LineToken.Kind {
        let bytes = Array(line[text])
        if bytes == [UInt8(ascii: "-")] { return .dash }
        if !bytes.contains(where: Self.isWordByte) { return bytes.contains { $0 >= 0x80 } ? .word : .mark }
        if Self.isNumber(bytes) { return .number }
        if Self.isAddress(bytes) { return .address }
        let isCapital = bytes.allSatisfy { (0x41...0x5A).contains($0) }
        if tokens.count < 5, isMarked || isCapital, isCapital || bytes.count > 2, Severity(word: bytes.span) != nil {
            return .level
        }
        return .word
    }

    // MARK: Bytes

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    static func isWordByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    /// An integer, or a number with a point.
    static func isNumber(_ bytes: [UInt8]) -> Bool {
        let digits = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes[...]
        let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
    }

    /// An address of the Internet's, with a port or not.
    static func isAddress(_ bytes: [UInt8]) -> Bool {
        let colons = bytes.count { $0 == UInt8(ascii: ":") }
        if colons >= 2 {
            return bytes.allSatisfy { isDigit($0) || ($0 | 0x20) &- 0x61 < 6 || $0 == UInt8(ascii: ":") || $0 == 0x2E }
                && (colons > 2 || bytes.count > 8)
        }
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        let numbers = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return numbers.count == 4 && parts.dropFirst().allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
            && numbers.allSatisfy { (1...3).contains($0.count) && $0.allSatisfy(isDigit) }
    }
}
