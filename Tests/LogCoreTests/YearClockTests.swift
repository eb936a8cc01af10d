import LogCore
import Testing

@Suite struct YearClockTests {
    /// Midnight of a day without its year.
    private func day(_ month: UInt8, _ day: UInt8) -> ScannedTime {
        ScannedTime(end: 0, nanoseconds: 0, shape: .yearless, month: month, day: day)
    }

    private func midnight(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        ReferenceTime(year: year, month: month, day: day, hour: 0, minute: 0, second: 0, nanosecond: 0)
            .nanoseconds(digits: 0)
    }

    @Test func `the first line's year is the one it starts with`() {
        var clock = YearClock(year: 2025)
        #expect(clock.resolve(day(11, 22)) == midnight(2025, 11, 22))
    }

    @Test func `December to January is a new year`() {
        var clock = YearClock(year: 2025)
        #expect(clock.resolve(day(12, 31)) == midnight(2025, 12, 31))
        #expect(clock.resolve(day(1, 1)) == midnight(2026, 1, 1))
        #expect(clock.resolve(day(2, 1)) == midnight(2026, 2, 1))
    }

    @Test func `a straggler of the old year goes back to it and the next line forward again`() {
        var clock = YearClock(year: 2025)
        _ = clock.resolve(day(12, 31))
        _ = clock.resolve(day(1, 1))
        #expect(clock.resolve(day(12, 31)) == midnight(2025, 12, 31))
        #expect(clock.resolve(day(1, 1)) == midnight(2026, 1, 1))
    }

    @Test func `lines out of order by some weeks stay in their year`() {
        var clock = YearClock(year: 2025)
        _ = clock.resolve(day(8, 20))
        #expect(clock.resolve(day(7, 25)) == midnight(2025, 7, 25))
        #expect(clock.resolve(day(9, 1)) == midnight(2025, 9, 1))
    }

    @Test func `a step back by more than a month is a new year`() {
        var clock = YearClock(year: 2025)
        _ = clock.resolve(day(10, 30))
        #expect(clock.resolve(day(7, 26)) == midnight(2026, 7, 26))
        #expect(clock.resolve(day(7, 27)) == midnight(2026, 7, 27))
    }

    @Test func `a silence of many months is no step back`() {
        var clock = YearClock(year: 2025)
        _ = clock.resolve(day(1, 20))
        #expect(clock.resolve(day(11, 20)) == midnight(2025, 11, 20))
    }

    @Test func `a device that starts with 1 January until its clock is set stays in its year`() {
        var clock = YearClock(year: 2025)
        for _ in 0..<3 {
            #expect(clock.resolve(day(11, 20)) == midnight(2025, 11, 20))
            _ = clock.resolve(day(1, 1))
            #expect(clock.resolve(day(11, 21)) == midnight(2025, 11, 21))
        }
    }

    @Test func `a log with the newest line first goes back over New Year`() {
        var clock = YearClock(year: 2026)
        #expect(clock.resolve(day(1, 2)) == midnight(2026, 1, 2))
        #expect(clock.resolve(day(12, 30)) == midnight(2025, 12, 30))
        #expect(clock.resolve(day(12, 1)) == midnight(2025, 12, 1))
    }

    @Test func `29 February outside a leap year counts as 1 March`() {
        var clock = YearClock(year: 2025)
        #expect(clock.resolve(day(2, 29)) == midnight(2025, 3, 1))
        var leap = YearClock(year: 2024)
        #expect(leap.resolve(day(2, 29)) == midnight(2024, 2, 29))
    }

    @Test func `the time of day is kept`() throws {
        var clock = YearClock(year: 2025)
        let scanned = try #require(scanTime(Array("Oct  9 13:55:36.250 host".utf8)))
        let noonish = Int64(13 * 3600 + 55 * 60 + 36) * 1_000_000_000 + 250_000_000
        #expect(clock.resolve(scanned) == midnight(2025, 10, 9) + noonish)
    }

    @Test func `a leap second on New Year's Eve is the new year's first second`() throws {
        var clock = YearClock(year: 2016)
        let scanned = try #require(scanTime(Array("Dec 31 23:59:60 host".utf8)))
        #expect(clock.resolve(scanned) == midnight(2017, 1, 1))
    }
}
