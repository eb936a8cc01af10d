import LogCore
import Testing

/// An event with its ranges resolved, for comparing.
private struct ParsedLine {
    var record: Record
    var message: String
    var component: String
    /// Fields as `name=value`, numbers as `name=#value`.
    var fields: [String]

    init?(_ parser: any LineParser, _ text: String, year: Int = 2025) {
        self.init(parser, Array(text.utf8), year: year)
    }

    init?(_ parser: any LineParser, _ line: [UInt8], year: Int = 2025) {
        var event = EventBuilder(clock: SourceClock(year: year))
        self.init(parser, line, &event)
    }

    init?(_ parser: any LineParser, _ line: [UInt8], _ event: inout EventBuilder) {
        // The line stands somewhere in its batch: ranges have to be offset.
        let base = 100
        let batch = Array(repeating: UInt8(ascii: "#"), count: base) + line
        event.reset(rawCount: batch.count)
        event.begin()
        guard parser.parse(line.span, at: base, into: &event) else { return nil }
        let all = batch + event.decoded
        func text(_ range: ByteRange) -> String {
            range.upper <= all.count ? String(decoding: all[range.lower..<range.upper], as: UTF8.self) : "out of range"
        }
        record = event.record
        message = text(event.record.message)
        component = text(event.record.component)
        fields = []
        for field in event.fields {
            let name = String(decoding: event.keys.name(field.key), as: UTF8.self)
            fields.append(name + (field.kind == .number ? "=#" : "=") + text(field.value))
        }
    }
}

private func nanoseconds(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int) -> Int64 {
    ReferenceTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second, nanosecond: 0)
        .nanoseconds(digits: 0)
}

@Suite struct Syslog3164ParserTests {
    private func parse(_ text: String) -> ParsedLine? { ParsedLine(Syslog3164Parser(), text) }

    @Test func `the kernel's uptime is a field, not part of its message`() throws {
        let line = try #require(parse("Nov 20 09:10:04 pi1 kernel: [ 4171.101203] hwmon hwmon1: voltage low"))
        #expect(line.message == "hwmon hwmon1: voltage low")
        #expect(line.fields == ["host=pi1", "uptime=#4171.101203"])
        #expect(parse("Nov 20 09:10:04 pi1 kernel: [ 4171.101203]")?.message == "[ 4171.101203]")
        #expect(parse("Nov 20 09:10:04 pi1 kernel: [drm] ready")?.message == "[drm] ready")
        #expect(parse("Nov 20 09:10:04 pi1 meter: [ 4171.101203] volts")?.message == "[ 4171.101203] volts")
    }

    @Test func `a daemon's line gives host, program and pid`() throws {
        let line = try #require(parse("Oct 10 06:55:46 LabSZ sshd[24200]: Invalid user webmaster from 173.234.31.186"))
        #expect(line.component == "sshd")
        #expect(line.message == "Invalid user webmaster from 173.234.31.186")
        #expect(line.fields == ["host=LabSZ", "pid=#24200"])
        #expect(line.record.time == nanoseconds(2025, 10, 10, 6, 55, 46))
        #expect(line.record.timeSource == .yearInferred)
        #expect(line.record.severity == .unspecified)
    }

    @Test
    func
        `a program without a host, with its level in the host's place or a blank before its process, is the component`()
        throws
    {
        let sogo = try #require(parse("Mar 24 08:58:32 sogod [26818]: SOGoRootPage: failed"))
        #expect(sogo.component == "sogod" && sogo.message == "SOGoRootPage: failed")
        #expect(sogo.fields == ["pid=#26818"])
        let java = try #require(parse("<174>May 22 16:32:28 WARN  uvm[12]:  no answer"))
        #expect(java.component == "uvm" && java.record.severity == .warning)
        #expect(java.fields == ["pid=#12", "facility=#21"])
        let ansible = try #require(parse("Mar 24 08:58:32 web1 ansible-<stdin>: Invoked"))
        #expect(ansible.component == "ansible-<stdin>" && ansible.message == "Invoked")
    }

    @Test(arguments: ["ao\u{fb}t 19", "nov. 19", "M\u{e4}r  9", "Okt 19", "11\u{6708} 19"])
    func `months may be written in other languages`(date: String) throws {
        let line = try #require(parse("\(date) 06:55:46 LabSZ sshd[24200]: Invalid user webmaster"))
        #expect(line.component == "sshd")
        #expect(line.fields == ["host=LabSZ", "pid=#24200"])
        #expect(line.record.timeSource == .yearInferred)
    }

    @Test func `a priority gives severity and facility`() throws {
        let line = try #require(parse("<34>Oct  1 22:14:15 mymachine su: 'su root' failed for lonvick"))
        #expect(line.component == "su")
        #expect(line.message == "'su root' failed for lonvick")
        #expect(line.fields == ["host=mymachine", "facility=#4"])
        #expect(line.record.severity == .critical)
        #expect(line.record.time == nanoseconds(2025, 10, 1, 22, 14, 15))
    }

    @Test(arguments: [
        "<11> Nov 20 04:00:16 web1 shop[12]: no answer", "<11> 2026-11-20T04:00:16Z web1 shop[12]: no answer",
    ])
    func `a blank may stand behind the priority`(text: String) throws {
        let line = try #require(parse(text))
        #expect(line.component == "shop" && line.message == "no answer")
        #expect(line.fields == ["host=web1", "pid=#12", "facility=#1"])
        #expect(line.record.severity == .error)
    }

    @Test func `two blanks may stand behind the time, and the host be left out`() throws {
        let line = try #require(parse("Nov  3 10:15:02  r1 rpd[1234]: hold time is over"))
        #expect(line.fields == ["host=r1", "pid=#1234"] && line.component == "rpd")
        let anonymous = try #require(parse("Nov  3 10:15:02 rpd[1234]: hold time is over"))
        #expect(anonymous.fields == ["pid=#1234"] && anonymous.component == "rpd")
        #expect(anonymous.message == "hold time is over")
        #expect(parse("Nov  3 10:15:02 rpd: hold time is over") == nil)
    }

    @Test(arguments: [
        ("ERROR no answer", 14, Severity.error), ("[warn] slow", 14, .warning), ("shop.ERROR: no answer", 30, .error),
        ("ERROR|||exec-22| no answer", 29, .error), ("[ERROR ] no answer", 14, .error),
        // It is worse already, it is none, or a word like any other.
        ("info: no answer", 11, .error), ("error: none", 14, .info), ("errors: 3", 14, .info), ("error: 0", 14, .info),
        ("error in the text", 14, .info), ("[core] error", 14, .info),
    ])
    func `the level in front of the message counts where it is worse than the priority`(
        message: String, priority: Int, severity: Severity
    ) throws {
        let line = try #require(parse("<\(priority)>Nov 20 04:00:16 web1 shop[12]: \(message)"))
        #expect(line.record.severity == severity)
        #expect(line.message == message)
        let other = ParsedLine(Syslog5424Parser(), "<\(priority)>1 2026-11-20T04:00:16Z web1 shop 12 - - \(message)")
        #expect(try #require(other).record.severity == severity)
    }

    @Test(arguments: [
        (0, Severity.critical), (1, .critical), (2, .critical), (3, .error), (4, .warning), (5, .info), (6, .info),
        (7, .debug), (187, .error), (191, .debug),
    ])
    func `the priority's low bits are the severity`(priority: Int, severity: Severity) throws {
        let line = try #require(parse("<\(priority)>Oct  1 22:14:15 h p: m"))
        #expect(line.record.severity == severity)
        #expect(line.fields == ["host=h", "facility=#\(priority / 8)"])
    }

    @Test(arguments: ["<192>", "<>", "<1", "<1234>", "<-1>", "<3a>", "< 3>"])
    func `what is no priority is refused`(priority: String) {
        #expect(parse("\(priority)Oct  1 22:14:15 h p: m") == nil)
    }

    @Test(arguments: [
        ("sshd(pam_unix)[19939]: failed", "sshd", ["logger=pam_unix", "pid=#19939"], "failed"),
        ("(sd-pam)[1234]: session closed", "sd-pam", ["pid=#1234"], "session closed"),
        ("(squid-1)[6802]: ready", "squid-1", ["pid=#6802"], "ready"),
        ("(no name)[1]: text", "", [], "(no name)[1]: text"), ("(x)[y]: text", "", [], "(x)[y]: text"),
        ("su(pam_unix): opened", "su", ["logger=pam_unix"], "opened"),
        ("kernel: [    0.1] Linux", "kernel", [], "[    0.1] Linux"),
        ("postfix/smtpd[7]: connect", "postfix/smtpd", ["pid=#7"], "connect"),
        ("ntpd[main]: up", "ntpd", ["pid=main"], "up"),
        ("cron[12] started", "cron", ["pid=#12"], "started"),
        ("Microsoft Word[14463]: opened", "Microsoft Word", ["pid=#14463"], "opened"),
        ("Safari Web Content (Cached)[12]: up", "Safari Web Content (Cached)", ["pid=#12"], "up"),
        ("sshd[12] : up", "sshd", ["pid=#12"], "up"),
        ("shop : up", "shop", [], "up"),
        ("ERROR : down", "", [], "ERROR : down"),
        ("kernel panic: x", "", [], "kernel panic: x"),
        ("Kernel panic - not syncing[1]: x", "", [], "Kernel panic - not syncing[1]: x"),
        ("restarting the child process[123]: done", "", [], "restarting the child process[123]: done"),
        ("com.apple.launchd[1] (com.apple.x): exited", "com.apple.launchd", ["pid=#1"], "(com.apple.x): exited"),
        ("%ASA-6-302013: Built", "%ASA-6-302013", [], "Built"),
        ("empty:", "empty", [], ""),
        ("last message repeated 3 times", "", [], "last message repeated 3 times"),
        ("-- MARK --", "", [], "-- MARK --"),
        ("--- MARK ---", "", [], "--- MARK ---"),
        ("syslogd 1.4.1: restart.", "", [], "syslogd 1.4.1: restart."),
        (#"{"a":1}"#, "", [], #"{"a":1}"#),
        ("http://example.org/ is down", "", [], "http://example.org/ is down"),
    ])
    func `a tag is split off the message`(text: String, program: String, fields: [String], message: String) throws {
        let line = try #require(parse("Jun 14 15:16:01 combo \(text)"))
        #expect(line.component == program)
        #expect(line.fields == ["host=combo"] + fields)
        #expect(line.message == message)
    }

    @Test(arguments: [
        ("relay vm5 sshd[12]: up", "sshd", ["host=vm5", "relay=relay", "pid=#12"], "up"),
        ("relay 192.0.2.7 postfix/smtpd[12]: up", "postfix/smtpd", ["host=192.0.2.7", "relay=relay", "pid=#12"], "up"),
        ("relay 192.0.2.7 httpd: up", "httpd", ["host=192.0.2.7", "relay=relay"], "up"),
        ("relay web NetworkManager[12]: up", "NetworkManager", ["host=web", "relay=relay", "pid=#12"], "up"),
        ("relay DB01 sshd[12]: up", "sshd", ["host=DB01", "relay=relay", "pid=#12"], "up"),
        ("relay My Program[12]: up", "My Program", ["host=relay", "pid=#12"], "up"),
        ("vm5 vm5 kernel: up", "kernel", ["host=vm5"], "up"),
        ("vm5 vm5 sshd[12]: up", "sshd", ["host=vm5", "pid=#12"], "up"),
        ("vm5 eth0 kernel: up", "", ["host=vm5"], "eth0 kernel: up"),
        ("vm5 12 sshd[12]: up", "", ["host=vm5"], "12 sshd[12]: up"),
    ])
    func `a machine that passes a line on stands in front of the host`(
        text: String, program: String, fields: [String], message: String
    ) throws {
        let line = try #require(parse("Jun 14 15:16:01 \(text)"))
        #expect(line.component == program)
        #expect(line.fields == fields)
        #expect(line.message == message)
    }

    @Test func `a blank may stand in front of the process`() throws {
        let line = try #require(parse("Nov 20 04:00:16 m1 sogod [57]: hello"))
        #expect(line.component == "sogod")
        #expect(line.fields == ["host=m1", "pid=#57"])
        #expect(line.message == "hello")
        #expect(try #require(parse("Nov 20 04:00:16 m1 read [57] rows")).message == "read [57] rows")
    }

    @Test(arguments: [
        ("#033[1;44m INFO #033[0m ready", " INFO  ready"), ("a #033[31mb#033[0m", "a b"), ("#033[0m", ""),
        ("issue #033 and #033[", "issue #033 and #033["), ("#033[12", "#033[12"), ("see #12345", "see #12345"),
    ])
    func `colours are taken out of what rsyslog escaped`(text: String, message: String) throws {
        let line = try #require(parse("Nov 20 04:00:16 m1 cart[57]: \(text)"))
        #expect(line.message == message)
        #expect(line.component == "cart")
    }

    @Test func `a host's name may stand twice in front of a program`() throws {
        let line = try #require(parse("Nov 20 04:00:16 gw1 gw1 mcad[57]: no answer"))
        #expect(line.component == "mcad")
        #expect(line.message == "no answer")
        #expect(line.fields == ["host=gw1", "pid=#57"])
        #expect(try #require(parse("Nov 20 04:00:16 gw1 gw1 helper[57]: x")).component == "helper")
    }

    @Test func `a count of bytes may stand in front of the priority`() throws {
        let line = try #require(parse("57 <131>Nov 20 04:00:16 m1 cart[57]: no answer"))
        #expect(line.record.severity == .error)
        #expect(line.component == "cart")
        #expect(line.fields == ["host=m1", "pid=#57", "facility=#16"])
        #expect(line.message == "no answer")
        #expect(parse("12345678 <131>Nov 20 04:00:16 m1 cart[57]: no answer") == nil)
        #expect(parse("57 131>Nov 20 04:00:16 m1 cart[57]: no answer") == nil)
    }

    @Test func `a dash is no host where no program follows`() throws {
        #expect(parse("Nov 20 04:00:16 - cart - INFO - no answer") == nil)
        #expect(parse("Nov 20 04:00:16 - no answer") == nil)
        #expect(parse("2026-11-20T04:00:16Z web1 ERROR : no answer") == nil)
        let line = try #require(parse("<34>Nov 20 04:00:16 - su: no answer"))
        #expect(line.component == "su")
    }

    @Test func `an ISO time needs a tag behind the host`() throws {
        let line = try #require(parse("2026-11-22T10:00:00.5+01:00 web-1 nginx[12]: reload"))
        #expect(line.component == "nginx")
        #expect(line.fields == ["host=web-1", "pid=#12"])
        #expect(line.record.time == nanoseconds(2026, 11, 22, 9, 0, 0) + 500_000_000)
        #expect(line.record.timeSource == .line)
        #expect(line.record.flags.contains(.zoned))
        #expect(parse("2026-11-22T10:00:00Z INFO started") == nil)
        #expect(parse("2026-11-22T10:00:00Z INFO main: started") == nil)
        #expect(parse("2026-11-22T10:00:00Z web-1 started the server") == nil)
        #expect(parse("2026-11-22 10:00:00 web-1 nginx[12]: reload") == nil)
    }

    @Test func `a program may leave its number out of the brackets, and a device write two blanks`() throws {
        let event = try #require(ParsedLine(Syslog3164Parser(), "<29>Nov 20 04:00:16  ns1 httpd[]: started"))
        #expect(event.component == "httpd")
        #expect(event.message == "started")
        #expect(event.fields == ["host=ns1", "facility=#3"])
    }

    @Test func `an object stands behind as many blanks as its writer likes`() throws {
        let event = try #require(ParsedLine(Syslog3164Parser(), #"Nov 20 04:00:16 web1 app[1]:   {"a":1}"#))
        #expect(event.message == #"{"a":1}"#)
        let text = try #require(ParsedLine(Syslog3164Parser(), "Nov 20 04:00:16 web1 app[1]:  at line 7"))
        #expect(text.message == " at line 7")
    }

    @Test func `a local message with a priority may leave the host out`() throws {
        let line = try #require(parse("<13>Oct  9 22:14:15 backup[9]: done"))
        #expect(line.component == "backup")
        #expect(line.fields == ["pid=#9", "facility=#1"])
        #expect(parse("Oct  9 22:14:15 backup: done") == nil)
    }

    @Test(arguments: [
        "2026-11-20T04:00:16.120Z - error: no answer", "Nov 20 04:00:16 - warn: no answer",
        "", "Oct  9 22:14:15", "Oct  9 22:14:15 ", "Oct  9 22:14:15 host", "Oct  9 22:14:15 host ",
        "Nov 31 22:14:15 host p: m", "Oct  9 25:14:15 host p: m", "Oct  9 22:14:15 INFO p: m",
        "Oct  9 22:14:15 [main] started up", "Wed Oct 11 14:32:52 2000 host p: m", "Oct  9 22:14:15.host p: m",
        "22:14:15 host program: message", "some text without any time at all", "1700000000 host program: message",
    ])
    func `lines of other formats are refused`(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func `a refused line leaves the year clock alone`() {
        var event = EventBuilder(clock: SourceClock(year: 2025))
        event.begin()
        if let december = scanTime(Array("Dec 31 00:00:00".utf8)) { event.setTime(december) }
        let last = event.record.time
        event.begin()
        let line = Array("Jan  1 00:00:00 [main] started up".utf8)
        let accepted = Syslog3164Parser().parse(line.span, at: 0, into: &event)
        #expect(!accepted)
        #expect(event.clock.years.year == 2025)
        if let december = scanTime(Array("Dec 31 00:00:00".utf8)) { event.setTime(december) }
        #expect(event.record.time == last)
    }

    @Test func `bytes that are no UTF-8 stay in the message`() throws {
        let line = Array("Oct  9 22:14:15 h p: a".utf8) + [0xFF, 0x00, 0xC3] + Array("z".utf8)
        let parsed = try #require(ParsedLine(Syslog3164Parser(), line))
        #expect(parsed.record.message.count == 5)
        #expect(parsed.record.message.upper == 100 + line.count)
    }
}

@Suite struct Syslog5424ParserTests {
    private func parse(_ text: String) -> ParsedLine? { ParsedLine(Syslog5424Parser(), text) }

    @Test(arguments: [
        (
            #"<11>1 2026-11-20T04:00:16Z vault1 {"a":"x y","b":"z", "c": "failed"}"#,
            #"{"a":"x y","b":"z", "c": "failed"}"#
        ),
        ("<11>1 2026-11-20T04:00:17Z vault1 text without the columns", "text without the columns"),
        ("<11>1 2026-11-20T04:00:17Z vault1 no columns", "no columns"),
    ])
    func `a text in place of the columns is the message`(line: String, message: String) throws {
        let event = try #require(ParsedLine(Syslog5424Parser(), line))
        #expect(event.message == message)
        #expect(event.component == "")
        #expect(event.fields == ["host=vault1", "facility=#1"])
        #expect(event.record.severity == .error)
    }

    @Test func `a sender that leaves the structured data out says its number or a dash`() throws {
        let event = try #require(ParsedLine(Syslog5424Parser(), "<11>1 2026-11-20T04:00:17Z web1 app 7 - no answer"))
        #expect(event.message == "no answer")
        #expect(event.component == "app")
    }

    @Test func `without a text the structured data is the message, behind its name`() throws {
        let event = try #require(
            ParsedLine(Syslog5424Parser(), #"<14>1 2026-11-20T04:00:16Z srx1 FLOW - DENY [x@1 a="7"]"#))
        #expect(event.message == #"DENY [x@1 a="7"]"#)
        #expect(event.fields.contains("a=7"))
    }

    @Test func `every part of the header finds its place`() throws {
        let line = try #require(
            parse("<165>1 2003-10-11T22:14:15.003Z host.example.com evntslog 8710 ID47 - An application event"))
        #expect(line.component == "evntslog")
        #expect(line.fields == ["host=host.example.com", "pid=#8710", "msgid=ID47", "facility=#20"])
        #expect(line.message == "An application event")
        #expect(line.record.time == nanoseconds(2003, 10, 11, 22, 14, 15) + 3_000_000)
        #expect(line.record.severity == .info)
        #expect(line.record.flags.contains(.zoned))
    }

    @Test func `colours are taken out of what rsyslog escaped`() throws {
        let line = try #require(parse("<14>1 2026-11-20T04:00:16Z m1 cart 57 - - #033[31mno#033[0m answer #7"))
        #expect(line.message == "no answer #7")
    }

    @Test func `a count of bytes may stand in front, and a colon behind the program`() throws {
        let line = try #require(parse("61 <131>1 2026-11-20T04:00:16Z m1 cart: 57 - - no answer"))
        #expect(line.record.severity == .error)
        #expect(line.component == "cart")
        #expect(line.fields == ["host=m1", "pid=#57", "facility=#16"])
        #expect(line.message == "no answer")
        #expect(try #require(parse("<131>1 2026-11-20T04:00:16Z m1 : 57 - - x")).component == ":")
    }

    @Test func `parameters become fields`() throws {
        let line = try #require(
            parse(#"<11>1 2026-11-22T10:00:00Z h app worker - [a@1 iut="3" src="App"][b@2][c x=""] msg"#))
        #expect(line.fields == ["host=h", "pid=worker", "facility=#1", "iut=3", "src=App", "x="])
        #expect(line.message == "msg")
        #expect(line.record.severity == .error)
    }

    @Test func `only quote, backslash and bracket are escapes`() throws {
        let line = try #require(
            parse(#"<11>1 2026-11-22T10:00:00Z h app - - [a q="a\"b" s="c\\d" r="e\]f" n="g\nh"] m"#))
        #expect(line.fields == ["host=h", "facility=#1", #"q=a"b"#, #"s=c\d"#, "r=e]f", #"n=g\nh"#])
    }

    @Test(arguments: [
        "[a", "[a b", "[a b=", "[a b=c] x", #"[a b="c] x"#, #"[a b="c" "d"] x"#, "[] x", #"[a ="c"] x"#, "[bad msg] x",
        #"[a k="v"][b x] y"#, "no element at all", "-message",
    ])
    func `broken structured data stays in the message`(text: String) throws {
        let line = try #require(parse("<11>1 2026-11-22T10:00:00Z h app - - \(text)"))
        #expect(line.message == text)
        #expect(line.fields == ["host=h", "facility=#1"])
        #expect(Int(line.record.fieldCount) == 2)
    }

    @Test func `a byte order mark is no part of the message`() throws {
        let line = try #require(parse("<34>1 2003-10-11T22:14:15.003Z h su - ID47 - \u{FEFF}'su root' failed"))
        #expect(line.message == "'su root' failed")
    }

    @Test func `every word may be absent`() throws {
        let line = try #require(parse("<34>1 - - - - - -"))
        #expect(line.record.time == Timestamp.none)
        #expect(line.record.timeSource == TimeSource.none)
        #expect(line.component.isEmpty)
        #expect(line.message.isEmpty)
        #expect(line.fields == ["facility=#4"])
    }

    @Test func `a file's line without a priority counts as a notice`() throws {
        let line = try #require(parse("1 2026-11-22T10:00:00Z h app 1 - - hello"))
        #expect(line.record.severity == .info)
        #expect(line.fields == ["host=h", "pid=#1"])
        #expect(line.message == "hello")
    }

    @Test(arguments: [
        "", "1", "1 ", "<34>", "<34>1", "<34>1 ", "<192>1 2026-11-22T10:00:00Z h a - - - m",
        "<34>2 2026-11-22T10:00:00Z h a - - - m", "<34>1 2026-11-22 10:00:00 h a - - - m",
        "<34>1 2026-02-30T10:00:00Z h a - - - m", "<34>1 2026-11-22T10:00:00Z  a - - - m",
        "1 - h a - - - m", "1 2 3 4 5 6 7 8", "<34>Oct  9 22:14:15 host p: m",
    ])
    func `lines of other formats are refused`(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func `a flood of parameters is cut off`() throws {
        let flood = (0..<70_000).map { #" k\#($0 % 50)="v""# }.joined()
        let line = try #require(parse("<34>1 2026-11-22T10:00:00Z h a - - [x\(flood)] the message"))
        #expect(line.message == "the message")
        #expect(line.fields.count == Int(line.record.fieldCount))
        #expect(line.fields.count <= 256)
    }
}

@Suite struct SyslogMutationTests {
    @Test(arguments: [true, false])
    func `20,000 mutated lines keep every range in the line`(old: Bool) {
        let parser: any LineParser = old ? Syslog3164Parser() : Syslog5424Parser()
        let line = Array(
            (old
                ? "<34>Oct  9 22:14:15 host program(module)[231]: some message: with [brackets]"
                : #"<34>1 2026-11-22T10:00:00.123Z host app 231 ID47 [a b="c\"d" e="f"][g] message"#).utf8)
        var generator = SeededGenerator(seed: 4711)
        var event = EventBuilder(clock: SourceClock(year: 2025))
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = line
            for _ in 0..<generator.int(in: 1...4) {
                let at = generator.int(in: 0...bytes.count - 1)
                switch generator.int(in: 0...2) {
                case 0: bytes[at] = line[generator.int(in: 0...line.count - 1)]
                case 1: bytes[at] = UInt8(truncatingIfNeeded: generator.next())
                default: bytes.remove(at: at)
                }
            }
            bytes.removeLast(generator.int(in: 0...bytes.count / 2))
            guard let parsed = ParsedLine(parser, bytes, &event) else { continue }
            accepted += 1
            let texts = [parsed.message, parsed.component] + parsed.fields
            guard !texts.contains(where: { $0.hasSuffix("out of range") }),
                parsed.record.message.upper == 100 + bytes.count
            else {
                Issue.record("\(bytes) -> \(parsed)")
                return
            }
        }
        #expect(accepted > 1000)
    }
}
