package import LogCore

/// Runs a rule set over batches: literals first, over all bytes at once, then PCRE2 where a literal stands.
/// Every rule that matches an event counts, once an event, unless another one that does is over it.
///
/// One a worker.
package struct RuleMatcher: ~Copyable {
    private let set: RuleSet
    private var matcher = Matcher()
    private var found: ContiguousArray<LiteralIndex.Occurrence> = []
    /// The worker's view of the shared patterns, so that the hot path takes no lock.
    private var patterns: ContiguousArray<Pattern?>
    private var asked: ContiguousArray<Bool>
    private var globs: [ComponentGlobs?]
    /// For each rule the last record it was tried on, and with what end: a rule is reported once an event.
    private var tried: ContiguousArray<Tried>
    /// Searches that PCRE2 gave up at one of its limits, by rule: reported, never taken for "no match".
    package private(set) var limited: [Int: Int] = [:]

    /// What each rule cost, where that is asked for: else empty, and nothing is timed.
    package private(set) var costs: ContiguousArray<RuleCost> = []

    /// Ranges of decoded text that aren't in the order of their records.
    private var gathered: ContiguousArray<(range: ByteRange, record: Int)> = []
    /// The record whose level a rule set last.
    private var leveled = -1

    private struct Tried {
        var record = UInt32.max
        var hit = false
        var messageDone = false
    }

    /// - Parameters:
    ///   - ignoresComponents: for a text of unknown origin, which any rule may claim.
    ///   - isTimed: each search is timed, which takes longer than most searches.
    package init(_ set: RuleSet, ignoresComponents: Bool = false, isTimed: Bool = false) {
        self.set = set
        if isTimed { costs = ContiguousArray(repeating: RuleCost(), count: set.rules.count) }
        patterns = ContiguousArray(repeating: nil, count: set.rules.count)
        asked = ContiguousArray(repeating: false, count: set.rules.count)
        globs = set.rules.map { $0.components.isEmpty || ignoresComponents ? nil : ComponentGlobs($0.components) }
        tried = ContiguousArray(repeating: Tried(), count: set.rules.count)
    }

    /// Fills `batch.hits` and `batch.captures`.
    package mutating func match(_ batch: inout Batch) {
        guard !set.rules.isEmpty, !batch.records.isEmpty else { return }
        for i in tried.indices { tried[i].record = .max }
        leveled = -1
        found.removeAll(keepingCapacity: true)
        set.index.search(batch.raw.span.extracting(0..<batch.rawCount), into: &found)
        matchRaw(&batch)
        if !batch.event.decoded.isEmpty {
            found.removeAll(keepingCapacity: true)
            set.index.search(batch.event.decoded.span, into: &found)
            if !found.isEmpty { matchDecoded(&batch) }
        }
        if !set.unindexed.isEmpty { matchEverywhere(&batch) }
        if !batch.event.decoded.isEmpty || !set.unindexed.isEmpty {
            batch.hits.sort { ($0.record, $0.rule, $0.firstCapture) < ($1.record, $1.rule, $1.firstCapture) }
            // What stands in the bytes and in decoded text, such as an exception's message, was found in both.
            var kept = 0
            for index in batch.hits.indices {
                let hit = batch.hits[index]
                if kept > 0, batch.hits[kept &- 1].record == hit.record, batch.hits[kept &- 1].rule == hit.rule {
                    continue
                }
                batch.hits[kept] = hit
                kept &+= 1
            }
            batch.hits.removeLast(batch.hits.count &- kept)
        }
        if !set.precedence.isEmpty, batch.hits.count > 1 { giveWay(&batch) }
    }

    /// Takes an event from the rules that leave it to another one which found it too. Hits of one event stand together.
    private mutating func giveWay(_ batch: inout Batch) {
        var start = 0
        var kept = 0
        while start < batch.hits.count {
            var end = start &+ 1
            while end < batch.hits.count, batch.hits[end].record == batch.hits[start].record { end &+= 1 }
            let first = kept
            var isDropped = false
            // What was taken away may be written over: whatever is over it is over all that it was over.
            for index in start..<end {
                let hit = batch.hits[index]
                if isLeft(hit.rule, in: start..<end, batch) {
                    isDropped = true
                } else {
                    batch.hits[kept] = hit
                    kept &+= 1
                }
            }
            if isDropped { setLevel(of: first..<kept, &batch) }
            start = end
        }
        batch.hits.removeLast(batch.hits.count &- kept)
    }

    private func isLeft(_ rule: UInt32, in range: Range<Int>, _ batch: borrowing Batch) -> Bool {
        for index in range where set.precedence.rule(batch.hits[index].rule, isOver: rule) { return true }
        return false
    }

    /// Where the line says no level, those say it that keep the event.
    private func setLevel(of hits: Range<Int>, _ batch: inout Batch) {
        let record = Int(batch.hits[hits.lowerBound].record)
        guard batch.records[record].flags.contains(.levelInferred) else { return }
        var level = Severity.unspecified
        for index in hits { level = max(level, set.rules[Int(batch.hits[index].rule)].level) }
        batch.records[record].severity = level
    }

    /// Candidates in the raw bytes: both lists are in the order of the file, so they are walked together.
    private mutating func matchRaw(_ batch: inout Batch) {
        var record = 0
        for candidate in found {
            while record < batch.records.count, batch.records[record].raw.end <= candidate.position { record &+= 1 }
            guard record < batch.records.count else { break }
            guard candidate.position >= batch.records[record].raw.start else { continue }
            for rule in set.rulesOfLiteral[Int(candidate.literal)] {
                attempt(Int(rule), record, at: candidate.position, &batch)
            }
        }
    }

    /// Candidates in decoded text: rare, so records are found by walking their fields.
    private mutating func matchDecoded(_ batch: inout Batch) {
        let base = UInt32(truncatingIfNeeded: batch.event.rawCount)
        findGathered(batch, base)
        var record = 0
        for candidate in found {
            let position = candidate.position &+ base
            if let owner = gatheredOwner(of: position) {
                for rule in set.rulesOfLiteral[Int(candidate.literal)] {
                    attempt(Int(rule), owner, at: position, &batch)
                }
                continue
            }
            while record < batch.records.count, decodedEnd(record, batch) <= position { record &+= 1 }
            guard record < batch.records.count else { continue }
            for rule in set.rulesOfLiteral[Int(candidate.literal)] {
                attempt(Int(rule), record, at: position, &batch)
            }
        }
    }

    /// Takes down what decoded text the records have that were put together late: it isn't in their order.
    private mutating func findGathered(_ batch: borrowing Batch, _ base: UInt32) {
        gathered.removeAll(keepingCapacity: true)
        for index in 0..<batch.records.count where batch.records[index].flags.contains(.gathered) {
            let record = batch.records[index]
            if record.message.start >= base { gathered.append((record.message, index)) }
            for i in Int(record.firstField)..<Int(record.firstField) &+ Int(record.fieldCount) {
                let value = batch.event.fields[i].value
                if value.start >= base { gathered.append((value, index)) }
            }
        }
        gathered.sort { ($0.range.start, $1.range.end) < ($1.range.start, $0.range.end) }
    }

    /// The record whose text `position` is in; of ranges within one another any tells.
    private func gatheredOwner(of position: UInt32) -> Int? {
        var low = 0
        var high = gathered.count
        while low < high {
            let middle = (low &+ high) / 2
            if gathered[middle].range.start <= position { low = middle &+ 1 } else { high = middle }
        }
        // A field's value may begin within the message, and end before the position.
        var index = low &- 1
        while index >= 0, index >= low &- 64 {
            if gathered[index].range.contains(position) { return gathered[index].record }
            index &-= 1
        }
        return nil
    }

    /// The end of the last decoded text of a record; 0 if it has none.
    private func decodedEnd(_ index: Int, _ batch: borrowing Batch) -> UInt32 {
        let record = batch.records[index]
        if record.flags.contains(.gathered) { return 0 }
        let base = UInt32(truncatingIfNeeded: batch.event.rawCount)
        var end: UInt32 = record.message.start >= base ? record.message.end : 0
        if record.component.start >= base { end = max(end, record.component.end) }
        for i in Int(record.firstField)..<Int(record.firstField) &+ Int(record.fieldCount) {
            let value = batch.event.fields[i].value
            if value.start >= base { end = max(end, value.end) }
        }
        return end
    }

    private mutating func matchEverywhere(_ batch: inout Batch) {
        for record in 0..<batch.records.count {
            for rule in set.unindexed {
                attempt(Int(rule), record, at: batch.records[record].message.start, &batch)
            }
        }
    }

    /// Tries a rule on the text in which its literal stands: the message, or the field that holds it.
    private mutating func attempt(_ rule: Int, _ index: Int, at position: UInt32, _ batch: inout Batch) {
        let stamp = UInt32(truncatingIfNeeded: index)
        if tried[rule].record != stamp {
            tried[rule] = Tried(record: stamp)
        } else if tried[rule].hit {
            return
        }
        let record = batch.records[index]
        let subject: ByteRange
        if set.rules[rule].subject == .line {
            // What a filter took out of the event is nobody's to find.
            subject = record.evidence
            guard !record.flags.contains(.rewritten) || subject.contains(position) else { return }
            if tried[rule].messageDone { return }
            tried[rule].messageDone = true
        } else if record.message.contains(position) || record.message.isEmpty && position == record.message.start {
            subject = record.message
            if tried[rule].messageDone { return }
            tried[rule].messageDone = true
        } else if let field = field(holding: position, record, batch) {
            subject = field
        } else {
            return
        }
        if let globs = globs[rule], !batch.withText(record.component, { globs.matches($0) }) { return }
        guard let pattern = pattern(rule) else { return }
        let start = costs.isEmpty ? nil : ContinuousClock.now
        let result = search(pattern, subject, near: position, batch)
        if let start { costs[rule].add(ContinuousClock.now - start, found: result == .matched) }
        switch result {
        case .noMatch:
            return
        case .limit:
            limited[rule, default: 0] += 1
        case .matched:
            tried[rule].hit = true
            setLevel(set.rules[rule].level, of: index, &batch)
            let match = matcher.capture(0) ?? 0..<0
            batch.captures.append(ByteRange(subject.lower &+ match.lowerBound, subject.lower &+ match.upperBound))
            let first = batch.captures.count
            for name in pattern.captureNames {
                if let range = matcher.capture(name.number) {
                    batch.captures.append(
                        ByteRange(subject.lower &+ range.lowerBound, subject.lower &+ range.upperBound))
                } else {
                    batch.captures.append(.empty)
                }
            }
            batch.hits.append(
                RuleHit(
                    record: stamp, rule: UInt32(truncatingIfNeeded: rule),
                    firstCapture: UInt32(truncatingIfNeeded: first),
                    captureCount: UInt16(truncatingIfNeeded: batch.captures.count &- first)))
        }
    }

    /// Where the line says no level, the gravest of the rules that match says it.
    private mutating func setLevel(_ level: Severity, of record: Int, _ batch: inout Batch) {
        guard batch.records[record].flags.contains(.levelInferred) else { return }
        let known = leveled == record ? batch.records[record].severity : .unspecified
        batch.records[record].severity = max(level, known)
        leveled = record
    }

    /// Searches from the line in which the literal stands, and from the start only if nothing is found there:
    /// a pattern that begins with a name of any length would else try every place of a long trace before it.
    private mutating func search(
        _ pattern: Pattern, _ subject: ByteRange, near position: UInt32, _ batch: borrowing Batch
    ) -> MatchResult {
        batch.withText(subject) { text in
            var line = subject.contains(position) ? Int(position &- subject.start) : 0
            while line > 0, text[unchecked: line &- 1] != 0x0A { line &-= 1 }
            if line > 0 {
                let result = matcher.match(pattern, text, from: line)
                if result != .noMatch { return result }
            }
            return matcher.match(pattern, text)
        }
    }

    private func field(holding position: UInt32, _ record: Record, _ batch: borrowing Batch) -> ByteRange? {
        for i in Int(record.firstField)..<Int(record.firstField) &+ Int(record.fieldCount) {
            let field = batch.event.fields[i]
            if field.value.contains(position) { return field.value }
        }
        return nil
    }

    private mutating func pattern(_ rule: Int) -> Pattern? {
        if !asked[rule] {
            asked[rule] = true
            patterns[rule] = set.pattern(rule)
        }
        return patterns[rule]
    }
}

/// What a rule's searches came to.
package struct RuleCost: Sendable {
    /// Texts that the pattern was run on, as they hold one of its literals.
    package private(set) var searches: Int64 = 0
    package private(set) var matches: Int64 = 0
    package private(set) var nanoseconds: Int64 = 0

    fileprivate mutating func add(_ duration: Duration, found: Bool) {
        searches += 1
        if found { matches += 1 }
        nanoseconds += duration.nanoseconds
    }
}
