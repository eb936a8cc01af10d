/// Colours and other commands to a terminal that programs write into their logs: `ESC [ … m`, `ESC ] … BEL`.
///
/// A line with them is read as if it had none: its text without them goes to the event's decoded bytes, and the parsers
/// read that. The raw line stays as it is. Who looks at a line for ESC has asked for the whole batch first: a log without
/// colours pays for one memchr.
package enum ControlSequences {
    package static let escape: UInt8 = 0x1B

    @inline(__always)
    package static func isIn(_ text: Span<UInt8>) -> Bool { text.firstIndex(of: escape, from: 0) != nil }

    /// Appends the text without its control sequences.
    /// https://www.ecma-international.org/publications-and-standards/standards/ecma-48/
    package static func strip(_ text: Span<UInt8>, into plain: inout ContiguousArray<UInt8>) {
        var i = 0
        while i < text.count {
            let stop = text.firstIndex(of: escape, from: i) ?? text.count
            plain.append(contentsOf: text.extracting(i..<stop))
            if stop == text.count { return }
            i = end(of: text, at: stop)
        }
    }

    /// Takes the control sequences out of the bytes from `start` on.
    package static func strip(_ bytes: inout ContiguousArray<UInt8>, from start: Int) {
        var to = start
        var i = start
        while i < bytes.count {
            if bytes[i] == escape {
                i = end(of: bytes.span, at: i)
            } else {
                let byte = bytes[i]
                bytes[to] = byte
                to += 1
                i += 1
            }
        }
        bytes.removeLast(bytes.count - to)
    }

    /// Behind the sequence whose ESC is at `start`. A sequence that isn't whole ends where it can't go on; a lone ESC is one.
    private static func end(of text: Span<UInt8>, at start: Int) -> Int {
        guard start + 1 < text.count else { return text.count }
        switch text[unchecked: start + 1] {
        case UInt8(ascii: "["):
            // Parameters and intermediates, then the final byte that says what it is.
            var i = start + 2
            while i < text.count, text[unchecked: i] &- 0x20 < 0x20 { i += 1 }
            return i < text.count && text[unchecked: i] &- 0x40 < 0x3F ? i + 1 : i
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            // A text, such as a link's address, up to BEL or ESC \.
            var i = start + 2
            while i < text.count {
                let byte = text[unchecked: i]
                if byte == 0x07 { return i + 1 }
                if byte == escape {
                    return i + 1 < text.count && text[unchecked: i + 1] == UInt8(ascii: "\\") ? i + 2 : i
                }
                if byte < 0x20 { return i }
                i += 1
            }
            return i
        case UInt8(ascii: "("), UInt8(ascii: ")"):
            return min(start + 3, text.count)
        case 0x30..<0x7F:
            return start + 2
        default:
            return start + 1
        }
    }
}

extension LineParser {
    /// Reads a line that may have colours as if it had none.
    package func parsePlain(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        let start = event.decoded.count
        let isRead = event.withPlain(line, at: base) { text, base, event in parse(text, at: base, into: &event) }
        if !isRead, event.decoded.count > start { event.decoded.removeLast(event.decoded.count - start) }
        return isRead
    }
}

extension EventBuilder {
    /// The line without control sequences: at the end of the decoded text, and as a copy to be read from, for decoded text
    /// moves as more is decoded. The copy is given back, so that its memory serves the next one.
    package mutating func plainCopy(of line: Span<UInt8>) -> ContiguousArray<UInt8> {
        var text: ContiguousArray<UInt8> = []
        swap(&text, &room)
        text.removeAll(keepingCapacity: true)
        ControlSequences.strip(line, into: &text)
        decoded.append(contentsOf: text.span)
        return text
    }

    package mutating func giveBack(_ text: consuming ContiguousArray<UInt8>) { room = text }

    /// Lends a line that may have colours as if it had none, and where the ranges of what is read in it begin.
    @inline(__always)
    mutating func withPlain<R>(
        _ line: Span<UInt8>, at base: Int, _ body: (Span<UInt8>, Int, inout EventBuilder) -> R
    ) -> R {
        guard ControlSequences.isIn(line) else { return body(line, base, &self) }
        let base = rawCount &+ decoded.count
        let text = plainCopy(of: line)
        let result = body(text.span, base, &self)
        giveBack(text)
        return result
    }
}
