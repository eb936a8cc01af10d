import ArgumentParser
import LogAnalysis
import LogCore
import LogEngine
import LogPatterns

extension RulesCommand {
    struct Bench: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure what each rule costs on your logs, on one core.",
            discussion: """
                A rule's pattern is searched where one of the texts stands that each of its matches holds. A rule with many \
                searches and few matches has no such text, or one that is everywhere. Timing a search takes some 50 ns itself.
                """)

        @Argument(
            help: ArgumentHelp("Files, folders or globs of logs, or - for standard input.", valueName: "path"),
            completion: .file())
        var paths: [String]

        @Option(parsing: .unconditional, help: ArgumentHelp("Show n rules.", valueName: "n"))
        var top = NumberArgument(20)

        @Option(parsing: .unconditional, help: "text or json.") var format: DiagnosticFormat = .text

        @OptionGroup var catalog: CatalogOptions

        func validate() throws {
            try NumberArgument.check(top, "--top", 1...100_000)
        }

        mutating func run() async throws {
            let found = InputFinder.find(paths)
            let loaded = try catalog.load(quiet: false)
            let measure = RuleBench.run(found.inputs, loaded)
            let problems = found.problems + measure.problems
            for problem in problems { StandardError.write("\(problem.path): error: \(problem.message)\n") }
            switch format {
            case .text: try FileOutput(nil).write(Array(text(measure, loaded.rules.rules).utf8))
            case .json: try FileOutput(nil).write(Self.json(measure, loaded.rules.rules))
            }
            if !problems.isEmpty { throw ExitCode(2) }
        }

        /// The rules that were searched for, the dearest first.
        private static func ranked(_ measure: RuleMeasure) -> [Int] {
            measure.costs.indices.filter { measure.costs[$0].searches > 0 }
                .sorted { (measure.costs[$0].nanoseconds, $1) > (measure.costs[$1].nanoseconds, $0) }
        }

        private func text(_ measure: RuleMeasure, _ rules: [Rule]) -> String {
            let searches = measure.costs.reduce(0) { $0 + $1.searches }
            let each = Double(searches) * 1_000 / Double(max(1, measure.events))
            var text = "\(rules.count) rules, \(TextLayout.grouped(measure.events)) events, "
            text += "\(decimal(Double(measure.bytes) / 1e6, 1)) MB: \(decimal(each, 1)) searches for 1,000 events, "
            text += "\(decimal(Double(measure.nanoseconds) / Double(max(1, measure.events)), 0)) ns an event\n"
            let ranked = Self.ranked(measure)
            guard !ranked.isEmpty else { return text }
            let shown = ranked.prefix(Int(top.number ?? 20))
            let width = max(4, shown.map { rules[$0].id.count }.max() ?? 0)
            text += "rule".padded(to: width) + "    searches     matches   ns each   ms in all\n"
            for rule in shown {
                let cost = measure.costs[rule]
                text += rules[rule].id.padded(to: width) + TextLayout.grouped(cost.searches).leading(12)
                text += TextLayout.grouped(cost.matches).leading(12)
                text += decimal(Double(cost.nanoseconds) / Double(cost.searches), 0).leading(10)
                text += decimal(Double(cost.nanoseconds) / 1e6, 1).leading(12) + "\n"
            }
            if ranked.count > shown.count { text += "and \(ranked.count - shown.count) more: --top\n" }
            return text
        }

        private static func json(_ measure: RuleMeasure, _ rules: [Rule]) -> ContiguousArray<UInt8> {
            var writer = JSONWriter(pretty: true)
            writer.beginObject()
            let sums: [(StaticString, Int64)] = [
                ("events", measure.events), ("bytes", measure.bytes), ("nanoseconds", measure.nanoseconds),
                ("searches", measure.costs.reduce(0) { $0 + $1.searches }),
            ]
            for (name, value) in sums {
                writer.key(name)
                writer.number(value)
            }
            writer.key("rules")
            writer.beginArray()
            for rule in ranked(measure) {
                let cost = measure.costs[rule]
                writer.beginObject()
                writer.key("id")
                writer.string(rules[rule].id)
                let numbers: [(StaticString, Int64)] = [
                    ("searches", cost.searches), ("matches", cost.matches), ("nanoseconds", cost.nanoseconds),
                ]
                for (name, value) in numbers {
                    writer.key(name)
                    writer.number(value)
                }
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
            writer.newline()
            return writer.bytes
        }
    }
}
