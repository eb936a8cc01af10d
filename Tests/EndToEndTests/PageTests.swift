import Foundation
import Testing

/// The HTML report, as a browser shows it: `Tests/Browser/check_page.py` has the checks.
@Suite(.serialized) struct PageTests {
    private static let browser = ["chromium", "chromium-browser", "google-chrome"].contains { isFile("/usr/bin/\($0)") }
    private static let axe = Command.root + "/.build/axe/axe_playwright_python/axe.min.js"
    private static let python = isFile("/usr/bin/python3") ? "/usr/bin/python3" : "python3"
    private let sample = "samples/log4j/input.log"

    private func run(_ script: String, _ arguments: String, in folder: Folder, seconds: Int = 300) async throws
        -> Output
    {
        try await Command.shell(
            "exec \(Self.python) -B \(Command.root)/Tests/Browser/\(script) \(arguments)", in: folder.path,
            environment: ["AXE": Self.axe, "HOME": folder.path], seconds: seconds)
    }

    @Test(
        .enabled(if: browser, "Chromium is not installed; `make test` installs it"),
        arguments: [
            "complete", "expands", "filters", "keyboard", "hostile", "large", "empty", "prints", "plain", "narrow",
        ])
    func `in a browser the page`(check: String) async throws {
        let folder = try Folder()
        let result = try await run("check_page.py", "\"$AILOGGER\" . \(check)", in: folder)
        #expect(result.status == 0 && !result.timedOut, "\(result.text)\(result.errors)")
    }

    @Test(
        .enabled(if: browser, "Chromium is not installed; `make test` installs it"),
        .enabled(if: isFile(axe), "axe-core is not there; `make test` fetches it"))
    func `axe finds nothing that keeps people out`() async throws {
        let folder = try Folder()
        let result = try await run("check_page.py", "\"$AILOGGER\" . accessible", in: folder)
        #expect(result.status == 0 && !result.timedOut, "\(result.text)\(result.errors)")
    }

    @Test(
        .enabled(
            if: isFile("/usr/lib/python3/dist-packages/jsonschema/__init__.py"),
            "python3-jsonschema is not installed; `make test` installs it"))
    func `every key of a report is in the published schema, and as it says`() async throws {
        let folder = try Folder()
        let script = """
            cd '\(Command.root)' && out='\(folder.path)'
            "$AILOGGER" analyze -q --format json -o "$out/samples.json" samples/ || exit 1
            "$AILOGGER" analyze -q --format html -o "$out/samples.html" samples/ || exit 1
            "$AILOGGER" analyze -q --format json -o "$out/bad.json" samples/bad/logs /nowhere
            "$AILOGGER" analyze -q --format json -o "$out/empty.json" - </dev/null || exit 1
            "$AILOGGER" analyze -q --format json -o "$out/metrics.json" --plugins docs/example/plugins \
                --use freezer_goods,freezer_watch docs/example/freezer.log || exit 1
            """
        let made = try await Command.shell(script)
        #expect(made.status == 0, "\(made.errors)")
        let result = try await run("check_schema.py", "*.json *.html", in: folder)
        #expect(result.status == 0, "\(result.text)\(result.errors)")
    }

    @Test func `the page goes to standard output or to a file, but not to a terminal`() async throws {
        let folder = try Folder()
        let printed = try await Command.ailogger(["analyze", "--format", "html", sample])
        #expect(printed.status == 0)
        #expect(printed.text.hasPrefix("<!DOCTYPE html>"))
        let silent = try await Command.ailogger(["analyze", "--format", "html", "-o", folder.path + "/page", sample])
        #expect(silent.status == 0 && silent.text == "")
        #expect(try folder.read("page") == printed.out)
        let refused = try await Command.shell(
            "script -qec '\"$AILOGGER\" analyze --format html samples/log4j/input.log' /dev/null")
        #expect(refused.text.contains("-o report.html"), "\(refused.text.prefix(500))")
        #expect(!refused.text.contains("<!DOCTYPE"))
    }

    @Test func `merged summaries make the same page`() async throws {
        let folder = try Folder()
        let summary = folder.path + "/summary"
        _ = try await Command.ailogger(["analyze", "--format", "summary", "-o", summary, sample])
        let merged = try await Command.ailogger(["merge", "--format", "html", summary])
        let whole = try await Command.ailogger(["analyze", "--format", "html", sample])
        #expect(merged.status == 0)
        #expect(merged.text == whole.text, "\(firstDifference(merged.text, whole.text))")
    }
}
