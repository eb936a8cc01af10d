import LogAnalysis
import LogCore
import LogEngine
import LogLua
import Testing

/// What the times of a whole source lack is found before its events are read, and doesn't depend on how they are.
@Suite struct TimeInferenceTests {
    private func seconds(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 12) -> Int64 {
        Int64(Timestamp.days(year: year, month: month, day: day)) * 86_400 + Int64(hour) * 3_600
    }

    private func zone(_ name: String) throws -> LocalZone {
        let rules = ZoneDatabase.rules(of: Array(name.utf8).span)
        return LocalZone(name: name, rules: try #require(rules))
    }

    private func times(
        _ stamps: [String], name: String = "app.log", modified: Int64, _ settings: TimeSettings = TimeSettings(),
        line: (String) -> String = { "\($0) INFO main: text" }
    ) async throws -> [String] {
        let folder = try TestFolder()
        var input = try folder.write(stamps.map(line).joined(separator: "\n") + "\n", name, modified: modified)
        input.times = settings
        return try await Project.events([input]).map { $0.timestamp?.replacing(".000Z", with: "Z") ?? "none" }
    }

    // MARK: Dates

    @Test func `a time of day has the date of the file's name, and the next one past midnight`() async throws {
        let found = try await times(
            ["22:00:00", "23:59:59", "00:00:01", "09:00:00"], name: "app-2026-11-20.log", modified: seconds(2027, 3, 1))
        #expect(
            found == ["2026-11-20T22:00:00Z", "2026-11-20T23:59:59Z", "2026-11-21T00:00:01Z", "2026-11-21T09:00:00Z"])
    }

    @Test func `without one the last line is no later than the file`() async throws {
        #expect(
            try await times(["23:00:00", "11:00:00"], modified: seconds(2026, 11, 20)) == [
                "2026-11-19T23:00:00Z", "2026-11-20T11:00:00Z",
            ])
        #expect(
            try await times(["22:00:00", "23:00:00"], modified: seconds(2026, 11, 20)) == [
                "2026-11-19T22:00:00Z", "2026-11-19T23:00:00Z",
            ])
    }

    @Test(arguments: [
        ("app-2026-11-20.log", "2026-11-20"), ("20261120.log", "2026-11-20"), ("app.20261120-040016.log", "2026-11-20"),
        ("app_2026_11_20_1.log", "2026-11-20"), ("app.log.2026.11.20", "2026-11-20"),
        ("app-20261120040016.log", "2026-11-20"),
        ("app-2026-13-20.log", "2025-05-01"), ("app-120261120.log", "2025-05-01"), ("app-2026112.log", "2025-05-01"),
    ])
    func `a name's date is told from other numbers`(name: String, day: String) async throws {
        let found = try await times(["04:00:16", "04:00:17"], name: name, modified: seconds(2025, 5, 1))
        #expect(found == ["\(day)T04:00:16Z", "\(day)T04:00:17Z"])
    }

    // MARK: Years

    @Test func `a log from October to July is of two years`() async throws {
        let found = try await times(["Oct 30 10:00:00", "Jul 26 10:00:00"], modified: seconds(2026, 11, 20)) {
            "\($0) host cron[1]: text"
        }
        #expect(found == ["2025-10-30T10:00:00Z", "2026-07-26T10:00:00Z"])
    }

    @Test func `the name's date goes before the file's own, and the user's year before both`() async throws {
        let stamps = ["Dec 31 10:00:00", "Jan  1 10:00:00"]
        let line: (String) -> String = { "\($0) host cron[1]: text" }
        #expect(
            try await times(stamps, name: "syslog-20210101", modified: seconds(2026, 11, 20), line: line)
                == ["2020-12-31T10:00:00Z", "2021-01-01T10:00:00Z"])
        #expect(
            try await times(stamps, name: "syslog-20201231", modified: seconds(2026, 11, 20), line: line)
                == ["2020-12-31T10:00:00Z", "2021-01-01T10:00:00Z"])
        #expect(
            try await times(
                stamps, name: "syslog-20210101", modified: seconds(2026, 11, 20), TimeSettings(year: 2015), line: line)
                == ["2015-12-31T10:00:00Z", "2016-01-01T10:00:00Z"])
    }

    // MARK: Order

    @Test func `one date with a number over twelve tells how all are read`() async throws {
        let found = try await times(
            ["03/04/2026 10:00:00", "05/04/2026 10:00:00", "14/04/2026 10:00:00"], modified: seconds(2026, 11, 20))
        #expect(found == ["2026-04-03T10:00:00Z", "2026-04-05T10:00:00Z", "2026-04-14T10:00:00Z"])
        let given = try await times(
            ["03/04/2026 10:00:00", "05/04/2026 10:00:00"], modified: seconds(2026, 11, 20),
            TimeSettings(order: .dayFirst))
        #expect(given == ["2026-04-03T10:00:00Z", "2026-04-05T10:00:00Z"])
    }

    // MARK: Zones

    /// A log that begins within the hour has no batch before it, of which a worker's clock could know the zone.
    @Test(arguments: [0, 170])
    func `the folded hour goes on, whatever the size of batches`(minutes: Int64) async throws {
        let folder = try TestFolder()
        var text = ""
        var time = seconds(2026, 10, 24, 22) + minutes * 60
        let last = seconds(2026, 10, 25, 4)
        let filler = String(repeating: "x", count: 200)
        let zone = try zone("Europe/Berlin")
        var expected: [Int64] = []
        while time < last {
            let parts = Timestamp.parts((time + Int64(zone.offset(atUTC: Int(time)))) * Timestamp.second)
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            let date = "\(parts.year)-\(two(parts.month))-\(two(parts.day))"
            text +=
                "\(date) \(two(parts.hour)):\(two(parts.minute)):\(two(parts.second)),000 INFO [main] app.Main - \(filler)\n"
            expected.append(time)
            time += 7
        }
        var input = try folder.write(text, "app.log", modified: last)
        input.times = TimeSettings(zone: zone)
        let whole = await Project.analyze([input], batch: 64 << 20)
        #expect(whole.tally.first == expected.first.map { $0 * Timestamp.second })
        #expect(whole.tally.last == expected.last.map { $0 * Timestamp.second })
        #expect(whole.ledger.times.backward == 0)
        for batch in [1_000, 4_096, 50_000] {
            let cut = await Project.analyze([input], jobs: 2, batch: batch)
            #expect(differences(cut, whole) == [])
        }
    }

    // MARK: Notes

    @Test func `steps back are counted once, wherever the batches end`() async throws {
        let folder = try TestFolder()
        var text = ""
        var random = SeededNumbers(seed: 3)
        var time = seconds(2026, 11, 1)
        for _ in 0..<3_000 {
            time += Int64(random.below(20)) - 5
            if random.below(500) == 0 { time -= 9_000 }
            let parts = Timestamp.parts(time * Timestamp.second)
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            text +=
                "2026-\(two(parts.month))-\(two(parts.day))T\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second)).000Z [main] INFO app.Main - text\n"
        }
        let input = try folder.write(text, "app.log", modified: time)
        let whole = await Project.analyze([input], batch: 64 << 20)
        #expect(whole.ledger.times.jumps > 0)
        #expect(whole.ledger.times.backward > 100)
        for batch in [500, 3_000, 17_000] {
            let cut = await Project.analyze([input], jobs: 3, batch: batch)
            #expect(cut.ledger.times == whole.ledger.times)
        }
        let kinds = Report(whole).timeNotes.map(\.kind.rawValue)
        #expect(kinds.contains("backward") && !kinds.contains("zone"))
    }

    @Test func `a source whose clock is behind is said, by the ids that it shares with another`() async throws {
        let folder = try TestFolder()
        var gateway = ""
        var app = ""
        for number in 0..<30 {
            let id = "9f2c1e7a-0b2d-4f61-77d0-08da128800\(10 + number)"
            let second = 10 + number
            gateway +=
                #"{"ts":"2026-11-20T04:00:\#(second).500Z","level":"info","msg":"GET /","request_id":"\#(id)"}"# + "\n"
            // One names the id by a label, one doesn't.
            let text = number % 2 == 0 ? "stored, requestId=\(id)" : "stored \(id) in 3 ms"
            app += "2026-11-20T03:59:\(second).700Z INFO shop.cart: \(text)\n"
        }
        let inputs = [try folder.write(gateway, "gateway.log"), try folder.write(app, "app.log")]
        let summary = await Project.analyze(inputs)
        let notes = Report(summary).timeNotes.filter { $0.kind == .skew }
        #expect(notes.map(\.text) == ["app.log 1 min behind gateway.log, by 30 shared ids"])
        let parts = await Project.analyze([inputs[0]])
        var merged = await Project.analyze([inputs[1]])
        merged.merge(parts)
        #expect(merged.identities == summary.identities)
    }

    @Test func `what was taken for granted is said`() async throws {
        let folder = try TestFolder()
        let syslog = try folder.write(
            "Nov 19 10:00:00 host cron[1]: text\nNov 20 10:00:00 host cron[1]: text\n", "syslog",
            modified: seconds(2026, 11, 20))
        let future = try folder.write(
            "2031-01-01T00:00:00Z INFO main: text\n1971-01-01T00:00:00Z INFO main: text\n", "odd.log",
            modified: seconds(2026, 11, 20))
        let notes = Report(await Project.analyze([syslog, future])).timeNotes
        #expect(notes.map(\.kind.rawValue) == ["year", "zone", "backward", "future", "early"])
        #expect(notes.first?.text == "year 2026 by file date")
        #expect(notes.dropFirst().first?.text == "UTC for 2 events without a zone")
    }
}
