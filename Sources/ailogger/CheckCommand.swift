import ArgumentParser
import LogCore
import LogEngine
import LogPatterns

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check rules, correlations, formats and plugins, and run the tests they carry.",
        discussion: """
            EXAMPLES
              ailogger check
              ailogger check --rules my-rules/ --format json
            """)

    @OptionGroup var catalog: CatalogOptions

    @Option(parsing: .unconditional, help: "text or json.")
    var format: DiagnosticFormat = .text

    @OptionGroup var loading: LoadingOptions

    @Flag(name: .shortAndLong, help: "Nothing but defects.")
    var quiet = false

    mutating func run() async throws {
        let catalog = Catalog.load(try catalog.folders, loading.choices)
        let found = catalog.check()
        try format.write(found)
        let errors = found.count { $0.level == .error }
        if errors > 0 { throw ExitCode(2) }
        // A check that looked at nothing has not passed.
        if catalog.rules.rules.isEmpty, catalog.correlations.isEmpty, let missing = try self.catalog.folders.missing {
            if catalog.definitions.isEmpty, catalog.plugins.isEmpty { throw Failure("nothing to check: \(missing)") }
            StandardError.write("ailogger: \(missing)\n")
        }
        if !quiet, format == .text {
            print(
                "\(catalog.rules.rules.count) rules, \(catalog.correlations.count) correlations, "
                    + "\(catalog.definitions.count) formats, \(catalog.plugins.count) plugins: all tests pass")
        }
    }
}

/// How diagnostics are written.
enum DiagnosticFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json

    func write(_ diagnostics: [Diagnostic]) throws {
        let target = try FileOutput(nil)
        switch self {
        case .text:
            for diagnostic in diagnostics { try target.write(Array((diagnostic.rendered + "\n").utf8)) }
        case .json:
            var writer = JSONWriter(pretty: true)
            writer.beginArray()
            for diagnostic in diagnostics { Self.write(diagnostic, &writer) }
            writer.endArray()
            writer.newline()
            try target.write(writer.bytes)
        }
    }

    private static func write(_ diagnostic: Diagnostic, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("path")
        writer.string(diagnostic.path)
        writer.key("line")
        writer.number(diagnostic.line)
        writer.key("column")
        writer.number(diagnostic.column)
        writer.key("level")
        writer.string(diagnostic.level.rawValue)
        writer.key("message")
        writer.string(diagnostic.message)
        if let help = diagnostic.help {
            writer.key("help")
            writer.string(help)
        }
        writer.endObject()
    }
}
