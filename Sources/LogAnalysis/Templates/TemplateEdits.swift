/// What a user says of templates: which are one, and which places of them make a difference.
package struct TemplateEdits: Equatable, Sendable {
    private var merges: [(text: String, tokens: [Substring])] = []
    private var splits: [[Substring]] = []

    package init() {}

    /// - Parameters:
    ///   - merges: templates that take in all that they cover; the first that does counts.
    ///   - splits: templates whose `<*>` stay apart by word.
    package init(merges: [String], splits: [String]) {
        self.merges = merges.map { text in
            let tokens = TemplateText.tokens(text)
            return (tokens.joined(), tokens)
        }
        self.splits = splits.map { TemplateText.tokens($0) }
    }

    package static func == (a: TemplateEdits, b: TemplateEdits) -> Bool {
        a.splits == b.splits && a.merges.map(\.text) == b.merges.map(\.text)
    }

    var hasSplits: Bool { !splits.isEmpty }

    /// The template that the user puts in place of this one.
    func merged(_ template: String) -> String? {
        if merges.isEmpty { return nil }
        let tokens = TemplateText.tokens(template)
        return merges.first { TemplatePlaces.places(of: tokens, in: $0.tokens) != nil }?.text
    }

    /// Whether the word at `index` is one that the user keeps.
    func keeps(_ index: Int, of tokens: [Substring]) -> Bool {
        splits.contains { TemplatePlaces.place(of: index, of: tokens, in: $0) != nil }
    }
}
