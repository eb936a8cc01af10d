import LogCore
import Testing

/// Zones behind a time, in each layout that may have one.
@Suite struct ZonedTimeTests {
    /// What is written, and by how many hours its clock is ahead of UTC on 20 November 2026.
    private static let zones: [(text: String, hours: Double)] = [
        ("Z", 0), ("UTC", 0), ("(GMT)", 0), ("[UTC]", 0), ("+0100", 1), ("+01:00", 1), ("+01", 1), ("-03", -3),
        ("+0545", 5.75), ("(+0100)", 1), ("[+0100]", 1), ("(UTC+01:00)", 1), ("UTC+2", 2), ("UTC-5", -5),
        ("GMT+01:00", 1), ("GMT-0330", -3.5), ("CET", 1), ("(CET)", 1), ("[CET]", 1), ("MEZ", 1), ("EST", -5),
        ("PST", -8), ("CST", -6), ("JST", 9), ("AEDT", 11), ("BRT", -3), ("Europe/Berlin", 1), ("(Europe/Berlin)", 1),
        ("[Europe/Berlin]", 1), ("America/New_York", -5), ("America/Argentina/Buenos_Aires", -3), ("Etc/UTC", 0),
        ("Etc/GMT+3", -3), ("US/Pacific", -8), ("Asia/Kolkata", 5.5), ("+0100 (CET)", 1), ("+01:00[Europe/Berlin]", 1),
    ]
    private static let layouts = [
        "2026-11-20 10:00:00", "2026-11-20 10:00:00.123", "2026-11-20 10:00:00,123456", "2026-11-20T10:00:00.123456789",
        "2026-11-20T10:00:00", "2026/11/20 10:00:00.123", "11/20/2026 10:00:00", "11/20/2026 10:00:00 AM",
        "20.11.2026 10:00:00", "20-Nov-2026 10:00:00.123456789", "20 Nov 2026 10:00:00", "Nov 20, 2026 10:00:00 AM",
        "20/Nov/2026:10:00:00", "Fri, 20 Nov 2026 10:00:00", "Fri, 20 Nov 26 10:00:00", "20 Nov 26 10:00:00",
        "Fri Nov 20 10:00:00 2026", "20261120T100000", "2026-11-20 10:00", "2026-W47-5T10:00:00", "2026-324T10:00:00",
        "Fri 20 Nov 2026 10:00:00 AM",
    ]

    @Test(arguments: layouts)
    func `any zone behind any layout is read, and what follows it is left`(layout: String) throws {
        let plain = try #require(scanTime(Array(layout.utf8)))
        #expect(plain.nanoseconds / 1_000_000_000 == 1_795_168_800 && !plain.hasZone)
        for zone in Self.zones {
            for tail in ["", " INFO [main] shop.Cart - no answer", " no answer", "] no answer", ": no answer"] {
                let text = "\(layout) \(zone.text)"
                let found = try #require(scanTime(Array((text + tail).utf8)), "\(text + tail)")
                let expected = plain.nanoseconds - Int64(zone.hours * 3_600) * 1_000_000_000
                #expect(
                    found.nanoseconds == expected && found.hasZone && found.end == text.utf8.count, "\(text + tail)")
            }
        }
    }

    @Test(arguments: [
        "INFO", "ERROR", "[main]", "[INFO]", "(shop)", "[12]", "[-1]", "Europe", "Europe/Nowhere", "-10 degrees",
        "ESTIMATE",
        "American", "Error/Warning", "[CET shop]", "(2)", "shop/cart", "[Europe/Berlin shop]", "-5", "Asia/",
    ])
    func `what looks a little like a zone is none`(text: String) throws {
        let line = "2026-11-20 10:00:00 \(text) no answer"
        let found = try #require(scanTime(Array(line.utf8)))
        #expect(found.end == 19 && !found.hasZone)
    }

    @Test(arguments: [
        // GNU date's, in either order.
        ("Fri Nov 20 09:14:06 PM CET 2026", 1_795_205_646),
        ("Fri Nov 20 09:14:06 PM Europe/Berlin 2026", 1_795_205_646),
        ("Fri Nov 20 21:14:06 CET 2026", 1_795_205_646), ("Fri Nov 20 21:14:06 -03 2026", 1_795_220_046),
        ("Fri Nov 20 21:14:06 +0100 2026", 1_795_205_646), ("Fri 20 Nov 2026 09:14:06 PM CET", 1_795_205_646),
        ("Fri Nov 20 12:14:06 AM UTC 2026", 1_795_133_646),
        // Db2's minutes.
        ("2026-11-20-10.00.00.123456+060", 1_795_165_200), ("2026-11-20-10.00.00.123456-240", 1_795_183_200),
        ("2026-11-20-10.00.00-300", 1_795_186_800),
        // A zone's summer.
        ("2026-07-20 10:00:00 Europe/Berlin", 1_784_534_400), ("2026-07-20 10:00:00 America/New_York", 1_784_556_000),
        ("2026-01-20 10:00:00 Australia/Sydney", 1_768_863_600),
        // The end of a day, and weeks.
        ("2026-11-20 24:00:00", 1_795_219_200), ("2026W475T100000Z", 1_795_168_800),
        ("2026-W01-1 10:00:00", 1_767_002_400),
        ("2026-W53-5T10:00:00", 1_798_797_600),
    ])
    func `rarer forms`(text: String, expected: Int64) throws {
        let found = try #require(scanTime(Array(text.utf8)))
        #expect(found.nanoseconds / 1_000_000_000 == expected)
        #expect(found.end == text.utf8.count)
    }

    @Test(arguments: [
        "2026-11-20 24:00:01", "2026-11-20 24:01:00", "2026-W00-1 10:00:00", "2026-W54-1 10:00:00",
        "2026-W47-8T10:00:00",
    ])
    func `no such time`(text: String) { #expect(scanTime(Array(text.utf8)) == nil) }

    @Test(arguments: [
        ("Nov 20 10:00:00.123 +0100 no answer", 9, 25), ("11-20 10:00:00.123 +0100 no answer", 9, 24),
        ("Nov 20 10:00:00 CET no answer", 9, 19), ("Nov 20 10:00:00 Europe/Berlin no answer", 9, 29),
        ("Nov 20 10:00:00 PM no answer", 22, 18), ("Nov 20 10:00:00 shop no answer", 10, 15),
        ("Nov 20 10:00:00 SHOP no answer", 10, 15), ("Nov 20 10:00:00 CET-1 no answer", 10, 15),
    ])
    func `a date without a year`(line: String, hour: Int64, end: Int) throws {
        let found = try #require(scanTime(Array(line.utf8)))
        #expect(found.shape == .yearless && found.nanoseconds / 3_600_000_000_000 == hour && found.end == end)
    }

    @Test func `of a time of day alone the zone counts once the day is known`() throws {
        let found = try #require(scanTime(Array("00:30:00.123 (+0100) no answer".utf8)))
        #expect(found.shape == .timeOnly && found.hasZone && found.end == 20)
        var clock = SourceClock(year: 2026)
        clock.days = DayClock(day: 20_777)
        let expected: Int64 = (20_777 * 86_400 - 1_800) * 1_000_000_000 + 123_000_000
        #expect(clock.resolve(timeOfDay: found) == expected)
    }
}
