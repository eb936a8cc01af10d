import LogLua
import Testing

@Suite(.timeLimit(.minutes(20)))
struct RegexTests {
    private func run(_ pattern: String, _ body: String, on line: String) throws -> [String: String] {
        let fixture = try Fixture(body, before: "local re = ailogger.regex([==[\(pattern)]==]) local held = {}")
        let event = fixture.parse(line)
        try #require(event != nil, "\(fixture.parser.errors)")
        var found: [String: String] = [:]
        for field in event?.fields ?? [] { found[field.name] = field.text }
        return found
    }

    @Test func `a match gives groups by name and by number`() throws {
        let found = try run(
            #"(?<k>\w+)=(\d+)(?<rest>;.*)?"#,
            """
            local m = re:match(line) local f = event.fields f.k, f.n, f.all, f.first = m.k, m[2], m[0], m[1]
            f.none = m.rest == nil
            """.replacing("\n", with: " "),
            on: "  size=42 ")
        #expect(found == ["k": "size", "n": "42", "all": "size=42", "first": "size", "none": "true"])
    }

    @Test func `no match is nil, nothing and false`() throws {
        let found = try run(
            "x",
            """
            local f = event.fields f.m = re:match(line) == nil f.n = select('#', re:find(line)) f.t = re:test(line)
            f.c = select('#', re:captures(line))
            """.replacing("\n", with: " "),
            on: "abc")
        #expect(found == ["m": "true", "n": "0", "t": "false", "c": "0"])
    }

    @Test func `find gives places from 1, also for an empty match`() throws {
        let found = try run(
            "b*",
            """
            local f = event.fields f.s, f.e = re:find(line, 3) f.s1, f.e1 = re:find(line)
            f.past = re:find(line, 9) == nil
            """.replacing("\n", with: " "),
            on: "aabbc")
        #expect(found == ["s": "3", "e": "4", "s1": "1", "e1": "0", "past": "true"])
    }

    @Test func `captures gives all groups at once`() throws {
        let found = try run(
            #"(\w)(\d)?(\w)"#,
            "local a, b, c = re:captures(line) local f = event.fields f.a, f.b, f.c = a, b == nil, c",
            on: "xy")
        #expect(found == ["a": "x", "b": "true", "c": "y"])
    }

    @Test func `matches outlive the next match, the pattern and a collection`() throws {
        let found = try run(
            "(?<w>\\w+)",
            """
            for word in line:gmatch('%w+') do held[#held + 1] = ailogger.regex('(?<w>.+)'):match(word .. 'x') end
            for i = 1, 20000 do local s = 'garbage' .. i end
            event.fields.all = held[1].w .. held[2].w .. held[3].w
            """.replacing("\n", with: " "), on: "one two three")
        #expect(found == ["all": "onextwoxthreex"])
    }

    @Test func `a pattern with characters beyond ASCII works on characters, and on invalid bytes`() throws {
        let fixture = try Fixture(
            "event.fields.m = re:match(line).c", before: "local re = ailogger.regex('^(?<c>[äö].)')")
        #expect(fixture.parse("öß!")?.text("m") == "öß")
        let bytes: [UInt8] = Array("äx".utf8) + [0xff, 0xfe]
        #expect(fixture.parse(bytes)?.text("m") == "äx")
    }

    @Test func `a true match at the end of a long line is found`() throws {
        let fixture = try Fixture(
            "event.fields.ok = re:test(line)", before: "local re = ailogger.regex('^(?:a|b).*?[b-d]$')")
        let line = [UInt8](repeating: 0x61, count: 1 << 20) + [0x63]
        #expect(fixture.parse(line)?.text("ok") == "true")
    }

    @Test func `a guard keeps lines away from the script`() throws {
        let fixture = try Fixture(
            "count = (count or 0) + 1 event.fields.n = count", match: "^(?:sample|[a-z]\\d)$")
        #expect(fixture.parse("a1")?.text("n") == "1")
        #expect(fixture.parse("a12") == nil)
        #expect(fixture.parse("") == nil)
        #expect(fixture.parse([0xff, 0x00]) == nil)
        #expect(fixture.parse("b2")?.text("n") == "2")
        #expect(fixture.parser.errors.count == 0)
    }

    @Test func `a guard that hits its limit is an error and not a mismatch`() throws {
        let fixture = try Fixture("", match: "^(?:sample|(a+)+)$")
        #expect(fixture.parse(String(repeating: "a", count: 40) + "b") == nil)
        #expect(
            fixture.parser.errors.first
                == "plugins/fixture/init.lua: match: the guard hit a match limit on a line of 41 bytes")
    }

    @Test(
        arguments: [
            ("R'x*':gsub('abc', '-')", "-a-b-c-"), ("R'a*':gsub('baac', '-')", "-b--c-"),
            ("R'(\\\\w)(\\\\w)':gsub('abcd', '$2${1}$$')", "ba$dc$"), ("R'[ä]*':gsub('€ä', '.')", ".€.."),
            ("R'\\\\w':gsub('ab', function(m) return m[0]:upper() end)", "AB"),
            ("R'\\\\w+':gsub('a b', { a = 'x' })", "x b"), ("R'a':gsub('aaa', 'b', 2)", "bba"),
            ("R'(?<k>\\\\w)':named('z').k", "z"), ("R('^' .. R.escape('a.b[c]') .. '$'):test('a.b[c]')", "true"),
        ])
    func `all matches, named groups and escaping`(expression: String, expected: String) throws {
        #expect(try Fixture.text(of: "(\(expression))", before: "local R = ailogger.regex", line: "x") == expected)
    }

    @Test func `gmatch steps over empty matches by a character`() throws {
        let found = try run(
            "[äö]?", "local n = 0 for m in re:gmatch(line) do n = n + 1 end event.fields.n = n", on: "äxö")
        #expect(found == ["n": "4"])
    }

    @Test(
        arguments: [
            ("R'(a)':gsub('b', '$2')", "names group 2"), ("R'a':gsub('b', '${q}')", "no group named \"q\""),
            ("R'a':gsub('b', 'c$')", "$ stands before"), ("R'a':gsub('a', function() return {} end)", "not a table"),
        ])
    func `a replacement that can't be is an error`(call: String, message: String) throws {
        let failure = try Fixture.text(
            of: "select(2, pcall(function() return \(call) end))", before: "local R = ailogger.regex", line: "x")
        #expect(failure.contains(message))
    }
}
