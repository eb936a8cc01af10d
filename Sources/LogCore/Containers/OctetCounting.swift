/// Syslog messages as they go over TCP, each behind the count of its bytes, with no line end between them: what a capture of
/// such a connection holds. https://www.rfc-editor.org/rfc/rfc6587#section-3.4.1
///
/// A capture may begin within a message, and a count may be wrong: then the next message is found by its head. Counted messages
/// on lines of their own are lines, and no matter of this.
package struct OctetCounting: Transcriber, ~Copyable {
    package var lines: ContiguousArray<UInt8> = []
    package private(set) var problem: String?

    /// What isn't a whole message yet, and where it begins.
    private var rest: ContiguousArray<UInt8> = []
    private var position = 0
    /// Nobody knows where the next message begins: bytes are passed on as they are up to a head.
    private var isLost: Bool
    private var endsLine = true
    /// Longer ones aren't sent: RFC 5425 asks for 8 KiB.
    private static let longest = 1 << 20
    /// Of a head that is looked for: a count, a priority, and how a date begins.
    private static let headBytes = 20

    /// - Parameter head: the first bytes, which are to come all the same.
    package init(_ head: Span<UInt8>) { isLost = Self.begins(head, 0) == false }

    // MARK: Telling

    /// Whether the bytes are messages of which one ends and the next begins on the same line.
    package static func isBackToBack(_ head: Span<UInt8>) -> Bool {
        if meetings(head, from: 0) > 0 { return true }
        // A capture that begins within a message. What some message quotes isn't followed by another, and that by a third.
        var at = 0
        var tries = 0
        while tries < 64, let place = nextHead(head, from: at) {
            if meetings(head, from: place) > 1 { return true }
            at = place &+ 1
            tries &+= 1
        }
        return false
    }

    /// The same, or a message that is all there is so far, without a line end.
    package static func isBeginning(_ head: Span<UInt8>) -> Bool {
        isBackToBack(head) || frame(head, 0)?.upperBound == head.count && head[unchecked: head.count &- 1] != 0x0A
    }

    /// How often a message follows another one on its line, from the one at `start` on.
    private static func meetings(_ head: Span<UInt8>, from start: Int) -> Int {
        var at = start
        var meetings = 0
        for _ in 0..<64 {
            guard meetings < 2, let frame = frame(head, at), frame.upperBound < head.count else { break }
            at = behindLineEnds(head, frame.upperBound)
            guard begins(head, at) == true else { break }
            if at == frame.upperBound, head[unchecked: at &- 1] != 0x0A { meetings &+= 1 }
        }
        return meetings
    }

    private static func behindLineEnds(_ bytes: Span<UInt8>, _ at: Int) -> Int {
        var i = at
        while i < bytes.count, bytes[unchecked: i] == 0x0A || bytes[unchecked: i] == 0x0D { i &+= 1 }
        return i
    }

    /// Whether a message begins at `at`: `57 <34`. Nil where the bytes end too early to tell.
    private static func begins(_ bytes: Span<UInt8>, _ at: Int) -> Bool? {
        var i = at
        while i < bytes.count, i &- at < 7, bytes[unchecked: i].isDigit { i &+= 1 }
        if i > at, bytes[unchecked: at] == 0x30 { return false }
        guard i < bytes.count else { return nil }
        guard i > at, bytes[unchecked: i] == Ascii.space else { return false }
        guard i &+ 1 < bytes.count else { return nil }
        guard bytes[unchecked: i &+ 1] == Ascii.less else { return false }
        return i &+ 2 < bytes.count ? bytes[unchecked: i &+ 2].isDigit : nil
    }

    /// Where the message at `at` stands, without its count. Nil where none begins; its end may lie behind that of the bytes.
    private static func frame(_ bytes: Span<UInt8>, _ at: Int) -> Range<Int>? {
        guard begins(bytes, at) == true else { return nil }
        var count = 0
        var i = at
        while bytes[unchecked: i].isDigit {
            count = count &* 10 &+ Int(bytes[unchecked: i] &- 0x30)
            i &+= 1
        }
        return count > 4 && count <= longest ? (i &+ 1)..<(i &+ 1 &+ count) : nil
    }

    /// The first count in front of a whole head: `57 <34>1 2026-`, `57 <34>Nov 20`.
    private static func nextHead(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var from = start
        while let mark = bytes.firstIndex(of: Ascii.less, from: from) {
            from = mark &+ 1
            var first = mark &- 1
            guard first > start, bytes[unchecked: first] == Ascii.space, isHead(bytes, mark) else { continue }
            while first > start, mark &- first < 8, bytes[unchecked: first &- 1].isDigit { first &-= 1 }
            while first < mark &- 1 {
                if frame(bytes, first) != nil { return first }
                first &+= 1
            }
        }
        return nil
    }

    private static func isHead(_ bytes: Span<UInt8>, _ mark: Int) -> Bool {
        var i = mark &+ 1
        while i < bytes.count, i &- mark < 4, bytes[unchecked: i].isDigit { i &+= 1 }
        guard i > mark &+ 1, i &+ 7 < bytes.count, bytes[unchecked: i] == UInt8(ascii: ">") else { return false }
        if bytes.matches("1 ", at: i &+ 1) {
            return bytes[unchecked: i &+ 3] == UInt8(ascii: "-")
                || bytes[unchecked: i &+ 3].isDigit && bytes[unchecked: i &+ 7] == UInt8(ascii: "-")
        }
        return bytes[unchecked: i &+ 1] &- 0x41 < 26 && bytes[unchecked: i &+ 2] &- 0x61 < 26
            && bytes[unchecked: i &+ 3] &- 0x61 < 26 && bytes[unchecked: i &+ 4] == Ascii.space
    }

    // MARK: Reading

    package mutating func take(_ bytes: Span<UInt8>) {
        rest.append(contentsOf: bytes)
        drain(isOver: false)
    }

    package mutating func finish() { drain(isOver: true) }

    /// Passes on messages with the last of which the bytes end, where more come only as they are written.
    package mutating func settle() {
        if isLost { return }
        endLine()
        var frames: [Range<Int>] = []
        var at = 0
        while at < rest.count, let frame = Self.frame(rest.span, at), frame.upperBound <= rest.count {
            frames.append(frame)
            at = frame.upperBound
        }
        guard at == rest.count else { return }
        for frame in frames {
            pass(frame)
            endLine()
        }
        drop(rest.count)
    }

    private mutating func drain(isOver: Bool) {
        var at = 0
        while at < rest.count {
            if isLost {
                let found = find(from: at, isOver)
                pass(at..<found.place)
                at = found.place
                guard found.isHead else { break }
                endLine()
                isLost = false
            }
            // Some senders put a line end between messages all the same.
            let next = Self.behindLineEnds(rest.span, at)
            if next > at { endLine() }
            at = next
            guard let begins = Self.begins(rest.span, at) ?? (isOver ? false : nil) else { break }
            guard begins, let frame = Self.frame(rest.span, at) else {
                isLost = true
                continue
            }
            if frame.upperBound > rest.count {
                guard isOver else { break }
                // A capture ends anywhere.
                if find(from: frame.lowerBound, isOver).isHead { note(position &+ at) }
                isLost = true
                endLine()
                at = frame.lowerBound
                continue
            }
            guard let follows = follows(frame, isOver) else { break }
            if !follows || hides(frame) {
                // Too few or too many were counted: the message goes on up to the next one's head.
                note(position &+ at)
                isLost = true
                endLine()
                at = frame.lowerBound
                continue
            }
            endLine()
            pass(frame)
            at = frame.upperBound
        }
        if isOver { endLine() }
        drop(at)
    }

    /// Where the next message begins, or up to where none does.
    private func find(from start: Int, _ isOver: Bool) -> (place: Int, isHead: Bool) {
        let bytes = rest.span
        guard let head = Self.nextHead(bytes, from: start) else {
            return (isOver ? bytes.count : max(start, bytes.count &- Self.headBytes), false)
        }
        let split = split(head, isOver)
        return split.isOpen ? (head, false) : (split.place ?? head, true)
    }

    /// Where in the digits at `start` the count begins, behind whose message another one begins: the first of them may be the
    /// end of the message before. `isOpen`: more bytes are to tell.
    private func split(_ start: Int, _ isOver: Bool) -> (place: Int?, isOpen: Bool) {
        var place = start
        while place < rest.count, rest[place].isDigit {
            if let frame = Self.frame(rest.span, place), frame.upperBound <= rest.count || !isOver {
                guard let ends = ends(frame, isOver) else { return (nil, true) }
                if ends { return (place, false) }
            }
            place &+= 1
        }
        return (nil, false)
    }

    /// Whether a message ends where its count says: another one begins there, or a line. Nil where the bytes end too early.
    private func follows(_ frame: Range<Int>, _ isOver: Bool) -> Bool? {
        guard let ends = ends(frame, isOver) else { return nil }
        let at = frame.upperBound
        guard ends, at < rest.count, rest[at].isDigit, let next = Self.frame(rest.span, at) else { return ends }
        guard let nextEnds = self.ends(next, isOver) else { return nil }
        if nextEnds { return true }
        // One of the two counts is wrong: this one if the next is right with more or fewer digits.
        var place = at
        while place > frame.lowerBound, at &- place < 7, rest[place &- 1].isDigit { place &-= 1 }
        while rest[place].isDigit {
            if place != at, let other = Self.frame(rest.span, place) {
                guard let ends = self.ends(other, isOver) else { return nil }
                // One that takes others' heads in is none.
                if ends, Self.nextHead(rest.span.extracting(0..<other.upperBound), from: other.lowerBound) == nil {
                    return false
                }
            }
            place &+= 1
        }
        return true
    }

    /// The same, looking no further than the head that stands there.
    private func ends(_ frame: Range<Int>, _ isOver: Bool) -> Bool? {
        if frame.upperBound > rest.count { return isOver ? false : nil }
        let next = Self.behindLineEnds(rest.span, frame.upperBound)
        if next >= rest.count { return isOver ? true : nil }
        if next > frame.upperBound || rest[next &- 1] == 0x0A { return true }
        return Self.begins(rest.span, next) ?? (isOver ? false : nil)
    }

    /// Whether a count that is wrong ends where some later message does: others stand within it, and the last of them ends there.
    private func hides(_ frame: Range<Int>) -> Bool {
        let bytes = rest.span.extracting(0..<frame.upperBound)
        var at = Self.nextHead(bytes, from: frame.lowerBound) ?? bytes.count
        var count = 0
        while at < bytes.count, let inner = Self.frame(bytes, at) {
            count &+= 1
            at = inner.upperBound
        }
        return count > 1 && at == bytes.count
    }

    private mutating func note(_ place: Int) {
        // At the start it is what is left of a count.
        if problem == nil, place > 0 {
            problem =
                "octet counting: the count of the message at byte \(place) is wrong: it was read up to the next one"
        }
    }

    private mutating func pass(_ range: Range<Int>) {
        if range.isEmpty { return }
        lines.append(contentsOf: rest[range])
        endsLine = rest[range.upperBound &- 1] == 0x0A
    }

    private mutating func endLine() {
        if !endsLine { lines.append(0x0A) }
        endsLine = true
    }

    private mutating func drop(_ count: Int) {
        rest.removeFirst(count)
        position &+= count
    }
}
