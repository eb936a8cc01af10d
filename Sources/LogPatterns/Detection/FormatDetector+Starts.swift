import LogCore

/// Which lines of a file's head may begin an event.
extension FormatDetector {
    /// The column of the first line's time, if blanks fill up what stands in front of it, there or in other lines: so programs
    /// align numbers of processes. A line with a time elsewhere belongs to what stands before it.
    static func timeColumn(_ heads: [Range<Int>], _ head: Span<UInt8>) -> Int? {
        var first: Int?
        for line in heads {
            let isIndented = head[line.lowerBound] == 0x20
            guard isIndented || first == nil, let column = LineShape.timeColumn(of: head.extracting(line)) else {
                continue
            }
            if first == nil {
                first = column
                guard isIndented || head[line.lowerBound] &- 0x30 < 10, column > 0 else { return nil }
            }
            if isIndented, column == first { return column }
        }
        return nil
    }

    /// The lines that may begin an event: those that don't look like continuations, and of the indented ones those that have
    /// their time where the others have it, and those that a format reads which says that its lines begin with blanks.
    func startLines(
        _ heads: [Range<Int>], _ head: Span<UInt8>, _ timeColumn: Int?, _ parser: (Int) -> any LineParser,
        _ event: inout EventBuilder
    ) -> [Range<Int>] {
        let indented = heads.filter { head[$0.lowerBound] <= 0x20 && !LineShape.isJoint(head.extracting($0)) }
        var starts = LineSet()
        if !indented.isEmpty {
            let possible = index.possibleLines(head, indented)
            for candidate in candidates.indices where candidates[candidate].mayBeIndented {
                for line in possible[candidate].subtracting(starts) {
                    event.begin()
                    let text = head.extracting(indented[line])
                    if parser(candidate).parse(text, at: indented[line].lowerBound, into: &event) {
                        starts.insert(line)
                    }
                }
            }
            event.begin()
        }
        // Nothing but indented objects: pasted, or printed by a program that indents.
        if starts.isEmpty, indented.count == heads.count {
            let objects = heads.filter { LineShape.isData(head.extracting($0)) }
            if objects.count == heads.count { return heads }
        }
        let headed = starts.map { indented[$0].lowerBound }
        return heads.filter { line in
            let text = head.extracting(line)
            return !LineShape.isContinuation(text) || headed.contains(line.lowerBound)
                || timeColumn != nil && LineShape.timeColumn(of: text) == timeColumn
        }
    }
}
