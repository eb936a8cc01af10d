import LogCore
import Testing

@testable import LogAnalysis

struct TemplateGroupTests {
    // MARK: Shapes

    @Test(arguments: [
        ("took <*> ms", "took <*>"), ("sent <*> bytes (<*> KB) to <*>", "sent <*> to <*>"),
        ("at Sun Jul <*> <*> <*> UTC", "at <*>"), ("lifetime <<*> sec", "lifetime <*>"),
        ("values <*>, <*>, <*>", "values <*>"), ("handlers for [TERM, HUP, INT]", "handlers for [<*>]"),
        ("ws=<*>{<*>}, uid=<*>", "ws=<*>, uid=<*>"), ("chip FF:<*>:DC here", "chip <*> here"),
        ("nodes <*> <ok> <*> <ok> <*> <ok>", "nodes <*> <ok>"), ("from <*> () at", "from <*> at"),
        ("  two   blanks ", "two blanks"), ("a word (and another)", "a word (and another)"), ("", ""),
    ])
    func `what is one value becomes one wildcard`(skeleton: String, shape: String) {
        #expect(TemplateShape.canonical(skeleton) == shape)
        #expect(TemplateShape.canonical(shape) == shape)
    }

    // MARK: Groups

    private static let states = ["NEW", "SCHEDULED", "RUNNING", "SUCCEEDED", "KILLED"]

    private static let templates: [String] =
        ["anna", "bert"].map { "session opened for user \($0) by <*>" }
        + ["alpha", "beta", "gamma", "delta", "eps", "zeta"].map { "loading the module \($0) took <*>" }
        + zip(states, states.dropFirst()).map { "task <*> has moved from \($0) to \($1)" }
        + ["the link is up", "the link is down", "getVolume", "getMode", "closed", "opened"]

    @Test func `words that vary become wildcards`() {
        let groups = TemplateGroups(of: Self.templates)
        #expect(
            Set(Self.templates.map(groups.group)) == [
                "session opened for user <*> by <*>", "loading the module <*> took <*>",
                "task <*> has moved from <*> to <*>", "the link is up", "the link is down", "getVolume", "getMode",
                "closed", "opened",
            ])
        #expect(groups.group(of: "session opened for user carl by <*>") == "session opened for user <*> by <*>")
        #expect(groups.group(of: "session closed for user carl by <*>") == "session closed for user carl by <*>")
    }

    @Test func `groups are the same for any order`() {
        var random = SeededGenerator(state: 11)
        let groups = TemplateGroups(of: Self.templates)
        for _ in 0..<50 {
            let shuffled = TemplateGroups(of: Self.templates.shuffled(using: &random))
            for template in Self.templates { #expect(shuffled.group(of: template) == groups.group(of: template)) }
        }
    }

    @Test func `a group covers its templates, and is its own group`() {
        var random = SeededGenerator(state: 12)
        let words = ["user", "for", "from", "a", "b", "c", "link", "x_1", ":", "<*>", "[", "]", ",", "KB", "moved"]
        for _ in 0..<200 {
            let templates = (0..<60).map { _ in
                TemplateShape.canonical(
                    (0..<Int.random(in: 1...9, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
                        .joined(separator: " "))
            }
            let groups = TemplateGroups(of: templates)
            for template in templates {
                let group = groups.group(of: template)
                #expect(groups.group(of: group) == group, "\(template)")
            }
        }
    }

    // MARK: Edits

    @Test func `a user's merge takes in what it covers`() {
        let edits = TemplateEdits(merges: ["get<*>", "the link is <*>"], splits: [])
        let groups = TemplateGroups(of: Self.templates, edits: edits)
        #expect(groups.group(of: "the link is up") == "the link is <*>")
        #expect(groups.group(of: "the link is gone for good") == "the link is <*>")
        #expect(groups.group(of: "closed") == "closed")
    }

    @Test func `a user's split keeps the words of a place apart`() {
        let edits = TemplateEdits(merges: [], splits: ["loading the module <*> took <*>"])
        let groups = TemplateGroups(of: Self.templates, edits: edits)
        #expect(groups.group(of: "loading the module beta took <*>") == "loading the module beta took <*>")
        #expect(groups.group(of: "session opened for user bert by <*>") == "session opened for user <*> by <*>")
    }

    // MARK: Places

    @Test func `places of a skeleton are told by the group's`() {
        let group = "session of <*> took <*>"
        #expect(TemplatePlaces.places(of: "session of anna took <*> ms", in: group) == [1])
        #expect(TemplatePlaces.places(of: "session of <*> <*>, <*> took <*> s", in: group) == [0, 0, 0, 1])
        #expect(TemplatePlaces.places(of: "session for anna took <*>", in: group) == nil)
    }

    @Test func `a search for places ends`() {
        let skeleton = String(repeating: "a ", count: 300)
        let group = String(repeating: "<*> a ", count: 40) + "b"
        #expect(TemplatePlaces.places(of: skeleton, in: group) == nil)
    }

    // MARK: Summaries

    @Test func `a summary in groups keeps every count`() {
        let summary = MadeUp.night()
        let grouped = summary.grouped(by: TemplateGroups(of: summary.templatesByCount))
        #expect(
            grouped.templates.values.map(\.tally.count).reduce(0, +)
                == summary.templates.values.map(\.tally.count).reduce(0, +))
        for (id, template) in grouped.templates { #expect(id == hexadecimal(Template.id(of: template.text))) }
    }
}
