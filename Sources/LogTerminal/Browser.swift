import LogAnalysis
import LogCore
import LogEngine

/// The terminal application: what is shown, and what each key does. It does no I/O: `update` takes what happened and says
/// what is to be done, `render` says what the screen shows.
package struct Browser {
    enum Tab: String, CaseIterable {
        case incidents, findings, changes, timeline, templates, components, files

        /// For a narrow screen.
        var short: String { String(rawValue.prefix(4)) }
    }

    /// What lies over the list.
    enum Layer {
        case detail(DetailState)
        case lines(LinesState)
    }

    package internal(set) var model: BrowserModel
    var size: ScreenSize
    let unicode: Bool
    var tab = Tab.findings
    var lists: [Tab: ListState] = [:]
    var layers: [Layer] = []
    var filter = ListFilter()
    var search: TextSearch?
    /// The direction of the last search.
    var searchesForward = true
    var prompt: Prompt?
    /// Digits typed before a command.
    var count: Int64?
    /// Said in the last line until the next key.
    var message: String?
    /// What runs: its number, and how far it is.
    var job: (number: Int, progress: String)?
    private var jobs = 0
    /// What the job's lines are for.
    var purpose = LinesPurpose()
    /// Lays out the findings that the filter lets through.
    var findingText: TextFindings
    let timelineRows: [TimelineRow]

    package init(_ model: BrowserModel, size: ScreenSize, unicode: Bool) {
        self.model = model
        self.size = size
        self.unicode = unicode
        timelineRows = Self.timelineRows(model.report)
        findingText = TextFindings(
            TextReport(width: size.width, color: true, unicode: unicode), model.report, model.report.findings)
        // A story of one finding tells no more than the finding.
        if model.report.incidents.contains(where: { $0.findings.count > 1 }) { tab = .incidents }
        rebuildLists()
    }

    /// The tabs that have something to show.
    var tabs: [Tab] {
        Tab.allCases.filter { tab in
            switch tab {
            case .incidents: !model.report.incidents.isEmpty
            case .changes: !model.report.changes.isEmpty
            case .timeline: model.report.tally.first != nil
            default: true
            }
        }
    }

    // MARK: Update

    package mutating func update(_ event: BrowserEvent) -> [BrowserEffect] {
        switch event {
        case .key(let key):
            message = nil
            return press(key)
        case .resize(let size):
            self.size = size
            rebuildLists()
            rebuildDetails()
            return loadIfNeeded()
        case .progress(let number, let text):
            if job?.number == number { job?.progress = text }
            return []
        case .done(let number, let result):
            guard job?.number == number else { return [] }
            job = nil
            take(result)
            return loadIfNeeded()
        case .indexed(let index):
            model.learn(from: index)
            rebuildLists()
            rebuildDetails()
            return reload()
        case .note(let text):
            message = text
            return []
        }
    }

    private mutating func press(_ key: KeyPress) -> [BrowserEffect] {
        if prompt != nil { return pressInPrompt(key) }
        switch key {
        case .control("c"):
            if job != nil { return stop() }
            return [.quit]
        case .control("z"): return [.suspend]
        case .control("l"): return [.redraw]
        case .character("Q"): return [.quit]
        case .character("?") where layers.isEmpty || isLines == false, .control("g"):
            return help()
        case .escape where job != nil: return stop()
        default: break
        }
        if case .lines? = layers.last { return pressInLines(key) }
        if case .detail? = layers.last { return pressInDetail(key) }
        return pressInList(key)
    }

    var isLines: Bool { if case .lines? = layers.last { true } else { false } }

    /// What is under way is given up.
    private mutating func stop() -> [BrowserEffect] {
        job = nil
        message = "Stopped."
        return [.cancel]
    }

    mutating func start(_ target: Job.Target, before: Int? = nil, after: Int? = nil) -> [BrowserEffect] {
        jobs += 1
        job = (jobs, "")
        return [.run(jobs, Job(target: target, before: before ?? window, after: after ?? window))]
    }

    private mutating func take(_ result: JobResult) {
        switch result {
        case .page(let place, let page): show(page, at: place)
        case .event(let detail?): layers.append(.detail(eventDetail(detail)))
        case .event(nil): message = "No event begins here."
        case .nothing: message = purpose.missing
        case .failed(let text): message = text
        }
    }

    /// Lines kept on either side of the cursor.
    var window: Int { max(size.height * 3, 100) }
    /// Lines between the tabs and the last line.
    var body: Int { max(size.height - (size.height > 3 ? 2 : size.height > 1 ? 1 : 0), 1) }

    private mutating func help() -> [BrowserEffect] {
        if case .detail(let detail)? = layers.last, detail.subject == .help { return [] }
        layers.append(.detail(helpDetail()))
        return []
    }
}

/// Scrolling of a list: where the cursor is and which row is the first that is seen.
struct Scroll: Equatable {
    var cursor = 0
    var top = 0

    /// Both as they may be, with the cursor in sight.
    mutating func settle(count: Int, height: Int) {
        cursor = min(max(cursor, 0), max(count - 1, 0))
        top = min(max(top, cursor - height + 1), cursor)
        top = max(min(top, count - height), 0)
    }

    /// Moves as the keys of `less` do; false if the key means nothing here.
    mutating func move(_ key: KeyPress, count: Int, height: Int) -> Bool {
        let page = max(height - 1, 1)
        switch key {
        case .down, .character("j"), .control("n"): cursor += 1
        case .up, .character("k"), .control("p"): cursor -= 1
        case .pageDown, .character(" "), .control("f"):
            cursor += page
            top += page
        case .pageUp, .character("b"), .control("b"):
            cursor -= page
            top -= page
        case .control("d"):
            cursor += height / 2
            top += height / 2
        case .control("u"):
            cursor -= height / 2
            top -= height / 2
        case .home, .character("g"): cursor = 0
        case .end, .character("G"): cursor = count - 1
        default: return false
        }
        settle(count: count, height: height)
        return true
    }
}
