import ArgumentParser

@main
struct AILoggerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ailogger", abstract: "Reads any log, says what went wrong, and links errors to documentation.",
        subcommands: [ParseCommand.self])
}
