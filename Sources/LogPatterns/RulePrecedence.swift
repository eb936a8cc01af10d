package import LogCore

/// Which rules leave an event to a more special one that found it too: what stands behind `over` in that one's file, and
/// what that in turn is over.
struct RulePrecedence: Sendable {
    /// For each rule the rules that it is over.
    private let below: [[UInt32]]
    let isEmpty: Bool

    init(_ rules: [Rule]) {
        guard rules.contains(where: { !$0.over.isEmpty }) else {
            (below, isEmpty) = ([], true)
            return
        }
        let numbers = Dictionary(rules.enumerated().map { ($1.id, $0) }) { first, _ in first }
        let named = rules.map { rule in rule.over.compactMap { numbers[$0.text] } }
        let reached = named.indices.map { Self.reached(from: $0, named) }
        // In a circle nobody is over anybody, so that no event is lost.
        below = reached.indices.map { rule in
            reached[rule].filter { !reached[$0].contains(rule) }.sorted().map { UInt32($0) }
        }
        isEmpty = below.allSatisfy(\.isEmpty)
    }

    /// All that a rule is over.
    static func reached(from start: Int, _ named: [[Int]]) -> Set<Int> {
        var reached: Set<Int> = []
        var rest = named[start]
        while let next = rest.popLast() {
            if reached.insert(next).inserted { rest += named[next] }
        }
        return reached
    }

    @inline(__always)
    func rule(_ rule: UInt32, isOver other: UInt32) -> Bool {
        let below = below[Int(rule)]
        return !below.isEmpty && below.contains(other)
    }
}

extension RulePack {
    /// What takes all rules to find out: ids in `over` that name none, and circles of them.
    package static func lint(precedenceOf rules: [Rule], among known: [Rule]) -> [Diagnostic] {
        let all = rules + known.filter { old in !rules.contains { $0.id == old.id } }
        let numbers = Dictionary(all.enumerated().map { ($1.id, $0) }) { first, _ in first }
        let named = all.map { rule in rule.over.compactMap { numbers[$0.text] } }
        return rules.flatMap { rule in
            rule.over.compactMap { name -> Diagnostic? in
                func diagnostic(_ message: String, help: String) -> Diagnostic {
                    Diagnostic(
                        message, path: rule.path, line: name.position.line, column: name.position.column, level: .error,
                        help: help, source: name.position.text)
                }
                guard let other = numbers[name.text], let own = numbers[rule.id] else {
                    let near = Nearest.name(to: name.text, in: all.map(\.id))
                    return diagnostic(
                        "there is no rule '\(name.text)'",
                        help: near.map { "did you mean '\($0)'?" } ?? "`ailogger rules list` names all")
                }
                if other == own {
                    return diagnostic(
                        "'\(rule.id)' is over itself", help: "name the more general rule, or remove 'over'")
                }
                guard RulePrecedence.reached(from: other, named).contains(own) else { return nil }
                return diagnostic(
                    "'\(name.text)' is over '\(rule.id)' as well, so neither gives way",
                    help: "keep 'over' in the more special one of them")
            }
        }
    }
}
