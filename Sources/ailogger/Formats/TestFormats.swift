import ArgumentParser
import LogCore
import LogEngine
import LogLua
import LogPatterns

extension FormatsCommand {
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the samples and golden files of formats, or show how each line of a log is read.",
            discussion: """
                EXIT STATUS
                  0  all pass
                  1  a sample or a golden file fails, or a line of a log is read by no format
                  2  there is no format and no file of that name
                """)

        @Argument(help: "Ids of formats, or logs; all formats if nothing is named.") var names: [String] = []
        @OptionGroup var catalog: CatalogOptions
        @OptionGroup var forced: ForcedFormats

        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("How many events of each format are shown in full.", valueName: "n"))
        var show = NumberArgument(3)

        func validate() throws { try NumberArgument.check(show, "--show", 0...1_000) }

        mutating func run() async throws {
            let folders = try catalog.folders
            var loaded = Catalog.load(folders)
            try forced.apply(to: &loaded)
            let ids = Set(loaded.formats.map(\.name))
            var logs: [String] = []
            var chosen: Set<String> = []
            for name in names {
                if ids.contains(name) {
                    chosen.insert(name)
                } else if isFile(name) || name == "-" || isFolder(name) {
                    logs.append(name)
                } else {
                    throw Failure("\(name): there is no format and no file of this name")
                }
            }
            var failed = false
            if names.isEmpty || !chosen.isEmpty {
                failed = try await testFormats(chosen.isEmpty ? ids : chosen, loaded, folders)
            }
            for input in InputFinder.find(logs).inputs {
                let reading = try FormatReading(input, loaded)
                try FileOutput(nil).write(Array(reading.text(show.number ?? 0).utf8))
                failed = failed || reading.unmatched > 0
            }
            if failed { throw ExitCode(1) }
        }

        /// Says whether anything failed.
        private func testFormats(_ ids: Set<String>, _ loaded: Catalog, _ folders: CatalogFolders) async throws -> Bool
        {
            var found: [Diagnostic] = []
            var samples = 0
            var goldens = 0
            for format in loaded.definitions where ids.contains(format.id) {
                found += FormatLoader.lint(format)
                samples += format.samples.count
            }
            for plugin in loaded.plugins where ids.contains(plugin.name) {
                found += PluginFolder.runTests(of: plugin)
                samples += plugin.sampleCount
            }
            found += loaded.diagnostics.filter { diagnostic in
                folders.formats.contains { diagnostic.path.hasPrefix($0 + "/") }
            }
            let places = folders.formats + folders.plugins
            for id in ids.sorted() {
                let golden = places.lazy.map { "\(FormatGolden.samples(besides: $0))/\(id)" }
                    .first { isFile("\($0)/input.log") && isFile("\($0)/expected.jsonl") }
                guard let golden else { continue }
                goldens += 1
                let expected = try Failure.named("\(golden)/expected.jsonl") { () throws(SourceError) in
                    try readFile("\(golden)/expected.jsonl")
                }
                let events = try await FormatGolden.events(of: "\(golden)/input.log", loaded)
                guard let difference = FormatGolden.difference(events, expected) else { continue }
                found.append(
                    Diagnostic(
                        "event \(difference.line) is \(difference.actual), expected \(difference.expected)",
                        path: "\(golden)/expected.jsonl", line: difference.line,
                        help:
                            "correct the format, or write the file anew with `ailogger parse` if what it gives is right"
                    ))
            }
            try DiagnosticFormat.text.write(found)
            print("\(ids.count) formats, \(samples) samples, \(goldens) golden files, \(found.count) failed")
            return !found.isEmpty
        }
    }
}
