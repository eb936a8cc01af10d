/// What a dialect of JSON calls things: a tree of the names that mean something, the line's own object first.
///
/// Built once for a format and shared by its parsers; plain data, so that a look at a member counts no references.
package struct JSONShape: Sendable {
    /// What a value is, as a set of bits.
    package struct Kinds: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let string = Kinds(rawValue: 1)
        package static let number = Kinds(rawValue: 2)
        package static let object = Kinds(rawValue: 4)
        package static let list = Kinds(rawValue: 8)
        /// `true`, `false`, `null`.
        package static let word = Kinds(rawValue: 16)
        package static let any: Kinds = [.string, .number, .object, .list, .word]
    }

    /// What tells a line of the dialect: a member that is there, of a kind, with one of some values.
    struct Condition: Sendable {
        /// The signature's part that it is for.
        var bit: UInt64
        var kinds: Kinds
        var values: [[UInt8]]
    }

    struct Member: Sendable {
        /// Where the name lies in `names`.
        var name: Range<Int>
        var role = RankedRole.none
        var also = RankedRole.none
        /// The node of its own members; 0 for none.
        var child = 0
        /// Whether it becomes a field of the name `fields` has for it.
        var isField = false
        /// Where its value stands in a message that is put together; -1 for nowhere.
        var slot = -1
        /// In `conditions`.
        var conditions = 0..<0
    }

    private(set) var names: ContiguousArray<UInt8> = []
    private(set) var members: ContiguousArray<Member> = []
    /// The members of each object; the first is the line.
    private(set) var nodes: ContiguousArray<Range<Int>> = []
    private(set) var conditions: ContiguousArray<Condition> = []
    /// By member, what its field is called.
    private(set) var fields: [[UInt8]] = []
    /// Parts of the signature that a line must have, and those that it mustn't.
    private(set) var required: UInt64 = 0
    private(set) var forbidden: UInt64 = 0
    package private(set) var levels = JSONLevels()
    package private(set) var text: JSONText?
    package private(set) var keepsLineEnd = false
    /// The slot of nanoseconds that stand beside a time in seconds.
    private(set) var nanosecondSlot = -1

    /// Slots of a line: those of its message, and one for nanoseconds.
    static let slots = 12

    package init(_ outline: JSONOutline) {
        levels = outline.levels
        text = outline.text
        keepsLineEnd = outline.keepsLineEnd
        required = outline.required
        forbidden = outline.forbidden
        nanosecondSlot = outline.nanosecondSlot
        for node in outline.nodes {
            nodes.append(members.count..<members.count + node.count)
            for draft in node {
                let start = names.count
                names.append(contentsOf: draft.name)
                let first = conditions.count
                conditions.append(contentsOf: draft.conditions)
                members.append(
                    Member(
                        name: start..<names.count, role: draft.role, also: draft.also, child: draft.child,
                        isField: draft.isField, slot: draft.slot, conditions: first..<conditions.count))
                fields.append(draft.field)
            }
        }
    }

    /// The member of a node that has this name, or -1.
    @inline(__always)
    func member(_ name: Span<UInt8>, in node: Int) -> Int {
        var index = nodes[node].lowerBound
        let end = nodes[node].upperBound
        while index < end {
            if isName(members[index].name, name) { return index }
            index &+= 1
        }
        return -1
    }

    @inline(__always)
    private func isName(_ range: Range<Int>, _ name: Span<UInt8>) -> Bool {
        guard range.count == name.count else { return false }
        var i = 0
        while i < name.count {
            guard names[range.lowerBound &+ i] == name[unchecked: i] else { return false }
            i &+= 1
        }
        return true
    }

    /// The parts of the signature that a member's value fulfils.
    func marks(_ member: Int, _ kind: Kinds, _ text: Span<UInt8>) -> UInt64 {
        var marks: UInt64 = 0
        for index in members[member].conditions where conditions[index].kinds.contains(kind) {
            if conditions[index].values.isEmpty || conditions[index].values.contains(where: { $0.span.isEqual(text) }) {
                marks |= conditions[index].bit
            }
        }
        return marks
    }

    /// Whether a line with these marks is one of the dialect.
    func accepts(_ marks: UInt64) -> Bool { marks & required == required && marks & forbidden == 0 }
}

extension Span<UInt8> {
    func isEqual(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for i in 0..<count where self[unchecked: i] != other[unchecked: i] { return false }
        return true
    }
}

/// The levels of a dialect, by how they are written: `30`, `warn`; `5*` for all that begins so; the empty word for
/// a line that says none.
package struct JSONLevels: Sendable {
    private var words: [(word: [UInt8], isPrefix: Bool, severity: Severity)] = []
    /// Of lines without a level.
    package private(set) var other = Severity.unspecified
    var isEmpty: Bool { words.isEmpty }

    package init() {}

    package mutating func add(_ word: [UInt8], _ severity: Severity) {
        if word.isEmpty {
            other = severity
        } else if word.last == UInt8(ascii: "*") {
            words.append((Array(word.dropLast()), true, severity))
        } else {
            words.append((word, false, severity))
        }
    }

    /// The first entry that fits.
    func severity(_ text: Span<UInt8>) -> Severity? {
        if text.isEmpty { return nil }
        for entry in words {
            let count = entry.word.count
            guard entry.isPrefix ? text.count >= count : text.count == count else { continue }
            if entry.word.span.isEqual(text.extracting(0..<count)) { return entry.severity }
        }
        return nil
    }
}
