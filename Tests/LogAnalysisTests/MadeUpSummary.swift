import LogCore

@testable import LogAnalysis

/// Summaries made up for tests, and the parts they are made of.
enum MadeUp {
    /// 2026-11-20T04:00:00Z
    static let four: Int64 = 1_795_147_200 * Timestamp.second

    static func time(_ seconds: Double) -> Int64 { four + Int64(seconds * 1e9) }

    static func tally(_ count: Int64, _ first: Double? = nil, _ last: Double? = nil) -> Tally {
        var tally = Tally()
        tally.count = count
        tally.first = first.map(time)
        tally.last = (last ?? first).map(time)
        return tally
    }

    static func sample(_ source: String, _ line: Int64, _ seconds: Double?, _ text: String) -> Sample {
        Sample(source: source, offset: line * 100, line: line, time: seconds.map(time), text: text)
    }

    static func finding(
        _ id: String, _ title: String, _ level: Severity, _ tally: Tally, _ sample: Sample,
        captures: [String: String] = [:], cause: String = "It broke.", fix: [String] = ["Mend it."],
        docs: [DocumentationPage] = []
    ) -> FindingSummary {
        var rule = RuleInfo(id: id, title: title, level: level, cause: cause, fix: fix, docs: docs)
        rule.captureNames = captures.keys.sorted()
        return FindingSummary(rule: rule, tally: tally, sample: sample, captures: captures)
    }

    static func template(
        _ text: String, _ sample: Sample, component: String = "", counts: [Severity: Int64],
        unexplained: Tally = Tally()
    ) -> TemplateSummary {
        var template = TemplateSummary(text: text, sample: sample, component: component)
        template.byRank = byRank(counts)
        template.tally.count = counts.values.reduce(0, +)
        template.tally.first = sample.time
        template.tally.last = sample.time
        if unexplained.count > 0 {
            template.fail { failures in
                failures.tally = unexplained
                failures.sample = sample
                failures.isCritical = counts[.critical, default: 0] > 0
            }
        }
        return template
    }

    static func byRank(_ counts: [Severity: Int64]) -> [Int64] {
        var byRank: [Int64] = Array(repeating: 0, count: Severity.ranks)
        for (severity, count) in counts { byRank[severity.rank] = count }
        return byRank
    }

    /// A night: the kernel ends a process, the database is gone, payments fail.
    static func night() -> Summary {
        var summary = Summary()
        summary.byRank = byRank([.critical: 3, .error: 43, .warning: 9, .info: 4_912_475])
        summary.tally = tally(4_912_530, -20_760, 600)
        summary.byTimeSource = [0, 4_912_000, 500, 30, 0]
        summary.findings["kernel.out-of-memory"] = finding(
            "kernel.out-of-memory", "Kernel killed a process: out of memory", .critical, tally(3, 0, 432),
            sample(
                "logs/kern.log.1.gz", 2001, 0,
                "Nov 20 04:00:00 db1 kernel: Out of memory: Killed process 4242 (java) total-vm:8123456kB, anon-rss:4301200kB, "
                    + "file-rss:0kB, shmem-rss:0kB, UID:998"),
            captures: ["process": "java", "pid": "4242"],
            cause: "The machine had no memory left, so the kernel ended the process that its score named. What is "
                + "ended need not be what took the memory.",
            fix: [
                "See what grew before: the kernel lists every process with its memory in the lines above.",
                "Keep heap and caches below the machine's memory (-Xmx, shared_buffers), or add swap.",
            ],
            docs: [
                DocumentationPage(
                    title: "Concepts overview", url: "https://docs.kernel.org/admin-guide/mm/concepts.html",
                    versions: nil)
            ])
        summary.findings["postgres.connection-refused"] = finding(
            "postgres.connection-refused", "PostgreSQL refused the connection", .error, tally(5, 2, 595),
            sample(
                "logs/app.log", 1008, 2,
                "2026-11-20 04:00:02,113 ERROR db: connection to server at \"db1\" (10.0.0.5), port 5432 failed: Connection refused"
            ),
            captures: ["host": "db1", "port": "5432"],
            cause: "No server listens on that host and port, or a firewall refuses it.",
            fix: ["Check that the server runs and that listen_addresses covers the interface.", "Open the port."],
            docs: [
                DocumentationPage(
                    title: "Starting the server", url: "https://www.postgresql.org/docs/current/server-start.html",
                    versions: ">=9")
            ])
        summary.templates["00000000000000aa"] = template(
            "charge <*> declined by issuer code <*>",
            sample(
                "logs/pay.log", 88, -2_840, "2026-11-20T03:12:40Z ERROR pay.gw: charge 88112 declined by issuer code Z9"
            ),
            component: "pay.gw", counts: [.error: 38], unexplained: tally(38, -2_840, 600))
        summary.templates["00000000000000bb"] = template(
            "GET <*> took <*>",
            sample("logs/app.log", 3, -20_000, "2026-11-19 22:26:40,000 INFO web: GET /x took 3 ms"),
            component: "web", counts: [.info: 4_912_475, .warning: 9])
        summary.components["pay.gw"] = component([.error: 38])
        summary.components["web"] = component([.info: 4_912_475, .warning: 9])
        summary.timeline = Timeline()
        summary.timeline.add(time: time(-20_760), byRank: byRank([.info: 4_912_475, .warning: 9]))
        for minute in -47..<0 { summary.timeline.add(time: time(Double(minute) * 60), byRank: byRank([.error: 1])) }
        summary.timeline.add(time: time(0), byRank: byRank([.error: 9, .critical: 3]))
        summary.timeline.add(time: time(600), byRank: byRank([.error: 4]))
        add("logs/app.log", ["python-logging"], 1_100_000_000, joined: 4_210, to: &summary)
        add("logs/kern.log.1.gz", ["syslog-3164"], 20_480_000, joined: 0, to: &summary)
        add("logs/pay.log", ["logfmt"], 80_000_123, joined: 0, to: &summary)
        summary.sources["logs/kern.log.1.gz"]?.compression = "gzip"
        summary.sources["logs/kern.log.1.gz"]?.inferredYear = 2026
        var times = TimeFacts()
        (times.year, times.yearFrom) = (2026, .modified)
        summary.sources["logs/kern.log.1.gz"]?.times = times
        return summary
    }

    static func component(_ counts: [Severity: Int64]) -> ComponentSummary {
        var component = ComponentSummary()
        component.byRank = byRank(counts)
        return component
    }

    static func add(_ path: String, _ formats: [String], _ bytes: Int64, joined: Int64, to summary: inout Summary) {
        var source = SourceSummary(path: path)
        source.formats = formats
        source.confidence = 0.99
        source.ledger.bytes = bytes
        source.ledger.joinedBytes = joined
        source.ledger.eventBytes = bytes - joined
        summary.sources[path] = source
    }
}

extension TemplateSummary {
    /// Warnings of a status, so many in the first minutes, and what they name.
    mutating func warn(
        _ status: String, _ joins: JoinSample = JoinSample(), count: Int64? = nil, line: Int64? = nil
    ) {
        var known = Failures(sample: sample)
        if let line { known.sample.line = line }
        known.tally = tally
        known.tally.count = count ?? byRank[Severity.warning.rank]
        known.joins = joins
        warnings[status] = known
    }

    /// Changes what is known of its failures of a status.
    mutating func fail(_ status: String = "", _ change: (inout Failures) -> Void) {
        var known = failures[status] ?? Failures(sample: sample)
        change(&known)
        failures[status] = known
    }

    /// Lets it fail at these times, with these fields.
    mutating func unexplainedTimes(_ times: [Double], _ sample: Sample, _ fields: [String: String]) {
        let lines = times.enumerated().map {
            MadeUp.sample(sample.source, sample.line + Int64($0), $1, sample.text)
        }
        let last = lines.last?.time
        for line in lines { series.add(line.time ?? 0, line) }
        let series = series
        (tally.count, tally.last) = (Int64(times.count), last)
        fail { failures in
            for line in lines { failures.joins.merge(JoinSample(fields, line)) }
            failures.series = series
            (failures.tally.count, failures.tally.first, failures.tally.last) = (Int64(times.count), sample.time, last)
        }
    }
}
