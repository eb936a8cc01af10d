import LogCore
import Testing

@Suite struct GenericParserTests {
    private func parse(_ line: String) -> LineReading { LineReading(line, GenericParser()) }

    @Test(arguments: [
        "10:00:04.331 RSL: SENSOR = {\"Time\":\"2026-11-22T09:00:00\"}",
        "[10:00:04.331] RSL: since 2026-11-21 10:00:00",
    ])
    func `a clock in front counts before a date that the message speaks of`(line: String) {
        var event = EventBuilder()
        event.clock.days = DayClock(day: 20_779)
        let bytes = Array(line.utf8)
        #expect(GenericParser(needsTime: true).parse(bytes.span, at: 0, into: &event))
        #expect(event.record.time == (20_779 * 86_400 + 36_004) * 1_000_000_000 + 331_000_000)
        #expect(bytes[event.record.component.lower..<event.record.component.upper].elementsEqual("RSL".utf8))
    }

    @Test func `a file and its line are no process`() {
        let line = parse("2026-11-22 10:00:00: http-server.c(1900): error: no answer")
        #expect(line.component == "http-server.c")
        #expect(line.fieldList == "file=http-server.c line=1900")
        #expect(line.record.severity == .error)
        #expect(line.message == "no answer")
        #expect(parse("2026-11-22 10:00:00 pmdaproc(1733) error: no answer").fieldList == "pid=1733")
    }

    @Test func `brackets that hold nothing are passed over where a level follows`() {
        let line = parse("2026-11-22 10:00:00 [main] [] [ ] [anna] INFO Cart - login failed")
        #expect(line.record.severity == .info)
        #expect(line.message == "Cart - login failed")
        #expect(parse("2026-11-22 10:00:00 [main] [] was the answer").message == "[] was the answer")
        #expect(parse("2026-11-22 10:00:00 [] INFO").record.severity == .info)
        #expect(parse("2026-11-22 10:00:00 [").message == "[")
    }

    @Test(arguments: ["[2026-Nov-22 10:00:00.5]", "20261122.100000,500", "10:00:00.5 2026.11.22"])
    func `times of rarer layouts are a line's head`(time: String) {
        let line = parse("\(time) ERROR no answer")
        #expect(line.time == 1_795_341_600_500_000_000)
        #expect(line.record.severity == .error)
        #expect(line.message == "no answer")
    }

    @Test(arguments: [
        ("2026-11-22 10:00:00 ERROR no answer", Severity.error, "", "no answer"),
        // Seconds since 1970 behind a level, but not a number that the message is about.
        ("ERROR 1795147217 cart: no answer", .error, "cart", "no answer"),
        ("[ 4:00:16 AM] [cart] no answer", .unspecified, "cart", "no answer"),
        ("Fri 2026-11-20 04:00:16.120: cart: no answer", .unspecified, "cart", "no answer"),
        ("[WARN] 1795147217123 no answer", .warning, "", "no answer"),
        ("2026-11-22T10:00:00.123Z [WARN] shop.cart: no answer", .warning, "shop.cart", "no answer"),
        ("[2026-11-22 10:00:00] [info] [db] connected", .info, "db", "connected"),
        ("2026-11-22 10:00:00,123 4711 DEBUG shop.cart - loaded", .debug, "shop.cart", "loaded"),
        ("2026-11-22 10:00:00 sshd[4711]: closed", .unspecified, "sshd", "closed"),
        // A number in front of what says more is a process; in front of the message it belongs to it.
        ("2026-11-22 10:00:00 [shop] 12 passed, 3 failed", .unspecified, "shop", "12 passed, 3 failed"),
        ("2026-11-22 10:00:00 12 rows read", .unspecified, "", "12 rows read"),
        ("2026-11-22 10:00:00 [4711] rows read", .unspecified, "", "rows read"),
        // Words in brackets are never lost: a name in front of a level, else a part of the message.
        ("2026-11-22 10:00:00 [AppID 440] ERROR: no answer", .error, "AppID 440", "no answer"),
        ("2026-11-22 10:00:00 | INFO  | [job 12] clone", .info, "", "[job 12] clone"),
        // A thread in front of the logger, with the level before both or between.
        ("2026-11-22 10:00:00 INFO [main] [shop.Cart] loaded", .info, "shop.Cart", "loaded"),
        ("2026-11-22 10:00:00 [INFO ] [pool-2-thread-1] [s.Cart] [tenant:a] - loaded", .info, "s.Cart", "loaded"),
        ("2026-11-22 10:00:00 INFO [main] shop.Cart - loaded", .info, "shop.Cart", "loaded"),
        ("2026-11-22 10:00:00 INFO [main] loaded", .info, "main", "loaded"),
        // What closes and joins a head is no part of the message.
        ("(2026-11-22 10:00:00) | [Info] loaded", .info, "", "loaded"),
        ("2026-11-22 10:00:00 --> WARN [shop] no answer", .warning, "shop", "no answer"),
        ("2026-11-22 10:00:00 (shop(3)) no answer", .unspecified, "", "no answer"),
        ("2026-11-22 10:00:00 WARN -- no answer", .warning, "", "no answer"),
        ("2026-11-22 10:00:00 WARN ---,7 no answer", .warning, "", "---,7 no answer"),
        ("2026-11-22 10:00:00 (+0100) ERROR shop: no answer", .error, "shop", "no answer"),
        ("2026-11-22 10:00:00 エラー 接続", .error, "", "接続"),
        ("2026-11-22 10:00:00:123 [shop] warn: no answer", .warning, "shop", "no answer"),
        ("2026-11-22 10:00:00 | ERROR | shop | no answer", .error, "shop", "no answer"),
        ("2026-11-22 10:00:00|shop|WARN|no answer", .warning, "shop", "no answer"),
        ("2026-11-22 10:00:00,123 - shop.cart - ERROR - no answer", .error, "shop.cart", "no answer"),
        ("2026-11-22 10:00:00 DEBUG loaded 3 - 4 rows", .debug, "", "loaded 3 - 4 rows"),
        ("2026-11-22 10:00:00,123:WARN:no answer", .warning, "", "no answer"),
        ("2026-11-22 10:00:00 <auth.err> no answer", .error, "", "no answer"),
        ("2026-11-22 10:00:00 [core:error] no answer", .error, "", "no answer"),
        ("ERROR: no answer", .error, "", "no answer"),
        ("[error] no answer", .error, "", "no answer"),
        ("<warning> no answer", .warning, "", "no answer"),
        ("FATAL no answer", .critical, "", "no answer"),
        // A name and a level, or a level and a name.
        ("[2026-11-22 10:00:00] shop.cart           INFO    : ready", .info, "shop.cart", "ready"),
        ("2026-11-22 10:00:00 worker    ERROR no answer", .error, "worker", "no answer"),
        ("2026-11-22 10:00:00 shop ERROR: no answer", .error, "shop", "no answer"),
        ("2026-11-22 10:00:00 web1 INFO: shop: ready", .info, "shop", "ready"),
        ("2026-11-22 10:00:00 shop.cart INFO Timeout: no answer", .info, "shop.cart", "Timeout: no answer"),
        ("2026-11-22 10:00:00 ERROR shop.cart   : no answer", .error, "shop.cart", "no answer"),
        ("2026-11-22 10:00:00 ERROR shop.cart    no answer", .error, "shop.cart", "no answer"),
        ("2026-11-22 10:00:00 security: error: no answer", .error, "security", "no answer"),
        ("2026-11-22 10:00:00 [main] DEBUG shop.Cart - loaded", .debug, "shop.Cart", "loaded"),
        ("2026-11-22 10:00:00 [db] ERROR [conn] no answer", .error, "db", "no answer"),
        ("2026-11-22 10:00:00 [worker-3] INFO [shop] ready", .info, "shop", "ready"),
        // Programs with their process, and the host in front of them.
        ("2026-11-22 10:00:00 web1 exim[4711]: no answer", .unspecified, "exim", "no answer"),
        ("Nov 22 10:00:00 GW1,a2ed,gw-1.10 dropbear[21]: closed", .unspecified, "dropbear", "closed"),
        ("2026-11-22 10:00:00 pmdaproc(1733) Error: no answer", .error, "pmdaproc", "no answer"),
        ("Nov 22 10:00:00 [77] web1 pengine:  warning: no answer", .warning, "pengine", "no answer"),
        ("2026-11-22 10:00:00 kernel[0] en0: up", .unspecified, "kernel", "en0: up"),
        ("2026-11-22 10:00:00 sshd[4711] closed", .unspecified, "sshd", "closed"),
        ("Nov 22 10:00:00 <auth.info> web1 kernel: no answer", .info, "kernel", "no answer"),
        // Tables without a header.
        ("2026-11-22 10:00:00;INFO;shop;no answer", .info, "shop", "no answer"),
        ("2026-11-22 10:00:00;info;shop;no answer", .info, "shop", "no answer"),
        ("\"2026-11-22 10:00:00\";\"INFO\";\"shop\";\"no answer; no\"", .info, "shop", "no answer; no"),
        (
            "\"2026-11-22 10:00:00\",\"shop\",\"warn\",\"no \"\"real\"\" answer\"", .warning, "shop",
            "no \"real\" answer"
        ),
        ("\"2026-11-22 10:00:00\"\t\"ERROR\"\t\"shop\"\t\"no answer\"", .error, "shop", "no answer"),
        ("2026-11-22 10:00:00\terror\tshop\tno answer", .error, "shop", "no answer"),
        ("2026-11-22T10:00:00Z,shop,ERROR,\"no answer, no\"", .error, "shop", "no answer, no"),
        ("2026-11-22 10:00:00;shop;12;ERROR;no answer", .error, "shop", "no answer"),
        ("2026-11-22 10:00:00;INFO;main;shop.Cart;no answer", .info, "shop.Cart", "no answer"),
        ("2026-11-22 10:00:00;INFO;shop.Cart;pool-1;no answer", .info, "shop.Cart", "no answer"),
        ("2026-11-22 10:00:00;INFO;main;no answer", .info, "main", "no answer"),
        ("2026-11-22 10:00:00 | info | shop | no answer", .info, "shop", "no answer"),
        ("2026-11-22 10:00:00,shop,started", .unspecified, "", "2026-11-22 10:00:00,shop,started"),
        ("2026-11-22 10:00:00 \"shop\" said no", .unspecified, "", "\"shop\" said no"),
        // Without a time.
        ("[cont-init.d] executing scripts...", .unspecified, "cont-init.d", "executing scripts..."),
        ("[server] WARN: no answer", .warning, "server", "no answer"),
        ("s6-rc: warning: unable to start", .warning, "s6-rc", "unable to start"),
        ("conda (WARNING): no answer", .warning, "conda", "no answer"),
        ("named[1806]: no answer", .unspecified, "named", "no answer"),
        ("error handling is on", .unspecified, "", "error handling is on"),
        ("no answer", .unspecified, "", "no answer"),
        ("Error in line 3", .unspecified, "", "Error in line 3"),
    ])
    func `time, level and component are found where logs have them`(
        line: String, level: Severity, component: String, message: String
    ) {
        let parsed = parse(line)
        #expect(parsed.isAccepted && parsed.isInBounds)
        #expect(parsed.record.severity == level)
        #expect(parsed.component == component)
        #expect(parsed.message == message)
    }

    /// A head in front of the time: level, component, and what is left as message.
    @Test(arguments: [
        ("INFO 2026-11-22 10:00:00,123 no answer", Severity.info, "", "no answer"),
        ("INFO [2026-11-22 10:00:00,123] shop: no answer", .info, "shop", "no answer"),
        ("shop|2026-11-22T10:00:00Z|WARN|no answer", .warning, "shop", "no answer"),
        ("shop ERROR 2026-11-22 10:00:00 no answer", .error, "shop", "no answer"),
        ("[ERROR] shop 2026-11-22 10:00:00 no answer", .error, "shop", "no answer"),
        ("[ERROR][shop][2026-11-22 10:00:00] no answer", .error, "shop", "no answer"),
        ("ERROR:shop:2026-11-22 10:00:00,123:no answer", .error, "shop", "no answer"),
        ("ERROR, 2026-11-22 10:00:00, shop, no answer", .error, "shop", "no answer"),
        ("ERROR;2026-11-22 10:00:00;shop;no answer", .error, "shop", "no answer"),
        ("ERROR | 2026-11-22 10:00:00 | shop | no answer", .error, "shop", "no answer"),
        ("[main] 2026-11-22 10:00:00 WARN shop - no answer", .warning, "shop", "no answer"),
        ("[main] [2026-11-22 10:00:00] WARN no answer", .warning, "main", "no answer"),
        ("(12) 2026-11-22 10:00:00 [warn] no answer", .warning, "", "no answer"),
        ("12345 2026-11-22 10:00:00 WARN no answer", .warning, "", "no answer"),
        ("[12:main:ERROR] 2026-11-22 10:00:00 no answer", .error, "", "no answer"),
        ("<3>2026-11-22 10:00:00 shop: no answer", .error, "shop", "no answer"),
        ("shop.billing 2026-11-22T10:00:00.123+01:00 ERROR no answer", .error, "shop.billing", "no answer"),
        ("shop-7d9f5b-x2x1z shop 2026-11-22T10:00:00Z ERROR no answer", .error, "shop", "no answer"),
        (
            "78017 00cff -- none -- - 2026-11-22T10:00:00+00:00 WARN (4): no answer", .warning, "",
            "78017 00cff -- none -- - 2026-11-22T10:00:00+00:00 WARN (4): no answer"
        ),
        ("shop[12]: 2026-11-22 10:00:00 no answer", .unspecified, "shop", "no answer"),
        ("\"ERROR\",\"2026-11-22 10:00:00\",\"shop\",\"no answer\"", .error, "shop", "no answer"),
        ("\"error\";\"2026-11-22 10:00:00\";\"shop\";\"no answer\"", .error, "shop", "no answer"),
        ("\"shop\",\"2026-11-22 10:00:00\",\"ERROR\",\"no answer\"", .error, "shop", "no answer"),
        ("\"7\";\"2026-11-22 10:00:00\";\"ERROR\";\"shop\";\"no answer\"", .error, "shop", "no answer"),
        (
            "{\"time\":\"2026-11-22T10:00:00Z\",\"level\":\"error\",\"msg\":\"cut off", .unspecified, "",
            "{\"time\":\"2026-11-22T10:00:00Z\",\"level\":\"error\",\"msg\":\"cut off"
        ),
        ("1,2026-11-22 10:00:00,0018,END,77", .unspecified, "", "1,2026-11-22 10:00:00,0018,END,77"),
        ("*** 2026-11-22 10:00:00 ERROR: no answer", .error, "", "no answer"),
        (
            "pid=12 time=\"2026-11-22 10:00:00\" WARN no answer", .warning, "",
            "pid=12 time=\"2026-11-22 10:00:00\" WARN no answer"
        ),
        (
            "192.0.2.7 - - [22/Nov/2026:10:00:00 ] no answer", .unspecified, "",
            "192.0.2.7 - - [22/Nov/2026:10:00:00 ] no answer"
        ),
    ])
    func `what stands in front of the time is a head as well`(
        line: String, level: Severity, component: String, message: String
    ) {
        let parsed = parse(line)
        #expect(parsed.time != nil)
        #expect(parsed.record.severity == level)
        #expect(parsed.component == component)
        #expect(parsed.message == message)
    }

    /// What has a colon, brackets or a column, and is no name.
    @Test(arguments: [
        ("2026-11-22 10:00:00 Error: no answer", "no answer"),
        ("2026-11-22 10:00:00 ERROR Error: no answer", "Error: no answer"),
        ("2026-11-22 10:00:00 ERROR TypeError: x is no function", "TypeError: x is no function"),
        ("2026-11-22 10:00:00 ERROR java.io.IOException: closed", "java.io.IOException: closed"),
        ("2026-11-22 10:00:00 Failed: no answer", "Failed: no answer"),
        ("2026-11-22 10:00:00 INFO Speed: 46 h/s", "Speed: 46 h/s"),
        ("2026-11-22 10:00:00 INFO https_proxy:", "https_proxy:"),
        ("2026-11-22 10:00:00 INFO Proxy environment variables: none", "Proxy environment variables: none"),
        ("2026-11-22 10:00:00 Internal error: no answer", "Internal error: no answer"),
        ("2026-11-22 10:00:00 Got ERROR from server", "Got ERROR from server"),
        ("2026-11-22 10:00:00 file.txt not found", "file.txt not found"),
        ("2026-11-22 10:00:00 [OK] ready", "ready"),
        ("[done] in 3 s", "[done] in 3 s"), ("[1/3] Building", "[1/3] Building"), ("[ OK ] Started", "[ OK ] Started"),
        ("[options]", "[options]"), ("[key] = value", "[key] = value"), ("[ok]", "[ok]"),
        ("[link](https://example.org) of a page", "[link](https://example.org) of a page"),
        ("[root@web1 ~]# ls", "[root@web1 ~]# ls"),
        ("usage: shop [options]", "usage: shop [options]"), ("content-length: 42", "content-length: 42"),
        ("2026-11-22 10:00:00 In(182) vmkernel: up", "In(182) vmkernel: up"),
        ("name: Error handling", "name: Error handling"), ("foo [error] bar", "foo [error] bar"),
        ("note: error: none", "note: error: none"),
        ("C:\\shop: error: no answer", "C:\\shop: error: no answer"),
    ])
    func `prose, kinds of trouble, outcomes and quantities name no component`(line: String, message: String) {
        let parsed = parse(line)
        #expect(parsed.component == "")
        #expect(parsed.message == message)
    }

    @Test func `what a better name displaces is a field`() {
        #expect(parse("2026-11-22 10:00:00 [main] INFO shop.Cart - x").fieldList == "thread=main")
        #expect(parse("2026-11-22 10:00:00 web1 exim[4711]: x").fieldList == "pid=4711 host=web1")
        #expect(parse("2026-11-22 10:00:00 [main] INFO x").fieldList == "")
        #expect(parse("2026-11-22 10:00:00;INFO;main;shop.Cart;x").fieldList == "thread=main")
        #expect(parse("2026-11-22 10:00:00;INFO;shop.Cart;pool-1;x").fieldList == "thread=pool-1")
    }

    @Test(arguments: [
        "last seen 2026-11-22 10:00:00 by node 4", "backup finished 2026-11-22 10:00:00 in 4 s",
        "expires: 2026-11-22 10:00:00 GMT", "retry after 2026-11-22T10:00:00Z", "Next run: 2026-11-22 10:00:00",
        "since 2026-11-22 10:00:00 no answer", "certificate valid until Nov 22 10:00:00 2027 GMT",
        "it's 2026-11-22 10:00:00 now", "ERROR at 2026-11-22 10:00:00 no answer", "lease (2026-11-22 10:00:00) is over",
        "The certificate expires 2026-11-22 10:00:00, renew it",
    ])
    func `a time that a sentence speaks of is not the event's`(line: String) {
        let parsed = parse(line)
        #expect(parsed.time == nil)
        #expect(parsed.record.component.isEmpty)
    }

    @Test(arguments: [
        "12ms", "1.5s", "42", "192.0.2.7", "192.0.2.7:8080", "fe80::1", "/var/log/x.log", "v1.2.3", "1.2.3-beta1",
        "GET",
        "https://example.com", "C:\\logs", "87.0GB", "-1", "2h30m", "0x55d0c0",
    ])
    func `what is a quantity, an address, a path or a method names no component`(value: String) {
        #expect(parse("2026-11-22 10:00:00 ERROR [\(value)] no answer").component == "")
        #expect(parse("2026-11-22 10:00:00 ERROR \(value): no answer").component == "")
        let logfmt = LineReading("level=error service=\(value) msg=\"no answer\" a=1", LogfmtParser())
        #expect(logfmt.component == "")
        #expect(logfmt.fieldList == "service=\(value) a=1")
    }

    @Test(arguments: ["b8b3f9aa-5233-4a5f-856b-c14321d0a0be", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"])
    func `the id of a request names no component, and is kept`(id: String) {
        let line = parse("2026-11-22 10:00:00 ERROR [\(id)] no answer")
        #expect(line.component == "" && line.message == "no answer" && line.fieldList == "context=\(id)")
        #expect(parse("[\(id)] no answer").message == "[\(id)] no answer")
    }

    @Test(arguments: [
        ("2026-11-22 10:00:00 INFO [CORE|main] shop-5.5 started", "context=CORE|main", "shop-5.5 started"),
        ("2026-11-22 10:00:00 [shop] INFO [a=1] [b=2] GET /cart", "context=a=1] [b=2", "GET /cart"),
        ("2026-11-22 10:00:00 INFO [**] started", "", "started"),
    ])
    func `what stands in brackets and is no name is a field`(line: String, fields: String, message: String) {
        #expect(parse(line).fieldList == fields && parse(line).message == message)
    }

    @Test(arguments: [
        "db", "0-glusterfs", "10-listen.sh", "3proxy", "main.go:12", "HEADER", "cafe", "v8engine", "GETTER",
    ])
    func `names with digits and the like are components`(value: String) {
        #expect(LineReading("level=error service=\(value) msg=\"no answer\"", LogfmtParser()).component == value)
    }

    @Test func `a time in the middle of a sentence is none of the event's`() {
        #expect(parse("the backup of 2026-11-22 10:00:00 is done").time == nil)
        #expect(parse("2026-11-22 10:00:00 the backup is done").time != nil)
    }

    @Test func `a time of day alone gives no time`() {
        let line = parse("10:00:00.123 INFO started")
        #expect(line.time == nil)
        #expect(line.record.severity == .info)
    }

    @Test func `dates that do not exist are no times`() {
        for line in [
            "2026-11-31 10:00:00 a", "2026-02-29 10:00:00 a", "2026-13-01 10:00:00 a", "2026-11-22 24:61:00 a",
        ] {
            #expect(parse(line).time == nil, "\(line)")
        }
    }

    @Test func `a message is never lost, whatever stands before it`() {
        for line in [
            "[", "[]", "<>", "()", ":", "::", "- - -", "|||", "[ERROR]", "ERROR", "ERROR:", "2026-11-22 10:00:00",
            "["
                + String(repeating: "a", count: 200) + "]",
        ] {
            let parsed = parse(line)
            #expect(parsed.isAccepted && parsed.isInBounds, "\(line)")
            #expect(parsed.time != nil || !parsed.message.isEmpty || parsed.record.severity != .unspecified, "\(line)")
        }
    }

    @Test func `every byte in every place keeps the ranges within the line`() {
        let parser = GenericParser()
        var event = EventBuilder()
        let line = Array("[2026-11-22 10:00:00] <ERROR> (main) app[12]: no answer".utf8)
        for place in line.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = line
                changed[place] = byte
                if byte & 1 == 0 { changed.removeSubrange(min(place + 1, changed.count)...) }
                let parsed = LineReading(changed, parser, base: 9, builder: &event)
                #expect(parsed.isAccepted && parsed.isInBounds, "byte \(byte) at \(place)")
            }
        }
    }
}
