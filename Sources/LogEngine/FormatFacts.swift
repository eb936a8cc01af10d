import LogLua
import LogPatterns

/// How a format is made.
package enum FormatKind: String, Sendable {
    case native, lua, yaml
}

/// What there is to say of a format.
package struct FormatFacts: Sendable {
    package var id: String
    package var title: String
    package var kind: FormatKind
    package var priority: Int
    /// The file; empty for what is compiled in.
    package var path: String
    package var samples: Int
}

extension Catalog {
    /// All formats, in the order of detection where all else is equal.
    package var formatFacts: [FormatFacts] {
        formats.map { candidate in
            var facts = FormatFacts(
                id: candidate.name, title: candidate.title, kind: .native, priority: candidate.priority, path: "",
                samples: 0)
            if let definition = definitions.first(where: { $0.id == candidate.name }) {
                facts.kind = .yaml
                facts.path = definition.path
                facts.samples = definition.samples.count
            } else if let plugin = plugins.first(where: { $0.name == candidate.name }) {
                facts.kind = .lua
                facts.title = plugin.summary.isEmpty ? candidate.title : plugin.summary
                facts.path = plugin.path
            }
            return facts
        }
    }

    /// Reads every file with these formats and no others. Returns the first name that no format has.
    package mutating func force(_ names: [String]) -> String? {
        for name in names where !formats.contains(where: { $0.name == name }) { return name }
        forcedFormats = names
        return nil
    }
}
