import LogCore
import Testing

struct JSONDialectTests {
    /// 2026-11-22T10:00:00Z
    private let noon: Int64 = 1_795_341_600_000_000_000

    private func outline(_ change: (inout JSONOutline) -> Void) -> JSONLineParser {
        var outline = JSONOutline()
        change(&outline)
        return JSONLineParser(name: "d", inside: .message, JSONShape(outline))
    }

    private func path(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func sign(_ text: String, _ values: [String] = [], _ kinds: JSONShape.Kinds = .any) -> JSONOutline.Sign {
        var sign = JSONOutline.Sign(path: path(text))
        sign.values = values.map { Array($0.utf8) }
        sign.kinds = kinds
        return sign
    }

    @Test func `one member may be the component and the level`() {
        let parser = outline {
            $0.add(path("kind"), role: .level, rank: 0)
            $0.add(path("kind"), role: .component, rank: 0)
            $0.levels.add(path("intrusion"), .error)
        }
        let line = LineReading(#"{"kind":"intrusion","n":1}"#, parser)
        #expect(line.record.severity == .error)
        #expect(line.component == "intrusion")
        #expect(line.fieldList == "n=1")
    }

    @Test(arguments: [
        (#"{"a":1,"b":"x","k":2}"#, true), (#"{"a":1,"c":{"d":0},"k":2}"#, true), (#"{"a":1,"c.d":0,"k":2}"#, true),
        (#"{"a":"1","b":"x","k":2}"#, false), (#"{"a":1,"k":2}"#, false), (#"{"a":1,"b":"x"}"#, false),
        (#"{"a":1,"b":"x","k":3}"#, false), (#"{"a":1,"b":"x","k":2,"no":null}"#, false), (#"{}"#, false),
    ])
    func `a line without the signature is refused, and leaves nothing`(line: String, isRead: Bool) {
        let parser = outline {
            $0.sign([sign("a", [], .number)])
            $0.sign([sign("b"), sign("c.d")])
            $0.sign([sign("k", ["1", "2"])])
            $0.sign([sign("no")], isForbidden: true)
        }
        var event = EventBuilder()
        // The line before it must not count for it.
        _ = LineReading(Array(#"{"a":1,"b":"x","k":2}"#.utf8), parser, builder: &event)
        let reading = LineReading(Array(line.utf8), parser, builder: &event)
        #expect(reading.isAccepted == isRead)
        if !isRead { #expect(event.fields.isEmpty) }
    }

    @Test(arguments: [
        #"{"log":{"level":"error","origin":{"file":"a.c"}},"t":1795341600}"#,
        #"{"log.level":"error","log.origin":{"file":"a.c"},"t":1795341600}"#,
        #"{"log.level":"error","log.origin.file":"a.c","t":1795341600}"#,
        #"{"log":{"level":"error","origin.file":"a.c"},"t":1795341600}"#,
        #"{"log":[{"key":"level","value":{"stringValue":"error"}},{"key":"origin.file","value":"a.c"}],"t":1795341600}"#,
    ])
    func `a path is found in every spelling`(line: String) {
        let parser = outline {
            $0.add(path("log.level"), role: .level, rank: 0)
            $0.add(path("log.origin.file"), field: path("file"))
            $0.add(path("t"), role: .time, rank: 0)
        }
        let reading = LineReading(line, parser)
        #expect(reading.record.severity == .error)
        #expect(reading.fields.contains(.init(name: "file", kind: .string, text: "a.c")))
        #expect(reading.time == noon)
        #expect(reading.isInBounds)
    }

    @Test func `an object is no field once all of it was taken`() {
        let parser = outline {
            $0.add(path("req.id"), field: path("request"))
            $0.add(path("req.url"), field: path("path"))
        }
        #expect(LineReading(#"{"req":{"id":1,"url":"\/a"}}"#, parser).fieldList == "request=1 path=/a")
        #expect(
            LineReading(#"{"req":{"id":1,"x":2}}"#, parser).fieldList == #"request=1 req={"id":1,"x":2}"#)
    }

    @Test(arguments: [
        (#"{"a":{"b":"x"},"c":7}"#, "x does 7"), (#"{"a":{"b":"x"},"c":7,"e":"dé\n"}"#, "x does 7: dé\n"),
        (#"{"a":{"b":"x"},"c":null}"#, "x does "), (#"{"z":1}"#, #"{"z":1}"#), (#"{"m":"own","c":1}"#, "own"),
    ])
    func `a message is put together where there is none`(line: String, message: String) throws {
        var outline = JSONOutline()
        outline.add(path("m"), role: .message, rank: 0)
        outline.text = try JSONText(path("{a.b} does {c}[: {e}]")) { outline.slot($0) }
        let parser = JSONLineParser(name: "d", inside: .nothing, JSONShape(outline))
        let reading = LineReading(line, parser)
        #expect(reading.message == message)
        #expect(reading.isInBounds)
    }

    @Test func `levels are what the dialect says, before what all logs say`() {
        let parser = outline {
            $0.add(path("l"), role: .level, rank: 0)
            for (word, level) in [("20", Severity.info), ("5*", .critical), ("", .trace)] {
                $0.levels.add(path(word), level)
            }
        }
        func level(_ line: String) -> Severity { LineReading(line, parser).record.severity }
        #expect(level(#"{"l":20}"#) == .info)
        #expect(level(#"{"l":503}"#) == .critical)
        #expect(level(#"{"l":"warn"}"#) == .warning)
        #expect(level(#"{"x":1}"#) == .trace)
    }

    @Test func `seconds and nanoseconds are one time`() {
        let parser = outline {
            $0.add(path("at.s"), role: .time, rank: 0)
            $0.addNanoseconds(path("at.ns"))
        }
        #expect(LineReading(#"{"at":{"s":1795341600,"ns":120034000}}"#, parser).time == noon + 120_034_000)
        #expect(LineReading(#"{"at":{"s":1795341600}}"#, parser).time == noon)
    }

    @Test func `a message of bytes is text`() {
        let parser = outline { $0.add(path("MESSAGE"), role: .message, rank: 0) }
        #expect(LineReading(#"{"MESSAGE":[104, 105,33]}"#, parser).message == "hi!")
        #expect(LineReading(#"{"MESSAGE":[104,256]}"#, parser).fieldList == "MESSAGE=[104,256]")
    }
}
