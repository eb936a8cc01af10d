import ArgumentParser
import LogCore
import LogEngine
import LogPatterns

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say what an error text means, what to do, and where it is documented.",
        discussion: """
            EXAMPLES
              ailogger explain 'FATAL: sorry, too many clients already'
              tail -1 app.log | ailogger explain
            """)

    @Argument(help: "The error text; standard input if there is none.")
    var text: [String] = []

    @OptionGroup var catalog: CatalogOptions

    mutating func run() async throws {
        let catalog = try catalog.load(quiet: false)
        let bytes: [UInt8]
        if text.isEmpty {
            bytes = try Failure.named("standard input") { () throws(SourceError) in try readFile("/dev/stdin") }
        } else {
            bytes = Array(text.joined(separator: " ").utf8)
        }
        let found = catalog.explain(bytes)
        guard !found.isEmpty else {
            StandardError.write("No rule knows this text. docs/rules.md says how to write one.\n")
            throw ExitCode(1)
        }
        print(found.map { Self.describe($0.rule, $0.captures) }.joined(separator: "\n"), terminator: "")
    }

    static func describe(_ rule: Rule, _ captures: [(name: String, text: String)]) -> String {
        var text = "\(rule.level.name)  \(rule.title)  [\(rule.id)]\n"
        if !captures.isEmpty {
            text += "  found  " + captures.map { "\($0.name) = \(printable($0.text))" }.joined(separator: ", ") + "\n"
        }
        text += "  cause  \(rule.cause)\n"
        for fix in rule.fix { text += "  fix    \(fix)\n" }
        for page in rule.docs {
            text += "  docs   \(page.url)  \(page.title)\(page.versions.map { " (\($0))" } ?? "")\n"
        }
        return text
    }

    /// Text of a log without what a terminal would take for a command.
    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }
}
