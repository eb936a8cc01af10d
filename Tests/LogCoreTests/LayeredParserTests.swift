import LogCore
import Testing

/// `head> rest`: the rest is the message; `head` the component; an optional `@stream` behind it a field.
private final class HeadParser: LineParser {
    let name = "head"
    let joinsFollowingLines = false
    var inside: Inside { .line }

    func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        guard let mark = line.firstIndex(of: UInt8(ascii: ">"), from: 0), mark + 2 <= line.count else { return false }
        let at = line.extracting(0..<mark).firstIndex(of: UInt8(ascii: "@"), from: 0)
        event.record.component = ByteRange(base, base + (at ?? mark))
        if let at { event.add(.stream, .string, ByteRange(base + at + 1, base + mark)) }
        event.record.message = ByteRange(base + mark + 2, base + line.count)
        return true
    }
}

@Suite struct LayeredParserTests {
    private struct Event: Equatable {
        var message = ""
        var component = ""
        var level = Severity.unspecified
        var time: Int64?
        var layer: UInt8 = 0
        var fields: [String] = []
    }

    private static func inner(_ parsers: [any LineParser], from number: UInt8 = 1) -> ContiguousArray<
        LayeredParser.Inner
    > {
        ContiguousArray(parsers.enumerated().map { LayeredParser.Inner($1, number: number + UInt8($0)) })
    }

    private static func read(_ parser: LayeredParser, _ string: String, base: Int = 0) -> Event? {
        let line = Array(string.utf8)
        var builder = EventBuilder(clock: SourceClock(year: 2026))
        builder.reset(rawCount: base + line.count)
        builder.begin()
        guard parser.parse(line.span, at: base, into: &builder) else { return nil }
        let decoded = Array(builder.decoded)
        func text(_ range: ByteRange) -> String {
            if range.isEmpty { return "" }
            if range.upper <= base + line.count {
                return String(decoding: line[range.lower - base..<range.upper - base], as: UTF8.self)
            }
            let start = range.lower - base - line.count
            return String(decoding: decoded[start..<start + range.count], as: UTF8.self)
        }
        let record = builder.record
        let first = Int(record.firstField)
        #expect(first + Int(record.fieldCount) == builder.fields.count)
        return Event(
            message: text(record.message), component: text(record.component), level: record.severity,
            time: record.timeSource == .none ? nil : record.time, layer: builder.layer,
            fields: builder.fields[first..<first + Int(record.fieldCount)].map {
                "\(String(decoding: builder.keys.name($0.key), as: UTF8.self))=\(text($0.value))"
            })
    }

    private static var json: LayeredParser {
        LayeredParser(HeadParser(), [.init(writer: nil, inner([JSONLineParser(), LogfmtParser()]))], generic: 9)
    }

    @Test func `what the inner line says counts, and the outer one fills in`() {
        let event = Self.read(Self.json, #"web@out> {"level":"error","msg":"no space","n":1}"#)
        #expect(
            event
                == Event(message: "no space", component: "web", level: .error, layer: 1, fields: ["stream=out", "n=1"]))
    }

    @Test func `an outer component that is displaced becomes the field program`() {
        let event = Self.read(Self.json, #"web> {"level":"info","logger":"shop.db","msg":"up"}"#, base: 70_000)
        #expect(event == Event(message: "up", component: "shop.db", level: .info, layer: 1, fields: ["program=web"]))
    }

    @Test func `a name in front of text counts where the outer line has none`() {
        #expect(Self.read(Self.json, "> [cart] no answer") == Event(message: "no answer", component: "cart", layer: 9))
        #expect(Self.read(Self.json, "web> [cart] no answer") == Event(message: "[cart] no answer", component: "web"))
        #expect(Self.read(Self.json, "> no answer") == Event(message: "no answer"))
    }

    @Test func `colours that rsyslog wrote as text are taken out of a container's line`() {
        #expect(
            Self.read(Self.json, "> #033[31m[cart]#033[0m no answer")
                == Event(message: "no answer", component: "cart", layer: 9))
        #expect(Self.read(Self.json, "> see #12345 and #033") == Event(message: "see #12345 and #033"))
        let event = Self.read(Self.json, ##"web> #033[32m{"level":"error","msg":"no space"}#033[0m"##)
        #expect(event?.message == "no space")
        #expect(event?.level == .error)
    }

    @Test func `a field that both have is the inner one's`() {
        let event = Self.read(Self.json, #"web@out> {"msg":"up","stream":"inner"}"#)
        #expect(event?.fields == ["stream=inner"])
    }

    @Test func `formats inside are tried in order, and text that is nobody's stays`() {
        #expect(Self.read(Self.json, "web> level=warn msg=slow took=3")?.layer == 2)
        #expect(Self.read(Self.json, "web> level=warn msg=slow took=3")?.fields == ["took=3"])
        #expect(Self.read(Self.json, "web> all is well") == Event(message: "all is well", component: "web"))
        #expect(Self.read(Self.json, #"web> {"msg":"broken"#) == Event(message: #"{"msg":"broken"#, component: "web"))
        #expect(Self.read(Self.json, "no head") == nil)
    }

    @Test func `a line with a level and a time is understood though no format knows it`() {
        let event = Self.read(Self.json, "web> 2026-11-22 10:00:00 ERROR disk is full")
        #expect(event?.message == "disk is full")
        #expect(event?.level == .error)
        #expect(event?.layer == 9)
    }

    @Test func `the time that says more counts`() {
        let syslog = LayeredParser(
            Syslog3164Parser(), [.init(writer: nil, Self.inner([JSONLineParser()]))], generic: nil)
        let zoned = Self.read(syslog, #"Nov 22 10:00:00 h app: {"time":"2026-11-22T09:00:00Z","msg":"x"}"#)
        #expect(zoned?.time == 1_795_338_000_000_000_000)
        let none = Self.read(syslog, #"Nov 22 10:00:00 h app: {"msg":"x"}"#)
        #expect(none?.time == 1_795_341_600_000_000_000)
        // An outer time with a zone against an inner one without.
        let docker = LayeredParser(JSONLineParser(), [.init(writer: nil, Self.inner([GenericParser()]))], generic: nil)
        let local = Self.read(docker, #"{"log":"2026-11-22 11:00:00 ERROR x","time":"2026-11-22T10:00:00Z"}"#)
        #expect(local?.time == 1_795_341_600_000_000_000)
        #expect(local?.message == "x")
    }

    @Test func `a line inside decoded text is read from there`() {
        let docker = LayeredParser(
            JSONLineParser(), [.init(writer: nil, Self.inner([JSONLineParser()]))], generic: nil)
        let event = Self.read(
            docker, #"{"log":"{\"level\":\"warn\",\"msg\":\"say \\\"hi\\\"\",\"k\":\"a\"}\n","stream":"stderr"}"#,
            base: 11)
        #expect(
            event == Event(message: #"say "hi""#, level: .warning, layer: 1, fields: ["stream=stderr", "k=a"]))
    }

    @Test func `writers have formats of their own`() {
        let line = Array("a> x".utf8)
        var builder = EventBuilder()
        builder.reset(rawCount: line.count)
        builder.begin()
        #expect(HeadParser().parse(line.span, at: 0, into: &builder))
        let a = Writer.hash(line.span, 0, &builder)
        let parser = LayeredParser(
            HeadParser(),
            [
                .init(writer: a, Self.inner([JSONLineParser()], from: 3)),
                .init(writer: nil, Self.inner([LogfmtParser()], from: 5)),
            ],
            generic: nil)
        #expect(Self.read(parser, #"a> {"msg":"x"}"#)?.layer == 3)
        #expect(Self.read(parser, #"b> {"msg":"x"}"#)?.layer == 0)
        #expect(Self.read(parser, "b> level=info msg=x took=3")?.layer == 5)
        #expect(Self.read(parser, "a> level=info msg=x took=3")?.layer == 0)
    }

    @Test func `layers nest`() {
        let syslog = LayeredParser(
            Syslog3164Parser(), [.init(writer: nil, Self.inner([JSONLineParser()], from: 4))], generic: nil)
        let parser = LayeredParser(HeadParser(), [.init(writer: nil, Self.inner([syslog], from: 3))], generic: nil)
        let event = Self.read(parser, #"web> Nov 22 10:00:00 h app[7]: {"level":"error","msg":"x"}"#)
        #expect(event?.layer == 4)
        #expect(event?.message == "x")
        #expect(event?.component == "app")
        #expect(event?.fields == ["host=h", "pid=7", "program=web"])
        #expect(Self.read(parser, "web> Nov 22 10:00:00 h app[7]: text")?.layer == 3)
    }

    @Test func `names of layers are numbered behind the parsers' own`() {
        var stack = FormatStack([JSONLineParser(), LogfmtParser()])
        #expect(stack.number(of: "json+logfmt", other: 0) == 2)
        #expect(stack.number(of: "json+logfmt", other: 0) == 2)
        for i in 0..<100 { _ = stack.number(of: "json+\(i)", other: 0) }
        #expect(stack.names.count == FormatStack.mostNames)
        #expect(stack.number(of: "json+new", other: 1) == 1)
    }

    @Test(arguments: 0..<200) func `whatever stands inside, ranges lie in the bytes`(seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let pieces = [
            #"{"msg":"a\"b","logger":"x"}"#, #"{"a":1,"a":2,"stream":"s"}"#, "level=info msg=\"q\\\"r\" a=1",
            "2026-11-22 ERROR x",
            "", " ", "{", "\u{0}", "web@out> ", #"{"msg":"{\"msg\":\"deep\"}"}"#, "Nov 22 10:00:00 h a[1]: ",
        ]
        let text = (0..<1 + next(4)).map { _ in pieces[next(pieces.count)] }.joined()
        let both: [any LineParser] = [Self.json, JSONLineParser(), LogfmtParser(), GenericParser()]
        let parser = LayeredParser(
            next(2) == 0 ? HeadParser() : JSONLineParser(), [.init(writer: nil, Self.inner(both))], generic: 8)
        _ = Self.read(parser, "web@out> " + text, base: next(3) * 1_000)
        _ = Self.read(
            parser, #"{"log":"\#(text.filter { $0 != "\"" && $0 != "\\" })\n","stream":"s"}"#, base: next(3) * 1_000)
    }
}
