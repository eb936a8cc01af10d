import LogAnalysis
import LogCore
import LogEngine

/// Which entries the lists show.
struct ListFilter: Equatable {
    var level = Severity.unspecified
    /// In the component's or the file's name.
    var text = ""

    var isOn: Bool { self != ListFilter() }

    func keeps(_ names: [String]) -> Bool {
        text.isEmpty || names.contains { $0.localizedContains(text) }
    }

    func keeps(_ byRank: [Int64]) -> Bool {
        level == .unspecified || byRank[level.rank...].contains { $0 > 0 }
    }
}

extension String {
    /// Without regard to case.
    func localizedContains(_ text: String) -> Bool { lowercased().contains(text.lowercased()) }
}

/// One tab's entries, by their places in the model, and where the cursor is.
struct ListState {
    var entries: [Int] = []
    var scroll = Scroll()
}

extension Browser {
    /// The findings as the text report lays them out, for the width at hand.
    var reportText: TextReport { TextReport(width: size.width, color: true, unicode: unicode, height: size.height) }

    mutating func rebuildLists() {
        for tab in Tab.allCases {
            lists[tab, default: ListState()].entries = entries(of: tab)
            let height = listHeight(tab)
            let count = lists[tab]?.entries.count ?? 0
            lists[tab]?.scroll.settle(count: count, height: height)
        }
        findingText = TextFindings(reportText, model.report, entriesOfFindings.map { model.report.findings[$0] })
    }

    private var entriesOfFindings: [Int] { lists[.findings]?.entries ?? [] }

    private func entries(of tab: Tab) -> [Int] {
        let report = model.report
        switch tab {
        case .incidents:
            return report.incidents.indices.filter { index in
                let incident = report.incidents[index]
                return incident.severity >= filter.level && filter.keeps(incident.components.map(\.name))
            }
        case .findings:
            return report.findings.indices.filter { index in
                let finding = report.findings[index]
                guard finding.severity >= filter.level else { return false }
                return filter.text.isEmpty || filter.keeps(model.components(finding) + model.sources(finding))
            }
        case .changes:
            return report.changes.indices.filter {
                filter.keeps([report.changes[$0].sample.source, report.changes[$0].name])
            }
        case .timeline:
            return timelineRows.indices.filter { filter.keeps(timelineRows[$0].counts.byRank) }
        case .templates:
            return model.templates.indices.filter { index in
                let template = model.templates[index]
                return filter.keeps(template.template.byRank)
                    && (filter.text.isEmpty || filter.keeps([template.template.component] + model.sources(template)))
            }
        case .components:
            return model.components.indices.filter {
                filter.keeps(model.components[$0].counts.byRank) && filter.keeps([model.components[$0].name])
            }
        case .files:
            return report.inputs.indices.filter { filter.keeps([report.inputs[$0].path]) }
        }
    }

    /// Lines for the entries: the first tabs also show what the report begins with.
    func listHeight(_ tab: Tab) -> Int { max(body - head(tab).count, 1) }

    func head(_ tab: Tab) -> [TextLine] {
        guard tab == .findings || tab == .incidents, body >= 14 else { return [] }
        return TextHead(reportText, model.report).lines(elapsed: nil) + [TextLine()]
    }

    // MARK: Keys

    mutating func pressInList(_ key: KeyPress) -> [BrowserEffect] {
        var list = lists[tab] ?? ListState()
        if list.scroll.move(key, count: list.entries.count, height: listHeight(tab)) {
            lists[tab] = list
            return []
        }
        switch key {
        case .enter, .right, .character("l"): return enter()
        case .tab: switchTab(by: 1)
        case .backTab: switchTab(by: -1)
        case .character("q"): return [.quit]
        case .left, .escape, .character("h"):
            if filter.isOn {
                filter = ListFilter()
                rebuildLists()
                message = "Filter off."
            } else if key == .escape {
                message = "q quits, ? lists the keys."
            }
        case .character(let digit) where "0123456".contains(digit):
            let ranks: [Severity] = [.unspecified, .trace, .debug, .info, .warning, .error, .critical]
            filter.level = ranks[digit.wholeNumberValue ?? 0]
            rebuildLists()
        case .character("e"), .character("E"): jumpInList(to: { $0 >= .error }, forward: key == .character("e"))
        case .character("w"), .character("W"): jumpInList(to: { $0 == .warning }, forward: key == .character("w"))
        case .character("f"): ask(.filter)
        case .character("/"): ask(.search(forward: true))
        case .character("n"): searchInList(forward: searchesForward)
        case .character("N"): searchInList(forward: !searchesForward)
        case .character("t"): ask(.time)
        case .character("o"): message = place.map(\.text) ?? "Nothing here stands in a file."
        case .character("y"): return copyPlace()
        case .character("v"): return edit()
        default: break
        }
        return []
    }

    mutating func switchTab(by step: Int) {
        let tabs = tabs
        let index = tabs.firstIndex(of: tab) ?? 0
        tab = tabs[(index + step + tabs.count) % tabs.count]
    }

    /// The place in the model of the entry under the cursor.
    var selectedEntry: Int? {
        guard let list = lists[tab], list.entries.indices.contains(list.scroll.cursor) else { return nil }
        return list.entries[list.scroll.cursor]
    }

    private mutating func enter() -> [BrowserEffect] {
        guard let entry = selectedEntry else { return [] }
        switch tab {
        case .components:
            filter.text = model.components[entry].name
            rebuildLists()
            tab = .findings
            message = "Only component \(TextLayout.clean(filter.text, unicode: unicode)); Esc shows all."
            return []
        case .timeline:
            purpose = LinesPurpose(missing: "No log has an event at that time or later.")
            return start(.time(timelineRows[entry].start))
        case .files:
            return openFile(model.report.inputs[entry])
        case .incidents, .findings, .changes, .templates:
            layers.append(.detail(detail(tab, entry)))
            return []
        }
    }

    private mutating func openFile(_ input: SourceSummary) -> [BrowserEffect] {
        guard let source = model.source(input.path) else {
            message = "\(TextLayout.clean(input.path)): not at hand"
            return []
        }
        purpose = LinesPurpose(missing: "The file is empty.")
        return start(.line(source: source, 1))
    }

    private mutating func jumpInList(to isWanted: (Severity) -> Bool, forward: Bool) {
        let found = nextEntry(forward: forward) { isWanted(severity($0)) }
        moveInList(to: found, "No further one.")
    }

    mutating func searchInList(forward: Bool) {
        guard let search else {
            message = "Nothing to search for: / asks."
            return
        }
        let found = nextEntry(forward: forward) { search.matches(searchText($0)) }
        moveInList(to: found, "Not found: \(search.text)")
    }

    private func nextEntry(forward: Bool, _ isWanted: (Int) -> Bool) -> Int? {
        guard let list = lists[tab] else { return nil }
        let cursor = min(list.scroll.cursor, list.entries.count)
        let places =
            forward ? Array(list.entries.indices.dropFirst(cursor + 1)) : list.entries.indices[..<cursor].reversed()
        return places.first { isWanted(list.entries[$0]) }
    }

    private mutating func moveInList(to found: Int?, _ missing: String) {
        guard let found, var list = lists[tab] else {
            message = missing
            return
        }
        list.scroll.cursor = found
        list.scroll.settle(count: list.entries.count, height: listHeight(tab))
        lists[tab] = list
    }

    private func severity(_ entry: Int) -> Severity {
        func worst(_ byRank: [Int64]) -> Severity {
            Severity.allCases.last { byRank[$0.rank] > 0 } ?? .unspecified
        }
        return switch tab {
        case .incidents: model.report.incidents[entry].severity
        case .findings: model.report.findings[entry].severity
        case .changes, .files: .unspecified
        case .timeline: worst(timelineRows[entry].counts.byRank)
        case .templates: worst(model.templates[entry].template.byRank)
        case .components: worst(model.components[entry].counts.byRank)
        }
    }

    private func searchText(_ entry: Int) -> String {
        switch tab {
        case .incidents: model.report.incidents[entry].title
        case .findings:
            model.report.findings[entry].title + " " + (model.report.findings[entry].rule?.id ?? "") + " "
                + model.report.findings[entry].sample.text
        case .changes: model.report.changes[entry].name + " " + model.report.changes[entry].statement.text
        case .timeline: listLine(entry).text
        case .templates: model.templates[entry].template.text
        case .components: model.components[entry].name
        case .files: model.report.inputs[entry].path
        }
    }

    // MARK: Rows

    func listLine(_ entry: Int) -> TextLine {
        switch tab {
        case .incidents: incidentLine(model.report.incidents[entry])
        case .findings: findingText.lines(model.report.findings[entry], .title)[0]
        case .changes: changeLine(model.report.changes[entry])
        case .timeline: timelineLine(timelineRows[entry])
        case .templates: templateLine(model.templates[entry].template)
        case .components: componentLine(model.components[entry])
        case .files: fileLine(model.report.inputs[entry])
        }
    }

    private var times: TextTimes { TextTimes(model.report.tally, unicode: unicode) }

    private func incidentLine(_ incident: Incident) -> TextLine {
        var line = TextLine(Self.right(String(incident.rank), 3) + "  ", .heading)
        line.append(Self.left(incident.severity.name, 8) + "  ", TextStyle(incident.severity))
        line.append(times.point(incident.start, seconds: true) + "  ", .faint)
        line.append(TextLayout.clean(incident.title, unicode: unicode), .heading)
        let messages = incident.findings.count > 1 ? " of \(incident.findings.count) findings" : ""
        line.append("  " + TextLayout.count(incident.failures, "failure") + messages, .faint)
        return line
    }

    /// Columns of what a change is of, so that the sentence begins on any screen.
    private static let changeName = 40

    private func changeLine(_ change: Change) -> TextLine {
        var line = TextLine(Self.left(change.kind.rawValue, 9) + " ", .warning)
        line.append(times.point(change.start, seconds: false) + "  ", .faint)
        let name = TextLayout.clean(change.name, unicode: unicode)
        line.append(TextLayout.clip(name, to: Self.changeName, unicode: unicode) + ": ", .heading)
        line.append(TextLayout.clean(change.statement.text, unicode: unicode))
        return line
    }

    private func templateLine(_ template: TemplateSummary) -> TextLine {
        let worst = Severity.allCases.last { template.byRank[$0.rank] > 0 } ?? .unspecified
        var line = TextLine(Self.right(TextLayout.grouped(template.tally.count) + "x", 11) + "  ")
        line.append(Self.left(worst == .unspecified ? "" : worst.name, 8) + "  ", TextStyle(worst))
        line.append(TextLayout.clean(template.text, unicode: unicode))
        return line
    }

    private func componentLine(_ component: Report.Component) -> TextLine {
        let failures = component.counts.failures
        let warnings = component.counts.byRank[Severity.warning.rank]
        var line = TextLine(Self.right(TextLayout.grouped(failures), 10) + " errors", failures > 0 ? .error : .faint)
        line.append(Self.right(TextLayout.grouped(warnings), 10) + " warnings", warnings > 0 ? .warning : .faint)
        line.append(Self.right(TextLayout.grouped(component.counts.total), 12) + " events  ")
        line.append(TextLayout.clean(component.name, unicode: unicode), .heading)
        return line
    }

    private func fileLine(_ input: SourceSummary) -> TextLine {
        var line = TextLine(Self.right(TextLayout.bytes(input.ledger.bytes), 10))
        line.append(Self.right(TextLayout.grouped(input.ledger.events), 12) + " events  ")
        let room = max(size.width / 2 - 10, 12)
        line.append(
            TextLayout.clipStart(TextLayout.clean(input.path, unicode: unicode), to: room, unicode: unicode), .heading)
        if let error = input.error {
            line.append("  " + TextLayout.clean(error, unicode: unicode), .error)
        } else if let skipped = input.skipped {
            line.append("  skipped: \(skipped)", .faint)
        } else {
            let formats = input.formats.isEmpty ? "no known format" : input.formats.joined(separator: ", ")
            line.append("  " + TextLayout.clean(formats, unicode: unicode), .faint)
            if let compression = input.compression { line.append(" in \(compression)", .faint) }
            if input.ledger.unparsedEvents > 0 {
                line.append("  \(TextLayout.grouped(input.ledger.unparsedEvents)) not understood", .warning)
            }
        }
        return line
    }

    // MARK: Timeline

    struct TimelineRow {
        var start: Int64
        var counts: Timeline.Counts
    }

    /// Stretches of equal length with events in them, some two hundred at most.
    private static let stretches: Int64 = 200

    static func timelineRows(_ report: Report) -> [TimelineRow] {
        guard let first = report.tally.first, let last = report.tally.last,
            case (let span, false) = last.subtractingReportingOverflow(first)
        else { return [] }
        let least = max(report.timeline.width, span / stretches)
        let width = Timeline.ladder.map { $0 * Timestamp.second }.first { $0 >= least } ?? least
        var rows: [Int64: Timeline.Counts] = [:]
        for (bucket, counts) in report.timeline.buckets {
            let (start, overflow) = bucket.multipliedReportingOverflow(by: report.timeline.width)
            if overflow { continue }
            let row = Int64((Double(start) / Double(width)).rounded(.down))
            for rank in 0..<Severity.ranks { rows[row, default: .init()].byRank[rank] += counts.byRank[rank] }
        }
        return rows.map { TimelineRow(start: $0.key &* width, counts: $0.value) }.sorted { $0.start < $1.start }
    }

    private func timelineLine(_ row: TimelineRow) -> TextLine {
        let most = timelineRows.map(\.counts.total).max() ?? 1
        let errors = row.counts.failures
        let warnings = row.counts.byRank[Severity.warning.rank]
        var line = TextLine(times.point(row.start, seconds: true), .heading)
        line.append(Self.right(TextLayout.grouped(row.counts.total), 11))
        line.append(Self.right(errors > 0 ? TextLayout.grouped(errors) : "", 9), .error)
        line.append(Self.right(warnings > 0 ? TextLayout.grouped(warnings) : "", 9), .warning)
        line.append("  ")
        let room = max(size.width - line.width, 0)
        func length(_ count: Int64) -> Int {
            count == 0 ? 0 : max(Int(Double(count) / Double(max(most, 1)) * Double(room)), 1)
        }
        let bar = unicode ? "█" : "#"
        let all = length(row.counts.total)
        let red = min(length(errors), all)
        let yellow = min(length(warnings), all - red)
        line.append(String(repeating: bar, count: red), .error)
        line.append(String(repeating: bar, count: yellow), .warning)
        line.append(String(repeating: unicode ? "▒" : "-", count: all - red - yellow), .faint)
        return line
    }

    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(width - TextLayout.width(of: text), 0)) + text
    }

    static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - TextLayout.width(of: text), 0))
    }
}
