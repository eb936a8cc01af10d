import Foundation
import LogEngine
import Testing

/// Events of several lines are the same wherever the bytes were cut.
@Suite struct SeveralLinesTests {
    private static let samples = [
        "compose-trace", "cri-trace", "docker-trace", "dotnet-trace", "dumps", "go-crash", "java-trace", "kernel-oops",
        "mysql_slow-compose", "mysql_slow-syslog", "native-crash", "node-crash", "php-trace", "postgres-stderr",
        "pretty-json", "python-chained", "ruby-trace",
        "sanitizer", "syslog-trace",
    ]

    @Test(arguments: samples)
    func `one worker or many, small batches or large, parse writes the same`(sample: String) async throws {
        let folder = try TestFolder()
        let lines = Array(try Data(contentsOf: URL(fileURLWithPath: "\(Project.root)/samples/\(sample)/input.log")))
        var bytes: [UInt8] = []
        while bytes.count < 400_000 { bytes += lines }
        let inputs = [try folder.write(bytes, "a.log", modified: 1_795_154_400)]
        let expected = try await Project.parse(inputs, jobs: 1, batch: 64 << 20).output
        for (jobs, batch) in [(1, 128 << 10), (2, 130_000), (4, 128 << 10)] {
            let output = try await Project.parse(inputs, jobs: jobs, batch: batch).output
            let same = output == expected
            #expect(same, "jobs \(jobs), batches of \(batch)")
        }
    }
}
