/// The program's name in front of a syslog message: `program:`, `program[pid]:`, `program(module)[pid]:`.
struct SyslogTag {
    var program = 0..<0
    /// What stands in parentheses: PAM's module, for one.
    var module = 0..<0
    var pid = 0..<0
    var pidIsNumber = false
    /// -1 where there is no tag.
    var messageStart = -1

    /// Longer than any program's name or path in practice; a bound for lines without a tag.
    private static let limit = 128

    /// No tag.
    init() {}

    /// The tag that begins at `start`, or none.
    init(_ line: Span<UInt8>, _ start: Int) {
        let stop = min(line.count, start &+ Self.limit)
        var i = start
        while i < stop {
            switch line[unchecked: i] {
            case Ascii.colon:
                // A colon within a word (`a::b`, `http://`) is part of it.
                guard i > start else { return }
                let next = i &+ 1
                if next == line.count || line[unchecked: next] == Ascii.space {
                    program = start..<i
                    messageStart = min(next &+ 1, line.count)
                    return
                }
            case Ascii.leftBracket:
                if i > start { bracketed(line, start, i, nameEnd: i) }
                return
            case Ascii.leftParenthesis:
                if i > start { parenthesized(line, start, i) }
                return
            case Ascii.space:
                spaced(line, start, i)
                return
            case 0x00...0x1F, Ascii.quote, Ascii.equals, Ascii.less, 0x7B:
                // No program's name; `{` begins JSON.
                return
            default:
                break
            }
            i &+= 1
        }
    }

    /// `[231]: ` or `[231] ` at `bracket`; the program is what stands from `start` to `nameEnd`.
    @inline(__always)
    private mutating func bracketed(_ line: Span<UInt8>, _ start: Int, _ bracket: Int, nameEnd: Int) {
        let stop = min(line.count, bracket &+ 24)
        var i = bracket &+ 1
        var digits = true
        while i < stop, line[unchecked: i] != Ascii.rightBracket {
            guard line[unchecked: i] != Ascii.space else { return }
            digits = digits && TimestampScanner.isDigit(line[unchecked: i])
            i &+= 1
        }
        guard i < stop, i > bracket &+ 1 else { return }
        var next = i &+ 1
        if next < line.count, line[unchecked: next] == Ascii.colon {
            next &+= 1
        } else if !digits || (next < line.count && line[unchecked: next] != Ascii.space) {
            return
        }
        if next < line.count, line[unchecked: next] == Ascii.space { next &+= 1 }
        program = start..<nameEnd
        pid = (bracket &+ 1)..<i
        pidIsNumber = digits
        messageStart = next
    }

    /// `(pam_unix)[231]: ` or `(pam_unix): ` at `open`.
    private mutating func parenthesized(_ line: Span<UInt8>, _ start: Int, _ open: Int) {
        let stop = min(line.count, open &+ 64)
        var i = open &+ 1
        while i < stop, line[unchecked: i] != Ascii.rightParenthesis {
            guard line[unchecked: i] > Ascii.space else { return }
            i &+= 1
        }
        let next = i &+ 1
        guard i < stop, next < line.count else { return }
        if line[unchecked: next] == Ascii.leftBracket {
            bracketed(line, start, next, nameEnd: open)
        } else if line[unchecked: next] == Ascii.colon,
            next &+ 1 == line.count || line[unchecked: next &+ 1] == Ascii.space
        {
            program = start..<open
            messageStart = min(next &+ 2, line.count)
        }
        if messageStart >= 0 { module = (open &+ 1)..<i }
    }

    /// macOS names programs with spaces: `Microsoft Word[14463]: `. A number in brackets and a colon
    /// have to follow soon.
    private mutating func spaced(_ line: Span<UInt8>, _ start: Int, _ space: Int) {
        guard space > start, TimestampScanner.isLetter(line[unchecked: start]) else { return }
        let stop = min(line.count, space &+ 32)
        var i = space &+ 1
        while i < stop {
            let byte = line[unchecked: i]
            if byte == Ascii.leftBracket {
                guard line[unchecked: i &- 1] != Ascii.space else { return }
                var tag = SyslogTag()
                tag.bracketed(line, start, i, nameEnd: i)
                let colon = tag.pid.upperBound &+ 1
                if tag.messageStart > colon, tag.pidIsNumber, line[unchecked: colon] == Ascii.colon { self = tag }
                return
            }
            guard TimestampScanner.isWord(byte) || byte == Ascii.space || byte == Ascii.dot || byte == Ascii.dash
            else { return }
            i &+= 1
        }
    }
}
