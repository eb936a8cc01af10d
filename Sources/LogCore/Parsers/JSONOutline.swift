/// A shape in the making: paths, and what stands at them.
///
/// `log.level` is written as one name with a dot, or as an object in an object, often both by one program's versions. So
/// a path goes into the tree in each of its spellings.
package struct JSONOutline {
    struct Draft {
        var name: [UInt8]
        var field: [UInt8]
        var role = RankedRole.none
        /// What the value is besides.
        var also = RankedRole.none
        var child = 0
        var isField = false
        var slot = -1
        var conditions: [JSONShape.Condition] = []
    }

    /// Names in a path: the spellings double with each.
    package static let deepest = 5
    package static let mostParts = 64

    private(set) var nodes: [[Draft]] = [[]]
    private(set) var required: UInt64 = 0
    private(set) var forbidden: UInt64 = 0
    private var parts = 0
    /// Of each part of the signature the paths of which a line must have one.
    private var wanted: [[[UInt8]]] = []
    private var slots: [[UInt8]] = []
    private(set) var nanosecondSlot = -1
    package var levels = JSONLevels()
    package var text: JSONText?
    /// A message keeps the end of the line that was printed; one without goes on in the next record.
    package var keepsLineEnd = false

    package init() {}

    /// The value at `path` plays a role, perhaps besides another one; of several for one role the lowest rank wins.
    package mutating func add(_ path: [UInt8], role: FieldRole, rank: UInt8) {
        change(path) {
            if $0.role.role != role { $0.also = $0.role }
            $0.role = RankedRole(role: role, rank: rank)
        }
    }

    /// The value at `path` is a field called `name`.
    package mutating func add(_ path: [UInt8], field name: [UInt8]) {
        change(path) {
            $0.field = name
            $0.isField = true
        }
    }

    /// A member that tells the dialect, with what it must be.
    package struct Sign {
        package var path: [UInt8]
        package var kinds = JSONShape.Kinds.any
        /// Empty: whatever it is.
        package var values: [[UInt8]] = []

        package init(path: [UInt8]) { self.path = path }
    }

    /// One of the signs must be there, or none may.
    package mutating func sign(_ signs: [Sign], isForbidden: Bool = false) {
        let bit: UInt64 = 1 << UInt64(parts)
        parts += 1
        if isForbidden { forbidden |= bit } else { required |= bit }
        if !isForbidden { wanted.append(signs.map(\.path)) }
        for sign in signs {
            change(sign.path) {
                $0.conditions.append(JSONShape.Condition(bit: bit, kinds: sign.kinds, values: sign.values))
            }
        }
    }

    /// What stands in each record of the dialect: of each part of the signature one of the quoted names, or ends of names where they
    /// stand in others. A part that one of `names` fulfils is left out; the one with the longest names, the rarest, comes first.
    package func literals(but names: [[UInt8]]) -> [[[UInt8]]] {
        func worth(_ part: [[UInt8]]) -> Int { part.map(\.count).min() ?? 0 }
        return wanted.filter { part in !part.contains { names.contains($0) } }.map { part in
            part.map { path in
                let name = path.split(separator: UInt8(ascii: ".")).last ?? []
                return (name.count == path.count ? [UInt8(ascii: "\"")] : []) + name + [UInt8(ascii: "\"")]
            }
        }.sorted { worth($0) > worth($1) }
    }

    /// Members of a record itself that are its component or a field of a name of ours.
    package var outerNames: [[UInt8]] {
        nodes[0].filter { $0.isField || $0.role.role == .component }.map(\.name)
    }

    /// Where the value at `path` is put for the message; nil if there is no room for more.
    package mutating func slot(_ path: [UInt8]) -> Int? {
        if let known = slots.firstIndex(of: path) { return known }
        guard slots.count < JSONShape.slots else { return nil }
        slots.append(path)
        let slot = slots.count - 1
        change(path) { $0.slot = slot }
        return slot
    }

    /// The value at `path` is the part of a second that goes with the time.
    package mutating func addNanoseconds(_ path: [UInt8]) { nanosecondSlot = slot(path) ?? -1 }

    /// Changes all spellings of a path.
    private mutating func change(_ path: [UInt8], _ body: (inout Draft) -> Void) {
        change(path, path[...], in: 0, body)
    }

    private mutating func change(
        _ path: [UInt8], _ rest: ArraySlice<UInt8>, in node: Int, _ body: (inout Draft) -> Void
    ) {
        body(&nodes[node][member(Array(rest), of: path, in: node)])
        for dot in rest.indices.dropLast() where rest[dot] == UInt8(ascii: ".") && dot > rest.startIndex {
            let parent = member(Array(rest[..<dot]), of: path, in: node)
            if nodes[node][parent].child == 0 {
                nodes.append([])
                nodes[node][parent].child = nodes.count - 1
            }
            change(path, rest[(dot + 1)...], in: nodes[node][parent].child, body)
        }
    }

    private mutating func member(_ name: [UInt8], of path: [UInt8], in node: Int) -> Int {
        if let known = nodes[node].firstIndex(where: { $0.name == name }) { return known }
        // Without a name of ours the field is called by its own: of an object in an object, by its whole path.
        let place = path.count - name.count
        let isEnd = Array(path[place...]) == name
        nodes[node].append(Draft(name: name, field: node == 0 && !isEnd ? name : isEnd ? path : name))
        return nodes[node].count - 1
    }
}

extension JSONShape {
    /// What is looked into in a line of no dialect: see `RoleContainer`.
    static let common: JSONShape = {
        var outline = JSONOutline()
        func add(_ path: StaticString, _ role: FieldRole, _ rank: UInt8) {
            outline.add(path.withUTF8Buffer { Array($0) }, role: role, rank: rank)
        }
        let rank = FieldRoles.nestedRank
        add("log.level", .level, rank)
        add("log.logger", .component, rank)
        add("named.name", .component, rank + 1)
        add("payload.message", .message, rank)
        for name: StaticString in ["date.$date", "date.epochSecond", "date.seconds", "date.epochMillisecond"] {
            add(name, .time, rank)
        }
        for name: StaticString in ["date.nanoOfSecond", "date.nanos"] { add(name, .time, FieldRoles.nanosecondRank) }
        for name: StaticString in ["level.name", "level.label", "level.levelStr", "level.text", "level.value"] {
            add(name, .level, rank)
        }
        add("trouble.message", .message, rank + 1)
        add("event.outcome", .outcome, FieldRoles.outcomeRanks.lowerBound)
        return JSONShape(outline)
    }()

    /// The node of `common` for a container.
    static func node(_ container: RoleContainer) -> Int {
        let name: StaticString =
            switch container {
            case .none: ""
            case .log: "log"
            case .named: "named"
            case .payload: "payload"
            case .date: "date"
            case .level: "level"
            case .trouble: "trouble"
            case .event: "event"
            }
        guard name.utf8CodeUnitCount > 0 else { return 0 }
        let bytes = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        let member = common.member(Span(_unsafeElements: bytes), in: 0)
        return member < 0 ? 0 : common.members[member].child
    }
}
