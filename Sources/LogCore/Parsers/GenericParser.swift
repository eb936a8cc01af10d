/// The last resort: finds time, level and component where any log would have them, and takes the rest as message.
/// Accepts every line, unless it is asked for a time.
///
/// Reads the head of a line piece by piece: a time, then words in brackets or not, as long as they are a level,
/// a number, or a name that ends in a colon. The message begins with the first piece that is none of these.
package final class GenericParser: LineParser {
    /// How far into a line a head is looked for.
    private static let headBytes = 96

    private let needsTime: Bool

    /// `needsTime`: as a format of its own, for files of which all that is known is that their lines bear a time.
    /// Lines without one then belong to the event before them.
    package init(needsTime: Bool = false) { self.needsTime = needsTime }

    package var name: String { "generic" }
    package var joinsFollowingLines: Bool { needsTime }

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        var cursor = 0
        var pieces = 0
        var sawTime = false
        // Words before the time belong to the message, which then is the whole line.
        var isProse = false
        let count = line.count
        if let found = TimestampScanner.find(line, from: 0, limit: min(count, 40)) {
            let before = head(line, 0..<found.start)
            // A time of day without a date is a head only at the very start.
            let isDated = found.time.shape == .full || found.time.shape == .yearless
            if before.isHead, isDated && !isBareNumber(line, found.start) || found.start <= 1 {
                event.setTime(found.time)
                sawTime = true
                isProse = before.isText
                if let level = before.level { event.record.severity = level }
                cursor = skipJoints(line, found.time.end)
            }
        }
        if needsTime, event.record.timeSource == .none { return false }
        while !isProse, cursor < min(count, Self.headBytes), pieces < 6, let piece = nextPiece(line, cursor) {
            if event.record.severity == .unspecified, let level = level(line, piece, sawTime) {
                event.record.severity = level
            } else if piece.bracketed, sawTime || event.record.severity != .unspecified {
                // `<script>` is text, `<0.123.0>` a process.
                let isAngled = line[unchecked: piece.end &- 1] == UInt8(ascii: ">")
                if isAngled, isLetter(line[unchecked: piece.text.lowerBound]) { break }
                // A thread, a process number, a module: the first that is a name becomes the component.
                if event.record.component.isEmpty, isName(line, piece.text),
                    isLetter(line[unchecked: piece.text.lowerBound])
                {
                    event.record.component = ByteRange(base &+ piece.text.lowerBound, base &+ piece.text.upperBound)
                }
            } else if piece.colon, sawTime || event.record.severity != .unspecified, event.record.component.isEmpty,
                isName(line, piece.text)
            {
                takeComponent(line, piece.text, base, &event)
                cursor = skipJoints(line, piece.end)
                break
            } else if sawTime, isNumber(line, piece.text) {
                // A process number between time and level.
            } else {
                break
            }
            cursor = skipJoints(line, piece.end)
            pieces &+= 1
        }
        // A line that is nothing but head is its own message: no text is ever lost.
        if cursor >= count || isProse { cursor = 0 }
        event.record.message = ByteRange(base &+ cursor, base &+ count)
        return true
    }

    private struct Piece {
        var text: Range<Int>
        var end: Int
        var bracketed: Bool
        var colon: Bool
    }

    /// The next word of a head: `[word]`, `<word>`, `(word)`, `word:` or `word`.
    private func nextPiece(_ line: Span<UInt8>, _ start: Int) -> Piece? {
        guard start < line.count else { return nil }
        let close: UInt8
        switch line[unchecked: start] {
        case UInt8(ascii: "["): close = UInt8(ascii: "]")
        case UInt8(ascii: "<"): close = UInt8(ascii: ">")
        case UInt8(ascii: "("): close = UInt8(ascii: ")")
        default: close = 0
        }
        if close != 0 {
            guard let end = line.firstIndex(of: close, from: start), end &- start < 64 else { return nil }
            let text = trim(line, (start &+ 1)..<end)
            guard !text.isEmpty else { return nil }
            return Piece(text: text, end: end &+ 1, bracketed: true, colon: false)
        }
        var end = start
        while end < line.count, end &- start < 64 {
            let byte = line[unchecked: end]
            if byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: "|") { break }
            if byte == UInt8(ascii: ":"), end &+ 1 == line.count || line[unchecked: end &+ 1] == 0x20 { break }
            end &+= 1
        }
        guard end > start else { return nil }
        let colon = end < line.count && line[unchecked: end] == UInt8(ascii: ":")
        return Piece(text: start..<end, end: colon ? end &+ 1 : end, bracketed: false, colon: colon)
    }

    /// A level word; one in lower case counts only where brackets or a colon mark it.
    private func level(_ line: Span<UInt8>, _ piece: Piece, _ sawTime: Bool) -> Severity? {
        let text = piece.text
        guard text.count <= 13 else { return nil }
        let word = line.extracting(text)
        if text.count < 3, !sawTime, !piece.bracketed {
            // apt's `E: Unable to …` and `W: …`; other letters are names of drives and points of a list.
            guard piece.colon, text.lowerBound == 0, word[unchecked: 0] == 0x45 || word[unchecked: 0] == 0x57,
                text.count == 1
            else { return nil }
        }
        guard let level = Severity(word: word), !saysNone(line, piece.end) else { return nil }
        if piece.bracketed || piece.colon { return level }
        for i in text where !(0x41...0x5A).contains(line[unchecked: i]) { return nil }
        return level
    }

    /// `error: nil` and `errors: 0` tell of none.
    private func saysNone(_ line: Span<UInt8>, _ start: Int) -> Bool {
        guard line.count &- start <= 8 else { return false }
        let rest = trim(line, start..<line.count)
        guard rest.count <= 4 else { return false }
        let words: [StaticString] = ["nil", "none", "null", "0", "no"]
        return words.contains { $0.utf8CodeUnitCount == rest.count && line.matches($0, at: rest.lowerBound) }
    }

    /// Whether what stands before a time is head matter (empty, brackets, a level) rather than a sentence.
    private func head(_ line: Span<UInt8>, _ range: Range<Int>) -> (isHead: Bool, isText: Bool, level: Severity?) {
        let text = trim(line, range)
        if text.isEmpty { return (true, false, nil) }
        guard text.count <= 32 else { return (false, true, nil) }
        if let level = Severity(word: line.extracting(text)) { return (true, false, level) }
        var spaces = 0
        for i in text where line[unchecked: i] == 0x20 { spaces &+= 1 }
        return (spaces <= 1, !isPadding(line[unchecked: range.lowerBound]), nil)
    }

    /// Ten digits in a row: a time in seconds only where a line begins with it, an order number elsewhere.
    private func isBareNumber(_ line: Span<UInt8>, _ start: Int) -> Bool {
        start + 10 <= line.count && isNumber(line, start..<start + 10)
    }

    private func takeComponent(_ line: Span<UInt8>, _ text: Range<Int>, _ base: Int, _ event: inout EventBuilder) {
        var end = text.upperBound
        // `name[123]`: the number is a process.
        if line[unchecked: end &- 1] == UInt8(ascii: "]"),
            let open = line.firstIndex(of: UInt8(ascii: "["), from: text.lowerBound), open < end,
            open > text.lowerBound
        {
            let pid = (open &+ 1)..<(end &- 1)
            if isNumber(line, pid), line[unchecked: pid.lowerBound] != 0x30 {
                event.add(.pid, .number, ByteRange(base &+ pid.lowerBound, base &+ pid.upperBound))
            }
            end = open
        }
        event.record.component = ByteRange(base &+ text.lowerBound, base &+ end)
    }

    private func skipJoints(_ line: Span<UInt8>, _ start: Int) -> Int {
        var i = start
        while i < line.count {
            switch line[unchecked: i] {
            case 0x20, 0x09, UInt8(ascii: "|"), UInt8(ascii: "]"), UInt8(ascii: ","): i &+= 1
            case UInt8(ascii: "-"), UInt8(ascii: ":"):
                // A joint only with a space behind it: `- message`, but not `-1`.
                guard i &+ 1 < line.count, line[unchecked: i &+ 1] == 0x20 || line[unchecked: i &+ 1] == 0x2D else {
                    return i
                }
                i &+= 1
            default: return i
            }
        }
        return i
    }

    private func trim(_ line: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, isPadding(line[unchecked: lower]) { lower &+= 1 }
        while upper > lower, isPadding(line[unchecked: upper &- 1]) { upper &-= 1 }
        return lower..<upper
    }

    private func isPadding(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
            || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: ":")
            || byte == UInt8(ascii: "|")
    }

    private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    private func isNumber(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty else { return false }
        for i in range where line[unchecked: i] &- 0x30 > 9 { return false }
        return true
    }

    /// A name as programs have them: letters, digits and `._-/$[]#@`, with a letter among them.
    private func isName(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.count <= 64 else { return false }
        var letters = false
        for i in range {
            let byte = line[unchecked: i]
            if isLetter(byte) {
                letters = true
            } else if byte &- 0x30 < 10 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "$")
                || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "#")
                || byte == UInt8(ascii: "@") || byte == UInt8(ascii: ":")
            {
                continue
            } else {
                return false
            }
        }
        return letters
    }
}
