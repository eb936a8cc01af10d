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
        reader = WorkerState(component: definition.component, units: definition.units)
        reader.use(plans)
    }

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        if linesLeft > 0 { countLine() }
        return reader.parse(line, base, levels, &event)
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

    init(component: [UInt8], units: [(field: String, unit: FieldUnit)]) {
        self.component = component
        self.units = units
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
                    code: plan.code, firstBytes: plan.firstBytes, groups: plan.groups, firstField: start,
                    endOfFields: fields.count))
        }
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
            guard var scanned = TimestampScanner.scan(line.extracting(unchecked: range), at: 0) else { return false }
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
        }
        if groups.component > 0, let range = matcher.capture(groups.component) {
            event.record.component = ByteRange(base &+ range.lowerBound, base &+ range.upperBound)
        } else if !component.isEmpty {
            event.record.component = event.decodedRange(of: component)
        }
        if let range = matcher.capture(groups.message) {
            event.record.message = ByteRange(base &+ range.lowerBound, base &+ range.upperBound)
        }
        event.inner.continues = groups.continues > 0 && matcher.capture(groups.continues) != nil
        if groups.partial > 0, matcher.capture(groups.partial) != nil { event.inner.isPart = true }
        for index in plans[plan].firstField..<plans[plan].endOfFields {
            let field = fields[index]
            guard let range = matcher.capture(field.number) else { continue }
            // Nothing, and the dash that stands for it in access logs and syslog.
            guard range.count > 1 || (range.count == 1 && line[unchecked: range.lowerBound] != UInt8(ascii: "-"))
            else { continue }
            if let unit = field.unit, let value = event.scaled(line.extracting(unchecked: range), unit) {
                event.add(field.key, .number, value)
                continue
            }
            let kind: FieldKind = JSONNumber.matches(line.extracting(unchecked: range)) ? .number : .string
            event.add(field.key, kind, ByteRange(base &+ range.lowerBound, base &+ range.upperBound))
        }
        return true
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
