/// Where in a JSON document the array stands whose elements are the events: `Records`, `resourceLogs.scopeLogs.logRecords`
/// through arrays of arrays, or `hits.hits` through an object.
package struct JSONRecordPath: Equatable, Sendable {
    package var names: [[UInt8]]
    /// What the values of an event are called that is a list, such as Loki's `["1795147216120444000","line"]`.
    package var places: [[UInt8]] = []
    /// The member before the array that says so instead: `columns`, a list of names or of objects with a name; empty if none does.
    package var columns: [UInt8] = []
    /// Quoted names, or ends of such; of each group an event has one. The rarest group comes first.
    package var signs: [[[UInt8]]] = []
    /// What else but objects an event is given of what stands around the array: that to which the format gives a meaning.
    package var given: [[UInt8]] = []

    package init(_ path: [UInt8], signs: [[[UInt8]]]) {
        names = path.split(separator: UInt8(ascii: ".")).map { Array($0) }
        self.signs = signs
    }

    init(names: [[UInt8]]) { self.names = names }

    /// Whether the first element of the array, or of one on the way to it, looks like the format's.
    fileprivate func fits(_ element: Span<UInt8>, isWhole: Bool) -> Bool {
        guard let rarest = signs.first else { return false }
        // Of an element that is longer than what is looked at, the others may stand behind it.
        for signs in isWhole ? signs : [rarest] where !signs.contains(where: { element.holds($0.span) }) {
            return false
        }
        return true
    }
}

extension JSONRecords {
    /// How a file that begins so holds its events: of the paths those that it has, none where it is an array of events. Nil if it is
    /// no such document.
    ///
    /// A log line may have a list called `items` too: so its first element must have the names that the events have.
    package static func layout(of head: Span<UInt8>, _ known: [JSONRecordPath]) -> Layout? {
        if let paths = paths(of: head, known) { return .documents(paths) }
        return JSONBulk.isHead(head) ? .bulk : nil
    }

    private static func paths(of head: Span<UInt8>, _ known: [JSONRecordPath]) -> [JSONRecordPath]? {
        var i = head.skipJSONSpace(from: 0)
        let isArray = i < head.count && head[i] == UInt8(ascii: "[")
        if isArray { i = head.skipJSONSpace(from: i + 1) }
        guard i < head.count, head[i] == UInt8(ascii: "{") else { return nil }
        let found = holds(head, known, level: 0, from: i + 1)
        if !found.isEmpty {
            // Documents that follow may be of the format's other paths.
            return known.filter { path in found.contains { $0.signs == path.signs } }
        }
        if let names = unnamed(head, level: 0, from: i + 1) { return [JSONRecordPath(names: names)] }
        guard isArray else { return nil }
        // Other programs write lists of terms in braces too.
        i = head.skipJSONSpace(from: i + 1)
        guard i < head.count, head[i] == UInt8(ascii: "\"") else { return nil }
        var escaped = false
        let end = head.jsonStringEnd(from: i + 1, escaped: &escaped)
        guard end >= 0 else { return nil }
        i = head.skipJSONSpace(from: end + 1)
        return i < head.count && head[i] == UInt8(ascii: ":") ? [] : nil
    }

    /// The way to an array that no format names, whose first element looks like an event, in an object that doesn't look like one
    /// itself: what an interface answers, `{"total":2,"logs":[…]}`.
    private static func unnamed(_ head: Span<UInt8>, level: Int, from start: Int) -> [[UInt8]]? {
        var members = HeadMembers(from: start)
        var found: [[UInt8]]?
        while let (name, value) = members.next(head) {
            if head[value] == UInt8(ascii: "[") || head[value] == UInt8(ascii: "{") {
                guard found == nil else { continue }
                let inner = head.skipJSONSpace(from: value + 1)
                guard inner < head.count else { break }
                let text = head.extracting(name).withUnsafeBufferPointer { Array($0) }
                if head[value] == UInt8(ascii: "{") {
                    guard level + 1 < deepestUnnamed else { continue }
                    found = unnamed(head, level: level + 1, from: inner).map { [text] + $0 }
                } else if head[inner] == UInt8(ascii: "{"), isEvent(head, from: inner + 1) {
                    found = [text]
                }
            } else if FieldRoles.role(head.extracting(name)).role == .time, time(head, value) != nil {
                return nil
            }
        }
        return found
    }

    /// Objects in objects around an array of events that no format names.
    private static let deepestUnnamed = 3

    /// Whether an object, whose members begin at `start`, has a time, and a level or a text that says what happened.
    private static func isEvent(_ head: Span<UInt8>, from start: Int) -> Bool {
        var members = HeadMembers(from: head.skipJSONSpace(from: start))
        var isTimed = false
        var isTold = false
        while let (name, value) = members.next(head) {
            let role = FieldRoles.role(head.extracting(name))
            if role.role == .time, let time = time(head, value), RoleValues.isLikely(time) {
                isTimed = true
            } else if role.role == .message || role.role == .level, let text = text(head, value), !text.isEmpty {
                isTold = isTold || role.role == .message || RoleValues.severity(head.extracting(text), role.rank) != nil
            }
            if isTimed, isTold { return true }
        }
        return false
    }

    /// The text of a string without its quotes, or a number as written.
    private static func text(_ head: Span<UInt8>, _ value: Int) -> Range<Int>? {
        if head[value] == UInt8(ascii: "\"") {
            var escaped = false
            let end = head.jsonStringEnd(from: value + 1, escaped: &escaped)
            return end < 0 ? nil : value + 1..<end
        }
        guard head[value].isDigit else { return nil }
        let end = head.jsonNumberEnd(from: value)
        return end < 0 ? nil : value..<end
    }

    private static func time(_ head: Span<UInt8>, _ value: Int) -> ScannedTime? {
        text(head, value).flatMap { RoleValues.time(head.extracting($0)) }
    }

    /// The members of an object that may go on behind the bytes at hand.
    private struct HeadMembers {
        private var position: Int
        private var isOver = false

        init(from start: Int) { position = start }

        /// The next one's name without its quotes, and where its value begins; nil where the object ends, or the bytes do.
        mutating func next(_ head: Span<UInt8>) -> (name: Range<Int>, value: Int)? {
            position = head.skipJSONSpace(from: position)
            guard !isOver, position < head.count, head[position] == UInt8(ascii: "\"") else { return nil }
            var escaped = false
            let end = head.jsonStringEnd(from: position + 1, escaped: &escaped)
            guard end >= 0 else { return nil }
            let name = position + 1..<end
            var value = head.skipJSONSpace(from: end + 1)
            guard value < head.count, head[value] == UInt8(ascii: ":") else { return nil }
            value = head.skipJSONSpace(from: value + 1)
            guard value < head.count else { return nil }
            let valueEnd = head.jsonValueEnd(from: value)
            let next = valueEnd < 0 ? head.count : head.skipJSONSpace(from: valueEnd)
            isOver = next >= head.count || head[next] != UInt8(ascii: ",")
            position = next + 1
            return (name, value)
        }
    }

    /// The paths whose array, or a step towards it, an object has whose members begin at `start`.
    private static func holds(
        _ head: Span<UInt8>, _ paths: [JSONRecordPath], level: Int, from start: Int
    ) -> [JSONRecordPath] {
        var i = head.skipJSONSpace(from: start)
        while i < head.count, head[i] == UInt8(ascii: "\"") {
            var escaped = false
            let end = head.jsonStringEnd(from: i + 1, escaped: &escaped)
            guard end >= 0 else { return [] }
            let name = head.extracting(i + 1..<end)
            i = head.skipJSONSpace(from: end + 1)
            guard i < head.count, head[i] == UInt8(ascii: ":") else { return [] }
            i = head.skipJSONSpace(from: i + 1)
            guard i < head.count else { return [] }
            var after: [JSONRecordPath] = []
            for path in paths where level < path.names.count {
                let wanted = path.names[level]
                if wanted.span.isEqual(name) { after.append(path) }
            }
            let inner = head.skipJSONSpace(from: i + 1)
            if head[i] == UInt8(ascii: "["), inner < head.count, !after.isEmpty {
                let end = head.jsonValueEnd(from: inner)
                let elementEnd = end < 0 ? head.count : end
                var found: [JSONRecordPath] = []
                for path in after
                where head[inner] == UInt8(ascii: "{")
                    || head[inner] == UInt8(ascii: "[") && level + 1 == path.names.count
                {
                    // Names of columns stand in front of the rows, all that were asked for and no others.
                    let isTable = !path.columns.isEmpty
                    let element = head.extracting((isTable ? 0 : inner)..<elementEnd)
                    if path.fits(element, isWhole: end >= 0 && !isTable) { found.append(path) }
                }
                if !found.isEmpty { return found }
            } else if head[i] == UInt8(ascii: "{") {
                let further = after.filter { level + 1 < $0.names.count }
                if !further.isEmpty {
                    let found = holds(head, further, level: level + 1, from: i + 1)
                    if !found.isEmpty { return found }
                }
            }
            i = head.jsonValueEnd(from: i)
            guard i >= 0 else { return [] }
            i = head.skipJSONSpace(from: i)
            guard i < head.count, head[i] == UInt8(ascii: ",") else { return [] }
            i = head.skipJSONSpace(from: i + 1)
        }
        return []
    }
}

extension Span<UInt8> {
    fileprivate func holds(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0 else { return false }
        var i = 0
        while let hit = firstIndex(of: text[0], from: i) {
            if hit + text.count <= count, extracting(hit..<hit + text.count).isEqual(text) { return true }
            i = hit + 1
        }
        return false
    }
}
