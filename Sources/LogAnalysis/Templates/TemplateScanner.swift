import CBytes

/// Tells the constant words of a message from what varies, by looks alone: a pure function of the line, and the only part
/// of templates that runs once a record. What it leaves is a skeleton; `TemplateShape` and `TemplateGroups` go on from
/// there, once a skeleton.
///
/// A token runs up to white space or one of `=()[]{},;"'<>|:`. It varies if it holds a digit, a backslash, an `@` or `://`,
/// begins with `/`, is eight letters of `a` to `f` or more, is a dotted name of three parts and more (a host, a class), or
/// stands right behind `=`; so does all that stands in double quotes, but for a request (`"GET /x"`), and an address in
/// hexadecimal groups as a whole, whose groups may well be all letters (`de:ad:be:ef:00:01`, `fe80::dead`).
struct TemplateScanner {
    private static let digit = UInt8(AILOGGER_DIGIT)
    private static let dot = UInt8(AILOGGER_DOT)
    private static let slash = UInt8(AILOGGER_SLASH)
    private static let odd = UInt8(AILOGGER_ODD)
    /// Where a path ends.
    private static let pathStop = UInt8(AILOGGER_PATH_STOP)
    /// What a word may hold besides letters and still be constant without a closer look.
    private static let ends = UInt8(AILOGGER_SPACE | AILOGGER_STOP | AILOGGER_COLON)
    /// Behind a word's colon: a port, `//`, the `\\` of a drive.
    private static let joins = digit | slash | odd

    /// A piece of a message. `wildcard` ranges are masked; the others are text as it stands.
    enum Piece { case text, wildcard }

    /// A number that is equal for messages of one skeleton, and as good as never for others.
    /// `wildcard` is told of what varies, in order.
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

    /// The skeleton: the message with `<*>` for what varies.
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

    /// Visits the message from front to back: every byte is in exactly one piece, text pieces may be empty, and the n-th
    /// wildcard piece is the n-th `<*>` of the skeleton. `TemplatePlaces` says which place of the group it belongs to.
    ///
    /// Most words are letters alone and are passed over by the masks of `MessageBytes`. A loop over all bytes guessed where each
    /// word ends, and wrong so often (31 times a message of syslog) that it took half as long again.
    @inline(__always)
    func walk(_ bytes: UnsafeRawBufferPointer, _ visit: (Piece, Range<Int>) -> Void) {
        MessageBytes.classify(bytes) { masks in
            let count = bytes.count
            var i = 0
            var textStart = 0
            // The quote behind a request closes; it opens nothing.
            var requestEnd = -1
            while let mark = masks.mark(from: i) {
                var start = mark
                var isValue = false
                if masks.isEnd(mark) {
                    switch bytes[mark] {
                    case UInt8(ascii: "\""):
                        i = mark &+ 1
                        if mark != requestEnd, let close = closingQuote(bytes, mark) {
                            if isRequest(bytes, mark &+ 1, close) {
                                requestEnd = close
                            } else {
                                visit(.text, textStart..<mark &+ 1)
                                if close > mark &+ 1 { visit(.wildcard, mark &+ 1..<close) }
                                textStart = close
                                i = close &+ 1
                            }
                        }
                        continue
                    case UInt8(ascii: "="):
                        start = mark &+ 1
                        // `a = b` gives a value, `a= b` gives none.
                        if mark > 0, bytes[mark &- 1] == 0x20 {
                            while start < count, bytes[start] <= 0x20 { start &+= 1 }
                        }
                        isValue = start < count && !masks.isEnd(start)
                        if !isValue {
                            i = mark &+ 1
                            continue
                        }
                    default:
                        // Behind a short word an address may go on, behind others a port or a path.
                        start = max(masks.wordStart(before: mark), i)
                        if start == mark || mark &- start > 4 && !isJoined(bytes, mark) {
                            i = mark &+ 1
                            continue
                        }
                    }
                } else {
                    start = max(masks.wordStart(before: mark), i)
                }
                let end = masks.isEnd(mark) && !isValue ? mark : masks.wordEnd(from: start)
                i = end
                guard let found = value(bytes, start, end, isValue: isValue, masks) else { continue }
                i = found.end
                if found.value.lowerBound < found.value.upperBound {
                    visit(.text, textStart..<found.value.lowerBound)
                    visit(.wildcard, found.value)
                    textStart = found.value.upperBound
                }
            }
            if textStart < count { visit(.text, textStart..<count) }
        }
    }

    /// What varies of a word, and where it really ends; nil for a constant one.
    @inline(__always)
    private func value(
        _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, isValue: Bool, _ masks: borrowing MessageBytes
    ) -> (end: Int, value: Range<Int>)? {
        let isColon = end < bytes.count && bytes[end] == 0x3A
        if isColon, end &- start <= 4, let end = addressEnd(bytes, start) {
            return (end, start..<end)
        }
        let isJoined = isColon && isJoined(bytes, end)
        let marks = masks.marks(in: start, end)
        guard marks.any || isValue || isJoined || Self.isLetteredHash(bytes, start, end) else { return nil }
        if !marks.closer, !isJoined, !isPunctuation(bytes[end &- 1]) { return (end, start..<end) }
        var seen: UInt8 = 0
        for i in start..<end { seen |= ailogger_word_class(bytes[i]) }
        return look(bytes, start, end, seen, isValue)
    }

    /// Whether what follows a colon may belong to the word before it.
    @inline(__always)
    private func isJoined(_ bytes: UnsafeRawBufferPointer, _ colon: Int) -> Bool {
        colon &+ 1 < bytes.count && ailogger_word_class(bytes[colon &+ 1]) & Self.joins != 0
    }

    /// Where an address of hexadecimal groups ends that begins at `start`, nil if none does: six pairs and more (hardware
    /// addresses, fingerprints), or IPv6, in eight groups or around a `::`, with a digit somewhere: `abc::dead` may be code.
    private func addressEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        var groups = 0
        var arePairs = true
        var hasGap = false
        var hasDigit = false
        var end = start
        var i = start
        while true {
            let group = i
            while i < bytes.count, Self.isHexadecimal(bytes[i]) {
                if bytes[i] < 0x3A { hasDigit = true }
                i &+= 1
            }
            guard i > group, i &- group <= 4 else {
                // `fe80::/10`
                if i == group, i &- end == 2 {
                    groups &+= 1
                    end = i
                }
                break
            }
            groups &+= 1
            if i &- group != 2 { arePairs = false }
            end = i
            guard i &+ 1 < bytes.count, bytes[i] == 0x3A else { break }
            i &+= 1
            if bytes[i] == 0x3A {
                if hasGap { break }
                hasGap = true
                arePairs = false
                i &+= 1
            }
        }
        guard arePairs && groups >= 6 || groups == 8 || hasGap && groups >= 2 && hasDigit else { return nil }
        guard end < bytes.count, bytes[end] != 0x3A else { return end }
        // A zone (`%eth0`), a width (`/64`) and the four bytes of an IPv4 address belong to it; a letter makes it something else.
        guard bytes[end] == UInt8(ascii: "%") || ailogger_word_class(bytes[end]) != 0 else { return nil }
        while end < bytes.count, ailogger_word_class(bytes[end]) & Self.ends == 0 { end &+= 1 }
        while isPunctuation(bytes[end &- 1]) { end &-= 1 }
        return end
    }

    /// Eight letters of `a` to `f` and more: of hashes of eight digits one in 2,600 has no other, and each would be a
    /// template of its own. No word of that length is made of those letters alone but the name of the beans' family.
    @inline(__always)
    private static func isLetteredHash(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
        guard end &- start >= 8, (bytes[start] | 0x20) &- 0x61 < 6 else { return false }
        let word = bytes[start..<end]
        // One letter again and again fills a line.
        return word.allSatisfy { ($0 | 0x20) &- 0x61 < 6 } && word.contains { $0 != bytes[start] }
    }

    @inline(__always)
    private static func isHexadecimal(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6 }

    /// A closer look at a token: where it really ends, and what of it varies.
    @inline(never)
    private func look(
        _ bytes: UnsafeRawBufferPointer, _ start: Int, _ tokenEnd: Int, _ tokenSeen: UInt8, _ afterEquals: Bool
    ) -> (end: Int, value: Range<Int>) {
        let count = bytes.count
        var end = tokenEnd
        var seen = tokenSeen
        var varies = afterEquals || seen & Self.digit != 0 || seen & Self.odd != 0 && end &- start > 1
        if bytes[start] == UInt8(ascii: "/") {
            end = pathEnd(bytes, start)
            varies = varies || end &- start > 1
        } else {
            while end &+ 1 < count, bytes[end] == 0x3A {
                let next = bytes[end &+ 1]
                let isURL = next == UInt8(ascii: "/") && end &+ 2 < count && bytes[end &+ 2] == UInt8(ascii: "/")
                if isURL || next == UInt8(ascii: "\\") {
                    // A URL, or a drive's letter.
                    end = pathEnd(bytes, start)
                    varies = true
                    break
                }
                // `10.0.0.1:80`, `00:01`, `::1` are one value, and so is `host.name:80`; `error:5` is a word and a number.
                guard ailogger_word_class(next) & Self.digit != 0 || next == 0x3A && varies else { break }
                if !varies {
                    guard seen & Self.dot != 0, !holdsCapital(bytes, start, end), isPort(bytes, end &+ 1) else { break }
                    varies = true
                }
                end &+= 1
                while end < count {
                    let bits = ailogger_word_class(bytes[end])
                    if bits & Self.ends != 0 { break }
                    seen |= bits
                    end &+= 1
                }
            }
            if !varies, seen & (Self.dot | Self.slash) != 0 { varies = isName(bytes, start, end) }
        }
        guard varies else { return (end, start..<start) }
        var lower = start
        var upper = end
        // A full stop or colon behind the value belongs to the sentence.
        while upper > lower &+ 1, isPunctuation(bytes[upper &- 1]) { upper &-= 1 }
        if seen & Self.dot != 0, !afterEquals { lower = behindFill(bytes, lower, upper) }
        return (end, lower..<upper)
    }

    /// `threshold......0`: dots that fill a line up to its value, behind a word.
    @inline(__always)
    private func behindFill(
        _ bytes: UnsafeRawBufferPointer, _ lower: Int, _ upper: Int
    ) -> Int {
        var i = lower
        while i < upper, ailogger_word_class(bytes[i]) & (Self.digit | Self.dot | Self.slash) == 0 { i &+= 1 }
        let dots = i
        while i < upper, bytes[i] == UInt8(ascii: ".") { i &+= 1 }
        return dots > lower && i &- dots >= 2 && i < upper ? i : lower
    }

    @inline(__always)
    private func pathEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var i = start
        while i < bytes.count, ailogger_word_class(bytes[i]) & Self.pathStop == 0 { i &+= 1 }
        return i
    }

    private func holdsCapital(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
        bytes[start..<end].contains { $0 &- 0x41 < 26 }
    }

    /// At most five digits, and nothing behind that goes on.
    private func isPort(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Bool {
        var i = start
        while i < bytes.count, bytes[i] &- 0x30 < 10 { i &+= 1 }
        guard i &- start <= 5, i < bytes.count else { return i &- start <= 5 }
        let next = bytes[i]
        return
            !((next | 0x20) &- 0x61 < 26 || next == UInt8(ascii: ".") || next == UInt8(ascii: ":")
            || next == UInt8(ascii: "_"))
    }

    /// A host, a class or a component of three parts and more: `proxy.example.org`, `com.example/.Main`. One that begins a
    /// message, with a colon behind it, says what the message is about (`java.io.IOException: …`).
    private func isName(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
        var upper = end
        while upper > start &+ 1, isPunctuation(bytes[upper &- 1]) { upper &-= 1 }
        var dots = 0
        var slashes = 0
        for i in start..<upper {
            if bytes[i] == UInt8(ascii: "/"), i > start, i < upper &- 1 { slashes &+= 1 }
            guard bytes[i] == UInt8(ascii: ".") else { continue }
            dots &+= 1
            if i > start, bytes[i &- 1] == UInt8(ascii: ".") { return false }
        }
        if slashes > 0 { return slashes > 1 || dots > 0 }
        guard dots > 1 else { return false }
        return start > 0 || end == bytes.count || bytes[end] != 0x3A
    }

    private func isPunctuation(_ byte: UInt8) -> Bool {
        byte == 0x3A || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
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

    /// `GET /path`: three to nine capitals, a space, a slash or a URL. The method is no value: it says what was asked for.
    private func isRequest(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
        var i = start
        while i < end, bytes[i] &- 0x41 < 26 { i &+= 1 }
        guard i &- start >= 3, i &- start <= 9, i &+ 1 < end, bytes[i] == 0x20 else { return false }
        let next = bytes[i &+ 1]
        return next == UInt8(ascii: "/") || next == UInt8(ascii: "h") || next == UInt8(ascii: "*")
    }
}
