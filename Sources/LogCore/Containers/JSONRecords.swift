/// A JSON document that holds many events in an array, such as CloudTrail's, as a line for each: however long the document
/// is and however it is laid out, no more of it is held than what stands around the array.
///
/// Documents may follow one another, as OpenTelemetry's file exporter writes them, or lie in an array themselves. Objects
/// that stand before the array, such as OpenTelemetry's `resource`, are written into each of its events. A document
/// without such an array is a line itself, and what is no JSON stays as it is.
package struct JSONRecords: Transcriber, ~Copyable {
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

    /// What stands around an array is more than this only if it isn't what it looks like.
    private static let contextLimit = 256 << 10

    package var lines: ContiguousArray<UInt8> = []
    package private(set) var problem: String?
    private let paths: [JSONRecordPath]
    private var path: JSONRecordPath
    private var frames: [Frame] = [.top]
    private var state = State.structure
    private var name: [UInt8] = []
    /// All members of each object on the path, and those of them that its events are given.
    private var own: [ContiguousArray<UInt8>] = []
    private var context: [ContiguousArray<UInt8>] = []
    /// Whether the object of a level has had the array, or a step towards it that has.
    private var hasArray: [Bool]
    // Of the value that is copied:
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var isRecord = false
    private var isEmpty = true
    private var valueStart = 0
    private var offset = 0

    package init(_ paths: [JSONRecordPath]) {
        self.paths = paths
        path = JSONRecordPath(names: [])
        own = Array(repeating: [], count: JSONOutline.deepest)
        context = own
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
        if isRecord { endLine() }
    }

    private mutating func endLine() {
        lines.append(0x0A)
        state = .structure
    }

    private mutating func takeStructure(_ bytes: Span<UInt8>, _ i: Int) -> Int {
        let byte = bytes[i]
        if byte <= 0x20 || byte == UInt8(ascii: ",") { return i + 1 }
        switch (frames[frames.count - 1], byte) {
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
        lines.append(UInt8(ascii: "{"))
        lines.append(contentsOf: own[level])
        isEmpty = false
        putContext(below: level)
        lines.append(UInt8(ascii: "}"))
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
                for outer in 0...level { hasArray[outer] = true }
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
                    if isRecord, byte == UInt8(ascii: "}") { putContext(below: path.names.count) }
                    put(byte)
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

    /// What the event is given by the objects around it, behind what it says itself.
    private mutating func putContext(below end: Int) {
        for level in 0..<end where !context[level].isEmpty {
            if !isEmpty { lines.append(UInt8(ascii: ",")) }
            isEmpty = false
            lines.append(contentsOf: context[level])
        }
    }

    private mutating func endValue() {
        state = .structure
        if isRecord {
            isRecord = false
            lines.append(0x0A)
            return
        }
        guard case .members(let level) = frames[frames.count - 1] else { return }
        if own[level].count > Self.contextLimit {
            if problem == nil {
                problem = "more than \(Self.contextLimit) bytes around the array of events are left out"
            }
            own[level].removeLast(own[level].count - max(valueStart - 1, 0))
        } else if own[level].last == UInt8(ascii: "}"), !isEmpty {
            if !context[level].isEmpty { context[level].append(UInt8(ascii: ",")) }
            context[level].append(contentsOf: own[level][valueStart...])
        }
    }

    private mutating func put(_ byte: UInt8) {
        if isRecord {
            lines.append(byte)
        } else if case .members(let level) = frames[frames.count - 1], own[level].count <= Self.contextLimit {
            own[level].append(byte)
        }
    }

    private mutating func put(_ bytes: Span<UInt8>) {
        if isRecord {
            lines.append(contentsOf: bytes)
        } else if case .members(let level) = frames[frames.count - 1], own[level].count <= Self.contextLimit {
            own[level].append(contentsOf: bytes)
        }
    }
}
