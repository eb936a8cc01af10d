/// Reads a format's lines and, in their messages, the lines of others: the head of a container's runtime and the JSON
/// behind it, a syslog header and what the program logged.
///
/// What the inner line says counts: its message, its level and component where it has them, its fields. The outer one
/// fills in what it leaves open; its component, displaced by another one, becomes the field `program`. Of the two times
/// the one counts that says more: date, year and zone before date and year, these before a date without a year. Of equals
/// the inner one.
package final class LayeredParser: LineParser {
    /// One of the formats inside.
    package struct Inner {
        var parser: any LineParser
        /// What `Record.parser` is for its lines.
        var number: UInt8
        let mayContinue: Bool

        package init(_ parser: any LineParser, number: UInt8) {
            self.parser = parser
            self.number = number
            mayContinue = parser.mayContinue
        }
    }

    /// What a writer's lines are offered to.
    package struct Group {
        /// See `Writer.hash`; nil for those not met when the formats were found.
        var writer: UInt64?
        var inner: ContiguousArray<Inner>

        package init(writer: UInt64?, _ inner: ContiguousArray<Inner>) {
            self.writer = writer
            self.inner = inner
        }
    }

    private let outer: any LineParser
    private let groups: ContiguousArray<Group>
    private let isByWriter: Bool
    private let holdsLines: Bool
    /// What takes what the others leave; nil where text need not be anybody's line.
    private let generic: Inner?
    /// What reads lines of other kinds among those of the formats inside.
    private let strays: ContiguousArray<(look: StrayLines.Look, inner: Inner)>
    /// For text that has to be copied. Unchecked: touched in one place a line, and the check is a call into the runtime.
    @exclusivity(unchecked) private var room: ContiguousArray<UInt8> = []

    package var name: String { outer.name }
    package var joinsFollowingLines: Bool { outer.joinsFollowingLines }
    package var inside: Inside { outer.inside }
    package var joinsMessages: Bool { outer.joinsMessages }
    package var mayBeIndented: Bool { outer.mayBeIndented }
    package var readsBelow: Bool { outer.readsBelow }
    package let insideJoinsLines: Bool
    package let mayContinue: Bool

    /// - Parameter generic: the number for lines that only the generic format understands.
    package init(
        _ outer: any LineParser, _ groups: ContiguousArray<Group>, generic: UInt8?,
        strays: ContiguousArray<(look: StrayLines.Look, inner: Inner)> = []
    ) {
        self.strays = strays
        self.outer = outer
        holdsLines = outer.inside == .line
        self.groups = groups
        isByWriter = groups.contains { $0.writer != nil }
        insideJoinsLines = groups.contains { $0.inner.contains { $0.parser.joinsFollowingLines } }
        mayContinue = outer.mayContinue || groups.contains { $0.inner.contains { $0.mayContinue } }
        self.generic = generic.map { Inner(GenericParser(), number: $0) }
    }

    package func parse(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        event.inner = InnerLine()
        guard outer.parse(line, at: base, into: &event) else { return false }
        if holdsLines { event.stripEscapedColours(line, base) }
        let message = event.record.message
        event.inner.text = message
        // What has no message of its own has nothing inside.
        guard !message.isEmpty, message.count < line.count || message.lower != base, !event.inner.isPart,
            let group = group(line, base, &event)
        else { return true }
        if message.upper <= event.rawCount {
            // A parser says what it likes; what isn't in the line is nobody's line.
            guard message.lower >= base, message.upper <= base &+ line.count else { return true }
            read(line.extracting((message.lower &- base)..<(message.upper &- base)), at: message.lower, group, &event)
        } else {
            // Decoded text moves as more is decoded.
            let start = message.lower &- event.rawCount
            guard start >= 0, start &+ message.count <= event.decoded.count else { return true }
            var text: ContiguousArray<UInt8> = []
            swap(&text, &room)
            text.removeAll(keepingCapacity: true)
            text.append(contentsOf: event.decoded.span.extracting(start..<start &+ message.count))
            read(text.span, at: message.lower, group, &event)
            swap(&text, &room)
        }
        return true
    }

    package func mayRead(beginning head: Span<UInt8>) -> Bool { outer.mayRead(beginning: head) }
    package func goesOn(with head: Span<UInt8>, after start: Span<UInt8>) -> Bool {
        outer.goesOn(with: head, after: start)
    }

    package func parseOuter(_ line: Span<UInt8>, at base: Int, into event: inout EventBuilder) -> Bool {
        event.inner = InnerLine()
        guard outer.parse(line, at: base, into: &event) else { return false }
        if holdsLines { event.stripEscapedColours(line, base) }
        event.inner.text = event.record.message
        return true
    }

    package func readBelow(_ text: Span<UInt8>, at base: Int, into event: inout EventBuilder) {
        outer.readBelow(text, at: base, into: &event)
    }

    package func parseInside(
        _ text: Span<UInt8>, at base: Int, writer: UInt64, into event: inout EventBuilder
    ) {
        event.record.message = ByteRange(base, base &+ text.count)
        event.inner = InnerLine(text: event.record.message)
        if let group = groups.isEmpty || !isByWriter ? 0 : group(writer) { read(text, at: base, group, &event) }
    }

    /// The formats inside whose events the lines that join say more of, by what `Record.parser` is for them.
    var belowReaders: [(number: UInt8, parser: any LineParser)] {
        var found: [(number: UInt8, parser: any LineParser)] = []
        for inner in groups.flatMap(\.inner) {
            if let layered = inner.parser as? LayeredParser { found += layered.belowReaders }
            if inner.parser.readsBelow { found.append((inner.number, inner.parser)) }
        }
        return found
    }

    private func group(_ line: Span<UInt8>, _ base: Int, _ event: inout EventBuilder) -> Int? {
        if groups.isEmpty { return generic == nil ? nil : 0 }
        return isByWriter ? group(Writer.hash(line, base, &event)) : 0
    }

    private func group(_ writer: UInt64) -> Int? {
        var index = 0
        while index < groups.count {
            if groups[index].writer == writer || groups[index].writer == nil { return index }
            index &+= 1
        }
        return nil
    }

    private func read(_ text: Span<UInt8>, at base: Int, _ group: Int, _ event: inout EventBuilder) {
        let outer = event.record
        let fields = event.fields.count
        let count = groups.isEmpty ? 0 : groups[group].inner.count
        var index = 0
        while index < count {
            if take(groups[group].inner[index], text, base, fields, outer, &event) { return }
            index &+= 1
        }
        if !strays.isEmpty, let look = StrayLines.look(of: text) {
            for stray in strays where stray.look == look {
                if take(stray.inner, text, base, fields, outer, &event, isKnown: false) { return }
            }
        }
        if let generic, take(generic, text, base, fields, outer, &event, isKnown: false, isGeneric: true) { return }
        event.record = outer
        event.layer = 0
    }

    @inline(__always)
    private func take(
        _ inner: Inner, _ text: Span<UInt8>, _ base: Int, _ fields: Int, _ outer: Record,
        _ event: inout EventBuilder, isKnown: Bool = true, isGeneric: Bool = false
    ) -> Bool {
        event.layer = 0
        event.record = Record()
        event.record.firstField = UInt32(truncatingIfNeeded: fields)
        let inside = event.inner
        let isTaken = inner.parser.parse(text, at: base, into: &event)
        // The generic format takes any text; it understands one that has a level, a time or a name where logs have them. A stray
        // line without a level and a time is data.
        if isTaken,
            isKnown || event.record.severity != .unspecified || event.record.timeSource != .none
                || isGeneric && outer.component.isEmpty && !event.record.component.isEmpty
        {
            Layers.merge(outer, &event)
            if event.layer == 0 { event.layer = inner.number }
            let read = event.inner
            event.inner = inside
            if inner.mayContinue { (event.inner.continues, event.inner.completes) = (read.continues, read.completes) }
            event.inner.reader = isGeneric ? .generic : .format
            event.inner.joinsFollowingLines = inner.parser.joinsFollowingLines
            return true
        }
        event.inner = inside
        if event.fields.count > fields { event.fields.removeLast(event.fields.count &- fields) }
        return false
    }
}

/// How two layers of a line become one event.
private enum Layers {
    /// More pairs of fields aren't compared: an object with so many members keeps those of the outer format beside them.
    private static let mostPairs = 4_096

    /// Completes the record of the inner line, which `event` holds, by that of the outer one.
    static func merge(_ outer: Record, _ event: inout EventBuilder) {
        if Self.worth(outer) > Self.worth(event.record) {
            event.record.time = outer.time
            event.record.timeSource = outer.timeSource
            event.record.flags.remove(.zoned)
            if outer.flags.contains(.zoned) { event.record.flags.insert(.zoned) }
        }
        if event.record.severity == .unspecified { event.record.severity = outer.severity }
        joinFields(outer, &event)
        if event.record.component.isEmpty {
            event.record.component = outer.component
        } else if !outer.component.isEmpty, outer.component != event.record.component {
            event.addWithinLimit(Field(.program, .string, outer.component))
        }
    }

    /// The outer fields, without those whose names the inner ones have too, and behind them the inner ones.
    private static func joinFields(_ outer: Record, _ event: inout EventBuilder) {
        let first = Int(outer.firstField)
        let own = Int(event.record.firstField)
        let count = Int(event.record.fieldCount)
        var end = first &+ Int(outer.fieldCount)
        if count > 0, Int(outer.fieldCount) &* count <= mostPairs {
            let outerEnd = end
            end = first
            var next = first
            while next < outerEnd {
                let field = event.fields[next]
                if !event.hasField(field.key, in: own..<own &+ count) {
                    event.fields[end] = field
                    end &+= 1
                }
                next &+= 1
            }
        }
        if end < own {
            for i in 0..<count {
                let field = event.fields[own &+ i]
                event.fields[end &+ i] = field
            }
            event.fields.removeLast(own &- end)
        }
        let total = end &- first &+ count
        event.record.firstField = outer.firstField
        event.record.fieldCount = UInt16(clamping: total)
        if total > Int(UInt16.max) { event.fields.removeLast(total &- Int(UInt16.max)) }
    }

    private static func worth(_ record: Record) -> Int {
        switch record.timeSource {
        case .line: record.flags.contains(.zoned) ? 4 : 3
        case .yearInferred: 2
        case .dateInferred: 1
        case .inherited, .none: 0
        }
    }
}

extension EventBuilder {
    @inline(__always)
    fileprivate func hasField(_ key: Key, in range: Range<Int>) -> Bool {
        var i = range.lowerBound
        while i < range.upperBound {
            if fields[i].key == key { return true }
            i &+= 1
        }
        return false
    }
}
