import LogCore

/// Passes over what is left of an event that is longer than any may be: the rest of its line, and the lines that
/// begin nothing. Memory stays bounded whatever its length: no more of a line is looked at than tells its format.
struct OverlongRemainder {
    /// Dropped so far.
    private(set) var bytes: Int64 = 0
    /// Line ends among them.
    private(set) var lines: Int64 = 0
    private var atLineStart: Bool
    /// Enough of a line to tell whether it begins an event.
    private static let headBytes = 64 << 10

    /// The input ended before the line did.
    var endsWithinLine: Bool { !atLineStart }

    init(atLineStart: Bool) { self.atLineStart = atLineStart }

    /// Drops from `buffer` what belongs to the event; true once its end is found, and the buffer begins with another.
    mutating func pass(
        _ buffer: inout ContiguousArray<UInt8>, _ joiner: borrowing EventJoiner, _ event: inout EventBuilder,
        sourceEnded: Bool
    ) -> Bool {
        let (start, found) = look(buffer.span, joiner, &event, sourceEnded)
        bytes += Int64(start)
        buffer.removeFirst(start)
        return found || sourceEnded
    }

    private mutating func look(
        _ bytes: Span<UInt8>, _ joiner: borrowing EventJoiner, _ event: inout EventBuilder, _ sourceEnded: Bool
    ) -> (start: Int, found: Bool) {
        var start = 0
        while start < bytes.count {
            let lf = bytes.firstIndex(of: 0x0A, from: start)
            if atLineStart {
                if lf == nil, !sourceEnded, bytes.count - start < Self.headBytes { return (start, false) }
                let end = min(lf ?? bytes.count, start + Self.headBytes)
                if end > start, joiner.isStart(bytes.extracting(start..<end), &event) { return (start, true) }
            }
            guard let lf else {
                atLineStart = false
                return (bytes.count, false)
            }
            lines += 1
            atLineStart = true
            start = lf + 1
        }
        return (start, false)
    }
}
