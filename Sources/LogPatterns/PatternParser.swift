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
    /// Kept for `reader`, which holds its codes only.
    private var format: FormatPlans
    private let compiled: CompiledFormat
    private let path: String
    /// Lines to look at before the patterns are made fast: as many as the head of a file has.
    private var linesLeft = 256
    private let levels: [FormatLevel]
    private let units: [(field: String, unit: FieldUnit)]
    private let isXML: Bool
    private let compiledBelow: CompiledFormat
    package let readsBelow: Bool
    /// What stands behind the message in its line ends it, where the lines below are more than its text.
    package var messageGoesOn: Bool { !readsBelow }
    /// Reads what stands below heads; made for the first event of several lines. The plans are kept for it.
    private var below: BelowReader?
    /// All that a line changes, in one value: the runtime checks for exclusive access once a line.
    private var reader: WorkerState

    /// Lines given up at PCRE2's limits, and so refused without knowing whether they match.
    package var limitHits: Int { reader.limitHits }

    init(_ definition: FormatDefinition, _ plans: FormatPlans) {
        name = definition.id
        joinsFollowingLines = definition.joins
        inside = definition.inside
        joinsMessages = definition.joinsMessages
        mayContinue = plans.plans.contains { $0.groups.continues > 0 || $0.groups.completes > 0 }
        mayBeIndented = definition.mayBeIndented
        format = plans
        compiled = definition.compiled
        path = definition.path
        levels = definition.levels
        units = definition.units
        isXML = definition.isXML
        readsBelow = !definition.below.isEmpty
        compiledBelow = definition.compiledBelow
        reader = WorkerState(
            component: definition.component, units: definition.units, isXML: definition.isXML)
        reader.use(plans)
    }

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        if linesLeft > 0 { countLine() }
        return reader.parse(line, base, levels, &event)
    }

    package func mayRead(beginning head: Span<UInt8>) -> Bool { reader.mayRead(beginning: head) }
    package func goesOn(with head: Span<UInt8>, after start: Span<UInt8>) -> Bool {
        reader.goesOn(with: head, after: start)
    }

    package func readBelow(_ text: Span<UInt8>, at base: Int, into event: inout EventBuilder) {
        if below == nil, let plans = try? compiledBelow.plans(path, .full) { below = BelowReader(plans, units, isXML) }
        below?.read(text, base, levels, &event)
    }

    private func countLine() {
        linesLeft -= 1
        // What compiled once compiles again; if not, it goes on as it is.
        if linesLeft == 0, let full = try? compiled.plans(path, .full) {
            reader.use(full)
            format = full
        }
    }
}

/// A worker's part of a `PatternParser`. Nothing in its tables is counted by reference: a line copies some of it.
private struct WorkerState: ~Copyable {
    private struct Plan {
        var code: PatternCode
        var firstBytes: ByteSet?
        var groups: PatternPlan.Groups
        var endsAtMessage: Bool
        /// In `fields`.
        var firstField: Int
        var endOfFields: Int
    }

    private struct NamedGroup {
        var number: Int
        var key: Key
        var unit: FieldUnit?
    }

    private(set) var limitHits = 0
    private var matcher = Matcher()
    private var plans: ContiguousArray<Plan> = []
    private var merged: PatternCode?
    private var firstBytes: ByteSet?
    /// Of all plans, one after another; the keys belong to `table`.
    private var fields: ContiguousArray<NamedGroup> = []
    private var names: ContiguousArray<[UInt8]> = []
    private var table: KeyTable.Identity?
    private let component: [UInt8]
    private let units: [(field: String, unit: FieldUnit)]
    private let isXML: Bool

    init(component: [UInt8], units: [(field: String, unit: FieldUnit)], isXML: Bool) {
        self.component = component
        self.units = units
        self.isXML = isXML
    }

    /// Where the text stands that was captured.
    @inline(__always)
    private func text(_ line: Span<UInt8>, _ range: Range<Int>, _ base: Int, _ event: inout EventBuilder) -> ByteRange {
        isXML
            ? event.unescapedXML(line, range, at: base)
            : ByteRange(base &+ range.lowerBound, base &+ range.upperBound)
    }

    /// The plans must outlive their use.
    mutating func use(_ format: FormatPlans) {
        merged = format.merged?.code
        firstBytes = format.firstBytes
        plans.removeAll()
        fields.removeAll()
        names.removeAll()
        table = nil
        for plan in format.plans {
            let start = fields.count
            for field in plan.fields {
                let unit = units.first { $0.field == field.name }?.unit
                fields.append(NamedGroup(number: field.number, key: .overflow, unit: unit))
                names.append(Array(field.name.utf8))
            }
            plans.append(
                Plan(
                    code: plan.code, firstBytes: plan.firstBytes, groups: plan.groups,
                    endsAtMessage: plan.endsAtMessage, firstField: start, endOfFields: fields.count))
        }
    }

    /// How many patterns there are.
    var count: Int { plans.count }

    /// Takes from a line below an event's head what the event hasn't yet, and the message. False if the pattern doesn't match.
    mutating func complete(
        _ text: Span<UInt8>, _ base: Int, _ plan: Int, _ levels: [FormatLevel], _ event: inout EventBuilder
    ) -> Bool {
        if let bytes = plans[plan].firstBytes, !bytes.contains(text[unchecked: 0]) { return false }
        guard match(plans[plan].code, text) == .matched else { return false }
        if table !== event.keys.identity { intern(&event.keys) }
        let groups = plans[plan].groups
        if groups.time > 0, event.record.timeSource == .none, let range = matcher.capture(groups.time),
            let scanned = TimestampScanner.scan(text.extracting(unchecked: range), at: 0)
        {
            event.setTime(scanned)
        }
        if groups.level > 0, event.record.severity == .unspecified, let range = matcher.capture(groups.level) {
            event.record.severity = severity(text.extracting(unchecked: range), levels)
        }
        if groups.component > 0, event.record.component.isEmpty, let range = matcher.capture(groups.component) {
            event.record.component = self.text(text, range, base, &event)
        }
        if var range = message(plan, text) {
            while !range.isEmpty, text[range.lowerBound] <= 0x20 { range = (range.lowerBound + 1)..<range.upperBound }
            while !range.isEmpty, text[range.upperBound - 1] <= 0x20 {
                range = range.lowerBound..<(range.upperBound - 1)
            }
            if !range.isEmpty {
                event.record.message = self.text(text, range, base, &event)
                event.record.flags.remove(.gathered)
            }
        }
        addFields(text, base, plan, &event, onlyNew: true)
        return true
    }

    mutating func parse(
        _ line: Span<UInt8>, _ base: Int, _ levels: [FormatLevel], _ event: inout EventBuilder
    ) -> Bool {
        guard line.count > 0 else { return false }
        let first = line[unchecked: 0]
        if let firstBytes, !firstBytes.contains(first) { return false }
        var index = 0
        if let merged {
            switch match(merged, line) {
            case .noMatch: return false
            case .limit: break
            case .matched:
                index = matcher.mark
                if fill(line, base, index, levels, &event) { return true }
                index &+= 1
            }
        }
        while index < plans.count {
            defer { index &+= 1 }
            if let bytes = plans[index].firstBytes, !bytes.contains(first) { continue }
            switch match(plans[index].code, line) {
            case .noMatch: continue
            case .limit: limitHits &+= 1
            case .matched: if fill(line, base, index, levels, &event) { return true }
            }
        }
        return false
    }

    mutating func mayRead(beginning head: Span<UInt8>) -> Bool {
        guard head.count > 0 else { return true }
        if let firstBytes, !firstBytes.contains(head[unchecked: 0]) { return false }
        if let merged { return mayMatch(merged, head) }
        for plan in plans where mayMatch(plan.code, head) { return true }
        return false
    }

    mutating func goesOn(with head: Span<UInt8>, after start: Span<UInt8>) -> Bool {
        for plan in plans where mayMatch(plan.code, start) && !mayMatch(plan.code, head) { return false }
        return true
    }

    private mutating func mayMatch(_ code: PatternCode, _ beginning: Span<UInt8>) -> Bool {
        beginning.withUnsafeBufferPointer { matcher.mayMatch(code, beginning: $0) }
    }

    private mutating func match(_ code: PatternCode, _ line: Span<UInt8>) -> MatchResult {
        line.withUnsafeBufferPointer { matcher.match(code, $0, from: 0, anchored: false) }
    }

    private mutating func fill(
        _ line: Span<UInt8>, _ base: Int, _ plan: Int, _ levels: [FormatLevel], _ event: inout EventBuilder
    ) -> Bool {
        if table !== event.keys.identity { intern(&event.keys) }
        let groups = plans[plan].groups
        if groups.time > 0, let range = matcher.capture(groups.time) {
            // What looked like a header but holds no time is text of an event, not its start.
            let text = line.extracting(unchecked: range)
            guard var scanned = TimestampScanner.scan(text, at: 0) ?? TimestampScanner.clock(text) else { return false }
            if !scanned.hasZone, let zoned = TimestampScanner.zoned(scanned, by: line, at: range.upperBound) {
                // A zone that the pattern calls the component, or the message begins with, is none of its lines'.
                for group in [groups.component, groups.message] where group > 0 {
                    guard let part = matcher.capture(group), part.lowerBound >= range.upperBound else { continue }
                    if part.lowerBound < zoned.end { return false }
                }
                scanned = zoned
            }
            event.setTime(scanned)
        }
        if groups.level > 0, let range = matcher.capture(groups.level) {
            event.record.severity = severity(line.extracting(unchecked: range), levels)
        } else if let priority = SyslogPriority(line)?.severity, priority >= .warning {
            // A daemon's format seldom has a level of its own: the syslog head that it allows may say it. Devices that send all
            // of it as information are told by their words.
            event.record.severity = priority
        }
        if groups.component > 0, let range = matcher.capture(groups.component) {
            event.record.component = text(line, range, base, &event)
        } else if !component.isEmpty {
            event.record.component = event.decodedRange(of: component)
        }
        if let range = message(plan, line) { event.record.message = text(line, range, base, &event) }
        event.inner.continues = groups.continues > 0 && matcher.capture(groups.continues) != nil
        event.inner.completes = groups.completes > 0 && matcher.capture(groups.completes) != nil
        if groups.partial > 0, matcher.capture(groups.partial) != nil { event.inner.isPart = true }
        addFields(line, base, plan, &event, onlyNew: false)
        return true
    }

    /// Where the message stands.
    @inline(__always)
    private func message(_ plan: Int, _ line: Span<UInt8>) -> Range<Int>? {
        let group = plans[plan].groups.message
        guard group > 0, let range = matcher.capture(group) else { return nil }
        guard plans[plan].endsAtMessage else { return range }
        return range.lowerBound..<(line.firstIndex(of: 0x0A, from: range.lowerBound) ?? line.count)
    }

    @inline(__always)
    private func addFields(
        _ line: Span<UInt8>, _ base: Int, _ plan: Int, _ event: inout EventBuilder, onlyNew: Bool
    ) {
        for index in plans[plan].firstField..<plans[plan].endOfFields {
            let field = fields[index]
            if onlyNew, event.hasField(field.key) { continue }
            guard let range = matcher.capture(field.number) else { continue }
            // Nothing, and the dash that stands for it in access logs and syslog.
            guard range.count > 1 || (range.count == 1 && line[unchecked: range.lowerBound] != UInt8(ascii: "-"))
            else { continue }
            if let unit = field.unit, let value = event.scaled(line.extracting(unchecked: range), unit) {
                event.add(field.key, .number, value)
                continue
            }
            let kind: FieldKind = JSONNumber.matches(line.extracting(unchecked: range)) ? .number : .string
            event.add(field.key, kind, text(line, range, base, &event))
        }
    }

    private mutating func intern(_ table: inout KeyTable) {
        self.table = table.identity
        for index in fields.indices {
            let name = names[index]
            fields[index].key = table.intern(name.span)
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

/// Completes an event by the lines below its head: each is put to the patterns, and each pattern reads one line of an event.
/// A pattern sees all that follows its line, so that a message may go on over several.
private struct BelowReader: ~Copyable {
    /// Kept for `reader`, which holds its codes only.
    private let plans: FormatPlans
    private var reader: WorkerState
    /// By pattern, whether it has read its line.
    private var isDone: ContiguousArray<Bool>
    /// What describes an event stands in its first lines; a dump may follow.
    private static let mostLines = 256
    private static let mostBytes = 64 << 10

    init(_ plans: FormatPlans, _ units: [(field: String, unit: FieldUnit)], _ isXML: Bool) {
        self.plans = plans
        reader = WorkerState(component: [], units: units, isXML: isXML)
        reader.use(plans)
        isDone = ContiguousArray(repeating: false, count: reader.count)
    }

    mutating func read(
        _ text: Span<UInt8>, _ base: Int, _ levels: [FormatLevel], _ event: inout EventBuilder
    ) {
        for plan in isDone.indices { isDone[plan] = false }
        var left = isDone.count
        var lines = 0
        var start = 0
        while start < text.count, left > 0, lines < Self.mostLines {
            let rest = text.extracting(start..<min(text.count, start + Self.mostBytes))
            for plan in isDone.indices where !isDone[plan] {
                guard reader.complete(rest, base + start, plan, levels, &event) else { continue }
                isDone[plan] = true
                left -= 1
                break
            }
            guard let end = text.firstIndex(of: 0x0A, from: start) else { return }
            start = end + 1
            lines += 1
        }
    }
}
