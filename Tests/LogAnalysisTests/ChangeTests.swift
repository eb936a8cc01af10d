import LogCore
import Testing

@testable import LogAnalysis

struct ChangeTests {
    private static let hours = 3_600.0

    @Test func `a burst with a handful of events before it is no fall`() throws {
        var log = SimulatedLog(seed: 4, length: 8 * 3_600)
        log.add { _ in 0.01 }
        let few = (0..<6).map { MadeUp.time(Double($0) * 1_150 + 180) }
        let flood = (0..<2_880).map { MadeUp.time(7_200 + Double($0) / 1.2) }
        log.add(few + flood + (0..<6).map { MadeUp.time(10_000 + Double($0) * 3_000) }, .warning)
        let changes = log.troubles.filter { $0.subject == .template("template 2") }
        #expect(changes.map(\.kind) == [.burst], "\(changes.map(\.statement.text))")
        #expect(changes.allSatisfy { $0.start >= MadeUp.time(7_000) && $0.start <= MadeUp.time(7_300) })
    }

    /// A job with a log of its own, and another log that goes on.
    private func job(runs: Int) -> [Change] {
        var log = SimulatedLog(seed: 2, length: 36_000)
        log.add { _ in 0.02 }
        log.add((0..<runs).map { MadeUp.time(Double($0) * 600 + 30) }, .info)
        var summary = log.summary
        summary.templates["template 2"]?.sample.source = "backup.log"
        return ChangeFinder.find(summary).filter { $0.kind == .vanished && $0.subject == .template("template 2") }
    }

    @Test func `a job that stops with its own log is told`() {
        #expect(job(runs: 36).count == 1)
        #expect(job(runs: 36).first?.statement.text.hasSuffix("36 times before, every 10 min") == true)
        #expect(job(runs: 60).isEmpty)
    }

    @Test func `nothing is told of a log of few buckets`() {
        var log = SimulatedLog(seed: 1, length: 12)
        log.add(step: 1) { $0 < 6 ? 2 : 40 }
        #expect(log.troubles.isEmpty)
    }

    // MARK: Power

    private static let cases = 10

    /// How often a change of the kind is found that begins within two buckets of where it does.
    private func found(
        _ kind: Change.Kind, at start: Double, rate: (Double) -> Double
    ) -> Int {
        (0..<Self.cases).count { number in
            var log = SimulatedLog(seed: UInt64(number) &+ 500, length: 10 * 3_600)
            log.add { _ in 0.05 }
            log.add(severity: .error, rate: rate)
            let slack = 2 * 300.0 * 1e9
            return log.troubles.contains { change in
                change.kind == kind && change.subject == .template("template 2")
                    && Double(change.start - MadeUp.time(start)).magnitude <= slack
            }
        }
    }

    @Test func `what is told of a time cites a line of that time`() throws {
        let start = 4 * Self.hours
        let range = start..<start + 1_800
        var log = SimulatedLog(seed: 12, length: 10 * 3_600)
        log.add { _ in 0.05 }
        log.add(severity: .error) { range.contains($0) ? 0.2 : 0.02 }
        for subject in [Change.Subject.template("template 2"), .log] {
            let series = subject == .log ? nil : "template 2"
            let bursts = ChangeFinder.both(log.summary).each
            let change = try #require(bursts.first { $0.kind == .burst && $0.subject == subject }, "\(bursts)")
            let citation = try #require(change.statement.citations.first)
            let time = try #require(citation.time)
            #expect(time >= change.start && time < change.end ?? .max, "\(series ?? "all"): \(change)")
            #expect(citation.line > 2_000_000, "not the template's first line")
        }
    }

    @Test func `a burst of five times the rate is found`() {
        let start = 4 * Self.hours
        let range = start..<start + 1_800
        #expect(found(.burst, at: start) { range.contains($0) ? 0.1 : 0.02 } >= Self.cases * 9 / 10)
    }

    @Test func `a burst lasts from its first event to its last`() throws {
        let range = 4 * Self.hours..<4 * Self.hours + 1_800
        var log = SimulatedLog(seed: 12, length: 10 * 3_600)
        log.add { _ in 0.05 }
        log.add(severity: .error) { range.contains($0) ? 0.2 : 0.02 }
        let found = ChangeFinder.both(log.summary).each
        let burst = try #require(found.first { $0.kind == .burst && $0.subject == .template("template 2") }, "\(found)")
        let series = try #require(log.summary.templates["template 2"]?.series)
        let extents = series.buckets.indices.map { series.extent(of: $0) }
        #expect(extents.contains { $0.lowerBound == burst.start })
        #expect(extents.contains { $0.upperBound == burst.end })
        #expect(
            burst.start >= MadeUp.time(range.lowerBound - 200)
                && burst.end ?? .max <= MadeUp.time(range.upperBound + 200))
    }

    @Test func `a silence is found`() {
        let start = 4 * Self.hours
        let range = start..<start + 3_600
        #expect(found(.silence, at: start) { range.contains($0) ? 0 : 0.02 } >= Self.cases * 9 / 10)
    }

    @Test func `a rise and a fall are found`() {
        let start = 6 * Self.hours
        #expect(found(.rise, at: start) { $0 < start ? 0.01 : 0.05 } >= Self.cases * 9 / 10)
        #expect(found(.fall, at: start) { $0 < start ? 0.05 : 0.01 } >= Self.cases * 9 / 10)
    }

    @Test func `what is new and what is gone is found`() {
        let start = 5 * Self.hours
        #expect(found(.appeared, at: start) { $0 < start ? 0 : 0.01 } >= Self.cases * 9 / 10)
        #expect(found(.vanished, at: start) { $0 < start ? 0.01 : 0 } >= Self.cases * 9 / 10)
    }

    @Test func `periodic jobs are recognised, and are no bursts`() {
        for number in 0..<Self.cases {
            var log = SimulatedLog(seed: UInt64(number), length: 12 * 3_600)
            log.add { _ in 0.01 }
            log.addJob(every: 900, jitter: 20, lines: 5)
            let changes = ChangeFinder.find(log.summary)
            let jobs = changes.filter { $0.kind == .periodic }
            #expect(jobs.map(\.subject) == [.template("template 2")])
            #expect(jobs.first?.statement.text.hasSuffix("every 15 min") == true, "\(jobs)")
            #expect(changes.count == jobs.count, "\(changes.map(\.statement.text))")
        }
    }

    @Test func `a few bursts, and a rhythm within bursts, are no job's`() {
        for number in 0..<Self.cases {
            var random = SeededGenerator(state: UInt64(number))
            var log = SimulatedLog(seed: UInt64(number), length: 12 * 3_600)
            log.add((0..<5).flatMap { run in (0..<20).map { MadeUp.time(Double(run * 7_200 + 60 + $0)) } }, .info)
            // Every five seconds while somebody tries, which he does for a minute now and then.
            let tries = (0..<10).flatMap { _ in
                let start = Double.random(in: 0..<42_000, using: &random)
                return (0..<12).map { MadeUp.time(start + Double($0) * 5 + .random(in: 0...1, using: &random)) }
            }
            log.add(tries, .info)
            #expect(!ChangeFinder.find(log.summary).contains { $0.kind == .periodic })
        }
    }

    @Test func `what is tried again by the clock while it fails is the outage, and no job`() {
        func changes(_ times: [Double]) -> [Change] {
            var log = SimulatedLog(seed: 8, length: 12 * 3_600)
            log.add { _ in 0.05 }
            log.add(times.map { MadeUp.time($0) }, .error)
            return ChangeFinder.find(log.summary)
        }
        let outage = changes((0..<60).map { 5 * Self.hours + Double($0) * 60 })
        #expect(outage.map(\.kind) == [.burst], "\(outage.map(\.statement.text))")
        // What fails all the time is a job that fails.
        let job = changes((0..<72).map { Double($0) * 600 })
        #expect(job.map(\.kind) == [.periodic], "\(job.map(\.statement.text))")
    }

    @Test(arguments: [false, true])
    func `a pause of every night is no silence, one at another time is`(isPausing: Bool) {
        for alone in [true, false] {
            var log = SimulatedLog(seed: 9, length: 96 * 3_600)
            func rests(_ second: Double) -> Bool {
                (20 * Self.hours..<22 * Self.hours).contains(second.truncatingRemainder(dividingBy: 86_400))
                    || isPausing && (56 * Self.hours..<59 * Self.hours).contains(second)
            }
            log.add { rests($0) ? 0 : 0.02 }
            // Of the whole log, or of one message.
            if !alone { log.add { _ in 0.02 } }
            let told = log.troubles
            #expect(told.count == (isPausing ? 1 : 0), "\(told.map(\.statement.text))")
            #expect(told.allSatisfy { $0.kind == .silence })
        }
    }

    // MARK: How it is told

    @Test func `a burst that fills its last cell in part has all its events`() throws {
        var log = SimulatedLog(seed: 5, length: 24 * 3_600)
        log.add { _ in 0.05 }
        log.add((0..<314).map { MadeUp.time(40_207 + Double($0) * 4) }, .error)
        let burst = try #require(log.troubles.first { $0.subject == .template("template 2") })
        #expect(burst.kind == .burst)
        #expect(burst.observed == 314)
        #expect(burst.statement.text.hasPrefix("314 times from "), "\(burst.statement.text)")
        #expect(burst.statement.text.hasSuffix(", none at other times"), "\(burst.statement.text)")
        #expect(burst.end == MadeUp.time(40_207 + 313 * 4))
    }

    @Test(arguments: [(600.0, 2), (1_500, 2), (7_200, 2), (30, 1)])
    func `what begins long before is told by itself`(lead: Double, count: Int) {
        var log = SimulatedLog(seed: 6, length: 24 * 3_600)
        log.add { _ in 0.05 }
        let start = 16 * Self.hours
        log.add(stride(from: start - lead, to: 24 * Self.hours, by: 4).map { MadeUp.time($0) }, .warning)
        log.add(stride(from: start, to: 24 * Self.hours, by: 10).map { MadeUp.time($0) }, .error)
        let told = log.troubles.filter { $0.kind == .appeared }
        #expect(told.count == count, "\(told.map(\.statement.text))")
        #expect(told.contains { $0.statement.text.hasSuffix("at the same time") } == (count == 1))
    }

    @Test func `work that has its hours is no burst, nor is what fails as often as ever in them`() {
        func log(failing days: Range<Int>) -> [Change] {
            var log = SimulatedLog(seed: 7, length: 72 * 3_600)
            log.add { _ in 0.002 }
            func works(_ second: Double) -> Bool {
                (8 * Self.hours..<17 * Self.hours).contains(second.truncatingRemainder(dividingBy: 86_400))
            }
            log.add { works($0) ? 0.25 : 0.0002 }
            log.add(severity: .error) { works($0) && days.contains(Int($0 / 86_400)) ? 0.002 : 0 }
            return log.troubles
        }
        let usual = log(failing: 0..<3)
        #expect(usual.isEmpty, "\(usual.map(\.statement.text))")
        #expect(log(failing: 1..<2).contains { $0.kind == .burst && $0.subject == .template("template 3") })
    }

    /// A template that fails steadily with one status, and in half an hour with another too.
    @Test(arguments: [0, 1_000])
    func `new failures behind steady ones of another status are a change of their own`(succeeding: Int) throws {
        for seed in UInt64(1)...4 {
            var log = SimulatedLog(seed: seed, length: 36_000)
            log.add { _ in 0.2 }
            log.add(severity: .error) { $0 >= 18_000 && $0 < 19_800 ? 0.04 : 0 }
            log.add(severity: .error) { _ in 0.05 }
            var summary = log.summary
            let new = try #require(summary.templates["template 2"])
            summary.templates["template 2"] = nil
            var one = try #require(summary.templates["template 3"])
            for status in [("status 404", one), ("status 500", new)] {
                one.fail(status.0) { failures in
                    failures.tally = status.1.tally
                    failures.series = status.1.series
                    failures.sample = status.1.sample
                }
            }
            one.failures[""] = nil
            one.tally.merge(new.tally)
            one.series.merge(new.series)
            one.byRank[Severity.error.rank] += new.tally.count
            for index in 0..<succeeding {
                one.tally.add(time: MadeUp.time(Double(index) * 36))
                one.series.add(MadeUp.time(Double(index) * 36))
                one.byRank[Severity.info.rank] += 1
            }
            summary.templates["template 3"] = one
            let told = ChangeFinder.find(summary).filter { !$0.kind.isInformation && $0.subject != .log }
            #expect(told.map(\.name) == ["template 3: status 500"], "\(told.map(\.statement.text))")
            #expect(told.first?.start == new.tally.first && told.first?.observed == Double(new.tally.count))
            #expect(told.first?.statement.text.contains("at the same time") == false)
        }
    }

    /// What fails now and then, and one machine of five twenty times as often for half an hour.
    @Test func `a burst over a rate that is there anyway is told, and is an incident`() {
        var (told, incidents) = (0, 0)
        for seed in UInt64(1)...20 {
            var log = SimulatedLog(seed: seed, length: 14_400)
            log.add { _ in 0.2 }
            log.add(severity: .error) { $0 >= 7_200 && $0 < 9_000 ? 0.03 : 0.0015 }
            let report = Report(log.summary)
            if report.changes.contains(where: { $0.kind == .burst }) { told += 1 }
            if let incident = report.incidents.first {
                #expect((MadeUp.time(6_900)...MadeUp.time(7_800)).contains(incident.start))
                incidents += 1
            }
        }
        #expect(told >= 16 && incidents >= 10, "\(told) told, \(incidents) incidents")
    }

    /// A job of every night, of one line or of many, that is missing once, or never.
    @Test(arguments: [1, 3, 150], [4, 5, 9])
    func `a run that is missing in one of several nights is told`(lines: Int, nights: Int) throws {
        for missing in [nil, 0, nights / 2, nights - 1] {
            var log = SimulatedLog(seed: 8, length: nights * 86_400)
            log.add { _ in 0.01 }
            var runs: [Int64] = []
            for night in 0..<nights where night != missing {
                let start = night * 86_400 + 79_200 + night * 37 % 60
                runs += (0..<lines).map { MadeUp.time(Double(start + $0 * 20)) }
            }
            log.add(runs, .info)
            let told = ChangeFinder.find(log.summary).filter { !$0.kind.isInformation }
            // Before the first run and behind the last nobody knows.
            guard let missing, missing > 0, missing < nights - 1 else {
                #expect(!told.contains { $0.kind == .silence }, "\(told.map(\.statement.text))")
                continue
            }
            let change = try #require(told.first)
            #expect(told.count == 1)
            #expect(change.kind == .silence && change.name == "template 2")
            #expect(change.observed == 0 && change.expected == Double(lines))
            let due = MadeUp.time(Double(missing * 86_400 + 79_200))
            #expect((change.start..<(change.end ?? .min)).contains(due))
        }
    }

    /// Of days off there are more than one, and what comes at any time of the day has no time at which it is missing.
    @Test func `what is seldom, or rests at the end of a week, misses no run`() {
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(state: seed)
            var log = SimulatedLog(seed: seed, length: 9 * 86_400)
            log.add { _ in 0.01 }
            for _ in 0..<50 {
                log.add(
                    (0..<9).filter { $0 != 4 }.map { night in
                        MadeUp.time(Double(night * 86_400) + .random(in: 0..<86_400, using: &random))
                    }, .info)
            }
            log.add([0, 1, 2, 3, 6, 7, 8].map { MadeUp.time(Double($0 * 86_400 + 79_200)) }, .info)
            let told = ChangeFinder.find(log.summary).filter { $0.kind == .silence }
            #expect(told.isEmpty, "\(told.map(\.statement.text))")
        }
    }

    @Test func `new warnings behind steady ones of another status are a change of their own`() throws {
        var log = SimulatedLog(seed: 5, length: 36_000)
        log.add { _ in 0.2 }
        log.add(severity: .warning) { $0 >= 18_000 && $0 < 19_800 ? 0.04 : 0 }
        log.add(severity: .warning) { _ in 0.05 }
        var summary = log.summary
        let new = try #require(summary.templates["template 2"])
        summary.templates["template 2"] = nil
        var one = try #require(summary.templates["template 3"])
        for (status, template) in [("status 404", one), ("status 429", new)] {
            one.warn(status, count: template.tally.count)
            one.warnings[status]?.series = template.series
            one.warnings[status]?.sample = template.sample
        }
        one.tally.merge(new.tally)
        one.series.merge(new.series)
        one.byRank[Severity.warning.rank] += new.tally.count
        summary.templates["template 3"] = one
        let told = ChangeFinder.find(summary).filter { !$0.kind.isInformation && $0.subject != .log }
        #expect(told.map(\.name) == ["template 3: status 429"], "\(told.map(\.statement.text))")
    }

    @Test(arguments: [(1_800.0, Severity.error, true), (1_800, .info, false), (20, .error, false)])
    func `what fails from early on and never before is new`(start: Double, level: Severity, isTold: Bool) throws {
        var log = SimulatedLog(seed: 6, length: 36_000)
        log.add { _ in 0.2 }
        log.add(severity: level) { $0 >= start ? 0.05 : 0 }
        let told = ChangeFinder.find(log.summary).filter { $0.subject == .template("template 2") }
        #expect(told.map(\.kind) == (isTold ? [.appeared] : []), "\(told.map(\.statement.text))")
    }

    @Test func `one event a second is no events`() {
        let rates = Rates(usual: 1, now: 0.001, width: Timestamp.second, noun: "event")
        #expect(rates.usualText == "1 event a second")
        #expect(rates.isHardlyAny)
        #expect(rates.count(1) == "1 event")
        #expect(Rates(usual: 2, now: 1, width: Timestamp.second, noun: "error").usualText == "2 errors a second")
    }

    /// Three logs that end at midnight, and a fourth with one event behind it, or one that goes on with fewer.
    @Test(arguments: [true, false])
    func `a straggler after the end of the inputs is no fall`(isStraggler: Bool) {
        var log = SimulatedLog(seed: 8, length: 24 * 3_600)
        log.add { $0 < 20 * Self.hours || isStraggler ? 0.5 : 0.05 }
        log.add([MadeUp.time(24 * Self.hours + 240)], .info)
        var summary = log.summary
        for name in ["a.log", "b.log", "c.log"] {
            var source = SourceSummary(path: name)
            source.first = MadeUp.time(0)
            let isLast = name == "c.log"
            source.last = MadeUp.time(24 * Self.hours + (isLast || !isStraggler ? 240 : -1))
            source.ledger.events = 10_000
            summary.sources[name] = source
        }
        let falls = ChangeFinder.both(summary).each.filter { $0.kind == .fall && $0.subject == .log }
        #expect(falls.isEmpty == isStraggler, "\(falls.map(\.statement.text))")
    }

    @Test func `what was known and fails far more is a new failure`() throws {
        func story(_ renewed: Bool) throws -> String {
            var log = SimulatedLog(seed: 9, length: 24 * 3_600)
            log.add { _ in 0.05 }
            let seldom = stride(from: 600.0, to: 86_000, by: 5_000).map { MadeUp.time($0) }
            let often = stride(from: 60_000.0, to: 80_000, by: 10).map { MadeUp.time($0) }
            log.add(seldom + (renewed ? often : []), .error)
            log.add(stride(from: 60_019.0, to: 80_000, by: 10).map { MadeUp.time($0) }, .error)
            let finding = try #require(Report(log.summary).findings.first { $0.began == MadeUp.time(60_019) })
            return finding.story?.text ?? ""
        }
        #expect(try story(false).hasSuffix("without a new failure"))
        #expect(try !story(true).hasSuffix("without a new failure"))
    }

    @Test func `a hole in the log is told once, and what changed together is too`() {
        var log = SimulatedLog(seed: 3, length: 10 * 3_600)
        for _ in 0..<12 { log.add { (4 * Self.hours..<5 * Self.hours).contains($0) ? 0 : 0.02 } }
        let hole = log.troubles
        #expect(hole.map(\.subject) == [.log])
        #expect(hole.map(\.kind) == [.silence])

        log = SimulatedLog(seed: 4, length: 10 * 3_600)
        for _ in 0..<20 { log.add { _ in 0.05 } }
        for _ in 0..<4 { log.add { (4 * Self.hours..<4.5 * Self.hours).contains($0) ? 0.2 : 0.01 } }
        let burst = log.troubles
        #expect(burst.count == 1)
        #expect(burst.first?.statement.text.hasSuffix("; 3 others at the same time") == true, "\(burst)")
        #expect(burst.first?.statement.citations.count == 4)
    }

    @Test func `the sentence has numbers, times and the usual`() throws {
        var log = SimulatedLog(seed: 5, length: 10 * 3_600)
        log.add { _ in 0.1 }
        log.add(severity: .error) { (4 * Self.hours..<4.5 * Self.hours).contains($0) ? 0.5 : 0.02 }
        let change = try #require(log.troubles.first)
        let text = change.statement.text
        #expect(text.contains(" times in 29 min 57 s from 08:00:02 on, "), "\(text)")
        #expect(text.hasSuffix(" a minute"), "\(text)")
        #expect(change.observed > 800 && change.expected < 50)
        #expect(change.chance < 1e-6)
    }

    @Test func `an input that begins later is no change`() {
        var log = SimulatedLog(seed: 6, length: 10 * 3_600)
        for _ in 0..<3 { log.add { _ in 0.02 } }
        var later = SimulatedLog(seed: 7, length: 10 * 3_600)
        for _ in 0..<3 { later.add { $0 < 5 * Self.hours ? 0 : 0.02 } }
        var summary = log.summary
        var other = Summary()
        other.tally = later.summary.tally
        other.timeline = later.summary.timeline
        for (id, template) in later.summary.templates {
            var template = template
            template.series.rename([template.sample.source: "b.log"])
            template.sample.source = "b.log"
            other.templates["b " + id] = template
        }
        summary.merge(other)
        for (path, tally) in [("a.log", log.summary.tally), ("b.log", later.summary.tally)] {
            var source = SourceSummary(path: path)
            source.first = tally.first
            source.last = tally.last
            summary.sources[path] = source
        }
        #expect(ChangeFinder.find(summary).filter { $0.kind != .periodic }.map(\.statement.text) == [])
    }

    @Test func `false discoveries are bounded as Benjamini and Hochberg do`() {
        let adjusted = FalseDiscoveries.adjusted([0.01, 0.04, 0.03, 0.005], tests: 5)
        let expected = [0.025, 0.05, 0.05, 0.025]
        #expect(zip(adjusted, expected).allSatisfy { ($0 - $1).magnitude < 1e-12 })
    }

    @Test func `special functions agree with tables`() {
        // ln Γ(0.5) = ln √π; I_0.5(2, 3) = 11/16; 8 heads or more of 10: 56/1024.
        #expect((SpecialFunctions.logGamma(0.5) - 0.5723649429247001).magnitude < 1e-10)
        #expect((SpecialFunctions.logGamma(101) - 363.73937555556347).magnitude < 1e-8)
        #expect((SpecialFunctions.incompleteBeta(0.5, 2, 3) - 11.0 / 16).magnitude < 1e-10)
        #expect((SpecialFunctions.binomialUpperTail(8, of: 10, 0.5) - 56.0 / 1_024).magnitude < 1e-10)
        #expect(SpecialFunctions.binomialUpperTail(3, of: 3, 0.1) < 0.00101)
    }
}
