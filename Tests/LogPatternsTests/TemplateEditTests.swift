import LogCore
import Testing

@testable import LogPatterns

struct TemplateEditTests {
    private func parse(_ text: String) -> (edits: [TemplateEdit], diagnostics: [Diagnostic]) {
        TemplateEditLoader.parse(text: text, path: "templates.yml")
    }

    @Test func `a line is a merge or a split`() {
        let found = parse("- merge: 'user <*> logged in'\n- split: \"state changed to <*>\"\n")
        #expect(found.edits == [.merge("user <*> logged in"), .split("state changed to <*>")])
        #expect(found.diagnostics.isEmpty)
    }

    @Test(arguments: [
        ("- merge: user logged in", "templates.yml:1:10", "write <*> where"),
        ("- split: '<*> <*>'", "templates.yml:1:10", "write the words"),
        ("- merge: 'a <*>'\n- merg: 'b <*>'", "templates.yml:2:3", "did you mean 'merge'?"),
        ("merge: 'a <*>'", "templates.yml:1:1", "- "),
        ("- merge: [a, b]", "templates.yml:1:10", "write one text"),
    ])
    func `a defect is shown with its place and what to do`(text: String, place: String, help: String) {
        let found = parse(text)
        #expect(found.diagnostics.count == 1)
        let rendered = found.diagnostics.first?.rendered ?? ""
        #expect(rendered.contains(place) && rendered.contains(help), "\(rendered)")
        #expect(!found.edits.contains { $0 == .merge("user logged in") })
    }
}
