import ArgumentParser
import LogCore
import LogEngine

struct FormatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "formats", abstract: "List, test and draft formats.",
        discussion: """
            EXAMPLES
              ailogger formats list
              ailogger formats test till                      its samples and its golden file
              ailogger formats test app.log                   how each line of a log is read, unmatched ones first
              head -200 till.log | ailogger formats new till  a format for these lines, with its samples
            """,
        subcommands: [List.self, Test.self, New.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "All formats: id, how each is made, priority and title.")
        @OptionGroup var catalog: CatalogOptions

        @Option(parsing: .unconditional, help: "text or json.")
        var format: DiagnosticFormat = .text

        mutating func run() async throws {
            var folders = try catalog.folders
            folders.rules = []
            let facts = Catalog.load(folders).formatFacts.sorted { $0.id < $1.id }
            switch format {
            case .text: try FileOutput(nil).write(Array(Self.text(facts).utf8))
            case .json: try FileOutput(nil).write(Self.json(facts))
            }
        }

        private static func text(_ facts: [FormatFacts]) -> String {
            let width = facts.map(\.id.count).max() ?? 0
            var text = ""
            for format in facts {
                let priority = String(format.priority)
                text += "\(format.id.padded(to: width))  \(format.kind.rawValue.padded(to: 6))  "
                text += String(repeating: " ", count: max(0, 3 - priority.count)) + "\(priority)  \(format.title)\n"
            }
            return text
        }

        private static func json(_ facts: [FormatFacts]) -> ContiguousArray<UInt8> {
            var writer = JSONWriter(pretty: true)
            writer.beginArray()
            for format in facts {
                writer.beginObject()
                writer.key("id")
                writer.string(format.id)
                writer.key("title")
                writer.string(format.title)
                writer.key("kind")
                writer.string(format.kind.rawValue)
                writer.key("priority")
                writer.number(format.priority)
                writer.key("samples")
                writer.number(format.samples)
                if !format.path.isEmpty {
                    writer.key("path")
                    writer.string(format.path)
                }
                writer.endObject()
            }
            writer.endArray()
            writer.newline()
            return writer.bytes
        }
    }
}
