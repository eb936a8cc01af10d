package import LogCore
import Synchronization

/// A log format as data: patterns with named groups, tried in order at the start of a line, or what a dialect of JSON calls
/// things.
package struct FormatDefinition: Sendable {
    package var id: String
    package var title: String
    package var patterns: [FormatPattern]
    /// Of a dialect of JSON, which has no patterns.
    package var shape: JSONShape?
    /// Where the events of documents that hold many of them stand.
    package var records: [JSONRecordPath] = []
    /// The component of lines that name none; empty: they have none.
    package var component: [UInt8] = []
    /// What fields are counted in, where that isn't the unit of their name.
    package var units: [(field: String, unit: FieldUnit)] = []
    /// Its lines are XML: what is captured is read as such text.
    package var isXML = false
    /// What the lines that join an event say of it; see `BelowReader`.
    package var below: [FormatPattern] = [] {
        didSet { compiledBelow = CompiledFormat(below, needsMessage: false) }
    }
    private(set) var compiledBelow = CompiledFormat([], needsMessage: false)
    /// Words for levels besides those that everyone uses.
    package var levels: [FormatLevel]
    /// Lines that no pattern matches belong to the event before them.
    package var joins: Bool
    /// Each line of a trace has a head: what goes on with a message joins the event of the same writer.
    package var joinsMessages: Bool
    /// 0 to 100: which of two formats that understand a file equally well is taken.
    package var priority: Int
    package var samples: [FormatSample]
    package var path: String
    /// Whether its messages may be lines of other formats.
    package var inside: Inside
    /// What a file must hold for its lines to be of this format; nil: that they match is enough.
    package var evidence: FormatEvidence?
    /// The compiled patterns, shared by all parsers of the format.
    let compiled: CompiledFormat
    /// What a line must be for it.
    package let hints: LineHints

    init(
        id: String, title: String, patterns: [FormatPattern], levels: [FormatLevel], joins: Bool, priority: Int,
        inside: Inside = .nothing, joinsMessages: Bool = false, samples: [FormatSample], path: String
    ) {
        self.id = id
        self.title = title
        self.patterns = patterns
        self.levels = levels
        self.joins = joins
        self.joinsMessages = joinsMessages || inside == .message
        self.priority = priority
        self.samples = samples
        self.path = path
        self.inside = inside
        compiled = CompiledFormat(patterns)
        hints = LineHints(patterns.map(\.grok.expanded), isAnchored: true)
    }

    /// A dialect of JSON.
    init(
        id: String, title: String, _ shape: JSONShape, hint: LineHint, priority: Int, inside: Inside,
        samples: [FormatSample], path: String
    ) {
        self.id = id
        self.title = title
        self.shape = shape
        self.priority = priority
        self.samples = samples
        self.path = path
        self.inside = inside
        patterns = []
        levels = []
        joins = false
        joinsMessages = inside == .message
        compiled = CompiledFormat([])
        hints = LineHints([hint])
    }

    /// A pattern says that its lines begin with blanks.
    package var mayBeIndented: Bool {
        patterns.contains { pattern in
            var text = pattern.grok.expanded.utf8[...]
            if text.first == UInt8(ascii: "^") { text.removeFirst() }
            return Self.blanks.contains { text.starts(with: $0) }
        }
    }
    private static let blanks = [" ", "\\s", "\\h", "\\t", "[ ", "(?: "].map { Array($0.utf8) }

    /// A parser for one worker; throws the first defect of a pattern.
    package func makeParser() throws(Diagnostic) -> any LineParser {
        if let shape { return JSONLineParser(name: id, inside: inside, shape) }
        return PatternParser(self, try compiled.plans(path, .first))
    }
}

package struct FormatPattern: Sendable {
    /// As in the file, `%{…}` included.
    package var text: String
    package var grok: GrokPattern
    package var source: PatternSource

    /// Groups that are no fields.
    static let roles: Set<String> = ["time", "level", "component", "message", "partial", "continues", "completes"]

    /// The names of a pattern's groups, as far as its text shows them: a defect of it is told when it is compiled.
    static func groupNames(_ pattern: String) -> [String] {
        pattern.split(separator: "(?").dropFirst().compactMap { part in
            var part = part
            if part.first == "P" { part.removeFirst() }
            guard part.first == "<", let end = part.firstIndex(of: ">") else { return nil }
            let name = part[part.index(after: part.startIndex)..<end]
            return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } ? String(name) : nil
        }
    }

    func diagnostic(_ message: String, expandedOffset: Int, path: String, help: String) -> Diagnostic {
        source.diagnostic(
            message, pattern: text, offset: grok.sourceOffset(expandedOffset), path: path, help: help)
    }
}

package struct FormatLevel: Equatable, Sendable {
    /// The bytes of the level group, as written.
    package var word: [UInt8]
    package var severity: Severity
}

/// A line with what the format must read from it.
package struct FormatSample: Equatable, Sendable {
    package var line: String
    /// False: a line that the format must refuse.
    package var matches: Bool
    /// `level`, `component`, `message`, `time`: as `parse` writes them.
    package var expected: [NamedText]
    /// An empty text or `-`: the field must be absent.
    package var fields: [NamedText]
    /// Whether the line is evidence of the format; nil: the sample doesn't say.
    package var isEvidence: Bool?
    package var position: SourcePosition
}

/// One pattern of a format, compiled, with what its groups mean.
struct PatternPlan: Sendable {
    /// Kept for `code`, which doesn't hold it.
    let pattern: Pattern
    let code: PatternCode
    /// Bytes that a line can begin with to match; nil where any can.
    let firstBytes: ByteSet?
    var groups = Groups()
    /// The pattern ends where its message begins, which is the rest of the line.
    let endsAtMessage: Bool
    /// Each further named group: its number and its name.
    private(set) var fields: [(number: Int, name: String)] = []

    /// Numbers of groups; 0: the pattern has no such group.
    struct Groups: Sendable {
        var time = 0
        var level = 0
        var component = 0
        var message = 0
        /// Takes part where the line goes on in the next one.
        var partial = 0
        /// Takes part where the line goes on with the event before it.
        var continues = 0
        /// Takes part where the line goes on with a first line that says nothing itself.
        var completes = 0
    }

    init(_ pattern: Pattern, endsAtMessage: Bool = false) {
        self.pattern = pattern
        self.endsAtMessage = endsAtMessage
        code = pattern.code
        firstBytes = pattern.firstBytes
        for name in pattern.captureNames {
            switch name.name {
            case "time": groups.time = name.number
            case "level": groups.level = name.number
            case "component": groups.component = name.number
            case "message": groups.message = name.number
            case "partial": groups.partial = name.number
            case "continues": groups.continues = name.number
            case "completes": groups.completes = name.number
            default:
                fields.append((name.number, name.name))
            }
        }
    }
}

/// All patterns of a format, compiled.
struct FormatPlans: Sendable {
    let plans: [PatternPlan]
    /// All of them in one, where that can be; its mark is a pattern's index.
    let merged: Pattern?
    /// Bytes that a line of the format can begin with; nil where any can.
    let firstBytes: ByteSet?

    init(_ plans: [PatternPlan], _ effort: PatternEffort) {
        self.plans = plans
        // A defect of the merged pattern (it may be too large) costs speed, nothing else.
        merged =
            effort == .first
            ? nil
            : PatternMerge.merged(plans.map(\.pattern.source)).flatMap { try? Pattern($0, options: .anchored) }
        let sets = plans.compactMap(\.firstBytes)
        firstBytes = sets.count == plans.count ? ByteSet { byte in sets.contains { $0.contains(byte) } } : nil
    }
}

/// What is done to make a format's patterns fast.
enum PatternEffort {
    /// For the head of a file, of which most formats read nothing: PCRE2's interpreter.
    case first
    /// For all further lines: the JIT, and one pattern for all. That takes ten times as long to compile.
    case full
}

/// Patterns of a format, compiled when the first parser asks for them.
final class CompiledFormat: Sendable {
    private let patterns: [FormatPattern]
    private let needsMessage: Bool
    private let state = Mutex<(first: FormatPlans?, full: FormatPlans?)>((nil, nil))

    init(_ patterns: [FormatPattern], needsMessage: Bool = true) {
        self.patterns = patterns
        self.needsMessage = needsMessage
    }

    func plans(_ path: String, _ effort: PatternEffort) throws(Diagnostic) -> FormatPlans {
        let result: Result<FormatPlans, Diagnostic> = state.withLock { state in
            if let known = state.full ?? (effort == .first ? state.first : nil) { return .success(known) }
            do throws(Diagnostic) {
                var plans: [PatternPlan] = []
                for pattern in patterns {
                    plans.append(try Self.plan(pattern, path, effort, needsMessage: needsMessage))
                }
                let all = FormatPlans(plans, effort)
                if effort == .first { state.first = all } else { state.full = all }
                return .success(all)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    static func plan(
        _ pattern: FormatPattern, _ path: String, _ effort: PatternEffort = .full, needsMessage: Bool = true
    ) throws(Diagnostic) -> PatternPlan {
        // A header stands at the start of its line; searching for one would cost the square of the line's length.
        let options: Pattern.Options = effort == .first ? [.anchored, .interpreted] : .anchored
        let head = upToMessage(pattern.grok.expanded).flatMap { try? Pattern($0, options: options) }
        let compiled: Pattern
        do {
            if let head { compiled = head } else { compiled = try Pattern(pattern.grok.expanded, options: options) }
        } catch {
            throw pattern.diagnostic(
                "the pattern doesn't compile: \(error.message)", expandedOffset: error.offset, path: path,
                help: error.help)
        }
        let plan = PatternPlan(compiled, endsAtMessage: head != nil)
        if needsMessage, plan.groups.message == 0 {
            throw pattern.diagnostic(
                "the pattern has no group named 'message'", expandedOffset: 0, path: path,
                help: "end it with (?<message>.*)")
        }
        return plan
    }

    /// A pattern that ends with `(?<message>.*)`, without its `.*`: PCRE2 goes through these bytes one by one, and they are most
    /// of the line. Nil for others, and where `.` may be something else than any byte but a line's end.
    static func upToMessage(_ pattern: String) -> String? {
        let end = "(?<message>.*)"
        guard pattern.utf8.count >= end.utf8.count, pattern.utf8.suffix(end.utf8.count).elementsEqual(end.utf8),
            !Pattern.needsUTF(pattern)
        else { return nil }
        let head = pattern.utf8.dropLast(end.utf8.count)
        guard head.last != UInt8(ascii: "\\"), !setsFlags(Array(head).span) else { return nil }
        return String(decoding: head, as: UTF8.self) + "(?<message>)"
    }

    /// `(?s)` and its like, whatever they set.
    private static func setsFlags(_ pattern: Span<UInt8>) -> Bool {
        var at = 2
        while at < pattern.count {
            if pattern[at - 2] == UInt8(ascii: "("), pattern[at - 1] == UInt8(ascii: "?") {
                let byte = pattern[at]
                if (byte | 0x20) &- 0x61 < 26 && byte != UInt8(ascii: "P") || byte == UInt8(ascii: "^") { return true }
            }
            at += 1
        }
        return false
    }
}
