import ArgumentParser
import LogCore
import LogEngine
import LogPatterns

struct RulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "List, show, test, check and measure rules and the correlations among them.",
        subcommands: [List.self, Show.self, Test.self, Lint.self, Bench.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All rules and correlations, one a line.")
        @OptionGroup var catalog: CatalogOptions

        mutating func run() async throws {
            let loaded = try catalog.load(quiet: false)
            var entries = loaded.rules.rules.map { (id: $0.id, level: $0.level, title: $0.title) }
            entries += loaded.correlations.map { (id: $0.id, level: $0.level, title: $0.title) }
            let width = entries.map(\.id.count).max() ?? 0
            var text = ""
            for entry in entries.sorted(by: { $0.id < $1.id }) {
                text += "\(entry.id.padded(to: width))  \(entry.level.name.padded(to: 8))  \(entry.title)\n"
            }
            try FileOutput(nil).write(Array(text.utf8))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What a rule or a correlation finds and says.")
        @Argument(help: "The id of a rule or correlation.") var ids: [String]
        @OptionGroup var catalog: CatalogOptions

        mutating func run() async throws {
            let loaded = try catalog.load(quiet: false)
            for id in ids {
                if let rule = loaded.rules.rules.first(where: { $0.id == id }) {
                    print(ExplainCommand.describe(rule, []), terminator: "")
                    print("  match  \(rule.match)")
                    if let literals = RequiredLiterals.of(rule.match) {
                        let texts = literals.map { literal in
                            "`\(String(decoding: literal, as: UTF8.self).replacing("\n", with: "\\n"))`"
                        }
                        print("  holds  \(texts.joined(separator: " or ")), in any case")
                    } else {
                        print("  holds  no text of three bytes for certain: the pattern runs on every event")
                    }
                    print("  status \(rule.status.rawValue), in \(rule.path)")
                } else if let correlation = loaded.correlations.first(where: { $0.id == id }) {
                    print(RulesCommand.describe(correlation), terminator: "")
                } else {
                    throw RulesCommand.unknown(id)
                }
            }
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the test lines that rules carry, and the tests of correlations.")
        @Argument(help: "Ids of rules and correlations; all if none is named.") var ids: [String] = []
        @OptionGroup var catalog: CatalogOptions

        mutating func run() async throws {
            let loaded = try catalog.load(quiet: false)
            let known = Set(loaded.rules.rules.map(\.id) + loaded.correlations.map(\.id))
            for id in ids where !known.contains(id) { throw RulesCommand.unknown(id) }
            let rules = loaded.rules.rules.filter { ids.isEmpty || ids.contains($0.id) }
            let correlations = loaded.correlations.filter { ids.isEmpty || ids.contains($0.id) }
            let machine = CorrelationCheck(loaded.rules.rules)
            let failures = rules.flatMap { RulePack.verify($0) } + correlations.flatMap { machine.verify($0) }
            try DiagnosticFormat.text.write(failures)
            print(
                "\(rules.count) rules, \(rules.reduce(0) { $0 + $1.tests.count }) test lines, "
                    + "\(correlations.count) correlations, \(correlations.reduce(0) { $0 + $1.tests.count }) tests, "
                    + "\(failures.count) failed")
            if !failures.isEmpty { throw ExitCode(1) }
        }
    }

    struct Lint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check rules and correlations: form, pattern, speed, names, tests.")
        @Argument(help: "Rule files; all rules if none is named.", completion: .file()) var files: [String] = []
        @OptionGroup var catalog: CatalogOptions

        mutating func run() async throws {
            let loaded = Catalog.load(try catalog.folders)
            var found: [Diagnostic] = []
            if files.isEmpty {
                let machine = CorrelationCheck(loaded.rules.rules)
                found = loaded.diagnostics + loaded.rules.rules.flatMap { RulePack.lint($0) }
                found += RulePack.lint(precedenceOf: loaded.rules.rules, among: [])
                found += loaded.correlations.flatMap { machine.lint($0) }
            } else {
                found = try lint(files, beside: loaded.rules.rules)
            }
            try DiagnosticFormat.text.write(found)
            if found.contains(where: { $0.level == .error }) { throw ExitCode(2) }
        }

        /// Correlations may name the rules at hand as well as those that are known.
        private func lint(_ files: [String], beside known: [Rule]) throws -> [Diagnostic] {
            var found: [Diagnostic] = []
            var rules: [Rule] = []
            var correlations: [CorrelationRule] = []
            for file in files {
                let bytes = try Failure.named(file) { () throws(SourceError) in try readFile(file) }
                let text = String(decoding: bytes, as: UTF8.self)
                // The folder and the name make the id, wherever the folder lies.
                let id = RulePack.id(ofFile: file.split(separator: "/").suffix(2).joined(separator: "/"))
                if CorrelationPack.isCorrelation(text) {
                    let (correlation, diagnostics) = CorrelationPack.parse(text: text, path: file, id: id)
                    found += diagnostics
                    if let correlation { correlations.append(correlation) }
                } else {
                    let (rule, diagnostics) = RulePack.parse(text: text, path: file, id: id)
                    found += diagnostics + (rule.map { RulePack.lint($0) } ?? [])
                    if let rule { rules.append(rule) }
                }
            }
            found += RulePack.lint(precedenceOf: rules, among: known)
            let machine = CorrelationCheck(rules + known.filter { old in !rules.contains { $0.id == old.id } })
            return found + correlations.flatMap { machine.lint($0) }
        }
    }

    fileprivate static func unknown(_ id: String) -> Failure {
        Failure("no rule '\(id)': `ailogger rules list` names all")
    }

    fileprivate static func describe(_ correlation: CorrelationRule) -> String {
        var text = "\(correlation.level.name)  \(correlation.title)  [\(correlation.id)]\n"
        text += "  cause  \(correlation.cause)\n"
        for fix in correlation.fix { text += "  fix    \(fix)\n" }
        for page in correlation.docs {
            text += "  docs   \(page.url)  \(page.title)\(page.versions.map { " (\($0))" } ?? "")\n"
        }
        text += "  type   \(correlation.type.rawValue) within \(duration(correlation.timespan))\n"
        text += "  rules  \(correlation.rules.map(\.text).joined(separator: ", "))\n"
        if !correlation.groupBy.isEmpty {
            text += "  by     \(correlation.groupBy.map(\.text).joined(separator: ", "))\n"
        }
        if let condition = correlation.condition {
            let what = correlation.field.map { " different \($0.text)" } ?? " events"
            text += "  when   \(condition.op.rawValue) \(condition.count)\(what)\n"
        }
        return text + "  status \(correlation.status.rawValue), in \(correlation.path)\n"
    }

    /// As a definition writes it: in the largest unit that divides it.
    private static func duration(_ nanoseconds: Int64) -> String {
        let units: [(name: String, length: Int64)] = [
            ("d", Timestamp.day), ("h", 3_600 * Timestamp.second), ("m", 60 * Timestamp.second),
            ("s", Timestamp.second),
        ]
        let unit = units.first { nanoseconds % $0.length == 0 }
        return unit.map { "\(nanoseconds / $0.length)\($0.name)" } ?? "\(nanoseconds)ns"
    }
}
