import LogLua
import Testing

/// `ailogger.json`: strict, and what goes through it comes out as it was.
@Suite(.timeLimit(.minutes(20)))
struct JSONLibraryTests {
    /// The line decoded, and encoded again.
    private static let again = """
        local value, message = ailogger.json.decode(line)
        event.fields.type = math.type(value) or value == ailogger.null and 'null' or type(value)
        event.fields.out = message or ailogger.json.encode(value)
        """

    private func out(_ body: String, on line: String = "x") throws -> String? {
        let fixture = try Fixture(body)
        let event = fixture.parse(line)
        #expect(event != nil, "\(fixture.parser.errors)")
        return event?.text("out")
    }

    private func error(_ body: String) throws -> String {
        let fixture = try Fixture(body)
        #expect(fixture.parse("x") == nil)
        return fixture.parser.errors.first ?? ""
    }

    @Test(
        arguments: [
            ("1", "integer", "1"), ("-0", "integer", "0"), ("1.0", "float", "1.0"), ("-0.0", "float", "-0.0"),
            ("9223372036854775807", "integer", "9223372036854775807"),
            ("-9223372036854775808", "integer", "-9223372036854775808"),
            ("9223372036854775808", "float", "9.223372036854776e+18"), ("1E+2", "float", "100.0"),
            ("0.1", "float", "0.1"), ("5e-324", "float", "5e-324"),
            ("1.7976931348623157e308", "float", "1.7976931348623157e+308"),
            ("true", "boolean", "true"), ("false", "boolean", "false"), ("null", "null", "null"),
            (#""text""#, "string", #""text""#), ("[]", "table", "[]"), ("{}", "table", "{}"),
            (" [ 1 , null ,\t{ } ] ", "table", "[1,null,{}]"), (#"{"a":[[]],"":{}}"#, "table", #"{"":{},"a":[[]]}"#),
        ])
    func `a value keeps its kind on the way in and out`(text: String, type: String, written: String) throws {
        let event = try #require(Fixture(Self.again).parse(text))
        #expect(event.text("type") == type)
        #expect(event.text("out") == written)
    }

    @Test(
        arguments: [
            (#""\u0041\"\\\/\b\f\n\r\t""#, "A\"\\/\u{8}\u{c}\n\r\t"), (#""\ud83d\ude00""#, "😀"),
            (#""\u20AC\u00e9""#, "€é"),
            (#""\u0000""#, "\0"), (#""\ud83d""#, "\u{fffd}"), (#""\ude00x""#, "\u{fffd}x"),
            (#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"), (#""\ud83d\n""#, "\u{fffd}\n"), (#""é😀""#, "é😀"),
        ])
    func `escapes are read`(text: String, decoded: String) throws {
        let event = try Fixture("event.message = ailogger.json.decode(line)").parse(text)
        #expect(event?.messageText == decoded)
    }

    @Test func `bytes that are no UTF-8 stay as they are`() throws {
        let text: [UInt8] = [0x5b, 0x22, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x7f, 0x22, 0x5d]
        let event = try Fixture("event.message = ailogger.json.encode(ailogger.json.decode(line))").parse(text)
        #expect(event?.message == text)
    }

    @Test(
        arguments: [
            (#"{"a":1,"b":2 "c":3}"#, "expected ',' or '}' at byte 14"), ("[1 2]", "expected ',' or ']' at byte 4"),
            (#"{"a" 1}"#, "expected ':' at byte 6"), ("{a:1}", "expected a key in quotes at byte 2"),
            ("[1,]", "expected a value at byte 4"), (#"{"a":1,}"#, "expected a key in quotes at byte 8"),
            ("  ", "expected a value at byte 3"), ("NaN", "expected a value at byte 1"),
            ("'a'", "expected a value at byte 1"),
            ("01", "a number can't begin with 0 at byte 1"), ("-", "expected a digit at byte 2"),
            ("1.", "expected a digit at byte 3"), ("1e+", "expected a digit at byte 4"),
            (".5", "expected a value at byte 1"),
            ("1 2", "expected nothing more at byte 3"), (#"["a","b]"#, "the string never ends at byte 6"),
            ("\"a\tb\"", "a control character must be escaped at byte 3"), (#""\x""#, "no such escape at byte 2"),
            (#""\u12g4""#, "no such escape at byte 2"), ("\u{feff}1", "expected a value at byte 1"),
        ])
    func `what isn't JSON is nil and a message with the place`(text: String, message: String) throws {
        let event = try Fixture(
            "local value, message = ailogger.json.decode(line)"
                + " event.fields.out = message event.fields.none = value == nil"
        )
        .parse(text)
        #expect(event?.text("out") == "json: \(message)")
        #expect(event?.text("none") == "true")
    }

    @Test(arguments: [(64, true), (65, false), (10_000, false)])
    func `lists in lists go 64 levels deep`(depth: Int, fits: Bool) throws {
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(try out(Self.again, on: text) == (fits ? text : "json: nested deeper than 64 levels at byte 65"))
    }

    @Test func `the last of several values of one key counts`() throws {
        #expect(try out(Self.again, on: #"{"a":1,"b":[],"a":{"x":2}}"#) == #"{"a":{"x":2},"b":[]}"#)
    }

    @Test(
        arguments: [
            ("{ 1, 2, 'x' }", #"[1,2,"x"]"#), ("{}", "{}"), ("ailogger.json.array()", "[]"),
            ("ailogger.json.array{}", "[]"),
            ("ailogger.json.array{ 1 }", "[1]"),
            ("{ b = 1, a = 2, ['B'] = 3, ab = 4 }", #"{"B":3,"a":2,"ab":4,"b":1}"#),
            ("{ [10] = 1, [9] = 2, [0.5] = 3 }", #"{"0.5":3,"10":1,"9":2}"#), ("{ 1, nil, 3 }", #"{"1":1,"3":3}"#),
            ("{ ailogger.null, { {} } }", "[null,[{}]]"), (#"'\0\31"\\/\127'"#, #""\u0000\u001f\"\\/"# + "\u{7f}\""),
            ("nil", "null"), ("1e15", "1e+15"), ("2^53", "9007199254740992.0"), ("1/3", "0.3333333333333333"),
            ("setmetatable({ 1 }, { __index = error, __len = error, __pairs = error })", "[1]"),
        ])
    func `tables are lists or maps, in the same order every time`(lua: String, written: String) throws {
        #expect(try out("event.fields.out = ailogger.json.encode(\(lua))") == written)
    }

    @Test func `pretty puts every entry on a line of its own`() throws {
        let body = """
            local value = { a = { 1, { b = true } }, c = {}, d = ailogger.json.array() }
            event.message = ailogger.json.encode(value, { pretty = true })
            """
        #expect(
            try Fixture(body).parse("x")?.messageText == """
                {
                  "a": [
                    1,
                    {
                      "b": true
                    }
                  ],
                  "c": {},
                  "d": []
                }
                """)
    }

    @Test(
        arguments: [
            ("{ a = { 1, { ['b c'] = error } } }", #"a[2]["b c"] is a function: JSON has no such value"#),
            ("coroutine.create(error)", "the value is a thread: JSON has no such value"),
            ("{ x = 1 / 0 }", "x is inf: JSON has no such number"),
            ("{ -(0 / 0) }", "[1] is nan: JSON has no such number"),
            ("{ 1, 2, x = 3 }", "x is in a table that has both numbers and strings for keys"),
            ("{ a = { [true] = 1 } }", "a[true] has a boolean for its key"),
            ("{ a = { [{}] = 1 } }", "a has a key that is a table"),
            ("{ l = ailogger.json.array{ 1, [3] = 3 } }", "l[3] is in a list, but not one of its entries 1, 2, 3 …"),
            ("(function() local t = { a = {} } t.a.b = t.a return t end)()", "a.b is a table that holds itself"),
            (
                "(function() local t = {} for i = 1, 64 do t = { x = t } end return t end)()",
                "x is nested deeper than 64 levels"
            ),
        ])
    func `what JSON has no text for is an error that names its place`(lua: String, message: String) throws {
        let error = try error("event.fields.out = ailogger.json.encode(\(lua))")
        #expect(error.contains("json: \(message)"), "\(error)")
    }

    @Test(
        arguments: [
            ("encode(1, { prety = true })", #"json.encode has no option "prety": it has pretty"#),
            ("decode(12)", "string expected, got number"),
            ("encode()", "value expected"),
            ("array(setmetatable({}, {}))", "json: array can't mark a table that has a metatable"),
        ])
    func `wrong arguments are told`(call: String, message: String) throws {
        #expect(try error("ailogger.json.\(call)").contains(message))
    }

    @Test func `null is one value, and a list's mark can't be taken off`() throws {
        let body = """
            local json, list = ailogger.json, ailogger.json.decode('[]')
            event.fields.same = json.null == ailogger.null and json.decode('null') == ailogger.null
            event.fields.text = tostring(ailogger.null)
            event.fields.kept = not pcall(setmetatable, list, {}) and not getmetatable(list)
            list[1] = 2
            event.fields.out = json.encode(list)
            """
        let event = try #require(Fixture(body).parse("x"))
        #expect(event.fields.map(\.text) == ["true", "null", "true", "[2]"])
    }

    @Test func `random values come back the same`() throws {
        let body = #"""
            local json, random = ailogger.json, math.random
            local function text()
              local t = {}
              for i = 1, random(0, 9) do t[i] = string.char(random(0, 255)) end
              return table.concat(t)
            end
            local function value(depth)
              local kind = random(depth > 0 and 7 or 5)
              if kind == 1 then return random(0) end
              if kind == 2 then return (random() - 0.5) * 10.0 ^ random(-200, 200) end
              if kind == 3 then return text() end
              if kind == 4 then return ailogger.null end
              if kind == 5 then return random(2) == 1 end
              local t = {}
              for i = 1, random(0, 5) do t[kind == 6 and i or text()] = value(depth - 1) end
              return kind == 6 and json.array(t) or t
            end
            local function same(a, b)
              if type(a) ~= 'table' or type(b) ~= 'table' then return a == b and math.type(a) == math.type(b) end
              for k, v in pairs(a) do if not same(v, b[k]) then return false end end
              for k in pairs(b) do if a[k] == nil then return false end end
              return true
            end
            for _ = 1, 300 do
              local before = value(4)
              local written = json.encode(before)
              local after = json.decode(written)
              if not same(before, after) or json.encode(after) ~= written then error(written) end
            end
            event.fields.out = 'same'
            """#
        #expect(try out(body) == "same")
    }

    @Test(
        arguments: [
            "while true do ailogger.json.decode(text) end", "while true do ailogger.json.encode(value) end",
            "local t = {} for i = 1, 60 do t = { t, t } end ailogger.json.encode(t)",
        ])
    func `endless work ends at the budget`(lua: String) throws {
        let fixture = try Fixture(
            lua, before: "local text = '[' .. ('1,'):rep(9999) .. '1]' local value = ailogger.json.decode(text)")
        #expect(fixture.parse("x") == nil)
        #expect(fixture.parser.errors.kills == 1, "\(fixture.parser.errors)")
    }
}
