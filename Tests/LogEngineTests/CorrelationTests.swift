import Foundation
import LogAnalysis
import LogCore
import LogEngine
import LogLua
import Testing

/// Correlation finds the same whatever the number of workers, the cuts, the sharing out over files, and the restarts.
@Suite(.timeLimit(.minutes(20)))
struct CorrelationTests {
    /// Failed logins from a few addresses, in bursts, over some hours; the same for the same seed.
    private static func logins(_ seed: UInt64, count: Int) -> [(time: Int64, line: String)] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var time: Int64 = 1_763_800_000
        return (0..<count).map { number in
            time += Int64(next(8) == 0 ? next(600) : next(20))
            // Up to 20 s out of order.
            let shown = time - Int64(next(20))
            let stamp = Timestamp.parts(shown * Timestamp.second)
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            let clock = "\(two(stamp.hour)):\(two(stamp.minute)):\(two(stamp.second))"
            let text =
                "\(stamp.year)-\(two(stamp.month))-\(two(stamp.day))T\(clock)Z web1 sshd[\(1000 + number)]: "
                + "Failed password for user\(next(4)) from 192.0.2.\(next(3) + 1) port \(4000 + number) ssh2\n"
            return (shown, text)
        }
    }

    private static func run(
        _ inputs: [Input], jobs: Int = 1, batch: Int = Limits.batchBytes, saved: SavedCorrelation? = nil,
        keepsState: Bool = false
    ) async throws -> (findings: [String: FindingSummary], saved: SavedCorrelation) {
        let catalog = Project.catalog
        var options = RunOptions(jobs: jobs)
        options.batchBytes = batch
        var correlationOptions = CorrelationOptions()
        correlationOptions.saved = saved
        correlationOptions.goesOn = keepsState
        let plan = try #require(catalog.correlation)
        let correlation = Correlation(
            plan, sources: inputs.map(\.path), options: correlationOptions, filter: EventFilter())
        let summary = await Engine(catalog).analyze(
            inputs, options, plugins: try PluginRun(catalog, correlation: correlation))
        return (summary.findings.filter { !$0.value.cases.isEmpty }, correlation.save())
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `workers and cuts don't change what is found`(seed: UInt64) async throws {
        let folder = try TestFolder()
        let lines = Self.logins(seed, count: 3_000)
        let input = try folder.write(lines.map(\.line).joined(), "auth.log")
        let expected = try await Self.run([input]).findings
        #expect(expected["sshd.brute-force"] != nil)
        for jobs in [1, 2, 4] {
            for batch in [997, 4_096, 65_536] {
                let found = try await Self.run([input], jobs: jobs, batch: batch).findings
                #expect(found == expected, "\(jobs) jobs, batches of \(batch)")
            }
        }
    }

    @Test(arguments: [4, 5] as [UInt64])
    func `lines shared out over files are found as in one file`(seed: UInt64) async throws {
        let folder = try TestFolder()
        let lines = Self.logins(seed, count: 2_000)
        let whole = try folder.write(lines.map(\.line).joined(), "whole/auth.log")
        var parts = ["", "", ""]
        for (index, line) in lines.enumerated() { parts[(index * 7) % 3] += line.line }
        let inputs = try parts.enumerated().map { try folder.write($0.element, "parts/\($0.offset).log") }
        func times(_ findings: [String: FindingSummary]) -> [String: [Int64?]] {
            findings.mapValues { $0.cases.map(\.time) }
        }
        let expected = try await Self.run([whole]).findings
        for jobs in [1, 2] {
            let found = try await Self.run(inputs, jobs: jobs, batch: 2_048).findings
            #expect(times(found).mapValues(\.count) == times(expected).mapValues(\.count), "\(jobs) jobs")
        }
    }

    @Test(arguments: [6, 7, 8] as [UInt64])
    func `a log that grew between two runs is found as in one run`(seed: UInt64) async throws {
        let folder = try TestFolder()
        let lines = Self.logins(seed, count: 1_500).map(\.line)
        let input = try folder.write(lines.joined(), "auth.log")
        let expected = try await Self.run([input], keepsState: true).findings
        var found: [String: [FindingCase]] = [:]
        var saved: SavedCorrelation?
        for end in [200, 203, 900, 1_500] {
            // The same file, longer: as a log grows.
            let opened = FileHandle(forWritingAtPath: input.path)
            let handle = try #require(opened)
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: Data(lines[..<end].joined().utf8))
            try handle.close()
            if let before = saved {
                // Over the end of the program it goes as JSON.
                saved = try JSONDecoder().decode(SavedCorrelation.self, from: try JSONEncoder().encode(before))
            }
            let run = try await Self.run([input], jobs: 2, batch: 1_024, saved: saved, keepsState: true)
            for (id, finding) in run.findings { found[id, default: []] += finding.cases }
            saved = run.saved
        }
        #expect(found == expected.mapValues(\.cases))
    }

    @Test func `a single time far ahead doesn't make what follows late`() async throws {
        let folder = try TestFolder()
        var lines = Self.logins(9, count: 500).map(\.line)
        let expected = try await Self.run([try folder.write(lines.joined(), "a.log")]).findings
        lines.insert("2099-01-01T00:00:00Z web1 sshd[1]: Server listening on 0.0.0.0 port 22.\n", at: 100)
        let found = try await Self.run([try folder.write(lines.joined(), "b.log")]).findings
        #expect(found.mapValues { $0.cases.map(\.time) } == expected.mapValues { $0.cases.map(\.time) })
        #expect(!expected.isEmpty)
    }

    @Test func `what comes after hours of quiet keeps its own time`() async throws {
        let folder = try TestFolder()
        var text = "2026-11-20T01:00:00Z web1 sshd[1]: Server listening on 0.0.0.0 port 22.\n"
        for second in 0..<10 {
            text += "2026-11-20T13:00:0\(second)Z web1 sshd[2]: Failed password for root from 192.0.2.9 port 40 ssh2\n"
        }
        let found = try await Self.run([try folder.write(text, "quiet.log")]).findings
        #expect(found["sshd.brute-force"]?.cases.count == 1)
    }

    @Test func `what a damaged state holds is not believed`() async throws {
        let folder = try TestFolder()
        let input = try folder.write(Self.logins(10, count: 300).map(\.line).joined(), "auth.log")
        let saved = try await Self.run([input], keepsState: true).saved
        var text = String(decoding: try JSONEncoder().encode(saved), as: UTF8.self)
        let marker = "\"correlations\":\""
        let place = text.range(of: marker)
        let range = try #require(place)
        text.replaceSubrange(range.upperBound..<text.index(range.upperBound, offsetBy: 8), with: "deadbeef")
        let damaged = try JSONDecoder().decode(SavedCorrelation.self, from: Data(text.utf8))
        // It begins anew, and goes on.
        _ = try await Self.run([input], saved: damaged)
    }

    @Test func `what is read in the order of the input is correlated in that of time, whatever has room`() async throws
    {
        let folder = try TestFolder()
        let lines = Self.logins(11, count: 20_000)
        let inputs = try (0..<2).map { part in
            try folder.write(
                lines.enumerated().filter { $0.offset % 2 == part }.map(\.element.line).joined(), "part\(part).log")
        }
        let catalog = Project.catalog
        let plan = try #require(catalog.correlation)
        let target = try folder.write("", "out")
        for jobs in [1, 3] {
            var options = RunOptions(jobs: jobs)
            options.batchBytes = 4_096
            var summaries: [Summary] = []
            for memory in [64 << 20, 3 << 20] {
                var correlationOptions = CorrelationOptions()
                correlationOptions.memory = memory
                let correlation = Correlation(
                    plan, sources: inputs.map(\.path), options: correlationOptions, filter: EventFilter())
                let handle = try #require(FileHandle(forWritingAtPath: target.path))
                summaries.append(
                    await Engine(catalog).parse(
                        inputs, options, output: OrderedOutput(descriptor: handle.fileDescriptor),
                        plugins: try PluginRun(catalog, correlation: correlation)))
            }
            #expect(summaries[0].findings["sshd.brute-force"] != nil)
            #expect(summaries[0].findings == summaries[1].findings)
            #expect(summaries[1].warnings.filter { $0.hasPrefix("correlation") } == [])
        }
    }
}
