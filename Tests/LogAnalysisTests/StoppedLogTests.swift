import LogCore
import Testing

@testable import LogAnalysis

/// Logs that end before others do, and those that another zone's clock seems to end.
@Suite struct StoppedLogTests {
    private static let hour = 3_600.0

    /// Logs by their path with the seconds of their first and last event, one every twenty seconds.
    private func summary(_ logs: KeyValuePairs<String, (Double, Double)>, failing: (String, Double)? = nil) -> Summary {
        var summary = Summary()
        for (path, (first, last)) in logs {
            var source = SourceSummary(path: path)
            (source.first, source.last) = (MadeUp.time(first), MadeUp.time(last))
            source.ledger.events = Int64((last - first) / 20)
            source.ledger.lines = source.ledger.events
            source.ledger.times.zoneless = source.ledger.events
            summary.sources[path] = source
            summary.tally.merge(MadeUp.tally(source.ledger.events, first, last))
        }
        if let (path, time) = failing {
            summary.templates["f"] = MadeUp.template(
                "no route", MadeUp.sample(path, 9, time, "no route"), counts: [.error: 9],
                unexplained: MadeUp.tally(9, time, time + 60))
        }
        return summary
    }

    private func told(_ summary: Summary) -> [Change] {
        StoppedLogs.find(summary, TextTimes(summary.tally, unicode: false))
    }

    @Test func `a machine takes all of its logs along, and they are told together`() throws {
        let summary = summary([
            "n/node1/app.log": (0, 21_600), "n/node1/syslog": (3, 21_590), "n/node2/app.log": (1, 14_400),
            "n/node2/syslog": (9, 14_390), "n/node3/app.log": (2, 21_600), "n/node3/syslog": (5, 21_595),
        ])
        let changes = told(summary)
        #expect(changes.map(\.name) == ["node2 (syslog, app.log)"])
        let statement = try #require(changes.first?.statement)
        #expect(statement.text.hasPrefix("2 logs end at 08:00:00, nothing in the 2 h since"), "\(statement.text)")
        #expect(statement.citations.map(\.source) == ["n/node2/syslog", "n/node2/app.log"])
        #expect(statement.citations.map(\.line) == [719, 719])
    }

    @Test func `names that differ in a number are no rotated set of one log`() {
        let changes = told(
            summary([
                "node1-app.log": (0, 21_600), "node2-app.log": (1, 14_400), "node3-app.log": (9, 21_600),
            ]))
        #expect(changes.map(\.name) == ["node2-app.log"])
        // The next file of a set begins where the last one ends.
        let rotated = told(summary(["app-1.log": (0, 14_400), "app-2.log": (14_400, 21_600), "db.log": (0, 21_600)]))
        #expect(rotated.isEmpty, "\(rotated.map(\.statement.text))")
    }

    @Test(arguments: [true, false])
    func `most logs may be those of the machine that ended, if others miss it`(isMissed: Bool) {
        let summary = summary(
            [
                "app.log": (0, 14_400), "db.log": (1, 14_392), "kern.log": (2, 14_395), "gateway.log": (3, 21_600),
            ], failing: isMissed ? ("gateway.log", 14_420) : nil)
        #expect(told(summary).map(\.name) == (isMissed ? ["db.log, kern.log, app.log"] : []))
    }

    @Test func `what ends an hour before another and begins an hour before it has another zone`() {
        let hour = Self.hour
        let summary = summary(["iis.log": (0, 3 * hour), "app.log": (hour + 8, 4 * hour - 5)])
        #expect(told(summary).isEmpty)
        let notes = TimeNote.all(Array(summary.sources.values)).filter { $0.kind == .skew }
        #expect(notes.map(\.text) == ["iis.log begins and ends 1 h before app.log: another zone?"])
        #expect(notes.allSatisfy { $0.isGuess && $0.inputs == ["iis.log", "app.log"] })
    }

    @Test(arguments: [
        // Hourly files, what was started later, what ended early, one time zone, a difference of no zone.
        (0.0, 1.0, 1.0, 2.0), (0, 4, 1, 4), (0, 3, 0, 4), (0, 4, 0, 4), (0, 3, 1.2, 4.2), (0, 1.5, 1, 2.5),
    ])
    func `what begins or ends for reasons of its own has its zone`(a: Double, b: Double, c: Double, d: Double) {
        let hour = Self.hour
        let summary = summary(["a.log": (a * hour, b * hour), "b.log": (c * hour, d * hour)])
        #expect(!TimeNote.all(Array(summary.sources.values)).contains { $0.kind == .skew })
    }

    @Test func `times that write their zone are what they say`() {
        var summary = summary(["a.log": (0, 3 * Self.hour), "b.log": (Self.hour, 4 * Self.hour)])
        for path in ["a.log", "b.log"] { summary.sources[path]?.ledger.times.zoneless = 0 }
        #expect(!TimeNote.all(Array(summary.sources.values)).contains { $0.kind == .skew })
    }
}
