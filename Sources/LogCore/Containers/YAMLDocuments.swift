/// YAML as programs print it, a line of JSON for each document: `gcloud logging read`, `kubectl get events -o yaml`.
///
/// Read are blocks, scalars in all their ways, and what stands in JSON's brackets; no anchors, tags and complex keys, which
/// no log has. However long a document is, no more of it is held than a scalar.
package struct YAMLDocuments: Transcriber, ~Copyable {
    private struct Frame {
        var column: Int
        var isList: Bool
    }

    /// A scalar that may go on in the next line.
    private enum Open {
        case none
        case plain
        /// Up to this quote.
        case quoted(UInt8)
        /// `|` or `>`: lines that stand further right than `column`. `indent` is that of its first line.
        case block(isFolded: Bool, keepsEnd: Bool, indent: Int)
    }

    package var lines: ContiguousArray<UInt8> = []
    package private(set) var problem: String?
    private var line: ContiguousArray<UInt8> = []
    private var frames: [Frame] = []
    private var open = Open.none
    /// The scalar so far, and the column of the block that it stands in.
    private var text: ContiguousArray<UInt8> = []
    private var column = 0
    /// A key or a dash stands there, and its value doesn't yet.
    private var isAwaiting = false
    /// Whether something of the document is among the lines already, even if the caller has taken it.
    private var hasDocument = false
    /// Lines are passed on as they are, up to the next document.
    private var isText = false
    private var offset = 0

    private static let longestLine = 1 << 20
    private static let deepest = 64

    package init() {}

    package mutating func take(_ bytes: Span<UInt8>) {
        var i = 0
        while i < bytes.count {
            let end = bytes.firstIndex(of: 0x0A, from: i) ?? bytes.count
            line.append(contentsOf: bytes.extracting(i..<end))
            if end < bytes.count || line.count > Self.longestLine { takeLine() }
            i = min(end + 1, bytes.count)
        }
    }

    package mutating func finish() {
        if !line.isEmpty { takeLine() }
        endDocument()
    }

    private mutating func takeLine() {
        // Moved out and back, so that what reads it may write to all else.
        var current: ContiguousArray<UInt8> = []
        swap(&current, &line)
        read(current.span)
        offset += current.count + 1
        current.removeAll(keepingCapacity: true)
        swap(&current, &line)
    }

    private mutating func read(_ whole: Span<UInt8>) {
        var end = whole.count
        while end > 0, whole[end - 1] <= 0x20 { end -= 1 }
        let line = whole.extracting(0..<end)
        if line.isEqual("---") || line.isEqual("...") { return endDocument() }
        if isText {
            lines.append(contentsOf: line)
            lines.append(0x0A)
            return
        }
        var indent = 0
        while indent < end, line[indent] == 0x20 { indent += 1 }
        if goesOn(line, indent) { return }
        if indent == end || line[indent] == UInt8(ascii: "#") { return }
        guard line[indent] != 0x09, node(line, indent) else { return fail(whole) }
    }

    private mutating func fail(_ line: Span<UInt8>) {
        if problem == nil { problem = "the YAML document is damaged at byte \(offset)" }
        endDocument()
        isText = true
        lines.append(contentsOf: line)
        lines.append(0x0A)
    }

    private mutating func endDocument() {
        endScalar()
        isText = false
        close(to: -1)
        if hasDocument { lines.append(0x0A) }
        hasDocument = false
    }

    // MARK: Blocks

    /// Reads what begins at `at`: an entry of a list, a member, or the value that is awaited.
    private mutating func node(_ line: Span<UInt8>, _ at: Int) -> Bool {
        let isEntry = line[at] == UInt8(ascii: "-") && (at + 1 == line.count || line[at + 1] == 0x20)
        let key = isEntry ? nil : key(line, at)
        if !isEntry, key == nil {
            guard isAwaiting, at > (frames.last?.column ?? -1) else { return false }
            return value(line, at)
        }
        close(to: at, isEntry: isEntry)
        if let top = frames.last, top.column == at, top.isList == isEntry {
            if isAwaiting { putNull() }
            lines.append(UInt8(ascii: ","))
        } else {
            // The document's own block, or the value that is awaited.
            let isInner = frames.last.map { $0.column < at || $0.column == at && isEntry && !$0.isList } ?? !hasDocument
            guard isInner, frames.isEmpty || isAwaiting, frames.count < Self.deepest else { return false }
            frames.append(Frame(column: at, isList: isEntry))
            lines.append(isEntry ? UInt8(ascii: "[") : UInt8(ascii: "{"))
            hasDocument = true
        }
        isAwaiting = true
        var next = at + 1
        if let key {
            lines.append(UInt8(ascii: "\""))
            putEscaped(line.extracting(key.name))
            lines.append(UInt8(ascii: "\""))
            lines.append(UInt8(ascii: ":"))
            next = key.end
        }
        while next < line.count, line[next] == 0x20 { next += 1 }
        if next == line.count || line[next] == UInt8(ascii: "#") { return true }
        return isEntry ? node(line, next) : value(line, next)
    }

    /// Ends the blocks that what begins in a column doesn't belong to.
    private mutating func close(to column: Int, isEntry: Bool = false) {
        while let top = frames.last {
            if top.column < column || top.column == column && (top.isList == isEntry || isEntry && isAwaiting) {
                return
            }
            if isAwaiting { putNull() }
            lines.append(top.isList ? UInt8(ascii: "]") : UInt8(ascii: "}"))
            frames.removeLast()
        }
    }

    private mutating func putNull() {
        lines.append(contentsOf: "null".utf8)
        isAwaiting = false
    }

    /// A name with a colon behind it.
    private func key(_ line: Span<UInt8>, _ at: Int) -> (name: Range<Int>, end: Int)? {
        let first = line[at]
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            guard let close = line.firstIndex(of: first, from: at + 1), close + 1 < line.count,
                line[close + 1] == UInt8(ascii: ":"), close + 2 == line.count || line[close + 2] == 0x20
            else { return nil }
            return (at + 1..<close, close + 2)
        }
        guard !Self.marks.contains(first) else { return nil }
        var i = at
        while let colon = line.firstIndex(of: UInt8(ascii: ":"), from: i) {
            if colon > at, colon + 1 == line.count || line[colon + 1] == 0x20 { return (at..<colon, colon + 1) }
            i = colon + 1
        }
        return nil
    }

    /// What a plain scalar doesn't begin with.
    private static let marks: [UInt8] = Array("{}[],&*!|>%@`".utf8)

    // MARK: Scalars

    private mutating func value(_ line: Span<UInt8>, _ at: Int) -> Bool {
        let first = line[at]
        text.removeAll(keepingCapacity: true)
        column = frames.last?.column ?? -1
        switch first {
        case UInt8(ascii: "|"), UInt8(ascii: ">"):
            var keepsEnd = true
            for i in at + 1..<line.count {
                if line[i] == UInt8(ascii: "-") {
                    keepsEnd = false
                } else if !line[i].isDigit, line[i] != Ascii.plus {
                    return false
                }
            }
            open = .block(isFolded: first == UInt8(ascii: ">"), keepsEnd: keepsEnd, indent: -1)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            open = .quoted(first)
            takeQuoted(line, at + 1, first)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let end = line.jsonValueEnd(from: at)
            if end == line.count {
                lines.append(contentsOf: line.extracting(at..<end))
            } else {
                // Without quotes it is YAML's own.
                put(line.extracting(at..<line.count))
            }
            isAwaiting = false
        case _ where Self.marks.contains(first): return false
        default:
            open = .plain
            text.append(contentsOf: line.extracting(at..<Self.plainEnd(line, at)))
        }
        return true
    }

    /// Where a comment begins, or the end.
    private static func plainEnd(_ line: Span<UInt8>, _ at: Int) -> Int {
        var i = at
        while let hash = line.firstIndex(of: UInt8(ascii: "#"), from: i) {
            if hash > at, line[hash - 1] == 0x20 {
                var end = hash
                while end > at, line[end - 1] == 0x20 { end -= 1 }
                return end
            }
            i = hash + 1
        }
        return line.count
    }

    /// Whether a line belongs to the scalar that is open; one that it doesn't ends it.
    private mutating func goesOn(_ line: Span<UInt8>, _ indent: Int) -> Bool {
        let isBlank = indent == line.count
        switch open {
        case .none: return false
        case .plain:
            if isBlank || indent <= column || line[indent] == UInt8(ascii: "#") || key(line, indent) != nil {
                endScalar()
                return false
            }
            text.append(0x20)
            text.append(contentsOf: line.extracting(indent..<Self.plainEnd(line, indent)))
            return true
        case .quoted(let quote):
            if isBlank {
                text.append(0x0A)
            } else {
                if let last = text.last, last != 0x0A { text.append(0x20) }
                takeQuoted(line, indent, quote)
            }
            return true
        case .block(let isFolded, let keepsEnd, var first):
            if !isBlank, indent <= column {
                endScalar()
                return false
            }
            if first < 0 {
                if isBlank { return true }
                first = indent
                open = .block(isFolded: isFolded, keepsEnd: keepsEnd, indent: indent)
            } else {
                text.append(isFolded && !isBlank && text.last != 0x0A ? 0x20 : 0x0A)
            }
            if !isBlank { text.append(contentsOf: line.extracting(min(first, indent)..<line.count)) }
            return true
        }
    }

    private mutating func takeQuoted(_ line: Span<UInt8>, _ start: Int, _ quote: UInt8) {
        var i = start
        while i < line.count {
            let byte = line[i]
            if byte == quote {
                if quote == UInt8(ascii: "'"), i + 1 < line.count, line[i + 1] == quote {
                    text.append(byte)
                    i += 2
                    continue
                }
                return endScalar()
            }
            if quote == UInt8(ascii: "\""), byte == UInt8(ascii: "\\"), i + 1 < line.count {
                i = takeEscape(line, i + 1)
                continue
            }
            text.append(byte)
            i += 1
        }
    }

    /// One escape of a text in double quotes; gives the offset behind it.
    private mutating func takeEscape(_ line: Span<UInt8>, _ at: Int) -> Int {
        let digits: Int
        switch line[at] {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "e"): text.append(0x1B)
        case UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U"):
            digits = line[at] == UInt8(ascii: "x") ? 2 : line[at] == UInt8(ascii: "u") ? 4 : 8
            let end = min(at + 1 + digits, line.count)
            let value = UInt32(line.string(at + 1..<end), radix: 16).flatMap { Unicode.Scalar($0) }
            text.append(contentsOf: String(value ?? "\u{FFFD}").utf8)
            return end
        default: text.append(line[at])
        }
        return at + 1
    }

    /// Writes the scalar that is open.
    private mutating func endScalar() {
        if case .none = open { return }
        var isPlain = false
        if case .plain = open { isPlain = true }
        if case .block(_, let keepsEnd, _) = open {
            while text.last == 0x0A { text.removeLast() }
            if keepsEnd, !text.isEmpty { text.append(0x0A) }
        }
        open = .none
        isAwaiting = false
        var current: ContiguousArray<UInt8> = []
        swap(&current, &text)
        write(current.span, isPlain: isPlain)
        current.removeAll(keepingCapacity: true)
        swap(&current, &text)
    }

    /// Words and numbers without quotes are JSON's too.
    private mutating func write(_ scalar: Span<UInt8>, isPlain: Bool) {
        let isWord = scalar.isEqual("true") || scalar.isEqual("false") || scalar.isEqual("null")
        if isPlain, isWord || scalar.jsonNumberEnd(from: 0) == scalar.count {
            lines.append(contentsOf: scalar)
        } else if isPlain, scalar.isEqual("~") {
            lines.append(contentsOf: "null".utf8)
        } else {
            put(scalar)
        }
    }

    private mutating func put(_ text: Span<UInt8>) {
        lines.append(UInt8(ascii: "\""))
        putEscaped(text)
        lines.append(UInt8(ascii: "\""))
    }

    private mutating func putEscaped(_ text: Span<UInt8>) {
        for i in 0..<text.count {
            let byte = text[i]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                lines.append(UInt8(ascii: "\\"))
                lines.append(byte)
            case 0x0A: lines.append(contentsOf: "\\n".utf8)
            case 0x0D: lines.append(contentsOf: "\\r".utf8)
            case 0x09: lines.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                lines.append(contentsOf: "\\u00".utf8)
                lines.append(0x30 + (byte >> 4))
                lines.append(byte & 15 < 10 ? 0x30 + (byte & 15) : 0x57 + (byte & 15))
            default: lines.append(byte)
            }
        }
    }
}

extension YAMLDocuments {
    /// The JSON that a file which begins so is turned into, if it holds events: documents of which one is an event, with a time among its
    /// members, or a document that holds many at one of the paths.
    package static func isHead(_ head: Span<UInt8>, _ paths: [JSONRecordPath]) -> (
        isOne: Bool, layout: JSONRecords.Layout?
    ) {
        let isParted = head.matches("---", at: 0) && head.count > 3 && (head[3] == 0x0A || head[3] == 0x0D)
        guard isParted || head.count > 0 && TimestampScanner.isLetter(head[0]) else { return (false, nil) }
        var documents = YAMLDocuments()
        var start = 0
        // The last line may be half of one.
        while let end = head.firstIndex(of: 0x0A, from: start) {
            documents.take(head.extracting(start..<end + 1))
            if documents.problem != nil { return (false, nil) }
            start = end + 1
        }
        if start == 0 { return (false, nil) }
        let made = documents.lines
        if case .documents(let found)? = JSONRecords.layout(of: made.span, paths), !found.isEmpty {
            return (true, .documents(found))
        }
        return (isParted && hasTime(made.span), nil)
    }

    /// Whether a member of the object is a time with its date.
    private static func hasTime(_ object: Span<UInt8>) -> Bool {
        guard object.count > 0, object[0] == UInt8(ascii: "{") else { return false }
        var i = 1
        while i < object.count, object[i] == UInt8(ascii: "\"") {
            var escaped = false
            let nameEnd = object.jsonStringEnd(from: i + 1, escaped: &escaped)
            guard nameEnd >= 0, nameEnd + 2 < object.count else { return false }
            let end = object.jsonValueEnd(from: nameEnd + 2)
            guard end >= 0 else { return false }
            if object[nameEnd + 2] == UInt8(ascii: "\""),
                let time = RoleValues.time(object.extracting(nameEnd + 3..<end - 1)),
                time.shape == .full
            {
                return true
            }
            i = end + 1
        }
        return false
    }
}
