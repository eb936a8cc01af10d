import LogAnalysis
import LogCore
import LogEngine
import Testing

/// Disasters made up, as logs: what a report tells of them.
@Suite struct IncidentTests {
    /// Lines of several logs, each with a time; written out in the order of time.
    private struct World {
        private var lines: [String: [(time: Double, text: String)]] = [:]

        mutating func add(_ log: String, _ time: Double, _ text: (Clock) -> String) {
            lines[log, default: []].append((time, text(Clock(time))))
        }

        func write(to folder: TestFolder) throws -> [Input] {
            try lines.sorted { $0.key < $1.key }.map { name, lines in
                let sorted = lines.enumerated().sorted { ($0.1.time, $0.0) < ($1.1.time, $1.0) }
                return try folder.write(
                    sorted.map(\.1.text).joined(separator: "\n") + "\n", name, modified: 1_795_190_000)
            }
        }
    }

    /// A second of 20 November 2026, as logs write it.
    private struct Clock {
        let syslog: String
        let iso: String

        init(_ time: Double) {
            let second = Int(time)
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            let clock = "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
            let fraction = Int((time - Double(second)) * 1000)
            syslog = "Nov 20 \(clock)"
            iso = "2026-11-20 \(clock),\(fraction < 100 ? "0" : "")\(two(fraction))"
        }
    }

    private static let four = 14_400.0

    private func report(_ world: World) async throws -> Report {
        let folder = try TestFolder()
        return Report(await Project.analyze(try world.write(to: folder)))
    }

    /// The titles of an incident's findings.
    private func titles(_ incident: Incident, _ report: Report) -> [String] {
        incident.findings.map { report.findings[$0 - 1].title }
    }

    private func checkCitations(_ report: Report) {
        for incident in report.incidents {
            #expect(!incident.suspects.isEmpty)
            #expect(!incident.findings.isEmpty)
            for statement in incident.statements + incident.suspects.flatMap(\.reasons) {
                #expect(!statement.citations.isEmpty, "uncited: \(statement.text)")
                for citation in statement.citations {
                    #expect(citation.count > 0 && citation.line > 0 && !citation.source.isEmpty, "\(statement.text)")
                }
            }
        }
    }

    private func cascade() -> World {
        var world = World()
        for second in stride(from: 0, to: 21_600, by: 60) {
            let time = Double(second)
            world.add("kern.log", time) { "\($0.syslog) db1 systemd[1]: Started Session \(second) of user root." }
            world.add("web.log", time) { "\($0.iso) INFO shop.web: GET /cart 200" }
            world.add("pay.log", time) { "\($0.iso) INFO pay.gw: charge \(second) accepted" }
        }
        world.add("kern.log", Self.four) {
            "\($0.syslog) db1 kernel: Out of memory: Killed process 4242 (postgres) total-vm:8123456kB, "
                + "anon-rss:4301200kB, file-rss:0kB, shmem-rss:0kB, UID:998 pgtables:123kB oom_score_adj:0"
        }
        for number in 0..<20 {
            let time = Self.four + 2 + Double(number) * 7
            let id = "req-\(70_000 + number * 37)"
            world.add("web.log", time) {
                "\($0.iso) ERROR shop.web: connection to server at \"db1\" (10.0.0.5), port 5432 failed: Connection "
                    + "refused request_id=\(id)"
            }
            world.add("pay.log", time + 1) { "\($0.iso) ERROR pay.gw: charge for \(id) aborted by the caller" }
        }
        return world
    }

    @Test func `a killed process, the database gone and payments failing are one incident with the kernel at its root`()
        async throws
    {
        let report = try await report(cascade())
        let incident = try #require(report.incidents.first)
        let root = try #require(incident.suspects.first)
        #expect(root.title.lowercased().contains("memory"))
        #expect(root.confidence > 0.5)
        #expect(root.component == "kernel")
        #expect(incident.severity == .critical)
        #expect(incident.failures >= 41)
        #expect(Set(incident.components.map(\.name)).isSuperset(of: ["kernel", "shop.web", "pay.gw"]))
        #expect(incident.components.first?.name == "kernel")
        #expect(titles(incident, report).contains { $0.contains("aborted by the caller") })
        // Whose line names the machine on which the kernel spoke.
        #expect(root.reasons.contains { $0.text.contains("db1") })
        checkCitations(report)
    }

    @Test func `an incident is the same however the logs were cut and merged`() async throws {
        let folder = try TestFolder()
        let inputs = try cascade().write(to: folder)
        let whole = Report(await Project.analyze(inputs)).incidents
        var merged = Summary()
        for input in inputs.reversed() { merged.merge(await Project.analyze([input])) }
        #expect(Report(merged).incidents.map(\.findings) == whole.map(\.findings))
        #expect(Report(merged).incidents.first?.suspects == whole.first?.suspects)
        let jobs = Report(await Project.analyze(inputs, jobs: 4, batch: 128 << 10)).incidents
        #expect(jobs == whole)
    }

    @Test func `troubles of two machines at the same time stay apart`() async throws {
        var world = World()
        for second in stride(from: 0, to: 21_600, by: 60) {
            for host in ["alpha", "beta"] {
                world.add("sys.log", Double(second)) { "\($0.syslog) \(host) cron[77]: job \(second) done" }
            }
        }
        for number in 0..<20 {
            let time = Self.four + Double(number) * 3
            world.add("sys.log", time) { "\($0.syslog) alpha store[8]: error: checksum of page \(number) is wrong" }
            world.add("sys.log", time + 1) { "\($0.syslog) alpha indexer[9]: error: cannot write segment \(number)" }
            world.add("sys.log", time + 1) {
                "\($0.syslog) beta vpn[3]: error: certificate expired for tunnel \(number)"
            }
            world.add("sys.log", time + 2) { "\($0.syslog) beta sync[4]: error: replication failed, attempt \(number)" }
        }
        let report = try await report(world)
        let components = report.incidents.map { Set($0.components.map(\.name)) }
        #expect(
            components.contains { $0.isSuperset(of: ["store", "indexer"]) && $0.isDisjoint(with: ["vpn", "sync"]) })
        #expect(
            components.contains { $0.isSuperset(of: ["vpn", "sync"]) && $0.isDisjoint(with: ["store", "indexer"]) })
        // Who reads of one hears of the other.
        #expect(report.incidents.first?.statements.contains { $0.text.contains("at about the same time") } == true)
        checkCitations(report)
    }

    @Test func `a deployment that breaks one component is told, and steady errors are no part of it`() async throws {
        var world = World()
        for second in stride(from: 0, to: 21_600, by: 60) {
            world.add("shop.log", Double(second)) { "\($0.iso) INFO shop.cart: request \(second) served" }
            if second % 180 == 0 {
                world.add("shop.log", Double(second) + 0.5) {
                    "\($0.iso) ERROR shop.mail: cannot send receipt \(second) to the customer"
                }
            }
        }
        world.add("shop.log", Self.four - 40) { "\($0.iso) INFO shop.ops: Deployed release 2.3.1 of shop.price" }
        for number in 0..<100 {
            world.add("shop.log", Self.four + Double(number) * 5) {
                "\($0.iso) ERROR shop.price: no rule for currency \(number)"
            }
        }
        let report = try await report(world)
        let first = try #require(report.incidents.first)
        #expect(first.components.map(\.name) == ["shop.price"])
        #expect(first.statements.first?.text.contains("40 s before it began") == true)
        #expect(first.statements.first?.text.contains("Deployed release") == true)
        // What fails all day is no story.
        #expect(report.incidents.count == 1)
        checkCitations(report)
    }

    @Test func `what comes twice in a day is two incidents`() async throws {
        var world = World()
        for second in stride(from: 0, to: 43_200, by: 60) {
            world.add("a.log", Double(second)) { "\($0.iso) INFO app: tick \(second)" }
        }
        for start in [7_200.0, 36_000.0] {
            for number in 0..<10 {
                world.add("a.log", start + Double(number) * 2) { "\($0.iso) ERROR app.db: table \(number) is locked" }
                world.add("a.log", start + 1 + Double(number) * 2) {
                    "\($0.iso) ERROR app.web: page \(number) not made"
                }
            }
        }
        let report = try await report(world)
        #expect(report.incidents.count == 2)
        #expect(report.incidents.allSatisfy { $0.findings.count == 2 && $0.failures == 20 })
        #expect(report.incidents.allSatisfy { $0.suspects.first?.component == "app.db" })
        checkCitations(report)
    }

    @Test func `without times only an id joins`() async throws {
        var world = World()
        for number in 0..<5 {
            world.add("a.log", Double(number)) { _ in "ERROR api: order failed txn=tx-55\(number)01" }
            world.add("b.log", Double(number)) { _ in "ERROR ledger: booking refused txn=tx-55\(number)01" }
            world.add("c.log", Double(number)) { _ in "ERROR mailer: no template for language \(number)" }
        }
        let report = try await report(world)
        let incident = try #require(report.incidents.first)
        #expect(report.incidents.count == 1)
        #expect(incident.findings.count == 2)
        #expect(incident.start == Timestamp.none)
        checkCitations(report)
    }
}
