import LogCore
import Testing

@testable import LogAnalysis

/// Machines that fail alike: when that is one incident, and when it is many failures at random.
@Suite struct SpreadTests {
    private struct Event {
        var host: Int
        var second: Double
    }

    /// A day of a cluster in which one kind of failure comes when and where it is told.
    private func summary(_ kinds: [[Event]], length: Double = 86_400, name: String = "host") -> Summary {
        var summary = Summary()
        for (number, events) in kinds.enumerated() {
            var template: TemplateSummary?
            for (index, event) in events.sorted(by: { $0.second < $1.second }).enumerated() {
                let sample = MadeUp.sample(
                    "cluster.log", Int64(number * 10_000 + index + 1), event.second, "FATAL failure \(number)")
                var one =
                    template ?? MadeUp.template("failure \(number)", sample, counts: [.error: Int64(events.count)])
                one.fail { failures in
                    failures.tally.add(time: MadeUp.time(event.second))
                    failures.series.add(MadeUp.time(event.second), sample)
                    failures.joins.merge(JoinSample([name: "node-\(event.host)"], sample))
                }
                template = one
            }
            summary.templates["\(number)"] = template
        }
        summary.tally = MadeUp.tally(100_000, 0, length)
        for hour in 0..<Int(length / 3_600) {
            summary.timeline.add(time: MadeUp.time(Double(hour) * 3_600), byRank: MadeUp.byRank([.info: 1]))
        }
        return summary
    }

    private func incidents(_ summary: Summary) -> [Incident] {
        var list = FindingList(summary)
        return IncidentFinder.find(summary, &list, [])
    }

    @Test(arguments: [4, 40, 64, 400])
    func `many machines that fail alike within a minute are one incident`(hosts: Int) throws {
        let events = (0..<hosts).map { Event(host: $0, second: 40_000 + Double($0 % 60)) }
        let told = incidents(summary([events]))
        #expect(told.count == 1)
        let incident = try #require(told.first)
        #expect(incident.hosts == .init(count: min(hosts, 64), isPart: hosts >= 64))
        #expect(incident.failures == Int64(hosts))
        let said = try #require(incident.statements.first)
        #expect(said.text.contains(hosts < 64 ? " on \(hosts) hosts" : " on at least 64 hosts"), "\(said.text)")
        #expect(!said.citations.isEmpty)
        #expect(said.citations.allSatisfy { $0.line > 0 && !$0.source.isEmpty && $0.count > 0 })
    }

    @Test func `what fails then in other words on other machines belongs to it`() throws {
        let first = (0..<20).map { Event(host: $0, second: 40_000 + Double($0)) }
        let second = (0..<20).map { Event(host: 100 + $0, second: 40_030 + Double($0)) }
        let told = incidents(summary([first, second]))
        #expect(told.count == 1)
        #expect(told.first?.hosts?.count == 40)
        #expect(told.first?.findings.count == 2)
        #expect(told.first?.statements.contains { $0.text.contains("on many hosts at once, as (1)") } == true)
    }

    @Test(arguments: [true, false])
    func `the one of several machines that fails alone is named`(isAlone: Bool) throws {
        let first = (0..<30).map { Event(host: 3, second: 40_000 + Double($0)) }
        let second = (0..<30).map { Event(host: isAlone ? 3 : $0 % 2 + 3, second: 40_000.5 + Double($0)) }
        var summary = summary([first, second])
        for host in 1...5 { summary.hosts["node-\(host)"] = HostSummary() }
        let told = try #require(incidents(summary).first)
        #expect(told.findings.count == 2)
        #expect(told.hosts?.text == (isAlone ? "node-3" : nil))
        // Where all is of one machine, that goes without saying.
        summary.hosts = ["node-3": HostSummary()]
        #expect(incidents(summary).first?.hosts == nil)
    }

    @Test func `pods are called pods`() throws {
        let events = (0..<20).map { Event(host: $0, second: 40_000 + Double($0)) }
        let incident = try #require(incidents(summary([events], name: "pod")).first)
        #expect(incident.hosts?.text == "20 pods")
        #expect(incident.statements.first?.text.contains(" on 20 pods for the first time") == true)
    }

    @Test func `hours apart they are two`() {
        let first = (0..<20).map { Event(host: $0, second: 20_000 + Double($0)) }
        let second = (0..<20).map { Event(host: 100 + $0, second: 60_000 + Double($0)) }
        #expect(incidents(summary([first, second])).count == 2)
    }

    @Test func `one machine that fails often is none`() {
        #expect(incidents(summary([(0..<60).map { Event(host: 1, second: 40_000 + Double($0)) }])).isEmpty)
    }

    @Test(arguments: [3, 10, 100])
    func `machines that fail at random are none`(hosts: Int) {
        let told = (0..<100).reduce(0) { sum, seed in
            var random = SeededGenerator(state: UInt64(seed + 1))
            let kinds = (0..<20).map { _ in
                (0..<Int.random(in: 1...60, using: &random)).map { _ in
                    Event(
                        host: Int.random(in: 0..<hosts, using: &random),
                        second: Double.random(in: 0..<86_400, using: &random))
                }
            }
            return sum + incidents(summary(kinds)).count { $0.hosts != nil }
        }
        #expect(told <= 5, "\(told) told of 100 logs")
    }

    @Test func `every machine failing all the time is none, though each has a first time`() {
        let events = (0..<20).flatMap { host in
            stride(from: Double(host), to: 86_400, by: 300).map { Event(host: host, second: $0) }
        }
        #expect(incidents(summary([events])).isEmpty)
    }

    @Test func `it never depends on how the logs were cut`() {
        let events = (0..<30).map { Event(host: $0, second: 40_000 + Double($0)) }
        var halves = summary([Array(events[..<15])])
        var other = summary([Array(events[15...])])
        other.timeline = Timeline()
        halves.merge(other)
        let told = incidents(halves)
        #expect(told.map(\.hosts) == incidents(summary([events])).map(\.hosts))
    }
}
