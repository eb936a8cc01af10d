import LogCore

/// Names to small numbers, for counting by component without a string per record.
struct NameTable: ~Copyable {
    /// The bytes of all names, and where each one ends.
    private var bytes: ContiguousArray<UInt8> = []
    private var ends: ContiguousArray<Int> = []
    private var hashes: ContiguousArray<UInt64> = []
    private var slots = ContiguousArray<Int32>(repeating: -1, count: 256)
    private var mask = 255
    private var lastIndex = -1

    var count: Int { ends.count }

    func name(_ index: Int) -> String { String(decoding: bytes[range(index)], as: UTF8.self) }

    private func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index &- 1])..<ends[index] }

    /// The number of a name; past `limit` names the number of "(others)".
    @inline(__always)
    mutating func index(of name: Span<UInt8>, limit: Int) -> Int {
        // Components come in runs.
        if lastIndex >= 0, equal(lastIndex, name) { return lastIndex }
        lastIndex = find(name, limit)
        return lastIndex
    }

    private mutating func find(_ name: Span<UInt8>, _ limit: Int) -> Int {
        let hash = textHash(name)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if hashes[index] == hash, equal(index, name) { return index }
            slot = (slot &+ 1) & mask
        }
        if count >= limit {
            return count == limit ? append(Array("(others)".utf8).span, 0) : limit
        }
        slots[slot] = Int32(count)
        let index = append(name, hash)
        if count * 2 > slots.count { grow() }
        return index
    }

    private mutating func append(_ name: Span<UInt8>, _ hash: UInt64) -> Int {
        name.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        ends.append(bytes.count)
        hashes.append(hash)
        return count - 1
    }

    private mutating func grow() {
        slots = ContiguousArray(repeating: -1, count: slots.count * 2)
        mask = slots.count - 1
        for (index, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(index)
        }
    }

    @inline(__always)
    private func equal(_ index: Int, _ name: Span<UInt8>) -> Bool {
        let range = range(index)
        guard range.count == name.count else { return false }
        return bytes.span.extracting(range).isEqual(to: name)
    }
}
