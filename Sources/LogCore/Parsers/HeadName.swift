/// What names a program, a logger or a module in a head, and what only stands where such a name would.
extension Span<UInt8> {
    /// Whether a piece with a colon behind it names who speaks: `magicsock: no route`. Not what kind of message it is
    /// (`Error:`, `java.io.IOException:`), not what is measured (`Speed: 46 h/s`), and not without a message.
    func isLabel(_ piece: LinePiece) -> Bool {
        guard piece.colon, isName(piece.text), !isSpeech(piece.text) else { return false }
        let rest = skipJoints(piece.end)
        guard rest < count else { return false }
        let isCapital = self[unchecked: piece.text.lowerBound] &- 0x41 < 26
        return !isCapital || !self[unchecked: rest].isDigit || TimestampScanner.scan(self, at: rest) != nil
    }

    /// Words that say what a message is, how something ended or what a value is, in any case; and the types of exceptions.
    func isSpeech(_ range: Range<Int>) -> Bool {
        if isTrouble(range) { return true }
        guard range.count <= 9 else { return false }
        if range.count > 2, Severity(word: extracting(range)) != nil { return true }
        let first = self[unchecked: range.lowerBound] | 0x20
        return Self.speech.contains { word in
            word.utf8Start[0] == first && word.utf8CodeUnitCount == range.count
                && matchesAnyCase(word, at: range.lowerBound)
        }
    }

    private static var speech: [StaticString] {
        [
            "ok", "yes", "no", "on", "off", "new", "run", "done", "pass", "skip", "true", "note", "hint", "tip", "todo",
            "time", "date", "usage", "cause", "error", "false", "fixme", "total", "input", "start", "caused", "reason",
            "result", "status", "output", "detail", "passed", "failed", "failure", "skipped", "details", "message",
            "msg",
            "example", "summary", "warnings", "errors", "started", "timestamp", "exception", "succeeded", "expires",
            "unknown", "invalid", "missing", "received",
        ]
    }

    /// `TypeError`, `java.io.IOException`, `DeprecationWarning`.
    private func isTrouble(_ range: Range<Int>) -> Bool {
        let endings: [StaticString] = ["Error", "Exception", "Warning", "Failure", "Fault"]
        return endings.contains {
            let start = range.upperBound &- $0.utf8CodeUnitCount
            return start > range.lowerBound && matches($0, at: start)
        }
    }

    /// Of `sshd[4711]` and `pmdaproc(1733)` where the name ends and which number is the process; nil for anything else.
    func process(_ range: Range<Int>) -> (nameEnd: Int, pid: Range<Int>)? {
        let last = range.upperBound &- 1
        guard range.count > 3 else { return nil }
        let opening: UInt8
        switch self[unchecked: last] {
        case Ascii.rightBracket: opening = Ascii.leftBracket
        case Ascii.rightParenthesis: opening = Ascii.leftParenthesis
        default: return nil
        }
        var open = last &- 1
        while open > range.lowerBound, self[unchecked: open].isDigit { open &-= 1 }
        guard self[unchecked: open] == opening, last &- open > 1, last &- open <= 11,
            isName(range.lowerBound..<open)
        else { return nil }
        return (open, (open &+ 1)..<last)
    }

    /// Whether a name is that of a program's text: `http-server.c`, `Cart.java`.
    func isSourceFile(_ range: Range<Int>) -> Bool {
        var dot = range.upperBound &- 1
        while dot > range.lowerBound, self[unchecked: dot] != Ascii.dot { dot &-= 1 }
        guard dot > range.lowerBound else { return false }
        let ending = (dot &+ 1)..<range.upperBound
        let endings: [StaticString] = [
            "c", "cc", "cpp", "cxx", "h", "hpp", "hh", "m", "mm", "go", "py", "rs", "java", "kt", "cs", "js", "ts",
            "rb",
            "php", "pl", "lua", "swift", "vb", "pas", "f90",
        ]
        return endings.contains { ending.count == $0.utf8CodeUnitCount && matches($0, at: ending.lowerBound) }
    }

    /// A host's name or address: a word of letters, digits and the marks of addresses; some write several with commas.
    func isHost(_ range: Range<Int>) -> Bool {
        guard range.count > 1, range.count <= 64 else { return false }
        for i in range {
            let byte = self[unchecked: i]
            guard TimestampScanner.isWord(byte) || byte &- 0x2C < 3 || byte == Ascii.colon else { return false }
        }
        return true
    }

    /// How a thread is called by those who name none: `main`, `pool-1-thread-2`, `PathVisitor-1`.
    func isThread(_ range: Range<Int>) -> Bool {
        if range.count == 4, matches("main", at: range.lowerBound) { return true }
        var i = range.upperBound
        while i > range.lowerBound, self[unchecked: i &- 1].isDigit { i &-= 1 }
        return i < range.upperBound && i > range.lowerBound && self[unchecked: i &- 1] == Ascii.dash
    }

    /// Letters and a dot between some of them: `shop.cart`.
    func isDotted(_ range: Range<Int>) -> Bool {
        for i in range.dropFirst().dropLast() where self[unchecked: i] == Ascii.dot {
            if self[unchecked: i &- 1].isLetter, self[unchecked: i &+ 1].isLetter { return true }
        }
        return false
    }
}
