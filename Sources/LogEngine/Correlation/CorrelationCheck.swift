package import LogCore
import LogLua
package import LogPatterns

/// Runs the tests that correlations carry on the machine that correlates in earnest: made-up events go in, in the order
/// of their times, and what is found is judged.
package struct CorrelationCheck {
    private let rules: [Rule]
    private let ids: [String]

    /// `rules`: all that a correlation may name.
    package init(_ rules: [Rule]) {
        self.rules = rules
        ids = rules.map(\.id)
    }

    /// All that is wrong with a correlation: names among the rules, and tests that fail.
    package func lint(_ correlation: CorrelationRule) -> [Diagnostic] {
        CorrelationPack.lint(correlation, among: rules) + verify(correlation)
    }

    /// A diagnostic for each test that fails.
    package func verify(_ correlation: CorrelationRule) -> [Diagnostic] {
        let definition = CorrelationDefinition(correlation, ruleIDs: ids)
        return correlation.tests.indices.flatMap { index in
            let found = run(correlation.tests[index], definition)
            return CorrelationPack.judge(
                correlation, test: index, found: found.map { $0.fields.map { (name: $0.name, text: $0.value.text) } })
        }
    }

    private func run(_ test: CorrelationTest, _ definition: CorrelationDefinition) -> [CorrelationFinding] {
        let events = test.events
        var batch = Self.batch(events, ids)
        var selected = SelectedEvents(path: "test", formats: [], firstLine: 0)
        let captures = [[Key?]](repeating: [], count: ids.count + 1)
        for index in events.indices {
            selected.append(index, of: &batch, wanting: 1, firstHit: index, captureKeys: captures)
        }
        let facts = LuaBatchFacts()
        // One correlator a test: none knows what another was told.
        let correlator = RuleCorrelator([definition], ruleIDs: ids)
        for (index, event) in events.enumerated() {
            correlator.process(selected, index, now: Self.start + event.time, &batch.event.keys, facts)
        }
        if let until = test.until { correlator.advance(to: Self.start + until) }
        return correlator.takeFindings()
    }

    /// Any moment that a log may bear: tests count from it.
    private static let start = 20_000 * Timestamp.day

    /// The events as if they had been read from a log that names the rule and then the fields, each found by its rule.
    private static func batch(_ events: [CorrelationEvent], _ rules: [String]) -> Batch {
        var batch = Batch(capacity: 0)
        for (index, event) in events.enumerated() {
            var record = Record()
            record.time = start + event.time
            record.timeSource = .line
            record.line = UInt32(index)
            record.firstField = UInt32(batch.event.fields.count)
            record.fieldCount = UInt16(clamping: event.fields.count)
            let begin = batch.raw.count
            batch.raw.append(contentsOf: event.rule.utf8)
            for field in event.fields {
                batch.raw.append(contentsOf: " \(field.name)=".utf8)
                let value = ByteRange(batch.raw.count, batch.raw.count + field.text.utf8.count)
                batch.raw.append(contentsOf: field.text.utf8)
                let name = Array(field.name.utf8)
                batch.event.fields.append(Field(batch.event.keys.intern(name.span), .string, value))
            }
            record.raw = ByteRange(begin, batch.raw.count)
            record.message = record.raw
            batch.records.append(record)
            batch.hits.append(
                RuleHit(
                    record: UInt32(index), rule: UInt32(rules.firstIndex(of: event.rule) ?? rules.count),
                    firstCapture: 0,
                    captureCount: 0))
        }
        batch.rawCount = batch.raw.count
        batch.event.rawCount = batch.rawCount
        return batch
    }
}
