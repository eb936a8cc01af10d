import ArgumentParser
import LogCore
import LogEngine
import LogPatterns

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension FormatsCommand {
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draft a format from the lines of a log.",
            discussion: """
                EXAMPLES
                  head -200 till.log | ailogger formats new till
                  ailogger formats new till --from till.log

                Writes formats/NAME.yml with a pattern, its fields and samples, and
                samples/NAME/ with the lines and the events that they give. It passes
                `formats test NAME` at once.
                """)

        @Argument(help: "The format's id: small letters, digits, _, - and .") var name: String

        @Option(
            help: ArgumentHelp(
                "A log instead of standard input; the first \(FormatDraft.mostLines) lines count.", valueName: "file"),
            completion: .file())
        var from = "-"

        @Option(help: ArgumentHelp("The folder of formats.", valueName: "dir"), completion: .directory)
        var dir = "formats"

        @Option(help: ArgumentHelp("The folder of samples; beside that of formats.", valueName: "dir"))
        var samples: String?

        func validate() throws {
            let isName = name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "_-.".utf8.contains($0)
            }
            if !isName || name.isEmpty || name.hasPrefix(".") {
                throw ValidationError("A format's id has small letters, digits, _, - and .: not '\(name)'.")
            }
        }

        mutating func run() async throws {
            var folders = CatalogFolders.standard(
                executable: realPath("/proc/self/exe"), workingDirectory: realPath("."))
            if Catalog.load(folders).formats.contains(where: { $0.name == name }) {
                throw Failure("\(name): there is a format of this name; take another one")
            }
            let path = "\(dir)/\(name).yml"
            let golden = "\(samples ?? FormatGolden.samples(besides: dir))/\(name)"
            for place in [path, golden] where access(place, F_OK) == 0 { throw Failure("\(place): is there already") }
            let lines = try PluginsCommand.New.lines(of: from)
            if lines.isEmpty { throw Failure("\(from == "-" ? "standard input" : from): no lines in it") }
            let draft = FormatDraft(name, lines: lines)
            if draft.source.isEmpty {
                throw Failure("the lines have nothing in common that a pattern can tell them by")
            }
            for folder in [dir, (samples ?? FormatGolden.samples(besides: dir)), golden] {
                try PluginsCommand.New.makeFolder(folder)
            }
            try Self.write(Array(draft.source.utf8), path)
            let input: [UInt8] = draft.lines.prefix(Self.goldenLines).flatMap { line in line + [UInt8(0x0A)] }
            try Self.write(input, "\(golden)/input.log")
            if !folders.formats.contains(realPath(dir)) { folders.formats.insert(dir, at: 0) }
            let catalog = Catalog.load(folders)
            let events = try await FormatGolden.events(of: "\(golden)/input.log", catalog)
            try Self.write(events, "\(golden)/expected.jsonl")
            var text = "\(path) is written; it reads \(draft.read) of \(draft.lines.count) lines\n"
            text +=
                "\(golden)/ has \(min(draft.lines.count, Self.goldenLines)) of them, and the events that they give\n"
            let isStandard = realPath(dir) == realPath("formats")
            text += "  ailogger formats test \(name)\(isStandard ? "" : " --formats \(dir)")\n"
            try FileOutput(nil).write(Array(text.utf8))
        }

        /// More lines make a golden file that nobody looks at.
        private static let goldenLines = 40

        private static func write(_ bytes: [UInt8], _ path: String) throws {
            let target = try FileOutput(path)
            try target.write(bytes)
            try target.finish()
        }
    }
}
