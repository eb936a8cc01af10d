/// Syslog messages as they go over TCP, each behind the count of its bytes, with no line end between them: what a capture of
/// such a connection holds. https://www.rfc-editor.org/rfc/rfc6587#section-3.4.1
///
/// Counted messages on lines of their own are lines, and no matter of this.
package struct OctetCounting: Transcriber, ~Copyable {
    package var lines: ContiguousArray<UInt8> = []
    package var problem: String? { nil }

    /// What isn't a whole frame yet.
    private var rest: ContiguousArray<UInt8> = []
    /// The bytes are no frames any more: they are passed on as they are.
    private var isLost = false
    /// Longer ones aren't sent: RFC 5425 asks for 8 KiB.
    private static let longest = 1 << 20

    package init() {}

    /// Whether the bytes are frames of which one ends and the next begins on the same line.
    package static func isBackToBack(_ head: Span<UInt8>) -> Bool {
        var at = 0
        var frames = 0
        while frames < 8, let frame = frame(head, at) {
            guard frame.upperBound < head.count else { break }
            if head[unchecked: frame.upperBound &- 1] == 0x0A { return false }
            guard self.frame(head, frame.upperBound) != nil else { break }
            at = frame.upperBound
            frames &+= 1
        }
        return frames > 0
    }

    /// The message of the frame at `at`: `57 <34>1 …`. Nil where none begins; its end may lie behind that of the bytes.
    private static func frame(_ bytes: Span<UInt8>, _ at: Int) -> Range<Int>? {
        var count = 0
        var i = at
        while i < bytes.count, i &- at < 7, bytes[unchecked: i].isDigit {
            count = count &* 10 &+ Int(bytes[unchecked: i] &- 0x30)
            i &+= 1
        }
        guard i > at, count > 4, count <= longest, bytes[unchecked: at] != 0x30, i &+ 2 < bytes.count,
            bytes[unchecked: i] == Ascii.space, bytes[unchecked: i &+ 1] == Ascii.less,
            bytes[unchecked: i &+ 2].isDigit
        else { return nil }
        return (i &+ 1)..<(i &+ 1 &+ count)
    }

    package mutating func take(_ bytes: Span<UInt8>) {
        rest.append(contentsOf: bytes)
        drain(isOver: false)
    }

    package mutating func finish() {
        drain(isOver: true)
        if !rest.isEmpty { pass(0..<rest.count) }
        rest.removeAll()
    }

    private mutating func drain(isOver: Bool) {
        var at = 0
        while !isLost {
            // Some senders put a line end between frames all the same.
            while at < rest.count, rest[at] == 0x0A || rest[at] == 0x0D { at &+= 1 }
            guard let frame = Self.frame(rest.span, at) else {
                // A count may be cut in two.
                isLost = rest.count &- at > 10
                break
            }
            guard frame.upperBound <= rest.count else { break }
            pass(frame)
            at = frame.upperBound
        }
        if isLost, at < rest.count {
            lines.append(contentsOf: rest[at...])
            at = rest.count
        }
        rest.removeFirst(at)
    }

    private mutating func pass(_ range: Range<Int>) {
        lines.append(contentsOf: rest[range])
        if lines.last != 0x0A { lines.append(0x0A) }
    }
}
