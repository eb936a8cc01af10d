/// Remembers the names of members: which key each is, which role it has, and which name came behind it last time.
///
/// Programs write their members in the same order line after line, so the name behind the one just read is known
/// beforehand, and one comparison of 16 bytes replaces the walk over the name, the hash and the look-up.
/// A member that is there only now and then costs one wrong guess.
struct KeyMemory: ~Copyable {
    /// A name as written, between its quotes, escapes and all.
    struct Entry {
        /// The name and the byte that ends it, as far as they fit into 16 bytes, and the bits that count.
        var head: (low: UInt64, high: UInt64) = (0, 0)
        var mask: (low: UInt64, high: UInt64) = (0, 0)
        /// Where the name lies in `names`.
        var start = 0
        var count = 0
        var key = Key.overflow
        var role = RankedRole.none
        /// The member of the dialect that it is; -1 for none.
        var member = -1
        /// The node of its value's members, if that is an object that is looked into.
        var child = 0
        /// Nothing but a field.
        var isPlain = true
        /// The entry of the name that followed last time.
        var next = 0
    }

    /// With more names than these, all are forgotten and learnt anew: a log that makes names up costs no memory.
    private static let limit = 512
    /// Longer names aren't kept: the key table would grow by what the input likes.
    static let longestName = 256

    /// The byte behind a name: a quote in JSON, an equals sign in logfmt.
    let terminator: UInt8
    /// The dialect that says what names mean; nil where their use in all logs does.
    let shape: JSONShape?
    /// The first is the start of a line; no name matches it.
    private(set) var entries: ContiguousArray<Entry> = [Entry()]
    private var names: ContiguousArray<UInt8> = []
    /// By hash, the entry learnt last; 0 is none.
    private var slots = ContiguousArray<UInt16>(repeating: 0, count: 1024)
    private var table: KeyTable.Identity?

    init(terminator: UInt8, shape: JSONShape? = nil) {
        self.terminator = terminator
        self.shape = shape
    }

    /// Keys of another table mean nothing here: forgets them. Tells whether it did.
    @inline(__always)
    mutating func use(_ table: KeyTable.Identity) -> Bool {
        if self.table === table { return false }
        forget()
        self.table = table
        return true
    }

    /// The entry that followed `previous` last time, if its name and the terminator stand at `start`; else 0.
    @inline(__always)
    func predicted(after previous: Int, _ line: Span<UInt8>, at start: Int) -> Int {
        let index = entries[previous].next
        return index != 0 && isName(entries[index], line, at: start) ? index : 0
    }

    @inline(__always)
    private func isName(_ entry: Entry, _ line: Span<UInt8>, at start: Int) -> Bool {
        guard start &+ 16 <= line.count else { return isNameSlowly(entry, line, at: start, from: 0) }
        // Safe: 16 bytes from start on lie within the line.
        let raw = line.bytes
        let low = raw.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self)
        let high = raw.unsafeLoadUnaligned(fromUncheckedByteOffset: start &+ 8, as: UInt64.self)
        // | and ^ bind alike: without these parentheses bits of the second word would hide differences in the first.
        let differs =
            ((UInt64(littleEndian: low) & entry.mask.low) ^ entry.head.low)
            | ((UInt64(littleEndian: high) & entry.mask.high) ^ entry.head.high)
        guard differs == 0 else { return false }
        return entry.count < 16 || isNameSlowly(entry, line, at: start, from: 16)
    }

    @inline(never)
    private func isNameSlowly(_ entry: Entry, _ line: Span<UInt8>, at start: Int, from offset: Int) -> Bool {
        guard start &+ entry.count < line.count else { return false }
        var i = offset
        while i < entry.count {
            guard names[entry.start &+ i] == line[unchecked: start &+ i] else { return false }
            i &+= 1
        }
        return line[unchecked: start &+ entry.count] == terminator
    }

    /// The entry of the name in `range`, learnt if need be, and noted as the one behind `previous`.
    /// 0 for a name too long to keep.
    @inline(never)
    mutating func learn(
        _ line: Span<UInt8>, _ range: Range<Int>, escaped: Bool, after previous: Int, keys: inout KeyTable
    ) -> Int {
        guard range.count <= Self.longestName else { return 0 }
        let name = line.extracting(range)
        let hash = fnv1a(name)
        let slot = Int(truncatingIfNeeded: (hash ^ hash &>> 32) & 1023)
        var index = Int(slots[slot])
        if index == 0 || !isName(entries[index], line, at: range.lowerBound) {
            if entries.count == Self.limit {
                forget()
                index = add(name, escaped: escaped, keys: &keys)
                slots[slot] = UInt16(truncatingIfNeeded: index)
                return index
            }
            index = add(name, escaped: escaped, keys: &keys)
            slots[slot] = UInt16(truncatingIfNeeded: index)
        }
        entries[previous].next = index
        return index
    }

    private mutating func add(_ name: Span<UInt8>, escaped: Bool, keys: inout KeyTable) -> Int {
        var entry = Entry()
        entry.start = names.count
        entry.count = name.count
        names.append(contentsOf: name)
        var i = 0
        while i <= entry.count, i < 16 {
            let byte = UInt64(i < entry.count ? name[unchecked: i] : terminator) &<< UInt64(i % 8 * 8)
            let bits = 0xFF &<< UInt64(i % 8 * 8)
            if i < 8 {
                entry.head.low |= byte
                entry.mask.low |= bits
            } else {
                entry.head.high |= byte
                entry.mask.high |= bits
            }
            i += 1
        }
        if escaped {
            var decoded: ContiguousArray<UInt8> = []
            JSONEscapes.decode(name, 0..<name.count, into: &decoded)
            entry.key = keys.intern(decoded.span)
        } else {
            if let shape {
                entry.member = shape.member(name, in: 0)
                if entry.member >= 0 {
                    entry.role = shape.members[entry.member].role
                    entry.child = shape.members[entry.member].child
                }
            } else {
                entry.role = FieldRoles.role(name)
                entry.child = JSONShape.node(FieldRoles.container(name))
            }
            entry.isPlain = entry.role == .none && entry.member < 0
            if let shape, entry.member >= 0 {
                let field = shape.fields[entry.member]
                entry.key = keys.intern(field.span)
            } else {
                entry.key = keys.intern(name)
            }
        }
        entries.append(entry)
        return entries.count - 1
    }

    private mutating func forget() {
        entries.removeAll(keepingCapacity: true)
        entries.append(Entry())
        names.removeAll(keepingCapacity: true)
        for i in slots.indices { slots[i] = 0 }
    }
}

extension ContiguousArray<UInt8> {
    /// Appends the bytes of a span.
    @inline(__always)
    mutating func append(contentsOf bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
    }
}
