import Foundation
import LogCore
import Testing

@testable import LogAnalysis

/// What a report says of who, what came before, and in which order.
struct StoryTests {
    private func joins(_ entries: [JoinSample.Entry]) throws -> JoinSample {
        try JSONDecoder().decode(JoinSample.self, from: JSONEncoder().encode(["entries": entries]))
    }

    private func entry(
        _ kind: JoinKind, _ value: String, _ file: String, at second: Double, count: Int64 = 1
    ) -> JoinSample.Entry {
        .init(kind: kind, value: value, count: count, source: file, line: Int64(second) + 1, time: MadeUp.time(second))
    }

    /// A template with an event each second from `start` on, the n-th of request n.
    private func requests(
        _ text: String, _ level: Severity, in file: String, from start: Double, count: Int = 30
    ) throws -> TemplateSummary {
        let sample = MadeUp.sample(file, Int64(start) + 1, start, text)
        var template = MadeUp.template(
            text, sample, component: file, counts: [level: Int64(count)],
            unexplained: level >= .error ? MadeUp.tally(Int64(count), start, start + Double(count - 1)) : Tally())
        for number in 0..<count {
            let time = MadeUp.time(start + Double(number))
            template.series.add(1, FirstLine(source: file, line: sample.line + Int64(number), time: time))
        }
        let ids = (0..<count).map { entry(.request, "request-\(1_000 + $0)", file, at: start + Double($0)) }
        let all = try joins(ids + [entry(.file, file, file, at: start, count: Int64(count))])
        if level >= .error {
            let series = template.series
            template.fail { failures in
                failures.series = series
                failures.joins = all
            }
        } else {
            template.warn("", all)
        }
        return template
    }

    /// The clock of store.log is ahead, as the ids of a thousand requests before tell.
    private func twoClocks(_ ahead: Double) throws -> Summary {
        var summary = Summary()
        summary.tally = MadeUp.tally(10_000, 0, 14_400)
        summary.templates["a"] = try requests("page failed", .error, in: "web.log", from: 7_200)
        summary.templates["b"] = try requests("index broken", .error, in: "store.log", from: 7_200 + ahead)
        var identities = IdentityTimes()
        for number in 0..<1_000 {
            let hash = textHash(Array("id-\(number)".utf8).span)
            identities.add(hash, at: MadeUp.time(Double(number)), in: "web.log")
            identities.add(hash, at: MadeUp.time(Double(number) + ahead), in: "store.log")
        }
        summary.identities = identities
        return summary
    }

    // MARK: Clocks

    @Test(arguments: [90.0, -90, 18_000]) func `incidents are told by one clock`(ahead: Double) throws {
        let report = Report(try twoClocks(ahead))
        let incident = try #require(report.incidents.first)
        #expect(report.incidents.count == 1 && incident.findings.count == 2)
        let texts = incident.statements.map(\.text) + incident.suspects.flatMap { $0.reasons.map(\.text) }
        #expect(!texts.contains { $0.contains("began first") }, "\(texts)")
        #expect(texts.contains { $0.hasPrefix("at about the same time (2)") }, "\(texts)")
        #expect(texts.contains { $0.contains("than written") }, "\(texts)")
        #expect(incident.end - incident.start < 40 * Timestamp.second)
        #expect(report.findings[1].story?.text.hasPrefix("at about the same time as (1)") == true)
        // Lines are cited with the times that they have.
        let times = incident.statements.flatMap(\.citations).filter { $0.source == "store.log" }.compactMap(\.time)
        #expect(!times.isEmpty && times.allSatisfy { $0 >= MadeUp.time(7_200 + ahead) })
    }

    @Test func `clocks that agree leave the order as it is`() throws {
        let incident = try #require(Report(try twoClocks(1.5)).incidents.first)
        #expect(incident.suspects[0].title == "page failed")
        #expect(incident.suspects[0].reasons.contains { $0.text.contains("began first") })
    }

    @Test func `what warns or fails tells no clock`() {
        var table = IdentityTable()
        var record = Record()
        record.timeSource = .line
        for level in [Severity.warning, .error, .critical, .info] {
            record.severity = level
            record.time = MadeUp.time(Double(level.rank))
            table.add(UInt64(level.rank) + 1, at: record, in: 0)
        }
        #expect(table.times(["a.log"])?.sources["a.log"]?.count == 1)
    }

    @Test(
        arguments: [
            ("flag <*> enabled for <*> %", true), ("setting max_clients changed from <*> to <*>", true),
            ("toggle <*> turned off by <*>", true), ("packet with flags=<*> dropped", false),
            ("setting up <*> on port <*>", false), ("feature <*> enabled", false),
        ])
    func `what people switch is told from what has such names`(text: String, isSwitched: Bool) {
        #expect(Precursors.isSwitched(text) == isSwitched)
    }

    // MARK: Who

    @Test func `who most events are of is told, where there are others`() throws {
        let entries = [
            entry(.address, "203.0.113.77", "a", at: 1, count: 900),
            entry(.address, "192.0.2.4", "a", at: 2, count: 100),
        ]
        #expect(Majority(try joins(entries), of: 1_000)?.text == "203.0.113.77 in 900 of 1,000")
        #expect(Majority(try joins(entries), of: 1_800) == nil)
        let one = try joins([entry(.address, "203.0.113.77", "a", at: 1, count: 900)])
        // Who is named by all that name anybody.
        #expect(Majority(one, of: 900) == nil && Majority(one, of: 1_000) == nil)
        #expect(Majority(one, of: 900, orAll: true)?.text == "203.0.113.77 in all")
        #expect(Majority(try joins([entry(.host, "web-7", "a", at: 1, count: 900)]), of: 900, orAll: true) == nil)
    }

    @Test func `one network that most addresses are of is told, unless everybody's are`() throws {
        func shares(_ addresses: [String]) throws -> NameShares {
            var summary = Summary()
            summary.templates["other"] = MadeUp.template(
                "other", MadeUp.sample("b.log", 1, 1, "other"), counts: [.warning: 40])
            let joins = try joins(addresses.prefix(16).map { entry(.address, $0, "b.log", at: 1) })
            summary.templates["other"]?.warn("", joins)
            return NameShares(summary)
        }
        let few = (1...14).map { entry(.address, "203.0.113.\($0 * 17)", "a", at: Double($0), count: 20) }
        let stray = [entry(.address, "192.0.2.9", "a", at: 1, count: 20)]
        let everywhere = try shares((1...16).map { "198.51.\($0).7" })
        let text = Majority(try joins(few + stray), of: 300, among: everywhere)?.text
        #expect(text == "203.0.113.0/24 in 280 of 300, 14 addresses")
        // Of thousands some events are looked at.
        let many = try part(of: 9_000) { "198.18.\($0 % 250).\($0 % 199 + 9)" }
        let network = try #require(Majority(many, of: 9_000, among: everywhere))
        #expect(network.text.hasPrefix("198.18.0.0/16 in 64 of 64 looked at, 6") && !network.isAll)
        // A few next to each other are told as what holds them.
        let close = (1...14).map { entry(.address, "203.0.113.\($0 + 32)", "a", at: Double($0), count: 20) }
        #expect(Majority(try joins(close), of: 280, among: everywhere)?.value == "203.0.113.32/28")
        // Where all come from there, and where nothing is known of others.
        let same = try shares((20...35).map { "203.0.113.\($0)" })
        #expect(Majority(try joins(few + stray), of: 300, among: same) == nil)
        #expect(Majority(try joins(few + stray), of: 300, among: NameShares(Summary())) == nil)
        // Two addresses an event are a client and a server.
        #expect(Majority(try joins(few + stray), of: 150, among: everywhere) == nil)
        let spread = (1...14).map { entry(.address, "203.0.\($0 * 9).1", "a", at: Double($0), count: 20) }
        #expect(Majority(try joins(spread), of: 280, among: everywhere)?.value == "203.0.0.0/16")
        #expect(Network("203.0.113.256", bits: 24) == nil && Network("2001:db8::1", bits: 24) == nil)
        #expect(Network("10.200.3.4", bits: 16)?.text == "10.200.0.0/16")
    }

    /// What is kept of so many events, of which each names an address and more addresses there are than are kept.
    private func part(of count: UInt64, _ address: (UInt64) -> String) throws -> JoinSample {
        var sample = try joins((1...60).map { entry(.address, "192.0.\($0).200", "a", at: Double($0), count: 1) })
        for number in 0..<count {
            let hash = TimedSample.hash(1, Int64(number))
            if sample.clients.takes(hash) { sample.clients.add(hash, address: address(number), user: "") }
        }
        return sample
    }

    @Test func `who makes most of the events is told among thousands`() throws {
        let one = try part(of: 5_000) { $0 % 10 < 7 ? "203.0.113.9" : "198.51.\($0 % 200).\($0 / 200)" }
        let most = try #require(Majority(one, of: 5_000))
        #expect(most.value == "203.0.113.9" && most.isSampled && (33...56).contains(most.count) && most.total == 64)
        #expect(most.text == "203.0.113.9 in \(most.count) of 64 looked at")
        // No one of all makes much.
        #expect(Majority(try part(of: 5_000) { "198.51.\($0 % 200).\($0 / 200)" }, of: 5_000) == nil)
        // All name the server, too.
        #expect(Majority(try part(of: 5_000) { _ in "203.0.113.9" }, of: 5_000) == nil)
        // Fourteen of hundreds make most of them, though nothing is known of others.
        let few = try part(of: 5_000) {
            $0 % 10 < 9 ? "203.0.113.\(33 + $0 % 14)" : "198.51.\($0 % 200).\($0 / 200)"
        }
        let network = try #require(Majority(few, of: 5_000, among: NameShares(Summary())))
        #expect(network.value == "203.0.113.32/28" && network.isSampled && network.count > 40)
    }

    @Test func `half of two hosts is nobody, and a host that makes half of all events isn't either`() throws {
        let two = try joins([
            entry(.host, "lb-1", "a", at: 1, count: 82), entry(.host, "lb-2", "a", at: 2, count: 74),
        ])
        #expect(Majority(two, of: 156) == nil)
        let one = try joins([
            entry(.host, "lb-1", "a", at: 1, count: 90), entry(.host, "lb-2", "a", at: 2, count: 30),
            entry(.host, "lb-3", "a", at: 2, count: 30),
        ])
        #expect(Majority(one, of: 150)?.value == nil || Majority(one, of: 150)?.value == "lb-1")
        var summary = Summary()
        for (name, total) in [("lb-1", 5_500), ("lb-2", 2_000), ("lb-3", 2_500)] as [(String, Int64)] {
            summary.hosts[name + ".example.com"] = HostSummary()
            summary.hosts[name + ".example.com"]?.total = total
        }
        #expect(Majority(one, of: 150, among: NameShares(summary)) == nil)
        for (name, total) in [("lb-1", 500), ("lb-2", 7_000)] as [(String, Int64)] {
            summary.hosts[name + ".example.com"]?.total = total
        }
        #expect(Majority(one, of: 150, among: NameShares(summary))?.text == "lb-1 in 90 of 150")
    }

    @Test func `the value of a field that failures share and others don't is told`() throws {
        var summary = Summary()
        let sample = MadeUp.sample("a.log", 1, 0, "no basket")
        var failing = MadeUp.template("no basket", sample, counts: [.error: 100], unexplained: MadeUp.tally(100, 0))
        let names = try joins([
            entry(.host, "cart-a", "a", at: 1, count: 52), entry(.host, "cart-b", "a", at: 1, count: 48),
            entry(.field, "version=5.9.0-rc2", "a", at: 1, count: 100),
            entry(.field, "route=/cart", "a", at: 1, count: 100),
        ])
        failing.fail { $0.joins = names }
        summary.templates["a"] = failing
        #expect(Report(summary).findings.first?.majority == nil)
        // Others have other versions. A route they don't have may be what the message is about.
        var other = MadeUp.template("locked", sample, counts: [.warning: 60])
        other.warn(
            "",
            try joins([
                entry(.field, "version=5.8.4", "a", at: 1, count: 40),
                entry(.field, "version=5.9.0-rc2", "a", at: 1, count: 3),
                entry(.field, "route=/lock", "a", at: 1, count: 60),
            ]))
        summary.templates["b"] = other
        #expect(Report(summary).findings.first?.majority?.text == "version=5.9.0-rc2 in all")
        // What most have anyway is nothing special.
        other.warn(
            "",
            try joins([
                entry(.field, "version=5.8.4", "a", at: 1, count: 10),
                entry(.field, "version=5.9.0-rc2", "a", at: 1, count: 90_000),
            ]))
        summary.templates["b"] = other
        #expect(Report(summary).findings.first?.majority == nil)
    }

    @Test func `what an address does right behind its flood is part of the story`() throws {
        var summary = Summary()
        summary.tally = MadeUp.tally(10_000, 0, 28_800)
        for (id, start, count, level) in [("flood", 7_200.0, 2_400, Severity.error), ("done", 9_610, 1, .critical)] {
            let tally = MadeUp.tally(Int64(count), start, start + Double(count - 1))
            let sample = MadeUp.sample("auth.log", Int64(start), start, id)
            var template = MadeUp.template(id, sample, counts: [level: Int64(count)], unexplained: tally)
            for number in 0..<count {
                let line = Int64(start) + Int64(number)
                let first = FirstLine(source: "auth.log", line: line, time: MadeUp.time(start + Double(number)))
                template.fail { $0.series.add(1, first) }
            }
            let names = try joins([
                entry(.address, "203.0.113.77", "auth.log", at: start, count: Int64(count)),
                entry(.file, "auth.log", "auth.log", at: start, count: Int64(count)),
            ])
            template.fail { $0.joins = names }
            summary.templates[id] = template
        }
        let incident = try #require(Report(summary).incidents.first)
        #expect(incident.findings.count == 2)
        #expect(incident.statements.contains { $0.text.contains("with address 203.0.113.77, as (") })
    }

    // MARK: Warnings

    @Test func `a warning with the ids of the failures behind it is told`() throws {
        var summary = Summary()
        summary.tally = MadeUp.tally(10_000, 0, 14_400)
        summary.templates["w"] = try requests("no host left", .warning, in: "sched.log", from: 7_199)
        summary.templates["a"] = try requests("spawn failed", .error, in: "compute.log", from: 7_200)
        summary.templates["b"] = try requests("server in error", .error, in: "api.log", from: 7_200.4)
        let incident = try #require(Report(summary).incidents.first)
        #expect(incident.statements[0].text == "1 s before (1), with the same ids: “no host left”")
        #expect(incident.statements[0].citations.first?.source == "sched.log")
        // What comes behind them is no reason.
        summary.templates["w"] = try requests("no host left", .warning, in: "sched.log", from: 7_202)
        let other = try #require(Report(summary).incidents.first)
        #expect(!other.statements.contains { $0.text.contains("with the same ids") })
    }

    @Test func `a log that has nothing of that time is no part of an incident`() throws {
        var summary = Summary()
        summary.tally = MadeUp.tally(10_000, 0, 172_800)
        for (text, places) in [
            ("suite failed", [("b.log", 90_000.0), ("a.log", 3_000)]), ("build failed", [("b.log", 90_002)]),
        ] {
            let samples = places.map { MadeUp.sample($0.0, 7, $0.1, text) }
            var template = MadeUp.template(text, samples[samples.count - 1], counts: [.error: 1])
            template.fail { failures in
                for sample in samples {
                    failures.tally.add(time: sample.time ?? 0)
                    failures.series.add(sample.time ?? 0, sample)
                    failures.joins.merge(JoinSample(["request_id": "req-12345678"], sample))
                }
            }
            summary.templates[text] = template
        }
        MadeUp.add("a.log", ["generic"], 1_000, joined: 0, to: &summary)
        MadeUp.add("b.log", ["generic"], 1_000, joined: 0, to: &summary)
        let incident = try #require(Report(summary).incidents.first)
        #expect(incident.findings.count == 2)
        #expect(incident.components.map(\.name) == ["b.log"])
    }

    @Test func `a message is quoted as it stands there, without what follows it`() {
        let sample = MadeUp.sample("a.log", 1, 0, #"{"msg": "bank slow: POST /pay took 6313 ms", "trace": "e1"}"#)
        #expect(quoted("bank slow: POST <*> took <*> ms", sample) == "“bank slow: POST /pay took 6313 ms”")
        #expect(quoted("bank slow: POST <*> took <*>", sample) == "“bank slow: POST /pay took 6313 ms”")
        #expect(quoted("bank slow: POST <*>", sample) == "“bank slow: POST /pay”")
        #expect(quoted("<*> slow", sample) == "“<*> slow”")
    }

    @Test func `that successes end makes no incident of a failure`() throws {
        var log = SimulatedLog(seed: 5, length: 14_400)
        log.add { $0 < 7_200 || $0 > 10_000 ? 0.2 : 0 }
        log.add { _ in 0.2 }
        log.add((0..<12).map { MadeUp.time(7_260 + Double($0) * 150) }, .error, component: "ldap", file: "auth")
        #expect(Report(log.summary).incidents.isEmpty)
    }

    @Test func `a process that dies right before is told, whatever level its line has`() throws {
        var summary = Summary()
        summary.tally = MadeUp.tally(4_000, 0, 14_400)
        summary.templates["a"] = try requests("could not connect to server", .error, in: "app.log", from: 7_200)
        let line = "server process (PID <*>) was terminated by signal <*>: Segmentation fault"
        let text = "LOG: server process (PID 8121) was terminated by signal 11: Segmentation fault"
        let sample = MadeUp.sample("db1.log", 90, 7_189, text)
        summary.templates["b"] = MadeUp.template(line, sample, counts: [.info: 1])
        let screen = TextReport(width: 120, color: false, unicode: true).render(Report(summary), elapsed: nil)
        let act = "11 s earlier: “server process (PID 8121) was terminated by signal 11: Segmentation fault”"
        #expect(screen.contains("\n  before \(act)\n"), "\(screen)")
    }

    // MARK: Correlations

    @Test func `what a correlator found in the events of a finding joins it`() throws {
        var summary = Summary()
        summary.tally = MadeUp.tally(10_000, 0, 14_400)
        summary.templates["crash"] = try requests("container failed", .error, in: "kubelet.log", from: 3_600, count: 20)
        let at = MadeUp.sample("kubelet.log", 3_612, 3_611, "container failed")
        let one = FindingCase(
            key: "", time: at.time, message: "10 within 30m", fields: ["count": FieldValue(10)], source: at.source,
            line: at.line)
        var found = MadeUp.finding("pod.crashing", "A pod keeps crashing", .critical, MadeUp.tally(1, 3_611), at)
        found.cases = [one]
        found.series.add(1, FirstLine(source: at.source, line: at.line, time: MadeUp.time(3_611)))
        summary.findings["pod.crashing"] = found
        let report = Report(summary)
        let incident = try #require(report.incidents.first)
        #expect(incident.findings.count == 2)
        #expect(incident.statements.contains { $0.text.contains("found in the events of (") }, "\(incident.statements)")
        #expect(TextReport(width: 100, color: false, unicode: true).render(report, elapsed: nil).contains(" ≥10x "))
    }

    @Test func `and of one so frequent that its line is not among those that are known`() throws {
        var summary = Summary()
        summary.tally = MadeUp.tally(10_000, 0, 14_400)
        summary.templates["page"] = try requests("page failed", .error, in: "web.log", from: 9_000, count: 20)
        let first = MadeUp.sample("dns.log", 1, 3_600, "no answer")
        var frequent = MadeUp.finding("dns.no-answer", "No answer", .error, MadeUp.tally(1_500, 3_600, 5_100), first)
        for number in 0..<1_500 {
            let time = MadeUp.time(3_600 + Double(number))
            frequent.series.add(1, FirstLine(source: "dns.log", line: Int64(number) + 1, time: time))
        }
        frequent.joins = try joins([entry(.file, "dns.log", "dns.log", at: 3_600, count: 1_500)])
        summary.findings["dns.no-answer"] = frequent
        let at = MadeUp.sample("dns.log", 733, 4_332, "no answer")
        var found = MadeUp.finding("dns.outage", "The name server is cut off", .critical, MadeUp.tally(1, 4_332), at)
        found.cases = [
            FindingCase(
                key: "", time: at.time, message: "30 within 5m", fields: ["count": FieldValue(30)], source: at.source,
                line: at.line)
        ]
        found.series.add(1, FirstLine(source: at.source, line: at.line, time: MadeUp.time(4_332)))
        found.joins = JoinSample([:], at)
        summary.findings["dns.outage"] = found
        let report = Report(summary)
        let sentences = report.incidents.flatMap(\.statements).map(\.text)
        #expect(sentences.contains { $0.contains("found in the events of (") }, "\(sentences)")
    }

    @Test func `a machine that a rule captured doesn't tell that two came on different ones`() throws {
        func summary(_ captures: [String: String]) throws -> Summary {
            var summary = Summary()
            summary.tally = MadeUp.tally(10_000, 0, 43_200)
            for (id, file, host, start) in [("dns", "dns.log", "db9", 7_200.0), ("geo", "geo.log", "geo", 7_206)] {
                var finding = MadeUp.finding(
                    id, "\(id) fails", .error, MadeUp.tally(40, start, start + 39),
                    MadeUp.sample(file, 1, start, "fails"), captures: id == "dns" ? captures : [:])
                for number in 0..<40 {
                    let time = MadeUp.time(start + Double(number))
                    finding.series.add(1, FirstLine(source: file, line: Int64(number) + 1, time: time))
                }
                finding.joins = try joins([
                    entry(.host, host, file, at: start, count: 40), entry(.file, file, file, at: start, count: 40),
                ])
                summary.findings[id] = finding
            }
            return summary
        }
        #expect(Report(try summary(["server": "db9"])).incidents.map(\.findings.count) == [2])
        #expect(Report(try summary(["reason": "timeout"])).incidents.allSatisfy { $0.findings.count == 1 })
    }
}
