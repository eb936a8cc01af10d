import LogAnalysis
import LogCore
import LogEngine

/// A stretch of a log around the cursor.
struct LinesState {
    var source: Int
    var page: LogPage
    var scroll = Scroll()
    /// Columns that are out of sight to the left.
    var shift = 0
    /// What is stepped through, and how it is called.
    var steps: Steps?
    var title = ""
    /// The event that was jumped to last.
    var target: Int64?

    var line: LogLine? { page.lines.indices.contains(scroll.cursor) ? page.lines[scroll.cursor] : nil }
}

/// What lines that were asked for are shown as.
struct LinesPurpose {
    var steps: Steps?
    var title = ""
    /// Said where there are none.
    var missing = ""
    /// More of the same lines: the cursor stays where it is on the screen.
    var isScroll = false
}

extension Browser {
    /// Shows the lines at a place, on top of what is seen now.
    mutating func open(_ place: Place, _ steps: Steps?, _ title: String) -> [BrowserEffect] {
        guard let source = model.source(place.source) else {
            message = "\(TextLayout.clean(place.source, unicode: unicode)): not at hand"
            return []
        }
        purpose = LinesPurpose(steps: steps, title: title, missing: "The file is empty.")
        if let offset = place.offset {
            return start(.place(LinePlace(source: source, offset: offset, number: place.line)))
        }
        return start(.line(source: source, place.line))
    }

    /// A page has come: it replaces what was read of the log before.
    mutating func show(_ page: LogPage, at place: LinePlace) {
        guard let cursor = page.lines.lastIndex(where: { $0.offset <= place.offset }) ?? page.lines.indices.first else {
            message = purpose.missing
            return
        }
        if case .lines(var lines)? = layers.last {
            let row = lines.scroll.cursor - lines.scroll.top
            if purpose.isScroll {
                // The cursor may have moved on while the lines were read.
                guard lines.source == place.source, let current = lines.line,
                    let kept = page.lines.firstIndex(where: { $0.offset == current.offset })
                else { return }
                lines.page = page
                lines.scroll.cursor = kept
                lines.scroll.top = kept - row
            } else {
                lines.page = page
                lines.source = place.source
                lines.scroll.cursor = cursor
                lines.scroll.top = cursor - body / 3
                lines.target = place.offset
                lines.shift = 0
            }
            lines.scroll.settle(count: page.lines.count, height: body)
            layers[layers.count - 1] = .lines(lines)
        } else {
            var lines = LinesState(source: place.source, page: page)
            lines.scroll.cursor = cursor
            lines.scroll.top = cursor - body / 3
            lines.scroll.settle(count: page.lines.count, height: body)
            lines.steps = purpose.steps
            lines.title = purpose.title
            lines.target = place.offset
            layers.append(.lines(lines))
        }
    }

    // MARK: Keys

    mutating func pressInLines(_ key: KeyPress) -> [BrowserEffect] {
        guard case .lines(var lines)? = layers.last else { return [] }
        if case .character(let digit) = key, let value = digit.wholeNumberValue, digit.isASCII,
            count != nil || value > 0
        {
            count = min((count ?? 0) * 10 + Int64(value), 1_000_000_000_000)
            return []
        }
        let number = count
        count = nil
        // The ends are those of the log, not of what was read of it.
        switch key {
        case .home, .character("g"): return go(.line(source: lines.source, number ?? 1))
        case .end, .character("G"):
            return go(number.map { .line(source: lines.source, $0) } ?? .end(source: lines.source))
        default: break
        }
        for _ in 0..<min(number ?? 1, 10_000) {
            guard lines.scroll.move(key, count: lines.page.lines.count, height: body) else { break }
            layers[layers.count - 1] = .lines(lines)
            if lines.scroll.cursor == 0 || lines.scroll.cursor == lines.page.lines.count - 1 { break }
        }
        let effects = loadIfNeeded()
        if !effects.isEmpty { return effects }
        return command(key, lines)
    }

    private mutating func command(_ key: KeyPress, _ lines: LinesState) -> [BrowserEffect] {
        switch key {
        case .character("q"), .escape, .character("h"): layers.removeLast()
        case .left where lines.shift == 0: layers.removeLast()
        case .left, .character("<"): shift(by: -max(size.width / 2, 1))
        case .right, .character(">"): shift(by: max(size.width / 2, 1))
        case .character("0"), .character("^"): shift(by: .min)
        case .enter, .character("l"):
            guard let line = lines.line else { break }
            purpose = LinesPurpose(missing: "No event begins here.")
            return start(.event(source: lines.source, line.event ?? line.offset))
        case .character("e"), .character("E"): return find(.errors, "error", lines, forward: key == .character("e"))
        case .character("w"), .character("W"): return find(.warnings, "warning", lines, forward: key == .character("w"))
        case .character("]"), .character("."): return step(lines, forward: true)
        case .character("["), .character(","): return step(lines, forward: false)
        case .character("/"): ask(.search(forward: true))
        case .character("?"): ask(.search(forward: false))
        case .character("n"): return searchInLines(forward: searchesForward)
        case .character("N"): return searchInLines(forward: !searchesForward)
        case .character("t"): ask(.time)
        case .character(":"): ask(.line)
        case .character("r"): return reload()
        case .character("o"): message = place?.text
        case .character("y"): return copyPlace()
        case .character("v"): return edit()
        case .tab, .backTab:
            layers.removeAll()
            switchTab(by: key == .tab ? 1 : -1)
        default: break
        }
        return []
    }

    private mutating func shift(by columns: Int) {
        guard case .lines(var lines)? = layers.last else { return }
        lines.shift = columns == .min ? 0 : min(max(lines.shift + columns, 0), LogReader.textBytes)
        layers[layers.count - 1] = .lines(lines)
    }

    private mutating func go(_ target: Job.Target) -> [BrowserEffect] {
        purpose = LinesPurpose(missing: "The file is empty.")
        return start(target)
    }

    /// The place of the line under the cursor.
    private func cursor(_ lines: LinesState) -> LinePlace? {
        lines.line.map { LinePlace(source: lines.source, offset: $0.offset, number: $0.number) }
    }

    private mutating func find(
        _ selection: EventSelection, _ name: String, _ lines: LinesState, forward: Bool
    ) -> [BrowserEffect] {
        guard let from = cursor(lines) else { return [] }
        purpose = LinesPurpose(missing: forward ? "No further \(name)." : "No \(name) before.")
        return start(.find(selection, from: from, forward: forward, anywhere: false))
    }

    /// The next or the previous event of what led here.
    private mutating func step(_ lines: LinesState, forward: Bool) -> [BrowserEffect] {
        guard let from = cursor(lines), let steps = lines.steps else {
            message = "Not come from a finding or a template: e and w go to errors and warnings."
            return []
        }
        purpose = LinesPurpose(missing: forward ? "That was the last one." : "That was the first one.")
        switch steps {
        case .selection(let selection):
            return start(.find(selection, from: from, forward: forward, anywhere: true))
        case .places(let places):
            let here = places.lastIndex { $0.source == model.paths[lines.source] && $0.line <= from.number }
            let next = forward ? (here ?? -1) + 1 : (here ?? 0) - 1
            guard places.indices.contains(next), let source = model.source(places[next].source) else {
                message = purpose.missing
                return []
            }
            return start(.line(source: source, places[next].line))
        }
    }

    mutating func searchInLines(forward: Bool) -> [BrowserEffect] {
        guard let search, case .lines(let lines)? = layers.last, let from = cursor(lines) else {
            message = "Nothing to search for: / asks."
            return []
        }
        purpose = LinesPurpose(missing: "Not found \(forward ? "further on" : "before"): \(search.text)")
        return start(.search(search.pattern, from: from, forward: forward))
    }

    // MARK: Reading on

    /// Asks for more lines where the cursor comes near the end of those at hand.
    mutating func loadIfNeeded() -> [BrowserEffect] {
        guard job == nil, case .lines(let lines)? = layers.last, let line = lines.line else { return [] }
        let isNearStart = !lines.page.isAtStart && lines.scroll.cursor < size.height
        let isNearEnd = !lines.page.isAtEnd && lines.scroll.cursor > lines.page.lines.count - size.height - 1
        guard isNearStart || isNearEnd else { return [] }
        purpose = LinesPurpose(isScroll: true)
        return start(.place(LinePlace(source: lines.source, offset: line.offset, number: line.number)))
    }

    /// The same lines again: the log may have grown, or more be known of it.
    mutating func reload() -> [BrowserEffect] {
        guard job == nil, case .lines(let lines)? = layers.last, let line = lines.line else { return [] }
        purpose = LinesPurpose(isScroll: true)
        return start(.place(LinePlace(source: lines.source, offset: line.offset, number: line.number)))
    }
}
