import LogCore
import Testing

@Suite struct AccessLogParserTests {
    private func parse(_ line: String) -> LineReading { LineReading(line, AccessLogParser()) }

    private let combined =
        #"192.0.2.7 - - [10/Oct/2026:13:55:36 -0700] "GET /cart?id=1 HTTP/1.1" 200 2326 "https://shop.example/" "curl/8.5.0""#

    @Test func `a combined line gives every field`() {
        let line = parse(combined)
        #expect(line.isAccepted && line.isInBounds)
        #expect(line.message == "GET /cart?id=1 HTTP/1.1")
        #expect(
            line.fieldList
                == "client=192.0.2.7 method=GET path=/cart?id=1 protocol=HTTP/1.1 status=200 bytes=2326 referer=https://shop.example/ agent=curl/8.5.0"
        )
        #expect(line.fields.filter { $0.kind == .number }.map(\.name) == ["status", "bytes"])
        let expected = ReferenceTime(year: 2026, month: 10, day: 10, hour: 20, minute: 55, second: 36, nanosecond: 0)
        #expect(line.time == expected.nanoseconds(digits: 0))
        #expect(line.record.timeSource == .line)
        #expect(line.record.flags.contains(.zoned))
    }

    @Test(arguments: ["2026-11-20 04:00:19.211731292 ", "2026-11-20T04:00:19Z "])
    func `a time in front is no virtual host`(time: String) {
        let line = parse(time + combined)
        #expect(line.isAccepted && line.isInBounds)
        #expect(line.fieldList == parse(combined).fieldList)
        #expect(line.time == parse(combined).time)
        let forwarded = parse(time + combined.replacing("192.0.2.7 - -", with: "192.0.2.7, 198.51.100.4 - ana"))
        #expect(forwarded.fieldList.hasPrefix("client=192.0.2.7 forwarded=192.0.2.7, 198.51.100.4 user=ana method"))
    }

    @Test func `a zone may be a name, and the request's size stand behind the answer's`() {
        let line = parse(
            #"192.0.2.7 - - [10/Oct/2026:20:55:36 GMT] "POST /SOGo/connect HTTP/1.1" 403 34/38 0.311 - - 2M"#)
        #expect(line.isAccepted && line.isInBounds)
        #expect(line.time == parse(combined).time && line.record.flags.contains(.zoned))
        #expect(
            line.fieldList.hasPrefix(
                "client=192.0.2.7 method=POST path=/SOGo/connect protocol=HTTP/1.1 status=403 bytes=34"))
    }

    @Test func `a common line ends behind its size`() {
        let line = parse(#"host.example - frank [10/Oct/2026:13:55:36 +0000] "GET /a HTTP/1.0" 304 -"#)
        #expect(line.fieldList == "client=host.example user=frank method=GET path=/a protocol=HTTP/1.0 status=304")
    }

    @Test func `a virtual host stands behind the time, and seconds in front of the referer`() {
        let line = parse(
            #"192.0.2.7 - - [20/Nov/2026:04:00:17 +0000] shop.example.com:443 "GET /cart HTTP/1.1" 502 12 0.012 "-" "curl/8" 192.0.2.9:80 502 0.011"#
        )
        #expect(line.isAccepted && line.isInBounds)
        #expect(line.record.severity == .error)
        #expect(
            line.fieldList
                == "client=192.0.2.7 vhost=shop.example.com:443 method=GET path=/cart protocol=HTTP/1.1 status=502 bytes=12 duration=0.012 agent=curl/8 other=192.0.2.9:80 502 0.011"
        )
    }

    @Test func `a name in front of an address of IPv6 is a virtual host`() {
        let line = parse(#"shop.example.com fe80::7 - ann [20/Nov/2026:04:00:17 +0000] "GET / HTTP/1.1" 200 12"#)
        #expect(
            line.fieldList
                == "vhost=shop.example.com client=fe80::7 user=ann method=GET path=/ protocol=HTTP/1.1 status=200 bytes=12"
        )
    }

    @Test func `what stands behind the time is a name, or the line is no access line`() {
        #expect(!parse(#"192.0.2.7 - - [20/Nov/2026:04:00:17 +0000] (shop) "GET /cart HTTP/1.1" 502 12"#).isAccepted)
        #expect(!parse(#"192.0.2.7 - - [20/Nov/2026:04:00:17 +0000] shop.example.com GET /cart 502 12 44"#).isAccepted)
    }

    @Test func `the status gives the level`() {
        func level(_ status: String) -> Severity {
            parse(combined.replacing(" 200 ", with: " \(status) ")).record.severity
        }
        #expect(level("101") == .info)
        #expect(level("200") == .info)
        #expect(level("301") == .info)
        #expect(level("404") == .warning)
        #expect(level("499") == .warning)
        #expect(level("500") == .error)
        #expect(level("503") == .error)
        #expect(level("-") == .info)
    }

    @Test func `quotes in request, referer and agent are kept as written`() {
        let line = parse(
            #"192.0.2.7 - - [10/Oct/2026:13:55:36 +0000] "GET /\"x\\" 400 0 "a\"b" "Mozilla \"5.0\" (\\)""#)
        #expect(line.isAccepted)
        #expect(line.message == #"GET /\"x\\"#)
        #expect(line.fieldList.hasSuffix(#"referer=a\"b agent=Mozilla \"5.0\" (\\)"#))
    }

    @Test func `a virtual host in front of an address is one`() {
        let line = parse(
            #"shop.example:443 192.0.2.7 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/2.0" 200 5 "-" "-""#)
        #expect(
            line.fieldList
                == "vhost=shop.example:443 client=192.0.2.7 method=GET path=/ protocol=HTTP/2.0 status=200 bytes=5")
    }

    @Test func `a user's name may hold a space`() {
        let line = parse(#"192.0.2.7 - john doe [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 5"#)
        #expect(line.fieldList.hasPrefix("client=192.0.2.7 user=john doe method=GET"))
    }

    @Test func `months of other languages are dates, and spaces may be doubled`() {
        let line = parse(#"192.0.2.7 -  -  [02/sept./2015:00:11:31 +0200] "GET /a HTTP/1.1" 401 1382 "#)
        #expect(line.isAccepted && line.time == 1_441_145_491_000_000_000)
        #expect(line.fieldList == "client=192.0.2.7 method=GET path=/a protocol=HTTP/1.1 status=401 bytes=1382")
    }

    @Test func `addresses of IPv6 are clients as any`() {
        let line = parse(#"2001:db8::7 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 5"#)
        #expect(line.fieldList.hasPrefix("client=2001:db8::7 method=GET"))
    }

    @Test func `a request that is none is a message all the same`() {
        let line = parse(#"192.0.2.7 - - [10/Oct/2026:13:55:36 +0000] "\x16\x03\x01" 400 226 "-" "-""#)
        #expect(line.isAccepted)
        #expect(line.message == #"\x16\x03\x01"#)
        #expect(line.fieldList == "client=192.0.2.7 status=400 bytes=226")
        let empty = parse(#"192.0.2.7 - - [10/Oct/2026:13:55:36 +0000] "-" 408 0 "-" "-""#)
        #expect(empty.isAccepted)
        #expect(empty.message == "-")
        #expect(!empty.fieldList.contains("method"))
    }

    @Test func `what follows the agent is kept`() {
        #expect(
            parse(combined + " 0.012 upstream=0.010").fieldList.hasSuffix("agent=curl/8.5.0 other=0.012 upstream=0.010")
        )
    }

    @Test func `other lines are refused`() {
        for line in [
            "", " ", "[", combined.replacing("[", with: ""), combined.replacing("\"", with: ""),
            combined.replacing("/Oct/", with: "/Foo/"), combined.replacing("10/Oct", with: "31/Nov"),
            combined.replacing(" 200 ", with: " abc "), combined.replacing(" 200 2326", with: " 200 23x6"),
            combined.replacing("] \"", with: "]\""), String(combined.prefix(60)),
            "2026-11-22 10:00:00 ERROR main: [10/Oct/2026:13:55:36 -0700]",
            "Nov 22 10:00:00 host sshd[1]: a", #"{"a":"[10/Oct/2026:13:55:36 -0700] \"GET"}"#,
        ] {
            #expect(!parse(line).isAccepted, "\(line)")
        }
    }

    @Test func `numbers with a leading zero are no JSON numbers, so the line is refused`() {
        #expect(!parse(combined.replacing(" 200 ", with: " 007 ")).isAccepted)
        #expect(!parse(combined.replacing(" 2326 ", with: " 02326 ")).isAccepted)
    }

    @Test func `every prefix and every changed byte of a line keeps the ranges within it`() {
        let bytes = Array(combined.utf8)
        let parser = AccessLogParser()
        var event = EventBuilder()
        for length in 0...bytes.count {
            #expect(LineReading(Array(bytes[..<length]), parser, base: 3, builder: &event).isInBounds)
        }
        for place in bytes.indices {
            for byte: UInt8 in [0x00, 0x20, 0x22, 0x5B, 0x5C, 0x5D, 0x2D, 0x30, 0xFF] {
                var changed = bytes
                changed[place] = byte
                let line = LineReading(changed, parser, base: 3, builder: &event)
                #expect(line.isInBounds, "byte \(byte) at \(place)")
            }
        }
    }

    @Test(arguments: [
        (
            "shop.example.com 203.0.113.7, 10.0.0.1, 127.0.0.1 - - ",
            "vhost=shop.example.com client=203.0.113.7 forwarded=203.0.113.7, 10.0.0.1, 127.0.0.1"
        ),
        ("203.0.113.7, 10.0.0.1 - anna ", "client=203.0.113.7 forwarded=203.0.113.7, 10.0.0.1 user=anna"),
        (
            #"shop:80 "203.0.113.7, 10.0.0.1" 10.2.1.5 - - "#,
            "vhost=shop:80 client=203.0.113.7 forwarded=203.0.113.7, 10.0.0.1 relay=10.2.1.5"
        ),
        ("shop:80 unix: - - ", "vhost=shop:80 client=unix:"),
        ("192.0.2.9 localhost - - ", "vhost=192.0.2.9 client=localhost"),
        ("192.0.2.9 - anna smith ", "client=192.0.2.9 user=anna smith"),
    ])
    func `of a list of proxies the first is the client`(head: String, fields: String) {
        let line = parse(head + #"[10/Oct/2026:13:55:36 +0000] "-" 400 0"#)
        #expect(line.fieldList == fields + " status=400 bytes=0")
    }
}
