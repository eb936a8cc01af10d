/// Where in a JSON document the array stands whose elements are the events: `Records`, `resourceLogs.scopeLogs.logRecords`
/// through arrays of arrays, or `hits.hits` through an object.
package struct JSONRecordPath: Equatable, Sendable {
    package var names: [[UInt8]]
    /// Of these each event has one: the quoted beginnings of names.
    package var signs: [[UInt8]] = []

    package init(_ path: [UInt8], signs: [[UInt8]]) {
        names = path.split(separator: UInt8(ascii: ".")).map { Array($0) }
        self.signs = signs
    }

    init(names: [[UInt8]]) { self.names = names }
}

extension JSONRecords {
    /// Whether a file that begins so is an array of objects, or a document with an array of events at one of the paths.
    ///
    /// A log line may have a list called `items` too: so its first element must have a name that the events have.
    package static func isHead(_ head: Span<UInt8>, _ paths: [JSONRecordPath]) -> Bool {
        var i = head.skipJSONSpace(from: 0)
        if i < head.count, head[i] == UInt8(ascii: "[") {
            i = head.skipJSONSpace(from: i + 1)
            guard i < head.count, head[i] == UInt8(ascii: "{") else { return false }
            i = head.skipJSONSpace(from: i + 1)
            // Other programs write lists of terms in braces too.
            guard i < head.count, head[i] == UInt8(ascii: "\"") else { return false }
            var escaped = false
            let end = head.jsonStringEnd(from: i + 1, escaped: &escaped)
            guard end >= 0 else { return false }
            i = head.skipJSONSpace(from: end + 1)
            return i < head.count && head[i] == UInt8(ascii: ":")
        }
        guard i < head.count, head[i] == UInt8(ascii: "{") else { return false }
        return holds(head, paths, level: 0, from: i + 1)
    }

    /// Whether an object, whose members begin at `start`, has the array or a step towards it.
    private static func holds(_ head: Span<UInt8>, _ paths: [JSONRecordPath], level: Int, from start: Int) -> Bool {
        var i = head.skipJSONSpace(from: start)
        while i < head.count, head[i] == UInt8(ascii: "\"") {
            var escaped = false
            let end = head.jsonStringEnd(from: i + 1, escaped: &escaped)
            guard end >= 0 else { return false }
            let name = head.extracting(i + 1..<end)
            i = head.skipJSONSpace(from: end + 1)
            guard i < head.count, head[i] == UInt8(ascii: ":") else { return false }
            i = head.skipJSONSpace(from: i + 1)
            guard i < head.count else { return false }
            var after: [JSONRecordPath] = []
            for path in paths where level < path.names.count {
                let wanted = path.names[level]
                if wanted.span.isEqual(name) { after.append(path) }
            }
            let inner = head.skipJSONSpace(from: i + 1)
            if head[i] == UInt8(ascii: "["), inner < head.count, head[inner] == UInt8(ascii: "{") {
                let end = head.jsonValueEnd(from: inner)
                let element = head.extracting(inner..<(end < 0 ? head.count : end))
                for path in after {
                    for sign in path.signs where element.holds(sign.span) { return true }
                }
            } else if head[i] == UInt8(ascii: "{") {
                let further = after.filter { level + 1 < $0.names.count }
                if !further.isEmpty, holds(head, further, level: level + 1, from: i + 1) { return true }
            }
            i = head.jsonValueEnd(from: i)
            guard i >= 0 else { return false }
            i = head.skipJSONSpace(from: i)
            guard i < head.count, head[i] == UInt8(ascii: ",") else { return false }
            i = head.skipJSONSpace(from: i + 1)
        }
        return false
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
