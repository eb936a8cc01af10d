package import LogCore

/// A format that may be tried on a file.
package struct FormatCandidate: Sendable {
    package var name: String
    package var title: String
    /// Decides between formats that explain equally many lines; 0 to 100. Below 0: asked only for the lines
    /// that no other format wants.
    package var priority: Int
    /// One parser a worker.
    package var make: @Sendable () -> any LineParser

    package init(name: String, title: String, priority: Int, make: @escaping @Sendable () -> any LineParser) {
        self.name = name
        self.title = title
        self.priority = priority
        self.make = make
    }
}

/// What the first lines of a file say about its format.
package struct Detection: Equatable, Sendable {
    /// How one format did.
    package struct Vote: Equatable, Sendable {
        package var format: Int
        /// Lines that it accepts, and those among them with a time.
        package var accepted: Int
        package var timed: Int
    }
    /// Formats to offer lines to, as indices into the candidates, the main one first. Empty: none fits.
    package var formats: [Int] = []
    /// Share of the lines looked at that these formats accept or join, 0 to 1.
    package var confidence: Double = 0
    /// Lines looked at: not blank, complete.
    package var lines = 0
    /// All that accepted at least one line, the best first.
    package var votes: [Vote] = []
    /// Some line has a time of its own: the file can be cut at such lines.
    package var isTimed = false
    /// Some time has no year.
    package var isYearless = false

    package init() {}
}

/// Finds the formats of a file from its first lines.
///
/// Every candidate reads every line; the one that accepts most wins, and of those within a fiftieth of it the one
/// with the highest priority. The lines it leaves are put to the rest again, for a file may hold several programs'
/// lines. Lines shaped like continuations count for nobody.
package enum FormatDetector {
    /// Lines and bytes looked at.
    package static let lines = 256
    package static let bytes = 128 * 1024
    private static let formatLimit = 4

    package static func detect(
        _ head: Span<UInt8>, isWhole: Bool, candidates: [FormatCandidate], parsers: [any LineParser],
        _ event: inout EventBuilder
    ) -> Detection {
        var detection = Detection()
        let heads = headLines(head, isWhole: isWhole)
        let starts = heads.filter { !TraceShape.isContinuation(head.extracting($0)) }
        detection.lines = heads.count
        guard !starts.isEmpty else { return detection }

        var accepts: [[Bool]] = []
        for (index, parser) in parsers.enumerated() {
            var vote = Detection.Vote(format: index, accepted: 0, timed: 0)
            var accepted = Array(repeating: false, count: starts.count)
            for (number, range) in starts.enumerated() {
                event.begin()
                if parser.parse(head.extracting(range), at: 0, into: &event) {
                    accepted[number] = true
                    vote.accepted += 1
                    if event.record.timeSource != .none { vote.timed += 1 }
                }
            }
            accepts.append(accepted)
            if vote.accepted > 0 { detection.votes.append(vote) }
        }
        event.begin()
        choose(&detection, starts.count, accepts, candidates)
        chooseSpecial(&detection, starts.count, accepts, candidates)
        chooseFallback(&detection, starts.count, accepts, candidates)
        explain(&detection, head, heads, parsers, &event)
        detection.votes.sort {
            ($0.accepted, candidates[$0.format].priority) > ($1.accepted, candidates[$1.format].priority)
        }
        return detection
    }

    private static func choose(
        _ detection: inout Detection, _ count: Int, _ accepts: [[Bool]], _ candidates: [FormatCandidate]
    ) {
        var left = Array(repeating: true, count: count)
        while detection.formats.count < formatLimit {
            let open = detection.votes.filter {
                !detection.formats.contains($0.format) && candidates[$0.format].priority >= 0
            }
            let counts = open.map { vote in
                (vote.format, (0..<count).count { left[$0] && accepts[vote.format][$0] })
            }
            guard let most = counts.map(\.1).max(), most > 0 else { break }
            // A second format must explain a few lines at least, not a chance one.
            if !detection.formats.isEmpty, most < max(2, count / 50) { break }
            let near = counts.filter { $0.1 * 50 >= most * 49 }
            guard
                let best = near.max(by: {
                    (candidates[$0.0].priority, $0.1, -$0.0) < (candidates[$1.0].priority, $1.1, -$1.0)
                })
            else { break }
            detection.formats.append(best.0)
            for line in 0..<count where accepts[best.0][line] { left[line] = false }
        }
    }

    /// How much more a format must count than another to be asked before it.
    private static let special = 30

    /// Puts formats for some of a chosen format's lines before it: in a mail server's syslog the mail server's own lines
    /// are better read by who knows them.
    private static func chooseSpecial(
        _ detection: inout Detection, _ count: Int, _ accepts: [[Bool]], _ candidates: [FormatCandidate]
    ) {
        guard let main = detection.formats.first else { return }
        let found = detection.votes.compactMap { vote -> (format: Int, lines: Int)? in
            guard !detection.formats.contains(vote.format),
                candidates[vote.format].priority >= candidates[main].priority + special
            else { return nil }
            let lines = (0..<count).count { accepts[vote.format][$0] && accepts[main][$0] }
            return lines >= max(2, count / 50) ? (vote.format, lines) : nil
        }
        let best = found.sorted { ($1.lines, $0.format) < ($0.lines, $1.format) }
        detection.formats.insert(
            contentsOf: best.prefix(max(0, formatLimit - detection.formats.count)).map(\.format), at: 0)
    }

    private static func chooseFallback(
        _ detection: inout Detection, _ count: Int, _ accepts: [[Bool]], _ candidates: [FormatCandidate]
    ) {
        for (format, candidate) in candidates.enumerated() where candidate.priority < 0 {
            let left = (0..<count).count { line in
                accepts[format][line] && !detection.formats.contains { accepts[$0][line] }
            }
            if left > 0, detection.formats.isEmpty || left >= max(2, count / 50) { detection.formats.append(format) }
        }
    }

    /// How much of the head the chosen formats explain when run as they will be run.
    private static func explain(
        _ detection: inout Detection, _ head: Span<UInt8>, _ heads: [Range<Int>], _ parsers: [any LineParser],
        _ event: inout EventBuilder
    ) {
        var explained = 0
        var joins = false
        for range in heads {
            let line = head.extracting(range)
            var accepted = false
            for format in detection.formats {
                event.begin()
                if parsers[format].parse(line, at: 0, into: &event) {
                    accepted = true
                    joins = parsers[format].joinsFollowingLines
                    switch event.record.timeSource {
                    case .line, .dateInferred: detection.isTimed = true
                    case .yearInferred:
                        detection.isTimed = true
                        detection.isYearless = true
                    case .inherited, .none: break
                    }
                    break
                }
            }
            if accepted || joins { explained += 1 }
        }
        event.begin()
        detection.confidence = Double(explained) / Double(max(heads.count, 1))
    }

    /// The lines of the head that aren't blank; the last one only if it is complete.
    private static func headLines(_ head: Span<UInt8>, isWhole: Bool) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var start = 0
        while start < head.count, result.count < lines {
            guard let end = head.firstIndex(of: 0x0A, from: start) ?? (isWhole || result.isEmpty ? head.count : nil)
            else { break }
            var last = end
            if last > start, head[last - 1] == 0x0D { last -= 1 }
            if (start..<last).contains(where: { head[$0] > 0x20 }) { result.append(start..<last) }
            start = end + 1
        }
        return result
    }
}
