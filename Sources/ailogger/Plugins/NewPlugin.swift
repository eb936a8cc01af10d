import ArgumentParser
import LogCore
import LogEngine
import LogLua
import LogPatterns

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension LuaKind: ExpressibleByArgument {
    public init?(argument: String) {
        guard let kind = LuaKind(rawValue: argument), PluginDraft.kinds.contains(kind) else { return nil }
        self = kind
    }

    public static var allValueStrings: [String] { PluginDraft.kinds.map(\.rawValue) }
}

extension PluginsCommand {
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a new plugin that works as it is, for you to go on from.",
            discussion: """
                EXAMPLES
                  ailogger plugins new till --from till.log
                  journalctl -n 500 | ailogger plugins new mine --from -
                  ailogger plugins new hide --kind filter

                What the lines have in common makes the parser: times, levels,
                brackets, quotes, key=value. It passes `plugins test` at once.
                """)

        @Argument(help: "The plugin's name: small letters, digits, _ and -.") var name: String

        @Option(help: ArgumentHelp("What it is to be: parser, filter, correlator or sink.", valueName: "kind"))
        var kind: LuaKind = .parser

        @Option(
            help: ArgumentHelp(
                "A log, or - for standard input, of which the first \(PluginDraft.mostLines) lines make a parser.",
                valueName: "file"),
            completion: .file())
        var from: String?

        @Option(help: ArgumentHelp("The folder of plugins.", valueName: "dir"), completion: .directory)
        var dir = "plugins"

        func validate() throws {
            let isName = name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "_-".utf8.contains($0)
            }
            if !isName || name.isEmpty || name == "lib" {
                throw ValidationError(
                    "A plugin's name has small letters, digits, _ and -, and isn't lib: not '\(name)'.")
            }
            if from != nil, kind != .parser { throw ValidationError("--from is for parsers: leave it out.") }
        }

        mutating func run() async throws {
            var folders = CatalogFolders.standard(
                executable: realPath("/proc/self/exe"), workingDirectory: realPath("."))
            folders.plugins = []
            if kind == .parser, Catalog.load(folders.ofPlugins).formats.contains(where: { $0.name == name }) {
                throw Failure("\(name): is the name of a format that is built in; take another one")
            }
            let folder = "\(dir)/\(name)"
            if access(folder, F_OK) == 0 { throw Failure("\(folder): is there already") }
            let lines = try from.map { try Self.lines(of: $0) } ?? []
            if from != nil, lines.isEmpty { throw Failure("\(from ?? ""): no lines in it") }
            if !lines.isEmpty, lines.count(where: { $0.starts(with: "{\"".utf8) }) * 10 > lines.count * 9 {
                throw Failure("\(from ?? ""): these lines are JSON, which is read without a plugin")
            }
            let draft = PluginDraft(name, kind, lines: lines)
            if draft.source.isEmpty {
                throw Failure(
                    "\(from ?? ""): the lines have nothing in common; without --from there is a draft to fill in")
            }
            try Self.makeFolder(dir)
            try Self.makeFolder(folder)
            let path = "\(folder)/init.lua"
            let target = try FileOutput(path)
            try target.write(Array(draft.source.utf8))
            try target.finish()
            var text = "\(path) is written"
            if let read = draft.read { text += "; it reads \(read) of \(lines.count) lines" }
            let isStandard = realPath(dir) == realPath("plugins")
            text += "\n  ailogger plugins test \(name)\(isStandard ? "" : " --plugins \(dir)")\n"
            try FileOutput(nil).write(Array(text.utf8))
        }

        static func makeFolder(_ path: String) throws {
            if mkdir(path, 0o755) != 0, errno != EEXIST || !isFolder(path) {
                throw Failure("\(path): cannot be made: \(String(cString: strerror(errno)))")
            }
        }

        /// The first lines of a log, whole ones.
        static func lines(of path: String) throws -> [[UInt8]] {
            let limit = 4 << 20
            let bytes = try Failure.named(path) { () throws(SourceError) in
                try readFile(path == "-" ? "/dev/stdin" : path, limit: limit)
            }
            var lines = bytes.split(separator: 0x0A, maxSplits: PluginDraft.mostLines).map { line in
                Array(line.last == 0x0D ? line.dropLast() : line)
            }
            // The last one is cut, or all that is left.
            if lines.count > PluginDraft.mostLines || bytes.count >= limit { lines.removeLast() }
            return lines.filter { !$0.isEmpty && $0.count <= 16_384 }
        }
    }
}
