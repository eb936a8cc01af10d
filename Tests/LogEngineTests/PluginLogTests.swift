import Foundation
import LogAnalysis
import LogEngine
import LogLua
import Testing

/// What plugins log reaches the report.
@Suite(.timeLimit(.minutes(20)))
struct PluginLogTests {
    private static func source(_ name: String, _ kind: String, _ body: String) -> String {
        """
        local M = { name = "\(name)", kind = "\(kind)", api = 1 }
        \(body)
        M.samples = M.samples or { { \(kind == "correlator" ? "events = {}" : "line = 'sample'"), expect = {} } }
        return M
        """
    }

    @Test func `every kind's log lines are among the warnings, with name and level`() async throws {
        let folder = try TestFolder()
        let output = "file:" + folder.path("out.txt")
        for (name, kind, body) in [
            (
                "reads", "parser",
                """
                M.match = "^made "
                function M.parse(line, event) ailogger.log("error", "in parse") event.time = 1763800000000000001 end
                M.samples = { { line = "made up", expect = { message = "made up" } } }
                """
            ),
            ("changes", "filter", "function M.process(event) ailogger.log('warning', 'in process') end"),
            (
                "relates", "correlator",
                """
                function M.process(event, ctx) ctx:after("k", "1s") end
                function M.timer() ailogger.log("info", "in timer") end
                function M.finish() ailogger.log("info", "in finish") end
                """
            ),
            (
                "writes", "sink",
                """
                M.permissions = { "\(output)" }
                ailogger.output("\(output)")
                function M.start() ailogger.log("info", "in start") end
                function M.write() ailogger.log("debug", "in write") end
                function M.flush() ailogger.log("critical", "in flush") end
                """
            ),
        ] {
            try folder.write(Self.source(name, kind, body), "plugins/\(name)/init.lua")
        }
        let text = (0..<9).map { "2026-11-22T10:00:0\($0)Z INFO number \($0)\n" }.joined()
        let inputs = [
            try folder.write(text, "a.log"),
            try folder.write(String(repeating: "made of something\n", count: 9), "b.log"),
        ]
        var folders = CatalogFolders()
        folders.plugins = [folder.path("plugins")]
        var choices = PluginChoices()
        choices.use = ["changes", "relates", "writes"]
        choices.allowed = [output]
        let catalog = Catalog.load(folders, choices)
        #expect(catalog.diagnostics.isEmpty && catalog.active.problems == [], "\(catalog.diagnostics)")
        let correlation = Correlation(
            try #require(catalog.correlation), sources: inputs.map(\.path), options: CorrelationOptions(),
            filter: EventFilter())
        let summary = await Engine(catalog).analyze(
            inputs, RunOptions(jobs: 1), plugins: try PluginRun(catalog, correlation: correlation))
        for said in [
            "plugin reads: ERROR: in parse", "plugin changes: WARNING: in process",
            "plugin relates: INFO: in timer", "plugin relates: INFO: in finish", "plugin writes: INFO: in start",
            "plugin writes: DEBUG: in write", "plugin writes: CRITICAL: in flush",
        ] {
            #expect(summary.warnings.contains(said), "\(said) of \(summary.warnings.sorted())")
        }
    }

    @Test(arguments: [
        (
            "parser",
            "M.match = '^number ' function M.parse(line) if not line:find('[02468]$') then while true do end end end"
        ),
        ("filter", "function M.process(event) if event.message ~= 'sample' then while true do end end end"),
        ("correlator", "function M.process(event, ctx) error('no') end"),
    ])
    func `the report says which plugin was put aside`(kind: String, body: String) async throws {
        let folder = try TestFolder()
        let samples =
            kind == "parser" ? "M.samples = { { line = 'another', expect = false } }" : "M.samples = nil"
        try folder.write(Self.source("fails", kind, "\(body)\n\(samples)"), "plugins/fails/init.lua")
        let text = (100..<400).map { "2026-11-22T10:00:00.\($0)Z INFO number \($0)\nnumber \($0)\n" }.joined()
        let inputs = [try folder.write(text, "a.log")]
        var folders = CatalogFolders()
        folders.plugins = [folder.path("plugins")]
        var choices = PluginChoices()
        if kind != "parser" { choices.use = ["fails"] }
        let catalog = Catalog.load(folders, choices)
        try #require(catalog.diagnostics.isEmpty, "\(catalog.diagnostics)")
        var run = PluginRun()
        if let plan = catalog.correlation {
            run.correlation = Correlation(
                plan, sources: inputs.map(\.path), options: CorrelationOptions(), filter: EventFilter())
        }
        let summary = await Engine(catalog).analyze(inputs, RunOptions(jobs: 1), plugins: run)
        let failure = try #require(summary.failures?["plugin fails"])
        #expect(failure.isCut && failure.rendered.contains("error: "), "\(failure)")
        #expect(
            summary.failureTexts.first?.hasPrefix(
                "plugin fails: so many \(failure.noun)s failed that it was put aside, the first: ") == true)
    }
}
