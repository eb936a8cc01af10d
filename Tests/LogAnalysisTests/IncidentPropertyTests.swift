import Foundation
import LogCore
import Testing

@testable import LogAnalysis

/// What is told as a story, and what isn't: over many made-up logs.
@Suite struct IncidentPropertyTests {
    /// Failures that have nothing to do with one another: each of some shapes comes now and then.
    private func randomErrors(shapes: Int, length: Int, seed: UInt64, components: Int = 0) -> SimulatedLog {
        var random = SeededGenerator(state: seed)
        var log = SimulatedLog(seed: seed, length: length)
        // The log itself lasts all the time.
        log.add([MadeUp.time(0), MadeUp.time(Double(length))], .info)
        for _ in 0..<shapes {
            let count = Int.random(in: 1...12, using: &random)
            let times = (0..<count).map { _ in MadeUp.time(.random(in: 0..<Double(length), using: &random)) }
            let component = components > 0 ? "part-\(Int.random(in: 0..<components, using: &random))" : ""
            log.add(times, .error, component: component)
        }
        return log
    }

    private func incidents(_ log: SimulatedLog) -> [Incident] {
        var list = FindingList(log.summary)
        return IncidentFinder.find(log.summary, &list, [])
    }

    struct Size: CustomStringConvertible {
        var shapes: Int
        var length: Int
        var description: String { "\(shapes) shapes in \(length) s" }
    }

    /// Now and then all day long, and all the time from some moment on, for some time or to the end.
    @Test(arguments: [600.0, 6_000, 24_000])
    func `what came now and then begins when it comes all the time`(lasting: Double) {
        var near = 0
        for seed in 1...40 as ClosedRange<UInt64> {
            var random = SeededGenerator(state: seed)
            let begin = Double.random(in: 12_000...18_000, using: &random)
            var times: [Int64] = []
            for (from, to, gap) in [(0.0, 43_200.0, 600.0), (begin, begin + lasting, 4.0)] {
                var time = from
                while true {
                    time += -log(1 - Double.random(in: 0..<1, using: &random)) * gap
                    if time >= to { break }
                    times.append(MadeUp.time(time))
                }
            }
            var made = SimulatedLog(seed: seed, length: 43_200)
            made.add(times, .error)
            let list = FindingList(made.summary)
            let episodes = Episode.all(list.findings[0], 0, Rhythm(made.summary.tally, made.summary.timeline))
            let starts = episodes.filter { !$0.isSteady }.map(\.start)
            if starts.count == 1, abs(starts[0] - MadeUp.time(begin)) <= 60 * Timestamp.second { near += 1 }
        }
        #expect(near >= 36, "\(near) of 40")
    }

    @Test(arguments: [
        Size(shapes: 3, length: 3_600), Size(shapes: 30, length: 3_600), Size(shapes: 30, length: 36_000),
        Size(shapes: 30, length: 30 * 86_400), Size(shapes: 300, length: 86_400),
    ])
    func `errors at random are no story`(size: Size) {
        let runs = size.shapes > 100 ? 20 : 100
        let told = (0..<runs).reduce(0) { sum, seed in
            sum + incidents(randomErrors(shapes: size.shapes, length: size.length, seed: UInt64(seed + 1))).count
        }
        #expect(told <= runs / 20, "\(told) told of \(runs) logs")
    }

    @Test(arguments: [1, 4, 40])
    func `nor are they in components`(count: Int) {
        let told = (0..<100).reduce(0) { sum, seed in
            sum + incidents(randomErrors(shapes: 30, length: 36_000, seed: UInt64(seed + 1), components: count)).count
        }
        #expect(told <= 5, "\(told) told of 100 logs")
    }

    @Test func `thousands of errors at random are no story either`() {
        #expect(incidents(randomErrors(shapes: 1_900, length: 14 * 86_400, seed: 5)).count <= 1)
    }

    @Test(arguments: [0, 10, 60])
    func `a cascade among errors at random is one story`(shapes: Int) {
        let runs = 20
        let found = (0..<runs).count { seed in
            var random = SeededGenerator(state: UInt64(seed) &+ 77)
            var log = randomErrors(shapes: shapes, length: 86_400, seed: UInt64(seed + 1))
            let start = Double.random(in: 3_600..<80_000, using: &random)
            for step in 0..<5 { log.add([MadeUp.time(start + Double(step))], .error) }
            let cascade = Set((shapes + 2...shapes + 6).map { "template \($0)" })
            var list = FindingList(log.summary)
            return IncidentFinder.find(log.summary, &list, []).contains { incident in
                let titles = Set(incident.findings.map { rank in list.findings[rank - 1].title })
                return titles.isSuperset(of: cascade) && titles.count <= cascade.count + 1
            }
        }
        #expect(found >= runs * 9 / 10, "\(found) of \(runs)")
    }

    // MARK: Logs that share nothing

    /// A database, a pool, a service and a gateway that fail one after the other, each in a log of its own, at the given
    /// time; and what has nothing to do with it: a steady error, a job of the hour that fails, two that come once.
    private func services(at start: Double, steps: [Double], noise: Bool) -> SimulatedLog {
        var log = SimulatedLog(seed: 9, length: 14_400)
        log.add([MadeUp.time(0), MadeUp.time(14_400)], .info)
        let names = ["db", "orders", "checkout", "gateway"]
        for (place, (name, step)) in zip(names, steps).enumerated() {
            let count = 20 + 20 * place
            log.add((0..<count).map { MadeUp.time(start + step + Double($0)) }, .error, component: name, file: name)
        }
        guard noise else { return log }
        log.add((0..<160).map { MadeUp.time(Double($0) * 90 + 11) }, .error, component: "tls", file: "gateway")
        log.add((0..<4).map { MadeUp.time(Double($0) * 3_600 + 600) }, .error, component: "backup", file: "orders")
        log.add([MadeUp.time(2_000)], .error, component: "mailer", file: "checkout")
        log.add([MadeUp.time(12_000)], .error, component: "pages", file: "checkout")
        return log
    }

    @Test(arguments: [[0, 2, 4, 5], [0, 9, 17, 30]] as [[Double]], [false, true])
    func `a cascade through logs without a common id is one story, the first its root`(steps: [Double], noise: Bool) {
        let log = services(at: 7_300, steps: steps, noise: noise)
        var list = FindingList(log.summary)
        let told = IncidentFinder.find(log.summary, &list, [])
        #expect(told.count == 1, "\(told.map(\.title))")
        #expect(told.first?.components.map(\.name) == ["db", "orders", "checkout", "gateway"])
        #expect(told.first?.suspects.first?.component == "db")
        #expect(
            told.first?.suspects.first?.reasons.first?.text.hasPrefix("it began first, \(Int(steps[1])) s before")
                == true)
        #expect(told.first?.findings.first == told.first?.findings.min(), "the others failed more often")
    }

    @Test func `logs that fail hours apart are no story`() {
        let log = services(at: 100, steps: [0, 3_600, 7_200, 10_800], noise: true)
        #expect(incidents(log) == [])
    }

    @Test func `errors at random in many logs are no story`() {
        let told = (0..<100).reduce(0) { sum, seed in
            var random = SeededGenerator(state: UInt64(seed) &+ 5)
            var log = SimulatedLog(seed: UInt64(seed), length: 36_000)
            log.add([MadeUp.time(0), MadeUp.time(36_000)], .info)
            for number in 0..<20 {
                let count = Int.random(in: 1...12, using: &random)
                let times = (0..<count).map { _ in MadeUp.time(.random(in: 0..<36_000, using: &random)) }
                log.add(times, .error, component: "part-\(number)", file: "\(number % 7).log")
            }
            return sum + incidents(log).count
        }
        #expect(told <= 5, "\(told) told of 100 logs")
    }

    // MARK: Bursts

    /// Twelve hours with work, a failure that comes all day, a few that come once, and bursts of so many seconds' start.
    private func bursts(_ starts: [Double], seed: UInt64) -> [Incident] {
        var random = SeededGenerator(state: seed &* 71)
        var log = SimulatedLog(seed: seed, length: 43_200)
        log.add { _ in 0.2 }
        log.add(severity: .error) { _ in 0.002 }
        for number in 0..<10 {
            let time = MadeUp.time(.random(in: 0..<43_200, using: &random))
            log.add([time], .error, component: "once-\(number)", file: "\(number % 4).log")
        }
        for (number, start) in starts.enumerated() {
            let times = (0..<120).map { MadeUp.time(start + Double($0) * 8 + .random(in: 0..<8, using: &random)) }
            log.add(times, .error, component: "part-\(number)", file: "part-\(number).log")
        }
        return Report(log.summary).incidents
    }

    @Test func `a burst of what never came is an incident by itself`() {
        let told = (1...30 as ClosedRange<UInt64>).map { bursts([Double(20_000 + $0 * 300)], seed: $0) }
        let right = told.enumerated().count { index, incidents in
            let start = MadeUp.time(Double(20_000 + (index + 1) * 300))
            return incidents.count == 1 && abs(incidents[0].start - start) < 60 * Timestamp.second
        }
        #expect(right >= 28, "\(right) of 30")
        let none = (1...30 as ClosedRange<UInt64>).reduce(0) { $0 + bursts([], seed: $1).count }
        #expect(none <= 1, "\(none)")
    }

    @Test(arguments: [30.0, 240, 7_200])
    func `two such bursts within minutes are one, hours apart they are two`(gap: Double) {
        let told = (1...30 as ClosedRange<UInt64>).map { seed -> Int in
            let start = 15_000 + Double(seed) * 300
            return bursts([start, start + gap], seed: seed).count
        }
        let wanted = gap < 600 ? 1 : 2
        #expect(told.count { $0 == wanted } >= 27, "\(told)")
    }

    /// Twelve hours with work, failures that come all day, and one that comes from a second on all the time.
    private func lasting(from start: Double?, strays: Double = 0, seed: UInt64) -> [Incident] {
        var log = SimulatedLog(seed: seed, length: 43_200)
        log.add { _ in 0.2 }
        for rate in [0.002, 0.01, 0.03] { log.add(severity: .error) { _ in rate } }
        if let start { log.add(severity: .error) { $0 >= start ? 0.03 : strays } }
        return Report(log.summary).incidents
    }

    @Test(arguments: [(5_700, 0), (9_600, 0), (9_600, 0.001), (24_000, 0)] as [(Double, Double)])
    func `what begins in the first quarter and lasts is an incident`(start: Double, strays: Double) {
        let told = (1...30 as ClosedRange<UInt64>).map { lasting(from: start, strays: strays, seed: $0) }
        let right = told.count { incidents in
            incidents.count == 1 && abs(incidents[0].start - MadeUp.time(start)) < 300 * Timestamp.second
        }
        #expect(right >= 27, "\(right) of 30")
    }

    @Test func `what has been there from the beginning is none, nor is what began with the work`() {
        let none = (1...30 as ClosedRange<UInt64>).reduce(0) { $0 + lasting(from: nil, seed: $1).count }
        #expect(none == 0, "\(none)")
        let working = (1...30 as ClosedRange<UInt64>).reduce(0) { sum, seed in
            var log = SimulatedLog(seed: seed, length: 43_200)
            log.add { $0 < 7_200 ? 0.01 : 1 }
            log.add(severity: .error) { $0 < 7_200 ? 0 : 0.02 }
            return sum + Report(log.summary).incidents.count
        }
        #expect(working <= 1, "\(working)")
    }

    /// A refused login from some time on, and hours later what it fills up; with failures of other logs now and then.
    private func stages(later log: String, others: Int, seed: UInt64) -> [Incident] {
        var made = SimulatedLog(seed: seed, length: 43_200)
        made.add { _ in 0.2 }
        for number in 0..<others {
            made.add(severity: .error) { _ in 0.001 }
            made.name(file: "other-\(number).log")
        }
        made.add((0..<900).map { MadeUp.time(15_000 + Double($0) * 30) }, .error, component: "mail", file: "queue.log")
        made.add((0..<60).map { MadeUp.time(22_000 + Double($0) * 5) }, .error, component: "alarm", file: log)
        return Report(made.summary).incidents
    }

    @Test func `a later stage in a log where nothing else fails is joined to what goes on there`() {
        for seed in 1...10 as ClosedRange<UInt64> {
            let one = stages(later: "queue.log", others: 6, seed: seed)
            #expect(one.count == 1, "\(one.map(\.title))")
            #expect(one.first?.statements.contains { $0.text.contains("where hardly anything else fails") } == true)
            // Of another log, or of one that says it all, it is something else.
            #expect(stages(later: "store.log", others: 6, seed: seed).count == 2)
            #expect(stages(later: "queue.log", others: 0, seed: seed).count == 2)
        }
    }

    @Test(arguments: [("sdc1", true), ("/dev/sdc", true), ("sdd1", false), ("sdca", false)] as [(String, Bool)])
    func `a disk's partition is of that disk`(name: String, isSame: Bool) throws {
        var summary = Summary()
        for (number, disk) in ["sdc", name].enumerated() {
            let count = Int64(number == 0 ? 6 : 1)
            let start = Double(number) * 9_000
            let sample = MadeUp.sample("kern.log", Int64(number + 1), start, "failed \(disk)")
            var template = MadeUp.template(
                "failed \(disk)", sample, counts: [.error: count], unexplained: MadeUp.tally(count, start, start))
            template.unexplainedTimes((0..<count).map { start + Double($0) * 1_790 }, sample, ["device": disk])
            summary.templates["\(number)"] = template
            summary.tally.merge(template.tally)
        }
        summary.tally.merge(MadeUp.tally(1_000, -20_000, 60_000))
        let told = Report(summary).incidents
        #expect(told.count == (isSame ? 1 : 0))
        #expect(!isSame || told[0].statements.contains { $0.text.contains("of disk sdc, as (") }, "\(told)")
    }

    @Test func `names of disks`() {
        let disks = [
            "sda": "sda", "/dev/sdb12": "sdb", "xvdf1": "xvdf", "nvme0n1p2": "nvme0n1", "mmcblk0p1": "mmcblk0",
        ]
        for (name, disk) in disks { #expect(Traits.disk(name) == disk) }
        for name in ["sdb1a", "orders", "sd1", "nvme", "nvmex", "sda-1", "hdfs", "vdisk"] {
            #expect(Traits.disk(name) == nil, "\(name)")
        }
    }

    /// Builds that fail: a test, and ten seconds later the build.
    @Test(arguments: [false, true])
    func `what fails now and then all through the log is no incident, what does so from some time on is`(late: Bool) {
        let told = (1...20 as ClosedRange<UInt64>).map { seed -> Int in
            var random = SeededGenerator(state: seed)
            var log = SimulatedLog(seed: seed, length: 400_000)
            log.add { _ in 0.02 }
            let starts = (0..<4).map { part -> Double in
                if late { return 380_000 + Double(part) * 4_000 }
                return (Double(part) + Double.random(in: 0.1..<0.9, using: &random)) * 100_000
            }
            log.add(starts.map(MadeUp.time), .error, file: "build.log")
            log.add(starts.map { MadeUp.time($0 + 10) }, .error, file: "build.log")
            return incidents(log).count
        }
        #expect(told.allSatisfy { late ? $0 > 0 : $0 == 0 }, "\(told)")
    }

    // MARK: Ids

    /// Two failures that bear one id, so far apart; and a third one long after.
    private func sharing(gap: Double) -> Summary {
        var summary = Summary()
        for (number, time) in [0, gap, 37.0 * 86_400].enumerated() {
            let sample = MadeUp.sample("a.log", Int64(number + 1), time, "failed \(number)")
            var template = MadeUp.template(
                "failed \(number)", sample, counts: [.error: 1], unexplained: MadeUp.tally(1, time))
            if number < 2 { template.fail { $0.joins = JoinSample(["request_id": "req-12345678"], sample) } }
            template.fail { $0.series.add(MadeUp.time(time), sample) }
            summary.templates["\(number)"] = template
            summary.tally.merge(template.tally)
        }
        return summary
    }

    @Test(arguments: [(60, 1), (1_500, 1), (2_400, 0), (86_400, 0), (1_728_000, 0)] as [(Double, Int)])
    func `an id joins what bears it within half an hour, not within a month`(gap: Double, count: Int) {
        let summary = sharing(gap: gap)
        var list = FindingList(summary)
        let told = IncidentFinder.find(summary, &list, [])
        #expect(told.count == count)
        #expect(told.allSatisfy { $0.findings.count == 2 })
    }

    // MARK: On the screen

    /// A dozen grave findings apart from one another, and behind them a cascade of plain errors.
    private func hidden() -> Summary {
        var summary = Summary()
        for number in 0..<12 {
            let time = Double(number) * 7_100
            let id = "a.rule-\(number)"
            summary.findings[id] = MadeUp.finding(
                id, "Grave \(number)", .critical, MadeUp.tally(3, time),
                MadeUp.sample("a.log", Int64(number * 10 + 1), time, "grave \(number)"))
            summary.findings[id]?.series.add(MadeUp.time(time))
        }
        for number in 0..<3 {
            let time = 40_000 + Double(number)
            let sample = MadeUp.sample("b.log", Int64(number + 1), time, "ERROR part \(number) broke")
            var template = MadeUp.template(
                "part \(number) broke", sample, counts: [.error: 1], unexplained: MadeUp.tally(1, time))
            template.fail { $0.series.add(MadeUp.time(time), sample) }
            template.fail { $0.joins = JoinSample(["request_id": "req-12345678"], sample) }
            summary.templates["\(number)"] = template
        }
        summary.tally = MadeUp.tally(100_000, 0, 86_400)
        MadeUp.add("a.log", ["generic"], 1_000, joined: 0, to: &summary)
        return summary
    }

    @Test(arguments: [10, 16, 24, 30, 50], [60, 80, 140, 200])
    func `findings that the incident's lines name are on the screen`(height: Int, width: Int) throws {
        let text = TextReport(width: width, color: false, unicode: true, height: height)
            .render(Report(hidden()), elapsed: nil)
        let lines = text.split(separator: "\n")
        let chain = try #require(lines.first { $0.hasPrefix("  root?") }, "\(text)")
        let named = chain.split(separator: "(").dropFirst().compactMap { part in Int(part.prefix { $0 != ")" }) }
        #expect(!named.isEmpty)
        for rank in named {
            #expect(lines.contains { $0.drop { $0 == " " }.hasPrefix("\(rank)  ") }, "\(rank) is missing\n\(text)")
        }
        // And it all fits, unless a single finding doesn't.
        #expect(lines.count < max(height, 24), "\(text)")
    }
}
