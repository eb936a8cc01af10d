import LogCore

/// Passes over what is left of an event that is longer than any may be: the rest of its line, and the lines that
/// begin nothing. Memory stays bounded whatever its length: no more of a line is looked at than tells its format.
struct OverlongRemainder {
    /// Dropped so far.
    private(set) var bytes: Int64 = 0
    /// Line ends among them.
    private(set) var lines: Int64 = 0
    /// Of the bytes dropped, those up to the end of the event's last line.
    private(set) var contentBytes: Int64 = 0
    private var atLineStart: Bool
    /// Enough of a line to tell whether it begins an event.
    static let headBytes = 64 << 10

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
            note(bytes, start..<(lf ?? bytes.count))
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

    /// Counts a line, or a part of one, as the event's, unless it is blank.
    private mutating func note(_ bytes: Span<UInt8>, _ line: Range<Int>) {
        var end = line.upperBound
        while end > line.lowerBound, bytes[end - 1] <= 0x20 { end -= 1 }
        if end > line.lowerBound {
            // A CR before the LF is part of the line end; other white space is the line's.
            let last = line.upperBound
            contentBytes = self.bytes + Int64(last > end && bytes[last - 1] == 0x0D ? last - 1 : last)
        }
    }
}
