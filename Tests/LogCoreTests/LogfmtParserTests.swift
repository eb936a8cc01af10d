import LogCore
import Testing

struct LogfmtParserTests {
    private func parse(_ line: String) -> LineReading { LineReading(line, LogfmtParser()) }

    @Test func `pairs become fields, and the known ones fill the record`() {
        let line = parse(
            #"ts=2026-11-22T10:00:00Z lvl=warn logger=db msg="disk full" free=0 ratio=1.5 ok=true d=12ms path=/a?b=c"#
        )
        #expect(line.isAccepted)
        #expect(line.time == 1_795_341_600_000_000_000)
        #expect(line.record.severity == .warning)
        #expect(line.component == "db")
        #expect(line.message == "disk full")
        #expect(
            line.fields == [
                .init(name: "free", kind: .number, text: "0"), .init(name: "ratio", kind: .number, text: "1.5"),
                .init(name: "ok", kind: .json, text: "true"), .init(name: "d", kind: .string, text: "12ms"),
                .init(name: "path", kind: .string, text: "/a?b=c"),
            ])
    }

    @Test func `an escaped quote does not end a value`() {
        let line = parse(#"level=info msg="say \"hi\"\tnow \u00e9 \x41" a="\\" b=1"#)
        #expect(line.message == "say \"hi\"\tnow é \\x41")
        #expect(line.fieldList == #"a=\ b=1"#)
        #expect(line.isInBounds)
    }

    @Test func `single quotes hold a value as double ones do`() {
        let line = LineReading("level=error error='RuntimeError: it isn't there' status=500", LogfmtParser())
        #expect(line.isAccepted && line.record.severity == .error)
        #expect(line.message == "RuntimeError: it isn't there")
        #expect(line.fieldList == "status=500")
    }

    @Test func `a name alone is true`() {
        let line = parse("level=info a=1 verbose b=2")
        #expect(line.fieldList == "a=1 verbose=true b=2")
        #expect(line.fields[1].kind == .json)
    }

    @Test func `the words behind a message without quotes are its own`() {
        let line = parse("level=info msg=starting the server port=80")
        #expect(line.message == "starting the server")
        #expect(line.fieldList == "port=80")
        #expect(parse("level=info a=1 msg=done all").message == "done all")
    }

    @Test func `an empty value is kept`() {
        #expect(parse("a= b=\"\" c=1").fields.map(\.text) == ["", "", "1"])
        #expect(parse("a=1 b=2 c=").fields.map(\.text) == ["1", "2", ""])
    }

    @Test func `without a message the line is it`() {
        #expect(parse("at=info method=GET status=200").message == "at=info method=GET status=200")
        #expect(parse("at=info method=GET status=200").record.severity == .info)
    }

    @Test(arguments: [
        "", " ", "=", "a", "a=1", "a=1 b=2", "a=1 b=2 c=3 and prose", "see a=1 b=2 level=info msg=x", "1=a 2=b 3=c",
        #"a=1 b="open c=3"#, #"level=info msg="x"y a=1"#, "x = 1 y = 2 z = 3", "=a b=1 c=2 d=3", #"{"a":1}"#,
        #"level=info a=1 msg="\"#,
    ])
    func `what is no logfmt is refused, and leaves nothing`(text: String) {
        var event = EventBuilder()
        let line = LineReading(Array(text.utf8), LogfmtParser(), builder: &event)
        #expect(!line.isAccepted)
        #expect(event.fields.isEmpty)
        #expect(event.decoded.isEmpty)
    }

    @Test func `flags need a known role beside them`() {
        #expect(!parse("a=1 b=2 c=3 flag").isAccepted)
        #expect(parse("a=1 b=2 level=error flag").isAccepted)
    }

    @Test func `bytes beyond ASCII in a value are kept`() {
        #expect(parse("a=é b=日本 x=\"ü ö\"").fields.map(\.text) == ["é", "日本", "ü ö"])
    }

    @Test func `tabs part pairs like blanks`() {
        #expect(parse("a=1\tb=2\t\tc=3  d=4 ").fieldList == "a=1 b=2 c=3 d=4")
    }
}
