import LogCore
import Testing

@Suite struct SourceClockTests {
    private static let hour = 3_600 * Timestamp.second

    private func utc(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0, _ second: Int = 0)
        -> Int64
    {
        ReferenceTime(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second, nanosecond: 0
        ).nanoseconds(digits: 0)
    }

    private func scan(_ text: String) throws -> ScannedTime { try #require(scanTime(Array(text.utf8)), "\(text)") }

    // MARK: Days

    @Test func `past midnight the next day begins, and stragglers are of the day before`() {
        var clock = DayClock(day: 100)
        #expect(clock.resolve(23 * Self.hour) == 100 * Timestamp.day + 23 * Self.hour)
        #expect(clock.resolve(0) == 101 * Timestamp.day)
        #expect(clock.resolve(Timestamp.day - 1) == 101 * Timestamp.day - 1)
        #expect(clock.resolve(Self.hour) == 101 * Timestamp.day + Self.hour)
        // Out of order by half an hour.
        #expect(clock.resolve(Self.hour / 2) == 101 * Timestamp.day + Self.hour / 2)
        #expect(clock.resolve(20 * Self.hour) == 101 * Timestamp.day + 20 * Self.hour)
        // After a night of silence.
        #expect(clock.resolve(9 * Self.hour) == 102 * Timestamp.day + 9 * Self.hour)
    }

    @Test func `a time of day without a known date is none, else it follows the lines that write it`() throws {
        var clock = SourceClock(year: 2026)
        #expect(clock.resolve(timeOfDay: try scan("04:00:16")) == nil)
        clock.days = DayClock(day: 0)
        #expect(clock.resolve(timeOfDay: try scan("04:00:16")) == 14_416 * Timestamp.second)
        #expect(clock.resolve(full: try scan("2026-11-20 23:59:00")) == utc(2026, 11, 20, 23, 59))
        #expect(clock.resolve(timeOfDay: try scan("23:59:30")) == utc(2026, 11, 20, 23, 59, 30))
        #expect(clock.resolve(timeOfDay: try scan("00:00:10")) == utc(2026, 11, 21, 0, 0, 10))
    }

    // MARK: Zones

    /// The rules of Berlin as a zone file's footer: bytes of a file without any change but the yearly ones.
    private static func berlin() throws -> LocalZone {
        var bytes: [UInt8] = []
        func header(_ version: UInt8) {
            bytes += Array("TZif".utf8) + [version] + Array(repeating: 0, count: 15)
            for count in [0, 0, 0, 0, 1, 4] as [UInt8] { bytes += [0, 0, 0, count] }
            bytes += [0, 0, 0x0E, 0x10, 0, 0] + Array("CET\0".utf8)
        }
        header(0x32)
        header(0x32)
        bytes += Array("\nCET-1CEST,M3.5.0,M10.5.0/3\n".utf8)
        return LocalZone(name: "Europe/Berlin", rules: try #require(ZoneRules(tzif: bytes)))
    }

    @Test func `times without a zone are read in the given one, times with one as they say`() throws {
        var clock = SourceClock(year: 2026)
        clock.zone = try Self.berlin()
        #expect(clock.resolve(full: try scan("2026-11-20 04:00:16")) == utc(2026, 11, 20, 3, 0, 16))
        #expect(clock.resolve(full: try scan("2026-07-20 04:00:16")) == utc(2026, 7, 20, 2, 0, 16))
        #expect(clock.resolve(full: try scan("2026-07-20 04:00:16Z")) == utc(2026, 7, 20, 4, 0, 16))
        #expect(clock.resolve(full: try scan("1795147216")) == 1_795_147_216 * Timestamp.second)
        #expect(clock.resolve(yearless: try scan("Jul 20 04:00:16 x")) == utc(2026, 7, 20, 2, 0, 16))
    }

    @Test func `the hour that comes twice is told by the order of its lines`() throws {
        var zone = try Self.berlin()
        func read(_ hour: Int, _ minute: Int, _ second: Int = 0) -> Int64 {
            zone.utc(local: utc(2026, 10, 25, hour, minute, second))
        }
        #expect(read(1, 59) == utc(2026, 10, 24, 23, 59))
        #expect(!zone.isRepeated)
        #expect(read(2, 0) == utc(2026, 10, 25, 0, 0))
        #expect(zone.isRepeated)
        #expect(read(2, 59) == utc(2026, 10, 25, 0, 59))
        // Some seconds out of order are no second hour.
        #expect(read(2, 58, 58) == utc(2026, 10, 25, 0, 58, 58))
        #expect(read(2, 0) == utc(2026, 10, 25, 1, 0))
        #expect(read(2, 59) == utc(2026, 10, 25, 1, 59))
        #expect(read(3, 0) == utc(2026, 10, 25, 2, 0))
        #expect(!zone.isRepeated)
        // The hour that is left out in spring.
        #expect(zone.utc(local: utc(2026, 3, 29, 2, 30)) == utc(2026, 3, 29, 1, 30))
        #expect(zone.utc(local: utc(2026, 3, 29, 3, 30)) == utc(2026, 3, 29, 1, 30))
    }

    @Test func `a zone gives what its rules give, whatever was asked before`() throws {
        var warm = try Self.berlin()
        var generator = SeededGenerator(seed: 11)
        let day = utc(2026, 10, 25)
        for _ in 0..<20_000 {
            let local = day + Int64(generator.int(in: -400 * 86_400...400 * 86_400)) * Timestamp.second
            var cold = try Self.berlin()
            let expected = cold.utc(local: local)
            let found = warm.utc(local: local)
            if cold.isRepeated || warm.isRepeated { continue }
            if found != expected {
                Issue.record("\(local): \(found), not \(expected)")
                return
            }
        }
    }

    // MARK: The order of a date's numbers

    private func decide(_ texts: [String], modified: Int64) throws -> (order: DateOrder, reason: OrderEvidence.Reason)?
    {
        var evidence = OrderEvidence()
        for text in texts { evidence.note(try scan(text)) }
        return evidence.decide(modified: modified)
    }

    @Test func `a number over twelve decides`() throws {
        let american = try #require(try decide(["03/04/2026 01:00:00", "03/14/2026 01:00:00"], modified: 0))
        #expect(american == (.monthFirst, .numbers))
        let british = try #require(try decide(["03/04/2026 01:00:00", "14/04/2026 01:00:00"], modified: 0))
        #expect(british == (.dayFirst, .numbers))
        let dotted = try #require(try decide(["03.04.2026 01:00:00", "03.14.2026 01:00:00"], modified: 0))
        #expect(dotted == (.monthFirst, .numbers))
    }

    @Test func `else the order of the lines, then the file's own time, then custom`() throws {
        let late = utc(2027, 1, 1)
        // As months these go back, as days they don't.
        let lines = ["01/02/2026 01:00:00", "02/02/2026 01:00:00", "01/03/2026 01:00:00"]
        #expect(try #require(try decide(lines, modified: late)) == (.dayFirst, .sequence))
        let one = ["03/04/2026 01:00:00"]
        #expect(try #require(try decide(one, modified: utc(2026, 4, 3, 2))) == (.dayFirst, .modified))
        #expect(try #require(try decide(one, modified: utc(2026, 3, 4, 2))) == (.monthFirst, .modified))
        #expect(try #require(try decide(one, modified: late)) == (.monthFirst, .custom))
        #expect(try #require(try decide(["03.04.2026 01:00:00"], modified: late)) == (.dayFirst, .custom))
        #expect(try decide(["2026-11-20 01:00:00"], modified: late) == nil)
    }

    @Test func `two digits of a year may stand anywhere`() throws {
        let late = utc(2027, 1, 1)
        let hadoop = ["25/11/30 01:00:00", "25/12/01 01:00:00", "26/01/02 01:00:00"]
        #expect(try #require(try decide(hadoop, modified: late)) == (.yearFirst, .sequence))
        let german = ["20/11/26 01:00:00", "21/11/26 01:00:00", "01/12/26 01:00:00"]
        #expect(try #require(try decide(german, modified: late)).order == .dayFirst)
        let websphere = ["11/20/26 01:00:00", "11/21/26 01:00:00"]
        #expect(try #require(try decide(websphere, modified: late)).order == .monthFirst)
    }
}
