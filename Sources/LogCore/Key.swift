/// A field's name, interned: an index into the worker's `KeyTable`.
@usableFromInline package struct Key: Hashable, Sendable {
    @usableFromInline package let index: UInt16
    @inlinable package init(index: UInt16) { self.index = index }
}

/// The names that native parsers write, at fixed places in every table. `docs/fields.md` says what each means.
extension Key {
    package static let wellKnown: [StaticString] = [
        "client", "ident", "user", "method", "path", "protocol", "status", "bytes", "referer", "agent",
        "host", "pid", "msgid", "facility", "thread", "logger", "file", "line", "duration", "vhost",
        "other", "more_keys", "stream", "program", "exception", "exception_message",
        "relay", "uptime",
    ]
    package static let client = Key(index: 0)
    package static let ident = Key(index: 1)
    package static let user = Key(index: 2)
    package static let method = Key(index: 3)
    package static let path = Key(index: 4)
    package static let `protocol` = Key(index: 5)
    package static let status = Key(index: 6)
    package static let bytes = Key(index: 7)
    package static let referer = Key(index: 8)
    package static let agent = Key(index: 9)
    package static let host = Key(index: 10)
    package static let pid = Key(index: 11)
    package static let msgid = Key(index: 12)
    package static let facility = Key(index: 13)
    package static let thread = Key(index: 14)
    package static let logger = Key(index: 15)
    package static let file = Key(index: 16)
    package static let line = Key(index: 17)
    package static let duration = Key(index: 18)
    package static let vhost = Key(index: 19)
    /// What stands behind the last part of a line that the format knows.
    package static let other = Key(index: 20)
    /// Where every further name goes once a table is full: input can't grow it without bound.
    @usableFromInline package static let overflow = Key(index: 21)
    /// `stdout` or `stderr`.
    package static let stream = Key(index: 22)
    /// What an outer format calls the writer of a line that names a component of its own.
    package static let program = Key(index: 23)
    /// The class of an exception whose trace is the event's, and what it says.
    package static let exception = Key(index: 24)
    package static let exceptionMessage = Key(index: 25)
    /// The machine that passed a line on.
    package static let relay = Key(index: 26)
    /// Seconds since the machine started.
    package static let uptime = Key(index: 27)
}

/// Field names to small numbers and back. Open addressing over FNV-1a; at most `limit` names,
/// so that a log that makes up keys costs a bounded amount of memory.
package struct KeyTable: ~Copyable {
    package static let limit = 16_384

    /// Tells one table from another: who remembers keys between calls asks whether they are still this table's.
    package final class Identity: Sendable {}
    package let identity = Identity()

    private var names: [[UInt8]] = []
    private var hashes: [UInt64] = []
    private var slots: [UInt16]
    private var mask: Int

    package init() {
        slots = Array(repeating: .max, count: 256)
        mask = 255
        for name in Key.wellKnown {
            let bytes = Array(name.withUTF8Buffer { $0 })
            _ = bytes.withUnsafeBufferPointer { intern(Span(_unsafeElements: $0)) }
        }
    }

    package var count: Int { names.count }

    /// All names, by number.
    package var allNames: [[UInt8]] { names }

    /// The bytes of a key's name.
    package func name(_ key: Key) -> [UInt8] { names[Int(key.index)] }

    package mutating func intern(_ name: Span<UInt8>) -> Key {
        let hash = fnv1a(name)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != .max {
            let index = Int(slots[slot])
            if hashes[index] == hash, equal(names[index], name) { return Key(index: slots[slot]) }
            slot = (slot + 1) & mask
        }
        guard names.count < Self.limit else { return .overflow }
        let key = Key(index: UInt16(names.count))
        names.append(name.withUnsafeBufferPointer { Array($0) })
        hashes.append(hash)
        slots[slot] = key.index
        if names.count * 2 > slots.count { grow() }
        return key
    }

    package mutating func intern(_ name: StaticString) -> Key {
        let buffer = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return intern(Span(_unsafeElements: buffer))
    }

    private func equal(_ stored: [UInt8], _ name: Span<UInt8>) -> Bool {
        guard stored.count == name.count else { return false }
        for i in 0..<stored.count where stored[i] != name[unchecked: i] { return false }
        return true
    }

    private mutating func grow() {
        slots = Array(repeating: .max, count: slots.count * 2)
        mask = slots.count - 1
        for (index, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != .max { slot = (slot + 1) & mask }
            slots[slot] = UInt16(index)
        }
    }
}

/// FNV-1a over 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
@inlinable
package func fnv1a(_ bytes: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for i in 0..<bytes.count {
        hash = (hash ^ UInt64(bytes[unchecked: i])) &* 0x100_0000_01b3
    }
    return hash
}
