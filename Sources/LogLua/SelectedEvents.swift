package import LogCore

/// Copies of a batch's events that some correlator wants: what travels from the workers to the one place where they are
/// put into the order of time.
package struct SelectedEvents: Sendable {
    /// Ranges of records and fields lie in here.
    package private(set) var bytes: ContiguousArray<UInt8> = []
    package private(set) var records: ContiguousArray<Record> = []
    package private(set) var fields: ContiguousArray<Field> = []
    package private(set) var hits: ContiguousArray<RuleHit> = []
    /// Where each event's hits end in `hits`.
    private var hitEnds: ContiguousArray<Int32> = []
    /// Where each event begins in its source.
    package private(set) var offsets: ContiguousArray<Int64> = []
    /// By event: bit n for correlator n.
    package private(set) var wanting: ContiguousArray<UInt64> = []
    /// The names that the numbers in `fields` stand for.
    package private(set) var names: [[UInt8]] = []
    package let path: String
    package let formats: [String]
    package let firstLine: Int64

    /// The longest text that is copied: evidence, not the whole of a dump.
    private static let textLimit = 64 << 10

    package init(path: String, formats: [String], firstLine: Int64) {
        self.path = path
        self.formats = formats
        self.firstLine = firstLine
    }

    package var isEmpty: Bool { records.isEmpty }

    /// Bytes of memory, about.
    package var size: Int {
        bytes.count + records.count * 80 + fields.count * MemoryLayout<Field>.stride
    }

    /// Copies record `index`. Its hits are those from `firstHit` on; what their rules captured become fields, unless the
    /// event has one of that name.
    package mutating func append(
        _ index: Int, of batch: inout Batch, wanting mask: UInt64, firstHit: Int, captureKeys: [[Key?]]
    ) {
        var record = batch.records[index]
        offsets.append(batch.offset + Int64(record.raw.lower))
        let raw = record.evidence
        let kept = ByteRange(raw.lower, min(raw.upper, raw.lower + Self.textLimit))
        let shift = bytes.count - raw.lower
        wanting.append(mask)
        record.raw = copy(kept, of: batch)
        record.message = place(record.message, kept, shift, batch)
        record.component = place(record.component, kept, shift, batch)
        let first = fields.count
        for i in Int(record.firstField)..<Int(record.firstField) + Int(record.fieldCount) {
            let field = batch.event.fields[i]
            fields.append(Field(field.key, field.kind, place(field.value, kept, shift, batch)))
        }
        var hit = firstHit
        while hit < batch.hits.count, Int(batch.hits[hit].record) == index {
            let found = batch.hits[hit]
            hits.append(
                RuleHit(record: UInt32(records.count), rule: found.rule, firstCapture: 0, captureCount: 0))
            let keys = captureKeys[Int(found.rule)]
            for capture in 0..<min(Int(found.captureCount), keys.count) {
                let range = batch.captures[Int(found.firstCapture) + capture]
                guard !range.isEmpty, let key = keys[capture] else { continue }
                if fields[first...].contains(where: { $0.key == key }) { continue }
                fields.append(Field(key, .string, place(range, kept, shift, batch)))
            }
            hit += 1
        }
        hitEnds.append(Int32(hits.count))
        record.firstField = UInt32(first)
        record.fieldCount = UInt16(clamping: fields.count - first)
        records.append(record)
    }

    /// Makes room for as much as another batch had: batches of one log are alike, and arrays that double copy all each time.
    package mutating func reserve(_ sizes: Sizes) {
        bytes.reserveCapacity(sizes.bytes)
        records.reserveCapacity(sizes.records)
        fields.reserveCapacity(sizes.fields)
        hits.reserveCapacity(sizes.hits)
        hitEnds.reserveCapacity(sizes.records)
        offsets.reserveCapacity(sizes.records)
        wanting.reserveCapacity(sizes.records)
    }

    package struct Sizes: Sendable {
        fileprivate(set) var bytes = 0
        fileprivate(set) var records = 0
        fileprivate(set) var fields = 0
        fileprivate(set) var hits = 0

        package init() {}
    }

    package var sizes: Sizes {
        var sizes = Sizes()
        sizes.bytes = bytes.count
        sizes.records = records.count
        sizes.fields = fields.count
        sizes.hits = hits.count
        return sizes
    }

    /// Which of `hits` are those of an event.
    package func hits(of index: Int) -> Range<Int> {
        (index == 0 ? 0 : Int(hitEnds[index - 1]))..<Int(hitEnds[index])
    }

    /// To be called once all events are in: the names are those of the worker's table by now.
    package mutating func finish(_ batch: borrowing Batch) { names = batch.event.keys.allNames }

    /// Takes the numbers of `table` for the names of fields. `memory` remembers those of a worker's table.
    package mutating func adopt(_ table: inout KeyTable, _ memory: inout [UInt16]) {
        for i in fields.indices {
            let number = Int(fields[i].key.index)
            while memory.count <= number { memory.append(.max) }
            if memory[number] == .max {
                let name = names[number]
                memory[number] = table.intern(name.span).index
            }
            fields[i].key = Key(index: memory[number])
        }
        names = []
    }

    // MARK: One at a time

    /// An event by itself, to be kept over the end of the program.
    package struct Single: Sendable, Codable {
        struct Value: Sendable, Codable {
            var name: Blob
            var kind: UInt8
            var bytes: Blob
        }

        var path: String
        var formats: [String]
        var line: Int64
        var offset: Int64
        package var wanting: UInt64
        var time: Int64
        var timeSource: UInt8
        var severity: UInt8
        var parser: UInt8
        var flags: UInt8
        var raw: Blob
        var message: Blob
        var component: Blob
        var fields: [Value]
        package var rules: [UInt32]
    }

    package func single(_ index: Int, names: [[UInt8]]) -> Single {
        let record = records[index]
        func blob(_ range: ByteRange) -> Blob { Blob(Array(bytes[range.lower..<range.upper])) }
        let first = Int(record.firstField)
        return Single(
            path: path, formats: formats, line: firstLine + Int64(record.line), offset: offsets[index],
            wanting: wanting[index], time: record.time, timeSource: record.timeSource.rawValue,
            severity: record.severity.rawValue, parser: record.parser, flags: record.flags.rawValue,
            raw: blob(record.raw), message: blob(record.message), component: blob(record.component),
            fields: fields[first..<first + Int(record.fieldCount)].map {
                Single.Value(
                    name: Blob(names[Int($0.key.index)]), kind: $0.kind.rawValue, bytes: blob($0.value))
            },
            rules: hits[hits(of: index)].map(\.rule))
    }

    package init(_ single: Single, _ table: inout KeyTable) {
        self.init(path: single.path, formats: single.formats, firstLine: single.line)
        func add(_ blob: Blob) -> ByteRange {
            let start = bytes.count
            bytes.append(contentsOf: blob.bytes)
            return ByteRange(start, bytes.count)
        }
        var record = Record()
        record.time = single.time
        record.timeSource = TimeSource(rawValue: single.timeSource) ?? .none
        record.severity = Severity(rawValue: single.severity) ?? .unspecified
        record.parser = single.parser
        record.flags = RecordFlags(rawValue: single.flags)
        record.raw = add(single.raw)
        record.message = add(single.message)
        record.component = add(single.component)
        for field in single.fields {
            let key = table.intern(field.name.bytes.span)
            fields.append(Field(key, FieldKind(rawValue: field.kind) ?? .string, add(field.bytes)))
        }
        record.fieldCount = UInt16(clamping: fields.count)
        records = [record]
        offsets = [single.offset]
        wanting = [single.wanting]
        hits = ContiguousArray(
            single.rules.map { RuleHit(record: 0, rule: $0, firstCapture: 0, captureCount: 0) })
        hitEnds = [Int32(hits.count)]
    }

    /// The copy's range of a text: within the event's raw bytes where it lies there, else a copy of its own.
    private mutating func place(
        _ range: ByteRange, _ raw: ByteRange, _ shift: Int, _ batch: borrowing Batch
    ) -> ByteRange {
        if range.isEmpty { return .empty }
        if range.lower >= raw.lower, range.upper <= raw.upper {
            return ByteRange(range.lower + shift, range.upper + shift)
        }
        return copy(range, of: batch)
    }

    private mutating func copy(_ range: ByteRange, of batch: borrowing Batch) -> ByteRange {
        let start = bytes.count
        let limit = Self.textLimit
        var copied = bytes
        bytes = []
        batch.withText(range) { text in
            text.extracting(first: min(text.count, limit)).withUnsafeBufferPointer { copied.append(contentsOf: $0) }
        }
        bytes = copied
        return ByteRange(start, bytes.count)
    }
}
