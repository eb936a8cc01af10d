import Foundation
import LogCore
import Testing

@testable import LogAnalysis

struct JoinTests {
    private func add(_ value: String, _ kind: JoinKind, _ line: Int64, to sample: inout JoinSample) {
        let key = Array(value.utf8).withUnsafeBufferPointer { JoinSample.key(kind, Span(_unsafeElements: $0)) }
        sample.add(key, kind, time: nil, source: "a.log", line: line) { value }
    }

    private func sample(_ values: some Sequence<Int>, _ kind: JoinKind = .request) -> JoinSample {
        var sample = JoinSample()
        for value in values { add("request-\(value)", kind, Int64(value + 1), to: &sample) }
        return sample
    }

    @Test func `a sample never depends on the order of events nor on how they were cut`() throws {
        var random = SeededGenerator(state: 3)
        let values = (0..<2_000).map { _ in Int.random(in: 0..<300, using: &random) }
        let whole = sample(values)
        #expect(sample(values.shuffled(using: &random)) == whole)
        var merged = sample(values[1_500...])
        merged.merge(sample(values[..<700]))
        merged.merge(sample(values[700..<1_500]))
        #expect(merged == whole)
        #expect(whole.entries.count == 32)
        for entry in whole.entries {
            #expect(entry.count == Int64(values.count { "request-\($0)" == entry.value }))
        }
        let decoded = try JSONDecoder().decode(JoinSample.self, from: JSONEncoder().encode(whole))
        #expect(decoded == whole)
    }

    @Test func `which events' clients are kept never depends on their order nor on how they were cut`() throws {
        var random = SeededGenerator(state: 9)
        func sample(_ events: some Sequence<Int64>) -> JoinSample {
            var sample = JoinSample()
            for event in events {
                let hash = TimedSample.hash(7, event)
                guard sample.clients.takes(hash) else { continue }
                sample.clients.add(hash, address: "192.0.2.\(event % 200)", user: event % 3 == 0 ? "anna" : "")
            }
            return sample
        }
        let events = (0..<3_000).map { Int64($0) }
        let whole = sample(events)
        #expect(whole.clients.entries.count == ClientSample.limit && whole.clients.isSound)
        #expect(sample(events.shuffled(using: &random)) == whole)
        var merged = sample(events[2_000...])
        merged.merge(sample(events[..<30]))
        merged.merge(sample(events[30..<2_000]))
        #expect(merged == whole)
        #expect(try JSONDecoder().decode(JoinSample.self, from: JSONEncoder().encode(whole)) == whole)
    }

    private func fields(_ events: some Sequence<[String: String]>) -> JoinSample {
        var sample = JoinSample()
        for (line, event) in events.enumerated() {
            for (name, value) in event.sorted(by: { $0.key < $1.key }) {
                let key = JoinSample.key(inField: JoinSample.key(field: Array(name.utf8).span), Array(value.utf8).span)
                sample.add(key, .field, time: nil, source: "a.log", line: Int64(line % 2)) { "\(name)=\(value)" }
            }
        }
        return sample
    }

    @Test func `fields of few values are counted, whatever order and however cut`() throws {
        var random = SeededGenerator(state: 4)
        let events = (0..<400).map { index in
            var event = ["version": "1.\(index % 3)", "key": "k\(index)"]
            event["f\(Int.random(in: 0..<30, using: &random))"] = "v\(Int.random(in: 0..<8, using: &random))"
            return event
        }
        // At one line each, so that the first event of a value is no matter of the order.
        func same(_ sample: JoinSample) -> [String: Int64] {
            Dictionary(uniqueKeysWithValues: sample.entries(.trait).map { ($0.value, $0.count) })
        }
        let whole = fields(events)
        #expect(same(fields(events.shuffled(using: &random))) == same(whole))
        var merged = fields(events[300...])
        merged.merge(fields(events[..<90]))
        merged.merge(fields(events[90..<300]))
        #expect(same(merged) == same(whole))
        #expect(whole.traits.count == 12)
        for trait in whole.traits {
            #expect(trait.events == Int64(events.count { $0[trait.name] != nil }))
            let values = Set(events.compactMap { $0[trait.name] })
            #expect(
                Set(trait.values.map(\.value)) == (values.count > 6 ? [] : Set(values.map { "\(trait.name)=\($0)" })))
        }
        let decoded = try JSONDecoder().decode(JoinSample.self, from: JSONEncoder().encode(whole))
        #expect(decoded == whole)
    }

    @Test func `samples of overlapping sets share as much as the sets do`() {
        let shared = sample(0..<2_000).shared(with: sample(1_000..<3_000), .identity).count
        // A third of the union is in both: of 32 some 10 to 11, and of those kept in both about that.
        #expect((3...20).contains(shared))
        #expect(sample(0..<1_000).shared(with: sample(2_000..<3_000), .identity).isEmpty)
    }

    @Test func `an id is the same whatever it is called, but a short one isn't`() {
        var request = JoinSample()
        var id = JoinSample()
        add("7f3a91c2d4", .request, 1, to: &request)
        add("7f3a91c2d4", .id, 1, to: &id)
        add("17", .request, 1, to: &request)
        add("17", .session, 1, to: &id)
        #expect(request.shared(with: id, .identity).map(\.mine.value) == ["7f3a91c2d4"])
    }

    @Test func `names are known in many spellings`() {
        let names = JoinNames()
        for name in ["request_id", "X-Request-ID", "requestId", "reqid"] {
            #expect(names.kind(of: name.utf8) == .request, "\(name)")
        }
        #expect(names.kind(of: "trace.id".utf8) == .trace)
        #expect(names.kind(of: "hostname".utf8) == .host)
        #expect(names.kind(of: "duration".utf8) == nil)
    }

    @Test func `following by chance is told from following`() throws {
        var leader = CountSeries()
        var follower = CountSeries()
        var stranger = CountSeries()
        var random = SeededGenerator(state: 5)
        for _ in 0..<30 {
            let second = Double(Int.random(in: 0..<86_400, using: &random))
            leader.add(MadeUp.time(second))
            follower.add(MadeUp.time(second + 2))
            stranger.add(MadeUp.time(Double(Int.random(in: 0..<86_400, using: &random))))
        }
        #expect(try #require(LeadLag(leader: leader, follower: follower)).isLead(1e-4))
        #expect(!(try #require(LeadLag(leader: follower, follower: leader)).isLead(1e-4)))
        #expect(!(try #require(LeadLag(leader: leader, follower: stranger)).isLead(1e-4)))
    }

    @Test func `what is frequent in the same hour doesn't lead`() throws {
        var leader = CountSeries()
        var follower = CountSeries()
        var random = SeededGenerator(state: 6)
        for _ in 0..<900 { leader.add(MadeUp.time(Double(Int.random(in: 40_000..<43_600, using: &random)))) }
        for _ in 0..<40 { follower.add(MadeUp.time(Double(Int.random(in: 40_000..<43_600, using: &random)))) }
        #expect(LeadLag(leader: leader, follower: follower)?.isLead(1e-3) != true)
    }

    @Test func `ten thousand findings are looked at in bounds`() {
        var summary = Summary()
        summary.tally = MadeUp.tally(20_000, 0, 86_400)
        for number in 0..<10_000 {
            let second = Double(number * 7_919 % 86_400)
            summary.templates["t\(number)"] = MadeUp.template(
                "failure of kind \(number)x",
                MadeUp.sample("a.log", Int64(number + 1), second, "ERROR failure \(number)"),
                counts: [.error: 2], unexplained: MadeUp.tally(2, second, second + 3))
        }
        var list = FindingList(summary)
        let incidents = IncidentFinder.find(summary, &list, [])
        #expect(incidents.count <= IncidentFinder.limit)
        #expect(incidents.map(\.rank) == Array(incidents.indices.map { $0 + 1 }))
    }
}
