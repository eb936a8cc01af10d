/// The class of an exception and what it says, where a line names them: `java.lang.IllegalStateException: no answer`,
/// `ValueError: x`, `cart.rb:12:in 'load': no answer (RuntimeError)`, `==1==ERROR: AddressSanitizer: heap-use-after-free on …`.
package struct ExceptionName: Equatable, Sendable {
    package var type: Range<Int>
    package var message: Range<Int>

    private static let prefixes: [StaticString] = [
        "PHP Fatal error:  Uncaught ", "Fatal error: Uncaught ", "Unhandled exception. ", "Unhandled Exception: ",
        "Uncaught exception ", "Uncaught ", "Caused by: ",
    ]
    private static let endings: [StaticString] = ["Exception", "Error", "Throwable", "Failure", "Fault", "Interrupt"]
    private static let longest = 200

    /// - Parameter anyName: where only an exception's name can stand, whatever it is called.
    package init?(_ line: Span<UInt8>, anyName: Bool = false) {
        var start = line.indentation
        guard start < line.count else { return nil }
        switch line[unchecked: start] {
        case UInt8(ascii: "E") where line.matches("Exception in thread \"", at: start):
            guard let quote = line.firstIndex(of: UInt8(ascii: "\""), from: start &+ 21) else { return nil }
            start = quote &+ 2
        case UInt8(ascii: "P"), UInt8(ascii: "F"), UInt8(ascii: "U"), UInt8(ascii: "C"):
            for prefix in Self.prefixes where line.matches(prefix, at: start) {
                start &+= prefix.utf8CodeUnitCount
                break
            }
        case UInt8(ascii: "*") where line.matches("** (", at: start):
            self.init(elixir: line, start &+ 4)
            return
        case UInt8(ascii: "="):
            self.init(report: line)
            return
        case UInt8(ascii: "t") where line.matches("terminate called after throwing an instance of '", at: start):
            let from = start &+ 48
            guard let quote = line.firstIndex(of: UInt8(ascii: "'"), from: from) else { return nil }
            self.init(type: from..<quote, message: 0..<0)
            return
        default:
            break
        }
        let end = Self.nameEnd(line, start)
        guard end > start, end &- start <= Self.longest else {
            self.init(ruby: line)
            return
        }
        var rest = end
        if rest < line.count {
            // `TypeError [ERR_INVALID_ARG]: x`
            if line.matches(" [", at: rest), let close = line.firstIndex(of: UInt8(ascii: "]"), from: rest),
                close &- rest < 80
            {
                rest = close &+ 1
            }
            // `ActionView::Template::Error (undefined method):`
            if line.matches(" (", at: rest), line[unchecked: line.count &- 1] == UInt8(ascii: ":"),
                Self.isException(line, start..<end) || line.extracting(start..<end).holds("::", from: 0)
            {
                self.init(type: start..<end, message: rest &+ 2..<Swift.max(rest &+ 2, line.count &- 2))
                return
            }
            guard rest < line.count, line[unchecked: rest] == UInt8(ascii: ":") else {
                self.init(ruby: line)
                return
            }
            rest &+= 1
            guard rest == line.count || line[unchecked: rest] == 0x20 else {
                self.init(ruby: line)
                return
            }
        }
        guard anyName && line[unchecked: start].isLetter || Self.isException(line, start..<end) else { return nil }
        while rest < line.count, line[unchecked: rest] == 0x20 { rest &+= 1 }
        self.init(type: start..<end, message: rest..<line.count)
    }

    private init(type: Range<Int>, message: Range<Int>) {
        self.type = type
        self.message = message
    }

    /// Elixir's `** (RuntimeError) no stock`, `** (EXIT from #PID<0.94.0>) killed`.
    private init?(elixir line: Span<UInt8>, _ start: Int) {
        let end = Self.nameEnd(line, start)
        guard end > start, line[unchecked: start] &- 0x41 < 26,
            let close = line.firstIndex(of: UInt8(ascii: ")"), from: end), close &- end < 80
        else { return nil }
        self.init(type: start..<end, message: Swift.min(close &+ 2, line.count)..<line.count)
    }

    /// A sanitizer's: the sort of the error is what the class of an exception is elsewhere.
    private init?(report line: Span<UInt8>) {
        guard let sign = line.firstIndex(of: UInt8(ascii: "S"), from: 0), line.holds("Sanitizer: ", from: sign),
            let colon = line.firstIndex(of: UInt8(ascii: ":"), from: sign), colon &+ 2 < line.count
        else { return nil }
        var end = colon &+ 2
        while end < line.count, line[unchecked: end] != 0x20 { end &+= 1 }
        self.init(type: colon &+ 2..<end, message: Swift.min(end &+ 1, line.count)..<line.count)
    }

    /// `cart.rb:12:in 'load': no answer (RuntimeError)`
    private init?(ruby line: Span<UInt8>) {
        guard line.count > 12, line[unchecked: line.count &- 1] == UInt8(ascii: ")"), line.holds(".rb:", from: 0) else {
            return nil
        }
        var open = line.count &- 2
        while open > 0, line[unchecked: open] != UInt8(ascii: "(") { open &-= 1 }
        guard open > 1, line[unchecked: open &+ 1].isLetter else { return nil }
        var start = open
        // Behind the method, whose name stands in quotes.
        while start > 2, !line.matches("': ", at: start &- 3) { start &-= 1 }
        self.init(type: open &+ 1..<line.count &- 1, message: start > 2 ? start..<open &- 1 : 0..<0)
    }

    /// Letters, digits, `_`, `$`, and what joins parts of a name.
    private static func nameEnd(_ line: Span<UInt8>, _ start: Int) -> Int {
        var i = start
        while i < line.count, i &- start <= longest {
            let byte = line[unchecked: i]
            if byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
                || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "/")
            {
                i &+= 1
            } else if byte == UInt8(ascii: ":"), line.matches("::", at: i) {
                i &+= 2
            } else {
                break
            }
        }
        return i
    }

    private static func isException(_ line: Span<UInt8>, _ name: Range<Int>) -> Bool {
        guard let first = name.first, line[unchecked: first].isLetter || line[unchecked: first] == UInt8(ascii: "\\")
        else { return false }
        for ending in endings where line.matches(ending, at: name.upperBound &- ending.utf8CodeUnitCount) {
            return name.upperBound &- ending.utf8CodeUnitCount >= name.lowerBound
        }
        return false
    }
}
