/// What the head of a line of no known format says, as `GenericParser` reads it.
struct LineHead {
    var severity = Severity.unspecified
    /// A name that a colon, a dash or a column marks.
    var component = 0..<0
    /// Names for want of a better one: in brackets in front of the time or the level, and a word in front of the level.
    private var bracketed = 0..<0
    private var word = 0..<0
    /// The one in brackets stands in front of the time.
    private var isBefore = false
    /// What these prove to be where there is a better one.
    var thread = 0..<0
    var host = 0..<0
    /// What stands in brackets and names nothing that is known.
    var context = 0..<0
    /// In front of the time stands what is neither level nor component: the message is the whole line.
    var keepsText = false
    /// Columns of numbers and names without a level are a table's row: its message is the whole line too.
    var isRow: Bool { column == Ascii.comma && severity == .unspecified }
    /// Cells of the line may be quoted.
    var isTable: Bool { column != 0 }
    private var sawTime = false
    /// The level is written as syslog does: `<auth.info>`.
    private var isSyslog = false
    /// What stands between the columns of the line: `|`, `;`, `,` or a tab; 0 for none.
    private var column: UInt8 = 0

    // MARK: In front of the time

    /// Reads what stands in front of a time that begins at `end`. False where that is a sentence, so that the time is a
    /// part of what it says: `the backup of 2026-11-20 04:00:00 is done`, `expires: 2026-11-20 04:00:00`.
    ///
    /// Brackets, levels, numbers, names with a colon or in columns are a head. Bare words may be names or prose: of them a
    /// few are a head if a level goes with them, and one if more than the time follows.
    mutating func readBefore(_ line: Span<UInt8>, _ end: Int, timeEnd: Int) -> Bool {
        var i = 0
        var words = 0
        var labels = 0
        // A word that only a level separates from the time.
        var lastWord = 0..<0
        sawTime = true
        while i < end {
            let byte = line[unchecked: i]
            guard !byte.isMark else {
                if byte != Ascii.space { lastWord = 0..<0 }
                i &+= 1
                continue
            }
            guard let piece = quotedCell(line, i) ?? line.nextPiece(i, end: end, column: 0, inFront: true) else {
                // A bracket that only the time closes.
                guard byte.closing != 0 else { return false }
                i &+= 1
                continue
            }
            i = piece.end
            let text = piece.text
            if severity == .unspecified, let level = line.level(piece, sawTime: true) {
                severity = level
                continue
            }
            lastWord = 0..<0
            if piece.bracketed {
                if byte == Ascii.less, text.lowerBound == 1, severity == .unspecified, let level = priority(line, text)
                {
                    severity = level
                } else if bracketed.isEmpty, line.isName(text), !line.isSpeech(text) {
                    bracketed = text
                    isBefore = true
                }
            } else if piece.end == end, line[unchecked: end &- 1] == Ascii.quote {
                // `{"time":"`: a key.
                keepsText = true
            } else if line.firstIndex(of: Ascii.equals, from: text.lowerBound) ?? end < text.upperBound {
                // `pid=12 time="…"`.
                keepsText = true
            } else if line.isNumber(text) || isWeekday(line, text) {
                continue
            } else if line.isName(text) {
                if piece.colon {
                    labels &+= 1
                    if !line.isSpeech(text) { component = text }
                } else {
                    guard !line.isConnective(text) else { return false }
                    words &+= 1
                    lastWord = text
                }
            } else {
                // An address or the like says something; what is no name at all is prose.
                guard !line.extracting(text).mayNameComponent else { return false }
                keepsText = true
            }
        }
        column = line.column(behind: timeEnd)
        let rest = line.skipJoints(timeEnd)
        let goesOn = rest < line.count
        if words == 0 { return goesOn || labels == 0 }
        let next = line.nextPiece(rest, end: line.count, column: column, inFront: false)
        let levelFollows = next.map { line.level($0, sawTime: true) != nil } ?? false
        // `lease (2026-11-20 04:00:00) is over`.
        let isAside = line[unchecked: end &- 1] == Ascii.leftParenthesis
        guard
            levelFollows && words <= 3
                || words == 1 && (severity != .unspecified || labels == 0 && goesOn && !isAside)
        else { return false }
        if component.isEmpty, levelFollows || severity != .unspecified, !lastWord.isEmpty {
            component = lastWord
        } else {
            keepsText = true
        }
        return true
    }

    /// The cell whose opening quote stands in front of `start`.
    private func quotedCell(_ line: Span<UInt8>, _ start: Int) -> LinePiece? {
        guard start > 0, line[unchecked: start &- 1] == Ascii.quote, let end = line.endOfQuotedCell(start &- 1),
            end < line.count, end &- 1 > start
        else { return nil }
        return LinePiece(text: start..<(end &- 1), end: end, bracketed: false, colon: true)
    }

    /// `Fri 2026-11-20 04:00:16`: of the days' names the English ones only, for others are words too.
    private func isWeekday(_ line: Span<UInt8>, _ text: Range<Int>) -> Bool {
        guard text.count == 3, line[unchecked: text.lowerBound] &- 0x41 < 26 else { return false }
        return Self.weekdays.contains { line.matches($0, at: text.lowerBound) }
    }

    private static let weekdays: [StaticString] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// Of `<3>`, as the kernel and syslog write it.
    private func priority(_ line: Span<UInt8>, _ text: Range<Int>) -> Severity? {
        guard text.count <= 3, let value = line.decimal(text), value < 192 else { return nil }
        switch value & 7 {
        case 0...2: return .critical
        case 3: return .error
        case 4: return .warning
        case 7: return .debug
        default: return .info
        }
    }

    // MARK: Behind it

    /// Reads the pieces from `start` on; returns where the message begins.
    mutating func readOn(_ line: Span<UInt8>, from start: Int, limit: Int) -> Int {
        var cursor = start == 0 && !sawTime ? readOpening(line) : start
        var pieces = 0
        // Where a number stands that only what follows proves to be a process and no part of the message.
        var number: Int?
        // Where brackets stand that hold nothing, as a context does that isn't set: a level has to follow.
        var empty: Int?
        while cursor < limit, pieces < 6 {
            guard let piece = line.nextPiece(cursor, end: line.count, column: column, inFront: false) else {
                guard sawTime, severity == .unspecified, let end = line.endOfEmptyBrackets(cursor) else { break }
                empty = empty ?? cursor
                cursor = line.skipJoints(end)
                pieces &+= 1
                continue
            }
            let isMarked = sawTime || severity != .unspecified
            let isCell = line.isCell(piece, column)
            if severity == .unspecified, let level = line.level(piece, sawTime: sawTime, isCell: isCell) {
                severity = level
                isSyslog = line[unchecked: piece.end &- 1] == Ascii.greater
            } else if piece.bracketed, isMarked {
                // `<script>` is text, `<0.123.0>` a process.
                let isAngled = line[unchecked: piece.end &- 1] == Ascii.greater
                let isNamed = TimestampScanner.isLetter(line[unchecked: piece.text.lowerBound])
                if isAngled, isNamed { break }
                if isNamed, component.isEmpty, line.isName(piece.text), !line.isSpeech(piece.text) {
                    takeBracketed(line, piece.text)
                } else if isNamed, component.isEmpty, bracketed.isEmpty, severity == .unspecified,
                    levelFollows(line, piece)
                {
                    // `[AppID 440] ERROR: no answer`: of several words, so it is a name only where a level follows.
                    bracketed = piece.text
                } else if isNamed, component.isEmpty, line.isSpoken(piece.text) {
                    // Else it is what the message begins with: `[job 12] clone`.
                    break
                } else if isNamed, thread.isEmpty, line.isThread(piece.text) {
                    thread = piece.text
                } else if !line.isNumber(piece.text), line.isWorded(piece.text) {
                    // Nothing that is known. What stands side by side is one.
                    let isNext = !context.isEmpty && line.skipJoints(context.upperBound &+ 1) == cursor
                    if context.isEmpty {
                        context = piece.text
                    } else if isNext {
                        context = context.lowerBound..<piece.text.upperBound
                    }
                }
            } else if isMarked, component.isEmpty, piece.colon, mayTake(line, piece), line.isLabel(piece) {
                take(line, piece.text)
                return readLevel(line, from: line.skipJoints(piece.end))
            } else if sawTime, line.isNumber(piece.text) {
                // A process number between time and level.
                let isPadded = cursor > 1 && line.matches("  ", at: cursor &- 2)
                if !piece.bracketed, !piece.colon, !isCell, !isPadded { number = number ?? cursor }
                cursor = line.skipJoints(piece.end)
                pieces &+= 1
                continue
            } else if isCell, thread.isEmpty, line.isThread(piece.text), namesFollow(line, piece) {
                thread = piece.text
            } else if isMarked, component.isEmpty, isSetOff(line, piece) {
                take(line, piece.text)
            } else if sawTime, component.isEmpty, word.isEmpty, isInFront(line, piece) {
                word = piece.text
            } else {
                break
            }
            number = nil
            cursor = line.skipJoints(piece.end)
            pieces &+= 1
        }
        if let number { cursor = number }
        if severity == .unspecified, let empty { cursor = min(cursor, empty) }
        if component.isEmpty { component = word.isEmpty ? bracketed : word }
        return cursor
    }

    /// Of a line without a time, the name with which it opens: `[cont-init.d] executing`, `s6-rc: warning: no answer`,
    /// `conda (WARNING): no answer`, `named[1806]: no answer`. A word and a colon alone are as often prose, or a key.
    private mutating func readOpening(_ line: Span<UInt8>) -> Int {
        guard severity == .unspecified, let piece = line.nextPiece(0, end: line.count, column: 0, inFront: false),
            piece.text.count > 1, line.level(piece, sawTime: false) == nil
        else { return 0 }
        let rest = line.skipJoints(piece.end)
        guard rest < line.count else { return 0 }
        if piece.bracketed {
            guard line[unchecked: 0] == Ascii.leftBracket, rest > piece.end, line.isText(at: rest),
                line[unchecked: piece.text.lowerBound].isLetter, line.isPlainName(piece.text)
            else { return 0 }
        } else if !piece.colon || line.process(piece.text) == nil {
            guard line.isPlainName(piece.text), let (_, end) = line.levelBehind(rest),
                piece.colon
                    || end < line.count && line[unchecked: end] == Ascii.colon
                        && line[unchecked: end &- 1] != Ascii.colon
            else { return 0 }
        }
        component = piece.text
        return readLevel(line, from: rest)
    }

    /// `app: ERROR: no answer`: the level behind a name.
    private mutating func readLevel(_ line: Span<UInt8>, from start: Int) -> Int {
        guard severity == .unspecified, let (level, end) = line.levelBehind(start) else { return start }
        severity = level
        return line.skipJoints(end)
    }

    /// A thread or a module in brackets: the first one that is a name. Threads, those in front of the time and those in front
    /// of the level give way to better ones.
    private mutating func takeBracketed(_ line: Span<UInt8>, _ text: Range<Int>) {
        if bracketed.isEmpty, severity == .unspecified || line.isThread(text) {
            bracketed = text
        } else if bracketed.isEmpty || line.isThread(bracketed) || isBefore && !line.isThread(text) {
            take(line, text)
        }
    }

    private mutating func take(_ line: Span<UInt8>, _ text: Range<Int>) {
        component = text
        host = word
        if sawTime, !bracketed.isEmpty, line.isThread(bracketed) { thread = bracketed }
    }

    /// Whether a label says more than the names that stood in front of the level: `web1 INFO shop: no answer` is the shop's,
    /// but `shop.cart INFO Timeout: no answer` the cart's.
    private func mayTake(_ line: Span<UInt8>, _ piece: LinePiece) -> Bool {
        if !word.isEmpty { return line[unchecked: piece.text.lowerBound] &- 0x61 < 26 && !line.isDotted(word) }
        return bracketed.isEmpty || isBefore || line.isDotted(piece.text) || line.isThread(bracketed)
    }

    /// Whether a name stands in a column of its own, is a program with its process, or stands between the level and a dash
    /// or a colon: `ERROR shop.cart - no answer`, `shop.cart - ERROR - no answer`, `ERROR shop.cart : no answer`.
    private func isSetOff(_ line: Span<UInt8>, _ piece: LinePiece) -> Bool {
        if line.process(piece.text) != nil {
            if line[unchecked: piece.end &- 1] == Ascii.rightBracket { return true }
            // `In(182) vmkernel: up`: it is the next one who speaks.
            let next = line.nextPiece(line.skipJoints(piece.end), end: line.count, column: column, inFront: false)
            return next.map { !$0.colon || line.level($0, sawTime: true) != nil } ?? true
        }
        guard line.isName(piece.text), !line.isSpeech(piece.text) else { return false }
        if column != 0 {
            guard line.isCell(piece, column) else { return false }
            // Names and numbers between commas are any table's; a level makes it a log's.
            return column != Ascii.comma || severity != .unspecified || levelFollows(line, piece)
        }
        var i = piece.end
        while i < line.count, line[unchecked: i] == Ascii.space { i &+= 1 }
        if severity != .unspecified {
            if i > piece.end, line.matches(": ", at: i) { return true }
            if i > piece.end &+ 1, line.isDotted(piece.text) { return true }
        }
        guard line.matches(" - ", at: piece.end) else { return false }
        if severity != .unspecified { return true }
        i = line.skipJoints(piece.end)
        guard let next = line.nextPiece(i, end: line.count, column: column, inFront: false) else { return false }
        return line.level(next, sawTime: true) != nil
    }

    private func levelFollows(_ line: Span<UInt8>, _ piece: LinePiece) -> Bool {
        let rest = line.skipJoints(piece.end)
        guard let next = line.nextPiece(rest, end: line.count, column: column, inFront: false) else { return false }
        return line.level(next, sawTime: true, isCell: line.isCell(next, column)) != nil
    }

    /// Whether a thread in a column is one beside a name: that stands in another column, in front of it or behind.
    private func namesFollow(_ line: Span<UInt8>, _ piece: LinePiece) -> Bool {
        if !component.isEmpty { return true }
        let rest = line.skipJoints(piece.end)
        guard let next = line.nextPiece(rest, end: line.count, column: column, inFront: false) else { return false }
        if line.level(next, sawTime: true, isCell: true) != nil { return severity == .unspecified }
        return line.isCell(next, column) && line.isName(next.text) && !line.isSpeech(next.text)
    }

    /// Whether a word stands in front of who speaks: a logger or a host in front of the level (`shop.cart   INFO : ready`), a
    /// host in front of a program with its process or its level (`web1 sshd[4711]: closed`, `web1 pengine: error: no answer`).
    private func isInFront(_ line: Span<UInt8>, _ piece: LinePiece) -> Bool {
        let rest = line.skipJoints(piece.end)
        guard !piece.colon, !piece.bracketed, rest < line.count, line.isHost(piece.text),
            let next = line.nextPiece(rest, end: line.count, column: column, inFront: false)
        else { return false }
        if next.colon {
            if line.process(next.text) != nil || isSyslog && line.isName(next.text) { return true }
            if line.isPlainName(next.text), line.levelBehind(line.skipJoints(next.end)) != nil { return true }
        }
        guard severity == .unspecified, next.text.count > 2, line.level(next, sawTime: true) != nil,
            line.isName(piece.text), !line.isSpeech(piece.text)
        else { return false }
        if next.bracketed || rest > piece.end &+ 1 || line.isDotted(piece.text) { return true }
        // `shop ERROR: no answer`, but not `Internal error: no answer`.
        let isCapital = line[unchecked: next.text.lowerBound &+ 1] &- 0x41 < 26
        return isCapital && (next.colon || line.skipJoints(next.end) > next.end &+ 1)
    }
}

extension Span<UInt8> {
    /// Whether a letter or a digit is among the bytes.
    fileprivate func isWorded(_ range: Range<Int>) -> Bool {
        for i in range where TimestampScanner.isWord(self[unchecked: i]) || self[unchecked: i] >= 0x80 { return true }
        return false
    }

    /// A letter, a digit, or what a message begins with that quotes something.
    fileprivate func isText(at i: Int) -> Bool {
        let byte = self[unchecked: i]
        return TimestampScanner.isWord(byte) || byte >= 0x80 || byte == Ascii.leftBracket || byte == Ascii.quote
            || byte == Ascii.slash || byte == UInt8(ascii: "'")
    }

    /// Behind `[]` and `[ ]`; nil where something else stands.
    fileprivate func endOfEmptyBrackets(_ start: Int) -> Int? {
        guard self[unchecked: start] == Ascii.leftBracket else { return nil }
        var i = start &+ 1
        while i < count, self[unchecked: i] == Ascii.space { i &+= 1 }
        return i < count && self[unchecked: i] == Ascii.rightBracket ? i &+ 1 : nil
    }

    /// Several words, and so no id, thread or place.
    fileprivate func isSpoken(_ range: Range<Int>) -> Bool {
        range.contains { self[unchecked: $0] == Ascii.space }
    }

    /// A name without what makes it a place or an address, and no word of speech.
    fileprivate func isPlainName(_ range: Range<Int>) -> Bool {
        for i in range {
            switch self[unchecked: i] {
            case Ascii.colon, Ascii.at, Ascii.slash, Ascii.leftBracket, Ascii.rightBracket: return false
            default: break
            }
        }
        return isName(range) && !isSpeech(range)
    }

    /// The level that a word at `start` is, if a colon or brackets mark it.
    fileprivate func levelBehind(_ start: Int) -> (Severity, end: Int)? {
        guard let piece = nextPiece(start, end: count, column: 0, inFront: false), piece.colon || piece.bracketed,
            piece.text.count > 2, let level = level(piece, sawTime: true)
        else { return nil }
        return (level, piece.end)
    }
}
