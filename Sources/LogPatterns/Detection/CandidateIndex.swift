import LogCore

/// Which candidates each line of a head may be of, found in one pass over it, so that two hundred formats cost little
/// more than the few of them that a file looks like.
package struct CandidateIndex: Sendable {
    /// A pattern of some candidate, or all of a candidate that tells nothing.
    private struct Shape {
        var candidate: Int
        var hint: LineHint
    }

    private var shapes: [Shape] = []
    private var index: LiteralIndex
    /// The shapes that need a literal.
    private var owners: [[Int]] = []
    /// Candidates that ask for evidence. Lines that may be it are found as those of further candidates.
    private var evidence: [(candidate: Int, FormatEvidence)] = []
    private let candidates: Int

    package init(_ candidates: [FormatCandidate]) {
        var literals: [[UInt8]] = []
        var numbers: [[UInt8]: Int] = [:]
        for (number, candidate) in candidates.enumerated() {
            if let own = candidate.evidence { evidence.append((number, own)) }
        }
        self.candidates = candidates.count
        let all = candidates.map { $0.hints?.all ?? [LineHint()] } + evidence.map { $0.1.hints.all }
        for (number, hints) in all.enumerated() {
            for hint in hints {
                for literal in hint.literals ?? [] {
                    if let known = numbers[literal] {
                        owners[known].append(shapes.count)
                    } else {
                        numbers[literal] = literals.count
                        literals.append(literal)
                        owners.append([shapes.count])
                    }
                }
                shapes.append(Shape(candidate: number, hint: hint))
            }
        }
        index = LiteralIndex(literals)
    }

    /// By candidate that asks for evidence, the first line that is it; nil where none is.
    ///
    /// - Parameter possible: of `possibleLines`.
    func evidence(_ head: Span<UInt8>, _ lines: [Range<Int>], _ possible: [LineSet]) -> [Int: Int?] {
        var result: [Int: Int?] = [:]
        for (number, (candidate, own)) in evidence.enumerated() {
            result[candidate] = .some(own.firstLine(of: possible[candidates + number], lines, head))
        }
        return result
    }

    /// By candidate, the lines that it may read; the others it refuses for sure. Behind them those that may be evidence.
    func possibleLines(_ head: Span<UInt8>, _ lines: [Range<Int>]) -> [LineSet] {
        let withLiterals = linesWithLiterals(head, lines)
        // By the byte that lines begin with: there are few of them.
        var firsts: [(byte: UInt8, lines: LineSet)] = []
        for (number, line) in lines.enumerated() where !line.isEmpty {
            let byte = head[line.lowerBound]
            let place = firsts.firstIndex { $0.byte == byte } ?? firsts.count
            if place == firsts.count { firsts.append((byte, LineSet())) }
            firsts[place].lines.insert(number)
        }
        let all = LineSet(first: lines.count)
        let held = heldBytes(head, lines)
        var result = Array(repeating: LineSet(), count: candidates + evidence.count)
        for (number, shape) in shapes.enumerated() {
            var fitting = all
            if shape.hint.literals != nil { fitting = withLiterals[number] }
            if fitting.isEmpty { continue }
            if let bytes = shape.hint.firstBytes {
                var begun = LineSet()
                for first in firsts where bytes.contains(first.byte) { begun.formUnion(first.lines) }
                fitting = fitting.intersection(begun)
            }
            if let byte = shape.hint.heldByte { fitting = fitting.intersection(held[Int(byte)]) }
            if shape.hint.minimumLength > 1 {
                for line in fitting where lines[line].count < shape.hint.minimumLength { fitting.remove(line) }
            }
            result[shape.candidate].formUnion(fitting)
        }
        return result
    }

    private func linesWithLiterals(_ head: Span<UInt8>, _ lines: [Range<Int>]) -> [LineSet] {
        var found: ContiguousArray<LiteralIndex.Occurrence> = []
        index.search(head, into: &found)
        var result = Array(repeating: LineSet(), count: shapes.count)
        var line = 0
        for occurrence in found {
            let position = Int(occurrence.position)
            while line < lines.count, lines[line].upperBound <= position { line += 1 }
            guard line < lines.count else { break }
            guard lines[line].contains(position) else { continue }
            for shape in owners[Int(occurrence.literal)] { result[shape].insert(line) }
        }
        return result
    }

    /// By byte, the lines that hold it; of letters, in either case.
    private func heldBytes(_ head: Span<UInt8>, _ lines: [Range<Int>]) -> [LineSet] {
        var result = Array(repeating: LineSet(), count: 128)
        for (number, line) in lines.enumerated() {
            // Nearly every byte is in a line so long; a look would cost more than the search that it saves.
            var seen: (low: UInt64, high: UInt64) = (0, 0)
            if line.count > 2_000 {
                seen = (.max, .max)
            } else {
                for i in line {
                    let byte = head[unchecked: i]
                    if byte < 64 {
                        seen.low |= 1 << UInt64(byte)
                    } else if byte < 128 {
                        seen.high |= 1 << UInt64(byte & 63)
                    }
                }
                // Letters stand 32 apart in their two cases.
                let letters = (seen.high | seen.high >> 32) & 0x07FF_FFFE
                seen.high |= letters | letters << 32
            }
            while seen.low != 0 {
                result[seen.low.trailingZeroBitCount].insert(number)
                seen.low &= seen.low - 1
            }
            while seen.high != 0 {
                result[64 + seen.high.trailingZeroBitCount].insert(number)
                seen.high &= seen.high - 1
            }
        }
        return result
    }
}
