import ArgumentParser
import LogEngine
import LogAnalysis
import LogCore

struct ParseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "parse", abstract: "x")
    @Argument var paths: [String] = []
    @Option var jobs = 1
    @Flag var analyze = false
    func run() async throws {
        let catalog = Catalog.load(CatalogFolders.standard(executable: "/work/main/x", workingDirectory: "/work/main"))
        for d in catalog.diagnostics { print(d.rendered) }
        let found = InputFinder.find(paths)
        if analyze {
            let s = await Engine(catalog).analyze(found.inputs, RunOptions(jobs: jobs))
            print(s.byRank, s.tally, s.findings.values.map { "\($0.rule.id) \($0.tally.count)" }, s.templates.count, s.ledger)
            for s in s.sources.values { print(s.path, s.formats, s.confidence, s.error ?? "") }
        } else {
            _ = await Engine(catalog).parse(found.inputs, RunOptions(jobs: jobs), output: OrderedOutput(descriptor: 1))
        }
    }
}
