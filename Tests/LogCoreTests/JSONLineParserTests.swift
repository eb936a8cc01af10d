import LogCore
import Testing

struct JSONLineParserTests {
    private func parse(_ line: String) -> LineReading { LineReading(line, JSONLineParser()) }

    /// 2026-11-22T10:00:00Z
    private let noon: Int64 = 1_795_341_600_000_000_000

    // MARK: Levels and times by other names

    @Test(arguments: [
        (#""level":{"name":"error"}"#, Severity.error), (#""level":{"value":50,"label":"error"}"#, .error),
        (#""level":{"level":40000,"levelStr":"WARN"}"#, .warning), (#""levelno":40"#, .error),
        (#""levelno":30"#, .warning),
        (#""severity_number":17"#, .error), (#""severityNumber":13"#, .warning), (#""severityLevel":3"#, .error),
        (#""level_value":40000"#, .error), (#""status":"error""#, .error), (#""type":"warning""#, .warning),
        (#""status":"open""#, .unspecified), (#""type":"e""#, .unspecified), (#""level":"info","levelno":40"#, .info),
        (#""level":"info","status":"error""#, .info), (#""type":"error","method":"GET","status":404"#, .warning),
    ])
    func `a level in an object, on a scale that its name tells, or in a word of something else`(
        member: String, severity: Severity
    ) {
        #expect(parse("{\(member),\"msg\":\"x\"}").record.severity == severity)
    }

    @Test(arguments: [
        (#""alertSeverity":"high""#, Severity.error), (#""event_severity":"warning""#, .warning),
        (#""threatSeverity":"CRITICAL""#, .critical), (#""riskLevel":"error""#, .error),
        (#""syslogLevel":"err""#, .error), (#""severityName":"ERROR""#, .error), (#""level_text":"warn""#, .warning),
        (#""message_severity_label":"critical""#, .critical), (#""type":"info","riskLevel":"error""#, .error),
        // A better one counts, whichever comes first; a number is on a scale of its own.
        (#""alertSeverity":"high","level":"info""#, .info), (#""level":30,"riskLevel":"error""#, .info),
        (#""riskLevel":50"#, .unspecified), (#""riskLevel":"high""#, .unspecified),
        (#""minLevel":"error""#, .unspecified), (#""battery_level":"critical""#, .unspecified),
        (#""default_severity":"error""#, .unspecified), (#""sealevel":"warn""#, .unspecified),
    ])
    func `a level under a longer name, if it is the word of one`(member: String, severity: Severity) {
        let line = parse("{\(member),\"msg\":\"x\"}")
        #expect(line.record.severity == severity)
        #expect(line.fieldList.contains("everity") || line.fieldList.contains("evel"))
    }

    @Test(arguments: [
        #""published":"2026-11-22T10:00:00Z""#, #""detectedAt":"2026-11-22T10:00:00Z""#, #""logged":1795341600"#,
        #""lastSeen":"2026-11-22T10:00:00Z""#, #""start":"2026-11-22T10:00:00Z","end":"2026-11-22T11:00:00Z""#,
        #""end":"2026-11-22T11:00:00Z","received":"2026-11-22T10:00:00Z","start":"2026-11-22T09:00:00Z""#,
        #""alert":{"id":7,"observedTime":"2026-11-22T10:00:00Z"}"#, #""time":"/Date(1795341600000)/""#,
        #""time":"/Date(1795341600000+0100)/""#, #""time":"\/Date(1795341600000)\/""#,
    ])
    func `a time under another name`(member: String) {
        #expect(parse("{\"level\":\"error\",\(member)}").time == noon)
    }

    @Test(arguments: [
        #""user":{"created_at":"2026-11-22T10:00:00Z"}"#, #""notAfter":"2026-11-22T10:00:00Z""#, #""start":42"#,
        #""format":"2026-11-22T10:00:00Z""#, #""scheduledAt":"2026-11-22T10:00:00Z""#,
        #""lastId":1795341600"#, #""vendorId":1795341600"#, #""recordTime":1000000000000000000000"#,
    ])
    func `what is no event's time`(member: String) {
        #expect(parse("{\"level\":\"error\",\(member)}").time == nil)
    }

    @Test(arguments: ["nanoOfSecond", "nanos"])
    func `nanoseconds go with their seconds`(name: String) {
        let line = parse("{\"instant\":{\"epochSecond\":1795341600,\"\(name)\":120000001},\"msg\":\"x\"}")
        #expect(line.time == noon + 120_000_001)
    }

    @Test(arguments: [
        (#""method":"GET","path":"/b","status":200"#, "GET /b 200"), (#""verb":"PUT","uri":"/b?c=1""#, "PUT /b?c=1"),
        (#""status":"404","url":"http://shop.example/b","httpMethod":"DELETE""#, "DELETE http://shop.example/b 404"),
        (#""method":"GET","path":"/a\"b","status":200"#, "GET /a\"b 200"),
    ])
    func `a request in several members is the message of a line that says nothing else`(
        members: String, message: String
    ) {
        let line = parse("{\(members)}")
        #expect(line.isInBounds)
        #expect(line.message == message)
        #expect(line.fieldList.contains("/"))
    }

    @Test(arguments: [#"{"method":"Cart.Add","path":"/b"}"#, #"{"method":"GET","path":"b"}"#, #"{"path":"/b"}"#])
    func `what is no request of HTTP is its own message`(text: String) {
        #expect(parse(text).message == text)
    }

    @Test(arguments: [
        (#""epoch_ms":1795341600000"#, true), (#""created_us":1795341600000000"#, true),
        (#""ns":1795341600000000000"#, true), (#""zeitpunkt":"2026-11-22T10:00:00Z""#, true),
        (#""instant":{"epochSecond":1795341600,"nanoOfSecond":0}"#, true),
        (#""event_date":"2026-11-22 10:00:00""#, true),
        (#""expires_at":"2026-11-22T10:00:00Z""#, false), (#""order":1795341600000"#, false),
        (#""next_time":"2026-11-22T10:00:00Z""#, false), (#""items":1795341600"#, false),
        (#""ms":"1795341600000x""#, false),
    ])
    func `a time whose name speaks of one`(member: String, isTime: Bool) {
        #expect(parse("{\"level\":\"error\",\(member)}").time == (isTime ? noon : nil))
    }

    @Test(arguments: [
        #""local_time":"2026-11-22 11:00:00","utc_time":"2026-11-22 10:00:00""#,
        #""x-c-local-time":"2026-11-22 11:00:00","date_utc":"2026-11-22 10:00:00""#,
        #""time":0,"@timestamp":"2026-11-22T10:00:00Z""#,
        #""time":"1970-01-01T00:00:09Z","@timestamp":"2026-11-22T10:00:00Z""#,
        #""@timestamp":"2026-11-22T10:00:00Z","time":4959141198"#,
        #""date":"2026-11-22","time":"10:00:00","x-c-local-time":"2026-11-22 11:00:00""#,
        #""date":"2026-11-22","time":"12:00:00+02:00""#,
        #""LogTimestamp":"Sun Nov 22 10:00:00 2026","TimestampAuthentication":"2026-11-20T21:18:38.000Z""#,
    ])
    func `of several times the likely one is taken, and UTC before what the wall's clock showed`(members: String) {
        #expect(parse("{\"msg\":\"x\",\(members)}").time == noon)
    }

    @Test func `a time of 1970 is one where there is no other`() {
        #expect(parse(#"{"msg":"x","time":"1970-01-01T00:00:09Z"}"#).time == 9_000_000_000)
    }

    @Test func `hclog's names are level, message and module`() {
        let line = parse(#"{"@level":"warn","@message":"no leader","@module":"raft","error":"timeout"}"#)
        #expect(line.record.severity == .warning)
        #expect(line.message == "no leader")
        #expect(line.component == "raft")
    }

    @Test(arguments: [
        (#""success":false"#, Severity.error), (#""succeeded":"False""#, .error), (#""success":true"#, .unspecified),
        (#""outcome":"failure""#, .warning), (#""event":{"outcome":"failure"}"#, .warning),
        (#""event.outcome":"FAILED""#, .warning), (#""outcome":"success""#, .unspecified),
        (#""result":"denied""#, .warning), (#""result":"7 rows""#, .unspecified),
        (#""error":"no such host""#, .error), (#""error":{"code":7}"#, .error), (#""err":"EOF""#, .error),
        (#""error":"""#, .unspecified), (#""error":null"#, .unspecified), (#""error":false"#, .unspecified),
        (#""error":0"#, .unspecified), (#""error":{}"#, .unspecified), (#""error":"none""#, .unspecified),
        (#""error":[]"#, .unspecified), (#""error":7"#, .error), (#""exception":"x.Y: no""#, .error),
        (#""level":"info","error":"no such host""#, .info), (#""level":"debug","success":false"#, .debug),
        (#""status":200,"method":"GET","error":"reset""#, .error), (#""status":404,"path":"/","error":"x""#, .warning),
        (#""success":false,"outcome":"failure""#, .error),
        (#""action":"blocked""#, .warning), (#""action":"REJECT""#, .warning), (#""action":"accept""#, .unspecified),
        (#""disposition":"Denied""#, .warning), (#""verdict":"drop""#, .warning), (#""verdict":"pass""#, .unspecified),
        (#""level":"info","action":"deny""#, .info),
    ])
    func `what failed is grave where no level is said`(members: String, severity: Severity) {
        let line = parse("{\"message\":\"job 7\",\(members)}")
        #expect(line.record.severity == severity)
        #expect(line.message == "job 7")
    }

    // MARK: Values

    @Test func `members become fields of their kind, byte for byte`() {
        let line = parse(
            #" { "s" : "text" , "n":-1.50e+3,"t1":true,"f":false,"z":null,"a":[1, {"b":[]}],"o":{"x":1} } "#)
        #expect(line.isAccepted)
        #expect(
            line.fields == [
                .init(name: "s", kind: .string, text: "text"), .init(name: "n", kind: .number, text: "-1.50e+3"),
                .init(name: "t1", kind: .json, text: "true"), .init(name: "f", kind: .json, text: "false"),
                .init(name: "z", kind: .json, text: "null"), .init(name: "a", kind: .json, text: #"[1, {"b":[]}]"#),
                .init(name: "o", kind: .json, text: #"{"x":1}"#),
            ])
    }

    @Test(arguments: [("Timestamp", "timestamp"), ("cart_item_p", "Cart_item_p")])
    func `a name that differs in a few bits from the one that was expected is another one`(one: String, other: String) {
        // Those bits are set in the ninth byte as well. One table of keys, so that the parser remembers names.
        var event = EventBuilder()
        let parser = JSONLineParser()
        for name in [one, other, one] {
            let text = #"{"\#(name)":"what is no time, and long enough"}"#
            let line = LineReading(Array(text.utf8), parser, builder: &event)
            #expect(line.fields.map(\.name) == [name])
        }
    }

    @Test func `a big integer keeps every digit`() {
        #expect(parse(#"{"id":9007199254740993000001}"#).fieldList == "id=9007199254740993000001")
    }

    @Test func `an escaped quote is decoded`() {
        #expect(parse(#"{"msg":"say \"hi\""}"#).message == #"say "hi""#)
    }

    @Test(arguments: [
        (#"\b\f\n\r\t\/\\\""#, "\u{8}\u{c}\n\r\t/\\\""), (#"\u00e9\u20AC"#, "é€"), (#"\ud83d\ude00"#, "😀"),
        (#"\ud83d"#, "\u{FFFD}"), (#"\ude00\ud83d"#, "\u{FFFD}\u{FFFD}"), (#"\ud83dx\ude00"#, "\u{FFFD}x\u{FFFD}"),
        (#"\ud83d\u0041"#, "\u{FFFD}A"), (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀"), (#"a\u0000b"#, "a\0b"),
        (
            #"a long run of plain bytes \n and another one behind it"#,
            "a long run of plain bytes \n and another one behind it"
        ),
    ])
    func `every escape is decoded`(escaped: String, text: String) {
        let line = parse(#"{"x":"\#(escaped)"}"#)
        #expect(line.fields == [.init(name: "x", kind: .string, text: text)])
        #expect(line.isInBounds)
    }

    @Test func `an escaped name is the name it stands for`() {
        #expect(parse(#"{"a\u0062c":1,"q\"":2}"#).fieldList == "abc=1 q\"=2")
    }

    @Test func `bytes that are not UTF-8 are kept`() {
        var event = EventBuilder()
        let bytes = Array(#"{"a":""#.utf8) + [0xFF, 0xC3] + Array(#"","b":1}"#.utf8)
        let line = LineReading(bytes, JSONLineParser(), builder: &event)
        #expect(line.isAccepted)
        #expect(event.fields[0].value == ByteRange(6, 8))
        #expect(line.fields[1] == .init(name: "b", kind: .number, text: "1"))
    }

    @Test func `members of the same name are all kept`() {
        #expect(parse(#"{"a":1,"a":2}"#).fieldList == "a=1 a=2")
    }

    @Test func `numbers that Python writes and JSON lacks are text`() {
        #expect(parse(#"{"a":NaN,"b":-Infinity,"c":Infinity,"msg":"x"}"#).fieldList == "a=NaN b=-Infinity c=Infinity")
        #expect(parse(#"{"a":[1,NaN,{"b":-Infinity}],"c":1}"#).fieldList == #"a=[1,NaN,{"b":-Infinity}] c=1"#)
        var event = EventBuilder()
        _ = LineReading(
            Array(#"{"a":[NaN],"b":[1],"log":{"level":"error","x":NaN}}"#.utf8), JSONLineParser(), builder: &event)
        #expect(event.fields.map(\.kind) == [.string, .json, .string])
    }

    // MARK: What is no JSON object

    @Test(arguments: [
        "", " ", "{", "}", "[]", "[1]", "\"a\"", "1", "null", "{a:1}", "{'a':1}", #"{"a":1,}"#, #"{"a":1"#, #"{"a""#,
        #"{"a"}"#, #"{"a":}"#, #"{"a":01}"#, #"{"a":1.}"#, #"{"a":.5}"#, #"{"a":+1}"#, #"{"a":-}"#, #"{"a":1e}"#,
        #"{"a":1e+}"#, #"{"a":tru}"#, #"{"a":True}"#, #"{"a":NaNs}"#, #"{"a":-NaN}"#, #"{"a":[1,]}"#, #"{"a":[1 2]}"#,
        #"{"a":{]}"#,
        #"{"a":[}}"#, #"{"a":{"b":1,}}"#, #"{"a":{"b"}}"#, #"{"a":{1:2}}"#, #"{"a":"\x"}"#, #"{"a":"\u12"}"#,
        #"{"a":"\u12g4"}"#, #"{"a":"\"}"#, #"{"a":"b}"#, "{\"a\":\"\u{1}\"}", "{\"a\":\"\t\"}", #"{"a":1} x"#,
        #"{"a":1}{"b":2}"#, #"{"a":1 "b":2}"#, #"{,}"#, #"{"a" 1}"#, #"x{"a":1}"#, #"{"a":1}}"#, #"{"a":"\"#,
    ])
    func `what is no JSON object is refused, and leaves nothing`(text: String) {
        var event = EventBuilder()
        let line = LineReading(Array(text.utf8), JSONLineParser(), builder: &event)
        #expect(!line.isAccepted)
        #expect(event.fields.isEmpty)
        #expect(event.decoded.isEmpty)
        #expect(event.record.fieldCount == 0)
    }

    @Test func `what was decoded for a line that is then refused is taken back`() {
        var event = EventBuilder()
        let line = LineReading(Array(#"{"a":"\n","b":"\n""#.utf8), JSONLineParser(), builder: &event)
        #expect(!line.isAccepted)
        #expect(event.decoded.isEmpty)
        #expect(event.fields.isEmpty)
    }

    @Test func `nesting is followed 64 deep and no further`() {
        func nested(_ depth: Int) -> String {
            #"{"a":"# + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}"
        }
        #expect(parse(nested(64)).isAccepted)
        #expect(!parse(nested(65)).isAccepted)
        #expect(!parse(#"{"a":"# + String(repeating: "[", count: 200_000)).isAccepted)
        #expect(!parse(String(repeating: #"{"a":"#, count: 200_000)).isAccepted)
    }

    // MARK: Roles

    @Test func `time, level, message and component leave the fields`() {
        let line = parse(
            #"{"timestamp":"2026-11-22T10:00:00Z","level":"WARN","logger":"a.B","message":"full disk","free":0}"#)
        #expect(line.time == noon)
        #expect(line.record.timeSource == .line)
        #expect(line.record.flags.contains(.zoned))
        #expect(line.record.severity == .warning)
        #expect(line.component == "a.B")
        #expect(line.message == "full disk")
        #expect(line.fieldList == "free=0")
    }

    @Test(arguments: [
        #""timestamp":"2026-11-22T10:00:00Z""#, #""time":"2026-11-22 10:00:00""#, #""ts":1795341600"#,
        #""ts":1795341600.0"#, #""ts":1.7953416E9"#, #""ts":"1795341600""#, #""@timestamp":1795341600000"#,
        #""@t":"2026-11-22T10:00:00.000Z""#, #""datetime":1795341600000000"#, #""date":1795341600000000000"#,
        #""asctime":"2026-11-22 10:00:00,000""#, #""eventTime":"2026-11-22T10:00:00Z""#,
        #""event_time":"2026-11-22T10:00:00Z""#, #""t":{"$date":"2026-11-22T10:00:00.000+00:00"}"#,
        #""t": { "x" : 1 , "$date" : 1795341600000 }"#, #""TimeGenerated":"2026-11-22T10:00:00Z""#,
        #""__REALTIME_TIMESTAMP":"1795341600000000""#, #""Timestamp":"2026-11-22T10:00:00\u005a""#,
    ])
    func `a time is found under its many names`(member: String) {
        let line = parse("{\(member),\"x\":1}")
        #expect(line.time == noon)
        #expect(line.fieldList == "x=1")
    }

    @Test func `fractions of a second keep their nanoseconds`() {
        #expect(parse(#"{"ts":1795341600.123456789}"#).time == noon + 123_456_789)
        #expect(parse(#"{"ts":1795341600123.5}"#).time == noon + 123_500_000)
    }

    @Test(arguments: [
        #""time":12.5"#, #""time":0"#, #""time":-1795341600"#, #""time":"10:00:00""#, #""time":null"#, #""t":"x""#,
        #""time":99999999999999999999999999"#, #""time":1e999"#, #""time":1e-999"#, #""time":"""#, #""time":{"a":1}"#,
        #""time":17953416000000"#, #""time":"1e""#, #""time":"1795341600-""#,
    ])
    func `what is no point in time stays a field`(member: String) {
        let line = parse("{\(member)}")
        #expect(line.isAccepted)
        #expect(line.time == nil)
        #expect(line.fields.count == 1)
    }

    @Test(arguments: [
        (#""level":"error""#, Severity.error), (#""severity":"CRITICAL""#, .critical), (#""lvl":"dbug""#, .debug),
        (#""severity":"high""#, .error), (#""severity":"Medium""#, .warning), (#""level":"high""#, .unspecified),
        (#""logLevel":"Information""#, .info), (#""log.level":"trace""#, .trace), (#""@l":"Fatal""#, .critical),
        (#""s":"W""#, .warning), (#""SeverityText":"ERROR""#, .error), (#""level":30"#, .info),
        (#""level":60"#, .critical),
        (#""level":10"#, .trace), (#""level":3"#, .error), (#""PRIORITY":"4""#, .warning), (#""PRIORITY":7"#, .debug),
        // A word before a number, whichever comes first; slog's steps.
        (#""levelName":"INFO","level":2"#, .info), (#""level":2,"level_name":"INFO""#, .info),
        (#""level":"WARN+2""#, .warning), (#""level":"DEBUG-4""#, .debug),
        (#""level":400"#, .error), (#""levelname":"WARNING""#, .warning), (#""log":{"level":"error"}"#, .error),
    ])
    func `a level is found under its many names, as a word or a number`(member: String, severity: Severity) {
        #expect(parse("{\(member)}").record.severity == severity)
    }

    @Test(arguments: [
        #""level":"banana""#, #""level":20000"#, #""level":8"#, #""level":-3"#, #""level":1.5"#, #""level":"""#,
    ])
    func `what is no level stays a field`(member: String) {
        let line = parse("{\(member)}")
        #expect(line.record.severity == .unspecified)
        #expect(line.fields.count == 1)
    }

    @Test func `of several names for the message the preferred one wins and the others stay`() {
        let line = parse(#"{"event":"login","text":"b","msg":"a","user":"u"}"#)
        #expect(line.message == "a")
        #expect(Set(line.fields.map(\.name)) == ["event", "text", "user"])
        #expect(parse(#"{"event":"login"}"#).message == "login")
    }

    @Test func `of two members that are the message the last wins and the first stays`() {
        let line = parse(#"{"msg":"first","msg":"second"}"#)
        #expect(line.message == "second")
        #expect(line.fieldList == "msg=first")
    }

    @Test func `an empty message gives way to another`() {
        #expect(parse(#"{"message":"","msg":"x"}"#).message == "x")
        #expect(parse(#"{"msg":"x","message":""}"#).message == "x")
        #expect(parse(#"{"a":1,"message":""}"#).message == "")
    }

    @Test func `without a message the line is it`() {
        #expect(parse(#"{"a":1}"#).message == #"{"a":1}"#)
        #expect(parse("{}").message == "{}")
    }

    @Test func `a component is text, and the more telling name wins`() {
        #expect(parse(#"{"name":"app","logger":"db"}"#).component == "db")
        #expect(parse(#"{"service":"api","module":"x"}"#).component == "api")
        #expect(parse(#"{"app":5}"#).component == "")
        #expect(parse(#"{"SYSLOG_IDENTIFIER":"cron"}"#).component == "cron")
    }

    @Test func `objects of the Elastic Common Schema are looked into and kept`() {
        let line = parse(
            #"{"log":{"level":"error","logger":"x\"y"},"service":{"name":"api"},"message":"m","error":{"message":"e"}}"#
        )
        #expect(line.record.severity == .error)
        #expect(line.component == "x\"y")
        #expect(line.message == "m")
        #expect(line.fields.map(\.name) == ["log", "service", "error"])
        #expect(line.fields.allSatisfy { $0.kind == .json })
        #expect(parse(#"{"service":{"id":1,"name":"api"}}"#).component == "api")
        #expect(parse(#"{"fields":{"message":"rust"}}"#).message == "rust")
    }

    @Test func `MongoDB's line is understood`() {
        let line = parse(
            #"{"t":{"$date":"2026-11-22T10:00:00.000+00:00"},"s":"E","c":"NETWORK","id":1,"msg":"down","attr":{"a":1}}"#
        )
        #expect(line.time == noon)
        #expect(line.record.severity == .error)
        #expect(line.component == "NETWORK")
        #expect(line.message == "down")
        #expect(line.fieldList == #"id=1 attr={"a":1}"#)
    }

    @Test func `Serilog's compact format writes no level for Information`() {
        let line = parse(#"{"@t":"2026-11-22T10:00:00.0000000Z","@mt":"Hello, {User}","User":"n"}"#)
        #expect(line.time == noon)
        #expect(line.record.severity == .info)
        #expect(line.message == "Hello, {User}")
        #expect(parse(#"{"@t":"2026-11-22T10:00:00Z","@m":"x","@l":"Error"}"#).record.severity == .error)
        #expect(parse(#"{"@t":"2026-11-22T10:00:00Z","x":1}"#).record.severity == .unspecified)
    }

    @Test func `Docker's line end is no part of the message`() {
        #expect(parse(#"{"log":"hello\r\n","stream":"stdout","time":"2026-11-22T10:00:00Z"}"#).message == "hello")
    }

    // MARK: Memory of names

    @Test func `names are found again in any order`() {
        let parser = JSONLineParser()
        var event = EventBuilder()
        let lines = [
            #"{"alpha":1,"beta":2,"a_name_longer_than_sixteen_bytes":3}"#, #"{"beta":2,"alpha":1}"#,
            #"{"alpha":1,"a_name_longer_than_sixteen_bytez":3,"beta":2}"#,
            #"{"alpha":1,"betamax":2,"a_name_longer_than_sixteen_bytes":3}"#, #"{"alph":1,"bet":2}"#,
            #"{"alpha":1,"beta":2,"a_name_longer_than_sixteen_bytes":3}"#,
            #"{"sixteen_bytes_aa":1,"sixteen_bytes_a":2}"#,
            #"{"sixteen_bytes_aa":1,"sixteen_bytes_a":2}"#, #"{"":1,"":2}"#, #"{"":1,"":2}"#,
        ]
        for line in lines {
            let parsed = LineReading(Array(line.utf8), parser, builder: &event)
            let expected = line.dropFirst().dropLast().split(separator: ",").map {
                $0.replacing("\"", with: "").replacing(":", with: "=")
            }
            #expect(parsed.fieldList == expected.joined(separator: " "))
        }
    }

    @Test func `one parser serves two builders`() {
        let parser = JSONLineParser()
        var first = EventBuilder()
        var second = EventBuilder()
        // The same names have other numbers there.
        _ = second.keys.intern("zero")
        let line = Array(#"{"one":1,"two":2}"#.utf8)
        #expect(LineReading(line, parser, builder: &first).fieldList == "one=1 two=2")
        #expect(LineReading(line, parser, builder: &second).fieldList == "one=1 two=2")
        #expect(LineReading(line, parser, builder: &first).fieldList == "one=1 two=2")
    }

    @Test func `a log that makes names up is still read`() {
        let parser = JSONLineParser()
        var event = EventBuilder()
        for i in 0..<2000 {
            let parsed = LineReading(Array(#"{"k\#(i)":\#(i),"same":1}"#.utf8), parser, builder: &event)
            #expect(parsed.fieldList == "k\(i)=\(i) same=1")
        }
        let long = String(repeating: "n", count: 100_000)
        let parsed = LineReading(Array(#"{"\#(long)":5}"#.utf8), parser, builder: &event)
        #expect(parsed.fields.map(\.text) == ["5"])
        #expect(event.fields[0].key == .overflow)
    }

    @Test func `more members than a record can count are read without a crash`() {
        let line = "{" + (0..<70_000).map { _ in #""a":1"# }.joined(separator: ",") + "}"
        let parsed = parse(line)
        #expect(parsed.isAccepted)
        #expect(parsed.fields.count == 65_535)
        #expect(parsed.record.fieldCount == 65_535)
    }

    // MARK: Requests

    @Test(arguments: [
        (#"{"status":503,"request":"GET /x"}"#, Severity.error, "GET /x"),
        (#"{"status":"404","request":"GET /x"}"#, .warning, "GET /x"),
        (#"{"status_code":200,"method":"GET","path":"/x","message":"done"}"#, .info, "done"),
        // The level that is said counts, and a status of anything else tells nothing.
        (#"{"level":"info","status":503,"request":"GET /x"}"#, .info, "GET /x"),
        (#"{"status":503,"shelf":4}"#, .unspecified, #"{"status":503,"shelf":4}"#),
        (#"{"status":50,"url":"/x"}"#, .unspecified, #"{"status":50,"url":"/x"}"#),
    ])
    func `of a request the status says how bad it is`(text: String, level: Severity, message: String) {
        let line = parse(text)
        #expect(line.record.severity == level)
        #expect(line.message == message)
        #expect(line.fieldList.contains("status"))
    }
}
