/// Apache's common and combined access lines, as nginx writes them too, with an optional virtual host in front
/// and anything after the agent kept as `other`.
///
/// `client ident user [10/Oct/2000:13:55:36 -0700] "GET /path HTTP/1.0" 200 2326 "referer" "agent"`
package final class AccessLogParser: LineParser {
    package init() {}

    package var name: String { "access" }
    package var joinsFollowingLines: Bool { false }

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        let count = line.count
        // The shortest line: `h - - [10/Oct/2000:13:55:36 -0700] "-" 400 0`.
        guard count >= 44, line[unchecked: count &- 1] != UInt8(ascii: "{") else { return false }

        // Up to the opening bracket: [vhost] client ident user; a user may hold spaces.
        guard let bracket = openingBracket(line) else { return false }
        guard var time = TimestampScanner.scan(line, at: bracket &+ 1), time.shape == .full else { return false }
        // `[20/Nov/2026:04:00:16 GMT]`
        if !time.hasZone, let zoned = TimestampScanner.zoned(time, by: line, at: time.end) { time = zoned }
        guard time.end &+ 2 < count, line[unchecked: time.end] == UInt8(ascii: "]"),
            line[unchecked: time.end &+ 1] == UInt8(ascii: " ")
        else { return false }

        var request = time.end &+ 3
        var vhost = 0..<0
        if line[unchecked: time.end &+ 2] != UInt8(ascii: "\"") {
            // `[…] shop.example.com "GET /cart HTTP/1.1"`
            guard let name = token(line, from: time.end &+ 2), isVirtualHost(line, name),
                name.upperBound &+ 1 < count, line[unchecked: name.upperBound &+ 1] == UInt8(ascii: "\"")
            else { return false }
            vhost = name
            request = name.upperBound &+ 2
        }
        guard let requestEnd = closingQuote(line, from: request) else { return false }
        var cursor = requestEnd &+ 2
        guard let status = token(line, from: cursor), status.count == 3 || status.count == 1,
            isNumberOrDash(line, status)
        else { return false }
        cursor = status.upperBound &+ 1
        guard let found = token(line, from: cursor) else { return false }
        var size = found
        // `34/38`, SOGo's of the answer and of the request.
        if !isNumberOrDash(line, found), let slash = line.firstIndex(of: Ascii.slash, from: found.lowerBound),
            slash < found.upperBound, line.isNumber(slash &+ 1, found.upperBound)
        {
            size = found.lowerBound..<slash
        }
        guard isNumberOrDash(line, size) else { return false }
        cursor = found.upperBound

        event.setTime(time)
        addClient(line, base, bracket, &event)
        if !vhost.isEmpty, vhost.count > 1 {
            event.add(.vhost, .string, ByteRange(base &+ vhost.lowerBound, base &+ vhost.upperBound))
        }
        event.record.message = ByteRange(base &+ request, base &+ requestEnd)
        addRequest(line, base, request, requestEnd, &event)
        if status.count == 3 {
            event.add(.status, .number, ByteRange(base &+ status.lowerBound, base &+ status.upperBound))
            event.record.severity = RoleValues.severity(line[unchecked: status.lowerBound])
        } else {
            event.record.severity = .info
        }
        if line[unchecked: size.lowerBound] != UInt8(ascii: "-") {
            event.add(.bytes, .number, ByteRange(base &+ size.lowerBound, base &+ size.upperBound))
        }
        addTail(line, base, cursor, &event)
        return true
    }

    private func openingBracket(_ line: Span<UInt8>) -> Int? {
        var from = 0
        while let at = line.firstIndex(of: UInt8(ascii: "["), from: from) {
            // ` [dd/Mon/yyyy:` and nothing else: user agents and paths may hold brackets too.
            if at > 4, at &+ 12 < line.count, line[unchecked: at &- 1] == UInt8(ascii: " "),
                line[unchecked: at &+ 3] == UInt8(ascii: "/"),
                line[unchecked: at &+ 7] == UInt8(ascii: "/") || hasLongMonth(line, at &+ 8)
            {
                return at
            }
            if at > 512 { return nil }
            from = at &+ 1
        }
        return nil
    }

    /// `02/sept./2015`, as other languages cut months short.
    private func hasLongMonth(_ line: Span<UInt8>, _ i: Int) -> Bool {
        line[unchecked: i] == Ascii.slash || line[unchecked: i &+ 1] == Ascii.slash
            || line[unchecked: i &+ 2] == Ascii.slash
    }

    /// A name or an address, perhaps with its port; a dash where the client named none.
    private func isVirtualHost(_ line: Span<UInt8>, _ name: Range<Int>) -> Bool {
        if name.count == 1 { return line[unchecked: name.lowerBound] == UInt8(ascii: "-") }
        for i in name {
            let byte = line[unchecked: i]
            let isPunctuation =
                byte == Ascii.dot || byte == Ascii.dash || byte == Ascii.colon || byte == Ascii.leftBracket
                || byte == Ascii.rightBracket || byte == UInt8(ascii: "*")
            guard TimestampScanner.isWord(byte) || isPunctuation else { return false }
        }
        return true
    }

    /// An address begins with a digit, or has several colons.
    private func isAddress(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
        if line[unchecked: range.lowerBound] &- 0x30 < 10 { return true }
        var colons = 0
        for i in range where line[unchecked: i] == Ascii.colon { colons &+= 1 }
        return colons > 1
    }

    /// The quote that ends a field: not one behind an odd number of backslashes.
    @inline(__always)
    private func closingQuote(_ line: Span<UInt8>, from start: Int) -> Int? {
        var from = start
        while let at = line.firstIndex(of: UInt8(ascii: "\""), from: from) {
            var slashes = 0
            while at &- 1 &- slashes >= start, line[unchecked: at &- 1 &- slashes] == UInt8(ascii: "\\") {
                slashes &+= 1
            }
            if slashes & 1 == 0 { return at }
            from = at &+ 1
        }
        return nil
    }

    /// The bytes up to the next space or the end of the line; nil where there are none.
    @inline(__always)
    private func token(_ line: Span<UInt8>, from start: Int) -> Range<Int>? {
        guard start < line.count else { return nil }
        var end = start
        while end < line.count, line[unchecked: end] != UInt8(ascii: " ") { end &+= 1 }
        return end > start ? start..<end : nil
    }

    @inline(__always)
    private func isNumberOrDash(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
        if range.count == 1, line[unchecked: range.lowerBound] == UInt8(ascii: "-") { return true }
        for i in range where line[unchecked: i] &- 0x30 > 9 { return false }
        // A JSON number has no leading zero.
        return range.count == 1 || line[unchecked: range.lowerBound] != UInt8(ascii: "0")
    }

    /// Digits, a point, and three digits.
    private func isSeconds(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let point = range.upperBound &- 4
        guard point > range.lowerBound, line[unchecked: point] == Ascii.dot else { return false }
        for i in range where i != point && line[unchecked: i] &- 0x30 > 9 { return false }
        // A JSON number has no leading zero.
        return point == range.lowerBound &+ 1 || line[unchecked: range.lowerBound] != UInt8(ascii: "0")
    }

    private func addClient(_ line: Span<UInt8>, _ base: Int, _ bracket: Int, _ event: inout EventBuilder) {
        let end = bracket &- 1
        let first = behindDate(line, end)
        var starts = (0, 0, 0, 0)
        var parts = 1
        var i = first
        while i < end, parts < 4 {
            if line[unchecked: i] == UInt8(ascii: " ") {
                if i > first, line[unchecked: i &- 1] == Ascii.comma {
                    return addForwarded(line, base, first, end, &event)
                }
                if line[unchecked: i &+ 1] == UInt8(ascii: " ") {
                    i &+= 1
                    continue
                }
                switch parts {
                case 1: starts.1 = i &+ 1
                case 2: starts.2 = i &+ 1
                default: starts.3 = i &+ 1
                }
                parts &+= 1
            }
            i &+= 1
        }
        func add(_ key: Key, _ from: Int, _ end: Int) {
            let to = end > from && line[unchecked: end &- 1] == Ascii.space ? end &- 1 : end
            guard to > from, !(to &- from == 1 && line[unchecked: from] == UInt8(ascii: "-")) else { return }
            event.add(key, .string, ByteRange(base &+ from, base &+ to))
        }
        // A name before the client is a virtual host only if what follows looks like an address, or a dash stands where the
        // client's second name would be.
        if parts == 4,
            isAddress(line, starts.1..<(starts.2 &- 1))
                || isDash(line, starts.2..<(starts.3 &- 1)) && !isDash(line, starts.1..<(starts.2 &- 1))
        {
            add(.vhost, first, starts.1 &- 1)
            add(.client, starts.1, starts.2 &- 1)
            add(.ident, starts.2, starts.3 &- 1)
            add(.user, starts.3, end)
        } else {
            add(.client, first, parts > 1 ? starts.1 &- 1 : end)
            if parts > 2 { add(.ident, starts.1, starts.2 &- 1) }
            if parts > 2 { add(.user, starts.2, end) }
        }
    }

    /// Where the client stands in a line that a container's or a service's log has put its own time in front of, which ends
    /// before `end`; 0 where none stands there.
    @inline(__always)
    private func behindDate(_ line: Span<UInt8>, _ end: Int) -> Int {
        guard line[unchecked: 4] == Ascii.dash, line[unchecked: 0].isDigit, line[unchecked: 3].isDigit else { return 0 }
        return behindTime(line, end)
    }

    @inline(never)
    private func behindTime(_ line: Span<UInt8>, _ end: Int) -> Int {
        guard let time = TimestampScanner.scan(line, at: 0), time.shape == .full, time.end &+ 1 < end,
            line[unchecked: time.end] == Ascii.space
        else { return 0 }
        return time.end &+ 1
    }

    private func isDash(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
        range.count == 1 && line[unchecked: range.lowerBound] == Ascii.dash
    }

    /// `[vhost] 203.0.113.7, 10.0.0.1 [address] ident user`: what proxies say in X-Forwarded-For, quoted or not. The client is
    /// the first of them, who is behind all the others.
    @inline(never)
    private func addForwarded(
        _ line: Span<UInt8>, _ base: Int, _ start: Int, _ end: Int, _ event: inout EventBuilder
    ) {
        var parts = InlineArray<6, Range<Int>>(repeating: 0..<0)
        var count = 0
        var list = 0
        var i = start
        while i < end, count < 6 {
            while i < end, line[unchecked: i] == Ascii.space { i &+= 1 }
            let start = i
            let isQuoted = i < end && line[unchecked: i] == Ascii.quote
            if isQuoted {
                i = min(line.firstIndex(of: Ascii.quote, from: i &+ 1) ?? end, end)
            } else {
                while i < end, line[unchecked: i] != Ascii.space || line[unchecked: i &- 1] == Ascii.comma { i &+= 1 }
            }
            let text = (isQuoted ? start &+ 1 : start)..<i
            if isQuoted { i &+= 1 }
            if text.isEmpty { continue }
            if let comma = line.firstIndex(of: Ascii.comma, from: text.lowerBound), comma < text.upperBound {
                list = count
            }
            parts[count] = text
            count &+= 1
        }
        func add(_ key: Key, _ range: Range<Int>) {
            guard !range.isEmpty, !isDash(line, range) else { return }
            event.add(key, .string, ByteRange(base &+ range.lowerBound, base &+ range.upperBound))
        }
        guard count > 0 else { return }
        if list > 0 { add(.vhost, parts[0]) }
        let first = parts[list]
        let comma = line.firstIndex(of: Ascii.comma, from: first.lowerBound) ?? first.upperBound
        add(.client, first.lowerBound..<min(comma, first.upperBound))
        add(event.keys.intern("forwarded"), first)
        var next = list &+ 1
        if count &- next > 2 {
            add(.relay, parts[next])
            next &+= 1
        }
        if next < count { add(.ident, parts[next]) }
        if next &+ 1 < count { add(.user, parts[next &+ 1].lowerBound..<max(end, parts[next &+ 1].upperBound)) }
    }

    private func addRequest(
        _ line: Span<UInt8>, _ base: Int, _ start: Int, _ end: Int, _ event: inout EventBuilder
    ) {
        guard let space = line.firstIndex(of: UInt8(ascii: " "), from: start), space < end else { return }
        var last = end &- 1
        while last > space, line[unchecked: last] != UInt8(ascii: " ") { last &-= 1 }
        event.add(.method, .string, ByteRange(base &+ start, base &+ space))
        if last > space, line.matches("HTTP/", at: last &+ 1) {
            event.add(.path, .string, ByteRange(base &+ space &+ 1, base &+ last))
            event.add(.protocol, .string, ByteRange(base &+ last &+ 1, base &+ end))
        } else {
            event.add(.path, .string, ByteRange(base &+ space &+ 1, base &+ end))
        }
    }

    private func addTail(_ line: Span<UInt8>, _ base: Int, _ from: Int, _ event: inout EventBuilder) {
        var cursor = from
        // nginx's `$request_time` in front of the referer: seconds with their fraction.
        if cursor &+ 2 < line.count, line[unchecked: cursor &+ 1] &- 0x30 < 10,
            let number = token(line, from: cursor &+ 1), isSeconds(line, number),
            number.upperBound &+ 1 < line.count, line[unchecked: number.upperBound &+ 1] == UInt8(ascii: "\"")
        {
            event.add(.duration, .number, ByteRange(base &+ number.lowerBound, base &+ number.upperBound))
            cursor = number.upperBound
        }
        for key in [Key.referer, Key.agent] {
            guard cursor &+ 2 < line.count, line[unchecked: cursor &+ 1] == UInt8(ascii: "\"") else { break }
            let start = cursor &+ 2
            guard let end = closingQuote(line, from: start) else { break }
            if !(end &- start == 1 && line[unchecked: start] == UInt8(ascii: "-")), end > start {
                event.add(key, .string, ByteRange(base &+ start, base &+ end))
            }
            cursor = end &+ 1
        }
        if cursor &+ 1 < line.count {
            event.add(.other, .string, ByteRange(base &+ cursor &+ 1, base &+ line.count))
        }
    }
}
