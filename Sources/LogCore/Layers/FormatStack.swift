/// The parsers of one file in the order in which a line is offered to them, and what is called what in `Record.parser`.
package struct FormatStack {
    package var parsers: ContiguousArray<any LineParser> {
        didSet {
            ways = ContiguousArray(parsers.map { JoiningWay($0) })
            belowInside = Self.belowInside(parsers)
        }
    }
    /// Of lines that begin with blanks those whose times stand there may begin an event.
    package var timeColumn: Int?
    /// By parser, how lines join its events.
    private(set) var ways: ContiguousArray<JoiningWay> = []
    /// By `Record.parser`, what reads more of a layered event out of the lines that joined it.
    private(set) var belowInside: [(number: UInt8, parser: any LineParser)] = []
    /// What reads lines of other kinds among the file's own.
    private(set) var strays = StrayLines()
    /// Who reads a JSON object that is printed over several lines, before it is read as JSON of nobody's.
    private(set) var documents: ContiguousArray<(parser: any LineParser, number: UInt8)> = []
    /// By `Record.parser`: the parsers' names, then those of the layers within them, such as `cri+json`.
    package private(set) var names: [String]

    /// As many as a mask of formats tells apart, less the generic one.
    package static let mostNames = 63

    package init(_ parsers: ContiguousArray<any LineParser> = []) {
        self.parsers = parsers
        names = parsers.map(\.name)
        ways = ContiguousArray(parsers.map { JoiningWay($0) })
        belowInside = Self.belowInside(parsers)
    }

    private static func belowInside(
        _ parsers: ContiguousArray<any LineParser>
    ) -> [(number: UInt8, parser: any LineParser)] {
        // Where there are too many names for all, the one inside has that of the format around it.
        parsers.flatMap { ($0 as? LayeredParser)?.belowReaders ?? [] }.filter { $0.number >= parsers.count }
    }

    /// Whether lines of some format may go on with one that isn't right before them.
    package var joinsAcrossLines: Bool { ways.contains { $0.watch == .message || $0.watch == .line } }

    /// The format whose rows are read by a header further up, if it is among these.
    package var headed: HeadedTableParser? { parsers.first as? HeadedTableParser }

    /// Whether some format's lines begin with blanks.
    var mayBeIndented: Bool { ways.contains { $0.mayBeIndented } }

    /// Lines that look so are read by `parser` where none of the file's formats reads them.
    package mutating func addStray(_ parser: any LineParser, _ look: StrayLines.Look) {
        guard !parsers.contains(where: { $0.name == parser.name }) else { return }
        let number = number(of: parser.name, other: EventJoiner.genericParser)
        if number != EventJoiner.genericParser { strays.add(parser, look, number: number) }
    }

    package mutating func addDocument(_ parser: any LineParser, number: UInt8) {
        documents.append((parser, number))
    }

    /// The number of a layered name; `other` where there are too many of them.
    package mutating func number(of name: String, other: UInt8) -> UInt8 {
        if let known = names.firstIndex(of: name) { return UInt8(known) }
        guard names.count < Self.mostNames else { return other }
        names.append(name)
        return UInt8(names.count - 1)
    }
}

/// How lines join a parser's events, looked up once a file.
struct JoiningWay {
    /// What is looked at in a line that the format reads, for it may go on with another.
    enum Watch: UInt8 {
        case nothing
        /// Its head: the line may say that it goes on with the event right before it.
        case head
        /// A message.
        case message
        /// A line as a program printed it.
        case line
    }

    let watch: Watch
    let joins: Bool
    let mayBeIndented: Bool
    let messageGoesOn: Bool
    let isLayered: Bool
    let readsBelow: Bool

    init(_ parser: any LineParser) {
        joins = parser.joinsFollowingLines
        mayBeIndented = parser.mayBeIndented
        messageGoesOn = parser.messageGoesOn
        isLayered = parser is LayeredParser
        readsBelow = parser.readsBelow
        watch =
            parser.inside == .line
            ? (parser is LayeredParser ? .line : .nothing)
            : parser.joinsMessages ? .message : parser.mayContinue ? .head : .nothing
    }
}
