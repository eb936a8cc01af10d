import LogPatterns
import Testing

@Suite struct NearestTests {
    @Test(arguments: [
        ("tilte", "title"), ("ttle", "title"), ("titlee", "title"), ("TITLE", "title"), ("lvel", "level"),
        ("false_positive", "false_positives"),
    ])
    func `a slip of the fingers leads to the name that was meant`(typed: String, meant: String) {
        #expect(Nearest.name(to: typed, in: ["id", "title", "level", "false_positives"]) == meant)
    }

    @Test func `another word leads nowhere`() {
        #expect(Nearest.name(to: "severity", in: ["id", "title", "level"]) == nil)
        #expect(Nearest.name(to: "", in: ["id"]) == nil)
        #expect(Nearest.name(to: String(repeating: "x", count: 10_000), in: ["title"]) == nil)
    }
}
