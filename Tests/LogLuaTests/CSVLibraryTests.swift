import LogLua
import Testing

/// `ailogger.csv`: one record of RFC 4180 and back.
@Suite(.timeLimit(.minutes(20)))
struct CSVLibraryTests {
    /// The list as JSON, or the message.
    private func parse(_ line: String, _ options: String = "nil") throws -> String? {
        let fixture = try Fixture(
            """
            local list, message = ailogger.csv.parse(line, \(options))
            event.message = message or ailogger.json.encode(list)
            """,
            match: "(?s)^")
        return fixture.parse(line)?.messageText
    }

    private func error(_ body: String) throws -> String {
        let fixture = try Fixture(body)
        #expect(fixture.parse("x") == nil)
        return fixture.parser.errors.first ?? ""
    }

    @Test(
        arguments: [
            ("", #"[""]"#), ("a", #"["a"]"#), ("a,b,", #"["a","b",""]"#), (",", #"["",""]"#),
            (" a , b", #"[" a "," b"]"#),
            ("1,1.0,true", #"["1","1.0","true"]"#), ("é,😀", #"["é","😀"]"#), ("a,b\r\n", #"["a","b"]"#),
            ("a\n", #"["a"]"#),
        ])
    func `fields are the texts between the separators`(line: String, expected: String) throws {
        #expect(try parse(line) == expected)
    }

    @Test(
        arguments: [
            (#""a,b",c"#, #"["a,b","c"]"#), (#""say ""hi""",",""#, #"["say \"hi\"",","]"#), (#""""""#, #"["\""]"#),
            (#""",x"#, #"["","x"]"#), ("\"two\nlines\",x\r\n", #"["two\nlines","x"]"#),
            (#"a"b,c""d"#, #"["a\"b","c\"\"d"]"#),
            (#" "a""#, #"[" \"a\""]"#),
        ])
    func `quotes hold separators, quotes and line breaks`(line: String, expected: String) throws {
        #expect(try parse(line) == expected)
    }

    @Test(
        arguments: [
            (#""a"#, "the quote is never closed at byte 1"), (#"x,"a"""#, "the quote is never closed at byte 3"),
            (#""a"b"#, "expected a separator behind the closing quote at byte 4"),
            ("a,b\nc", "a line break must be in quotes at byte 4"),
        ])
    func `what is no record is nil and a message with the place`(line: String, message: String) throws {
        #expect(try parse(line) == "csv: \(message)")
    }

    @Test(
        arguments: [
            ("a;'b;c';d", #"{ separator = ";", quote = "'" }"#, #"["a","b;c","d"]"#),
            ("a\t\"b\tc", #"{ separator = "\t", quote = "" }"#, #"["a","\"b","c"]"#),
            ("a|b", "{ separator = '|' }", #"["a","b"]"#),
        ])
    func `other separators and quotes are named`(line: String, options: String, expected: String) throws {
        #expect(try parse(line, options) == expected)
    }

    @Test(
        arguments: [
            ("{ 'a', 'b' }", "a,b"), ("{}", ""), ("{ '', '' }", ","),
            ("{ 1, 1.0, true, ailogger.null, -0.0 }", "1,1.0,true,,-0.0"),
            (#"{ 'a"b', 'c,d', 'e\nf', ' g ' }"#, "\"a\"\"b\",\"c,d\",\"e\nf\", g "), (#"{ '"' }"#, #""""""#),
            (#"{ 'a\r' }"#, "\"a\r\""),
            ("{ 'a;b', 'c,d' }, { separator = ';' }", "'a;b';c,d".replacing("'", with: "\"")),
            (#"{ "it's", "b" }, { quote = "'" }"#, "'it''s',b"),
        ])
    func `a list is written with quotes only where they must be`(arguments: String, line: String) throws {
        let event = try Fixture("event.message = ailogger.csv.format(\(arguments))").parse("x")
        #expect(event?.messageText == line)
    }

    @Test(
        arguments: [
            ("format({ 1, {} })", "csv: value 2 is a table"), ("format({ error })", "csv: value 1 is a function"),
            ("format('a')", "table expected, got string"),
            ("format({ 'a,b' }, { quote = '' })", "csv: a value needs quotes, and the option quote is empty"),
            ("parse(line, { separator = ';;' })", #"csv: the option separator is one byte, not ";;""#),
            (#"parse(line, { separator = "\n" })"#, "csv: the option separator can't be a line break"),
            ("parse(line, { quote = ',' })", "csv: the options separator and quote are the same byte"),
            ("parse(line, { delimiter = ';' })", #"csv has no option "delimiter": it has separator and quote"#),
            ("parse({})", "string expected, got table"),
        ])
    func `wrong arguments are told`(call: String, message: String) throws {
        let error = try error("ailogger.csv.\(call)")
        #expect(error.contains(message), "\(error)")
    }

    @Test func `any bytes come through`() throws {
        let line: [UInt8] = [0x00, 0xff, 0x2c, 0x22, 0xc3, 0x2c, 0x00, 0x22]
        let event = try Fixture("event.message = ailogger.csv.format(ailogger.csv.parse(line))").parse(line)
        #expect(event?.message == line)
    }

    @Test func `what was written is read back`() throws {
        let body = #"""
            local csv, json, random = ailogger.csv, ailogger.json, math.random
            local alphabet = { 'a', '"', ',', "'", ';', '\n', '\r', ' ', '\0', '\255', 'é' }
            local function text()
              local t = {}
              for i = 1, random(0, 6) do t[i] = alphabet[random(#alphabet)] end
              return table.concat(t)
            end
            for i = 1, 600 do
              local list, options = {}, i % 2 == 0 and { separator = ';', quote = "'" } or nil
              for k = 1, random(1, 6) do list[k] = text() end
              local line = csv.format(list, options)
              if json.encode(csv.parse(line, options)) ~= json.encode(list) then error(line) end
              if json.encode(csv.parse(line .. '\r\n', options)) ~= json.encode(list) then error(line) end
            end
            """#
        let fixture = try Fixture(body)
        #expect(fixture.parse("x") != nil, "\(fixture.parser.errors)")
    }

    @Test(arguments: ["ailogger.csv.parse(line)", "ailogger.csv.format(list)"])
    func `endless work ends at the budget`(call: String) throws {
        let fixture = try Fixture(
            "while true do \(call) end", before: "local list = {} for i = 1, 10000 do list[i] = 'a' end")
        #expect(fixture.parse(String(repeating: "a,", count: 10_000)) == nil)
        #expect(fixture.parser.errors.kills == 1, "\(fixture.parser.errors)")
    }

    @Test func `a line has no more than a mebibyte`() throws {
        let body = "local x = ('x'):rep(1 << 19) ailogger.csv.format({ x, x, x })"
        #expect(try error(body).hasSuffix("csv: the line is over 1048576 bytes"))
    }
}
