import LogEngine
import Testing

/// Lines that begin with blanks because what stands in front of their time is aligned.
@Suite struct AlignedHeadTests {
    private func events(_ log: String, jobs: Int = 1, batch: Int = 1 << 20) async throws -> [ParsedEvent] {
        let folder = try TestFolder()
        return try await Project.events([try folder.write(log, "a.log")], jobs: jobs, batch: batch)
    }

    private static let padded = """
          3859:20200328:115244.214 Starting agent
        113859:20200328:115245.214 no answer
            at shop.Cart.load(Cart.java:42)
              2020-03-28 11:52:45 was the last try
          3859:20200328:115246.214 retry
         13860:20200328:115247.214 connected

        """

    /// As Zabbix has it, for which there is a format, and in a layout of nobody.
    @Test(arguments: [":20200328:1152", " 2020-03-28 11:52:"])
    func `a line that has its time where the others have it begins an event`(layout: String) async throws {
        let log = Self.padded.replacing(":20200328:1152", with: layout)
        let events = try await events(log)
        #expect(events.map(\.line) == [1, 2, 5, 6])
        #expect(events.map(\.timestamp) == (44...47).map { "2020-03-28T11:52:\($0).214Z" })
        #expect(events.allSatisfy { $0.timeSource == "line" })
        #expect(Set(events.map(\.format)) == [layout.hasPrefix(":") ? "zabbix" : "generic"])
        #expect(events[1].message.hasSuffix("was the last try"))
    }

    @Test func `whichever width the first one has`() async throws {
        let lines = Self.padded.split(separator: "\n").suffix(2) + Self.padded.split(separator: "\n").prefix(2)
        #expect(try await events(lines.joined(separator: "\n") + "\n").count == 4)
    }

    @Test func `where times begin their lines, one behind blanks is no head`() async throws {
        let log = """
            2020-03-28 11:52:44 ERROR no answer
                2020-03-28 11:52:43 was the last try
              12 2020-03-28 11:52:42 the one before
            2020-03-28 11:52:45 INFO retry

            """
        #expect(try await events(log).map(\.line) == [1, 4])
    }

    @Test func `a row of numbers and times within a trace is no head`() async throws {
        let log = """
            2020-03-28 11:52:44 ERROR query failed
             id | time
             12 | 2020-03-28 11:52:42
            113 | 2020-03-28 11:52:42
            2020-03-28 11:52:45 INFO retry

            """
        let events = try await events(log)
        #expect(events.last?.line == 5 && !events.contains { $0.line == 3 })
    }

    @Test func `rich writes a second once`() async throws {
        let log = """
            [06/15/24 09:52:16] INFO     Loading visual model                                cache.py:31
                                         of the cart
                                WARNING  No GPU
            [06/15/24 09:52:17] ERROR    No answer
                                  File "cart.py", line 3

            """
        let events = try await events(log)
        #expect(events.map(\.line) == [1, 3, 4])
        #expect(events.map(\.level) == ["INFO", "WARNING", "ERROR"])
        #expect(events.map(\.timestamp) == [16, 16, 17].map { "2024-06-15T09:52:\($0).000Z" })
        #expect(events.map(\.timeSource) == ["line", "inherited", "line"])
    }

    @Test func `one worker or many, small batches or large, the events are the same`() async throws {
        let log = String(repeating: Self.padded, count: 2_000)
        let expected = try await events(log, batch: 64 << 20)
        #expect(expected.count == 8_000)
        for (jobs, batch) in [(1, 128 << 10), (2, 130_000), (4, 128 << 10)] {
            let same = try await events(log, jobs: jobs, batch: batch).map(\.offset) == expected.map(\.offset)
            #expect(same, "jobs \(jobs), batches of \(batch)")
        }
    }
}
