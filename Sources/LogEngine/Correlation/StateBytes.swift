import LogLua

/// Writes what a correlation knows as bytes: numbers of eight, and texts with their length in front.
struct StateWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ number: Int64) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
    }

    mutating func put(_ more: some Collection<UInt8>) {
        put(Int64(more.count))
        bytes.append(contentsOf: more)
    }

    mutating func put(_ text: String) { put(text.utf8) }

    /// Oldest first, so that they can be put in again one by one.
    mutating func put(_ table: GroupTable) {
        put(table.evicted)
        put(Int64(table.count))
        for slot in table.inOrder {
            put(table.since(slot))
            put(table.key(slot))
            put(table[slot])
        }
    }

    private mutating func put(_ group: CorrelationGroup) {
        let live = Int(group.head)..<group.times.count
        put(Int64(live.count))
        for place in live { put(group.times[place]) }
        put(Int64(group.values.count))
        for value in group.values { put(value.bytes) }
        put(group.isRaised ? 1 : 0)
        put(Int64(group.count))
        put(group.evidence?.rule ?? "")
        let sample = group.evidence?.sample ?? CorrelationFinding.Sample()
        put(sample.source)
        put(sample.line)
        put(sample.offset)
        put(sample.time ?? .min)
        put(sample.text)
    }
}

/// The bytes are not what a writer wrote.
struct StateDamage: Error {}

/// Reads what `StateWriter` wrote, and believes nothing: bytes from a file may be anything.
struct StateReader {
    private let all: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { all = bytes }

    mutating func number() throws(StateDamage) -> Int64 {
        guard all.count - at >= 8 else { throw StateDamage() }
        var number: UInt64 = 0
        for i in 0..<8 { number |= UInt64(all[at + i]) << UInt64(8 * i) }
        at += 8
        return Int64(bitPattern: number)
    }

    /// One that can be added to another, or to a time span.
    private mutating func small() throws(StateDamage) -> Int64 {
        let number = try number()
        guard abs(number / 2) <= 1 << 61 else { throw StateDamage() }
        return number
    }

    /// Of things that take a byte at least, of which there can't be more than bytes are left.
    mutating func count() throws(StateDamage) -> Int {
        let count = try number()
        guard count >= 0, count <= Int64(all.count - at) else { throw StateDamage() }
        return Int(count)
    }

    mutating func bytes() throws(StateDamage) -> [UInt8] {
        let count = try count()
        defer { at += count }
        return Array(all[at..<at + count])
    }

    mutating func text() throws(StateDamage) -> String { String(decoding: try bytes(), as: UTF8.self) }

    /// A table of groups, each of which `check` looks at.
    mutating func groups(
        _ check: (CorrelationGroup) throws(StateDamage) -> Void
    ) throws(StateDamage) -> GroupTable {
        var table = GroupTable()
        table.evicted = try small()
        for _ in 0..<(try count()) {
            let since = try small()
            let key = GroupKey(ContiguousArray(try bytes()))
            let group = try group()
            try check(group)
            if table.find(key) != nil { throw StateDamage() }
            let slot = table.insert(key, now: since)
            table[slot] = group
            table.settle(slot)
        }
        return table
    }

    private mutating func group() throws(StateDamage) -> CorrelationGroup {
        var group = CorrelationGroup()
        for _ in 0..<(try count()) { group.times.append(try number()) }
        for _ in 0..<(try count()) { group.values.append(KeptBytes(ContiguousArray(try bytes()))) }
        group.isRaised = try number() == 1
        group.count = Int(try small())
        let rule = try text()
        var sample = CorrelationFinding.Sample()
        sample.source = try text()
        sample.line = try number()
        sample.offset = try number()
        let time = try number()
        sample.time = time == .min ? nil : time
        sample.text = try text()
        if !rule.isEmpty || sample != CorrelationFinding.Sample() {
            group.evidence = CorrelationGroup.Evidence(rule: rule, sample)
        }
        return group
    }
}
