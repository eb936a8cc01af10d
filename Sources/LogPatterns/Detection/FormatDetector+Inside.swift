import LogCore

/// What stands inside the messages of the formats found.
extension FormatDetector {
    /// Layers within the outer one: a runtime's head, syslog's behind it, and JSON in that.
    static let depthLimit = 2
    /// Writers told apart, and what of each is looked at.
    private static let mostWriters = 32
    private static let mostLines = 64
    private static let mostBytes = 16 * 1024
    /// A writer of fewer lines says too little: it is read as all others are.
    private static let fewLines = 3

    /// The inner lines of one writer.
    fileprivate struct WriterLines {
        var writer: UInt64
        var label: String
        var bytes: ContiguousArray<UInt8> = []
        var count = 0
        var layers: [FormatLayer] = []
        /// Each of them is a JSON object or a line of logfmt by its looks, which no sentence is.
        var isData = true
        /// There are enough of them, or they can't be anything else.
        var isTelling: Bool { count >= fewLines || isData }
    }

    func findInside(
        _ detection: inout Detection, _ ballot: borrowing Ballot, _ head: Span<UInt8>, _ depth: Int,
        _ parser: (Int) -> any LineParser, _ event: inout EventBuilder
    ) {
        var left = ballot.all
        for number in detection.layers.indices {
            let format = detection.layers[number].format
            let lines = left.intersection(ballot.accepted[format])
            left = left.subtracting(lines)
            let outer = parser(format)
            guard outer.inside != .nothing, !lines.isEmpty else { continue }
            let ranges = lines.map { ballot.lines[$0] }
            detection.layers[number].inside = inside(ranges, of: outer, head, depth, parser, &event)
        }
    }

    /// What stands inside the messages of some lines.
    func inside(
        _ lines: [Range<Int>], of outer: any LineParser, _ head: Span<UInt8>, _ depth: Int,
        _ parser: (Int) -> any LineParser, _ event: inout EventBuilder
    ) -> [InnerFormats] {
        var writers = Self.innerLines(lines, head, outer, &event)
        for index in writers.indices {
            // One or two sentences fit many a pattern.
            if outer.inside == .message, !writers[index].isTelling { continue }
            let bytes = writers[index].bytes
            let found = detect(
                bytes.span, isWhole: true, forced: [], within: outer.inside, depth: depth + 1, parser, &event)
            writers[index].layers = found.layers
        }
        return groups(writers, outer.inside)
    }

    /// The messages of a format's lines, by writer.
    private static func innerLines(
        _ lines: [Range<Int>], _ head: Span<UInt8>, _ outer: any LineParser, _ event: inout EventBuilder
    ) -> [WriterLines] {
        let rawCount = event.rawCount
        event.rawCount = head.count
        defer {
            event.begin()
            event.decoded.removeAll(keepingCapacity: true)
            event.rawCount = rawCount
        }
        var writers: [WriterLines] = []
        for line in lines {
            event.begin()
            let text = head.extracting(line)
            let base = line.lowerBound
            guard outer.parse(text, at: base, into: &event), !event.record.message.isEmpty else { continue }
            if outer.inside == .line { event.stripEscapedColours(text, base) }
            let writer = Writer.hash(text, base, &event)
            let known = writers.firstIndex { $0.writer == writer } ?? writers.count
            if known == writers.count {
                guard known < mostWriters else { continue }
                let component = event.record.component
                let isRaw = component.upper <= head.count
                let label = isRaw ? head.string(component.lower..<component.upper) : ""
                writers.append(WriterLines(writer: writer, label: label))
            }
            guard writers[known].count < mostLines, writers[known].bytes.count < mostBytes else { continue }
            writers[known].count += 1
            let message = event.record.message
            if message.upper <= head.count {
                writers[known].append(head.extracting(message.lower..<message.upper))
            } else {
                let start = message.lower - head.count
                writers[known].append(event.decoded.span.extracting(start..<start + message.count))
            }
        }
        return writers
    }

    /// Who has formats of his own, and what is tried for all others.
    private func groups(_ writers: [WriterLines], _ inside: Inside) -> [InnerFormats] {
        let common = commonLayers(writers, inside)
        // With nothing known inside, a whole line still has its level and time where any line would have them.
        if common.isEmpty, writers.allSatisfy({ $0.layers.isEmpty }) {
            return inside == .line ? [InnerFormats(writer: nil, layers: [])] : []
        }
        var groups: [InnerFormats] = []
        for writer in writers
        where writer.layers != common
            && (writer.count >= Self.fewLines || writer.isData && !writer.layers.isEmpty)
        {
            groups.append(InnerFormats(writer: writer.writer, label: writer.label, layers: writer.layers))
        }
        if inside == .line {
            // A line that its writer's first lines didn't announce may be one that others write.
            for index in groups.indices { Self.add(common, to: &groups[index].layers) }
            groups.removeAll { $0.layers == common }
        }
        groups.append(InnerFormats(writer: nil, layers: common))
        return groups
    }

    /// Of whole lines every format that was found; of messages what most of them are: a sentence of a program that wasn't
    /// met yet fits many a pattern. What one writer's lines are evidence of says nothing of another's.
    private func commonLayers(_ writers: [WriterLines], _ inside: Inside) -> [FormatLayer] {
        let total = writers.reduce(0) { $0 + $1.count }
        var common: [FormatLayer] = []
        for writer in writers.sorted(by: { ($1.count, $0.writer) < ($0.count, $1.writer) }) {
            for layer in writer.layers where !common.contains(where: { $0.format == layer.format }) {
                if candidates[layer.format].evidence != nil { continue }
                let lines = writers.reduce(0) { sum, other in
                    sum + (other.layers.contains { $0.format == layer.format } ? other.count : 0)
                }
                if inside == .line || lines * 2 >= total { common.append(layer) }
            }
        }
        return Array(common.prefix(6))
    }

    private static func add(_ layers: [FormatLayer], to own: inout [FormatLayer]) {
        for layer in layers where !own.contains(where: { $0.format == layer.format }) { own.append(layer) }
    }
}

extension FormatDetector.WriterLines {
    /// Adds the first line of a message.
    fileprivate mutating func append(_ text: Span<UInt8>) {
        if isData { isData = LineShape.isData(text) }
        for i in text.indices {
            if text[unchecked: i] == 0x0A { break }
            bytes.append(text[unchecked: i])
        }
        bytes.append(0x0A)
    }
}
