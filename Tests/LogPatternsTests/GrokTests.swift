import LogPatterns
import Testing

@Suite struct GrokTests {
    /// Compiles a grok pattern for whole texts.
    private func matches(_ source: String, _ text: String) throws -> Bool {
        let pattern = try Pattern("^(?:" + GrokPattern(source).expanded + ")$")
        var matcher = Matcher()
        return matcher.match(pattern, Array(text.utf8).span) == .matched
    }

    @Test func `a name becomes a group, and with a field a named one`() throws {
        #expect(try GrokPattern("<%{NONNEGINT}>").expanded == #"<(?:\d++)>"#)
        #expect(try GrokPattern("%{INT:size}").expanded == #"(?<size>[+-]?\d++)"#)
        #expect(try GrokPattern("%{INT:size:int} b").expanded == #"(?<size>[+-]?\d++) b"#)
        #expect(try GrokPattern("%{QS}").expanded.hasPrefix(#"(?:(?:(?:""#))
    }

    @Test func `other percent signs stay as they are`() throws {
        for source in ["100%", "%{", "%{}", #"\%{INT}"#, "%d", "{INT}", "%{-a}", #"\\"#, ""] {
            #expect(try GrokPattern(source).expanded == source)
        }
    }

    @Test func `an unknown name says which one may have been meant`() {
        #expect(
            throws: GrokError(
                message: "there is no grok pattern named 'IPORHOSTS'", offset: 4, help: "did you mean 'IPORHOST'?")
        ) { try GrokPattern("^at %{IPORHOSTS:client}") }
        #expect(
            throws: GrokError(
                message: "there is no grok pattern named 'ZZZZZZ'", offset: 0,
                help: "write a name that grok has, or a group: (?<field>…)")
        ) { try GrokPattern("%{ZZZZZZ}") }
    }

    @Test func `a name of a field that PCRE2 can't take is refused`() {
        let help = "up to 32 letters, digits and '_', no digit first"
        for name in ["client.ip", "1st", "", "a b", String(repeating: "x", count: 33)] {
            #expect(throws: GrokError(message: "'\(name)' can't be the name of a field", offset: 1, help: help)) {
                try GrokPattern("x%{IP:\(name)}")
            }
        }
        let unclosed = #"close it with '}', or write '\%{' where the line holds one"#
        #expect(throws: GrokError(message: "'%{' has no '}'", offset: 0, help: unclosed)) {
            try GrokPattern("%{INT:x")
        }
    }

    @Test func `an offset in the expansion leads back to the source`() throws {
        let source = "a %{INT:n} b %{WORD} c"
        let pattern = try GrokPattern(source)
        let text = Array(pattern.expanded.utf8)
        for (offset, byte) in text.enumerated() where byte == UInt8(ascii: " ") || offset == 0 {
            #expect(Array(source.utf8)[pattern.sourceOffset(offset)] == byte)
        }
        #expect(pattern.sourceOffset(5) == 2)
        #expect(pattern.sourceOffset(text.count) == source.utf8.count)
    }

    static let accepted: [(String, [String])] = [
        ("INT", ["0", "-12", "+3"]),
        ("POSINT", ["1", "90"]),
        ("NUMBER", ["1", "-1.5", ".5", "10."]),
        ("BASE16NUM", ["0xFF", "beef"]),
        ("WORD", ["abc_1"]),
        ("NOTSPACE", ["a-b/c"]),
        ("GREEDYDATA", ["", "any thing"]),
        ("QS", [#""a \" b""#, "'x'", #""""#]),
        ("UUID", ["123e4567-e89b-12d3-a456-426614174000"]),
        ("USER", ["j.doe-1"]),
        ("EMAILADDRESS", ["jane+x@mail.example.com"]),
        ("IPV4", ["0.0.0.0", "192.0.2.255"]),
        (
            "IPV6",
            [
                "::", "::1", "2001:db8::1", "fe80::1%eth0", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1",
                "1:2:3:4:5:6:192.0.2.1",
                "1::", "1:2:3:4:5:6:7::", "1:2:3::8", "2001:db8::192.0.2.33",
            ]
        ),
        ("IP", ["10.0.0.1", "2001:db8::1"]),
        ("HOSTNAME", ["localhost", "a.b-c.example.com", "example.com."]),
        ("IPORHOST", ["10.0.0.1", "::1", "db1"]),
        ("HOSTPORT", ["db1:5432"]),
        ("MAC", ["00:1B:44:11:3a:b7", "001b.4411.3ab7"]),
        ("PATH", ["/", "/var/log/app-1.log", #"C:\Temp\x.txt"#]),
        ("URI", ["https://user:pw@example.com:8443/a/b?c=d&e=1", "file:///etc/hosts"]),
        ("URIPATHPARAM", ["/a/b?c=d"]),
        ("MONTH", ["Nov", "November", "May"]),
        ("MONTHDAY", ["1", "09", "31"]),
        ("DAY", ["Mon", "Sunday"]),
        ("TIME", ["23:59:59", "00:00", "10:00:00.123", "10:00:60"]),
        (
            "TIMESTAMP_ISO8601",
            ["2026-11-22T10:00:00.123Z", "2026-11-22 10:00:00,123", "2026-11-22T10:00:00+01:00", "2026-11-22 10:00"]
        ),
        ("SYSLOGTIMESTAMP", ["Nov  2 10:00:00", "Nov 22 10:00:00"]),
        ("HTTPDATE", ["22/Nov/2026:10:00:00 +0100"]),
        ("HTTPDERROR_DATE", ["Sun Nov 22 10:00:00.123456 2026"]),
        ("DATESTAMP_RFC2822", ["Sun, 22 Nov 2026 10:00:00 +0100"]),
        ("LOGLEVEL", ["ERROR", "warn", "Warning", "err", "FATAL", "notice"]),
        ("SYSLOGBASE", ["Nov 22 10:00:00 web1 sshd[12]:", "Nov 22 10:00:00 web1 kernel:"]),
        (
            "COMBINEDAPACHELOG",
            [#"192.0.2.7 - jane [22/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 512 "-" "curl/8.0""#]
        ),
    ]

    @Test(arguments: accepted)
    func `a name matches what it is named after`(name: String, texts: [String]) throws {
        for text in texts {
            #expect(try matches("%{\(name)}", text), "\(name): \(text)")
        }
    }

    static let refused: [(String, [String])] = [
        ("INT", ["", "1.5", "a"]),
        ("POSINT", ["0", "-1"]),
        ("IPV4", ["256.0.0.1", "1.2.3", "1.2.3.4.5"]),
        ("IPV6", ["1:2:3", ":::", "1::2::3", "12345::", "10:00:00", "1:2:3:4:5:6:7:8:9"]),
        ("UUID", ["123e4567-e89b-12d3-a456"]),
        ("MONTHDAY", ["0", "32"]),
        ("TIME", ["24:00:00", "10:60:00"]),
        ("HTTPDATE", ["22/Nov/2026 10:00:00 +0100"]),
        ("LOGLEVEL", ["errors", "hello"]),
        ("WORD", ["a b", ""]),
        ("QS", ["abc", #""abc"#]),
    ]

    @Test(arguments: refused)
    func `a name refuses what isn't`(name: String, texts: [String]) throws {
        for text in texts { #expect(try !matches("%{\(name)}", text), "\(name): \(text)") }
    }

    @Test func `every name of the library expands and compiles`() throws {
        for (name, _) in Self.accepted { _ = try Pattern(GrokPattern("%{\(name)}").expanded) }
        for name in GrokPattern.names { _ = try Pattern(GrokPattern("%{\(name)}").expanded) }
        #expect(GrokPattern.names.count > 60)
    }
}
