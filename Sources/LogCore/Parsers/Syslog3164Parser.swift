/// Syslog as daemons have always written it, described after the fact by RFC 3164:
/// `<34>Oct 11 22:14:15 host su[231]: message`.
///
/// In files the priority is missing, and rsyslog can write the time as ISO 8601. Such a line has to name its program:
/// a date, a word and text are what every other log has too. Without a tag, as in `last message repeated 3 times`
/// and `-- MARK --`, all behind the host is the message.
package final class Syslog3164Parser: LineParser {
    package init() {}

    package var name: String { "syslog-3164" }
    package var joinsFollowingLines: Bool { true }
    package var inside: Inside { .message }

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        let count = line.count
        guard let priority = SyslogPriority(line), let time = time(line, priority.end) else { return false }
        // A space, a host of at least one byte, a space and something.
        var cursor = time.end &+ 1
        // `<38>Mar 7 19:06:53: web1 su: …`
        if priority.value != nil, cursor < count, line[unchecked: time.end] == Ascii.colon { cursor &+= 1 }
        guard cursor &+ 2 < count, line[unchecked: cursor &- 1] == Ascii.space else { return false }
        if line[unchecked: cursor] == Ascii.space { cursor &+= 1 }

        var host: Range<Int>?
        var tag = SyslogTag()
        var level: Severity?
        let hostEnd = line.endOfWord(from: cursor, limit: cursor &+ 256)
        if isHost(line, cursor, hostEnd) {
            guard hostEnd < count, line[unchecked: hostEnd] == Ascii.space else { return false }
            // `Nov 22 10:00:00 INFO main: started` is an application's line, with its level where the host would be.
            if priority.value == nil, isLevel(line, cursor..<hostEnd) { return false }
            let hostStart = cursor
            host = cursor..<hostEnd
            cursor = hostEnd &+ 1
            tag = SyslogTag(line, cursor)
            // `<174>May 22 16:32:28 INFO  uvm[12]: ` of Java's appenders.
            if isLevel(line, hostStart..<hostEnd) {
                while cursor < count, line[unchecked: cursor] == Ascii.space { cursor &+= 1 }
                let own = SyslogTag(line, cursor)
                if own.messageStart >= 0 {
                    tag = own
                    host = nil
                    level = Severity(word: line.extracting(hostStart..<hostEnd))
                }
            }
            // `gw1 gw1 mcad[12]: ` of UniFi's gateways, where program names of two words are looked for.
            let hostLength = hostEnd &- hostStart
            if tag.program.count > hostLength, line[unchecked: cursor] == line[unchecked: hostStart],
                repeats(line, hostStart, hostLength)
            {
                let own = SyslogTag(line, cursor &+ hostLength &+ 1)
                if own.messageStart >= 0 { tag = own }
            }
            // `2026-11-20T04:00:16Z - error: no answer` too.
            if hostLength == 1, line[unchecked: hostStart] == Ascii.dash, priority.value == nil,
                isLevel(line, tag.program)
            {
                return false
            }
            let isISO = time.shape != .yearless && line[unchecked: priority.end &+ 4] == Ascii.dash
            if tag.isLoose, isISO && priority.value == nil || isLevel(line, tag.program) {
                tag = SyslogTag()
            }
            if tag.messageStart < 0 || !tag.machine.isEmpty {
                let length = hostEnd &- hostStart
                // `Nov 20 04:00:16 - cart - INFO - no answer` is an application's line.
                if tag.messageStart < 0, length == 1, line[unchecked: hostStart] == Ascii.dash { return false }
                // `sogod [26818]: `: no host, but a program.
                let own = SyslogTag(line, hostStart, nameEnd: hostEnd)
                if own.messageStart >= 0 { (tag, host) = (own, nil) }
                // `web1 sogod [26818]: `.
                if own.messageStart < 0, tag.messageStart < 0 {
                    let nameEnd = line.endOfWord(from: cursor, limit: cursor &+ 64)
                    if isHost(line, cursor, nameEnd) { tag = SyslogTag(line, cursor, nameEnd: nameEnd) }
                }
                // A host that passes its own lines on writes its name twice.
                if repeats(line, hostStart, length) { tag = SyslogTag(line, cursor &+ length &+ 1) }
            }
        } else if priority.value != nil {
            // A program that writes to the local socket leaves the host out.
            tag = SyslogTag(line, cursor)
            guard tag.messageStart >= 0 else { return false }
        } else {
            // So does who takes the names out of a log before it is shown: `Aug 08 11:38:37 shop[15195]: …`.
            tag = SyslogTag(line, cursor)
            guard time.shape == .yearless, tag.messageStart >= 0, tag.pidIsNumber, !tag.pid.isEmpty else {
                return false
            }
        }
        if tag.messageStart < 0 {
            guard time.shape == .yearless || priority.value != nil, cursor < count else { return false }
            tag.messageStart = cursor
        }
        let opening = tag.messageStart < count ? line[unchecked: tag.messageStart] : 0
        if opening == Ascii.space || opening == Ascii.at {
            tag.messageStart = line.startOfObject(from: tag.messageStart)
        }

        let uptime = uptime(line, tag)
        if let uptime { tag.messageStart = uptime.upperBound &+ 2 }
        event.setTime(time)
        event.record.message = event.syslogText(line, tag.messageStart, base)
        event.record.component = ByteRange(base &+ tag.program.lowerBound, base &+ tag.program.upperBound)
        if let host {
            let machine = tag.machine.isEmpty ? host : tag.machine
            event.add(.host, .string, ByteRange(base &+ machine.lowerBound, base &+ machine.upperBound))
            if !tag.machine.isEmpty {
                event.add(.relay, .string, ByteRange(base &+ host.lowerBound, base &+ host.upperBound))
            }
        }
        if !tag.module.isEmpty {
            event.add(.logger, .string, ByteRange(base &+ tag.module.lowerBound, base &+ tag.module.upperBound))
        }
        if !tag.pid.isEmpty {
            event.add(
                .pid, tag.pidIsNumber ? .number : .string,
                ByteRange(base &+ tag.pid.lowerBound, base &+ tag.pid.upperBound))
        }
        if let uptime {
            event.add(.uptime, .number, ByteRange(base &+ uptime.lowerBound, base &+ uptime.upperBound))
        }
        if let value = priority.value {
            SyslogPriority.apply(value, to: &event)
            if tag.messageStart < count {
                SyslogPriority.heed(line.extracting(tag.messageStart..<count), in: &event)
            }
        }
        if let level { event.record.severity = level }
        return true
    }

    /// The number in `kernel: [ 4171.101203] `, which the kernel puts before what it says and which varies in each message.
    @inline(__always)
    private func uptime(_ line: Span<UInt8>, _ tag: SyslogTag) -> Range<Int>? {
        guard tag.program.count == 6, line.matches("kernel", at: tag.program.lowerBound) else { return nil }
        let end = KernelShape.uptimeEnd(line, at: tag.messageStart)
        guard end > tag.messageStart else { return nil }
        var start = tag.messageStart &+ 1
        while line[unchecked: start] == Ascii.space { start &+= 1 }
        return start..<end &- 2
    }

    /// `Mon dd hh:mm:ss` and its variants with a year, or an ISO time with a T: no other layout begins a syslog line.
    @inline(__always)
    private func time(_ line: Span<UInt8>, _ start: Int) -> ScannedTime? {
        // The shortest: `Oct 9 13:55:36 h m`.
        guard line.count &- start >= 18, let time = TimestampScanner.scan(line, at: start) else { return nil }
        let fifth = line[unchecked: start &+ 4]
        if TimestampScanner.isLetter(line[unchecked: start]) {
            // A weekday would have a month there.
            guard fifth == Ascii.space || TimestampScanner.isDigit(fifth) || isForeignMonth(line, start) else {
                return nil
            }
        } else if fifth == Ascii.space {
            // `2026 Nov 20 04:00:16`, NX-OS and rsyslog's templates.
            guard TimestampScanner.isLetter(line[unchecked: start &+ 5]) else { return nil }
        } else if fifth != Ascii.dash || line[unchecked: start &+ 10] != 0x54 {
            // `11月 20`.
            guard line[unchecked: start &+ 2] >= 0x80, time.shape == .yearless else { return nil }
        }
        return time
    }

    /// Of a time whose first word isn't three letters long: whether a day follows the word, as in `août 19` and `nov. 20`.
    @inline(never)
    private func isForeignMonth(_ line: Span<UInt8>, _ start: Int) -> Bool {
        guard let space = line.firstIndex(of: Ascii.space, from: start), space &+ 1 < line.count else { return false }
        let next = line[unchecked: space &+ 1]
        return next == Ascii.space || TimestampScanner.isDigit(next)
    }

    /// Letters, digits and what names and addresses contain, not ending in a colon as tags do.
    @inline(__always)
    private func isHost(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard start < end, line[unchecked: end &- 1] != Ascii.colon else { return false }
        var i = start
        while i < end {
            let byte = line[unchecked: i]
            if !TimestampScanner.isWord(byte), !isAddressMark(byte) { return false }
            i &+= 1
        }
        return line[unchecked: start] != Ascii.dash || end == start &+ 1
    }

    /// `.`, `-`, `:`, `/`, `%`, `@`, and the bytes of names that aren't ASCII.
    @inline(__always)
    private func isAddressMark(_ byte: UInt8) -> Bool {
        switch byte {
        case Ascii.dot, Ascii.dash, Ascii.colon, Ascii.slash, 0x25, 0x40: true
        default: byte >= 0x80
        }
    }

    /// Whether the word at `start` stands once more behind its space, and a space behind it.
    @inline(never)
    private func repeats(_ line: Span<UInt8>, _ start: Int, _ length: Int) -> Bool {
        let again = start &+ length &+ 1
        guard again &+ length &+ 1 < line.count, line[unchecked: again &+ length] == Ascii.space else { return false }
        for i in 0..<length where line[unchecked: start &+ i] != line[unchecked: again &+ i] { return false }
        return true
    }

    private func isLevel(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
        range.count > 2 && range.count < 12 && Severity(word: line.extracting(range)) != nil
    }
}
