import ArgumentParser
import LogCore
import LogEngine
import LogPatterns

struct RulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "List, show, test and check rules.",
        subcommands: [List.self, Show.self, Test.self, Lint.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All rules, one a line.")
        @OptionGroup var catalog: CatalogOptions

        mutating func run() async throws {
            let rules = try catalog.load(quiet: false).rules.rules.sorted { $0.id < $1.id }
            let width = rules.map(\.id.count).max() ?? 0
            var text = ""
            for rule in rules {
                text += "\(rule.id.padded(to: width))  \(rule.level.name.padded(to: 8))  \(rule.title)\n"
            }
            try FileOutput(nil).write(Array(text.utf8))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What a rule finds and says.")
        @Argument(help: "The id of a rule.") var ids: [String]
        @OptionGroup var catalog: CatalogOptions

        mutating func run() async throws {
            let rules = try catalog.load(quiet: false).rules.rules
            for id in ids {
                guard let rule = rules.first(where: { $0.id == id }) else {
                    throw Failure("no rule '\(id)': `ailogger rules list` names all")
                }
                print(ExplainCommand.describe(rule, []), terminator: "")
                print("  match  \(rule.match)")
                print("  status \(rule.status.rawValue), in \(rule.path)")
            }
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Run the test lines that rules carry.")
        @Argument(help: "Ids of rules; all if none is named.") var ids: [String] = []
        @OptionGroup var catalog: CatalogOptions

        mutating func run() async throws {
            let loaded = try catalog.load(quiet: false)
            let known = loaded.rules.rules
            for id in ids where !known.contains(where: { $0.id == id }) {
                throw Failure("no rule '\(id)': `ailogger rules list` names all")
            }
            let rules = known.filter { ids.isEmpty || ids.contains($0.id) }
            let failures = rules.flatMap { RulePack.verify($0) }
            try DiagnosticFormat.text.write(failures)
            print(
                "\(rules.count) rules, \(rules.reduce(0) { $0 + $1.tests.count }) test lines, \(failures.count) failed")
            if !failures.isEmpty { throw ExitCode(1) }
        }
    }

    struct Lint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check rules: form, pattern, speed, tests.")
        @Argument(help: "Rule files; all rules if none is named.", completion: .file()) var files: [String] = []
        @OptionGroup var catalog: CatalogOptions

        mutating func run() async throws {
            var found: [Diagnostic] = []
            if files.isEmpty {
                let loaded = Catalog.load(try catalog.folders)
                found = loaded.diagnostics + loaded.rules.rules.flatMap { RulePack.lint($0) }
            }
            for file in files {
                let bytes = try Failure.named(file) { () throws(SourceError) in try readFile(file) }
                let text = String(decoding: bytes, as: UTF8.self)
                // The folder and the name make the id, wherever the folder lies.
                let parts = file.split(separator: "/").suffix(2)
                let (rule, diagnostics) = RulePack.parse(
                    text: text, path: file, id: RulePack.id(ofFile: parts.joined(separator: "/")))
                found += diagnostics + (rule.map { RulePack.lint($0) } ?? [])
            }
            try DiagnosticFormat.text.write(found)
            if found.contains(where: { $0.level == .error }) { throw ExitCode(2) }
        }
    }
}
