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

    @Test func `what joined lines add to an event stays with it, whatever is read next`() async throws {
        // Where a table's header stands in the file, the reader looks for columns when the events are read.
        let lines = [
            "#Fields: Timestamp,SessionId,Agent,Event,Action,SmtpResponse,Reason,ReasonData,Diagnostics,NetworkMsgID",
            "Nov 20 04:00:16 app1 shop[412]: Caused by: java.net.ConnectException: Connection refused",
            "Nov 20 04:00:16 app1 shop[412]: #011... 12 more",
        ]
        let folder = try TestFolder()
        let input = try folder.write(lines.joined(separator: "\n") + "\n", "app-20261120.log")
        let events = try await Project.events([input])
        #expect(
            events.map(\.message).suffix(1) == [
                "Caused by: java.net.ConnectException: Connection refused\n#011... 12 more"
            ])
        let output = try await Project.parse([input], jobs: 1, batch: 1 << 20).output
        #expect(String(decoding: output, as: UTF8.self).contains(#""exception":"java.net.ConnectException""#))
    }
}
