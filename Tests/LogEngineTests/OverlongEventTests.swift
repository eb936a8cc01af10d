import LogAnalysis
import LogCore
import LogEngine
import Testing

private let header = "2026-11-22 10:00:00,123 ERROR [main] shop.Cart - "
private let next = "2026-11-22 10:00:01,123 INFO [main] shop.Cart - the next line"

/// Events longer than any may be: their first bytes are kept, their length is told, and nothing behind them suffers.
@Suite struct OverlongEventTests {
    private func check(
        _ event: String, _ batch: Int = Limits.batchBytes, sourceLocation: SourceLocation = #_sourceLocation
    )
        async throws
    {
        let folder = try TestFolder()
        let before = "2026-11-22 09:59:59,123 INFO [main] shop.Cart - before"
        let bytes = Array("\(before)\n\(event)\n\(next)\n\(next)\n".utf8)
        let input = try folder.write(bytes, "a.log")
        let events = try await Project.events([input], batch: batch)
        #expect(events.count == 4, "events", sourceLocation: sourceLocation)
        guard events.count == 4 else { return }
        #expect(events[0].message == "before", sourceLocation: sourceLocation)
        let isOver = event.utf8.count > Limits.eventBytes
        #expect(events[1].truncatedFrom == (isOver ? event.utf8.count : nil), sourceLocation: sourceLocation)
        #expect(events[1].level == "ERROR", sourceLocation: sourceLocation)
        #expect(events[1].message.utf8.count <= Limits.eventBytes, sourceLocation: sourceLocation)
        #expect(
            events[1].message.utf8.count >= min(event.utf8.count, Limits.eventBytes) - 200,
            sourceLocation: sourceLocation)
        #expect(events[2].message == "the next line", sourceLocation: sourceLocation)
        #expect(events[2].offset == before.utf8.count + event.utf8.count + 2, sourceLocation: sourceLocation)
        let line = 3 + event.utf8.count { $0 == 0x0A }
        #expect(events[2].line == line, sourceLocation: sourceLocation)
        #expect(events[3].message == "the next line", sourceLocation: sourceLocation)

        let ledger = await Project.analyze([input], jobs: 2, batch: batch).ledger
        #expect(ledger.bytes == Int64(bytes.count), sourceLocation: sourceLocation)
        #expect(ledger.accounted == ledger.bytes, sourceLocation: sourceLocation)
        #expect(ledger.lines == Int64(line + 1), sourceLocation: sourceLocation)
        #expect(ledger.events == 4, sourceLocation: sourceLocation)
        #expect(ledger.truncatedEvents == (isOver ? 1 : 0), sourceLocation: sourceLocation)
        // A little more than need be may go where the batch ends within a line.
        let over = Int64(max(0, event.utf8.count - Limits.eventBytes))
        #expect(ledger.truncatedBytes >= over, sourceLocation: sourceLocation)
        #expect(ledger.truncatedBytes <= (isOver ? over + 200 : 0), sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        Limits.eventBytes - 1, Limits.eventBytes, Limits.eventBytes + 1, 2 * Limits.eventBytes - 80,
        2 * Limits.eventBytes - 1, 2 * Limits.eventBytes + 1, 3 * Limits.eventBytes,
    ])
    func `an event in one line of any length leaves the next line intact`(length: Int) async throws {
        try await check(header + String(repeating: "x", count: length - header.utf8.count))
    }

    @Test func `an event of a hundred thousand lines leaves the next line intact`() async throws {
        let lines = (0..<100_000).map { "\tat com.example.shop.Cart.load(Cart.java:\($0))" }
        try await check(header + "no answer\n" + lines.joined(separator: "\n"))
    }

    /// The batch that finds the event overlong may end anywhere in the line behind it.
    @Test(arguments: Array(stride(from: -76, through: 8, by: 28)))
    func `an overlong event of many lines may end anywhere before the end of a batch`(distance: Int) async throws {
        let line = "\n\tat com.example.shop.Cart.load(Cart.java:42)"
        let length = 2 * Limits.eventBytes + distance
        var event = header + "no answer"
        while event.utf8.count + 2 * line.utf8.count < length { event += line }
        event += "\n\t" + String(repeating: "y", count: length - event.utf8.count - 2)
        try await check(event)
    }

    @Test func `an overlong event in a file without times leaves the next line intact`() async throws {
        let folder = try TestFolder()
        let long = #"{"level":"error","msg":""# + String(repeating: "x", count: 3 << 20) + #""}"#
        let short = #"{"level":"info","msg":"short"}"#
        let text = Array(repeating: short, count: 100).joined(separator: "\n") + "\n\(long)\n\(short)\n"
        let input = try folder.write(text, "a.log")
        let events = try await Project.events([input])
        #expect(events.count == 102)
        #expect(events.last?.message == "short")
        #expect(events.last?.line == 102)
        #expect(events.compactMap(\.truncatedFrom) == [long.utf8.count])
        let ledger = await Project.analyze([input]).ledger
        #expect(ledger.accounted == Int64(text.utf8.count))
        #expect(ledger.lines == 102)
    }

    @Test func `two overlong lines in a row are two events`() async throws {
        let folder = try TestFolder()
        let long = header + String(repeating: "x", count: 3 << 20)
        let input = try folder.write("\(long)\n\(long)\n\(next)\n", "a.log")
        let events = try await Project.events([input])
        #expect(events.map(\.truncatedFrom) == [long.utf8.count, long.utf8.count, nil])
        #expect(events.map(\.line) == [1, 2, 3])
        let ledger = await Project.analyze([input]).ledger
        #expect(ledger.accounted == ledger.bytes)
        #expect(ledger.truncatedEvents == 2)
    }

    @Test func `an overlong event at the end of a file, without LF`() async throws {
        let folder = try TestFolder()
        let long = header + String(repeating: "x", count: 5 << 20)
        let input = try folder.write("\(next)\n\(long)", "a.log")
        let events = try await Project.events([input])
        #expect(events.map(\.truncatedFrom) == [nil, long.utf8.count])
        let ledger = await Project.analyze([input]).ledger
        #expect(ledger.accounted == ledger.bytes)
        #expect(ledger.bytes == Int64(next.utf8.count + 1 + long.utf8.count))
        #expect(ledger.lines == 2)
    }
}
