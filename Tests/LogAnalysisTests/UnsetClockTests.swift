import LogCore
import Testing

@testable import LogAnalysis

/// Times of clocks that were not set yet.
@Suite struct UnsetClockTests {
    /// Seconds from `MadeUp`'s zero to a date.
    private func second(_ year: Int, _ month: Int, _ day: Int) -> Double {
        Double(Timestamp.days(year: year, month: month, day: day)) * 86_400 - Double(MadeUp.time(0)) / 1e9
    }

    private func summary(_ times: [Double], _ level: Severity = .info) -> Summary {
        var summary = Summary()
        var counts = Array(repeating: Int64(0), count: Severity.ranks)
        counts[level.rank] = 1
        for time in times { summary.timeline.add(time: MadeUp.time(time), byRank: counts.span) }
        summary.tally = MadeUp.tally(Int64(times.count), times.min(), times.max())
        return summary
    }

    private let hour = (0..<60).map { Double($0) * 60 }

    @Test func `a report leaves out the half a century before the clock was set`() throws {
        let early = [second(1970, 1, 1) + 10, second(1970, 1, 1) + 4_000_000]
        let report = Report(summary(early + hour))
        #expect(report.tally.first == MadeUp.time(0))
        #expect(report.timeline.total == 60)
        #expect(report.tally.count == 62)
        let note = try #require(report.timeNotes.first { $0.kind == .early })
        #expect(note.text == "clock not set yet: 2 events from 1 Jan 1970 00:00:10 on", "\(note)")
    }

    @Test func `and the months from the year in which the clock began`() {
        let new = second(2026, 1, 1)
        #expect(UnsetClock(summary([new + 10, new + 300] + hour))?.end == MadeUp.time(0))
        #expect(UnsetClock(summary([second(1970, 1, 1), new + 10, new + 300] + hour))?.end == MadeUp.time(0))
    }

    @Test func `what ran at the turn of the year, or once a month, was set`() {
        let new = second(2026, 1, 1)
        #expect(UnsetClock(summary([new + 10, new + 300] + hour.map { new + 7_200 + $0 })) == nil)
        #expect(UnsetClock(summary((1...11).map { second(2026, $0, 1) + 10 })) == nil)
        #expect(UnsetClock(summary([second(2026, 1, 2)] + hour)) == nil)
        #expect(UnsetClock(summary([new + 10, new + 8_000] + hour)) == nil)
    }

    @Test func `a log that knows no other clock keeps it`() {
        let old = second(1970, 1, 1)
        let report = Report(summary(hour.map { old + $0 }))
        #expect(report.tally.first == MadeUp.time(old))
        #expect(UnsetClock(Summary()) == nil)
    }
}
