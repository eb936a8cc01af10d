/// Windows' events in an XML document, as Event Viewer saves them: all in one line, or laid out over many. A line for each, as
/// `wevtutil` prints them and collectors send them.
///
/// https://learn.microsoft.com/windows/win32/wes/eventschema-schema
package struct XMLEvents: Transcriber, ~Copyable {
    private enum State {
        /// Between events.
        case outside
        /// In a tag that is no event's.
        case tag
        case event
        /// In a line that is no XML.
        case text
    }

    package var lines: ContiguousArray<UInt8> = []
    package private(set) var problem: String?
    private var state = State.outside
    /// The tag so far where it isn't among `lines`.
    private var tag: ContiguousArray<UInt8> = []
    private var isInTag = false
    /// White space behind a tag, which is nothing if a tag follows.
    private var space: ContiguousArray<UInt8> = []
    private var isBehindTag = false
    private var offset = 0

    private static let longestTag = 4 << 10

    package init() {}

    /// Whether a file that begins so is a document of events that aren't a line each.
    package static func isHead(_ head: Span<UInt8>) -> Bool {
        guard head.count > 0, head[0] == UInt8(ascii: "<") else { return false }
        var i = 0
        var isDocument = false
        while let open = head.firstIndex(of: UInt8(ascii: "<"), from: i) {
            if isEvent(head, at: open) {
                let end = head.firstIndex(of: UInt8(ascii: ">"), from: open) ?? head.count
                guard holdsNamespace(head.extracting(open..<end)) else { return false }
                if isDocument { return true }
                // A line each needs nothing: a collector's.
                guard let lineEnd = head.firstIndex(of: 0x0A, from: open) else { return false }
                return !head.extracting(open..<lineEnd).isClosed
            }
            guard head.matches("<?xml", at: open) || head.matches("<Events", at: open) || head.matches("<!--", at: open)
            else { return false }
            if head.matches("<Events", at: open) { isDocument = true }
            guard let end = head.firstIndex(of: UInt8(ascii: ">"), from: open) else { return false }
            i = end + 1
            while i < head.count, head[i] <= 0x20 { i += 1 }
            guard i < head.count, head[i] == UInt8(ascii: "<") else { return false }
        }
        return false
    }

    private static func isEvent(_ text: Span<UInt8>, at i: Int) -> Bool {
        text.matches("<Event", at: i) && i + 6 < text.count && (text[i + 6] <= 0x20 || text[i + 6] == UInt8(ascii: ">"))
    }

    private static func holdsNamespace(_ tag: Span<UInt8>) -> Bool {
        var i = 0
        while let hit = tag.firstIndex(of: UInt8(ascii: "h"), from: i) {
            if tag.matches("http://schemas.microsoft.com/win/2004/08/events/event", at: hit) { return true }
            i = hit + 1
        }
        return false
    }

    package mutating func take(_ bytes: Span<UInt8>) {
        var i = 0
        while i < bytes.count {
            switch state {
            case .outside: i = takeOutside(bytes, i)
            case .tag:
                let byte = bytes[i]
                if tag.count < Self.longestTag { tag.append(byte < 0x20 ? 0x20 : byte) }
                if byte == UInt8(ascii: ">") { endTag() }
                i += 1
            case .event: i = takeEvent(bytes, i)
            case .text:
                let end = bytes.firstIndex(of: 0x0A, from: i) ?? bytes.count
                lines.append(contentsOf: bytes.extracting(i..<end))
                if end < bytes.count {
                    lines.append(0x0A)
                    state = .outside
                }
                i = min(end + 1, bytes.count)
            }
        }
        offset += bytes.count
    }

    package mutating func finish() {
        switch state {
        case .outside: return
        case .tag, .event: problem = problem ?? "the XML document is cut off at byte \(offset)"
        case .text: break
        }
        if case .tag = state { return }
        lines.append(0x0A)
        state = .outside
    }

    private mutating func takeOutside(_ bytes: Span<UInt8>, _ i: Int) -> Int {
        let byte = bytes[i]
        if byte <= 0x20 { return i + 1 }
        guard byte == UInt8(ascii: "<") else {
            state = .text
            return i
        }
        tag.removeAll(keepingCapacity: true)
        tag.append(byte)
        state = .tag
        return i + 1
    }

    /// A tag between events: the document's own, or the one that begins an event.
    private mutating func endTag() {
        guard Self.isEvent(tag.span, at: 0) else {
            state = .outside
            return
        }
        lines.append(contentsOf: tag)
        state = .event
        isBehindTag = true
        isInTag = false
        space.removeAll(keepingCapacity: true)
    }

    private mutating func takeEvent(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var i = start
        while i < bytes.count {
            let byte = bytes[i]
            i += 1
            if isInTag {
                if tag.count < Self.longestTag { tag.append(byte) }
                lines.append(byte < 0x20 ? 0x20 : byte)
                guard byte == UInt8(ascii: ">") else { continue }
                isInTag = false
                isBehindTag = true
                if tag.span.isEqual("</Event>") {
                    lines.append(0x0A)
                    state = .outside
                    return i
                }
            } else if byte == UInt8(ascii: "<") {
                space.removeAll(keepingCapacity: true)
                isInTag = true
                tag.removeAll(keepingCapacity: true)
                tag.append(byte)
                lines.append(byte)
            } else if isBehindTag, byte <= 0x20, space.count < Self.longestTag {
                space.append(byte)
            } else {
                if isBehindTag {
                    for byte in space { put(byte) }
                    space.removeAll(keepingCapacity: true)
                    isBehindTag = false
                }
                put(byte)
            }
        }
        return i
    }

    /// Text of an event; an event is one line.
    private mutating func put(_ byte: UInt8) {
        switch byte {
        case 0x0A: lines.append(contentsOf: "&#10;".utf8)
        case 0x0D: break
        default: lines.append(byte)
        }
    }
}

extension Span<UInt8> {
    /// Whether an event that begins a line ends in it.
    fileprivate var isClosed: Bool {
        var i = 0
        while let open = firstIndex(of: UInt8(ascii: "<"), from: i) {
            if matches("</Event>", at: open) { return true }
            i = open + 1
        }
        return false
    }
}
