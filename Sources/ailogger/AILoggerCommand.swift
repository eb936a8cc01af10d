import ArgumentParser
import LogEngine

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@main
struct AILoggerCommand: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "ailogger",
        abstract: "Reads any log, says what went wrong, and links errors to their documentation.",
        discussion: """
            EXAMPLES
              ailogger analyze logs/                          what broke, when, how often, where it is documented
              journalctl -b | ailogger analyze -              the same for a stream
              ailogger analyze --since 2h --level error app.log.gz
              ailogger parse app.log | jq .fields             every event as a JSON object
              ailogger explain 'connect ECONNREFUSED 127.0.0.1:5432'
              ailogger check                                  rules, formats and plugins, with their tests

            EXIT STATUS
              0  done
              1  what --fail-on names was found; explain: no rule knows the text
              2  could not: wrong usage, defective configuration, unreadable input
            """,
        version: version,
        subcommands: [
            AnalyzeCommand.self, BrowseCommand.self, ParseCommand.self, ExplainCommand.self, CheckCommand.self,
            RulesCommand.self, FormatsCommand.self, PluginsCommand.self, MergeCommand.self,
        ])

    /// Names of files may be no UTF-8, which Swift's own list of arguments mends to what can't be found any more.
    private static var arguments: [String] {
        CommandLine.unsafeArgv.withMemoryRebound(to: UnsafeMutablePointer<CChar>?.self, capacity: Int(CommandLine.argc))
        { names in
            (0..<Int(CommandLine.argc)).dropFirst().compactMap { number in
                names[number].map { name in
                    NativePath.text(UnsafeBufferPointer(start: name, count: strlen(name)).map { UInt8(bitPattern: $0) })
                }
            }
        }
    }

    /// As ArgumentParser's own, but wrong usage exits with 2, like everything else that could not be done.
    static func main() async {
        // A reader that goes away is told by the write that fails, not by a signal.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            Glibc.exit(code.rawValue)
        } catch {
            let text = fullMessage(for: error)
            if exitCode(for: error).isSuccess {
                if !text.isEmpty { print(text) }
                Glibc.exit(0)
            }
            StandardError.write(text + "\n")
            Glibc.exit(2)
        }
    }
}
