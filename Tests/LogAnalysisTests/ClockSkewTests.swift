import LogCore
import Testing

@testable import LogAnalysis

@Suite struct ClockSkewTests {
    private struct Seen {
        var id: Int
        var time: Int64
        var source: String
    }

    private func hash(_ id: Int) -> UInt64 {
        let text = "request-\(id)"
        return textHash(Array(text.utf8).span)
    }

    private func times(_ seen: [Seen]) -> IdentityTimes {
        var times = IdentityTimes()
        for event in seen { times.add(hash(event.id), at: event.time, in: event.source) }
        return times
    }

    /// Ids that go from one source to another, `delay` seconds later.
    private func way(
        _ count: Int, to other: String = "app.log", delay: (Int, inout SeededGenerator) -> Double
    ) -> [Seen] {
        var random = SeededGenerator(state: 3)
        return (0..<count).flatMap { id -> [Seen] in
            let time = MadeUp.time(Double(id) * 7)
            let later = time + Int64(delay(id, &random) * 1e9)
            return [Seen(id: id, time: time, source: "gateway.log"), Seen(id: id, time: later, source: other)]
        }
    }

    private func text(_ seen: [Seen]) -> [String] { TimeNote.all([], ClockSkew.all(times(seen))).map(\.text) }

    @Test func `a clock that is behind is told`() throws {
        let seen = way(40) { _, random in -3.2 + Double.random(in: 0...0.3, using: &random) }
        let skew = try #require(ClockSkew.all(times(seen)).first)
        #expect((skew.behind, skew.ahead, skew.ids) == ("app.log", "gateway.log", 40))
        #expect((2_900_000_000...3_200_000_000).contains(skew.median))
        #expect(text(way(40) { _, _ in -3.2 }) == ["app.log 3.2 s behind gateway.log, by 40 shared ids"])
    }

    @Test func `nothing is told of clocks that agree, of few ids, and of ways that take more or less time`() {
        #expect(text(way(500) { _, random in Double.random(in: 0...1.5, using: &random) }) == [])
        #expect(text(way(4) { _, _ in 30 }) == [])
        // A queue, and retries that grow.
        #expect(text(way(500) { _, random in Double.random(in: 0...20, using: &random) }) == [])
        #expect(text(way(500) { id, _ in Double(1 << (id % 8)) }) == [])
        #expect(text([]) == [])
    }

    @Test func `a zone is told by what it is`() throws {
        let notes = TimeNote.all([], ClockSkew.all(times(way(20) { id, _ in 7_200 + Double(id % 3) * 0.1 })))
        #expect(notes.map(\.text) == ["gateway.log 2 h behind app.log, by 20 shared ids"])
        #expect(notes[0].hint.contains("--tz"))
    }

    @Test func `what follows from another pair is not told again`() {
        let seen =
            way(20) { _, _ in 0.1 } + way(20, to: "cart.log") { _, _ in 0.2 } + way(20, to: "db.log") { _, _ in -60 }
        #expect(text(seen) == ["db.log 1 min behind app.log and 2 others, by 20 shared ids"])
    }

    @Test func `the order of events and of merges makes no difference`() {
        var random = SeededGenerator(state: 7)
        let sources = ["a", "b", "c"]
        let seen = (0..<20_000).map { _ in
            Seen(
                id: Int.random(in: 0..<9_000, using: &random),
                time: MadeUp.time(Double.random(in: 0...9_999, using: &random)),
                source: sources[Int.random(in: 0..<3, using: &random)])
        }
        let whole = times(seen)
        #expect(whole.sources.values.reduce(0) { $0 + $1.count } <= IdentityTimes.limit)
        #expect(whole.sources.values.reduce(0) { $0 + $1.count } > IdentityTimes.limit / 3)
        #expect(times(seen.shuffled(using: &random)) == whole)
        var parts = stride(from: 0, to: seen.count, by: 777).map { times(Array(seen[$0..<min($0 + 777, seen.count)])) }
        parts.shuffle(using: &random)
        var merged = IdentityTimes()
        for part in parts { merged.merge(part) }
        #expect(merged == whole)

        // The table of a worker keeps the same.
        var table = IdentityTable()
        for event in seen {
            table.add(hash(event.id), at: event.time, in: sources.firstIndex(of: event.source) ?? 0)
        }
        #expect(table.times(sources) == whole)
    }
}
