import LogCore
import LogLua
import Testing

@Suite(.timeLimit(.minutes(20)))
struct TimeLibraryTests {
    /// What a call of `ailogger.time` returned: a value as text, or nil and a message.
    private struct Answer: Equatable {
        var value: String?
        var message: String?
    }

    /// 2026-11-22T10:00:00Z.
    private static let morning = 1_795_341_600_000_000_000

    private func ask(_ call: String) throws -> Answer {
        let fixture = try Fixture("local v, e = T.\(call) event.fields.v, event.fields.e = v, e", before: Self.before)
        let event = fixture.parse("x")
        try #require(event != nil, "\(fixture.parser.errors)")
        return Answer(value: event?.text("v"), message: event?.text("e"))
    }

    /// The message of a call that raises an error.
    private func error(_ call: String) throws -> String? {
        let fixture = try Fixture("T.\(call)", before: Self.before)
        #expect(fixture.parse("x") == nil)
        return fixture.parser.errors.first?.replacing("plugins/fixture/init.lua:5: ", with: "")
    }

    private static let before = "local T = ailogger.time local NS = 1795341600 * 1000000000"

    // MARK: format

    @Test(arguments: [
        ("0", "1970-01-01T00:00:00Z"), ("-1", "1969-12-31T23:59:59.999999999Z"),
        ("NS + 120000000", "2026-11-22T10:00:00.120Z"), ("NS + 1000", "2026-11-22T10:00:00.000001Z"),
        ("math.maxinteger", "2262-04-11T23:47:16.854775807Z"), ("math.mininteger", "1677-09-21T00:12:43.145224192Z"),
        ("NS, nil, 'Europe/Berlin'", "2026-11-22T11:00:00+01:00"), ("NS, nil, '-03:30'", "2026-11-22T06:30:00-03:30"),
        ("NS, nil, 'UTC'", "2026-11-22T10:00:00+00:00"),
    ])
    func `without a layout a time is RFC 3339, with a zone it shows the offset`(call: String, text: String) throws {
        #expect(try ask("format(\(call))").value == text)
    }

    @Test func `every directive is written`() throws {
        let layout = "%Y %m %d %H %M %S %f %3f %6f %z %Z %b %B %a %A %j %y %e %I %p %s %F %T %%"
        let text =
            "2026 11 22 11 00 00 123456789 123 123456 +0100 CET Nov November Sun Sunday 326 26 22 11 AM 1795341600 "
            + "2026-11-22 11:00:00 %"
        #expect(try ask("format(NS + 123456789, '\(layout)', 'Europe/Berlin')").value == text)
        #expect(try ask("format(0, '%e|%I%p')").value == " 1|12AM")
    }

    @Test func `layouts and zones that can't be are errors that say what could`() throws {
        #expect(try error("format(0, '%Q')")?.hasPrefix("time.format: a layout has no %Q: it knows %Y %m") == true)
        #expect(try error("format(0, 'x%')")?.contains("the layout ends in a %") == true)
        #expect(try error("format(0, ('x'):rep(257))")?.contains("at most 256 bytes") == true)
        let message = try error("format(0, nil, 'Mars/Base')")
        #expect(message?.hasPrefix(#"time.format: no zone "Mars/Base" is known: give a name such as "#) == true)
        for name in ["../zoneinfo/UTC", "/etc/localtime", "", "Europe", "zone.tab", "UTC\\0", "right/UTC"] {
            #expect(try error("parts(0, '\(name)')")?.contains("no zone") == true, "\(name)")
        }
    }

    // MARK: parts

    @Test func `parts are those of the zone's clocks`() throws {
        let fixture = try Fixture(
            "for k, v in pairs(T.parts(NS + 5, 'Europe/Berlin')) do event.fields[k] = v end", before: Self.before)
        let event = try #require(fixture.parse("x"), "\(fixture.parser.errors)")
        let expected = [
            "year": "2026", "month": "11", "day": "22", "hour": "11", "minute": "0", "second": "0", "nanosecond": "5",
            "weekday": "7", "yearday": "326", "offset": "3600", "zone": "CET",
        ]
        #expect(Dictionary(uniqueKeysWithValues: event.fields.map { ($0.name, $0.text) }) == expected)
    }

    // MARK: parse

    @Test(arguments: [
        ("'2026-11-22T10:00:00Z'", 0), ("'2026-11-22 10:00:00'", 0), ("'22/Nov/2026:10:00:00 +0100'", -3600),
        ("1795341600", 0), ("'2026-11-22T10:00:00', { zone = 'Europe/Berlin' }", -3600),
        ("'2026-11-22T10:00:00Z', { zone = 'Europe/Berlin' }", 0),
        ("'2026-11-22T10:00:00', { zone = '-01:30' }", 5400),
        // Skipped in spring: as if the clocks hadn't been put forward. Twice in autumn: the first.
        ("'2026-03-29T02:30:00', { zone = 'Europe/Berlin' }", -20_593_800),
        ("'2026-10-25T02:30:00', { zone = 'Europe/Berlin' }", -2_453_400),
    ])
    func `the shapes of logs are read without a layout`(call: String, seconds: Int) throws {
        #expect(try ask("parse(\(call))") == Answer(value: "\(Self.morning + seconds * 1_000_000_000)"))
    }

    @Test(arguments: [
        ("22/11/2026 10:00:00", "%d/%m/%Y %H:%M:%S", 0),
        ("sun, 22 NOVEMBER 2026 10:00:00 UTC", "%a, %d %b %Y %T %Z", 0),
        ("Sunday Nov 22 10:00:00 2026", "%A %B %e %T %Y", 0), ("20261122100000", "%Y%m%d%H%M%S", 0),
        ("326/26 10 AM", "%j/%y %I %p", 0), ("2026-11-22 \t 10", "%F %H", 0), ("1795341600", "%s", 0),
        ("2026-11-22 10:00:00 +0100 (CEST)", "%F %T %z (%Z)", -3600),
        ("2026-11-22 10:00:00 Europe/Berlin", "%F %T %Z", -3600), ("2026-11-22 10:00:00-01:30", "%F %T%z", 5400),
        ("100% 2026-11-22T10:00:00Z", "100%% %FT%T%z", 0), ("2026-11-22 09:59:60", "%F %T", 0),
    ])
    func `a layout is followed`(text: String, layout: String, seconds: Int) throws {
        let answer = try ask("parse('\(text)', { layout = '\(layout)' })")
        #expect(answer == Answer(value: "\(Self.morning + seconds * 1_000_000_000)"))
    }

    @Test(arguments: [
        ("%f", "1", 100_000_000), ("%f", "123456789", 123_456_789), ("%3f", "123", 123_000_000),
        ("%6f", "000001", 1000),
    ])
    func `fractions are nanoseconds`(directive: String, digits: String, expected: Int) throws {
        let answer = try ask("parse('2026-11-22T10:00:00.\(digits)Z', { layout = '%FT%T.\(directive)%z' })")
        #expect(answer.value == "\(Self.morning + expected)")
    }

    @Test(arguments: [
        ("'hello'", #"time.parse: no timestamp at the beginning of "hello""#),
        ("'10:00:00'", #"time.parse: "10:00:00" has no year, month and day"#),
        ("'2026-13-01', { layout = '%F' }", #"time.parse: a month, 1 to 12, expected in "2026-13-01" at 6"#),
        ("'2026-02-29', { layout = '%F' }", #"time.parse: "2026-02-29" has a day that its month hasn't"#),
        ("'2026-366', { layout = '%Y-%j' }", #"time.parse: "2026-366" has a day that its year hasn't"#),
        ("'2026-02-28!', { layout = '%F' }", #"time.parse: the layout ends before "2026-02-28!" does, at 11"#),
        ("'2026-02-28!', { layout = '%F?' }", #"time.parse: "?" expected in "2026-02-28!" at 11"#),
        (
            "'2026-02-28 02:00:00 XST', { layout = '%F %T %Z' }",
            #"time.parse: "2026-02-28 02:00:00 XST" has a zone at 21 that isn't known"#
        ),
        ("'Mai', { layout = '%b' }", #"time.parse: a month's English name expected in "Mai" at 1"#),
        (
            "'2026-02-28 +16:00', { layout = '%F %z' }",
            #"time.parse: an offset such as +0200, +02:00 or Z expected in "2026-02-28 +16:00" at 12"#
        ),
        (
            "'9999-12-31', { layout = '%F' }",
            #"time.parse: "9999-12-31" is out of range: nanoseconds reach from the year 1677 to 2262"#
        ),
    ])
    func `what can't be read is nil and a message with the place`(call: String, message: String) throws {
        #expect(try ask("parse(\(call))") == Answer(message: message))
    }

    @Test func `a layout that can't give a time is an error`() throws {
        #expect(try error("parse('x', { layout = '%Q' })")?.hasPrefix("time.parse: a layout has no %Q") == true)
        #expect(try error("parse('10', { layout = '%H' })")?.contains("the layout has no year") == true)
        #expect(try error("parse('2026-10', { layout = '%Y-%m' })")?.contains("the layout has no day") == true)
        #expect(try error("parse('2026-10-01 1', { layout = '%F %I' })") == "time.parse: %I needs %p in the layout")
        #expect(try error("parse('x', { layout = 5 })") == "time.parse: layout is a string, not a number")
        #expect(try error("parse('2026-11-22T10:00:00', { zone = 'X' })")?.contains(#"no zone "X""#) == true)
    }

    @Test func `what was formatted is read back`() throws {
        let fixture = try Fixture(
            """
            local layout, zones = '%A, %d %B %Y %I:%M:%S.%f %p %z', { 'Europe/Berlin', 'Asia/Kolkata', '-09:30', 'UTC' }
            for i = 1, 400 do
              local ns = math.random(-9000000000000000000, 9000000000000000000)
              local zone = zones[i % 4 + 1]
              local text = T.format(ns, layout, zone)
              local back = T.parse(text, { layout = layout })
              if back ~= ns then error(text .. ' became ' .. tostring(back)) end
              local seen = math.abs(ns) // 2
              local rfc = T.format(seen)
              if T.parse(rfc) ~= seen then error(rfc .. ' became ' .. tostring(T.parse(rfc))) end
            end
            """.replacing("\n", with: " "), before: Self.before)
        #expect(fixture.parse("x") != nil, "\(fixture.parser.errors)")
    }

    // MARK: duration

    @Test(arguments: [
        ("5m", 300_000_000_000), ("1h30m", 5_400_000_000_000), ("1.5s", 1_500_000_000), ("2w", 1_209_600_000_000_000),
        ("1d", 86_400_000_000_000), ("10ms", 10_000_000), ("10us", 10_000), ("10µs", 10_000), ("10ns", 10),
        ("1 h 5 s", 3_605_000_000_000), ("-5m", -300_000_000_000), ("0.000000001s", 1),
    ])
    func `durations are nanoseconds`(text: String, nanoseconds: Int) throws {
        #expect(try ask("duration('\(text)')").value == "\(nanoseconds)")
    }

    @Test(arguments: [
        ("5", #"a unit expected in "5" at 2: ns us ms s m h d w"#), ("5min", #"a unit expected in "5min" at 2"#),
        ("", #"a number expected in "" at 1"#), ("1h30", #"a unit expected in "1h30" at 5"#),
        ("20000w", #""20000w" is longer than 292 years"#),
    ])
    func `what is no duration is nil and a message`(text: String, message: String) throws {
        let answer = try ask("duration('\(text)')")
        #expect(answer.value == nil)
        #expect(answer.message?.hasPrefix("time.duration: \(message)") == true, "\(answer)")
    }

    @Test func `work on a long text is charged`() throws {
        let fixture = try Fixture(
            "local d = ('1ns'):rep(100000) while true do pcall(T.duration, d) end", before: Self.before)
        #expect(fixture.parse("x") == nil)
        #expect(fixture.parser.errors.kills == 1)
    }
}
