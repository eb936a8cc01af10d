import LogLua
import Testing

@Suite(.timeLimit(.minutes(20)))
struct URLLibraryTests {
    /// The parts of `line`, in the order of a URL; nil for none.
    private static let shown = """
        local function shown(url)
          if url == nil then return 'nil' end
          local parts = {}
          for _, name in ipairs{ 'scheme', 'user', 'password', 'host', 'port', 'path', 'query', 'fragment' } do
            if url[name] then parts[#parts + 1] = name .. '=' .. url[name] end
          end
          return table.concat(parts, ' ')
        end
        """

    private func parts(of url: String) throws -> String {
        try Fixture.text(of: "shown(ailogger.url.parse(line))", before: Self.shown, line: url)
    }

    @Test(
        arguments: [
            ("http://example.com", "scheme=http host=example.com"),
            (
                "HTTPS://joe:se:cret@EXAMPLE.com:8443/a/b;c?x=1&y=2#top",
                "scheme=https user=joe password=se:cret host=example.com port=8443"
                    + " path=/a/b;c query=x=1&y=2 fragment=top"
            ),
            ("http://a@b@c/", "scheme=http user=a@b host=c path=/"),
            ("https://[2001:DB8::1]:443/x", "scheme=https host=2001:db8::1 port=443 path=/x"),
            ("http://h?x", "scheme=http host=h query=x"), ("http://h:/", "scheme=http host=h path=/"),
            ("file:///etc/passwd", "scheme=file path=/etc/passwd"), ("//cdn.example/x", "host=cdn.example path=/x"),
            ("mailto:joe@example.com", "scheme=mailto path=joe@example.com"),
            ("urn:isbn:0451450523", "scheme=urn path=isbn:0451450523"),
        ])
    func `a URL is split as RFC 3986 has it`(url: String, expected: String) throws {
        #expect(try parts(of: url) == expected)
    }

    @Test(
        arguments: [
            ("/path?x=1", "path=/path query=x=1"), ("/", "path=/"), ("/a?", "path=/a query="),
            ("/a#b?c", "path=/a fragment=b?c"), ("/a?b?c", "path=/a query=b?c"), ("/a:80/b", "path=/a:80/b"),
        ])
    func `a path alone will do, as requests have it`(path: String, expected: String) throws {
        #expect(try parts(of: path) == expected)
    }

    @Test(
        arguments: [
            "localhost:8080", "localhost:8080/path", "example.com:443?x", "10.0.0.1:53", "[::1]:80", "example.com",
            "example.com/x", "*", "key=value", "Error: no such file", "12:34:56", "C:\\logs", "http://h:65536/",
            "http://h:8a/", "http://[::1", "://x", "?x=1", "#top", "http:",
        ])
    func `what is no URL is nil`(text: String) throws {
        #expect(try parts(of: text) == "nil")
        #expect(try Fixture.text(of: "ailogger.url.path(line)", line: text) == "nil")
    }

    @Test func `parts may hold any byte`() throws {
        let fixture = try Fixture("local u = ailogger.url.parse(line) event.fields.p = u.path event.fields.q = u.query")
        let event = try #require(fixture.parse([0x2f, 0xff, 0x00, 0x20, 0x3f, 0xfe, 0x3d, 0x00]))
        #expect(event.field("p")?.bytes == [0x2f, 0xff, 0x00, 0x20])
        #expect(event.field("q")?.bytes == [0xfe, 0x3d, 0x00])
    }

    @Test(
        arguments: [
            ("a=1&b=2", "a=1|b=2"), ("?a=1", "a=1"), ("a=1&a=2", "a=2"), ("a+b=c+d%2B", "a b=c d+"), ("a&b=", "a=|b="),
            ("&&a=1&&", "a=1"), ("=x", "=x"), ("a=b=c", "a=b=c"), ("http://h/p?x=1#y", "x=1"), ("/p?x=%41", "x=A"),
            ("/p", ""), ("u=http://h/p?x", "u=http://h/p?x"),
        ])
    func `a query is names and values, of which the last counts`(query: String, expected: String) throws {
        let before = """
            local function pairs_of(text)
              local list = {}
              for name, value in pairs(ailogger.url.query(text)) do list[#list + 1] = name .. '=' .. value end
              table.sort(list)
              return table.concat(list, '|')
            end
            """
        #expect(try Fixture.text(of: "pairs_of(line)", before: before, line: query) == expected)
    }

    @Test(
        arguments: [
            ("a%20b+c%2f", "a b+c/"), ("100%", "100%"), ("%zz%4", "%zz%4"), ("%e4%BD%a0", "你"), ("plain", "plain"),
        ])
    func `escapes are decoded, and what is none stays`(text: String, expected: String) throws {
        #expect(try Fixture.text(of: "ailogger.url.decode(line)", line: text) == expected)
    }

    @Test func `encoding leaves what is unreserved, and decoding takes it back`() throws {
        #expect(try Fixture.text(of: "ailogger.url.encode(line)", line: "a b/ä~-._A9") == "a%20b%2F%C3%A4~-._A9")
        let before = "local all = {} for i = 0, 255 do all[#all + 1] = string.char(i) end all = table.concat(all)"
        #expect(try Fixture.text(of: "ailogger.url.decode(ailogger.url.encode(all)) == all", before: before) == "true")
    }

    @Test func `a path is given as it is written`() throws {
        #expect(try Fixture.text(of: "ailogger.url.path(line)", line: "http://h/a%20b?c#d") == "/a%20b")
        #expect(try Fixture.text(of: "ailogger.url.path(line)", line: "http://h") == "")
    }

    @Test func `no text at all is no URL, and too much of it an error`() throws {
        #expect(try Fixture.text(of: "ailogger.url.parse(nil)") == "nil")
        #expect(
            try Fixture.error(of: "ailogger.url.encode((' '):rep(400000))")
                == "url.encode: the text has more than 349525 bytes")
    }
}
