import ArgumentParser
import LogCore
import LogEngine
import LogLua

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension PluginsCommand {
    struct Repl: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "repl", abstract: "Try out Lua as plugins have it, line by line, from a terminal or a pipe.",
            discussion: """
                EXAMPLES
                  ailogger plugins repl
                  echo 'ailogger.grok("%{IP:client}"):match("from 192.0.2.1")' | ailogger plugins repl
                  ailogger plugins repl till --line '@6affc5d0 scale-3 00 1250'

                \(help)
                """)

        private static let help = """
            Each line is an expression, whose values are shown, or a statement. M is the plugin's table, `line` the line
            of log at hand and `event` the event that is made of it: M.parse(line, event) or M.process(event) tries the
            plugin. Lines that begin with a dot are commands:

              .line TEXT   makes TEXT the line at hand, and a new event of it
              .event       shows the event
              .reload      reads the plugin's files again
              .help        shows this
              .quit        ends
            """

        private static let commands: Set = [".line", ".event", ".reload", ".help", ".quit"]

        private static func word(_ typed: String) -> String { String(typed.prefix { $0 != " " }) }

        @Argument(help: "The plugin whose state to be in; an empty one if none is named.") var name: String?

        @Option(help: ArgumentHelp("The line of log to begin with.", valueName: "text")) var line: String?

        @OptionGroup var catalog: CatalogOptions
        @OptionGroup var loading: LoadingOptions

        mutating func run() async throws {
            let folders = try catalog.folders
            let dialogue: LuaDialogue
            do {
                dialogue = try LuaDialogue(try name.map { try folders.script(of: $0, loading) })
            } catch let defect as Diagnostic {
                throw Failure("\(name ?? ""): \(defect.rendered)")
            }
            if let line { dialogue.take(line: Array(line.utf8)) }
            let isTerminal = isatty(0) == 1
            if isTerminal { say("Lua of \(name ?? "an empty plugin"); .help says more, .quit ends") }
            var pending = ""
            while true {
                if isTerminal { _ = FileOutput.write(Array((pending.isEmpty ? "> " : ">> ").utf8), to: 1) }
                guard let typed = readLine() else { break }
                // A statement that goes on can begin with a point too, but not with one of these.
                if typed.hasPrefix("."), pending.isEmpty || Self.commands.contains(Self.word(typed)) {
                    if Self.word(typed) == ".quit" { return }
                    command(typed, dialogue, folders)
                } else {
                    let isOver = typed.isEmpty
                    pending += pending.isEmpty ? typed : "\n" + typed
                    if evaluate(pending, dialogue, isOver: isOver) { pending = "" }
                }
            }
            if !pending.isEmpty { _ = evaluate(pending, dialogue, isOver: true) }
            if isTerminal { say("") }
        }

        /// False if the text goes on in the next line. An empty line ends it in any case.
        private func evaluate(_ text: String, _ dialogue: LuaDialogue, isOver: Bool) -> Bool {
            if text.isEmpty { return true }
            let answer = dialogue.evaluate(text)
            if case .unfinished = answer, !isOver { return false }
            show(answer, dialogue)
            return true
        }

        private func show(_ answer: LuaDialogue.Answer, _ dialogue: LuaDialogue) {
            for line in dialogue.takeLog() {
                say("\(Severity(rawValue: line.level)?.name ?? "INFO"): \(line.text)")
            }
            switch answer {
            case .values(let values): if !values.isEmpty { say(values.joined(separator: "\t")) }
            case .error(let message), .unfinished(let message): StandardError.write("error: \(message)\n")
            }
        }

        private func command(_ typed: String, _ dialogue: LuaDialogue, _ folders: CatalogFolders) {
            let words = typed.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            switch words[0] {
            case ".line": dialogue.take(line: Array((words.count > 1 ? words[1] : "").utf8))
            case ".event": show(dialogue.event(), dialogue)
            case ".help": say(Self.help)
            case ".reload":
                do {
                    try dialogue.reload(try name.map { try folders.script(of: $0, loading) })
                } catch let defect as Diagnostic {
                    StandardError.write("\(defect.rendered)\n")
                } catch {
                    StandardError.write("error: \(error)\n")
                }
            default: StandardError.write("error: no command \(words[0]): .help names all\n")
            }
        }

        private func say(_ text: String) { _ = FileOutput.write(Array((text + "\n").utf8), to: 1) }
    }
}
