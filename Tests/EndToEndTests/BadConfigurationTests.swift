import Foundation
import Testing

/// `samples/bad/<kind>/<defect>/`: one defect each, and in `expected.txt` exactly what `check` says of it.
@Suite struct BadConfigurationTests {
    struct Defect: CustomTestStringConvertible, Sendable {
        var kind: String
        var name: String
        var path: String { "samples/bad/\(kind)/\(name)" }
        var testDescription: String { "\(kind)/\(name)" }
    }

    static let defects = ["rules", "formats", "plugins"].flatMap { kind in
        entries("\(Command.root)/samples/bad/\(kind)").map { Defect(kind: kind, name: $0) }
    }

    @Test(arguments: defects) func `check says what is wrong, where, and what helps`(defect: Defect) async throws {
        let result = try await Command.ailogger(["check", "--\(defect.kind)", defect.path])
        let said = result.text + result.errors
        #expect(result.status == 2 && !result.timedOut)
        let golden = URL(fileURLWithPath: "\(Command.root)/\(defect.path)/expected.txt")
        if Command.updatesGolden {
            try Data(said.utf8).write(to: golden)
            return
        }
        guard let expected = try? String(contentsOf: golden, encoding: .utf8) else {
            Issue.record(
                "\(golden.path) is missing: UPDATE_GOLDEN=1 swift test --filter BadConfigurationTests writes it")
            return
        }
        #expect(said == expected, "\(firstDifference(said, expected))")
    }

    @Test(.enabled(if: !Command.updatesGolden), arguments: defects)
    func `an expected message names the file and the place, or says what helps`(defect: Defect) throws {
        let path = "\(Command.root)/\(defect.path)/expected.txt"
        let said = try #require(try? String(contentsOfFile: path, encoding: .utf8), "\(path) is missing")
        let hasPlace = said.contains(try Regex(#"samples/bad/\S+:\d+(:\d+)?: error: \S"#))
        let hasHelp = said.contains(try Regex(#"samples/bad/\S+: error: \S"#)) && said.contains("= help: ")
        #expect(hasPlace || hasHelp, "\(said)")
        #expect(!said.contains(Command.root), "an absolute path: \(said)")
    }

    @Test func `every kind of definition has its defects`() {
        for kind in ["rules", "formats", "plugins"] {
            #expect(Self.defects.filter { $0.kind == kind }.count >= 5, "\(kind)")
        }
    }

    @Test func `the same diagnostics come as JSON for machines`() async throws {
        let result = try await Command.ailogger(["check", "--format", "json", "--rules", "samples/bad/rules/bad-level"])
        #expect(result.status == 2)
        let said = try JSONSerialization.jsonObject(with: result.out)
        #expect("\(said)".contains("cart-full.yml"))
    }

    @Test func `what is shipped is without defect`() async throws {
        let result = try await Command.ailogger(["check"] + Command.catalog)
        #expect(result.status == 0, "\(result.text)\(result.errors)")
        #expect(!result.text.contains(": error: "))
    }

    @Test func `one defective rule takes no other rule away`() async throws {
        let fine = Command.root + "/rules"
        let result = try await Command.ailogger(
            [
                "analyze", "--format", "json", "--rules", "samples/bad/rules/bad-level", "--rules", fine,
                "samples/kernel-dmesg",
            ])
        #expect(result.text.contains("\"findings\""))
        #expect(!result.timedOut)
        let broken = result.status == 2 || (result.errors + result.text).contains("cart-full.yml")
        #expect(broken, "nothing was said of the defect")
    }
}
