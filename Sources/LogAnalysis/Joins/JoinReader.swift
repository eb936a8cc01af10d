import LogCore

/// Reads what an event names: in its fields, in what a rule captured, in its message.
///
/// For failures, warnings and what a rule matches, so that a quiet log pays nothing; and into one buffer, so that nothing is allocated an event.
struct JoinReader: ~Copyable {
    /// Bytes of a message looked at. Ids stand in front.
    private static let messageBytes = 256

    struct Value {
        var key: UInt64
        var kind: JoinKind
        /// In the batch. Empty: the path of the source.
        var range: ByteRange
        /// Of any field: which one.
        var field: Key?
    }

    /// Of the event read last, each key once.
    private(set) var values: ContiguousArray<Value> = []
    private let names = JoinNames.shared
    private let classes = ByteClass.table()
    /// By number of the field's name: 0 not looked up yet, 1 nothing, else kind and 2.
    private var fieldKinds: ContiguousArray<UInt8> = []
    /// The same for fields that may tell what failures have in common: 0, 1 no, else what their values' keys begin with.
    private var fieldTraits: ContiguousArray<UInt64> = []
    private var table: KeyTable.Identity?
    private var sourceKeys: ContiguousArray<UInt64>
    /// What hashes of places begin with, by source.
    private let seeds: ContiguousArray<UInt64>

    init(sources: [String]) {
        seeds = ContiguousArray(sources.map(TimedSample.seed))
        sourceKeys = ContiguousArray(
            sources.map { path in
                var path = path
                return path.withUTF8 { JoinSample.key(.file, Span(_unsafeElements: $0)) }
            })
    }

    func kind(ofCapture name: String) -> JoinKind? { names.kind(of: name.utf8) }

    mutating func read(_ record: Record, _ batch: borrowing Batch) {
        values.removeAll(keepingCapacity: true)
        values.append(Value(key: sourceKeys[batch.source], kind: .file, range: .empty))
        add(record.component, .component, batch)
        if table !== batch.event.keys.identity {
            table = batch.event.keys.identity
            fieldKinds.removeAll(keepingCapacity: true)
            fieldTraits.removeAll(keepingCapacity: true)
        }
        for index in Int(record.firstField)..<(Int(record.firstField) &+ Int(record.fieldCount)) {
            let field = batch.event.fields[index]
            if field.kind == .json { continue }
            addTrait(field, batch)
            guard let kind = kind(of: field.key, batch) else { continue }
            add(field.value, kind, batch)
        }
        readMessage(record, batch)
    }

    /// What a rule captured, on top of what was read. Returns to the event's own with `truncate`.
    mutating func add(_ range: ByteRange, _ kind: JoinKind, _ batch: borrowing Batch) {
        guard !range.isEmpty, range.count <= JoinSample.longest else { return }
        let (key, length) = batch.withText(range) { text in
            let length = kind.group == .host ? Self.firstLabel(text) : text.count
            return (Self.isName(text, length) ? JoinSample.key(kind, text.extracting(0..<length)) : 0, length)
        }
        guard key != 0 else { return }
        for value in values where value.key == key { return }
        values.append(Value(key: key, kind: kind, range: ByteRange(range.lower, range.lower &+ length)))
    }

    /// A word of a field by its name; a number tells no one.
    private mutating func addTrait(_ field: Field, _ batch: borrowing Batch) {
        guard (1...JoinSample.longestFieldValue).contains(field.value.count) else { return }
        let name = trait(field.key, batch)
        guard name > 1 else { return }
        let key = batch.withText(field.value) { text in
            guard !Self.isNumber(text), Self.isName(text, text.count) else { return 0 as UInt64 }
            return JoinSample.key(inField: name, text)
        }
        guard key != 0 else { return }
        for value in values where value.key == key { return }
        values.append(Value(key: key, kind: .field, range: field.value, field: field.key))
    }

    private mutating func trait(_ key: Key, _ batch: borrowing Batch) -> UInt64 {
        let index = Int(key.index)
        while fieldTraits.count <= index { fieldTraits.append(0) }
        if fieldTraits[index] == 0 {
            let group = kind(of: key, batch)?.group
            let isOther = group == nil || group == .user || group == .resource
            let name = batch.event.keys.name(key)
            // Failures and warnings are told apart by their status.
            let isTrait = isOther && !TellingFields.isStatus(Array(name)) && names.isTrait(name.span)
            fieldTraits[index] = isTrait ? JoinSample.key(field: name.span) : 1
        }
        return fieldTraits[index]
    }

    mutating func truncate(to count: Int) { values.removeLast(values.count - count) }

    private mutating func kind(of key: Key, _ batch: borrowing Batch) -> JoinKind? {
        let index = Int(key.index)
        while fieldKinds.count <= index { fieldKinds.append(0) }
        if fieldKinds[index] == 0 {
            fieldKinds[index] = names.kind(of: batch.event.keys.name(key)).map { $0.number &+ 2 } ?? 1
        }
        let number = fieldKinds[index]
        return number < 2 ? nil : JoinKind.byNumber[Int(number &- 2)]
    }

    /// Counts what was read, as an event of the sample.
    borrowing func add(
        to sample: inout JoinSample, _ record: Record, _ batch: borrowing Batch, _ source: String
    ) {
        let time = record.time == Timestamp.none ? nil : record.time
        let line = batch.firstLine &+ Int64(record.line) &+ 1
        for index in 0..<values.count {
            let value = values[index]
            sample.add(value.key, value.kind, time: time, source: source, line: line) {
                guard let field = value.field else { return value.range.isEmpty ? source : batch.string(value.range) }
                return String(decoding: batch.event.keys.name(field), as: UTF8.self) + "=" + batch.string(value.range)
            }
        }
        let hash = TimedSample.hash(seeds[batch.source], batch.offset &+ Int64(record.raw.lower))
        if sample.clients.takes(hash) { addClient(hash, to: &sample, batch) }
    }

    /// The first address is the client's: formats name it before the server's.
    private borrowing func addClient(_ hash: UInt64, to sample: inout JoinSample, _ batch: borrowing Batch) {
        var (address, user) = (ByteRange.empty, ByteRange.empty)
        for index in 0..<values.count {
            let value = values[index]
            if value.kind == .address, address.isEmpty { address = value.range }
            if value.kind == .user, user.isEmpty { user = value.range }
        }
        if address.isEmpty, user.isEmpty { return }
        sample.clients.add(hash, address: batch.string(address), user: batch.string(user))
    }

    // MARK: Values

    /// `db1` of `db1.example.com`: one log has the long name, another the short one. Addresses stay whole.
    private static func firstLabel(_ text: Span<UInt8>) -> Int {
        guard let first = text.isEmpty ? nil : text[unchecked: 0], first &- 0x30 >= 10 else { return text.count }
        return text.firstIndex(of: 0x2E, from: 1) ?? text.count
    }

    /// Words that stand for nothing, what isn't ASCII or has spaces, join nothing.
    private static func isName(_ text: Span<UInt8>, _ length: Int) -> Bool {
        guard length > 0 else { return false }
        for index in 0..<length {
            let byte = text[unchecked: index]
            if byte <= 0x20 || byte >= 0x7F { return false }
        }
        switch length {
        case 1: return text[unchecked: 0] &- 0x31 < 9 || (text[unchecked: 0] | 0x20) &- 0x61 < 26
        case 3: return !text.matches("nil", at: 0) && !text.matches("n/a", at: 0) && !text.matches("N/A", at: 0)
        case 4:
            return !text.matches("null", at: 0) && !text.matches("none", at: 0) && !text.matches("None", at: 0)
                && !text.matches("true", at: 0)
        case 5: return !text.matches("false", at: 0)
        case 7: return !text.matches("unknown", at: 0) && !text.matches("0.0.0.0", at: 0)
        default: return true
        }
    }

    /// `17` or `0.5`, not `5.8.4`.
    private static func isNumber(_ text: Span<UInt8>) -> Bool {
        var dots = 0
        for index in 0..<text.count {
            let byte = text[unchecked: index]
            if byte == 0x2E { dots &+= 1 } else if byte &- 0x30 >= 10 { return false }
        }
        return dots < 2
    }

    // MARK: Messages

    /// `name=value` of names that are known, `name: value` where it can only be an id; addresses; and words that look like ids.
    private mutating func readMessage(_ record: Record, _ batch: borrowing Batch) {
        var range = record.message.isEmpty ? record.evidence : record.message
        if range.count > Self.messageBytes { range.end = range.start &+ UInt32(Self.messageBytes) }
        let length = range.count
        var position = 0
        var label: (kind: JoinKind, isSure: Bool)?
        while position < length {
            let word = batch.withText(range) { Word(at: position, in: $0, classes, names) }
            let lower = range.lower &+ word.start
            // The sign, and a quote or a space, may stand between a name and its value.
            let isClose = word.start &- position <= 3
            if let label, isClose, label.isSure || (word.hasDigit && label.kind.group == .identity) {
                add(ByteRange(lower, range.lower &+ word.end), label.kind, batch)
            } else if let shape = word.shape {
                add(ByteRange(lower, range.lower &+ word.end), shape, batch)
            }
            label = nil
            if let kind = word.kind { label = (kind, word.label == 0x3D) }
            position = word.next
        }
    }
}

extension JoinKind {
    static let byNumber: [JoinKind] = allCases.sorted { $0.number < $1.number }
}

/// What a byte is within a word.
private enum ByteClass {
    static let digit: UInt8 = 1
    static let hexLetter: UInt8 = 2
    static let letter: UInt8 = 4
    /// `-` and `_`
    static let joint: UInt8 = 8
    static let dot: UInt8 = 16
    static let word: UInt8 = 31

    static func table() -> ContiguousArray<UInt8> {
        ContiguousArray(
            (0..<256).map { (byte: Int) -> UInt8 in
                switch UInt8(byte) {
                case 0x30...0x39: digit
                case 0x41...0x46, 0x61...0x66: hexLetter
                case 0x47...0x5A, 0x67...0x7A: letter
                case 0x2D, 0x5F: joint
                case 0x2E: dot
                default: 0
                }
            })
    }
}

/// A run of letters, digits and joints in a message.
private struct Word {
    var start: Int
    var end: Int
    /// Where to look for the next one.
    var next: Int
    /// `=` or `:` if that follows it: what comes next may be its value, of the kind that it names.
    var label: UInt8 = 0
    var kind: JoinKind?
    var hasDigit = false
    /// What it looks like where no label says what it is.
    var shape: JoinKind?

    @inline(__always)
    init(
        at position: Int, in text: Span<UInt8>, _ classes: borrowing ContiguousArray<UInt8>,
        _ names: borrowing JoinNames
    ) {
        var index = position
        while index < text.count, classes[Int(text[unchecked: index])] & 15 == 0 { index &+= 1 }
        start = index
        var seen: UInt8 = 0
        var digits = 0
        var dots = 0
        var firstJoint = -1
        while index < text.count {
            let byte = text[unchecked: index]
            let kind = classes[Int(byte)]
            if kind == 0 { break }
            seen |= kind
            switch kind {
            case ByteClass.digit: digits &+= 1
            case ByteClass.dot: dots &+= 1
            case ByteClass.joint: if firstJoint < 0 { firstJoint = index }
            default: break
            }
            index &+= 1
        }
        end = index
        // A full stop ends the sentence.
        while end > start, text[unchecked: end &- 1] == 0x2E {
            end &-= 1
            dots &-= 1
        }
        next = index
        if index < text.count {
            let byte = text[unchecked: index]
            if byte == 0x3D || byte == 0x3A {
                label = byte
                kind = names.kind(of: text.extracting(start..<index))
            }
        }
        hasDigit = digits > 0
        guard hasDigit, label != 0x3D else { return }
        shape = Self.shape(text, start, end, seen, digits, dots, firstJoint)
    }

    private static func shape(
        _ text: Span<UInt8>, _ start: Int, _ end: Int, _ seen: UInt8, _ digits: Int, _ dots: Int, _ joint: Int
    ) -> JoinKind? {
        let length = end &- start
        if dots == 3, seen == ByteClass.digit | ByteClass.dot, (7...15).contains(length) { return .address }
        if dots > 0 { return nil }
        let hexadecimal = ByteClass.digit | ByteClass.hexLetter
        // A number is no id, nor is a word.
        if seen == hexadecimal, (8...64).contains(length) {
            // A register or an address in memory begins with zeros, an id as good as never.
            let isPadded = (0..<3).allSatisfy { text[unchecked: start &+ $0] == 0x30 }
            return isPadded ? nil : .id
        }
        if seen & ~(hexadecimal | ByteClass.joint) == 0, length == 36, text[unchecked: start &+ 8] == 0x2D {
            return .id
        }
        // `req-8f31`, `blk_-1608999687919862906`: a word, a joint and what holds four digits, or is a hexadecimal number of eight.
        let lead = joint &- start
        guard joint >= 0, (2...12).contains(lead), digits >= 4 || isHexadecimal(text, joint &+ 1..<end) else {
            return nil
        }
        for index in start..<joint where (text[unchecked: index] | 0x20) &- 0x61 >= 26 { return nil }
        return .id
    }

    private static func isHexadecimal(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count >= 8 else { return false }
        for index in range {
            let byte = text[unchecked: index]
            guard byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6 else { return false }
        }
        return true
    }
}
