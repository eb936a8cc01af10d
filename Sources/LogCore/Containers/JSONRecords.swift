/// A JSON document that holds many events in an array, such as CloudTrail's, as a line for each: however long the document
/// is and however it is laid out, no more of it is held than what stands around the array.
///
/// Documents may follow one another, as OpenTelemetry's file exporter writes them, or lie in an array themselves. Objects
/// that stand before the array, such as OpenTelemetry's `resource`, are written into each of its events, and so is what else
/// the format has a use for (`JSONRecordPath.given`). An event that is a list becomes an object (`JSONRecordList`). A document
/// without such an array is a line itself, and what is no JSON stays as it is. Of what a bulk API takes only the documents are events.
package struct JSONRecords: Transcriber, ~Copyable {
    package enum Layout {
        case documents([JSONRecordPath])
        case bulk
    }

    private enum Frame {
        /// Between documents.
        case top
        /// In an object that has the path's name with this number as a member.
        case members(Int)
        /// In the array that is this name's value.
        case elements(Int)
    }

    private enum State {
        case structure
        /// Within a name, behind its quote.
        case name
        /// Between a name and its value.
        case colon
        /// A value on its way to `lines` or among the members.
        case copy
        /// A line that is no JSON.
        case text
    }

    private struct Given {
        var name: ContiguousArray<UInt8> = []
        var member: ContiguousArray<UInt8> = []
    }

    /// What stands around an array is more than this only if it isn't what it looks like.
    private static let contextLimit = 256 << 10
    /// An event that is longer is cut anyhow.
    private static let recordLimit = 1 << 20

    package var lines: ContiguousArray<UInt8> = []
    package private(set) var problem: String?
    private let paths: [JSONRecordPath]
    private var path: JSONRecordPath
    /// What the values of an event are called that is a list.
    private var places: [[UInt8]] = []
    private var frames: [Frame] = [.top]
    private var state = State.structure
    private var name: [UInt8] = []
    /// All members of each object on the path, and those of them that its events are given.
    private var own: [ContiguousArray<UInt8>] = []
    private var context: [[Given]] = []
    /// Whether the object of a level has had the array, or a step towards it that has.
    private var hasArray: [Bool]
    // Of the value that is copied:
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var isRecord = false
    private var isEmpty = true
    private var valueStart = 0
    /// The event so far, or what comes behind the part of it that is among `lines` already.
    private var record: ContiguousArray<UInt8> = []
    private var isLong = false
    private var offset = 0

    /// Of a bulk: what is to be done with the document that comes next; nil where that is still to be said.
    private var action: JSONBulk.Action?
    private let isBulk: Bool

    package init(_ layout: Layout) {
        switch layout {
        case .documents(let paths): (self.paths, isBulk) = (paths, false)
        case .bulk: (self.paths, isBulk) = ([], true)
        }
        path = JSONRecordPath(names: [])
        own = Array(repeating: [], count: JSONOutline.deepest)
        context = Array(repeating: [], count: own.count)
        hasArray = Array(repeating: false, count: own.count)
    }

    package mutating func take(_ bytes: Span<UInt8>) {
        var i = 0
        while i < bytes.count {
            switch state {
            case .structure: i = takeStructure(bytes, i)
            case .name: i = takeName(bytes, i)
            case .colon:
                let byte = bytes[i]
                if byte <= 0x20 || byte == UInt8(ascii: ":") { i += 1 } else { i = beginValue(byte, i) }
            case .copy: i = copy(bytes, i)
            case .text:
                let end = bytes.firstIndex(of: 0x0A, from: i) ?? bytes.count
                lines.append(contentsOf: bytes.extracting(i..<end))
                if end < bytes.count { endLine() }
                i = min(end + 1, bytes.count)
            }
        }
        offset += bytes.count
    }

    package mutating func finish() {
        if case .text = state { return endLine() }
        if frames.count == 1, case .structure = state { return }
        if problem == nil { problem = "the JSON document is cut off at byte \(offset)" }
        // The half of an event is a line, which the report counts as unread.
        if isRecord {
            lines.append(contentsOf: record)
            endLine()
        }
    }

    private mutating func endLine() {
        lines.append(0x0A)
        state = .structure
    }

    private mutating func takeStructure(_ bytes: Span<UInt8>, _ i: Int) -> Int {
        let byte = bytes[i]
        if byte <= 0x20 || byte == UInt8(ascii: ",") { return i + 1 }
        switch (frames[frames.count - 1], byte) {
        case (.top, UInt8(ascii: "{")) where isBulk:
            begin(isRecord: true)
            return i
        case (.top, UInt8(ascii: "{")):
            push(.members(0))
        case (.top, UInt8(ascii: "[")), (.top, UInt8(ascii: "]")):
            break
        case (.top, _):
            state = .text
            return i
        case (.members, UInt8(ascii: "\"")):
            name.removeAll(keepingCapacity: true)
            state = .name
        case (.members(let level), UInt8(ascii: "}")):
            frames.removeLast()
            if !hasArray[level] { endWithoutArray(level) }
        case (.elements(let level), UInt8(ascii: "{")) where level < path.names.count - 1:
            push(.members(level + 1))
        case (.elements, UInt8(ascii: "]")):
            frames.removeLast()
        case (.elements, _) where byte != UInt8(ascii: "}"):
            begin(isRecord: true)
            return i
        default:
            // No JSON: what follows is looked at line by line.
            if problem == nil { problem = "the JSON document is damaged at byte \(offset + i)" }
            frames = [.top]
            state = .text
            return i
        }
        return i + 1
    }

    private mutating func push(_ frame: Frame) {
        frames.append(frame)
        if case .members(let level) = frame {
            own[level].removeAll(keepingCapacity: true)
            context[level].removeAll(keepingCapacity: true)
            hasArray[level] = false
        }
    }

    /// An object that was to lead to the array and doesn't: an event itself, or a member like any.
    private mutating func endWithoutArray(_ level: Int) {
        if case .members(let outer) = frames[frames.count - 1] {
            beginMember(outer, path.names[outer])
            own[outer].append(UInt8(ascii: "{"))
            own[outer].append(contentsOf: own[level])
            own[outer].append(UInt8(ascii: "}"))
            return
        }
        guard !own[level].isEmpty else { return }
        record.removeAll(keepingCapacity: true)
        record.append(UInt8(ascii: "{"))
        record.append(contentsOf: own[level])
        isEmpty = false
        isLong = false
        putContext(below: level)
        record.append(UInt8(ascii: "}"))
        lines.append(contentsOf: record)
        lines.append(0x0A)
    }

    /// The name as written, up to its quote.
    private mutating func takeName(_ bytes: Span<UInt8>, _ i: Int) -> Int {
        let byte = bytes[i]
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            state = .colon
            return i + 1
        }
        if name.count < KeyMemory.longestName { name.append(byte) }
        return i + 1
    }

    /// The value of the name just read: the array, a step towards it, or a member like any.
    private mutating func beginValue(_ byte: UInt8, _ i: Int) -> Int {
        guard case .members(let level) = frames[frames.count - 1] else { return i + 1 }
        if level == 0 {
            // The longest: an element that leads no further is an event all the same.
            let known = paths.filter { $0.names.first == name }
            path = known.max { $0.names.count < $1.names.count } ?? path
        }
        if level < path.names.count, path.names[level] == name {
            if byte == UInt8(ascii: "[") {
                for outer in 0...level {
                    hasArray[outer] = true
                    let members = own[outer]
                    context[outer] = Self.given(members.span, path)
                }
                takePlaces(level)
                push(.elements(level))
                state = .structure
                return i + 1
            }
            if byte == UInt8(ascii: "{"), level + 1 < path.names.count {
                push(.members(level + 1))
                state = .structure
                return i + 1
            }
        }
        beginMember(level, name)
        begin(isRecord: false)
        return i
    }

    private mutating func beginMember(_ level: Int, _ name: [UInt8]) {
        if !own[level].isEmpty { own[level].append(UInt8(ascii: ",")) }
        valueStart = own[level].count
        own[level].append(UInt8(ascii: "\""))
        own[level].append(contentsOf: name)
        own[level].append(UInt8(ascii: "\""))
        own[level].append(UInt8(ascii: ":"))
    }

    // MARK: Values

    private mutating func begin(isRecord: Bool) {
        state = .copy
        self.isRecord = isRecord
        record.removeAll(keepingCapacity: true)
        isLong = false
        depth = 0
        isEmpty = true
        isInString = false
        isEscaped = false
    }

    /// Copies a value without the white space between its parts; gives the offset of what it didn't take.
    private mutating func copy(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var i = start
        while i < bytes.count {
            if isInString {
                if isEscaped {
                    isEscaped = false
                    put(bytes[i])
                    i += 1
                    continue
                }
                let end = bytes.jsonPlainEnd(from: i)
                put(bytes.extracting(i..<end))
                i = end
                guard i < bytes.count else { break }
                let byte = bytes[i]
                i += 1
                // A line end within a string is no JSON, and would make two lines of one.
                put(byte == 0x0A || byte == 0x0D ? 0x20 : byte)
                if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                    if depth == 0 {
                        endValue()
                        return i
                    }
                }
                continue
            }
            let byte = bytes[i]
            if byte <= 0x20 {
                if depth == 0, !isEmpty {
                    endValue()
                    return i
                }
                i += 1
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                isInString = true
                isEmpty = false
                put(byte)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if depth > 0 { isEmpty = false }
                depth += 1
                put(byte)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 {
                    endValue()
                    return i
                }
                depth -= 1
                if depth == 0 {
                    if isRecord { endRecord(byte) } else { put(byte) }
                    endValue()
                    return i + 1
                }
                put(byte)
            case UInt8(ascii: ",") where depth == 0:
                endValue()
                return i
            default:
                isEmpty = false
                put(byte)
            }
            i += 1
        }
        return i
    }

    /// At the bracket that closes an event.
    private mutating func endRecord(_ bracket: UInt8) {
        var bracket = bracket
        if bracket == UInt8(ascii: "]") {
            record.append(bracket)
            guard !isLong, let object = JSONRecordList.object(record.span, places) else { return }
            record = object
            isEmpty = record.count == 2
            bracket = UInt8(ascii: "}")
            record.removeLast()
        }
        putContext(below: path.names.count)
        record.append(bracket)
    }

    /// Takes what a line of a bulk says of the next; false if it is a document.
    private mutating func isActionTaken() -> Bool {
        guard let known = action else {
            action = JSONBulk.action(record.span)
            if case .delete = action {
                action = nil
                return true
            }
            return action != nil
        }
        action = nil
        if known == .update, !isLong, let document = JSONBulk.document(ofUpdate: record.span) {
            record.removeSubrange(document.upperBound...)
            record.removeSubrange(..<document.lowerBound)
        }
        return false
    }

    private mutating func takePlaces(_ level: Int) {
        places = path.places
        guard !path.columns.isEmpty else { return }
        let members = own[level]
        let columns = path.columns
        places = JSONRecordList.names(in: members.span, of: columns.span)
    }

    /// Of the members of an object around an array those that the array's events are given.
    private static func given(_ members: Span<UInt8>, _ path: JSONRecordPath) -> [Given] {
        var given: [Given] = []
        var i = 0
        while i < members.count {
            var escaped = false
            let nameEnd = members.jsonStringEnd(from: i + 1, escaped: &escaped)
            guard nameEnd >= 0 else { break }
            let end = members.jsonValueEnd(from: nameEnd + 2)
            guard end >= 0 else { break }
            let name = members.extracting(i + 1..<nameEnd)
            let isObject = members[end - 1] == UInt8(ascii: "}") && end - nameEnd > 4
            if isObject || path.given.contains(where: { $0.span.isEqual(name) }) {
                var next = Given()
                next.name.append(contentsOf: name)
                next.member.append(contentsOf: members.extracting(i..<end))
                given.append(next)
            }
            // A comma and the next name.
            i = end + 1
        }
        return given
    }

    /// What the event is given by the objects around it, behind what it says itself; what it says itself counts.
    private mutating func putContext(below end: Int) {
        let ownEnd = record.count
        for level in 0..<end {
            for entry in context[level] {
                if !isLong, Self.hasMember(record.span.extracting(0..<ownEnd), entry.name.span) { continue }
                if !isEmpty { record.append(UInt8(ascii: ",")) }
                isEmpty = false
                record.append(contentsOf: entry.member)
            }
        }
    }

    /// Whether an object that isn't closed yet has a member of this name.
    private static func hasMember(_ object: Span<UInt8>, _ name: Span<UInt8>) -> Bool {
        var i = 1
        while i < object.count, object[i] == UInt8(ascii: "\"") {
            var escaped = false
            let nameEnd = object.jsonStringEnd(from: i + 1, escaped: &escaped)
            guard nameEnd >= 0 else { return false }
            if object.extracting(i + 1..<nameEnd).isEqual(name) { return true }
            let end = object.jsonValueEnd(from: nameEnd + 2)
            guard end >= 0 else { return false }
            i = end + 1
        }
        return false
    }

    private mutating func endValue() {
        state = .structure
        if isRecord {
            isRecord = false
            if isBulk, isActionTaken() { return }
            lines.append(contentsOf: record)
            lines.append(0x0A)
            return
        }
        guard case .members(let level) = frames[frames.count - 1] else { return }
        if own[level].count > Self.contextLimit {
            if problem == nil {
                problem = "more than \(Self.contextLimit) bytes around the array of events are left out"
            }
            own[level].removeLast(own[level].count - max(valueStart - 1, 0))
        }
    }

    private mutating func put(_ byte: UInt8) {
        if isRecord {
            record.append(byte)
        } else if case .members(let level) = frames[frames.count - 1], own[level].count <= Self.contextLimit {
            own[level].append(byte)
        }
    }

    private mutating func put(_ bytes: Span<UInt8>) {
        if isRecord {
            if record.count + bytes.count > Self.recordLimit {
                lines.append(contentsOf: record)
                record.removeAll(keepingCapacity: true)
                isLong = true
            }
            record.append(contentsOf: bytes)
        } else if case .members(let level) = frames[frames.count - 1], own[level].count <= Self.contextLimit {
            own[level].append(contentsOf: bytes)
        }
    }
}
