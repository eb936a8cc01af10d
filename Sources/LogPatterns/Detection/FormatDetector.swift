package import LogCore

/// Finds the formats of a file from its first lines.
///
/// The candidate that accepts most lines wins, and of those within a fiftieth of it the one with the highest priority.
/// The lines it leaves are put to the rest again, for a file may hold several programs' lines. Lines shaped like
/// continuations count for nobody. Where a format's messages may be lines of another one, these are put to the candidates in
/// the same way, for each writer apart.
package struct FormatDetector: Sendable {
    /// Lines and bytes looked at.
    package static let lines = LineSet.capacity
    package static let bytes = 128 * 1024
    private static let formatLimit = 4
    /// How much more a format must count than another to be asked before it.
    private static let special = 30
    /// What the dialects of one product count at least; those of libraries count less.
    private static let product = 70

    let candidates: [FormatCandidate]
    let index: CandidateIndex

    package init(_ candidates: [FormatCandidate]) {
        self.candidates = candidates
        index = CandidateIndex(candidates)
    }

    /// - Parameters:
    ///   - isStart: the bytes are those at the beginning of a file, where a table has its header.
    ///   - forced: the formats that the user named: only what is inside them is left to find.
    package func detect(
        _ head: Span<UInt8>, isWhole: Bool, isStart: Bool = true, forced: [Int] = [],
        _ parser: (Int) -> any LineParser, _ event: inout EventBuilder
    ) -> Detection {
        if ControlSequences.isIn(head) {
            var plain: ContiguousArray<UInt8> = []
            ControlSequences.strip(head, into: &plain)
            return detect(plain.span, isWhole: isWhole, isStart: isStart, forced: forced, parser, &event)
        }
        let rawCount = event.rawCount
        event.rawCount = max(rawCount, head.count)
        defer {
            event.begin()
            event.decoded.removeAll(keepingCapacity: true)
            event.rawCount = rawCount
        }
        let detection = detect(head, isWhole: isWhole, forced: forced, within: .line, depth: 0, parser, &event)
        if isStart, !NamedColumns.isHeader(head),
            let table = table(head, instead: detection, isWhole: isWhole, parser, &event)
        {
            return table
        }
        var headed = headed(head, besides: detection, isWhole: isWhole, parser, &event)
        if forced.isEmpty { headed.layers += documents(head, parser, &event) }
        return headed
    }

    /// Formats of objects that are printed over several lines: each is put to the candidates as the line that it could be.
    private func documents(
        _ head: Span<UInt8>, _ parser: (Int) -> any LineParser, _ event: inout EventBuilder
    ) -> [FormatLayer] {
        let lines = JSONDocuments.lines(of: head)
        if lines.isEmpty { return [] }
        let found = detect(lines.span, isWhole: true, forced: [], within: .line, depth: 0, parser, &event)
        return found.layers.filter { candidates[$0.format].priority >= 0 }.map { layer in
            var layer = layer
            layer.isOfDocuments = true
            return layer
        }
    }

    func detect(
        _ head: Span<UInt8>, isWhole: Bool, forced: [Int], within: Inside, depth: Int,
        _ parser: (Int) -> any LineParser, _ event: inout EventBuilder
    ) -> Detection {
        var detection = Detection()
        let heads = Self.headLines(head, isWhole: isWhole)
        let timeColumn = depth == 0 ? Self.timeColumn(heads, head) : nil
        let starts = startLines(heads, head, timeColumn, parser, &event)
        detection.lines = heads.count
        detection.starts = starts.count
        detection.layers = forced.map { FormatLayer(format: $0) }
        detection.isForced = !forced.isEmpty
        for format in forced { detection.reasons[format] = .forced }
        guard !starts.isEmpty else { return detection }

        var ballot = Ballot(head, starts, index, candidates: candidates.count)
        if forced.isEmpty {
            choose(&detection, &ballot, head, parser, &event)
            chooseBase(&detection, ballot, parser)
            chooseSpecial(&detection, ballot)
            // Text in a message is text if no format knows it.
            if within == .line, depth == 0 { chooseFallback(&detection, &ballot, head, parser, &event) }
        } else {
            for format in forced { ballot.survey(format, ballot.all, head, parser, &event, isNamed: true) }
        }
        for layer in detection.layers.indices { detection.layers[layer].timeColumn = timeColumn }
        explain(&detection, ballot, head, heads, parser, &event)
        var left = ballot.all
        for layer in detection.layers { left = left.subtracting(ballot.accepted[layer.format]) }
        for format in candidates.indices where !ballot.accepted[format].isEmpty {
            let accepted = ballot.accepted[format]
            detection.votes.append(
                Detection.Vote(
                    format: format, accepted: accepted.count, timed: ballot.timed[format].count,
                    alone: accepted.intersection(left).count,
                    evidence: Self.evidence(of: format, ballot, head)))
        }
        detection.votes.sort {
            ($0.accepted, candidates[$0.format].priority, -$0.format)
                > ($1.accepted, candidates[$1.format].priority, -$1.format)
        }
        for format in ballot.withheld {
            detection.votes.append(Detection.Vote(format: format, accepted: 0, timed: 0, evidence: .missing))
        }
        if within == .message, !isTelling(detection, ballot) { keepData(&detection, ballot, head) }
        if depth < Self.depthLimit {
            findInside(&detection, ballot, head, depth, parser, &event)
        }
        return detection
    }

    /// The line that shows a format to be the file's; nil of a format that needs none to show it.
    private static func evidence(
        of format: Int, _ ballot: borrowing Ballot, _ head: Span<UInt8>
    ) -> Detection.Evidence? {
        guard let found = ballot.evidence[format] else { return nil }
        guard let line = found else { return .missing }
        let before = head.extracting(0..<ballot.lines[line].lowerBound)
        return .line(before.indices.count { before[$0] == 0x0A } + 1)
    }

    /// A table with a header, if no format knows most of the lines.
    private func table(
        _ head: Span<UInt8>, instead other: Detection, isWhole: Bool, _ parser: (Int) -> any LineParser,
        _ event: inout EventBuilder
    ) -> Detection? {
        guard let format = candidates.firstIndex(where: { $0.name == "csv" }) else { return nil }
        if other.isForced {
            guard other.formats == [format] else { return nil }
        } else if let main = other.layers.first?.format, candidates[main].priority >= 0,
            other.votes.contains(where: { $0.format == main && $0.accepted * 2 > other.starts })
        {
            return nil
        }
        guard let header = TableHeader(head) else { return nil }
        let table = TableParser(header)
        var detection = other
        detection.reasons = [format: other.isForced ? .forced : .table]
        var accepted = 0
        var timed = 0
        let rows = Self.headLines(head, isWhole: isWhole).filter { $0.lowerBound >= header.length }
        for row in rows {
            event.begin()
            guard table.parse(head.extracting(row), at: row.lowerBound, into: &event) else { continue }
            accepted += 1
            if event.record.timeSource != .none { timed += 1 }
            if event.record.timeSource == .yearInferred { detection.isYearless = true }
        }
        let inside = inside(rows, of: table, head, 0, parser, &event)
        detection.layers = [FormatLayer(format: format, inside: inside, header: header)]
        detection.isTimed = timed > 0
        // What isn't a row goes on from one.
        detection.confidence = rows.isEmpty ? 0 : Double(accepted) / Double(rows.count)
        detection.votes.insert(Detection.Vote(format: format, accepted: accepted, timed: timed), at: 0)
        return detection
    }

    private func choose(
        _ detection: inout Detection, _ ballot: inout Ballot, _ head: Span<UInt8>, _ parser: (Int) -> any LineParser,
        _ event: inout EventBuilder
    ) {
        let count = ballot.lines.count
        var left = ballot.all
        // Indented lines begin events of a file's main format only; elsewhere they belong to what stands before them.
        var indented = LineSet()
        for line in ballot.all where head[ballot.lines[line].lowerBound] <= 0x20 { indented.insert(line) }
        while detection.layers.count < Self.formatLimit, !left.isEmpty {
            // A second format must explain a few lines at least, not a chance one.
            let least = detection.layers.isEmpty ? 1 : max(2, count / 50)
            if left.count < least { break }
            var counts: [(format: Int, lines: Int)] = []
            for format in candidates.indices where candidates[format].priority >= 0 {
                if detection.layers.contains(where: { $0.format == format }) { continue }
                ballot.survey(format, left, head, parser, &event)
                let lines = ballot.accepted[format].intersection(left).count
                if lines > 0 { counts.append((format, lines)) }
            }
            guard let most = counts.map(\.lines).max(), most >= least else { break }
            let near = counts.filter { $0.lines * 50 >= most * 49 }
            guard
                let best = near.max(by: {
                    (candidates[$0.format].priority, $0.lines, -$0.format)
                        < (candidates[$1.format].priority, $1.lines, -$1.format)
                })
            else { break }
            detection.reasons[best.format] = detection.layers.isEmpty ? .most : .rest
            detection.layers.append(FormatLayer(format: best.format))
            left = left.subtracting(ballot.accepted[best.format]).subtracting(indented)
            guard detection.layers.count == 1,
                let wider = Self.wider(than: best.format, among: near.map(\.format), ballot)
            else { continue }
            detection.reasons[wider] = .base
            detection.layers.append(FormatLayer(format: wider))
            left = left.subtracting(ballot.accepted[wider])
        }
    }

    /// The format that reads all that the chosen one does and a few lines more, all of which have a time: `WARN` in a layout of
    /// Python's logging and of log4j is log4j's.
    private static func wider(than best: Int, among formats: [Int], _ ballot: borrowing Ballot) -> Int? {
        var found: (format: Int, lines: Int)?
        for format in formats where format != best {
            let more = ballot.accepted[format].subtracting(ballot.accepted[best])
            guard more.count > found?.lines ?? 0, ballot.accepted[best].subtracting(ballot.accepted[format]).isEmpty,
                more.subtracting(ballot.timed[format]).isEmpty
            else { continue }
            found = (format, more.count)
        }
        return found?.format
    }

    /// Puts a format that leaves the message to others, such as syslog's, behind one that knows some programs' lines of it: the
    /// next program may be one that this doesn't know, if not in these lines, then in those that follow.
    private func chooseBase(
        _ detection: inout Detection, _ ballot: borrowing Ballot, _ parser: (Int) -> any LineParser
    ) {
        guard let main = detection.layers.first?.format else { return }
        let wanted = ballot.accepted[main].count
        let base = candidates.indices.first { format in
            candidates[format].priority >= 0 && candidates[format].priority < candidates[main].priority
                && ballot.accepted[format].intersection(ballot.accepted[main]).count == wanted
                && parser(format).inside == .message
        }
        guard let base, !detection.layers.contains(where: { $0.format == base }) else { return }
        detection.reasons[base] = .base
        detection.layers.append(FormatLayer(format: base))
    }

    /// Puts formats for some of a chosen format's lines before it: in a mail server's syslog the mail server's own lines
    /// are better read by who knows them.
    private func chooseSpecial(_ detection: inout Detection, _ ballot: borrowing Ballot) {
        guard let main = detection.layers.first?.format else { return }
        var found: [(format: Int, lines: Int)] = []
        for format in candidates.indices where candidates[format].priority >= candidates[main].priority {
            if detection.layers.contains(where: { $0.format == format }) { continue }
            let accepted = ballot.accepted[format]
            let lines = accepted.intersection(ballot.accepted[main]).count
            // A product's dialect of JSON is known by its signature: a line is enough, and one that reads some of another's lines is
            // the more special one. A library's may be anybody's.
            let isDialect = candidates[format].isDialect
            let isWithin =
                isDialect && candidates[main].isDialect && accepted.count < ballot.accepted[main].count
                && accepted.subtracting(ballot.accepted[main]).isEmpty
            guard isWithin || candidates[format].priority >= candidates[main].priority + Self.special else { continue }
            let isSure = isDialect && candidates[format].priority >= Self.product
            if lines >= max(isSure ? 1 : 2, ballot.lines.count / 50) { found.append((format, lines)) }
        }
        let best = found.sorted { ($1.lines, $0.format) < ($0.lines, $1.format) }
        let room = max(0, Self.formatLimit - detection.layers.count)
        for format in best.prefix(room) { detection.reasons[format.format] = .special }
        detection.layers.insert(contentsOf: best.prefix(room).map { FormatLayer(format: $0.format) }, at: 0)
    }

    private func chooseFallback(
        _ detection: inout Detection, _ ballot: inout Ballot, _ head: Span<UInt8>, _ parser: (Int) -> any LineParser,
        _ event: inout EventBuilder
    ) {
        for format in candidates.indices where candidates[format].priority < 0 {
            var left = ballot.all
            for layer in detection.layers {
                left = left.subtracting(ballot.accepted[layer.format])
                left = left.subtracting(Self.timedBelow(left, parser(layer.format), ballot, head, &event))
            }
            ballot.survey(format, left, head, parser, &event)
            let lines = ballot.accepted[format].intersection(left).count
            if lines > 0, detection.layers.isEmpty || lines >= max(2, ballot.lines.count / 50) {
                detection.reasons[format] = .fallback
                detection.layers.append(FormatLayer(format: format))
            }
        }
    }

    /// Lines that have the time of an event that began further up.
    private static func timedBelow(
        _ lines: LineSet, _ parser: any LineParser, _ ballot: borrowing Ballot, _ head: Span<UInt8>,
        _ event: inout EventBuilder
    ) -> LineSet {
        var timed = LineSet()
        guard parser.readsBelow else { return timed }
        for line in lines {
            event.begin()
            parser.readBelow(head.extracting(ballot.lines[line]), at: ballot.lines[line].lowerBound, into: &event)
            if event.record.timeSource != .none { timed.insert(line) }
        }
        event.begin()
        return timed
    }

    /// How much of the head the chosen formats explain when run as they will be run.
    private func explain(
        _ detection: inout Detection, _ ballot: borrowing Ballot, _ head: Span<UInt8>, _ heads: [Range<Int>],
        _ parser: (Int) -> any LineParser, _ event: inout EventBuilder
    ) {
        var explained = 0
        var joins = false
        var start = 0
        for range in heads {
            var taker: Int?
            if start < ballot.lines.count, ballot.lines[start] == range {
                taker = detection.layers.first { ballot.accepted[$0.format].contains(start) }?.format
                if let taker, ballot.timed[taker].contains(start) { detection.isTimed = true }
                if let taker, ballot.yearless[taker].contains(start) { detection.isYearless = true }
                start += 1
            } else {
                // A continuation by its looks, which some format may take all the same.
                for layer in detection.layers where taker == nil {
                    event.begin()
                    guard parser(layer.format).parse(head.extracting(range), at: range.lowerBound, into: &event)
                    else { continue }
                    taker = layer.format
                    if event.record.timeSource != .none { detection.isTimed = true }
                    if event.record.timeSource == .yearInferred { detection.isYearless = true }
                }
            }
            if let taker { joins = parser(taker).joinsFollowingLines }
            if taker != nil || joins { explained += 1 }
        }
        event.begin()
        detection.confidence = Double(explained) / Double(max(heads.count, 1))
    }

    /// Whether the main format makes more of most lines than text: the words of a sentence fit many a pattern by chance.
    private func isTelling(_ detection: Detection, _ ballot: borrowing Ballot) -> Bool {
        guard let main = detection.layers.first?.format else { return false }
        let accepted = ballot.accepted[main].count
        return accepted * 2 >= ballot.lines.count && ballot.telling[main].count * 2 >= accepted
    }

    /// Of formats that read the fewer lines of a program those of JSON and logfmt: these are what they look like, however much text
    /// stands between them.
    private func keepData(_ detection: inout Detection, _ ballot: borrowing Ballot, _ head: Span<UInt8>) {
        var kept: [FormatLayer] = []
        for layer in detection.layers {
            var isData = ballot.accepted[layer.format].count > 1
            for line in ballot.accepted[layer.format] where isData {
                isData = LineShape.isData(head.extracting(ballot.lines[line]))
            }
            if isData { kept.append(layer) }
        }
        detection.layers = kept
    }

    /// The lines of the head that aren't blank; the last one only if it is complete.
    /// Behind the last line that detection looks at.
    package static func end(of head: Span<UInt8>) -> Int {
        headLines(head, isWhole: true).last.map { (head.firstIndex(of: 0x0A, from: $0.upperBound) ?? head.count) + 1 }
            ?? 0
    }

    static func headLines(_ head: Span<UInt8>, isWhole: Bool) -> [Range<Int>] {
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
