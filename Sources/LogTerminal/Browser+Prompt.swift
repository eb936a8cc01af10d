import LogAnalysis
import LogCore
import LogEngine
import LogPatterns

/// A question in the last line.
struct Prompt {
    enum Kind: Equatable {
        case search(forward: Bool)
        case filter, time, line
    }

    var kind: Kind
    var text = ""
    /// Search for the text as it stands.
    var isPlain = false

    var label: String {
        switch kind {
        case .search(let forward): (isPlain ? "text " : "regex ") + (forward ? "/" : "?")
        case .filter: "only component or file: "
        case .time: "go to time: "
        case .line: "go to line: "
        }
    }
}

extension Browser {
    mutating func ask(_ kind: Prompt.Kind) {
        prompt = Prompt(kind: kind, text: kind == .filter ? filter.text : "", isPlain: search?.isPlain ?? false)
    }

    mutating func pressInPrompt(_ key: KeyPress) -> [BrowserEffect] {
        guard var prompt else { return [] }
        switch key {
        case .escape, .control("c"), .control("g"): self.prompt = nil
        case .enter:
            self.prompt = nil
            return answer(prompt)
        case .backspace where prompt.text.isEmpty && prompt.kind != .filter: self.prompt = nil
        case .backspace:
            if !prompt.text.isEmpty { prompt.text.removeLast() }
            self.prompt = prompt
        case .control("u"):
            prompt.text = ""
            self.prompt = prompt
        case .control("w"):
            while prompt.text.last == " " { prompt.text.removeLast() }
            while let last = prompt.text.last, last != " " { prompt.text.removeLast() }
            self.prompt = prompt
        case .control("r"):
            prompt.isPlain.toggle()
            self.prompt = prompt
        case .character(let character):
            if prompt.text.count < 1_000 { prompt.text.append(character) }
            self.prompt = prompt
        default: break
        }
        return []
    }

    private mutating func answer(_ prompt: Prompt) -> [BrowserEffect] {
        switch prompt.kind {
        case .filter:
            filter.text = prompt.text
            rebuildLists()
            return []
        case .line:
            guard case .lines(let lines)? = layers.last, let number = Int64(prompt.text), number > 0 else {
                message = "Not the number of a line: \(prompt.text)"
                return []
            }
            purpose = LinesPurpose(missing: "The file is empty.")
            return start(.line(source: lines.source, number))
        case .time: return goToTime(prompt.text)
        case .search(let forward):
            searchesForward = forward
            return search(prompt, forward: forward)
        }
    }

    private mutating func search(_ prompt: Prompt, forward: Bool) -> [BrowserEffect] {
        if !prompt.text.isEmpty {
            do throws(PatternError) {
                search = try TextSearch(prompt.text, isPlain: prompt.isPlain)
            } catch {
                message = "\(error.message) (Ctrl-R in the question searches for text as it stands)"
                return []
            }
        }
        switch layers.last {
        case .lines?: return searchInLines(forward: forward)
        case .detail?: searchInDetail(forward: forward)
        case nil: searchInList(forward: forward)
        }
        return []
    }

    // MARK: Time

    private mutating func goToTime(_ text: String) -> [BrowserEffect] {
        guard let time = time(text) else {
            message = "Not a time: \(text) (14:05, 14:05:30, 2026-11-20, 2026-11-20 04:00:00)"
            return []
        }
        purpose = LinesPurpose(missing: "No event at that time or later.")
        if case .lines(let lines)? = layers.last {
            // From the start: the time may lie before the cursor.
            let start = LinePlace(source: lines.source, offset: -1, number: 1)
            return self.start(.find(.since(time), from: start, forward: true, anywhere: false))
        }
        return start(.time(time))
    }

    /// A timestamp as logs have it, a date, or a clock time on the day at hand.
    func time(_ text: String) -> Int64? {
        let text = text.drop { $0 == " " }
        var line: LogLine?
        if case .lines(let lines)? = layers.last { line = lines.line }
        let day = line?.time ?? model.report.tally.first
        let date = day.map { day in
            let parts = Timestamp.parts(day)
            return "\(parts.year)-\(Self.two(parts.month))-\(Self.two(parts.day)) "
        }
        let candidates = [
            String(text), "\(text):00", "\(text) 00:00:00", (date ?? "") + text, (date ?? "") + text + ":00",
        ]
        return candidates.lazy.compactMap { Self.timestamp($0) }.first
    }

    private static func timestamp(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { buffer in
            let bytes = Span(_unsafeElements: buffer)
            guard let scanned = TimestampScanner.scan(bytes, at: 0), scanned.end == bytes.count, scanned.shape == .full,
                Timestamp.plausible.contains(scanned.nanoseconds)
            else { return nil }
            return scanned.nanoseconds
        }
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
