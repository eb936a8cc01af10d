import LogAnalysis
package import LogCore
package import LogPatterns
import Synchronization

/// What a reader of the log looks for.
package enum EventSelection: Hashable, Sendable {
    /// Events that a rule matched, by its place in the catalog.
    case rule(Int)
    /// Events of one of these templates.
    case templates([UInt64])
    /// Events from one level up to and with another.
    case levels(from: Severity, to: Severity)
    /// Events at that time or later, nanoseconds since the epoch.
    case since(Int64)

    package static let errors = EventSelection.levels(from: .error, to: .critical)
    package static let warnings = EventSelection.levels(from: .warning, to: .warning)
}

/// Where the batches of the inputs begin and what is in each, gathered while they are analysed. With it any place of a log
/// of any size is found by reading one batch again: 40 bytes for each MiB, and a bit for each rule and template in it.
package final class BatchIndex: Sendable {
    /// One batch, which begins and ends where events do.
    package struct Mark: Equatable, Sendable {
        package var sequence: Int
        package var offset: Int64
        /// Lines before it.
        package var line: Int64
        package var bytes: Int
        /// The first event's, or `Timestamp.none`.
        package var time: Int64
        /// The latest time in it.
        package var latest: Int64
        /// A bit for each rank of severity that occurs.
        package var ranks: UInt8
        /// Formats of the file.
        package var layers: [FormatLayer]
        /// The file's clock before the first event.
        package var clock = SourceClock()
        /// And what a header before it calls the columns of rows.
        package var columns: NamedColumns?

        package static func == (a: Mark, b: Mark) -> Bool {
            (a.sequence, a.offset, a.line, a.bytes, a.time) == (b.sequence, b.offset, b.line, b.bytes, b.time)
                && (a.latest, a.ranks, a.layers) == (b.latest, b.ranks, b.layers)
        }
    }

    /// Something in one input.
    private struct Subject: Hashable {
        var source: Int
        var id: UInt64
        var isRule: Bool
    }

    private struct State {
        var marks: [Int: [Mark?]] = [:]
        /// In which batches of its source each subject occurs, a bit a batch.
        var places: [Subject: [UInt64]] = [:]
        var isFull = false
        /// Components whose events each rule matched.
        var components: [Int: Set<String>] = [:]
        var seenComponents: Set<UInt64> = []
    }

    /// Pairs of source and subject that are kept apart: about 20 MiB. Beyond, a subject may be in any batch.
    private static let limit = 200_000
    /// Pairs of rule and component.
    private static let componentLimit = 10_000

    private let state = Mutex(State())

    package init() {}

    // MARK: Gathering

    func add(_ batch: borrowing Batch, _ context: borrowing BatchContext) {
        guard !batch.records.isEmpty else { return }
        var mark = Mark(
            sequence: batch.sequence, offset: batch.offset, line: batch.firstLine, bytes: batch.rawCount,
            time: batch.records[0].time,
            latest: Timestamp.none, ranks: 0, layers: context.layers, clock: batch.startClock,
            columns: batch.startColumns)
        var ids: Set<UInt64> = []
        var seen = ContiguousArray(repeating: false, count: context.templates.count)
        for index in 0..<batch.records.count {
            let record = batch.records[index]
            mark.ranks |= 1 << UInt8(record.severity.rank)
            mark.latest = max(mark.latest, record.time)
            let template = Int(batch.templates[index])
            if !seen[template] {
                seen[template] = true
                ids.insert(context.templates[template].id)
            }
        }
        var rules: Set<Int> = []
        var components: [UInt64: (rule: Int, name: String)] = [:]
        for hit in batch.hits {
            let rule = Int(hit.rule)
            rules.insert(rule)
            let component = batch.records[Int(hit.record)].component
            if component.isEmpty { continue }
            let hash = batch.withText(component) { fnv1a($0) } &+ UInt64(rule)
            if components[hash] == nil { components[hash] = (rule, batch.string(component)) }
        }
        keep(mark, source: batch.source, ids, rules, components)
    }

    private func keep(
        _ mark: Mark, source: Int, _ templates: Set<UInt64>, _ rules: Set<Int>,
        _ components: [UInt64: (rule: Int, name: String)]
    ) {
        let sequence = mark.sequence
        state.withLock { state in
            while state.marks[source, default: []].count <= sequence { state.marks[source, default: []].append(nil) }
            state.marks[source]?[sequence] = mark
            for id in templates { Self.note(Subject(source: source, id: id, isRule: false), sequence, &state) }
            for rule in rules {
                Self.note(Subject(source: source, id: UInt64(rule), isRule: true), sequence, &state)
            }
            for (hash, component) in components where state.seenComponents.count < Self.componentLimit {
                if state.seenComponents.insert(hash).inserted {
                    state.components[component.rule, default: []].insert(component.name)
                }
            }
        }
    }

    private static func note(_ subject: Subject, _ sequence: Int, _ state: inout State) {
        if state.places[subject] == nil, state.places.count >= limit {
            state.isFull = true
            return
        }
        while state.places[subject, default: []].count <= sequence / 64 {
            state.places[subject, default: []].append(0)
        }
        state.places[subject]?[sequence / 64] |= 1 << UInt64(sequence % 64)
    }

    // MARK: Asking

    /// The batches of a source, in order.
    package func marks(of source: Int) -> [Mark] {
        state.withLock { $0.marks[source]?.compactMap(\.self) ?? [] }
    }

    /// Whether the batch may hold such an event.
    func mayHold(_ selection: EventSelection, _ mark: Mark, source: Int) -> Bool {
        switch selection {
        case .levels(let low, let high):
            return (low.rank...high.rank).contains { mark.ranks >> UInt8($0) & 1 == 1 }
        case .since(let time): return mark.latest != Timestamp.none && mark.latest >= time
        case .rule(let rule):
            return state.withLock {
                Self.holds(Subject(source: source, id: UInt64(rule), isRule: true), mark.sequence, $0)
            }
        case .templates(let ids):
            return state.withLock { state in
                ids.contains { Self.holds(Subject(source: source, id: $0, isRule: false), mark.sequence, state) }
            }
        }
    }

    private static func holds(_ subject: Subject, _ sequence: Int, _ state: State) -> Bool {
        guard let words = state.places[subject] else { return state.isFull }
        return sequence / 64 < words.count && words[sequence / 64] >> UInt64(sequence % 64) & 1 == 1
    }

    /// The sources in which something selected occurs; nil where too much is known to tell.
    package func sources(of selection: EventSelection) -> Set<Int>? {
        state.withLock { state in
            if state.isFull { return nil }
            return Set(
                state.places.keys.filter { subject in
                    switch selection {
                    case .rule(let rule): subject.isRule && subject.id == UInt64(rule)
                    case .templates(let ids): !subject.isRule && ids.contains(subject.id)
                    case .levels, .since: false
                    }
                }.map(\.source))
        }
    }

    /// The sources in which each rule's and each template's events are; nil where there are too many to tell.
    package var origins: (rules: [Int: [Int]], templates: [UInt64: [Int]])? {
        state.withLock { state in
            if state.isFull { return nil }
            var origins: (rules: [Int: [Int]], templates: [UInt64: [Int]]) = ([:], [:])
            for subject in state.places.keys {
                if subject.isRule {
                    origins.rules[Int(subject.id), default: []].append(subject.source)
                } else {
                    origins.templates[subject.id, default: []].append(subject.source)
                }
            }
            return origins
        }
    }

    /// Components whose events a rule matched.
    package func components(of rule: Int) -> Set<String> { state.withLock { $0.components[rule] ?? [] } }
}
