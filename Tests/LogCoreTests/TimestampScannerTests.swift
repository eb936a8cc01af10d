import LogCore
import Testing

private func scan(_ text: String, at start: Int = 0) -> ScannedTime? {
    scanTime(Array(text.utf8), at: start)
}

/// Nanoseconds since the epoch of a time written by hand.
private func utc(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0, _ second: Int = 0, nanosecond: Int = 0
) -> Int64 {
    let time = ReferenceTime(
        year: year, month: month, day: day, hour: hour, minute: minute, second: second, nanosecond: nanosecond)
    return time.nanoseconds(digits: 9)
}

@Suite struct TimestampScannerTests {
    // MARK: Round trips

    @Test func `a product's layout with milliseconds and an offset behind GMT`() throws {
        for text in [
            "2026 Nov 20 05:00:17:120 GMT +0100", "2026 Nov 20 04:00:17:120 GMT +0000",
            "2026 Nov 19 20:00:17:120 GMT -8",
        ] {
            let time = try #require(scan(text))
            #expect(time.nanoseconds == 1_795_147_217_120_000_000, "\(text)")
            #expect(time.hasZone)
        }
        // What is no offset is text.
        #expect(try #require(scan("2026-11-20 04:00:17 UTC -8 items")).end == 23)
        #expect(try #require(scan("2026-11-20 04:00:17 UTC +9999")).end == 23)
    }

    @Test func `six digits are a time where a format says so`() {
        #expect(TimestampScanner.clock(Array("040016".utf8).span)?.nanoseconds == 14_416_000_000_000)
        for text in ["246116", "04001", "0400160", "04:016", ""] {
            #expect(TimestampScanner.clock(Array(text.utf8).span) == nil, "\(text)")
        }
    }

    @Test(arguments: TimeLayout.all)
    func `20,000 random dates scan back to the same nanoseconds`(layout: TimeLayout) {
        var generator = SeededGenerator(seed: 0x5EED)
        for _ in 0..<20_000 {
            var time = ReferenceTime.random(using: &generator, years: layout.years)
            if !layout.leapSeconds { time.second = min(time.second, 59) }
            var text = TimeText()
            layout.write(&text, time)
            let length = text.bytes.count
            // What follows in a line: nothing, or a bracket with text behind it.
            if generator.next() & 1 == 0 { text.add("] INFO something happened") }
            let expected = time.nanoseconds(digits: layout.digits) - Int64(layout.offset) * 1_000_000_000
            // A plain comparison: `#expect` on every one of a million dates would take longer than all the rest.
            guard let found = scanTime(text.bytes), found.nanoseconds == expected, found.end == length,
                found.shape == .full, found.hasZone == layout.hasZone
            else {
                let written = String(decoding: text.bytes, as: UTF8.self)
                Issue.record("\(written) -> \(String(describing: scanTime(text.bytes))), expected \(expected)")
                return
            }
        }
    }

    @Test(arguments: ["Oct 09 13:55:36.123", "Oct  9 13:55:36", "Oct 9 13:55:36", "10-09 13:55:36.123"])
    func `20,000 random times without a year keep month, day and time of day`(layout: String) throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let time = ReferenceTime.random(using: &generator)
            var text = TimeText()
            if layout.hasPrefix("Oct") {
                text.add("\(time.monthName) ")
                text.add(time.day, layout.hasPrefix("Oct 9") ? 1 : 2, pad: layout.hasPrefix("Oct 0") ? "0" : " ")
            } else {
                text.add(time.month, 2)
                text.add("-")
                text.add(time.day, 2)
            }
            text.add(" ")
            text.clock(time)
            let digits = layout.hasSuffix(".123") ? 3 : 0
            text.fraction(time, digits)
            let length = text.bytes.count
            text.add(" host program[1]: message")
            let found = try #require(scanTime(text.bytes))
            let expected = Int64(time.secondOfDay) * 1_000_000_000 + Int64(time.fraction(digits: digits))
            guard found.nanoseconds == expected, found.end == length, found.shape == .yearless,
                found.month == time.month, found.day == time.day, !found.hasZone
            else {
                Issue.record("\(String(decoding: text.bytes, as: UTF8.self)) -> \(found)")
                return
            }
        }
    }

    // MARK: Shapes

    @Test func `a time of day alone has no date`() throws {
        let time = try #require(scan("10:00:01.123 INFO x"))
        #expect(time.shape == .timeOnly)
        #expect(time.nanoseconds == 36_001_123_000_000)
        #expect(time.end == 12)
        #expect(try #require(scan("10:00:01")).end == 8)
        #expect(try #require(scan("10:00:01,5")).nanoseconds == 36_001_500_000_000)
        #expect(try #require(scan("10:00:01:123 x")).nanoseconds == 36_001_123_000_000)
        #expect(try #require(scan("10:00:01: text")).end == 8)
    }

    @Test func `a kernel's uptime ends behind its bracket`() throws {
        let time = try #require(scan("[    0.123456] Linux version 6.1"))
        #expect(time.shape == .uptime)
        #expect(time.nanoseconds == 123_456_000)
        #expect(time.end == 14)
        let long = try #require(scan("[12345.678901]"))
        #expect(long.nanoseconds == 12_345_678_901_000)
        #expect(long.end == 14)
    }

    @Test(arguments: [
        "[abcdefgh]", "[    .123456]", "[ 12345678]", "[1700000000.123456]", "[  12.345678", "[4.26] text",
        "[ 1.2 3456]",
    ])
    func `other brackets are no uptime`(text: String) {
        #expect(scan(text) == nil)
    }

    @Test func `two digits of a year lie between 1970 and 2069`() {
        #expect(scan("700101 000000")?.nanoseconds == 0)
        #expect(scan("69/12/31 00:00:00")?.nanoseconds == utc(2069, 12, 31))
    }

    @Test func `a slash date is American unless its first number can't be a month`() {
        #expect(scan("11/12/2026 10:00:00")?.nanoseconds == utc(2026, 11, 12, 10))
        #expect(scan("22/11/2026 10:00:00")?.nanoseconds == utc(2026, 11, 22, 10))
        #expect(scan("1/2/2026 3:04:05 PM")?.nanoseconds == utc(2026, 1, 2, 15, 4, 5))
        #expect(scan("11.12.2026 10:00:00")?.nanoseconds == utc(2026, 12, 11, 10))
    }

    @Test func `twelve AM is midnight and twelve PM is noon`() {
        #expect(scan("11/22/2026 12:30:00 AM")?.nanoseconds == utc(2026, 11, 22, 0, 30))
        #expect(scan("11/22/2026 12:30:00 PM")?.nanoseconds == utc(2026, 11, 22, 12, 30))
        #expect(scan("11/22/2026 13:00:00 PM") == nil)
        #expect(scan("11/22/2026 10:00:00 AMBER")?.end == 19)
    }

    @Test func `ISO 8601 allows the seconds to be left out`() {
        #expect(scan("2026-11-22T10:05Z")?.nanoseconds == utc(2026, 11, 22, 10, 5))
        #expect(scan("2026-11-22 10:05 x")?.end == 16)
    }

    // MARK: Ranges

    @Test(arguments: [
        "Nov 31 10:00:00", "Feb 30 10:00:00", "Oct 00 10:00:00", "Oct 32 10:00:00", "Xyz 11 10:00:00",
        "2026-02-30 10:00:00", "2026-02-29T10:00:00Z", "2100-02-29T10:00:00Z", "2026-13-01 10:00:00",
        "2026-00-10 10:00:00", "2026-01-00 10:00:00", "2026-11-22 25:00:00", "2026-11-22 24:00:01",
        "2026-11-22 14:99:00", "2026-11-22 14:99", "2026-11-22 10:00:61", "2026-11-22 10:00:99",
        "25:00:00", "14:99:00", "10:00:61", "10:60:00.123", "11-31 10:00:00.123", "13-22 10:00:00.123",
        "31/Nov/2000:13:55:36 -0700", "10/Oct/2000:24:55:36 -0700", "00/Oct/2000:13:55:36 -0700",
        "081309 203615", "081132 203615", "081109 243615", "20261131T100000Z", "20261122T106000Z",
        "Wed Oct 32 14:32:52 2000", "31 Nov 2000 14:32:52", "31-Nov-2000 14:32:52", "31.11.2026 10:00:00",
        "13/31/2026 10:00:00", "0026-11-22 10:00:00", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z",
    ])
    func `a part out of range is no timestamp and never another day`(text: String) {
        #expect(scan(text) == nil)
        #expect(scan(text + " and more text behind it") == nil)
    }

    @Test(arguments: [
        "2026-11-22", "2026-11-22 INFO started", "2026-11-22T", "2026/11/22 and", "20261122", "22.11.2026 x",
        "Oct 11 2000", "Oct 11 host", "11 Oct 2000", "10/Oct/2000", "11/22/2026", "", "1", "2026-11-22T1",
    ])
    func `a date without a time is no timestamp`(text: String) {
        #expect(scan(text) == nil)
    }

    @Test func `29 February exists in leap years and without a year`() {
        #expect(scan("2024-02-29T00:00:00Z")?.nanoseconds == utc(2024, 2, 29))
        #expect(scan("2000-02-29T00:00:00Z")?.nanoseconds == utc(2000, 2, 29))
        #expect(scan("Feb 29 10:00:00")?.day == 29)
    }

    @Test func `a leap second counts as the next second`() {
        #expect(scan("2016-12-31T23:59:60Z")?.nanoseconds == utc(2017, 1, 1))
        #expect(scan("2016-12-31T23:59:60.5Z")?.nanoseconds == utc(2017, 1, 1, nanosecond: 500_000_000))
        #expect(scan("Dec 31 23:59:60")?.nanoseconds == 86_400_000_000_000)
    }

    @Test func `digits past the ninth are consumed and ignored`() {
        let text = "2026-11-22T10:00:00.12345678987654321Z"
        #expect(scan(text)?.nanoseconds == utc(2026, 11, 22, 10, nanosecond: 123_456_789))
        #expect(scan(text)?.end == text.utf8.count)
    }

    @Test func `a mark without digits belongs to the text`() {
        #expect(scan("2026-11-22T10:00:00. Then")?.end == 19)
        #expect(scan("2026-11-22 10:00:00, then")?.end == 19)
        #expect(scan("Oct  9 13:55:36. Then")?.end == 15)
        #expect(scan("2026-11-22 10:00:001") == nil)
    }

    // MARK: Zones

    @Test(arguments: [
        ("2026-11-22T10:00:00+05:30", 25, -19_800), ("2026-11-22T10:00:00-0800 x", 24, 28_800),
        ("2026-11-22 10:00:00 -0330] x", 25, 12_600), ("2026-11-22 10:00:00+14", 22, -50_400),
        ("2026-11-22 10:00:00 UTC", 23, 0), ("2026-11-22 10:00:00UTC x", 22, 0), ("2026-11-22 10:00:00 Z", 21, 0),
    ])
    func `a zone is applied`(text: String, end: Int, shift: Int64) {
        let time = scan(text)
        #expect(time?.nanoseconds == utc(2026, 11, 22, 10) + shift * 1_000_000_000)
        #expect(time?.end == end)
        #expect(time?.hasZone == true)
    }

    @Test(arguments: [
        "2026-11-22 10:00:00 Zebra", "2026-11-22 10:00:00 UTCX", "2026-11-22 10:00:00 -1", "2026-11-22 10:00:00 - x",
        "2026-11-22 10:00:00 -2512 x", "2026-11-22 10:00:00-11:30:00", "2026-11-22 10:00:00 -12345",
        "2026-11-22 10:00:00-12a", "2026-11-22 10:00:00 CETI", "2026-11-22 10:00:00 EST/EDT",
    ])
    func `what only begins like a zone is left to the text`(text: String) {
        let time = scan(text)
        #expect(time?.end == 19)
        #expect(time?.hasZone == false)
        #expect(time?.nanoseconds == utc(2026, 11, 22, 10))
    }

    @Test(arguments: ["2026-11-22T10:00:00+25:00", "2026-11-22T10:00:00+0160", "2026-11-22T10:00:00.123-9900"])
    func `a zone that can't be makes the time worthless`(text: String) {
        #expect(scan(text) == nil)
    }

    // MARK: Neighbours that are not part of it

    @Test func `a host that looks like a year isn't one`() {
        #expect(scan("Oct 10 13:55:36 2001:db8::1 sshd[1]: x")?.shape == .yearless)
        #expect(scan("Oct 10 13:55:36 2000.example.org x")?.shape == .yearless)
        #expect(scan("Oct 10 13:55:36 20001 x")?.end == 15)
        #expect(scan("Oct 10 13:55:36 1234 x")?.shape == .yearless)
        #expect(scan("Oct 10 13:55:36 2000 x")?.nanoseconds == utc(2000, 10, 10, 13, 55, 36))
        #expect(scan("Oct 10 13:55:36 HOST x")?.end == 15)
    }

    @Test(arguments: [
        "17000000001", "170000000", "1700000000a", "1700000000-1", "9700000000", "0000000001", "9999999999999",
        "17000000000000000000", "9999999999999999999", "1700000000_x",
    ])
    func `a number that is no epoch time`(text: String) {
        #expect(scan(text) == nil)
    }

    @Test(arguments: ["10:00:00:1a:2b:3c", "10:00:00:12:13", "10:00:001", "10:00:00:1234"])
    func `an address is no time of day`(text: String) {
        #expect(scan(text) == nil)
    }

    @Test func `an offset outside the bytes finds nothing`() {
        #expect(scan("2026-11-22T10:00:00Z", at: -1) == nil)
        #expect(scan("2026-11-22T10:00:00Z", at: 20) == nil)
        #expect(scan("2026-11-22T10:00:00Z", at: .max) == nil)
        #expect(scan("2026-11-22T10:00:00Z", at: .min) == nil)
        #expect(scan("> 2026-11-22T10:00:00Z", at: 2)?.end == 22)
    }

    // MARK: Any bytes

    @Test func `20,000 random and mutated strings end in bounds`() {
        var generator = SeededGenerator(seed: 99)
        let alphabet = Array("0123456789-:./, TZ+[]JanOctWed".utf8)
        for round in 0..<20_000 {
            var bytes: [UInt8]
            switch round % 3 {
            case 0:
                bytes = (0..<generator.int(in: 0...64)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            case 1:
                bytes = (0..<generator.int(in: 0...64)).map { _ in
                    alphabet[generator.int(in: 0...alphabet.count - 1)]
                }
            default:
                var text = TimeText()
                let time = ReferenceTime.random(using: &generator, years: 2002...2069)
                TimeLayout.all[round % TimeLayout.all.count].write(&text, time)
                bytes = text.bytes
                for _ in 0..<generator.int(in: 1...3) {
                    bytes[generator.int(in: 0...bytes.count - 1)] = UInt8(truncatingIfNeeded: generator.next())
                }
                bytes.removeLast(generator.int(in: 0...bytes.count))
            }
            for start in 0...bytes.count {
                guard let time = scanTime(bytes, at: start) else { continue }
                let isDay = (1...12).contains(time.month) && (1...31).contains(time.day)
                guard time.end >= start + 6, time.end <= bytes.count, time.shape != .yearless || isDay else {
                    Issue.record("\(bytes) at \(start) -> \(time)")
                    return
                }
            }
            if let found = TimestampScanner.find(bytes.span, from: 0, limit: bytes.count) {
                #expect(found.start >= 0 && found.time.end <= bytes.count)
            }
        }
    }
}

@Suite struct TimestampFindTests {
    private func find(_ text: String, from: Int = 0, limit: Int = 200) -> (start: Int, time: ScannedTime)? {
        TimestampScanner.find(Array(text.utf8).span, from: from, limit: limit)
    }

    @Test func `the first timestamp at a word boundary is found`() {
        #expect(find("INFO [main] 2026-11-22 10:00:00,123 x")?.start == 12)
        #expect(find("audit(1700000000.123:42): x")?.start == 6)
        #expect(find("x2026-11-22 10:00:00")?.time.shape == .timeOnly)
        #expect(find("<34>Oct  9 13:55:36 host")?.start == 4)
        #expect(find("no time in here") == nil)
        #expect(find("") == nil)
    }

    @Test func `one with a date wins over an earlier time of day`() {
        #expect(find("at 10:00:00 on 2026-11-22 11:00:00 it")?.start == 15)
        #expect(find("at 10:00:00 it stopped, at 11:00:00 it ran")?.start == 3)
    }

    @Test func `addresses and versions are no times of day`() {
        #expect(find("mac aa:10:00:00 x") == nil)
        #expect(find("v1.10:00:00 x") == nil)
    }

    @Test func `the search begins at one offset and ends before another`() {
        let text = "2026-11-22 10:00:00 then 2027-01-01 00:00:00"
        #expect(find(text, from: 1)?.start == 25)
        #expect(find(text, from: 1, limit: 20)?.start == 11)
        #expect(find(text, from: 20)?.start == 25)
        #expect(find(text, from: 20, limit: 5) == nil)
        #expect(find(text, from: 20, limit: 6)?.start == 25)
        #expect(find(text, from: 1000) == nil)
        #expect(find(text, from: -5)?.start == 0)
        #expect(find(text, limit: -1) == nil)
        #expect(find(text, from: 20, limit: .max)?.start == 25)
    }

    @Test(arguments: [
        (#""16/12/2026","07:05:25","anna""#, 1797404725_000_000_000),
        (#""16/12/2026";"07:05:25""#, 1797404725_000_000_000),
        ("09/03/21-12:13:14.500000 ", 1_630_671_194_500_000_000),
        ("17/06/09 20:10:40 INFO", 1497039040_000_000_000),
        ("1234567890,2021-11-23 00:44:44,START", 1_637_628_284_000_000_000),
        ("1,2021/11/23 00:44:44,1234567890,START", 1_637_628_284_000_000_000),
        ("1234567890 orders of 2021-11-23 00:44:44", 1_234_567_890_000_000_000),
        ("2021-11-23 00:44:44,123 x", 1_637_628_284_123_000_000),
    ])
    func `cells next to each other, and numbers beside a time`(text: String, nanoseconds: Int64) {
        let bytes = Array(text.utf8)
        let found = TimestampScanner.find(bytes.span, from: 0, limit: bytes.count)
        #expect(found?.time.nanoseconds == nanoseconds)
    }
}
