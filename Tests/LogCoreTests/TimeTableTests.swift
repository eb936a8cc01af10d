import LogCore
import Testing

/// A text, where its time ends (nil: with the text), and what it is in UTC.
private struct Row: Sendable, CustomTestStringConvertible {
    var text: String
    var utc: String
    var rest = ""
    var hasZone = false
    var testDescription: String { text }

    init(_ text: String, _ utc: String, zone: Bool = false, rest: String = "") {
        self.text = text
        self.utc = utc
        self.rest = rest
        hasZone = zone
    }
}

private func written(_ time: Int64) -> String {
    let parts = Timestamp.parts(time)
    func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let date = "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
    let clock = "\(padded(parts.hour, 2)):\(padded(parts.minute, 2)):\(padded(parts.second, 2))"
    if parts.nanosecond == 0 { return "\(date) \(clock)" }
    var fraction = padded(parts.nanosecond, 9)
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(date) \(clock).\(fraction)"
}

/// The layouts that logs use, each as some program writes it.
@Suite struct TimeTableTests {
    private static let dated: [Row] = [
        // ISO 8601 and its relatives.
        Row("2026-11-20T04:00:16.123456789Z", "2026-11-20 04:00:16.123456789", zone: true),
        Row("2026-11-20T04:00:16,123+01:00", "2026-11-20 03:00:16.123", zone: true),
        Row("2026-11-20 04:00:16,123", "2026-11-20 04:00:16.123", rest: " INFO x"),
        Row("2026-11-20_04:00:16.12345", "2026-11-20 04:00:16.12345", rest: " svlogd"),
        Row("2026-11-20\t04:00:16", "2026-11-20 04:00:16", rest: "\tFRA2\t77"),
        Row("2026-11-20,04:00:16.5", "2026-11-20 04:00:16.5", rest: ",a,b"),
        Row("2026-11-20 4:00:16", "2026-11-20 04:00:16", rest: " text"),
        Row("2026-11-20T04:00:16+01:00[Europe/Berlin]", "2026-11-20 03:00:16", zone: true, rest: " x"),
        Row("2026-11-20T04:00:16.1Z[UTC]", "2026-11-20 04:00:16.1", zone: true),
        Row("2026-11-20T04:00:16Z", "2026-11-20 04:00:16", zone: true, rest: "[main] text"),
        Row("2026-11-20 04:00:16 PM", "2026-11-20 16:00:16", rest: " x"),
        Row("2026-324T04:00:16.5Z", "2026-11-20 04:00:16.5", zone: true),
        Row("2024-366 23:59:59", "2024-12-31 23:59:59", rest: " x"),
        Row("20261120T040016.5Z", "2026-11-20 04:00:16.5", zone: true),
        Row("20261120 040016", "2026-11-20 04:00:16", rest: " x"),
        Row("20261120-04:00:16:123", "2026-11-20 04:00:16.123", rest: "|x"),
        Row("20261120040016", "2026-11-20 04:00:16", rest: " x"),
        Row("20261120040016123", "2026-11-20 04:00:16.123", rest: ",x"),
        // Numbers.
        Row("1795147216", "2026-11-20 04:00:16", zone: true, rest: ": x"),
        Row("1795147216.123456", "2026-11-20 04:00:16.123456", zone: true, rest: " x"),
        Row("1795147216123", "2026-11-20 04:00:16.123", zone: true),
        Row("1795147216123.456", "2026-11-20 04:00:16.123456", zone: true, rest: " x"),
        Row("1795147216123456", "2026-11-20 04:00:16.123456", zone: true),
        Row("1795147216123456789", "2026-11-20 04:00:16.123456789", zone: true),
        Row("134396208161234567", "2026-11-20 04:00:16.1234567", zone: true, rest: " x"),
        Row("@400000006affc5da075bcd15", "2026-11-20 04:00:16.123456789", zone: true, rest: " x"),
        Row("@400000006affc5da", "2026-11-20 04:00:16", zone: true),
        // Mail, web, ctime, date(1).
        Row("Fri, 20 Nov 2026 04:00:16 +0100", "2026-11-20 03:00:16", zone: true, rest: " (shop)"),
        Row("Fri, 20 Nov 2026 04:00:16 +0100 (CET)", "2026-11-20 03:00:16", zone: true),
        Row("Fri, 20 Nov 2026 04:00:16 GMT", "2026-11-20 04:00:16", zone: true),
        Row("Fri, 20 Nov 2026 04:00:16 EST", "2026-11-20 09:00:16", zone: true),
        Row("Friday, 20-Nov-26 04:00:16 GMT", "2026-11-20 04:00:16", zone: true),
        Row("Fri Nov 20 04:00:16 2026", "2026-11-20 04:00:16", rest: " [pid 7]"),
        Row("Fri Nov 20 04:00:16 CET 2026", "2026-11-20 03:00:16", zone: true),
        Row("Fri Nov 20 04:00:16 XYZ 2026", "2026-11-20 04:00:16"),
        Row("Fri Nov  6 04:00:16.123456 2026", "2026-11-06 04:00:16.123456"),
        Row("Fri 20 Nov 2026 04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("Friday, November 20, 2026 4:00:16 AM", "2026-11-20 04:00:16"),
        Row("20/Nov/2026:04:00:16 +0100", "2026-11-20 03:00:16", zone: true, rest: "] x"),
        Row("20/Nov/2026 04:00:16", "2026-11-20 04:00:16", rest: " x"),
        // Java.
        Row("Nov 20, 2026 4:00:16 AM", "2026-11-20 04:00:16", rest: " org.x"),
        Row("Nov 20, 2026, 4:00:16 PM", "2026-11-20 16:00:16", rest: " org.x"),
        Row("Nov 20, 2026, 4:00:16\u{202F}PM", "2026-11-20 16:00:16", rest: " org.x"),
        Row("Nov 20, 2026 4:00:16,123 AM CET", "2026-11-20 03:00:16.123", zone: true, rest: "> <x>"),
        Row("November 20, 2026 at 4:00:16 PM UTC", "2026-11-20 16:00:16", zone: true),
        Row("Nov 6, 2026 12:00:16 AM", "2026-11-06 00:00:16"),
        Row("20-Nov-2026 04:00:16.123", "2026-11-20 04:00:16.123", rest: " INFO"),
        Row("20-NOV-2026 04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("20-NOV-26 04.00.16.123456 AM", "2026-11-20 04:00:16.123456", rest: " x"),
        Row("20 Nov 2026 04:00:16.123", "2026-11-20 04:00:16.123", rest: " * x"),
        Row("20 November 2026, 04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("20Nov2026 04:00:16.123", "2026-11-20 04:00:16.123", rest: "] x"),
        Row("11/20/26 4:00:16:123 CET", "2026-11-20 03:00:16.123", zone: true, rest: "] 0000"),
        // Numbers in some order.
        Row("11/20/2026 04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("11/20/2026 4:00:16 PM", "2026-11-20 16:00:16", rest: " x"),
        Row("11/20/2026, 4:00:16 a.m.", "2026-11-20 04:00:16", rest: " x"),
        Row("11/20/26,04:00:16", "2026-11-20 04:00:16", rest: ",x"),
        Row("20/11/2026 04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("20/11/2026:04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("20.11.2026 04:00:16,5", "2026-11-20 04:00:16.5", rest: " x"),
        Row("20.11.26 04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("20-11-2026 04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("26-11-20 04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("26/11/20 04:00:16", "2026-11-20 04:00:16", rest: " INFO x"),
        Row("261120  4:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("261120 040016", "2026-11-20 04:00:16", rest: " 77 INFO"),
        Row("2026/11/20 04:00:16.123456", "2026-11-20 04:00:16.123456", rest: " x"),
        Row("2026.11.20-04.00.16:123", "2026-11-20 04:00:16.123", rest: "][ 0] x"),
        Row("2026-11-20-04.00.16.123456", "2026-11-20 04:00:16.123456", rest: " x"),
        // Other joints, and parts without leading zeros.
        Row("2014:07:02-00:17:45", "2014-07-02 00:17:45", rest: ": '192.0.2.1' x"),
        Row("2026-11-20][04:00:16", "2026-11-20 04:00:16", rest: "] x"),
        Row("2026-11-20] [04:00:16.5", "2026-11-20 04:00:16.5", rest: "] x"),
        Row("2026-11-20, 04:00:16 UTC", "2026-11-20 04:00:16", zone: true, rest: " x"),
        Row("2026-11-20 - 04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("2026-11-20;04:00:16", "2026-11-20 04:00:16", rest: ";x"),
        Row("20-Nov-2026::04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("November 20, 2026 - 04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("2026-1-5 4:03:02", "2026-01-05 04:03:02", rest: " x"),
        Row("2026-1-5 4:3:2.5", "2026-01-05 04:03:02.5", rest: " x"),
        Row("2026/1/5 14:03:02", "2026-01-05 14:03:02", rest: " x"),
        Row("11/20/2026 4:00 AM", "2026-11-20 04:00:00", rest: " x"),
        Row("20.11.2026 04:00", "2026-11-20 04:00:00", rest: " x"),
        Row("2026-11-20 4:00PM", "2026-11-20 16:00:00", rest: " x"),
        Row("Apr-07-13 07:08:36", "2013-04-07 07:08:36", rest: " [SSL-out] x"),
        Row("Apr-07-2013 07:08:36", "2013-04-07 07:08:36", rest: " x"),
        Row("11/3/26 10:15:02:123 CET", "2026-11-03 09:15:02.123", zone: true, rest: "] 00000001"),
        Row("8/9/26 10:15:02", "2026-08-09 10:15:02", rest: " starting"),
        Row("22/3/26 10:15:02", "2026-03-22 10:15:02", rest: " starting"),
        Row("2026 Nov 20 04:00:16", "2026-11-20 04:00:16", rest: " db1->/var/log/auth.log"),
        Row("17-3-7 19:07:33", "2017-03-07 19:07:33", rest: " x"),
        Row("17/3/7 9:07:33", "2017-03-07 09:07:33", rest: " x"),
        Row("2023-03-12 20-02-26.481", "2023-03-12 20:02:26.481", rest: " [Info] x"),
        Row("2023-03-12_20-02-26", "2023-03-12 20:02:26", rest: " x"),
        Row("20231111:170431.123", "2023-11-11 17:04:31.123", rest: " x"),
        Row("2026-11-20  04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("20-Nov-2026  04:00:16", "2026-11-20 04:00:16", rest: " x"),
        // Other languages.
        Row("02/sept./2015:00:11:31 +0200", "2015-09-01 22:11:31", zone: true, rest: "] x"),
        Row("17/oct./2015:00:35:12", "2015-10-17 00:35:12", rest: "] x"),
        Row("20. November 2026 04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("20. März 2026, 04:00:16", "2026-03-20 04:00:16", rest: " x"),
        Row("20-dic-2026 04:00:16", "2026-12-20 04:00:16", rest: " x"),
        Row("20 août 2026 04:00:16", "2026-08-20 04:00:16", rest: " x"),
        Row("ven. 20 nov. 2026 04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("mar. 20 oct. 2026 04:00:16", "2026-10-20 04:00:16", rest: " x"),
        Row("Fr 20. Nov 04:00:16 CET 2026", "2026-11-20 03:00:16", zone: true),
        Row("vie 20 nov 2026 04:00:16 CET", "2026-11-20 03:00:16", zone: true),
        Row("apr 15, 2013 8:34:08 PM", "2013-04-15 20:34:08", rest: " org.x"),
        Row("gen 5, 2026 8:34:08 PM", "2026-01-05 20:34:08", rest: " org.x"),
        Row("2026年11月20日 04:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("2026年11月20日 下午4:00:16", "2026-11-20 16:00:16", rest: " x"),
        Row("2026년 11월 20일 오전 4:00:16", "2026-11-20 04:00:16", rest: " x"),
        Row("2026. 11. 20 오후 12시 52분 22초 KST", "2026-11-20 03:52:22", zone: true, rest: "> x"),
        Row("2026. 11. 20 오후 12시 52분 23,736초 KST", "2026-11-20 03:52:23.736", zone: true, rest: "> x"),
        Row("2026-11-20 4:00:16 下午", "2026-11-20 16:00:16", rest: " x"),
        Row("十一月 20, 2026 4:00:16 上午", "2026-11-20 04:00:16", rest: " org.x"),
        // Syslog of devices.
        Row("Nov 20 2026 04:00:16.123 UTC", "2026-11-20 04:00:16.123", zone: true, rest: ": %SYS"),
        Row("Nov 20 2026 04:00:16", "2026-11-20 04:00:16", rest: " fw1 : x"),
        Row("I20261120 04:00:16.123456", "2026-11-20 04:00:16.123456", rest: " 77 x.cc:1] x"),
    ]

    private static let zones: [Row] = [
        ("Z", 0), ("UTC", 0), ("GMT", 0), ("WET", 0), ("CET", 60), ("CEST", 120), ("MET", 60), ("MEST", 120),
        ("EET", 120), ("EEST", 180), ("MSK", 180), ("BST", 60), ("IST", 330), ("SAST", 120), ("HKT", 480), ("SGT", 480),
        ("JST", 540), ("KST", 540), ("AEST", 600), ("AEDT", 660), ("ACST", 570), ("AWST", 480), ("NZST", 720),
        ("NZDT", 780), ("EST", -300), ("EDT", -240), ("CST", -360), ("CDT", -300), ("MST", -420), ("MDT", -360),
        ("PST", -480), ("PDT", -420), ("AKST", -540), ("HST", -600), ("SST", -660), ("PKT", 300),
        ("NST", -210), ("+01", 60), ("-0330", -210),
        ("+05:30", 330), ("GMT+1", 60), ("UTC+01:00", 60), ("UTC-0330", -210), ("GMT-11", -660),
    ].map { (name: String, minutes: Int) in
        let spaced = name.hasPrefix("+") && !name.contains(":") ? "" : " "
        let midday = Int64(Timestamp.days(year: 2026, month: 11, day: 20)) * Timestamp.day + 43_200 * Timestamp.second
        return Row(
            "2026-11-20 12:00:00\(spaced)\(name)", written(midday - Int64(minutes) * 60 * Timestamp.second), zone: true,
            rest: " x")
    }

    @Test(arguments: dated + zones) private func `a layout gives its time and ends where it ends`(row: Row) throws {
        for rest in [row.rest, "", "] x", ": x"] {
            let time = try #require(scanTime(Array((row.text + rest).utf8)), "\(row.text + rest)")
            #expect(time.shape == .full)
            #expect(written(time.nanoseconds) == row.utc, "\(row.text + rest)")
            #expect(time.end == row.text.utf8.count, "\(row.text + rest)")
            #expect(time.hasZone == row.hasZone)
        }
    }

    @Test(arguments: [("EAT", 180), ("CAT", 120), ("WAT", 60)])
    private func `a zone that is a word counts where no text follows`(name: String, minutes: Int) throws {
        let text = "2026-11-20 12:00:00 \(name)"
        let hour = 12 - minutes / 60 < 10 ? "09" : "\(12 - minutes / 60)"
        for rest in ["", " [57] x", "] x", ", x", " 2026"] {
            let time = try #require(scanTime(Array((text + rest).utf8)))
            #expect(time.hasZone, "\(text + rest)")
            #expect(written(time.nanoseconds) == "2026-11-20 \(hour):00:00")
        }
        for rest in [" is out", ": x", "S", " -x"] {
            let time = try #require(scanTime(Array((text + rest).utf8)))
            #expect(!time.hasZone, "\(text + rest)")
        }
    }

    private static let yearless: [Row] = [
        Row("Nov 20 04:00:16", "11-20 04:00:16", rest: " host x"), Row("Nov  6 04:00:16.123", "11-06 04:00:16.123"),
        Row("Nov 20 04:00:16.123 UTC", "11-20 04:00:16.123", zone: true, rest: ": %LINK-3"),
        Row("Nov 20 04:00:16 CET", "11-20 03:00:16", zone: true, rest: ": %LINK-3"),
        Row("11-20 04:00:16.123", "11-20 04:00:16.123", rest: "  77  77 I x"),
        Row("I1120 04:00:16.123456", "11-20 04:00:16.123456", rest: " 77 x.go:1] x"),
        Row("1120/040016.123456", "11-20 04:00:16.123456", rest: ":ERROR:x"),
        Row("20 Nov 04:00:16.123", "11-20 04:00:16.123", rest: " # x"),
        Row("November 20 04:00:16", "11-20 04:00:16", rest: " x"), Row("Nov20 04:00:16", "11-20 04:00:16", rest: " x"),
        Row("nov. 20 04:00:16", "11-20 04:00:16", rest: " host x"),
        Row("août  6 04:00:16", "08-06 04:00:16", rest: " host x"),
        Row("Mär 20 04:00:16", "03-20 04:00:16", rest: " host x"),
        Row("Okt 20 04:00:16", "10-20 04:00:16", rest: " h x"),
        Row("ene 20 04:00:16", "01-20 04:00:16", rest: " h x"), Row("gen 20 04:00:16", "01-20 04:00:16", rest: " h x"),
        Row("fev 20 04:00:16", "02-20 04:00:16", rest: " h x"), Row("DÉC. 20 04:00:16", "12-20 04:00:16", rest: " h x"),
        Row("нояб. 20 04:00:16", "11-20 04:00:16", rest: " h x"),
        Row("11月 20 04:00:16", "11-20 04:00:16", rest: " h x"),
        Row("11월  6 04:00:16", "11-06 04:00:16", rest: " h x"), Row("Nov 6 4:00:16", "11-06 04:00:16", rest: " h x"),
        Row("Nov-20 04:00:16.123", "11-20 04:00:16.123", rest: " [main] x"),
        Row("oct.-24 10:21:49.296", "10-24 10:21:49.296", rest: " [main] x"),
        Row("Nov 20  04:00:16", "11-20 04:00:16", rest: " h x"), Row("11-20  04:00:16", "11-20 04:00:16", rest: " x"),
        Row("8月 01 04:00:16", "08-01 04:00:16", rest: " h x"),
        Row("PDT Apr 16 21:05:29", "04-17 04:05:29", zone: true, rest: "] error"),
        Row("01/21-08:24:53.632228", "01-21 08:24:53.632228", rest: " [**] x"), Row("01/21 08:24:53", "01-21 08:24:53"),
        Row("11.20 04:00:16", "11-20 04:00:16", rest: "] x"), Row("20.11 04:00:16", "11-20 04:00:16", rest: "] x"),
    ]

    @Test(arguments: yearless) private func `a date without its year gives month and day`(row: Row) throws {
        let time = try #require(scanTime(Array((row.text + row.rest).utf8)))
        #expect(time.shape == .yearless)
        let midnight = Int64(Timestamp.days(year: 2000, month: Int(time.month), day: Int(time.day))) * Timestamp.day
        #expect(written(midnight + time.nanoseconds) == "2000-" + row.utc)
        #expect(time.end == row.text.utf8.count)
        #expect(time.hasZone == row.hasZone)
    }

    @Test func `a clock with a half of the day is a time of day`() {
        #expect(scanTime(Array("4:00:16 PM x".utf8))?.nanoseconds == 57_616 * Timestamp.second)
        #expect(scanTime(Array("04:00:16.5 AM x".utf8))?.nanoseconds == 14_416_500_000_000)
        #expect(scanTime(Array("4:00AM text".utf8))?.nanoseconds == 14_400 * Timestamp.second)
        #expect(scanTime(Array("10:30 p.m. text".utf8))?.nanoseconds == 81_000 * Timestamp.second)
        // Nothing follows it.
        #expect(scanTime(Array("3:58AM".utf8))?.nanoseconds == 14_280 * Timestamp.second)
        #expect(scanTime(Array("10:30PM".utf8))?.nanoseconds == 81_000 * Timestamp.second)
        #expect(scanTime(Array("3:58".utf8)) == nil)
        #expect(scanTime(Array("10:305".utf8)) == nil)
        #expect(scanTime(Array("10:30 text".utf8)) == nil)
        #expect(scanTime(Array("12:00:16 AM x".utf8))?.nanoseconds == 16 * Timestamp.second)
        #expect(scanTime(Array("13:00:16 AM x".utf8)) == nil)
        #expect(scanTime(Array("4:00:16 text".utf8)) == nil)
        #expect(scanTime(Array("[    12.345] (II) x".utf8))?.shape == .uptime)
    }

    @Test(arguments: [
        "@4000000045", "@400000006affc5da075bcd1", "@zzzzzzzzzzzzzzzzzzzzzzzz", "999999999999999999",
        "20261320040016", "2026-367T04:00:16", "2025-366T04:00:16", "Marching 10, 2026 04:00:16",
        "Frisky, 20 Nov 2026 04:00:16", "X1120 04:00:16.123456", "1120 04:00:16.123456", "I1320 04:00:16.123456",
        "13/13/2026 04:00:16", "2E0C1404000C,1", "2E0A1404000C 1", "2e0a1404000c,1", "error 20 04:00:16",
        "ma 20 04:00:16",
        "01/21-08:24:53 x", "2014:07:02", "2026-11-20]04:00:16", "PDX Apr 16 21:05:29", "40月 20 04:00:16",
        "1.2.3 04:00:16", "12.2.3 04:00:16", "7-3-7 04:00:16", "17-13-7 04:00:16", "Nov 20   04:00:16",
        "2026-11-20 04-00:16", "2026-11-20 04-61-16", "20261120:040061.123",
        "99/99/99 04:00:16", "11/20/2026x04:00:16", "1120/250016.123",
    ])
    func `what only looks like a time is none`(text: String) {
        #expect(scanTime(Array(text.utf8)) == nil)
    }

    @Test func `Symantec counts in hexadecimal digits, months from 0`() throws {
        let time = try #require(scanTime(Array("2A0A1E0A300E,50,1,2,HOST".utf8)))
        #expect(written(time.nanoseconds) == "2012-11-30 10:48:14")
        #expect(time.end == 12)
        #expect(written(try #require(scanTime(Array("2E0A1404000C".utf8))).nanoseconds) == "2016-11-20 04:00:12")
        #expect(written(try #require(scanTime(Array("280101010101,7".utf8))).nanoseconds) == "2010-02-01 01:01:01")
        #expect(scanTime(Array("x 2E0A1404000C,7".utf8), at: 2) == nil)
    }

    @Test func `a date of numbers is read in another order if that is a day`() throws {
        let american = try #require(scanTime(Array("03/04/2026 04:00:16".utf8)))
        #expect(american.order == .monthFirst)
        #expect(written(american.nanoseconds) == "2026-03-04 04:00:16")
        let british = try #require(american.read(as: .dayFirst))
        #expect(written(british.nanoseconds) == "2026-04-03 04:00:16")
        #expect(written(try #require(british.read(as: .monthFirst)).nanoseconds) == "2026-03-04 04:00:16")
        #expect(american.read(as: .yearFirst) == nil)
        #expect(try #require(scanTime(Array("11/20/2026 04:00:16".utf8))).read(as: .dayFirst) == nil)
        let short = try #require(scanTime(Array("10/11/12 04:00:16".utf8)))
        #expect(written(short.nanoseconds) == "2010-11-12 04:00:16")
        #expect(written(try #require(short.read(as: .dayFirst)).nanoseconds) == "2012-11-10 04:00:16")
        #expect(written(try #require(short.read(as: .monthFirst)).nanoseconds) == "2012-10-11 04:00:16")
        let dotted = try #require(scanTime(Array("10.11 04:00:16".utf8)))
        #expect(dotted.month == 10)
        #expect(try #require(dotted.read(as: .dayFirst)).month == 11)
    }

    @Test func `all orders of a date lead to each other`() {
        var generator = SeededGenerator(seed: 5)
        let orders: [DateOrder] = [.monthFirst, .dayFirst, .yearFirst]
        for _ in 0..<20_000 {
            var text = TimeText()
            text.add(generator.int(in: 1...31), 2)
            text.add("/")
            text.add(generator.int(in: 1...31), 2)
            text.add("/")
            text.add(generator.int(in: 1...40), 2)
            text.add(" 04:00:16")
            guard let time = scanTime(text.bytes) else { continue }
            for order in orders {
                guard let other = time.read(as: order) else { continue }
                guard other.order == order, other.read(as: time.order)?.nanoseconds == time.nanoseconds else {
                    Issue.record("\(String(decoding: text.bytes, as: UTF8.self)) as \(order): \(other)")
                    return
                }
            }
        }
    }
}
