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

    /// The ids that `rules` stands for, in the order in which it names them: what `luaDefinition` takes.
    package func expanded(among ids: [String]) -> [String] {
        var expanded: [String] = []
        for rule in rules {
            let named = ids.filter { rule.stands(for: $0) }
            // Only an order may name a rule twice; two globs may overlap.
            expanded += type == .temporalOrdered ? named : named.filter { !expanded.contains($0) }
        }
        return expanded
    }
}

extension PlacedText {
    var isGlob: Bool { text.utf8.contains(UInt8(ascii: "*")) }

    /// Whether this id or glob of a correlation means the rule.
    func stands(for id: String) -> Bool {
        isGlob ? ComponentGlobs([text]).matches(Array(id.utf8).span) : text == id
    }
}

// MARK: For the machine

extension CorrelationRule {
    /// The definition as a Lua table for the machine that correlates. `steps`, of the temporal types, has a list for
    /// each entry of `rules`: any one of its ids will do.
    package func luaDefinition(expandedRules: [String]) -> String {
        var entries: [(key: String, value: String)] = [
            ("id", Self.lua(id)), ("title", Self.lua(title)), ("level", Self.lua(level.name.lowercased())),
            ("cause", Self.lua(cause)), ("fix", Self.lua(fix)),
            ("docs", Self.table(docs.map { "{title=\(Self.lua($0.title)), url=\(Self.lua($0.url))}" })),
            ("type", Self.lua(type.rawValue)), ("rules", Self.lua(expandedRules)),
        ]
        if type.isTemporal {
            let steps = rules.map { entry in
                var seen: Set<String> = []
                return Self.lua(expandedRules.filter { entry.stands(for: $0) && seen.insert($0).inserted })
            }
            entries.append(("steps", Self.table(steps)))
        }
        entries += [("group_by", Self.lua(groupBy.map(\.text))), ("timespan", "\(timespan)")]
        if let condition {
            entries.append(("condition", "{op=\(Self.lua(condition.op.rawValue)), count=\(condition.count)}"))
        }
        if let field { entries.append(("field", Self.lua(field.text))) }
        return Self.table(entries.map { "\($0.key)=\($0.value)" })
    }

    private static func table(_ entries: [String]) -> String { "{\(entries.joined(separator: ", "))}" }

    private static func lua(_ texts: [String]) -> String { table(texts.map { lua($0) }) }

    /// A text as a Lua string. Three digits for what is no plain character, so that a digit behind it stays one;
    /// bytes of UTF-8 are as they are.
    private static func lua(_ text: String) -> String {
        var quoted: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): quoted += [UInt8(ascii: "\\"), byte]
            case 0..<0x20, 0x7f:
                let digits = [byte / 100, byte / 10 % 10, byte % 10].map { UInt8(ascii: "0") + $0 }
                quoted += [UInt8(ascii: "\\")] + digits
            default: quoted.append(byte)
            }
        }
        quoted.append(UInt8(ascii: "\""))
        return String(decoding: quoted, as: UTF8.self)
    }
}
