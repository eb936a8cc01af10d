import ArgumentParser
import LogCore
import LogEngine
import LogLua

extension PluginsCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "All plugins: what each is, does, can be set to and wants to write.")
        @OptionGroup var catalog: CatalogOptions

        @Option(parsing: .unconditional, help: "text or json.")
        var format: DiagnosticFormat = .text

        @OptionGroup var loading: LoadingOptions

        mutating func run() async throws {
            let plugins = try catalog.load(quiet: false, loading.choices).plugins.sorted { $0.name < $1.name }
            switch format {
            case .text: try FileOutput(nil).write(Array(Self.text(plugins).utf8))
            case .json: try FileOutput(nil).write(Self.json(plugins))
            }
        }

        private static func text(_ plugins: [LuaPlugin]) -> String {
            let width = plugins.map(\.name.count).max() ?? 0
            var text = ""
            for plugin in plugins {
                text += "\(plugin.name.padded(to: width))  \(plugin.kind.rawValue.padded(to: 10))  "
                text += plugin.summary.isEmpty ? "\(plugin.path)\n" : "\(plugin.summary)  (\(plugin.path))\n"
                let settings = plugin.settings.map { "\($0.key)=\(Self.short($0.value))" }
                let indent = String(repeating: " ", count: width + 14)
                if !settings.isEmpty { text += "\(indent)--set  \(settings.joined(separator: "  "))\n" }
                if !plugin.outputs.isEmpty { text += "\(indent)--allow  \(plugin.outputs.joined(separator: "  "))\n" }
            }
            return text
        }

        private static func short(_ value: String) -> String {
            value.count > 40 ? value.prefix(39) + "…" : value
        }

        private static func json(_ plugins: [LuaPlugin]) -> ContiguousArray<UInt8> {
            var writer = JSONWriter(pretty: true)
            writer.beginArray()
            for plugin in plugins {
                writer.beginObject()
                writer.key("name")
                writer.string(plugin.name)
                writer.key("kind")
                writer.string(plugin.kind.rawValue)
                writer.key("description")
                writer.string(plugin.summary)
                writer.key("path")
                writer.string(plugin.path)
                writer.key("config")
                writer.beginObject()
                for (key, value) in plugin.settings {
                    let name = Array(key.utf8)
                    writer.key(name.span)
                    writer.string(value)
                }
                writer.endObject()
                writer.key("outputs")
                writer.beginArray()
                for output in plugin.outputs { writer.string(output) }
                writer.endArray()
                writer.endObject()
            }
            writer.endArray()
            writer.newline()
            return writer.bytes
        }
    }
}
