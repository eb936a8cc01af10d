/// JSON objects that are printed over several lines.
package enum JSONDocuments {
    /// The whole ones among the lines, each as a line; empty if there are none.
    package static func lines(of head: Span<UInt8>) -> ContiguousArray<UInt8> {
        var lines: ContiguousArray<UInt8> = []
        var start = 0
        var opened: Int?
        var block = Block()
        while start < head.count {
            let next = head.firstIndex(of: 0x0A, from: start).map { $0 &+ 1 } ?? head.count
            defer { start = next }
            let line = head.extracting(start..<head.lineEnd(from: start))
            guard line.count > 0 else { continue }
            if opened == nil {
                guard line[unchecked: 0] == UInt8(ascii: "{") else { continue }
                block = Block(opening: line)
                if block.kind == .json { opened = start }
                continue
            }
            switch block.next(line, afterBlank: false) {
            case .joins: continue
            case .ends: opened = nil
            case .last:
                if let first = opened {
                    for i in first..<start &+ line.count {
                        let byte = head[unchecked: i]
                        lines.append(byte < 0x20 ? 0x20 : byte)
                    }
                    lines.append(0x0A)
                }
                opened = nil
            }
        }
        return lines
    }
}
