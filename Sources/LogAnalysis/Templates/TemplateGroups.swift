import LogCore

/// Which templates are one statement with different words in it: names of users, hosts and modules hold no digit, so that
/// no look at one message alone tells them from what is constant.
///
/// A function of a set of templates and of the user's edits, whatever order they come in: so it is the same for any number
/// of workers, and that of two merged summaries is that of the whole. A place becomes `<*>` where templates that are equal
/// otherwise show enough different words in it; how many are enough depends on what surrounds it (`TemplateEvidence`).
package struct TemplateGroups: Sendable {
    /// Templates looked at; the work is bounded by it. The rest are told by the patterns that these give.
    package static let limit = 5_000

    /// The group of each template that isn't its own.
    private(set) var groups: [String: String] = [:]
    /// Results of steps: a template that wasn't there is in the group if one or two words of it masked give one of these.
    private var steps: Set<String> = []
    private let edits: TemplateEdits

    /// No groups but those that the edits make.
    package init(edits: TemplateEdits = .init()) { self.edits = edits }

    /// Learns from `templates`, the more frequent ones first where there are more than `limit`.
    package init(of templates: some Sequence<String>, edits: TemplateEdits = .init()) {
        self.edits = edits
        let known = Set(templates.prefix(Self.limit).map { edits.merged($0) ?? $0 })
        let learned = TemplateLearning(known, edits)
        groups = learned.groups
        steps = learned.steps
    }

    /// The text of the group that a template belongs to.
    package func group(of template: String) -> String {
        if let merged = edits.merged(template) { return merged }
        if let known = groups[template] { return known }
        if steps.isEmpty { return template }
        var tokens = TemplateText.tokens(template)
        while let wider = widened(tokens) { tokens = wider }
        let text = tokens.joined()
        return groups[text] ?? text
    }

    /// The template with one more word masked, if that is a step that was learned.
    private func widened(_ tokens: [Substring]) -> [Substring]? {
        for i in tokens.indices where TemplateText.isWord(tokens[i]) {
            var wider = tokens
            wider[i] = TemplateText.wildcard
            wider = TemplateShape.collapse(wider)
            if steps.contains(wider.joined()), !edits.keeps(i, of: tokens) { return wider }
        }
        return nil
    }
}

extension Template {
    /// The template of a skeleton in its group.
    init(skeleton: [UInt8], in groups: TemplateGroups) {
        let bare = String(decoding: skeleton, as: UTF8.self)
        let text = groups.group(of: TemplateShape.canonical(bare))
        let told = SeverityInference.read(skeleton.span)
        self.init(
            id: Template.id(of: text), text: text, severity: told.severity,
            places: bare == text ? nil : TemplatePlaces.places(of: bare, in: text) ?? [], clues: told.clues,
            countedSeverity: told.counted)
    }

    package static func id(of text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { fnv1a(Span(_unsafeElements: $0)) }
    }
}

extension Summary {
    /// The summary with its templates in their groups; all else is as it was.
    package func grouped(by groups: TemplateGroups) -> Summary {
        var grouped = self
        grouped.templates = [:]
        for (_, var template) in templates {
            let text = groups.group(of: template.text)
            if text != template.text {
                let places = TemplatePlaces.places(of: template.text, in: text) ?? []
                template.parameters = ParameterSummary.moved(template.parameters, to: places)
                template.text = text
            }
            let id = hexadecimal(Template.id(of: template.text))
            if grouped.templates[id] == nil {
                grouped.templates[id] = template
            } else {
                grouped.templates[id]?.merge(template)
            }
        }
        return grouped
    }

    /// Its templates' texts, the most frequent first.
    package var templatesByCount: [String] {
        templates.values.sorted { ($1.tally.count, $0.text) < ($0.tally.count, $1.text) }.map(\.text)
    }
}
