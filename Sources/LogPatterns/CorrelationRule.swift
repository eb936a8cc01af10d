package import LogCore

/// What a correlation looks for among the events that its rules found; the words are Sigma's.
package enum CorrelationType: String, CaseIterable, Sendable {
    /// So many events within the time span.
    case eventCount = "event_count"
    /// So many different values of a field within the time span.
    case valueCount = "value_count"
    /// Each of the rules within the time span, in any order.
    case temporal
    /// The rules one after another, the last within the time span of the first.
    case temporalOrdered = "temporal_ordered"
    /// None of the rules for a time span after one of them.
    case absence

    var counts: Bool { self == .eventCount || self == .valueCount }
    var isTemporal: Bool { self == .temporal || self == .temporalOrdered }
}

/// When a count is a finding.
package struct CorrelationCondition: Equatable, Sendable {
    package enum Operator: String, CaseIterable, Sendable { case gt, gte, lt, lte, eq }

    package var op: Operator
    package var count: Int

    package init(_ op: Operator, _ count: Int) {
        self.op = op
        self.count = count
    }
}

/// A text of a definition with its place, for what can only be checked later.
package struct PlacedText: Equatable, Sendable {
    package var text: String
    package var position: SourcePosition
}

/// A made-up event of a test: what a correlation gets to see of a real one.
package struct CorrelationEvent: Sendable {
    /// Nanoseconds from the test's start.
    package var time: Int64
    /// The rule that found it.
    package var rule: String
    /// Captures and fields.
    package var fields: [(name: String, text: String)]
}

/// Events, and what a correlation must find in them.
package struct CorrelationTest: Sendable {
    /// An event as the test writes it, which may stand for many.
    struct Entry: Sendable {
        var time: Int64
        var rule: PlacedText
        var fields: [NamedText]
        var count: Int
        /// Nanoseconds from one to the next.
        var every: Int64
    }

    package enum Expectation: Equatable, Sendable {
        case count(Int)
        /// For each finding, in order, fields that it must have.
        case fields([[NamedText]])

        package var count: Int {
            switch self {
            case .count(let count): count
            case .fields(let findings): findings.count
            }
        }
    }

    let entries: [Entry]
    /// How far time goes on after the last event, from the test's start; nil: no further.
    package let until: Int64?
    package let expected: Expectation
    /// Where the file says what is expected.
    package let position: SourcePosition

    /// The events in the order of their times, made when they are asked for. `{n}` in a field's text is the number
    /// of the repetition, from 1.
    package var events: [CorrelationEvent] {
        var events: [CorrelationEvent] = []
        for entry in entries {
            for number in 0..<entry.count {
                events.append(
                    CorrelationEvent(
                        time: entry.time + Int64(number) * entry.every, rule: entry.rule.text,
                        fields: entry.fields.map { ($0.name, $0.text.replacing("{n}", with: "\(number + 1)")) }))
            }
        }
        // Sorting is stable in practice and not by contract, so the place decides among equal times.
        return events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }
}

/// Links several findings to a cause that none of them shows alone: one YAML file under `rules/<product>/`, whose key
/// `correlation` stands where a rule has `match`.
package struct CorrelationRule: Sendable {
    package var id: String
    package var title: String
    package var status: RuleStatus
    package var level: Severity
    package var type: CorrelationType
    /// Ids of rules as written, `*` for any part of one. In `temporal_ordered` their order is that of the events.
    package var rules: [PlacedText]
    /// Captures or fields whose values are kept apart from each other.
    package var groupBy: [PlacedText]
    /// Nanoseconds.
    package var timespan: Int64
    /// For the types that count.
    package var condition: CorrelationCondition?
    /// The capture or field whose different values `value_count` counts.
    package var field: PlacedText?
    package var cause: String
    package var fix: [String]
    package var docs: [DocumentationLink]
    package var falsePositives: [String]
    package var tests: [CorrelationTest]
    package var path: String
    /// Where `correlation` stands in the file.
    package var position: SourcePosition

    /// Whether the correlation is about what the rule finds.
    package func matches(_ ruleID: String) -> Bool {
        ComponentGlobs(rules.map(\.text)).matches(Array(ruleID.utf8).span)
    }

    /// The ids that `rules` stands for, in the order in which it names them.
    package func expanded(among ids: [String]) -> [String] {
        var expanded: [String] = []
        for rule in rules {
            let named = rule.meant(among: ids)
            // Only an order may name a rule twice; two globs may overlap.
            expanded += type == .temporalOrdered ? named : named.filter { !expanded.contains($0) }
        }
        return expanded
    }

    /// What each entry of `rules` stands for, among what all of them together do: any one of its ids will do.
    package func steps(_ expanded: [String]) -> [[String]] {
        rules.map { entry in
            var seen: Set<String> = []
            return entry.meant(among: expanded).filter { seen.insert($0).inserted }
        }
    }
}

extension PlacedText {
    var isGlob: Bool { text.utf8.contains(UInt8(ascii: "*")) }

    /// The ids that this id or glob of a correlation means, in their order.
    func meant(among ids: [String]) -> [String] {
        guard isGlob else { return ids.filter { $0 == text } }
        let globs = ComponentGlobs([text])
        return ids.filter { globs.matches(Array($0.utf8).span) }
    }

    /// Whether this id or glob of a correlation means the rule.
    func stands(for id: String) -> Bool {
        isGlob ? ComponentGlobs([text]).matches(Array(id.utf8).span) : text == id
    }
}
