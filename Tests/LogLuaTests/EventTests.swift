import LogCore
import LogLua
import Testing

/// What goes into the batch is what the script wrote, byte for byte.
@Suite(.timeLimit(.minutes(20)))
struct EventTests {
    @Test func `an untouched event is its line`() throws {
        let fixture = try Fixture("", base: 100)
        let event = try #require(fixture.parse("hello"))
        #expect(event.record.message == ByteRange(100, 105))
        #expect(event.record.severity == .unspecified)
        #expect(event.record.time == Timestamp.none)
        #expect(event.fields.isEmpty)
    }

    @Test func `parse returns false for a line that isn't its own`() throws {
        let fixture = try Fixture("event.fields.a = 1 return line ~= 'other'")
        #expect(fixture.parse("other") == nil)
        #expect(fixture.parser.errors.count == 0)
        #expect(fixture.parse("mine")?.text("a") == "1")
    }

    @Test func `nil and no result at all accept the line`() throws {
        #expect(try Fixture("return nil").parse("x") != nil)
        #expect(try Fixture("return").parse("x") != nil)
    }

    @Test func `message, component, level and time are set`() throws {
        let fixture = try Fixture(
            "event.message = 'm' event.component = 'c' event.level = 'Warn' event.time = 1234567890123456789")
        let event = try #require(fixture.parse("x"))
        #expect(event.messageText == "m")
        #expect(event.component == "c")
        #expect(event.record.severity == .warning)
        #expect(event.record.time == 1_234_567_890_123_456_789)
        #expect(event.record.timeSource == .line)
    }

    @Test func `a time may be text`() throws {
        let fixture = try Fixture("event.time = line event.fields.back = event.time")
        let event = try #require(fixture.parse("2026-11-22T10:00:00.250Z"))
        #expect(event.record.time == 1_795_341_600_250_000_000)
        #expect(event.text("back") == "1795341600250000000")
        #expect(fixture.parse("no time at all") == nil)
        #expect(fixture.parser.errors.first?.hasSuffix(":5: event.time: no timestamp in \"no time at all\"") == true)
    }

    @Test(
        arguments: [
            ("9007199254740993", "9007199254740993", FieldKind.number),
            ("math.mininteger", "-9223372036854775808", .number), ("math.maxinteger", "9223372036854775807", .number),
            ("0", "0", .number), ("-7", "-7", .number), ("1", "1", .number), ("1.0", "1.0", .number),
            ("1e100", "1e+100", .number), ("0.1", "0.1", .number), ("-0.0", "-0.0", .number),
            ("1/0", "inf", .string), ("0/0 ~= 0/0", "true", .json), ("true", "true", .json), ("false", "false", .json),
            ("'1'", "1", .string), ("''", "", .string), ("'null'", "null", .string),
        ])
    func `values keep their kind`(lua: String, text: String, kind: FieldKind) throws {
        let fixture = try Fixture("event.fields.v = \(lua)")
        let field = try #require(fixture.parse("x")?.field("v"))
        #expect(field.text == text)
        #expect(field.kind == kind)
    }

    @Test func `NUL bytes and invalid UTF-8 survive`() throws {
        let line: [UInt8] = [0x61, 0x00, 0xff, 0x62, 0x3d, 0xc3, 0x28, 0x00]
        let fixture = try Fixture(
            """
            local m = re:match(line) event.message = m[0] event.fields.k = m.k event.fields.v = m.v .. ''
            event.fields['\\0\\255'] = 1
            """.replacing("\n", with: " "),
            before: #"local re = ailogger.regex('(?s)^(?<k>.+?)=(?<v>.*)$')"#)
        let event = try #require(fixture.parse(line))
        #expect(event.message == line)
        #expect(event.field("k")?.bytes == [0x61, 0x00, 0xff, 0x62])
        #expect(event.field("v")?.bytes == [0xc3, 0x28, 0x00])
        #expect(event.fields.count == 3)
    }

    @Test func `an empty line and a line of a mebibyte come through`() throws {
        let fixture = try Fixture("event.fields.n = #line")
        let long = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(fixture.parse(long)?.text("n") == "1048576")
        // The guard "." matches no empty line.
        #expect(fixture.parse("") == nil)
        #expect(fixture.parser.errors.count == 0)
    }

    @Test func `captures of the line are ranges of the line, other text is copied`() throws {
        let fixture = try Fixture(
            "local m = re:match(line) local f = event.fields f.a = m.a f.b = m.b f.c = m.b .. '!'",
            before: #"local re = ailogger.regex('(?<a>\\w+) (?<b>\\w+)')"#, base: 10)
        var builder = EventBuilder()
        let line = Array("one two".utf8)
        builder.reset(rawCount: 50)
        builder.begin()
        let accepted = fixture.parser.parse(line.span, at: 10, into: &builder)
        #expect(accepted)
        let ranges = builder.fields.map(\.value)
        #expect(ranges == [ByteRange(10, 13), ByteRange(14, 17), ByteRange(50, 54)])
        let decoded = Array(builder.decoded)
        #expect(decoded == Array("two!".utf8))
    }

    @Test func `a script reads back what it wrote, and nothing of the line before`() throws {
        let fixture = try Fixture(
            """
            local f = event.fields
            f.first = f.a == nil and event.level == nil and event.time == nil and event.component == nil
            f.message = event.message == line and event.raw == line
            f.a = 1 f.a = f.a + 1 event.level = 'error' event.component = 'x' event.time = 1763800000000000005 event.message = 'new'
            f.level = event.level f.component = event.component f.time = event.time f.new = event.message
            f.raw = event.raw f.gone = 1 f.gone = nil f.again = 1 f.again = nil f.again = 2
            """.replacing("\n", with: " "))
        for line in ["one", "two"] {
            let event = try #require(fixture.parse(line))
            let found = event.fields.map { "\($0.name)=\($0.text)" }.joined(separator: " ")
            #expect(
                found
                    == "first=true message=true a=2 level=error component=x time=1763800000000000005 new=new raw=\(line) again=2"
            )
        }
    }

    @Test func `an error in one line leaves the next line parsed`() throws {
        let fixture = try Fixture("local n = tonumber(line) + 1 event.fields.n = n")
        #expect(fixture.parse("1")?.text("n") == "2")
        #expect(fixture.parse("x") == nil)
        #expect(fixture.parse("2")?.text("n") == "3")
        #expect(
            fixture.parser.errors
                == LuaErrors(
                    count: 1, kills: 0,
                    first: "plugins/fixture/init.lua:5: attempt to perform arithmetic on a nil value"))
    }

    @Test(
        arguments: [
            (
                "event.mesage = 'x'",
                "the event has no \"mesage\": message, level, component, time, fields, raw, severity, format, source, line, "
                    + "offset, findings, template and sample() are what it has"
            ),
            ("event.raw = 'x'", "event.raw can't be written: it is the line as read"),
            ("event.fields = {}", "event.fields can't be replaced, write event.fields.NAME"),
            ("event.level = 'loud'", "\"loud\" is no level: trace, debug, info, warning, error or critical"),
            ("event.level = 5", "a level is a word, not a number"),
            ("event.message = {}", "event.message is a string, not a table"),
            ("event.time = 1.5", "event.time as a number is a count of nanoseconds since 1970, without a fraction"),
            ("event.time = {}", "event.time is nanoseconds or text, not a table"),
            ("event.fields.x = pcall", "field \"x\" can't be a function"),
            ("event.fields[''] = 1", "a field's name has 1 to 256 bytes"),
            ("event.fields[('k'):rep(257)] = 1", "a field's name has 1 to 256 bytes"),
            ("event.fields[{}] = 1", "a field's name is a string, not a table"),
            ("for i = 1, 300 do event.fields['k' .. i] = i end", "more than 256 fields in one event"),
            (
                "for i = 1, 10 do event.fields['k' .. i] = ('x'):rep(1e6) .. i end",
                "more than 4 MiB written to one event"
            ),
            ("ailogger.regex('(?<a>.)'):match(line).b = 1", "attempt to index a match value"),
            ("local x = ailogger.regex('(?<a>.)'):match(line).b", "the pattern has no group named \"b\""),
            ("local x = ailogger.regex('(?<a>.)'):match(line)[2]", "the pattern's groups are 0 to 1"),
            ("ailogger.regex('(?<a>.)(?J)(?<a>.)')", "regex: two groups are named \"a\""),
            ("ailogger.regex([[\\C]])", "regex: using \\C is disabled by the application at offset 2"),
            ("ailogger.log('loud', 'x')", "\"loud\" is no level: trace, debug, info, warning, error or critical"),
        ])
    func `misuse of the event is an error with its line`(body: String, message: String) throws {
        let fixture = try Fixture(body, limits: .unhurried)
        #expect(fixture.parse("abc") == nil)
        let first = fixture.parser.errors.first ?? ""
        #expect(first.hasPrefix("plugins/fixture/init.lua:5: \(message)"), "\(first)")
        #expect(fixture.parser.errors.kills == 0)
    }

    @Test func `more names than are kept by address work all the same`() throws {
        let fixture = try Fixture(
            "local f = event.fields for i = 1, 100 do local k = line .. i f[k] = i f[k] = f[k] + 1 end")
        for round in 0..<30 {
            let event = try #require(fixture.parse("r\(round)_"))
            #expect(event.fields.count == 100)
            #expect(event.text("r\(round)_100") == "101")
        }
        let long = String(repeating: "n", count: 60)
        let event = try #require(fixture.parse(long))
        #expect(event.text(long + "7") == "8")
    }

    @Test func `keys are those of the batch at hand`() throws {
        let fixture = try Fixture("event.fields.status = 1 event.fields.zeta = 2")
        let line = Array("x".utf8)
        for other in ["alpha", "beta", "gamma"] {
            var builder = EventBuilder()
            let bytes = Array(other.utf8)
            _ = builder.keys.intern(bytes.span)
            if other == "beta" { _ = builder.keys.intern("delta") }
            builder.reset(rawCount: 1)
            builder.begin()
            _ = fixture.parser.parse(line.span, at: 0, into: &builder)
            let names = builder.fields.map { String(decoding: builder.keys.name($0.key), as: UTF8.self) }
            #expect(names == ["status", "zeta"])
        }
    }

    @Test func `what a script logs comes out, up to a limit`() throws {
        let fixture = try Fixture(
            """
            ailogger.log('warn', 'saw ' .. line)
            if line == 'many' then for i = 1, 2000 do ailogger.log('info', ('x'):rep(100)) end end
            """.replacing("\n", with: " "))
        _ = fixture.parse("one")
        let first = fixture.parser.takeOutput()
        #expect(first.log == [LuaLogLine(text: "saw one", level: Severity.warning.rawValue)])
        #expect(first.droppedLines == 0)
        _ = fixture.parse("many")
        let second = fixture.parser.takeOutput()
        #expect(second.log.count + second.droppedLines == 2001)
        #expect(second.droppedLines > 0)
        #expect(fixture.parser.takeOutput().log.isEmpty)
    }
}
