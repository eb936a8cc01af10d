import LogCore

/// Tells the constant words of a message from what varies, by looks alone: a pure function of the line,
/// so that a template's id is the same in every run, on every machine, with any number of workers.
///
/// A token runs up to white space or one of `=()[]{},;"'<>|`. It varies if it holds a digit, begins with `/`,
/// holds `://`, or stands right behind `=`; so does all that stands in double quotes.
struct TemplateScanner {
    /// What a byte is to the scanner, one bit each.
    private static let stop: UInt8 = 1
    private static let digit: UInt8 = 4
    private static let slash: UInt8 = 8

    private let classes: ContiguousArray<UInt8>

    init() {
        var classes = ContiguousArray<UInt8>(repeating: 0, count: 256)
        for byte in UInt8.min...UInt8.max {
            switch byte {
            case 0x00...0x20: classes[Int(byte)] = Self.stop
            case UInt8(ascii: "0")...UInt8(ascii: "9"): classes[Int(byte)] = Self.digit
            case UInt8(ascii: "/"): classes[Int(byte)] = Self.slash
            default: break
            }
        }
        for byte in "=()[]{},;\"'<>|".utf8 { classes[Int(byte)] = Self.stop }
        self.classes = classes
    }

    /// A piece of a message. `wildcard` ranges are masked; the others are text as it stands.
    enum Piece { case text, wildcard }

    /// A number that is equal for messages of one template, and as good as never for others. `wildcard` is told of what
    /// varies.
    @inline(__always)
    func hash(_ message: Span<UInt8>, wildcard: (Range<Int>) -> Void = { _ in }) -> UInt64 {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
        message.withUnsafeBytes { bytes in
            walk(bytes) { piece, range in
                switch piece {
                case .wildcard:
                    hash = Self.mix(hash, 0x2A2A_2A2A)
                    wildcard(range)
                case .text:
                    var i = range.lowerBound
                    while i &+ 8 <= range.upperBound {
                        hash = Self.mix(hash, bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))
                        i &+= 8
                    }
                    if i < range.upperBound {
                        var tail: UInt64 = 0
                        let rest = range.upperBound &- i
                        if i &+ 8 <= bytes.count {
                            tail = bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)
                            tail &= ~0 >> UInt64(64 &- 8 &* rest)
                        } else {
                            for k in 0..<rest { tail |= UInt64(bytes[i &+ k]) << UInt64(8 &* k) }
                        }
                        hash = Self.mix(hash, tail ^ UInt64(rest) << 56)
                    }
                }
            }
        }
        return hash ^ (hash >> 29)
    }

    /// The template as people read it, `<*>` for what varies.
    func text(_ message: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(message.count + 16)
        message.withUnsafeBytes { bytes in
            walk(bytes) { piece, range in
                switch piece {
                case .wildcard: text.append(contentsOf: "<*>".utf8)
                case .text: text += bytes[range]
                }
            }
        }
        return text
    }

    @inline(__always)
    private static func mix(_ hash: UInt64, _ value: UInt64) -> UInt64 {
        // The odd constant of Fibonacci hashing; the rotation carries high bits back down.
        let product = (hash ^ value) &* 0x9E37_79B9_7F4A_7C15
        return product << 31 | product >> 33
    }

    @inline(__always)
    private func walk(_ bytes: UnsafeRawBufferPointer, _ visit: (Piece, Range<Int>) -> Void) {
        classes.withUnsafeBufferPointer { classes in
            let count = bytes.count
            var i = 0
            var textStart = 0
            var afterEquals = false
            while i < count {
                let byte = bytes[i]
                if classes[Int(byte)] & Self.stop != 0 {
                    if byte == UInt8(ascii: "\""), let close = closingQuote(bytes, i) {
                        visit(.text, textStart..<i &+ 1)
                        if close > i &+ 1 { visit(.wildcard, i &+ 1..<close) }
                        textStart = close
                        i = close &+ 1
                        afterEquals = false
                        continue
                    }
                    afterEquals = byte == UInt8(ascii: "=")
                    i &+= 1
                    continue
                }
                let start = i
                var seen: UInt8 = 0
                while i < count {
                    let bits = classes[Int(bytes[i])]
                    if bits & Self.stop != 0 { break }
                    seen |= bits
                    i &+= 1
                }
                let varies =
                    seen & Self.digit != 0 || afterEquals
                    || (seen & Self.slash != 0 && isPath(bytes, start, i))
                afterEquals = false
                if varies {
                    var end = i
                    // A full stop or colon behind the value belongs to the sentence.
                    while end > start &+ 1, isPunctuation(bytes[end &- 1]) { end &-= 1 }
                    visit(.text, textStart..<start)
                    visit(.wildcard, start..<end)
                    textStart = end
                }
            }
            if textStart < count { visit(.text, textStart..<count) }
        }
    }

    private func isPath(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
        if bytes[start] == UInt8(ascii: "/") { return end &- start > 1 }
        var i = start
        while i &+ 2 < end {
            if bytes[i] == UInt8(ascii: ":"), bytes[i &+ 1] == UInt8(ascii: "/"), bytes[i &+ 2] == UInt8(ascii: "/") {
                return true
            }
            i &+= 1
        }
        return false
    }

    private func isPunctuation(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!")
            || byte == UInt8(ascii: "?")
    }

    /// The quote that closes the one at `open`, within 256 bytes.
    private func closingQuote(_ bytes: UnsafeRawBufferPointer, _ open: Int) -> Int? {
        let end = min(bytes.count, open &+ 256)
        var i = open &+ 1
        while i < end {
            if bytes[i] == UInt8(ascii: "\\") {
                i &+= 2
                continue
            }
            if bytes[i] == UInt8(ascii: "\"") { return i }
            i &+= 1
        }
        return nil
    }
}
