import LogCore

/// Names to small numbers, for counting by component without a string per record.
struct NameTable: ~Copyable {
    private var names: [[UInt8]] = []
    private var hashes: ContiguousArray<UInt64> = []
    private var slots = ContiguousArray<Int32>(repeating: -1, count: 256)
    private var mask = 255
    private var lastIndex = -1

    var count: Int { names.count }

    func name(_ index: Int) -> String { String(decoding: names[index], as: UTF8.self) }

    /// The number of a name; past `limit` names the number of "(others)".
    @inline(__always)
    mutating func index(of name: Span<UInt8>, limit: Int) -> Int {
        // Components come in runs.
        if lastIndex >= 0, equal(lastIndex, name) { return lastIndex }
        lastIndex = find(name, limit)
        return lastIndex
    }

    private mutating func find(_ name: Span<UInt8>, _ limit: Int) -> Int {
        let hash = fnv1a(name)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if hashes[index] == hash, equal(index, name) { return index }
            slot = (slot &+ 1) & mask
        }
        if names.count >= limit {
            return names.count == limit ? append(Array("(others)".utf8), 0) : limit
        }
        slots[slot] = Int32(names.count)
        let index = append(name.withUnsafeBufferPointer { Array($0) }, hash)
        if names.count * 2 > slots.count { grow() }
        return index
    }

    private mutating func append(_ name: [UInt8], _ hash: UInt64) -> Int {
        names.append(name)
        hashes.append(hash)
        return names.count - 1
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
        guard names[index].count == name.count else { return false }
        return names[index].withUnsafeBufferPointer { stored in
            for i in 0..<stored.count where stored[i] != name[unchecked: i] { return false }
            return true
        }
    }
}
