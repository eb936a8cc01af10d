/// What a line that no format claims looks like beside those before it.
///
/// Decided from the line alone, so that it doesn't matter where a chunk of the file ends.
package enum LineShape {
    /// A JSON object or a line of logfmt by its ends: no sentence looks so.
    package static func isData(_ text: Span<UInt8>) -> Bool {
        let start = text.indentation
        guard text.count &- start > 8 else { return false }
        if text.matches("{\"", at: start) || text.matches("{ \"", at: start) {
            return text[unchecked: text.count &- 1] == UInt8(ascii: "}")
        }
        for key: StaticString in ["time=", "ts=", "level=", "timestamp=", "t=20"] where text.matches(key, at: start) {
            return true
        }
        return false
    }

    /// Whether a line belongs to whatever stands before it, by its own shape: indented, a closing bracket, or the joint of
    /// a trace.
    package static func isContinuation(_ line: Span<UInt8>) -> Bool {
        guard line.count > 0 else { return false }
        switch line[unchecked: 0] {
        case 0x20, 0x09, UInt8(ascii: "}"), UInt8(ascii: ")"):
            return true
        case UInt8(ascii: "]"):
            return line.count <= 2
        case UInt8(ascii: "-") where line.isTableRule:
            return true
        case UInt8(ascii: "("):
            return line.isRowCount
        default:
            return isJoint(line)
        }
    }

    /// Whether a shell's prompt begins the line, `ana@web1:~/shop$ make`: what follows is another program's.
    static func isPrompt(_ line: Span<UInt8>) -> Bool {
        var i = 0
        var at = 0
        var colon = 0
        while i < line.count, i < 120 {
            switch line[unchecked: i] {
            case UInt8(ascii: "@"):
                guard i > 0, at == 0 else { return false }
                at = i
            case UInt8(ascii: ":"):
                guard at > 0, i > at &+ 1 else { return false }
                if colon == 0 { colon = i }
            case UInt8(ascii: "$"), UInt8(ascii: "#"):
                return colon > 0 && i > colon &+ 1 && (i &+ 1 == line.count || line[unchecked: i &+ 1] == 0x20)
            case 0x00...0x20:
                return false
            default:
                break
            }
            i &+= 1
        }
        return false
    }

    /// The column of the time in a line that has nothing but blanks and a number in front of it: `  4711:20261122:100000`.
    package static func timeColumn(of line: Span<UInt8>) -> Int? {
        guard let found = TimestampScanner.find(line, from: 0, limit: min(line.count, 24)),
            found.time.shape == .full || found.time.shape == .yearless
        else { return nil }
        for i in 0..<found.start {
            switch line[unchecked: i] {
            case Ascii.space, Ascii.colon, Ascii.leftBracket, Ascii.rightBracket, 0x30...0x39: continue
            default: return nil
            }
        }
        return found.start
    }

    /// Whether a line can only stand within a trace: a frame, or what leads from one part of it to the next. Also where
    /// the line has a head of its own, or a shipper took the blanks away before it.
    package static func isJoint(_ text: Span<UInt8>) -> Bool {
        var i = text.indentation
        guard i < text.count else { return false }
        if text.isRubyFrame(from: i) { return true }
        switch text[unchecked: i] {
        case UInt8(ascii: "a"):
            return text.isFrame(from: i)
        case UInt8(ascii: "C"):
            return text.matches("Caused by: ", at: i)
        case UInt8(ascii: "D"):
            return text.matches("During handling of the above exception", at: i)
        case UInt8(ascii: "E"):
            return text.matches("Emitted 'error' event", at: i)
        case UInt8(ascii: "F"):
            return i > 0 && text.matches("File \"", at: i) && text.holds(", line ", from: i)
        case UInt8(ascii: "N"):
            return text.matches("Node.js v", at: i) || text.matches("Next ", at: i) && text.holds(" in /", from: i)
        case UInt8(ascii: "S"):
            return text.matches("Suppressed: ", at: i) || text.matches("Stack trace:", at: i)
        case UInt8(ascii: "T"):
            return text.matches("Traceback (most recent call last)", at: i)
                || text.matches("The above exception was", at: i)
        case UInt8(ascii: "W"):
            return text.matches("Wrapped by: ", at: i)
        case UInt8(ascii: "c"):
            return text.matches("created by ", at: i)
        case UInt8(ascii: "f"):
            return i > 0 && text.matches("from ", at: i) && text.holds(":in ", from: i)
        case UInt8(ascii: "g"):
            return text.matches("goroutine ", at: i)
        case UInt8(ascii: "n"):
            return text.matches("note: run with `RUST_BACKTRACE", at: i)
        case UInt8(ascii: "s"):
            return text.matches("stack backtrace:", at: i)
        case UInt8(ascii: "t"):
            return i > 0 && text.matches("thrown in /", at: i)
        case UInt8(ascii: "."):
            return text.matches("... ", at: i) && i &+ 4 < text.count && text[unchecked: i &+ 4].isDigit
                && (text.holds(" more", from: i) || text.holds(" common frames", from: i))
        case UInt8(ascii: "-"):
            return text.matches("--- End of ", at: i) && text.holds("stack trace", from: i)
                || text.matches("---> ", at: i)
        case UInt8(ascii: "#"):
            // `#0 /srv/index.php(7): run()`, `#1  0x00007f… in main ()`.
            i &+= 1
            let digits = i
            while i < text.count, text[unchecked: i].isDigit { i &+= 1 }
            return i > digits && i &- digits <= 4 && i < text.count && text[unchecked: i] == 0x20
                && !text.isBuildStep(from: i &+ 1)
        case UInt8(ascii: "["):
            // `[2-3] `: syslog's third part of PostgreSQL's second message.
            return text.isFurtherPart(from: i) || text.matches("[CIRCULAR REFERENCE", at: i)
        default:
            return false
        }
    }

    /// Bytes with which a message begins that may be a joint, or that begins a block which the following ones go on with.
    static let suspects: InlineArray<256, Bool> = {
        var table = InlineArray<256, Bool>(repeating: false)
        for byte in "\t aCDEFNSTWcfgnst.-#[BOGUIKRwipP=*}".utf8 { table[Int(byte)] = true }
        return table
    }()
}

extension UInt8 {
    @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
    @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
}

extension Span<UInt8> {
    /// What stands behind `#8 ` in the output of a build of images, not of a trace: `[4/5] RUN make`, `12.3 make: done`,
    /// `DONE 0.1s`.
    fileprivate func isBuildStep(from start: Int) -> Bool {
        guard start < count else { return false }
        switch self[unchecked: start] {
        case UInt8(ascii: "["): return !matches("[internal function]", at: start)
        case UInt8(ascii: "D"): return matches("DONE ", at: start)
        case UInt8(ascii: "C"): return matches("CACHED", at: start) || matches("CANCELED", at: start)
        case UInt8(ascii: "E"): return matches("ERROR", at: start)
        case UInt8(ascii: "s"): return matches("sha256:", at: start)
        default: break
        }
        var i = start
        while i < count, self[unchecked: i].isDigit { i &+= 1 }
        return i > start && i &+ 1 < count && self[unchecked: i] == UInt8(ascii: ".") && self[unchecked: i &+ 1].isDigit
    }

    /// Blanks at the start, also as syslog daemons write a tab.
    var indentation: Int {
        var i = 0
        while i < count {
            if self[unchecked: i] == 0x20 || self[unchecked: i] == 0x09 {
                i &+= 1
            } else if self[unchecked: i] == UInt8(ascii: "#"), matches("#011", at: i) {
                i &+= 4
            } else {
                break
            }
        }
        return i
    }

    /// Whether `text` stands somewhere from `start` on, within what a frame takes.
    func holds(_ text: StaticString, from start: Int) -> Bool {
        let first = text.utf8Start[0]
        let end = Swift.min(count, start &+ 1_024)
        var i = start
        while i < end, let hit = firstIndex(of: first, from: i), hit < end {
            if matches(text, at: hit) { return true }
            i = hit &+ 1
        }
        return false
    }

    /// `at shop.Cart.load(Cart.java:42)`, `at <anonymous>`, `at Shop.Cart.Load() in /src/Cart.cs:line 4`,
    /// `at async run (/srv/main.js:5:1)`, `at /rustc/…/panicking.rs:5`. Without blanks before it only with parentheses.
    fileprivate func isFrame(from i: Int) -> Bool {
        guard matches("at ", at: i), i &+ 4 < count else { return false }
        let next = self[unchecked: i &+ 3]
        guard
            next.isLetter || next == UInt8(ascii: "<") || next == UInt8(ascii: "/") || next == UInt8(ascii: "_")
                || next == UInt8(ascii: "$") || next == UInt8(ascii: "[")
        else { return false }
        if i > 0 { return holds("(", from: i) || holds(":", from: i) || holds("<anonymous>", from: i) }
        let last = self[unchecked: count &- 1]
        return holds("(", from: i) && (last == UInt8(ascii: ")") || last == UInt8(ascii: "]"))
            && (holds(":", from: i) || holds("(Native Method", from: i) || holds("(Unknown Source", from: i))
    }

    /// `app/models/cart.rb:12:in 'load'`, as Rails and Ruby's own backtraces have frames.
    fileprivate func isRubyFrame(from i: Int) -> Bool {
        guard count &- i > 8, let colon = firstIndex(of: UInt8(ascii: ":"), from: i), colon > i &+ 3, colon &- i < 400,
            matches(".rb:", at: colon &- 3)
        else { return false }
        var end = colon &+ 1
        while end < count, self[unchecked: end].isDigit { end &+= 1 }
        // With a message behind it, it is the line that names the exception.
        return end > colon &+ 1 && matches(":in ", at: end) && self[unchecked: count &- 1] != UInt8(ascii: ")")
    }

    /// `-----+------`, as psql has it below a table's names.
    fileprivate var isTableRule: Bool {
        guard count > 4, firstIndex(of: UInt8(ascii: "+"), from: 0) != nil else { return false }
        for i in 0..<count where self[unchecked: i] != UInt8(ascii: "-") && self[unchecked: i] != UInt8(ascii: "+") {
            return false
        }
        return true
    }

    /// `(2 rows)`
    fileprivate var isRowCount: Bool {
        var i = 1
        while i < count, self[unchecked: i].isDigit { i &+= 1 }
        return i > 1 && matches(" row", at: i) && count &- i <= 6
    }

    fileprivate func isFurtherPart(from i: Int) -> Bool {
        var at = i &+ 1
        while at < count, self[unchecked: at].isDigit { at &+= 1 }
        guard at > i &+ 1, at &- i < 10, at < count, self[unchecked: at] == UInt8(ascii: "-") else { return false }
        let part = at &+ 1
        at = part
        while at < count, self[unchecked: at].isDigit { at &+= 1 }
        guard at > part, at &- part < 6, matches("] ", at: at) else { return false }
        return at &- part > 1 || self[unchecked: part] > UInt8(ascii: "1")
    }
}
