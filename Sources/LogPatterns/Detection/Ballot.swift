import LogCore

/// What the candidates say of the lines of a head, as far as they were asked.
///
/// A candidate is asked about a few lines first, and about the rest only if it takes one of them: of two hundred formats
/// all but a handful refuse whatever they see.
struct Ballot: ~Copyable {
    /// Lines that a candidate is asked about before it is taken seriously.
    private static let sample = 32

    /// Lines that could begin an event.
    let lines: [Range<Int>]
    private(set) var accepted: [LineSet]
    private(set) var timed: [LineSet]
    private(set) var yearless: [LineSet]
    /// Lines of which the candidate knows more than their text: a time, a level, or two fields.
    private(set) var telling: [LineSet]
    private var asked: [LineSet]
    /// By candidate that asks for evidence, the first line that is it.
    let evidence: [Int: Int?]
    /// Candidates that read some lines, of which none is the evidence that they ask for.
    private(set) var withheld: [Int] = []
    private let possible: [LineSet]
    let all: LineSet

    init(_ head: Span<UInt8>, _ lines: [Range<Int>], _ index: CandidateIndex, candidates: Int) {
        self.lines = lines
        all = LineSet(first: lines.count)
        possible = index.possibleLines(head, lines)
        evidence = index.evidence(head, lines, possible)
        let none = Array(repeating: LineSet(), count: candidates)
        accepted = none
        timed = none
        yearless = none
        telling = none
        asked = none
    }

    /// Asks about some of the lines, and if it takes one of these about all.
    ///
    /// - Parameter isNamed: the user says that the lines are the candidate's.
    mutating func survey(
        _ candidate: Int, _ wanted: LineSet, _ head: Span<UInt8>, _ parser: (Int) -> any LineParser,
        _ event: inout EventBuilder, isNamed: Bool = false
    ) {
        let open = possible[candidate].subtracting(asked[candidate])
        if open.isEmpty { return }
        let sampled = open.intersection(wanted).spread(Self.sample)
        if sampled.isEmpty { return }
        let reader = parser(candidate)
        ask(candidate, sampled, head, reader, &event)
        if !isNamed, let line = evidence[candidate], line == nil {
            if !accepted[candidate].isEmpty, !withheld.contains(candidate) { withheld.append(candidate) }
            accepted[candidate] = LineSet()
            return
        }
        if !accepted[candidate].isEmpty { ask(candidate, open.subtracting(sampled), head, reader, &event) }
    }

    private mutating func ask(
        _ candidate: Int, _ wanted: LineSet, _ head: Span<UInt8>, _ parser: any LineParser,
        _ event: inout EventBuilder
    ) {
        asked[candidate].formUnion(wanted)
        for line in wanted {
            event.begin()
            guard parser.parse(head.extracting(lines[line]), at: lines[line].lowerBound, into: &event) else { continue }
            accepted[candidate].insert(line)
            let source = event.record.timeSource
            if source != .none { timed[candidate].insert(line) }
            if source == .yearInferred { yearless[candidate].insert(line) }
            if source != .none || event.record.severity != .unspecified || event.record.fieldCount > 1 {
                telling[candidate].insert(line)
            }
        }
        event.begin()
        event.decoded.removeAll(keepingCapacity: true)
    }
}
