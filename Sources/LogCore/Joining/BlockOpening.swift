/// The first lines of blocks.
enum BlockOpening {
    static func kind(_ line: Span<UInt8>) -> Block.Kind {
        guard line.count > 0 else { return .none }
        switch line[unchecked: 0] {
        case 0x20:
            return line.matches("  + Exception Group Traceback", at: 0) ? .python : named(line)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return line.isOpenBracket ? .json : .none
        case UInt8(ascii: "<"):
            return line.isOpenTag ? .xml : .none
        case UInt8(ascii: "+"), UInt8(ascii: "|"):
            return line.isTableLine ? .table : .none
        case 0xE2:
            return line.isBox ? .table : .none
        case UInt8(ascii: "@"):
            return line.matches("@@ -", at: 0) ? .diff : .none
        case UInt8(ascii: "-"):
            return line.matches("--- a/", at: 0) || line.matches("--- /dev/null", at: 0) ? .diff : .none
        case UInt8(ascii: "="):
            if line.valgrindPrefix != nil { return line.holds("Sanitizer: ", from: 0) ? .sanitizer : .valgrind }
            // 65 before AddressSanitizer's, 18 before the others'.
            return (line.count == 65 || line.count == 18) && line.matches("==================", at: line.count &- 18)
                ? .ruler : .none
        case UInt8(ascii: "*"):
            return line.isGlibcAbort ? .native : named(line)
        case UInt8(ascii: "/"):
            return isSource(line) ? .node : named(line)
        case UInt8(ascii: "#"):
            return line.matches("#0 ", at: 0) ? .native : .none
        case UInt8(ascii: "d"):
            return line.matches("diff -", at: 0) ? .diff : .none
        case UInt8(ascii: "f"):
            if line.matches("fatal error: ", at: 0) { return .go }
            return line.matches("file:///", at: 0) && isSource(line) ? .node : named(line)
        case UInt8(ascii: "n"):
            return line.matches("node:", at: 0) && isSource(line) ? .node : named(line)
        case UInt8(ascii: "p"):
            return line.matches("panic: ", at: 0) ? .go : named(line)
        case UInt8(ascii: "t"):
            if line.isRustPanic { return .rust }
            return line.matches("terminate called ", at: 0) ? .native : named(line)
        case UInt8(ascii: "E"):
            return line.matches("Exception in thread \"", at: 0) ? .uncaught : named(line)
        case UInt8(ascii: "F"):
            if line.matches("Fatal error: Uncaught ", at: 0) { return .php }
            return line.matches("FATAL EXCEPTION: ", at: 0) ? .uncaught : statement(line)
        case UInt8(ascii: "P"):
            if line.matches("PHP Fatal error: ", at: 0) { return .php }
            return line.matches("Program received signal SIG", at: 0) ? .native : named(line)
        case UInt8(ascii: "S"):
            return isGoSignal(line) ? .go : statement(line)
        case UInt8(ascii: "T"):
            if isTraceback(line) { return .python }
            return line.matches("Thread ", at: 0) && line.holds(" (Thread 0x", from: 0) ? .native : named(line)
        case UInt8(ascii: "U"):
            if line.count == 20, line.matches("Unhandled exception:", at: 0) { return .dart }
            if line.matches("Unhandled exception. ", at: 0) || line.matches("Unhandled Exception: ", at: 0) {
                return .uncaught
            }
            return statement(line)
        case UInt8(ascii: "W"):
            if line.matches("WARNING: DATA RACE", at: 0) || line.matches("WARNING: ThreadSanitizer: ", at: 0) {
                return .sanitizer
            }
            return statement(line)
        default:
            return statement(line)
        }
    }

    /// Whether the line opens a Python traceback.
    static func isTraceback(_ line: Span<UInt8>) -> Bool {
        let at = line.matches("  + Exception Group ", at: 0) ? 20 : 0
        return line.matches("Traceback (most recent call last)", at: at)
    }

    /// What Go prints of a signal that it can't handle, above `PC=` and the goroutines.
    private static func isGoSignal(_ line: Span<UInt8>) -> Bool {
        guard line.matches("SIG", at: 0) else { return false }
        let signals: [StaticString] = [
            "SIGSEGV: segmentation violation", "SIGABRT: abort", "SIGBUS: bus error", "SIGILL: illegal instruction",
            "SIGFPE: floating-point exception", "SIGQUIT: quit", "SIGTRAP: trace trap",
        ]
        return signals.contains { line.count == $0.utf8CodeUnitCount && line.matches($0, at: 0) }
    }

    private static func named(_ line: Span<UInt8>) -> Block.Kind { ExceptionName(line) == nil ? .none : .java }

    private static func statement(_ line: Span<UInt8>) -> Block.Kind {
        guard line.count > 5, (0x41...0x5A).contains(line[unchecked: 1]) else { return named(line) }
        for word in statements where line.matches(word, at: 0) { return line.endsStatement ? .none : .statement }
        return named(line)
    }

    private static let statements: [StaticString] = [
        "SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE ", "CREATE INDEX ", "ALTER TABLE ", "WITH ",
        "SELECT\t", "CREATE OR ", "CREATE VIEW ", "MERGE INTO ",
    ]
    private static let parts: [StaticString] = [
        "FROM ", "WHERE ", "AND ", "OR ", "ON ", "JOIN ", "LEFT ", "RIGHT ", "INNER ", "OUTER ", "CROSS ", "GROUP BY ",
        "ORDER BY ", "HAVING ", "LIMIT ", "OFFSET ", "VALUES", "SET ", "UNION", "RETURNING ", "SELECT ", "USING ", ")",
        "(",
        ",", ";", "-- ", "WHEN ", "INSERT ", "UPDATE ", "DELETE ",
    ]

    /// A line of a statement that isn't indented.
    static func isStatementPart(_ line: Span<UInt8>) -> Bool {
        for part in parts where line.matches(part, at: 0) { return true }
        return false
    }

    /// `/srv/mailer/src/main.js:71`, alone on its line.
    private static func isSource(_ line: Span<UInt8>) -> Bool {
        var digits = line.count
        while digits > 0, line[unchecked: digits &- 1].isDigit { digits &-= 1 }
        guard digits < line.count, line.count &- digits < 8, digits > 4,
            line[unchecked: digits &- 1] == UInt8(ascii: ":"),
            line.firstIndex(of: 0x20, from: 0) == nil
        else { return false }
        return line.matches(".js:", at: digits &- 4) || line.matches(".ts:", at: digits &- 4)
            || line.matches("js:", at: digits &- 3) || line.matches("node:", at: 0)
    }
}

extension Span<UInt8> {
    /// The index behind leading digits; 0 if there are none.
    var digits: Int {
        var i = 0
        while i < count, self[unchecked: i].isDigit { i &+= 1 }
        return i
    }

    /// Opening brackets less closing ones, those in strings left out.
    var bracketDepth: Int {
        var depth = 0
        var isInside = false
        var i = 0
        while i < count {
            switch self[unchecked: i] {
            case UInt8(ascii: "\\") where isInside: i &+= 1
            case UInt8(ascii: "\""): isInside.toggle()
            case UInt8(ascii: "{"), UInt8(ascii: "["): if !isInside { depth &+= 1 }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): if !isInside { depth &-= 1 }
            default: break
            }
            i &+= 1
        }
        return depth
    }

    /// A bracket, perhaps two, and nothing else.
    fileprivate var isOpenBracket: Bool {
        var end = count
        while end > 0, self[unchecked: end &- 1] <= 0x20 { end &-= 1 }
        guard end > 0, end <= 3 else { return false }
        for i in 0..<end {
            let byte = self[unchecked: i]
            guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") || byte == 0x20 else { return false }
        }
        return true
    }

    /// `<?xml …?>`, or a tag that is opened and not closed in its line.
    fileprivate var isOpenTag: Bool {
        guard count > 2, self[unchecked: count &- 1] == UInt8(ascii: ">") else { return false }
        if matches("<?xml ", at: 0) { return true }
        return self[unchecked: 1].isLetter && self[unchecked: count &- 2] != UInt8(ascii: "/") && !holds("</", from: 0)
    }

    /// A border, or a row between bars.
    fileprivate var isTableLine: Bool {
        guard count > 4 else { return false }
        let last = self[unchecked: count &- 1]
        if self[unchecked: 0] == UInt8(ascii: "|") {
            return self[unchecked: 1] == 0x20 && last == UInt8(ascii: "|")
        }
        return (matches("+--", at: 0) || matches("+==", at: 0)) && last == UInt8(ascii: "+")
    }

    /// A box drawing character, U+2500 to U+257F.
    var isBox: Bool {
        count > 2 && self[unchecked: 0] == 0xE2 && (self[unchecked: 1] == 0x94 || self[unchecked: 1] == 0x95)
    }

    var isDiff: Bool {
        switch self[unchecked: 0] {
        case 0x20, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "\\"): return true
        case UInt8(ascii: "@"): return matches("@@ -", at: 0)
        case UInt8(ascii: "d"): return matches("diff -", at: 0) || matches("deleted file mode", at: 0)
        case UInt8(ascii: "i"): return matches("index ", at: 0)
        case UInt8(ascii: "n"): return matches("new file mode", at: 0) || matches("new mode", at: 0)
        case UInt8(ascii: "o"): return matches("old mode", at: 0)
        case UInt8(ascii: "r"): return matches("rename ", at: 0)
        case UInt8(ascii: "s"): return matches("similarity index", at: 0)
        case UInt8(ascii: "B"): return matches("Binary files ", at: 0)
        default: return false
        }
    }

    var endsStatement: Bool {
        var end = count
        while end > 0, self[unchecked: end &- 1] <= 0x20 { end &-= 1 }
        return end > 0 && self[unchecked: end &- 1] == UInt8(ascii: ";")
    }

    /// The index behind `==4242==` and a space.
    var valgrindPrefix: Int? {
        guard count > 4, matches("==", at: 0) else { return nil }
        var i = 2
        while i < count, self[unchecked: i].isDigit { i &+= 1 }
        guard i > 2, i < 14, matches("==", at: i) else { return nil }
        i &+= 2
        return i < count && self[unchecked: i] == 0x20 ? i &+ 1 : i
    }

    /// `thread 'main' panicked at …`
    fileprivate var isRustPanic: Bool {
        // Up to the quote; thread names are short.
        guard matches("thread '", at: 0), let quote = firstIndex(of: UInt8(ascii: "'"), from: 8), quote < 160 else {
            return false
        }
        var at = quote &+ 1
        if matches(" (", at: at), let end = firstIndex(of: UInt8(ascii: ")"), from: at), end < 200 { at = end &+ 1 }
        return matches(" panicked at ", at: at) || matches(" has overflowed its stack", at: at)
    }

    /// `net/http.(*conn).serve(0xc000, {0x7f, 0x1})`: a call without a space before its arguments.
    var isGoCall: Bool {
        guard count > 3, self[unchecked: count &- 1] == UInt8(ascii: ")"),
            let open = firstIndex(of: UInt8(ascii: "("), from: 1)
        else { return false }
        for i in 0..<open where self[unchecked: i] == 0x20 { return false }
        return true
    }

    /// `rax    0x0`
    var isRegister: Bool {
        guard count < 40, let space = firstIndex(of: 0x20, from: 0), space > 1, space < 8 else { return false }
        return holds(" 0x", from: space)
    }

    fileprivate var isGlibcAbort: Bool {
        matches("*** Error in `", at: 0) || matches("*** stack smashing detected", at: 0) || matches("*** SIG", at: 0)
            || matches("*** buffer overflow detected", at: 0) || matches("*** Aborted at ", at: 0)
    }

    var isNativeCrash: Bool {
        switch self[unchecked: 0] {
        case UInt8(ascii: "="): return matches("======= ", at: 0)
        case UInt8(ascii: "#"): return LineShape.isJoint(self)
        case UInt8(ascii: "/"): return holds("[0x", from: 0)
        case UInt8(ascii: "["):
            return matches("[0x", at: 0) || matches("[New Thread", at: 0) || matches("[Switching to", at: 0)
        case UInt8(ascii: "T"): return matches("Thread ", at: 0)
        case UInt8(ascii: "P"): return matches("PC: @", at: 0)
        case UInt8(ascii: "A"): return matches("Aborted", at: 0)
        case UInt8(ascii: "S"): return matches("Segmentation fault", at: 0)
        case UInt8(ascii: "0"): return matches("0x", at: 0) || isMapLine
        default: return isMapLine
        }
    }

    /// `7f3a80021000-7f3a84000000 ---p 00000000 00:00 0`
    private var isMapLine: Bool {
        guard count > 24, let dash = firstIndex(of: UInt8(ascii: "-"), from: 0), dash >= 8, dash <= 16 else {
            return false
        }
        for i in 0..<dash where !self[unchecked: i].isDigit && (self[unchecked: i] | 0x20) &- 0x61 > 5 { return false }
        return holds("p ", from: dash)
    }
}
