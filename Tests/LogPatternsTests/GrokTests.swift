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

    // Lines of products are as long as they are.
    static let products: [(String, [String])] = [
        (
            "HTTPD24_ERRORLOG",
            [
                #"[Fri Nov 20 04:00:18.120934 2026] [proxy:error] [pid 35708:tid 4328636416] (111)Connection refused: AH00957: http: attempt"#,
                #"[Fri Nov 20 04:00:18.120934 2026] [core:error] [pid 35708:tid 43] [client 192.0.2.1:1234] AH00128: File does not exist"#,
            ]
        ),
        (
            "HTTPD20_ERRORLOG",
            [
                #"[Sun Dec 04 04:47:44 2005] [error] [client 192.0.2.4] Directory index forbidden"#
            ]
        ),
        (
            "HTTPD_ERRORLOG",
            [
                #"[Sun Dec 04 04:47:44 2005] [notice] caught SIGTERM, shutting down"#
            ]
        ),
        (
            "SYSLOGLINE",
            [
                #"Nov 22 10:00:00 web1 sshd[12]: hello"#,
                #"2026-11-22T10:00:00+01:00 web1 sshd[12]: hello"#,
            ]
        ),
        (
            "SYSLOGPAMSESSION",
            [
                #"Nov 22 10:00:00 web1 sshd[12]: pam_unix(sshd:session): session opened for user root by (uid=0)"#
            ]
        ),
        (
            "CRONLOG",
            [
                #"Nov 22 10:00:00 web1 CRON[12]: (root) CMD (run-parts /etc/cron.hourly)"#
            ]
        ),
        (
            "SYSLOG5424LINE",
            [
                #"<34>1 2026-11-22T10:00:00.003Z web1 su - ID47 [a@1 b="c ]"][d@2] failed for x"#
            ]
        ),
        (
            "JAVASTACKTRACEPART",
            [
                #"    at com.example.Shop$1.<init>(Shop.java:42)"#
            ]
        ),
        (
            "CATALINA7_LOG",
            [
                #"Jan 9, 2014 7:13:13 AM org.apache.catalina.startup.HostConfig deployDirectory INFO: Deploying"#
            ]
        ),
        (
            "CATALINA8_LOG",
            [
                #"31-Jul-2020 16:40:38.451 INFO [main] org.apache.catalina.startup.VersionLoggerListener.log Server built"#
            ]
        ),
        (
            "CATALINALOG",
            [
                #"31-Jul-2020 16:40:38.451 INFO [main] org.apache.catalina.startup.VersionLoggerListener.log Server built"#
            ]
        ),
        (
            "TOMCATLOG",
            [
                #"2014-01-09 20:03:28,269 -0800 | ERROR | com.example.service.ExampleService - something unexpected"#
            ]
        ),
        (
            "HAPROXYHTTP",
            [
                #"Nov 22 10:00:00 lb haproxy[14389]: 192.0.2.33:33317 [06/Feb/2026:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1""#
            ]
        ),
        (
            "HAPROXYTCP",
            [
                #"Nov 22 10:00:00 lb haproxy[14389]: 192.0.2.33:33313 [06/Feb/2026:12:12:51.443] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0"#
            ]
        ),
        (
            "SQUID3",
            [
                #"1066037222.352  19475 192.0.2.11 TCP_MISS/200 12387 GET http://example.com/budismo.html - DIRECT/203.0.113.5 text/html"#
            ]
        ),
        (
            "MONGO3_LOG",
            [
                #"2026-11-22T10:00:00.123+0000 I NETWORK  [conn12] end connection 192.0.2.1:5"#
            ]
        ),
        (
            "MONGO_SLOWQUERY",
            [
                #"query shop.orders query: { a: 1 } ntoreturn:0 ntoskip:0 nscanned:2 keyUpdates:0 numYields: 0 locks(micros) r:1 nreturned:2 reslen:20 114ms"#
            ]
        ),
        (
            "REDISLOG",
            [
                #"[4018] 14 Nov 07:01:22.119 * Background saving terminated with success"#
            ]
        ),
        (
            "REDISMONLOG",
            [
                #"1339518083.107412 [0 127.0.0.1:60866] "keys" "*""#
            ]
        ),
        (
            "NAGIOS_SERVICE_ALERT",
            [
                #"SERVICE ALERT: web1;HTTP;CRITICAL;HARD;3;Connection refused"#
            ]
        ),
        (
            "NAGIOS_CURRENT_HOST_STATE",
            [
                #"CURRENT HOST STATE: web1;UP;HARD;1;PING OK"#
            ]
        ),
        (
            "NAGIOS_HOST_EVENT_HANDLER",
            [
                #"HOST EVENT HANDLER: web1;DOWN;SOFT;1;restart"#
            ]
        ),
        (
            "NAGIOS_SERVICE_NOTIFICATION",
            [
                #"SERVICE NOTIFICATION: admin;web1;HTTP;CRITICAL;by-mail;refused"#
            ]
        ),
        (
            "NAGIOSLOGLINE",
            [
                #"[1396612345] SERVICE ALERT: web1;HTTP;CRITICAL;HARD;3;Connection refused"#
            ]
        ),
        (
            "BIND9",
            [
                #"17-Feb-2026 23:06:56.326 queries: info: client @0x7f64 192.0.2.12#60404 (example.com): query: example.com IN A + (192.0.2.1)"#
            ]
        ),
        (
            "EXIM_REMOTE_HOST",
            [
                #"H=mail.example.com (helo) [192.0.2.5]:25"#
            ]
        ),
        (
            "CISCO_TAGGED_SYSLOG",
            [
                #"<190>Jan 24 15:50:53 asa1 : %ASA-6-302013:"#
            ]
        ),
        (
            "CISCOFW106001",
            [
                #"Inbound TCP connection denied from 192.0.2.1/2 to 192.0.2.3/4 flags SYN on interface outside"#
            ]
        ),
        (
            "CISCOFW106023",
            [
                #"Deny tcp src outside:192.0.2.1/1234 dst inside:192.0.2.3/80 by access-group "acl_in""#
            ]
        ),
        (
            "CISCOFW302013_302014_302015_302016",
            [
                #"Teardown TCP connection 87 for outside:192.0.2.1/443 to inside:192.0.2.3/5 duration 0:00:30 bytes 5 TCP FINs"#
            ]
        ),
        (
            "RUBY_LOGGER",
            [
                #"I, [2026-11-22T10:00:00.123456 #12]  INFO -- main: hello"#
            ]
        ),
        (
            "RAILS3HEAD",
            [
                #"Started GET "/orders?x=1" for 127.0.0.1 at 2026-11-22 10:00:00 +0100"#
            ]
        ),
        (
            "RAILS3FOOT",
            [
                #"Completed 200 OK in 12ms (Views: 3.4ms)"#
            ]
        ),
        (
            "S3_ACCESS_LOG",
            [
                #"79a5 bucket [06/Feb/2026:00:00:38 +0000] 192.0.2.3 79a5 3E57 REST.GET.VERSIONING - "GET /b?versioning HTTP/1.1" 200 - 113 - 7 - "-" "S3Console/0.4" -"#
            ]
        ),
        (
            "ELB_ACCESS_LOG",
            [
                #"2026-11-22T10:00:00.123456Z my-elb 192.0.2.3:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -"#
            ]
        ),
        (
            "POSTGRESQL",
            [
                #"22/11/2026 10:00:00 UTC shop [local] 12"#
            ]
        ),
    ]

    @Test(arguments: products)
    func `a name of a product matches its lines`(name: String, texts: [String]) throws {
        for text in texts { #expect(try matches("%{\(name)}", text), "\(name): \(text)") }
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
        #expect(GrokPattern.names.count > 190)
    }
}
