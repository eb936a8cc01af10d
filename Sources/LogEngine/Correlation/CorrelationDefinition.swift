import LogCore
import LogLua
import LogPatterns

/// A correlation of a rule file, made ready to run: rules as numbers, words for what is found.
struct CorrelationDefinition: Sendable {
    enum Kind: String, Sendable {
        /// A count that more events can't undo (`gt`, `gte`): known with the event that completes it.
        case growing
        /// Any other count: known when its time is over.
        case period
        case temporal
        case ordered
        case absence
    }

    let id: String
    let kind: Kind
    let timespan: Int64
    let condition: CorrelationCondition
    let groupBy: [FieldName]
    /// Whose different values are counted.
    let field: FieldName?
    /// Of the temporal types, by step: any of these rules will do.
    let steps: [[UInt32]]
    /// All rules that it is about.
    let rules: [UInt32]
    /// What every finding says alike.
    private let finding: CorrelationFinding
    /// The steps by their rules: "a, then b or c".
    private let stepsText: String
    private let timespanText: String

    /// A group's values together have at most so many bytes; they are cut to share it.
    static let valueBytes = 3000

    init(_ rule: CorrelationRule, ruleIDs: [String]) { self.init(rule, ruleIDs, Self.numbers(ruleIDs)) }

    /// `numbers`: of the ids.
    init(_ rule: CorrelationRule, _ ruleIDs: [String], _ numbers: [String: UInt32]) {
        id = rule.id
        timespan = rule.timespan
        condition = rule.condition ?? CorrelationCondition(.gte, 1)
        groupBy = rule.groupBy.map { FieldName($0.text) }
        field = rule.field.map { FieldName($0.text) }
        switch rule.type {
        case .eventCount, .valueCount: kind = condition.op == .gte || condition.op == .gt ? .growing : .period
        case .temporal: kind = .temporal
        case .temporalOrdered: kind = .ordered
        case .absence: kind = .absence
        }
        let expanded = rule.expanded(among: ruleIDs)
        rules = expanded.uniqued().compactMap { numbers[$0] }
        let named = kind == .temporal || kind == .ordered ? rule.steps(expanded) : []
        steps = named.map { $0.compactMap { numbers[$0] } }
        stepsText = Self.list(named, kind == .ordered ? ", then " : ", ")
        timespanText = Self.spell(timespan)
        var finding = CorrelationFinding()
        finding.kind = "finding"
        finding.id = rule.id
        finding.title = rule.title
        finding.level = rule.level
        finding.cause = rule.cause
        finding.fix = rule.fix
        finding.docs = rule.docs.map { ($0.title, $0.url) }
        self.finding = finding
    }

    static func numbers(_ ruleIDs: [String]) -> [String: UInt32] {
        Dictionary(zip(ruleIDs, UInt32(0)...), uniquingKeysWith: { first, _ in first })
    }

    /// The count from which on a growing condition is met: no more than that is kept.
    var enough: Int { condition.count + (condition.op == .gt ? 1 : 0) }

    func isMet(_ count: Int) -> Bool {
        switch condition.op {
        case .gt: count > condition.count
        case .gte: count >= condition.count
        case .lt: count < condition.count
        case .lte: count <= condition.count
        case .eq: count == condition.count
        }
    }

    /// Tells a correlation from another one that had its id: what one knew, the other can't go on from.
    var signature: String {
        ([kind.rawValue, "\(timespan)", field?.text ?? "", "\(steps.count)"] + groupBy.map(\.text))
            .joined(separator: " ")
    }

    // MARK: Findings

    /// `values`: of the group, by the names of `groupBy`. `rule`: the one that is missed.
    func finding(
        _ values: [String?], count: Int, rule: String = "", since: Int64, until: Int64,
        _ sample: CorrelationFinding.Sample
    ) -> CorrelationFinding {
        var finding = finding
        var fields = ["count": FieldValue(count)]
        var shown: [String] = []
        for case (let name, let value?) in zip(groupBy, values) {
            fields[name.text] = FieldValue(value)
            shown.append("\(name.text)=\(value)")
        }
        finding.fields = fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let what =
            switch kind {
            case .growing, .period: field.map { "\(count) values of \($0.text)" } ?? "\(count)"
            case .temporal, .ordered: stepsText
            case .absence: "\(rule) not again"
            }
        finding.message =
            "\(what) within \(timespanText)" + (shown.isEmpty ? "" : " for \(shown.joined(separator: ", "))")
        finding.since = since
        finding.until = until
        finding.sample = sample
        return finding
    }

    private static func list(_ steps: [[String]], _ separator: String) -> String {
        if steps.count > 5 { return "all \(steps.count) steps" }
        return steps.map { step in
            step.count > 3 ? "\(step[0]) or \(step.count - 1) others" : step.joined(separator: " or ")
        }.joined(separator: separator)
    }

    /// 5400000000000 as "1h30m".
    private static func spell(_ length: Int64) -> String {
        let units: [(Int64, String)] = [
            (Timestamp.day, "d"), (3_600 * Timestamp.second, "h"), (60 * Timestamp.second, "m"),
            (Timestamp.second, "s"),
        ]
        var left = length
        var text = ""
        for (unit, name) in units where left >= unit {
            text += "\(left / unit)\(name)"
            left %= unit
        }
        return text
    }
}

/// A capture, a field, or a part of the event, by name.
struct FieldName: Sendable {
    enum Part: String {
        case component, source
    }

    let text: String
    let bytes: [UInt8]
    /// What the name stands for where the event has no value of it.
    let part: Part?

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
        part = Part(rawValue: text)
    }
}
