package import LogAnalysis
import LogCore
package import LogEngine
package import LogPatterns

/// What there is to browse: a report, and where its events are.
package struct BrowserModel: Sendable {
    package let report: Report
    /// Paths by the number of the source.
    let paths: [String]
    private let numbers: [String: Int]
    /// All of them, where the report keeps the most frequent ones.
    let templates: [Report.NamedTemplate]
    let components: [Report.Component]
    private let rules: [String: Int]
    /// The ids that the events of a template bear, by the template's.
    private let shapes: [String: [UInt64]]
    private var origins: (rules: [Int: [Int]], templates: [UInt64: [Int]])?
    private var ruleComponents: [Int: Set<String>] = [:]

    /// - Parameters:
    ///   - inputs: the logs that were read, by number; those that can be opened.
    ///   - rules: ids in the order of the catalog.
    ///   - edits: what the user says of templates.
    package init(
        _ summary: Summary, inputs: [String], rules: [String], index: BatchIndex, edits: TemplateEdits = .init()
    ) {
        report = Report(summary, edits: edits)
        paths = inputs
        numbers = Dictionary(
            inputs.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        let groups = TemplateGroups(of: summary.templatesByCount, edits: edits)
        var shapes: [String: [UInt64]] = [:]
        for (id, template) in summary.templates {
            let group = hexadecimal(Template.id(of: groups.group(of: template.text)))
            if let shape = UInt64(id, radix: 16) { shapes[group, default: []].append(shape) }
        }
        self.shapes = shapes.mapValues { $0.sorted() }
        templates = summary.grouped(by: groups).templates.map { Report.NamedTemplate(id: $0.key, template: $0.value) }
            .sorted { ($1.template.tally.count, $0.id) < ($0.template.tally.count, $1.id) }
        components = summary.components.map { Report.Component(name: $0.key, counts: $0.value) }
            .sorted { ($1.counts.failures, $1.counts.total, $0.name) < ($0.counts.failures, $0.counts.total, $1.name) }
        self.rules = Dictionary(
            rules.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        learn(from: index)
    }

    /// Takes over what the index has come to know.
    package mutating func learn(from index: BatchIndex) {
        origins = index.origins
        for id in report.findings.compactMap(\.rule?.id) {
            if let rule = rules[id] { ruleComponents[rule] = index.components(of: rule) }
        }
    }

    func source(_ path: String) -> Int? { numbers[path] }

    /// How the events of a finding are found; nil for what a correlator found.
    func selection(_ finding: Finding) -> EventSelection? {
        if let rule = finding.rule { return rules[rule.id].map { .rule($0) } }
        return selection(template: finding.id)
    }

    /// How the events of a template are found: in the log they are told by the shapes that it is a group of.
    func selection(template id: String) -> EventSelection? {
        let ids = shapes[id] ?? UInt64(id, radix: 16).map { [$0] } ?? []
        return ids.isEmpty ? nil : .templates(ids)
    }

    /// Paths of the logs with such events: all where the index knows, else the sample's.
    func sources(_ finding: Finding) -> [String] {
        var found: Set<Int> = []
        switch selection(finding) {
        case .rule(let rule)?: found.formUnion(origins?.rules[rule] ?? [])
        case .templates(let ids)?: for id in ids { found.formUnion(origins?.templates[id] ?? []) }
        default: break
        }
        let others = [finding.sample.source] + finding.cases.map(\.source)
        return Set(found.map { paths[$0] } + others).filter { !$0.isEmpty }.sorted()
    }

    func components(_ finding: Finding) -> [String] {
        var found: Set<String> = finding.component.isEmpty ? [] : [finding.component]
        if case .rule(let rule)? = selection(finding) { found.formUnion(ruleComponents[rule] ?? []) }
        return found.sorted()
    }

    func sources(_ template: Report.NamedTemplate) -> [String] {
        let found = (shapes[template.id] ?? []).flatMap { origins?.templates[$0] ?? [] }
        return Set(found.map { paths[$0] } + [template.template.sample.source]).sorted()
    }
}

/// Where something stands: as it is cited.
package struct Place: Equatable, Sendable {
    package var source: String
    /// From 1.
    package var line: Int64
    /// Of the event's first byte, where it is known.
    package var offset: Int64?

    package var text: String { "\(source):\(line)" }
}

extension Place {
    init(_ sample: Sample) { self.init(source: sample.source, line: sample.line, offset: sample.offset) }
    init(_ citation: Citation) { self.init(source: citation.source, line: citation.line) }
}

/// What happens to a browser.
package enum BrowserEvent: Sendable {
    case key(KeyPress)
    case resize(ScreenSize)
    /// A job came to its end, or is on its way.
    case done(Int, JobResult)
    case progress(Int, String)
    /// The index of the logs is complete.
    case indexed(BatchIndex)
    case note(String)
}

/// What a browser asks of the program around it.
package enum BrowserEffect: Sendable {
    case run(Int, Job)
    /// What runs is wanted no longer.
    case cancel
    case edit(Place)
    case copy(String)
    case suspend
    case redraw
    case quit
}

/// What takes time, done beside the screen.
package struct Job: Sendable {
    package enum Target: Sendable {
        case place(LinePlace)
        case line(source: Int, Int64)
        case byte(source: Int, Int64)
        case end(source: Int)
        case find(EventSelection, from: LinePlace, forward: Bool, anywhere: Bool)
        case search(Pattern, from: LinePlace, forward: Bool)
        /// The log that has events at that time, and the first of them.
        case time(Int64)
        /// All that is known of the event that begins there.
        case event(source: Int, Int64)
    }

    package var target: Target
    /// Lines wanted before the place, and from it on.
    package var before: Int
    package var after: Int
}

package enum JobResult: Sendable {
    case page(LinePlace, LogPage)
    case event(EventDetail?)
    case nothing
    case failed(String)
}
