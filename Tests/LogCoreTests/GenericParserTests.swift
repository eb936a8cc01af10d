import LogCore
import Testing

@Suite struct GenericParserTests {
    private func parse(_ line: String) -> LineReading { LineReading(line, GenericParser()) }

    @Test(arguments: [
        ("2026-11-22 10:00:00 ERROR no answer", Severity.error, "", "no answer"),
        ("2026-11-22T10:00:00.123Z [WARN] shop.cart: no answer", .warning, "shop.cart", "no answer"),
        ("[2026-11-22 10:00:00] [info] [db] connected", .info, "db", "connected"),
        ("2026-11-22 10:00:00,123 4711 DEBUG shop.cart - loaded", .debug, "", "shop.cart - loaded"),
        ("2026-11-22 10:00:00 sshd[4711]: closed", .unspecified, "sshd", "closed"),
        ("2026-11-22 10:00:00 | ERROR | shop | no answer", .error, "", "shop | no answer"),
        ("ERROR: no answer", .error, "", "no answer"),
        ("[error] no answer", .error, "", "no answer"),
        ("<warning> no answer", .warning, "", "no answer"),
        ("FATAL no answer", .critical, "", "no answer"),
        ("error handling is on", .unspecified, "", "error handling is on"),
        ("no answer", .unspecified, "", "no answer"),
        ("Error in line 3", .unspecified, "", "Error in line 3"),
    ])
    func `time, level and component are found where logs have them`(
        line: String, level: Severity, component: String, message: String
    ) {
        let parsed = parse(line)
        #expect(parsed.isAccepted && parsed.isInBounds)
        #expect(parsed.record.severity == level)
        #expect(parsed.component == component)
        #expect(parsed.message == message)
    }

    @Test func `a time in the middle of a sentence is none of the event's`() {
        #expect(parse("the backup of 2026-11-22 10:00:00 is done").time == nil)
        #expect(parse("2026-11-22 10:00:00 the backup is done").time != nil)
    }

    @Test func `a time of day alone gives no time`() {
        let line = parse("10:00:00.123 INFO started")
        #expect(line.time == nil)
        #expect(line.record.severity == .info)
    }

    @Test func `dates that do not exist are no times`() {
        for line in [
            "2026-11-31 10:00:00 a", "2026-02-29 10:00:00 a", "2026-13-01 10:00:00 a", "2026-11-22 24:61:00 a",
        ] {
            #expect(parse(line).time == nil, "\(line)")
        }
    }

    @Test func `a message is never lost, whatever stands before it`() {
        for line in [
            "[", "[]", "<>", "()", ":", "::", "- - -", "|||", "[ERROR]", "ERROR", "ERROR:", "2026-11-22 10:00:00",
            "["
                + String(repeating: "a", count: 200) + "]",
        ] {
            let parsed = parse(line)
            #expect(parsed.isAccepted && parsed.isInBounds, "\(line)")
            #expect(parsed.time != nil || !parsed.message.isEmpty || parsed.record.severity != .unspecified, "\(line)")
        }
    }

    @Test func `every byte in every place keeps the ranges within the line`() {
        let parser = GenericParser()
        var event = EventBuilder()
        let line = Array("[2026-11-22 10:00:00] <ERROR> (main) app[12]: no answer".utf8)
        for place in line.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = line
                changed[place] = byte
                if byte & 1 == 0 { changed.removeSubrange(min(place + 1, changed.count)...) }
                let parsed = LineReading(changed, parser, base: 9, builder: &event)
                #expect(parsed.isAccepted && parsed.isInBounds, "byte \(byte) at \(place)")
            }
        }
    }
}
