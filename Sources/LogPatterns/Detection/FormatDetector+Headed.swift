import LogCore

extension FormatDetector {
    /// The formats found, with that of rows whose columns a line `#Fields:` names before them, if there is such a line.
    ///
    /// Where one of the others reads it, it knows the rows by their shape and keeps them; a header further down may name
    /// columns that none of them knows.
    func headed(
        _ head: Span<UInt8>, besides other: Detection, isWhole: Bool, _ parser: (Int) -> any LineParser,
        _ event: inout EventBuilder
    ) -> Detection {
        let lines = Self.headLines(head, isWhole: isWhole)
        guard lines.contains(where: { NamedColumns.isHeader(head.extracting($0)) }),
            let format = candidates.firstIndex(where: { $0.name == HeadedTableParser.formatName }),
            !other.isForced || other.formats.contains(format)
        else { return other }
        let others = other.layers.filter { $0.format != format }
        let headed = HeadedTableParser(others: ContiguousArray(others.map { parser($0.format) }))
        var counts = Array(repeating: 0, count: others.count + 1)
        var timed = 0
        var detection = other
        let (clock, columns) = (event.clock, event.columns)
        event.columns = nil
        defer { (event.clock, event.columns) = (clock, columns) }
        for line in lines {
            let text = head.extracting(line)
            for index in counts.indices {
                event.begin()
                let candidate = index == 0 ? headed : parser(others[index - 1].format)
                guard candidate.parse(text, at: line.lowerBound, into: &event) else { continue }
                counts[index] += 1
                if index == 0, event.record.timeSource != .none { timed += 1 }
                break
            }
        }
        let isWaiting = counts[0] == 0
        // What reads no line any more was made for the rows.
        let kept = isWaiting ? others : zip(others, counts.dropFirst()).filter { $0.1 > 0 }.map(\.0)
        detection.layers = [FormatLayer(format: format, isWaiting: isWaiting)] + kept
        if isWaiting { return detection }
        detection.reasons[format] = other.isForced ? .forced : .headed
        detection.isTimed = detection.isTimed || timed > 0
        detection.confidence = max(other.confidence, Double(counts.reduce(0, +)) / Double(max(lines.count, 1)))
        detection.votes.removeAll { $0.format == format }
        detection.votes.insert(Detection.Vote(format: format, accepted: counts[0], timed: timed), at: 0)
        return detection
    }
}
