import Foundation
import LogCore
import Testing

@testable import LogAnalysis

/// Machines that no line names, but the folders of their logs.
struct FolderHostTests {
    private func joins(_ entries: [JoinSample.Entry]) throws -> JoinSample {
        try JSONDecoder().decode(JoinSample.self, from: JSONEncoder().encode(["entries": entries]))
    }

    private func entry(_ kind: JoinKind, _ value: String, _ count: Int64, at second: Double = 1) -> JoinSample.Entry {
        .init(kind: kind, value: value, count: count, source: value, line: 7, time: MadeUp.time(second))
    }

    /// A summary of logs with so many events each.
    private func summary(_ logs: [String: Int64]) -> Summary {
        var summary = Summary()
        for (path, events) in logs {
            MadeUp.add(path, ["generic"], 1_000, joined: 0, to: &summary)
            summary.sources[path]?.ledger.events = events
        }
        return summary
    }

    private func machines(_ paths: [String]) throws -> [String] {
        let joins = try joins(paths.map { entry(.file, $0, 10) })
        return FolderHosts(summary(Dictionary(uniqueKeysWithValues: paths.map { ($0, 100) }))).machines(joins)
            .map(\.value)
    }

    @Test(
        arguments: [
            (["logs/proxy-1/error.log", "logs/proxy-2/error.log"], ["proxy-1", "proxy-2"]),
            (["db01/log/pg.log.1.gz", "db02/log/pg.log"], ["db01", "db02"]),
            (["a/node-a/x.log", "a/node-b/x.log"], ["node-a", "node-b"]),
            (["192.0.2.7/syslog", "192.0.2.8/syslog"], ["192.0.2.7", "192.0.2.8"]),
            (["web-1.example.com/a.log", "web-2.example.com/a.log"], ["web-1.example.com", "web-2.example.com"]),
            (["proxy-1.tgz!var/error.log", "proxy-2.tar.gz!var/error.log"], ["proxy-1", "proxy-2"]),
            (["a.zip!proxy-1/error.log", "a.zip!proxy-2/error.log"], ["proxy-1", "proxy-2"]),
            // Each by its own name and that of what it is part of.
            (
                ["rack-1/n1-db/a.log", "rack-1/n2-db/a.log", "rack-2/n1-db/a.log", "rack-2/n2-db/a.log"],
                ["rack-1/n1-db", "rack-1/n2-db", "rack-2/n1-db", "rack-2/n2-db"]
            ),
            // Services, times, versions and what was done several times are no machines, nor is one alone.
            (["logs/orders/app.log", "logs/billing/app.log"], []),
            (["2026-11-20/app.log", "2026-11-21/app.log"], []),
            (["day-1/app.log", "day-2/app.log"], []),
            (["run1/app.log", "run2/app.log"], []),
            (["logs-1.zip!app.log", "logs-2.zip!app.log"], []),
            (["python3.11/app.log", "python3.12/app.log"], []),
            (["myapp-1.2.3/app.log", "myapp-2.0.0/app.log"], []),
            (["1.0.0.1/app.log", "1.0.0.2/app.log"], []),
            (["app-2026-11-26/app.log", "app-2026-11-27/app.log"], []),
            (["app_20261126/app.log", "app_20261127/app.log"], []),
            (["node18/app.log", "node20/app.log"], []),
            (["node-18/app.log", "node-20/app.log", "node-22/app.log"], []),
            (["node18/app.log", "node19/app.log"], ["node18", "node19"]),
            (["node2/app.log", "node4/app.log"], ["node2", "node4"]),
            (["november-26/app.log", "november-27/app.log"], []),
            (["ci-101/app.log", "ci-102/app.log"], []),
            (["logs/proxy-1/error.log", "logs/app.log"], []),
            (["logs/proxy-1/error.log", "logs/proxy-2/access.log"], []),
            (["logs/proxy-1/error.log", "old/proxy-2/error.log"], []),
        ] as [([String], [String])])
    func `folders that are called alike and hold the same logs are machines`(paths: [String], names: [String]) throws {
        #expect(try machines(paths) == names, "\(paths)")
    }

    private let proxies =
        [
            "logs/proxy-1/error.log": 100, "logs/proxy-2/error.log": 400, "logs/proxy-1/access.log": 9_000,
            "logs/proxy-2/access.log": 9_000,
        ] as [String: Int64]

    /// A summary with one failure, so often in each log.
    private func failing(_ logs: [String: Int64], _ counts: [String: Int64], _ others: [JoinSample.Entry] = []) throws
        -> Summary
    {
        var summary = summary(logs)
        let total = counts.values.reduce(0, +)
        let sample = MadeUp.sample(counts.keys.sorted()[0], 1, 0, "no answer")
        var template = MadeUp.template(
            "no answer", sample, counts: [.error: total], unexplained: MadeUp.tally(total, 0, 600))
        let joins = try joins(counts.map { entry(.file, $0, $1) } + others)
        template.fail { $0.joins = joins }
        summary.templates["a"] = template
        summary.tally = MadeUp.tally(20_000, -10_000, 10_000)
        return summary
    }

    private func mainly(_ summary: Summary) -> String? { Report(summary).findings.first?.majority?.text }

    @Test func `most events of one machine's folder are told, and all of them`() throws {
        let most = ["logs/proxy-1/error.log": 8, "logs/proxy-2/error.log": 292] as [String: Int64]
        #expect(try mainly(failing(proxies, most)) == "proxy-2 in 292 of 300")
        #expect(try mainly(failing(proxies, ["logs/proxy-2/error.log": 300])) == "proxy-2 in all")
        let even = ["logs/proxy-1/error.log": 130, "logs/proxy-2/error.log": 170] as [String: Int64]
        #expect(try mainly(failing(proxies, even)) == nil)
        // Twelve of fourteen may be chance.
        let few = ["logs/proxy-1/error.log": 2, "logs/proxy-2/error.log": 12] as [String: Int64]
        #expect(try mainly(failing(proxies, few)) == nil)
        // A machine with most of the work has most of the failures.
        var busy = proxies
        busy["logs/proxy-2/access.log"] = 900_000
        #expect(try mainly(failing(busy, most)) == nil)
        // Where no other has such a log, it is no news that none has the failure.
        let alone = ["logs/proxy-2/error.log": 400, "logs/proxy-1/access.log": 100] as [String: Int64]
        #expect(try mainly(failing(alone, ["logs/proxy-2/error.log": 300])) == nil)
    }

    @Test func `who it is comes first, and the machine behind it`() throws {
        let only = ["logs/proxy-2/error.log": 300] as [String: Int64]
        let names = [entry(.address, "203.0.113.77", 280), entry(.address, "192.0.2.4", 20)]
        let summary = try failing(proxies, only, names)
        #expect(mainly(summary) == "203.0.113.77 in 280 of 300, proxy-2 in all")
        let places = Report(summary).findings.first?.places
        #expect(places?.hosts == [FindingPlaces.Name(name: "proxy-2", count: 300)])
    }

    @Test func `the machine that fails more than its peers is told by its folder`() throws {
        let names = ["a", "b", "c", "d"].map { "logs/proxy-\($0)/error.log" }
        let logs = Dictionary(uniqueKeysWithValues: names.map { ($0, Int64(2_000)) })
        let counts = Dictionary(uniqueKeysWithValues: names.map { ($0, $0 == names[2] ? Int64(400) : 10) })
        var summary = try failing(logs, counts)
        let told = OutlierFinder.find(summary).map(\.statement)
        #expect(told.map(\.text) == ["proxy-c fails most: 400 of its 2,000 events, of the 3 others 30 of 6,000"])
        #expect(told.first?.citations.first?.source == names[2])
        // One of four with all failures of the log.
        let alone = try OutlierFinder.find(failing(logs, [names[1]: 40])).first?.statement.text
        #expect(alone?.hasPrefix("proxy-b alone fails") == true)
        #expect(try OutlierFinder.find(failing(logs, counts.mapValues { _ in 100 })).isEmpty)
        summary.hosts["gw"] = HostSummary()
        #expect(OutlierFinder.find(summary).isEmpty)
    }

    @Test func `a field's host comes before the folder`() throws {
        let most = ["logs/proxy-1/error.log": 8, "logs/proxy-2/error.log": 292] as [String: Int64]
        var summary = try failing(proxies, most, [entry(.host, "edge-4", 292), entry(.host, "edge-3", 8)])
        for name in ["edge-3", "edge-4"] {
            summary.hosts[name] = HostSummary()
            summary.hosts[name]?.total = 9_000
        }
        #expect(mainly(summary) == "edge-4 in 292 of 300")
        #expect(Report(summary).findings.first?.places.hosts.map(\.name) == ["edge-4", "edge-3"])
        // The name of a web site is a host as well, and says nothing of the machine.
        let site = try failing(proxies, most, [entry(.host, "shop", 300)])
        #expect(mainly(site) == "proxy-2 in 292 of 300")
    }

    @Test func `folders that fail one after the other within seconds are one incident of many machines`() throws {
        let logs = (1...6).map { "logs/proxy-\($0)/error.log" }
        var summary = try failing(
            Dictionary(uniqueKeysWithValues: logs.map { ($0, 100) }),
            Dictionary(uniqueKeysWithValues: logs.map { ($0, 1) }))
        let entries = logs.enumerated().map { entry(.file, $1, 1, at: Double($0) * 2) }
        let joins = try joins(entries)
        var series = CountSeries()
        for number in 0..<6 { series.add(MadeUp.time(Double(number) * 2)) }
        summary.templates["a"]?.fail { failures in
            failures.joins = joins
            failures.series = series
            failures.tally = MadeUp.tally(6, 0, 10)
        }
        #expect(Report(summary).incidents.first?.hosts?.text == "6 hosts")
    }
}
