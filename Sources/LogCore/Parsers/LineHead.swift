/// What the head of a line of no known format says, as `GenericParser` reads it.
struct LineHead {
    var severity = Severity.unspecified
    /// A name that a colon, a dash or a column marks; and one in brackets in front of the time, for want of a better one.
    var component = 0..<0
    var bracketed = 0..<0
    /// In front of the time stands what is neither level nor component: the message is the whole line.
    var keepsText = false
    /// Columns of numbers and names without a level are a table's row: its message is the whole line too.
    var isRow: Bool { column == Ascii.comma && severity == .unspecified }
    private var sawTime = false
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
            guard let piece = line.nextPiece(i, end: end, column: 0, inFront: true) else {
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
                } else if bracketed.isEmpty, line.isName(text) {
                    bracketed = text
                }
            } else if piece.end == end, line[unchecked: end &- 1] == Ascii.quote {
                // `{"time":"`: a key.
                keepsText = true
            } else if line.firstIndex(of: Ascii.equals, from: text.lowerBound) ?? end < text.upperBound {
                // `pid=12 time="…"`.
                keepsText = true
            } else if line.isNumber(text) {
                continue
            } else if line.isName(text) {
                if piece.colon {
                    labels &+= 1
                    component = text
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
        var cursor = start
        var pieces = 0
        while cursor < limit, pieces < 6,
            let piece = line.nextPiece(cursor, end: line.count, column: column, inFront: false)
        {
            let isMarked = sawTime || severity != .unspecified
            if severity == .unspecified, let level = line.level(piece, sawTime: sawTime) {
                severity = level
            } else if piece.bracketed, isMarked {
                // `<script>` is text, `<0.123.0>` a process.
                let isAngled = line[unchecked: piece.end &- 1] == Ascii.greater
                let isNamed = TimestampScanner.isLetter(line[unchecked: piece.text.lowerBound])
                if isAngled, isNamed { break }
                // A thread, a process number, a module: the first that is a name becomes the component.
                if component.isEmpty, isNamed, line.isName(piece.text) { component = piece.text }
            } else if piece.colon, isMarked, component.isEmpty, line.isName(piece.text) {
                component = piece.text
                return line.skipJoints(piece.end)
            } else if sawTime, line.isNumber(piece.text) {
                // A process number between time and level.
            } else if isMarked, component.isEmpty, line.isName(piece.text), isSetOff(line, piece) {
                component = piece.text
            } else {
                break
            }
            cursor = line.skipJoints(piece.end)
            pieces &+= 1
        }
        return cursor
    }

    /// Whether a name stands in a column of its own, or between the level and a dash: `ERROR shop.cart - no answer`,
    /// `shop.cart - ERROR - no answer`.
    private func isSetOff(_ line: Span<UInt8>, _ piece: LinePiece) -> Bool {
        var i = piece.end
        if column != 0 {
            while i < line.count, line[unchecked: i] == Ascii.space { i &+= 1 }
            return i < line.count && line[unchecked: i] == column && (column != Ascii.comma || severity != .unspecified)
        }
        guard line.matches(" - ", at: i) else { return false }
        if severity != .unspecified { return true }
        i = line.skipJoints(i)
        guard let next = line.nextPiece(i, end: line.count, column: column, inFront: false) else { return false }
        return line.level(next, sawTime: true) != nil
    }
}
