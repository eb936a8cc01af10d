import LogCore
import LogLua
import LogPatterns
import Testing

@testable import LogEngine

/// Correlations of rule files against models that remember everything, and over a save at any place.
@Suite(.timeLimit(.minutes(20)))
struct RuleCorrelatorTests {
    private struct Event {
        var time: Int64
        var client: Int
        var user: Int
    }

    private static let rules = ["a.failed", "a.other"]

    private static func definition(_ type: String, _ condition: String) throws -> CorrelationDefinition {
        let text = """
            id: a.c
            title: T
            level: error
            correlation:
              type: \(type)
              rules: [a.failed]
              group_by: [client]
              timespan: 1m
              condition: { \(condition) }
            cause: C.
            fix: [F.]
            docs:
              - { title: D, url: "https://example.com/d" }
            tests:
              - events: [{ at: 0s, rule: a.failed }]
                finds: 0
              - events: [{ at: 0s, rule: a.failed }]
                finds: 1
            """
        let rule = CorrelationPack.parse(text: text, path: "c.yml", id: nil)
        return CorrelationDefinition(try #require(rule.rule, "\(rule.diagnostics.map(\.rendered))"), ruleIDs: rules)
    }

    /// Events close enough together that the windows of a minute fill and empty.
    private static func events(_ seed: UInt64, _ count: Int) -> [Event] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var time: Int64 = 0
        return (0..<count).map { _ in
            time += Int64(next(12) == 0 ? next(90) : next(6)) * Timestamp.second
            return Event(time: time, client: next(3), user: next(5))
        }
    }

    /// The events as workers hand them over.
    private static func selected(_ events: [Event], _ keys: inout KeyTable) -> SelectedEvents {
        var batch = Batch(capacity: 0)
        for (index, event) in events.enumerated() {
            var record = Record()
            record.time = event.time
            record.firstField = UInt32(batch.event.fields.count)
            record.fieldCount = 2
            let begin = batch.raw.count
            for (name, value) in [("client", event.client), ("user", event.user)] {
                let start = batch.raw.count
                batch.raw.append(contentsOf: "\(value)".utf8)
                let key = batch.event.keys.intern(Array(name.utf8).span)
                batch.event.fields.append(Field(key, .string, ByteRange(start, batch.raw.count)))
            }
            record.raw = ByteRange(begin, batch.raw.count)
            batch.records.append(record)
            batch.hits.append(RuleHit(record: UInt32(index), rule: 0, firstCapture: 0, captureCount: 0))
        }
        batch.rawCount = batch.raw.count
        batch.event.rawCount = batch.rawCount
        var selected = SelectedEvents(path: "t", formats: [], firstLine: 0)
        for index in events.indices {
            selected.append(index, of: &batch, wanting: 1, firstHit: index, captureKeys: [[], []])
        }
        selected.finish(batch)
        var memory: [UInt16] = []
        selected.adopt(&keys, &memory)
        return selected
    }

    /// What is found, as time, group and count. `saves`: after so many events the correlator is replaced by another one
    /// that goes on from the bytes.
    private static func run(
        _ definition: CorrelationDefinition, _ events: [Event], saves: [Int] = []
    ) throws -> [String] {
        var keys = KeyTable()
        let selected = selected(events, &keys)
        let facts = LuaBatchFacts()
        var correlator = RuleCorrelator([definition], ruleIDs: rules)
        var found: [CorrelationFinding] = []
        for (index, event) in events.enumerated() {
            correlator.process(selected, index, now: event.time, &keys, facts)
            guard saves.contains(index) else { continue }
            found += correlator.takeFindings()
            let bytes = try #require(correlator.save())
            correlator = RuleCorrelator([definition], ruleIDs: rules)
            #expect(correlator.restore(bytes))
        }
        found += correlator.takeFindings()
        return found.map { finding in
            let fields = finding.fields.map { "\($0.name)=\($0.value.text)" }.joined(separator: " ")
            return "\((finding.until ?? 0) / Timestamp.second) \(fields)"
        }
    }

    /// Looks at all events of the last minute for each event.
    private static func model(_ events: [Event], of mark: Int, countsUsers: Bool) -> [String] {
        var found: [String] = []
        for (index, event) in events.enumerated() {
            func met(_ last: Int) -> Bool {
                let window = events[...last].filter {
                    $0.client == event.client && $0.time > events[last].time - 60 * Timestamp.second
                }
                return (countsUsers ? Set(window.map(\.user)).count : window.count) >= mark
            }
            guard met(index) else { continue }
            // The group's event before this one had met it, and its time isn't over: quiet.
            let before = events[..<index].lastIndex { $0.client == event.client }
            if let before, met(before), events[before].time > event.time - 60 * Timestamp.second { continue }
            found.append("\(event.time / Timestamp.second) client=\(event.client) count=\(mark)")
        }
        return found
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `counts are those of a model that forgets nothing`(seed: UInt64) throws {
        let events = Self.events(seed, 400)
        for mark in [1, 2, 5, 9] {
            let expected = Self.model(events, of: mark, countsUsers: false)
            #expect(try Self.run(try Self.definition("event_count", "gte: \(mark)"), events) == expected)
            if mark > 1 {
                #expect(try Self.run(try Self.definition("event_count", "gt: \(mark - 1)"), events) == expected)
            }
        }
        for mark in [1, 2, 4, 5] {
            let expected = Self.model(events, of: mark, countsUsers: true)
            #expect(try Self.run(try Self.definition("value_count", "field: user, gte: \(mark)"), events) == expected)
        }
    }

    @Test(arguments: [
        ("event_count", "gte: 5"), ("value_count", "field: user, gte: 4"), ("event_count", "lt: 3"),
        ("value_count", "field: user, eq: 2"),
    ])
    func `what was saved goes on as if nothing had been`(type: String, condition: String) throws {
        let definition = try Self.definition(type, condition)
        for seed in 30...36 as ClosedRange<UInt64> {
            let events = Self.events(seed, 300)
            let expected = try Self.run(definition, events)
            #expect(!expected.isEmpty)
            #expect(try Self.run(definition, events, saves: Array(stride(from: 0, to: 300, by: 7))) == expected)
        }
    }

    @Test func `bytes that were cut or changed are refused or harmless`() throws {
        let definition = try Self.definition("value_count", "field: user, gte: 4")
        var keys = KeyTable()
        let events = Self.events(50, 60)
        let selected = Self.selected(events, &keys)
        let correlator = RuleCorrelator([definition], ruleIDs: Self.rules)
        for index in events.indices {
            correlator.process(selected, index, now: events[index].time, &keys, LuaBatchFacts())
        }
        let bytes = try #require(correlator.save())
        for length in 0..<bytes.count {
            #expect(!RuleCorrelator([definition], ruleIDs: Self.rules).restore(Array(bytes[..<length])))
        }
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 0x81
            let other = RuleCorrelator([definition], ruleIDs: Self.rules)
            _ = other.restore(damaged)
            other.process(selected, events.count - 1, now: events[events.count - 1].time, &keys, LuaBatchFacts())
            other.advance(to: .max)
        }
    }
}
