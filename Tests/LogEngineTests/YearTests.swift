import LogAnalysis
import LogCore
import LogEngine
import Testing

/// Seconds since the epoch of a date at noon, UTC.
private func noon(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
    Int64(Timestamp.days(year: year, month: month, day: day)) * 86_400 + 43_200
}

/// Syslog writes no year: it comes from the time when the file was last written.
@Suite struct YearTests {
    /// Lines with these times, in a file written at `modified`, have the timestamps `expected`.
    private func expect(
        _ stamps: [String], modified: Int64, ending: String = "\n", are expected: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let folder = try TestFolder()
        let text = stamps.map { "\($0) host cron[1]: text" }.joined(separator: "\n") + ending
        let input = try folder.write(text, "syslog", modified: modified)
        let events = try await Project.events([input])
        let found = events.compactMap { $0.timestamp?.replacing(".000Z", with: "Z") }
        #expect(found == expected, sourceLocation: sourceLocation)
        #expect(events.allSatisfy { $0.timeSource == "year-inferred" }, sourceLocation: sourceLocation)
    }

    @Test func `the last line is not later than the file was written`() async throws {
        try await expect(
            ["Nov 20 10:00:00", "Nov 22 10:00:00"], modified: noon(2026, 11, 22),
            are: [
                "2026-11-20T10:00:00Z", "2026-11-22T10:00:00Z",
            ])
        try await expect(
            ["Nov 20 10:00:00", "Nov 22 10:00:00"], modified: noon(2026, 3, 1),
            are: [
                "2025-11-20T10:00:00Z", "2025-11-22T10:00:00Z",
            ])
    }

    @Test func `a day's grace is given for zones`() async throws {
        try await expect(["Nov 23 01:00:00"], modified: noon(2026, 11, 22), are: ["2026-11-23T01:00:00Z"])
        try await expect(["Nov 25 01:00:00"], modified: noon(2026, 11, 22), are: ["2025-11-25T01:00:00Z"])
    }

    @Test func `December before January is of the year before`() async throws {
        try await expect(
            ["Dec 30 10:00:00", "Dec 31 23:59:59", "Jan  1 00:00:00", "Jan  2 10:00:00"], modified: noon(2026, 1, 2),
            are: [
                "2025-12-30T10:00:00Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-01-02T10:00:00Z",
            ])
    }

    @Test func `a file over three New Years is walked back over each`() async throws {
        let months = ["Feb", "Jul", "Dec", "Mar", "Aug", "Jan", "Jun", "Nov", "Jan"]
        let expected = [
            "2023-02", "2023-07", "2023-12", "2024-03", "2024-08", "2025-01", "2025-06", "2025-11", "2026-01",
        ]
        try await expect(
            months.map { "\($0)  3 10:00:00" }, modified: noon(2026, 2, 1), are: expected.map { $0 + "-03T10:00:00Z" })
    }

    @Test func `a straggler of the old year behind the first line of the new one stays in the old`() async throws {
        try await expect(
            ["Dec 31 23:59:58", "Jan  1 00:00:00", "Dec 31 23:59:59", "Jan  1 00:00:01"], modified: noon(2026, 1, 1),
            are: [
                "2025-12-31T23:59:58Z", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:01Z",
            ])
    }

    @Test(arguments: ["", "\n", "\r\n"]) func `the last line counts with or without its end`(ending: String)
        async throws
    {
        try await expect(["Dec 31 23:59:59"], modified: noon(2026, 1, 3), ending: ending, are: ["2025-12-31T23:59:59Z"])
        try await expect(
            ["Dec 31 23:59:59", "Jan  1 00:00:00"], modified: noon(2026, 1, 3), ending: ending,
            are: [
                "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z",
            ])
    }

    @Test func `29 February at the end is of the last leap year`() async throws {
        try await expect(
            ["Feb 28 10:00:00", "Feb 29 10:00:00"], modified: noon(2026, 6, 1),
            are: [
                "2024-02-28T10:00:00Z", "2024-02-29T10:00:00Z",
            ])
    }

    @Test func `29 February in the middle asks for a leap year, too`() async throws {
        try await expect(
            ["Feb 28 10:00:00", "Feb 29 10:00:00", "Mar  1 10:00:00"], modified: noon(2026, 6, 1),
            are: [
                "2024-02-28T10:00:00Z", "2024-02-29T10:00:00Z", "2024-03-01T10:00:00Z",
            ])
    }

    @Test func `dates that no year has are no times`() async throws {
        let folder = try TestFolder()
        let text =
            "Nov 22 10:00:00 host a[1]: one\nNov 31 10:00:00 host a[1]: two\nNov 22 14:99:00 host a[1]: three\nFeb 30 10:00:00 host a[1]: four\n"
        let input = try folder.write(text, "syslog", modified: noon(2026, 11, 22))
        let events = try await Project.events([input])
        #expect(events.compactMap(\.timestamp).allSatisfy { $0 == "2026-11-22T10:00:00.000Z" })
        #expect(events.filter { $0.timeSource == "year-inferred" }.count == 1)
    }

    @Test func `what the generic parser reads without a year gets the file's year, too`() async throws {
        let folder = try TestFolder()
        let text = "Nov 21 10:00:00 INFO main: started\nNov 22 10:00:00 ERROR main: stopped\n"
        let input = try folder.write(text, "a.log", modified: noon(2026, 11, 22))
        let found = try await Project.events([input]).compactMap(\.timestamp)
        #expect(found == ["2026-11-21T10:00:00.000Z", "2026-11-22T10:00:00.000Z"])
    }

    /// Past eight mebibytes the months are looked at here and there only.
    @Test func `a large file gives the same years as a small one`() async throws {
        let folder = try TestFolder()
        var text = ""
        var day: Int64 = noon(2025, 10, 1)
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let filler = String(repeating: "x", count: 900)
        while text.utf8.count < 9 << 20 {
            day += 1_200
            let parts = Timestamp.parts(day * Timestamp.second)
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            text +=
                "\(names[parts.month - 1]) \(parts.day < 10 ? " " : "")\(parts.day) \(two(parts.hour)):\(two(parts.minute)):00 host cron[1]: \(filler)\n"
        }
        let input = try folder.write(text, "syslog", modified: day)
        let whole = await Project.analyze([input], batch: 64 << 20)
        #expect(whole.tally.first == (noon(2025, 10, 1) + 1_200) * Timestamp.second)
        #expect(whole.tally.last == day * Timestamp.second)
        let cut = await Project.analyze([input], jobs: 4)
        #expect(differences(cut, whole) == [])
    }

    @Test func `a line that has its year tells that of its neighbours`() async throws {
        let folder = try TestFolder()
        let lines = [
            "7:M 31 Dec 23:50:13.457 * DB loaded from disk: 0.001 seconds",
            "7:signal-handler (1546300810) Received SIGINT scheduling shutdown...",
            "7:M 01 Jan 00:01:00.000 # User requested shutdown...",
        ]
        let input = try folder.write(lines.joined(separator: "\n") + "\n", "redis.log", modified: noon(2026, 11, 22))
        let events = try await Project.events([input])
        #expect(
            events.map(\.timestamp) == [
                "2018-12-31T23:50:13.457Z", "2019-01-01T00:00:10.000Z", "2019-01-01T00:01:00.000Z",
            ])
    }
}
