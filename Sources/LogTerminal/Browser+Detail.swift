import LogAnalysis
import LogCore
import LogEngine

/// A page of text over the list, some of whose rows lead to a place in a log.
struct DetailState {
    enum Subject: Equatable {
        case entry(Browser.Tab, Int)
        case event(EventDetail)
        case help
    }

    struct Row {
        var line: TextLine
        var place: Place?
    }

    var subject: Subject
    var title: String
    var rows: [Row] = []
    var scroll = Scroll()
    /// Where Enter leads on a row without a place of its own.
    var place: Place?
    /// What is to be stepped through from there.
    var steps: Steps?
}

/// Events that belong together, to be stepped through among the lines.
enum Steps: Equatable {
    case selection(EventSelection)
    /// What a correlator found has no pattern: its cases are the places.
    case places([Place])
}

extension Browser {
    // MARK: Keys

    mutating func pressInDetail(_ key: KeyPress) -> [BrowserEffect] {
        guard case .detail(var detail)? = layers.last else { return [] }
        if detail.scroll.move(key, count: detail.rows.count, height: body) {
            layers[layers.count - 1] = .detail(detail)
            return []
        }
        switch key {
        case .character("q"), .character("h"), .escape, .left: layers.removeLast()
        case .enter, .right, .character("l"):
            guard let place = place else {
                message = "Nothing here stands in a file."
                return []
            }
            return open(place, detail.steps, detail.title)
        case .tab, .backTab:
            layers.removeAll()
            switchTab(by: key == .tab ? 1 : -1)
        case .character("/"): ask(.search(forward: true))
        case .character("n"): searchInDetail(forward: searchesForward)
        case .character("N"): searchInDetail(forward: !searchesForward)
        case .character("o"): message = place.map(\.text) ?? "Nothing here stands in a file."
        case .character("y"): return copyPlace()
        case .character("v"): return edit()
        case .character("t"): ask(.time)
        default: break
        }
        return []
    }

    /// Where what the cursor is on stands.
    var place: Place? {
        switch layers.last {
        case .detail(let detail)?:
            let cursor = detail.scroll.cursor
            let known = (detail.rows.indices.contains(cursor) ? detail.rows[cursor].place : nil) ?? detail.place
            guard known == nil, case .event(let event) = detail.subject,
                case .lines(let lines)? = layers.dropLast().last
            else { return known }
            return Place(source: model.paths[lines.source], line: event.event.line, offset: event.event.offset)
        case .lines(let lines)?:
            guard let line = lines.line else { return nil }
            return Place(source: model.paths[lines.source], line: line.number, offset: line.offset)
        case nil:
            guard let entry = selectedEntry else { return nil }
            switch tab {
            case .findings: return place(of: model.report.findings[entry])
            case .templates: return Place(model.templates[entry].template.sample)
            case .changes: return Place(model.report.changes[entry].sample)
            case .files: return Place(source: model.report.inputs[entry].path, line: 1)
            case .incidents, .components, .timeline: return nil
            }
        }
    }

    private func place(of finding: Finding) -> Place? {
        finding.sample.source.isEmpty
            ? finding.cases.first.map { Place(source: $0.source, line: $0.line) } : Place(finding.sample)
    }

    mutating func copyPlace() -> [BrowserEffect] {
        guard let place else { return [] }
        message = "Copied \(place.text)"
        return [.copy(place.text)]
    }

    mutating func edit() -> [BrowserEffect] {
        guard let place else { return [] }
        if place.source == "-" || place.source.hasPrefix("/dev/fd/") {
            message = "An editor cannot open standard input."
            return []
        }
        if let compression = model.report.inputs.first(where: { $0.path == place.source })?.compression {
            let what = place.source.contains("!") ? "a member of an archive" : compression
            message = "An editor cannot open \(what) at a line."
            return []
        }
        return [.edit(place)]
    }

    mutating func searchInDetail(forward: Bool) {
        guard let search, case .detail(var detail)? = layers.last else {
            message = "Nothing to search for: / asks."
            return
        }
        let cursor = detail.scroll.cursor
        let rows =
            forward ? Array(detail.rows.indices.dropFirst(cursor + 1)) : detail.rows.indices[..<cursor].reversed()
        guard let found = rows.first(where: { search.matches(detail.rows[$0].line.text) }) else {
            message = "Not found: \(search.text)"
            return
        }
        detail.scroll.cursor = found
        detail.scroll.settle(count: detail.rows.count, height: body)
        layers[layers.count - 1] = .detail(detail)
    }

    // MARK: Contents

    /// For another width.
    mutating func rebuildDetails() {
        for index in layers.indices {
            guard case .detail(let old) = layers[index] else { continue }
            var new: DetailState
            switch old.subject {
            case .entry(let tab, let entry): new = detail(tab, entry)
            case .event(let event): new = eventDetail(event)
            case .help: new = helpDetail()
            }
            new.scroll = old.scroll
            new.scroll.settle(count: new.rows.count, height: body)
            layers[index] = .detail(new)
        }
    }

    func detail(_ tab: Tab, _ entry: Int) -> DetailState {
        var writer = DetailWriter(width: size.width, unicode: unicode)
        var detail = DetailState(subject: .entry(tab, entry), title: "")
        switch tab {
        case .incidents: write(model.report.incidents[entry], &writer, &detail)
        case .changes: write(model.report.changes[entry], &writer, &detail)
        case .templates: write(model.templates[entry], &writer, &detail)
        default: write(model.report.findings[entry], &writer, &detail)
        }
        detail.rows = writer.rows
        return detail
    }

    private func write(_ finding: Finding, _ writer: inout DetailWriter, _ detail: inout DetailState) {
        detail.title = "finding \(finding.rank): \(finding.title)"
        detail.place = place(of: finding)
        detail.steps =
            model.selection(finding).map { .selection($0) }
            ?? .places(finding.cases.map { Place(source: $0.source, line: $0.line) })
        var shown = finding
        // They stand below, each with its place.
        if finding.cases.count > 1 { (shown.cases, shown.captures) = ([], []) }
        let text = TextFindings(reportText, model.report, [finding])
        let lines = text.lines(shown, .whole)
        for line in lines { writer.add(line) }
        let title = TextLayout.clean(finding.title, unicode: unicode)
        if let head = lines.first, !head.text.contains(title) {
            writer.section("title")
            writer.text(title, nil, .heading)
        }
        if !shown.captures.isEmpty, shown.cases.isEmpty {
            writer.section("captures")
            for capture in shown.captures { writer.fact(capture.name, capture.value) }
        }
        let times = TextTimes(model.report.tally, unicode: unicode)
        if finding.cases.count > 1 {
            writer.section("cases")
            for one in finding.cases {
                let time = one.time.map { times.point($0, seconds: true) + "  " } ?? ""
                writer.text(time + one.message, Place(source: one.source, line: one.line))
            }
        }
        writer.names("components", model.components(finding))
        writer.names("files", model.sources(finding))
        writer.section("sample")
        for line in finding.sample.text.split(separator: "\n", maxSplits: 60) {
            writer.text(String(line), detail.place)
        }
        if finding.further.isEmpty { return }
        writer.section("then")
        for sample in finding.further {
            let time = sample.time.map { times.point($0, seconds: true) + "  " } ?? ""
            writer.text(time + Place(sample).text, Place(sample), .link)
            for line in sample.text.split(separator: "\n", maxSplits: 3).prefix(3) {
                writer.text(String(line), Place(sample))
            }
        }
    }

    private func write(_ template: Report.NamedTemplate, _ writer: inout DetailWriter, _ detail: inout DetailState) {
        let known = template.template
        detail.title = "template: \(known.text)"
        detail.place = Place(known.sample)
        detail.steps = model.selection(template: template.id).map { .selection($0) }
        writer.text(known.text, nil, .heading)
        writer.blank()
        writer.fact("id", template.id)
        writer.fact("events", TextLayout.grouped(known.tally.count))
        let levels = Severity.allCases.filter { known.byRank[$0.rank] > 0 }
            .map { "\(TextLayout.grouped(known.byRank[$0.rank])) \($0.name)" }
        writer.fact("levels", levels.joined(separator: ", "))
        if known.unexplained.count > 0 { writer.fact("unexplained", TextLayout.grouped(known.unexplained.count)) }
        if let range = TextTimes.range(known.tally) { writer.fact("time", range) }
        if !known.component.isEmpty { writer.fact("component", known.component) }
        writer.names("files", model.sources(template))
        for (status, warnings) in known.warnedStatuses {
            writer.text(
                "warnings with \(status): \(TextLayout.grouped(warnings.tally.count)), first "
                    + Place(warnings.sample).text, Place(warnings.sample), .link)
        }
        writer.section("first event")
        writer.text(Place(known.sample).text, Place(known.sample), .link)
        for line in known.sample.text.split(separator: "\n", maxSplits: 60) { writer.text(String(line), detail.place) }
    }

    private func write(_ change: Change, _ writer: inout DetailWriter, _ detail: inout DetailState) {
        detail.title = "\(change.kind.rawValue): \(change.name)"
        detail.place = change.statement.citations.first.map { Place($0) } ?? Place(change.sample)
        switch change.subject {
        case .template(let id), .parameter(let id, _):
            detail.steps = model.selection(template: id).map { .selection($0) }
        case .rule(let id):
            detail.steps = model.report.findings.first { $0.rule?.id == id }.flatMap { model.selection($0) }
                .map { .selection($0) }
        case .component, .log, .source: break
        }
        writer.statement(change.statement)
        writer.blank()
        writer.fact("what", change.name)
        let times = TextTimes(model.report.tally, unicode: unicode)
        writer.fact("from", times.point(change.start, seconds: true))
        writer.fact("to", change.end.map { times.point($0, seconds: true) } ?? "the end of the log")
        writer.fact(
            "events",
            "\(TextLayout.grouped(Self.whole(change.observed))), expected \(TextLayout.grouped(Self.whole(change.expected)))"
        )
        writer.section("sample")
        writer.text(Place(change.sample).text, Place(change.sample), .link)
        writer.text(change.sample.text, Place(change.sample))
    }

    private func write(_ incident: Incident, _ writer: inout DetailWriter, _ detail: inout DetailState) {
        detail.title = "incident \(incident.rank): \(incident.title)"
        let times = TextTimes(model.report.tally, unicode: unicode)
        writer.text(incident.title, nil, .heading)
        writer.blank()
        writer.fact("level", incident.severity.name)
        var tally = Tally()
        tally.add(time: incident.start)
        tally.add(time: incident.end)
        writer.fact("time", times.span(tally, .ample))
        writer.fact("failures", TextLayout.grouped(incident.failures))
        if let hosts = incident.hosts { writer.fact("hosts", hosts.text) }
        let findings = model.report.findings
        func first(_ rank: Int) -> Place? { findings.indices.contains(rank - 1) ? place(of: findings[rank - 1]) : nil }
        detail.place =
            incident.suspects.first.flatMap { first($0.finding) } ?? incident.findings.first.flatMap { first($0) }
        if let root = incident.suspects.first, findings.indices.contains(root.finding - 1) {
            detail.steps = model.selection(findings[root.finding - 1]).map { .selection($0) }
        }
        if !incident.statements.isEmpty { writer.section("what happened") }
        for statement in incident.statements { writer.statement(statement) }
        writer.section("suspects")
        for suspect in incident.suspects {
            let share = TextLayout.percent(suspect.confidence)
            writer.text("(\(suspect.finding)) \(suspect.title)  \(share)", first(suspect.finding), .heading)
            for reason in suspect.reasons { writer.statement(reason) }
        }
        if !incident.components.isEmpty { writer.section("components, by when they failed") }
        for one in incident.components {
            writer.text(
                "\(times.point(one.first, seconds: true))  \(one.name)  \(TextLayout.count(one.failures, "failure"))",
                nil)
        }
        if !incident.findings.isEmpty { writer.section("findings") }
        for rank in incident.findings where findings.indices.contains(rank - 1) {
            writer.text("(\(rank)) \(findings[rank - 1].title)", first(rank))
        }
    }

    func eventDetail(_ event: EventDetail) -> DetailState {
        var writer = DetailWriter(width: size.width, unicode: unicode)
        for fact in event.facts { writer.fact(fact.name, fact.value) }
        if !event.rules.isEmpty { writer.section("rules that match") }
        for rule in event.rules {
            let finding = model.report.findings.first { $0.rule?.id == rule }
            writer.text(rule + (finding.map { ": \($0.title)" } ?? ""), nil)
        }
        writer.section("as it stands")
        for line in event.text.split(separator: "\n", omittingEmptySubsequences: false) {
            writer.text(String(line), nil)
        }
        var detail = DetailState(subject: .event(event), title: "event at line \(event.event.line)")
        detail.rows = writer.rows
        return detail
    }

    private static func whole(_ value: Double) -> Int64 { value.magnitude < 1e15 ? Int64(value.rounded()) : 0 }
}

/// Writes the rows of a detail page, folded to its width.
struct DetailWriter {
    private(set) var rows: [DetailState.Row] = []
    let width: Int
    let unicode: Bool
    private static let labels = 14
    /// Of a text so long the beginning is enough on a page; among the lines there is more.
    private static let longest = 20_000

    init(width: Int, unicode: Bool) {
        self.width = width
        self.unicode = unicode
    }

    mutating func add(_ line: TextLine, _ place: Place? = nil) {
        for part in line.folded(to: width) { rows.append(.init(line: part, place: place)) }
    }

    mutating func blank() { rows.append(.init(line: TextLine())) }

    mutating func section(_ title: String) {
        blank()
        add(TextLine(title, .faint))
    }

    mutating func text(_ text: String, _ place: Place?, _ style: TextStyle = .plain) {
        let clean = TextLayout.clean(String(text.prefix(Self.longest)), unicode: unicode)
        var line = TextLine("  ")
        line.append(clean, style)
        add(line, place)
    }

    mutating func fact(_ name: String, _ value: String) {
        let clean = TextLayout.clean(String(value.prefix(Self.longest)), unicode: unicode)
        let label = Browser.left(TextLayout.clean(name, unicode: unicode), Self.labels - 3) + " "
        for (index, part) in TextLayout.wrap(clean, to: max(width - Self.labels, 10)).enumerated() {
            var line = TextLine("  " + (index == 0 ? label : String(repeating: " ", count: label.count)), .faint)
            line.append(part)
            add(line)
        }
    }

    mutating func names(_ title: String, _ names: [String]) {
        if names.count < 2 && (names.first ?? "").isEmpty { return }
        section("\(title) (\(names.count))")
        for name in names.prefix(50) { text(name, nil) }
        if names.count > 50 { text("+ \(names.count - 50) more", nil, .faint) }
    }

    /// A sentence, and the lines that it stands on.
    mutating func statement(_ statement: Statement) {
        text(statement.text, statement.citations.first.map { Place($0) })
        for citation in statement.citations {
            text("    \(TextLayout.grouped(citation.count))x \(Place(citation).text)", Place(citation), .link)
        }
    }
}
