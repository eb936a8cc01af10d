import Synchronization

/// All rules of a run with the index over their literals: built once, shared by the workers.
package final class RuleSet: Sendable {
    package let rules: [Rule]
    /// Occurrences name a literal; a literal may stand for several rules.
    let index: LiteralIndex
    let rulesOfLiteral: [[UInt32]]
    /// Rules for which no literal can be proven: tried on every event.
    package let unindexed: [UInt32]
    let precedence: RulePrecedence
    /// Patterns compile at the first candidate: of a thousand rules a log touches a few dozen,
    /// and compiling all takes some 0.3 ms each.
    private let compiled: Mutex<[CompiledState]>

    enum CompiledState: Sendable {
        case notYet
        case ready(Pattern)
        case broken(String)
    }

    package init(_ rules: [Rule]) {
        self.rules = rules
        var numbers: [[UInt8]: Int] = [:]
        var literals: [[UInt8]] = []
        var owners: [[UInt32]] = []
        var unindexed: [UInt32] = []
        for (rule, definition) in rules.enumerated() {
            guard let required = RequiredLiterals.of(definition.match), !required.isEmpty,
                required.allSatisfy({ $0.count >= 2 })
            else {
                unindexed.append(UInt32(rule))
                continue
            }
            for literal in Set(required) {
                if let number = numbers[literal] {
                    owners[number].append(UInt32(rule))
                } else {
                    numbers[literal] = literals.count
                    literals.append(literal)
                    owners.append([UInt32(rule)])
                }
            }
        }
        index = LiteralIndex(literals)
        rulesOfLiteral = owners
        self.unindexed = unindexed
        precedence = RulePrecedence(rules)
        compiled = Mutex(Array(repeating: .notYet, count: rules.count))
    }

    /// The rule's compiled pattern; nil if it doesn't compile, which `ailogger check` reports.
    func pattern(_ rule: Int) -> Pattern? {
        compiled.withLock { states -> Pattern? in
            switch states[rule] {
            case .ready(let pattern): return pattern
            case .broken: return nil
            case .notYet:
                do throws(PatternError) {
                    let pattern = try Pattern(rules[rule].match)
                    states[rule] = .ready(pattern)
                    return pattern
                } catch {
                    states[rule] = .broken(error.message)
                    return nil
                }
            }
        }
    }

    /// Rules whose pattern turned out not to compile, with PCRE2's words.
    package var broken: [(rule: Int, message: String)] {
        compiled.withLock { states in
            states.enumerated().compactMap { index, state in
                if case .broken(let message) = state { (index, message) } else { nil }
            }
        }
    }

    /// The names of a rule's captures in the order in which hits carry their ranges.
    package func captureNames(_ rule: Int) -> [String] {
        pattern(rule)?.captureNames.map(\.name) ?? []
    }
}
