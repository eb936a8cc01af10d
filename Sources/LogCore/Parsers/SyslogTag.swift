/// The program's name in front of a syslog message: `program:`, `program[pid]:`, `program(module)[pid]:`.
struct SyslogTag {
    var program = 0..<0
    /// The machine that the program ran on, where another one passed the line on and wrote its own name in front.
    var machine = 0..<0
    /// A blank stands between the name and its colon: most logs write their level so.
    var isLoose = false
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
                if i > start { parenthesized(line, start, i) } else { enclosed(line, start) }
                return
            case Ascii.space:
                if i > start, line.matches(": ", at: i &+ 1), TimestampScanner.isLetter(line[unchecked: start]) {
                    program = start..<i
                    messageStart = i &+ 3
                    isLoose = true
                } else {
                    spaced(line, start, i)
                }
                return
            case Ascii.less where i > start && line[unchecked: i &- 1] == Ascii.dash:
                // `ansible-<stdin>`
                break
            case 0x00...0x1F, Ascii.quote, Ascii.equals, Ascii.less, 0x7B:
                // No program's name; `{` begins JSON.
                return
            default:
                break
            }
            i &+= 1
        }
    }

    /// `sogod [26818]: `: a number in brackets and a colon behind the program's name and a blank, or none.
    init(_ line: Span<UInt8>, _ start: Int, nameEnd: Int) {
        let bracket = nameEnd &+ 1
        guard bracket < line.count, line[unchecked: bracket] == Ascii.leftBracket else { return }
        var tag = SyslogTag()
        tag.bracketed(line, start, bracket, nameEnd: nameEnd)
        let colon = tag.pid.upperBound &+ 1
        if tag.messageStart > colon, tag.pidIsNumber, line[unchecked: colon] == Ascii.colon { self = tag }
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
        guard i < stop else { return }
        // `httpd[]: ` of a program that left its number out.
        if i == bracket &+ 1 {
            guard line.matches("]: ", at: i) else { return }
            program = start..<nameEnd
            messageStart = i &+ 3
            return
        }
        var next = i &+ 1
        if next < line.count, line[unchecked: next] == Ascii.colon {
            next &+= 1
        } else if digits, line.matches(" : ", at: next) {
            next &+= 2
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

    /// `(sd-pam)[231]: ` at `open`: a process that calls itself something else than its program is.
    private mutating func enclosed(_ line: Span<UInt8>, _ open: Int) {
        let stop = min(line.count, open &+ 64)
        var i = open &+ 1
        while i < stop, line[unchecked: i] != Ascii.rightParenthesis {
            let byte = line[unchecked: i]
            guard TimestampScanner.isWord(byte) || Self.isMark(byte) || byte == Ascii.dash else { return }
            i &+= 1
        }
        let bracket = i &+ 1
        guard i > open &+ 1, i < stop, bracket < line.count, line[unchecked: bracket] == Ascii.leftBracket else {
            return
        }
        var tag = SyslogTag()
        tag.bracketed(line, open &+ 1, bracket, nameEnd: i)
        let colon = tag.pid.upperBound &+ 1
        if tag.messageStart > colon, tag.pidIsNumber, line[unchecked: colon] == Ascii.colon { self = tag }
    }

    /// macOS names programs with blanks, `Microsoft Word[14463]: `, and machines that pass lines on write their own name in front,
    /// `vm5 sshd[12]: `. A number in brackets and a colon have to follow soon: without them such words are a message.
    private mutating func spaced(_ line: Span<UInt8>, _ start: Int, _ space: Int) {
        guard space > start, TimestampScanner.isWord(line[unchecked: start]) else { return }
        let stop = min(line.count, space &+ 48)
        var isPair = true
        var i = space &+ 1
        while i < stop {
            let byte = line[unchecked: i]
            let isFirst = line[unchecked: i &- 1] == Ascii.space
            if byte == Ascii.leftBracket {
                guard !isFirst else { return }
                var tag = SyslogTag()
                tag.bracketed(line, start, i, nameEnd: i)
                let colon = tag.pid.upperBound &+ 1
                guard tag.messageStart > colon, tag.pidIsNumber, line[unchecked: colon] == Ascii.colon else { return }
                if isPair, Self.isMachine(line, start..<space, before: (space &+ 1)..<i) {
                    tag.machine = start..<space
                    tag.program = (space &+ 1)..<i
                } else if !Self.hasCapital(line, start..<i) {
                    return
                }
                self = tag
                return
            }
            if byte == Ascii.colon, isPair, i > space &+ 1, i &+ 1 < line.count, line[unchecked: i &+ 1] == Ascii.space,
                Self.isAddress(line, start..<space)
            {
                machine = start..<space
                program = (space &+ 1)..<i
                messageStart = i &+ 2
                return
            }
            if byte == Ascii.space {
                // A blank more, or a dash between blanks, separates what is no name.
                guard !isFirst else { return }
                isPair = false
            } else if byte == Ascii.dash {
                guard !isFirst else { return }
            } else if !TimestampScanner.isWord(byte), !Self.isMark(byte) {
                return
            }
            i &+= 1
        }
    }

    /// What stands in programs' names besides letters and digits: `Safari Web Content (Cached)`, `postfix/smtpd`, `openvpn@shop`.
    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case Ascii.dot, Ascii.slash, Ascii.at, Ascii.plus, Ascii.leftParenthesis, Ascii.rightParenthesis: true
        default: byte >= 0x80
        }
    }

    /// Four numbers with dots between them.
    private static func isAddress(_ line: Span<UInt8>, _ word: Range<Int>) -> Bool {
        var dots = 0
        for i in word {
            if line[unchecked: i] == Ascii.dot {
                dots &+= 1
            } else if !TimestampScanner.isDigit(line[unchecked: i]) {
                return false
            }
        }
        return dots == 3
    }

    /// Whether the first of two words is a machine: written small, as programs with blanks in their names aren't, or with a
    /// number in front of a word that is.
    private static func isMachine(_ line: Span<UInt8>, _ word: Range<Int>, before program: Range<Int>) -> Bool {
        var isNumbered = false
        var isNamed = false
        for i in word {
            let byte = line[unchecked: i]
            switch byte {
            case Ascii.dot, Ascii.colon: isNamed = true
            case Ascii.dash: break
            default:
                guard TimestampScanner.isWord(byte) else { return false }
                if TimestampScanner.isDigit(byte) { isNumbered = true } else { isNamed = true }
            }
        }
        return isNamed && (!hasCapital(line, word) || isNumbered && !hasCapital(line, program))
    }

    private static func hasCapital(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for i in range where line[unchecked: i] &- 0x41 < 26 { return true }
        return false
    }
}
