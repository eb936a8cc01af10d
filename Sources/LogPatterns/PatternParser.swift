package import LogCore

/// Reads lines of a format that is given as patterns.
///
/// One a worker. Keys of fields are interned once per `EventBuilder`, not once per line.
package final class PatternParser: LineParser {
    package let name: String
    package let joinsFollowingLines: Bool
    package let inside: Inside
    package let joinsMessages: Bool
    package let mayContinue: Bool
    package let mayBeIndented: Bool
    private var format: FormatPlans
    private let compiled: CompiledFormat
    private let path: String
    /// Lines to look at before the patterns are made fast: as many as the head of a file has.
    private var linesLeft = 256
    private let levels: [FormatLevel]
    /// All that a line changes, in one value: the runtime checks for exclusive access once a line.
    private var reader: WorkerState

    /// Lines given up at PCRE2's limits, and so refused without knowing whether they match.
    package var limitHits: Int { reader.limitHits }

    init(_ definition: FormatDefinition, _ plans: FormatPlans) {
        name = definition.id
        joinsFollowingLines = definition.joins
        inside = definition.inside
        joinsMessages = definition.joinsMessages
        mayContinue = plans.plans.contains { $0.groups.continues > 0 }
        mayBeIndented = definition.mayBeIndented
        format = plans
        compiled = definition.compiled
        path = definition.path
        levels = definition.levels
        reader = WorkerState()
    }

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        if linesLeft > 0 { countLine() }
        return reader.parse(line, base, format, levels, &event)
    }

    private func countLine() {
        linesLeft -= 1
        // What compiled once compiles again; if not, it goes on as it is.
        if linesLeft == 0, let full = try? compiled.plans(path, .full) { format = full }
    }
}

/// A worker's part of a `PatternParser`.
private struct WorkerState: ~Copyable {
    private(set) var limitHits = 0
    private var matcher = Matcher()
    /// Keys of all plans' fields, one plan after another, and the table that they belong to.
    private var keys: [Key] = []
    private var table: KeyTable.Identity?

    mutating func parse(
        _ line: Span<UInt8>, _ base: Int, _ format: FormatPlans, _ levels: [FormatLevel], _ event: inout EventBuilder
    ) -> Bool {
        guard line.count > 0 else { return false }
        let first = line[unchecked: 0]
        if let bytes = format.firstBytes, !bytes.contains(first) { return false }
        let plans = format.plans.span
        var index = 0
        if let merged = format.merged?.code {
            switch match(merged, line) {
            case .noMatch: return false
            case .limit: break
            case .matched:
                index = matcher.mark
                if table !== event.keys.identity { intern(format.plans, &event.keys) }
                if fill(line, base, plans[index].groups, levels, &event) { return true }
                index &+= 1
            }
        }
        while index < plans.count {
            defer { index &+= 1 }
            if let bytes = plans[unchecked: index].firstBytes, !bytes.contains(first) { continue }
            switch match(plans[unchecked: index].code, line) {
            case .noMatch: continue
            case .limit: limitHits &+= 1
            case .matched:
                if table !== event.keys.identity { intern(format.plans, &event.keys) }
                if fill(line, base, plans[unchecked: index].groups, levels, &event) { return true }
            }
        }
        return false
    }

    private mutating func match(_ code: PatternCode, _ line: Span<UInt8>) -> MatchResult {
        line.withUnsafeBufferPointer { matcher.match(code, $0, from: 0, anchored: false) }
    }

    private func fill(
        _ line: Span<UInt8>, _ base: Int, _ groups: PatternPlan.Groups, _ levels: [FormatLevel],
        _ event: inout EventBuilder
    ) -> Bool {
        if groups.time > 0, let range = matcher.capture(groups.time) {
            // What looked like a header but holds no time is text of an event, not its start.
            guard let scanned = TimestampScanner.scan(line.extracting(unchecked: range), at: 0) else { return false }
            event.setTime(scanned)
        }
        if groups.level > 0, let range = matcher.capture(groups.level) {
            event.record.severity = severity(line.extracting(unchecked: range), levels)
        }
        if groups.component > 0, let range = matcher.capture(groups.component) {
            event.record.component = ByteRange(base &+ range.lowerBound, base &+ range.upperBound)
        }
        if let range = matcher.capture(groups.message) {
            event.record.message = ByteRange(base &+ range.lowerBound, base &+ range.upperBound)
        }
        event.inner.continues = groups.continues > 0 && matcher.capture(groups.continues) != nil
        if groups.partial > 0, matcher.capture(groups.partial) != nil { event.inner.isPart = true }
        for field in 0..<groups.fields.count {
            guard let range = matcher.capture(groups.fields[field]) else { continue }
            // Nothing, and the dash that stands for it in access logs and syslog.
            guard range.count > 1 || (range.count == 1 && line[unchecked: range.lowerBound] != UInt8(ascii: "-"))
            else { continue }
            let kind: FieldKind = JSONNumber.matches(line.extracting(unchecked: range)) ? .number : .string
            event.add(
                keys[groups.firstField &+ field], kind,
                ByteRange(base &+ range.lowerBound, base &+ range.upperBound))
        }
        return true
    }

    private mutating func intern(_ plans: [PatternPlan], _ table: inout KeyTable) {
        self.table = table.identity
        keys.removeAll(keepingCapacity: true)
        for index in plans.indices {
            for name in plans[index].fieldNames { keys.append(table.intern(Array(name.utf8).span)) }
        }
    }

    private func severity(_ word: Span<UInt8>, _ levels: [FormatLevel]) -> Severity {
        let span = levels.span
        for index in span.indices where span[unchecked: index].word.count == word.count {
            let same = span[unchecked: index].word.span
            var at = 0
            while at < word.count, same[unchecked: at] == word[unchecked: at] { at &+= 1 }
            if at == word.count { return span[unchecked: index].severity }
        }
        return Severity(word: word) ?? .unspecified
    }
}
