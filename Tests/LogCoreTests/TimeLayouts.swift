import Testing

/// A layout as it is printed for the round trip.
struct TimeLayout: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Digits of the fraction that the layout keeps.
    var digits = 0
    /// Seconds that the written clock is ahead of UTC.
    var offset = 0
    var hasZone = false
    var years = 1970...2200
    /// Whether second 60 can be printed.
    var leapSeconds = true
    var write: @Sendable (inout TimeText, ReferenceTime) -> Void
}

extension TimeLayout {
    private static func ymd(_ text: inout TimeText, _ time: ReferenceTime, _ separator: String) {
        text.add(time.year, 4)
        text.add(separator)
        text.add(time.month, 2)
        text.add(separator)
        text.add(time.day, 2)
    }

    /// ISO 8601 with what stands between date and clock, the digits of the fraction, and the zone.
    private static func iso(
        _ between: String, _ digits: Int, _ zone: String, offset: Int = 0, mark: String = "."
    ) -> TimeLayout {
        TimeLayout(
            testDescription: "iso '\(between)' \(digits) '\(zone)'", digits: digits, offset: offset,
            hasZone: !zone.isEmpty
        ) { text, time in
            ymd(&text, time, "-")
            text.add(between)
            text.clock(time)
            text.fraction(time, digits, mark: mark)
            text.add(zone)
        }
    }

    static let all: [TimeLayout] = iso + numeric + named

    private static let iso: [TimeLayout] =
        (0...9).map { iso("T", $0, "Z") } + [
            iso("t", 3, "z"), iso(" ", 0, ""), iso("_", 6, ""), iso(" ", 3, "", mark: ","), iso(" ", 3, "", mark: ":"),
            iso("T", 0, "+01:00", offset: 3600), iso("T", 6, "-0730", offset: -27_000),
            iso(" ", 3, "+05", offset: 18_000), iso(" ", 3, " +0200", offset: 7200),
            iso(" ", 3, " UTC"), iso(" ", 0, " GMT"), iso(" ", 9, " Z"), iso("T", 2, "+15:59", offset: 57_540),
        ]

    private static let numeric: [TimeLayout] = [
        TimeLayout(testDescription: "2026/11/22 10:00:00.123", digits: 3) { text, time in
            ymd(&text, time, "/")
            text.add(" ")
            text.clock(time)
            text.fraction(time, 3)
        },
        TimeLayout(testDescription: "2026.11.22 10:00:00") { text, time in
            ymd(&text, time, ".")
            text.add(" ")
            text.clock(time)
        },
        TimeLayout(testDescription: "2005-06-03-15.42.50.363779", digits: 6) { text, time in
            ymd(&text, time, "-")
            text.add("-")
            text.clock(time, separator: ".")
            text.fraction(time, 6)
        },
        TimeLayout(testDescription: "20261122T100000Z", hasZone: true) { text, time in
            ymd(&text, time, "")
            text.add("T")
            text.clock(time, separator: "")
            text.add("Z")
        },
        TimeLayout(testDescription: "20261122 10:00:00") { text, time in
            ymd(&text, time, "")
            text.add(" ")
            text.clock(time)
        },
        TimeLayout(testDescription: "20261122-10:00:00:123", digits: 3) { text, time in
            ymd(&text, time, "")
            text.add("-")
            text.clock(time)
            text.fraction(time, 3, mark: ":")
        },
        TimeLayout(testDescription: "20171224-0:7:20:44", digits: 3) { text, time in
            ymd(&text, time, "")
            text.add("-\(time.hour):\(time.minute):\(time.second):\(time.nanosecond / 1_000_000)")
        },
        TimeLayout(testDescription: "081109 203615", years: 1970...2069) { text, time in
            text.add(time.year % 100, 2)
            text.add(time.month, 2)
            text.add(time.day, 2)
            text.add(" ")
            text.clock(time, separator: "")
        },
        TimeLayout(testDescription: "17/06/09 20:10:40", years: 1970...2069) { text, time in
            text.add(time.year % 100, 2)
            text.add("/")
            text.add(time.month, 2)
            text.add("/")
            text.add(time.day, 2)
            text.add(" ")
            text.clock(time)
        },
        TimeLayout(testDescription: "11/22/2026 10:00:00 AM") { text, time in
            text.add(time.month, 2)
            text.add("/")
            text.add(time.day, 2)
            text.add("/")
            text.add(time.year, 4)
            text.add(" ")
            var twelve = time
            twelve.hour = time.hour % 12 == 0 ? 12 : time.hour % 12
            text.clock(twelve)
            text.add(time.hour < 12 ? " AM" : " PM")
        },
        TimeLayout(testDescription: "22.11.2026 10:00:00") { text, time in
            text.add(time.day, 2)
            text.add(".")
            text.add(time.month, 2)
            text.add(".")
            text.add(time.year, 4)
            text.add(" ")
            text.clock(time)
        },
        epoch("1700000000", digits: 0),
        TimeLayout(
            testDescription: "1700000000.123456", digits: 6, hasZone: true, years: 2002...2099, leapSeconds: false
        ) { text, time in
            text.add("\(time.seconds)")
            text.fraction(time, 6)
        },
        epoch("1700000000123", digits: 3), epoch("1700000000123456", digits: 6),
        epoch("1700000000123456789", digits: 9),
    ]

    /// A lone number with `digits` digits of the second's fraction.
    private static func epoch(_ name: String, digits: Int) -> TimeLayout {
        TimeLayout(
            testDescription: name, digits: digits, hasZone: true, years: 2002...2099, leapSeconds: false
        ) { text, time in
            text.add("\(time.seconds)")
            text.fraction(time, digits, mark: "")
        }
    }

    private static let named: [TimeLayout] = [
        TimeLayout(testDescription: "10/Oct/2000:13:55:36 -0700", offset: -25_200, hasZone: true) { text, time in
            text.add(time.day, 2)
            text.add("/\(time.monthName)/\(time.year):")
            text.clock(time)
            text.add(" -0700")
        },
        TimeLayout(testDescription: "Oct 10 2000 13:55:36.123", digits: 3) { text, time in
            text.add("\(time.monthName) ")
            text.add(time.day, 2, pad: " ")
            text.add(" \(time.year) ")
            text.clock(time)
            text.fraction(time, 3)
        },
        TimeLayout(testDescription: "Oct 10 13:55:36 2000") { text, time in
            text.add("\(time.monthName) ")
            text.add(time.day, 2)
            text.add(" ")
            text.clock(time)
            text.add(" \(time.year)")
        },
        TimeLayout(testDescription: "Wed Oct 11 14:32:52.123456 2000", digits: 6) { text, time in
            text.add("\(time.weekdayName) \(time.monthName) ")
            text.add(time.day, 2)
            text.add(" ")
            text.clock(time)
            text.fraction(time, 6)
            text.add(" \(time.year)")
        },
        TimeLayout(testDescription: "Thu Jun 09 06:07:04 UTC 2005", hasZone: true) { text, time in
            text.add("\(time.weekdayName) \(time.monthName) ")
            text.add(time.day, 2, pad: " ")
            text.add(" ")
            text.clock(time)
            text.add(" UTC \(time.year)")
        },
        TimeLayout(testDescription: "Wed, 11 Oct 2000 14:32:52 GMT", hasZone: true) { text, time in
            text.add("\(time.weekdayName), \(time.day) \(time.monthName) \(time.year) ")
            text.clock(time)
            text.add(" GMT")
        },
        TimeLayout(testDescription: "Wed, 11 Oct 2000 14:32:52 +0000", hasZone: true) { text, time in
            text.add("\(time.weekdayName), ")
            text.add(time.day, 2)
            text.add(" \(time.monthName) \(time.year) ")
            text.clock(time)
            text.add(" +0000")
        },
        TimeLayout(testDescription: "11 Oct 2000 14:32:52.123", digits: 3) { text, time in
            text.add(time.day, 2)
            text.add(" \(time.monthName) \(time.year) ")
            text.clock(time)
            text.fraction(time, 3)
        },
        TimeLayout(testDescription: "11-Oct-2000 14:32:52.123", digits: 3) { text, time in
            text.add(time.day, 2)
            text.add("-\(time.monthName)-\(time.year) ")
            text.clock(time)
            text.fraction(time, 3)
        },
        TimeLayout(testDescription: "14:32:52.123 11-Oct-2000", digits: 3) { text, time in
            text.clock(time)
            text.fraction(time, 3)
            text.add(" ")
            text.add(time.day, 2)
            text.add("-\(time.monthName)-\(time.year)")
        },
        TimeLayout(testDescription: "14:32:52 11-Oct-00 CET", offset: 3_600, hasZone: true, years: 1970...2069) {
            text, time in
            text.clock(time)
            text.add(" ")
            text.add(time.day, 2)
            text.add("-\(time.monthName)-")
            text.add(time.year % 100, 2)
            text.add(" CET")
        },
        TimeLayout(testDescription: "14:32:52 11.10.2000") { text, time in
            text.clock(time)
            text.add(" ")
            text.add(time.day, 2)
            text.add(".")
            text.add(time.month, 2)
            text.add(".\(time.year)")
        },
    ]
}
