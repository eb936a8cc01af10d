import LogAnalysis
import LogCore
import LogEngine
import Testing

/// The result depends on the input alone: not on the number of workers, nor on where the bytes were cut.
@Suite struct SameResultTests {
    /// Larger than any file of these tests: one batch, no cut.
    private static let whole = 64 << 20
    /// The smallest batch that holds all of the head from which formats are detected.
    private static let small = 128 << 10

    private func files(_ kinds: [MadeUpLog.Kind], _ folder: TestFolder, bytes: Int, seed: UInt64) throws -> [Input] {
        try kinds.enumerated().map { index, kind in
            let log = MadeUpLog(kind, bytes: bytes, seed: seed &+ UInt64(index) &* 1_000)
            return try folder.write(log.bytes, "\(kind.rawValue).log", modified: log.modified)
        }
    }

    @Test(arguments: MadeUpLog.Kind.allCases)
    func `one worker or many, small batches or large, the summary is equal`(kind: MadeUpLog.Kind) async throws {
        let folder = try TestFolder()
        let inputs = try files([kind], folder, bytes: 450_000, seed: 11)
        let expected = await Project.analyze(inputs, jobs: 1, batch: Self.whole)
        #expect(expected.ledger.accounted == expected.ledger.bytes)
        #expect(expected.tally.count > 1_000)
        for (jobs, batch) in [(1, Self.small), (2, Self.small + 4_321), (4, Self.small)] {
            let summary = await Project.analyze(inputs, jobs: jobs, batch: batch)
            #expect(differences(summary, expected) == [], "jobs \(jobs), batches of \(batch)")
        }
    }

    @Test func `a folder of all kinds gives an equal summary with any number of workers`() async throws {
        let folder = try TestFolder()
        let inputs = try files(MadeUpLog.Kind.allCases, folder, bytes: 300_000, seed: 23)
        let expected = await Project.analyze(inputs, jobs: 1, batch: Self.whole)
        for (jobs, batch) in [(2, Limits.batchBytes), (4, Self.small)] {
            let summary = await Project.analyze(inputs, jobs: jobs, batch: batch)
            #expect(differences(summary, expected) == [], "jobs \(jobs), batches of \(batch)")
        }
    }

    @Test(arguments: MadeUpLog.Kind.allCases)
    func `parse writes the same bytes with one worker and four, in small batches and large`(
        kind: MadeUpLog.Kind
    ) async throws {
        let folder = try TestFolder()
        let inputs = try files([kind, .access], folder, bytes: 300_000, seed: 37)
        let expected = try await Project.parse(inputs, jobs: 1, batch: Self.whole).output
        for (jobs, batch) in [(1, Self.small), (4, Self.small), (4, Limits.batchBytes)] {
            let output = try await Project.parse(inputs, jobs: jobs, batch: batch).output
            let same = output == expected
            #expect(same, "jobs \(jobs), batches of \(batch): \(firstDifference(output, expected))")
        }
    }

    @Test(arguments: MadeUpLog.Kind.allCases)
    func `parse finds every event that was written, at its line`(kind: MadeUpLog.Kind) async throws {
        let folder = try TestFolder()
        let log = MadeUpLog(kind, bytes: 300_000, seed: 41)
        let input = try folder.write(log.bytes, "a.log", modified: log.modified)
        let events = try await Project.events([input], jobs: 2, batch: Self.small)
        #expect(events.map(\.line) == log.eventLines)
        let strangers = events.count { $0.format == "generic" }
        // The stretch in which a file goes on as another one may be looked at too early.
        #expect(strangers == 0 || kind == .timeless || kind == .switching && strangers < 200)
        if kind == .containers {
            #expect(Set(events.map(\.format)) == ["cri", "cri+json", "cri+logfmt"])
            #expect(events.count { $0.format == "cri+json" } * 3 > events.count)
        }
        if kind == .build { #expect(Set(events.map(\.format)) == ["maven"]) }
        if kind == .switching { #expect(events.last?.format == "zap") }
        if kind == .headed { #expect(Set(events.map(\.format)) == ["w3c", "iis_w3c"]) }
        if kind != .timeless && kind != .jsonTimeless && kind != .build {
            let untimed = events.first { $0.timestamp == nil }
            #expect(kind == .mixed || untimed == nil, "line \(untimed?.line ?? 0)")
        }
    }

    @Test(arguments: [
        #"{"time":"2026-11-20T05:00:00Z","level":"error","msg":"payment rejected"}"#,
        #"{"level":"error","msg":"payment rejected"}"#,
        "ERROR: payment rejected",
    ])
    func `what a small file goes on with behind the lines that were looked at is not its last event's`(
        line: String
    ) async throws {
        let folder = try TestFolder()
        let steps = (0..<700).map { "2026-11-20 04:\(10 + $0 / 60):\(10 + $0 % 50),123 INFO app.core: step \($0)\n" }
        let log = steps.joined() + String(repeating: line + "\n", count: 300)
        let input = try folder.write(log, "a.log")
        for (jobs, batch) in [(1, Self.small), (2, Limits.batchBytes)] {
            let events = try await Project.events([input], jobs: jobs, batch: batch)
            #expect(events.count == 1_000)
            #expect(events.suffix(300).allSatisfy { $0.level == "ERROR" })
        }
    }

    @Test func `summaries of parts merge into the summary of the whole, in any order`() async throws {
        let left = try TestFolder()
        let right = try TestFolder()
        let a = try files([.access, .javaTraces, .jsonTimed, .syslogOverNewYear], left, bytes: 200_000, seed: 51)
        let b = try files([.pythonTraces, .timeless, .javaTraces, .syslog5424], right, bytes: 200_000, seed: 61)
        let whole = await Project.analyze(a + b, jobs: 2)
        let first = await Project.analyze(a)
        let second = await Project.analyze(b)
        var merged = first
        merged.merge(second)
        #expect(differences(merged, whole) == [])
        var reversed = second
        reversed.merge(first)
        #expect(differences(reversed, whole) == [])
        var withNothing = whole
        withNothing.merge(Summary())
        #expect(differences(withNothing, whole) == [])
    }

    @Test func `what the words around a value say of it doesn't depend on which event came first`() async throws {
        let folder = try TestFolder()
        let inputs = try ["/pay", "/login"].map { path in
            let line = "203.0.113.7 - - [20/Nov/2026:04:00:00 +0000] \"POST \(path) HTTP/1.1\" 200 12\n"
            return try folder.write(String(repeating: line, count: 5), "\(path.utf8.count).log")
        }
        var merged = await Project.analyze([inputs[0]])
        merged.merge(await Project.analyze([inputs[1]]))
        #expect(differences(merged, await Project.analyze(inputs)) == [])
    }

    @Test func `a year-less log that is compressed gives the same years with any batches`() async throws {
        let folder = try TestFolder()
        let log = MadeUpLog(.syslogOverNewYear, bytes: 450_000, seed: 71)
        let input = try folder.write(Gzip.stored(log.bytes), "syslog.gz", modified: log.modified)
        let expected = await Project.analyze([input], batch: Self.whole)
        for (jobs, batch) in [(1, Self.small), (4, Self.small + 999)] {
            let summary = await Project.analyze([input], jobs: jobs, batch: batch)
            #expect(differences(summary, expected) == [], "jobs \(jobs), batches of \(batch)")
        }
        let years = try await Project.events([input], batch: Self.small).compactMap(\.timestamp).map { $0.prefix(4) }
        #expect(Set(years) == ["2025", "2026"])
        #expect(years == years.sorted())
    }

    @Test func `a rule at whose limits PCRE2 gave up is named once, whatever the number of workers`() async throws {
        let folder = try TestFolder()
        try folder.write(
            """
            id: slow.nested
            title: Nested repetition
            status: stable
            level: error
            match: 'value (x+x+)+y'
            cause: None.
            fix: [None.]
            docs:
              - { title: None, url: "https://example.com/" }
            tests:
              - line: 'value xxy'
              - { line: 'value', matches: false }
            """, "rules/slow/nested.yml")
        var folders = CatalogFolders()
        folders.rules = [folder.path("rules")]
        let catalog = Catalog.load(folders)
        #expect(catalog.diagnostics.map(\.message) == [])
        let line = "2026-11-22 10:00:00 value " + String(repeating: "x", count: 200) + " and no more, why\n"
        let input = try folder.write(String(repeating: line, count: 8), "a.log")
        let other = try folder.write(String(repeating: line, count: 3), "b.log")
        let one = await Engine(catalog).analyze([input, other], Project.options(jobs: 1))
        let many = await Engine(catalog).analyze([input, other], Project.options(jobs: 4))
        #expect(one.warnings.count == 1)
        #expect(one.warnings.first?.contains("slow.nested") == true)
        #expect(one.findings.isEmpty)
        #expect(differences(many, one) == [])
    }

    /// Findings of ten events by rule, where rules a, b and c find `disk full` in ever more of them, and their level.
    private func found(over: [String: String]) async throws -> (counts: [String: Int64], levels: [String]) {
        let folder = try TestFolder()
        for (name, level, pattern) in [
            ("a", "warning", "table \\w+: disk full"), ("b", "error", "disk full"), ("c", "critical", "full"),
        ] {
            try folder.write(
                """
                id: many.\(name)
                title: \(name)
                status: stable
                level: \(level)
                match: '\(pattern)'
                \(over[name].map { "over: [\($0)]" } ?? "status_of: none")
                cause: None.
                fix: [None.]
                docs:
                  - { title: None, url: "https://example.com/" }
                tests:
                  - line: 'table x: disk full'
                  - { line: 'value', matches: false }
                """.replacing("status_of: none\n", with: ""), "rules/many/\(name).yml")
        }
        var folders = CatalogFolders()
        folders.rules = [folder.path("rules")]
        let catalog = Catalog.load(folders)
        #expect(catalog.diagnostics.map(\.message) == [])
        let lines = (0..<10).map { number in
            let text = number < 3 ? "table t\(number): disk full" : number < 6 ? "disk full" : "full"
            return "2026-11-22 10:00:0\(number) \(text)\n"
        }
        let input = try folder.write(lines.joined(), "a.log")
        let summary = await Engine(catalog).analyze([input], Project.options(jobs: 1))
        let levels = Severity.allCases.flatMap { level in
            summary.byRank[level.rank] > 0 ? ["\(summary.byRank[level.rank]) \(level)"] : []
        }
        return (summary.findings.mapValues(\.tally.count), levels)
    }

    @Test func `an event that a special rule finds is none of the general ones that it is over`() async throws {
        let none = try await found(over: [:])
        #expect(none.counts == ["many.a": 3, "many.b": 6, "many.c": 10])
        #expect(none.levels == ["10 critical"])
        let one = try await found(over: ["a": "many.b"])
        #expect(one.counts == ["many.a": 3, "many.b": 3, "many.c": 10])
        // What that one is over in turn, too; and the level is that of the rule that stays.
        let chain = try await found(over: ["a": "many.b", "b": "many.c"])
        #expect(chain.counts == ["many.a": 3, "many.b": 3, "many.c": 4])
        #expect(chain.levels == ["3 warning", "3 error", "4 critical"])
        // In a circle nobody gives way.
        let circle = try await found(over: ["a": "many.b", "b": "many.a"])
        #expect(circle.counts == ["many.a": 3, "many.b": 6, "many.c": 10])
    }

    @Test func `more workers than files, and no file at all, end well`() async throws {
        let folder = try TestFolder()
        let inputs = try files([.access], folder, bytes: 5_000, seed: 81)
        let one = await Project.analyze(inputs, jobs: 1)
        let many = await Project.analyze(inputs, jobs: 16)
        #expect(differences(one, many) == [])
        let none = await Project.analyze([], jobs: 4)
        #expect(none.tally.count == 0)
        #expect(none.sources.isEmpty)
        #expect(try await Project.parse([], jobs: 4).output.isEmpty)
    }

    private func firstDifference(_ a: [UInt8], _ b: [UInt8]) -> String {
        if a == b { return "none" }
        let left = a.split(separator: 0x0A)
        let right = b.split(separator: 0x0A)
        for (number, (x, y)) in zip(left, right).enumerated() where x != y {
            return "line \(number + 1): \(String(decoding: x, as: UTF8.self)) / \(String(decoding: y, as: UTF8.self))"
        }
        return "\(left.count) / \(right.count) lines"
    }
}
