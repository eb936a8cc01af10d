import LogLua
import Testing

/// `ailogger.kv`: pairs in a text, with the separators that it has.
@Suite(.timeLimit(.minutes(20)))
struct KeyValueLibraryTests {
    /// The table as JSON, once from `parse` and once gathered from `each`.
    private func parse(_ line: String, _ options: String = "nil") throws -> String? {
        let fixture = try Fixture(
            """
            local gathered = {}
            for key, value in ailogger.kv.each(line, \(options)) do gathered[key] = value end
            event.fields.each = ailogger.json.encode(gathered)
            event.fields.parse = ailogger.json.encode(ailogger.kv.parse(line, \(options)))
            """)
        let event = try #require(fixture.parse(line), "\(fixture.parser.errors)")
        #expect(event.text("each") == event.text("parse"))
        return event.text("parse")
    }

    private func error(_ body: String) throws -> String {
        let fixture = try Fixture(body)
        #expect(fixture.parse("x") == nil)
        return fixture.parser.errors.first ?? ""
    }

    @Test(
        arguments: [
            ("a=1", #"{"a":"1"}"#), ("a=1 b=2", #"{"a":"1","b":"2"}"#), (" ", "{}"), ("a= b=", #"{"a":"","b":""}"#),
            ("n=12 t=true x=null f=1.50", #"{"f":"1.50","n":"12","t":"true","x":"null"}"#),
            ("  a=1   b=2  ", #"{"a":"1","b":"2"}"#), ("a=b=c", #"{"a":"b=c"}"#),
            ("a.b-c/d[0]=1", #"{"a.b-c/d[0]":"1"}"#),
        ])
    func `pairs become text by name`(line: String, expected: String) throws {
        #expect(try parse(line) == expected)
    }

    @Test(
        arguments: [
            ("user logged in a=1 from b=2 now", #"{"a":"1","b":"2"}"#), ("=1 a=2", #"{"a":"2"}"#), ("== =", "{}"),
            (#""GET /x?a=1 HTTP/1.1" status=200"#, #"{"status":"200"}"#), (#""never closed a=1"#, #"{"a":"1"}"#),
            (#"x"y=1 z=2"#, #"{"z":"2"}"#),
        ])
    func `words without a name and a value are passed over`(line: String, expected: String) throws {
        #expect(try parse(line) == expected)
    }

    @Test(
        arguments: [
            (#"m="not found" x=1"#, #"{"m":"not found","x":"1"}"#), (#"m="" x=1"#, #"{"m":"","x":"1"}"#),
            (#"m="say \"hi\" \\ \t" x=1"#, #"{"m":"say \"hi\" \\ \t","x":"1"}"#),
            (#"m="é\ud83d\ude00""#, #"{"m":"é😀"}"#),
            (#"p="C:\Programs\x" x=1"#, #"{"p":"C:\\Programs\\x","x":"1"}"#),
            (#"p="ends with \\" x=1"#, #"{"p":"ends with \\","x":"1"}"#),
            (#"m="a"b x=1"#, #"{"m":"a","x":"1"}"#), (#"m=a"b c=d""#, #"{"c":"d\"","m":"a\"b"}"#),
        ])
    func `a quote at the beginning of a value holds it together`(line: String, expected: String) throws {
        #expect(try parse(line) == expected)
    }

    @Test(arguments: [(#"m="cut off here"#, "cut off here"), (#"m="cut\"#, #"cut\"#), (#"m=""#, "")])
    func `a value whose quote was cut off goes to the end`(line: String, value: String) throws {
        let event = try Fixture("event.message = ailogger.kv.parse(line).m").parse(line)
        #expect(event?.messageText == value)
    }

    @Test(
        arguments: [
            ("a=1, b = 2 ,c=", "{ pair = ',' }", #"{"a":"1","b":"2","c":""}"#),
            ("a:1;b:'x;y';;c:3", #"{ pair = ";", value = ":", quote = "'" }"#, #"{"a":"1","b":"x;y","c":"3"}"#),
            ("a='it\\'s'", #"{ quote = "'" }"#, #"{"a":"it's"}"#), ("don't a=1", #"{ quote = "'" }"#, #"{"a":"1"}"#),
            (#"a="x y" b=2"#, "{ quote = '' }", #"{"a":"\"x","b":"2"}"#),
            ("two words=1|b = \"x|y\" z|c=3", "{ pair = '|' }", #"{"b":"x|y","c":"3","two words":"1"}"#),
            ("a 1,b 2", "{ pair = ',', value = ' ' }", #"{"a":"1","b":"2"}"#),
            ("a=1\tb=2", "{ pair = '\\t' }", #"{"a":"1","b":"2"}"#),
        ])
    func `other separators are named`(line: String, options: String, expected: String) throws {
        #expect(try parse(line, options) == expected)
    }

    @Test func `of several values the last counts, and each gives them all in order`() throws {
        let body = """
            local all = {}
            for key, value in ailogger.kv.each(line) do all[#all + 1] = key .. value end
            event.fields.all = table.concat(all, ',')
            event.fields.last = ailogger.kv.parse(line).b
            """
        let event = try #require(Fixture(body).parse("b=1 a=2 b=3"))
        #expect(event.text("all") == "b1,a2,b3")
        #expect(event.text("last") == "3")
    }

    @Test func `an iterator stays at its end, and two don't disturb each other`() throws {
        let body = """
            local first, second = ailogger.kv.each('a=1 b=2'), ailogger.kv.each('a=1 b=2')
            event.fields.one = first() .. first() .. second()
            event.fields.ended = first() == nil and first() == nil
            """
        let event = try #require(Fixture(body).parse("x"))
        #expect(event.text("one") == "aba")
        #expect(event.text("ended") == "true")
    }

    @Test func `any bytes may stand in names and values`() throws {
        let body = "for key, value in ailogger.kv.each(line) do event.message = value .. key end"
        let event = try Fixture(body).parse([0xff, 0x00, 0x3d, 0x00, 0xfe, 0xc3])
        #expect(event?.message == [0x00, 0xfe, 0xc3, 0xff, 0x00])
    }

    @Test(
        arguments: [
            ("{ pair = 'ab' }", #"kv: the option pair is one byte, not "ab""#),
            ("{ value = '' }", #"kv: the option value is one byte, not """#),
            ("{ pair = 1 }", #"kv: the option pair is one byte, not "number""#),
            ("{ sep = ',' }", #"kv has no option "sep": it has pair, value and quote"#),
            ("{ pair = '=' }", "kv: the options pair and value are the same byte"),
            ("','", "kv: the options are a table, not a string"),
        ])
    func `wrong options are told`(options: String, message: String) throws {
        #expect(try error("ailogger.kv.parse(line, \(options))").hasSuffix(message))
        #expect(try error("ailogger.kv.each(line, \(options))").hasSuffix(message))
    }

    @Test func `values in quotes come back as they were`() throws {
        let body = #"""
            local random, alphabet = math.random, { 'a', '"', '\\', ' ', '=', '\0', '\255', 'é', '\n' }
            local function text()
              local t = {}
              for i = 1, random(0, 9) do t[i] = alphabet[random(#alphabet)] end
              return table.concat(t)
            end
            for _ = 1, 500 do
              local values, parts = {}, {}
              for i = 1, random(0, 6) do
                values['k' .. i] = text()
                parts[i] = 'k' .. i .. '="' .. values['k' .. i]:gsub('[\\"]', '\\%0') .. '"'
              end
              local line = table.concat(parts, (' '):rep(random(1, 3)))
              if ailogger.json.encode(ailogger.kv.parse(line)) ~= ailogger.json.encode(values) then error(line) end
            end
            """#
        let fixture = try Fixture(body)
        #expect(fixture.parse("x") != nil, "\(fixture.parser.errors)")
    }

    @Test func `endless work ends at the budget`() throws {
        let fixture = try Fixture("while true do ailogger.kv.parse(line) end")
        #expect(fixture.parse(String(repeating: "a=1 ", count: 10_000)) == nil)
        #expect(fixture.parser.errors.kills == 1, "\(fixture.parser.errors)")
    }
}
