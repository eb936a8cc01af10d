package import LogCore

/// A shape that messages share.
package struct Template: Sendable {
    /// FNV-1a of the text: the same everywhere.
    package var id: UInt64
    /// The first line of the message with `<*>` for what varies; of its first `TemplateMiner.textBytes`.
    package var text: String
    /// What the constant words say of the severity, for events whose format doesn't.
    package var severity: Severity
    /// For each `<*>` of its skeleton the one of `text` that covers it; nil where they are the same.
    var places: [Int]?
    /// Numbers that say more of the severity than the words do, and what the words say beside a count of errors.
    var clues: [SeverityClue] = []
    var countedSeverity = Severity.unspecified
}

/// Gives every record its template. One a worker; ids agree between workers.
package struct TemplateMiner: ~Copyable {
    /// Templates known to one worker at most; messages beyond share one entry. With their samples they take up to
    /// 2 KiB each: a folder of texts that aren't logs stays within 100 MiB for two workers.
    package static let limit = 20_000
    package static let textBytes = 500
    /// The entry for messages beyond the limit, always at index 0.
    package static let overflow = Template(id: 0, text: "(too many different messages)", severity: .unspecified)

    package private(set) var templates: ContiguousArray<Template> = [TemplateMiner.overflow]
    /// Bytes of all texts, and how many there may be: noise makes long ones that never come again.
    private var textTotal = 0
    private static let textLimit = 4 << 20
    private let scanner = TemplateScanner()
    private let groups: TemplateGroups
    private var slots: ContiguousArray<UInt32>
    private var hashes: ContiguousArray<UInt64> = [0]
    private var mask: Int

    /// - Parameter groups: what is known of templates already; without it a template is what its message shows.
    package init(groups: TemplateGroups = .init()) {
        self.groups = groups
        slots = ContiguousArray(repeating: 0, count: 4096)
        mask = 4095
    }

    /// Fills `batch.templates`, and the severity of records whose format gave none.
    package mutating func mine(_ batch: inout Batch) {
        // Taken out, so that they can be written while the batch is read; and all in one call, as one for each record made the
        // compiler copy the batch each time, 1,088 bytes.
        var records = ContiguousArray<Record>()
        var templates = ContiguousArray<UInt32>()
        var wildcards = ContiguousArray<ByteRange>()
        var wildcardEnds = ContiguousArray<UInt32>()
        swap(&records, &batch.records)
        swap(&templates, &batch.templates)
        swap(&wildcards, &batch.wildcards)
        swap(&wildcardEnds, &batch.wildcardEnds)
        mine(&records, of: batch, &templates, &wildcards, &wildcardEnds)
        swap(&records, &batch.records)
        swap(&templates, &batch.templates)
        swap(&wildcards, &batch.wildcards)
        swap(&wildcardEnds, &batch.wildcardEnds)
    }

    @inline(never)
    private mutating func mine(
        _ records: inout ContiguousArray<Record>, of batch: borrowing Batch,
        _ numbers: inout ContiguousArray<UInt32>, _ wildcards: inout ContiguousArray<ByteRange>,
        _ wildcardEnds: inout ContiguousArray<UInt32>
    ) {
        for index in records.indices {
            let record = records[index]
            let message = firstLine(record, batch)
            let firstWildcard = wildcards.count
            let hash = batch.withText(message) { text in
                scanner.hash(text) { range in
                    wildcards.append(ByteRange(message.lower &+ range.lowerBound, message.lower &+ range.upperBound))
                }
            }
            wildcardEnds.append(UInt32(truncatingIfNeeded: wildcards.count))
            let template = find(hash) ?? add(hash, message, batch)
            numbers.append(UInt32(truncatingIfNeeded: template))
            if record.severity == .unspecified {
                // Beyond the limit there is no template to remember what the words say.
                records[index].severity =
                    template == 0
                    ? batch.withText(message) { SeverityInference.infer($0) }
                    : templates[template].clues.isEmpty
                        ? templates[template].severity : severity(template, wildcards, from: firstWildcard, batch)
                records[index].flags.insert(.levelInferred)
            }
        }
    }

    /// What the values of an event say beside the words of its template.
    private func severity(
        _ template: Int, _ wildcards: ContiguousArray<ByteRange>, from first: Int, _ batch: borrowing Batch
    ) -> Severity {
        var severity = templates[template].severity
        var told = Severity.info
        for clue in templates[template].clues where first + clue.wildcard < wildcards.count {
            let said = batch.withText(wildcards[first + clue.wildcard]) { clue.severity($0) }
            if said == .unspecified { continue }
            if clue.kind == .level { return said }
            if clue.kind == .count { severity = templates[template].countedSeverity }
            told = max(told, said)
        }
        return max(severity, told)
    }

    @inline(__always)
    private func firstLine(_ record: Record, _ batch: borrowing Batch) -> ByteRange {
        var range = record.message
        if range.isEmpty { range = record.evidence }
        if range.count > Self.textBytes { range.end = cut(range, batch) }
        if record.flags.contains(.multiline) || range.lower >= batch.event.rawCount {
            let length = batch.withText(range) { $0.firstIndex(of: 0x0A, from: 0) }
            if let length { range.end = range.start &+ UInt32(truncatingIfNeeded: length) }
            if let exception = exceptionLine(range, record, batch) { return exception }
        }
        return range
    }

    /// Where the first line says no more than that a Python trace follows, the line behind the frames: else all exceptions
    /// that nobody caught were one message.
    private func exceptionLine(_ first: ByteRange, _ record: Record, _ batch: borrowing Batch) -> ByteRange? {
        guard batch.withText(first, { $0.matches("Traceback (most recent call last)", at: 0) }) else { return nil }
        let found: Range<Int>? = batch.withText(record.message) { text in
            var start = first.count &+ 1
            while start < text.count {
                let end = text.firstIndex(of: 0x0A, from: start) ?? text.count
                if end > start, text[start] > 0x20, text[start] != UInt8(ascii: "+"), text[start] != UInt8(ascii: "|") {
                    return start..<min(end, start &+ Self.textBytes)
                }
                start = end &+ 1
            }
            return nil
        }
        return found.map { ByteRange(record.message.lower &+ $0.lowerBound, record.message.lower &+ $0.upperBound) }
    }

    /// The end of the last word within `textBytes`: half a word would make a template of its own.
    private func cut(_ range: ByteRange, _ batch: borrowing Batch) -> UInt32 {
        var end = Self.textBytes
        batch.withText(range) { text in
            while end > Self.textBytes - 100, text[end] > 0x20 { end -= 1 }
            if text[end] > 0x20 { end = Self.textBytes }
        }
        return range.start &+ UInt32(end)
    }

    @inline(__always)
    private func find(_ hash: UInt64) -> Int? {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let index = Int(slots[slot])
            if hashes[index] == hash { return index }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    private mutating func add(_ hash: UInt64, _ message: ByteRange, _ batch: borrowing Batch) -> Int {
        guard templates.count < Self.limit, textTotal < Self.textLimit else { return 0 }
        let bytes = batch.withText(message) { scanner.text($0) }
        let template = Template(skeleton: bytes, in: groups)
        textTotal += bytes.count
        let index = templates.count
        templates.append(template)
        hashes.append(hash)
        place(hash, index)
        if templates.count * 2 > slots.count { grow() }
        return index
    }

    private mutating func place(_ hash: UInt64, _ index: Int) {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(index)
    }

    private mutating func grow() {
        slots = ContiguousArray(repeating: 0, count: slots.count * 2)
        mask = slots.count - 1
        for index in 1..<hashes.count { place(hashes[index], index) }
    }
}
