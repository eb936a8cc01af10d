/// What decides whether a line that no format claims goes on with an event.
///
/// One a writer's event: where several write to one log, each one's lines are taken as if they stood in a file of their own.
struct Continuation {
    /// How freely lines join.
    enum Manner: UInt8 {
        /// Lines stand for themselves.
        case none
        /// Whatever isn't a header: the event's format says so.
        case all
        /// What looks like a continuation: no format knows the event.
        case shaped
        /// What can stand nowhere but in a trace: each line has a head, and was sent as a message of its own.
        case message
    }

    var manner = Manner.none
    /// The event has a time or a level of its own.
    var hasHead = false
    /// It may tell of trouble: no level says that it doesn't.
    var isTrouble = false
    /// It is data itself, and announces none.
    private var isData = false
    private(set) var block = Block()
    private var hasJoined = false

    init() {}

    @inline(__always)
    init(_ manner: Manner) { self.manner = manner }

    /// The event's own first line may open a block.
    mutating func begin(_ line: Span<UInt8>) {
        block = Block(opening: line)
        isData = line.count > 0 && (line[unchecked: 0] == UInt8(ascii: "{") || line[unchecked: 0] == UInt8(ascii: "<"))
        guard manner == .message else { return }
        if block.isData { block.close() }
        if block.kind == .none, KernelShape.opens(line) { block = Block(.kernel) }
        // The rest of a trace whose beginning is elsewhere goes on as the trace would.
        if block.kind == .none, LineShape.isJoint(line) { block = Block(.java) }
    }

    mutating func close() { block.close() }

    /// Whether a blank line with a head of its own belongs to the event.
    var joinsBlank: Bool { manner == .all || manner == .shaped || block.kind != .none }

    enum Answer {
        case no, yes
        /// Only because the event takes whatever isn't a header.
        case unlessHeaded
    }

    /// Whether `line` belongs to the event. `afterBlank`: blank lines stand between it and the line before.
    mutating func joins(_ line: Span<UInt8>, afterBlank: Bool = false) -> Answer {
        defer { hasJoined = true }
        switch block.next(line, afterBlank: afterBlank) {
        case .joins:
            return .yes
        case .last:
            block.close()
            return .yes
        case .ends:
            block.close()
        }
        switch manner {
        case .none:
            return .no
        case .all:
            if LineShape.isContinuation(line) {
                if BlockOpening.isTraceback(line) { block = Block(.python) }
                return .yes
            }
            return Block(opening: line).isCrash || LineShape.isPrompt(line) ? .no : .unlessHeaded
        case .shaped:
            if LineShape.isContinuation(line), !BlockOpening.isTraceback(line) { return .yes }
            return follows(line, afterBlank) ? .yes : .no
        case .message:
            if LineShape.isJoint(line), !BlockOpening.isTraceback(line) {
                block = Block(.java)
                return .yes
            }
            return follows(line, afterBlank) ? .yes : .no
        }
    }

    /// Whether a block begins that the event's line announced.
    private mutating func follows(_ line: Span<UInt8>, _ afterBlank: Bool) -> Bool {
        guard !hasJoined, !afterBlank, hasHead else { return false }
        let opened = Block(opening: line)
        switch opened.kind {
        case .json, .xml, .diff, .table, .statement:
            guard manner == .shaped, !isData else { return false }
        case .java, .python:
            guard isTrouble, manner == .shaped else { return false }
        default:
            return false
        }
        block = opened
        return true
    }
}
