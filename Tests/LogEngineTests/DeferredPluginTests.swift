import LogAnalysis
import LogCore
import LogEngine
import LogPatterns
import Testing

/// Plugins that came with the program are loaded by the run that needs them, and nobody can tell by the result.
@Suite(.timeLimit(.minutes(20)))
struct DeferredPluginTests {
    private static func folders(_ plugins: String, isShipped: Bool) -> CatalogFolders {
        var folders = CatalogFolders()
        folders.plugins = [plugins]
        if isShipped { folders.shipped = [plugins] }
        return folders
    }

    private static let good = """
        local M = { name = "till", kind = "parser", api = 1, match = "^@" }
        local entry = ailogger.regex("^@(?<message>.*)")
        function M.parse(line, event)
          event.message, event.level = entry:captures(line), "error"
        end
        M.samples = { { line = "@x", expect = { message = "x", level = "ERROR" } } }
        return M
        """

    private static let lines = (0..<400).map { "@sale \($0)" }.joined(separator: "\n") + "\n"

    @Test func `one worker or many, deferred or not, the samples give the same summary`() async throws {
        var folders = Self.folders(Project.root + "/plugins", isShipped: true)
        folders.rules = [Project.root + "/rules"]
        folders.formats = [Project.root + "/formats"]
        let inputs = InputFinder.find([Project.root + "/samples"]).inputs
        #expect(inputs.count > 40)
        let expected = await Project.analyze(inputs)
        for jobs in [1, 4] {
            let catalog = Catalog.load(folders)
            #expect(catalog.diagnostics.isEmpty)
            #expect(catalog.formats.map(\.name) == Project.catalog.formats.map(\.name))
            let summary = await Engine(catalog).analyze(inputs, Project.options(jobs: jobs))
            #expect(differences(summary, expected) == [], "jobs \(jobs)")
            #expect(catalog.lateDiagnostics.isEmpty)
        }
    }

    @Test func `a defect of a shipped plugin is told by the run whose lines it would read`() async throws {
        let folder = try TestFolder()
        let broken = Self.good.replacing("local entry", with: "local x = nil + 1; local entry")
        try folder.write(broken, "plugins/till/init.lua")
        let folders = Self.folders(folder.path("plugins"), isShipped: true)
        let mine = try folder.write(Self.lines, "till.log")
        let other = try folder.write("2026-11-20T04:00:00Z something else\n", "other.log")
        let catalog = Catalog.load(folders)
        #expect(catalog.diagnostics.isEmpty)
        #expect(await Engine(catalog).analyze([other], Project.options()).warnings.isEmpty)
        #expect(catalog.lateDiagnostics.isEmpty)
        let warnings = await Engine(catalog).analyze([mine, other], Project.options(jobs: 4)).warnings
        #expect(
            warnings == [
                """
                plugin till: \(folder.path("plugins"))/till/init.lua:2: attempt to perform arithmetic on a nil value: \
                left out, `ailogger plugins test till` has the details
                """
            ])
        let late = catalog.lateDiagnostics.map(\.rendered)
        #expect(
            late == Catalog.load(Self.folders(folder.path("plugins"), isShipped: false)).diagnostics.map(\.rendered))
        #expect(late.first?.contains("init.lua:2: error: attempt to perform arithmetic on a nil value") == true)
        // What it would have read is read as if it weren't there.
        folder.remove("plugins/till")
        let without = await Engine(Catalog.load(folders)).analyze([mine, other], Project.options())
        var with = await Engine(catalog).analyze([mine, other], Project.options(jobs: 2))
        with.warnings = []
        #expect(differences(with, without) == [])
    }

    @Test func `a plugin of the user's is loaded at once, and its defects are told whatever the input`() throws {
        let folder = try TestFolder()
        try folder.write(Self.good.replacing("\"x\"", with: "\"y\""), "plugins/till/init.lua")
        let found = Catalog.load(Self.folders(folder.path("plugins"), isShipped: false)).diagnostics
        #expect(found.map(\.message) == [#"sample 1: message is "x", expected "y""#])
        // As it is for shipped ones where all are to be checked.
        var choices = PluginChoices()
        choices.loadsAll = true
        #expect(Catalog.load(Self.folders(folder.path("plugins"), isShipped: true), choices).diagnostics.count == 1)
        choices = PluginChoices()
        choices.defers = false
        #expect(Catalog.load(Self.folders(folder.path("plugins"), isShipped: true), choices).diagnostics.count == 1)
    }

    @Test func `a setting of a deferred plugin is checked at once`() throws {
        let folder = try TestFolder()
        try folder.write(Self.good, "plugins/till/init.lua")
        var choices = PluginChoices()
        choices.settings["till"] = [("most", "5")]
        let catalog = Catalog.load(Self.folders(folder.path("plugins"), isShipped: true), choices)
        #expect(catalog.active.problems.count == 1)
    }
}
