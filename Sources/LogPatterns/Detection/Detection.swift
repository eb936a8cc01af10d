package import LogCore

/// A format that may be tried on a file.
package struct FormatCandidate: Sendable {
    package var name: String
    package var title: String
    /// Decides between formats that explain equally many lines; 0 to 100. Below 0: asked only for the lines
    /// that no other format wants.
    package var priority: Int
    /// What a line must be for it; nil where only the parser can tell.
    package var hints: LineHints?
    /// Its lines may begin with blanks.
    package var mayBeIndented: Bool
    /// A dialect of JSON: its signature tells its lines from all others.
    package var isDialect: Bool
    /// What a file must hold for its lines to be of this format.
    package var evidence: FormatEvidence?
    /// One parser a worker.
    package var make: @Sendable () -> any LineParser

    package init(
        name: String, title: String, priority: Int, hints: LineHints? = nil, mayBeIndented: Bool = false,
        isDialect: Bool = false, evidence: FormatEvidence? = nil, make: @escaping @Sendable () -> any LineParser
    ) {
        self.name = name
        self.title = title
        self.priority = priority
        self.hints = hints
        self.mayBeIndented = mayBeIndented
        self.isDialect = isDialect
        self.evidence = evidence
        self.make = make
    }
}

/// One of a file's formats, and what is known of the lines inside its messages.
package struct FormatLayer: Equatable, Sendable {
    /// Index into the candidates.
    package var format: Int
    /// By who wrote the messages; the last entry is for all others. Empty: the messages are text.
    package var inside: [InnerFormats] = []
    /// Of a table, the line that names its columns.
    package var header: TableHeader?
    /// No line was its own so far; one further down may be.
    package var isWaiting: Bool
    /// It reads no lines, but JSON objects that are printed over several.
    package var isOfDocuments = false
    /// The column of its lines' times, where blanks fill up what is in front of these.
    package var timeColumn: Int?

    package init(
        format: Int, inside: [InnerFormats] = [], header: TableHeader? = nil, isWaiting: Bool = false
    ) {
        self.format = format
        self.inside = inside
        self.header = header
        self.isWaiting = isWaiting
    }
}

/// The formats of one writer's lines.
package struct InnerFormats: Equatable, Sendable {
    /// `Writer.hash`; nil for all that have no entry of their own.
    package var writer: UInt64?
    /// What to call the writer when speaking of it.
    package var label = ""
    package var layers: [FormatLayer]
}

/// What the first lines of a file say about its format.
package struct Detection: Equatable, Sendable {
    /// How one format did.
    package struct Vote: Equatable, Sendable {
        package var format: Int
        /// Lines that it accepts, and those among them with a time.
        package var accepted: Int
        package var timed: Int
        /// Lines that it accepts and none of the formats chosen does.
        package var alone = 0
        /// Of a format that asks for evidence.
        package var evidence: Evidence?
    }
    /// What shows that lines which many programs write are this format's.
    package enum Evidence: Equatable, Sendable {
        /// The number of the first line of the head that does, from 1.
        case line(Int)
        /// No line does: the format doesn't count.
        case missing
    }
    /// Why a format was chosen.
    package enum Reason: Equatable, Sendable {
        /// It accepts most lines, or as good as most and has the highest priority.
        case most
        /// It accepts most of the lines that those before it leave.
        case rest
        /// It counts for so much more than the main format that it reads its lines before it.
        case special
        /// It reads all that the main one does, and leaves the message to others.
        case base
        /// The first line names the columns of a table.
        case table
        /// A line like `#Fields:` names the columns of the rows below it.
        case headed
        /// What no format knows has a time.
        case fallback
        /// The user named it.
        case forced
    }
    /// Formats to offer lines to, the main one first. Empty: none fits.
    package var layers: [FormatLayer] = []
    /// Share of the lines looked at that these formats accept or join, 0 to 1.
    package var confidence: Double = 0
    /// Lines looked at: not blank, complete.
    package var lines = 0
    /// Of these, the ones that could begin an event: candidates vote on them.
    package var starts = 0
    /// By format.
    package var reasons: [Int: Reason] = [:]
    /// All that accepted at least one line, the best first.
    package var votes: [Vote] = []
    /// Some line has a time of its own: the file can be cut at such lines.
    package var isTimed = false
    /// Some time has no year.
    package var isYearless = false
    /// The user named the formats.
    package var isForced = false

    package init() {}

    /// As indices into the candidates.
    package var formats: [Int] { layers.map(\.format) }

    /// The names of the formats and of what is inside them: `cri+json`.
    package func names(_ candidates: [FormatCandidate]) -> [String] {
        var result: [String] = []
        for layer in layers where !layer.isWaiting {
            for name in layer.names(candidates) where !result.contains(name) { result.append(name) }
        }
        return result
    }
}

extension FormatLayer {
    /// The layer's own name only where nothing is known inside.
    func names(_ candidates: [FormatCandidate]) -> [String] {
        let inner = inside.flatMap { $0.layers.flatMap { $0.names(candidates) } }
        let own = candidates[format].name
        return inner.isEmpty ? [own] : inner.map { "\(own)+\($0)" }
    }
}
