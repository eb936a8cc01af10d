package import LogAnalysis
import LogCore
import LogEngine

extension Browser {
    /// The lines of the screen, as many as it has.
    package func render() -> [TextLine] {
        var lines: [TextLine] = []
        if size.height > 3 { lines.append(header()) }
        switch layers.last {
        case .detail(let detail)?: lines += rows(detail)
        case .lines(let state)?: lines += rows(state)
        case nil: lines += listRows()
        }
        let last = size.height > 1 ? size.height - 1 : size.height
        while lines.count < last { lines.append(TextLine()) }
        lines.removeLast(max(lines.count - last, 0))
        if size.height > 1 { lines.append(footer()) }
        return lines.map { $0.fitted(to: size.width) }
    }

    /// Where the terminal's cursor stands in the last line, while a question is asked.
    package var cursorColumn: Int? {
        prompt.map { TextLayout.width(of: $0.label + shownAnswer($0)) }
    }

    // MARK: Header and footer

    private func header() -> TextLine {
        var line = TextLine()
        switch layers.last {
        case .detail(let detail)?:
            line.append(" " + TextLayout.clean(detail.title, unicode: unicode), .selected)
        case .lines(let lines)?:
            let path = TextLayout.clean(model.paths[lines.source], unicode: unicode)
            line.append(" " + TextLayout.clipStart(path, to: max(size.width / 2, 10), unicode: unicode), .selected)
            if !lines.title.isEmpty { line.append("   " + TextLayout.clean(lines.title, unicode: unicode), .selected) }
        case nil:
            for one in tabTitles { line.append(one.text, one.tab == tab ? .heading : .selected) }
            if filter.isOn {
                var words: [String] = []
                if filter.level != .unspecified { words.append("\(filter.level.name) and worse") }
                if !filter.text.isEmpty { words.append(TextLayout.clean(filter.text, unicode: unicode)) }
                line.append(" only \(words.joined(separator: ", ")) ", .warning)
            }
        }
        line = line.fitted(to: size.width)
        if line.width < size.width { line.append(String(repeating: " ", count: size.width - line.width), .selected) }
        return line
    }

    /// The tabs with their numbers; where they are wider than the screen without the numbers of the others, then with their first
    /// letters only: the one in view always has its name.
    private var tabTitles: [(tab: Tab, text: String)] {
        func title(_ one: Tab, _ name: String, isCounted: Bool) -> (tab: Tab, text: String) {
            let count = TextLayout.grouped(Int64(lists[one]?.entries.count ?? 0))
            return (one, isCounted ? " \(name) \(count) " : " \(name) ")
        }
        func fits(_ titles: [(tab: Tab, text: String)]) -> Bool {
            titles.reduce(0) { $0 + $1.text.utf8.count } <= size.width
        }
        let full = tabs.map { title($0, $0.rawValue, isCounted: true) }
        if fits(full) { return full }
        let named = tabs.map { title($0, $0.rawValue, isCounted: $0 == tab) }
        if fits(named) { return named }
        return tabs.map { $0 == tab ? title($0, $0.rawValue, isCounted: true) : title($0, $0.short, isCounted: false) }
    }

    private func shownAnswer(_ prompt: Prompt) -> String {
        let room = max(size.width - TextLayout.width(of: prompt.label) - 1, 1)
        return TextLayout.clipStart(TextLayout.clean(prompt.text, unicode: unicode), to: room, unicode: unicode)
    }

    private func footer() -> TextLine {
        if let prompt { return TextLine(prompt.label + shownAnswer(prompt)) }
        var line = TextLine()
        let right = position
        if let count {
            line.append(":\(count)")
        } else if let job, !job.progress.isEmpty {
            line.append("\(job.progress)  Esc stops", .heading)
        } else if let message {
            line.append(TextLayout.clean(message, unicode: unicode), .heading)
        } else {
            line.append(hints(in: size.width - TextLayout.width(of: right) - 2), .faint)
        }
        let room = size.width - TextLayout.width(of: right) - 2
        if room < 8 { return line }
        line = line.fitted(to: room)
        line.pad(to: size.width - TextLayout.width(of: right))
        line.append(right, .faint)
        return line
    }

    /// As many keys as there is room for; the way back and the list of all keys always.
    private func hints(in room: Int) -> String {
        var keys: [String]
        var last = ["q back", "^G keys"]
        switch layers.last {
        case .detail(let detail)?:
            if detail.subject == .help { return "q back" }
            keys = ["Enter lines", "/ search", "v editor", "y copy"]
        case .lines(let lines)?:
            keys = ["e error", "w warning", "/ search", "Enter event", "t time"]
            if lines.steps != nil { keys.insert("[ ] its events", at: 0) }
        case nil:
            keys = ["Enter open", "Tab view", "/ search", "f filter", "1-6 level", "t time"]
            last = ["q quit", "? keys"]
        }
        while !keys.isEmpty, (keys + last).joined(separator: "  ").utf8.count > room { keys.removeLast() }
        return (keys + last).joined(separator: "  ")
    }

    private var position: String {
        switch layers.last {
        case .detail(let detail)?:
            return detail.rows.count <= body ? "" : "\(detail.scroll.cursor + 1)/\(detail.rows.count)"
        case .lines(let lines)?:
            guard let line = lines.line else { return "" }
            var text = "line \(TextLayout.grouped(line.number))"
            let bytes = model.report.inputs.first { $0.path == model.paths[lines.source] }?.ledger.bytes ?? 0
            if bytes > 0 { text += ", \(min(line.offset * 100 / bytes, 100)) %" }
            return text
        case nil:
            guard let list = lists[tab], !list.entries.isEmpty else { return "" }
            return "\(list.scroll.cursor + 1)/\(list.entries.count)"
        }
    }

    // MARK: Rows

    private func listRows() -> [TextLine] {
        var lines = head(tab).map { $0.fitted(to: size.width) }
        guard let list = lists[tab] else { return lines }
        if list.entries.isEmpty {
            let text =
                filter.isOn
                ? "Nothing passes the filter; Esc takes it off." : tab == .findings ? "No findings." : "Nothing."
            lines.append(TextLine(text, .faint))
            return lines
        }
        let end = min(list.scroll.top + listHeight(tab), list.entries.count)
        for index in list.scroll.top..<end {
            let line = marked(listLine(list.entries[index])).fitted(to: size.width)
            lines.append(index == list.scroll.cursor ? line.selected(to: size.width) : line)
        }
        return lines
    }

    private func rows(_ detail: DetailState) -> [TextLine] {
        let end = min(detail.scroll.top + body, detail.rows.count)
        return (detail.scroll.top..<max(end, detail.scroll.top)).map { index in
            let line = marked(detail.rows[index].line)
            return index == detail.scroll.cursor ? line.selected(to: size.width) : line
        }
    }

    private func rows(_ state: LinesState) -> [TextLine] {
        let end = min(state.scroll.top + body, state.page.lines.count)
        guard state.scroll.top < end else { return [] }
        let digits = max(String(state.page.lines[end - 1].number).utf8.count, 3)
        let gutter = size.width >= 40 ? digits + 2 : 1
        return (state.scroll.top..<end).map { index in
            let line = state.page.lines[index]
            let isTarget = state.target != nil && (line.event ?? line.offset) == state.target
            let mark = isTarget ? (unicode ? "▌" : "|") : " "
            var row = TextLine()
            if gutter > 1 { row.append(Self.right(String(line.number), digits), .faint) }
            row.append(mark, isTarget ? .heading : .plain)
            if gutter > 1 { row.append(" ") }
            let text = marked(TextLine(TextLayout.clean(line.text, unicode: unicode), Self.style(line.severity)))
            let room = size.width - row.width
            let isCut = text.width - state.shift > room || line.bytes > Int64(line.text.utf8.count)
            for (part, style) in text.dropped(state.shift).fitted(to: isCut ? room - 1 : room).stretches {
                row.append(part, style)
            }
            if isCut { row.append(unicode ? "…" : ">", .faint) }
            return index == state.scroll.cursor ? row.selected(to: size.width) : row
        }
    }

    private static func style(_ severity: Severity) -> TextStyle {
        severity == .trace || severity == .debug ? .faint : TextStyle(severity)
    }

    /// The line with what the search finds in it made visible.
    private func marked(_ line: TextLine) -> TextLine {
        guard let search else { return line }
        let ranges = search.ranges(in: line.text)
        if ranges.isEmpty { return line }
        var result = TextLine()
        var offset = 0
        for (text, style) in line.stretches {
            let bytes = Array(text.utf8)
            var start = 0
            for range in ranges where range.upperBound > offset && range.lowerBound < offset + bytes.count {
                let from = max(range.lowerBound - offset, start)
                let to = min(range.upperBound - offset, bytes.count)
                result.append(String(decoding: bytes[start..<from], as: UTF8.self), style)
                result.append(String(decoding: bytes[from..<to], as: UTF8.self), .match)
                start = to
            }
            result.append(String(decoding: bytes[start...], as: UTF8.self), style)
            offset += bytes.count
        }
        return result
    }
}

extension TextLine {
    /// The line without its first columns.
    fileprivate func dropped(_ columns: Int) -> TextLine {
        guard columns > 0 else { return self }
        var line = TextLine()
        var column = 0
        for (text, style) in stretches {
            let width = TextLayout.width(of: text)
            if column + width > columns {
                line.append(TextLayout.columns(of: text, from: max(columns - column, 0), width), style)
            }
            column += width
        }
        return line
    }
}
