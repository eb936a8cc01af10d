import ArgumentParser
import LogAnalysis
import LogCore
import LogEngine
import LogLua

extension PluginsCommand {
    struct Bench: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure what a plugin costs on your logs, on one core.",
            discussion: """
                Times are those of the fastest of as many passes as fit into --seconds.
                Not part of them: reading files, templates, report, what sinks write.
                """)

        @Argument(help: "The plugin.") var name: String
        @Argument(
            help: ArgumentHelp("Files, folders or globs of logs, or - for standard input.", valueName: "path"),
            completion: .file())
        var paths: [String]

        @Option(parsing: .unconditional, help: ArgumentHelp("How long to go on.", valueName: "n"))
        var seconds = NumberArgument(2)

        @Option(parsing: .unconditional, help: "text or json.") var format: DiagnosticFormat = .text

        @OptionGroup var catalog: CatalogOptions
        @OptionGroup var loading: LoadingOptions

        func validate() throws {
            try NumberArgument.check(seconds, "--seconds", 0...3_600)
        }

        mutating func run() async throws {
            let plugin = try LuaPlugin.loaded(try catalog.folders.script(of: name, loading))
            let found = InputFinder.find(paths)
            let bench = PluginBench(plugin, try catalog.load(quiet: false))
            let measure = bench.run(found.inputs, for: .seconds(seconds.number ?? 0))
            for problem in found.problems + measure.problems {
                StandardError.write("\(problem.path): error: \(problem.message)\n")
            }
            switch format {
            case .text: try FileOutput(nil).write(Array(Self.text(plugin, measure).utf8))
            case .json: try FileOutput(nil).write(Self.json(plugin, measure))
            }
            if !(found.problems + measure.problems).isEmpty { throw ExitCode(2) }
        }

        private static func text(_ plugin: LuaPlugin, _ measure: PluginMeasure) -> String {
            let isParser = plugin.kind == .parser
            var text =
                "\(plugin.name), a \(plugin.kind.rawValue): \(TextLayout.grouped(measure.lines)) lines, \(TextLayout.grouped(measure.events)) events, "
            text += "\(decimal(Double(measure.bytes) / 1e6, 1)) MB; the fastest of "
            text += measure.passes == 1 ? "one pass\n" : "\(measure.passes) passes\n"
            guard measure.events > 0 else { return text }
            text += "                        ns a line  ns an event     lines/s    events/s      MB/s\n"
            text += row(isParser ? "generic format" : "parsing", measure.without, measure)
            text += row(isParser ? "this plugin" : "with the plugin", measure.with, measure)
            if !isParser { text += row("the plugin alone", measure.own, measure) }
            let share = decimal(Double(measure.wanted) * 100 / Double(measure.events), 1)
            text += "guards: \(TextLayout.grouped(measure.wanted)) events pass, \(share) %"
            if measure.wanted > 0 {
                let own = isParser ? measure.with : measure.own
                text += "; \(decimal(Double(own) / Double(measure.wanted), 0)) ns for each of them"
            }
            text += "\n"
            if isParser { text += "accepted: \(TextLayout.grouped(measure.taken)) events\n" }
            if measure.dropped > 0 { text += "dropped: \(TextLayout.grouped(measure.dropped)) events\n" }
            if measure.findings > 0 { text += "found: \(measure.findings)\n" }
            if let memory = measure.memory {
                let each = Double(memory.allocations) / Double(memory.calls)
                text += "allocations: \(decimal(each, 1)) of Lua for each event that reaches it, "
                text += "\(decimal(Double(memory.allocated) / Double(memory.calls), 0)) bytes\n"
                text += "memory of Lua: \(memory.atRest / 1_024) KiB at rest, \(memory.afterCalls / 1_024) KiB after "
                text += "\(TextLayout.grouped(Int64(memory.calls))) calls, garbage not yet collected included\n"
            }
            text += errors(measure)
            return text
        }

        private static func errors(_ measure: PluginMeasure) -> String {
            guard let first = measure.errors.first else { return "errors: none\n" }
            let aside = measure.isSetAside ? "; the plugin was put aside, so the times mean little" : ""
            return "errors: \(measure.errors.count), the first: \(first)\(aside)\n"
        }

        private static func row(_ title: String, _ nanoseconds: Int64, _ measure: PluginMeasure) -> String {
            func rate(_ count: Int64) -> String {
                decimal(Double(count) * 1e9 / Double(max(1, nanoseconds)), 0)
            }
            func each(_ count: Int64) -> String { decimal(Double(nanoseconds) / Double(max(1, count)), 0) }
            let speed = decimal(Double(measure.bytes) * 1e3 / Double(max(1, nanoseconds)), 1)
            return "  " + title.padded(to: 20) + each(measure.lines).leading(11) + each(measure.events).leading(13)
                + rate(measure.lines).leading(12) + rate(measure.events).leading(12) + speed.leading(10) + "\n"
        }

        private static func json(_ plugin: LuaPlugin, _ measure: PluginMeasure) -> ContiguousArray<UInt8> {
            var writer = JSONWriter(pretty: true)
            writer.beginObject()
            writer.key("plugin")
            writer.string(plugin.name)
            writer.key("kind")
            writer.string(plugin.kind.rawValue)
            let numbers: [(StaticString, Int64)] = [
                ("passes", Int64(measure.passes)), ("lines", measure.lines), ("events", measure.events),
                ("bytes", measure.bytes), ("nanoseconds_without", measure.without), ("nanoseconds_with", measure.with),
                ("wanted", measure.wanted), ("accepted", measure.taken), ("dropped", measure.dropped),
                ("findings", measure.findings), ("memory_at_rest", Int64(measure.memory?.atRest ?? 0)),
                ("memory_after_calls", Int64(measure.memory?.afterCalls ?? 0)),
                ("calls_for_memory", Int64(measure.memory?.calls ?? 0)),
                ("allocations", Int64(measure.memory?.allocations ?? 0)),
                ("allocated_bytes", Int64(measure.memory?.allocated ?? 0)), ("errors", Int64(measure.errors.count)),
            ]
            for (name, value) in numbers {
                writer.key(name)
                writer.number(value)
            }
            if let first = measure.errors.first {
                writer.key("first_error")
                writer.string(first)
            }
            writer.endObject()
            writer.newline()
            return writer.bytes
        }
    }
}
